"""Whether some record can meet the condition of a flow, by what can arrive at the fields it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import chain_preimage
from ...values.budget import BudgetExceeded
from .backward import trace_back
from .relations import related, related_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...documents.names import FieldName
    from ...lineage.condition import Alternative, Condition
    from ...lineage.truth import Pair
    from ...values.valueset import ValueSet
    from .context import Context


def can_be_met(context: Context, condition: Condition) -> bool:
    """Whether some record may meet a condition; False: surely none does, so its flow carries nothing.

    Fields are looked at one by one: a condition that only combinations of values exclude counts as one that may be met.
    """
    return any(_possible(context, alternative) for alternative in condition.possible)


def _possible(context: Context, alternative: Alternative) -> bool:
    return all(_can_hold(context, name, values) for name, values in alternative.values) and all(
        _can_relate(context, pair, dict(alternative.values)) for pair in alternative.pairs
    )


def _can_relate(context: Context, pair: Pair, wanted: Mapping[FieldName, ValueSet]) -> bool:
    """Whether two fields of entries can hold values that relate so; equality alone is decided."""
    fields = context.graph.fields
    kinds = context.graph.contracts.entities
    if pair.sign != "=" or any(
        name not in fields or kinds[name.entity_name].kind != "entry" or context.graph.storage(name).transforms
        for name in pair.fields
    ):
        return True
    relation, allowed = related(pair)
    try:
        held = {name: context.judge.accepted(name) & wanted[name] for name in pair.fields}
        return related_values({relation: allowed}, held.__getitem__, context.budget) is not None
    except BudgetExceeded:
        return True


def _can_hold(context: Context, name: FieldName, stored: ValueSet) -> bool:
    """Whether a field can hold one of these values, as it stores them."""
    graph = context.graph
    if name not in graph.fields:
        return True  # reported as dangling
    values = chain_preimage(graph.storage(name).transforms, stored)
    kinds = graph.contracts.entities
    is_entry = kinds[name.entity_name].kind == "entry"
    if values.null and not is_entry:
        return True  # whatever brings the record may leave this field empty
    try:
        if (values & context.judge.accepted(name)).is_empty(context.budget):
            return False
        if is_entry or not graph.into.get(name):
            return True
        roots = (root for root in graph.upstream([name]) if not graph.into.get(root))
        if any(kinds[root.entity_name].kind != "entry" for root in roots):
            return True  # what it holds is not known
        return any(True for _ in trace_back(context.judge, name, values))
    except BudgetExceeded:
        return True
