"""Types of numbers and of truth values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .engines.engine import Engine
    from .sqltype import SqlType, TypedColumn

_FLOATS = frozenset(
    ("REAL", "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "DOUBLE PRECISION", "BINARY_FLOAT", "BINARY_DOUBLE")
)


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
        rules.keep_digits(_float_digits(made, engine), made.at)
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
    size = made.number() if engine.sizes_floats else None
    bits = engine.float_bits if size is None else size
    is_single = bits <= 24 if made.name == "FLOAT" else made.name in engine.single_floats
    return 6 if is_single else 15
