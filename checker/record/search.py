"""The search for a record in every store.

It goes wave after wave, all stores of a wave at the same time, until no answer leads to another question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.budget import STANDARD
from ..judging.simulate import travel
from .asking import FoundRecords, NotReachable, StillAsked, StoreQuestion
from .keys import PossibleValues, carried, identifying, traced_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ...estate.directory import CrossReference
    from ...estate.load import Estate
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ...values.valueset import Value
    from .asking import AskStores, HeldValues, StoreAnswer

Whether: TypeAlias = Literal["found", "several", "absent", "not asked", "not reachable", "not known"]
"""The outcome of looking for a record in one entity. Absent: its store has answered, and no record fits."""


@dataclass(frozen=True, slots=True)
class SoughtRecord:
    """What was found of the record in one entity."""

    entity: Entity
    whether: Whether
    held: HeldValues | None = None
    """What its store holds of it, where it was found."""
    keys: tuple[Mapping[str, Value], ...] = ()
    """Where several records fit: the keys of them."""
    reason: str | None = None
    """Why it was not read, or is not known."""


@dataclass(frozen=True)
class StoreReading:
    """One reading of all stores."""

    graph: Graph
    seeds: Mapping[FieldName, Value]
    """What was asked for."""
    sought: Mapping[EntityName, SoughtRecord]
    """Every entity that may have the record, or its value; those with a store were asked."""

    @property
    def found(self) -> dict[EntityName, HeldValues]:
        """What the stores hold of the record."""
        return {name: sought.held for name, sought in self.sought.items() if sought.held is not None}

    def values(self, names: Iterator[EntityName] | None = None) -> dict[FieldName, Value]:
        """What was found in some entities, or all, by full names of fields."""
        found = self.found
        chosen = found if names is None else [name for name in names if name in found]
        return {name.of(field): value for name in chosen for field, value in found[name].items()}


def read_stores(
    estate: Estate, graph: Graph, seeds: Mapping[FieldName, Value], ask: AskStores, budget: Budget = STANDARD
) -> StoreReading:
    """Look for the record with some values in every store that may have it.

    The values are those of one entity, which identify its record there.
    """
    return _Search(estate, graph, seeds, ask, budget).run()


class _Search:
    def __init__(
        self, estate: Estate, graph: Graph, seeds: Mapping[FieldName, Value], ask: AskStores, budget: Budget
    ) -> None:
        self._graph = graph
        self._xref = estate.directory.xref
        self._seeds = dict(seeds)
        self._ask = ask
        self._budget = budget
        self._start = next(iter(seeds)).entity_name
        self._alike = [each.fields for each in estate.directory.find if not seeds.keys().isdisjoint(each.fields)]
        """Fields that people look for a record by, as they do by those that are given."""
        self._sought: dict[EntityName, SoughtRecord] = {}
        self._asked: set[tuple[EntityName, object, bool]] = set()
        self._open: set[EntityName] = set()
        """Entities that were asked for values that may not be all."""
        self._scope = self._related()

    def _related(self) -> tuple[Entity, ...]:
        """The entities that flows or tables of keys connect with the first, in the order of the contracts."""
        fields = [field.full_name for field in self._graph.contracts.entities[self._start].fields.values()]
        names = {self._start}
        todo = [name.entity_name for field in fields for name in self._graph.related(field)]
        while todo:
            name = todo.pop()
            if name in names:
                continue
            names.add(name)
            entity = self._graph.contracts.entities[name]
            todo += [n.entity_name for field in entity.fields.values() for n in self._graph.related(field.full_name)]
            for reference in self._xref:
                if name == reference.entity or name in reference.keys:
                    todo += [reference.entity, *reference.keys]
        for reference in self._xref:
            if self._start == reference.entity or self._start in reference.keys:
                names |= {reference.entity, *reference.keys}
        names |= {field.entity_name for fields in self._alike for field in fields}
        return tuple(entity for name, entity in self._graph.contracts.entities.items() if name in names)

    # ------------------------------------------------------------------------------------------------------- the waves

    def run(self) -> StoreReading:
        for entity in self._scope:
            if entity.store is None:
                self._sought[entity.full_name] = SoughtRecord(entity, "not asked", reason="no store is described")
        waiting: list[StoreQuestion] = []
        while questions := [*waiting, *self._questions(waiting)]:
            answers = zip(questions, self._ask(questions), strict=True)
            waiting = [question for question, answer in answers if not self._take(question, answer)]
        for entity in self._scope:
            if entity.full_name not in self._sought:
                reason = "nothing that is known identifies its record"
                self._sought[entity.full_name] = SoughtRecord(entity, "not known", reason=reason)
        order = (entity.full_name for entity in self._scope)
        return StoreReading(self._graph, self._seeds, {name: self._sought[name] for name in order})

    def _questions(self, waiting: Sequence[StoreQuestion]) -> Iterator[StoreQuestion]:
        """What can be asked now, and was not yet: of an entity by its key, or else by whatever identifies a record."""
        found = self._reading().found
        asked = {question.entity.full_name for question in waiting}
        open_ones = [e for e in self._scope if self._is_open(e.full_name) and e.full_name not in asked]
        if not open_ones:
            return
        known = self._known(open_ones, found)
        for entity in open_ones:
            question = self._question(entity, known)
            if question is not None:
                yield question

    def _is_open(self, name: EntityName) -> bool:
        return name not in self._sought or self._sought[name].whether == "absent"

    def _question(self, entity: Entity, known: Mapping[FieldName, PossibleValues]) -> StoreQuestion | None:
        by_key = False
        for names in (*identifying(entity), *self._seeding(entity)):
            own = {name: known.get(entity.full_name.of(name)) for name in names}
            if not own or any(each is None for each in own.values()):
                continue
            if entity.store is None or not entity.store.can_be_asked(own):
                continue
            if by_key and names != entity.key:
                return None  # no record with its key: one that shares another value is another record
            by_key = by_key or names == entity.key
            where = {name: each.values for name, each in own.items() if each is not None}
            whole = all(each.whole for each in own.values() if each is not None)
            loose = not whole or any(each.alike for each in own.values() if each is not None)
            for alike in (False, True) if loose else (False,):
                marker = (entity.full_name, tuple(sorted(where.items(), key=lambda item: item[0])), alike)
                if marker not in self._asked:
                    self._asked.add(marker)
                    if not whole:
                        self._open.add(entity.full_name)
                    return StoreQuestion(entity, where, alike)
        return None

    def _seeding(self, entity: Entity) -> tuple[tuple[str, ...], ...]:
        """The fields that it is looked for by, or that a table of keys leads to it by, though they may not be unique."""
        sets = [tuple(name.field for name in self._seeds)] if entity.full_name == self._start else []
        sets += [(field,) for each in self._xref if each.entity == entity.full_name for field in each.keys.values()]
        sets += [(name.field,) for fields in self._alike for name in fields if name.entity_name == entity.full_name]
        return tuple(sets)

    def _reading(self) -> StoreReading:
        return StoreReading(self._graph, self._seeds, self._sought)

    def _known(
        self, open_ones: list[Entity], found: Mapping[EntityName, HeldValues]
    ) -> dict[FieldName, PossibleValues]:
        """What is known of the fields that identify records of these entities."""
        record = self._reading().values()
        given = {**({} if self._start in found else self._seeds), **record}
        settled = {
            field.full_name
            for name, sought in self._sought.items()
            if sought.whether == "found"
            for field in sought.entity.fields.values()
        }
        wanted = {entity.full_name.of(name) for entity in open_ones for names in identifying(entity) for name in names}
        known = {name: PossibleValues((value,), whole=True) for name, value in self._seeds.items()}
        for name, values in self._referenced(found).items():
            known.setdefault(name, values)
        journey = travel(self._graph, given, self._budget, settled)
        for name, values in carried(journey, given).items():
            known.setdefault(name, values)
        for name, values in traced_back(self._graph, given, wanted, found, self._budget).items():
            known.setdefault(name, values)
        for fields in self._alike:
            given_ones = [self._seeds[name] for name in fields if name in self._seeds]
            for name in fields:
                known.setdefault(name, PossibleValues(tuple(given_ones), whole=True, alike=True))
        return known

    def _referenced(self, found: Mapping[EntityName, HeldValues]) -> dict[FieldName, PossibleValues]:
        """What tables of keys say."""
        known: dict[FieldName, PossibleValues] = {}
        for reference in self._xref:
            known |= self._into(reference, found)
            held = found.get(reference.entity)
            for name, field in reference.keys.items() if held is not None else ():
                value = held.get(field) if held is not None else None
                if value is not None:
                    key = name.of(self._graph.contracts.entities[name].key[0])
                    known[key] = PossibleValues((value,), whole=True)
        return known

    def _into(
        self, reference: CrossReference, found: Mapping[EntityName, HeldValues]
    ) -> dict[FieldName, PossibleValues]:
        known: dict[FieldName, PossibleValues] = {}
        for name, field in reference.keys.items():
            key = self._graph.contracts.entities[name].key[0]
            value = found[name].get(key) if name in found else self._seeds.get(name.of(key))
            if value is not None:
                known[reference.entity.of(field)] = PossibleValues((value,), whole=True)
        return known

    def _take(self, question: StoreQuestion, answer: StoreAnswer) -> bool:
        """Take in an answer; False where it is still to come."""
        entity = question.entity
        match answer:
            case StillAsked():
                return False
            case NotReachable(reason):
                self._sought[entity.full_name] = SoughtRecord(entity, "not reachable", reason=reason)
            case FoundRecords((), _) if entity.full_name in self._open and question.alike:
                reason = "more spellings of its key are possible than were tried"
                self._sought[entity.full_name] = SoughtRecord(entity, "not known", reason=reason)
            case FoundRecords((), _):
                self._sought[entity.full_name] = SoughtRecord(entity, "absent")
            case FoundRecords((record,), False):
                self._sought[entity.full_name] = SoughtRecord(entity, "found", record)
            case FoundRecords(records, more):
                keys = tuple({name: record[name] for name in entity.key if name in record} for record in records)
                many = f"more than {len(records)}" if more else f"{len(records)}"
                reason = f"{many} records fit"
                self._sought[entity.full_name] = SoughtRecord(entity, "several", keys=keys, reason=reason)
        return True
