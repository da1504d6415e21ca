"""A change ends a failure. For information.

A downstream system rejected or altered a value that an entry accepted; now the same record arrives everywhere, or the
entry no longer accepts it. The finding names such a record, with its journey to the place where it failed before. Where
the change ends the failure for some values only, it also states which are accepted now, and which are still rejected,
with one of them.

Why: A reviewer sees that the change does what it was made for.

Bad: nothing; a change is made for this. It is shown so that a reviewer sees that it worked.

Good: the column has room for every value the screen accepts.

    # contracts/billing.yaml
    street: {type: text, max_length: 40}
    # contracts/web.yaml
    street: {type: text, max_length: 40}
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ....values.budget import BudgetExceeded
from ....values.valueset import ValueSet
from ...finding import Binding, Severity, Still
from ...judging.judge import Judge
from ...judging.judgement import PROVED
from ...judging.simulate import travel
from ...judging.spread import failing_span
from ...messages import escaped, record
from ...rule import Rule
from ..findings import changed_at, failed_at, failure_findings
from ..ways_on import beyond

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....documents.names import EntityName, FieldName
    from ....values.span import Span
    from ....values.valueset import Value
    from ...finding import FieldValues, Finding
    from ...judging.context import Context
    from ...judging.judgement import Judgement
    from ...preconditions.obligation import Effect, Obligation, Origin
    from ..comparison import Comparison
    from ..regression import Regression


def _check(comparison: Comparison) -> Iterator[Finding]:
    """The regressions from the version after to the version before, where both sides are proven."""
    back = comparison.mirrored
    for entity in back.entries:
        for failure in (*back.regressions.failures(entity, "refuse"), *back.regressions.failures(entity, "alter")):
            if _is_over(comparison, failure):
                finding = failure_findings(back, failure, RESOLVED_RULE, _message(failure))
                causes = tuple(change.mirrored() for change in finding.causes)
                field = comparison.after.graph.fields.get(finding.field) if finding.field else None
                place = changed_at(causes) or (field.location if field else finding.location)
                still = _still(comparison, failure)
                message = finding.message
                if still is not None:
                    more = "" if finding.span is None or _is_one(finding.span) else f" ({finding.span.sentence})"
                    message += f"{more}; {_still_words(still, failure.obligation.effect)}"
                yield replace(finding, verdict="proved", location=place, causes=causes, message=message, still=still)


def _is_over(comparison: Comparison, failure: Regression) -> bool:
    """Whether it is proven that the record failed before and is not rejected anywhere now."""
    judgement = failure.judgement
    if judgement.verdict != "refuted" or judgement.reason is not None or judgement.record is None:
        return False
    if any(comparison.regressions.unconverged(name) for name in judgement.record):
        return False
    after = comparison.after
    record = {name: value for name, value in judgement.record.items() if name in after.graph.fields}
    if failure.entry_widened:
        return True
    wholes = (_completed(after, failure.entity.full_name, record, with_null=with_null) for with_null in (True, False))
    return not travel(after.graph, record, after.budget).fails and any(
        not travel(after.graph, whole, after.budget).fails for whole in wholes
    )


def _completed(context: Context, entity: EntityName, record: FieldValues, *, with_null: bool) -> FieldValues:
    """A record of an entry with its other fields: alone it may arrive nowhere. `with_null`: null where that is accepted."""
    known = context.estate.contracts.entity(entity)
    whole: dict[FieldName, Value] = dict(record)
    for field in known.fields.values() if known is not None else ():
        accepted = context.judge.accepted(field.full_name)
        if field.full_name in whole:
            continue
        if with_null and None in accepted:
            whole[field.full_name] = None
            continue
        try:
            witness = accepted.witness(context.budget)
        except BudgetExceeded:
            continue
        if witness is not None:
            whole[field.full_name] = witness.value
    return whole


def _still(comparison: Comparison, failure: Regression) -> Still | None:
    """What still fails at the same constraint, of the values that failed there before; None: nothing."""
    after, name = comparison.after, failure.entity.full_name
    entity = after.estate.contracts.entity(name)
    if entity is None or entity.kind != "entry":
        return None
    doubt: Still | None = None
    for obligation in after.stated(entity):
        if obligation.effect != failure.obligation.effect or obligation.fields != failure.obligation.fields:
            continue
        if after.gives_back(obligation, entity):
            continue
        for origin in beyond(obligation):
            if not _is_same_place(comparison, origin, failure.origin):
                continue
            judgement = after.judge.judge(obligation, origin, name)
            if judgement.record is not None and not _failed_before(comparison, failure, judgement.record):
                judgement = _among_failed(comparison, failure, obligation, origin)
            at = Binding(origin.field.full_name, origin.name, origin.sentence, origin.location)
            if judgement.verdict == "refuted":
                span = failing_span(after.judge, obligation, origin, name, judgement.record or {})
                return Still(at, "refuted", judgement.record, judgement.hops, span, None)
            if judgement.verdict == "unknown":
                doubt = doubt or Still(at, "unknown", None, (), None, judgement.reason)
    return doubt


def _is_same_place(comparison: Comparison, origin: Origin, earlier: Origin) -> bool:
    """Whether a constraint or step is the earlier one, or stands in its place: one of that name is no longer there."""
    if origin.field.full_name != earlier.field.full_name:
        return False
    if origin.name == earlier.name:
        return True
    before, after = (context.graph.fields[origin.field.full_name] for context in (comparison.before, comparison.after))
    named = [{constraint.name for constraint in field.constraints} for field in (before, after)]
    return origin.name not in named[0] and earlier.name not in named[1]


def _failed_before(comparison: Comparison, failure: Regression, record: FieldValues) -> bool:
    fields, judge = comparison.before.graph.fields, comparison.before.judge
    accepted = all(name not in fields or value in judge.accepted(name) for name, value in record.items())
    return accepted and failure.obligation.is_broken_by(record)


def _among_failed(comparison: Comparison, failure: Regression, obligation: Obligation, origin: Origin) -> Judgement:
    """The obligation decided among the values of one field that failed before."""
    if not isinstance(failure.obligation.accepts, ValueSet):
        return PROVED  # of joined fields: what fails now did not fail before, and is reported as such
    name = failure.obligation.fields[0]
    accepted = comparison.after.judge.accepted(name) & comparison.before.judge.accepted(name)
    values = {name: accepted - failure.obligation.accepts}
    return Judge(comparison.after.composition, values).judge(obligation, origin, failure.entity.full_name)


def _still_words(still: Still, effect: Effect) -> str:
    binding = still.binding
    constraint = f"{binding.field}: {escaped(binding.sentence)}"
    if still.witness is None:
        return f"unknown whether others still fail ({constraint}): {escaped(still.reason or '')}"
    such = record(still.witness)
    if still.span is not None and not _is_one(still.span):
        such = f"{still.span.sentence}, such as {such}"
    if effect == "refuse":
        return f"{binding.system} still rejects {such} ({constraint})"
    return f"{such} still does not arrive whole ({constraint})"


def _is_one(span: Span) -> bool:
    """Whether a range says no more than its one value does."""
    return span.listed is not None and len(span.listed) < 2


def _message(failure: Regression) -> str:
    binding, judgement = failed_at(failure), failure.judgement
    fields = " + ".join(map(str, dict.fromkeys(failure.obligation.fields)))
    failed = f"was rejected by {binding.system}" if failure.obligation.effect == "refuse" else "did not arrive whole"
    now = (
        "and is not accepted any more"
        if failure.entry_widened
        else "and is accepted now"
        if failure.obligation.effect == "refuse"
        else "and does now"
    )
    return f"{fields}: {record(judgement.record or {})} {failed} ({binding.field}: {escaped(binding.sentence)}), {now}"


RESOLVED_RULE = Rule("resolved", Severity.INFO, _check, __doc__ or "")
