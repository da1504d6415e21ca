"""What storage does to a number by itself: it rounds or cuts decimals, and keeps it within bounds.

Sources: PostgreSQL 15, 8.1.2 ("rounds ties away from zero"); MySQL 8.4, 14.24.4 and 7.1.11; SQL Server, "decimal and
numeric"; Oracle Database 23, "NUMBER Data Type".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...values import steps
from ...values.charset import Charset
from ...values.notation import number_of
from ...values.numberset import NumberSet, decimals
from ...values.textset import TextSet
from ...values.transducer import IDENTITY, CharMap, Move, Transducer
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from ...values.numberset import Cut, Cuts
    from ...values.transducer import Phase
    from ...values.valueset import Value
    from ..transform import NoValue

_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)
_HALF = Decimal("0.5")


@dataclass(frozen=True)
class Rounded:
    """A number with at most `places` decimals: half away from zero, or with `cut`, the rest dropped. Others stay."""

    places: int
    cut: bool = False

    @property
    def name(self) -> str:
        return "round"

    @property
    def sentence(self) -> str:
        whole = "a whole number" if self.places == 0 else f"{self.places} decimal{'s' * (self.places > 1)}"
        return f"{'cut' if self.cut else 'rounded'} to {whole}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if isinstance(value, bool) or not isinstance(value, Decimal):
            return value
        if decimals(value) <= self.places:
            return value
        unit = Decimal(1).scaleb(-self.places, _EXACT)
        rounded = value.quantize(unit, ROUND_DOWN if self.cut else ROUND_HALF_UP, context=_EXACT)
        return number_of(rounded)

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return replace(accepted, numbers=self._before(accepted.numbers))

    def _before(self, numbers: NumberSet) -> NumberSet:
        """The numbers that become one of these.

        Where it does not matter how many of the decimals are used, the numbers from half a unit before to half a unit
        after each span of them; else it is told by their notations.
        """
        held = numbers & NumberSet.scale(self.places)
        by_decimals = {steps.at(held.bands, n) for n in range(self.places + 1)}
        if held.written is TextSet.full() and len(by_decimals) == 1:
            return NumberSet(steps.constant(self._widened(*by_decimals)))
        return NumberSet.spelled(held.as_text.back(RoundingMachine(self.places, self.cut)))

    def _widened(self, cuts: Cuts) -> Cuts:
        widened: list[Cut] = []
        for i in range(0, len(cuts), 2):
            low, high = self._first(cuts[i]), self._first(cuts[i + 1])
            if low is not None and high is not None and low >= high:
                continue  # no multiple of the unit lies between
            ends = (
                ((Decimal("-Infinity"), 1) if low is None else self._edge(low)),
                ((Decimal("Infinity"), 0) if high is None else self._edge(high)),
            )
            if widened and widened[-1] == ends[0]:
                widened[-1] = ends[1]
            else:
                widened += ends
        return tuple(widened)

    def _first(self, cut: Cut) -> Decimal | None:
        """The first multiple of the unit at or after a cut, in units; None for a cut at infinity."""
        number, after = cut
        if number.is_infinite():
            return None
        units = number.scaleb(self.places, _EXACT)
        whole = units.to_integral_value(rounding="ROUND_CEILING", context=_EXACT)
        return whole + 1 if after and whole == units else whole

    def _edge(self, units: Decimal) -> Cut:
        """The cut before the numbers that become at least so many units."""
        if self.cut:  # towards zero: 1 unit is reached at 1; -1 unit is left just after -2, and 0 units just after -1
            edge = (units, 0) if units > 0 else (units - 1, 1)
        else:  # half away from zero: 1 unit is reached at 0.5; 0 units just after -0.5
            edge = (units - _HALF, 0) if units > 0 else (units - _HALF, 1)
        return edge[0].scaleb(-self.places, _EXACT), edge[1]

    @cached_property
    def unaltered(self) -> ValueSet:
        return replace(ValueSet.everything(), numbers=NumberSet.scale(self.places))

    @property
    def apart(self) -> ValueSet:
        """The numbers that stay as they are."""
        return self.unaltered


_DIGITS = "0123456789"
_UP = CharMap("the next digit", {ord(_DIGITS[n]): _DIGITS[(n + 1) % 10] for n in range(10)})


@dataclass(frozen=True)
class RoundingMachine(Transducer):
    """Reads a plain notation and writes that of the rounded number.

    It guesses at each digit whether one is carried to it, at each zero after the point whether another digit follows, and
    at a minus sign whether the number becomes zero. A phase is (place, carry, fraction, sign):

        place      "start", "signed", "whole", the number of decimals read, and "rest" after the one that decides
        carry      the carry that was guessed, and is still to be seen
        fraction   "none" written yet, "some", "owed" (zeros stand, a digit must follow), "zeros" (none may follow)
        sign       "nonzero": a digit is still to come that is not 0; "zero": none may; "" it does not matter
    """

    places: int
    cut: bool

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        step: tuple[tuple[int, ...], tuple[int, ...]] = steps.constant(-1)
        for kind, character in enumerate(_DIGITS + ".-"):
            step = steps.merge(step, steps.indicator(Charset.of(character), kind, -1), max)
        return step

    @property
    def rejects(self) -> bool:
        return True

    @property
    def guesses(self) -> bool:
        return True

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((("start", 0, "none", ""), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        place, carry, fraction, sign = phase
        match character_class, place:
            case 11, "start":
                return Move(("signed", 0, "none", "nonzero"), None, "-"), Move(("signed", 0, "none", "zero"), None)
            case 10, "whole":
                return (Move((0, carry, fraction, sign), None),)
            case ((-1 | 10 | 11), _):
                return ()
            case _, "rest":
                return (Move(phase, None),)
            case digit, self.places:
                decided = Move(("rest", 0, fraction, sign), None)
                return (decided,) if carry == (digit >= 5 and not self.cut) else ()
            case digit, ("start" | "signed"):
                return (*self._digit(phase, digit, 0), *self._digit(phase, digit, 1))
            case digit, _:
                return self._digit(phase, digit, carry)

    @staticmethod
    def _digit(phase: Phase, digit: int, carried_on: int) -> tuple[Move, ...]:
        """The moves on a digit that stays, from which `carried_on` is carried to the one before."""
        place, _, fraction, sign = phase
        moves: list[Move] = []
        for carry in (0, 1):
            if (digit + carry) // 10 != carried_on:
                continue
            image, written = (_UP if carry else IDENTITY), (digit + carry) % 10
            is_zero = written == 0 and not (carried_on and place in {"start", "signed"})
            if not is_zero and (sign == "zero" or fraction == "zeros"):
                continue
            told = sign if is_zero or sign == "zero" else ""
            if not isinstance(place, int):
                before = "1" if carried_on and place != "whole" else ""
                moves.append(Move(("whole", carry, fraction, told), image, before))
                continue
            point = "." if fraction == "none" else ""
            if written:
                moves.append(Move((place + 1, carry, "some", told), image, point))
                continue
            if fraction != "owed":
                moves.append(Move((place + 1, carry, "zeros", told), None))
            if fraction != "zeros":
                moves.append(Move((place + 1, carry, "owed", told), image, point))
        return tuple(moves)

    def end(self, phase: Phase) -> str | None:
        place, carry, fraction, sign = phase
        is_open = place in {"start", "signed"} or carry or fraction == "owed" or sign == "nonzero"
        return None if is_open else ""

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002
        return 1, None if high is None else high + 1

    @property
    def idempotent(self) -> bool:
        return True


@dataclass(frozen=True)
class Clamped:
    """A number, date or time below the lowest becomes the lowest, one above the highest the highest; None: no such end."""

    low: Value
    high: Value

    @property
    def name(self) -> str:
        return "clamp"

    @property
    def sentence(self) -> str:
        return "kept within its bounds"

    @property
    def exact(self) -> Literal[True]:
        return True

    @cached_property
    def _below(self) -> ValueSet:
        return ValueSet.nothing() if self.low is None else ValueSet.between(None, self.low, hi_open=True)

    @cached_property
    def _above(self) -> ValueSet:
        return ValueSet.nothing() if self.high is None else ValueSet.between(self.high, None, lo_open=True)

    def apply(self, value: Value) -> Value | NoValue:
        return self.low if value in self._below else self.high if value in self._above else value

    def preimage(self, accepted: ValueSet) -> ValueSet:
        before = accepted - self._below - self._above
        if self.low is not None and self.low in accepted:
            before = before | self._below
        return before | self._above if self.high is not None and self.high in accepted else before

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything() - self._below - self._above

    @property
    def apart(self) -> ValueSet:
        """What stays as it is."""
        return self.unaltered
