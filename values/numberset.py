"""Exact sets of decimal numbers: intervals per number of decimals that a number needs.

    "0 to 99.99, at most two decimals, without 50"

          decimals 0, 1, 2 :   [0 ........ 50)(50 ........ 99.99]
          decimals 3 and up:   nothing

An interval set is an inversion list of cuts, as a character set is of bounds. A cut is just before (`(x, 0)`) or just
after (`(x, 1)`) a number. A set may also constrain the text of a number (`written`): so "the text of this number ends
in 7" is carried back through a cast, exactly. Dates, times and instants are sets of whole numbers (days, microseconds).
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_FLOOR, Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from . import steps
from .budget import STANDARD, BudgetExceeded
from .notation import is_number, plain_notation
from .numerals import numerals
from .textset import TextSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .budget import Budget

Cut = tuple[Decimal, int]
Cuts = tuple[Cut, ...]
NumberEnd = tuple[Decimal | None, bool]
"""The least or the greatest member of a set and False; or a limit that is no member and True; None: there is no limit."""
# Invariant: strictly ascending, of even length.

_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)
"""Nothing is rounded; Python's own context keeps 28 digits."""
_LOWEST: Cut = (Decimal("-Infinity"), 1)
_HIGHEST: Cut = (Decimal("Infinity"), 0)
_MOST_DECIMALS = 300
"""A double of 15 digits has no more, but for numbers that are nearly zero."""
_EVERYWHERE: Cuts = (_LOWEST, _HIGHEST)


def _complement(cuts: Cuts) -> Cuts:
    cuts = cuts[1:] if cuts and cuts[0] == _LOWEST else (_LOWEST, *cuts)
    return cuts[:-1] if cuts and cuts[-1] == _HIGHEST else (*cuts, _HIGHEST)


def _intersect(mine: Cuts, theirs: Cuts) -> Cuts:
    cuts: list[Cut] = []
    i = j = 0
    while i < len(mine) and j < len(theirs):
        low, high = max(mine[i], theirs[j]), min(mine[i + 1], theirs[j + 1])
        if low < high:
            cuts += (low, high)
        if mine[i + 1] < theirs[j + 1]:
            i += 2
        else:
            j += 2
    return tuple(cuts)


def _unite(mine: Cuts, theirs: Cuts) -> Cuts:
    return _complement(_intersect(_complement(mine), _complement(theirs)))


