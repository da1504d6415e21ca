"""CREATE: tables, indexes that are unique, types, domains, triggers."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from ...documents.problem import shorten
from .cursor import AlreadySo, Malformed, NoSuchTable, Script, UnreadStatement, words_of
from .definition import read_body, read_element, read_index_columns, read_tail, skip_nulls
from .objects import PASSED_OBJECTS, no_such_table, unknown_object, word_set
from .partitions import make_part, partition_by
from .query_columns import add_query_columns, add_selected
from .schema import CheckConstraint, Composite, Domain, Enumeration, TableColumn, TableDefinition, Watcher
from .sqltype import SqlType
from .tables import add, default_charset, named_index
from .triggers import create_function, create_trigger
from .type_reader import take_type
from .unknown import UnknownEffect, is_fault, not_read, remember_program

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cursor import Cursor, Word
    from .schema import DatabaseSchema


_MODIFIERS = word_set(
    "OR REPLACE ALTER TEMP TEMPORARY UNLOGGED GLOBAL LOCAL PRIVATE PUBLIC EDITIONABLE NONEDITIONABLE "
    "FORCE DEFINER SQL SECURITY RECURSIVE CONSTRAINT ALGORITHM TRANSIENT VOLATILE HYBRID DYNAMIC EXTERNAL ICEBERG SNAPSHOT "
    "SECURE REFRESH STREAMING DISTINCT IMMUTABLE BLOCKCHAIN SHARDED DUPLICATED COLUMN NO"
)


_ALSO_OBJECTS = word_set("SECURITY EXTERNAL COLUMN DYNAMIC VOLATILE")
"""Those that begin the name of an object, too: `COLUMN MASTER KEY`, `SECURITY LABEL COMPONENT`."""


def create(cursor: Cursor, schema: DatabaseSchema) -> None:
    """The statement after CREATE. Raises UnreadStatement at an unknown word."""
    temporary = replaces = False
    word = before = ""
    while cursor.word.upper in _MODIFIERS:
        word = cursor.take().upper
        temporary |= word in {"TEMP", "TEMPORARY"} and not (
            before == "GLOBAL" and schema.engine.statements.keeps_global_temporary
        )
        replaces |= word == "REPLACE"
        if cursor.done or (word in _ALSO_OBJECTS and cursor.word.upper in PASSED_OBJECTS):
            return
        before = word
        if word in {"DEFINER", "ALGORITHM"} or (word == "SECURITY" and not cursor.sees("POLICY")) or cursor.sees("="):
            # MySQL: DEFINER = `root`@`localhost`, ALGORITHM = MERGE, SQL SECURITY DEFINER
            cursor.until(lambda later: later.upper in {"TRIGGER", "VIEW", "FUNCTION", "PROCEDURE", "EVENT", "SQL"})
    what = cursor.take()
    match what.upper:
        case "TABLE":
            _create_table(cursor, schema, temporary=temporary, replaces=replaces)
        case "UNIQUE":
            cursor.skip_any("CLUSTERED", "NONCLUSTERED")
            cursor.expect("INDEX")
            _create_unique_index(cursor, schema, what)
        case "INDEX" | "CLUSTERED" | "NONCLUSTERED" | "BITMAP" | "SPATIAL" | "COLUMNSTORE" | "MULTIVALUE":
            pass
        case "VIEW" | "MATERIALIZED":
            cursor.skip("VIEW")
            cursor.skip_existence()
            schema.passed.add(schema.key(cursor.path()))
        case "TYPE":
            _create_type(cursor, schema)
        case "DOMAIN":
            name = cursor.path()[-1]
            cursor.skip("AS")
            schema.types[schema.fold(name)] = read_domain(cursor, schema, name)
        case "POLICY" if before == "SECURITY":
            if cursor.has_any("BLOCK"):
                raise UnknownEffect(cursor.at(what), "what this policy rejects is not read")
        case "POLICY" | "RULE" if schema.engine.statements.transact or cursor.peek(1).upper == "CATEGORIES":
            pass  # SQL Server's rules hold where a procedure binds them
        case "TRIGGER" | "POLICY" | "RULE":
            create_trigger(cursor, schema, what)
        case "FUNCTION" if schema.engine.statements.trigger_functions:
            remember_program(cursor, cursor.copy().path()[-1], schema)
            create_function(cursor, schema)
        case "DATABASE":
            default_charset(cursor, schema)
        case "VIRTUAL":
            cursor.expect("TABLE")
            cursor.skip_existence()
            schema.passed.add(schema.key(cursor.path()))
        case "SEQUENCE":
            cursor.skip_existence()
            schema.passed.add(schema.key(cursor.path()))
        case "FUNCTION" | "PROCEDURE" | "PROC":
            cursor.skip_existence()
            remember_program(cursor, cursor.path()[-1], schema)
        case word if word in PASSED_OBJECTS:
            pass
        case _:
            raise unknown_object(cursor, what)


def _create_table(cursor: Cursor, schema: DatabaseSchema, *, temporary: bool, replaces: bool) -> None:
    whole = cursor.copy()
    if cursor.skip("FUNCTION"):  # BigQuery's functions that give tables
        return
    only_if_new = cursor.skip_existence()
    word = cursor.word
    path = cursor.path()
    key = schema.key(path)
    if temporary or path[-1].value.startswith("#"):
        schema.passed.add(key)
        return
    if cursor.skip("PARTITION", "OF"):
        _create_part(cursor, key, path[-1], schema)
        return
    if replaces:
        schema.tables.pop(key, None)
    if key in schema.tables:
        if only_if_new:
            return
        message = f"there is a table {shorten(path[-1].value)} already"
        error = AlreadySo(cursor.at(word), message, path[-1].end - word.start)
        schema.tables[key].opaque[cursor.script.text[word.start : path[-1].end]] = not_read(whole, error)
        return
    shown = schema.title(path, key)
    table = TableDefinition(shown, cursor.at(path[-1]), path[-1].end - path[-1].start)
    table.charset, table.collation = schema.charset, schema.collation
    if cursor.skip_any("DEEP", "SHALLOW"):
        cursor.expect("CLONE")
    while cursor.sees("CLUSTER", "BY") or cursor.sees("COMMENT", "="):  # Snowflake: before the columns, too
        cursor.take()
        cursor.take()
        if cursor.sees("("):
            cursor.group()
        else:
            cursor.take()
    if cursor.skip_any("LIKE", "CLONE", "COPY") or cursor.before.upper == "CLONE":
        try:
            _copy(cursor, cursor.path(), table, schema)
        except NoSuchTable:
            schema.passed.add(key)
            return
    elif cursor.sees("(", "LIKE") and schema.engine.statements.like_table:
        cursor.take()
        cursor.take()
        _copy(cursor, cursor.path(), table, schema)
    elif cursor.skip("OF") and not _of_type(cursor, table, schema):
        schema.passed.add(key)
        return
    elif table.of_type is not None:
        pass
    elif names := _names_columns_of_query(cursor.copy()):
        cursor.until(lambda word: word.upper == "AS")
        cursor.skip("AS")
        if not add_query_columns(cursor, table, schema, names):
            schema.passed.add(key)
            return
    elif cursor.sees("("):
        failure = None
        inherited = _inherited(cursor.copy(), table, key, schema)
        for item in cursor.items():
            element = item.copy()
            try:
                _add_element(item, schema, table)
            except UnreadStatement as error:
                if is_fault(error, element, schema):
                    failure = failure or error
                else:
                    add_unread(element, error, table, schema)
        _keep_inherited(inherited, table)
        _table_options(cursor, schema, table)
        if failure is not None:
            schema.tables[key] = table
            raise failure
    else:
        cursor.until(lambda word: word.upper in {"AS", "SELECT"})
        cursor.skip("AS")
        if not add_query_columns(cursor, table, schema):
            schema.passed.add(key)  # of another query, of a type, of files: its columns are not written down
            return
    for watcher in schema.awaited.pop(key, ()):
        table.opaque[watcher.text] = watcher
    schema.tables[key] = table


def _of_type(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> bool:
    """CREATE TABLE t OF type (a WITH OPTIONS NOT NULL): whether the type's columns are known."""
    name = schema.fold(cursor.path()[-1])
    held = schema.types.get(name)
    if not isinstance(held, Composite):
        return False
    model = deepcopy(held.columns)
    table.columns, table.opaque, table.of_type = model.columns, model.opaque, name
    for item in cursor.items() if cursor.sees("(") else ():
        whole, column = item.copy(), table.columns.get(schema.fold(item.word))
        try:
            if column is None:
                _add_element(item, schema, table)
                continue
            item.take()
            item.skip("WITH", "OPTIONS")
            if not item.skip("NOT", "NULL") or not item.done:
                raise item.unread() if not item.done else whole.unread()
            column.not_null = whole.place
        except UnreadStatement as error:
            keys = None if column is None else frozenset({column.key})
            table.opaque[whole.text] = not_read(whole, error, keys)
    return True


