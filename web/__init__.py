"""An estate over HTTP: its pages, a trace form, records checked.

The server holds no estate: workers answer, processes of their own. Imports `reports` and what is below it; fastapi,
starlette and uvicorn are imported here and nowhere else.
"""
