"""ALTER TABLE: each of its actions, in all dialects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...documents.problem import nearest, shorten
from .create import add_unread, read_partitions
from .cursor import AlreadySo, UnreadStatement
from .defaults import take_default
from .definition import Defined, read_attributes, read_column, read_element, read_tail
from .objects import no_such_table
from .partitions import alter_parts
from .storage_actions import changes_nothing
from .tables import (
    add,
    constrain,
    drop_column,
    drop_constraint,
    find_column,
    move_table,
    place_column,
    rename_column,
    rename_table,
)
from .triggers import switch_triggers
from .type_reader import take_type
from .unknown import is_fault, not_read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .cursor import Cursor, Word
    from .schema import CheckConstraint, DatabaseSchema, TableColumn, TableDefinition, UniqueConstraint


def alter_table(cursor: Cursor, key: tuple[str, ...], schema: DatabaseSchema) -> None:
    """Apply the actions after ALTER TABLE and a name. Raises UnreadStatement at an unknown word."""
    table = schema.tables[key]
    if schema.engine.statements.transact and cursor.sees("WITH"):
        cursor.take()  # WITH NOCHECK: what is in the table already is not looked at
        cursor.take()
    if cursor.skip("RENAME"):
        _rename(cursor, key, schema)
        return
    if cursor.skip("SET", "SCHEMA"):
        move_table(schema, key, cursor.name())
        return
    if cursor.skip("SWAP", "WITH"):
        _swap(cursor, key, schema)
        return
    failure: UnreadStatement | None = None
    verb: tuple[str, ...] = ()
    for item in _actions(cursor, schema):
        try:
            verb = _act(item, table, schema, verb)
        except UnreadStatement as error:
            failure = failure or error
    if failure is not None:
        raise failure


def _swap(cursor: Cursor, key: tuple[str, ...], schema: DatabaseSchema) -> None:
    """Snowflake: two tables take each other's name."""
    path = cursor.path()
    other = schema.find(path)
    if other is None:
        raise no_such_table(cursor, path, schema)
    one, two = schema.tables[key], schema.tables[other]
    one.name, two.name = two.name, one.name
    schema.tables[key], schema.tables[other] = two, one


def _actions(cursor: Cursor, schema: DatabaseSchema) -> Iterator[Cursor]:
    """The actions of a statement: between commas, and in Db2 one after the other."""
    for item in cursor.split():
        if not schema.engine.statements.actions_in_a_row:
            yield item
            continue
        while not item.done:
            yield item.until(_begins_action(item.copy()))


def _begins_action(item: Cursor) -> Callable[[Word], bool]:
    """Whether a word begins the next action. After ALTER COLUMN and a name, SET, DROP and ADD belong to that column."""
    words = item.words()
    own = 4 if words[0].upper == "ALTER" and words[1:2] and words[1].upper == "COLUMN" else 3
    inside = {word.start for word in words[: own if words[0].upper == "ALTER" else 1]}
    return lambda word: word.upper in _VERBS and word.start not in inside


_VERBS = frozenset(("ADD", "ALTER", "DROP", "RENAME"))


