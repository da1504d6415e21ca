"""Column types: reading one, and what each engine takes in a column of it.

Sources, by engine: PostgreSQL 15 manual, chapter 8; MySQL 8.4 reference, chapter 13; MariaDB KB "Data Types"; SQLite
"Datatypes In SQLite", "STRICT Tables"; DuckDB "Data Types"; Oracle Database 23 SQL Language Reference, "Data Types";
SQL Server "Data types (Transact-SQL)"; Redshift Database Developer Guide, "Data types".

Limits of a gigabyte and more (`LONGTEXT`, `CLOB`, `nvarchar(max)`, PostgreSQL's `text`), of more than 38 digits, and the
years outside 0001 to 9999 are not stated: no entry comes near them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from . import charsets, ecma
from .cursor import Cursor, Script, Unread, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..source import Location
    from .engine import Engine
    from .rules import Rules

# ---------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class SqlType:
    """A type as it stands in a definition."""

    name: str
    """Its words in capitals, without what stands in parentheses: `CHARACTER VARYING`, `TIMESTAMP WITH TIME ZONE`."""
    args: tuple[str, ...]
    """What stands in parentheses, texts without their quotes."""
    written: str
    """As it stands in the script."""
    at: Location
    unsigned: bool = False
    array: bool = False
    own: str = ""
    """The name as one that is not the engine's: of a domain, an enumeration."""
    unit: str | None = None
    """`CHAR` or `BYTE` after Oracle's length."""

    def number(self, index: int = 0) -> int | None:
        """An argument that is a whole number; None when there is none."""
        text = self.args[index] if index < len(self.args) else ""
        return int(text) if text.isdecimal() and len(text) < 10 else None


_FOLLOWING: dict[str, tuple[tuple[str, ...], ...]] = {
    "CHARACTER": (("VARYING",), ("LARGE", "OBJECT")),
    "CHAR": (("VARYING",), ("LARGE", "OBJECT")),
    "NCHAR": (("VARYING",),),
    "NATIONAL": (("CHARACTER", "VARYING"), ("CHAR", "VARYING"), ("CHARACTER",), ("CHAR",), ("VARCHAR",)),
    "DOUBLE": (("PRECISION",),),
    "LONG": (("RAW",), ("VARCHAR",), ("VARBINARY",)),
    "BIT": (("VARYING",),),
    "BINARY": (("VARYING",), ("LARGE", "OBJECT")),
    "INTERVAL": (("YEAR", "TO", "MONTH"), ("DAY", "TO", "SECOND")),
    "VARYING": (("CHARACTER",),),
    "NATIVE": (("CHARACTER",),),
    "UNSIGNED": (("BIG", "INT"), ("INT",)),
}
"""The words that may follow the first word of a type; the longest first."""

_ZONES = {
    ("WITH", "TIME", "ZONE"): " WITH TIME ZONE",
    ("WITH", "LOCAL", "TIME", "ZONE"): " WITH LOCAL TIME ZONE",
    ("WITHOUT", "TIME", "ZONE"): "",
}


_AFTER_SQLITE_TYPE = frozenset(
    (
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "COLLATE",
        "REFERENCES",
        "GENERATED",
        "AS",
        "ON",
    )
)


def take_type(cursor: Cursor, engine: Engine) -> SqlType:
    """The type that comes next. Raises Unread where none does."""
    start = cursor.word
    own = ""
    if engine.name == "sqlite":
        name = _sqlite_words(cursor)
    else:
        path = cursor.path()
        name = path[-1].value.upper()
        own = path[-1].value if path[-1].kind == "name" and engine.is_postgres else path[-1].value.lower()
        if engine.name == "postgres" and path[-1].kind == "name" and name == "CHAR":
            name = '"CHAR"'  # one byte, and no relation of char
        for words in _FOLLOWING.get(name, ()):
            if cursor.skip(*words):
                name = " ".join((name, *words))
                break
    args: tuple[str, ...] = ()
    unit = None
    if cursor.sees("("):
        items = cursor.items()
        unit = items[-1].peek(1).upper or None if items else None
        args = tuple(_argument(item) for item in items)
    for words, suffix in _ZONES.items():
        if cursor.skip(*words):
            name += suffix
    unsigned = name.startswith("UNSIGNED ")
    while word := cursor.skip_any("UNSIGNED", "SIGNED", "ZEROFILL"):
        unsigned |= word != "SIGNED"
    array = False
    while cursor.sees("[") or cursor.sees("ARRAY"):
        array = True
        if cursor.take().upper == "[":
            cursor.until(lambda word: word.upper == "]")
            cursor.expect("]")
    written = cursor.script.text[start.start : cursor.before.end] if name else ""
    return SqlType(name, args, written, cursor.at(start), unsigned, array, own, unit)


