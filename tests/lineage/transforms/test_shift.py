"""Dates moved by the calendar: the preimage near the ends of months, and the engines themselves."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import TYPE_CHECKING, get_args

import pytest

from fieldline.documents.days import DayShift
from fieldline.lineage.engines import ANY_ENGINE, EngineWay, Runner
from fieldline.lineage.transform import REJECTED, UNKNOWN, NoValue
from fieldline.lineage.transforms.shift import DateShift, MonthEnd
from fieldline.values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterator

YEARS = [date(2023, 1, 1) + timedelta(days=n) for n in range(800)]
"""With a leap day."""


def stated(months: int, days: int, end: MonthEnd) -> DateShift:
    return DateShift(DayShift(months, days), (EngineWay(end),), stated=True)


@pytest.mark.parametrize("end", get_args(MonthEnd))
@pytest.mark.parametrize(("months", "days"), [(1, 0), (-1, 0), (13, 2), (0, -14), (-48, 1), (600, 0)])
def test_a_day_is_in_the_preimage_of_a_span_exactly_when_it_is_moved_into_it(
    months: int, days: int, end: MonthEnd
) -> None:
    step = stated(months, days, end)
    for low, high in ((0, 0), (27, 31), (28, 58), (10, 400), (59, 59), (300, 700)):
        moved = [step.apply(YEARS[n]) for n in (low, high)]
        first, last = (YEARS[0] if isinstance(day, NoValue) else day for day in moved)
        wanted = ValueSet.between(min(first, last), max(first, last))  # type: ignore[type-var]
        before = step.preimage(wanted)
        for day in YEARS:
            outcome = step.apply(day)
            assert (day in before) == (not isinstance(outcome, NoValue) and outcome in wanted), (day, outcome)


@pytest.mark.parametrize("end", get_args(MonthEnd))
@pytest.mark.parametrize("months", [1, -1, 12])
def test_no_two_days_that_lose_nothing_become_equal(months: int, end: MonthEnd) -> None:
    step = stated(months, 0, end)
    kept = [day for day in YEARS if day in step.unaltered]
    moved = [outcome for day in kept if not isinstance(outcome := step.apply(day), NoValue)]
    assert len(set(moved)) == len(moved)
    lost = [day for day in YEARS if day not in step.unaltered]
    assert all(day.day >= 28 for day in lost)
    assert bool(lost) == (end != "refuse")


@pytest.mark.parametrize("months", [1, -1, 12, -12, 119_987, -119_987])
def test_at_the_ends_of_the_calendar_nothing_is_lost_or_disputed(months: int) -> None:
    month = DateShift(DayShift(months, 0)).run_by(ANY_ENGINE)
    for day in (date.min, date(1, 1, 31), date(9998, 12, 31), date(9999, 11, 30), date(9999, 12, 30), date.max):
        outcomes = {variant.apply(day) for variant in month.variants}
        assert (day in month.undisputed) == (len(outcomes) == 1), (day, outcomes)


def test_days_alone_are_the_same_to_every_engine_and_lose_nothing() -> None:
    fortnight = DateShift(DayShift(0, 14)).run_by(ANY_ENGINE)
    assert fortnight.variants == (fortnight,)
    assert fortnight.unaltered is ValueSet.everything()
    assert fortnight.apply(date(2024, 2, 20)) == date(2024, 3, 5)
    assert fortnight.apply(date(9999, 12, 20)) is REJECTED


def test_a_month_is_unknown_at_its_end_where_no_engine_is_named() -> None:
    month = DateShift(DayShift(1, 0)).run_by(ANY_ENGINE)
    assert month.apply(date(2023, 1, 31)) is UNKNOWN
    assert month.apply(date(2023, 1, 27)) == date(2023, 2, 27)
    assert date(2023, 1, 31) not in month.undisputed
    assert "2023-03-03" in month.difference(date(2023, 1, 31))
    assert DateShift(DayShift(1, 0)).run_by((Runner("postgres"),)).apply(date(2023, 1, 31)) == date(2023, 2, 28)
    assert DateShift(DayShift(1, 0)).run_by((Runner("node"),)).apply(date(2023, 1, 31)) == date(2023, 3, 3)


def moved_by_sqlite(months: int) -> Iterator[tuple[date, date]]:
    with sqlite3.connect(":memory:") as database:
        for day in YEARS:
            ((moved,),) = database.execute("SELECT date(?, ?)", (day.isoformat(), f"{months:+d} months"))
            yield day, date.fromisoformat(moved)


def moved_by_duckdb(months: int) -> Iterator[tuple[date, date]]:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(":memory:") as database:
        query = "SELECT d, CAST(d + to_months(?) AS DATE) FROM (SELECT unnest(?) AS d)"
        yield from database.execute(query, [months, YEARS]).fetchall()


@pytest.mark.parametrize("months", [1, -1, 13])
@pytest.mark.parametrize(("moved", "end"), [(moved_by_sqlite, "spill"), (moved_by_duckdb, "last")])
def test_the_engines_move_days_as_their_policy_says(moved: object, end: MonthEnd, months: int) -> None:
    step = stated(months, 0, end)
    told = list(moved(months))  # type: ignore[operator]
    assert len(told) == len(YEARS)
    assert [(day, step.apply(day)) for day, _ in told] == told
