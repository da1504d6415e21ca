"""A trace as text, where the answer is not simple."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.reports.text.page import Look
from fieldline.reports.text.trace import trace_text
from fieldline.reports.text.trace_sentence import trace_sentence

from ...tracing import answered, traced

if TYPE_CHECKING:
    from fieldline.documents.local_text import SpokenLanguage
    from fieldline.values.valueset import Value

TEXT = "{a: {type: text}}"
SHORT = "{a: {type: text, max_length: 3}}"


def first(estate: Any, at: str, value: Value) -> str:  # noqa: ANN401 - an estate
    return trace_sentence(answered(traced(estate, at, value), estate))


def whole(estate: Any, at: str, value: Value) -> str:  # noqa: ANN401 - an estate
    return " ".join(trace_text(answered(traced(estate, at, value), estate), Look()).split())


@pytest.fixture
def two_entries(estate: Any) -> Any:  # noqa: ANN401 - an estate
    flows = "[{from: entry1.e.a, to: b.e.a}, {from: entry2.e.a, to: b.e.a, via: [upper]}]"
    return estate(flows, entry1=TEXT, entry2=TEXT, b=SHORT)


def test_several_entries_that_can_have_let_it_in_are_all_named(two_entries: Any) -> None:  # noqa: ANN401
    told = first(two_entries, "b.e.a", "ABCD")
    assert told == (
        'b rejects "ABCD" (a), because it accepts at most 3 characters (this has 4). '
        "It may have been accepted by entry1 or entry2."
    )


def test_an_entry_that_cannot_have_let_it_in_is_excluded(two_entries: Any) -> None:  # noqa: ANN401
    told = whole(two_entries, "b.e.a", "abcd")
    assert 'entry1 accepts it, typed for example as a = "abcd".' in told
    assert "Not from entry2 (entry2.e): no value accepted there becomes this one." in told


def test_nobody_named_is_said(two_entries: Any) -> None:  # noqa: ANN401
    told = whole(two_entries, "b.e.a", "abcd")
    assert "the cause, at entry1: the contract names no one" in told
    assert "owner: T" in told


def test_behind_a_step_nobody_described_nothing_is_claimed(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: entry.e.a, to: b.e.a, via: [{opaque: a routine}]}, {from: b.e.a, to: c.e.a}]"
    loaded = estate(flows, entry=TEXT, b=TEXT, c=SHORT)
    assert first(loaded, "entry.e.a", "abcd").startswith(
        'The outcome of "abcd" (a, entry) is unknown: a step on the way'
    )
    downstream = whole(loaded, "c.e.a", "abcd")
    assert "It may have been accepted by entry." in downstream
    assert "entry (entry.e) cannot be excluded: " in downstream


def test_a_value_that_never_comes_to_rest_is_told_as_such(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: entry.e.a, to: b.e.a}, {from: b.e.a, to: c.e.a, via: [{suffix: x}]}, {from: c.e.a, to: b.e.a}]"
    loaded = estate(flows, entry=TEXT, b=TEXT, c=TEXT)
    assert first(loaded, "b.e.a", "v") == (
        'The outcome of "v" (a, b) is unknown: it circulates among the systems and keeps changing.'
    )
    assert "not every step is shown here" in whole(loaded, "b.e.a", "v")


def test_where_no_entry_leads_none_is_blamed(estate: Any) -> None:  # noqa: ANN401
    loaded = estate(entry=TEXT, b=SHORT)
    assert first(loaded, "b.e.a", "abcd").endswith("No entry of this estate leads there.")


def test_what_the_entry_itself_refuses_cannot_have_been_entered(estate: Any) -> None:  # noqa: ANN401
    loaded = estate("[{from: entry.e.a, to: b.e.a}]", entry=SHORT, b=TEXT)
    assert first(loaded, "entry.e.a", "abcd") == (
        'entry rejects "abcd" (a), because it accepts at most 3 characters (this has 4). '
        "So it cannot have been entered there."
    )
    assert "Further on its way" not in whole(loaded, "entry.e.a", "abcd")


def test_a_step_that_fails_on_the_way_is_told(estate: Any) -> None:  # noqa: ANN401
    loaded = estate("[{from: entry.e.a, to: b.e.a, via: [{cast: integer}]}]", entry=TEXT, b="{a: {type: integer}}")
    assert first(loaded, "entry.e.a", "twelve").startswith(
        'entry accepts "twelve" (a), but b rejects it, because a step on the way there fails on it.'
    )
    assert "no value: this step fails" in whole(loaded, "entry.e.a", "twelve")


def test_what_a_system_makes_of_it_is_shown(estate: Any) -> None:  # noqa: ANN401
    cut = "{a: {type: text, max_length: 3, on_violation: truncate}}"
    loaded = estate("[{from: entry.e.a, to: b.e.a}]", entry=TEXT, b=cut)
    assert 'stored as "abc"' in whole(loaded, "entry.e.a", "abcd")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", 'entry hyväksyy arvon "twelve" (a), mutta b ei. Hyväksytään: enintään 3 merkkiä. Se syötettiin siellä.'),
        ("sv", 'entry godtar "twelve" (a), men inte b. Godtas: högst 3 tecken. Det angavs där.'),
        ("nb", 'entry godtar "twelve" (a), men ikke b. Godtas: maks. 3 tegn. Det ble oppgitt der.'),
        ("nl", 'entry accepteert "twelve" (a), maar b niet. Toegestaan: maximaal 3 tekens. Het is daar ingevoerd.'),
    ],
)
def test_the_first_sentence_is_in_the_language_that_is_asked_for(
    estate: Any,  # noqa: ANN401 - an estate
    language: SpokenLanguage,
    said: str,
) -> None:
    told = estate("[{from: entry.e.a, to: b.e.a}]", entry=TEXT, b=SHORT)
    asked = replace(answered(traced(told, "entry.e.a", "twelve"), told), language=language)
    assert trace_sentence(asked) == said
