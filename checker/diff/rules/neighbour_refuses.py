"""A change makes a system reject values that its direct neighbour may send, whichever entry they come from.

Contract is held against contract, one flow apart. Either the receiving system no longer accepts a value that the
sending system may hold by its own contract, or the sending system may now hold a value that the receiving system never
accepted.

Why: No entry need send such a value today, but the two contracts no longer agree.

Bad: the register holds 60 characters of a city, and billing now accepts 40 of them.

    # contracts/crm.yaml
    city: {type: text, max_length: 60}
    # contracts/billing.yaml
    city: {type: text, max_length: 40}

Good: the flow between them states how the rest is cut.

    - {from: crm.customer.city, to: billing.customer.city, via: [{truncate: 40}], accept_loss: true}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....lineage.transform import NoValue
from ....values.show import show
from ...finding import Severity
from ...messages import escaped, record
from ...rule import Rule
from ..findings import failed_at, failure_findings
from ..neighbours import neighbours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...finding import Finding
    from ..comparison import Comparison
    from ..regression import Regression


def _check(comparison: Comparison) -> Iterator[Finding]:
    for pair in neighbours(comparison):
        for entity in pair.entries:
            for failure in pair.regressions.failures(entity, "refuse"):
                yield failure_findings(pair, failure, NEIGHBOUR_REFUSES_RULE, _message(failure))


def _message(failure: Regression) -> str:
    binding, judgement = failed_at(failure), failure.judgement
    fields = " + ".join(map(str, dict.fromkeys(failure.obligation.fields)))
    obligation = f"{binding.field}: {escaped(binding.sentence)}"
    if judgement.record is None:
        unknown = f"unknown whether {binding.system} still accepts all it may hold"
        return f"{fields}: {unknown} ({obligation}): {judgement.reason}"
    last = judgement.hops[-1].value
    first = next(iter(judgement.record.values()))
    arrives = "" if isinstance(last, NoValue) or last == first else f", sent as {show(last)}"
    now = "may hold" if not failure.entry_widened else "may now hold"
    return f"{fields} {now} {record(judgement.record)}{arrives}, which {binding.system} rejects ({obligation})"


NEIGHBOUR_REFUSES_RULE = Rule("neighbour-refuses", Severity.WARNING, _check, __doc__ or "")
