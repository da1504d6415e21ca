"""A change removes a field that a flow leads from or to.

Usually the field was renamed in its contract and not in the lineage.

Why: The flow now leads nowhere. Nothing beyond it is checked, so earlier findings there only disappear.

Bad: the contract has `user_name`, the flow still `username`.

    - {from: web.signup.username, to: crm.person.login}

Good: the flow was changed with the contract.

    - {from: web.signup.user_name, to: crm.person.login}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...finding import Finding, Severity
from ...rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....lineage.graph import Dangling
    from ..comparison import Comparison


def _check(comparison: Comparison) -> Iterator[Finding]:
    known = {_end(end) for end in comparison.before.graph.dangling}
    for end in comparison.after.graph.dangling:
        if _end(end) in known:
            continue
        changes = comparison.changes
        flows = (flow.change for flow in changes.of_flows if flow.after is end.flow)
        suggestion = comparison.after.estate.contracts.suggest(end.name)
        hint = f"; did you mean {suggestion}?" if suggestion else ""
        yield Finding(
            rule=NEWLY_DANGLING_RULE.name,
            severity=NEWLY_DANGLING_RULE.severity,
            verdict="refuted",
            message=f"a flow {'to' if end.is_target else 'from'} {end.name}, which no contract has any more{hint}",
            location=end.location,
            field=end.name,
            fields=(end.name,),
            causes=(*changes.at(end.name), *flows),
        )


def _end(end: Dangling) -> tuple[object, ...]:
    return (end.name, end.is_target, tuple(source.field for source in end.flow.sources), end.flow.target)


NEWLY_DANGLING_RULE = Rule("newly-dangling", Severity.ERROR, _check, __doc__ or "")
