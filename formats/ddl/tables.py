"""Changing a table: an added constraint gets the name that the engine would give it.

A dropped column takes along the constraints that name it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ...documents.problem import nearest, shorten
from .cursor import AlreadySo
from .schema import Watcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...documents.location import Location
    from .cursor import Cursor, Word
    from .definition import Defined
    from .schema import DatabaseSchema, TableColumn, TableDefinition, UniqueConstraint


def add(defined: Defined, table: TableDefinition, schema: DatabaseSchema) -> None:
    """Put a definition into a table: a new column with its constraints, or constraints alone."""
    column = defined.column
    if column is not None:
        place_column(table, column, defined.after)
    constrain(defined, table, schema)
    if defined.required is not None and defined.required in table.columns:
        table.columns[defined.required].not_null = table.columns[defined.required].at


def constrain(defined: Defined, table: TableDefinition, schema: DatabaseSchema) -> None:
    """Put the constraints of a definition into a table."""
    for check in defined.checks:
        named = [key for key in check.columns.values() if key in table.columns]
        check.columns = {word: key for word, key in check.columns.items() if key in table.columns}
        if check.name is None:
            stem = schema.engine.check_name(_own_name(table), list(dict.fromkeys(named)))
            check.name = _free_name(stem, table, schema)
        table.checks.append(check)
    for unique in defined.uniques:
        named_unique(unique, table, schema)
    for name, foreign in defined.foreign:
        stem = schema.engine.foreign_name(_own_name(table), foreign.columns)
        table.foreign[name or _free_name(stem, table, schema)] = foreign
    for number, (name, text, at) in enumerate(defined.exclusions):
        words = set(re.findall(r"\w[\w$]*", text))
        words |= {schema.engine.fold(word, quoted=False) for word in words}
        columns = frozenset(key for key in table.columns if words.issuperset(re.findall(r"\w[\w$]*", key)))
        table.opaque[name or f"exclude {number}"] = Watcher(text, at, columns or None)
    if defined.adopted is not None:
        for unique in table.uniques:
            if unique.name == defined.adopted.index:
                unique.name, unique.primary = defined.adopted.name, defined.adopted.primary
                _require_key(unique, table, schema)


def place_column(table: TableDefinition, column: TableColumn, after: str | None) -> None:
    """Put a column into a table: in its old place, or the place named, or last."""
    if after is None or (after and after not in table.columns):
        table.columns[column.key] = column
        return
    rest = {key: held for key, held in table.columns.items() if key != column.key}
    table.columns = {}
    if not after:
        table.columns[column.key] = column
    for key, held in rest.items():
        table.columns[key] = held
        if key == after:
            table.columns[column.key] = column


def named_index(unique: UniqueConstraint, parts: Sequence[str], table: TableDefinition, schema: DatabaseSchema) -> None:
    """Put a unique index into a table, under a name that the engine makes of its columns and functions."""
    if unique.name is None:
        unique.name = _free_name(schema.engine.index_name(_own_name(table), parts), table, schema)
    named_unique(unique, table, schema)


def named_unique(unique: UniqueConstraint, table: TableDefinition, schema: DatabaseSchema) -> None:
    """Put a unique constraint or index into a table, under a name."""
    if unique.name is None:
        stem = schema.engine.unique_name(_own_name(table), unique.columns, primary=unique.primary)
        unique.name = _free_name(stem, table, schema)
    table.uniques.append(unique)
    if unique.primary:
        _require_key(unique, table, schema)


def _require_key(unique: UniqueConstraint, table: TableDefinition, schema: DatabaseSchema) -> None:
    """The columns of a primary key hold no null, and go on to when the key goes (but in Oracle, and SQLite)."""
    for key in unique.columns if unique.primary and schema.engine.key_columns_required else ():
        column = table.columns.get(key)
        if column is not None and column.not_null is None:
            column.not_null = unique.at


def _own_name(table: TableDefinition) -> str:
    """The name of a table without its schema's."""
    return table.name.rpartition(".")[2]


def _free_name(stem: str, table: TableDefinition, schema: DatabaseSchema) -> str:
    """The name that the engine gives a constraint without one."""
    return schema.engine.free_name(stem, table.names())


def find_column(table: TableDefinition, key: str, at: Location, length: int) -> TableColumn:
    """The column of that name. Raises UnreadStatement, with the one that was probably meant, where there is none."""
    column = table.columns.get(key)
    if column is None:
        guess = nearest(key, tuple(table.columns))
        message = f"{shorten(table.name)} has no column {shorten(key)} at this point"
        raise AlreadySo(at, message, length, "a column that an earlier statement made", guess)
    return column


