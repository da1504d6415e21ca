"""Arithmetic with a fixed number: add, multiply, divide, remainder, round, within. Exact on decimals of any length.

    x + 1.5        every interval moved           how many decimals a sum needs is told by the last ones of x
    x * 1.24       every interval stretched       else by the notation of the product, written digit by digit
    x / 100        cut to a whole number, towards zero

Sources: ISO/IEC 9075-2, 6.27 (numeric value expression); PostgreSQL 15, 9.3, `/`, `%` and `round`; MariaDB 10.11, DIV.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...values import steps
from ...values.notation import is_number, number_of
from ...values.numberset import NumberSet, decimals
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..transform import REJECTED, TransformError
from .arithmetic_machines import LinearMachine, ModuloMachine, QuotientMachine, RemainderMachine
from .number import Rounded

if TYPE_CHECKING:
    from ...values.numberset import Cuts
    from ...values.valueset import Value
    from ..transform import NoValue

_EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)


@dataclass(frozen=True)
class NumberTransform:
    """A step on numbers. Null stays null; a value that is no number is rejected."""

    @property
    def name(self) -> str:
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        raise NotImplementedError

    @property
    def exact(self) -> Literal[True]:
        return True

    def calculate(self, number: Decimal) -> Decimal | NoValue:
        """The step itself, on one number."""
        raise NotImplementedError

    def before(self, numbers: NumberSet) -> NumberSet:
        """The numbers that become one of these."""
        raise NotImplementedError

    def type_after(self, of_type: str) -> str:
        """The type of its results for numbers of a type."""
        return of_type if of_type in {"integer", "decimal"} else "decimal"

    def decimals_after(self, written: int) -> int:
        """The decimals that a database writes of its results, where it writes so many of the numbers themselves."""
        return written

    def apply(self, value: Value) -> Value | NoValue:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not is_number(Decimal(value)):
            return REJECTED
        result = self.calculate(Decimal(value))
        if isinstance(result, Decimal):
            return number_of(result) if is_number(result) else REJECTED
        return result

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return replace(ValueSet.nothing(), null=accepted.null, numbers=self.before(accepted.numbers))

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()

    @cached_property
    def apart(self) -> ValueSet:
        """Values of which no two become equal."""
        return replace(ValueSet.nothing(), null=True, numbers=self.unaltered.numbers)


def _mapped(cuts: Cuts, factor: Decimal, offset: Decimal) -> Cuts:
    """The cuts of the numbers that times `factor`, plus `offset`, lie between these."""
    moved = []
    for number, after in cuts:
        if number.is_infinite():
            moved.append((-number if factor < 0 else number, 1 - after if factor < 0 else after))
            continue
        back = _EXACT.divide(_EXACT.subtract(number, offset), factor)
        moved.append((back, 1 - after if factor < 0 else after))
    return tuple(reversed(moved)) if factor < 0 else tuple(moved)


def _terminates(factor: Decimal) -> bool:
    """Whether one divided by it has an end, so that cuts are carried back exactly."""
    digits = int(factor.normalize(_EXACT).scaleb(decimals(factor), _EXACT).copy_abs())
    for prime in (2, 5):
        while digits % prime == 0:
            digits //= prime
    return digits == 1


def _scale(number: Decimal) -> int:
    """The decimals that a number is written with: two, of 1.50."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _is_plain(numbers: NumberSet) -> bool:
    """Whether neither the spelling of a number matters nor how many decimals it needs."""
    return numbers.written is TextSet.full() and len(numbers.bands[1]) == 1


@dataclass(frozen=True)
class Added(NumberTransform):
    """A number so much greater; below zero: smaller."""

    number: Decimal

    @property
    def name(self) -> str:
        return "add"

    @property
    def sentence(self) -> str:
        return f"{abs(self.number)} {'subtracted' if self.number < 0 else 'added'}"

    def calculate(self, number: Decimal) -> Decimal:
        return _EXACT.add(number, self.number)

    def type_after(self, of_type: str) -> str:
        return of_type if of_type == "integer" and decimals(self.number) == 0 else "decimal"

    def decimals_after(self, written: int) -> int:
        return max(written, _scale(self.number))

    def before(self, numbers: NumberSet) -> NumberSet:
        needed = decimals(self.number)
        few = {steps.at(numbers.bands, n) for n in range(needed + 1)}
        if numbers.written is TextSet.full() and len(few) == 1:  # a sum of fewer decimals is held as one of as many
            return NumberSet(steps.transform(numbers.bands, lambda cuts: _mapped(cuts, Decimal(1), self.number)))
        return NumberSet.spelled(numbers.as_text.back(LinearMachine(Decimal(1), self.number)))


