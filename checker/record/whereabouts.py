"""Where a record is: every system on its way, what is wrong, and where it began.

The stores are read twice before anything is called wrong: a record may change between two readings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...values.budget import STANDARD
from .asking import FoundRecords, NotReachable, StoreQuestion, answered
from .broken import broken_rules
from .comparison import compared
from .fault import faults
from .search import read_stores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ...values.valueset import Value
    from .asking import AskStores, StoreAnswer
    from .broken import BrokenRule
    from .fault import Fault
    from .search import StoreReading
    from .stop import HeldField, Stop


@dataclass(frozen=True)
class Whereabouts:
    """One record in every system that has it, or must have it."""

    asked: Mapping[FieldName, Value]
    """What it was looked for by."""
    stops: tuple[Stop, ...]
    """The earliest first."""
    faults: tuple[Fault, ...]
    now: datetime
    """When the stores were read."""
    broken: tuple[BrokenRule, ...] = ()
    """The rules over records that it breaks."""
    referring: tuple[Whereabouts, ...] = ()
    """The records that refer to it, and those that refer to them, each where it is."""
    unlisted: tuple[tuple[Entity, str], ...] = ()
    """Entities whose records may refer to it, and could not all be read, with the reason."""

    @property
    def number_wrong(self) -> int:
        """How many things are wrong, with it and with the records that refer to it."""
        return (len(self.faults) or len(self.broken)) + sum(each.number_wrong for each in self.referring)

    @property
    def number_open(self) -> int:
        """Of how many systems something is not known."""
        return len(self.open) + len(self.unlisted) + sum(each.number_open for each in self.referring)

    @property
    def found(self) -> tuple[Stop, ...]:
        """The systems that have it."""
        return tuple(stop for stop in self.stops if stop.whether == "found")

    @property
    def first(self) -> tuple[Stop, ...]:
        """The earliest systems that were read and have it: what they hold, the others are held against."""
        return tuple(stop for stop in self.stops if stop.is_first)

    @property
    def not_brought(self) -> tuple[Stop, ...]:
        """The systems in which people look for it, and to which no flow brings it."""
        return tuple(stop for stop in self.stops if stop.state == "absent")

    @property
    def not_yet_due(self) -> tuple[HeldField, ...]:
        """The fields that will arrive."""
        return tuple(field for stop in self.stops for field in stop.fields if field.state == "not yet due")

    @property
    def open(self) -> tuple[Stop, ...]:
        """The systems of which something is not known: a store did not answer, or what it must hold is not clear."""
        return tuple(
            stop
            for stop in self.stops
            if stop.state in {"not reachable", "not known"} or any(field.state == "not known" for field in stop.fields)
        )

    @property
    def is_well(self) -> bool:
        """Whether every system that must have it has answered, and holds what it must hold by now."""
        is_alone_well = bool(self.found) and not (self.faults or self.broken or self.open or self.not_brought)
        return is_alone_well and not self.unlisted and all(each.is_well for each in self.referring)


def whereabouts(
    estate: Estate, seeds: Mapping[FieldName, Value], ask: AskStores, now: datetime, budget: Budget = STANDARD
) -> Whereabouts:
    """Find a record by the values that identify it in one entity, and hold every system against the others.

    Records that refer to it, by the `references` of the estate, are looked at with it.
    """
    own, reading = _alone(estate, seeds, ask, now, budget)
    if not estate.directory.references:
        return own
    referring = _Referring(estate, ask, now, budget)
    referring.follow(reading)
    return replace(own, referring=tuple(referring.records), unlisted=tuple(referring.unlisted))


class _Referring:
    """The records that refer to one, entity after entity."""

    def __init__(self, estate: Estate, ask: AskStores, now: datetime, budget: Budget) -> None:
        self._estate = estate
        self._ask = ask
        self._now = now
        self._budget = budget
        self._told: set[EntityName] = set()
        """Entities of which a record was found: what is wrong there is said once."""
        self.records: list[Whereabouts] = []
        self.unlisted: list[tuple[Entity, str]] = []

    def follow(self, reading: StoreReading) -> None:
        """Look at the records that refer to one that was read, and at those that refer to them."""
        self._told |= reading.found.keys()
        held, contracts = reading.values(), self._estate.contracts
        questions: list[StoreQuestion] = []
        for reference in self._estate.directory.references:
            value, entity = held.get(reference.to), contracts.entities[reference.field.entity_name]
            if value is None or entity.full_name in self._told:
                continue
            if entity.store is None or not entity.store.can_be_asked([reference.field.field]):
                reason = "no store is described" if entity.store is None else "its store cannot be asked by that"
                self.unlisted.append((entity, reason))
                continue
            questions.append(StoreQuestion(entity, {reference.field.field: (value,)}))
        for question, answer in zip(questions, answered(self._ask, questions), strict=True):
            if isinstance(answer, NotReachable):
                self.unlisted.append((question.entity, answer.reason))
                continue
            if answer.more:
                self.unlisted.append((question.entity, f"more than {len(answer.records)} records fit"))
            for record in answer.records:
                names = question.entity.key or tuple(question.where)
                self._look({question.entity.full_name.of(name): record[name] for name in names if name in record})

    def _look(self, seeds: Mapping[FieldName, Value]) -> None:
        own, reading = _alone(self._estate, seeds, self._ask, self._now, self._budget)
        new = tuple(fault for fault in own.faults if fault.stop.entity.full_name not in self._told)
        self.records.append(replace(own, faults=new))
        told = set(self._told)
        self.follow(reading)
        self._told = told


def _alone(
    estate: Estate, seeds: Mapping[FieldName, Value], ask: AskStores, now: datetime, budget: Budget
) -> tuple[Whereabouts, StoreReading]:
    graph = estate.graph
    asking = _Asking(ask)
    reading = read_stores(estate, graph, seeds, asking.first, budget)
    stops = compared(reading, now, budget)
    broken = broken_rules(estate, graph, stops)
    if broken or any(_wrong(stops)):
        asking.concerned = _concerned(estate, graph, stops, broken)
        asking.gone = {n: sought.reason for n, sought in reading.sought.items() if sought.whether == "not reachable"}
        reading = read_stores(estate, graph, seeds, asking.second, budget)
        stops = _confirmed(stops, compared(reading, now, budget))
        again = broken_rules(estate, graph, stops)
        broken = tuple(each for each in broken if each in again)
    return Whereabouts(seeds, stops, faults(estate, reading, stops, budget), now, broken), reading


def _concerned(
    estate: Estate, graph: Graph, stops: Sequence[Stop], broken: Sequence[BrokenRule]
) -> frozenset[EntityName]:
    """The entities that what is wrong hangs on: where it is, what feeds that, and what says which record is which."""
    wrong = [field.field.full_name for stop in stops for field in stop.fields if field.is_wrong]
    wrong += [field.full_name for each in broken for field in (each.field, *each.others)]
    entities = {name.entity_name for name in wrong}
    every = [field.full_name for name in entities for field in graph.contracts.entities[name].fields.values()]
    named = {name.entity_name for name in graph.upstream(every)}
    return frozenset(entities | named | {reference.entity for reference in estate.directory.xref})


class _Asking:
    """The stores, asked for two readings.

    For the second one nobody waits for a store that did not answer before. What nothing wrong hangs on is not read again.
    """

    def __init__(self, ask: AskStores) -> None:
        self._ask = ask
        self._answers: dict[object, StoreAnswer] = {}
        self.gone: Mapping[EntityName, str | None] = {}
        self.concerned: frozenset[EntityName] = frozenset()

    def first(self, questions: Sequence[StoreQuestion]) -> Sequence[StoreAnswer]:
        """Ask, and remember the answers."""
        answers = self._ask(questions)
        for question, answer in zip(questions, answers, strict=True):
            if isinstance(answer, FoundRecords):
                self._answers[_words(question)] = answer
        return answers

    def second(self, questions: Sequence[StoreQuestion]) -> Sequence[StoreAnswer]:
        """Ask again what is concerned."""
        known = [self._known(question) for question in questions]
        open_ones = [question for question, answer in zip(questions, known, strict=True) if answer is None]
        given = iter(self._ask(open_ones) if open_ones else ())
        return [next(given) if answer is None else answer for answer in known]

    def _known(self, question: StoreQuestion) -> StoreAnswer | None:
        name = question.entity.full_name
        if name in self.gone:
            return NotReachable(self.gone[name] or "")
        return None if name in self.concerned else self._answers.get(_words(question))


def _words(question: StoreQuestion) -> object:
    """What makes two questions the same."""
    where = tuple((name, values, tuple(map(type, values))) for name, values in question.where.items())
    return question.entity.full_name, where, question.alike


def _wrong(stops: Sequence[Stop]) -> set[tuple[FieldName, object, object]]:
    """What is wrong: the field, what it must hold, what it holds."""
    return {
        (field.field.full_name, field.expected, field.held) for stop in stops for field in stop.fields if field.is_wrong
    }


def _confirmed(before: Sequence[Stop], after: Sequence[Stop]) -> tuple[Stop, ...]:
    """The second reading, in which only that is wrong which was so in the first, in the same way."""
    known = _wrong(before)
    return tuple(_steady(stop, known) for stop in after)


def _steady(stop: Stop, known: set[tuple[FieldName, object, object]]) -> Stop:
    fields = tuple(
        field
        if not field.is_wrong or (field.field.full_name, field.expected, field.held) in known
        else replace(field, state="not known", begins=False, reason="it changed while it was read")
        for field in stop.fields
    )
    if fields == stop.fields:
        return stop
    if any(field.is_wrong for field in fields):
        return replace(stop, fields=fields)
    return replace(stop, fields=fields, state="not known", reason="it changed while it was read")


def subject(entity: Entity, values: Mapping[str, Value]) -> dict[FieldName, Value]:
    """The key of a record, or other values of it, by full names of fields."""
    return {entity.full_name.of(name): value for name, value in values.items()}
