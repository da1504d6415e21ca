"""Whether what is asked for at an entry is what is done: a rule over two values, carried back through the flows.

Judged are values that come from one entry. What a system works out by itself, and no flow brings, stored records show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...contracts.constraint import Constraint, FieldsCheck
from ...documents.days import DayShift
from ...estate.movements import Directed
from ...lineage.condition import Condition
from ...lineage.engines import EngineWay
from ...lineage.transforms.shift import DateShift
from ...lineage.truth import Not, Pair
from ..finding import Binding
from ..messages import escaped
from ..messages import record as in_words
from ..preconditions.compose import Composition
from ..preconditions.obligation import OwnConstraint
from ..preconditions.relation import FieldsRelation
from .breach import Breach
from .judge import Judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...documents.names import EntityName
    from ...estate.movements import RecordMovement
    from ..preconditions.obligation import Guard, Obligation
    from .breach import BreachKind
    from .context import Context


def misled(context: Context, rule: RecordMovement) -> Iterator[Breach]:
    """Per entry, what breaks a rule: a record that it accepts, and that is not done as it was asked for."""
    if any(name not in context.graph.fields for name in rule.reads):
        return
    relation = _relation(rule)
    guards = _guards(context, rule)
    if relation is None or guards is None:
        return
    field = context.graph.fields[rule.field]
    word = "direction" if isinstance(rule, Directed) else "amount"
    check = FieldsCheck(Condition(rule.sentence, Not(relation.forbidden)))
    origin = OwnConstraint(field, Constraint(word, check, rule.location))
    stored = [context.graph.storage(name).transforms for name in relation.forbidden.fields]
    whole = relation.before(0, stored[0]).before(1, stored[1])
    composition = Composition(context.graph, budget=context.budget, alone=(origin, whole, guards))
    judge = Judge(composition)
    for entity in context.entries:
        for obligation in _at_entry(composition, entity.full_name):
            judgement = judge.judge(obligation, origin, entity.full_name)
            if judgement.verdict == "proved":
                continue
            kind: BreachKind = "wrong-direction" if isinstance(rule, Directed) else "wrong-amount"
            first, other = obligation.fields
            binding = Binding(rule.field, word, rule.sentence, rule.location)
            fields = " + ".join(map(str, dict.fromkeys(obligation.fields)))
            if judgement.record is None:
                sentence = f"{fields}: unknown whether {escaped(rule.sentence)}: {escaped(judgement.reason or '')}"
            else:
                hops = (hop for hop in judgement.hops if hop.field.entity_name != entity.full_name)
                arrives = {hop.field: hop.value for hop in hops if hop.field in rule.reads}
                sentence = (
                    f"{fields}: asked for is {in_words(judgement.record)}, "
                    f"and done is {in_words(arrives)}; {escaped(rule.sentence)}"  # type: ignore[arg-type]
                )
            yield Breach(
                kind,
                sentence,
                first,
                other if other != first else rule.field,
                binding,
                context.graph.fields[first].location,
                witness=judgement.record,
                reason=None if judgement.record is not None else judgement.reason,
            )


def _relation(rule: RecordMovement) -> FieldsRelation | None:
    """The comparison that must not be true; None: how far it was to be moved is a value of the record."""
    if isinstance(rule, Directed):
        return FieldsRelation(Pair(rule.field, "<=" if rule.is_after else ">=", rule.other))
    if rule.asked is not None:
        return FieldsRelation(Pair(rule.field, "<>", rule.asked))
    if rule.start is None or not isinstance(rule.by, DayShift):
        return None
    step = DateShift(rule.by, (EngineWay("last"),), stated=True)
    return FieldsRelation(Pair(rule.field, "<>", rule.start), ((), (step,)))


def _guards(context: Context, rule: RecordMovement) -> tuple[Guard, ...] | None:
    """The records that it is about; None: they cannot be stated field by field."""
    if rule.when is None:
        return ()
    alternatives = rule.when.alternatives
    if len(alternatives) != 1 or alternatives[0].pairs or rule.when.perhaps:
        return None
    return tuple((name, values) for name, values in alternatives[0].values if name in context.graph.fields)


def _at_entry(composition: Composition, entity: EntityName) -> Iterator[Obligation]:
    """The obligations of which an entry alone fills every field."""
    seen: dict[int, Obligation] = {}
    for field in composition.graph.contracts.entities[entity].fields.values():
        for obligation in composition.at.get(field.full_name, ()):
            names = {*obligation.fields, *(name for name, _ in obligation.guards)}
            if len(obligation.fields) == 2 and all(name.entity_name == entity for name in names):
                seen[id(obligation)] = obligation
    yield from seen.values()
