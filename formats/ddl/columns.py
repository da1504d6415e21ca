"""The columns of a stored table, as its engine names their types; and names as an engine takes any."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...documents.local_text import worded
from ...values.error import FieldlineError
from ..source import own_name
from .engines.db2 import Db2
from .engines.oracle import Oracle
from .engines.registry import ROW_STORES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...contracts.model import Entity
    from .catalogue import Ask

ENGINE_DIALECTS: Mapping[str, str] = {store: kind.grammar for store, kind in ROW_STORES.items()}
"""By SQLAlchemy's word for an engine, the name of its dialect."""
_BY_DIALECT = {kind.grammar: kind for kind in ROW_STORES.values()}
_CAPITALS = (Oracle, Db2)
"""The engines that store a name without quotes in capitals."""
_PART = r'(?:"(?:[^"]|"")+"|[^".]+)'
_QUOTED = re.compile(rf"({_PART})(?:\.({_PART}))?")
"""A name with or without its schema's, in which each part may stand in quotes."""
_SIZE = re.compile(r"\([^()]*\)")


def quoted_name(name: str, dialect: str) -> str:
    """A name as the engine takes any."""
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql(dialect)


def quoted_literal(text: str, dialect: str) -> str:
    """A text as a literal of the engine."""
    from sqlglot import exp

    return exp.Literal.string(text).sql(dialect)


def columns_query(dialect: str, table: str, schema: str | None = None) -> str:
    """The query by which an engine is asked for the columns of a table."""
    return _BY_DIALECT[dialect].columns_query(table, schema)


def columns(ask: Ask, dialect: str, table: str, schema: str | None = None) -> dict[str, str]:
    """Each column in its place, with its type in the engine's own lower-case words, without sizes.

    `schema`: the schema that holds the table; None: where the engine looks for a bare name.
    """
    rows = ask(columns_query(dialect, table, schema))
    return {str(name): _SIZE.sub("", str(kind).lower()).strip() for name, kind, *_ in rows}


class SeveralTables(FieldlineError):
    """A name may be that of several tables: one of them may have a dot in its own name, or in its schema's."""

    def __init__(self, places: Sequence[TablePlace], dialect: str) -> None:
        self.message = f"{len(places)} tables may be meant"
        self.expected = f"one of {', '.join(place.sql(dialect) for place in places)}, with the quotes"
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table is."""

    table: str
    schema: str | None
    """None: where the engine looks for a bare name."""

    def sql(self, dialect: str) -> str:
        """The table as the engine takes it, each part in quotes."""
        path = [part for part in (self.schema, self.table) if part is not None]
        return ".".join(quoted_name(part, dialect) for part in path)


def named_table(ask: Ask, dialect: str, written: str) -> tuple[TablePlace, dict[str, str]] | None:
    """The table of a name, with or without its schema, and its columns; None: there is none. Raises SeveralTables.

    The parts may stand in double quotes, as in SQL: `"sales.eu"."order lines"`. Without quotes a dot may be part of either.
    """
    parts = _parts(written)
    if parts is not None:
        places = [TablePlace(parts[-1], parts[0] if len(parts) > 1 else None), TablePlace(written, None)]
    else:
        dots = [place for place, character in enumerate(written) if character == "."]
        splits = [TablePlace(written[place + 1 :], written[:place]) for place in dots]
        places = [TablePlace(written, None), *(place for place in splits if place.table and place.schema)]
    found = _existing(ask, dialect, places)
    if not found and _BY_DIALECT[dialect] in _CAPITALS:  # as the engine itself reads a name without quotes
        capitals = [TablePlace(place.table.upper(), place.schema and place.schema.upper()) for place in places]
        found = _existing(ask, dialect, [place for place in capitals if place not in places])
    if len(found) > 1:
        raise SeveralTables([place for place, _ in found], dialect)
    return found[0] if found else None


def _existing(ask: Ask, dialect: str, places: Sequence[TablePlace]) -> list[tuple[TablePlace, dict[str, str]]]:
    return [(place, types) for place in places if (types := columns(ask, dialect, place.table, place.schema))]


def _parts(written: str) -> list[str] | None:
    """The schema and the table of a name in which quotes say where they end; None: it has no quotes."""
    found = _QUOTED.fullmatch(written) if '"' in written else None
    if found is None:
        return None
    parts = [part for part in found.groups() if part is not None]
    return [part[1:-1].replace('""', '"') if part.startswith('"') else part for part in parts]


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
    for written in dict.fromkeys((name, worded(entity.title))):
        found = None if written is None else named_table(ask, dialect, written)
        if found is not None:
            place, types = found[0].sql(dialect), found[1]
            missing = {field.name: field for field in entity.fields.values() if field.name not in types}
            titles = {worded(field.title): name for name, field in missing.items()}
            plain = {column: own_name(column) for column in types}
            ours = {c: titles.get(c) or (plain[c] if plain[c] in missing else c) for c in types}
            if all(column == own for column, own in ours.items()):
                return StoredColumns(place, types)
            listed = ", ".join(f"{quoted_name(c, dialect)} AS {quoted_name(own, dialect)}" for c, own in ours.items())
            source = f"(SELECT {listed} FROM {place}) AS {quoted_name('stored', dialect)}"  # noqa: S608 - all quoted
            return StoredColumns(source, {ours[column]: kind for column, kind in types.items()})
    return None
