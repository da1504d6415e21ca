"""Statements, replayed in order: what tables there are in the end.

What may change a column and is not understood is a problem, at its place. What surely changes none is in the lists below,
and is passed by.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from ..problem import nearest, shorten
from .alter import alter_table
from .cursor import Unread
from .definition import read_body, read_element, read_index_columns, read_tail
from .schema import Domain, Enumeration, Schema, Table, Watcher
from .script import statements
from .tables import add, named_unique, rename_column, rename_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..problem import Problems
    from .cursor import Cursor, Script, Word
    from .engine import Engine


def replay(scripts: Iterable[Script], engine: Engine, problems: Problems) -> Schema:
    """The tables that stand after all statements of these scripts, read in their order."""
    schema = Schema(engine)
    for script in scripts:
        try:
            for cursor in statements(script, engine):
                _run(cursor, schema, problems)
        except Unread as error:
            _report(error, problems)
    return schema


def _run(cursor: Cursor, schema: Schema, problems: Problems) -> None:
    """One statement. What is wrong with it is a problem, and the next one is read all the same."""
    try:
        _statement(cursor, schema)
    except Unread as error:
        _report(error, problems)


def _report(error: Unread, problems: Problems) -> None:
    problems.add(error.at, error.message, expected=error.expected, suggestion=error.suggestion, length=error.length)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_PASSED = _words(
    "SELECT INSERT UPDATE DELETE MERGE REPLACE WITH VALUES TRUNCATE BEGIN START COMMIT END ROLLBACK "
    "SAVEPOINT RELEASE ABORT SET RESET SHOW USE GRANT REVOKE DENY COMMENT ANALYZE ANALYSE VACUUM REINDEX "
    "CLUSTER CHECKPOINT LOCK UNLOCK PRAGMA EXPLAIN DESCRIBE NOTIFY LISTEN PRINT REFRESH COPY LOAD FLUSH "
    "OPTIMIZE PURGE ATTACH DETACH INSTALL SECURITY DISCARD"
)
"""Statements that change what is in a database, or its session, and no column."""

_PASSED_OBJECTS = _words(
    "SEQUENCE FUNCTION PROCEDURE PROC AGGREGATE EXTENSION SCHEMA ROLE USER LOGIN GROUP LANGUAGE OPERATOR "
    "CAST COLLATION SERVER TABLESPACE PUBLICATION SUBSCRIPTION STATISTICS EVENT SYNONYM PACKAGE DEFAULT "
    "TEXT CONVERSION TRANSFORM ACCESS FULLTEXT FOREIGN LARGE SYSTEM SESSION PROFILE DIRECTORY MACRO "
    "SECRET PARTITION LIBRARY CONTEXT"
)
"""Objects that are no tables, and whose making and unmaking changes none."""

_MODIFIERS = _words(
    "OR REPLACE ALTER TEMP TEMPORARY UNLOGGED GLOBAL LOCAL PRIVATE PUBLIC EDITIONABLE NONEDITIONABLE "
    "FORCE DEFINER SQL SECURITY RECURSIVE CONSTRAINT ALGORITHM"
)


def _statement(cursor: Cursor, schema: Schema) -> None:
    head = cursor.take()
    match head.upper:
        case "CREATE":
            _create(cursor, schema)
        case "ALTER":
            _alter(cursor, schema)
        case "DROP":
            _drop(cursor, schema)
        case "RENAME" if schema.engine.is_mysql:
            _rename_tables(cursor, schema)
        case "RENAME" if schema.engine.name == "oracle":
            _rename(cursor, schema)
        case "EXEC" | "EXECUTE" if schema.engine.name == "sqlserver":
            _execute(cursor, schema)
        case "SELECT" | "WITH" if _selects_into(cursor, schema):
            raise cursor.unread("SELECT INTO makes a table whose columns are not written down")
        case word if word in _PASSED:
            pass
        case _:
            message = f"{shorten(head.value)} begins no statement that is known here"
            raise Unread(
                cursor.at(head), message, head.end - head.start, "a statement that says what it does to tables"
            )


def _selects_into(cursor: Cursor, schema: Schema) -> bool:
    if schema.engine.name not in {"postgres", "redshift", "sqlserver"}:
        return False
    cursor.until(lambda word: word.upper in {"INTO", "INSERT", "FROM"})
    return cursor.sees("INTO")


# ----------------------------------------------------------------------------------------------------------- CREATE


def _create(cursor: Cursor, schema: Schema) -> None:
    temporary = False
    while cursor.word.upper in _MODIFIERS:
        word = cursor.take().upper
        temporary |= word in {"TEMP", "TEMPORARY"}
        if word in {"DEFINER", "ALGORITHM", "SECURITY"} or cursor.sees("="):
            # MySQL: DEFINER = `root`@`localhost`, ALGORITHM = MERGE, SQL SECURITY DEFINER
            cursor.until(lambda later: later.upper in {"TRIGGER", "VIEW", "FUNCTION", "PROCEDURE", "EVENT", "SQL"})
    what = cursor.take()
    match what.upper:
        case "TABLE":
            _create_table(cursor, schema, temporary=temporary)
        case "UNIQUE":
            cursor.skip_any("CLUSTERED", "NONCLUSTERED")
            cursor.expect("INDEX")
            _create_unique_index(cursor, schema, what)
        case "INDEX" | "CLUSTERED" | "NONCLUSTERED" | "BITMAP" | "SPATIAL" | "COLUMNSTORE":
            pass
        case "VIEW" | "MATERIALIZED":
            cursor.skip("VIEW")
            _skip_if_exists(cursor)
            schema.passed.add(schema.key(cursor.path()))
        case "TYPE":
            _create_type(cursor, schema)
        case "DOMAIN":
            name = cursor.path()[-1]
            cursor.skip("AS")
            schema.types[schema.fold(name)] = _domain(cursor, schema, name)
        case "TRIGGER" | "POLICY" | "RULE":
            _create_trigger(cursor, schema, what)
        case "FUNCTION" if schema.engine.name == "postgres":
            _create_function(cursor, schema)
        case "DATABASE":
            _default_charset(cursor, schema)
        case word if word in _PASSED_OBJECTS:
            pass
        case _:
            raise _unknown(cursor, what)


def _unknown(cursor: Cursor, word: Word) -> Unread:
    message = f"{shorten(word.value)} is not known here"
    return Unread(cursor.at(word), message, max(1, word.end - word.start), "TABLE, INDEX, TYPE, VIEW, …")


def _skip_if_exists(cursor: Cursor) -> bool:
    return cursor.skip("IF", "EXISTS") or cursor.skip("IF", "NOT", "EXISTS")


def _create_table(cursor: Cursor, schema: Schema, *, temporary: bool) -> None:
    only_if_new = _skip_if_exists(cursor)
    word = cursor.word
    path = cursor.path()
    key = schema.key(path)
    if temporary or path[-1].value.startswith("#"):
        schema.passed.add(key)
        return
    if cursor.sees("PARTITION", "OF"):
        schema.passed.add(key)
        return
    if key in schema.tables:
        if only_if_new:
            return
        message = f"there is a table {shorten(path[-1].value)} already"
        raise Unread(cursor.at(word), message, path[-1].end - word.start)
    shown = ".".join([*(schema.shown(part) for part in path)][-len(key) :])
    table = Table(shown, cursor.at(path[-1]), path[-1].end - path[-1].start)
    table.charset, table.collation = schema.charset, schema.collation
    if cursor.skip("LIKE"):
        _copy(cursor, cursor.path(), table, schema)
    elif cursor.sees("(", "LIKE") and schema.engine.is_mysql:
        cursor.take()
        cursor.take()
        _copy(cursor, cursor.path(), table, schema)
    elif cursor.sees("("):
        failure = None
        for item in cursor.items():
            try:
                _add_element(item, schema, table)
            except Unread as error:
                failure = failure or error
        _table_options(cursor, schema, table)
        if failure is not None:
            schema.tables[key] = table
            raise failure
    else:
        raise cursor.unread("the columns of this table are not written down", "a list of columns in parentheses")
    schema.tables[key] = table


def _add_element(item: Cursor, schema: Schema, table: Table) -> None:
    element = read_element(item, schema)
    if not item.done:
        raise item.unread()
    if element.like is not None:
        _copy(item, element.like, table, schema)
    add(element, table, schema)


def _copy(cursor: Cursor, path: tuple[Word, ...], table: Table, schema: Schema) -> None:
    """LIKE, INHERITS: the columns of another table, and what it demands of them."""
    key = schema.find(path)
    if key is None:
        raise no_such_table(cursor, path, schema)
    model = deepcopy(schema.tables[key])
    table.columns |= model.columns
    table.checks += model.checks
    if schema.engine.is_mysql:
        table.uniques += model.uniques
        table.charset, table.collation = model.charset, model.collation


def no_such_table(cursor: Cursor, path: tuple[Word, ...], schema: Schema) -> Unread:
    """The error that a table is altered or copied that was never made."""
    last = path[-1]
    guess = nearest(last.value, tuple(table.name for table in schema.tables.values()))
    message = f"there is no table {shorten(last.value)} at this point"
    at = cursor.script.place(path[0].start)
    expected = "a table that an earlier statement made"
    return Unread(at, message, last.end - path[0].start, expected, guess)


def _table_options(cursor: Cursor, schema: Schema, table: Table) -> None:
    """What follows the columns. Only what changes what they take is looked at."""
    while not cursor.done:
        word = cursor.take()
        match word.upper:
            case "INHERITS":
                for item in cursor.items():
                    _copy(cursor, item.path(), table, schema)
            case "STRICT" if schema.engine.name == "sqlite":
                table.keys_are_required = True
            case "WITHOUT" if cursor.skip("ROWID"):
                table.keys_are_required = True
            case "CHARSET" if schema.engine.is_mysql:
                cursor.skip("=")
                table.charset, table.collation = cursor.name().value, None
            case "CHARACTER" if schema.engine.is_mysql and cursor.skip("SET"):
                cursor.skip("=")
                table.charset, table.collation = cursor.name().value, None
            case "COLLATE" if schema.engine.is_mysql:
                cursor.skip("=")
                table.collation = cursor.name().value
            case "PARTITION" | "WITH" | "DISTSTYLE" | "TABLESPACE":
                if word.upper == "PARTITION":
                    return
            case "AS" | "SELECT":
                raise Unread(cursor.at(word), "columns that a query makes are not written down", len(word.value))
            case "(":
                cursor.pass_group()


def _create_unique_index(cursor: Cursor, schema: Schema, start: Word) -> None:
    cursor.skip("CONCURRENTLY")
    _skip_if_exists(cursor)
    name = None
    if not cursor.sees("ON"):
        name = schema.fold(cursor.path()[-1])
    if cursor.skip("USING"):
        cursor.name()
    cursor.expect("ON")
    cursor.skip("ONLY")
    path = cursor.path()
    key = schema.find(path)
    if key is None:
        if schema.key(path) in schema.passed:
            return
        raise no_such_table(cursor, path, schema)
    if cursor.skip("USING"):
        cursor.name()
    unique = read_index_columns(cursor, schema, name, cursor.at(start))
    begin = cursor
    read_tail(cursor)
    while not cursor.done:
        if cursor.take().upper == "WHERE":
            unique.partial = True
            unique.text += f" WHERE {begin.rest().text}"
    named_unique(unique, schema.tables[key], schema)


def _create_type(cursor: Cursor, schema: Schema) -> None:
    word = cursor.path()[-1]
    key = schema.fold(word)
    if cursor.skip("AS", "ENUM"):
        values = [item.take().value for item in cursor.items()]
        schema.types[key] = Enumeration(values, cursor.at(word))
    elif cursor.skip("FROM"):
        schema.types[key] = _domain(cursor, schema, word)
    # Any other type has no values that we could state; a column of it is opaque.


def _domain(cursor: Cursor, schema: Schema, word: Word) -> Domain:
    """A domain says of its values what a column's definition says."""
    defined = read_body(cursor, word, schema)
    column = defined.column
    if column is None:
        raise cursor.unread(expected="a type")
    return Domain(column.type, column.not_null, defined.checks, column.collation)


