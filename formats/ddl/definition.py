"""Definitions: columns and constraints, as they stand in CREATE TABLE and in ALTER TABLE alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ...documents.problem import nearest
from .comparing import steps_of
from .defaults import pass_expression, take_default
from .schema import CheckConstraint, ForeignKey, GeneratedColumn, TableColumn, UniqueConstraint
from .sqltype import SqlType
from .type_reader import take_type

if TYPE_CHECKING:
    from ...documents.location import Location
    from .cursor import Cursor, Word
    from .engines.engine import Engine
    from .schema import DatabaseSchema


@dataclass(frozen=True, slots=True)
class AdoptedIndex:
    """A unique index that exists already and becomes a constraint."""

    name: str
    index: str
    primary: bool


@dataclass(slots=True)
class Defined:
    """The parts of one definition."""

    column: TableColumn | None = None
    checks: list[CheckConstraint] = field(default_factory=list)
    uniques: list[UniqueConstraint] = field(default_factory=list)
    foreign: list[tuple[str | None, ForeignKey]] = field(default_factory=list)
    """Foreign keys, each with its name."""
    like: tuple[Word, ...] | None = None
    """A table whose columns are copied."""
    including: frozenset[str] = frozenset()
    """The parts of that table that are copied beside its columns and their NOT NULL: `CONSTRAINTS`, `INDEXES`, `ALL`, …"""
    exclusions: list[tuple[str | None, str, Location]] = field(default_factory=list)
    """Rules between rows that are not uniqueness: name, words, place."""
    adopted: AdoptedIndex | None = None
    required: str | None = None
    """The column that a constraint of the table says NOT NULL of."""
    null_allowed: bool = False
    """Whether NULL stands in it."""
    after: str | None = None
    """The column it is put after; empty: first."""


def read_element(cursor: Cursor, schema: DatabaseSchema) -> Defined:
    """One element of a table: a column, a constraint, an index. Raises UnreadStatement."""
    return read_constraint(cursor, schema) or read_column(cursor, schema)


# ------------------------------------------------------------------------------------------------------ constraints


def read_constraint(cursor: Cursor, schema: DatabaseSchema) -> Defined | None:
    """A constraint of a table; None when this is none. An index that is not unique adds none."""
    defined = Defined()
    engine = schema.engine
    name = None
    if cursor.sees("CONSTRAINT"):
        cursor.take()
        if cursor.word.upper not in {"CHECK", "UNIQUE", "PRIMARY", "FOREIGN"} or cursor.peek(1).upper in _KINDS:
            name = schema.fold(cursor.name())
    start = cursor.word
    if cursor.sees("CHECK"):
        defined.checks.append(_check(cursor, schema, name))
    elif cursor.skip("PRIMARY", "KEY"):
        _read_unique(cursor, schema, defined, name, start, primary=True)
    elif cursor.skip("UNIQUE"):
        _read_unique(cursor, schema, defined, name, start, primary=False)
    elif cursor.skip("FOREIGN", "KEY"):
        if not cursor.sees("("):
            name = schema.fold(cursor.name())
        columns = [schema.fold(word) for word in cursor.names()]
        foreign = _references(cursor, columns)
        read_tail(cursor)
        defined.foreign.append((name, foreign))
    elif cursor.sees("EXCLUDE", "USING") or cursor.sees("EXCLUDE", "("):
        defined.exclusions.append((name, cursor.text, cursor.place))
        cursor.rest()
    elif cursor.sees("LIKE") and engine.statements.like_element:
        cursor.take()
        defined.like = cursor.path()
        included: set[str] = set()
        while word := cursor.skip_any("INCLUDING", "EXCLUDING"):
            (included.add if word == "INCLUDING" else included.discard)(cursor.take().upper)
        defined.including = frozenset(included)
    elif _begins_index(cursor, engine):
        cursor.rest()
    elif cursor.skip("NOT", "NULL"):  # PostgreSQL 18: a constraint of the table, with the column's name
        defined.required = schema.fold(cursor.name())
        read_tail(cursor)
    elif name is None:
        return None
    else:
        raise cursor.unread(expected="CHECK, UNIQUE, PRIMARY KEY or FOREIGN KEY")
    return defined


_KINDS = frozenset(("CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "NOT"))


def _begins_index(cursor: Cursor, engine: Engine) -> bool:
    """Whether an index comes next, or something else that rejects no value."""
    vector = cursor.sees("VECTOR", "KEY") or cursor.sees("VECTOR", "INDEX")
    period = cursor.sees("PERIOD") and cursor.peek(1).upper in {"FOR", "SYSTEM_TIME", "BUSINESS_TIME"}
    return cursor.word.upper in engine.statements.index_words or vector or period


def _read_unique(
    cursor: Cursor, schema: DatabaseSchema, defined: Defined, name: str | None, start: Word, *, primary: bool
) -> None:
    cursor.skip_any("KEY", "INDEX")
    cursor.skip_any("CLUSTERED", "NONCLUSTERED")
    one_null = skip_nulls(cursor)
    if cursor.skip("USING", "INDEX"):
        index = schema.fold(cursor.name())
        defined.adopted = AdoptedIndex(name or index, index, primary)
        read_tail(cursor)
        return
    if not cursor.sees("(") and not cursor.sees("USING"):
        given = schema.fold(cursor.name())
        name = name or given
    if cursor.skip("USING"):
        cursor.name()
    unique = read_index_columns(cursor, schema, name, cursor.at(start))
    unique.primary = primary
    unique.one_null = one_null or skip_nulls(cursor)
    unique.enforced = read_tail(cursor)
    defined.uniques.append(unique)


def read_index_columns(cursor: Cursor, schema: DatabaseSchema, name: str | None, at: Location) -> UniqueConstraint:
    """The columns of a unique constraint or index, in parentheses: plain ones, parts of texts, expressions."""
    begin = cursor.word
    unique = UniqueConstraint(name, [], at, "")
    items = cursor.items()
    for item in items:
        _index_column(item, schema, unique, alone=len(items) == 1)
    unique.columns = list(dict.fromkeys(unique.columns))  # several expressions may be made of one column
    unique.text = cursor.script.text[begin.start : cursor.before.end]
    return unique


def _index_column(item: Cursor, schema: DatabaseSchema, unique: UniqueConstraint, *, alone: bool) -> None:
    while item.sees("("):
        item = item.group()
    following = item.peek(1)
    if following.upper == "(" or following.upper not in _AFTER_INDEX_COLUMN:
        words = item.words()
        expression = steps_of(words) if alone else None
        if expression is not None:
            unique.columns.append(schema.fold(expression[0]))
            unique.steps = expression[1]
        elif item.word.kind in {"word", "name"} and following.upper == "(" and item.peek(2).kind == "number":
            unique.expression = True
            unique.columns.append(schema.fold(item.word))  # MySQL: the first characters of it
        else:
            unique.expression = True
            unique.columns += [schema.fold(word) for word in words if word.kind in {"word", "name"}]
        item.rest()
        return
    unique.columns.append(schema.fold(item.name()))
    if item.skip("COLLATE"):
        unique.collation = item.path()[-1].value
    item.rest()


_AFTER_INDEX_COLUMN = frozenset(("", "ASC", "DESC", "NULLS", "COLLATE")) | {
    f"{kind}_{suffix}" for kind in ("TEXT", "VARCHAR", "BPCHAR") for suffix in ("OPS", "PATTERN_OPS")
}


def _check(cursor: Cursor, schema: DatabaseSchema, name: str | None) -> CheckConstraint:
    """CHECK (…), with its options."""
    cursor.expect("CHECK")
    cursor.skip("NOT", "FOR", "REPLICATION")
    inner = cursor.group()
    at, text, behind = inner.place, inner.text, cursor.before.end
    check = CheckConstraint(name, text, _named(inner, schema), at, read_tail(cursor))
    check.inherited = not _NO_INHERIT.search(cursor.script.text[behind : cursor.before.end])
    return check


_NO_INHERIT = re.compile(r"(?i)\bNO\s+INHERIT\b")


def _named(expression: Cursor, schema: DatabaseSchema) -> dict[str, str]:
    """The words of an expression that may be columns, folded, each for itself."""
    words = [schema.fold(word) for word in expression.words() if word.kind in {"word", "name"}]
    return {word: word for word in words}


def read_tail(cursor: Cursor) -> bool:
    """Take the options of a constraint; whether it is enforced for rows written from now on."""
    enforced = True
    while not cursor.done:
        if any(cursor.skip(word, "QUERY", "OPTIMIZATION") for word in ("ENABLE", "DISABLE")):
            pass  # Db2: whether queries may rely on it
        elif cursor.skip("NOT", "ENFORCED") or cursor.skip("DISABLE"):
            enforced = False
        elif any(cursor.skip(*words) for words in _TAILS):
            pass
        elif cursor.skip("USING", "INDEX"):
            if not cursor.skip("TABLESPACE"):
                cursor.rest()
            elif not cursor.done:
                cursor.name()
        elif (cursor.sees("WITH") and cursor.peek(1).upper == "(") or cursor.sees("INCLUDE"):
            cursor.take()
            cursor.group()
        elif cursor.skip("ON", "CONFLICT") or cursor.skip("COMMENT") or cursor.skip("INITIALLY"):
            cursor.take()
        elif cursor.sees("ON") and cursor.peek(1).kind in {"name", "word"} and cursor.peek(1).upper != "UPDATE":
            cursor.take()  # SQL Server: where it is stored
            cursor.take()
        elif cursor.skip("USING") or cursor.skip("KEY_BLOCK_SIZE"):
            cursor.skip("=")
            cursor.take()
        else:
            break
    return enforced


_TAILS = (
    ("NOT", "VALID"),
    ("NOT", "DEFERRABLE"),
    ("NOT", "FOR", "REPLICATION"),
    ("NO", "INHERIT"),
    ("ENFORCED",),
    ("DEFERRABLE",),
    ("ENABLE",),
    ("VALIDATE",),
    ("NOVALIDATE",),
    ("RELY",),
    ("NORELY",),
    ("CLUSTERED",),
    ("NONCLUSTERED",),
    ("VISIBLE",),
    ("TRUSTED",),
    ("NOT", "TRUSTED"),
    ("COMPUTE", "STATISTICS"),
)


def _references(cursor: Cursor, columns: list[str]) -> ForeignKey:
    """REFERENCES table (columns), with its options."""
    start = cursor.word
    cursor.expect("REFERENCES")
    cursor.path()
    if cursor.sees("("):
        cursor.group()
    text = cursor.script.text[start.start : cursor.before.end]
    foreign = ForeignKey(columns, text, cursor.at(start))
    while True:
        if cursor.skip("MATCH"):
            cursor.take()
        elif cursor.sees("ON", "DELETE") or cursor.sees("ON", "UPDATE"):
            cursor.take()
            cursor.take()
            if not any(cursor.skip(*words) for words in (("SET", "NULL"), ("SET", "DEFAULT"), ("NO", "ACTION"))):
                cursor.take()
            elif cursor.sees("("):
                cursor.group()  # PostgreSQL: only these columns
        else:
            return foreign


def skip_nulls(cursor: Cursor) -> bool:
    """Take NULLS [NOT] DISTINCT; whether null counts as a value."""
    counts = False
    if cursor.skip("NULLS"):
        counts = cursor.skip("NOT")
        cursor.expect("DISTINCT")
    return counts


# ---------------------------------------------------------------------------------------------------------- columns


def read_column(cursor: Cursor, schema: DatabaseSchema) -> Defined:
    """A column's definition. Raises UnreadStatement."""
    return read_body(cursor, cursor.name(), schema)