def drop_column(table: TableDefinition, key: str, schema: DatabaseSchema) -> None:
    """Take a column away, with the checks that name it. MySQL narrows a unique index; the others drop it."""
    table.columns.pop(key, None)
    table.checks = [check for check in table.checks if key not in check.columns.values()]
    kept = []
    for unique in table.uniques:
        if key not in unique.columns:
            kept.append(unique)
        elif schema.engine.narrows_keys and len(unique.columns) > 1:
            unique.columns.remove(key)
            unique.text = f"({', '.join(unique.columns)})"
            kept.append(unique)
    table.uniques = kept
    table.foreign = {name: foreign for name, foreign in table.foreign.items() if key not in foreign.columns}
    table.opaque = {
        name: watcher
        for name, watcher in table.opaque.items()
        if not watcher.is_unread or watcher.columns != frozenset((key,))
    }


def rename_column(table: TableDefinition, old: str, new: str, shown: str, at: Location) -> None:
    """Give a column another name. Checks go on naming it as they are written."""
    column = find_column(table, old, at, len(old))
    column.key, column.name = new, shown
    table.columns = {(new if key == old else key): held for key, held in table.columns.items()}
    for check in table.checks:
        check.columns = {word: (new if key == old else key) for word, key in check.columns.items()}
    for held in table.columns.values():
        if held.generated is not None:
            made = held.generated
            made.columns = {word: (new if key == old else key) for word, key in made.columns.items()}
    for unique in table.uniques:
        unique.columns = [new if key == old else key for key in unique.columns]
    for foreign in table.foreign.values():
        foreign.columns = [new if key == old else key for key in foreign.columns]
    table.opaque = {name: _renamed(watcher, old, new) for name, watcher in table.opaque.items()}


def _renamed(watcher: Watcher, old: str, new: str) -> Watcher:
    """What watches a column goes on to do so under its new name."""
    columns = watcher.columns
    if columns is None or old not in columns:
        return watcher
    fills = watcher.fills - {old} | ({new} if old in watcher.fills else set())
    return replace(watcher, columns=columns - {old} | {new}, fills=fills)


def drop_constraint(table: TableDefinition, name: str) -> bool:
    """Take a constraint away by its name; whether there was one."""
    before = _constraints(table)
    table.checks = [check for check in table.checks if check.name != name]
    table.uniques = [unique for unique in table.uniques if unique.name != name]
    table.others.discard(name)
    table.foreign.pop(name, None)
    table.opaque.pop(name, None)
    for column in table.columns.values():
        if column.default is not None and column.default.name == name:
            column.default = None
    return _constraints(table) < before


def _constraints(table: TableDefinition) -> int:
    """The number of its constraints, of all kinds."""
    kinds = (table.checks, table.uniques, table.others, table.foreign, table.opaque)
    return sum(len(of_one_kind) for of_one_kind in kinds)


def rename_table(schema: DatabaseSchema, key: tuple[str, ...], new: tuple[Word, ...]) -> None:
    """Put a table under another name; it keeps its schema where the new name has none."""
    table = schema.tables.pop(key)
    folded = schema.key(new)
    path = (*key[:-1], *folded) if len(new) == 1 and len(key) > 1 else folded
    table.name = ".".join((*key[:-1], schema.shown(new[-1])) if len(path) > 1 else (schema.shown(new[-1]),))
    schema.tables[path] = table


def move_table(schema: DatabaseSchema, key: tuple[str, ...], into: Word) -> None:
    """Put a table into another schema of the database, under its own name."""
    table = schema.tables.pop(key)
    path = schema.within(into, key[-1])
    own = _own_name(table)
    table.name = ".".join((*([schema.shown(into)] if len(path) > 1 else []), own))
    schema.tables[path] = table


def default_charset(cursor: Cursor, schema: DatabaseSchema) -> None:
    """MySQL: the charset of tables that are made from now on."""
    while not cursor.done and schema.engine.statements.charsets:
        word = cursor.take().upper
        if word == "CHARSET" or (word == "CHARACTER" and cursor.skip("SET")):
            cursor.skip("=")
            schema.charset, schema.collation = cursor.name().value, None
        elif word == "COLLATE":
            cursor.skip("=")
            schema.collation = cursor.name().value
