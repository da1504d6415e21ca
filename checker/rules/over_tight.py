"""An entry rejects values that every downstream system accepts unchanged.

The witness was run forward: no system rejects it, nothing of it is lost, and it is not taken for a value that is
accepted.

Why: The screen turns people away for no reason that follows from the systems downstream. There may be another reason,
so this is for information.

Bad: the screen allows 20 characters, all systems downstream 50.

    # contracts/web.yaml
    city: {type: text, max_length: 20}
    # contracts/crm.yaml
    city: {type: text, max_length: 50}

Good: the screen allows every value that arrives unchanged.

    # contracts/web.yaml
    city: {type: text, max_length: 50}

Options: The text of a check has these fields in the table at its end, and lists each value with `--over-tight`.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from ...lineage.transform import NoValue, chain_apply, chain_preimage
from ...values import language
from ...values.budget import BudgetExceeded
from ...values.charset import Charset
from ...values.show import show
from ...values.span import span_outside
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..finding import Binding, Finding, Severity
from ..judging.replay import replay
from ..judging.simulate import travel
from ..judging.spread import PLAIN, unit
from ..messages import escaped
from ..preconditions.obligation import FlowStep, OwnConstraint
from ..preconditions.routes import shortest_routes
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...contracts.constraint import Constraint
    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...lineage.transform import Transform
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..judging.context import Context
    from ..preconditions.obligation import Obligation

_NOT_CHECKED = {"type", "required", "min_length", "min_bytes", "min_utf16"}
"""Constraints on the type and on empty values: their reason is not the room downstream."""


_PRINTABLE = ~ValueSet.of_type("text") | ValueSet.text(
    TextSet.language(language.repeat(language.chars(Charset.of((" ", "~"))), 1))
)
"""Tried first, for a readable witness."""


def _check(context: Context) -> Iterator[Finding]:
    for entity in context.graph.entries:
        for field in context.fields_of(entity):
            if field.full_name in context.graph.out_of:
                yield from _tight(context, entity, field)


def _tight(context: Context, entity: Entity, field: Field) -> Iterator[Finding]:
    name = field.full_name
    sets, budget = context.composition.sets, context.budget.room
    required_values: list[ValueSet] = []
    for obligation in context.composition.at.get(name, ()):
        if obligation.accepts is None:
            return  # not every downstream constraint is known
        if isinstance(obligation.accepts, ValueSet) and (obligation.continuations or _is_of_flow(obligation)):
            required_values.append(obligation.accepts)
    enforced = [c for c in field.constraints if c not in context.graph.storage(name).ignored]
    for constraint in enforced:
        own = sets.intern(constraint.accepts)
        if constraint.name in _NOT_CHECKED or any(sets.implies(values, own) for values in required_values):
            continue
        requirement = reduce(sets.meet, required_values, ValueSet.everything())
        allowed = requirement - ValueSet.null_only() if requirement.null else requirement
        for other in enforced:
            if other is not constraint:
                allowed = allowed & other.accepts
        try:
            witness = (allowed & _PRINTABLE).outside(own, budget) or allowed.outside(own, budget)
        except BudgetExceeded:
            continue  # nothing is claimed
        if witness is not None:
            yield from _finding(context, entity, field, constraint, witness.value, allowed)


def _is_of_flow(obligation: Obligation) -> bool:
    """Whether a flow from this very field is an origin of the obligation."""
    return any(isinstance(origin, FlowStep) for origin in obligation.origins)


def _finding(
    context: Context, entity: Entity, field: Field, constraint: Constraint, value: Value, allowed: ValueSet
) -> Iterator[Finding]:
    name = field.full_name
    if not _is_taken(context, entity, name, value):
        return
    budget = context.budget.room
    try:
        span = span_outside(allowed, constraint.accepts, unit(OwnConstraint(field, constraint)), budget)
        plain = (allowed & PLAIN).outside(constraint.accepts, budget)
    except BudgetExceeded:
        span, plain = None, None
    is_plain_taken = plain is not None and (plain.value == value or _is_taken(context, entity, name, plain.value))
    yield Finding(
        rule=OVER_TIGHT_RULE.name,
        severity=OVER_TIGHT_RULE.severity,
        verdict="refuted",
        message=f"{name} rejects {show(value)} ({escaped(constraint.sentence)}), which every downstream system accepts",
        location=constraint.location,
        entry=entity.full_name,
        field=name,
        fields=(name,),
        binding=Binding(name, constraint.name, constraint.sentence, constraint.location),
        witness={name: value},
        span=span,
        plain={name: plain.value} if plain is not None and is_plain_taken else None,
    )


def _is_taken(context: Context, entity: Entity, name: FieldName, value: Value) -> bool:
    """Whether the value arrives unaltered everywhere, and is not taken for one that the entry accepts."""
    record = _record(context, entity, name, value)
    return record is not None and _arrives_whole(context, entity, name, record) and _is_distinct(context, name, value)


_SELECTS = {"substring", "split", "map"}
"""Steps that keep a part of a value, or group values, on purpose: they alter every value, and lose what they merge."""


def _is_distinct(context: Context, name: FieldName, value: Value) -> bool:
    """Whether no accepted value leaves the same content in an entity that gets a part of the value, and not all of it."""
    try:
        return not any(selects and not alike.is_empty(context.budget) for selects, alike in _left(context, name, value))
    except BudgetExceeded:
        return False


def _left(context: Context, name: FieldName, value: Value) -> Iterable[tuple[bool, ValueSet]]:
    """Per entity that the value comes to: whether it gets a part, and the accepted values that leave the same there.

    Raises BudgetExceeded.
    """
    left: dict[EntityName, tuple[bool, ValueSet]] = {}
    todo: list[tuple[FieldName, tuple[Transform, ...]]] = [(name, ())]
    seen: set[FieldName] = set()
    while todo:
        here, done = todo.pop()
        for link in context.graph.out_of.get(here, ()):
            target = link.target.full_name
            if link.join is not None or target in seen or len(seen) > context.budget.ways_back:
                continue
            seen.add(target)
            chain = (*done, *context.composition.sets.stored(here, link.chains[0]))
            image = chain_apply(chain, value)
            if isinstance(image, NoValue) or not all(step.exact for step in chain):
                continue
            selects, alike = left.get(target.entity_name, (False, context.judge.accepted(name)))
            same = chain_preimage(chain, ValueSet.exactly([image]))
            left[target.entity_name] = (selects or any(step.name in _SELECTS for step in chain), alike & same)
            todo.append((target, chain))
    return left.values()


def _record(context: Context, entity: Entity, name: FieldName, value: Value) -> FieldValues | None:
    """A record of the entry with the value, whose related fields hold values that no system rejects.

    None where a related field has no such value.
    """
    record: dict[FieldName, Value] = {name: value}
    related = context.graph.related(name)
    for other in (field.full_name for field in entity.fields.values() if field.full_name != name):
        if other not in related:
            continue
        values = context.judge.accepted(other)
        for obligation in context.composition.at.get(other, ()):
            if isinstance(obligation.accepts, ValueSet):
                values = values & obligation.accepts
        try:
            witness = values.member(context.budget)
        except BudgetExceeded:
            return None
        if witness is None:
            return None
        record[other] = witness.value
    return record


def _arrives_whole(context: Context, entity: Entity, name: FieldName, record: FieldValues) -> bool:
    journey = travel(context.graph, record, context.budget)
    downstream = context.graph.downstream([name])
    troubled = [
        arrival
        for arrival in (*journey.rejections(), *journey.doubts(), *journey.unknowns())
        if arrival.field in downstream
    ]
    if troubled or journey.endless:
        return False
    for obligation in context.obligations(entity):
        if obligation.effect == "alter" and name in obligation.fields and set(obligation.fields) <= set(record):
            for route in shortest_routes(obligation).values():
                if (route.steps or isinstance(route.origin, FlowStep)) and replay(
                    context.graph, route, record
                ).outcome == "fails":
                    return False
    return True


OVER_TIGHT_RULE = Rule("over-tight", Severity.INFO, _check, __doc__ or "")
