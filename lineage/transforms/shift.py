"""A date moved by days, weeks, months or years of the calendar.

Days are added as they are. A month may lack the day that is reached (the 31st of April), and what then comes out is the
policy for the ends of months:

    last     the last day of that month         31 January + 1 month = 28 February; 28 February + 1 month = 28 March
    kept     the same, and the last day of a month becomes the last day of the other      28 February + 1 month = 31 March
    spill    the days too many go on into the next month                                  31 January + 1 month = 3 March
    refuse   the step fails

Sources: ISO/IEC 9075-2, 6.35, and PostgreSQL 15, 9.9; MySQL 8.0, 14.7, DATE_ADD; DuckDB, "Date Functions"; Java SE 17,
LocalDate.plusMonths; SQL Server 2022, DATEADD; Spark 3, add_months (last). Oracle 19c, ADD_MONTHS (kept) and
"Datetime/Interval Arithmetic" (ORA-01839); Snowflake, Redshift and Db2, ADD_MONTHS (kept), beside DATEADD and + MONTHS
(last). SQLite, "Date And Time Functions", and ECMA-262, Date.prototype.setMonth (spill).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from math import inf
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.numberset import NumberSet
from ...values.valueset import ValueSet
from ..engines import ANY_ENGINE, TITLES, EngineWay, Runner, ways_of
from ..transform import REJECTED, NoValue, Varying, chain_apply, distinct, the_one
from .varying import outcomes_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...contracts.model import KnownEngine
    from ...documents.days import DayShift
    from ...values.valueset import Value

MonthEnd: TypeAlias = Literal["last", "kept", "spill", "refuse"]
"""What comes out where a month lacks the day that is reached."""

_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()
_NEAR = 40
"""Days around the end of a span of dates within which a shift by months is tried day by day."""
_BESIDE = 5
"""Days by which the month's end may move a day that is counted back by months."""

_LAST_DAY: tuple[MonthEnd, ...] = ("last",)
_BY_ENGINE: dict[KnownEngine, tuple[MonthEnd, ...]] = {
    "sqlite": ("spill", "last"),
    "node": ("spill",),
    "oracle": ("kept", "refuse"),
    "redshift": ("last", "kept"),
    "snowflake": ("last", "kept"),
    "db2": ("last", "kept"),
}
_ALL = (Runner("postgres"), Runner("oracle"), Runner("node"))
"""Engines that stand for all: each policy is one of theirs."""


def month_end_ways(runners: Sequence[Runner]) -> tuple[EngineWay[MonthEnd], ...]:
    """The ways in which engines add months; those that are not in the table take the last day of the month."""
    named = _ALL if runners is ANY_ENGINE else runners
    return ways_of(
        named, lambda runner: ((end, TITLES[runner.engine]) for end in _BY_ENGINE.get(runner.engine, _LAST_DAY))
    )


@dataclass(frozen=True)
class DateShift(Varying):
    """A date so much later, or earlier. Null stays null; a value that is no date is rejected."""

    by: DayShift
    ways: tuple[EngineWay[MonthEnd], ...] = (EngineWay("last"),)
    """The policies for the ends of months of the engines that may run it."""
    stated: bool = False
    """Whether the step itself names the policy."""

    @property
    def name(self) -> str:
        return "shift"

    @property
    def sentence(self) -> str:
        return (
            self.by.sentence.replace("after today", "later")
            .replace("before today", "earlier")
            .replace("today", "as is")
        )

    @property
    def exact(self) -> Literal[True]:
        return True

    def run_by(self, runners: Sequence[Runner]) -> DateShift:
        if self.stated or self.by.months == 0:
            return self
        return replace(self, ways=month_end_ways(runners))

    @cached_property
    def variants(self) -> tuple[DateShift, ...]:
        return tuple(replace(self, ways=(way,)) for way in self.ways) if len(self.ways) > 1 else (self,)

    def apply(self, value: Value) -> Value | NoValue:
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            return REJECTED
        return the_one(distinct(_moved(value, self.by, way.rule) for way in self.ways))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        days = NumberSet.whole([(_FIRST, _LAST)])
        for way in self.ways:
            days = days & _before(accepted.days, self.by, way.rule)
        return replace(ValueSet.nothing(), null=accepted.null, days=days)

    @property
    def agreed(self) -> ValueSet:
        return self.undisputed

    @cached_property
    def undisputed(self) -> ValueSet:
        if len(self.ways) == 1:
            return ValueSet.everything()
        days = _alike(self.by.months, tuple(way.rule for way in self.ways))
        return replace(ValueSet.everything(), days=days)

    def difference(self, value: Value) -> str:
        outcomes = [
            (way.engines, chain_apply((variant,), value)) for way, variant in zip(self.ways, self.variants, strict=True)
        ]
        return outcomes_in_words("shift", value, outcomes)

    @cached_property
    def unaltered(self) -> ValueSet:
        """The first of the days that become equal; all, where no month is added."""
        if self.by.months == 0:
            return ValueSet.everything()
        days = NumberSet.whole([(_FIRST, _LAST)])
        for way in self.ways:
            days = days & _kept_apart(self.by.months, way.rule)
        return replace(ValueSet.everything(), days=days)


