"""Journeys: what becomes of a record, seen by sending it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.judging.simulate import travel
from fieldline.documents.names import FieldName
from fieldline.lineage.transform import REJECTED, UNKNOWN

from ...names import by_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context
    from fieldline.values.valueset import Value

TEXT = {"type": "text"}


def test_an_arrival_is_stored_changed_and_continues_so(context: Callable[..., Context]) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a", "lag": "PT1H"},
        {"from": "b.e.a", "to": "c.e.a", "via": ["upper"], "lag": "P1D"},
    ]
    cut = {"type": "text", "max_length": 2, "on_violation": "truncate"}
    graph = context(flows, in1={"a": TEXT}, b={"a": cut}, c={"a": TEXT}).graph
    journey = travel(graph, by_name({"in1.e.a": "abc"}))
    (at_b,), (at_c,) = journey.arrivals[FieldName.read("b.e.a")], journey.arrivals[FieldName.read("c.e.a")]
    assert (at_b.value, at_b.stored, at_b.elapsed) == ("abc", "ab", timedelta(hours=1))
    assert (at_c.value, at_c.elapsed) == ("AB", timedelta(hours=25))
    assert journey.rejections() == ()


def test_a_rejected_value_goes_no_further(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "b.e.a", "to": "c.e.a"}]
    graph = context(
        flows, in1={"a": TEXT}, b={"a": {"type": "text", "max_length": 2, "pattern": "[a-z]*"}}, c={"a": TEXT}
    ).graph
    journey = travel(graph, by_name({"in1.e.a": "ABC"}))
    (rejection,) = journey.rejections()
    assert {c.name for c in rejection.rejections} == {"max_length", "pattern"}
    assert FieldName.read("c.e.a") not in journey.arrivals


def test_a_step_that_fails_and_one_that_is_unknown_give_no_value(context: Callable[..., Context]) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a", "via": [{"cast": "integer"}]},
        {"from": "in1.e.a", "to": "c.e.a", "via": [{"opaque": "x"}]},
    ]
    graph = context(flows, in1={"a": TEXT}, b={"a": {"type": "integer"}}, c={"a": TEXT}).graph
    journey = travel(graph, by_name({"in1.e.a": "seven"}))
    assert [a.value for a in journey.rejections()] == [REJECTED]
    assert [(str(a.field), a.value) for a in journey.unknowns()] == [("c.e.a", UNKNOWN)]


@pytest.mark.parametrize(
    ("record", "arrived"),
    [
        ({"in1.e.a": "x", "in1.e.b": "y"}, ["x-y"]),
        ({"in1.e.a": "x", "in1.e.b": None}, ["x"]),
        ({"in1.e.a": "x"}, ["x"]),
        ({"in1.e.k": "1"}, []),
    ],
)
def test_an_absent_value_is_null_where_values_are_joined(
    context: Callable[..., Context], record: dict[str, Value], arrived: list[str]
) -> None:
    flows = [{"from": ["in1.e.a", "in1.e.b"], "to": "b.e.a", "via": [{"concat": {"separator": "-"}}]}]
    graph = context(flows, in1={"a": TEXT, "b": TEXT, "k": TEXT}, b={"a": TEXT}).graph
    assert [a.value for a in travel(graph, by_name(record)).arrivals.get(FieldName.read("b.e.a"), ())] == arrived


@pytest.mark.parametrize(("kind", "arrives"), [("1", True), ("2", False), (None, False)])
def test_a_condition_is_evaluated_on_stored_values(
    context: Callable[..., Context], kind: str | None, *, arrives: bool
) -> None:
    flows: list[dict[str, Any]] = [
        {"from": "in1.e.a", "to": "b.e.a"},
        {"from": "in1.e.k", "to": "b.e.k"},
        {"from": "b.e.a", "to": "c.e.a", "when": "b.e.k = '1'"},
    ]
    cut = {"type": "text", "max_length": 1, "on_violation": "truncate"}
    graph = context(flows, in1={"a": TEXT, "k": TEXT}, b={"a": TEXT, "k": cut}, c={"a": TEXT}).graph
    kind = kind and f"{kind} and more"
    assert (FieldName.read("c.e.a") in travel(graph, by_name({"in1.e.a": "x", "in1.e.k": kind})).arrivals) == arrives


def test_going_round_ends_where_nothing_changes_and_is_endless_where_it_grows(context: Callable[..., Context]) -> None:
    systems = {"in1": {"a": TEXT}, "b": {"a": TEXT}, "c": {"a": TEXT}}
    back = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "c.e.a", "to": "b.e.a"}]
    plain = context([*back, {"from": "b.e.a", "to": "c.e.a", "via": ["upper"]}], **systems).graph
    journey = travel(plain, by_name({"in1.e.a": "x"}))
    assert ({a.value for a in journey.arrivals[FieldName.read("b.e.a")]}, journey.endless) == ({"x", "X"}, False)
    growing = context([*back, {"from": "b.e.a", "to": "c.e.a", "via": [{"suffix": "x"}]}], **systems).graph
    assert travel(growing, by_name({"in1.e.a": "x"})).endless