def _create_trigger(cursor: Cursor, schema: Schema, what: Word) -> None:
    """A trigger, a policy or a rule may refuse any value that is stored, or change it."""
    _skip_if_exists(cursor)
    name = cursor.path()[-1]
    events = cursor.until(lambda word: word.upper == "ON")
    if not cursor.skip("ON"):
        raise cursor.unread(expected="ON and a table")
    if what.upper == "RULE":
        events = cursor.until(lambda word: word.upper == "TO")
        cursor.skip("TO")
    path = cursor.path()
    if what.upper in {"TRIGGER", "RULE"} and not events.has_any("INSERT", "UPDATE"):
        return
    key = schema.find(path)
    if key is not None:
        watcher = Watcher(f"{what.upper} {name.value}", cursor.at(what), _touched(cursor, schema))
        schema.tables[key].opaque[schema.fold(name)] = watcher
    elif schema.key(path) not in schema.passed and path[0].upper not in {"DATABASE", "SCHEMA", "ALL"}:
        raise no_such_table(cursor, path, schema)


_NOW = r"(?:(?:now|clock_timestamp|transaction_timestamp)\s*\(\s*\)|current_timestamp|localtimestamp|current_date)"
_ONLY_STAMPS = re.compile(
    rf"\s*BEGIN\s+((?:NEW\.\w+\s*:?=\s*{_NOW}\s*;\s*)*)RETURN\s+NEW\s*;\s*END\s*;?\s*", re.IGNORECASE
)


