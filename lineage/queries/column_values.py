"""What a contract says of the values of a column, as far as queries that calculate with them need it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ...contracts.constraint import Digits, Length, OpaqueRule, Range, SignificantDigits
from .typed_steps import ValueType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contracts.model import Field

_SIZES = (8, 16, 32, 64)


def value_type(field: Field) -> ValueType:
    """The type of a column's values, with their bounds. Floating-point numbers are `other`: nothing is stated of them."""
    restrictions = [each.restriction for each in field.constraints if each.on_violation != "accept"]
    match field.type:
        case "text":
            lengths = [
                (each.high, each.unit) for each in restrictions if isinstance(each, Length) and each.high is not None
            ]
            return ValueType("text", most=min(lengths, default=None))
        case "date":
            return ValueType("date")
        case "integer":
            return _whole(restrictions)
        case "decimal" if not any(isinstance(each, OpaqueRule | SignificantDigits) for each in restrictions):
            return _decimal(restrictions)
        case _:
            return ValueType("other")


def _bounds(restrictions: Sequence[object]) -> list[tuple[Decimal | None, Decimal | None]]:
    return [
        (_number(each.low), _number(each.high)) for each in restrictions if isinstance(each, Range) and not each.counted
    ]


def _number(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _whole(restrictions: Sequence[object]) -> ValueType:
    bounds = _bounds(restrictions)
    digits = [each.whole for each in restrictions if isinstance(each, Digits) and each.whole is not None]
    bounds += [(Decimal(1 - 10**whole), Decimal(10**whole - 1)) for whole in digits if 0 < whole < 100]
    lows = [low for low, _ in bounds if low is not None]
    highs = [high for _, high in bounds if high is not None]
    sizes = [size for size in _SIZES if (-(2 ** (size - 1)), 2 ** (size - 1) - 1) in bounds]
    return ValueType("integer", max(lows, default=None), min(highs, default=None), bits=min(sizes, default=None))


def _decimal(restrictions: Sequence[object]) -> ValueType:
    digits = [each for each in restrictions if isinstance(each, Digits)]
    wholes = [each.whole for each in digits if each.whole is not None and each.whole >= 0]
    scales = [each.decimals for each in digits if each.decimals is not None]
    return ValueType("decimal", whole=min(wholes, default=None), scale=min(scales, default=None))