def read_body(cursor: Cursor, word: Word, schema: DatabaseSchema) -> Defined:
    """The definition after the name of a column or a domain. Raises UnreadStatement."""
    engine = schema.engine
    if engine.statements.untyped_computed and cursor.sees("AS"):
        made = SqlType("", (), "", cursor.at(word))
    else:
        made = take_type(cursor, engine)
    column = TableColumn(schema.fold(word), schema.shown(word), cursor.at(word), word.end - word.start, made)
    defined = Defined(column)
    column.counted = made.name in engine.statements.counted_types
    if column.is_serial and not engine.statements.free_types:
        column.not_null = made.at
        column.generated = GeneratedColumn(None, made.at, always=False)
    if made.name in engine.statements.computed_types:
        column.generated = GeneratedColumn(made.written, made.at)
    if made.name in engine.statements.required_types:
        column.not_null = made.at
    read_attributes(cursor, schema, defined)
    return defined


def read_attributes(cursor: Cursor, schema: DatabaseSchema, defined: Defined) -> None:
    """The attributes after a column's type, to the end of the definition."""
    name: str | None = None
    while not cursor.done:
        if schema.engine.statements.transact and _is_of_table(cursor):
            beside = read_constraint(cursor, schema) or Defined()
            defined.uniques += beside.uniques
            defined.foreign += beside.foreign
            continue
        if cursor.skip("CONSTRAINT"):
            name = schema.fold(cursor.name())
            continue
        if not _constraint_of_column(cursor, schema, defined, name) and not _property(cursor, schema, defined):
            error = cursor.unread(expected="a comma, or NOT NULL, DEFAULT, CHECK, …")
            error.suggestion = nearest(cursor.word.value, _GUESSES)
            raise error
        name = None


