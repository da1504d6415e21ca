"""By when a team repairs something, in its working time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.cases.promise import LONGEST_USUAL, promised, unknown_countries, working_days
from fieldline.documents.location import Location
from fieldline.estate.calendars import WorkCalendar

HERE = Location("fieldline.yaml", 1, 1)
OFFICE = WorkCalendar("office-fi", "FI", timedelta(hours=8), timedelta(hours=16), "Europe/Helsinki", HERE)
NIGHT = WorkCalendar("night", "SE", timedelta(hours=18), timedelta(hours=24), "Europe/Stockholm", HERE)


def at(text: str, zone: str = "Europe/Helsinki") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "usual", "end"),
    [
        ("2026-11-25 14:20", timedelta(hours=4), "2026-11-26 10:20"),  # Wednesday to Thursday
        ("2026-11-27 15:00", timedelta(hours=4), "2026-11-30 11:00"),  # over a weekend
        ("2026-11-27 20:00", timedelta(hours=1), "2026-11-30 09:00"),  # asked after work
        ("2026-11-30 05:00", timedelta(hours=1), "2026-11-30 09:00"),  # asked before work
        ("2026-12-04 12:00", timedelta(days=1), "2026-12-07 12:00"),  # the 6th is Independence Day, a Sunday
        ("2026-12-23 12:00", timedelta(days=1), "2026-12-28 12:00"),  # Christmas is from Thursday to Saturday
        ("2026-11-25 14:20", timedelta(0), "2026-11-25 14:20"),
        ("2026-03-27 15:30", timedelta(hours=1), "2026-03-30 08:30"),  # the clock is put forward on that Sunday
    ],
)
def test_working_hours_and_days_are_counted_as_people_count_them(start: str, usual: timedelta, end: str) -> None:
    assert promised(at(start), usual, OFFICE) == at(end)


def test_a_desk_may_work_until_midnight() -> None:
    assert promised(at("2026-11-25 23:00", NIGHT.zone), timedelta(hours=2), NIGHT) == at("2026-11-26 19:00", NIGHT.zone)


def test_without_a_calendar_every_hour_counts() -> None:
    assert promised(at("2026-11-27 15:00"), timedelta(hours=4), None) == at("2026-11-27 19:00")
    assert promised(at("2026-11-27 15:00"), LONGEST_USUAL + timedelta(days=1), OFFICE) is None


@given(st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)), st.integers(0, 100), st.integers(0, 100))
def test_a_promise_is_within_working_time_and_a_longer_time_is_later(start: datetime, one: int, more: int) -> None:
    moment = start.replace(tzinfo=UTC)
    first = promised(moment, timedelta(hours=one), OFFICE)
    second = promised(moment, timedelta(hours=one) * 1 + timedelta(days=more), OFFICE)
    assert first is not None
    assert second is not None
    assert moment <= first <= second
    local = first.astimezone(ZoneInfo(OFFICE.zone))
    assert OFFICE.opens <= timedelta(hours=local.hour, minutes=local.minute) <= OFFICE.closes
    assert working_days(OFFICE, local.date(), local.date())


def test_a_country_whose_holidays_nobody_knows_is_a_problem() -> None:
    nowhere = WorkCalendar("x", "XX", OFFICE.opens, OFFICE.closes, OFFICE.zone, HERE)
    (problem,) = unknown_countries([OFFICE, nowhere])
    assert problem.message == "the holidays of XX are not known"
