"""A change removes the last flow that brings a field its value, or lets fewer records through.

Why: The field is empty from now on; where it is required, records fail there. A condition that all flows from one entity
to another have now keeps whole records out; that is reported for information.

Bad: the flow is gone, and the mainframe still requires a country.

    # contracts/billing.yaml
    country: {type: text, required: true}

Good: another flow brings the country.

    - {from: crm.customer.country, to: billing.customer.country}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...finding import Binding, Finding, Severity
from ...messages import escaped
from ...rule import Rule
from ..left_behind import newly_routed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....documents.names import FieldName
    from ..comparison import Comparison


def _check(comparison: Comparison) -> Iterator[Finding]:
    before, after = comparison.before.graph, comparison.after.graph
    reported: set[FieldName] = set()
    for flow in comparison.changes.of_flows:
        name = flow.before.target if flow.before is not None and flow.after is None else None
        if (
            name is None
            or name in reported
            or name not in after.fields
            or not all(link.is_default for link in after.into.get(name, ()))
            or name not in before.into
        ):
            continue
        reported.add(name)
        field = after.fields[name]
        required = next((c for c in field.constraints if c.name == "required"), None)
        hint = " It must be filled in." if required else ""
        yield Finding(
            rule=NO_LONGER_DELIVERED_RULE.name,
            severity=NO_LONGER_DELIVERED_RULE.severity if required else Severity.INFO,
            verdict="refuted",
            message=f"no flow brings {name} a value any more.{hint}".removesuffix("."),
            location=field.location,
            field=name,
            fields=(name,),
            binding=Binding(name, "required", required.sentence, required.location) if required else None,
            causes=(flow.change,),
        )
    for source, link, causes in newly_routed(comparison):
        when, target = link.when.text if link.when else "", link.target.full_name
        yield Finding(
            rule=NO_LONGER_DELIVERED_RULE.name,
            severity=Severity.INFO,
            verdict="refuted",
            message=f"records of {source} reach {target.entity_name} only where {escaped(when)} now",
            location=link.flow.location,
            field=target,
            fields=(target,),
            binding=Binding(target, "when", when, link.flow.location),
            causes=causes,
        )


NO_LONGER_DELIVERED_RULE = Rule("no-longer-delivered", Severity.WARNING, _check, __doc__ or "")
