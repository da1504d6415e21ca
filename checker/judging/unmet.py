"""Unmet conditions: the records of an entity that arrive over some of its flows and not over others."""

from __future__ import annotations

from functools import reduce
from itertools import islice, product
from typing import TYPE_CHECKING

from ...documents.names import FieldName
from ...lineage.condition import Alternative
from ...lineage.transform import NoValue, chain_apply, chain_preimage
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...lineage.condition import Pair
    from ...lineage.graph import Link
    from ...values.valueset import Value
    from .context import Context

Guards = dict[FieldName, ValueSet]
"""Per field, by full name, the values of a record."""

_SOME = 4
"""Pairs of values that are tried where two fields are compared."""


def met_by(context: Context, links: Iterable[Link]) -> list[Guards]:
    """The alternatives under which at least one of the links carries a value; of compared fields, some of their values.

    Raises BudgetExceeded where no values were found that meet a comparison of two fields.
    """
    alternatives: list[Guards] = []
    for link in links:
        if link.flow.when is None:
            return [{}]
        for alternative in link.flow.when.alternatives:
            met = [_stored(context, alternative.values)]
            for pair in alternative.pairs:
                several = list(islice(_compared(context, pair, holds=True), _SOME))
                if not several:
                    raise BudgetExceeded("tried values", context.budget.tried_values)
                met = [_both(guards, more) for guards in met for more in several]
            alternatives += met
    return alternatives


def unmet_within(context: Context, links: Iterable[Link], within: Iterable[Guards]) -> Iterator[Guards]:
    """Records `within` that meet the condition of no link; of compared fields, some of their values.

    Raises BudgetExceeded.
    """
    choices: list[list[Guards]] = []
    ways = 1
    for link in links:
        for alternative in link.flow.when.alternatives if link.flow.when else (Alternative(()),):
            stored = _stored(context, alternative.values)
            broken: list[Guards] = [{name: ~values} for name, values in stored.items()]
            for pair in alternative.pairs:
                broken += islice(_compared(context, pair, holds=False), _SOME)
            choices.append(broken)
            ways *= len(broken)
            if ways > context.budget.unmet_ways:
                raise BudgetExceeded("unmet ways", ways)
    for guards in within:
        for choice in product(*choices):
            yield reduce(_both, choice, guards)


def _both(first: Guards, second: Guards) -> Guards:
    return {**first, **{name: first[name] & values if name in first else values for name, values in second.items()}}


def _compared(context: Context, pair: Pair, *, holds: bool) -> Iterator[Guards]:
    """Values of two compared fields with which the comparison holds, or does not: among the first ones they accept."""
    left, right = ([*islice(_first_values(context, name), context.budget.tried_values)] for name in pair.fields)
    for one, other in product([None, *left, *right], [None, *right, *left]):
        record = {pair.left: one, pair.right: other}
        if all(value in context.judge.accepted(name) for name, value in record.items()):
            stored = {
                name: chain_apply(context.graph.storage(name).transforms, value) for name, value in record.items()
            }
            known = {name: value for name, value in stored.items() if not isinstance(value, NoValue)}
            if len(known) == len(stored) and pair.holds(known) is holds:
                yield {name: ValueSet.exactly([value]) for name, value in record.items()}


def _first_values(context: Context, name: FieldName) -> Iterator[Value]:
    values = context.judge.accepted(name) - ValueSet.null_only()
    while (witness := values.witness(context.budget)) is not None:
        yield witness.value
        values = values - ValueSet.exactly([witness.value])


def _stored(context: Context, alternative: Iterable[tuple[FieldName, ValueSet]]) -> Guards:
    """An alternative over the values as they arrive: a condition applies to the values as stored."""
    return {name: chain_preimage(context.graph.storage(name).transforms, values) for name, values in alternative}


def accepted_record(context: Context, guards: Guards) -> dict[FieldName, Value] | None:
    """A record within the guards that the contracts of the fields accept; None: there is none."""
    record: dict[FieldName, Value] = {}
    for name, values in guards.items():
        witness = (context.judge.accepted(name) & values).witness(context.budget)
        if witness is None:
            return None
        record[name] = witness.value
    return record
