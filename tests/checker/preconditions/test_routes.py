"""Routes from a demand to where it comes from, and the record that is followed along one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.judging.replay import replay
from fieldline.checker.judging.survivors import Survival
from fieldline.checker.preconditions.routes import routes_to, shortest_routes
from fieldline.documents.names import FieldName
from fieldline.values.budget import BudgetExceeded

from ...names import by_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context
    from fieldline.checker.preconditions.obligation import Obligation, Origin

TEXT = {"type": "text"}
SHORT = {"type": "text", "max_length": 2}


def obligation_of(context: Context, at: str, field: str, constraint: str) -> tuple[Obligation, Origin]:
    """The demand at one field that comes from another's constraint."""
    (found,) = [
        (obligation, origin)
        for obligation in context.composition.at[FieldName.read(at)]
        for origin in shortest_routes(obligation)
        if (str(origin.field.full_name), origin.name) == (field, constraint)
    ]
    return found


def test_the_shorter_route_comes_first_and_every_route_is_reported(context: Callable[..., Context]) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a"},
        {"from": "b.e.a", "to": "c.e.a"},
        {"from": "in1.e.a", "to": "c.e.a"},
    ]
    found = context(flows, in1={"a": TEXT}, b={"a": TEXT}, c={"a": SHORT})
    obligation, origin = obligation_of(found, "in1.e.a", "c.e.a", "max_length")
    assert [len(route.steps) for route in routes_to(obligation, origin)] == [1, 2]
    assert len(shortest_routes(obligation)[origin].steps) == 1


def test_a_lattice_of_ways_gives_its_first_and_then_stops_within_a_bound(context: Callable[..., Context]) -> None:
    layers, width = 12, 3
    names = [["in1.e.a"], *([f"l{i}.e.f{j}" for j in range(width)] for i in range(layers)), ["z.e.a"]]
    flows = [{"from": a, "to": b} for first, second in pairwise(names) for a in first for b in second]
    middle = {f"l{i}": {f"f{j}": TEXT for j in range(width)} for i in range(layers)}
    found = context(flows, in1={"a": TEXT}, z={"a": SHORT}, **middle)
    obligation, origin = obligation_of(found, "in1.e.a", "z.e.a", "max_length")
    ways = routes_to(obligation, origin)
    assert len(next(ways).steps) == layers + 1
    with pytest.raises(BudgetExceeded):
        list(ways)


@pytest.mark.parametrize(
    ("value", "outcome"), [("abc", "fails"), ("ab", "passes"), ("abcdef", "stopped"), ("  abc", "fails")]
)
def test_a_record_fails_passes_or_is_stopped_before(context: Callable[..., Context], value: str, outcome: str) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a", "via": ["trim"]}, {"from": "b.e.a", "to": "c.e.a"}]
    found = context(flows, in1={"a": TEXT}, b={"a": {"type": "text", "max_length": 5}}, c={"a": SHORT})
    obligation, origin = obligation_of(found, "in1.e.a", "c.e.a", "max_length")
    walk = replay(found.graph, shortest_routes(obligation)[origin], by_name({"in1.e.a": value}))
    assert walk.outcome == outcome
    assert [str(hop.field) for hop in walk.hops] == ["in1.e.a", "b.e.a", "c.e.a"][: 2 if outcome == "stopped" else 3]


def test_a_loss_on_a_flow_is_followed_to_the_field_it_leads_to(context: Callable[..., Context]) -> None:
    flows: list[dict[str, Any]] = [{"from": "in1.e.a", "to": "b.e.a", "via": ["upper", {"truncate": 2}]}]
    found = context(flows, in1={"a": TEXT}, b={"a": TEXT})
    obligation, origin = obligation_of(found, "in1.e.a", "b.e.a", "truncate")
    route = shortest_routes(obligation)[origin]
    assert replay(found.graph, route, by_name({"in1.e.a": "ab"})).outcome == "passes"
    walk = replay(found.graph, route, by_name({"in1.e.a": "abc"}))
    assert (walk.outcome, walk.hops[-1].value) == ("fails", "AB")


def test_the_rejections_of_a_field_on_the_way_are_carried_back_to_the_start(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a", "via": [{"prefix": "x"}]}, {"from": "b.e.a", "to": "c.e.a"}]
    found = context(flows, in1={"a": TEXT}, b={"a": {"type": "text", "max_length": 5}}, c={"a": SHORT})
    obligation, origin = obligation_of(found, "in1.e.a", "c.e.a", "max_length")
    (values,) = Survival(found.composition.sets).of(shortest_routes(obligation)[origin]).single
    assert ("abcd" in values, "abcde" in values) == (True, False)
    assert "abc" in values, "what fails only at the end gets there"
