"""The end of a route: the step or the change of a storage there, and the transforms on a field's way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import NoValue, chain_apply
from ...lineage.transforms.affix import Prefix, Suffix
from ..preconditions.obligation import FlowStep, OwnConstraint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...documents.names import FieldName
    from ...lineage.graph import Graph, Link
    from ...lineage.transform import Transform
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..preconditions.routes import Route


def step_at_end(graph: Graph, route: Route) -> Transform:
    """The step, or the change of a storage, at the end of a route."""
    origin = route.origin
    if isinstance(origin, FlowStep):
        return origin.step
    changes = graph.storage(origin.field.full_name).changes
    return next(
        change.transform
        for change in changes
        if isinstance(origin, OwnConstraint) and change.constraint is origin.constraint
    )


def way_to_end(graph: Graph, route: Route, name: FieldName, record: FieldValues) -> tuple[Transform, ...] | None:
    """The transforms on a field's way to the end of a route, joined with the other values of the record.

    None where it comes there by several ways, or not at all.
    """
    if route.start.fields.count(name) > 1:
        return None
    before: list[Transform] = []
    values = [record.get(field) for field in route.start.fields]
    place = route.start.fields.index(name)
    obligation = route.start
    for step in route.steps:
        moved = [i for i, move in enumerate(step.moves) if place in move.positions]
        if len(moved) != 1:
            return None
        move = step.moves[moved[0]]
        if move.link is not None:
            sources = [(obligation.fields[position], values[position]) for position in move.positions]
            chain = _over(graph, move.link, sources, move.positions.index(place))
            if chain is None:
                return None
            before += chain
        arrived: list[Value] = []
        for move in step.moves:
            sources = [(obligation.fields[position], values[position]) for position in move.positions]
            value = sources[0][1] if move.link is None else _arrived(graph, move.link, sources)
            arrived.append(None if isinstance(value, NoValue) else value)
        obligation, place, values = step.obligation, moved[0], arrived
    here = obligation.fields[place]
    if isinstance(route.origin, FlowStep):
        known = dict(zip(obligation.fields, values, strict=True))
        return _to_step(graph, route.origin, here, known, before)
    if route.origin.field.full_name != here:
        return None
    for change in graph.storage(here).changes:
        if isinstance(route.origin, OwnConstraint) and change.constraint is route.origin.constraint:
            break
        before.append(change.transform)
    return tuple(before)


def _to_step(
    graph: Graph, origin: FlowStep, here: FieldName, values: FieldValues, before: list[Transform]
) -> tuple[Transform, ...] | None:
    link = origin.link
    names = [source.full_name for source in link.sources]
    if names.count(here) != 1:
        return None
    chain = link.chains[names.index(here)]
    place = next((i for i, step in enumerate(chain) if step is origin.step), None)
    if place is not None:
        return (*before, *graph.storage(here).transforms, *chain[:place])
    place = next((i for i, step in enumerate(link.tail) if step is origin.step), None)
    over = _over(graph, link, [(name, values.get(name)) for name in names], names.index(here))
    return None if place is None or over is None else (*before, *over[: len(over) - len(link.tail) + place])


def _over(
    graph: Graph, link: Link, sources: Sequence[tuple[FieldName, Value]], place: int
) -> tuple[Transform, ...] | None:
    """One source's way over a link, the values of the others being as they are; None where it is null or one is lost."""
    stored = (*graph.storage(sources[place][0]).transforms, *link.chains[place])
    if link.join is None:
        return stored
    carried = _carried(graph, link, sources)
    if carried is None or carried[place] is None:
        return None
    written = "".join(str(value) for value in carried)
    mark = next(chr(point) for point in range(0xE000, 0xF8FF) if chr(point) not in written)
    joined = link.join.apply([mark if i == place else value for i, value in enumerate(carried)])
    if not isinstance(joined, str):
        return None
    first, _, last = joined.partition(mark)
    return (*stored, Prefix(first), Suffix(last), *link.tail)


def _carried(graph: Graph, link: Link, sources: Sequence[tuple[FieldName, Value]]) -> list[Value] | None:
    carried: list[Value] = []
    for (name, value), steps in zip(sources, link.chains, strict=True):
        outcome = chain_apply((*graph.storage(name).transforms, *steps), value)
        if isinstance(outcome, NoValue):
            return None
        carried.append(outcome)
    return carried


def _arrived(graph: Graph, link: Link, sources: Sequence[tuple[FieldName, Value]]) -> Value | NoValue:
    stored = [chain_apply(graph.storage(name).transforms, value) for name, value in sources]
    held = [value for value in stored if not isinstance(value, NoValue)]
    return link.apply(held) if len(held) == len(stored) else NoValue.REJECTED
