"""No value meets all obligations.

Two downstream systems exclude each other, or a contract contradicts itself: every value is rejected somewhere. The finding
names a smallest set of constraints that no value meets together.

Bad: one system accepts digits only, the other a letter first.

    # contracts/crm.yaml
    number: {type: text, min_length: 1, pattern: "[0-9]+"}
    # contracts/billing.yaml
    number: {type: text, pattern: "[A-Z][0-9]+"}

Good: a flow in between converts the one form into the other.

    - {from: crm.customer.number, to: billing.customer.number, via: [{prefix: "C"}]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Severity
from ..messages import escaped
from ..preconditions.routes import shortest_routes
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...contracts.model import Entity, Field
    from ...values.budget import Budget
    from ..judging.context import Context
    from ..preconditions.obligation import Obligation


def _check(context: Context) -> Iterator[Finding]:
    yield from _contradictions(context)
    for entity in context.graph.entries:
        for field in context.fields_of(entity):
            yield from _conflicts(context, entity, field)


def _contradictions(context: Context) -> Iterator[Finding]:
    """Contracts that admit no value of their own type."""
    admits: dict[ValueSet, bool] = {}
    for field in context.fields:
        if len(field.constraints) < 2:
            continue
        values = field.accepts - ValueSet.null_only() if field.accepts.null else field.accepts
        if values not in admits:
            try:
                admits[values] = not values.is_empty(context.budget)
            except BudgetExceeded:
                admits[values] = True  # reported where an entry is checked against it
        if not admits[values]:
            constraints = "; ".join(escaped(c.sentence) for c in field.constraints)
            yield Finding(
                rule=CONFLICT_RULE.name,
                severity=CONFLICT_RULE.severity,
                verdict="refuted",
                message=f"{field.full_name} admits no value at all: {constraints}",
                location=field.location,
                field=field.full_name,
                fields=(field.full_name,),
            )


def _conflicts(context: Context, entity: Entity, field: Field) -> Iterator[Finding]:
    """Obligations from downstream that no value the entry accepts can meet together."""
    name = field.full_name
    accepted = context.judge.accepted(name)
    values = accepted - ValueSet.null_only() if accepted.null else accepted
    obligations = [
        obligation
        for obligation in context.composition.at.get(name, ())
        if obligation.effect == "refuse" and not obligation.guards and isinstance(obligation.accepts, ValueSet)
    ]
    if not any(context.judge.may_fail(obligation, entity.full_name) for obligation in obligations):
        return
    try:
        if values.is_empty(context.budget):
            return  # the entry's own contradiction is reported by itself
        together = values
        for obligation in obligations:
            together = _and(together, obligation)
        if not together.is_empty(context.budget):
            return
        core = _smallest(values, obligations, context.budget)
    except BudgetExceeded as error:
        reason = error.reason
        message = f"{name}: unknown whether any value meets all obligations: {reason}"
        yield _finding(entity, field, message, (), "unknown", reason)
        return
    named = [_named(obligation) for obligation in core]
    reasons = "; ".join(f"{binding.field}: {escaped(binding.sentence)}" for binding in named)
    claim = "nothing it accepts meets" if len(core) == 1 else "no value it accepts meets all of"
    yield _finding(entity, field, f"{name}: {claim} {reasons}", named, "refuted", None)


def _and(values: ValueSet, obligation: Obligation) -> ValueSet:
    return values & obligation.accepts if isinstance(obligation.accepts, ValueSet) else values


def _smallest(values: ValueSet, obligations: Sequence[Obligation], budget: Budget) -> list[Obligation]:
    """A set of obligations that excludes every value, and of which none can be left out."""
    core = list(obligations)
    for obligation in obligations:
        rest = [other for other in core if other is not obligation]
        together = values
        for other in rest:
            together = _and(together, other)
        if together.is_empty(budget):
            core = rest
    return core


def _named(obligation: Obligation) -> Binding:
    origin = next(iter(shortest_routes(obligation)))
    return Binding(origin.field.full_name, origin.name, origin.sentence, origin.location)


def _finding(
    entity: Entity, field: Field, message: str, bindings: Sequence[Binding], verdict: str, reason: str | None
) -> Finding:
    return Finding(
        rule=CONFLICT_RULE.name,
        severity=CONFLICT_RULE.severity,
        verdict="unknown" if verdict == "unknown" else "refuted",
        message=message,
        location=field.location,
        entry=entity.full_name,
        field=field.full_name,
        fields=(field.full_name,),
        binding=bindings[0] if bindings else None,
        reason=reason,
    )


CONFLICT_RULE = Rule("conflict", Severity.ERROR, _check, __doc__ or "")