def _touched(cursor: Cursor, schema: Schema) -> frozenset[str] | None:
    """The only columns a trigger touches, where its function does nothing but stamp them with the time."""
    cursor.until(lambda word: word.upper in {"FUNCTION", "PROCEDURE"})
    if cursor.done:
        return None
    cursor.take()
    body = schema.functions.get(schema.fold(cursor.path()[-1]), "")
    found = _ONLY_STAMPS.fullmatch(re.sub(r"--[^\n]*", "", body))
    return None if found is None else frozenset(name.lower() for name in re.findall(r"(?i)NEW\.(\w+)\s*:?=", found[1]))


def _create_function(cursor: Cursor, schema: Schema) -> None:
    """Only the body of a function is kept, to see what a trigger does that calls it."""
    name = schema.fold(cursor.path()[-1])
    texts: list[str] = []
    while not cursor.done:
        word = cursor.take()
        if word.kind == "text" and "BEGIN" in word.value.upper():
            texts.append(word.value)
    schema.functions[name] = texts[0] if len(texts) == 1 else ""


def _default_charset(cursor: Cursor, schema: Schema) -> None:
    """MySQL: the charset of tables that are made from now on."""
    while not cursor.done and schema.engine.is_mysql:
        word = cursor.take().upper
        if word == "CHARSET" or (word == "CHARACTER" and cursor.skip("SET")):
            cursor.skip("=")
            schema.charset, schema.collation = cursor.name().value, None
        elif word == "COLLATE":
            cursor.skip("=")
            schema.collation = cursor.name().value


