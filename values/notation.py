"""Decimal numbers in plain notation: digits, with no exponent.

A number with an exponent is short to send and long to write: `1e999999999` takes a gigabyte. So `is_number` comes first: it
looks at the exponent alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

MOST_NOTATION = 1_000_000
"""Digits before the point of a number in plain notation, and zeros that follow it. A number with more is in no set."""
_LONGEST_INT = 1_000
"""Digits of a whole number that is kept as `int`. Python's conversions between `int` and decimal digits take the square of
the length, and those of a text stop at 4,300 digits."""


def is_number(number: Decimal) -> bool:
    """Whether it is a number that a set may hold: finite, and not too long to be written out."""
    return number.is_finite() and (not number or is_short(number))


def is_short(number: Decimal) -> bool:
    """Whether a finite number, as it stands, takes at most MOST_NOTATION digits more than its own to be written out."""
    return -MOST_NOTATION <= number.adjusted() < MOST_NOTATION


def number_of(number: Decimal) -> int | Decimal:
    """A number as a value: whole ones as `int`, where they are not very long."""
    return int(number) if number.adjusted() < _LONGEST_INT and number == number.to_integral_value() else number


def plain_notation(number: Decimal) -> str:
    """A number (`is_number`) in plain notation: no exponent, no trailing zeros, no negative zero."""
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
