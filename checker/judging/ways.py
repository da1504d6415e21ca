"""EntryWays: how the values of an entry come to the fields of a demand on pairs of records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import islice, product
from operator import and_
from typing import TYPE_CHECKING

from ...lineage.comparison import comparison
from ...values.budget import BudgetExceeded, out_of
from ...values.valueset import ValueSet
from .backward import EntryOrigin, Joined, trace_back
from .pairs import Passed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...contracts.model import Entity, Unique
    from ...documents.names import EntityName, FieldName
    from ...lineage.transform import Transform
    from .judge import Judge


@dataclass(frozen=True, slots=True)
class Demand:
    """No two records of an entity may hold the same values in some of its fields."""

    entity: Entity
    unique: Unique

    @property
    def columns(self) -> tuple[FieldName, ...]:
        """The fields, by full name."""
        return tuple(self.entity.full_name.of(name) for name in self.unique.fields)


@dataclass(frozen=True, slots=True)
class Lane:
    """The way of one entry field's values to one field of a demand."""

    column: FieldName
    """The field of the demand, by full name."""
    origin: EntryOrigin
    stored: tuple[Transform, ...]
    """Every transform from the entry to the value as the field stores it."""
    compared: tuple[Transform, ...]
    """The transforms from there to the comparison."""
    passed: tuple[Passed, ...]
    """The unique fields on the way, the entry's own included; the last one is the furthest."""

    @property
    def steps(self) -> tuple[Transform, ...]:
        """Every transform from the entry to the comparison."""
        return self.stored + self.compared


@dataclass(frozen=True)
class EntryWay:
    """The way of an entry's records to a demand: a lane to each of its fields."""

    demand: Demand
    lanes: tuple[Lane, ...]

    @cached_property
    def names(self) -> tuple[FieldName, ...]:
        """The entry fields, by full name, each once."""
        return tuple(dict.fromkeys(lane.origin.field for lane in self.lanes))

    @property
    def entry(self) -> EntityName:
        """The entry, by full name."""
        return self.lanes[0].origin.field.entity_name

    def values(self, name: FieldName) -> ValueSet:
        """The values of an entry field that arrive in every field of the demand that it leads to."""
        return reduce(and_, (lane.origin.values for lane in self.lanes if lane.origin.field == name))

    def lanes_of(self, name: FieldName) -> tuple[Lane, ...]:
        """The lanes of an entry field."""
        return tuple(lane for lane in self.lanes if lane.origin.field == name)

    @property
    def on_condition(self) -> bool:
        """Whether a flow on the way has a condition."""
        return any(link.when is not None for lane in self.lanes for link in lane.origin.links)


@dataclass(frozen=True, slots=True)
class EntryWays:
    """All that leads to a demand."""

    whole: tuple[EntryWay, ...]
    doubts: Mapping[FieldName, str]
    """Entry fields whose values come in a way that is not followed, with the reason."""
    joined: tuple[Joined, ...]
    """Links at which a way ends: they join values, or their effect is unknown."""


def demands(judge: Judge) -> Iterator[Demand]:
    """The demands on the fields within that flows lead to, in the order of the contracts."""
    within = judge.composition.within
    for entity in judge.graph.contracts.entities.values():
        for unique in entity.unique:
            demand = Demand(entity, unique)
            if any(name in within and judge.graph.into.get(name) for name in demand.columns):
                yield demand


def ways_to(judge: Judge, demand: Demand) -> EntryWays:
    """The ways to a demand, as many as the budget allows.

    An entry that fills only some of its fields sends null in the others, and null is no duplicate of another null; where
    it is one, the answer is not known.
    """
    doubts: dict[FieldName, str] = {}
    joined: list[Joined] = []
    by_entry: dict[EntityName, dict[FieldName, list[Lane]]] = {}
    for column in demand.columns:
        try:
            for origin in trace_back(judge, column, judge.composition.sets.accepted(column)):
                if isinstance(origin, Joined):
                    joined.append(origin)
                    why = "values are joined on the way" if origin.link.exact else "a step on the way is not described"
                    names = [source.full_name for source in origin.link.sources]
                    doubts |= dict.fromkeys(_entry_fields(judge, names), why)
                elif any(link.own_value for link in origin.links):
                    continue  # what the entry sends does not arrive there
                elif _may_pass(judge, origin):
                    compared = comparison(demand.unique, judge.graph.fields[column])
                    lane = Lane(column, origin, *_followed(judge, column, origin, compared))
                    by_entry.setdefault(origin.field.entity_name, {}).setdefault(column, []).append(lane)
        except BudgetExceeded as error:
            doubts |= _doubt_all(judge, column, error.reason)
    whole: list[EntryWay] = []
    for lanes in by_entry.values():
        if len(lanes) < len(demand.columns):
            if demand.unique.one_null:
                why = "the entry fills some of the fields only, and null counts as a value in the others"
                doubts |= {lane.origin.field: why for column in lanes.values() for lane in column}
            continue
        for choice in islice(product(*lanes.values()), judge.budget.ways + 1):
            if len(whole) == judge.budget.ways:
                for column in demand.columns:
                    doubts |= _doubt_all(judge, column, out_of("ways", len(whole)))
                break
            whole.append(EntryWay(demand, choice))
    return EntryWays(tuple(whole), doubts, tuple(joined))


def _may_pass(judge: Judge, origin: EntryOrigin) -> bool:
    """Whether the conditions of the flows can be met, each by some record. Raises BudgetExceeded."""
    conditions = [link.when for link in origin.links if link.when is not None]
    return all(any(_is_possible(judge, dict(each.values)) for each in when.possible) for when in conditions)


def _is_possible(judge: Judge, alternative: Mapping[FieldName, ValueSet]) -> bool:
    """Whether every field can hold one of its values; one downstream holds null until a value arrives."""
    for name, values in alternative.items():
        held = judge.accepted(name)
        if judge.graph.contracts.entities[name.entity_name].kind != "entry":
            held = held | ValueSet.null_only()
        if (held & values).is_empty(judge.budget):
            return False
    return True


def _doubt_all(judge: Judge, column: FieldName, reason: str) -> dict[FieldName, str]:
    """The doubt about every entry upstream, where not every way was followed."""
    doubt = f"more ways lead there than were followed ({reason})"
    return dict.fromkeys(_entry_fields(judge, [column]), doubt)


def _entry_fields(judge: Judge, names: list[FieldName]) -> list[FieldName]:
    """The entry fields whose values can reach one of these fields."""
    upstream = judge.graph.upstream(names)
    return [f.full_name for entity in judge.graph.entries for f in entity.fields.values() if f.full_name in upstream]


def _followed(
    judge: Judge, column: FieldName, origin: EntryOrigin, compared: tuple[Transform, ...]
) -> tuple[tuple[Transform, ...], tuple[Transform, ...], tuple[Passed, ...]]:
    """The steps to the stored value, those to the comparison, and the unique fields on the way."""
    steps: list[Transform] = []
    passed: list[Passed] = []
    for link in origin.links:
        field = link.sources[0]
        steps += judge.graph.storage(field.full_name).transforms
        if field.unique is not None:
            unique = field.unique
            passed.append(Passed(unique, len(steps), (*steps, *comparison(unique, field))))
        steps += link.chains[0]
    return (*steps, *judge.graph.storage(column).transforms), compared, tuple(passed)
