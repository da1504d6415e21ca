"""The bounds that a constraint can have, in order: the axis that a ladder climbs.

A length counts down (or up) one at a time; a number or a date moves by the smallest step that its field holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from ...contracts.constraint import Constraint, Digits, Length, Range, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.constraint import Restriction
    from ...contracts.model import Field
    from ...values.valueset import Value

_UNBOUNDED = 65_535
"""Where an axis of lengths begins that has no bound yet, and where one ends that has no other end."""
_FURTHEST = 10**18
"""Where an axis of numbers ends that has no other end."""


def axes(field: Field) -> Iterator[Axis]:
    """The axes of a field's constraints, in the order of its contract; of a text without any length, that of its length."""
    for constraint in field.constraints:
        if (axis := _axis(field, constraint)) is not None:
            yield axis
    if field.type == "text" and not any(isinstance(each.restriction, Length) for each in field.constraints):
        yield _Lengths(field, "max_length", None, _UNBOUNDED, 0)


@dataclass(frozen=True)
class Axis(ABC):
    """The bounds of one constraint by their number of steps from the loosest: 0, 1, …, `steps`."""

    field: Field
    name: str
    constraint: Constraint | None
    """As it is; None: there is none."""

    @property
    @abstractmethod
    def steps(self) -> int:
        """How many steps there are."""

    @property
    @abstractmethod
    def unit(self) -> str | None:
        """What the bound counts, in words; None: it is a value."""

    @abstractmethod
    def bound(self, step: int) -> Value:
        """The bound after so many steps."""

    @abstractmethod
    def restriction(self, step: int) -> Restriction:
        """What a field must meet with the bound after so many steps."""

    def at(self, step: int) -> Constraint:
        """The constraint after so many steps."""
        restriction = self.restriction(step)
        if self.constraint is None:
            return Constraint(self.name, restriction, self.field.location)
        return replace(self.constraint, restriction=restriction)


@dataclass(frozen=True)
class _Lengths(Axis):
    """Lengths, down or up to an end."""

    start: int
    end: int

    @property
    def steps(self) -> int:
        return abs(self.end - self.start)

    @property
    def unit(self) -> str:
        return sentence(replace(self._like, low=None, high=2)).removeprefix("at most 2 ")

    def bound(self, step: int) -> int:
        return self.start + (step if self.end > self.start else -step)

    def restriction(self, step: int) -> Restriction:
        bound = self.bound(step)
        return (
            replace(self._like, low=bound, high=None)
            if self.end > self.start
            else replace(self._like, low=None, high=bound)
        )

    @property
    def _like(self) -> Length:
        known = None if self.constraint is None else self.constraint.restriction
        return known if isinstance(known, Length) else Length(None, None, "code points")


@dataclass(frozen=True)
class _Values(Axis):
    """Values of an ordered type, so many steps of a size apart, up or down to an end."""

    limit: Range
    count: int
    size: Decimal
    """Of a step; negative: downwards. Of dates: days."""

    @property
    def steps(self) -> int:
        return self.count

    @property
    def unit(self) -> None:
        return None

    def bound(self, step: int) -> Value:
        start = self.limit.low if self.limit.low is not None else self.limit.high
        if isinstance(start, date):
            return start + timedelta(days=int(self.size) * step)
        assert isinstance(start, int | Decimal)  # noqa: S101 - as the axis was made
        moved = start + self.size * step
        return int(moved) if self.field.type == "integer" else moved

    def restriction(self, step: int) -> Restriction:
        bound = self.bound(step)
        is_low = self.limit.low is not None
        return Range(bound if is_low else None, None if is_low else bound, self.limit.open)


def _axis(field: Field, constraint: Constraint) -> Axis | None:
    """The bounds of a constraint; None where it has none to climb."""
    name = constraint.name
    match constraint.restriction:
        case Length(None, int(most)):
            least = [
                other.restriction.low
                for other in field.constraints
                if isinstance(other.restriction, Length) and _unit(other.restriction) == _unit(constraint.restriction)
            ]
            return _Lengths(field, name, constraint, most, max((low for low in least if low), default=0))
        case Length(int(low), None):
            ends = [
                other.restriction.high
                for other in field.constraints
                if isinstance(other.restriction, Length) and _unit(other.restriction) == _unit(constraint.restriction)
            ]
            end = min((high for high in ends if high is not None), default=_UNBOUNDED)
            return _Lengths(field, name, constraint, low, max(low, end))
        case Range(_, _, _, None) as limit if field.type in {"integer", "decimal", "date"}:
            return _values(field, constraint, limit)
        case _:
            return None


def _unit(length: Length) -> tuple[str, str | None]:
    return length.unit, length.encoding


def _values(field: Field, constraint: Constraint, limit: Range) -> _Values:
    rises = limit.low is not None
    start = limit.low if rises else limit.high
    others = [each.restriction for each in field.constraints if isinstance(each.restriction, Range)]
    ends = [other.high if rises else other.low for other in others]
    end = next((each for each in ends if each is not None), None)
    if isinstance(start, date):
        last = end if isinstance(end, date) else date.max if rises else date.min
        return _Values(field, constraint.name, constraint, limit, abs((last - start).days), Decimal(1 if rises else -1))
    digits = [each.restriction for each in field.constraints if isinstance(each.restriction, Digits)]
    decimals = next((each.decimals for each in digits if each.decimals is not None), 0)
    if field.type == "decimal" and isinstance(start, Decimal):
        exponent = start.as_tuple().exponent
        decimals = max(decimals, -exponent if isinstance(exponent, int) else 0)
    whole = next((each.whole for each in digits if each.whole is not None and each.whole > 0), None)
    size = Decimal(1).scaleb(-decimals) if field.type == "decimal" else Decimal(1)
    furthest = Decimal(_FURTHEST if whole is None else 10**whole)
    last_number = Decimal(end) if isinstance(end, int | Decimal) else furthest if rises else -furthest
    assert isinstance(start, int | Decimal)  # noqa: S101 - of a number's type
    count = max(0, int(abs(last_number - start) / size))
    return _Values(field, constraint.name, constraint, limit, count, size if rises else -size)
