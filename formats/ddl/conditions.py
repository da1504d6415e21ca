"""Conditions on one column, as sets of its values: the AND, OR and NOT of comparisons.

SQL's conditions have three outcomes; a CHECK rejects only the false one. So the outcomes for null and for values are
worked out apart: `NULL` in a comparison is neither true nor false.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from struct import pack, unpack
from typing import TYPE_CHECKING, TypeAlias

from ...values.numberset import NumberSet
from ...values.valueset import time_number
from . import ecma
from .patterns import NotCarriedOver

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...documents.location import Location
    from .rules import ColumnBound, Plain, Rules

    WriteRules: TypeAlias = Callable[[Rules, Location], None]


@dataclass(frozen=True, slots=True)
class ConditionValues:
    """The outcome of a condition for values that are not null."""

    write: WriteRules
    """Writes the condition into rules, in the most readable form."""
    regex: str | None = None
    """The texts it accepts; None where it is no condition on text, or none that a pattern can state."""
    listed: tuple[Plain, ...] | None = None
    """The only values it accepts, where they are few."""
    numbers: NumberSet | None = None
    """The numbers it accepts; dates and times as the algebra counts them."""


@dataclass(frozen=True, slots=True)
class ConditionOutcome:
    """The outcome of a condition for null, and for values."""

    null: bool | None
    """True, false, or neither."""
    values: ConditionValues | bool
    """True: accepts every value; False: none."""

    def __invert__(self) -> ConditionOutcome:
        null = None if self.null is None else not self.null
        if isinstance(self.values, bool):
            return ConditionOutcome(null, not self.values)
        return ConditionOutcome(null, _negated(self.values))

    def __and__(self, other: ConditionOutcome) -> ConditionOutcome:
        null = False if False in {self.null, other.null} else None if None in {self.null, other.null} else True
        if self.values is False or other.values is False:
            return ConditionOutcome(null, values=False)
        if isinstance(self.values, bool) or isinstance(other.values, bool):
            return ConditionOutcome(null, other.values if self.values is True else self.values)
        return ConditionOutcome(null, _joined(self.values, other.values))

    def __or__(self, other: ConditionOutcome) -> ConditionOutcome:
        null = True if True in {self.null, other.null} else None if None in {self.null, other.null} else False
        if self.values is True or other.values is True:
            return ConditionOutcome(null, values=True)
        if isinstance(self.values, bool) or isinstance(other.values, bool):
            return ConditionOutcome(null, other.values if self.values is False else self.values)
        return ConditionOutcome(null, _united(self.values, other.values))

    def write(self, rules: Rules, at: Location) -> None:
        """Write the condition into rules. Raises NotCarriedOver where it rejects every value."""
        if self.values is False:
            raise NotCarriedOver
        if self.null is False:
            rules.required = rules.required or at
        if isinstance(self.values, ConditionValues):
            self.values.write(rules, at)


def pattern(regex: str, listed: tuple[Plain, ...] | None = None) -> ConditionValues:
    """The texts that match a pattern."""
    return ConditionValues(lambda rules, at: rules.matches(regex, at), regex, listed)


def texts(listed: tuple[str, ...]) -> ConditionValues:
    """These texts."""
    return ConditionValues(
        lambda rules, at: rules.only(listed, at), ecma.alternatives(map(ecma.quoted_text, listed)), listed
    )


def _negated(values: ConditionValues) -> ConditionValues:
    if values.listed is not None:
        listed = values.listed
        regex = None if values.regex is None else ecma.neither(values.regex)
        numbers = None if values.numbers is None else ~values.numbers
        return ConditionValues(lambda rules, at: rules.none_of(listed, at), regex, None, numbers)
    if values.regex is not None:
        return pattern(ecma.neither(values.regex))
    if values.numbers is not None:
        return in_spans(~values.numbers)
    raise NotCarriedOver


def _joined(first: ConditionValues, second: ConditionValues) -> ConditionValues:
    def write(rules: Rules, at: Location) -> None:
        first.write(rules, at)
        second.write(rules, at)

    regex = numbers = None
    if first.regex is not None and second.regex is not None:
        regex = ecma.both(first.regex, second.regex)
    if first.numbers is not None and second.numbers is not None:
        numbers = first.numbers & second.numbers
    return ConditionValues(write, regex, None, numbers)


def _united(first: ConditionValues, second: ConditionValues) -> ConditionValues:
    numbers = None
    if first.numbers is not None and second.numbers is not None:
        numbers = first.numbers | second.numbers
    if first.listed is not None and second.listed is not None:
        listed = (*first.listed, *second.listed)
        regex = None
        if first.regex is not None and second.regex is not None:
            regex = ecma.alternatives((first.regex, second.regex))
        return ConditionValues(lambda rules, at: rules.only(listed, at), regex, listed, numbers)
    if first.regex is not None and second.regex is not None:
        return pattern(ecma.alternatives((first.regex, second.regex)))
    if numbers is not None:
        return in_spans(numbers)
    raise NotCarriedOver


_MOST_LISTED = 200


def in_spans(numbers: NumberSet) -> ConditionValues:
    """Numbers that are no single interval: as bounds with the rejected whole numbers between them, or a list."""

    def write(rules: Rules, at: Location) -> None:
        ends = _whole_ends(rules)
        if ends is None:
            raise NotCarriedOver
        spans = _without_seams([(low, beyond - 1) for low, beyond in numbers.whole_spans(*ends) if low < beyond])
        if not spans:
            raise NotCarriedOver
        if sum(high - low + 1 for low, high in spans) <= _MOST_LISTED and len(spans) > 1:
            rules.only([n for low, high in spans for n in range(low, high + 1)], at)
            return
        gaps = [(before[1] + 1, after[0] - 1) for before, after in pairwise(spans)]
        if sum(high - low + 1 for low, high in gaps) > _MOST_LISTED:
            raise NotCarriedOver
        rules.bound("min", spans[0][0], at)
        rules.bound("max", spans[-1][1], at)
        if gaps:
            rules.none_of([n for low, high in gaps for n in range(low, high + 1)], at)

    return ConditionValues(write, numbers=numbers)


def _without_seams(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same whole numbers, in spans with something between them."""
    intervals: list[tuple[int, int]] = []
    for low, high in spans:
        if intervals and intervals[-1][1] + 1 >= low:
            intervals[-1] = intervals[-1][0], high
        else:
            intervals.append((low, high))
    return intervals