_CONSTRAINTS = word_set("CONSTRAINT CHECK PRIMARY UNIQUE FOREIGN EXCLUDE LIKE INDEX KEY PERIOD SUPPLEMENTAL")


def add_unread(element: Cursor, error: UnreadStatement, table: TableDefinition, schema: DatabaseSchema) -> None:
    """Put an element that is not read into a table: a column of which its name is known, and its type where that is read.

    Any other element is a rule: on the columns that it names, where it names nothing else, or it may concern every column.
    """
    whole, name = element.copy(), element.word
    if name.kind not in {"word", "name", "text"} or name.upper in _CONSTRAINTS:
        table.opaque[whole.text] = not_read(whole, error, _named_alone(whole.copy(), table, schema))
        return
    element.take()
    try:
        made = take_type(element.copy(), schema.engine)
    except UnreadStatement:
        made = SqlType("", (), element.text, element.place)
    key = schema.fold(name)
    table.columns[key] = TableColumn(key, schema.shown(name), element.at(name), name.end - name.start, made)
    table.opaque[whole.text] = not_read(whole, error, frozenset({key}))


def _named_alone(rule: Cursor, table: TableDefinition, schema: DatabaseSchema) -> frozenset[str] | None:
    """The columns in the parentheses of a constraint, which end it; None: something else stands there."""
    rule.until(lambda word: word.upper == "(")
    named = [item.words() for item in rule.items()] if rule.sees("(") else []
    columns = {schema.fold(words[0]) for words in named if len(words) == 1 and words[0].kind in {"word", "name"}}
    is_known = bool(named) and rule.done and len(columns) == len(named) and columns <= table.columns.keys()
    return frozenset(columns) if is_known else None