def _is_of_table(cursor: Cursor) -> bool:
    """Whether a constraint of the table comes next: Transact-SQL takes one without a comma before it."""
    ahead = 2 if cursor.sees("CONSTRAINT") else 0
    following = [cursor.peek(ahead + i).upper for i in range(4)]
    match following:
        case ["FOREIGN", "KEY", *_]:
            return True
        case ["PRIMARY", "KEY", *rest] | ["UNIQUE", *rest]:
            return "(" in rest[:1] or (rest[0] in {"CLUSTERED", "NONCLUSTERED"} and rest[1] == "(")
        case _:
            return False


_GUESSES = ("CHECK", "COLLATE", "CONSTRAINT", "DEFAULT", "GENERATED", "NOT NULL", "PRIMARY KEY", "REFERENCES", "UNIQUE")


def _constraint_of_column(cursor: Cursor, schema: DatabaseSchema, defined: Defined, name: str | None) -> bool:
    column = defined.column
    if column is None:
        return False
    start = cursor.word
    place = cursor.at(start)
    own = column.key
    if cursor.skip("NOT", "NULL"):
        if read_tail(cursor):
            column.not_null = place
    elif cursor.skip("NULL"):
        column.not_null, defined.null_allowed = None, True
        read_tail(cursor)
    elif cursor.sees("CHECK"):
        check = _check(cursor, schema, name)
        check.inline = True
        defined.checks.append(check)
    elif cursor.skip("PRIMARY", "KEY") or (schema.engine.statements.bare_key and cursor.skip("KEY")):
        descending = cursor.skip_any("ASC", "DESC") == "DESC"
        auto = cursor.skip("AUTOINCREMENT")
        unique = UniqueConstraint(name, [own], place, f"({column.name})", primary=True)
        unique.inline_descending = descending
        unique.enforced = read_tail(cursor)
        column.counted |= auto
        defined.uniques.append(unique)
    elif cursor.skip("UNIQUE"):
        cursor.skip("KEY")
        one_null = skip_nulls(cursor)
        unique = UniqueConstraint(name, [own], place, f"({column.name})", one_null=one_null)
        unique.enforced = read_tail(cursor)
        defined.uniques.append(unique)
    elif cursor.sees("REFERENCES"):
        foreign = _references(cursor, [own])
        read_tail(cursor)
        defined.foreign.append((name, foreign))
    elif cursor.skip("DEFAULT"):
        if cursor.skip("ON", "NULL"):  # Oracle: in place of null, too
            column.counted = True
            cursor.skip_any("FOR")
        column.default = take_default(cursor, name)
    elif cursor.skip("WITH", "DEFAULT"):
        column.default = take_default(cursor, name, bare=place)
    elif cursor.word.upper in {"DEFERRABLE", "ENABLE", "INITIALLY", "VALIDATE"} or cursor.sees("NOT", "DEFERRABLE"):
        read_tail(cursor)
    else:
        return False
    return True


