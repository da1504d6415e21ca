"""A constraint or an allowed value that no entry can ever meet or send. For information.

A code that no entry can send is dead, or an entry is missing. A required field that no flow fills stays empty for ever,
though the fields beside it are filled.

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
from ..messages import escaped
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.constraint import Constraint
    from ...contracts.model import Field
    from ...values.valueset import Value
    from ..judging.context import Context

_SHOWN = 6


def _check(context: Context) -> Iterator[Finding]:
    entries = {entity.full_name for entity in context.graph.entries}
    reached = context.graph.reached
    for field in context.fields:
        entity = field.full_name.entity_name
        if entity in entries:
            continue
        if field.full_name in reached:
            for constraint in field.constraints:
                if isinstance(constraint.restriction, OneOf):
                    yield from _unsent(context, field, constraint, constraint.restriction)
        elif (
            entity in context.graph.reached_entities and field.required and not context.graph.into.get(field.full_name)
        ):
            yield _finding(field, None, f"{field.full_name} must be filled in, and no flow brings it a value")


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


def _finding(field: Field, constraint: Constraint | None, message: str, value: Value = None) -> Finding:
    at = constraint.location if constraint else field.location
    binding = Binding(field.full_name, constraint.name, constraint.sentence, at) if constraint else None
    return Finding(
        rule=UNREACHABLE_RULE.name,
        severity=UNREACHABLE_RULE.severity,
        verdict="refuted",
        message=escaped(message) if constraint is None else message,
        location=at,
        field=field.full_name,
        fields=(field.full_name,),
        binding=binding,
        witness={field.full_name: value} if constraint else None,
    )


UNREACHABLE_RULE = Rule("unreachable", Severity.INFO, _check, __doc__ or "")
