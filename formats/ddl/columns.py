"""The columns of a stored table, as its engine names their types; and names as an engine takes any."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..source import own_name
from .engines.registry import SQL_ENGINES, STORES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...contracts.model import Entity
    from .catalogue import Ask

ENGINE_DIALECTS: Mapping[str, str] = {store: kind.grammar for store, kind in STORES.items()}
"""By SQLAlchemy's word for an engine, the name of its dialect."""
_SIZE = re.compile(r"\([^()]*\)")


def quoted_name(name: str, dialect: str) -> str:
    """A name as the engine takes any."""
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql(dialect)


def columns(ask: Ask, dialect: str, table: str, schema: str | None = None) -> dict[str, str]:
    """Each column in its place, with its type in the engine's own lower-case words, without sizes.

    `schema`: the schema that holds the table; None: where the engine looks for a bare name.
    """
    rows = ask(SQL_ENGINES[dialect].columns_query(table, schema))
    return {str(name): _SIZE.sub("", str(kind).lower()).strip() for name, kind, *_ in rows}


@dataclass(frozen=True, slots=True)
class StoredColumns:
    """A table in which an entity's records are stored, with its columns under the names of the entity's fields."""

    source: str
    """SQL that stands behind FROM."""
    types: Mapping[str, str]
    """The types of the columns, in their order."""


def stored_table(ask: Ask, dialect: str, name: str, entity: Entity) -> StoredColumns | None:
    """The table of a name, or else the one that the entity was read from; None: the database has neither.

    A table, or a column, whose name is none of ours (`order lines`, `sales.orders`) keeps it as its title.
    """
    for table, schema in _places(name, entity.title):
        types = columns(ask, dialect, table, schema)
        if types:
            place = quoted_name(table, dialect)
            if schema is not None:
                place = f"{quoted_name(schema, dialect)}.{place}"
            missing = {field.name: field for field in entity.fields.values() if field.name not in types}
            titles = {field.title: name for name, field in missing.items()}
            plain = {column: own_name(column) for column in types}
            ours = {c: titles.get(c) or (plain[c] if plain[c] in missing else c) for c in types}
            if all(column == own for column, own in ours.items()):
                return StoredColumns(place, types)
            listed = ", ".join(f"{quoted_name(c, dialect)} AS {quoted_name(own, dialect)}" for c, own in ours.items())
            source = f"(SELECT {listed} FROM {place}) AS {quoted_name('stored', dialect)}"  # noqa: S608 - all quoted
            return StoredColumns(source, {ours[column]: kind for column, kind in types.items()})
    return None


def _places(name: str, title: str | None) -> Iterator[tuple[str, str | None]]:
    """The tables to look for, each with its schema."""
    yield name, None
    for written in dict.fromkeys((title, name)):
        if written is None:
            continue
        if written != name:
            yield written, None
        schema, dot, table = written.rpartition(".")
        if dot and schema and table:
            yield table, schema.rpartition(".")[2]
