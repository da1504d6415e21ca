"""Simulation: a record run forward through every flow, with its values and rejections at every field.

This is the second, concrete way to every answer. The static requirement is the set of values that survive; a journey
runs one value. The two must agree for every record. Where engines do a step differently, every outcome arrives, and none
of them is sure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice, product
from typing import TYPE_CHECKING

from ...lineage.transform import REJECTED, NoValue, chain_apply
from ...values.budget import STANDARD

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ...contracts.constraint import Constraint
    from ...documents.names import FieldName
    from ...lineage.condition import Condition
    from ...lineage.filling import Creation
    from ...lineage.graph import Graph, Link
    from ...values.budget import Budget
    from ...values.valueset import Value


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """A value reaching a field."""

    field: FieldName
    value: Value | NoValue
    """As it arrives; no value where a step on the way rejected it, or its effect is unknown."""
    stored: Value | NoValue
    """As the system stores it."""
    rejections: tuple[Constraint, ...]
    """The constraints that reject it; it goes no further."""
    doubts: tuple[Constraint, ...]
    """The opaque constraints that may reject it; it is assumed to continue."""
    link: Link | None
    """The link it arrived over; None: it was entered here."""
    sources: tuple[Arrival, ...]
    """The arrivals it was computed from."""
    elapsed: timedelta
    """Since it was entered, as far as the flows state their lag."""
    sure: bool = True
    """Whether it arrives whatever engine runs the steps on the way; False: one of several values that may arrive."""

    @property
    def leaves(self) -> tuple[FieldName, ...]:
        """The fields whose values it was made from, where they were typed or held."""
        if self.link is None:
            return (self.field,)
        return tuple(leaf for source in self.sources for leaf in source.leaves)

    @property
    def is_rejected(self) -> bool:
        """Whether it was rejected here, or on the way here."""
        return bool(self.rejections) or self.value is REJECTED

    @property
    def is_lost(self) -> bool:
        """Whether no value arrives."""
        return isinstance(self.value, NoValue)

    @property
    def goes_on(self) -> bool:
        """Whether the system holds it, so that its flows carry it further."""
        return not self.rejections and not isinstance(self.stored, NoValue)


@dataclass(frozen=True, slots=True)
class Journey:
    """The course of one record through every flow."""

    arrivals: Mapping[FieldName, tuple[Arrival, ...]]
    """Per field its arrivals, distinct values only."""
    endless: bool
    """Whether a cycle kept changing the value, so that the arrivals are incomplete."""
    lacking: tuple[Creation, ...] = ()
    """Where the record arrives without fields that must be filled in: it is rejected there."""

    def rejections(self) -> tuple[Arrival, ...]:
        """The arrivals that were rejected."""
        return tuple(a for arrived in self.arrivals.values() for a in arrived if a.is_rejected)

    @property
    def fails(self) -> bool:
        """Whether the record is rejected anywhere: for a value that arrives, or for one that does not."""
        return bool(self.lacking) or bool(self.rejections())

    def doubts(self) -> tuple[Arrival, ...]:
        """The arrivals that may be rejected."""
        return tuple(a for arrived in self.arrivals.values() for a in arrived if a.doubts)

    def unknowns(self) -> tuple[Arrival, ...]:
        """The arrivals whose value is unknown."""
        return tuple(a for arrived in self.arrivals.values() for a in arrived if a.value is NoValue.UNKNOWN)


def travel(
    graph: Graph,
    record: Mapping[FieldName, Value],
    budget: Budget = STANDARD,
    settled: Collection[FieldName] = (),
) -> Journey:
    """Send a record (values by full field name) over every flow. Its own fields hold these values without a check.

    `settled`: fields that receive nothing, whatever a flow carries there: what they hold is known.
    """
    arrivals: dict[FieldName, list[Arrival]] = {}
    for name, value in record.items():
        arrivals[name] = [_held(name, value)]
    order = [name for name in _order(graph, record) if name not in settled]
    has_cycle = any(name in cycle for cycle in graph.cycles for name in order)
    for _ in range(budget.passes):
        grown = False
        for name in order:
            for link in graph.into.get(name, ()):
                for arrival in _over(graph, link, arrivals, budget.combinations):
                    grown |= _add(arrivals.setdefault(name, []), arrival)
        if not grown or not has_cycle:
            return _journey(graph, arrivals, endless=False)
    return _journey(graph, arrivals, endless=True)


def _journey(graph: Graph, arrivals: Mapping[FieldName, list[Arrival]], *, endless: bool) -> Journey:
    over = {arrival.link for arrived in arrivals.values() for arrival in arrived if not arrival.is_lost}
    lacking = tuple(creation for creation in graph.unfilled if not over.isdisjoint(creation.links))
    return Journey({name: tuple(arrived) for name, arrived in arrivals.items()}, endless, lacking)


def _add(known: list[Arrival], arrival: Arrival) -> bool:
    """Whether an arrival is of a new value, or sure where the same value was not; it is added then."""
    for i, other in enumerate(known):
        if other.value == arrival.value and type(other.value) is type(arrival.value):
            if arrival.sure and not other.sure:
                known[i] = arrival
                return True
            return False
    known.append(arrival)
    return True


def _order(graph: Graph, record: Mapping[FieldName, Value]) -> list[FieldName]:
    """The fields the record can reach, each after the fields its value is computed from (except in cycles)."""
    reachable = graph.downstream(list(record))
    order: list[FieldName] = []
    seen: set[FieldName] = set()
    for root in sorted(reachable):
        stack = [(root, False)]
        while stack:
            name, finished = stack.pop()
            if finished:
                order.append(name)
                continue
            if name in seen:
                continue
            seen.add(name)
            stack.append((name, True))
            for link in graph.into.get(name, ()):
                before = [source.full_name for source in link.sources]
                before += link.when.fields if link.when else ()
                stored = graph.storage(name)
                conditions = (*stored.conditional, *stored.checks)
                before += (n for _, condition in conditions for n in condition.fields if n != name)
                stack += ((other, False) for other in before if other in reachable and other not in seen)
    return order


def _over(
    graph: Graph, link: Link, arrivals: Mapping[FieldName, list[Arrival]], combinations: int
) -> Iterator[Arrival]:
    """The arrivals over a link, for the first `combinations` combinations of values that its sources hold."""
    names = [source.full_name for source in link.sources]
    if not any(name in arrivals for name in names):
        return
    held = [[a for a in arrivals.get(name, ()) if a.goes_on] for name in names]
    if any(not arrived and name in arrivals for name, arrived in zip(names, held, strict=True)):
        return  # rejected upstream: nothing is delivered
    options = [arrived or [_held(name, None)] for name, arrived in zip(names, held, strict=True)]
    for combination in islice(product(*options), combinations):
        chosen = dict(zip(names, combination, strict=True))
        condition = link.when
        if condition is not None and not _met(condition, condition.may_hold, arrivals, chosen, combinations):
            continue
        is_met = condition is None or _met(condition, condition.holds, arrivals, chosen, combinations)
        values = [arrival.stored for arrival in combination]
        outcomes = link.outcomes([value for value in values if not isinstance(value, NoValue)])
        sure = is_met and len(outcomes) == 1 and _is_sure(link, arrivals, combination)
        for value in outcomes:
            arrival = _arrive(graph, link.target.full_name, value, link, combination, sure=sure)
            yield _with_record(graph, arrival, arrivals, combinations)


def _is_sure(link: Link, arrivals: Mapping[FieldName, list[Arrival]], combination: Sequence[Arrival]) -> bool:
    """Whether the values carried, and those that the link's condition reads, are sure."""
    looked_at = link.when.fields if link.when else ()
    return all(a.sure for a in (*combination, *(a for name in looked_at for a in arrivals.get(name, ()))))