def _property(cursor: Cursor, schema: DatabaseSchema, defined: Defined) -> bool:
    column = defined.column
    if column is None:
        return False
    place = cursor.place
    if cursor.skip("COLLATE"):
        cursor.skip("=")
        column.collation = cursor.path()[-1].value
    elif cursor.skip("CHARACTER", "SET") or cursor.skip("CHARSET"):
        cursor.skip("=")
        column.charset = cursor.name().value
    elif cursor.skip("GENERATED"):
        always = cursor.skip("ALWAYS")
        if not always:
            cursor.expect("BY", "DEFAULT")
            column.counted |= cursor.skip("ON", "NULL")
        if cursor.skip("FOR", "EACH", "ROW", "ON", "UPDATE") or not cursor.done:
            cursor.expect("AS")
        _generated(cursor, schema, column, place, always=always)
    elif cursor.skip("AS"):
        _generated(cursor, schema, column, place, always=True)
    elif cursor.skip("IDENTITY"):
        if cursor.sees("("):
            cursor.group()
        column.generated = GeneratedColumn(None, place, always=not schema.engine.statements.counted_identity)
        column.not_null = place
        cursor.skip("NOT", "FOR", "REPLICATION")
        _pass_counter(cursor)
    elif cursor.skip("AUTO_INCREMENT") or cursor.skip("AUTOINCREMENT"):
        column.counted = True
        if cursor.sees("("):
            cursor.group()
        _pass_counter(cursor)
    elif cursor.skip("ON", "UPDATE"):
        pass_expression(cursor)
    elif cursor.skip_any("COMMENT", "ENCODE", "STORAGE", "COMPRESSION", "COLUMN_FORMAT"):
        cursor.skip("=")
        cursor.take()
    elif cursor.skip("AFTER"):
        defined.after = schema.fold(cursor.name())
    elif cursor.skip("FIRST"):
        defined.after = ""
    elif cursor.skip("USING"):
        cursor.rest()
    elif cursor.skip("BINARY"):
        column.collation = "binary"
    elif cursor.sees("OPTIONS", "("):
        cursor.take()
        cursor.group()
    elif cursor.sees("MASKED", "WITH") or cursor.sees("ENCRYPTED", "WITH"):
        cursor.take()
        cursor.take()
        cursor.group()
    elif _policy(cursor) or any(cursor.skip(*words) for words in _PHRASES):
        pass
    elif cursor.skip_any("SRID", "LENGTH"):
        cursor.take()
    elif cursor.sees("FOR") and cursor.peek(2).upper == "DATA":
        cursor.take()
        kind = cursor.take().upper
        cursor.take()
        if kind == "BIT":
            column.type = replace(column.type, name=f"{column.type.name} FOR BIT DATA")
    elif not cursor.skip_any(*_WITHOUT_BEARING):
        return False
    return True


