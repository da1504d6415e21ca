"""The site: an estate as plain pages, one for every system, entry and rule, linked; they need no script and no server.

site.py      which pages there are, and what each is about
*.html       the templates; every text that goes into one is made visible and escaped
style.css    their style, written into each page
"""