def _with_record(
    graph: Graph, arrival: Arrival, arrivals: Mapping[FieldName, list[Arrival]], combinations: int
) -> Arrival:
    """The arrival, rejected also by constraints that depend on what else arrives in the record."""
    stored = graph.storage(arrival.field)
    conditional = (*(stored.conditional if arrival.value is None else ()), *stored.checks)
    if not conditional or isinstance(arrival.stored, NoValue):
        return arrival
    chosen = {arrival.field: arrival}
    rejecting = tuple(c for c, when in conditional if _met(when, when.holds, arrivals, chosen, combinations))
    if rejecting:
        return replace(arrival, rejections=(*arrival.rejections, *rejecting), doubts=())
    perhaps = tuple(c for c, when in conditional if _met(when, when.may_hold, arrivals, chosen, combinations))
    return replace(arrival, doubts=(*arrival.doubts, *perhaps)) if perhaps and not arrival.rejections else arrival


def _met(
    condition: Condition,
    holds: Callable[[Mapping[FieldName, Value]], bool],
    arrivals: Mapping[FieldName, list[Arrival]],
    chosen: Mapping[FieldName, Arrival],
    combinations: int,
) -> bool:
    """Whether a condition holds, surely or perhaps, for some combination of the values of its fields."""
    options: list[list[Value]] = []
    for name in condition.fields:
        held = [chosen[name]] if name in chosen else [a for a in arrivals.get(name, ()) if a.goes_on]
        values = [a.stored for a in held if not isinstance(a.stored, NoValue)]
        options.append(values or [None])
    return any(
        holds(dict(zip(condition.fields, values, strict=True))) for values in islice(product(*options), combinations)
    )


def _held(name: FieldName, value: Value) -> Arrival:
    return Arrival(name, value, value, (), (), None, (), timedelta(0))


def _arrive(
    graph: Graph,
    name: FieldName,
    value: Value | NoValue,
    link: Link | None,
    sources: tuple[Arrival, ...],
    *,
    sure: bool,
) -> Arrival:
    lag = link.flow.lag if link is not None and link.flow.lag is not None else timedelta(0)
    elapsed = max((source.elapsed for source in sources), default=timedelta(0)) + lag
    if isinstance(value, NoValue):
        return Arrival(name, value, value, (), (), link, sources, elapsed, sure)
    store = graph.storage(name)
    stored = chain_apply(store.transforms, value)
    rejections = tuple(rejection.constraint for rejection in store.rejections if value not in rejection.accepts)
    return Arrival(
        name, value, stored, rejections, () if rejections else store.doubtful(value), link, sources, elapsed, sure
    )
