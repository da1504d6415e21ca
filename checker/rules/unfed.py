"""A value must arrive in every system that has a field for it, and no flow brings it there.

A rule over records, `complete` in `rules/*.yaml`, names what fields mean, by the words of their `same`. Every field of
that meaning outside of entries must be fed from each entry's field of that meaning, directly or through other systems.

A flow with a condition counts. A record that arrives without the value is a `loss`.

Why: The system never hears of what people typed: the call centre cannot find the order, the letter goes to the old
address.

Bad: orders from the web never reach the list of the call centre.

    # rules/orders.yaml
    rules:
      - complete: order number
    # contracts/web.yaml, contracts/phone.yaml, contracts/callcentre.yaml
    order_no: {type: text, same: order number}
    # lineage/orders.yaml
    - {from: phone.order.order_no, to: callcentre.list.order_no}

Good: a flow from every entry.

    - {from: phone.order.order_no, to: callcentre.list.order_no}
    - {from: web.order.order_no, to: callcentre.list.order_no}
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
            if breach.kind == UNFED_RULE.name:
                yield breach.finding(UNFED_RULE)


UNFED_RULE = Rule("unfed", Severity.ERROR, _check, __doc__ or "", is_of_fields=False)
