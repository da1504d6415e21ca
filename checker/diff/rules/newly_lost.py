"""A change makes a value arrive altered that arrived whole, or was rejected, before; no system rejects it.

A part of the value is now gone: cut, replaced, stripped of characters. The finding names a shortest such value, the
value that arrives, and each change that causes it. A column that used to reject and now cuts is such a change: the
error that people saw is gone, and so is a part of the value. A value that was altered in one place before, and is
altered in another now, counts too: more of it is gone. So does a value that a condition keeps out now, while its record
arrives by other flows; where that depends on other fields of the record, it is reported for information.

Why: Nobody would notice. So it is an error by default, though a loss that was there before is a warning.

Bad: the column cuts instead of rejecting.

    # contracts/crm.yaml
    name: {type: text, max_length: 30, on_violation: truncate}

Good: the column still rejects, and the screen accepts no longer values.

    # contracts/crm.yaml
    name: {type: text, max_length: 30}

Options: `accept_loss: true` on a flow says that the loss is intended.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ....lineage.transform import NoValue
from ....values.show import show
from ...finding import Severity
from ...messages import distance, escaped, record
from ...rule import Rule
from ..findings import changed_at, failed_at, failure_findings
from ..left_behind import newly_dropped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...finding import Finding
    from ..comparison import Comparison
    from ..regression import Regression


def _check(comparison: Comparison) -> Iterator[Finding]:
    for entity in comparison.entries:
        for failure in comparison.regressions.failures(entity, "alter"):
            yield failure_findings(comparison, failure, NEWLY_LOST_RULE, _message(failure))
    for dropped, causes in newly_dropped(comparison):
        finding = dropped.finding(NEWLY_LOST_RULE.name, NEWLY_LOST_RULE.severity, " now")
        yield replace(finding, location=changed_at(causes) or finding.location, causes=causes)


def _message(failure: Regression) -> str:
    binding, judgement = failed_at(failure), failure.judgement
    fields = " + ".join(map(str, dict.fromkeys(failure.obligation.fields)))
    cause = f"{binding.field}: {escaped(binding.sentence)}"
    if judgement.record is None:
        return f"{fields}: unknown whether all of it still arrives ({cause}): {escaped(judgement.reason or '')}"
    last = judgement.hops[-1].value
    also = _twin(failure)
    arrives = ("nothing" if isinstance(last, NoValue) else show(last)) + (f", as {also} does" if also else "")
    value = (
        f"now accepts {record(judgement.record)}, which" if failure.entry_widened else f"{record(judgement.record)} now"
    )
    joint = " " if failure.entry_widened else ": "
    doubt = f"; before that was not known: {escaped(judgement.reason)}" if judgement.reason else ""
    return (
        f"{fields}{joint}{value} arrives as {arrives} ({cause}); no system rejects it, part of it is lost, "
        f"{distance(judgement.hops)}{doubt}"
    )


def _twin(failure: Regression) -> str | None:
    """Another value of a record's only field that arrives as the same."""
    twin = failure.judgement.twin
    return show(next(iter(twin.values()))) if twin is not None and len(twin) == 1 else None


NEWLY_LOST_RULE = Rule("newly-lost", Severity.ERROR, _check, __doc__ or "")
