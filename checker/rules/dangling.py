"""A flow leads from or to a field that no contract has.

Usually the field was renamed, or its contract is not written yet.

Why: Nothing can be checked beyond such a flow.

Bad: the contract has `user_name`.

    - {from: web.signup.username, to: crm.person.login}

Good: the name in the contract.

    - {from: web.signup.user_name, to: crm.person.login}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...formats.source import UNNAMED_SYSTEM
from ..finding import Finding, Severity
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Contracts
    from ...documents.location import Location
    from ...documents.names import FieldName
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    told: set[tuple[FieldName, bool, Location]] = set()
    for end in context.graph.dangling:
        if (end.name, end.is_target, end.location) in told:
            continue  # an expression with several branches is a flow for each
        told.add((end.name, end.is_target, end.location))
        hint = _hint(context.estate.contracts, end.name)
        way = "to" if end.is_target else "from"
        yield Finding(
            rule=DANGLING_RULE.name,
            severity=DANGLING_RULE.severity,
            verdict="refuted",
            message=f"a flow {way} {end.name}, which no contract has{hint}",
            location=end.location,
            field=end.name,
            fields=(end.name,),
        )


def _hint(contracts: Contracts, name: FieldName) -> str:
    if name.system == UNNAMED_SYSTEM:
        own = [system.name for system in contracts.systems.values() if name.entity in system.entities]
        named = own[0] if len(own) == 1 else "name"
        return f"; its table is written without a schema: `system: {named}` beside `files` says whose such tables are"
    suggestion = contracts.suggest(name)
    return f"; did you mean {suggestion}?" if suggestion else ""


DANGLING_RULE = Rule("dangling", Severity.ERROR, _check, __doc__ or "", is_of_fields=False)
