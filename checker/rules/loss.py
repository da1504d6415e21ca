"""A value is altered on its way, and nobody refuses it.

It is cut, replaced, or stripped of characters, and something that was typed is gone: no error, no message, only a wrong
letter in the post. The finding names the shortest value that is altered, by whom, at which hop, and what arrives. So does
a value that a system takes against its own contract (`on_violation: accept`): what the contract says of it is not true.

Where it is meant (a field that keeps only a part, on purpose), say so with `accept_loss: true` on the flow.

Bad: the log keeps 14 characters of a name.

    - {from: core.customer.name, to: log.entry.name, via: [{truncate: 14}]}

Good: it keeps all of it, or the loss is said to be meant.

    - {from: core.customer.name, to: log.entry.name, via: [{truncate: 14}], accept_loss: true}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import NoValue
from ...values.show import show
from ..finding import Severity
from ..judging.failures import failures
from ..messages import distance, escaped, record
from ..preconditions.obligation import OwnConstraint
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Finding
    from ..judging.context import Context
    from ..judging.failures import Failure


def _check(context: Context) -> Iterator[Finding]:
    for entity in context.graph.entries:
        for failure in failures(context, entity, "alter"):
            yield failure.finding(context, LOSS_RULE, _message(failure))


def _message(failure: Failure) -> str:
    fields, binding, judgement = failure.shown_fields, failure.binding, failure.judgement
    cause = f"{binding.field}: {escaped(binding.sentence)}"
    if judgement.record is None:
        return f"{fields}: unknown whether all of it arrives ({cause}): {escaped(judgement.reason or '')}"
    if isinstance(failure.origin, OwnConstraint) and failure.origin.field.on_violation == "accept":
        return (
            f"{fields}: {record(judgement.record)} is taken by {binding.system} against its own contract ({cause}), "
            f"{distance(judgement.hops)}"
        )
    last = judgement.hops[-1].value
    arrives = "nothing" if isinstance(last, NoValue) else show(last)
    return (
        f"{fields}: {record(judgement.record)} arrives as {arrives} ({cause}); nobody refuses it, something is lost, "
        f"{distance(judgement.hops)}"
    )


LOSS_RULE = Rule("loss", Severity.WARNING, _check, __doc__ or "")