def _whole_ends(rules: Rules) -> tuple[int, int] | None:
    """The least and the greatest whole number that the column's type holds; None where it holds others, or any."""
    if rules.type != "integer":
        return None
    if "min" in rules.bounds and "max" in rules.bounds:
        return int(str(rules.bounds["min"][0])), int(str(rules.bounds["max"][0]))
    if "precision" in rules.digits:
        most = 10 ** rules.digits["precision"][0] - 1
        return -most, most
    return None


def ordered(kind: str, value: Plain, of_type: str) -> ConditionValues:
    """A comparison with a number, a date or a time."""
    match value:
        case Decimal():
            point: Decimal = value
        case date():
            point = Decimal(value.toordinal())
        case time():
            point = Decimal(time_number(value))
        case _:
            raise NotCarriedOver
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    plain: Plain = int(value) if whole and isinstance(value, Decimal) else value
    match kind:
        case "EQ" | "NEQ":
            if of_type == "integer" and not isinstance(plain, int):
                raise NotCarriedOver
            listed = (plain,)
            exactly = NumberSet.between(point, point)
            if kind == "EQ":
                return ConditionValues(lambda rules, at: rules.only(listed, at), None, listed, exactly)
            return ConditionValues(lambda rules, at: rules.none_of(listed, at), None, None, ~exactly)
        case "GT":
            return _from(plain, NumberSet.between(point, None, lo_open=True), of_type, is_open=True)
        case "GTE":
            return _from(plain, NumberSet.between(point, None), of_type, is_open=False)
        case "LT":
            return _up_to(plain, NumberSet.between(None, point, hi_open=True), of_type, is_open=True)
        case _:
            return _up_to(plain, NumberSet.between(None, point), of_type, is_open=False)


def is_single(value: Decimal) -> bool:
    """Whether a floating-point number of 24 bits (IEEE 754) is this number, to the last digit."""
    try:
        return Decimal(unpack("f", pack("f", value))[0]) == value
    except OverflowError:
        return False


def _from(value: Plain, numbers: NumberSet, of_type: str, *, is_open: bool) -> ConditionValues:
    if isinstance(value, Decimal) and of_type == "integer":
        value, is_open = int(value.to_integral_value("ROUND_CEILING")), False
    key: ColumnBound = "exclusive_min" if is_open else "min"
    return ConditionValues(lambda rules, at: rules.bound(key, value, at), numbers=numbers)


def _up_to(value: Plain, numbers: NumberSet, of_type: str, *, is_open: bool) -> ConditionValues:
    if isinstance(value, Decimal) and of_type == "integer":
        value, is_open = int(value.to_integral_value("ROUND_FLOOR")), False
    key: ColumnBound = "exclusive_max" if is_open else "max"
    return ConditionValues(lambda rules, at: rules.bound(key, value, at), numbers=numbers)


def trimmed(low: int, high: int | None) -> str:
    """Texts of which so many characters are left when the spaces at both ends are gone."""
    inner: list[str] = []
    if low <= 0:
        inner.append("")
    if low <= 1 and (high is None or high >= 1):
        inner.append("[^ ]")
    if high is None or high >= 2:
        most = None if high is None else high - 2
        inner.append(f"[^ ]{ecma.repeated_unit(max(0, low - 2), most)}[^ ]")
    return f" *(?:{'|'.join(inner)}) *"


def to_first_nul(low: int | None, high: int | None) -> ConditionValues:
    """SQLite counts the characters before the first U+0000.

    An upper limit is stated as a plain length, though a text with a U+0000 in it could be longer: so it is too strict for
    such texts, never too little.
    """

    def write(rules: Rules, at: Location) -> None:
        if high is not None:
            rules.bound("max_length", high, at)
        if low is not None:
            rules.matches(rf"[^\0]{{{low}}}{ecma.ANYTHING}", at)

    counted = ecma.repeated_unit(low or 0, high, r"[^\0]")
    return ConditionValues(write, rf"{counted}(?:\0{ecma.ANYTHING})?")