# ------------------------------------------------------------------------------------------------------------ ALTER


def _alter(cursor: Cursor, schema: Schema) -> None:
    what = cursor.take()
    match what.upper:
        case "TABLE":
            _alter_table(cursor, schema)
        case "FOREIGN" if cursor.sees("TABLE"):
            pass
        case "TYPE":
            _alter_type(cursor, schema)
        case "DOMAIN":
            _alter_domain(cursor, schema)
        case "INDEX":
            _alter_index(cursor, schema)
        case "DATABASE":
            _default_charset(cursor, schema)
        case "VIEW" | "MATERIALIZED" | "TRIGGER" | "POLICY" | "RULE":
            pass
        case word if word in _PASSED_OBJECTS:
            pass
        case _:
            raise _unknown(cursor, what)


def _alter_table(cursor: Cursor, schema: Schema) -> None:
    lenient = _skip_if_exists(cursor)
    cursor.skip("ONLY")
    path = cursor.path()
    cursor.skip("*")
    key = schema.find(path)
    if key is not None:
        alter_table(cursor, key, schema)
    elif not lenient and schema.key(path) not in schema.passed:
        raise no_such_table(cursor, path, schema)


def _alter_type(cursor: Cursor, schema: Schema) -> None:
    word = cursor.path()[-1]
    key = schema.fold(word)
    held = schema.types.get(key)
    if cursor.skip("RENAME", "TO"):
        if held is not None:
            schema.types[schema.fold(cursor.name())] = schema.types.pop(key)
            _rename_type(schema, key, cursor.before)
        return
    if cursor.word.upper in {"OWNER", "SET"} or not isinstance(held, Enumeration):
        return
    if cursor.skip("ADD", "VALUE"):
        _skip_if_exists(cursor)
        value = cursor.take().value
        if value not in held.values:
            held.values.append(value)
    elif cursor.skip("RENAME", "VALUE"):
        old = cursor.take()
        cursor.expect("TO")
        if old.value not in held.values:
            raise Unread(cursor.at(old), f"there is no value {shorten(old.value)} at this point", len(old.value))
        held.values[held.values.index(old.value)] = cursor.take().value
    else:
        raise cursor.unread()