def _act(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema, verb: tuple[str, ...]) -> tuple[str, ...]:
    """One action; gives the verb that further items may go on with (`ADD a int, b int`)."""
    alter_parts(cursor.copy(), table)
    if changes_nothing(cursor):
        return ()
    start = cursor.word
    match start.upper:
        case "ADD":
            cursor.take()
            _add(cursor, table, schema)
            return ("ADD",)
        case "DROP":
            cursor.take()
            return _drop(cursor, table, schema)
        case "ALTER":
            cursor.take()
            _alter(cursor, table, schema)
        case "MODIFY" if schema.engine.statements.modify_alters:
            cursor.take()
            for each in cursor.items() if cursor.sees("(") else [cursor]:
                _alter(each, table, schema)
            return ("MODIFY",)
        case "MODIFY":
            cursor.take()
            _modify(cursor, table, schema)
        case "CHANGE":
            cursor.take()
            cursor.skip("COLUMN")
            old = schema.fold(cursor.name())
            _redefine(cursor, table, schema, old)
        case "RENAME":
            cursor.take()
            _rename_part(cursor, table, schema)
        case "INHERIT" | "NO" if cursor.skip("INHERIT") or cursor.skip("NO", "INHERIT"):
            _inherit(cursor, table, schema, begins=start.upper == "INHERIT")
        case "PARTITION":
            cursor.take()
            cursor.expect("BY")
            read_partitions(cursor, start, table, schema)
        case "CONVERT" | "DEFAULT" | "CHARACTER" | "CHARSET" | "COLLATE":
            _charset(cursor, table, schema)
        case "ENABLE" | "DISABLE" if _switches(cursor.copy(), table, schema):
            pass
        case "ENABLE" | "DISABLE" | "CHECK" | "NOCHECK":
            enforced = cursor.take().upper in {"ENABLE", "CHECK"}
            cursor.skip_any("VALIDATE", "NOVALIDATE")
            cursor.expect("CONSTRAINT")
            _enforce(cursor, table, schema, enforced=enforced)
        case _ if verb == ("ADD",):
            _add(cursor, table, schema)
            return verb
        case _ if verb == ("MODIFY",):
            _alter(cursor, table, schema)
            return verb
        case "SET" if cursor.skip("SET", "UNUSED"):
            cursor.skip("COLUMN")
            for word in cursor.names() if cursor.sees("(") else [cursor.name()]:
                drop_column(table, schema.fold(word), schema)
        case "SET" if cursor.sees("SET", "TBLPROPERTIES") and "delta.constraints" not in cursor.text.lower():
            pass
        case "REPLACE" if cursor.skip("REPLACE", "COLUMNS"):
            table.columns.clear()
            for each in cursor.items():
                _add_one(each, table, schema, lenient=False)
        case _ if verb[:1] == ("DROP",):
            return _drop_named(cursor, table, schema, verb)
        case _:
            raise cursor.unread(expected="an action of ALTER TABLE")
    return ()


def _inherit(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema, *, begins: bool) -> None:
    """PostgreSQL: from now on, or no longer, the table changes with its parent."""
    path = cursor.path()
    parent = schema.find(path)
    if parent is None:
        raise no_such_table(cursor, path, schema)
    own = next(key for key, held in schema.tables.items() if held is table)
    heirs = schema.tables[parent].heirs
    if begins:
        heirs.append(own)
    elif own in heirs:
        heirs.remove(own)


# -------------------------------------------------------------------------------------------------------- ADD, DROP


