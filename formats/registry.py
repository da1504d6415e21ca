"""Every foreign format, by its word in `from:` and on the command line.

Format modules import their libraries inside the functions that use them: this table is read whenever a contract is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import alembic, database, dbt, html, json_schema, liquibase, odcs, openapi, sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .source import Format

_ALL = (
    json_schema.JSON_SCHEMA_FORMAT,
    openapi.OPENAPI_FORMAT,
    odcs.ODCS_FORMAT,
    dbt.DBT_FORMAT,
    sql.SQL_FORMAT,
    database.DATABASE_FORMAT,
    html.HTML_FORMAT,
    liquibase.LIQUIBASE_FORMAT,
    alembic.ALEMBIC_FORMAT,
)

FORMATS: Mapping[str, Format] = {each.name: each for each in _ALL}
