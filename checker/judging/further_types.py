"""Values of further types than a field's own, which an entry may send. Which of them is not known: they prove nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...contracts.constraint import OfType
from ...contracts.record_rules import of_other_types
from ...values.valueset import ValueSet
from ..preconditions.obligation import OwnConstraint
from ..preconditions.routes import origins_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from ...documents.names import FieldName
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ..preconditions.obligation import Obligation, Origin


def further_types(graph: Graph, obligation: Obligation, typed: Collection[FieldName], budget: Budget) -> str | None:
    """Why it is not known whether an obligation, met by each field's own type, is met; None: no other value may fail it.

    `typed`: those of its fields that the entry fills. Raises BudgetExceeded.
    """
    if obligation.effect != "refuse" or obligation.unknown is not None:
        return None
    for name in obligation.fields:
        if name not in typed or not graph.storage(name).doubts:
            continue
        others = of_other_types(graph.fields[name])
        for guarded, values in obligation.guards:
            others = others & values if guarded == name else others
        if isinstance(obligation.accepts, ValueSet):
            if all(map(_is_of_texts, origins_of(obligation))):
                continue  # what is no text is the matter of the field's type
            others = others - obligation.accepts
        if not others.is_empty(budget):
            return f"{name} may hold values of other types, and which is not known"
    return None


def _is_of_texts(origin: Origin) -> bool:
    """Whether it is a constraint on the texts of a field that accepts nothing else."""
    return (
        isinstance(origin, OwnConstraint)
        and origin.field.type == "text"
        and not isinstance(origin.constraint.restriction, OfType)
    )