def _pass_counter(cursor: Cursor) -> None:
    """Pass what Snowflake says of a running number: `START 1 INCREMENT 1 NOORDER`."""
    while cursor.skip_any("START", "INCREMENT"):
        cursor.skip_any("WITH", "BY", "=")
        cursor.take()
    cursor.skip_any("ORDER", "NOORDER")


def _policy(cursor: Cursor) -> bool:
    """Pass what decides who sees the values of a column, or how they are labelled: nothing that is stored changes."""
    cursor_at_policy = cursor.copy()
    cursor_at_policy.skip("WITH")
    if cursor_at_policy.skip("TAG") and cursor_at_policy.sees("("):
        cursor.skip("WITH")
        cursor.take()
        cursor.group()
        return True
    if not (cursor_at_policy.skip_any("MASKING", "PROJECTION") and cursor_at_policy.skip("POLICY")):
        if not (cursor.sees("MASK") and cursor.peek(1).kind in {"word", "name"}):
            return False
        cursor.take()
    else:
        cursor.skip("WITH")
        cursor.take()
        cursor.take()
    cursor.path()
    if cursor.skip("USING"):
        cursor.skip("COLUMNS")
        cursor.group()
    return True


_COUNTER = frozenset(
    (
        *("START", "INCREMENT", "MINVALUE", "MAXVALUE", "CACHE", "CYCLE", "ORDER", "KEEP", "SCALE", "EXTEND", "SHARD"),
        *("NOMINVALUE", "NOMAXVALUE", "NOCACHE", "NOCYCLE", "NOORDER", "NOKEEP", "NOSCALE", "NOEXTEND", "NOSHARD"),
    )
)
"""Oracle: the options of a running number, without parentheses."""

