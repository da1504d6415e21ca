"""Projections: a text can pass, or always passes, exactly if some record, or every record, with it passes."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.values import language, projection
from fieldline.values.budget import STANDARD, BudgetExceeded
from fieldline.values.charset import Charset
from fieldline.values.projection import ProjectedPart, project
from fieldline.values.record import Join, OnFields, RecordSet
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet
from fieldline.values.weight import CODE_POINTS, UTF8

from ..properties import strategies as our
from ..properties.strategies import Model, every_text, tries

TEXTS = tuple(every_text("ab", 4))
small = st.builds(
    lambda characters, low, more: our._in_language(our._repeat(our._characters(characters, outside=False), low, more)),
    st.sampled_from(["a", "ab", "b"]),
    st.integers(0, 2),
    st.integers(0, 2),
)
UNEVEN = our.UNITS[2]
sizes = st.builds(
    our._of_measure, st.sampled_from((CODE_POINTS, UNEVEN)), st.integers(0, 6), st.none() | st.integers(0, 2)
)
at_most = st.builds(our._of_measure, st.sampled_from((CODE_POINTS, UNEVEN)), st.just(0), st.integers(0, 9))
held_fields = st.lists(st.tuples(small, st.booleans()), min_size=2, max_size=3)


@pytest.fixture(params=["listed", "not listed"], autouse=True, scope="module")
def _with_and_without_lists(request: pytest.FixtureRequest) -> object:
    """Sets of few texts are decided text by text: here also as the sets of many texts are."""
    listed = projection.few_texts
    if request.param == "not listed":
        projection.few_texts = lambda _: None
    yield
    projection.few_texts = listed


@tries(150)
@given(
    held_fields,
    st.sampled_from(["", " ", "a", "éé"]),
    st.sampled_from(["skip", "empty", "refuse"]),
    sizes | at_most | our.text_sets(2),
    st.sampled_from(["", "cut", "cut, and null becomes a text"]),
)
def test_what_can_pass_and_what_always_passes_is_what_trying_every_record_says(
    held: list[tuple[Model[TextSet, str], bool]], separator: str, nulls: str, passing: Model[TextSet, str], step: str
) -> None:
    options = [[*([None] if null else []), *(t for t in TEXTS if model.holds(t))] for model, null in held]
    join = Join(len(held), separator, nulls)
    goal = passing.found.back(join)
    if step:
        goal = goal.back(OnFields.one(0, our.Truncate(1).machine, "bb" if "null" in step else None))

    def passes(record: tuple[str | None, ...]) -> bool:
        first = "bb" if record[0] is None and "null" in step else record[0]
        first = record[0][:1] if step and record[0] is not None else first
        seen = (first, *record[1:])
        text = join.join(seen)
        return text is not None and passing.holds(text)

    records = RecordSet(tuple((model.found, null) for model, null in held))
    for index in range(len(held)):
        outcomes = {
            text: [passes(record) for record in product(*options[:index], [text], *options[index + 1 :])]
            for text in options[index]
            if text is not None
        }
        if not outcomes or not all(options):
            continue
        known = project(records, goal, index)
        assert known is not None
        seen = (lambda text: text[:1]) if step and index == 0 else (lambda text: text)
        _agrees(known.possible, {text: any(each) for text, each in outcomes.items()}, seen)
        _agrees(known.always, {text: all(each) for text, each in outcomes.items()}, seen)


def _agrees(part: ProjectedPart, expected: dict[str, bool], seen: object) -> None:
    held = [text for text, is_held in expected.items() if is_held]
    assert part.size == ("all" if len(held) == len(expected) else "some" if held else "none")
    if part.listed is not None:
        assert sorted(part.listed) == sorted(held)
    elif part.unit is not None:
        unit = CODE_POINTS if part.unit == CODE_POINTS.name else UNEVEN
        low, high = part.least or 0, part.most
        measures = {text: unit.of(seen(text)) for text in expected}  # type: ignore[operator]
        assert [t for t, n in measures.items() if low <= n and (high is None or n <= high)] == held
    elif part.size == "some":
        assert expected[part.beyond or ""] is False


def letters(low: int, high: int) -> TextSet:
    return TextSet.language(language.repeat(language.chars(Charset.of(("a", "z"))), low, high))


def test_long_fields_have_exact_bounds_too() -> None:
    records = RecordSet(((letters(8, 4_000), False), (letters(8, 40), True)))
    known = project(records, TextSet.measure(UTF8, 0, 1_000).back(Join(2, " - ", "skip")), 0)
    assert known is not None
    assert (known.possible.most, known.always.most) == (1_000, 957)


def test_long_fields_under_a_pattern_are_not_known() -> None:
    pattern = TextSet.language(language.repeat(language.chars(Charset.of(("a", "m"))), 300, 900))
    records = RecordSet(((letters(8, 400), False), (letters(8, 400), False)))
    with pytest.raises(BudgetExceeded):
        project(records, pattern.back(Join(2, "", "skip")), 0)


def test_more_records_than_the_budget_allows_are_not_decided() -> None:
    pattern = TextSet.language(language.literal("ab"))
    records = RecordSet(((letters(1, 60), False), (letters(1, 60), False)))
    with pytest.raises(BudgetExceeded):
        project(records, pattern.back(Join(2, "", "skip")), 0, STANDARD.limited(20))


def test_codes_are_decided_one_by_one() -> None:
    codes = ValueSet.exactly(["A", "BB", "CCC"]).texts
    records = RecordSet(((codes, False), (letters(1, 2), False)))
    known = project(records, TextSet.measure(CODE_POINTS, 0, 3).back(Join(2, "", "skip")), 0)
    assert known is not None
    assert (known.possible.size, known.always.size) == ("some", "some")
