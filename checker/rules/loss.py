"""A value is altered on its way so that it cannot be recovered, and no system rejects it.

The value is cut, replaced, merged with another or left out. The finding names the shortest such value, a second one
that leaves the same behind, the system and the hop, and the value that arrives.

The whole way is judged, for each entity that receives the record. Of two records that differ in this one field, both
arrive and leave equal content in every field there that is fed from it. So a name that is split into first and last, an
address over three lines of 35 and a short name beside the full one lose nothing until they overflow.

The step where the two become equal decides what is forgiven. `trim`, `collapse_spaces`, `upper`, `lower` and `pad`
forgive what they are for, and `cast` forgives another spelling of the same value (007 and 7). A cut, `round`, `map`,
`default`, `substring`, a part of a `split`, the time of day and a day that a zone moves forgive nothing.

A value that its own condition keeps out, while its record arrives by other flows, is lost, too. Where that depends on
other fields of the record, it is reported once a flow, for information. Records that a condition common to all flows
between two entities keeps out are routed, not lost. A value that a system accepts against its own contract
(`on_violation: accept`) is a loss, too: the contract is then not true.

Why: There is no error and no message, only a wrong letter in the post.

Bad: the log keeps 14 characters of a name.

    - {from: core.customer.name, to: log.entry.name, via: [{truncate: 14}]}

Good: the log keeps the whole name, or the flow states that the loss is intended.

    - {from: core.customer.name, to: log.entry.name, via: [{truncate: 14}], accept_loss: true}

Options: `accept_loss: true` on a flow says that the loss is intended, for a field that keeps a part on purpose. It
forgives the steps and the condition of this flow, and nothing downstream of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import NoValue
from ...values.show import show
from ..finding import Binding, Finding, Severity
from ..judging.dropped import dropped_values, filtered
from ..judging.failures import failures
from ..messages import distance, escaped, record
from ..preconditions.obligation import OwnConstraint
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...lineage.link import Link
    from ..finding import FieldValues
    from ..judging.context import Context
    from ..judging.failures import Failure


def _check(context: Context) -> Iterator[Finding]:
    for entity in context.entries:
        for failure in failures(context, entity, "alter"):
            yield failure.finding(context, LOSS_RULE, _message(failure))
    for dropped in dropped_values(context):
        yield dropped.finding(LOSS_RULE.name, LOSS_RULE.severity)
    for link in filtered(context):
        yield _filtered(link)


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
    if judgement.twin and judgement.lost_in != failure.origin.field.full_name.entity_name:
        return (
            f"{fields}: {record(judgement.record)} and {_other(judgement.record, judgement.twin)} leave the same in "
            f"{judgement.lost_in} ({cause}); no system rejects it, what tells them apart is lost"
        )
    last = judgement.hops[-1].value
    arrives = "nothing" if isinstance(last, NoValue) else show(last)
    also = f", as {_other(judgement.record, judgement.twin)} does" if judgement.twin else ""
    return (
        f"{fields}: {record(judgement.record)} arrives as {arrives}{also} ({cause}); no system rejects it, part of it is "
        f"lost, {distance(judgement.hops)}"
    )


def _other(lost: FieldValues, twin: FieldValues) -> str:
    """The value in which a twin differs, with its field where the record has several."""
    (name, value), *_ = ((name, value) for name, value in twin.items() if value != lost.get(name) or len(twin) == 1)
    return show(value) if len(twin) == 1 else f"{name.field} = {show(value)}"


def _filtered(link: Link) -> Finding:
    source, target, words = link.sources[0].full_name, link.target.full_name, link.flow.filter or ""
    reason = f"which records it keeps is not known: {words}"
    return Finding(
        rule=LOSS_RULE.name,
        severity=Severity.INFO,
        verdict="unknown",
        message=f"{target.entity_name}: unknown whether every record of {source.entity_name} arrives: {escaped(words)}",
        location=link.flow.location,
        field=source,
        fields=(source, target),
        binding=Binding(target, "filter", words, link.flow.location),
        reason=reason,
    )


LOSS_RULE = Rule("loss", Severity.WARNING, _check, __doc__ or "")
