"""Every foreign format, by its word in `from:` and on the command line.

Format modules import their libraries inside the functions that use them: this table is read whenever a contract is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import database, dbt, json_schema, odcs, openapi, sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .source import Format

_ALL = (json_schema.FORMAT, openapi.FORMAT, odcs.FORMAT, dbt.FORMAT, sql.FORMAT, database.FORMAT)

FORMATS: Mapping[str, Format] = {found.name: found for found in _ALL}
