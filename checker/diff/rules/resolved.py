"""A change ends a failure. For information.

A downstream system rejected or altered a value that an entry accepted; now the same record arrives everywhere, or the
entry no longer accepts it. The finding names such a record, with its journey to the place where it failed before.

Bad: nothing; a change is made for this. It is shown so that a reviewer sees that it worked.

Good: the column has room for every value the screen accepts.

    # contracts/billing.yaml
    street: {type: text, max_length: 40}
    # contracts/web.yaml
    street: {type: text, max_length: 40}
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...finding import Severity
from ...judging.simulate import travel
from ...messages import escaped, record
from ...rule import Rule
from ..findings import changed_at, failed_at, failure_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...finding import Finding
    from ..comparison import Comparison
    from ..regression import Regression


def _check(comparison: Comparison) -> Iterator[Finding]:
    """The regressions from the version after to the version before, where both sides are proven."""
    back = comparison.mirrored
    for entity in back.entries:
        for failure in (*back.regressions.failures(entity, "refuse"), *back.regressions.failures(entity, "alter")):
            if _is_over(comparison, failure):
                finding = failure_findings(back, failure, RESOLVED_RULE, _message(failure))
                causes = tuple(change.mirrored() for change in finding.causes)
                field = comparison.after.graph.fields.get(finding.field) if finding.field else None
                place = changed_at(causes) or (field.location if field else finding.location)
                yield replace(finding, verdict="proved", location=place, causes=causes)


def _is_over(comparison: Comparison, failure: Regression) -> bool:
    """Whether it is proven that the record failed before and is not rejected anywhere now."""
    judgement = failure.judgement
    if judgement.verdict != "refuted" or judgement.reason is not None or judgement.record is None:
        return False
    if any(comparison.regressions.unconverged(name) for name in judgement.record):
        return False
    after = comparison.after
    record = {name: value for name, value in judgement.record.items() if name in after.graph.fields}
    return failure.entry_widened or not travel(after.graph, record, after.budget).fails


def _message(failure: Regression) -> str:
    binding, judgement = failed_at(failure), failure.judgement
    fields = " + ".join(map(str, dict.fromkeys(failure.obligation.fields)))
    failed = f"was rejected by {binding.system}" if failure.obligation.effect == "refuse" else "did not arrive whole"
    now = (
        "and is not accepted any more"
        if failure.entry_widened
        else "and is accepted now"
        if failure.obligation.effect == "refuse"
        else "and does now"
    )
    return f"{fields}: {record(judgement.record or {})} {failed} ({binding.field}: {escaped(binding.sentence)}), {now}"


RESOLVED_RULE = Rule("resolved", Severity.INFO, _check, __doc__ or "")
