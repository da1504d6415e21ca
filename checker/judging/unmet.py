"""Unmet conditions: the records of an entity that arrive over some of its flows and not over others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from ...documents.names import FieldName
from ...lineage.transform import chain_preimage
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from .relations import FieldRelation, related, related_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ...lineage.condition import Alternative, Condition
    from ...lineage.condition_rules import ConditionRules
    from ...lineage.graph import Link
    from ...values.valueset import Value
    from .context import Context

Guards = dict[FieldName | FieldRelation, ValueSet]
"""Per field, by full name, the values of a record; also how compared fields relate."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """Records that meet the condition of no link."""

    guards: Guards
    doubt: str | None
    """Why it is not known whether they meet none: engines read a condition differently. None: they surely meet none."""


def unmet(context: Context, links: Sequence[Link], others: Sequence[Link]) -> Iterator[Unmet]:
    """The records that meet the condition of no link and that one of the others carries, those that surely do so first.

    Where engines read conditions differently, all are then read by the rules of one engine after the other: a record that
    none of them leaves out is not left out. Raises BudgetExceeded.
    """
    yield from _unmet(context, links, others, None)
    doubt = next((each.doubt for link in (*links, *others) if link.when for each in link.when.perhaps), None)
    if doubt is not None:
        for reading in _readings(context, (*links, *others)):
            bringing, carrying = ([link.under(reading(link)) for link in some] for some in (links, others))
            yield from _unmet(context, bringing, carrying, doubt)


def _unmet(context: Context, links: Sequence[Link], others: Sequence[Link], doubt: str | None) -> Iterator[Unmet]:
    """The records that surely meet the condition of no link; with a doubt, those that another one carries perhaps."""
    may_meet = _guards(context, links, lambda condition: condition.possible)
    ways = prod(map(len, may_meet))
    if ways > context.budget.unmet_ways:
        raise BudgetExceeded("unmet ways", ways)
    for guards in _guards(context, others, lambda each: each.alternatives if doubt is None else each.possible):
        for choice in product(*(alternative.items() for alternative in may_meet)):
            left = dict(guards)
            for name, values in choice:
                left[name] = left[name] - values if name in left else ~values
            yield Unmet(left, doubt)


def _guards(
    context: Context, links: Iterable[Link], alternatives: Callable[[Condition], Iterable[Alternative]]
) -> list[Guards]:
    """The alternatives under which at least one of the links carries a value."""
    guards: list[Guards] = []
    for link in links:
        if link.when is None:
            return [{}]
        guards += (_stored(context, alternative) for alternative in alternatives(link.when))
    return guards


def _readings(context: Context, links: Iterable[Link]) -> Iterator[Callable[[Link], Condition | None]]:
    """The ways in which engines may read the conditions of links: those of the same engines are read by the same one."""
    by_rules: dict[tuple[ConditionRules, ...], dict[Condition, None]] = {}
    for link in links:
        if link.when is not None and link.when.perhaps:
            by_rules.setdefault(link.when.rules, {})[link.when] = None
    options = [_different(list(conditions)) for conditions in by_rules.values()]
    ways = prod(map(len, options))
    if ways > context.budget.unmet_ways:
        raise BudgetExceeded("unmet ways", ways)
    for choice in product(*options):
        taken = {condition: read for group in choice for condition, read in group.items()}

        def reading(link: Link, taken: Mapping[Condition, Condition] = taken) -> Condition | None:
            return None if link.when is None else taken.get(link.when, link.when)

        yield reading


def _different(conditions: Sequence[Condition]) -> list[dict[Condition, Condition]]:
    """Conditions of the same engines, as one engine after the other reads them; what is read alike is there once."""
    readings: dict[tuple[object, ...], dict[Condition, Condition]] = {}
    for read in zip(*(condition.each for condition in conditions), strict=True):
        content = tuple((each.alternatives, each.possible) for each in read)
        readings.setdefault(content, dict(zip(conditions, read, strict=True)))
    return list(readings.values())


def _stored(context: Context, alternative: Alternative) -> Guards:
    """An alternative over the values as they arrive: a condition applies to the values as stored.

    How two compared fields relate is kept like the value of a field.
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
    relations = {name: values for name, values in guards.items() if isinstance(name, FieldRelation)}
    fields = {name: values for name, values in guards.items() if not isinstance(name, FieldRelation)}
    record: dict[FieldName, Value] = {}
    if relations:
        record_of_pairs = related_values(
            relations,
            lambda name: context.judge.accepted(name) & fields.get(name, ValueSet.everything()),
            context.budget,
        )
        if record_of_pairs is None:
            return None
        record |= record_of_pairs
        fields = {name: values for name, values in fields.items() if name not in record}
    for name, values in fields.items():
        witness = (context.judge.accepted(name) & values).witness(context.budget)
        if witness is None:
            return None
        record[name] = witness.value
    return record
