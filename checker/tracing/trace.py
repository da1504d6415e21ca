"""Tracing: a value at a field, or a record, followed both ways.

Forward: its values downstream, the systems that reject or alter it, and when, and what depends on the record's other
fields. Backward: the entries that accept a record which becomes this value, the systems that passed it on, the repair
(its owner and duration), what to type instead, and a text for the customer.

The root speaks first: a value that an entry let in is repaired there, by that entry's people and with that entry's words.
Who rejects it speaks only of what came from nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ...lineage.transform import NoValue
from ...values.budget import STANDARD, BudgetExceeded
from ...values.valueset import ValueSet
from ..judging.context import Context
from ..judging.judge import Judge
from ..judging.simulate import travel
from ..preconditions.compose import Composition
from ..preconditions.obligation import Sought
from ..preconditions.routes import origins_of
from ..requirement.repair import repaired
from ..rules.collision import COLLISION_RULE
from .consequences import altered, consequences
from .customer import customer_advice
from .traced import Advice, Root, Trace, TracedFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Entity, Field
    from ...documents.names import FieldName
    from ...estate.load import Estate
    from ...lineage.graph import Graph
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..finding import FieldValues, Finding
    from ..judging.simulate import Arrival, Journey
    from ..preconditions.obligation import Obligation
    from .asked import Asked


def trace(estate: Estate, asked: Asked, budget: Budget = STANDARD) -> Trace:
    """Trace a value as it arrives at a field, or several of one record. Raises BudgetExceeded."""
    context, asked = _begun(estate, asked, budget)
    field, value = asked.field, asked.value
    rejected_by = tuple(
        r.constraint for r in context.graph.storage(field.full_name).rejections if value not in r.accepts
    )
    journey = travel(context.graph, asked.values, budget)
    failures = _failures(context, asked, journey)
    found = () if rejected_by else consequences(context, asked)
    traced = Trace(
        asked=asked,
        rejected_by=rejected_by,
        journey=journey,
        failures=failures,
        doubts=_doubts(context, field, value, journey) if not rejected_by else (),
        unknowns=journey.unknowns(),
        consequences=_beyond(failures, found),
        altered=_altered(context.graph, journey, found),
        unique_in=() if rejected_by else _unique(context, journey),
        roots=roots_of(context, field, ValueSet.exactly([value])),
        advice=Advice("not known", (field,)),
        today=estate.counts_from,
    )
    return replace(traced, advice=customer_advice(estate, traced))


def traced_roots(estate: Estate, asked: Asked, budget: Budget = STANDARD) -> tuple[Root, ...]:
    """The roots of a `trace`, and nothing else of it. Raises BudgetExceeded."""
    context, asked = _begun(estate, asked, budget)
    return roots_of(context, asked.field, ValueSet.exactly([asked.value]))


def _begun(estate: Estate, asked: Asked, budget: Budget) -> tuple[Context, Asked]:
    context = Context(estate, budget=budget)
    context = context.restricted(frozenset().union(*map(context.graph.related, asked.values)))
    return context, _first_rejected(context, asked)


def _first_rejected(context: Context, asked: Asked) -> Asked:
    """The same record, looked at first where its own contract rejects it."""
    for name in (asked.field.full_name, *asked.values):
        if any(asked.values[name] not in r.accepts for r in context.graph.storage(name).rejections):
            return replace(asked, field=context.graph.fields[name])
    if len(asked.values) > 1:  # or where another system does
        journey = travel(context.graph, asked.values, context.budget)
        rejected = sorted(
            (a for a in journey.rejections() if is_certain(journey, a)), key=lambda a: (a.elapsed, a.field)
        )
        origins = [_origins(arrival) for arrival in rejected]
        if origins and not any(asked.field.full_name in each for each in origins):
            name = next((each for each in asked.values if each in origins[0]), asked.field.full_name)
            return replace(asked, field=context.graph.fields[name])
    return asked


def _origins(arrival: Arrival) -> set[FieldName]:
    """The fields whose typed values an arrival is made of."""
    if arrival.link is None:
        return {arrival.field}
    return set().union(*map(_origins, arrival.sources))


def _beyond(failures: tuple[TracedFailure, ...], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that say more than the rejections that are known already."""
    known = {(failure.field.full_name, constraint.name) for failure in failures for constraint in failure.constraints}
    known |= {(failure.field.full_name, "") for failure in failures}
    return tuple(
        finding
        for finding in found
        if finding.binding is None
        or finding.rule == "loss"
        or not {(finding.binding.field, finding.binding.constraint), (finding.binding.field, "")} & known
    )


