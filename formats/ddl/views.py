"""The views of a live database, as the statements that made them.

Sources: PostgreSQL 15, 54.30 "pg_views", 54.12 "pg_matviews"; MySQL 8.4, 28.3.48 "The INFORMATION_SCHEMA VIEWS Table";
SQLite, "The Schema Table"; DuckDB, "duckdb_views()".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .catalogue import NotReadHere

if TYPE_CHECKING:
    from .catalogue import Ask
    from .engines.engine import EngineName

_POSTGRES = (
    "SELECT CASE WHEN schemaname <> ALL (current_schemas(false)) THEN schemaname END, viewname, definition FROM ("
    "SELECT schemaname, viewname, definition FROM pg_catalog.pg_views "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') UNION ALL "
    "SELECT schemaname, matviewname, definition FROM pg_catalog.pg_matviews) AS shown ORDER BY 1, 2"
)
"""In a definition, a table of a schema on the path stands without it."""
_MYSQL = (
    "SELECT table_schema, table_name, view_definition FROM information_schema.views "
    "WHERE table_schema = DATABASE() ORDER BY 2"
)
_QUERIES: dict[str, tuple[EngineName, str, str]] = {
    "postgresql": ("postgres", '"', _POSTGRES),
    "mysql": ("mysql", "`", _MYSQL),
    "mariadb": ("mariadb", "`", _MYSQL),
    "sqlite": ("sqlite", '"', "SELECT NULL, name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY rowid"),
    "duckdb": (
        "duckdb",
        '"',
        "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY view_oid",
    ),
}
"""By SQLAlchemy's word for a database: its engine, the quote of a name, and the question; the last column may be whole."""


def view_script(store: str, ask: Ask) -> tuple[EngineName, str]:
    """The engine of a live database, and its views as a script, each after those that it names.

    Raises NotReadHere for others than PostgreSQL, MySQL, MariaDB, SQLite and DuckDB.
    """
    if store not in _QUERIES:
        raise NotReadHere(store)
    engine, quote, query = _QUERIES[store]
    waiting: dict[str, str] = {}
    for schema, name, definition in ask(query):
        if definition is None:
            continue  # of another's views, MySQL shows none
        written = str(definition).strip().rstrip(";")
        if not re.match(r"create\b", written, re.IGNORECASE):
            path = ".".join(quote + str(part).replace(quote, quote * 2) + quote for part in (schema, name) if part)
            written = f"CREATE VIEW {path} AS {written}"
        waiting[str(name)] = written
    script = ""
    while waiting:
        ready = [name for name in waiting if not _names_others(waiting[name], waiting.keys() - {name})]
        for name in ready or list(waiting):
            script += f"{waiting.pop(name)};\n"
    return engine, script


def _names_others(text: str, others: set[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None for name in others)
