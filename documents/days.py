"""Days counted from the day of the run: `-P12Y` is twelve years before it."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

SHIFT_PATTERN = r"-?P(?=[0-9])(?:[0-9]{1,4}Y)?(?:[0-9]{1,5}M)?(?:[0-9]{1,6}W)?(?:[0-9]{1,7}D)?"
_SHIFT = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,4})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,6})W)?(?:([0-9]{1,7})D)?")


@dataclass(frozen=True, slots=True)
class DayShift:
    """A distance between days: years and months are those of the calendar."""

    months: int
    """Twelve of them for a year; below zero: earlier."""
    days: int

    def from_day(self, day: date) -> date | None:
        """The day at this distance; None where it is outside the years 1 to 9999.

        As in ISO/IEC 9075-2 and PostgreSQL, a day that its month does not have is the last one of the month.
        """
        month = day.year * 12 + day.month - 1 + self.months
        year, number = month // 12, month % 12 + 1
        if not date.min.year <= year <= date.max.year:
            return None
        try:
            return date(year, number, min(day.day, monthrange(year, number)[1])) + timedelta(self.days)
        except OverflowError:
            return None

    @property
    def sentence(self) -> str:
        """In words: "12 years before today"."""
        years, months = divmod(abs(self.months), 12)
        counts = ((years, "year"), (months, "month"), (abs(self.days), "day"))
        parts = [f"{count} {word}{'s' * (count > 1)}" for count, word in counts if count]
        side = "before" if self.months < 0 or self.days < 0 else "after"
        return f"{' and '.join(parts)} {side} today" if parts else "today"

    @property
    def written(self) -> str:
        """As it is written in a contract."""
        years, months = divmod(abs(self.months), 12)
        counts = ((years, "Y"), (months, "M"), (abs(self.days), "D"))
        sign = "-" if self.months < 0 or self.days < 0 else ""
        return f"{sign}P{''.join(f'{count}{unit}' for count, unit in counts if count) or '0D'}"


TODAY = DayShift(0, 0)


def parse_shift(text: str) -> DayShift | None:
    """A distance as an ISO 8601 duration of years, months, weeks and days; None where it is none."""
    match = _SHIFT.fullmatch(text)
    if match is None:
        return None
    sign = -1 if match[1] else 1
    years, months, weeks, days = (int(part or 0) for part in match.groups()[1:])
    return DayShift(sign * (years * 12 + months), sign * (weeks * 7 + days))
