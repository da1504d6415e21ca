"""Unmet conditions: the records of an entity that arrive over some of its flows and not over others."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from ...documents.names import FieldName
from ...lineage.transform import chain_preimage
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from .relations import is_relation, related, related_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...lineage.condition import Alternative
    from ...lineage.graph import Link
    from ...values.valueset import Value
    from .context import Context

Guards = dict[FieldName, ValueSet]
"""Per field, by full name, the values of a record; also how compared fields relate, under names that no field has."""


def met_by(context: Context, links: Iterable[Link]) -> list[Guards]:
    """The alternatives under which at least one of the links carries a value."""
    alternatives: list[Guards] = []
    for link in links:
        if link.flow.when is None:
            return [{}]
        alternatives += (_stored(context, alternative) for alternative in link.flow.when.alternatives)
    return alternatives


def unmet_within(context: Context, links: Iterable[Link], within: Iterable[Guards]) -> Iterator[Guards]:
    """The records `within` that meet the condition of no link. Raises BudgetExceeded."""
    met = met_by(context, links)
    ways = 1
    for alternative in met:
        ways *= len(alternative)
        if ways > context.budget.unmet_ways:
            raise BudgetExceeded("unmet ways", ways)
    for guards in within:
        for choice in product(*(alternative.items() for alternative in met)):
            unmet = dict(guards)
            for name, values in choice:
                unmet[name] = unmet[name] - values if name in unmet else ~values
            yield unmet


def _stored(context: Context, alternative: Alternative) -> Guards:
    """An alternative over the values as they arrive: a condition applies to the values as stored.

    How two compared fields relate is kept like the value of a field, under a name that no field has.
    """
    guards: Guards = {
        name: chain_preimage(context.graph.storage(name).transforms, values) for name, values in alternative.values
    }
    for pair in alternative.pairs:
        relation, allowed = related(pair)
        guards[relation] = guards[relation] & allowed if relation in guards else allowed
    return guards


def accepted_record(context: Context, guards: Guards) -> dict[FieldName, Value] | None:
    """A record within the guards that the contracts of the fields accept; None: there is none. Raises BudgetExceeded."""
    relations = {name: values for name, values in guards.items() if is_relation(name)}
    guards = {name: values for name, values in guards.items() if name not in relations}
    record: dict[FieldName, Value] = {}
    if relations:
        record_of_pairs = related_values(
            relations,
            lambda name: context.judge.accepted(name) & guards.get(name, ValueSet.everything()),
            context.budget,
        )
        if record_of_pairs is None:
            return None
        record |= record_of_pairs
        guards = {name: values for name, values in guards.items() if name not in record}
    for name, values in guards.items():
        witness = (context.judge.accepted(name) & values).witness(context.budget)
        if witness is None:
            return None
        record[name] = witness.value
    return record
