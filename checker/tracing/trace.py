"""Tracing: a value at a field, followed both ways.

Forward: its values downstream, the systems that reject it, and when. Backward: the entries that accept a record which
becomes this value, the systems that passed it on, the repair (its owner and duration), and a text for the customer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ...contracts.field_keys import read_value
from ...documents.names import FieldName
from ...documents.problem import EstateError, Problem, Problems
from ...lineage.transform import NoValue
from ...values.budget import STANDARD
from ...values.error import FieldlineError
from ...values.valueset import ValueSet
from ..judging.context import Context
from ..judging.judge import Judge
from ..judging.simulate import travel
from ..preconditions.compose import Composition
from ..preconditions.obligation import Sought
from ..preconditions.routes import shortest_routes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ...contracts.constraint import Constraint
    from ...contracts.model import Entity, Field, Owner, Repair
    from ...estate.load import Estate
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..finding import FieldValues, Hop, Verdict
    from ..judging.simulate import Arrival, Journey


@dataclass(frozen=True, slots=True)
class TracedFailure:
    """A field that rejects the value, or may reject it."""

    field: Field
    value: Value | None
    """As it arrives there; None also where a step on the way fails on it."""
    constraints: tuple[Constraint, ...]
    """The constraints that reject it; none where a step on the way fails on it."""
    after: timedelta
    """The time from the traced value to the rejection, as far as the flows state their lag."""
    hops: tuple[FieldName, ...]
    """The fields after the traced one, the rejecting one last; only the rejecting one if that is the traced one."""

    @property
    def owner(self) -> Owner | None:
        """The owner of the rejecting field."""
        return self.field.owner

    @property
    def repair(self) -> Repair | None:
        """The repair there: its owner, its duration, its contact."""
        return self.field.repair


@dataclass(frozen=True, slots=True)
class Root:
    """An entry, and whether it accepts a record that becomes the traced value."""

    entry: Entity
    verdict: Verdict
    """Of "no record it accepts becomes this value": refuted by a record, proved, or unknown."""
    record: FieldValues | None
    """A shortest record that becomes it."""
    hops: tuple[Hop, ...]
    """The record's journey to the traced field."""
    passed: tuple[str, ...]
    """Systems that accepted the value and passed it on, the entry's first: each of them could have rejected it."""
    reason: str | None

    @property
    def owner(self) -> Owner | None:
        """The owner of the entry, who can fix it."""
        return self.entry.owner


@dataclass(frozen=True, slots=True)
class Trace:
    """The result of tracing one value at one field."""

    field: Field
    value: Value
    rejected_by: tuple[Constraint, ...]
    """The field's own constraints that reject it."""
    journey: Journey
    """Its course downstream, on the assumption that the field holds it."""
    failures: tuple[TracedFailure, ...]
    """The rejections: by the field itself, or else downstream, soonest first."""
    doubts: tuple[TracedFailure, ...]
    """The fields with opaque rules that may reject it, soonest first."""
    unknowns: tuple[Arrival, ...]
    """The arrivals whose value is unknown."""
    roots: tuple[Root, ...]
    """Every entry upstream, refuted ones first: it can come from every one that is not proved."""
    customer_text: str
    """A text that support may send to the customer."""
    today: date | None = None
    """The day of the run, where a verdict may depend on it."""


class UnknownField(FieldlineError, LookupError):
    """No contract has the field; `suggestion` is the most similar name."""

    def __init__(self, name: str, suggestion: str | None) -> None:
        super().__init__(name)
        self.name = name
        self.suggestion = suggestion


def read_at(estate: Estate, name: str, text: str | None) -> Value:
    """A typed text as a value of the type of a field (by full name). Raises UnknownField, EstateError."""
    field = _field(estate, name)
    if text is None:
        return None
    if any("\ud800" <= character <= "\udfff" for character in text):  # bytes that are no UTF-8
        raise EstateError([Problem(None, "the value cannot be read", expected="text in the terminal's own encoding")])
    problems = Problems()
    value = read_value(text, field.type, problems)
    if problems:
        where = f"{name} is of type {field.type}: "
        raise EstateError(
            replace(problem, location=None, message=where + problem.message) for problem in problems.all()
        )
    return value


def trace(estate: Estate, name: str, value: Value, budget: Budget = STANDARD) -> Trace:
    """Trace a value, as it arrives at a field (by full name). Raises UnknownField, BudgetExceeded."""
    context = Context(estate, budget=budget)
    field = _field(estate, name)
    store = context.graph.storage(field.full_name)
    rejected_by = tuple(rejection.constraint for rejection in store.rejections if value not in rejection.accepts)
    journey = travel(context.graph, {field.full_name: value}, budget)
    failures = _failures(context, field, value, rejected_by, journey)
    return Trace(
        field=field,
        value=value,
        rejected_by=rejected_by,
        journey=journey,
        failures=failures,
        doubts=_doubts(context, field, value, journey) if not rejected_by else (),
        unknowns=journey.unknowns(),
        roots=_roots(context, field, value),
        customer_text=_customer_text(context, field, failures, sure=not _is_open(context, field, value, journey)),
        today=estate.counts_from,
    )


