"""Arithmetic on the notation of numbers, digit by digit from the left: times a number plus a number, quotient, remainder.

x          3 . 2 5          from the left the carry is not known: it is guessed, and checked at the next digit
x * 1.2    3 . 9
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ...values import steps
from ...values.charset import Charset
from ...values.transducer import Move, Transducer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...values.transducer import Phase

_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)
_DIGITS = "0123456789"
_POINT, _MINUS = 10, 11
_START, _SIGNED = "start", "signed"


@dataclass(frozen=True)
class NotationMachine(Transducer):
    """A machine that reads the plain notation of a number: the classes are its digits, the point and the minus sign."""

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


_LEADING, _WHOLE, _UNITS, _FRACTION, _OWED, _ZEROS = range(6)
"""What is written: nothing but zeros that are left out, digits, the digit of the units, decimals, zeros after which a
digit must come, and zeros that are left out after which none may come."""

_NO_FRACTION = frozenset((_UNITS, _FRACTION, _ZEROS))
"""Where a notation may end."""


def _write(written: int, place: int, digit: int) -> Iterator[tuple[int, str]]:
    """What stands after a digit at a place (0: the units, below: decimals), and the text of it; guesses at zeros."""
    if place > 0:
        if written == _LEADING and digit == 0:
            yield _LEADING, ""
        else:
            yield _WHOLE, _DIGITS[digit]
    elif place == 0:
        yield _UNITS, _DIGITS[digit]
    elif written == _ZEROS:
        if digit == 0:
            yield _ZEROS, ""
    else:
        point = "." if written == _UNITS else ""
        yield (_FRACTION if digit else _OWED), point + _DIGITS[digit]
        if digit == 0 and written != _OWED:
            yield _ZEROS, ""


class _Phase(NamedTuple):
    """While digits are read."""

    place: int
    """The place of the next digit that is read (0: the units), no higher than `_high` and no lower than `_low`."""
    is_point: bool
    """Whether the point comes next, or the end."""
    carry: int
    """What is to be carried from the digit at this place on."""
    written: int
    sign: int
    """Of the result: 1 or -1, which was guessed."""
    along: int
    """1 where the factor's part has the sign of the result, -1 where it has the other."""
    is_nonzero: bool


@dataclass(frozen=True)
class LinearMachine(NotationMachine):
    """Reads the plain notation of a number, and writes that of the number times `factor`, plus `offset`.

    It guesses the sign of the result, how many digits come before the point where that matters, each carry, and of each
    zero after the point whether another digit follows.
    """

    factor: Decimal
    offset: Decimal

    @cached_property
    def _times(self) -> tuple[int, int]:
        """The factor's digits without the zeros at their end, and the number of its decimals (below zero: zeros)."""
        _, digits, exponent = self.factor.normalize(_EXACT).as_tuple()
        return int("".join(map(str, digits))), -int(exponent)

    @cached_property
    def _plus(self) -> tuple[int, int]:
        """The offset's digits, and how many of them are decimals."""
        _, digits, exponent = self.offset.normalize(_EXACT).as_tuple()
        number = int("".join(map(str, digits)))
        return (number, -int(exponent)) if int(exponent) < 0 else (number * 10 ** int(exponent), 0)

    @cached_property
    def _high(self) -> int:
        """A place from which on the offset has no digits, and the result's point is far."""
        number, decimals = self._plus
        top = len(str(number)) - decimals - 1
        return max(0, top + self._times[1], self._times[1]) + 1

    @cached_property
    def _low(self) -> int:
        """A place from which on the offset has no digits, and both points have been."""
        return min(-1, self._times[1] - 1, self._times[1] - self._plus[1] - 1)

    def _sign_of_offset(self, sign: int) -> int:
        return sign if self.offset > 0 else -sign

    def _digit_of_offset(self, place: int) -> int:
        number, decimals = self._plus
        return number // 10 ** (place + decimals) % 10 if place + decimals >= 0 else 0

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (*self._chosen(1), (_SIGNED, ""))

    def _chosen(self, sign: int) -> tuple[tuple[Phase, str], ...]:
        """The guesses before the first digit of a number of a sign, each with what is written before it."""
        factor, shift = self._times
        number, decimals = self._plus
        found: list[tuple[Phase, str]] = []
        for of_result in (1, -1):
            along = sign * of_result * (1 if self.factor > 0 else -1)
            for place in range(self._high + 1):
                unit = place - shift + 1  # the place, in the result, of what is written before the first digit
                above = number // 10 ** max(unit + decimals, 0) * 10 ** max(-unit - decimals, 0)
                offset = 0 if place == self._high else self._sign_of_offset(of_result) * above
                for carry in range(-factor - 1, factor + 1):
                    if offset + carry < 0:
                        continue
                    minus = "-" if of_result < 0 else ""
                    for written, text in self._before(offset + carry, unit):
                        phase = _Phase(
                            place,
                            is_point=False,
                            carry=carry,
                            written=written,
                            sign=of_result,
                            along=along,
                            is_nonzero=offset + carry > 0,
                        )
                        found.append((phase, minus + text))
        return tuple(found)

    @staticmethod
    def _before(number: int, unit: int) -> list[tuple[int, str]]:
        """The digits of a number whose last one stands at a place."""
        digits = str(number)
        top = max(len(digits) - 1 + unit, 0)
        if unit > 0:
            return [(_WHOLE, digits) if number else (_LEADING, "")]
        texts = [(_LEADING, "")]
        for place in range(top, unit - 1, -1):
            digit = number // 10 ** (place - unit) % 10
            texts = [(after, text + more) for before, text in texts for after, more in _write(before, place, digit)]
        return texts

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if phase == _SIGNED:
            if character_class != _MINUS:
                return ()
            return tuple(Move(chosen, None, text) for chosen, text in self._chosen(-1))
        if phase.is_point:
            return (Move(phase._replace(is_point=False), None),) if character_class == _POINT else ()
        return tuple(self._digit(phase, character_class)) if 0 <= character_class <= 9 else ()

    def _digit(self, phase: _Phase, digit: int) -> Iterator[Move]:
        factor, shift = self._times
        place = phase.place - shift
        own = (
            self._digit_of_offset(place) * self._sign_of_offset(phase.sign)
            if self._low < phase.place < self._high
            else 0
        )
        known = phase.along * factor * digit + own
        if phase.place == self._high:
            following: tuple[int, ...] = (self._high, self._high - 1)
        else:
            following = (max(phase.place - 1, self._low),)
        for result in range(10):
            carry = result + 10 * phase.carry - known
            if -factor - 1 <= carry <= factor:
                for written, text in _write(phase.written, place, result):
                    for after in following:
                        to = _Phase(
                            after,
                            phase.place == 0,
                            carry,
                            written,
                            phase.sign,
                            phase.along,
                            phase.is_nonzero or result > 0,
                        )
                        yield Move(to, None, text)

    def end(self, phase: Phase) -> str | None:
        """The digits that the offset has after the last one that was read."""
        if phase == _SIGNED or phase.place >= 0:
            return None
        number, decimals = self._plus
        place = phase.place - self._times[1]
        unit = 10 ** max(place + 1 + decimals, 0)
        rest = self._sign_of_offset(phase.sign) * (number % unit)
        if phase.carry != (0 if rest >= 0 else -1):
            return None
        rest = rest % unit
        texts = [(phase.written, "")]
        for at in range(place, min(-decimals, 0) - 1, -1):
            digit = rest // 10 ** (at + decimals) % 10 if at + decimals >= 0 else 0
            texts = [(after, text + more) for before, text in texts for after, more in _write(before, at, digit)]
        if phase.sign < 0 and not phase.is_nonzero and rest == 0:
            return None
        return next((text for written, text in texts if written in _NO_FRACTION), None)