def _altered(graph: Graph, journey: Journey, found: tuple[Finding, ...]) -> tuple[tuple[Arrival, Transform], ...]:
    """The altered arrivals that a check calls a loss, or does not decide."""
    lost = {finding.binding.field for finding in found if finding.rule == "loss" and finding.binding is not None}
    return tuple((arrival, step) for arrival, step in altered(graph, journey) if arrival.field in lost)


def _unique(context: Context, journey: Journey) -> tuple[Arrival, ...]:
    """The values that arrive where no value may stand twice: a second one is rejected, or another one is taken for it."""
    merging: set[FieldName] | None = None
    arrivals: list[Arrival] = []
    for name, arrived in journey.arrivals.items():
        there = [
            each for each in context.graph.contracts.entities[name.entity_name].unique if name.field in each.fields
        ]
        if not there:
            continue
        if all(each.updates for each in there):  # the same value is the same record, and another may become equal to it
            if merging is None:
                found = (finding.binding for finding in COLLISION_RULE.check(context))
                merging = {binding.field for binding in found if binding is not None}
            if not any(name.entity_name.of(field) in merging for each in there for field in each.fields):
                continue
        arrivals += (each for each in arrived if each.goes_on and each.stored is not None)
    return tuple(arrivals)


def _failures(context: Context, asked: Asked, journey: Journey) -> tuple[TracedFailure, ...]:
    here: list[TracedFailure] = []
    for name, value in asked.values.items():
        rejections = context.graph.storage(name).rejections
        by = tuple(rejection.constraint for rejection in rejections if value not in rejection.accepts)
        if by:
            here.append(TracedFailure(context.graph.fields[name], value, by, timedelta(0), (name,)))
    if here:
        return tuple(here)
    failures = [
        TracedFailure(
            context.graph.fields[arrival.field],
            None if arrival.is_lost else arrival.value,  # type: ignore[arg-type]
            arrival.rejections,
            arrival.elapsed,
            _path(arrival),
        )
        for arrival in journey.rejections()
        if is_certain(journey, arrival)
    ]
    return tuple(sorted((*failures, *_missing(journey)), key=_soonest))


def is_certain(journey: Journey, arrival: Arrival) -> bool:
    """Whether a rejected arrival is rejected whatever engine runs the steps on its way."""
    if arrival.sure:
        return True
    alike = [each for each in journey.arrivals[arrival.field] if each.link is arrival.link]
    return all(each.is_rejected for each in alike) and (arrival.link is None or arrival.link.when is None)


def _missing(journey: Journey) -> Iterator[TracedFailure]:
    """The fields that must be filled in and do not arrive with the value."""
    for creation in journey.lacking:
        carried = (a for name in creation.fed for a in journey.arrivals.get(name, ()) if a.link in creation.links)
        arrival = min(carried, key=lambda arrival: (arrival.elapsed, arrival.field))
        for field in creation.unwritten:
            null = tuple(constraint for constraint in field.constraints if None not in constraint.accepts)
            yield TracedFailure(field, None, null, arrival.elapsed, (*_path(arrival), field.full_name))


def _doubts(context: Context, field: Field, value: Value, journey: Journey) -> tuple[TracedFailure, ...]:
    here = context.graph.storage(field.full_name).doubtful(value)
    doubts = [TracedFailure(field, value, here, timedelta(0), (field.full_name,))] if here else []
    for arrival in journey.doubts():
        arrived = None if isinstance(arrival.value, NoValue) else arrival.value
        there = context.graph.fields[arrival.field]
        doubts.append(TracedFailure(there, arrived, arrival.doubts, arrival.elapsed, _path(arrival)))
    for arrival in journey.rejections():
        if not is_certain(journey, arrival):
            arrived = None if isinstance(arrival.value, NoValue) else arrival.value
            there, by = context.graph.fields[arrival.field], arrival.rejections
            doubts.append(TracedFailure(there, arrived, by, arrival.elapsed, _path(arrival), by_engine=True))
    return tuple(sorted(doubts, key=_soonest))


def _soonest(failure: TracedFailure) -> tuple[timedelta, int, FieldName]:
    return (failure.after, len(failure.hops), failure.field.full_name)


def _path(arrival: Arrival) -> tuple[FieldName, ...]:
    path: list[FieldName] = []
    here: Arrival | None = arrival
    while here is not None and here.link is not None:
        path.append(here.field)
        here = here.sources[0] if here.sources else None
    return tuple(path[::-1])


