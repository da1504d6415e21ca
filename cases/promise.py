"""By when something is repaired: the usual time of a team, counted in its working time.

A usual time of whole days is of working days, what is left of it of working hours: P1D is the same time on the next
working day, PT4H four hours of work. Source of the days that are free: the package `holidays`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays

from ..documents.problem import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ..estate.calendars import WorkCalendar

_DAY = timedelta(days=1)
LONGEST_USUAL = timedelta(days=3_650)
"""The longest usual time that is counted in working days."""


def promised(start: datetime, usual: timedelta, calendar: WorkCalendar | None) -> datetime | None:
    """The moment by which it is usually repaired, in UTC; without a calendar every hour counts.

    None where the time is longer than LONGEST_USUAL. Raises nothing for a calendar that `unknown_countries` has passed.
    """
    if usual > LONGEST_USUAL:
        return None
    if calendar is None:
        return (start + usual).astimezone(UTC)
    days, rest = divmod(usual, _DAY)
    moment = _open_moment(start, calendar)
    for _ in range(days):
        day = next(_working_days(moment.date() + _DAY, calendar))
        moment = datetime.combine(day, moment.timetz())
    return _worked(moment, rest, calendar).astimezone(UTC)


def working_days(calendar: WorkCalendar, first: date, last: date) -> list[date]:
    """The days on which the team works, both ends included."""
    free = _free_days(calendar.country)
    return [day for day in _days(first, last) if free.is_working_day(day)]


def unknown_countries(calendars: Collection[WorkCalendar]) -> tuple[Problem, ...]:
    """A problem for each calendar of a country whose holidays are not known."""
    known = holidays.list_supported_countries()
    return tuple(
        Problem(
            calendar.location,
            f"the holidays of {calendar.country} are not known",
            expected="a country of the package holidays, by its code in ISO 3166-1",
            suggestion=nearest(calendar.country, tuple(known)),
        )
        for calendar in calendars
        if calendar.country not in known
    )


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


@cache
def _free_days(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def _working_days(first: date, calendar: WorkCalendar) -> Iterator[date]:
    free = _free_days(calendar.country)
    day = first
    while True:
        if free.is_working_day(day):
            yield day
        day += _DAY


def _at(day: date, clock: timedelta, zone: ZoneInfo) -> datetime:
    """A time of day on the wall; 24 hours are the midnight that ends it."""
    whole, rest = divmod(clock, _DAY)
    hours, minutes = divmod(rest // timedelta(minutes=1), 60)
    return datetime.combine(day + whole * _DAY, time(hours, minutes), zone)


def _open_moment(moment: datetime, calendar: WorkCalendar) -> datetime:
    """The moment itself, where the team works then; else the next at which it begins to. On the wall's clock."""
    zone = ZoneInfo(calendar.zone)
    local = moment.astimezone(zone)
    day = local.date()
    if _free_days(calendar.country).is_working_day(day):
        if local < _at(day, calendar.opens, zone):
            return _at(day, calendar.opens, zone)
        if local < _at(day, calendar.closes, zone):
            return local
    return _at(next(_working_days(day + _DAY, calendar)), calendar.opens, zone)


def _worked(moment: datetime, rest: timedelta, calendar: WorkCalendar) -> datetime:
    """So much working time later. The hours of a day are those that pass, also where a clock is put forward."""
    zone = ZoneInfo(calendar.zone)
    while True:
        closes = _at(moment.date(), calendar.closes, zone)
        left = closes.astimezone(UTC) - moment.astimezone(UTC)
        if rest <= left:
            return moment.astimezone(UTC) + rest
        rest -= left
        moment = _at(next(_working_days(moment.date() + _DAY, calendar)), calendar.opens, zone)
