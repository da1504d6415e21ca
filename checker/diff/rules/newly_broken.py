"""A change breaks a rule over records that held before.

A flow was removed, so that a value no longer arrives in a system that must have it (`unfed`); a job became slower, so
that it arrives too late (`late`); one of several entries accepts other values than the rest (`channels-differ`); what
is done is no longer what was asked for (`wrong-direction`, `wrong-amount`).

Why: The rule says what the organisation promised. The change breaks the promise without a single rejection.

Bad: the branch alone accepts longer names from now on.

    # contracts/branch.yaml
    city: {type: text, max_length: 60}   # web has 50, and channels says that both agree

Good: both change together.

    # contracts/web.yaml and contracts/branch.yaml
    city: {type: text, max_length: 60}

Options: Both versions are held to the rules of the version after. `fieldline check` reports a rule that was added and
is broken, and a field that is given another meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...finding import Severity
from ...judging.agreement import disagreements
from ...judging.complete import incomplete
from ...judging.moved import misled
from ...rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....estate.record_rules import RecordRules
    from ....lineage.flow import Flow
    from ....lineage.graph import Graph
    from ...change import Change
    from ...finding import Finding
    from ...judging.breach import Breach
    from ...judging.context import Context
    from ..comparison import Comparison


def _check(comparison: Comparison) -> Iterator[Finding]:
    rules = comparison.after.estate.record_rules
    if not comparison.changes.all or rules == type(rules)():
        return
    before = {each.subject: each for each in _breaches(comparison.before, rules)}
    for subject, breach in {each.subject: each for each in _breaches(comparison.after, rules)}.items():
        known = before.get(subject)
        is_new = known is None or (known.reason is not None and breach.reason is None)
        if is_new and not _is_asked_anew(comparison, breach):
            yield breach.finding(NEWLY_BROKEN_RULE, _causes(comparison, breach))


def _is_asked_anew(comparison: Comparison, breach: Breach) -> bool:
    """Whether a field means something else than before: like a rule that was added, that is the matter of a check."""
    fields = [context.graph.fields for context in (comparison.before, comparison.after)]
    names = (breach.entry, breach.other)
    return any(all(name in some for some in fields) and len({some[name].same for some in fields}) > 1 for name in names)


def _breaches(context: Context, rules: RecordRules) -> Iterator[Breach]:
    for demand in rules.complete:
        yield from incomplete(context.graph, demand)
    there = context.graph.contracts.entities
    for channels in rules.agreeing:
        if all(name in there for name in channels.entries):
            yield from disagreements(context, channels)
    for movement in rules.movements:
        yield from misled(context, movement)


def _causes(comparison: Comparison, breach: Breach) -> tuple[Change, ...]:
    """The changes of both fields, and of the flows between them."""
    changes = comparison.changes
    own = (*changes.at(breach.entry), *changes.at(breach.other))
    if breach.kind == "channels-differ":
        return tuple(dict.fromkeys(own))
    flows = (
        flow.change
        for flow in (*changes.of_flows, *changes.of_lags)
        if _lies_between(comparison.before.graph, flow.before, breach)
        or _lies_between(comparison.after.graph, flow.after, breach)
    )
    return tuple(dict.fromkeys((*own, *flows)))


def _lies_between(graph: Graph, flow: Flow | None, breach: Breach) -> bool:
    if flow is None or breach.entry not in graph.fields or breach.other not in graph.fields:
        return False
    downstream, upstream = graph.downstream([breach.entry]), graph.upstream([breach.other])
    return flow.target in upstream and any(source.field in downstream for source in flow.sources)


NEWLY_BROKEN_RULE = Rule("newly-broken", Severity.ERROR, _check, __doc__ or "")