def _field(estate: Estate, name: str) -> Field:
    full_name = FieldName.read(name)
    field = estate.contracts.field(full_name)
    if field is None:
        suggestion = estate.contracts.suggest(full_name)
        raise UnknownField(name, None if suggestion is None else str(suggestion))
    return field


def _failures(
    context: Context, field: Field, value: Value, rejected_by: tuple[Constraint, ...], journey: Journey
) -> tuple[TracedFailure, ...]:
    if rejected_by:
        return (TracedFailure(field, value, rejected_by, timedelta(0), (field.full_name,)),)
    failures = [
        TracedFailure(
            context.graph.fields[arrival.field],
            None if arrival.is_lost else arrival.value,  # type: ignore[arg-type]
            arrival.rejections,
            arrival.elapsed,
            _path(arrival),
        )
        for arrival in journey.rejections()
    ]
    return tuple(sorted((*failures, *_missing(journey)), key=_soonest))


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
    return tuple(sorted(doubts, key=_soonest))


def _soonest(failure: TracedFailure) -> tuple[timedelta, int, FieldName]:
    return (failure.after, len(failure.hops), failure.field.full_name)


def _is_open(context: Context, field: Field, value: Value, journey: Journey) -> bool:
    """Whether the course of the value downstream is not fully known."""
    here = context.graph.storage(field.full_name).doubtful(value)
    return bool(here or journey.doubts() or journey.unknowns() or journey.endless)


def _path(arrival: Arrival) -> tuple[FieldName, ...]:
    path: list[FieldName] = []
    here: Arrival | None = arrival
    while here is not None and here.link is not None:
        path.append(here.field)
        here = here.sources[0] if here.sources else None
    return tuple(path[::-1])


def _roots(context: Context, field: Field, value: Value) -> tuple[Root, ...]:
    """Per entry upstream, a record that becomes the value: one that fails the obligation "any other value"."""
    graph = context.graph
    upstream = frozenset(graph.upstream([field.full_name]))
    sought = Sought(field, ValueSet.exactly([value]))
    composition = Composition(graph, upstream, sought, context.budget)
    judge = Judge(composition)
    roots: list[Root] = []
    for entity in graph.entries:
        if field.entity == entity.name and field.system == entity.system:
            roots.append(_traced_entry(judge, entity, field, value))
        elif any(f.full_name in upstream for f in entity.fields.values()):
            roots.append(_root(context, judge, entity, sought))
    return tuple(sorted(roots, key=lambda root: ("refuted", "unknown", "proved").index(root.verdict)))


def _traced_entry(judge: Judge, entity: Entity, field: Field, value: Value) -> Root:
    """The root that the traced field itself belongs to."""
    record = {field.full_name: value}
    if value not in judge.accepted(field.full_name):
        return Root(entity, "proved", record, (), (), None)
    doubt = next((constraint.doubt for constraint in judge.graph.storage(field.full_name).doubtful(value)), None)
    return Root(entity, "unknown" if doubt else "refuted", record, (), (), doubt)


def _root(context: Context, judge: Judge, entity: Entity, sought: Sought) -> Root:
    reasons: list[str] = []
    seen: set[int] = set()
    for field in entity.fields.values():
        for obligation in judge.composition.at.get(field.full_name, ()):
            if id(obligation) in seen:
                continue
            seen.add(id(obligation))
            if sought not in shortest_routes(obligation):
                continue
            judgement = judge.judge(obligation, sought, entity.full_name)
            if judgement.verdict == "refuted":
                systems = dict.fromkeys(hop.field.system for hop in judgement.hops[:-1])
                return Root(entity, "refuted", judgement.record, judgement.hops, tuple(systems), None)
            if judgement.reason is not None:
                reasons.append(judgement.reason)
    if any(not link.exact for link in context.graph.links_into(judge.composition.within)):
        reasons.append("a step on the way is not described")
    if judge.composition.unsettled:
        reasons.append(judge.composition.why_unsettled(min(judge.composition.unsettled)))
    return Root(entity, "unknown" if reasons else "proved", None, (), (), reasons[0] if reasons else None)


def _customer_text(context: Context, field: Field, failures: tuple[TracedFailure, ...], *, sure: bool) -> str:
    """The rejecting system's own text, or a general one; with the usual time of a repair, where that is known."""
    if not failures and not sure:
        return (
            "It is not known whether all of our systems accept this value. There is no certain answer for the customer."
        )
    if not failures:
        return "No system rejects this value. There is nothing to tell the customer."
    failure = failures[0]
    own = context.estate.contracts.systems[failure.field.system].customer_text
    if own is not None:
        return own
    title = field.title or field.name.replace("_", " ")
    text = f"One of our systems could not accept your {title} as it was entered. We are correcting it"
    repair = failure.repair
    if repair is None or repair.typically is None:
        return f"{text}."
    days = max(1, round(repair.typically / timedelta(days=1)))
    return f"{text}; this usually takes {days} day{'s' if days > 1 else ''}."
