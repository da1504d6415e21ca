"""The first or the last day of a date's week, month, quarter or year.

Sources: PostgreSQL 15, 9.9.2, date_trunc (weeks begin on Monday: ISO 8601); MariaDB 10.11, LAST_DAY;
DuckDB, "Date Functions".
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.numberset import NumberSet
from ...values.valueset import ValueSet
from ..transform import REJECTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...values.valueset import Value
    from ..transform import NoValue

Period: TypeAlias = Literal["week", "month", "quarter", "year"]
_MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "year": 12}
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True)
class PeriodEnd:
    """The first day of the period that a date is in, or with `last` the last one. Null stays null; no date is rejected.

    The days of the calendar are those of the years 1 to 9999; a week that ends beyond them has no last day.
    """

    period: Period
    last: bool = False

    @property
    def name(self) -> str:
        return "end_of" if self.last else "start_of"

    @property
    def sentence(self) -> str:
        return f"the {'last' if self.last else 'first'} day of its {self.period}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            return REJECTED
        first, last = _ends(value.toordinal(), self.period)
        number = last if self.last else first
        return date.fromordinal(number) if number <= _LAST else REJECTED

    def preimage(self, accepted: ValueSet) -> ValueSet:
        spans = []
        for low, after in accepted.days.whole_spans(_FIRST, _LAST):
            first, last = self._periods_that_end_in(low, after - 1)
            if first <= last:
                spans.append((first, min(last, _LAST)))
        return replace(ValueSet.nothing(), null=accepted.null, days=NumberSet.whole(spans))

    def _periods_that_end_in(self, low: int, high: int) -> tuple[int, int]:
        """The days whose period ends, on the side asked for, in a span: the first and the last of them."""
        first, last = _ends(low, self.period)
        if (last if self.last else first) < low:  # the end of this period lies before the span
            first = last + 1
        until, after = _ends(high, self.period)
        if (after if self.last else until) > high:
            after = until - 1
        return first, after

    @cached_property
    def unaltered(self) -> ValueSet:
        """The days that are the end of their period."""
        return replace(ValueSet.everything(), days=_all_ends(self.period, self.last))


def _ends(day: int, period: Period) -> tuple[int, int]:
    """The first and the last day of the period that a day is in, as ordinals: the last may be beyond the calendar."""
    if period == "week":
        monday = day - (day - 1) % 7
        return monday, monday + 6
    of_day, length = date.fromordinal(day), _MONTHS[period]
    month = (of_day.month - 1) // length * length + 1
    end = month + length - 1
    return date(of_day.year, month, 1).toordinal(), date(of_day.year, end, monthrange(of_day.year, end)[1]).toordinal()


@lru_cache(maxsize=8)
def _all_ends(period: Period, last: bool) -> NumberSet:  # noqa: FBT001 - as the step has it
    return NumberSet.whole((day, day) for day in _each_end(period, last))


def _each_end(period: Period, last: bool) -> Iterator[int]:  # noqa: FBT001 - as the step has it
    day = _FIRST
    while day <= _LAST:
        first, end = _ends(day, period)
        if (end if last else first) <= _LAST:
            yield end if last else first
        day = end + 1
