"""A required field receives no value, so records arrive without it and are rejected.

Either no flow brings the field a value: every record that the other flows create there is rejected. This is judged for
each entity that creates records, by feeding the key; without a key, for all of them together.

Or the field is filled only on a condition. A flow with `when` carries a value of the records that meet the condition,
and null for the others. Where another flow carries those others to the same place, the field is empty there, and a
default does not help: null is sent. Every system that requires a value, there or further downstream, rejects the
record.

Where the entry itself sends such a record, the verdict is `refuted`, with the record. Where the records come from a
system in between, it may be `unknown` whether some entry can send one.

Why: Records fail for a value that nobody was asked for.

Bad: a person has no company number, and billing requires one of every customer.

    - {from: web.signup.name, to: billing.customer.name}
    - {from: web.signup.number, to: billing.customer.number, when: "web.signup.kind = 'COMPANY'"}

Good: a second flow carries a number for all other records.

    - {from: web.signup.name, to: billing.customer.name}
    - {from: web.signup.number, to: billing.customer.number, when: "web.signup.kind = 'COMPANY'"}
    - {from: web.signup.id, to: billing.customer.number, when: "web.signup.kind <> 'COMPANY' OR web.signup.kind IS NULL"}

Bad: no flow brings billing a country.

    # contracts/billing.yaml
    country: {type: text, required: true}

Good: billing fills it in.

    # contracts/billing.yaml
    country: {type: text, required: true, default: FI}

Options: A field that its system fills itself (`default`, `generated`, `identity`) needs no flow, and neither does one
whose `filled_by` says what the lineage leaves out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Severity
from ..judging.lacking import lacking_finding
from ..judging.unfilled import unfilled_fields, unfilled_finding
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..finding import Finding
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    yield from (lacking_finding(context.judge, lacking, UNFILLED_RULE) for lacking in context.lacking)
    yield from (unfilled_finding(context, each, UNFILLED_RULE) for each in unfilled_fields(context))


UNFILLED_RULE = Rule("unfilled", Severity.ERROR, _check, __doc__ or "")