def decimals(number: Decimal) -> int:
    """The number of decimals a number needs: its scale without trailing zeros."""
    exponent = number.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class NumberSet:
    """A set of decimal numbers with `& | ~ - <= in`, `is_empty`, `witness`. Compared by content.

    A number of a very large or very small exponent (`is_number`) is in no set, as infinity is in none.
    """

    def __init__(self, bands: tuple[tuple[int, ...], tuple[Cuts, ...]], written: TextSet | None = None) -> None:
        self.bands = bands
        """Step function from the number of decimals to an interval set."""
        self.written = TextSet.full() if written is None else written
        """The plain notations that members may have."""

    @classmethod
    def full(cls) -> NumberSet:
        """Every decimal number."""
        return _FULL

    @classmethod
    def empty(cls) -> NumberSet:
        """No number."""
        return _EMPTY

    @classmethod
    def between(
        cls,
        low: Decimal | int | None = None,
        high: Decimal | int | None = None,
        *,
        lo_open: bool = False,
        hi_open: bool = False,
    ) -> NumberSet:
        """An interval; None: unbounded; `lo_open`/`hi_open`: the end itself is left out."""
        low_cut = _LOWEST if low is None else (Decimal(low), int(lo_open))
        high_cut = _HIGHEST if high is None else (Decimal(high), int(not hi_open))
        return cls(steps.constant((low_cut, high_cut) if low_cut < high_cut else ()))

    @classmethod
    def scale(cls, most: int) -> NumberSet:
        """Numbers that need at most `most` decimals; 0: whole numbers."""
        return cls(((most + 1,), (_EVERYWHERE, ())))

    @classmethod
    def significant(cls, most: int) -> NumberSet:
        """Numbers of at most `most` digits from the first that is not zero to the last; of at most 300 decimals."""
        limits = [Decimal(1).scaleb(most - decimals) for decimals in range(_MOST_DECIMALS + 1)]
        bands = [((-limit, 1), (limit, 0)) for limit in limits]
        return cls((tuple(range(1, len(bands) + 1)), (*bands, ())))

    @classmethod
    def spans(cls, spans: Iterable[tuple[int, int]]) -> NumberSet:
        """All numbers from `low` to just before `high`, of spans that are ascending and apart."""
        cuts: list[Cut] = []
        for low, high in spans:
            if low >= high:
                continue
            if cuts and cuts[-1][0] == low:
                cuts[-1] = (Decimal(high), 0)
            else:
                cuts += ((Decimal(low), 0), (Decimal(high), 0))
        return cls(steps.constant(tuple(cuts)))

    def in_units(self, places: int) -> NumberSet | None:
        """The members, of at most so many decimals, counted in units of the last one: as whole numbers.

        None where it matters how many of these decimals a member needs, or how it is written.
        """
        alike = {steps.at(self.bands, n) for n in range(places + 1)}
        if self.written is not TextSet.full() or len(alike) > 1:
            return None
        (cuts,) = alike
        counted = tuple((number.scaleb(places, _EXACT), side) for number, side in cuts)
        return NumberSet(steps.constant(counted)) & NumberSet.scale(0)

    def whole_from(self, least: int) -> Iterator[tuple[int, int | None]]:
        """The whole members from `least` on, as ascending ranges with both ends in them; None: without an end.

        Of a set whose notations are not restricted.
        """
        cuts = self.bands[1][0]
        for (low, low_side), (high, high_side) in zip(cuts[::2], cuts[1::2], strict=True):
            first = least if low.is_infinite() else max(least, int(low.to_integral_value(ROUND_FLOOR)))
            if Decimal(first) < low or (low_side and Decimal(first) == low):
                first += 1
            if high.is_infinite():
                yield first, None
                continue
            last = int(high.to_integral_value(ROUND_FLOOR))
            if not high_side and Decimal(last) == high:
                last -= 1
            if first <= last:
                yield first, last

    @classmethod
    def whole(cls, spans: Iterable[tuple[int, int]]) -> NumberSet:
        """The whole numbers in spans `low..high` (inclusive), which are ascending and apart; empty where low > high."""
        ends: list[int] = []  # in turn the first and the last number of a span
        for low, high in spans:
            if low > high:
                continue
            if ends and ends[-1] == low - 1:
                ends[-1] = high
            else:
                ends += (low, high)
        cuts: tuple[Cut, ...] = tuple((Decimal(end), place % 2) for place, end in enumerate(ends))
        return cls(((1,), (cuts, ()))) if cuts else cls.empty()

    @classmethod
    def spelled(cls, texts: TextSet) -> NumberSet:
        """Numbers whose plain notation is one of these texts."""
        return cls(steps.constant(_EVERYWHERE), texts)

    def __contains__(self, number: Decimal | int) -> bool:
        number = Decimal(number)
        if not is_number(number):
            return False
        cuts = steps.at(self.bands, decimals(number))
        if not bisect_right(cuts, (number, 0)) & 1:
            return False
        return self.written is TextSet.full() or plain_notation(number) in self.written

    def __and__(self, other: NumberSet) -> NumberSet:
        if self is other or other.is_full:
            return self
        if self.is_full:
            return other
        if not (any(self.bands[1]) and any(other.bands[1])):
            return _EMPTY
        return NumberSet(steps.merge(self.bands, other.bands, _intersect), self.written & other.written)

    def __or__(self, other: NumberSet) -> NumberSet:
        if self is other or not any(other.bands[1]):
            return self
        if not any(self.bands[1]):
            return other
        if self.written is other.written:
            return NumberSet(steps.merge(self.bands, other.bands, _unite), self.written)
        return NumberSet.spelled(self.as_text | other.as_text)

    def __invert__(self) -> NumberSet:
        outside = NumberSet(steps.transform(self.bands, _complement))
        return outside if self.written is TextSet.full() else outside | NumberSet.spelled(~self.written)

    def __sub__(self, other: NumberSet) -> NumberSet:
        return self & ~other if any(self.bands[1]) else self

    def __le__(self, other: NumberSet) -> bool:
        return (self - other).is_empty()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NumberSet) and self.bands == other.bands and self.written is other.written

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.bands, id(self.written)))

    def is_empty(self, budget: Budget = STANDARD) -> bool:
        """Whether no number is a member. Raises BudgetExceeded."""
        return self.witness(budget) is None

    def witness(self, budget: Budget = STANDARD) -> Decimal | None:
        """The member that is shortest to write, nearest to zero; None when there is none. Raises BudgetExceeded."""
        if self.written is not TextSet.full():
            text = self.as_text.witness(budget)
            return None if text is None else Decimal(text)
        candidates = [number for band in self._spans() for number in _simplest(*band)]
        return min(candidates, key=lambda x: (len(plain_notation(x.copy_abs())), x.copy_abs(), x), default=None)

    @property
    def ends(self) -> tuple[NumberEnd, NumberEnd] | None:
        """The least and the greatest member; None where there is no member, or where their spelling counts."""
        if self.written is not TextSet.full():
            return None
        lows, highs = [], []
        for fewest, beyond, low, high in self._spans():
            first, last = _first_member(fewest, beyond, low, high), _last_member(fewest, beyond, low, high)
            if first is not None and last is not None:
                lows.append(first)
                highs.append(last)
        if not lows:
            return None
        least = min(lows, key=lambda end: (end[0] is not None, end[0] or 0, end[1]))
        greatest = max(highs, key=lambda end: (end[0] is None, end[0] or 0, not end[1]))
        return least, greatest

    @property
    def is_full(self) -> bool:
        """Whether every number is a member."""
        return self.bands[1] == (_EVERYWHERE,) and self.written is TextSet.full()

    @cached_property
    def as_text(self) -> TextSet:
        """The plain notations of the members, exactly."""
        return TextSet.language(numerals(tuple(self._spans()))) & self.written

    def whole_spans(self, lowest: int, highest: int) -> Iterator[tuple[int, int]]:
        """The whole members between two ends (inclusive), as half-open spans, ascending.

        Raises BudgetExceeded where members depend on their spelling and there are too many to list.
        """
        cuts = _intersect(self.bands[1][0], ((Decimal(lowest), 0), (Decimal(highest), 1)))
        spans = [(_first_whole(cuts[i]), _first_whole(cuts[i + 1])) for i in range(0, len(cuts), 2)]
        for low, high in spans:
            if self.written is TextSet.full():
                yield low, high
            elif high - low > _LISTED:
                raise BudgetExceeded("whole numbers", high - low)
            else:
                yield from ((n, n + 1) for n in range(low, high) if str(n) in self.written)

    def _spans(self) -> Iterator[tuple[int, int | None, Cut, Cut]]:
        """(fewest decimals, one past the most or None, low cut, high cut) of every interval of every band."""
        bounds, targets = self.bands
        for low, high, cuts in zip((0, *bounds), (*bounds, None), targets, strict=True):
            for i in range(0, len(cuts), 2):
                yield low, high, cuts[i], cuts[i + 1]

    def __repr__(self) -> str:
        return f"NumberSet({self.bands})"


