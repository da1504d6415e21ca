"""No value, or no record, meets all obligations.

Two downstream systems exclude each other, or a contract contradicts itself: every value is rejected somewhere. Or
fields are joined, and no joined text fits: every record is rejected. The finding names a smallest set of constraints
that no value meets together.

Why: Nobody can enter a record that arrives. People find a way around the screen, and the data shows it.

Bad: one system accepts digits only, the other a letter first.

    # contracts/crm.yaml
    number: {type: text, min_length: 1, pattern: "[0-9]+"}
    # contracts/billing.yaml
    number: {type: text, pattern: "[A-Z][0-9]+"}

Good: a flow in between converts the one form into the other.

    - {from: crm.customer.number, to: billing.customer.number, via: [{prefix: "C"}]}
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ...lineage.transform import OneSided, is_two_sided
from ...lineage.transforms.fixed import PerhapsNull
from ...values.budget import BudgetExceeded
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Severity
from ..judging.replay import replay
from ..messages import escaped
from ..messages import record as in_words
from ..preconditions.relation import FieldsRelation
from ..preconditions.routes import origins_of, shortest_routes
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...contracts.model import Entity, Field
    from ...documents.location import Location
    from ...documents.names import FieldName
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.record import RecordSet
    from ...values.solve.atom import Atom
    from ..finding import FieldValues
    from ..judging.context import Context
    from ..preconditions.obligation import Obligation
    from ..preconditions.preimages import Preimages
    from ..preconditions.routes import Route


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
            together = together & _accepts(obligation)
        if not together.is_empty(context.budget):
            return
        core = _smallest(values, obligations, context.budget)
    except BudgetExceeded as error:
        yield _not_decided(entity, (name,), error.reason, field.location)
        return
    doubt = _differing(context, name, values, core)
    if doubt is not None:
        if not _is_missing_record(core):
            yield _not_decided(entity, (name,), doubt, field.location)
        return
    claim = "nothing it accepts meets" if len(core) == 1 else "no value it accepts meets all of"
    yield _conflict(entity, (name,), claim, core, field.location)


def _is_missing_record(core: Sequence[Obligation]) -> bool:
    """Whether it is one obligation that a record which may be missing, or a digest, decides: an escape says the same."""
    routes = shortest_routes(core[0]).values() if len(core) == 1 else ()
    steps = [step for route in routes for chain in _chains(route) for step in chain if is_two_sided((step,))]
    return bool(steps) and all(isinstance(step, PerhapsNull | OneSided) for step in steps)


def _differing(context: Context, name: FieldName, values: ValueSet, core: Sequence[Obligation]) -> str | None:
    """What engines do differently, where some of them may let a value meet all; None: whatever they do, none does."""
    routes = _varying(core)
    if not routes:
        return None
    try:
        for obligation in core:
            values = values & _possible(context, obligation)
        found = values.witness(context.budget)
    except BudgetExceeded as error:
        return error.reason
    if found is None:
        return None
    return _difference(context, routes, {name: found.value}) or "the steps on the way are not worked backward alike"


def _difference(context: Context, routes: Iterable[Route], record: FieldValues) -> str | None:
    """What engines make of a record differently, where that decides whether it is rejected."""
    walks = (replay(context.graph, route, record) for route in routes)
    differing = next((walk for walk in walks if walk.outcome == "depends"), None)
    return None if differing is None else f"{in_words(record)}: {differing.difference}"


def _varying(core: Sequence[Obligation]) -> list[Route]:
    """The routes of obligations, where engines do some step on one of them in different ways; else none."""
    routes = [route for obligation in core for route in shortest_routes(obligation).values()]
    return routes if any(is_two_sided(chain) for route in routes for chain in _chains(route)) else []


def _chains(route: Route) -> Iterator[tuple[Transform, ...]]:
    links = (move.link for step in route.steps for move in step.moves if move.link is not None)
    return (chain for link in links for chain in (*link.chains, link.tail))


def _possible(context: Context, obligation: Obligation) -> ValueSet:
    """The values of a field that meet an obligation in some way that engines do the steps; there may be less.

    Each of its routes rejects what fails it, so a value must come through on all of them.
    """
    routes = shortest_routes(obligation).values()
    return reduce(and_, [_coming_through(context.composition.sets, route) for route in routes])


def _coming_through(sets: Preimages, route: Route) -> ValueSet:
    """The values at the start of a route that may be accepted at its end, and at every field on it."""
    obligations = (route.start, *(step.obligation for step in route.steps))
    if any(len(each.fields) > 1 or each.guards for each in obligations):
        return ValueSet.everything()
    values = _accepts(obligations[-1])
    for before, step in zip(reversed(obligations[:-1]), reversed(route.steps), strict=True):
        (name,), link = before.fields, step.moves[0].link
        if link is not None:
            values = sets.possible(sets.stored(name, link.chains[0]), values)
            if link.when is not None:  # what its condition keeps out meets the obligation
                values = values | _accepts(before)
        if before is not route.start:
            values = sets.meet(sets.accepted(name), sets.intern(values))
    return values


def _joint_conflicts(context: Context, entity: Entity) -> Iterator[Finding]:
    """Obligations on joined fields that no record the entry accepts can meet.

    A record in which none of the joined fields holds a value is no record that meets them: nothing of it is joined.
    """
    joined: dict[tuple[FieldName, ...], list[Obligation]] = {}
    for obligation in context.stated(entity):
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
            doubt = _differing_record(context, entity, names, core)
            if doubt is not None:
                yield _not_decided(entity, names, doubt, location)
                continue
            claim = "no record it accepts meets" if len(core) == 1 else "no record it accepts meets all of"
            yield _conflict(entity, names, claim, core, location)


def _differing_record(
    context: Context, entity: Entity, names: tuple[FieldName, ...], core: Sequence[Obligation]
) -> str | None:
    """What engines do differently with a record that the entry accepts; None: its outcome does not depend on them."""
    routes = _varying(core)
    records = context.judge.records(core[0], entity.full_name) if routes else None
    record = None if records is None else records.member((), context.budget)
    return None if record is None else _difference(context, routes, dict(zip(names, record, strict=True)))


def _joint_core(
    context: Context, entity: Entity, names: tuple[FieldName, ...], obligations: Sequence[Obligation]
) -> list[Obligation]:
    """A smallest part of the obligations on joined fields, or on one of them, that no record meets; empty: some meets all.

    Raises BudgetExceeded.
    """
    known = [each for each in obligations if each.unknown is None and not isinstance(each.accepts, FieldsRelation)]
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
        elif isinstance(each.accepts, ValueSet):
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


def _accepts(obligation: Obligation) -> ValueSet:
    return obligation.accepts if isinstance(obligation.accepts, ValueSet) else ValueSet.everything()


def _smallest(values: ValueSet, obligations: Sequence[Obligation], budget: Budget) -> list[Obligation]:
    """Those that exclude every value, and of which none can be left out, as far as the budget shows.

    That all exclude every value is proved already: one is named, too, where it is not known whether it can be left out.
    """
    core = list(obligations)
    for obligation in obligations:
        rest = [other for other in core if other is not obligation]
        together = values
        for other in rest:
            together = together & _accepts(other)
        try:
            if together.is_empty(budget):
                core = rest
        except BudgetExceeded:
            budget = budget.room  # from here on, the shorter the better
    return core


def _named(obligation: Obligation) -> Binding:
    origin = origins_of(obligation)[0]
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
