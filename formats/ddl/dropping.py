"""What is dropped, what goes with it, and what is brought back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .objects import PASSED_OBJECTS, no_such_table, unknown_object, word_set
from .partitions import forget_part
from .session import is_default
from .tables import drop_column
from .triggers import TriggerProgram

if TYPE_CHECKING:
    from .cursor import Cursor, Word
    from .schema import DatabaseSchema, Watcher


def drop(cursor: Cursor, schema: DatabaseSchema) -> None:
    """The statement after DROP."""
    what = cursor.take()
    while what.upper in _KINDS_OF_TABLES and cursor.word.upper in {"TABLE", "VIEW", *_KINDS_OF_TABLES}:
        what = cursor.take()
    match what.upper:
        case "TABLE":
            cursor.skip_existence()
            cascades = cursor.has_any("CASCADE")
            for item in cursor.split():
                _drop_table(item, schema, cascades=cascades)
        case "SCHEMA":
            cursor.skip_existence()
            _drop_schemas(cursor, schema)
        case "DATABASE" if schema.engine.statements.charsets:  # MySQL: a schema
            cursor.skip_existence()
            _drop_schemas(cursor, schema)
        case "FUNCTION" | "PROCEDURE" | "ROUTINE" if cursor.has_any("CASCADE"):
            cursor.skip_existence()
            _drop_callers(schema.fold(cursor.path()[-1]), schema)
        case "INDEX":
            cursor.skip("CONCURRENTLY")
            cursor.skip_existence()
            for item in cursor.split():
                _drop_index(item, schema)
        case "TYPE" | "DOMAIN":
            cursor.skip_existence()
            cascades = cursor.has_any("CASCADE")
            for item in cursor.split():
                name = schema.fold(item.path()[-1])
                if schema.types.pop(name, None) is not None and cascades:
                    _drop_columns(name, schema)
        case "TRIGGER" | "POLICY" | "RULE":
            cursor.skip_existence()
            name = schema.fold(cursor.path()[-1])
            key = schema.find(cursor.path()) if cursor.skip("ON") else None
            for table in [schema.tables[key]] if key else schema.tables.values():
                table.opaque.pop(name, None)
        case "VIEW" | "DATABASE" | "ALL":
            pass
        case word if word in PASSED_OBJECTS:
            pass
        case _:
            raise unknown_object(cursor, what)


_KINDS_OF_TABLES = word_set(
    "TEMPORARY TEMP MATERIALIZED SNAPSHOT EXTERNAL DYNAMIC ICEBERG TRANSIENT HYBRID STREAMING SECURE"
)


def _drop_schemas(cursor: Cursor, schema: DatabaseSchema) -> None:
    """A schema goes with its tables."""
    for item in cursor.split():
        name = schema.fold(item.name())
        gone = [key for key in schema.tables if schema.home(key) == (None if is_default(name) else name)]
        for key in gone:
            del schema.tables[key]


def _drop_columns(type_name: str, schema: DatabaseSchema) -> None:
    """DROP TYPE … CASCADE: the columns of that type go."""
    for table in schema.tables.values():
        for column in [column for column in table.columns.values() if column.type.own == type_name]:
            drop_column(table, column.key, schema)


def _drop_callers(function: str, schema: DatabaseSchema) -> None:
    """DROP FUNCTION … CASCADE: the triggers that call it go."""
    for table in schema.tables.values():
        table.opaque = {key: held for key, held in table.opaque.items() if not _calls(held, function, schema)}


_CALLED = re.compile(r"(?i)\bEXECUTE\s+(?:FUNCTION|PROCEDURE)\s+(?:[\w\"]+\s*\.\s*)*(\"[^\"]+\"|[\w$]+)\s*\(")


def _calls(watcher: Watcher, function: str, schema: DatabaseSchema) -> bool:
    program = watcher.program
    found = _CALLED.search(program.action.text) if isinstance(program, TriggerProgram) else None
    return found is not None and schema.engine.fold(found[1].strip('"'), quoted=found[1][0] == '"') == function


def _drop_table(cursor: Cursor, schema: DatabaseSchema, *, cascades: bool) -> None:
    """A table that is not there is told by the engine, and nothing changes."""
    path = cursor.path()
    waiting = [schema.find(path) or schema.key(path)]
    while waiting:
        key = waiting.pop()
        forget_part(key, schema)
        table = schema.tables.pop(key, None)
        if table is not None:
            schema.dropped[key] = table
        waiting += table.heirs if table and cascades else []


def bring_back(cursor: Cursor, schema: DatabaseSchema) -> None:
    """A dropped table is there again, as it was; one that was not seen before stays unknown."""
    path = cursor.path()
    key = schema.key(path)
    table = schema.dropped.pop(key, None)
    if table is None:
        raise no_such_table(cursor, path, schema)
    if cursor.skip("TO", "BEFORE", "DROP", "RENAME", "TO"):
        key = schema.key((cursor.name(),))
        table.name = schema.shown(cursor.before)
    schema.tables.setdefault(key, table)


def _drop_index(cursor: Cursor, schema: DatabaseSchema) -> None:
    path = cursor.path()
    name = schema.fold(path[-1])
    key = schema.find(cursor.path()) if cursor.skip("ON") else None
    tables = {key: schema.tables[key]} if key else schema.tables
    for each, table in tables.items():
        if key is None and len(path) > 1 and _lies_elsewhere(each, path[-2], schema):
            continue
        table.uniques = [unique for unique in table.uniques if unique.name != name]


def _lies_elsewhere(key: tuple[str, ...], outer: Word, schema: DatabaseSchema) -> bool:
    """Whether the name before that of an index surely is not where the index of this table lies."""
    name = schema.fold(outer)
    if schema.engine.statements.transact:  # DROP INDEX table.index
        return key[-1] != name
    syntax = schema.engine.statements
    if "SET SEARCH_PATH" not in syntax.schema_words and not syntax.free_types:
        return False  # the schema of a name without one is not known
    return schema.home(key) != (None if is_default(name) else name)
