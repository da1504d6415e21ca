"""Two versions of an estate, side by side, restricted to the part that the changes between them can affect.

A change affects only the entries upstream of it, and their requirement depends on everything downstream of them. So
obligations are composed at the fields downstream of those entries, in both versions, and nowhere else: the cost follows
the size of the change. Storages, links and sets of values that are the same in both are worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from ...documents.names import EntityName
from ...values.budget import STANDARD
from ..change import THE_ESTATE, changes
from ..judging.context import Context

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...contracts.model import Entity
    from ...documents.names import FieldName
    from ...estate.load import Estate
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ..change import Changes


@dataclass(frozen=True)
class Versions:
    """The version before and the version after."""

    before: Context
    after: Context
    changes: Changes

    @classmethod
    def of(cls, before: Estate, after: Estate, budget: Budget = STANDARD) -> Self:
        """Compare two estates."""
        differences = changes(before, after)
        first = Context(before, budget=budget)
        second = Context(after, budget=budget, like=first)
        entries = _concerned(differences, first.graph, second.graph)
        old = first.restricted(_downstream(first.graph, entries), inside=True)
        new = second.restricted(_downstream(second.graph, entries), like=old, inside=True)
        return cls(old, new, differences)

    @cached_property
    def entries(self) -> tuple[Entity, ...]:
        """The entries of the version after that a change can affect, in the order of the contracts."""
        within = self.after.composition.within
        return tuple(
            entity
            for entity in self.after.graph.entries
            if any(each.full_name in within for each in entity.fields.values())
        )

    def was_entry(self, entity: EntityName) -> bool:
        """Whether the version before has it as an entry."""
        known = self.before.estate.contracts.entity(entity)
        return known is not None and known.kind == "entry"


def _concerned(differences: Changes, before: Graph, after: Graph) -> set[FieldName]:
    """The entry fields, of either version, whose values a change can affect."""
    seeds = set(differences.by_field)
    for flow in differences.of_flows:
        for side in (flow.before, flow.after):
            if side is not None:
                seeds |= {side.target, *(source.field for source in side.sources)}
    for change in differences.of_contracts:
        if isinstance(change.name, (str, EntityName)):
            seeds |= {name for graph in (before, after) for name in _inside(graph, change.name)}
    return {name for graph in (before, after) for name in _entry_fields_before(graph, seeds)}


def _inside(graph: Graph, name: str | EntityName) -> Iterable[FieldName]:
    """The fields of a system or an entity, or of the estate."""
    if name == THE_ESTATE:
        return graph.fields
    system = graph.contracts.systems.get(name) if isinstance(name, str) else None
    entity = graph.contracts.entity(name) if isinstance(name, EntityName) else None
    entities = [entity] if entity else system.entities.values() if system else ()
    return [each.full_name for one in entities for each in one.fields.values()]


def _entry_fields_before(graph: Graph, seeds: set[FieldName]) -> set[FieldName]:
    """The entry fields whose values reach one of the seeds, or a condition on the way to one."""
    reached = [name for name in seeds if name in graph.fields]
    downstream = graph.downstream(reached)
    for link in graph.links:  # a flow's condition decides which obligations its sources' values meet
        if link.when is not None and not downstream.isdisjoint(link.when.fields):
            reached += (source.full_name for source in link.sources)
    for name in graph.conditional:  # so do the other fields of a rule of their record
        store = graph.storage(name)
        read = {name, *(each for _, rule in (*store.conditional, *store.checks) for each in rule.fields)}
        if not downstream.isdisjoint(read):
            reached += (each for each in read if each in graph.fields)
    upstream = graph.upstream(reached)
    return {f.full_name for entity in graph.entries for f in entity.fields.values() if f.full_name in upstream}


def _downstream(graph: Graph, entries: set[FieldName]) -> frozenset[FieldName]:
    return frozenset(graph.downstream([name for name in sorted(entries) if name in graph.fields]))
