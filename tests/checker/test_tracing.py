"""What a trace says of values whose fate depends on more than themselves, and who speaks first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.application.names import UnknownName, entity_named
from fieldline.checker.tracing.asked import UnknownField, asked_record, named_field
from fieldline.checker.tracing.trace import trace
from fieldline.documents.problem import EstateError

from ..names import by_name
from ..properties.estates import Written, contract
from ..tracing import traced

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context

    Estates = Callable[..., Context]

TEXT: dict[str, Any] = {"type": "text", "max_length": 9}
COUNTRY: dict[str, Any] = {"type": "text", "required": True, "one_of": ["FI", "SE"]}


def test_a_rejection_under_a_condition_is_told_with_the_record_it_needs(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "when": "in1.e.k = 'FI'"}]
    found = context(flows, in1={"c": TEXT, "k": COUNTRY}, b={"c": {"type": "text", "pattern": "[0-9]*"}})
    told = traced(found.estate, "in1.e.c", "X")
    (finding,) = [each for each in told.consequences if each.rule == "escape"]
    assert finding.witness == by_name({"in1.e.c": "X", "in1.e.k": "FI"})
    assert told.advice.kind != "accepted"
    swedish = trace(
        found.estate, asked_record(found.estate, {"c": "X", "k": "SE"}, entity_named(found.estate, "in1.e"))
    )
    assert swedish.failures == ()
    finnish = trace(
        found.estate, asked_record(found.estate, {"c": "X", "k": "FI"}, entity_named(found.estate, "in1.e"))
    )
    assert [str(failure.field.full_name) for failure in finnish.failures] == ["b.e.c"]


def test_a_value_of_a_table_is_judged_for_what_else_its_record_may_hold(context: Estates) -> None:
    flows = [
        {"from": "in1.e.c", "to": "a.e.c"},
        {"from": "in1.e.k", "to": "a.e.k"},
        {"from": "a.e.c", "to": "b.e.c", "when": "a.e.k = 'FI'"},
    ]
    found = context(
        flows, in1={"c": TEXT, "k": COUNTRY}, a={"c": TEXT, "k": COUNTRY}, b={"c": {"type": "text", "max_length": 3}}
    )
    told = traced(found.estate, "a.e.c", "abcd")
    assert told.advice.kind != "accepted"
    (finding,) = told.consequences
    assert finding.witness == by_name({"a.e.c": "abcd", "a.e.k": "FI"})
    assert traced(found.estate, "a.e.c", "abc").is_well


def test_a_joined_value_is_judged_with_the_least_that_the_others_hold(context: Estates) -> None:
    word = {"type": "text", "required": True, "pattern": "[a-z]{1,6}"}
    flows = [{"from": ["in1.e.x", "in1.e.y"], "to": "b.e.c", "via": [{"concat": {"separator": " "}}]}]
    found = context(flows, in1={"x": word, "y": word}, b={"c": {"type": "text", "max_length": 6}})
    told = traced(found.estate, "in1.e.y", "abcdef")
    assert not told.is_well
    assert any("at most 6 characters" in finding.message for finding in told.consequences)
    assert traced(found.estate, "in1.e.y", "a").failures == ()


@pytest.mark.parametrize(
    ("target", "via", "value", "stored"),
    [
        ({"type": "text", "max_length": 3, "on_violation": "truncate"}, [], "abcd", "abc"),
        ({"type": "text"}, [{"keep": {"class": "[A-Za-z ]"}}], "Gürtel", "Grtel"),
    ],
)
def test_an_altered_value_is_no_news_to_keep_quiet_about(
    context: Estates, target: dict[str, Any], via: list[Any], value: str, stored: str
) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", **({"via": via} if via else {})}]
    told = traced(context(flows, in1={"c": TEXT}, b={"c": target}).estate, "in1.e.c", value)
    assert [arrival.stored for arrival, _ in told.altered] == [stored]
    assert told.advice.kind == "altered"
    assert not told.is_well


def test_what_another_field_gives_back_is_not_altered(context: Estates) -> None:
    flows = [
        {"from": "in1.e.c", "to": "b.e.first", "via": [{"truncate": 3}]},
        {"from": "in1.e.c", "to": "b.e.whole"},
    ]
    told = traced(context(flows, in1={"c": TEXT}, b={"first": TEXT, "whole": TEXT}).estate, "in1.e.c", "abcd")
    assert told.altered == ()
    assert told.is_well


def test_a_value_that_may_be_taken_is_well_unless_it_is(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "via": ["lower"]}]
    told = traced(context(flows, in1={"c": TEXT}, b={"c": {**TEXT, "unique": True}}).estate, "in1.e.c", "Abc")
    assert told.is_well
    assert [(str(each.field), each.value) for each in told.unique_in] == [("b.e.c", "abc")]
    assert told.advice.kind == "taken"
    assert [system.name for system in told.advice.unique_in] == ["b"]


@pytest.mark.parametrize(("step", "merges"), [("lower", True), ("upper", True), (None, False)])
def test_a_value_that_a_key_takes_for_another_one_is_well_unless_that_is_there(
    step: str | None, *, merges: bool
) -> None:
    """A key that updates takes the same value for the same record, and may take another one for it."""
    to = contract("b", {"c": TEXT})
    to["entities"]["e"]["key"] = "c"
    flows = [{"from": "in1.e.c", "to": "b.e.c", "via": [step] if step else []}]
    estate = Written({"in1": contract("in1", {"c": {**TEXT, "required": True}}), "b": to}, flows).load()
    told = traced(estate, "in1.e.c", "A")
    assert [(str(each.field), each.value) for each in told.unique_in] == (
        [("b.e.c", "a" if step == "lower" else "A")] if merges else []
    )
    assert told.advice.kind == ("taken" if merges else "accepted")


def test_of_a_record_the_value_that_is_rejected_is_named_whichever_was_given_first(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "when": "in1.e.k = 'FI'"}]
    estate = context(flows, in1={"c": TEXT, "k": COUNTRY}, b={"c": {"type": "text", "pattern": "[0-9]*"}}).estate
    for given in ({"c": "X", "k": "FI"}, {"k": "FI", "c": "X"}):
        told = trace(estate, asked_record(estate, given, entity_named(estate, "in1.e")))
        assert (str(told.field.full_name), told.asked.value) == ("in1.e.c", "X")


def test_a_value_that_its_flow_leaves_out_does_not_arrive(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "when": "in1.e.c LIKE '+%'"}, {"from": "in1.e.i", "to": "b.e.i"}]
    fields = {"i": TEXT, "c": TEXT}
    estate = context(flows, in1=fields, b=fields).estate
    assert [finding.rule for finding in traced(estate, "in1.e.c", "040").consequences] == ["loss"]
    assert traced(estate, "in1.e.c", "+040").is_well


def test_behind_a_step_that_is_not_described_it_is_not_known_what_the_value_was(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "via": [{"opaque": "robot"}]}]
    told = traced(context(flows, in1={"c": TEXT}, b={"c": TEXT}).estate, "b.e.c", "x")
    assert told.is_open
    assert told.advice.kind != "accepted"


def test_every_value_that_may_have_become_this_one_is_possible(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "via": [{"keep": {"class": "[A-Za-z]"}}]}]
    (root,) = traced(context(flows, in1={"c": TEXT}, b={"c": TEXT}).estate, "b.e.c", "Wrth").roots
    assert root.record == by_name({"in1.e.c": "Wrth"})
    assert isinstance(root.another, str)
    assert [letter for letter in root.another if letter.isascii() and letter.isalpha()] == list("Wrth")
    assert root.another != "Wrth"


def test_what_several_values_become_is_not_said_to_be_as_it_was_entered(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "via": [{"truncate": 4}]}]
    found = context(flows, in1={"c": TEXT}, b={"c": TEXT})
    assert not traced(found.estate, "b.e.c", "anna").is_well
    assert traced(found.estate, "b.e.c", "ann").is_well


def test_the_value_that_makes_another_field_required_depends_on_that_field(context: Estates) -> None:
    flows = [{"from": f"in1.e.{name}", "to": f"b.e.{name}"} for name in ("age", "parent")]
    age = {"type": "integer", "required": True, "min": 0, "max": 100}
    when = {"type": "text", "required": {"when": "age > 12"}}
    found = context(flows, in1={"age": age, "parent": TEXT}, b={"age": {"type": "integer"}, "parent": when})
    assert not traced(found.estate, "in1.e.age", 13).is_well
    assert traced(found.estate, "in1.e.age", 12).is_well


def test_an_empty_field_of_a_record_that_is_filled_on_the_way_is_told(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "via": [{"default": "N"}]}]
    found = context(flows, in1={"c": {"type": "text", "one_of": ["N", "Y"]}}, b={"c": TEXT})
    told = trace(found.estate, asked_record(found.estate, {"c": None}, entity_named(found.estate, "in1.e")))
    assert [(finding.rule, finding.witness) for finding in told.consequences] == [("loss", by_name({"in1.e.c": None}))]


def test_what_one_engine_makes_of_a_value_and_another_does_not_is_no_certain_rejection(context: Estates) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "via": ["upper"]}]
    found = context(flows, in1={"c": TEXT}, b={"c": {"type": "text", "pattern": "[A-Z]*"}})
    told = traced(found.estate, "in1.e.c", "ß")
    assert told.failures == ()
    assert [doubt.by_engine for doubt in told.doubts] == [True]
    assert [failure.value for failure in traced(found.estate, "in1.e.c", "ö").failures] == ["ö", "Ö"]


def test_the_root_names_what_every_system_accepts(context: Estates) -> None:
    short = {"type": "text", "pattern": "[A-Za-z]{0,6}"}
    found = context([{"from": "in1.e.c", "to": "b.e.c"}], in1={"c": {"type": "text"}}, b={"c": short})
    told = traced(found.estate, "b.e.c", "Åsa Berg")
    assert told.cause is not None
    assert told.cause.instead == "AsaBer"


def test_a_record_is_read_as_a_person_writes_it(context: Estates) -> None:
    found = context([], in1={"c": {**TEXT, "title": "User name"}, "n": {"type": "integer"}}, b={"c": TEXT})
    assert str(named_field(found.estate, "user NAME").full_name) == "in1.e.c"
    assert str(named_field(found.estate, "n").full_name) == "in1.e.n"
    with pytest.raises(UnknownField) as several:
        named_field(found.estate, "c")
    assert several.value.suggestion == "b.e.c or in1.e.c"
    asked = asked_record(found.estate, {"n": "7"}, entity_named(found.estate, "in1.e"))
    assert asked.values == by_name({"in1.e.n": 7}), "the other field may hold anything"
    assert str(asked.field.full_name) == "in1.e.n"
    assert str(named_field(found.estate, "C", entity_named(found.estate, "in1")).full_name) == "in1.e.c"
    with pytest.raises(UnknownField) as elsewhere:
        named_field(found.estate, "b.e.c", entity_named(found.estate, "in1.e"))
    assert str(elsewhere.value.entity) == "in1.e"
    with pytest.raises(UnknownName):
        entity_named(found.estate, "in2")
    with pytest.raises(EstateError, match="no value is given"):
        asked_record(found.estate, {})
    with pytest.raises(EstateError, match=r"b\.e\.c is a field of b\.e"):
        asked_record(found.estate, {"n": "7", "b.e.c": "x"})
    with pytest.raises(EstateError, match=r"in1\.e\.n is given more than once"):
        asked_record(found.estate, {"n": "7", "in1.e.n": "8"})
    with pytest.raises(EstateError, match="of type integer"):
        asked_record(found.estate, {"n": "x"})
