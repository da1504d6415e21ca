"""A change makes two values that an entry accepts become equal where values must be unique, and they did not before.

A column became unique, a step on the way cuts more, or the screen lets in what was told apart before. The second record
is refused, or worse, taken for the first.

Verdict `unknown`: such values became equal before, too, and whether the change adds others was not worked out.

Bad: the login is cut to fewer characters on its way to a unique column.

    - {from: campus.person.login, to: quiz.user.name, via: [{truncate: 10}]}

Good: the entry takes no more than what stays different.

    # contracts/campus.yaml
    login: {type: text, max_length: 10}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...contracts.values.search import BudgetExceeded
from ...lineage.transform import NoValue
from ...lineage.transforms.case import Lower
from ..consequence import Consequence, DiffRule
from ..finding import Finding, Severity
from ..journey import travel
from ..rules import collision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.values.valueset import Value
    from ..change import Change
    from ..finding import Record
    from ..rule import Context
    from ..versions import Versions


def _check(versions: Versions) -> Iterator[Consequence]:
    known = {_key(finding): finding for finding in collision.RULE.check(versions.before)}
    for finding in collision.RULE.check(versions.after):
        if finding.field not in versions.after.composition.within or not _may_be_new(versions, finding):
            continue
        if finding.witness is None or finding.second is None:
            yield _consequence(versions, finding, "unknown", finding.message, finding.reason)
        elif not _become_equal(versions.before, finding, finding.witness, finding.second):
            yield _consequence(versions, finding, "refuted", finding.message, None)
        elif _key(finding) in known:
            reason = "such values became equal before, and whether others do now was not worked out"
            message = f"{finding.field}: unknown whether more values become equal in {_unique_field(finding)}: {reason}"
            yield _consequence(versions, finding, "unknown", message, reason)


def _may_be_new(versions: Versions, finding: Finding) -> bool:
    """Whether the values that come together, or what is done to them before they are compared, changed at all."""
    if not _changes_between(versions, finding):
        return False
    name, unique = finding.field or "", _unique_field(finding)
    earlier = versions.before.graph.fields.get(unique)
    if earlier is None or not versions.was_entry(name.rpartition(".")[0]) or name not in versions.before.graph.fields:
        return True
    before = collision.ways_from(versions.before, name, earlier)
    after = collision.ways_from(versions.after, name, versions.after.graph.fields[unique])
    if before is None or after is None:
        return True
    try:
        return not all(any(old == new and now <= then for old, then in before) for new, now in after)
    except BudgetExceeded:
        return True


def _changes_between(versions: Versions, finding: Finding) -> tuple[Change, ...]:
    """The changes on the ways from the entry field to the unique one."""
    name, unique = finding.field or "", _unique_field(finding)
    found: dict[Change, None] = {}
    for context in (versions.after, versions.before):
        graph = context.graph
        if name not in graph.fields or unique not in graph.fields:
            continue
        between = graph.downstream([name]) & graph.upstream([unique])
        found |= dict.fromkeys(change for field in sorted(between) for change in versions.changes.at(field))
    for flow in versions.changes.of_flows:
        for context, side in ((versions.before, flow.before), (versions.after, flow.after)):
            graph = context.graph
            if side is None or side.target not in graph.upstream([unique]):
                continue
            if any(source.field in graph.downstream([name]) for source in side.sources):
                found[flow.change] = None
    return tuple(sorted(found, key=lambda change: change.order))


def _become_equal(context: Context, finding: Finding, first: Record, second: Record) -> bool:
    """Whether the entry accepts both records and they become equal where values must be unique."""
    name = _unique_field(finding)
    field = context.graph.fields.get(name)
    if field is None or field.unique is None:
        return False
    ends: list[set[Value]] = []
    for record in (first, second):
        if any(n not in context.graph.fields or v not in context.judge.accepted(n) for n, v in record.items()):
            return False
        stored = [a.stored for a in travel(context.graph, record).arrivals.get(name, ()) if not a.is_refused]
        values = [value for value in stored if not isinstance(value, NoValue)]
        ends.append({v if field.unique.case_sensitive or not isinstance(v, str) else Lower().write(v) for v in values})
    return bool(ends[0] & ends[1])


def _consequence(versions: Versions, finding: Finding, verdict: str, message: str, reason: str | None) -> Consequence:
    changes = _changes_between(versions, finding)
    is_proven = verdict == "refuted"
    return Consequence(
        Finding(
            rule=RULE.name,
            severity=RULE.severity if is_proven else Severity.WARNING,
            verdict="refuted" if is_proven else "unknown",
            message=message,
            location=next((c.after.location for c in changes if c.after is not None), finding.location),
            entry=finding.entry,
            field=finding.field,
            fields=finding.fields,
            binding=finding.binding,
            witness=finding.witness if is_proven else None,
            second=finding.second if is_proven else None,
            hops=finding.hops if is_proven else (),
            reason=reason,
        ),
        changes,
    )


def _unique_field(finding: Finding) -> str:
    return finding.binding.field if finding.binding else ""


def _key(finding: Finding) -> tuple[str, str]:
    return (finding.field or "", _unique_field(finding))


RULE = DiffRule("newly-colliding", Severity.ERROR, _check, __doc__ or "")
