"""Types of numbers and of truth values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .sqltype import Taken

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
    ("REAL", "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "DOUBLE PRECISION", "BINARY_FLOAT", "BINARY_DOUBLE")
)


def take_number(taken: Taken) -> bool:
    """Whether this is such a type; what it takes is then in the rules."""
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
        taken.declare_length()
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
