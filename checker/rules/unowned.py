"""A system takes part in the lineage and has no owner.

Why: When a value fails there, support has no team to ask, and no team is asked before a change.

Bad:

    system: billing
    entities: ...

Good:

    system: billing
    owner: {team: Core billing, contact: core-billing@bank.example}
    entities: ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Finding, Severity
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...documents.names import FieldName
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    names = dict.fromkeys(
        field for link in context.graph.links for field in (*(s.full_name for s in link.sources), link.target.full_name)
    )
    unowned: dict[str, list[FieldName]] = {}
    for name in names:
        field = context.graph.fields[name]
        if field.owner is None and not context.estate.contracts.systems[field.system].external:
            unowned.setdefault(field.system, []).append(name)
    for system_name, fields in unowned.items():
        system = context.estate.contracts.systems[system_name]
        count = f"{len(fields)} field{'s' if len(fields) > 1 else ''}"
        yield Finding(
            rule=UNOWNED_RULE.name,
            severity=UNOWNED_RULE.severity,
            verdict="refuted",
            message=f"no owner is stated for {count} of {system_name} in flows, such as {fields[0]}",
            location=system.location,
            field=fields[0],
            fields=tuple(fields),
        )


UNOWNED_RULE = Rule("unowned", Severity.WARNING, _check, __doc__ or "", is_of_fields=False)