def _sqlite_words(cursor: Cursor) -> str:
    """Any number of words, none included, is a type."""
    words: list[str] = []
    while cursor.word.kind in {"word", "name", "text"} and cursor.word.upper not in _AFTER_SQLITE_TYPE:
        words.append(cursor.take().value.upper())
    return " ".join(words)


def _argument(item: Cursor) -> str:
    """`20`, `20 CHAR`, `-2`, `'a'`, `MAX`."""
    sign = "-" if item.skip("-") else ""
    word = item.take()
    return sign + (word.value if word.kind in {"text", "number"} else word.upper or word.value)


def read_type(text: str, engine: Engine, at: Location) -> SqlType | None:
    """A type that stands alone; None when it cannot be read."""
    script = Script(text, at.file)
    try:
        cursor = Cursor(words_of(script, text, engine.grammar), script)
        found = take_type(cursor, engine)
        return (
            SqlType(found.name, found.args, text, at, found.unsigned, found.array, found.own, found.unit)
            if cursor.done
            else None
        )
    except Unread:
        return None


# ----------------------------------------------------------------------------------------------------- what it takes


@dataclass(slots=True)
class Taken:
    """A column's type with what its definition says beside it."""

    type: SqlType
    engine: Engine
    charset: str
    """The column's, or its table's, or the engine's."""
    rules: Rules
    remarks: list[str] = field(default_factory=list)
    """What the definition says and the engine does not enforce."""


def apply_type(taken: Taken) -> None:
    """Put what a column of the type takes into its rules."""
    made = taken.type
    if made.array:
        taken.rules.say_opaque(made.written, made.at)
        return
    for family in (_number, _text, _time, _other):
        if family(taken):
            return
    taken.rules.say_opaque(made.written, made.at)


def is_known(made: SqlType, engine: Engine) -> bool:
    """Whether the engine itself has this type; other names are domains, enumerations, or of an extension."""
    from .rules import Rules

    taken = Taken(made, engine, engine.charset, Rules(made.at))
    return any(family(taken) for family in (_number, _text, _time, _other))


# ---------------------------------------------------------------------------------------------------------- numbers

_BITS: dict[str, dict[str, int]] = {
    "postgres": {
        **dict.fromkeys(("SMALLINT", "INT2", "SMALLSERIAL", "SERIAL2"), 16),
        **dict.fromkeys(("INTEGER", "INT", "INT4", "SERIAL", "SERIAL4"), 32),
        **dict.fromkeys(("BIGINT", "INT8", "BIGSERIAL", "SERIAL8"), 64),
    },
    "mysql": {
        **dict.fromkeys(("TINYINT", "INT1"), 8),
        **dict.fromkeys(("SMALLINT", "INT2"), 16),
        **dict.fromkeys(("MEDIUMINT", "INT3", "MIDDLEINT"), 24),
        **dict.fromkeys(("INT", "INTEGER", "INT4"), 32),
        **dict.fromkeys(("BIGINT", "INT8", "SERIAL"), 64),
    },
    "duckdb": {
        **dict.fromkeys(("TINYINT", "INT1"), 8),
        **dict.fromkeys(("SMALLINT", "INT2", "INT16", "SHORT"), 16),
        **dict.fromkeys(("INTEGER", "INT", "INT4", "INT32", "SIGNED"), 32),
        **dict.fromkeys(("BIGINT", "INT8", "INT64", "LONG"), 64),
        **dict.fromkeys(("HUGEINT", "INT128"), 128),
    },
    "sqlserver": {"SMALLINT": 16, "INT": 32, "INTEGER": 32, "BIGINT": 64},
    "sqlite": dict.fromkeys(("INT", "INTEGER", "TINYINT", "SMALLINT", "MEDIUMINT", "BIGINT", "INT2", "INT8"), 64),
    "oracle": {},
}
_BITS["mariadb"] = _BITS["mysql"]
_BITS["redshift"] = {k: v for k, v in _BITS["postgres"].items() if "SERIAL" not in k}
"""Integer types, by the bits they hold."""