@dataclass(frozen=True)
class QuotientMachine(NotationMachine):
    """Reads a plain notation, and writes that of the number divided by a whole one, cut towards zero.

    A phase is (place, remainder, sign): the place is "start", "signed", "leading" while all digits written are zeros,
    "whole", or "rest" after the point; the sign "nonzero": a digit is still to come that is not 0, "zero": none may.
    """

    divisor: int

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((_START, 0, ""), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        place, remainder, sign = phase
        match character_class, place:
            case 11, "start":
                return Move((_SIGNED, 0, "nonzero"), None, "-"), Move((_SIGNED, 0, "zero"), None)
            case 10, ("leading" | "whole"):
                return (Move(("rest leading" if place == "leading" else "rest", 0, sign), None),)
            case ((-1 | 10 | 11), _):
                return ()
            case _, ("rest" | "rest leading"):
                return (Move(phase, None),)
            case digit, _:
                quotient, left = divmod(remainder * 10 + digit, self.divisor)
                if quotient == 0 and place != "whole":
                    return (Move(("leading", left, sign), None),)
                if sign == "zero":
                    return ()
                return (Move(("whole", left, ""), None, str(quotient)),)

    def end(self, phase: Phase) -> str | None:
        place, _, sign = phase
        if place in {_START, _SIGNED} or sign == "nonzero":
            return None
        return "0" if place in {"leading", "rest leading"} else ""


@dataclass(frozen=True)
class RemainderMachine(NotationMachine):
    """Accepts the plain notations of whole multiples of a number, and writes nothing. The phase is the remainder."""

    divisor: int

    @property
    def guesses(self) -> bool:
        return False

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((_START, ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if character_class == _MINUS and phase == _START:
            return (Move(_SIGNED, None),)
        if not 0 <= character_class <= 9:
            return ()
        remainder = 0 if phase in {_START, _SIGNED} else phase
        return (Move((remainder * 10 + character_class) % self.divisor, None),)

    def end(self, phase: Phase) -> str | None:
        return "" if phase == 0 else None


@dataclass(frozen=True)
class ModuloMachine(NotationMachine):
    """Reads a plain notation, and writes that of what is left of the number by a whole one, with the number's sign.

    The decimals are left as they are. A phase is (place, remainder, sign) as of `QuotientMachine`: of a number below zero
    it guesses whether anything is left.
    """

    divisor: int

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((_START, 0, ""), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        place, remainder, sign = phase
        match character_class, place:
            case 11, "start":
                return Move(("whole", 0, "nonzero"), None, "-"), Move(("whole", 0, "zero"), None)
            case 10, "whole" if sign != "zero":
                return (Move(("rest", 0, ""), before=str(remainder)),)
            case ((-1 | 10 | 11), _):
                return ()
            case _, "rest":
                return (Move(phase),)
            case digit, _:
                return (Move(("whole", (remainder * 10 + digit) % self.divisor, sign), None),)

    def end(self, phase: Phase) -> str | None:
        place, remainder, sign = phase
        if place == "rest":
            return ""
        if place == _START or (sign == "nonzero") > (remainder > 0) or (sign == "zero" and remainder):
            return None
        return str(remainder)
