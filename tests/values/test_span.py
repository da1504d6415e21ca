"""Spans: the ends are members, and nothing lies beyond them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.values.budget import STANDARD, BudgetExceeded
from fieldline.values.numberset import NumberSet
from fieldline.values.regex import parse
from fieldline.values.solve.atom import Membership
from fieldline.values.span import Span, few_texts, greatest, least, span_outside, unit_words
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet
from fieldline.values.weight import CODE_POINTS, UTF8, UTF16, Weight

from ..properties import strategies as our
from ..properties.strategies import Model, every_text, tries

TEXTS = tuple(every_text("ab", 4))


@tries(200)
@given(our.text_sets(2), our.text_sets(2), st.sampled_from(our.UNITS))
def test_the_ends_are_the_least_and_greatest_measure_of_what_is_outside(
    held: Model[TextSet, str], allowed: Model[TextSet, str], unit: Weight
) -> None:
    short = our._in_language(our._repeat(our._characters("ab", outside=False), 0, 4)).found
    outside = [text for text in TEXTS if held.holds(text) and not allowed.holds(text)]
    span = span_outside(ValueSet.text(held.found & short), ValueSet.text(allowed.found), unit)
    if not outside:
        assert span is None
    elif span is not None and span.listed is not None:
        assert sorted(span.listed) == sorted(outside)
    else:
        assert span is not None
        measures = [unit.of(text) for text in outside]
        assert (span.low, span.high) == (min(measures), max(measures))


@given(our.text_sets(2), our.text_sets(2), st.sampled_from(our.UNITS))
def test_the_greatest_measure_is_found_where_longer_members_are_all_inside(
    held: Model[TextSet, str], allowed: Model[TextSet, str], unit: Weight
) -> None:
    """As many characters as states would prove that there is no limit: none of these is as long."""
    endless = our._in_language(our._repeat(our._characters("ab", outside=False), 0, None)).found
    long = our._in_language(our._repeat(our._characters("ab", outside=False), 5, None)).found
    outside = [text for text in TEXTS if held.holds(text) and not allowed.holds(text)]
    span = span_outside(ValueSet.text(held.found & endless), ValueSet.text(allowed.found | long), unit)
    assert (span is None) == (not outside)
    if span is not None and span.listed is None:
        assert span.high == max(unit.of(text) for text in outside)


@pytest.mark.parametrize(
    ("pattern", "high"), [("a{3}(bc)*d", None), ("a{3}(bc){0,40}d", 84), ("[^x]*(xy){0,30}", None)]
)
def test_it_is_proved_without_long_texts_that_there_is_no_greatest_measure(pattern: str, high: int | None) -> None:
    held = ValueSet.text(TextSet.language(parse(pattern).language))
    with patch.object(TextSet, "stray", autospec=True, side_effect=TextSet.stray) as asked:
        span = span_outside(held, ValueSet.text(TextSet.measure(CODE_POINTS, 0, 6)))
    assert span is not None
    assert span.high == high
    assert len(asked.mock_calls) < 12  # one for each doubling, up to 70,000 characters, would be more


@tries(300)
@given(st.sets(st.integers(0, 60), min_size=1), st.none() | st.integers(0, 70))
def test_the_search_for_the_ends_finds_them(measures: set[int], most: int | None) -> None:
    def measured(low: int, high: int | None) -> int | None:
        within = [n for n in measures if low <= n and (high is None or n <= high)]
        return within[len(within) // 2] if within else None

    some = next(iter(measures))
    assert least(measured, some) == min(measures)
    if most is None or most >= max(measures):
        assert greatest(measured, some, 1_000, most) == max(measures)


@tries(300)
@given(our.number_sets(2))
def test_no_number_lies_beyond_the_ends(model: Model[NumberSet, Decimal]) -> None:
    ends = model.found.ends
    if ends is None:
        return
    (low, low_open), (high, high_open) = ends
    for end, is_open in ((low, low_open), (high, high_open)):
        assert end is None or (end in model.found) is not is_open
    for number in (Decimal(n) / 100 for n in range(-3_000, 3_000, 7)):
        if model.holds(number):
            assert low is None or low <= number
            assert high is None or number <= high


def number(low: int, high: int | None, decimals: int | None = 0) -> ValueSet:
    numbers = NumberSet.between(low, high)
    return ValueSet.number(numbers if decimals is None else numbers & NumberSet.scale(decimals))


def measured(unit: Weight, low: int, high: int | None) -> ValueSet:
    return ValueSet.text(TextSet.measure(unit, low, high))


@pytest.mark.parametrize(
    ("held", "allowed", "unit", "sentence"),
    [
        (measured(CODE_POINTS, 0, 100), measured(CODE_POINTS, 0, 35), CODE_POINTS, "36 to 100 characters"),
        (measured(CODE_POINTS, 0, None), measured(CODE_POINTS, 0, 35), CODE_POINTS, "36 characters or more"),
        (measured(CODE_POINTS, 0, 1), measured(CODE_POINTS, 0, 0), CODE_POINTS, "1 character"),
        (measured(CODE_POINTS, 0, 40), measured(UTF8, 0, 12), UTF8, "13 to 160 bytes in utf-8"),
        (measured(UTF16, 0, 4_001), measured(UTF16, 0, 4_000), UTF16, "4,001 UTF-16 units"),
        (ValueSet.exactly(["aa", "bb", "cc"]), ValueSet.exactly(["aa"]), CODE_POINTS, '"bb", "cc"'),
        (number(0, 99_999), number(0, 999), CODE_POINTS, "1000 to 99999"),
        (number(0, None), number(0, 999), CODE_POINTS, "1000 or more"),
        (number(0, 9, None), number(0, 5), CODE_POINTS, "more than 0 to 9"),
        (number(0, 99, 3), number(0, 99, 1), CODE_POINTS, "0.001 to 98.999"),
        (ValueSet.null_only() | number(1, 2), number(1, 2), CODE_POINTS, "no value"),
        (ValueSet.null_only() | number(1, 3), number(1, 2), CODE_POINTS, "3 or no value"),
        (ValueSet.exactly([True, False]), ValueSet.exactly([True]), CODE_POINTS, "false"),
        (ValueSet.of_type("date"), ValueSet.between(date(2000, 1, 1), None), CODE_POINTS, "0001-01-01 to 1999-12-31"),
        (ValueSet.of_type("time"), ValueSet.between(time(8), None), CODE_POINTS, "00:00:00 to 07:59:59.999999"),
        (
            ValueSet.between(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)),
            ValueSet.between(datetime(2024, 1, 2, tzinfo=UTC), None),
            CODE_POINTS,
            "2024-01-01T00:00:00+00:00 to 2024-01-01T23:59:59.999999+00:00",
        ),
    ],
)
def test_a_span_is_told_as_people_say_it(held: ValueSet, allowed: ValueSet, unit: Weight, sentence: str) -> None:
    span = span_outside(held, allowed, unit)
    assert span is not None
    assert span.sentence == sentence


def test_a_known_member_is_grown_where_no_search_would_end() -> None:
    held = measured(CODE_POINTS, 0, 100) & ValueSet.text(TextSet.language(parse("^.*@.*$").language))
    allowed, few = measured(CODE_POINTS, 0, 35), STANDARD.limited(1)
    with pytest.raises(BudgetExceeded):
        span_outside(held, allowed, CODE_POINTS, few)
    span = span_outside(held, allowed, CODE_POINTS, few, "@" + 35 * "a")
    assert span is not None
    assert (span.low, span.high) == (36, 100)


def test_sets_of_several_types_have_no_span() -> None:
    assert span_outside(number(1, 2) | ValueSet.exactly(["a"]), ValueSet.nothing()) is None
    assert span_outside(number(1, 2), number(0, 3)) is None


def test_a_text_that_controls_a_terminal_is_listed_escaped() -> None:
    span = span_outside(ValueSet.exactly(["\x1b[2J", "a"]), ValueSet.exactly(["a"]))
    assert span is not None
    assert span.sentence == '"\\x1b[2J"'


def test_many_texts_are_not_listed() -> None:
    assert few_texts(TextSet.full()) is None
    assert few_texts(ValueSet.exactly(str(n) for n in range(150)).texts) == tuple(
        sorted((str(n) for n in range(150)), key=lambda text: (len(text), text))
    )


def test_more_listed_values_than_are_shown_are_counted() -> None:
    assert Span(tuple(range(10)), None, None, None).sentence.endswith(" and 2 more")


def test_one_of_a_unit_is_singular() -> None:
    words = [unit_words(unit.name, 1) for unit in (CODE_POINTS, UTF8, UTF16)]
    assert words == ["character", "byte in utf-8", "UTF-16 unit"]
    assert STANDARD.measured_characters > 65_535


def test_the_greatest_measure_is_not_claimed_beyond_the_budget() -> None:
    assert greatest(lambda low, _: low, 1, 50) is None


def test_what_takes_as_much_work_a_character_as_a_question_is_not_read_at_length() -> None:
    """A text of thousands of characters took 6 seconds, uncounted, to hold against a pattern of many states."""
    held = TextSet.language(parse(r"[a-z]\w{1,60}(-{0,5}\p{M}?[^\p{L}]{2}\p{P}{1,60}){1,60}").language)
    allowed = TextSet.measure(CODE_POINTS, 0, 3)
    known = held.stray(allowed)
    read: list[int] = []
    holds = Membership.__contains__

    def counted(atom: Membership, text: str) -> bool:
        read.append(len(text))
        return holds(atom, text)

    with patch.object(Membership, "__contains__", counted), suppress(BudgetExceeded):
        span_outside(ValueSet.text(held), ValueSet.text(allowed), budget=STANDARD.quick, known=known)
    assert 0 < max(read) <= STANDARD.slow_characters