def _rename_type(schema: Schema, old: str, new: Word) -> None:
    for table in schema.tables.values():
        for column in table.columns.values():
            if column.type.own == old:
                column.type = replace(column.type, name=new.value.upper(), own=schema.fold(new))


def _alter_domain(cursor: Cursor, schema: Schema) -> None:
    word = cursor.path()[-1]
    key = schema.fold(word)
    held = schema.types.get(key)
    if not isinstance(held, Domain):
        raise Unread(cursor.at(word), f"there is no domain {shorten(word.value)} at this point", len(word.value))
    place = cursor.place
    if cursor.skip("SET", "NOT", "NULL"):
        held.not_null = place
    elif cursor.skip("DROP", "NOT", "NULL"):
        held.not_null = None
    elif cursor.skip("ADD"):
        defined = read_element(cursor, schema)
        held.checks += defined.checks
    elif cursor.skip("DROP", "CONSTRAINT"):
        _skip_if_exists(cursor)
        name = schema.fold(cursor.name())
        held.checks = [check for check in held.checks if check.name != name]
    elif cursor.skip("RENAME", "TO"):
        schema.types[schema.fold(cursor.name())] = schema.types.pop(key)
        _rename_type(schema, key, cursor.before)
    elif cursor.skip("RENAME", "CONSTRAINT"):
        old = schema.fold(cursor.name())
        cursor.expect("TO")
        for check in held.checks:
            if check.name == old:
                check.name = schema.fold(cursor.word)
    elif cursor.word.upper not in {"OWNER", "SET", "DROP", "VALIDATE"}:
        raise cursor.unread()


def _alter_index(cursor: Cursor, schema: Schema) -> None:
    _skip_if_exists(cursor)
    old = schema.fold(cursor.path()[-1])
    if not cursor.skip("RENAME", "TO"):
        return
    new = schema.fold(cursor.name())
    for table in schema.tables.values():
        for unique in table.uniques:
            if unique.name == old:
                unique.name = new


