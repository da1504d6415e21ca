"""Sets of numbers, as the keys of our fields state them: bounds, decimals, lists."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...documents.yaml_events import ScalarNode


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of an interval."""

    node: ScalarNode
    """The number, in plain digits."""
    open: bool
    """Whether the number itself is outside."""

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.node.value)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that meet all of this; a part that is None or empty restricts nothing."""

    whole: bool = False
    """Whether only whole numbers are meant."""
    least: Bound | None = None
    most: Bound | None = None
    decimals: ScalarNode | None = None
    """The most digits after the point."""
    one_of: tuple[ScalarNode, ...] | None = None
    none_of: tuple[ScalarNode, ...] = ()

    def __and__(self, other: Numbers) -> Numbers:
        least = _tighter(self.least, other.least, upper=False)
        most = _tighter(self.most, other.most, upper=True)
        one_of = self.one_of if other.one_of is None else other.one_of
        if self.one_of is not None and other.one_of is not None:
            allowed = {Decimal(node.value) for node in other.one_of}
            one_of = tuple(node for node in self.one_of if Decimal(node.value) in allowed)
        decimals = [node for node in (self.decimals, other.decimals) if node is not None]
        return Numbers(
            self.whole or other.whole,
            least,
            most,
            min(decimals, key=lambda node: int(node.value), default=None),
            one_of,
            tuple({Decimal(n.value): n for n in (*self.none_of, *other.none_of)}.values()),
        )

    @property
    def is_list(self) -> bool:
        """Whether it is a plain list of numbers."""
        return self.one_of is not None and self == Numbers(self.whole, one_of=self.one_of)

    @property
    def is_interval(self) -> bool:
        """Whether it has bounds alone, on whole numbers or on all."""
        return self == Numbers(self.whole, self.least, self.most)

    @property
    def listed(self) -> tuple[ScalarNode, ...]:
        """The numbers of the list that meet the rest, too."""
        return tuple(node for node in self.one_of or () if self._has(Decimal(node.value)))

    def _has(self, number: Decimal) -> bool:
        if self.whole and number != int(number):
            return False
        if self.least is not None and (number < self.least.value or (self.least.open and number == self.least.value)):
            return False
        if self.most is not None and (number > self.most.value or (self.most.open and number == self.most.value)):
            return False
        if self.decimals is not None and number != round(number, int(self.decimals.value)):
            return False
        return all(number != Decimal(node.value) for node in self.none_of)


ALL_NUMBERS = Numbers()
NO_NUMBER = Numbers(one_of=())


def union_of_numbers(alternatives: Sequence[Numbers]) -> tuple[Numbers, bool]:
    """The numbers of one or more of the alternatives, and whether they are exactly those.

    Where it is not, the numbers are those between the ends of all, and which of them are meant is not stated.
    """
    if len(alternatives) == 1:
        return alternatives[0], True
    if not alternatives:
        return NO_NUMBER, True
    whole = all(numbers.whole for numbers in alternatives)
    if all(numbers.one_of is not None for numbers in alternatives):
        listed = {Decimal(node.value): node for numbers in alternatives for node in numbers.listed}
        return Numbers(whole, one_of=tuple(listed.values())), True
    unlisted = [numbers for numbers in alternatives if numbers.one_of is None]
    if any(numbers == Numbers() for numbers in unlisted) or (whole and Numbers(whole=True) in unlisted):
        return Numbers(whole), True
    low = [numbers.least for numbers in unlisted]
    high = [numbers.most for numbers in unlisted]
    least = None if None in low else min((b for b in low if b), key=lambda bound: (bound.value, bound.open))
    most = None if None in high else max((b for b in high if b), key=lambda bound: (bound.value, not bound.open))
    exact = all(numbers.is_interval and numbers.whole == whole for numbers in alternatives) and _is_connected(
        alternatives
    )
    if len(unlisted) < len(alternatives):
        return Numbers(whole), False
    return Numbers(whole, least, most), exact


def numbers_except(excluded: Numbers) -> Numbers | None:
    """All numbers but these; None where no keys of ours say which those are."""
    if excluded == ALL_NUMBERS:
        return NO_NUMBER
    if excluded.whole:
        return None
    if excluded.is_list:
        return Numbers(none_of=excluded.one_of or ())
    if excluded == Numbers(least=excluded.least) and excluded.least is not None:
        return Numbers(most=Bound(excluded.least.node, open=not excluded.least.open))
    if excluded == Numbers(most=excluded.most) and excluded.most is not None:
        return Numbers(least=Bound(excluded.most.node, open=not excluded.most.open))
    return None


def _is_connected(intervals: Sequence[Numbers]) -> bool:
    """Whether some interval among them is all of them together."""
    return any(all(_is_inside(inner, outer) for inner in intervals) for outer in intervals)


def _is_inside(inner: Numbers, outer: Numbers) -> bool:
    both = inner & outer
    return (both.least, both.most) == (inner.least, inner.most)


def _tighter(first: Bound | None, second: Bound | None, *, upper: bool) -> Bound | None:
    if first is None or second is None:
        return first or second
    sign = -1 if upper else 1
    return max(first, second, key=lambda bound: (sign * bound.value, bound.open))
