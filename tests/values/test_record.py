"""Records as strings: joining, looking at one field, working on one field, and the first record that breaks a demand."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.values import language
from fieldline.values.charset import Charset
from fieldline.values.record import Join, OnFields, RecordSet, Select, read_record, write_record
from fieldline.values.textset import TextSet
from fieldline.values.weight import CODE_POINTS, Weight

from ..properties import strategies as our
from ..properties.strategies import UNITS, Model, every_text, tries

if TYPE_CHECKING:
    from fieldline.lineage.transform import TextTransform

fields = st.none() | st.text("ab 0é", max_size=4)
records = st.lists(fields, min_size=2, max_size=3).map(tuple)
nulls = st.sampled_from(["skip", "empty", "refuse"])
separators = st.sampled_from(["", " ", ", ", "a", "éé"])
Texts = tuple[str | None, ...]


@given(records)
def test_a_record_is_read_back_as_it_was_written(record: Texts) -> None:
    assert read_record(write_record(record)) == record


@given(st.lists(records, min_size=2, max_size=2))
def test_different_records_are_different_strings(pair: list[Texts]) -> None:
    assert (write_record(pair[0]) == write_record(pair[1])) == (pair[0] == pair[1])


def joined(record: Texts, separator: str, null: str) -> str | None:
    """The definition."""
    if null == "refuse" and None in record:
        return None
    if null == "empty":
        return separator.join(text or "" for text in record)
    return separator.join(text for text in record if text is not None)


@tries(200)
@given(records, separators, nulls)
def test_the_machine_joins_as_the_definition_says(record: Texts, separator: str, null: str) -> None:
    machine = Join(len(record), separator, null)
    assert machine.run(write_record(record)) == joined(record, separator, null) == machine.join(record)
    assert Join(len(record) + 1, separator, null).run(write_record(record)) is None


@tries(200)
@given(records, separators, nulls, our.text_sets(3))
def test_a_record_is_in_the_preimage_of_a_join_exactly_when_the_joined_text_is_a_member(
    record: Texts, separator: str, null: str, model: Model[TextSet, str]
) -> None:
    before = model.found.back(Join(len(record), separator, null))
    text = joined(record, separator, null)
    held = all(write_record(record) in atom for atom in before.atoms)
    assert held == (text is not None and model.holds(text))


@tries(150)
@given(records, st.integers(0, 3))
def test_looking_at_one_field_sees_that_field(record: Texts, index: int) -> None:
    expected = (record[index] or "") if index < len(record) else ""
    assert Select(index).run(write_record(record)) == expected


@tries(200)
@given(records, our.any_text_transform, st.integers(0, 2), st.none() | st.text("ab", max_size=2))
def test_working_on_one_field_leaves_the_others_and_null(
    record: Texts, step: TextTransform, index: int, instead: str | None
) -> None:
    machine = OnFields.one(index, step.machine, instead)
    expected = tuple(
        text if i != index else (instead if text is None else step.write(text)) for i, text in enumerate(record)
    )
    assert machine.run(write_record(record)) == write_record(expected)


def one_then_other(one: OnFields, other: OnFields, written: str) -> str | None:
    between = one.run(written)
    return None if between is None else other.run(between)


@tries(150)
@given(records, our.any_text_transform, our.any_text_transform, st.sampled_from(UNITS))
def test_what_machines_on_fields_promise_is_true(
    record: Texts, first: TextTransform, second: TextTransform, unit: Weight
) -> None:
    written = write_record(record)
    one, other = OnFields.one(0, first.machine), OnFields.one(1, second.machine)
    results = [b.run(a.run(written) or "") for a, b in ((one, other), (other, one))]
    assert not one.commutes(other) or results[0] == results[1]
    both = one.fused(other)
    assert both is not None
    assert both.run(written) == one_then_other(one, other, written)
    for machine in (one, other, both, Join(len(record), " ", "empty")):
        result = machine.run(written) or ""
        bound = machine.outweigh(unit)
        if bound is not None:
            assert unit.of(result) <= bound[0].of(written) + bound[1]
        if machine.invisible(unit):
            assert unit.of(result) == unit.of(written)


TEXTS = tuple(every_text("ab", 4))
small = st.builds(
    lambda characters, low, more: our._in_language(our._repeat(our._characters(characters, outside=False), low, more)),
    st.sampled_from(["a", "ab", "b"]),
    st.integers(0, 2),
    st.integers(0, 2),
)
sizes = st.builds(
    our._of_measure, st.sampled_from((CODE_POINTS, UNITS[2])), st.integers(0, 6), st.none() | st.integers(0, 2)
)
held_fields = st.lists(st.tuples(small, st.booleans()), min_size=2, max_size=2)


@tries(200)
@given(held_fields, separators, nulls, sizes | our.text_sets(2), st.booleans())
def test_no_record_that_breaks_a_demand_is_shorter_than_the_one_found(
    held: list[tuple[Model[TextSet, str], bool]],
    separator: str,
    null: str,
    restriction: Model[TextSet, str],
    cut: bool,
) -> None:
    options = [[*([None] if nullable else []), *(t for t in TEXTS if model.holds(t))] for model, nullable in held]
    universe = RecordSet(tuple((model.found, nullable) for model, nullable in held))
    goal = restriction.found.back(Join(len(held), separator, null))
    if cut:
        goal = goal.back(OnFields.one(0, our.Truncate(1).machine))

    def breaks(record: Texts) -> bool:
        seen = (record[0][:1] if cut and record[0] is not None else record[0], *record[1:])
        text = joined(seen, separator, null)
        return text is None or not restriction.holds(text)

    found = [r for atom in goal.atoms if (r := universe.first_violation(atom)) is not None]
    expected = [record for record in product(*options) if breaks(record)]
    assert all(breaks(record) for record in found)
    assert bool(found) == bool(expected)
    if found:
        assert min(map(length, found)) == min(map(length, expected))


def length(record: Texts) -> int:
    """Characters; null counts as one."""
    return sum(1 if text is None else len(text) for text in record)


def test_three_long_fields_that_do_not_fit_together_are_decided() -> None:
    letters = TextSet.language(language.repeat(language.chars(Charset.of(("A", "Z"))), 0, 255))
    universe = RecordSet(((letters, True),) * 3)
    restriction = TextSet.measure(CODE_POINTS, 0, 500).back(Join(3, " ", "skip"))
    found = [record for atom in restriction.atoms if (record := universe.first_violation(atom))]
    assert [length(record) for record in found] == [499]


@pytest.mark.parametrize("null", ["skip", "empty"])
def test_four_fields_that_fit_are_proved_to_fit(null: str) -> None:
    letters = TextSet.language(language.repeat(language.chars(Charset.of(("A", "Z"))), 0, 50))
    universe = RecordSet(((letters, True),) * 3)
    goal = TextSet.measure(CODE_POINTS, 0, 152).back(Join(3, " ", null))
    assert [universe.first_violation(atom) for atom in goal.atoms] == [None] * len(goal.atoms)