def describe_table(cursor: Cursor, schema: DatabaseSchema) -> None:
    """DECLARE name TABLE (…): a table as a program describes it."""
    path = cursor.path()
    cursor.expect("TABLE")
    key = schema.key(path)
    shown = schema.title(path, key)
    table = TableDefinition(shown, cursor.at(path[-1]), path[-1].end - path[-1].start)
    for item in cursor.items():
        element = item.copy()
        try:
            _add_element(item, schema, table)
        except UnreadStatement as error:
            if is_fault(error, element, schema):
                raise
            add_unread(element, error, table, schema)
    schema.tables.setdefault(key, table)


def select_into(cursor: Cursor, schema: DatabaseSchema, *, is_known: bool) -> None:
    """SELECT … INTO t FROM …: a table of the query's columns, where they are known. A temporary one is not kept."""
    target = cursor.copy()
    target.until(lambda word: word.upper == "INTO")
    target.expect("INTO")
    temporary = bool(target.skip_any("TEMP", "TEMPORARY", "UNLOGGED"))
    target.skip("TABLE")
    path = target.path()
    key = schema.key(path)
    shown = schema.title(path, key)
    table = TableDefinition(shown, cursor.at(path[-1]), path[-1].end - path[-1].start)
    table.charset, table.collation = schema.charset, schema.collation
    kept = is_known and not temporary and not path[-1].value.startswith(("#", "@"))
    if kept and key not in schema.tables and add_selected(cursor, table, schema):
        schema.tables[key] = table
    else:
        schema.passed.add(key)


