"""The site: an estate as plain pages, one for every system, entry and rule, linked; they need no script and no server.

Imports `reports.graph`, `reports.page` and the rooms below `reports`.

site.py      the pages, and the subject of each
*.html       the templates; every text that goes into one is made visible and escaped
style.css    their style, written into each page
"""