@dataclass(frozen=True)
class Multiplied(NumberTransform):
    """A number so many times."""

    factor: Decimal

    def __post_init__(self) -> None:
        if not self.factor:
            raise TransformError('every number times 0 is 0: write {constant: "0"}', "by")

    @property
    def name(self) -> str:
        return "multiply"

    @property
    def sentence(self) -> str:
        return f"multiplied by {self.factor}"

    def calculate(self, number: Decimal) -> Decimal:
        return _EXACT.multiply(number, self.factor)

    def type_after(self, of_type: str) -> str:
        return of_type if of_type == "integer" and decimals(self.factor) == 0 else "decimal"

    def decimals_after(self, written: int) -> int:
        return written + _scale(self.factor)

    def before(self, numbers: NumberSet) -> NumberSet:
        if _is_plain(numbers) and _terminates(self.factor):
            return NumberSet(steps.transform(numbers.bands, lambda cuts: _mapped(cuts, self.factor, Decimal(0))))
        return NumberSet.spelled(numbers.as_text.back(LinearMachine(self.factor, Decimal(0))))


@dataclass(frozen=True)
class Divided(NumberTransform):
    """A number divided by a whole one, the rest dropped: towards zero."""

    divisor: int

    @property
    def name(self) -> str:
        return "divide"

    @property
    def sentence(self) -> str:
        return f"divided by {self.divisor}, the rest dropped"

    def calculate(self, number: Decimal) -> Decimal:
        return _EXACT.divide_int(number, Decimal(self.divisor))

    def type_after(self, of_type: str) -> str:  # noqa: ARG002 - always a whole number
        return "integer"

    def decimals_after(self, written: int) -> int:  # noqa: ARG002 - always a whole number
        return 0

    def before(self, numbers: NumberSet) -> NumberSet:
        whole = numbers & NumberSet.scale(0)
        if whole.written is TextSet.full():
            near = Rounded(0, cut=True).preimage(ValueSet.number(whole)).numbers
            if _is_plain(near):
                by = Decimal(self.divisor)
                return NumberSet(
                    steps.transform(
                        near.bands,
                        lambda cuts: tuple(
                            (n if n.is_infinite() else _EXACT.multiply(n, by), after) for n, after in cuts
                        ),
                    )
                )
        return NumberSet.spelled(whole.as_text.back(QuotientMachine(self.divisor)))

    @cached_property
    def unaltered(self) -> ValueSet:
        """The multiples of the divisor: no rest is dropped."""
        multiples = NumberSet.spelled(TextSet.full().back(RemainderMachine(self.divisor)))
        return replace(ValueSet.everything(), numbers=multiples)


@dataclass(frozen=True)
class Remainder(NumberTransform):
    """What is left of a number divided by a whole one, with the sign of the number: 7 of 107 by 100, -7 of -107."""

    divisor: int

    @property
    def name(self) -> str:
        return "remainder"

    @property
    def sentence(self) -> str:
        return f"what is left, divided by {self.divisor}"

    def calculate(self, number: Decimal) -> Decimal:
        return _EXACT.remainder(number, Decimal(self.divisor))

    def before(self, numbers: NumberSet) -> NumberSet:
        return NumberSet.spelled(numbers.as_text.back(ModuloMachine(self.divisor)))

    @cached_property
    def unaltered(self) -> ValueSet:
        """The numbers that are left as they are."""
        small = NumberSet.between(Decimal(-self.divisor), Decimal(self.divisor), lo_open=True, hi_open=True)
        return replace(ValueSet.everything(), numbers=small)


@dataclass(frozen=True)
class RoundedTo(NumberTransform):
    """A number with at most so many decimals: half away from zero, or with `cut`, the rest dropped."""

    places: int
    cut: bool = False

    @property
    def name(self) -> str:
        return "round"

    @property
    def sentence(self) -> str:
        return self._storage.sentence

    @cached_property
    def _storage(self) -> Rounded:
        return Rounded(self.places, self.cut)

    def calculate(self, number: Decimal) -> Decimal | NoValue:
        rounded = self._storage.apply(number)
        return Decimal(rounded) if isinstance(rounded, int | Decimal) else REJECTED

    def type_after(self, of_type: str) -> str:  # noqa: ARG002 - as many decimals as asked for are written
        return "integer" if self.places == 0 else "decimal"

    def decimals_after(self, written: int) -> int:  # noqa: ARG002 - as many as asked for
        return self.places

    def before(self, numbers: NumberSet) -> NumberSet:
        return self._storage.preimage(ValueSet.number(numbers)).numbers

    @cached_property
    def unaltered(self) -> ValueSet:
        return self._storage.unaltered


@dataclass(frozen=True)
class Within(NumberTransform):
    """A number that the step rejects outside its bounds, as arithmetic fails where a result is too large for its type."""

    low: Decimal | None
    high: Decimal | None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise TransformError(f"{self.low} is greater than {self.high}", "min")

    @property
    def name(self) -> str:
        return "within"

    @property
    def sentence(self) -> str:
        ends = [
            *([] if self.low is None else [f"below {self.low}"]),
            *([] if self.high is None else [f"above {self.high}"]),
        ]
        return f"fails {' and '.join(ends)}"

    @cached_property
    def _held(self) -> NumberSet:
        return NumberSet.between(self.low, self.high)

    def calculate(self, number: Decimal) -> Decimal | NoValue:
        return number if number in self._held else REJECTED

    def before(self, numbers: NumberSet) -> NumberSet:
        return numbers & self._held
