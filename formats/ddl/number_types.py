"""Types of numbers and of truth values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .engines.engine import Engine
    from .sqltype import SqlType, TypedColumn

_FLOATS = frozenset(
    ("REAL", "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "DOUBLE PRECISION", "BINARY_FLOAT", "BINARY_DOUBLE")
)

_SIZE_AND_SCALE = 2
_SINGLE_DIGITS, _DOUBLE_DIGITS = 6, 15


def apply_number(column: TypedColumn, engine: Engine) -> bool:
    """Whether the column is of such a type; its values are then in the rules."""
    made, rules = column.type, column.rules
    integer = engine.integer(made)
    if integer is not None:
        bits, unsigned = integer
        rules.type = "integer"
        rules.bound("min", 0 if unsigned else -(2 ** (bits - 1)), made.at)
        rules.bound("max", 2 ** (bits if unsigned else bits - 1) - 1, made.at)
        rules.on_violation = engine.integer_decimals
    elif made.name in engine.booleans:
        rules.type = "boolean"
    elif made.name in engine.long_integers:
        _limit_digits(column, engine, 38, 0)
    elif made.name in engine.decimals:
        _apply_decimal(column, engine)
    elif made.name in _FLOATS:
        if engine.limits_floats and len(made.args) == _SIZE_AND_SCALE:
            _limit_float(column, engine)
        rules.keep_digits(_float_digits(made, engine), made.at)
        rules.single = _float_digits(made, engine) == _SINGLE_DIGITS and not engine.compares_singles
        _apply_sign(column, engine)
    else:
        return False
    return True


def _apply_decimal(column: TypedColumn, engine: Engine) -> None:
    made, rules = column.type, column.rules
    rules.type = "decimal"
    _apply_sign(column, engine)
    if not engine.sizes_numbers:
        column.declare_length()
        rules.keep_digits(15, made.at, whole=18)
        return
    precision = made.number()
    if precision is None and made.args[:1] == ("*",):
        precision = 38
    if precision is None and not made.args:
        if engine.default_digits is not None:
            _limit_digits(column, engine, *engine.default_digits)
        return
    scale = made.number(1) if len(made.args) > 1 else 0
    if precision is None or scale is None:
        rules.add_opaque(made.written, made.at)
    else:
        _limit_digits(column, engine, precision, scale)


def _limit_digits(column: TypedColumn, engine: Engine, precision: int, scale: int) -> None:
    column.rules.limit_digits(precision, scale, column.type.at)
    if scale:
        column.rules.actions["scale"] = engine.decimals_beyond
    else:
        column.rules.on_violation = engine.decimals_beyond


def _limit_float(column: TypedColumn, engine: Engine) -> None:
    """`DOUBLE(M, D)`: M digits, D of them after the point, beyond which a number is rounded or rejected.

    MySQL 8.4 reference, 13.1.4, and MariaDB 10.11 as it runs. It rounds in binary, so halves go either way (0.005 of D = 2
    to 0.00, 12.345 to 12.35); and it gives back D decimals, those beyond its own digits, too (0.1 of `FLOAT(20, 15)`
    as 0.100000001490116).
    """
    made, rules = column.type, column.rules
    size, scale = made.number(), made.number(1)
    if size is None or scale is None:
        rules.add_opaque(made.written, made.at)
        return
    rules.digits |= {"precision": (size, made.at), "scale": (scale, made.at)}
    rules.actions["scale"] = "unknown"
    sure = _float_digits(made, engine)
    if size > sure:
        most = Decimal(10**sure - 1).scaleb(-scale)
        rules.bound("min", -most, made.at)
        rules.bound("max", most, made.at)
        rules.actions |= {"min": "unknown", "max": "unknown"}
    if size > _DOUBLE_DIGITS:  # the limit itself is a double: it may be one digit more
        rules.actions["precision"] = "unknown"


def _apply_sign(column: TypedColumn, engine: Engine) -> None:
    if column.type.unsigned and engine.unsigned_numbers:
        column.rules.bound("min", 0, column.type.at)


def _float_digits(made: SqlType, engine: Engine) -> int:
    """Decimal digits that a binary floating-point number is sure to keep: IEEE 754, 24 or 53 bits.

    Oracle's FLOAT is a NUMBER whose digits are given in bits: Oracle Database SQL Language Reference, "FLOAT Data Type".
    """
    if made.name in engine.decimal_floats:
        bits = made.number() or engine.decimal_floats[made.name]
        return -(-bits * 30_103 // 100_000)
    size = made.number() if engine.sizes_floats and len(made.args) < _SIZE_AND_SCALE else None
    bits = engine.float_bits if size is None else size
    is_single = bits <= 24 if made.name == "FLOAT" else made.name in engine.single_floats
    return _SINGLE_DIGITS if is_single else _DOUBLE_DIGITS
