"""Regressions as findings: with their proof, and the changes that cause them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values.budget import BudgetExceeded
from ...values.span import span_outside
from ...values.valueset import ValueSet
from ..finding import Binding, Finding
from ..judging.spread import is_plain, unit
from .blame import causes

if TYPE_CHECKING:
    from ...documents.location import Location
    from ...values.span import Span
    from ..change import Change
    from ..rule import Rule
    from .comparison import Comparison
    from .regression import Regression


def failure_findings(versions: Comparison, failure: Regression, rule: Rule[Comparison], message: str) -> Finding:
    """A regression as a finding of a rule, located at the change where possible."""
    changes = causes(versions, failure)
    judgement = failure.judgement
    names = [*failure.obligation.fields, *(judgement.record or ())]
    name = next(name for name in names if name.entity_name == failure.entity.full_name)
    return Finding(
        rule=rule.name,
        severity=rule.severity,
        verdict=judgement.verdict,
        message=message,
        location=changed_at(changes) or versions.after.graph.fields[name].location,
        entry=failure.entity.full_name,
        field=name,
        fields=tuple(dict.fromkeys(failure.obligation.fields)),
        binding=failed_at(failure),
        witness=judgement.record,
        hops=judgement.hops,
        span=None if judgement.record is None else _span(versions, failure),
        plain=judgement.record if judgement.record is not None and is_plain(judgement.record) else None,
        reason=judgement.reason,
        causes=changes,
    )


def _span(versions: Comparison, failure: Regression) -> Span | None:
    """The range of the values that fail after the change and did not before; None: not known."""
    obligation = failure.obligation
    if not isinstance(obligation.accepts, ValueSet) or obligation.effect == "alter":
        return None
    name, budget = obligation.fields[0], versions.after.budget.room
    regressions = versions.regressions
    values = regressions.widened(name) if failure.entry_widened else regressions.fine_before(failure.entity, name)
    try:
        return None if values is None else span_outside(values, obligation.accepts, unit(failure.origin), budget)
    except BudgetExceeded:
        return None


def failed_at(failure: Regression) -> Binding:
    """The constraint or step that a regression fails at."""
    origin = failure.origin
    return Binding(origin.field.full_name, origin.name, origin.sentence, origin.location)


def changed_at(changes: tuple[Change, ...]) -> Location | None:
    """The location of the first change that is no removal; None where all are removals."""
    return next((change.after.location for change in changes if change.after is not None), None)
