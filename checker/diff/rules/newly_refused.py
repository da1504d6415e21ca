"""A change makes a system reject values that an entry accepts and that arrived before.

The change may stand in a contract far downstream of the entry, in a flow between them, or at the entry itself, which
now accepts more than the systems downstream. The finding names a shortest value, run forward through both versions: it
arrived everywhere before, and is rejected now. It also names each change that causes this.

A record is rejected as well where it arrives without a field that must be filled in: one that is new, or that a flow, a
default or a number filled before.

Verdict `unknown` means that the question could not be decided, for the reason named. It is never safe.

Why: Yesterday the record went through. Nobody at the screen changed anything, so nobody there knows why it fails today.

Bad: the column becomes shorter, and the screen still accepts 40 characters.

    # contracts/billing.yaml
    street: {type: text, max_length: 30}
    # contracts/web.yaml
    street: {type: text, max_length: 40}

Good: the screen became shorter first.

    # contracts/billing.yaml
    street: {type: text, max_length: 30}
    # contracts/web.yaml
    street: {type: text, max_length: 30}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....lineage.transform import NoValue
from ....values.show import show
from ...finding import Finding, Severity
from ...judging.lacking import lacking_finding
from ...judging.unfilled import unfilled_finding
from ...messages import distance, escaped, record
from ...rule import Rule
from ..empty_fields import newly_lacking, newly_unfilled
from ..findings import failed_at, failure_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....contracts.model import Entity
    from ..comparison import Comparison
    from ..regression import Regression


def _check(comparison: Comparison) -> Iterator[Finding]:
    for entity in comparison.entries:
        yield from _unsettled(comparison, entity)
        for failure in comparison.regressions.failures(entity, "refuse"):
            yield failure_findings(comparison, failure, NEWLY_REFUSED_RULE, _message(failure))
    after = comparison.after
    for lacking, causes in newly_lacking(comparison):
        yield lacking_finding(after.judge, lacking, NEWLY_REFUSED_RULE, causes)
    for unfilled, causes in newly_unfilled(comparison):
        yield unfilled_finding(after, unfilled, NEWLY_REFUSED_RULE, causes)


def _message(failure: Regression) -> str:
    binding, judgement = failed_at(failure), failure.judgement
    fields = " + ".join(map(str, dict.fromkeys(failure.obligation.fields)))
    obligation = f"{binding.field}: {escaped(binding.sentence)}"
    if judgement.record is None:
        why = escaped(judgement.reason or "")
        return f"{fields}: unknown whether {binding.system} still accepts all of its values ({obligation}): {why}"
    last = judgement.hops[-1].value
    if isinstance(last, NoValue):
        arrives = ", where it cannot be read"
    elif len(judgement.record) > 1 or last != next(iter(judgement.record.values())):
        arrives = f", arriving as {show(last)}"
    else:
        arrives = ""
    value = record(judgement.record)
    rejects = f"{binding.system} rejects it{arrives} ({obligation}), {distance(judgement.hops)}"
    if failure.entry_widened:
        return f"{fields} now accepts {value}; {rejects}"
    if judgement.reason is not None:
        return f"{fields}: {value}: {rejects}; before that was not known: {escaped(judgement.reason)}"
    return f"{fields}: {value} was fine; now {rejects}"


def _unsettled(comparison: Comparison, entity: Entity) -> Iterator[Finding]:
    """Findings for fields upstream of a cycle that does not converge, in either version."""
    for field in entity.fields.values():
        reason = comparison.regressions.unconverged(field.full_name)
        if reason is not None:
            yield Finding(
                rule=NEWLY_REFUSED_RULE.name,
                severity=NEWLY_REFUSED_RULE.severity,
                verdict="unknown",
                message=f"{field.full_name}: unknown whether systems downstream still accept all of its values: {reason}",
                location=field.location,
                entry=entity.full_name,
                field=field.full_name,
                fields=(field.full_name,),
                reason=reason,
                causes=comparison.changes.all,
            )


NEWLY_REFUSED_RULE = Rule("newly-refused", Severity.ERROR, _check, __doc__ or "")
