"""An entry accepts a value that a downstream system rejects.

The finding names the shortest such value, its form at every hop, the system that rejects it and the constraint it
breaks. There is one finding for each constraint that rejects: fixing one does not fix the others.

Verdict `unknown` means that the question could not be decided: a step has no description, or a pattern is too large. It
is never safe.

Why: The screen accepts the value, and days later another system rejects it. By then nobody knows where it came from.

Bad: the screen accepts more than the mainframe.

    # contracts/web.yaml
    username: {type: text, max_length: 64}
    # contracts/billing.yaml
    username: {type: text, max_length: 12}

Good: the screen has the constraint of the strictest system.

    # contracts/web.yaml
    username: {type: text, max_length: 12}

Options: `on_violation` of a field or a constraint says that its system cuts, replaces or rounds instead of rejecting.
The value is then a `loss`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import NoValue
from ...values.show import show
from ..finding import Binding, Finding, Severity
from ..judging.failures import failures
from ..messages import distance, escaped, record
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Entity
    from ..judging.context import Context
    from ..judging.failures import Failure


def _check(context: Context) -> Iterator[Finding]:
    for entity in context.entries:
        yield from _unsettled(context, entity)
        for failure in failures(context, entity, "refuse"):
            yield failure.finding(context, ESCAPE_RULE, _message(failure))


def _message(failure: Failure) -> str:
    fields, binding, judgement = failure.shown_fields, failure.binding, failure.judgement
    obligation = f"{binding.field}: {escaped(binding.sentence)}"
    if judgement.record is None:
        why = escaped(judgement.reason or "")
        return f"{fields}: unknown whether {binding.system} accepts all of its values ({obligation}): {why}"
    last = judgement.hops[-1].value
    first = next(iter(judgement.record.values()))
    if isinstance(last, NoValue):
        arrives = ", which cannot be read there"
    elif len(judgement.record) > 1 or last != first:
        arrives = f", which arrives as {show(last)}"
    else:
        arrives = ""
    accepts = "accept" if len(set(failure.names)) > 1 else "accepts"
    return (
        f"{fields} {accepts} {record(judgement.record)}{arrives}; {binding.system} rejects it ({obligation}), "
        f"{distance(judgement.hops)}"
    )


def _unsettled(context: Context, entity: Entity) -> Iterator[Finding]:
    """Findings for fields upstream of an unsettled field, mostly in a cycle: nothing downstream of it is known."""
    for field in context.fields_of(entity):
        name = context.unsettled_downstream(field)
        if name is not None:
            reason = context.composition.why_unsettled(name)
            target = context.graph.fields[name]
            yield Finding(
                rule=ESCAPE_RULE.name,
                severity=ESCAPE_RULE.severity,
                verdict="unknown",
                message=f"{field.full_name}: unknown whether {target.system} accepts all of its values: {reason}",
                location=field.location,
                entry=entity.full_name,
                field=field.full_name,
                fields=(field.full_name,),
                binding=Binding(
                    target.full_name, "unsettled", "there are more obligations than are followed", target.location
                ),
                reason=reason,
            )


ESCAPE_RULE = Rule("escape", Severity.ERROR, _check, __doc__ or "")
