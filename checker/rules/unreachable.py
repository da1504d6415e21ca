"""A condition that no record ever meets, or an allowed value that no entry can ever send.

A condition that no record meets is a warning. A code that no entry can send is for information: it is dead, or an entry
is missing.

Why: A flow whose condition no record meets carries nothing, and nobody ever sees what is wrong downstream of it.

Bad: no screen offers PARTNER.

    # contracts/web.yaml
    channel: {type: text, one_of: [WEB, BRANCH]}
    # contracts/crm.yaml
    channel: {type: text, one_of: [WEB, BRANCH, PARTNER]}

Good: the list holds the values that can arrive, or the missing entry is described.

    # contracts/crm.yaml
    channel: {type: text, one_of: [WEB, BRANCH]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...contracts.constraint import OneOf
from ...values.budget import BudgetExceeded
from ...values.show import show
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Severity
from ..judging.backward import trace_back
from ..judging.reachable import can_be_met
from ..messages import escaped
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.constraint import Constraint
    from ...contracts.model import Field
    from ...documents.location import Location
    from ...values.valueset import Value
    from ..judging.context import Context

_SHOWN = 6


def _check(context: Context) -> Iterator[Finding]:
    yield from _dead_flows(context)
    entries = {entity.full_name for entity in context.graph.entries}
    reached = context.graph.reached
    for field in context.fields:
        if field.full_name in reached and field.full_name.entity_name not in entries:
            for constraint in field.constraints:
                if isinstance(constraint.restriction, OneOf):
                    yield from _unsent(context, field, constraint, constraint.restriction)


def _dead_flows(context: Context) -> Iterator[Finding]:
    """Conditions that no record meets, each once where it is written."""
    told: set[Location] = set()
    for link in context.graph.links_into(context.composition.within):
        flow = link.flow
        if link.when is None or flow.when is None or flow.when_node is None or can_be_met(context, link.when):
            continue
        at = flow.when_node.location
        if at in told:
            continue
        told.add(at)
        ways = f"{' + '.join(str(source.field) for source in flow.sources)} to {flow.target}"
        yield Finding(
            rule=UNREACHABLE_RULE.name,
            severity=Severity.WARNING,
            verdict="refuted",
            message=escaped(f"no record meets the condition {flow.when.text}: the flow from {ways} carries nothing"),
            location=at,
            field=flow.target,
            fields=(flow.target, *flow.when.fields),
        )


def _unsent(context: Context, field: Field, constraint: Constraint, obligation: OneOf) -> Iterator[Finding]:
    if len(obligation.values) > context.budget.listed_values:
        return
    unsent = [value for value in obligation.values if not _is_sent(context, field, value)]
    if unsent:
        shown = ", ".join(show(value) for value in unsent[:_SHOWN])
        more = f" and {len(unsent) - _SHOWN} more" if len(unsent) > _SHOWN else ""
        message = f"{field.full_name} allows {shown}{more}, which no entry can send"
        yield _finding(field, constraint, message, unsent[0])


def _is_sent(context: Context, field: Field, value: Value) -> bool:
    """Whether some entry can send the value, or this is not decided."""
    try:
        return any(True for _ in trace_back(context.judge, field.full_name, ValueSet.exactly([value]), possible=True))
    except BudgetExceeded:
        return True


def _finding(field: Field, constraint: Constraint, message: str, value: Value) -> Finding:
    return Finding(
        rule=UNREACHABLE_RULE.name,
        severity=UNREACHABLE_RULE.severity,
        verdict="refuted",
        message=message,
        location=constraint.location,
        field=field.full_name,
        fields=(field.full_name,),
        binding=Binding(field.full_name, constraint.name, constraint.sentence, constraint.location),
        witness={field.full_name: value},
    )


UNREACHABLE_RULE = Rule("unreachable", Severity.INFO, _check, __doc__ or "")
