"""Replay: one record run along one route, to confirm that it fails where the algebra says it does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ...contracts.constraint import FieldsCheck, RequiredWhen
from ...lineage.graph import Link
from ...lineage.transform import REJECTED, UNKNOWN, NoValue, chain_apply, difference, ways
from ..finding import Hop
from ..messages import record as in_words
from ..preconditions.obligation import FlowStep, OwnConstraint, Sought, is_broken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from ...documents.names import FieldName
    from ...lineage.graph import Graph
    from ...lineage.storage import Storage
    from ...lineage.transform import Transform
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..preconditions.obligation import Continuation, Obligation, Origin
    from ..preconditions.routes import Route
    from .simulate import Arrival

Outcome: TypeAlias = Literal["fails", "stopped", "passes", "depends"]
"""The record is rejected or altered at the route's origin; it is rejected earlier; it passes; or that depends on the
engines that run the steps on the way."""


_Passed: TypeAlias = "tuple[FieldName, Value | NoValue, Link | Transform | None, timedelta | None, int]"
"""A hop, with that whose sentence it has."""

_MOST_WALKS = 64
"""Ways in which engines may do the steps of one route that are tried for one record."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The outcome of one record on one route."""

    outcome: Outcome
    passed: tuple[_Passed, ...]
    _differing: Callable[[], str | None] | None = None

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The values of the record on its way."""
        return tuple(
            Hop(
                name,
                value,
                "" if way is None else way.sentence,
                lag,
                step,
                way.flow.by if isinstance(way, Link) else None,
            )
            for name, value, way, lag, step in self.passed
        )

    @property
    def difference(self) -> str | None:
        """What engines make of the record differently, in words, where the outcome depends on that."""
        return None if self._differing is None else self._differing()


class Disputed(NamedTuple):
    """A record whose outcome depends on the engines that run the steps on its way; as text, what they make of it."""

    record: FieldValues
    walk: Walk

    def __str__(self) -> str:
        return f"{in_words(self.record)}: {self.walk.difference}"


def replay(graph: Graph, route: Route, record: FieldValues) -> Walk:
    """Run a record (values by full field name; absent fields hold null) along a route, in every way of its engines."""
    walks: list[Walk] = []
    todo: list[tuple[int, ...]] = [()]
    differing: Callable[[], str | None] | None = None
    for choices in todo:
        replayer = _Replayer(graph, route, choices)
        walks.append(replayer.walk(record))
        differing = differing or replayer.differing
        if len(todo) > _MOST_WALKS:
            return Walk("depends", walks[0].passed, differing)
        # each step at which there was more than one outcome is run again with the others, once
        for place in range(len(choices), len(replayer.taken)):
            if replayer.taken[place][1] > 1:
                before = [choice for choice, _ in replayer.taken[:place]]
                todo += ((*before, other) for other in range(1, replayer.taken[place][1]))
    outcomes = {walk.outcome for walk in walks}
    is_settled = len(outcomes) == 1 and "depends" not in outcomes
    return walks[0] if is_settled else Walk("depends", walks[0].passed, differing)


def value_before(graph: Graph, route: Route, record: FieldValues) -> Value | NoValue:
    """The value of a record that the step or the change at the end of a route is applied to.

    Rejections on the way are ignored. Raises ValueError for an origin that is neither.
    """
    return _Replayer(graph, route, ()).before_origin(record)


class _Replayer:
    """Runs a record once: at the n-th move over a link it takes the outcome `choices[n]`, or else the first."""

    def __init__(self, graph: Graph, route: Route, choices: tuple[int, ...]) -> None:
        self.graph = graph
        self.route = route
        self.passed: list[_Passed] = []
        self.choices = choices
        self.taken: list[tuple[int, int]] = []
        """Per move over a link, the outcome taken, and the number of them."""
        self.differing: Callable[[], str | None] | None = None

    def walk(self, record: FieldValues) -> Walk:
        obligation = self.route.start
        values: list[Value] = [record.get(name) for name in obligation.fields]
        seen = dict(zip(obligation.fields, values, strict=True))
        self.passed = [(name, value, None, None, 0) for name, value in seen.items()]
        for number, step in enumerate(self.route.steps):
            if number and self._is_rejected(obligation, values):
                return self._done("stopped")
            arrived = self._move(number + 1, step, obligation, values)
            if isinstance(arrived, NoValue):
                is_last = number == len(self.route.steps) - 1
                return self._done("fails" if is_last and self._wants_type() and arrived is REJECTED else "stopped")
            obligation, values = step.obligation, arrived
        return self._done(self._at_origin(obligation, values))

    def before_origin(self, record: FieldValues) -> Value | NoValue:
        obligation = self.route.start
        values: list[Value] = [record.get(name) for name in obligation.fields]
        for number, step in enumerate(self.route.steps):
            arrived = self._move(number + 1, step, obligation, values)
            if isinstance(arrived, NoValue):
                return arrived
            obligation, values = step.obligation, arrived
        known = dict(zip(obligation.fields, values, strict=True))
        origin = self.route.origin
        if isinstance(origin, FlowStep):
            stored = {name: self._stored(name, value) for name, value in known.items()}
            refused = next((value for value in stored.values() if isinstance(value, NoValue)), None)
            kept = {name: value for name, value in stored.items() if not isinstance(value, NoValue)}
            return _before_step(origin, kept) if refused is None else refused
        if isinstance(origin, OwnConstraint):
            store = self.graph.storage(origin.field.full_name)
            place = _place_of_change(store, origin)
            if place is not None:
                return chain_apply(store.transforms[:place], known[origin.field.full_name])
        raise ValueError(origin)

    def _done(self, outcome: Outcome) -> Walk:
        return Walk(outcome, tuple(self.passed))

    def _wants_type(self) -> bool:
        """Whether the origin is the type: then a last step that cannot produce such a value is its failure."""
        origin = self.route.origin
        return isinstance(origin, OwnConstraint) and origin.name == "type"

    def _stored(self, name: FieldName, value: Value) -> Value | NoValue:
        transforms = self.graph.storage(name).transforms
        return chain_apply(transforms, value) if transforms else value

    def _is_rejected(self, obligation: Obligation, values: Sequence[Value]) -> bool:
        return any(map(self._refuses, obligation.fields, values))

    def _refuses(self, name: FieldName, value: Value | NoValue) -> bool:
        """Whether a field rejects a value that arrives there."""
        if isinstance(value, NoValue):
            return False
        rejections = self.graph.storage(name).rejections
        return bool(rejections) and any(value not in rejection.accepts for rejection in rejections)

    def _move(
        self, number: int, step: Continuation, obligation: Obligation, values: Sequence[Value]
    ) -> list[Value] | NoValue:
        moved: list[Value] = []
        for name, move in zip(step.obligation.fields, step.moves, strict=True):
            if move.link is None:
                moved.append(values[move.positions[0]])
                continue
            stored: list[Value] = []
            for position in move.positions:
                transforms = self.graph.storage(obligation.fields[position]).transforms
                kept = chain_apply(transforms, values[position]) if transforms else values[position]
                if isinstance(kept, NoValue):
                    return kept
                stored.append(kept)
            arrived = self._taken(move.link, stored)
            self.passed.append((name, arrived, move.link, move.link.flow.lag, number))
            if isinstance(arrived, NoValue):
                return arrived
            moved.append(arrived)
        return moved

    def _taken(self, link: Link, stored: Sequence[Value]) -> Value | NoValue:
        outcomes = link.outcomes(stored)
        place = len(self.taken)
        choice = self.choices[place] if place < len(self.choices) else 0
        self.taken.append((choice, len(outcomes)))
        if len(outcomes) > 1:
            self.differing = self.differing or partial(link.difference, stored)
        return outcomes[choice]

    def _at_origin(self, obligation: Obligation, values: Sequence[Value]) -> Outcome:
        known = dict(zip(obligation.fields, values, strict=True))
        match self.route.origin:
            case OwnConstraint(constraint=constraint) if isinstance(constraint.restriction, FieldsCheck):
                return "fails" if is_broken(obligation.fields, obligation.accepts, (), known) else "passes"
            case OwnConstraint() as origin:
                return self._at_constraint(origin, obligation, known[origin.field.full_name])
            case Sought(field, sought):
                return "fails" if known[field.full_name] in sought else "passes"
            case FlowStep() as origin:
                if self.route.steps and self._is_rejected(obligation, values):
                    return "stopped"
                return self._at_step(origin, known)

    def _at_constraint(self, origin: OwnConstraint, obligation: Obligation, value: Value) -> Outcome:
        name = origin.field.full_name
        store = self.graph.storage(name)
        if origin.constraint.doubt is not None:
            return "passes"  # as far as known
        if isinstance(origin.constraint.restriction, RequiredWhen):
            return "fails" if value is None else "passes"
        if obligation.effect == "refuse":
            accepts = next(r.accepts for r in store.rejections if r.constraint is origin.constraint)
            return "fails" if value not in accepts else "passes"
        if self._is_rejected(obligation, [value]):
            return "stopped"
        if origin.constraint in store.ignored:
            return "fails" if value not in origin.constraint.accepts else "passes"
        place = _place_of_change(store, origin)
        if place is None:
            return "passes"
        transform = store.transforms[place]
        before = chain_apply(store.transforms[:place], value)
        changed = before if isinstance(before, NoValue) else transform.apply(before)
        if isinstance(before, NoValue) or isinstance(changed, NoValue):
            return "stopped"
        self.passed.append((name, changed, transform, None, self.passed[-1][-1]))
        return "fails" if before not in transform.unaltered else "passes"

    def _at_step(self, origin: FlowStep, known: Mapping[FieldName, Value]) -> Outcome:
        """Whether a step of a flow alters the value; the last hop is the flow's target."""
        link, step = origin.link, origin.step
        stored: dict[FieldName, Value] = {}
        for name, value in known.items():
            kept = self._stored(name, value)
            if isinstance(kept, NoValue):
                return "stopped"
            stored[name] = kept
        if not step.exact:
            return "passes"
        before = _before_step(origin, stored)
        if before is UNKNOWN:
            return "depends"
        if isinstance(before, NoValue):
            return "stopped"
        if before not in step.unaltered and any(before in way.unaltered for way in ways(step)):
            self.differing = self.differing or partial(difference, (step,), before)
            return "depends"
        names = [source.full_name for source in link.sources]
        way: Link | Transform = link
        if link.join is None or all(name in stored for name in names):
            arrived = self._taken(link, [stored[name] for name in names])
            if arrived is REJECTED or self._refuses(link.target.full_name, arrived):
                return "stopped"  # it does not arrive: its rejection is another failure
        else:
            way, arrived = step, step.apply(before)
        self.passed.append((link.target.full_name, arrived, way, link.flow.lag, self.passed[-1][-1] + 1))
        return "fails" if before not in step.unaltered else "passes"


