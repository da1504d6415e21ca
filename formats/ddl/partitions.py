"""Partitions: a row that fits into no part of its table is rejected; a part may have constraints of its own.

In PostgreSQL the parts are tables, made by PARTITION OF or brought in by ATTACH PARTITION; elsewhere they stand in
PARTITION BY itself, and ALTER TABLE adds and drops them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from .digests import with_digest
from .schema import Watcher

if TYPE_CHECKING:
    from .cursor import Cursor, Word
    from .schema import DatabaseSchema, TableDefinition

_KEY = "PARTITION BY"


@dataclass(frozen=True, slots=True)
class AttachedPart:
    """What is kept of an attached part: its path."""

    key: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Partitioning:
    """The parts of a table, or of a part of it."""

    method: str
    apart: bool
    """Whether the parts are tables of their own."""
    text: str
    """What follows the method and its columns."""
    bounds: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    """The words that say which rows a part takes, in capitals, by the part's path or name."""

    @property
    def takes_all(self) -> bool:
        """Whether every row fits into some part."""
        if not self.apart and self.method in {"HASH", "KEY", "LINEAR"}:
            return True
        if self.method == "HASH":
            return sum(map(_share, self.bounds.values())) == 1  # PostgreSQL rejects parts that overlap
        return any(not {"MAXVALUE", "DEFAULT"}.isdisjoint(words) for words in self._catching)

    @property
    def _catching(self) -> list[tuple[str, ...]]:
        """The bounds in which DEFAULT or MAXVALUE takes what is left; in PostgreSQL MAXVALUE leaves out null."""
        return [words[:1] if self.apart else words for words in self.bounds.values()]

    @property
    def shown(self) -> str:
        """All of it, for a digest."""
        return "\n".join((self.text, *(" ".join(words) for words in self.bounds.values())))


def _share(words: tuple[str, ...]) -> Fraction:
    """The share of the rows that a part takes: WITH (MODULUS 4, REMAINDER 0) a quarter."""
    after = words[words.index("MODULUS") + 1 :] if "MODULUS" in words else ()
    return Fraction(1, int(after[0])) if after and after[0].isdecimal() and int(after[0]) else Fraction(0)


def partition_by(cursor: Cursor, start: Word, table: TableDefinition, schema: DatabaseSchema, part: str = "") -> None:
    """PARTITION BY method (columns) …: of the table, or of a `part` of it."""
    method = cursor.take().upper
    at = cursor.at(start)
    named: set[str] = set()
    if cursor.skip_any("COLUMNS", "KEY") or cursor.sees("("):
        named = {schema.fold(word) for word in cursor.group().words() if word.kind in {"word", "name"}}
    made = Partitioning(method, schema.engine.statements.parts_apart, cursor.text)
    groups = [item.copy() for item in _items(cursor)]
    if not made.apart:
        made.bounds = dict(map(_named_bounds, groups))
        if cursor.has_any("MAXVALUE", "DEFAULT") and not made.takes_all:
            made.bounds[("",)] = ("DEFAULT",)  # where its name is not seen
    cursor.rest()
    columns = frozenset(named & set(table.columns)) or None
    table.opaque[f"{_KEY} {part}"] = Watcher(f"{_KEY} {method}", at, columns, program=made)


def _items(cursor: Cursor) -> list[Cursor]:
    """The parts in the last parentheses of a definition."""
    items: list[Cursor] = []
    rest = cursor.copy()
    while not rest.done:
        if rest.sees("("):
            items = rest.items()
        else:
            rest.take()
    return [item for item in items if item.sees("PARTITION")]


