"""What arrives at a field fails there for one origin of an obligation, or does not: whatever else happens to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.replay import fails_on_arrival
from fieldline.checker.judging.simulate import travel
from fieldline.checker.preconditions.obligation import FlowStep, Origin, OwnConstraint, Sought
from fieldline.documents.names import FieldName
from fieldline.values.valueset import ValueSet

from ...properties.estates import estate

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.values.valueset import Value


IN, DB = FieldName.read("in.e.f"), FieldName.read("db.e.f")


def arriving(via: list[Any], **store: object) -> Context:
    """A value of `in.e.f` goes over one flow to `db.e.f`."""
    field = {"type": "text", **store}
    flow = {"from": "in.e.f", "to": "db.e.f", "via": via}
    return Context(estate({"in": {"f": {"type": "text"}}, "db": {"f": field}}, [flow]))


def own(name: str) -> Callable[[Context], Origin]:
    """The constraint of that name of the field where it arrives."""

    def origin(context: Context) -> Origin:
        field = context.graph.fields[DB]
        return OwnConstraint(field, next(c for c in field.constraints if c.name == name))

    return origin


def step(place: int) -> Callable[[Context], Origin]:
    """A step of the flow."""

    def origin(context: Context) -> Origin:
        (link,) = context.graph.into[DB]
        return FlowStep(link, link.chains[0][place])

    return origin


def sought(value: Value) -> Callable[[Context], Origin]:
    return lambda context: Sought(context.graph.fields[DB], ValueSet.exactly([value]))


@pytest.mark.parametrize(
    ("context", "origin", "failing", "passing"),
    [
        (arriving([], max_length=3), own("max_length"), "abcd", "abc"),
        (arriving([], max_length=3, pattern="[a-z]*"), own("pattern"), "ab1", "abcd"),
        (arriving([], max_length=3, on_violation="truncate"), own("max_length"), "abcd", "abc"),
        (arriving([], max_length=3, on_violation="truncate"), own("max_length"), "ab  d", "ab   "),
        (arriving([], encodable="latin-1", on_violation="replace"), own("encodable"), "aĀ", "aä"),
        (arriving([], max_length=3, on_violation="accept"), own("max_length"), "abcd", "abc"),
        (arriving([{"cast": "integer"}], type="integer"), own("type"), "x", "7"),
        (arriving([{"truncate": 3}]), step(0), "abcd", "abc"),
        (arriving(["upper", {"truncate": 3}]), step(1), "abcd", "abc"),
        (arriving([{"before": "-"}, {"truncate": 3}]), step(1), "abcd-", "abc-d"),
        (arriving(["upper"]), sought("AB"), "ab", "abc"),
    ],
)
def test_an_arrival_fails_for_one_origin_or_does_not(
    context: Context, origin: Callable[[Context], Origin], failing: str, passing: str
) -> None:
    for value, expected in ((failing, True), (passing, False)):
        (arrival,) = travel(context.graph, {IN: value}).arrivals[DB]
        assert fails_on_arrival(context.graph, origin(context), arrival) is expected, value


def test_a_rejected_value_is_not_altered_as_well() -> None:
    context = arriving([], max_length=3, on_violation="truncate", pattern="[a-z]*")
    (arrival,) = travel(context.graph, {IN: "ab12"}).arrivals[DB]
    assert fails_on_arrival(context.graph, own("pattern")(context), arrival)
    assert not fails_on_arrival(context.graph, own("max_length")(context), arrival)


def test_an_arrival_over_another_flow_is_not_altered_by_a_step_of_this_one() -> None:
    fields = {"in": {"f": {"type": "text"}, "g": {"type": "text"}}, "db": {"f": {"type": "text"}}}
    flows = [
        {"from": "in.e.f", "to": "db.e.f", "via": [{"truncate": 3}]},
        {"from": "in.e.g", "to": "db.e.f"},
    ]
    context = Context(estate(fields, flows))
    cutting = next(link for link in context.graph.into[DB] if link.chains[0])
    (arrival,) = travel(context.graph, {FieldName.read("in.e.g"): "abcd"}).arrivals[DB]
    assert not fails_on_arrival(context.graph, FlowStep(cutting, cutting.chains[0][0]), arrival)