def _rename_tables(cursor: Cursor, schema: Schema) -> None:
    """MySQL: RENAME TABLE a TO b, c TO d."""
    if not cursor.skip_any("TABLE", "TABLES"):
        return
    for item in cursor.split():
        _rename(item, schema)


def _rename(cursor: Cursor, schema: Schema) -> None:
    old = cursor.path()
    cursor.expect("TO")
    new = cursor.path()
    key = schema.find(old)
    if key is None:
        raise no_such_table(cursor, old, schema)
    rename_table(schema, key, new)


def _execute(cursor: Cursor, schema: Schema) -> None:
    """SQL Server: only sp_rename is read; a procedure may do anything."""
    name = cursor.path()[-1]
    texts = []
    for item in cursor.split():
        item.rest()
        texts.append(item.before.value)
    match name.value.lower(), texts:
        case "sp_addextendedproperty" | "sp_updateextendedproperty" | "sp_dropextendedproperty", _:
            return
        case "sp_rename", [old, new, *kind]:
            _sp_rename(cursor, schema, name, old, new, kind[0].upper() if kind else "OBJECT")
        case _:
            message = f"what {shorten(name.value)} does cannot be seen"
            raise Unread(cursor.at(name), message, name.end - name.start, "statements that say what they do to tables")


def _sp_rename(cursor: Cursor, schema: Schema, at: Word, old: str, new: str, kind: str) -> None:
    parts = [part.strip("[]").lower() for part in old.split(".")]
    path = tuple(part for part in (parts[:-1] if kind == "COLUMN" else parts)[-2:] if part != "dbo")
    found = [key for key in schema.tables if key == path or key[-1:] == path[-1:]]
    if kind == "INDEX" or (not found and kind == "OBJECT"):
        return
    if len(found) != 1:
        raise Unread(cursor.at(at), f"there is no table {shorten(old)} at this point", at.end - at.start)
    table = schema.tables[found[0]]
    if kind == "COLUMN":
        rename_column(table, parts[-1], new.lower(), new, cursor.at(at))
    else:
        schema.tables[(*found[0][:-1], new.lower())] = schema.tables.pop(found[0])
        table.name = new


# ------------------------------------------------------------------------------------------------------------- DROP


def _drop(cursor: Cursor, schema: Schema) -> None:
    what = cursor.take()
    if what.upper in {"TEMPORARY", "MATERIALIZED"}:
        what = cursor.take()
    match what.upper:
        case "TABLE":
            lenient = _skip_if_exists(cursor)
            for item in cursor.split():
                path = item.path()
                key = schema.find(path)
                if key is not None:
                    del schema.tables[key]
                elif not lenient and schema.key(path) not in schema.passed:
                    raise no_such_table(item, path, schema)
        case "INDEX":
            cursor.skip("CONCURRENTLY")
            _skip_if_exists(cursor)
            for item in cursor.split():
                _drop_index(item, schema)
        case "TYPE" | "DOMAIN":
            _skip_if_exists(cursor)
            for item in cursor.split():
                schema.types.pop(schema.fold(item.path()[-1]), None)
        case "TRIGGER" | "POLICY" | "RULE":
            _skip_if_exists(cursor)
            name = schema.fold(cursor.path()[-1])
            key = schema.find(cursor.path()) if cursor.skip("ON") else None
            for table in [schema.tables[key]] if key else schema.tables.values():
                table.opaque.pop(name, None)
        case "VIEW" | "DATABASE":
            pass
        case word if word in _PASSED_OBJECTS:
            pass
        case _:
            raise _unknown(cursor, what)


def _drop_index(cursor: Cursor, schema: Schema) -> None:
    path = cursor.path()
    name = schema.fold(path[-1])
    key = schema.find(cursor.path()) if cursor.skip("ON") else None
    tables = [schema.tables[key]] if key else schema.tables.values()
    for table in tables:
        table.uniques = [unique for unique in table.uniques if unique.name != name]