def _named_bounds(item: Cursor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A part of `PARTITION name VALUES …`: its name, and the words that say which rows it takes."""
    item.expect("PARTITION")
    name = item.take()
    return (name.value.lower(),), tuple(word.upper or word.value for word in item.words())


def alter_parts(cursor: Cursor, table: TableDefinition) -> None:
    """ADD, DROP and REORGANIZE PARTITION, REMOVE PARTITIONING, of parts that stand in the definition of their table."""
    held = table.opaque.get(f"{_KEY} ")
    made = None if held is None else held.program
    if not isinstance(made, Partitioning) or made.apart:
        return
    text = cursor.text
    if cursor.skip("REMOVE", "PARTITIONING"):
        del table.opaque[f"{_KEY} "]
    elif cursor.skip("DROP", "PARTITION") or cursor.skip("REORGANIZE", "PARTITION"):
        cursor.skip_existence()
        for word in cursor.until(lambda word: word.upper == "INTO").words():
            made.bounds.pop((word.value.lower(),), None)
    elif not cursor.skip("ADD", "PARTITION"):
        return
    made.text = f"{made.text}\n{text}"
    made.bounds |= dict(map(_named_bounds, _items(cursor)))


def make_part(cursor: Cursor, key: tuple[str, ...], name: Word, path: tuple[Word, ...], schema: DatabaseSchema) -> bool:
    """PARTITION OF `path` FOR VALUES …: a part with its bounds, and parts of its own; whether the whole is there."""
    whole = schema.find(path)
    inner = "" if whole is not None else " ".join(schema.key(path))
    whole = whole or schema.parts.get(schema.key(path))
    if whole is None or whole not in schema.tables:
        return False
    table = schema.tables[whole]
    schema.parts[key] = whole
    if cursor.sees("("):
        table.opaque[f"part {name.value}"] = Watcher(f"PARTITION {name.value} {cursor.text}", cursor.at(name))
        cursor.group()
    bounds = cursor.until(lambda word: word.upper == "PARTITION")
    _bind(table, inner, key, bounds)
    if cursor.skip("PARTITION", "BY"):
        partition_by(cursor, name, table, schema, " ".join(key))
    return True


def _bind(table: TableDefinition, part: str, key: tuple[str, ...], bounds: Cursor) -> None:
    held = table.opaque.get(f"{_KEY} {part}")
    if held is not None and isinstance(held.program, Partitioning):
        bounds.skip("FOR", "VALUES")
        held.program.bounds[key] = tuple(word.upper or word.value for word in bounds.words())


def attach_part(cursor: Cursor, start: Word, whole: tuple[str, ...], schema: DatabaseSchema) -> None:
    """ATTACH PARTITION p FOR VALUES …: a table becomes a part, with the constraints that it has."""
    table, text = schema.tables[whole], cursor.text
    at = cursor.at(start)
    cursor.expect("ATTACH", "PARTITION")
    path = cursor.path()
    key = schema.find(path)
    _bind(table, "", key or schema.key(path), cursor)
    table.opaque[text] = Watcher(text, at, program=None if key is None else AttachedPart(key))
    if key is not None:
        schema.parts[key] = whole  # rows come in through the whole


def detach_part(cursor: Cursor, schema: DatabaseSchema) -> None:
    """DETACH PARTITION p: it is a table of its own again."""
    cursor.expect("DETACH", "PARTITION")
    path = cursor.path()
    forget_part(schema.find(path) or schema.key(path), schema)


def forget_part(key: tuple[str, ...], schema: DatabaseSchema) -> None:
    """A part is no part any more: its rows fit nowhere, and its constraints bind nobody."""
    whole = schema.parts.pop(key, None)
    table = None if whole is None else schema.tables.get(whole)
    if table is None:
        return
    table.opaque.pop(f"{_KEY} {' '.join(key)}", None)
    part = AttachedPart(key)
    table.opaque = {name: held for name, held in table.opaque.items() if held.program != part}
    for held in table.opaque.values():
        if isinstance(held.program, Partitioning):
            held.program.bounds.pop(key, None)


def settle_part(watcher: Watcher, part: AttachedPart, table: TableDefinition, schema: DatabaseSchema) -> Watcher:
    """The columns of the whole on which the part that stands has constraints of its own."""
    held = schema.tables.get(part.key)
    if held is None or any(other.columns is None and other.program is None for other in held.opaque.values()):
        return watcher
    shown = [check.expression for check in held.checks] + [unique.text for unique in held.uniques]
    shown += [f"{name} NOT NULL" for name, column in held.columns.items() if column.not_null is not None]
    watcher = replace(watcher, text=with_digest(watcher.text, schema, *shown))
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
        if not is_complete(other):
            columns |= set(table.columns) if other.columns is None else other.columns
    return replace(watcher, columns=frozenset(columns))


def is_complete(watcher: Watcher) -> bool:
    """Whether it stands for parts that take every row, and so rejects none."""
    return isinstance(watcher.program, Partitioning) and watcher.program.takes_all
