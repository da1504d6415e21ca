"""Survivors: the records at the start of a route that no field on it rejects before its origin.

A value that one system rejects proves nothing about the systems downstream of it. So a failure at the end of a route is
sought among the records that arrive: the rejections on the way are carried back to the start, over this route alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...contracts.constraint import FieldsCheck
from ...lineage.transform import KnownInPart, a_disputed, is_two_sided, one_way, varies, ways
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..preconditions.obligation import FieldMove, FlowStep, OwnConstraint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...documents.names import FieldName
    from ...lineage.graph import Link
    from ...values.budget import Budget
    from ..preconditions.obligation import Accepts, Continuation, Obligation, Origin
    from ..preconditions.preimages import Preimages
    from ..preconditions.routes import Route


@dataclass(frozen=True, slots=True, eq=False)
class Survivors:
    """The surviving records of an obligation's fields."""

    single: tuple[ValueSet, ...]
    """Per field of the obligation, in its order, the surviving values."""
    joint: TextSet
    """The surviving records as a whole."""
    whole: bool = True
    """False where records are left out on which engines differ."""


class Survival:
    """Computes survivors. Routes have their ends in common, so what is carried back over each step is kept."""

    def __init__(self, sets: Preimages) -> None:
        self._sets = sets
        self._at_origins: dict[tuple[Origin, Obligation], Survivors] = {}
        self._carried: dict[tuple[Continuation, Obligation, bool, Survivors], Survivors] = {}
        self._one_way: dict[tuple[Continuation, Obligation, int], ValueSet | None] = {}

    def of(self, route: Route) -> Survivors:
        """The records of a route's first obligation that arrive at its origin.

        An upper bound: where a step of the route has no preimage, the records it stops are included. But of the records
        that engines do not treat alike on the way, none is (`whole`).
        """
        end = (route.origin, route.steps[-1].obligation if route.steps else route.start)
        arriving = self._at_origins.get(end)
        if arriving is None:
            arriving = self._at_origins[end] = _at_origin(self._sets, route)
        for i in range(len(route.steps) - 1, -1, -1):
            start, after = route.steps[i - 1].obligation if i else route.start, arriving
            key = (route.steps[i], start, i > 0, after)
            known = self._carried.get(key)
            arriving = self._carried[key] = known or self._before(route, i, start, after)
        return arriving

    def _before(self, route: Route, place: int, start: Obligation, after: Survivors) -> Survivors:
        step = route.steps[place]
        if place == len(route.steps) - 1 and route.origin.name == "type":
            # the failure sought is a step that cannot produce a value of the type
            links = [move.link for move in step.moves if move.link is not None]
            before = _anything(start, whole=not any(is_two_sided(c) for x in links for c in (*x.chains, x.tail)))
        else:
            before = _before(self._sets, step.moves, start, after)
        return _accepted(self._sets, start, before) if place else before

    def in_one_way(self, route: Route) -> Accepts:
        """What a route's first obligation accepts of records that engines treat alike: a set of less parts.

        What it accepts of all records where fields are joined on the route, or it has conditions.
        """
        obligations = (route.start, *(step.obligation for step in route.steps))
        if any(len(each.fields) > 1 or each.guards or each.unknown is not None for each in obligations):
            return route.start.accepts
        accepts = obligations[-1].accepts
        for before, step in zip(reversed(obligations[:-1]), reversed(route.steps), strict=True):
            if not isinstance(accepts, ValueSet):
                return route.start.accepts
            key = (step, before, id(accepts))  # the preimages keep it alive
            if key not in self._one_way:
                self._one_way[key] = self._before_one_way(step, before, accepts)
            accepts = self._one_way[key]
        return route.start.accepts if accepts is None else accepts

    def disputed(self, route: Route, accepted: Callable[[FieldName], ValueSet], budget: Budget) -> str:
        """A value that engines do not treat alike on a route, in words; at the step nearest to its start.

        `accepted`: the values of the fields at the start.
        """
        start = route.start
        for step in route.steps:
            for move in step.moves:
                for place, chain in zip(move.positions, move.link.chains if move.link else (), strict=False):
                    name = start.fields[place]
                    stored = self._sets.stored(name, chain)
                    if not varies(stored):
                        continue
                    values = accepted(name) if start is route.start else self._sets.accepted(name)
                    words = a_disputed(stored, values, budget)
                    if words is not None:
                        return words
            start = step.obligation
        links = (move.link for step in route.steps for move in step.moves if move.link is not None)
        own = next((link.own_value for link in links if link.own_value is not None), None)
        return "the engines that may run a step on the way differ in it" if own is None else f"{own}: it may be any"

    def _before_one_way(self, step: Continuation, before: Obligation, accepts: ValueSet) -> ValueSet | None:
        link = step.moves[0].link
        if link is None or link.join is not None or link.when is not None:
            return None
        return self._sets.possible(one_way(self._sets.stored(before.fields[0], link.chains[0])), accepts)