_UNSIGNED_BITS = {
    "duckdb": {"UTINYINT": 8, "USMALLINT": 16, "UINTEGER": 32, "UBIGINT": 64, "UHUGEINT": 128},
    "sqlserver": {"TINYINT": 8},
}
_DECIMALS = frozenset(("DECIMAL", "NUMERIC", "DEC", "FIXED", "NUMBER"))
_PRECISIONS: dict[str, tuple[int, int]] = {
    "mysql": (10, 0),
    "mariadb": (10, 0),
    "sqlserver": (18, 0),
    "duckdb": (18, 3),
    "redshift": (18, 0),
}
"""Digits, and those after the point, of a DECIMAL that names none. Elsewhere it then holds any."""

_FLOATS = frozenset(
    ("REAL", "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "DOUBLE PRECISION", "BINARY_FLOAT", "BINARY_DOUBLE", "BINARY")
) - {"BINARY"}


def _number(taken: Taken) -> bool:
    made, rules, engine = taken.type, taken.rules, taken.engine
    bits, unsigned = _BITS[engine.name].get(made.name), made.unsigned
    if bits is None:
        bits, unsigned = _UNSIGNED_BITS.get(engine.name, {}).get(made.name), True
    if bits is None and engine.name == "sqlite" and "INT" in made.name:
        bits, unsigned = 64, False
    if bits is not None:
        unsigned = (unsigned or (made.name == "SERIAL" and engine.is_mysql)) and engine.name != "sqlite"
        rules.type = "integer"
        rules.bound("min", 0 if unsigned else -(2 ** (bits - 1)), made.at)
        rules.bound("max", 2 ** (bits if unsigned else bits - 1) - 1, made.at)
        return True
    if made.name in {"BOOLEAN", "BOOL"} and engine.name != "sqlserver":
        rules.type = "boolean"
        return True
    if made.name == "BIT" and engine.name == "sqlserver":
        rules.type = "boolean"
        return True
    if engine.name == "oracle" and made.name in {"INTEGER", "INT", "SMALLINT"}:
        _digits(taken, 38, 0)
        return True
    if made.name in _DECIMALS and (made.name != "NUMBER" or engine.name == "oracle"):
        return _decimal(taken)
    if engine.name == "sqlserver" and made.name in {"MONEY", "SMALLMONEY"}:
        _digits(taken, 19 if made.name == "MONEY" else 10, 4)
        most = (2**63 if made.name == "MONEY" else 2**31) - 1
        rules.bound("min", _scaled(-most - 1), made.at)
        rules.bound("max", _scaled(most), made.at)
        return True
    if made.name in _FLOATS:
        rules.type = "decimal"
        rules.say_opaque(f"{made.written} keeps {_float_digits(taken)} significant digits", made.at)
        if made.unsigned and engine.is_mysql:
            rules.bound("min", 0, made.at)
        return True
    return False


def _decimal(taken: Taken) -> bool:
    made, rules, engine = taken.type, taken.rules, taken.engine
    rules.type = "decimal"
    if engine.is_mysql and made.unsigned:
        rules.bound("min", 0, made.at)
    if engine.name == "sqlite":
        _remark_length(taken)
        return True
    precision = made.number()
    if precision is None and made.args[:1] == ("*",):
        precision = 38
    if precision is None and not made.args and engine.name in _PRECISIONS:
        _digits(taken, *_PRECISIONS[engine.name])
    elif precision is not None:
        scale = made.number(1) if len(made.args) > 1 else 0
        if scale is None:
            rules.say_opaque(made.written, made.at)
        else:
            _digits(taken, precision, scale)
    elif made.args:
        rules.say_opaque(made.written, made.at)
    return True


def _digits(taken: Taken, precision: int, scale: int) -> None:
    made, rules = taken.type, taken.rules
    rules.type = "decimal" if scale else "integer"
    rules.digits["precision"] = precision, made.at
    if scale:
        rules.digits["scale"] = scale, made.at


def _scaled(number: int) -> Decimal:
    return Decimal(number).scaleb(-4)


def _float_digits(taken: Taken) -> int:
    """Decimal digits that a binary floating-point number is sure to keep: IEEE 754, 24 or 53 bits."""
    made, engine = taken.type, taken.engine
    size = made.number()
    match made.name:
        case "REAL":
            short = engine.name not in {"mysql", "mariadb", "sqlite", "oracle"}
        case "FLOAT4" | "BINARY_FLOAT":
            short = True
        case "FLOAT":
            short = engine.is_mysql or engine.name == "duckdb" if size is None else size <= 24
            short = short and engine.name not in {"oracle", "sqlite"}
        case _:
            short = False
    return 6 if short else 15


# ------------------------------------------------------------------------------------------------------------- texts

_VARIABLE = frozenset(
    (
        "CHARACTER VARYING",
        "CHAR VARYING",
        "VARCHAR",
        "VARCHAR2",
        "VARYING CHARACTER",
        "NATIONAL CHARACTER VARYING",
        "NATIONAL CHAR VARYING",
        "NATIONAL VARCHAR",
        "NCHAR VARYING",
        "NVARCHAR",
        "NVARCHAR2",
    )
)
_FIXED = frozenset(("CHARACTER", "CHAR", "NATIONAL CHARACTER", "NATIONAL CHAR", "NCHAR", "BPCHAR"))
_LONG = frozenset(
    ("TEXT", "CLOB", "NCLOB", "NTEXT", "LONG", "STRING", "CHARACTER LARGE OBJECT", "CHAR LARGE OBJECT", "LONG VARCHAR")
)
_MYSQL_BYTES = {"TINYTEXT": 255, "TEXT": 65_535, "MEDIUMTEXT": 16_777_215, "LONGTEXT": None, "LONG": 16_777_215}
"""MySQL 8.4 reference, 13.7: the bytes that each type of text holds. LONGTEXT: more than any packet."""
_BEYOND_16_BITS = r"[^\u{10000}-\u{10ffff}]*"


def is_text(made: SqlType, engine: Engine) -> bool:
    """Whether a column of the type holds text."""
    name = made.name
    if engine.is_mysql and name in _MYSQL_BYTES:
        return True
    if engine.name == "sqlserver" and name == "SYSNAME":
        return True
    if engine.name == "sqlite":
        return "INT" not in name and any(part in name for part in ("CHAR", "CLOB", "TEXT"))
    return name in _VARIABLE or name in _FIXED or name in _LONG or (name == "CITEXT" and engine.name == "postgres")


def is_padded(made: SqlType, engine: Engine) -> bool:
    """Whether trailing spaces do not count when such texts are compared or measured."""
    return (
        made.name in _FIXED
        and engine.name not in {"sqlite", "duckdb"}
        and not (made.name == "BPCHAR" and not made.args)
    )


def _text(taken: Taken) -> bool:
    made, engine = taken.type, taken.engine
    if not is_text(made, engine):
        return False
    taken.rules.type = "text"
    _TEXTS[engine.name](taken)
    if engine.is_postgres and engine.nul:
        taken.rules.no_nul = made.at
    return True


def _remark_length(taken: Taken) -> None:
    """Say that a length is written down and not enforced."""
    if taken.type.args:
        taken.remarks.append(taken.type.written)


def _postgres_text(taken: Taken) -> None:
    """Lengths are characters. More trailing spaces than fit are cut, not refused; stated is what arrives unaltered."""
    made, rules = taken.type, taken.rules
    length = made.number() if made.args else 1 if made.name in _FIXED - {"BPCHAR"} else None
    if length is not None:
        rules.bound("max_length", length, made.at)
    elif made.args:
        rules.say_opaque(made.written, made.at)
    rules.case_blind = made.name == "CITEXT"
    charset = charsets.postgres(taken.charset)
    if charset is None:
        rules.say_opaque(f"encodable in {taken.charset}", made.at)
    elif charset != "utf-8":
        rules.held_by(charset, made.at)


def _mysql_text(taken: Taken) -> None:
    """Lengths of CHAR and VARCHAR are characters, those of the TEXT types bytes."""
    made, rules = taken.type, taken.rules
    charset = "utf8mb3" if made.name.startswith("N") else taken.charset
    encoding = charsets.mysql(charset)
    if charset.lower() in {"utf8mb3", "utf8", "ucs2"}:
        rules.matches(_BEYOND_16_BITS, made.at)
    if encoding is None:
        rules.say_opaque(f"{made.written} CHARACTER SET {charset}", made.at)
    elif encoding not in {"utf-8", "utf-16-be", "utf-16-le", "utf-32-be"}:
        rules.held_by(encoding, made.at)
    if made.name in _MYSQL_BYTES:
        limit = _MYSQL_BYTES[made.name]
        asked = made.number()
        if made.name == "TEXT" and asked is not None:
            needed = asked * charsets.MYSQL_WIDEST.get(charset.lower(), 1)
            limit = next((size for size in (255, 65_535, 16_777_215) if needed <= size), None)
        if limit is not None and encoding is not None:
            rules.limit_bytes("max_bytes", limit, encoding, made.at)
    elif made.args or made.name in _FIXED:
        length = made.number() if made.args else 1
        if length is None:
            rules.say_opaque(made.written, made.at)
        else:
            rules.bound("max_length", length, made.at)
    if not taken.engine.strict:
        rules.on_violation = "truncate" if rules.bounds or rules.bytes else "replace"


def _sqlite_text(taken: Taken) -> None:
    """SQLite counts nothing: "numeric arguments in parentheses that follow the type name are ignored"."""
    _remark_length(taken)


def _oracle_text(taken: Taken) -> None:
    """VARCHAR2 and CHAR count bytes of the database's charset unless told to count characters; the N types UTF-16."""
    made, rules, engine = taken.type, taken.rules, taken.engine
    if made.name in _LONG:
        return
    limit = made.number() if made.args else 1
    if limit is None:
        rules.say_opaque(made.written, made.at)
        return
    if made.name.startswith("N"):
        rules.bound("max_utf16", limit, made.at)
        return
    encoding = charsets.oracle(taken.charset)
    if encoding is None:
        rules.say_opaque(f"{made.written} in {taken.charset}", made.at)
        return
    if encoding != "utf-8":
        rules.held_by(encoding, made.at)
        rules.on_violation = "replace"
    unit = made.unit or ("CHAR" if engine.counts == "characters" else "BYTE")
    if unit == "CHAR":
        rules.bound("max_length", limit, made.at)
        limit = 2000 if made.name in _FIXED else 4000
    rules.limit_bytes("max_bytes", limit, encoding, made.at)


def _sqlserver_text(taken: Taken) -> None:
    """Nvarchar counts byte pairs. varchar counts bytes of its collation's code page, and turns other characters into ?."""
    made, rules = taken.type, taken.rules
    if made.name == "SYSNAME":
        rules.bound("max_utf16", 128, made.at)
        return
    limit = made.number() if made.args else 1
    unlimited = made.name in _LONG or made.args == ("MAX",)
    if limit is None and not unlimited:
        rules.say_opaque(made.written, made.at)
        return
    if made.name.startswith("N"):
        if not unlimited and limit is not None:
            rules.bound("max_utf16", limit, made.at)
        return
    encoding = charsets.python(taken.charset)
    if encoding is None:
        rules.say_opaque(f"{made.written} in {taken.charset}", made.at)
        return
    if encoding != "utf-8":
        rules.held_by(encoding, made.at)
        rules.on_violation = "replace"
    if not unlimited and limit is not None:
        rules.limit_bytes("max_bytes", limit, encoding, made.at)


def _redshift_text(taken: Taken) -> None:
    """Lengths are bytes of UTF-8; CHAR holds single bytes only."""
    made, rules = taken.type, taken.rules
    short = made.name in _FIXED
    default = 256 if made.name in {"TEXT", "BPCHAR"} or not short else 1
    limit = 65_535 if made.args == ("MAX",) else made.number() if made.args else default
    if limit is None:
        rules.say_opaque(made.written, made.at)
        return
    if short:
        rules.held_by("ascii", made.at)
    rules.limit_bytes("max_bytes", limit, "ascii" if short else "utf-8", made.at)


_TEXTS: dict[str, Callable[[Taken], None]] = {
    "postgres": _postgres_text,
    "mysql": _mysql_text,
    "mariadb": _mysql_text,
    "sqlite": _sqlite_text,
    "duckdb": _remark_length,
    "oracle": _oracle_text,
    "sqlserver": _sqlserver_text,
    "redshift": _redshift_text,
}

# ------------------------------------------------------------------------------------------------- dates and times

_STAMPS = frozenset(
    (
        "TIMESTAMP",
        "TIMESTAMPTZ",
        "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP WITH LOCAL TIME ZONE",
        "DATETIME",
        "DATETIME2",
        "DATETIMEOFFSET",
        "TIMESTAMP_S",
        "TIMESTAMP_MS",
        "TIMESTAMP_US",
    )
)
_WHOLE_SECONDS_UNLESS_TOLD = ("mysql", "mariadb")


def _time(taken: Taken) -> bool:
    made, rules, engine = taken.type, taken.rules, taken.engine
    name = made.name
    if name == "DATE":
        rules.type = "datetime" if engine.name == "oracle" else "date"
        if engine.name == "oracle":
            _coarse(taken, 0)
        return True
    if name in {"TIME", "TIMETZ", "TIME WITH TIME ZONE"} and engine.name != "oracle":
        rules.type = "time"
        if name != "TIME":
            rules.say_opaque(f"{made.written}: a time of day with a zone", made.at)
        _coarse(taken, _fraction(taken))
        return True
    if name == "SMALLDATETIME" and engine.name == "sqlserver":
        rules.type = "datetime"
        rules.bound("min", datetime(1900, 1, 1, tzinfo=UTC), made.at)
        rules.bound("max", datetime(2079, 6, 6, 23, 59, 29, 999000, tzinfo=UTC), made.at)
        rules.say_opaque(f"{made.written} rounds to whole minutes", made.at)
        return True
    if name not in _STAMPS or (name == "TIMESTAMP" and engine.name == "sqlserver"):
        return False
    rules.type = "datetime"
    if engine.is_mysql and name == "TIMESTAMP":
        rules.bound("min", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), made.at)
        rules.bound("max", datetime(2038, 1, 19, 3, 14, 7, 499999, tzinfo=UTC), made.at)
    if engine.name == "sqlserver" and name == "DATETIME":
        rules.bound("min", datetime(1753, 1, 1, tzinfo=UTC), made.at)
        rules.say_opaque(f"{made.written} rounds to .000, .003 and .007 seconds", made.at)
    else:
        _coarse(taken, _fraction(taken))
    return True


