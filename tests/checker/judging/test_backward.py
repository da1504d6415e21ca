"""Backward: which values of which entries become these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldline.checker.judging.backward import EntryOrigin, Joined, trace_back
from fieldline.documents.names import FieldName
from fieldline.values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context

TEXT = {"type": "text"}


def origins(context: Context, at: str, *wanted: str) -> list[tuple[str, bool, bool]]:
    found = trace_back(context.judge, FieldName.read(at), ValueSet.exactly(wanted))
    return [(str(o.field), "ab" in o.values, " AB " in o.values) for o in found if isinstance(o, EntryOrigin)]


def test_every_entry_from_which_it_can_come_nearest_first(context: Callable[..., Context]) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a", "via": ["trim"]},
        {"from": "b.e.a", "to": "c.e.a", "via": ["lower"]},
        {"from": "in2.e.a", "to": "c.e.a"},
        {"from": "in3.e.a", "to": "c.e.a"},
    ]
    digits = {"type": "text", "pattern": "[0-9]*"}
    found = context(flows, in1={"a": TEXT}, in2={"a": TEXT}, in3={"a": digits}, b={"a": TEXT}, c={"a": TEXT})
    assert origins(found, "c.e.a", "ab") == [("in2.e.a", True, False), ("in1.e.a", True, True)]


def test_not_through_a_system_that_rejects_it_nor_over_a_condition_it_does_not_meet(
    context: Callable[..., Context],
) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a"},
        {"from": "b.e.a", "to": "c.e.a"},
        {"from": "in1.e.a", "to": "c.e.a", "when": "in1.e.a <> 'ab'"},
    ]
    found = context(flows, in1={"a": TEXT}, b={"a": {"type": "text", "max_length": 1}}, c={"a": TEXT})
    assert origins(found, "c.e.a", "ab") == []


def test_through_a_system_that_truncates(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "b.e.a", "to": "c.e.a"}]
    cut = {"type": "text", "max_length": 2, "on_violation": "truncate"}
    found = context(flows, in1={"a": TEXT}, b={"a": cut}, c={"a": TEXT})
    (origin,) = trace_back(found.judge, FieldName.read("c.e.a"), ValueSet.exactly(["ab"]))
    assert isinstance(origin, EntryOrigin)
    assert ("abc" in origin.values, "b" in origin.values) == (True, False)


def test_a_path_back_ends_at_a_join_and_at_a_step_that_is_not_described(context: Callable[..., Context]) -> None:
    flows = [
        {"from": ["in1.e.a", "in1.e.b"], "to": "b.e.a", "via": ["concat"]},
        {"from": "in1.e.a", "to": "b.e.a", "via": [{"opaque": "x"}]},
        {"from": "b.e.a", "to": "c.e.a"},
    ]
    found = context(flows, in1={"a": TEXT, "b": TEXT}, b={"a": TEXT}, c={"a": TEXT})
    ends = list(trace_back(found.judge, FieldName.read("c.e.a"), ValueSet.exactly(["ab"])))
    assert [type(end) for end in ends] == [Joined, Joined]
    assert [len(end.links) for end in ends] == [1, 1]
