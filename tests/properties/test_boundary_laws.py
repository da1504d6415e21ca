"""The laws of transforms and of estates where they are most easily broken: at the edges of the sets involved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.verdict.check import check
from fieldline.lineage.transform import NoValue, Transform, chain_apply, chain_preimage
from fieldline.lineage.transforms.convert import Cast
from fieldline.values.valueset import ValueSet

from . import strategies as our
from .boundaries import edges
from .estates import Written, contract, written_estates
from .strategies import ZONES, tries
from .test_estate_laws import agree_on, is_told, rejected_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldline.checker.finding import FieldValues
    from fieldline.contracts.model import Entity
    from fieldline.values.valueset import Value

    from .strategies import Model


def check_edges(chain: tuple[Transform, ...], accepted: ValueSet) -> None:
    before = chain_preimage(chain, accepted)
    for value in (*edges(accepted, chain), *edges(before)):
        outcome = chain_apply(chain, value)
        is_member = not isinstance(outcome, NoValue) and outcome in accepted
        assert (value in before) == is_member, (value, outcome)


@pytest.mark.parametrize("name", {**our.transforms, **our.stored_steps})
@tries(10)
@given(data=st.data())
def test_at_the_edges_of_a_set_a_step_makes_a_value_a_member_exactly_when_it_is_in_the_preimage(
    name: str, data: st.DataObject
) -> None:
    step = data.draw({**our.transforms, **our.stored_steps}[name])
    accepted: Model[ValueSet, Value] = data.draw(our.value_sets(3))
    check_edges((step,), accepted.found)


@tries(25)
@given(our.chains, our.value_sets(3))
def test_so_does_a_chain(chain: tuple[Transform, ...], accepted: Model[ValueSet, Value]) -> None:
    check_edges(chain, accepted.found)


@tries(25)
@given(
    st.sampled_from(["date", "datetime"]),
    st.sampled_from(ZONES),
    st.lists(our.dates, min_size=1, max_size=3),
    st.data(),
)
def test_a_cast_between_dates_and_instants_keeps_the_edges_of_days_in_its_zone(
    to: str, zone: str, days: list[Any], data: st.DataObject
) -> None:
    low, high = min(days), max(days)
    accepted = ValueSet.between(low, high) | ValueSet.exactly(days)
    if to == "datetime":
        accepted = Cast("date", zone=data.draw(st.sampled_from(ZONES))).preimage(accepted)
    check_edges((Cast(to, zone=zone),), accepted)


# ------------------------------------------------------------------------------------------------------------- estates

_days = st.sampled_from(["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-31"])
_moments = st.builds(
    lambda day, clock: f"{day}T{clock}", _days, st.sampled_from(["00:00:00Z", "22:00:00Z", "23:30:00Z"])
)
_amounts = st.sampled_from([0, 1, 9, 10, 99, 100, "9.5", "9.99", "-1"])
_BOUNDS: dict[str, st.SearchStrategy[Any]] = {"decimal": _amounts, "date": _days, "datetime": _moments}
_PATHS = {
    "text": ("text", "integer", "decimal", "date"),
    "integer": ("integer", "decimal", "text"),
    "decimal": ("decimal", "integer", "text"),
    "date": ("date", "datetime", "text"),
    "datetime": ("datetime", "date"),
}
"""Which type a flow may lead to from each."""


@st.composite
def _bounded(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """A field with limits: of its length, its bytes or its value."""
    field: dict[str, Any] = {"type": kind, "required": draw(st.booleans())}
    if kind == "text":
        field["max_length"] = draw(st.integers(0, 12))
        if draw(st.booleans()):
            field["max_bytes"] = {
                "limit": draw(st.integers(0, 12)),
                "encoding": draw(st.sampled_from(["utf-8", "cp037"])),
            }
        return field
    if kind == "decimal":
        field["scale"] = draw(st.integers(0, 2))
    bounds = sorted(draw(st.lists(_BOUNDS.get(kind, st.integers(-1, 100)), min_size=2, max_size=2)), key=_as_number)
    return {**field, "min": bounds[0], "max": bounds[1]}


def _as_number(bound: object) -> tuple[bool, float, str]:
    text = str(bound)
    return ("-" in text[1:], 0 if "-" in text[1:] else float(text), text)


@st.composite
def bounded_estates(draw: st.DrawFn) -> Written:
    """A value of an entry goes through one or two systems, each with limits of its own, cast where the type changes."""
    kind = draw(st.sampled_from(sorted(_PATHS)))
    contracts = {"in0": contract("in0", {"f": draw(_bounded(kind))})}
    flows = []
    source = "in0.e.f"
    for name in ("s00", "s01")[: draw(st.integers(1, 2))]:
        to = draw(st.sampled_from(_PATHS[kind]))
        contracts[name] = contract(name, {"f": draw(_bounded(to))})
        flows.append({"from": source, "to": f"{name}.e.f", "via": draw(_steps(kind, to))})
        kind, source = to, f"{name}.e.f"
    return Written(contracts, flows)


@st.composite
def _steps(draw: st.DrawFn, kind: str, to: str) -> list[Any]:
    steps: list[Any] = []
    if kind == "text":
        options = [
            "trim",
            {"truncate": draw(st.integers(1, 12))},
            {"prefix": "00"},
            {"pad": {"length": draw(st.integers(0, 12)), "with": "0"}},
        ]
        steps += draw(st.lists(st.sampled_from(options), max_size=2))
    if {kind, to} == {"date", "datetime"}:
        return [*steps, {"cast": {"to": to, "zone": draw(st.sampled_from(ZONES))}}]
    return [*steps, {"cast": to}] if to not in {kind, "datetime"} else steps


def edge_records(context: Context, entity: Entity) -> Iterator[FieldValues]:
    """Accepted records with a value at the edge of what is demanded of a field; the other fields hold a plain value."""
    steps = [step for link in context.graph.links for chain in (*link.chains, link.tail) for step in chain]
    witnesses = {field.full_name: context.judge.accepted(field.full_name).witness() for field in entity.fields.values()}
    plain = {name: witness.value for name, witness in witnesses.items() if witness is not None}
    if len(plain) < len(witnesses):
        return  # some field accepts nothing at all
    for obligation in context.obligations(entity):
        if isinstance(obligation.accepts, ValueSet):
            (name,) = obligation.fields
            yield from (
                {**plain, name: value}
                for value in edges(obligation.accepts, steps)
                if value in context.judge.accepted(name)
            )


@tries(25)
@given(bounded_estates())
def test_at_the_edges_of_what_is_demanded_a_record_fails_exactly_where_it_is_reported(written: Written) -> None:
    context = Context(written.load())
    reported = [f for f in check(context.estate).findings if f.rule == "escape"]
    (entity,) = context.graph.entries
    for record in edge_records(context, entity):
        agree_on(context, entity, record)
        for field, constraint in rejected_at(travel(context.graph, record)):
            assert any(is_told(finding, field, constraint) for finding in reported), (record, field, constraint)


@tries(15)
@given(written_estates())
def test_at_the_edges_of_what_is_demanded_of_several_fields_both_ways_agree(written: Written) -> None:
    context = Context(written.load())
    for entity in context.graph.entries:
        for record in edge_records(context, entity):
            agree_on(context, entity, record)
