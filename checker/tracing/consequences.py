"""What a check finds about the records that hold some values: where they are rejected, altered, or do not arrive.

A value alone is judged for whatever the other fields of its record may hold: "rejected where the country is FI". So a trace
says that nothing is wrong with a value exactly where `check` has nothing to say about any record that holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...contracts.constraint import RequiredWhen
from ...lineage.transform import NoValue, chain_apply, ways
from ...values.valueset import ValueSet
from ..rules.escape import ESCAPE_RULE
from ..rules.loss import LOSS_RULE
from ..rules.unfilled import UNFILLED_RULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...documents.names import FieldName
    from ...lineage.graph import Graph, Link
    from ...lineage.transform import Transform
    from ...values.valueset import Value
    from ..finding import Finding
    from ..judging.context import Context
    from ..judging.simulate import Arrival, Journey
    from .asked import Asked

_RULES = (ESCAPE_RULE, UNFILLED_RULE, LOSS_RULE)


def consequences(context: Context, asked: Asked) -> tuple[Finding, ...]:
    """The findings of a check about the records that hold these values, those that reject them first.

    A record of a table is judged as if it were entered there: what else it holds may be anything that its contract
    allows, even where no entry sends that.
    """
    name = asked.field.full_name.entity_name
    if context.graph.contracts.entities[name].kind != "entry":
        context = context.entered_at(context.graph.contracts.entities[name])
    entity = context.graph.contracts.entities[name]
    narrowed = context.among({name: ValueSet.exactly([value]) for name, value in asked.values.items()}, entity)
    return tuple(
        finding
        for rule in _RULES
        for finding in rule.check(narrowed)
        if finding.entry in {entity.full_name, None}
        and not asked.values.keys().isdisjoint(_concerned(finding, context.graph))
    )


def _concerned(finding: Finding, graph: Graph) -> Iterable[FieldName]:
    """The fields whose values a finding is about: with a field that is required on a condition, those that it reads.

    A flow's condition decides which records are carried: what is wrong with another field of them is no fault of these.
    """
    binding = finding.binding
    field = None if binding is None else graph.fields.get(binding.field)
    on_condition = field is not None and any(
        isinstance(constraint.restriction, RequiredWhen) and binding and constraint.location == binding.location
        for constraint in field.constraints
    )
    return (*finding.fields, *(finding.witness or ())) if on_condition else finding.fields


def altered(graph: Graph, journey: Journey) -> tuple[tuple[Arrival, Transform], ...]:
    """The arrivals of a journey that a step on the last flow, or the storage, makes another value, with that step."""
    return tuple(_altered(graph, journey))


def _altered(graph: Graph, journey: Journey) -> Iterator[tuple[Arrival, Transform]]:
    for arrived in journey.arrivals.values():
        for arrival in arrived:
            step = None if arrival.link is None else _losing_step(arrival.link, arrival)
            if step is None and not arrival.is_lost and not arrival.rejections:
                step = _losing(graph.storage(arrival.field).transforms, arrival.value)
            if step is not None:
                yield arrival, step


def _losing_step(link: Link, arrival: Arrival) -> Transform | None:
    if link.flow.accept_loss or not link.exact:
        return None
    stored = [source.stored for source in arrival.sources]
    for chain, value in zip(link.chains, stored, strict=False):
        step = _losing(chain, value)
        if step is not None:
            return step
    if link.join is None or any(isinstance(value, NoValue) for value in stored):
        return None
    carried = [
        chain_apply(chain, value)
        for chain, value in zip(link.chains, stored, strict=True)
        if not isinstance(value, NoValue)
    ]
    joined = link.join.apply([value for value in carried if not isinstance(value, NoValue)])
    return _losing(link.tail, joined)


def _losing(chain: tuple[Transform, ...], value: Value | NoValue) -> Transform | None:
    """The first step that a value does not pass without loss; None: there is none."""
    for i, step in enumerate(chain):
        before = value if isinstance(value, NoValue) else chain_apply(chain[:i], value)
        if isinstance(before, NoValue):
            return None
        if all(before not in way.unaltered for way in ways(step)):
            return step
    return None
