"""Expressions in the bodies of triggers: the columns that a value is made of, and the columns that surely hold it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...values.error import FieldlineError
from .objects import word_set
from .sqltype import FIXED_TEXTS, LONG_TEXTS, VARIABLE_TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cursor import Cursor, Word
    from .schema import DatabaseSchema, TableColumn, TableDefinition

_MOMENTS = word_set(
    "NOW CURRENT_TIMESTAMP LOCALTIMESTAMP CURRENT_DATE CURRENT_TIME LOCALTIME CLOCK_TIMESTAMP TRANSACTION_TIMESTAMP "
    "STATEMENT_TIMESTAMP SYSDATE SYSTIMESTAMP SYSDATETIME SYSUTCDATETIME SYSDATETIMEOFFSET GETDATE GETUTCDATE "
    "UTC_TIMESTAMP UTC_DATE UTC_TIME DATETIME DATE TIME JULIANDAY STRFTIME UNIXEPOCH UNIX_TIMESTAMP TIMEOFDAY"
)
_NUMBERED = word_set(
    "NEXTVAL UUID GEN_RANDOM_UUID UUID_GENERATE_V4 UUID_GENERATE_V1 NEWID SYS_GUID RANDOMBLOB RANDOM HEX"
)
_OF_SESSION = word_set(
    "TG_OP TG_TABLE_NAME TG_TABLE_SCHEMA TG_NAME TG_RELNAME TG_WHEN TG_LEVEL USER CURRENT_USER SESSION_USER "
    "SYSTEM_USER SUSER_SNAME SUSER_NAME USER_NAME HOST_NAME APP_NAME ORIGINAL_LOGIN INSERTING UPDATING DELETING "
    "SYS_CONTEXT CONNECTION_ID TXID_CURRENT PG_BACKEND_PID INET_CLIENT_ADDR CURRENT_SCHEMA"
)
"""What a trigger knows of the statement that it runs for, and of who runs it."""
_OF_TEXTS = word_set(
    "UPPER LOWER UCASE LCASE INITCAP TRIM LTRIM RTRIM BTRIM LEFT RIGHT SUBSTR SUBSTRING MID CONCAT COALESCE IFNULL NVL "
    "LENGTH CHAR_LENGTH LEN ISNULL NULLIF REVERSE UNACCENT"
)
"""Functions that give no longer a text than all that they are given, but for what changes of case add. None fails."""
_GROWING = word_set(
    "REPLACE REGEXP_REPLACE TRANSLATE CONCAT_WS TO_TSVECTOR SETWEIGHT MD5 ROW_TO_JSON TO_JSON TO_JSONB JSONB_BUILD_OBJECT "
    "JSON_BUILD_OBJECT JSON_OBJECT HSTORE"
)
"""Functions that give a text of any length, a document or a vector, and do not fail where there is room."""
_WORDS = word_set(
    "IS NOT NULL AND OR DISTINCT FROM CASE WHEN THEN ELSE END TRUE FALSE LIKE ILIKE IN BETWEEN AS ROW AT ZONE"
)
_MARKS = frozenset(("(", ")", ",", "||", "=", "<>", "!=", "<", ">", "<=", ">=", "<=>", "+", "-", "~", "~*", "!~"))
_CASTS = word_set("TEXT VARCHAR JSON JSONB CHAR NAME")
_USERS_NAME = 30
"""Characters that the names of users and tables take."""
_MOMENT = 36
"""Characters that every moment and every UUID fits into."""
_CASED = 3
"""As many times as long a text gets at most, by a change of case; and as many bytes its characters take, but for one."""
_TIMES = ("DATE", "TIME")
_NUMBERS = ("INT", "NUMBER", "NUMERIC", "DECIMAL", "SERIAL", "REAL", "DOUBLE", "FLOAT")
_NAMES = ("UUID", "UNIQUEIDENTIFIER", "RAW", "BINARY")
_TRUTHS = ("BOOL", "BIT", "TINYINT", "NUMBER", "INT")
_DOCUMENTS = ("JSON", "TSVECTOR", "HSTORE")
_LONG_BYTES = {"TINYTEXT": 255, "TEXT": 65_535}
"""MySQL: the bytes of its types of text, but for those of 16 MiB and more."""


class NotUnderstood(FieldlineError):
    """A body does something that is not known here."""


@dataclass(slots=True)
class TriggerValue:
    """What an expression gives: what it is made of, and how long it may get."""

    columns: list[TableColumn] = field(default_factory=list)
    """The columns of the row that it is made of."""
    literals: list[Word] = field(default_factory=list)
    is_plain: bool = False
    """Whether it is one column, as it is."""
    is_moment: bool = False
    is_name: bool = False
    """Whether it has a new number, or a new name."""
    is_truth: bool = False
    grows: bool = False
    """Whether it may be longer than all that it is made of."""
    adds: int = 0
    """Characters that come from the session and the clock, at most."""

    def width(self, schema: DatabaseSchema) -> int | None:
        """So many characters it has at most; None where that is not known."""
        sizes = [_width(column, schema) for column in self.columns]
        if self.grows or None in sizes:
            return None
        times = 1 if self.is_plain else _CASED
        return self.adds + sum(len(word.value) for word in self.literals) + times * sum(size or 0 for size in sizes)


def read_trigger_value(
    words: Cursor, rows: Mapping[str, str], table: TableDefinition, schema: DatabaseSchema
) -> TriggerValue:
    """The value of an expression that cannot fail by itself. Raises NotUnderstood.

    `rows`: the words that stand for the row, in capitals, such as `NEW`; `""` where bare names are columns of it, too.
    """
    value = TriggerValue()
    count = len(words.copy().words())
    while not words.done:
        if words.skip(":"):
            continue
        word = words.take()
        if word.kind in {"text", "number"}:
            value.literals.append(word)
        elif word.upper in rows and words.skip("."):
            if words.skip("*"):
                value.columns += table.columns.values()
                value.grows = True
            else:
                value.columns.append(column_of(words.name(), table, schema))
        elif word.upper in rows:
            value.columns += table.columns.values()  # the whole row, of to_jsonb(NEW)
            value.grows = True
        elif words.skip(".", "NEXTVAL"):
            value.is_name = True
            value.adds += _MOMENT
        elif word.upper == "::":
            if words.take().upper not in _CASTS:
                raise NotUnderstood
            if words.sees("("):
                raise NotUnderstood
        elif not _is_known(word, words, value):
            if "" not in rows:
                raise NotUnderstood
            value.columns.append(column_of(word, table, schema))
    value.is_plain = (
        len(value.columns) == 1 and not value.literals and count <= 4 and not value.adds and not value.grows
    )
    return value


def _is_known(word: Word, words: Cursor, value: TriggerValue) -> bool:
    """Whether a word is one of a function, a condition or a mark, all of which cannot fail; adds its part to the value."""
    upper = word.upper
    if upper == "CURRENT" and words.word.upper in {"TIMESTAMP", "DATE", "TIME"}:  # Db2
        words.take()
        value.is_moment = True
        value.adds += _MOMENT
        return True
    if upper in _OF_SESSION or upper in _MOMENTS | _NUMBERED:
        value.is_moment |= upper in _MOMENTS
        value.is_name |= upper in _NUMBERED
        value.adds += _USERS_NAME if upper in _OF_SESSION else _MOMENT
        if words.sees("(") and upper != "HEX":
            words.group()  # a precision, a format, the name of a sequence
    elif upper == "INTERVAL":
        while words.word.kind in {"text", "number"} or words.word.upper in {"DAY", "HOUR", "MINUTE", "SECOND", "MONTH"}:
            words.take()
    elif upper in _GROWING:
        value.grows = True
    elif upper in {"TRUE", "FALSE"}:
        value.is_truth = True
    elif upper not in _OF_TEXTS | _WORDS | _MARKS:
        return False
    return True


def column_of(name: Word, table: TableDefinition, schema: DatabaseSchema) -> TableColumn:
    """A column by its name. Raises NotUnderstood where there is none."""
    column = table.columns.get(schema.fold(name))
    if column is None:
        raise NotUnderstood
    return column


def holds(column: TableColumn, table: TableDefinition, value: TriggerValue, schema: DatabaseSchema) -> bool:
    """Whether a column surely holds a value, whatever the columns are that it is made of."""
    if schema.engine.statements.free_types:
        return not value.columns or not _is_constrained(column, table)
    if value.columns and (_is_constrained(column, table) or column.generated is not None):
        return False
    if value.is_plain and _same_type(column, value.columns[0], table, schema):
        return True
    name = column.type.name
    if name in FIXED_TEXTS | VARIABLE_TEXTS | LONG_TEXTS or name.endswith("TEXT"):
        return _has_room(column, value, schema)
    if any(part in name for part in _DOCUMENTS):
        return value.grows or not value.columns
    if value.columns:
        return False
    return _holds_literals(column, value, schema)


def _holds_literals(column: TableColumn, value: TriggerValue, schema: DatabaseSchema) -> bool:
    """Whether a column that is no text holds a moment, a new number or name, or literals."""
    name = column.type.name
    if column.type.own in schema.types or name == "ENUM":
        values = getattr(schema.types.get(column.type.own), "values", column.type.args)
        return bool(value.literals) and all(word.value in values for word in value.literals)
    if value.is_moment:
        return any(part in name for part in (*_TIMES, *_NUMBERS)) and all(w.kind == "number" for w in value.literals)
    if value.is_name:
        return any(part in name for part in (*_NUMBERS, *_NAMES))
    if value.is_truth:
        return any(part in name for part in _TRUTHS)
    return all(word.kind == "number" for word in value.literals) and any(part in name for part in (*_NUMBERS, *_TRUTHS))


def _has_room(column: TableColumn, value: TriggerValue, schema: DatabaseSchema) -> bool:
    """Whether a column of texts is long enough."""
    name, size, width = column.type.name, column.type.number(), value.width(schema)
    if schema.engine.statements.charsets and name in _LONG_BYTES:
        return width is not None and 4 * width <= _LONG_BYTES[name]
    if size is None:
        is_max = column.type.args[:1] == ("MAX",) or schema.engine.statements.trigger_functions
        return name not in FIXED_TEXTS and (name not in VARIABLE_TEXTS or is_max)
    if width is None:
        return False
    return size >= (width if not value.columns else 4 * width)


def _same_type(column: TableColumn, source: TableColumn, table: TableDefinition, schema: DatabaseSchema) -> bool:
    """Whether one column holds what another one does: they have one type, or one of texts that is longer."""
    one, two = column.type, source.type
    same = (one.name, one.unsigned, one.array, one.own, one.unit, column.charset) == (
        *(two.name, two.unsigned, two.array, two.own, two.unit),
        source.charset,
    )
    if not same or (schema.engine.statements.charsets and table.charset != schema.charset):
        return False
    longer = one.name in VARIABLE_TEXTS and (one.number() or 0) >= (two.number() or 0) > 0
    return one.args == two.args or longer


def _is_constrained(column: TableColumn, table: TableDefinition) -> bool:
    """Whether more than its type decides what a column holds."""
    named = any(column.key in check.columns.values() for check in table.checks)
    keyed = any(not unique.columns or column.key in unique.columns for unique in table.uniques)
    return named or keyed or any(column.key in foreign.columns for foreign in table.foreign.values())


def _width(column: TableColumn, schema: DatabaseSchema) -> int | None:
    """So many characters the texts of a column have at most."""
    made = column.type
    if made.array or made.own in schema.types:
        return None
    if made.name in FIXED_TEXTS:
        return made.number() or 1
    if made.name in VARIABLE_TEXTS:
        return made.number()
    return _MOMENT if any(part in made.name for part in (*_TIMES, "INT", "SERIAL", "UUID", "BOOL")) else None
