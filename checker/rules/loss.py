"""A value is altered on its way, and no system rejects it.

It is cut, replaced or stripped of characters, and a part of it is gone: no error, no message, only a wrong letter in the
post. The finding names the shortest altered value, the system and the hop that alter it, and the value that arrives. The
same holds for a value that a system accepts against its own contract (`on_violation: accept`): the contract is then not
true.

Where the loss is intended (a field that keeps a part on purpose), state `accept_loss: true` on the flow.

Bad: the log keeps 14 characters of a name.

    - {from: core.customer.name, to: log.entry.name, via: [{truncate: 14}]}

Good: the log keeps the whole name, or the flow states that the loss is intended.

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
    if isinstance(failure.origin, OwnConstraint) and failure.origin.constraint.on_violation == "accept":
        return (
            f"{fields}: {record(judgement.record)} is accepted by {binding.system} against its own contract ({cause}), "
            f"{distance(judgement.hops)}"
        )
    last = judgement.hops[-1].value
    arrives = "nothing" if isinstance(last, NoValue) else show(last)
    return (
        f"{fields}: {record(judgement.record)} arrives as {arrives} ({cause}); no system rejects it, part of it is lost, "
        f"{distance(judgement.hops)}"
    )


LOSS_RULE = Rule("loss", Severity.WARNING, _check, __doc__ or "")
