"""A change makes a value arrive altered that arrived whole, or was rejected, before; no system rejects it.

A part of the value is now gone: cut, replaced, stripped of characters. The finding names a shortest such value, the
value that arrives, and each change that causes it. A column that used to reject and now cuts is such a change: the
error that people saw is gone, and so is a part of the value. A value that was altered in one place before, and is
altered in another now, counts too: more of it is gone.

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

from typing import TYPE_CHECKING

from ....lineage.transform import NoValue
from ....values.show import show
from ...finding import Severity
from ...messages import distance, escaped, record
from ...rule import Rule
from ..findings import failed_at, failure_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...finding import Finding
    from ..comparison import Comparison
    from ..regression import Regression


def _check(comparison: Comparison) -> Iterator[Finding]:
    for entity in comparison.entries:
        for failure in comparison.regressions.failures(entity, "alter"):
            yield failure_findings(comparison, failure, NEWLY_LOST_RULE, _message(failure))


def _message(failure: Regression) -> str:
    binding, judgement = failed_at(failure), failure.judgement
    fields = " + ".join(map(str, dict.fromkeys(failure.obligation.fields)))
    cause = f"{binding.field}: {escaped(binding.sentence)}"
    if judgement.record is None:
        return f"{fields}: unknown whether all of it still arrives ({cause}): {escaped(judgement.reason or '')}"
    last = judgement.hops[-1].value
    arrives = "nothing" if isinstance(last, NoValue) else show(last)
    value = (
        f"now accepts {record(judgement.record)}, which" if failure.entry_widened else f"{record(judgement.record)} now"
    )
    joint = " " if failure.entry_widened else ": "
    return (
        f"{fields}{joint}{value} arrives as {arrives} ({cause}); no system rejects it, part of it is lost, "
        f"{distance(judgement.hops)}"
    )


NEWLY_LOST_RULE = Rule("newly-lost", Severity.ERROR, _check, __doc__ or "")
