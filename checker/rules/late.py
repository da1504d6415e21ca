"""A value arrives in a system later than it must.

A rule over records, `complete` in `rules/*.yaml`, may say `within` what time a value must have arrived. The lags of the
flows are added up, on the quickest way from each entry. Where a flow states no lag, nothing is assumed: if the others
do not exceed the time already, it is unknown whether the value is late.

Why: Until the value arrives, two systems tell a customer two different things.

Bad: two weekly jobs, one after the other.

    # rules/address.yaml
    rules:
      - {complete: postal address, within: P7D}
    # lineage/address.yaml
    - {from: web.profile.street, to: crm.person.street, lag: P7D}
    - {from: crm.person.street, to: billing.customer.street, lag: P7D}

Good: the first one runs every night.

    - {from: web.profile.street, to: crm.person.street, lag: PT24H}
    - {from: crm.person.street, to: billing.customer.street, lag: P5D}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Severity
from ..judging.complete import incomplete
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Finding
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    for demand in context.estate.record_rules.complete:
        for breach in incomplete(context.graph, demand):
            if breach.kind == LATE_RULE.name:
                yield breach.finding(LATE_RULE)


LATE_RULE = Rule("late", Severity.ERROR, _check, __doc__ or "", is_of_fields=False)
