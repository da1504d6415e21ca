"""Screens and traces: what is demanded of an entry and why; where a value comes from and goes to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.requirement.screen import UnknownEntry, screen
from fieldline.checker.tracing.asked import UnknownField
from fieldline.checker.verdict.check import check
from fieldline.documents.names import EntityName
from fieldline.values.budget import STANDARD

from ..names import by_name, names
from ..tracing import traced

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context

TEXT = {"type": "text"}
ROUND = [
    {"from": "in1.e.a", "to": "b.e.a"},
    {"from": "b.e.a", "to": "c.e.a", "via": [{"prefix": "p"}]},
    {"from": "c.e.a", "to": "b.e.a"},
    {"from": "b.e.a", "to": "d.e.a"},
]


def test_binding_obligations_come_first_and_those_that_follow_have_slack(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "in1.e.a", "to": "c.e.a", "lag": "PT2H"}]
    found = context(
        flows, in1={"a": TEXT}, b={"a": {"type": "text", "max_length": 9}}, c={"a": {"type": "text", "max_length": 4}}
    )
    (field,) = screen(found.estate, "in1.e").fields
    told = [
        (str(o.binding.field), o.binds, o.verdict, o.lag)
        for o in field.obligations
        if o.binding.constraint == "max_length"
    ]
    assert told == [("c.e.a", True, "refuted", timedelta(hours=2)), ("b.e.a", False, "refuted", None)]
    assert field.not_known is None


def test_obligations_on_several_fields_are_reported_together(context: Callable[..., Context]) -> None:
    joined = {"from": ["in1.e.a", "in1.e.b"], "to": "c.e.a", "via": ["concat"]}
    flows = [{**joined, "when": "in1.e.a = 'x'", "engine": "postgres"}]
    found = context(flows, in1={"a": TEXT, "b": TEXT}, c={"a": {"type": "text", "max_length": 9}})
    (obligation,) = [o for o in screen(found.estate, "in1.e").together if o.binding.constraint == "max_length"]
    assert obligation.fields == names("in1.e.a", "in1.e.b")
    assert (obligation.binds, obligation.conditions) == (None, ("in1.e.a = 'x'",))


def test_an_unknown_entry_or_field_is_an_error_that_lists_the_existing_ones(context: Callable[..., Context]) -> None:
    found = context([], in1={"a": TEXT}, b={"a": TEXT})
    with pytest.raises(UnknownEntry) as entry:
        screen(found.estate, "b.e")
    assert entry.value.entries == (EntityName("in1", "e"),)
    with pytest.raises(UnknownField) as field:
        traced(found.estate, "in1.e.aa", "x")
    assert field.value.suggestion == "in1.e.a"


def test_in_a_cycle_that_grows_nothing_is_claimed(context: Callable[..., Context]) -> None:
    fields: dict[str, Any] = {"b": {"a": TEXT}, "c": {"a": {"type": "text", "max_length": 500}}, "d": {"a": TEXT}}
    found = context(ROUND, in1={"a": {"type": "text", "required": True, "pattern": "[a-z]{1,3}"}}, **fields)
    cycle = (
        "the cycle through b.e.a -> c.e.a never converges "
        f"(budget: gave up after {STANDARD.obligations_in_a_cycle} obligations in a cycle; --effort raises it)"
    )
    (field,) = screen(found.estate, "in1.e").fields
    assert field.not_known == cycle
    (summary,) = check(found.estate).summary.entries
    assert summary.relation == "unknown"


@pytest.mark.parametrize(("value", "verdict"), [("ppq", "refuted"), ("p" * 50 + "q", "unknown"), ("Q", "proved")])
def test_a_value_from_more_rounds_of_a_cycle_than_are_followed_is_not_excluded(
    context: Callable[..., Context], value: str, verdict: str
) -> None:
    fields: dict[str, Any] = {name: {"a": TEXT} for name in "bcd"}
    found = context(ROUND, in1={"a": {"type": "text", "required": True, "pattern": "[a-z]{1,3}"}}, **fields)
    (root,) = traced(found.estate, "d.e.a", value).roots
    assert root.verdict == verdict
    assert (root.reason is not None) == (verdict == "unknown")


def test_a_trace_names_the_rejecting_system_those_that_passed_it_on_and_the_typed_value(
    context: Callable[..., Context],
) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a", "via": ["upper"], "lag": "PT1H"},
        {"from": "b.e.a", "to": "c.e.a", "lag": "P1D"},
    ]
    found = context(
        flows,
        in1={"a": {"type": "text", "pattern": "[a-z]*"}},
        b={"a": TEXT},
        c={"a": {"type": "text", "max_length": 2}},
    )
    downstream = traced(found.estate, "c.e.a", "ABC")
    assert [c.name for c in downstream.rejected_by] == ["max_length"]
    (root,) = downstream.roots
    assert (root.verdict, root.record, root.passed) == ("refuted", by_name({"in1.e.a": "abc"}), ("in1", "b"))
    ahead = traced(found.estate, "b.e.a", "ABC")
    (failure,) = ahead.failures
    assert (str(failure.field.full_name), failure.after, failure.hops) == ("c.e.a", timedelta(days=1), names("c.e.a"))
    assert traced(found.estate, "c.e.a", "ab").roots[0].verdict == "proved", (
        "nothing in small letters comes out of upper"
    )


def test_obligations_are_counted_once_at_the_entry(context: Callable[..., Context]) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a"},
        {"from": "in1.e.b", "to": "x.e.b"},
        {"from": "x.e.b", "to": "b.e.b"},
        {"from": ["b.e.a", "b.e.b"], "to": "c.e.a", "via": ["concat"]},
    ]
    one = {"type": "text", "required": True, "max_length": 1}
    found = context(
        flows,
        in1={"a": one, "b": one},
        x={"b": TEXT},
        b={"a": TEXT, "b": TEXT},
        c={"a": {"type": "text", "max_length": 2}},
    )
    assert [f.refuted for f in check(found.estate).summary.entries] == [0, 0]


def test_downstream_of_a_dangling_flow_the_obligations_are_not_known(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "b.e.a", "to": "gone.e.a"}]
    found = context(flows, in1={"a": TEXT, "b": TEXT}, b={"a": TEXT})
    one, other = screen(found.estate, "in1.e").fields
    assert (one.not_known, other.not_known) == (
        "gone.e.a takes part in a flow on the way, and no contract has it",
        None,
    )
    assert [entry.relation for entry in check(found.estate).summary.entries] == ["unknown", "free"]