def _fraction(taken: Taken) -> int:
    """The decimals of a second that a type keeps."""
    made = taken.type
    told = made.number()
    if told is not None:
        return told
    match made.name:
        case "TIMESTAMP_S":
            return 0
        case "TIMESTAMP_MS":
            return 3
        case _:
            return 0 if taken.engine.name in _WHOLE_SECONDS_UNLESS_TOLD else 6


def _coarse(taken: Taken, decimals: int) -> None:
    """What is finer is rounded away (instants here go to the microsecond)."""
    made = taken.type
    if decimals < 6 and taken.engine.name != "sqlite":
        kept = f"{decimals} decimals of a second" if decimals else "whole seconds"
        taken.rules.say_opaque(f"{made.written} rounds to {kept}", made.at)


# -------------------------------------------------------------------------------------------------------- the others

_HEX = "[0-9a-fA-F]"
_UUIDS = {
    # PostgreSQL 15, 8.12: braces around, a hyphen after any group of four digits.
    "postgres": rf"(?:{_HEX}{{4}}-?){{7}}{_HEX}{{4}}|\{{(?:{_HEX}{{4}}-?){{7}}{_HEX}{{4}}\}}",
    "duckdb": rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
    "mariadb": rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
    "sqlserver": rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
}
_MOST_MEMBERS = 8
"""A SET of more members has too many values to list."""