def _names_columns_of_query(cursor: Cursor) -> tuple[Word, ...] | None:
    """CREATE TABLE t (a, b) AS …: names without types, for the columns of a query."""
    if not cursor.sees("("):
        return None
    items = cursor.items()
    bare = all(len(item.copy().words()) == 1 for item in items)
    cursor.until(lambda word: word.upper == "AS")
    return (
        tuple(item.take() for item in items) if bare and cursor.skip("AS") and cursor.word.upper in _QUERIES else None
    )


def _create_part(cursor: Cursor, key: tuple[str, ...], name: Word, schema: DatabaseSchema) -> None:
    """A part of a table: its rows come in through the whole. Its own constraints are opaque rules of the whole."""
    parent = cursor.path()
    if not make_part(cursor, key, name, parent, schema) and schema.key(parent) not in schema.passed:
        raise no_such_table(cursor, parent, schema)
    schema.passed.add(key)


def _add_element(item: Cursor, schema: DatabaseSchema, table: TableDefinition) -> None:
    element = read_element(item, schema)
    if not item.done:
        raise item.unread()
    if element.like is not None:
        _copy(item, element.like, table, schema, element.including)
    add(element, table, schema)


_ALL = frozenset(("ALL",))


def _copy(
    cursor: Cursor,
    path: tuple[Word, ...],
    table: TableDefinition,
    schema: DatabaseSchema,
    including: frozenset[str] = _ALL,
    *,
    inherits: bool = False,
) -> tuple[str, ...]:
    """LIKE: the columns of another table, and its parts that are included. Gives the path of that table."""
    key = schema.find(path)
    if key is None:
        raise no_such_table(cursor, path, schema)
    model = deepcopy(schema.tables[key])
    for column in model.columns.values():
        kept = including & ({"ALL", "DEFAULTS"} if column.is_serial else {"ALL", "GENERATED", "IDENTITY"})
        column.generated = column.generated if kept else None
        column.default = column.default if including & {"ALL", "DEFAULTS"} else None
    table.columns |= model.columns
    if including & {"ALL", "CONSTRAINTS"}:
        table.checks += [check for check in model.checks if check.inherited or not inherits]
    if including & {"ALL", "INDEXES"}:
        table.uniques += model.uniques
    if schema.engine.statements.charsets:
        table.charset, table.collation = model.charset, model.collation
    return key


def _inherited(
    definition: Cursor, table: TableDefinition, key: tuple[str, ...], schema: DatabaseSchema
) -> dict[str, TableColumn]:
    """INHERITS behind the columns: those of the parents come first, with their checks, and go on to change with them."""
    definition.group()
    definition.until(lambda word: word.upper == "INHERITS")
    taken = frozenset(("CONSTRAINTS", "DEFAULTS", "GENERATED"))
    for item in definition.items() if definition.skip("INHERITS") else ():
        parent = _copy(item, item.path(), table, schema, taken, inherits=True)
        schema.tables[parent].heirs.append(key)
    return dict(table.columns)


def _keep_inherited(inherited: Mapping[str, TableColumn], table: TableDefinition) -> None:
    """A column that is defined anew keeps the NOT NULL and the default of the parent's."""
    for key, held in inherited.items():
        column = table.columns[key]
        column.not_null = column.not_null or held.not_null
        column.default = column.default or held.default


