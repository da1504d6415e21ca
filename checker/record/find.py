"""Finding records by what somebody says on the telephone: a number, a name, in the form of whatever system it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...documents.problem import EstateError
from ...values.budget import STANDARD
from ..judging.simulate import travel
from ..tracing.asked import asked_value
from .asking import FoundRecords, NotReachable, StoreQuestion, answered
from .keys import PossibleValues, carried
from .search import read_stores

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ...values.valueset import Value
    from .asking import AskStores, HeldValues


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that holds what was looked for."""

    entity: Entity
    kind: str
    """What was looked for is this of the record: "order number"."""
    seeds: Mapping[FieldName, Value]
    """What identifies it there: its key, and what was looked for."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, one hit for each record, however many systems have it."""

    hits: tuple[Hit, ...]
    asked: tuple[Entity, ...]
    """The entities whose stores were asked, those that did not answer included."""
    unread: Mapping[EntityName, str]
    """Those that did not answer, with the reason."""


def find(estate: Estate, text: str, ask: AskStores, budget: Budget = STANDARD) -> Hits:
    """Look for a text in every store, in each as that system writes it; first as it is typed, then in whatever case."""
    graph = estate.graph
    wanted = _wanted(estate, graph, text, budget)
    asked = {name.entity_name: graph.contracts.entities[name.entity_name] for name in wanted}
    unread: dict[EntityName, str] = {}
    for alike in (False, True):
        questions = [
            (kind, StoreQuestion(asked[name.entity_name], {name.field: known.values}, alike))
            for name, (kind, known) in wanted.items()
            if name.entity_name not in unread
        ]
        answers = answered(ask, [question for _, question in questions])
        hits: list[Hit] = []
        for (kind, question), answer in zip(questions, answers, strict=True):
            match answer:
                case NotReachable(reason):
                    unread[question.entity.full_name] = reason
                case FoundRecords(records):
                    hits += (_hit(question, kind, record) for record in records)
        if hits:
            return Hits(tuple(_distinct(estate, graph, hits, ask, budget)), tuple(asked.values()), unread)
    return Hits((), tuple(asked.values()), unread)


def _wanted(estate: Estate, graph: Graph, text: str, budget: Budget) -> dict[FieldName, tuple[str, PossibleValues]]:
    """The fields of stores that may hold the text, or what becomes of it, with its kind."""
    wanted: dict[FieldName, tuple[str, PossibleValues]] = {}
    for each in estate.directory.find:
        related = graph.in_order(graph.downstream(list(each.fields)) | graph.upstream(list(each.fields)))
        for name in dict.fromkeys((*each.fields, *related)):
            typed = _typed(graph, name, text)
            if typed is None:
                continue
            if _can_be_asked(graph, name):
                wanted.setdefault(name, (each.kind, PossibleValues((typed,), whole=True)))
                continue
            record = {name: typed}
            for at, known in carried(travel(graph, record, budget), record).items():
                if _can_be_asked(graph, at):
                    values = known.values + (wanted[at][1].values if at in wanted else ())
                    wanted[at] = (each.kind, PossibleValues(tuple(dict.fromkeys(values)), whole=True))
    return wanted


def _can_be_asked(graph: Graph, name: FieldName) -> bool:
    """Whether there is a store that can be asked by a field."""
    store = graph.contracts.entities[name.entity_name].store
    return store is not None and store.can_be_asked([name.field])


def _typed(graph: Graph, name: FieldName, text: str) -> Value:
    """The text as a value of a field; None where it is none."""
    try:
        return asked_value(graph.fields[name], text)
    except EstateError:
        return None


def _hit(question: StoreQuestion, kind: str, record: HeldValues) -> Hit:
    entity = question.entity
    names = (*entity.key, *question.where)
    return Hit(entity, kind, {entity.full_name.of(name): record[name] for name in names if name in record})


def _distinct(estate: Estate, graph: Graph, hits: Sequence[Hit], ask: AskStores, budget: Budget) -> Iterator[Hit]:
    """One hit for each record: two of them are of one record where a search for the first finds the second."""
    left = list(hits)
    while left:
        first = left.pop(0)
        yield first
        if not left:
            return
        found = read_stores(estate, graph, first.seeds, ask, budget).values()
        left = [hit for hit in left if not all(found.get(name) == value for name, value in hit.seeds.items())]
