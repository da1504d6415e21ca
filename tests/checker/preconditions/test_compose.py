"""Composition: which demands stand at which field, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldline.checker.preconditions.compose import Composition
from fieldline.checker.preconditions.obligation import FlowStep, OwnConstraint
from fieldline.documents.names import FieldName
from fieldline.values.budget import STANDARD
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet

from ...names import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context
    from fieldline.checker.preconditions.obligation import Obligation

TEXT = {"type": "text"}


def limits(obligations: list[Obligation], *texts: str) -> list[tuple[bool, ...]]:
    """Per demand on one field that is no mere type, which of the texts meet it."""
    single = [d.accepts for d in obligations if isinstance(d.accepts, ValueSet) and 0 not in d.accepts]
    return [tuple(text in accepts for text in texts) for accepts in single if None in accepts]


def test_a_demand_is_carried_back_over_every_step(context: Callable[..., Context]) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a", "via": ["trim"]},
        {"from": "b.e.a", "to": "c.e.a", "via": [{"prefix": "xy"}]},
    ]
    found = context(flows, in1={"a": TEXT}, b={"a": TEXT}, c={"a": {"type": "text", "max_length": 4}})
    at = found.composition.at
    assert (True, False) in limits(at[FieldName.read("c.e.a")], "abcd", "abcde")
    assert (True, False) in limits(at[FieldName.read("b.e.a")], "ab", "abc")
    assert (True, True, False) in limits(at[FieldName.read("in1.e.a")], "ab", "  ab  ", "abc")


def test_a_demand_that_a_field_makes_itself_ends_there(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "b.e.a", "to": "c.e.a"}]
    loose = {"type": "text", "max_length": 9}
    found = context(
        flows, in1={"a": loose}, b={"a": {"type": "text", "max_length": 4}}, c={"a": {"type": "text", "max_length": 5}}
    )
    assert (True, False) in limits(found.composition.at[FieldName.read("b.e.a")], "abcde", "abcdef")
    assert (True, False) not in limits(found.composition.at[FieldName.read("in1.e.a")], "abcde", "abcdef")
    assert (True, False) in limits(found.composition.at[FieldName.read("in1.e.a")], "abcd", "abcde")


def test_the_same_demand_of_two_systems_stands_once_with_both_causes(context: Callable[..., Context]) -> None:
    short = {"type": "text", "max_length": 4}
    flows = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "in1.e.a", "to": "c.e.a"}]
    found = context(flows, in1={"a": TEXT}, b={"a": short}, c={"a": short})
    (obligation,) = [
        d for d in found.composition.at[FieldName.read("in1.e.a")] if limits([d], "abcd", "abcde") == [(True, False)]
    ]
    assert {c.obligation.fields for c in obligation.continuations} == {names("b.e.a"), names("c.e.a")}


def test_what_a_flow_loses_is_a_demand_on_its_source(context: Callable[..., Context]) -> None:
    flow = {"from": "in1.e.a", "to": "b.e.a", "via": [{"truncate": 2}]}
    for accepted, expected in ((False, ["alter"]), (True, [])):
        found = context([{**flow, "accept_loss": accepted}], in1={"a": TEXT}, b={"a": TEXT})
        own = [
            d
            for d in found.composition.at[FieldName.read("in1.e.a")]
            if any(isinstance(o, FlowStep) for o in d.origins)
        ]
        assert [d.effect for d in own] == expected


def test_a_demand_on_joined_texts_is_one_on_the_record(context: Callable[..., Context]) -> None:
    flows = [{"from": ["in1.e.a", "in1.e.b"], "to": "c.e.a", "via": [{"concat": {"separator": " "}}]}]
    found = context(flows, in1={"a": TEXT, "b": TEXT}, c={"a": {"type": "text", "max_length": 4}})
    joint = [d for d in found.composition.at[FieldName.read("in1.e.a")] if len(d.fields) == 2]
    assert {d.fields for d in joint} == {names("in1.e.a", "in1.e.b")}
    assert all(isinstance(d.accepts, TextSet) for d in joint)
    assert [d for d in found.composition.at[FieldName.read("in1.e.b")] if len(d.fields) == 2] == joint


def test_a_condition_guards_a_demand_and_one_on_the_field_itself_weakens_it(context: Callable[..., Context]) -> None:
    systems = {"in1": {"a": TEXT, "k": TEXT}, "c": {"a": {"type": "text", "max_length": 2}}}
    guarded = context([{"from": "in1.e.a", "to": "c.e.a", "when": "in1.e.k = '1'"}], **systems)
    assert {name for d in guarded.composition.at[FieldName.read("in1.e.a")] for name, _ in d.guards} == {
        *names("in1.e.k")
    }
    itself = context([{"from": "in1.e.a", "to": "c.e.a", "when": "in1.e.a <> 'long'"}], **systems)
    (obligation,) = [
        d for d in itself.composition.at[FieldName.read("in1.e.a")] if limits([d], "ab", "abc") == [(True, False)]
    ]
    assert obligation.guards == ()
    assert isinstance(obligation.accepts, ValueSet)
    assert "long" in obligation.accepts


def test_a_step_nobody_described_is_an_unknown_demand(context: Callable[..., Context]) -> None:
    found = context(
        [{"from": "in1.e.a", "to": "b.e.a", "via": [{"opaque": "a routine"}]}], in1={"a": TEXT}, b={"a": TEXT}
    )
    (obligation,) = [d for d in found.composition.at[FieldName.read("in1.e.a")] if d.accepts is None]
    assert obligation.unknown == "the effect of 'a routine' is not described"


def test_joined_fields_that_come_on_different_conditions_are_not_known(context: Callable[..., Context]) -> None:
    flows: list[dict[str, Any]] = [
        {"from": "in1.e.a", "to": "b.e.a"},
        {"from": "in1.e.b", "to": "b.e.b", "when": "in1.e.a = 'x'"},
        {"from": ["b.e.a", "b.e.b"], "to": "c.e.a", "via": ["concat"]},
    ]
    found = context(
        flows, in1={"a": TEXT, "b": TEXT}, b={"a": TEXT, "b": TEXT}, c={"a": {"type": "text", "max_length": 4}}
    )
    reasons = {d.unknown for d in found.composition.at[FieldName.read("in1.e.a")] if d.accepts is None}
    assert any("arrives only where in1.e.a = 'x'" in (reason or "") for reason in reasons)


def test_more_ways_of_joining_than_are_followed_are_not_known(context: Callable[..., Context]) -> None:
    many = range(int(STANDARD.joined_ways**0.5) + 1)
    flows: list[dict[str, Any]] = [{"from": ["b.e.a", "b.e.b"], "to": "c.e.a", "via": ["concat"]}]
    flows += [{"from": f"in1.e.f{i}", "to": f"b.e.{x}", "via": [{"suffix": f"{x}{i}"}]} for i in many for x in "ab"]
    fields = {f"f{i}": TEXT for i in many}
    found = context(flows, in1=fields, b={"a": TEXT, "b": TEXT}, c={"a": {"type": "text", "max_length": 4}})
    for name in fields:
        reasons = {d.unknown for d in found.composition.at[FieldName("in1", "e", name)]}
        assert (
            "the values joined in b.e.a arrive in more ways than are followed "
            f"(budget: gave up after {STANDARD.joined_ways} joined ways; --effort raises it)"
        ) in reasons


def test_a_cycle_that_settles_is_solved_and_one_that_grows_is_unsettled(context: Callable[..., Context]) -> None:
    systems = {"in1": {"a": TEXT}, "b": {"a": TEXT}, "c": {"a": {"type": "text", "max_length": 500}}}
    back = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "c.e.a", "to": "b.e.a"}]
    plain = context([*back, {"from": "b.e.a", "to": "c.e.a", "via": ["trim"]}], **systems).composition
    assert plain.unsettled == set()
    growing = context([*back, {"from": "b.e.a", "to": "c.e.a", "via": [{"prefix": "p"}]}], **systems).composition
    assert growing.unsettled & {*names("b.e.a", "c.e.a")}
    assert growing.why_unsettled(FieldName.read("b.e.a")) == (
        "the cycle through b.e.a -> c.e.a never converges "
        f"(budget: gave up after {STANDARD.obligations_in_a_cycle} obligations in a cycle; --effort raises it)"
    )


def test_only_demands_within_are_composed(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "b.e.a", "to": "c.e.a"}]
    found = context(flows, in1={"a": TEXT}, b={"a": TEXT}, c={"a": {"type": "text", "max_length": 4}})
    within = Composition(found.graph, frozenset(names("in1.e.a", "b.e.a")))
    assert (True, False) not in limits(within.at[FieldName.read("in1.e.a")], "abcd", "abcde")
    origins = [o for d in within.at[FieldName.read("b.e.a")] for o in d.origins]
    assert {o.name for o in origins if isinstance(o, OwnConstraint)} == {"type"}