def _table_options(cursor: Cursor, schema: DatabaseSchema, table: TableDefinition) -> None:
    """The options after the columns. Only those that change the accepted values are looked at."""
    while not cursor.done:
        word = cursor.take()
        match word.upper:
            case "ALTER" | "CREATE" | "DROP" | "INSERT" | "EXEC" if cursor.word.upper in _AFTER_HEAD:
                raise Malformed(
                    cursor.at(word), "another statement begins here", len(word.value), "a semicolon before it"
                )
            case "STRICT" if schema.engine.statements.strict_tables:
                table.keys_are_required = True
            case "WITHOUT" if cursor.skip("ROWID"):
                table.keys_are_required = True
                table.has_rowids = False
            case "CHARSET" if schema.engine.statements.charsets:
                cursor.skip("=")
                table.charset, table.collation = cursor.name().value, None
            case "CHARACTER" if schema.engine.statements.charsets and cursor.skip("SET"):
                cursor.skip("=")
                table.charset, table.collation = cursor.name().value, None
            case "CCSID" if schema.engine.statements.ccsids:
                _ccsid(cursor, table, schema)
            case "COLLATE" if schema.engine.statements.charsets:
                cursor.skip("=")
                table.collation = cursor.name().value
            case "TBLPROPERTIES" if cursor.sees("("):
                for item in cursor.items():
                    _property_check(item, schema, table)
            case "PARTITION" | "PARTITIONED" | "CLUSTER" if cursor.skip("BY"):
                read_partitions(cursor, word, table, schema)
            case "AS" | "SELECT" if word.upper == "SELECT" or cursor.word.upper in _QUERIES:
                _table_of_query(cursor, word, table, schema)
            case "(":
                cursor.pass_group()


def _table_of_query(cursor: Cursor, start: Word, table: TableDefinition, schema: DatabaseSchema) -> None:
    """MySQL: a query after the columns adds those of its own that are not written down, which stay as they are."""
    query = cursor.rest()
    text = f"AS {query.text}"
    known = add_selected(query, table, schema) if start.upper == "SELECT" else add_query_columns(query, table, schema)
    if not known:
        table.opaque[text] = Watcher(text, cursor.at(start))


