"""The columns of a stored table, as its engine names their types; and names as an engine takes any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .catalogue import Ask

ENGINE_DIALECTS: Mapping[str, str] = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "duckdb": "duckdb",
    "sqlite": "sqlite",
}
"""By SQLAlchemy's word for an engine, the name of its dialect."""
_SIZE = re.compile(r"\([^()]*\)")


def quoted_name(name: str, dialect: str) -> str:
    """A name as the engine takes any."""
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql(dialect)


def columns(ask: Ask, dialect: str, table: str) -> dict[str, str]:
    """Each column in its place, with its type in the engine's own lower-case words, without sizes."""
    rows = ask(_QUERIES[dialect](table))
    return {str(name): _SIZE.sub("", str(kind).lower()).strip() for name, kind, *_ in rows}


def _text(text: str, dialect: str) -> str:
    from sqlglot import exp

    return exp.Literal.string(text).sql(dialect)


_QUERIES: Mapping[str, Callable[[str], str]] = {
    # A name is looked up there as in any query; without a size, a type has no brackets.
    "postgres": lambda table: (
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "  # noqa: S608 - quoted by sqlglot
        f"WHERE attrelid = to_regclass({_text(quoted_name(table, 'postgres'), 'postgres')}) AND attnum > 0 "
        "AND NOT attisdropped ORDER BY attnum"
    ),
    "mysql": lambda table: (
        "SELECT column_name, data_type FROM information_schema.columns "  # noqa: S608 - quoted by sqlglot
        f"WHERE table_schema = database() AND table_name = {_text(table, 'mysql')} ORDER BY ordinal_position"
    ),
    "duckdb": lambda table: f"DESCRIBE {quoted_name(table, 'duckdb')}",
    "sqlite": lambda table: f"SELECT name, type FROM pragma_table_info({_text(table, 'sqlite')})",  # noqa: S608 - quoted by sqlglot
}