def roots_of(context: Context, field: Field, values: ValueSet) -> tuple[Root, ...]:
    """Per entry upstream, a record that becomes one of these values: one that fails the obligation "any other value".

    Proved: no record that the entry accepts becomes any of them.
    """
    graph = context.graph
    upstream = frozenset(graph.upstream([field.full_name]))
    sought = Sought(field, values)
    composition = Composition(graph, upstream, sought, context.budget)
    judge = Judge(composition)
    roots: list[Root] = []
    for entity in graph.entries:
        if field.entity == entity.name and field.system == entity.system:
            roots.append(_traced_entry(judge, entity, field, values))
        elif any(f.full_name in upstream for f in entity.fields.values()):
            roots.append(_root(context, judge, entity, sought))
    roots.sort(key=lambda root: ("refuted", "unknown", "proved").index(root.verdict))
    return tuple(_with_accepted(context, root) if root.verdict == "refuted" else root for root in roots)


def _with_accepted(context: Context, root: Root) -> Root:
    """A root with what the entry and every system downstream accept in its place, where it is one field."""
    if root.record is None or len(root.record) != 1:
        return root
    ((name, value),) = root.record.items()
    accepts = context.judge.accepted(name)
    for obligation in context.composition.at.get(name, ()):
        if isinstance(obligation.accepts, ValueSet) and not obligation.guards and obligation.unknown is None:
            accepts = accepts & obligation.accepts
    if value in accepts:
        return root
    return replace(root, accepts=accepts, instead=_instead(context, accepts, value))


def _instead(context: Context, accepts: ValueSet, value: Value) -> str | None:
    """The accepted text nearest to the one typed."""
    if not isinstance(value, str):
        return None
    try:
        return repaired(accepts.texts, value, context.budget)
    except BudgetExceeded:
        return None


def _traced_entry(judge: Judge, entity: Entity, field: Field, values: ValueSet) -> Root:
    """The root that the traced field itself belongs to."""
    try:
        entered = (values & judge.accepted(field.full_name)).witness(judge.budget)
    except BudgetExceeded as error:
        return Root(entity, "unknown", None, (), (), error.reason)
    if entered is None:
        return Root(entity, "proved", None, (), (), None)
    doubtful = judge.graph.storage(field.full_name).doubtful(entered.value)
    doubt = next((constraint.doubt for constraint in doubtful), None)
    return Root(entity, "unknown" if doubt else "refuted", {field.full_name: entered.value}, (), (), doubt)


def _another(judge: Judge, obligation: Obligation, record: FieldValues | None) -> Value:
    """A value that becomes the one sought as well, and loses something on the way; null: there is none, or none is known.

    Values that the steps treat as one on purpose, such as the same letters in another case, are none.
    """
    if record is None or len(record) != 1 or not isinstance(obligation.accepts, ValueSet):
        return None
    ((name, value),) = record.items()
    others = judge.accepted(name) - ValueSet.exactly([value, None])
    for lossy in judge.composition.at.get(name, ()):
        if lossy.effect == "alter" and len(lossy.fields) == 1 and isinstance(lossy.accepts, ValueSet):
            try:
                witness = (others - lossy.accepts).outside(obligation.accepts, judge.budget.second_look)
            except BudgetExceeded:
                continue
            if witness is not None:
                return witness.value
    return None


def _root(context: Context, judge: Judge, entity: Entity, sought: Sought) -> Root:
    reasons: list[str] = []
    seen: set[int] = set()
    for field in entity.fields.values():
        for obligation in judge.composition.at.get(field.full_name, ()):
            if id(obligation) in seen:
                continue
            seen.add(id(obligation))
            if sought not in origins_of(obligation):
                continue
            judgement = judge.judge(obligation, sought, entity.full_name)
            if judgement.verdict == "refuted":
                systems = dict.fromkeys(hop.field.system for hop in judgement.hops[:-1])
                root = Root(entity, "refuted", judgement.record, judgement.hops, tuple(systems), None)
                return replace(root, another=_another(judge, obligation, judgement.record))
            if judgement.reason is not None:
                reasons.append(judgement.reason)
    if any(not link.exact for link in context.graph.links_into(judge.composition.within)):
        reasons.append("a step on the way is not described")
    if judge.composition.unsettled:
        reasons.append(judge.composition.why_unsettled(min(judge.composition.unsettled)))
    return Root(entity, "unknown" if reasons else "proved", None, (), (), reasons[0] if reasons else None)