def _ccsid(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
    """Db2 for z/OS: UNICODE is UTF-8; which code page EBCDIC or ASCII is, the installation says (`charset`)."""
    word = cursor.take().upper
    if word == "UNICODE":
        table.charset = "utf-8"
    elif schema.engine.charset == schema.engine.default_charset:
        table.charset = f"CCSID {word}"


_AFTER_HEAD = word_set("TABLE INDEX VIEW UNIQUE TYPE TRIGGER SEQUENCE FUNCTION PROCEDURE INTO")
_DELTA_CHECK = "delta.constraints."


def _property_check(item: Cursor, schema: DatabaseSchema, table: TableDefinition) -> None:
    """Delta keeps a table's checks among its properties: `'delta.constraints.positive' = 'amount > 0'`."""
    words = item.copy().words()
    match [word.kind for word in words]:
        case ["text", "mark", "text"] if words[0].value.lower().startswith(_DELTA_CHECK):
            name, text = words[0].value[len(_DELTA_CHECK) :], words[2].value
            inner = words_of(
                Script(text, ""), text, schema.engine.grammar, quoted_paths=schema.engine.script.quoted_paths
            )
            named = {schema.fold(word) for word in inner if word.kind in {"word", "name"}}
            kept = {key: key for key in named if key in table.columns}
            table.checks.append(CheckConstraint(name.lower(), text, kept, item.at(words[2])))


_QUERIES = frozenset(("SELECT", "WITH", "(", "TABLE", "VALUES"))


def read_partitions(cursor: Cursor, start: Word, table: TableDefinition, schema: DatabaseSchema) -> None:
    """PARTITION BY: a row that fits into no part is rejected, unless one part accepts all the others."""
    if not schema.engine.statements.partitions_reject or start.upper != "PARTITION":
        for item in cursor.items() if cursor.sees("(") else [cursor]:
            if start.upper == "PARTITIONED" and item is not cursor and item.peek(1).kind == "word":
                _add_element(item, schema, table)  # Hive: a further column, which is kept in the names of the files
            elif item is cursor and not cursor.done:
                cursor.take()
        return
    partition_by(cursor, start, table, schema)


def _create_unique_index(cursor: Cursor, schema: DatabaseSchema, start: Word) -> None:
    cursor.skip("CONCURRENTLY")
    cursor.skip_existence()
    name = None
    if cursor.sees("WHERE"):
        raise cursor.unread()
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
    parts = [_index_part(item, schema) for item in cursor.copy().items()] if cursor.sees("(") else []
    unique = read_index_columns(cursor, schema, name, cursor.at(start))
    missing = next((column for column in unique.columns if column not in schema.tables[key].columns), None)
    if missing is not None and not unique.expression and not unique.steps:
        message = f"{shorten(path[-1].value)} has no column {shorten(missing)} at this point"
        raise AlreadySo(cursor.at(path[-1]), message, len(path[-1].value))
    unique.one_null = skip_nulls(cursor)
    begin = cursor
    read_tail(cursor)
    unique.one_null |= skip_nulls(cursor)
    while not cursor.done:
        word = cursor.take().upper
        if word == "WHERE":
            unique.partial = True
            unique.text += f" WHERE {begin.rest().text}"
        elif word == "EXCLUDE" and cursor.skip("NULL", "KEYS"):  # Db2: rows with a null are not looked at
            unique.partial = True
            unique.text += " EXCLUDE NULL KEYS"
    named_index(unique, parts, schema.tables[key], schema)


def _index_part(item: Cursor, schema: DatabaseSchema) -> str:
    """PostgreSQL 15, ChooseIndexNameAddition: a column, or the function of an expression, as part of an index's name."""
    while item.sees("("):
        item = item.group()
    if item.word.kind not in {"word", "name"}:
        return "expr"
    named = schema.fold(item.path()[-1])
    following = item.word
    is_compared = following.upper in {"IS", "AND", "OR", "IN", "LIKE", "ILIKE", "NOT", "BETWEEN", "AT"}
    return named if following.upper in {"", "(", "::"} or (following.kind == "word" and not is_compared) else "expr"


def _create_type(cursor: Cursor, schema: DatabaseSchema) -> None:
    word = cursor.path()[-1]
    key = schema.fold(word)
    if cursor.skip("AS", "ENUM"):
        values = [item.take().value for item in cursor.items()]
        schema.types[key] = Enumeration(values, cursor.at(word))
    elif cursor.sees("AS", "(") and schema.engine.statements.like_element:
        cursor.take()
        columns = TableDefinition(word.value, cursor.at(word), word.end - word.start)
        for item in cursor.items():
            element = item.copy()
            try:
                _add_element(item, schema, columns)
            except UnreadStatement as error:
                add_unread(element, error, columns, schema)
        schema.types[key] = Composite(columns)
    elif cursor.skip("FROM"):
        schema.types[key] = read_domain(cursor, schema, word)
    elif schema.engine.statements.distinct_types and cursor.sees("AS") and cursor.peek(1).kind == "word":
        cursor.take()
        base = cursor.until(lambda following: following.upper in {"WITH", "INLINE"})
        schema.types[key] = read_domain(base, schema, word)


def read_domain(cursor: Cursor, schema: DatabaseSchema, word: Word) -> Domain:
    """A domain is defined like a column."""
    defined = read_body(cursor, word, schema)
    column = defined.column
    if column is None:
        raise cursor.unread(expected="a type")
    return Domain(column.type, column.not_null, defined.checks, column.collation, column.default)
