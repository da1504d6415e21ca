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

from ..finding import Finding, Severity
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    for end in context.graph.dangling:
        suggestion = context.estate.contracts.suggest(end.name)
        hint = f"; did you mean {suggestion}?" if suggestion else ""
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


DANGLING_RULE = Rule("dangling", Severity.ERROR, _check, __doc__ or "", is_of_fields=False)
