"""The columns of a stored table, as its engine names their types; and names as an engine takes any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .engines.registry import SQL_ENGINES, STORES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .catalogue import Ask

ENGINE_DIALECTS: Mapping[str, str] = {store: kind.grammar for store, kind in STORES.items()}
"""By SQLAlchemy's word for an engine, the name of its dialect."""
_SIZE = re.compile(r"\([^()]*\)")


def quoted_name(name: str, dialect: str) -> str:
    """A name as the engine takes any."""
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql(dialect)


def columns(ask: Ask, dialect: str, table: str) -> dict[str, str]:
    """Each column in its place, with its type in the engine's own lower-case words, without sizes."""
    rows = ask(SQL_ENGINES[dialect].columns_query(table))
    return {str(name): _SIZE.sub("", str(kind).lower()).strip() for name, kind, *_ in rows}
