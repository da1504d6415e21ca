"""Backward: the values at the entries that become given values at a field."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...lineage.transform import chain_possible, chain_preimage, is_two_sided
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...documents.names import FieldName
    from ...lineage.condition import Condition
    from ...lineage.graph import Link
    from .judge import Judge


@dataclass(frozen=True, slots=True)
class EntryOrigin:
    """An entry field, and its values that become the wanted ones along one path."""

    field: FieldName
    """Full name."""
    values: ValueSet
    """Those that the entry accepts and surely no system on the way rejects, whatever engines run its steps."""
    links: tuple[Link, ...]
    """The path, from the entry to the field."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The end of a path back: a link that joins values, or whose effect is unknown."""

    link: Link
    links: tuple[Link, ...]
    """From there to the field."""


def trace_back(
    judge: Judge,
    name: FieldName,
    wanted: ValueSet,
    *,
    possible: bool = False,
) -> Iterator[EntryOrigin | Joined]:
    """Every path from an entry to a field, nearest first, with the values that surely become the wanted ones along it.

    `wanted` are values as they arrive at the field, before it rejects or changes any. `possible`: with the values that
    become them in some way that engines do the steps. Paths without any such values are left out. Raises BudgetExceeded.
    """
    graph, budget = judge.graph, judge.budget
    kinds = graph.contracts.entities
    todo: deque[tuple[FieldName, ValueSet, tuple[Link, ...]]] = deque(((name, wanted, ()),))
    for _ in range(budget.ways_back):
        if not todo:
            return
        here, values, links = todo.popleft()
        if kinds[here.entity_name].kind == "entry":
            accepted = values & judge.accepted(here) if links else values
            if (_depends(links) and not possible) or not accepted.is_empty(budget):
                yield EntryOrigin(here, accepted, links)
        for link in graph.into.get(here, ()):
            if link in links:
                continue
            if link.join is not None or not link.exact:
                yield Joined(link, links)
                continue
            source = link.sources[0].full_name
            store = graph.storage(source)
            carried = (chain_possible if possible else chain_preimage)(link.chains[0], values)
            if link.when is not None:
                carried = carried & _meeting(link.when, source, possible=possible)
            before = chain_preimage(store.transforms, carried)
            for rejection in store.rejections:
                before = before & rejection.accepts
            if (_depends((link, *links)) and not possible) or not before.is_empty(budget):
                todo.append((source, before, (link, *links)))
    raise BudgetExceeded("ways back", budget.ways_back)


def _depends(links: tuple[Link, ...]) -> bool:
    """Whether the values that become the wanted ones depend on the engines of a path."""
    return any(is_two_sided(link.chains[0]) for link in links)


def _meeting(condition: Condition, name: FieldName, *, possible: bool) -> ValueSet:
    """The values of a field for which a condition is surely, or perhaps, true for some values of its other fields."""
    meeting = ValueSet.nothing()
    for alternative in condition.possible if possible else condition.alternatives:
        meeting = meeting | dict(alternative.values).get(name, ValueSet.everything())
    return meeting
