"""Dates as text: a date has one text, a text at most one date, and sets of either are carried over exactly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.transform import TransformError
from fieldline.lineage.transforms.dateformat import DateFormat
from fieldline.values import language
from fieldline.values.charset import Charset
from fieldline.values.numberset import NumberSet
from fieldline.values.regex import parse
from fieldline.values.textset import TextSet

from ...properties import strategies as our
from ...properties.strategies import LAYOUTS, tries

layouts = st.sampled_from(LAYOUTS).map(DateFormat.parse)
near = st.sampled_from([date(2024, 2, 29), date(1900, 2, 28), date(1, 1, 1), date(9999, 12, 31), date(2000, 2, 29)])
days = st.dates() | near
spans = st.lists(st.tuples(days, st.integers(0, 800)), max_size=3)


@given(layouts, days)
def test_a_date_is_read_back_as_it_was_written(layout: DateFormat, day: date) -> None:
    assert layout.read(layout.write(day)) == day


@given(layouts, st.text("0123456789-./ %leYmd", max_size=14) | our.texts)
def test_a_text_that_is_read_is_written_the_same(layout: DateFormat, text: str) -> None:
    day = layout.read(text)
    assert day is None or layout.write(day) == text


@tries(30)
@given(layouts, spans, st.lists(days, max_size=6), our.texts)
def test_the_texts_of_days_are_those_that_stand_for_one_of_them(
    layout: DateFormat, chosen: list[tuple[date, int]], tried: list[date], text: str
) -> None:
    wanted = NumberSet.empty()
    for first, more in chosen:
        wanted |= NumberSet.between(first.toordinal(), min(first.toordinal() + more, date.max.toordinal()))
    texts = layout.texts(wanted)
    edges = [
        first + timedelta(days=shift)
        for first, _ in chosen
        for shift in (-1, 0, 1)
        if 2 < first.toordinal() < 3_652_000
    ]
    for day in (*tried, *edges):
        assert (layout.write(day) in texts) == (day.toordinal() in wanted)
    read = layout.read(text)
    assert (text in texts) == (read is not None and read.toordinal() in wanted)


PATTERNS = ("20.*", ".*1", ".*-02-.*", "[0-9]{8}", ".*29.*", "(19|20).*", "0?1.*", ".*", "", ".*[13579]", "(?!.*0).*")


@tries(15)
@given(layouts, st.sampled_from(PATTERNS), st.lists(days, min_size=1, max_size=12))
def test_the_days_of_a_set_of_texts_are_those_whose_text_is_a_member(
    layout: DateFormat, pattern: str, tried: list[date]
) -> None:
    texts = TextSet.language(parse(pattern).language)
    found = layout.days_written(texts)
    for day in tried:
        assert (day.toordinal() in found) == (layout.write(day) in texts)


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS[:3])
def test_every_day_of_some_years_is_carried_over(layout: str) -> None:
    notation = DateFormat.parse(layout)
    texts = TextSet.language(language.concat(language.ALL, language.chars(Charset.of("17"))))
    found = notation.days_written(texts)
    again = notation.texts(found)
    for year in (1, 1900, 2000, 2023, 9999):
        first = date(year, 1, 1).toordinal()
        for ordinal in range(first, min(first + 366, date.max.toordinal() + 1)):
            written = notation.write(date.fromordinal(ordinal))
            assert (ordinal in found) == (written in texts) == (written in again)


@pytest.mark.slow
def test_days_in_a_hundred_thousand_spans_are_carried_there_and_back() -> None:
    notation = DateFormat.parse("%Y-%m-%d")
    odd = TextSet.language(parse(".*[13579]").language)
    found = notation.days_written(odd)
    assert sum(1 for _ in found.whole_spans(1, date.max.toordinal())) > 100_000
    again = notation.texts(found)
    for ordinal in range(1, date.max.toordinal(), 9_973):
        written = notation.write(date.fromordinal(ordinal))
        assert (written in again) == (written in odd)


@pytest.mark.parametrize("notation", ["", "%Y", "%Y-%m-%y", "%d.%m.%Y %H", "%Y%m%d%Y", "%Y-%m-%d%"])
def test_what_is_no_notation_of_a_date_is_refused(notation: str) -> None:
    with pytest.raises(TransformError):
        DateFormat.parse(notation)