def _add(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
    if schema.engine.statements.transact:
        bare = cursor.sees("DEFAULT") or (cursor.sees("CONSTRAINT") and cursor.peek(2).upper == "DEFAULT")
        if bare:
            _add_default(cursor, table, schema)
            return
    if cursor.sees("PARTITION"):
        return
    cursor.skip_any("COLUMN", "COLUMNS")
    lenient = cursor.skip("IF", "NOT", "EXISTS")
    if cursor.sees("("):
        for item in cursor.items():
            _add_one(item, table, schema, lenient=lenient)
        read_tail(cursor)
        return
    _add_one(cursor, table, schema, lenient=lenient)


def _add_default(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
    """SQL Server: ADD [CONSTRAINT name] DEFAULT expression FOR column."""
    name = None
    if cursor.skip("CONSTRAINT"):
        name = schema.fold(cursor.name())
        table.others.add(name)
    cursor.expect("DEFAULT")
    default = take_default(cursor, name)
    cursor.expect("FOR")
    word = cursor.name()
    column = find_column(table, schema.fold(word), cursor.at(word), word.end - word.start)
    column.default = default
    if cursor.skip("WITH"):
        cursor.expect("VALUES")


def _add_one(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema, *, lenient: bool) -> None:
    begin, whole = cursor.word, cursor.copy()
    try:
        element = read_element(cursor, schema)
        if not cursor.done:
            raise cursor.unread()
    except UnreadStatement as error:
        if is_fault(error, whole, schema) or schema.fold(begin) in table.columns:
            raise
        add_unread(whole, error, table, schema)
        return
    for unique in element.uniques:
        unique.enforced &= schema.engine.statements.adds_keys
    column = element.column
    if column is not None and column.key in table.columns:
        if lenient:
            return
        message = f"{shorten(table.name)} has a column {shorten(column.name)} already"
        raise AlreadySo(cursor.at(begin), message, begin.end - begin.start)
    add(element, table, schema)


def _drop(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> tuple[str, ...]:
    if cursor.skip("PRIMARY", "KEY"):
        for unique in table.uniques:
            if unique.primary and unique.name:
                drop_constraint(table, unique.name)
                break
        return ()
    if cursor.skip("FOREIGN", "KEY"):
        cursor.skip("IF", "EXISTS")
        table.foreign.pop(schema.fold(cursor.name()), None)
        return ()
    if cursor.sees("PARTITION") or cursor.sees("PERIOD"):
        return ()
    if cursor.sees("UNIQUE", "("):
        cursor.take()
        columns = [schema.fold(word) for word in cursor.names()]
        table.uniques = [unique for unique in table.uniques if unique.primary or unique.columns != columns]
        return ()
    if cursor.sees("("):
        for word in cursor.names():
            find_column(table, schema.fold(word), cursor.at(word), word.end - word.start)
            drop_column(table, schema.fold(word), schema)
        return ()
    if cursor.skip("COLUMNS"):
        cursor.skip("IF", "EXISTS")
        for word in cursor.names():
            drop_column(table, schema.fold(word), schema)
        return ()
    if cursor.skip("COLUMN"):
        return _drop_named(cursor, table, schema, ("DROP", "COLUMN"))
    if cursor.skip("CONSTRAINT") or cursor.skip("CHECK"):
        return _drop_named(cursor, table, schema, ("DROP", "CONSTRAINT"))
    if cursor.skip_any("INDEX", "KEY"):
        cursor.skip("IF", "EXISTS")
        drop_constraint(table, schema.fold(cursor.name()))
        return ()
    kind = "CONSTRAINT" if schema.engine.statements.transact else "COLUMN"
    return _drop_named(cursor, table, schema, ("DROP", kind))


def _drop_named(
    cursor: Cursor, table: TableDefinition, schema: DatabaseSchema, verb: tuple[str, ...]
) -> tuple[str, ...]:
    if cursor.skip("COLUMN"):
        verb = ("DROP", "COLUMN")
    elif cursor.skip("CONSTRAINT"):
        verb = ("DROP", "CONSTRAINT")
    lenient = cursor.skip("IF", "EXISTS")
    word = cursor.name()
    name, at, length = schema.fold(word), cursor.at(word), word.end - word.start
    if verb == ("DROP", "COLUMN"):
        if not lenient or name in table.columns:
            find_column(table, name, at, length)
            drop_column(table, name, schema)
    elif not drop_constraint(table, name) and not lenient:
        raise _no_constraint(table, word.value, cursor, length)
    while cursor.skip_any("CASCADE", "RESTRICT", "CONSTRAINTS"):
        pass
    if not cursor.done:
        raise cursor.unread()
    return verb


def _no_constraint(table: TableDefinition, name: str, cursor: Cursor, length: int) -> UnreadStatement:
    guess = nearest(name, tuple(sorted(table.names())))
    message = f"{shorten(table.name)} has no constraint {shorten(name)} at this point"
    at = cursor.at(cursor.before)
    return AlreadySo(at, message, length, "a constraint that an earlier statement named", guess)


# ---------------------------------------------------------------------------------------------------- other columns


def _alter(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
    if cursor.skip("INDEX"):
        return
    if cursor.sees("CONSTRAINT") or (cursor.sees("CHECK") and schema.engine.statements.alters_checks):
        cursor.take()
        if cursor.peek(1).upper in {"NOT", "ENFORCED"}:
            _enforce(cursor, table, schema, enforced=cursor.peek(1).upper == "ENFORCED")
        return
    cursor.skip("COLUMN")
    word = cursor.name()
    column = find_column(table, schema.fold(word), cursor.at(word), word.end - word.start)
    whole = cursor.copy()
    try:
        _alter_column(cursor, column, schema)
    except UnreadStatement as error:
        if is_fault(error, whole, schema):
            raise
        table.opaque[whole.text] = replace(not_read(whole, error, frozenset({column.key})), may_undo=True)


def _alter_column(cursor: Cursor, column: TableColumn, schema: DatabaseSchema) -> None:
    place = cursor.place
    if cursor.skip("TYPE") or cursor.skip("SET", "DATA", "TYPE"):
        _retype(cursor, column, schema)
    elif cursor.skip("SET", "NOT", "NULL"):
        column.not_null = place
    elif cursor.skip("DROP", "NOT", "NULL"):
        column.not_null = None
    elif cursor.skip("DROP", "EXPRESSION") or cursor.skip("DROP", "IDENTITY"):
        column.generated = None
    elif cursor.skip("SET", "DEFAULT"):
        column.default = take_default(cursor, None)
    elif cursor.skip("DROP", "DEFAULT"):
        column.default = None
        column.generated = None if column.is_serial else column.generated
    elif cursor.skip("SET", "GENERATED"):
        if column.generated is not None:
            column.generated.always = cursor.sees("ALWAYS")
    elif cursor.sees("ADD", "GENERATED"):
        cursor.take()
        read_attributes(cursor, schema, Defined(column))
    elif any(cursor.skip(*words) for words in _WITHOUT_BEARING):
        pass
    elif schema.engine.statements.transact:
        _redefine_tsql(cursor, column, schema)
    else:
        raise cursor.unread(expected="TYPE, SET NOT NULL, DROP NOT NULL, SET DEFAULT, …")


_WITHOUT_BEARING = (
    ("SET", "STATISTICS"),
    ("SET", "STORAGE"),
    ("SET", "COMPRESSION"),
    ("SET", "("),
    ("SET", "INVISIBLE"),
    ("SET", "VISIBLE"),
    ("RESET",),
    ("RESTART",),
    ("ENCODE",),
    ("SET", "INLINE"),
    ("SET", "OPTIONS"),
    ("SET", "TAGS"),
    ("UNSET",),
    ("SET", "MASKING"),
    ("SET", "MASK"),
    ("DROP", "MASK"),
    ("SET", "PROJECTION"),
    ("SET", "TAG"),
    ("SET", "NO"),
    ("SET", "CACHE"),
    ("SET", "INCREMENT"),
    ("COMMENT",),
    ("COMPRESS",),
    ("AFTER",),
    ("FIRST",),
    ("SYNC",),
    ("OPTIONS",),
)


def _retype(cursor: Cursor, column: TableColumn, schema: DatabaseSchema) -> None:
    """Another type; the checks and the nullability of the column stay. Without a COLLATE the collation is the type's."""
    column.type = take_type(cursor, schema.engine)
    column.collation = None
    if cursor.skip("COLLATE"):
        column.collation = cursor.path()[-1].value
    if cursor.skip("USING"):
        cursor.rest()
    if not cursor.done:
        raise cursor.unread()


def _switches(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> bool:
    """ENABLE and DISABLE TRIGGER a, ALL TRIGGERS; whether it is that. PostgreSQL's REPLICA is off but for copied rows."""
    on = cursor.take().upper == "ENABLE"
    on = cursor.skip_any("ALWAYS", "REPLICA") != "REPLICA" and on
    every = cursor.skip("ALL", "TRIGGERS") or cursor.skip("TRIGGERS")
    if not every and not cursor.skip("TRIGGER"):
        return False
    every = every or cursor.word.upper in {"ALL", "USER"}
    names = None if every else frozenset(schema.fold(each.name()) for each in cursor.split())
    switch_triggers(table, names, on=on)
    return True


def _redefine_tsql(cursor: Cursor, column: TableColumn, schema: DatabaseSchema) -> None:
    """SQL Server: ALTER COLUMN repeats type and nullability; the default is NULL."""
    column.type = take_type(cursor, schema.engine)
    column.not_null = None
    column.collation = None
    defined = Defined(column)
    read_attributes(cursor, schema, defined)


def _modify(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
    cursor.skip("COLUMN")
    if not schema.engine.statements.partial_modify:
        if cursor.skip("IF", "EXISTS") and schema.fold(cursor.word) not in table.columns:
            return
        _redefine(cursor, table, schema, schema.fold(cursor.word))
        return
    if cursor.skip("CONSTRAINT"):
        name = cursor.peek(1).upper
        _enforce(cursor, table, schema, enforced=name != "DISABLE")
        return
    for item in cursor.items() if cursor.sees("(") else [cursor]:
        _modify_partly(item, table, schema)


def _modify_partly(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
    """Oracle: attributes that are not repeated stay as they are."""
    word = cursor.name()
    column = find_column(table, schema.fold(word), cursor.at(word), word.end - word.start)
    if cursor.word.upper not in _ATTRIBUTES and not cursor.done:
        column.type = take_type(cursor, schema.engine)
    defined = Defined(column)
    read_attributes(cursor, schema, defined)
    constrain(replace(defined, column=None), table, schema)


_ATTRIBUTES = frozenset(("NOT", "NULL", "DEFAULT", "CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "INVISIBLE", "VISIBLE"))


def _redefine(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema, old: str) -> None:
    """MySQL: MODIFY and CHANGE give the whole definition anew. Keys and the table's checks stay."""
    begin = cursor.word
    find_column(table, old, cursor.at(begin), begin.end - begin.start)
    element = read_column(cursor, schema)
    if not cursor.done:
        raise cursor.unread()
    column = element.column
    if column is None:
        return
    if schema.engine.statements.inline_checks_replaced:
        table.checks = [c for c in table.checks if not (c.inline and set(c.columns.values()) <= {old})]
    if column.key != old:
        rename_column(table, old, column.key, column.name, cursor.at(begin))
    keyed = any(unique.primary and column.key in unique.columns for unique in table.uniques)
    if keyed and column.not_null is None:
        column.not_null = column.at
    table.columns[column.key] = column
    if element.after is not None:
        place_column(table, column, element.after)
    constrain(element, table, schema)


# ---------------------------------------------------------------------------------------------- names, enforcement


def _rename(cursor: Cursor, key: tuple[str, ...], schema: DatabaseSchema) -> None:
    """RENAME as the one action of a statement: of the table, or of a part of it."""
    table = schema.tables[key]
    follows = cursor.peek(1).upper
    if cursor.skip_any("TO", "AS") or cursor.skip("="):
        rename_table(schema, key, cursor.path())
    elif cursor.word.upper in {"COLUMN", "CONSTRAINT", "INDEX", "KEY"} or follows == "TO":
        for number, item in enumerate(cursor.split()):
            if number:
                _act(item, table, schema, ())
            else:
                _rename_part(item, table, schema)
    else:
        rename_table(schema, key, cursor.path())
    if not cursor.done:
        raise cursor.unread()


def _rename_part(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
    what = cursor.skip_any("CONSTRAINT", "INDEX", "KEY")
    cursor.skip("COLUMN")
    cursor.skip("IF", "EXISTS")
    word = cursor.name()
    old = schema.fold(word)
    if not cursor.skip("TO"):
        raise cursor.unread(expected="TO")
    new = cursor.name()
    if what is None:
        rename_column(table, old, schema.fold(new), schema.shown(new), cursor.at(word))
        return
    for constraint in _constraints(table):
        if constraint.name == old:
            constraint.name = schema.fold(new)
    if old in table.others:
        table.others = {schema.fold(new) if name == old else name for name in table.others}
    if old in table.foreign:
        table.foreign = {schema.fold(new) if name == old else name: held for name, held in table.foreign.items()}


def _constraints(table: TableDefinition) -> list[CheckConstraint | UniqueConstraint]:
    return [*table.checks, *table.uniques]


def _enforce(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema, *, enforced: bool) -> None:
    every = cursor.sees("ALL")
    word = cursor.name()
    name = schema.fold(word)
    matching = [c for c in _constraints(table) if every or c.name == name]
    for constraint in matching:
        constraint.enforced = enforced
    if not matching and not every and name not in table.others | table.foreign.keys():
        raise _no_constraint(table, word.value, cursor, word.end - word.start)


def _charset(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
    """MySQL: CONVERT TO CHARACTER SET changes the columns there are, [DEFAULT] CHARACTER SET only those to come."""
    convert = cursor.skip("CONVERT", "TO")
    cursor.skip("DEFAULT")
    charset = collation = None
    while not cursor.done:
        word = cursor.take()
        if word.upper == "CHARSET" or (word.upper == "CHARACTER" and cursor.skip("SET")):
            cursor.skip("=")
            charset = cursor.name().value
        elif word.upper == "COLLATE":
            cursor.skip("=")
            collation = cursor.name().value
    if not convert:
        # What stands now was made under the old default.
        for column in table.columns.values():
            column.charset = column.charset or table.charset or schema.charset or schema.engine.charset
            column.collation = column.collation or table.collation
    else:
        for column in table.columns.values():
            levels = [(level.charset, level.collation) for level in (column, table, schema)]
            before, after = (schema.engine.charset_at(each) for each in (levels, [(charset, collation), *levels[2:]]))
            column.type = schema.engine.converted(column.type, before, after)
            column.charset, column.collation = charset, collation
    table.charset, table.collation = charset or table.charset, collation or (None if charset else table.collation)