def is_known_in_part(route: Route) -> bool:
    """Whether it leads over a step that is known of some texts: of the others, one may fail that was not chosen."""
    links = (move.link for step in route.steps for move in step.moves if move.link is not None)
    steps = (step for link in links for chain in (*link.chains, link.tail) for step in chain)
    return any(isinstance(way, KnownInPart) for step in steps for way in ways(step))


def _at_origin(sets: Preimages, route: Route) -> Survivors:
    """The records an origin applies to: values of its type, and for an alteration, values that it does not reject."""
    obligation = route.steps[-1].obligation if route.steps else route.start
    free = _anything(obligation)
    if isinstance(route.origin, FlowStep):
        held = _accepted(sets, obligation, free) if route.steps else free
        return _arriving(sets, route.origin.link, obligation, held)
    if not route.steps:
        return free
    if obligation.effect == "alter" or _is_check(route.origin):
        return _accepted(sets, obligation, free)
    if route.origin.name == "type":
        return free
    rejections = sets.graph.storage(route.origin.field.full_name).rejections
    of_type = next((r.accepts for r in rejections if r.constraint.name == "type"), ValueSet.everything())
    return Survivors((sets.intern(of_type),) * len(obligation.fields), TextSet.full())


def _arriving(sets: Preimages, link: Link, obligation: Obligation, survivors_so_far: Survivors) -> Survivors:
    """Narrowed to the records of which the target of the flow that alters them accepts what arrives."""
    names = tuple(source.full_name for source in link.sources)
    if obligation.fields != names:
        return survivors_so_far
    over = FieldMove(link, tuple(range(len(names))))
    ending = Survivors((sets.accepted(link.target.full_name),), TextSet.full(), survivors_so_far.whole)
    before = _before(sets, (over,), obligation, ending)
    single = zip(survivors_so_far.single, before.single, strict=True)
    return Survivors(tuple(sets.meet(one, other) for one, other in single), before.joint, before.whole)


def _is_check(origin: Origin) -> bool:
    """Whether it is a rule between fields, each of which has a type of its own."""
    return isinstance(origin, OwnConstraint) and isinstance(origin.constraint.restriction, FieldsCheck)


def _anything(obligation: Obligation, *, whole: bool = True) -> Survivors:
    return Survivors((ValueSet.everything(),) * len(obligation.fields), TextSet.full(), whole)


def _accepted(sets: Preimages, obligation: Obligation, survivors_so_far: Survivors) -> Survivors:
    """Narrowed to the records that the obligation's own fields do not reject."""
    single = zip(obligation.fields, survivors_so_far.single, strict=True)
    accepted = tuple(sets.meet(sets.accepted(name), values) for name, values in single)
    return Survivors(accepted, survivors_so_far.joint, survivors_so_far.whole)


def _before(sets: Preimages, moves: Sequence[FieldMove], start: Obligation, after: Survivors) -> Survivors:
    """Carried back over moves, from the fields of the obligation that they lead to, to the one that they start at."""
    single = [ValueSet.everything()] * len(start.fields)
    joint: TextSet | None = after.joint
    whole = after.whole
    for i, (move, values) in enumerate(zip(moves, after.single, strict=True)):
        link = move.link
        if link is None:
            place = move.positions[0]
            single[place] = sets.meet(single[place], values)
            continue
        chains = [
            sets.stored(start.fields[place], chain) for place, chain in zip(move.positions, link.chains, strict=True)
        ]
        whole = whole and not any(map(is_two_sided, (*chains, link.tail)))
        for place, chain in zip(move.positions, chains, strict=True):
            single[place] = sets.meet(single[place], sets.agreed(chain))
        if link.join is None:
            (place,), chain = move.positions, one_way(chains[0])
            single[place] = sets.meet(single[place], sets.over(chain, values))
            before = None if joint is None else sets.on_record(joint, i, chain)
        else:
            joined = sets.meet(sets.over(one_way(link.tail), values), sets.agreed(link.tail))
            before = sets.before_join(link, joined.texts) if len(moves) == 1 else None
        joint = before if isinstance(before, TextSet) else None
    return Survivors(tuple(single), TextSet.full() if joint is None else joint, whole)