def fails_on_arrival(graph: Graph, origin: Origin, arrival: Arrival) -> bool:
    """Whether a value that arrives at an origin's field fails there: it is rejected or altered for exactly this origin.

    `replay` assumes that the conditions on its route are met; an arrival of `travel` has met them.
    """
    match origin:
        case FlowStep(link, step):
            if arrival.link is not link or arrival.is_lost:
                return False
            sources = {source.field: source.stored for source in arrival.sources}
            before = _before_step(origin, {n: v for n, v in sources.items() if not isinstance(v, NoValue)})
            return not isinstance(before, NoValue) and all(before not in way.unaltered for way in ways(step))
        case Sought(_, sought):
            return not isinstance(arrival.value, NoValue) and arrival.value in sought
        case OwnConstraint():
            return _fails_at_constraint(graph.storage(origin.field.full_name), origin, arrival)


def _fails_at_constraint(store: Storage, origin: OwnConstraint, arrival: Arrival) -> bool:
    if isinstance(arrival.value, NoValue):
        return origin.name == "type" and arrival.value is REJECTED
    if arrival.rejections:
        return origin.constraint in arrival.rejections
    if origin.constraint in store.ignored:
        return arrival.value not in origin.constraint.accepts
    place = _place_of_change(store, origin)
    if place is None:
        return False
    before = chain_apply(store.transforms[:place], arrival.value)
    return not isinstance(before, NoValue) and before not in store.transforms[place].unaltered


def _place_of_change(store: Storage, origin: OwnConstraint) -> int | None:
    """The place, among the changes a field makes to a value, of the change for this constraint."""
    return next((i for i, change in enumerate(store.changes) if change.constraint is origin.constraint), None)


def _before_step(origin: FlowStep, stored: Mapping[FieldName, Value]) -> Value | NoValue:
    """The value that a step of a flow is applied to."""
    link = origin.link
    carried: list[Value] = []
    for source, chain in zip(link.sources, link.chains, strict=True):
        name = source.full_name
        place = next((i for i, step in enumerate(chain) if step is origin.step), None)
        if place is not None and name in stored:
            return chain_apply(chain[:place], stored[name])
        value = chain_apply(chain, stored.get(name))
        if isinstance(value, NoValue):
            return value
        carried.append(value)
    joined = carried[0] if link.join is None else link.join.apply(carried)
    if isinstance(joined, NoValue):
        return joined
    place = next(i for i, step in enumerate(link.tail) if step is origin.step)
    return chain_apply(link.tail[:place], joined)
