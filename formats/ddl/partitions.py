"""ATTACH PARTITION: rows that come in through the whole are stored in the part, which may have constraints of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .schema import Watcher

if TYPE_CHECKING:
    from .cursor import Cursor, Word
    from .schema import DatabaseSchema, TableDefinition


@dataclass(frozen=True, slots=True)
class AttachedPart:
    """What is kept of an attached part: its path."""

    key: tuple[str, ...]


def attach_part(cursor: Cursor, start: Word, whole: tuple[str, ...], schema: DatabaseSchema) -> None:
    """ATTACH PARTITION p FOR VALUES …: which values the parts take is the rule of PARTITION BY, of one DEFAULT all."""
    table, text = schema.tables[whole], cursor.text
    at = cursor.at(start)
    cursor.expect("ATTACH", "PARTITION")
    key = schema.find(cursor.path())
    if cursor.sees("DEFAULT"):
        table.opaque = {name: held for name, held in table.opaque.items() if not name.startswith("PARTITION BY")}
    table.opaque[text] = Watcher(text, at, program=None if key is None else AttachedPart(key))
    if key is not None:
        schema.parts[key] = whole  # rows come in through the whole


def detach_part(cursor: Cursor, whole: tuple[str, ...], schema: DatabaseSchema) -> None:
    """DETACH PARTITION p: it is a table of its own again."""
    cursor.expect("DETACH", "PARTITION")
    key = schema.find(cursor.path())
    if key is not None and schema.parts.pop(key, None) is not None:
        table = schema.tables[whole]
        part = AttachedPart(key)
        table.opaque = {name: held for name, held in table.opaque.items() if held.program != part}


def settle_part(watcher: Watcher, part: AttachedPart, table: TableDefinition, schema: DatabaseSchema) -> Watcher:
    """The columns of the whole on which the part that stands has constraints of its own."""
    held = schema.tables.get(part.key)
    if held is None or any(other.columns is None and other.program is None for other in held.opaque.values()):
        return watcher
    columns: set[str] = set()
    same = {" ".join(check.expression.split()) for check in table.checks}
    for check in held.checks:
        if " ".join(check.expression.split()) not in same:
            columns |= set(check.columns.values()) or set(table.columns)
    keys = [unique.columns for unique in table.uniques]
    for unique in held.uniques:
        if unique.columns not in keys:
            columns |= set(unique.columns) or set(table.columns)
    for name, column in held.columns.items():
        whole = table.columns.get(name)
        if whole is None or (column.not_null is not None) > (whole.not_null is not None):
            columns.add(name)
    for other in held.opaque.values():
        columns |= set(table.columns) if other.columns is None else other.columns
    return replace(watcher, columns=frozenset(columns))