_FULL = NumberSet(steps.constant(_EVERYWHERE))
_EMPTY = NumberSet(steps.constant(()))


def _first_member(fewest: int, beyond: int | None, low: Cut, high: Cut) -> NumberEnd | None:
    """The least number of an interval that needs `fewest` decimals or more, but fewer than `beyond`; None: none does."""
    if not low[0].is_finite():
        return None, False
    if beyond is None:  # numbers of ever more decimals come as near to the cut as you like
        member = low[1] == 0 and decimals(low[0]) >= fewest
        return (low[0], False) if member else (low[0], True) if low[0] < high[0] else None
    scale = beyond - 1
    unit = Decimal(1).scaleb(-scale, _EXACT)
    number = low[0].scaleb(scale, _EXACT).to_integral_value(rounding="ROUND_CEILING").scaleb(-scale, _EXACT)
    for _ in range(12):  # of ten multiples in a row nine need every decimal
        if low <= (number, 0) < high and decimals(number) >= fewest:
            return number, False
        number = _EXACT.add(number, unit)
    return None


def _last_member(fewest: int, beyond: int | None, low: Cut, high: Cut) -> NumberEnd | None:
    """The greatest such number."""
    mirrored = ((_EXACT.minus(high[0]), 1 - high[1]), (_EXACT.minus(low[0]), 1 - low[1]))
    end = _first_member(fewest, beyond, *mirrored)
    return None if end is None else (None if end[0] is None else _EXACT.minus(end[0]), end[1])


_LISTED = 10_000
"""Whole numbers that are tried one by one when their spelling counts."""


def _first_whole(cut: Cut) -> int:
    """The first whole number at or after a cut."""
    towards_zero = int(cut[0])
    if cut[0] == towards_zero:
        return towards_zero + cut[1]
    return towards_zero + 1 if cut[0] > 0 else towards_zero


def _simplest(fewest: int, beyond: int | None, low: Cut, high: Cut) -> Iterator[Decimal]:
    """The simplest numbers of an interval that need `fewest` decimals or more, but fewer than `beyond`."""
    if low[0] == high[0]:
        if fewest <= decimals(low[0]) and (beyond is None or decimals(low[0]) < beyond):
            yield low[0]
        return
    scale = fewest
    while beyond is None or scale < beyond:
        numbers = [x for x in _grid(scale, low, high) if fewest <= decimals(x)]
        if numbers:
            yield from numbers
            return
        if beyond is None and scale > fewest + 400:
            return
        scale += 1


def _grid(scale: int, low: Cut, high: Cut) -> list[Decimal]:
    """Multiples of 10**-scale inside the cuts: the two nearest to each end, and those nearest to zero."""
    anchors = [Decimal(0)]
    anchors += (cut[0] for cut in (low, high) if cut[0].is_finite())
    multiples: list[Decimal] = []
    for anchor in anchors:
        whole = int(anchor.scaleb(scale, _EXACT).to_integral_value(rounding="ROUND_FLOOR"))
        for n in range(whole - 2, whole + 4):
            number = Decimal(n).scaleb(-scale, _EXACT)
            if low <= (number, 0) < high:
                multiples.append(number)
    return multiples
