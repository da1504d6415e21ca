"""What entries let in that must accept the same, in the stores: values that one of them would not have accepted.

A stored value is followed back to the fields of the entries that mean the same: to a set of values that may have been
entered there. Where one entry may have let it in and another could not have, somebody was treated otherwise than through
the other channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...checker.record.keys import ways_to_hold
from ...estate.record_rules import is_counterpart
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from ...contracts.model import Field
    from ...documents.names import FieldName
    from ...estate.record_rules import Agreeing
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ...values.valueset import Value

UNDECIDED = "not known which entry could have let it in"


@dataclass(frozen=True, slots=True)
class LetIn:
    """Values of one store that came through one entry, held against what another entry accepts."""

    demand: Agreeing
    entered: Field
    """The field through which they came."""
    other: Field
    """Its counterpart at the other entry."""
    stored: Field
    """Where they lie: the field itself, or the nearest one downstream that has a store."""

    @property
    def words(self) -> str:
        """The demand in words."""
        return f"{self.other.full_name} accepts what came through {self.entered.full_name}"

    def deviation(
        self, graph: Graph, accepted: Callable[[FieldName], ValueSet], budget: Budget
    ) -> Callable[[dict[FieldName, Value]], str | None]:
        """What is wrong with a stored value; None: nothing, or it did not come through this entry."""
        name = self.stored.full_name
        own, others = accepted(self.entered.full_name), accepted(self.other.full_name)
        is_fed = self.other.full_name in graph.upstream([name])

        def judged(values: dict[FieldName, Value]) -> str | None:
            value = values.get(name)
            if value is None:
                return None
            try:
                typed = self._typed(graph, value, self.entered.full_name, budget)
                if typed is None or (typed & own).is_empty(budget):
                    return None
                elsewhere = self._typed(graph, value, self.other.full_name, budget) if is_fed else typed & own
                is_refused = elsewhere is not None and (elsewhere & others).is_empty(budget)
            except BudgetExceeded:
                return UNDECIDED
            return f"{self.other.full_name.entity_name} would not have accepted it" if is_refused else None

        return judged

    def _typed(self, graph: Graph, value: Value, origin: FieldName, budget: Budget) -> ValueSet | None:
        """What may have been typed at an entry to become a stored value; None: nothing, or a step is not described.

        Raises BudgetExceeded.
        """
        if origin == self.stored.full_name:
            return ValueSet.exactly([value])
        found = ways_to_hold(graph, self.stored.full_name, value, graph.fields, (), budget)
        return next((values for name, values in found if name == origin), None)


def let_in(graph: Graph, demands: Collection[Agreeing]) -> Iterator[LetIn]:
    """Every pair of fields of entries that must agree, with the stores in which what came through the first one lies."""
    entities = graph.contracts.entities
    for demand in demands:
        for first in demand.entries:
            for second in demand.entries:
                if first == second:
                    continue
                for field in entities[first].fields.values():
                    for other in entities[second].fields.values():
                        if is_counterpart(field, other):
                            yield from (LetIn(demand, field, other, stored) for stored in _nearest(graph, field))


def _nearest(graph: Graph, field: Field) -> list[Field]:
    """The field where it has a store itself, or else those downstream that have one, and none before them."""
    entities = graph.contracts.entities
    found: dict[FieldName, Field] = {}
    seen, todo = {field.full_name}, [field]
    while todo:
        here = todo.pop(0)
        if entities[here.full_name.entity_name].store is not None:
            found[here.full_name] = here
            continue
        for link in graph.out_of.get(here.full_name, ()):
            target = link.target
            if link.join is None and link.exact and target.full_name not in seen:
                seen.add(target.full_name)
                todo.append(target)
    return list(found.values())
