"""A required field is populated only conditionally, so some records arrive without it.

A flow with `when` carries a value of the records that meet the condition, and no value of the others. Where another flow
carries those others to the same place, the field is empty there. Every system that requires a value, there or further
downstream, rejects the record.

Where the entry itself sends such a record, the verdict is `refuted`, with the record. Where the records come from a system
in between, it is `unknown` whether some entry can send one.

Bad: a person has no company number, and billing requires one of every customer.

    - {from: web.signup.name, to: billing.customer.name}
    - {from: web.signup.number, to: billing.customer.number, when: "web.signup.kind = 'COMPANY'"}

Good: a second flow carries a number for all other records.

    - {from: web.signup.name, to: billing.customer.name}
    - {from: web.signup.number, to: billing.customer.number, when: "web.signup.kind = 'COMPANY'"}
    - {from: web.signup.id, to: billing.customer.number, when: "web.signup.kind <> 'COMPANY' OR web.signup.kind IS NULL"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Finding, Hop, Severity
from ..judging.unfilled import typed_before, unfilled_fields
from ..messages import escaped, record
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..judging.context import Context
    from ..judging.unfilled import UnfilledField


def _check(context: Context) -> Iterator[Finding]:
    return (_finding(context, each) for each in unfilled_fields(context))


def _finding(context: Context, each: UnfilledField) -> Finding:
    field, source, names = each.field, each.source, each.names
    filled = f"is filled only where {escaped(' or '.join(condition.text for condition in each.conditions))}"
    is_seen = each.reason is None
    if is_seen:
        arrives = f"a record with {record(each.record or {})} arrives at {field.system} without {field.full_name}"
        further = "" if each.binding.field == field.full_name else f"; {each.binding.field} has to be filled in with it"
        message = f"{' + '.join(map(str, names))}: {arrives}, which {filled}{further}"
    else:
        message = (
            f"{field.full_name}: unknown whether every record brings it; it {filled}: {escaped(each.reason or '')}"
        )
    hops = [Hop(name, value, "", None, 0) for name, value in (each.record or {}).items()]
    return Finding(
        rule=UNFILLED_RULE.name,
        severity=UNFILLED_RULE.severity,
        verdict="refuted" if is_seen else "unknown",
        message=message,
        location=each.link.flow.location,
        entry=source.full_name if source.kind == "entry" else None,
        field=names[0] if source.kind == "entry" else field.full_name,
        fields=(*typed_before(context, each), field.full_name),
        binding=each.binding,
        witness=each.record if is_seen else None,
        hops=(*hops, Hop(field.full_name, None, "nothing is brought", each.link.flow.lag, 1)) if is_seen else (),
        reason=each.reason,
    )


UNFILLED_RULE = Rule("unfilled", Severity.ERROR, _check, __doc__ or "")
