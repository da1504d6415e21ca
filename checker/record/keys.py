"""How the key of a record travels: forward through the flows, and backward through the preimages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...lineage.transform import NoValue, chain_possible
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..judging.simulate import Arrival, Journey

_MOST_VALUES = 64
"""So many values a store is asked for at a time."""
_MORE_SOUGHT = 8
"""Values that are sought in a set beside those that a person would try."""


@dataclass(frozen=True, slots=True)
class PossibleValues:
    """The values that a field may hold in the record."""

    values: tuple[Value, ...]
    whole: bool
    """Whether the field holds one of them, if the record is there."""
    alike: bool = False
    """Whether it may hold one of them in another case, or with blanks at the ends, as people write it."""


def is_grounded(arrival: Arrival, journey: Journey, known: Collection[FieldName]) -> bool:
    """Whether an arrival was made from known values alone: fields that nobody was asked for may hold anything."""
    todo, seen = [arrival], set()
    while todo:
        here = todo.pop()
        if here.link is None:
            if here.field not in known:
                return False
            continue
        if id(here) in seen:
            continue
        seen.add(id(here))
        looked_at = here.link.when.fields if here.link.when else ()
        for name in looked_at:
            if name in known:
                continue
            arrived = journey.arrivals.get(name, ())
            if not arrived:
                return False
            todo += arrived
        todo += here.sources
    return True


def identifying(entity: Entity) -> tuple[tuple[str, ...], ...]:
    """The sets of fields, by their own names, each of which identifies a record: the key first."""
    sets = [entity.key] if entity.key else []
    sets += [unique.fields for unique in entity.unique]
    return tuple(dict.fromkeys(sets))


def carried(journey: Journey, known: Collection[FieldName]) -> dict[FieldName, PossibleValues]:
    """Per field, what arrives there of known values."""
    values: dict[FieldName, PossibleValues] = {}
    for name, arrived in journey.arrivals.items():
        firm = [each for each in arrived if each.link is not None and is_grounded(each, journey, known)]
        held = [_kept(each) for each in firm]
        texts = tuple({(type(v), v): v for v in held if v is not None and not isinstance(v, NoValue)}.values())
        if texts and len(texts) <= _MOST_VALUES:
            values[name] = PossibleValues(texts, whole=True)
    return values


def _kept(arrival: Arrival) -> Value | NoValue:
    """As it is stored; as it arrives where the contract says that it is rejected: a store is asked all the same."""
    return arrival.stored if arrival.goes_on else arrival.value


def traced_back(
    graph: Graph,
    record: Mapping[FieldName, Value],
    wanted: Collection[FieldName],
    ends: Collection[EntityName],
    budget: Budget,
) -> dict[FieldName, PossibleValues]:
    """Per wanted field, the values that may have become those of the record: as many as a store can be asked for.

    `ends`: entities that are known, which no way back goes through. Ways over joined values, and over steps that nobody
    described, are not followed.
    """
    leading = graph.downstream(list(wanted))
    values: dict[FieldName, PossibleValues] = {}
    for name, value in record.items():
        if value is None or name not in leading:
            continue
        try:
            for origin, possible in ways_to_hold(graph, name, value, leading, ends, budget):
                if origin in wanted and origin not in values:
                    found = _candidates(possible, value, budget)
                    if found.values:
                        values[origin] = found
        except BudgetExceeded:
            continue
    return values


def ways_to_hold(
    graph: Graph,
    name: FieldName,
    value: Value,
    within: Collection[FieldName],
    ends: Collection[EntityName],
    budget: Budget,
) -> Iterator[tuple[FieldName, ValueSet]]:
    """Every field upstream, with its values that may become one that a field holds. Raises BudgetExceeded."""
    todo = [(name, ValueSet.exactly([value]))]
    seen = {name}
    for _ in range(budget.ways_back):
        if not todo:
            return
        here, values = todo.pop(0)
        store = graph.storage(here)
        arriving = chain_possible(store.transforms, values)
        for link in graph.into.get(here, ()):
            if link.join is not None or not link.exact:
                continue
            source = link.sources[0].full_name
            if source in seen or source not in within or source.entity_name in ends:
                continue
            before = chain_possible(link.chains[0], arriving)
            if before.is_empty(budget.glance):
                continue
            seen.add(source)
            yield source, before
            todo.append((source, before))


def _candidates(possible: ValueSet, value: Value, budget: Budget) -> PossibleValues:
    """Values of a set that a store is asked for: what people write first."""
    tried: list[Value] = [value]
    if isinstance(value, str):
        tried += [value.strip(" "), value.lower(), value.upper(), value.title()]
    found = {(type(each), each): each for each in tried if each in possible}
    try:
        for _ in range(_MORE_SOUGHT):
            witness = (possible - ValueSet.exactly([*found.values(), None])).witness(budget.glance)
            if witness is None:
                return PossibleValues(tuple(found.values()), whole=True)
            found[type(witness.value), witness.value] = witness.value
    except BudgetExceeded:
        pass
    return PossibleValues(tuple(found.values()), whole=False)
