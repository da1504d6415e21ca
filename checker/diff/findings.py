"""Regressions as findings: with their proof, and the changes that cause them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Binding, Finding
from .blame import causes

if TYPE_CHECKING:
    from ...documents.location import Location
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
        reason=judgement.reason,
        causes=changes,
    )


def failed_at(failure: Regression) -> Binding:
    """The constraint or step that a regression fails at."""
    origin = failure.origin
    return Binding(origin.field.full_name, origin.name, origin.sentence, origin.location)


def changed_at(changes: tuple[Change, ...]) -> Location | None:
    """The location of the first change that is no removal; None where all are removals."""
    return next((change.after.location for change in changes if change.after is not None), None)
