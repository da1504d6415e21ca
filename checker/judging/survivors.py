"""Survivors: the records at the start of a route that no field on it rejects before its origin.

A value that one system rejects proves nothing about the systems downstream of it. So a failure at the end of a route is
sought among the records that arrive: the rejections on the way are carried back to the start, over this route alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...lineage.transform import one_way, varies
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..preconditions.obligation import FlowStep

if TYPE_CHECKING:
    from ..preconditions.obligation import Continuation, Obligation
    from ..preconditions.preimages import Preimages
    from ..preconditions.routes import Route


@dataclass(frozen=True, slots=True)
class Survivors:
    """The surviving records of an obligation's fields."""

    single: tuple[ValueSet, ...]
    """Per field of the obligation, in its order, the surviving values."""
    joint: TextSet
    """The surviving records as a whole."""
    whole: bool = True
    """False where records are left out on which engines differ."""


def survivors(sets: Preimages, route: Route) -> Survivors:
    """The records of a route's first obligation that arrive at its origin.

    An upper bound: where a step of the route has no preimage, the records it stops are included. But of the records that
    engines do not treat alike on the way, none is (`whole`).
    """
    at_origin = _at_origin(sets, route)
    for i in range(len(route.steps) - 1, -1, -1):
        start = route.steps[i - 1].obligation if i else route.start
        if i == len(route.steps) - 1 and route.origin.name == "type":
            # the failure sought is a step that cannot produce a value of the type
            links = [move.link for move in route.steps[i].moves if move.link is not None]
            at_origin = _anything(start, whole=not any(varies(c) for x in links for c in (*x.chains, x.tail)))
        else:
            at_origin = _before(sets, route.steps[i], start, at_origin)
        if i:
            at_origin = _accepted(sets, start, at_origin)
    return at_origin


def _at_origin(sets: Preimages, route: Route) -> Survivors:
    """The records an origin applies to: values of its type, and for an alteration, values that it does not reject."""
    obligation = route.steps[-1].obligation if route.steps else route.start
    free = _anything(obligation)
    if not route.steps:
        return free
    if isinstance(route.origin, FlowStep) or obligation.effect == "alter":
        return _accepted(sets, obligation, free)
    if route.origin.name == "type":
        return free
    rejections = sets.graph.storage(route.origin.field.full_name).rejections
    of_type = next((r.accepts for r in rejections if r.constraint.name == "type"), ValueSet.everything())
    return Survivors((sets.intern(of_type),) * len(obligation.fields), TextSet.full())


def _anything(obligation: Obligation, *, whole: bool = True) -> Survivors:
    return Survivors((ValueSet.everything(),) * len(obligation.fields), TextSet.full(), whole)


def _accepted(sets: Preimages, obligation: Obligation, survivors_so_far: Survivors) -> Survivors:
    """Narrowed to the records that the obligation's own fields do not reject."""
    single = zip(obligation.fields, survivors_so_far.single, strict=True)
    accepted = tuple(sets.meet(sets.accepted(name), values) for name, values in single)
    return Survivors(accepted, survivors_so_far.joint, survivors_so_far.whole)


def _before(sets: Preimages, step: Continuation, start: Obligation, after: Survivors) -> Survivors:
    """Carried back over one step, from the obligation it leads to, to the obligation it starts at."""
    single = [ValueSet.everything()] * len(start.fields)
    joint: TextSet | None = after.joint
    whole = after.whole
    for i, (move, values) in enumerate(zip(step.moves, after.single, strict=True)):
        link = move.link
        if link is None:
            place = move.positions[0]
            single[place] = sets.meet(single[place], values)
            continue
        chains = [
            sets.stored(start.fields[place], chain) for place, chain in zip(move.positions, link.chains, strict=True)
        ]
        whole = whole and not any(map(varies, (*chains, link.tail)))
        for place, chain in zip(move.positions, chains, strict=True):
            single[place] = sets.meet(single[place], sets.agreed(chain))
        if link.join is None:
            (place,), chain = move.positions, one_way(chains[0])
            single[place] = sets.meet(single[place], sets.over(chain, values))
            before = None if joint is None else sets.on_record(joint, i, chain)
        else:
            joined = sets.meet(sets.over(one_way(link.tail), values), sets.agreed(link.tail))
            before = sets.before_join(link, joined.texts) if len(step.moves) == 1 else None
        joint = before if isinstance(before, TextSet) else None
    return Survivors(tuple(single), TextSet.full() if joint is None else joint, whole)
