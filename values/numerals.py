"""The languages of written numbers: the plain notations of the numbers in given intervals with given decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .charset import Charset
from .language import EMPTY, EPSILON, Language, chars, concat, intersection, literal, repeat, union

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGIT = chars(Charset.of(("0", "9")))
_DIGITS = repeat(_DIGIT, 0)
_NONZERO = chars(Charset.of(("1", "9")))
_ZEROS = repeat(literal("0"), 0)
_POINT = literal(".")
_WHOLE = union(literal("0"), concat(_NONZERO, _DIGITS))
_ZERO = Decimal(0)

DigitSpan = tuple[int, int | None, tuple[Decimal, int], tuple[Decimal, int]]
"""(fewest decimals, one past the most or None, low cut, high cut); a cut is (number, 0) before it, (…, 1) after."""


def numerals(spans: Sequence[DigitSpan]) -> Language:
    """The plain notations of the numbers in the spans: no exponent, no `+`, no redundant zeros."""
    return union(*(_span(*span) for span in spans))


def _span(fewest: int, beyond: int | None, low: tuple[Decimal, int], high: tuple[Decimal, int]) -> Language:
    shape = _shape(fewest, beyond)
    parts: list[Language] = []
    if high > (_ZERO, 0):
        parts.append(intersection(shape, _magnitude(max(low, (_ZERO, 0)), high)))
    if low < (_ZERO, 0):
        # -x lies between low and high when x lies between the mirrored cuts
        top = min(high, (_ZERO, 0))
        parts.append(concat(literal("-"), intersection(shape, _magnitude(_mirror(top), _mirror(low)))))
    return union(*parts)


def _mirror(cut: tuple[Decimal, int]) -> tuple[Decimal, int]:
    return (cut[0].copy_negate() if cut[0] else cut[0], 1 - cut[1])


def _shape(fewest: int, beyond: int | None) -> Language:
    """Digits with at least `fewest` and fewer than `beyond` decimals, the last of them not zero."""
    tails: list[Language] = [EPSILON] if fewest == 0 else []
    least = max(fewest, 1)
    if beyond is None or least < beyond:
        digits = repeat(_DIGIT, least - 1, None if beyond is None else beyond - 2)
        tails.append(concat(_POINT, digits, _NONZERO))
    return concat(_WHOLE, union(*tails))


def _magnitude(low: tuple[Decimal, int], high: tuple[Decimal, int]) -> Language:
    """Unsigned numerals between two cuts at or above zero."""
    anything = concat(_WHOLE, union(EPSILON, concat(_POINT, _DIGITS)))
    at_least = anything if low <= (_ZERO, 0) else _compare(low[0], above=True, itself=low[1] == 0)
    at_most = anything if high[0].is_infinite() else _compare(high[0], above=False, itself=high[1] == 1)
    return intersection(at_least, at_most)


def _compare(bound: Decimal, *, above: bool, itself: bool) -> Language:
    """Unsigned numerals (no leading zeros) above or below a bound of at least zero, with or without itself."""
    whole, _, fraction = format(bound, "f").partition(".")
    whole = whole.lstrip("0") or "0"
    fraction = fraction.rstrip("0")
    beyond = concat(_whole(whole, above=above), union(EPSILON, concat(_POINT, _DIGITS)))
    tail = _fraction(fraction, above=above, itself=itself)
    bare = itself if not fraction else not above
    same = concat(literal(whole), union(EPSILON if bare else EMPTY, concat(_POINT, tail)))
    return union(beyond, same)


def _whole(bound: str, *, above: bool) -> Language:
    """Whole numbers strictly above or below a bound, without leading zeros."""
    size = len(bound)
    alternatives: list[Language] = []
    if above:
        alternatives.append(concat(_NONZERO, repeat(_DIGIT, size)))
    elif size > 1:
        alternatives += (literal("0"), concat(_NONZERO, repeat(_DIGIT, 0, size - 2)))
    for i, digit in enumerate(bound):
        better = _digits_beyond(digit, above=above, first=i == 0 and size > 1)
        alternatives.append(concat(literal(bound[:i]), better, repeat(_DIGIT, size - i - 1, size - i - 1)))
    return union(*alternatives)


def _digits_beyond(digit: str, *, above: bool, first: bool) -> Language:
    low, high = (int(digit) + 1, 9) if above else (1 if first else 0, int(digit) - 1)
    return chars(Charset.of((str(low), str(high)))) if low <= high else EMPTY


def _fraction(bound: str, *, above: bool, itself: bool) -> Language:
    """Fraction digits (trailing zeros allowed) above or below those of a bound that has no trailing zeros."""
    more = _DIGITS if itself else concat(_ZEROS, _NONZERO, _DIGITS)
    less = _ZEROS if itself else EMPTY
    result = more if above else less
    for digit in reversed(bound):
        better = concat(_digits_beyond(digit, above=above, first=False), _DIGITS)
        result = union(better, concat(literal(digit), result), EMPTY if above else EPSILON)
    return result
