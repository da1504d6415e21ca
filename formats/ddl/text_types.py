"""Types of texts: each engine counts in a unit of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import charsets
from .sqltype import Taken

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engine import Engine
    from .sqltype import SqlType

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


def take_text(taken: Taken) -> bool:
    """Whether this is such a type; what it takes is then in the rules."""
    made, engine = taken.type, taken.engine
    if not is_text(made, engine):
        return False
    taken.rules.type = "text"
    _TEXTS[engine.name](taken)
    if engine.is_postgres and engine.nul:
        taken.rules.no_nul = made.at
    return True


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
    taken.declare_length()


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
    "duckdb": Taken.declare_length,
    "oracle": _oracle_text,
    "sqlserver": _sqlserver_text,
    "redshift": _redshift_text,
}