def _moved(day: date, by: DayShift, end: MonthEnd) -> date | NoValue:
    """A day at that distance; REJECTED outside the years 1 to 9999, and where the policy is to refuse."""
    moved = _month_moved(day, by.months, end)
    try:
        return moved if isinstance(moved, NoValue) else moved + timedelta(by.days)
    except OverflowError:
        return REJECTED


def _month_moved(day: date, months: int, end: MonthEnd) -> date | NoValue:
    month = day.year * 12 + day.month - 1 + months
    year, number = month // 12, month % 12 + 1
    if months == 0:
        return day
    if not date.min.year <= year <= date.max.year:
        return REJECTED
    most = monthrange(year, number)[1]
    if end == "kept" and day.day == monthrange(day.year, day.month)[1]:
        return date(year, number, most)
    if day.day <= most:
        return date(year, number, day.day)
    match end:
        case "refuse":
            return REJECTED
        case "spill":
            try:
                return date(year, number, most) + timedelta(day.day - most)
            except OverflowError:
                return REJECTED
        case _:
            return date(year, number, most)


def _before(days: NumberSet, by: DayShift, end: MonthEnd) -> NumberSet:
    """The days that become one of these."""
    spans = []
    for low, after in days.whole_spans(_FIRST, _LAST):
        first, last = max(low - by.days, _FIRST), min(after - 1 - by.days, _LAST)
        if first <= last:
            spans.append((first, last))
    if by.months == 0:
        return NumberSet.whole(spans)
    if end == "refuse":
        return _before(days, by, "last") & _reached(by.months)
    if end != "spill":  # a later day never becomes an earlier one
        ends = ((_first_into(first, by.months, end), _last_into(last, by.months, end)) for first, last in spans)
        return NumberSet.whole(_runs(span for span in ends if span[0] <= span[1]))
    before = NumberSet.empty()
    for first, last in spans:
        before = before | NumberSet.whole(_runs(_days_into(first, last, by.months, end)))
    return before


def _first_into(first: int, months: int, end: MonthEnd) -> int:
    """The first day that becomes a given one or a later one."""
    number = max(_about(first, -months) - _BESIDE, _FIRST)
    while number <= _LAST and _reaches(number, months, end) < first:
        number += 1
    return number


def _last_into(last: int, months: int, end: MonthEnd) -> int:
    """The last day that becomes a given one or an earlier one."""
    number = min(_about(last, -months) + _BESIDE, _LAST)
    while number >= _FIRST and _reaches(number, months, end) > last:
        number -= 1
    return number


def _reaches(number: int, months: int, end: MonthEnd) -> float:
    """The day that one becomes; beyond the calendar, infinity on that side."""
    moved = _month_moved(date.fromordinal(number), months, end)
    return (
        inf if isinstance(moved, NoValue) and months > 0 else -inf if isinstance(moved, NoValue) else moved.toordinal()
    )