def _other(taken: Taken) -> bool:
    made, rules, engine = taken.type, taken.rules, taken.engine
    name = made.name
    if name in {"UUID", "UNIQUEIDENTIFIER"} and engine.name in _UUIDS:
        rules.matches(_UUIDS[engine.name], made.at)
        return True
    if name == "ENUM" and (engine.is_mysql or engine.name == "duckdb"):
        rules.only(made.args, made.at)
        return True
    if name == "SET" and engine.is_mysql:
        if len(made.args) > _MOST_MEMBERS:
            rules.say_opaque(made.written, made.at)
        else:
            rules.only(_subsets(made.args), made.at)
        return True
    if engine.name == "postgres" and name in {"BIT", "BIT VARYING", "VARBIT"}:
        length = made.number() if made.args else 1 if name == "BIT" else None
        rules.matches(ecma.counted(length or 0 if name == "BIT" else 0, length, "[01]"), made.at)
        return True
    if engine.name == "sqlite":
        _sqlite_affinity(taken)
        return True
    return False


def _subsets(members: tuple[str, ...]) -> list[str]:
    """Every value of a SET: its members in their own order, with commas between."""
    found: list[tuple[str, ...]] = [()]
    for member in members:
        found += [(*chosen, member) for chosen in found]
    return [",".join(chosen) for chosen in found]


def _sqlite_affinity(taken: Taken) -> None:
    """SQLite, "Datatypes", 3.1: any word is a type. A blob or no type at all: everything is taken as it is."""
    made, rules = taken.type, taken.rules
    if made.name in {"", "BLOB", "ANY"}:
        return
    if any(part in made.name for part in ("REAL", "FLOA", "DOUB")):
        rules.type = "decimal"
        rules.say_opaque(f"{made.written} keeps 15 significant digits", made.at)
    else:
        rules.say_opaque(f"{made.written} turns texts that look like numbers into numbers", made.at)
