"""What storage does to an instant by itself: it rounds or cuts the fraction of its second.

Sources: PostgreSQL 15, 8.5; MySQL 8.4, 13.2.6; MariaDB, "TIMESTAMP" and "Microseconds in MariaDB"; SQL Server, "datetime2".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...values import steps
from ...values.numberset import NumberSet
from ...values.valueset import ValueSet, instant_number, instant_of
from ..transform import chain_preimage
from .arithmetic import Added
from .number import Rounded

if TYPE_CHECKING:
    from ...values.valueset import Value

_HALF = Decimal("0.5")
_END = instant_number(datetime.max.replace(tzinfo=UTC))
_START = instant_number(datetime.min.replace(tzinfo=UTC))
_TURN = instant_number(datetime(2000, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class RoundedInstant:
    """An instant with at most `places` decimals of a second: the nearest, the later of two; with `cut`, the one before it.

    Other values stay.
    """

    places: int
    cut: bool = False
    mirrored: bool = False
    """Whether of two the earlier one is taken before the year 2000: PostgreSQL counts from there, away from zero."""

    @property
    def name(self) -> str:
        return "round"

    @property
    def sentence(self) -> str:
        whole = f"{self.places} decimal{'s' * (self.places > 1)} of a second" if self.places else "whole seconds"
        return f"{'cut' if self.cut else 'rounded'} to {whole}"

    @property
    def exact(self) -> Literal[True]:
        return True

    @property
    def _last(self) -> Decimal:
        """The last unit of the year 9999: what is nearer to the next one becomes it, too."""
        return _END.scaleb(self.places).to_integral_value(ROUND_FLOOR)

    @property
    def _before(self) -> Decimal:
        """How far before a unit the instants begin that become it, in units."""
        return Decimal(0) if self.cut else _HALF

    def apply(self, value: Value) -> Value:
        if not isinstance(value, datetime):
            return value
        units = instant_number(value).scaleb(self.places) + self._before
        whole = units.to_integral_value(ROUND_FLOOR)
        if whole == units and self._side(whole) and not self.cut:
            whole -= 1
        return instant_of(min(whole, self._last).scaleb(-self.places))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        held = accepted.instants & NumberSet.scale(self.places)
        units = held.in_units(self.places)
        seconds = self._by_notation(held) if units is None else self._by_spans(units)
        return replace(accepted, instants=ValueSet.datetimes(seconds).instants)

    def _by_spans(self, units: NumberSet) -> NumberSet:
        """The instants, half a unit before to half a unit after each span of units."""
        last, before = self._last, self._before
        cuts = [(n - before, self._side(n)) if n <= last else (n, 0) for n in _first_units(units)]
        return NumberSet(steps.constant(tuple((number.scaleb(-self.places), side) for number, side in cuts)))

    def _by_notation(self, held: NumberSet) -> NumberSet:
        """The same, where it matters how many decimals are used: by the notations of the numbers.

        Counted from the first instant, where no number is negative, away from zero is later; PostgreSQL counts from 2000.
        """
        origin = _TURN if self.mirrored and not self.cut else _START
        counted = (Added(-origin), Rounded(self.places, self.cut), Added(origin))
        seconds = chain_preimage(counted, ValueSet.number(held)).numbers
        end = self._last.scaleb(-self.places)
        return seconds | NumberSet.between(end, None) if end in held else seconds

    def _side(self, unit: Decimal) -> int:
        """1 where the instant half a unit before it does not become it, else 0."""
        return int(self.mirrored and not self.cut and unit <= _TURN.scaleb(self.places))

    @cached_property
    def unaltered(self) -> ValueSet:
        """All: a fraction of a second is told once an estate, and never as a loss."""
        return ValueSet.everything()

    @property
    def apart(self) -> ValueSet:
        """The values that have no finer fraction."""
        everything = ValueSet.everything()
        return replace(everything, instants=everything.instants & NumberSet.scale(self.places))


def _first_units(units: NumberSet) -> list[Decimal]:
    """The spans of whole numbers: of each its first one, and the first one after it."""
    cuts: list[Decimal] = []
    for number, after in units.bands[1][0]:
        whole = number.to_integral_value("ROUND_CEILING")
        first = whole + 1 if after and whole == number else whole
        if cuts and cuts[-1] == first:
            cuts.pop()  # an empty span, or one that goes on
        else:
            cuts.append(first)
    return cuts
