"""Surroundings: what the other fields of a record hold, as far as it decides over which flows one field's value arrives.

A value that is cut on one flow may arrive whole over another, but only in the records that meet that flow's condition.
So the fields that conditions read are varied, too: per field, its accepted values are parted by the sets that conditions
name, and one value of each part is tried. All records with values of the same parts travel over the same flows.

    when: deleted_at IS NULL        two surroundings: deleted_at is null; deleted_at is a day
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING

from ...lineage.transform import NoValue, chain_apply, chain_preimage
from ...values.valueset import ValueSet
from .simulate import travel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ...documents.names import FieldName
    from ...lineage.condition import Condition
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..preconditions.obligation import Guard


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The records in which one value is looked at."""

    records: tuple[FieldValues, ...]
    """The record as it is first, where its entry accepts it so; none where every one that was made is rejected."""
    all_tried: bool
    """Whether these stand for every record: none was left out, no condition reads what other systems hold, none compares
    two fields, and engines do not differ in any."""


class Deciding:
    """The fields of an entry that decide over which flows the value of one of them arrives."""

    def __init__(
        self, graph: Graph, name: FieldName, conditions: Iterable[Condition], entered: Callable[[FieldName], ValueSet]
    ) -> None:
        """`conditions`: of the flows on which the value of the field travels. `entered`: what an entry accepts."""
        self._graph = graph
        self._entered = entered
        self._conditions = tuple(dict.fromkeys(conditions))
        read = {field for condition in self._conditions for field in condition.fields} - {name}
        self._elsewhere = {field for field in read if field.entity_name != name.entity_name}
        own = {field for field in read if field not in self._elsewhere}
        own |= {x for x in graph.upstream(list(self._elsewhere)) if x.entity_name == name.entity_name} - {name}
        self._own = sorted(own)

    def around(
        self, record: FieldValues, guards: Sequence[Guard], fixed: Iterable[FieldName], budget: Budget
    ) -> Surroundings:
        """The record with other values in these fields, but for the fixed ones.

        `guards`: values to which fields are held. Raises BudgetExceeded.
        """
        held = dict(guards)
        varied = [name for name in self._own if name not in set(fixed)]
        options = [self._options(name, record, held.get(name), budget) for name in varied]
        choices = islice(product(*options), budget.completions)
        changed = [self._with(record, dict(zip(varied, choice, strict=True))) for choice in choices]
        records = tuple(each for each in changed if not self._lacks(each, surely=False))
        left_out = prod(map(len, options)) - len(records)
        is_whole = left_out == sum(self._lacks(each, surely=True) for each in changed)
        return Surroundings(
            records, is_whole and not self._elsewhere and not any(c.pairs or c.perhaps for c in self._conditions)
        )

    def _options(self, name: FieldName, record: FieldValues, guard: ValueSet | None, budget: Budget) -> list[Value]:
        """One value of each part of what a field accepts; that of the record, or null, where it is in the part."""
        entered = self._entered(name)
        parts = [entered if guard is None else entered & guard]
        for values in self._named(name):
            parts = [part for whole in parts for part in (whole & values, whole - values) if not part.is_empty(budget)]
        options: list[Value] = []
        for part in parts:
            witness = part.witness(budget)
            if record.get(name) in part:
                options.insert(0, record.get(name))
            elif witness is not None:
                options.append(witness.value)
        return options

    def _named(self, name: FieldName) -> Iterator[ValueSet]:
        """The sets of values that conditions name, of this field or of one that is filled from it."""
        stored = self._graph.storage(name).transforms
        downstream = self._graph.downstream([name])
        if self._graph.storage(name).conditional:
            yield ValueSet.null_only()
        for condition in self._conditions:
            for alternative in condition.possible:
                for read, values in alternative.values:
                    if read == name:
                        yield chain_preimage(stored, values)
                    elif read in self._elsewhere and read in downstream:
                        yield values
                for pair in alternative.pairs:
                    if name in pair.fields:
                        (other,) = set(pair.fields) - {name} or {name}
                        yield self._entered(other)

    def _with(self, record: FieldValues, values: Mapping[FieldName, Value]) -> FieldValues:
        chosen = {name: value for name, value in values.items() if value is not None or name in record}
        return {**record, **chosen}

    def _lacks(self, record: FieldValues, *, surely: bool) -> bool:
        """Whether a field lacks a value that its entry may require in such a record; `surely`: that it requires."""
        return any(
            (condition.holds(record) and record.keys() >= set(condition.fields) - {name})
            if surely
            else condition.may_hold(record)
            for name in self._own
            if record.get(name) is None
            for _, condition in self._graph.storage(name).conditional
        )


def is_met(graph: Graph, conditions: Iterable[Condition], record: FieldValues, budget: Budget) -> bool:
    """Whether a record surely meets conditions, also on what other systems hold of it then."""
    conditions = tuple(conditions)
    held = _held(graph, conditions, record, budget)
    return held is not None and all(condition.holds(held) for condition in conditions)


def is_unmet(graph: Graph, conditions: Iterable[Condition], record: FieldValues, budget: Budget) -> bool:
    """Whether a record surely does not meet one of the conditions, also on what other systems hold of it then."""
    conditions = tuple(conditions)
    held = _held(graph, conditions, record, budget)
    return held is not None and not all(condition.may_hold(held) for condition in conditions)


def _held(
    graph: Graph, conditions: Sequence[Condition], record: FieldValues, budget: Budget
) -> dict[FieldName, Value] | None:
    """The values of the fields that conditions read, as stored; None where that is not known of one of them."""
    names = {name for condition in conditions for name in condition.fields}
    entities = {name.entity_name for name in record}
    held: dict[FieldName, Value | NoValue] = {}
    if any(name.entity_name not in entities for name in names):
        for name, arrived in travel(graph, record, budget).arrivals.items():
            if name in names:
                stored = {arrival.stored if arrival.goes_on else None for arrival in arrived}
                held[name] = stored.pop() if len(stored) == 1 else NoValue.UNKNOWN
    for name in names & record.keys():
        held[name] = chain_apply(graph.storage(name).transforms, record[name])
    values = {name: value for name, value in held.items() if not isinstance(value, NoValue)}
    return values if values.keys() == held.keys() else None