_PHRASES = (
    ("WITH", "SYSTEM", "VERSIONING"),
    ("WITHOUT", "SYSTEM", "VERSIONING"),
    ("IMPLICITLY", "HIDDEN"),
    ("NOT", "HIDDEN"),
    ("NOT", "LOGGED"),
    ("NOT", "COMPACT"),
    ("COMPRESS", "SYSTEM", "DEFAULT"),
    ("NO", "SALT"),
)
"""Attributes of several words that do not bear on the values."""

_WITHOUT_BEARING = frozenset(
    (
        "STORED",
        "VIRTUAL",
        "PERSISTED",
        "PERSISTENT",
        "VISIBLE",
        "INVISIBLE",
        "SPARSE",
        "ROWGUIDCOL",
        "DISTKEY",
        "SORTKEY",
        "HIDDEN",
        "LOGGED",
        "COMPACT",
        "INLINE",
        "COMPRESSED",
        "ENCRYPT",
        "SORT",
    )
)


def _generated(cursor: Cursor, schema: DatabaseSchema, column: TableColumn, place: Location, *, always: bool) -> None:
    if cursor.skip("IDENTITY"):
        if cursor.sees("("):
            cursor.group()
        while cursor.word.upper in _COUNTER or (cursor.sees("NO") and cursor.peek(1).upper in _COUNTER):
            cursor.take()
            cursor.skip_any("WITH", "BY", "VALUE")
            if cursor.word.kind == "number" or cursor.word.upper in {"-", "+", "LIMIT"}:
                cursor.take()
                if cursor.word.kind == "number":
                    cursor.take()
        column.generated = GeneratedColumn(None, place, always=always)
        column.not_null = column.not_null or place
        return
    if not cursor.sees("("):  # AS ROW START, AS ROW CHANGE TIMESTAMP: the engine's own stamp
        text = cursor.until(lambda word: word.upper in {"NOT", "IMPLICITLY", "HIDDEN", "INVISIBLE", "CONSTRAINT"}).text
        column.generated = GeneratedColumn(text or "the engine itself", place)
        return
    inner = cursor.group()
    at, text = inner.place, inner.text
    column.generated = GeneratedColumn(text, at, _named(inner, schema))
