"""An estate over HTTP: its pages, a trace form, records checked.

Imports `reports` and what is below it; fastapi is imported here and nowhere else.
"""
