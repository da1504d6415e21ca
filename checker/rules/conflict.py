"""No value, or no record, meets all obligations.

Two downstream systems exclude each other, or a contract contradicts itself: every value is rejected somewhere. Or fields
are joined, and what is joined of them never fits: every record is rejected. The finding names a smallest set of constraints
that no value meets together.

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
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Severity
from ..messages import escaped
from ..preconditions.routes import shortest_routes
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...contracts.model import Entity, Field
    from ...documents.location import Location
    from ...documents.names import FieldName
    from ...values.budget import Budget
    from ...values.record import RecordSet
    from ...values.solve.atom import Atom
    from ..judging.context import Context
    from ..preconditions.obligation import Obligation


def _check(context: Context) -> Iterator[Finding]:
    yield from _contradictions(context)
    for entity in context.graph.entries:
        for field in context.fields_of(entity):
            yield from _conflicts(context, entity, field)
        yield from _joint_conflicts(context, entity)


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
    obligations = _on_one(context, name)
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
        yield _not_decided(entity, (name,), error.reason, field.location)
        return
    claim = "nothing it accepts meets" if len(core) == 1 else "no value it accepts meets all of"
    yield _conflict(entity, (name,), claim, core, field.location)


def _joint_conflicts(context: Context, entity: Entity) -> Iterator[Finding]:
    """Obligations on joined fields that no record the entry accepts can meet.

    A record in which none of the joined fields holds a value is no record that meets them: nothing of it is joined.
    """
    joined: dict[tuple[FieldName, ...], list[Obligation]] = {}
    for obligation in context.obligations(entity):
        if len(obligation.fields) > 1 and obligation.effect == "refuse" and not obligation.guards:
            joined.setdefault(obligation.fields, []).append(obligation)
    for names, obligations in joined.items():
        failing = [each for each in obligations if context.judge.may_fail(each, entity.full_name)]
        if not failing:
            continue
        own = next(name for name in names if name.entity_name == entity.full_name)
        location = context.graph.fields[own].location
        failing += (
            each
            for name in names
            for each in _on_one(context, name)
            if name.entity_name == entity.full_name and context.judge.may_fail(each, entity.full_name)
        )
        try:
            core = _joint_core(context, entity, names, failing)
        except BudgetExceeded as error:
            yield _not_decided(entity, names, error.reason, location)
            continue
        if any(len(each.fields) > 1 for each in core):  # of one field alone it is reported by itself
            claim = "no record it accepts meets" if len(core) == 1 else "no record it accepts meets all of"
            yield _conflict(entity, names, claim, core, location)


def _joint_core(
    context: Context, entity: Entity, names: tuple[FieldName, ...], obligations: Sequence[Obligation]
) -> list[Obligation]:
    """A smallest part of the obligations on joined fields, or on one of them, that no record meets; empty: some meets all.

    Raises BudgetExceeded.
    """
    known = [obligation for obligation in obligations if obligation.unknown is None]
    records = context.judge.records(obligations[0], entity.full_name)
    if records is None or not known or not _any_meets(records, names, (), context.budget):
        return []  # the fields' own contradictions are reported by themselves
    if _any_meets(records, names, known, context.budget):
        return []
    core = known
    for obligation in reversed(known):
        rest = [other for other in core if other is not obligation]
        if rest and not _any_meets(records, names, rest, context.budget):
            core = rest
    return core


def _any_meets(
    records: RecordSet, names: tuple[FieldName, ...], obligations: Sequence[Obligation], budget: Budget
) -> bool:
    """Whether some record with a value in at least one of its fields meets all obligations."""
    atoms: list[Atom] = []
    for each in obligations:
        if isinstance(each.accepts, TextSet):
            atoms += each.accepts.atoms
        elif each.accepts is not None:
            index = names.index(each.fields[0])
            texts, null = records.fields[index]
            records = records.with_field(index, texts & each.accepts.texts, null=null and each.accepts.null)
    return any(
        records.with_field(index, texts, null=False).member(atoms, budget) is not None
        for index, (texts, _) in enumerate(records.fields)
    )


def _on_one(context: Context, name: FieldName) -> list[Obligation]:
    """The obligations on one field alone that reject, whatever the other fields hold."""
    return [
        obligation
        for obligation in context.composition.at.get(name, ())
        if obligation.effect == "refuse"
        and not obligation.guards
        and obligation.unknown is None
        and isinstance(obligation.accepts, ValueSet)
    ]


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


def _conflict(
    entity: Entity, names: tuple[FieldName, ...], claim: str, core: Sequence[Obligation], location: Location
) -> Finding:
    named = [_named(obligation) for obligation in core]
    reasons = "; ".join(f"{binding.field}: {escaped(binding.sentence)}" for binding in named)
    shown = " + ".join(map(str, dict.fromkeys(names)))
    return _finding(entity, names, f"{shown}: {claim} {reasons}", location, binding=named[0])


def _not_decided(entity: Entity, names: tuple[FieldName, ...], reason: str, location: Location) -> Finding:
    shown = " + ".join(map(str, dict.fromkeys(names)))
    message = f"{shown}: unknown whether any value meets all obligations: {reason}"
    return _finding(entity, names, message, location, reason=reason)


def _finding(
    entity: Entity,
    names: tuple[FieldName, ...],
    message: str,
    location: Location,
    *,
    binding: Binding | None = None,
    reason: str | None = None,
) -> Finding:
    return Finding(
        rule=CONFLICT_RULE.name,
        severity=CONFLICT_RULE.severity,
        verdict="refuted" if reason is None else "unknown",
        message=message,
        location=location,
        entry=entity.full_name,
        field=next(name for name in names if name.entity_name == entity.full_name),
        fields=tuple(dict.fromkeys(names)),
        binding=binding,
        reason=reason,
    )


CONFLICT_RULE = Rule("conflict", Severity.ERROR, _check, __doc__ or "")