def _days_into(first: int, last: int, months: int, end: MonthEnd) -> Iterator[tuple[int, int]]:
    """Spans of the days that months lead into a span: day by day near its ends, as a whole between them."""
    low, high = _about(first, -months) - _NEAR, _about(last, -months) + _NEAR
    middle, after = low + 2 * _NEAR, high - 2 * _NEAR
    whole = middle < after and middle >= _FIRST and after <= _LAST
    tried = [*range(low, middle), *range(after + 1, high + 1)] if whole else range(low, high + 1)
    if whole:
        tried = sorted(tried)
    for number in tried:
        if whole and number == after + 1:
            yield middle, after
        if _FIRST <= number <= _LAST:
            moved = _month_moved(date.fromordinal(number), months, end)
            if not isinstance(moved, NoValue) and first <= moved.toordinal() <= last:
                yield number, number


def _about(number: int, months: int) -> int:
    """A day so many months away, give or take a few days; beyond the calendar, too."""
    day = date.fromordinal(number)
    month = day.year * 12 + day.month - 1 + months
    year, of_year = month // 12, month % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return number + round(months * 30.436875)
    return date(year, of_year, min(day.day, 28)).toordinal() + day.day - min(day.day, 28)


def _runs(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ascending spans, with those that touch as one."""
    held: tuple[int, int] | None = None
    for low, high in spans:
        if held is not None and low <= held[1] + 1:
            held = (held[0], max(held[1], high))
        else:
            if held is not None:
                yield held
            held = (low, high)
    if held is not None:
        yield held


@lru_cache(maxsize=16)
def _alike(months: int, ends: tuple[MonthEnd, ...]) -> NumberSet:
    """The days of which all policies make the same."""
    return _where(months, lambda day: len({_month_moved(day, months, end) for end in ends}) == 1)


@lru_cache(maxsize=16)
def _kept_apart(months: int, end: MonthEnd) -> NumberSet:
    """Days of which no two become equal: of those that do, the first."""
    if end == "refuse":
        return NumberSet.whole([(_FIRST, _LAST)])
    if end == "spill":
        return _where(months, lambda day: _same_day(day, _month_moved(day, months, end)))
    return _where(months, lambda day: _differs_from_day_before(day, months, end))


@lru_cache(maxsize=16)
def _reached(months: int) -> NumberSet:
    """The days whose number the other month has."""
    return _where(months, lambda day: _same_day(day, _month_moved(day, months, "last")))


def _differs_from_day_before(day: date, months: int, end: MonthEnd) -> bool:
    moved = _month_moved(day, months, end)
    return isinstance(moved, NoValue) or moved != _month_moved(day - timedelta(1), months, end)


def _same_day(day: date, moved: date | NoValue) -> bool:
    return isinstance(moved, NoValue) or moved.day == day.day


_CYCLE = 400
"""Years after which the calendar repeats itself, day by day."""


def _where(months: int, holds: Callable[[date], bool]) -> NumberSet:
    """All days but those near the end of a month for which something does not hold.

    It is asked of the days of one cycle of the calendar. Days that months lead out of the calendar are among all.
    """
    first = date(2001, 1, 1).toordinal()
    without = [
        day.toordinal() - first
        for year in range(2001, 2001 + _CYCLE)
        for month in range(1, 13)
        for number in range(28, monthrange(year, month)[1] + 1)
        if not holds(day := date(year, month, number))
    ]
    length = date(2001 + _CYCLE, 1, 1).toordinal() - first
    spans, begin = [], _FIRST
    for start in range(_FIRST, _LAST + 1, length):
        for offset in without:
            lost = start + offset
            if lost <= _LAST:
                spans.append((begin, lost - 1))
                begin = lost + 1
    spans.append((begin, _LAST))
    return NumberSet.whole(span for span in spans if span[0] <= span[1]) | _led_out(months)


def _led_out(months: int) -> NumberSet:
    """The days that months lead out of the calendar."""
    last = 12 * date.max.year  # months of the calendar
    if months > 0:
        month = max(last - months, 0)
        return NumberSet.whole([(date(month // 12 + 1, month % 12 + 1, 1).toordinal(), _LAST)])
    month = min(-months, last - 1)
    return NumberSet.whole([(_FIRST, date(month // 12 + 1, month % 12 + 1, 1).toordinal() - 1)])
