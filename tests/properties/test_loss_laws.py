"""What is not called lost can be told apart: the law of `loss`, on random estates.

Where neither a loss nor anything unknown is reported of an entry, any two records that it accepts and that differ in one
field leave different contents in every entity that receives both, unless the step where they become equal treats them as
one on purpose; and a value arrives wherever its record does.
"""

from __future__ import annotations

from itertools import combinations
from random import Random  # noqa: TC003 - hypothesis reads the annotation
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.verdict.check import check
from fieldline.lineage.transform import NoValue

from .estates import Written, comes_from, every_record, written_estates
from .strategies import tries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldline.checker.finding import FieldValues, Finding
    from fieldline.checker.judging.simulate import Arrival, Journey
    from fieldline.contracts.model import Entity
    from fieldline.documents.names import EntityName, FieldName
    from fieldline.lineage.graph import Graph
    from fieldline.lineage.transform import Transform
    from fieldline.values.valueset import Value

MOST_RECORDS = 30


class Judged:
    """An estate and what a check reports of it."""

    def __init__(self, written: Written) -> None:
        self.context = Context(written.load())
        self.graph: Graph = self.context.graph
        self.findings = check(self.context.estate).findings

    def told(self, name: FieldName) -> list[Finding]:
        """What is lost of a field, or unknown about it."""
        return [
            finding
            for finding in self.findings
            if name in finding.fields and (finding.rule == "loss" or finding.verdict == "unknown")
        ]


@tries(15)
@given(written_estates(), st.randoms(use_true_random=False))
def test_what_is_not_called_lost_can_be_told_apart(written: Written, rng: Random) -> None:
    judged = Judged(written)
    for entity in judged.graph.entries:
        records = every_record(entity, 2)
        if len(records) > MOST_RECORDS:
            records = rng.sample(records, MOST_RECORDS)
        arrived = [(record, travel(judged.graph, record)) for record in records]
        passed = [
            (record, journey)
            for record, journey in arrived
            if not (journey.endless or journey.rejections() or journey.doubts() or journey.unknowns())
        ]
        for record, journey in passed:
            every_value_arrives_with_its_record(judged, entity, record, journey)
        for first, second in combinations(passed, 2):
            differ = [name for name in first[0] if not is_same(first[0][name], second[0].get(name))]
            if len(differ) == 1 and not judged.told(differ[0]):
                contents_differ(judged, differ[0], first, second)


def contents_differ(
    judged: Judged, name: FieldName, first: tuple[FieldValues, Journey], second: tuple[FieldValues, Journey]
) -> None:
    downstream = judged.graph.downstream([name])
    entities: dict[EntityName, list[FieldName]] = {}
    for field in downstream:
        entities.setdefault(field.entity_name, []).append(field)
    for entity, fields in entities.items():
        one, two = (contents(journey, fields) for _, journey in (first, second))
        if entity == name.entity_name or one != two or not any(one.values()):
            continue
        if any(is_written_twice(judged.graph, field) for field in fields):
            continue
        if not any(
            comes_from(a, name) for _, journey in (first, second) for f in fields for a in journey.arrivals.get(f, ())
        ):
            continue  # a condition on the way leaves out both records, and another source fills the field
        pairs = [
            (a, b)
            for field in fields
            for a in first[1].arrivals.get(field, ())
            for b in second[1].arrivals.get(field, ())
            if a.link is b.link
        ]
        assert any(is_forgiven(judged.graph, a, b) for a, b in pairs), (first[0], second[0], entity, one)


def is_written_twice(graph: Graph, field: FieldName) -> bool:
    """Whether two flows of one entity write a field: which of them comes last, and stays, is not said."""
    sources = [link.sources[0].full_name.entity_name for link in graph.into.get(field, ())]
    return len(set(sources)) < len(sources)


def contents(journey: Journey, fields: Sequence[FieldName]) -> dict[FieldName, set[tuple[str, Value | NoValue]]]:
    return {
        field: {(type(a.stored).__name__, a.stored) for a in journey.arrivals.get(field, ()) if a.goes_on}
        for field in fields
    }


def is_forgiven(graph: Graph, first: Arrival, second: Arrival) -> bool:
    """Whether two arrivals became equal at a step that treats their values as one, or on a flow whose loss is meant."""
    link = first.link
    if link is None or second.link is not link:
        return False
    if become_one(graph.storage(first.field).transforms, first.value, second.value):
        return True
    if link.flow.accept_loss:
        return True
    for place, (a, b) in enumerate(zip(first.sources, second.sources, strict=True)):
        if is_same(a.stored, b.stored):
            if is_forgiven(graph, a, b):
                return True
        elif become_one(link.chains[place], a.stored, b.stored):
            return True
    if link.join is not None and are_empty(first, second):
        return True
    if link.join is not None:
        ends = [joined(first), joined(second)]
        return ends[0] is not None and become_one(link.tail, ends[0], ends[1])
    return False


def are_empty(first: Arrival, second: Arrival) -> bool:
    """Whether two joined values differ in parts alone that are null in one and the empty text in the other."""
    assert first.link is not None
    parts = [
        (run(chain, a.stored), run(chain, b.stored))
        for chain, a, b in zip(first.link.chains, first.sources, second.sources, strict=True)
    ]
    return all(is_same(a, b) or {a, b} == {None, ""} for a, b in parts)


def joined(arrival: Arrival) -> Value | NoValue:
    link = arrival.link
    assert link is not None
    assert link.join is not None
    values = []
    for chain, source in zip(link.chains, arrival.sources, strict=True):
        value = run(chain, source.stored)
        if isinstance(value, NoValue):
            return value
        values.append(value)
    return link.join.apply(values)


def run(chain: Sequence[Transform], value: Value | NoValue) -> Value | NoValue:
    for step in chain:
        if isinstance(value, NoValue):
            return value
        value = step.apply(value)
    return value


def become_one(chain: Sequence[Transform], first: Value | NoValue, second: Value | NoValue) -> bool:
    """Whether two different values become equal at a step of a chain to which both are unaltered values."""
    for step in chain:
        if isinstance(first, NoValue) or isinstance(second, NoValue) or is_same(first, second):
            return False
        one, two = step.apply(first), step.apply(second)
        if not isinstance(one, NoValue) and not isinstance(two, NoValue) and is_same(one, two):
            return first in step.unaltered and second in step.unaltered
        first, second = one, two
    return False


def is_same(first: Value | NoValue, second: Value | NoValue) -> bool:
    return type(first) is type(second) and first == second


def every_value_arrives_with_its_record(judged: Judged, entity: Entity, record: FieldValues, journey: Journey) -> None:
    for name, value in record.items():
        if value is None:
            continue
        links = judged.graph.out_of.get(name, ())
        for target in dict.fromkeys(link.target.full_name.entity_name for link in links):
            if target == entity.full_name:
                continue
            mine = [link for link in links if link.target.full_name.entity_name == target]
            if any(is_written_twice(judged.graph, link.target.full_name) for link in mine):
                continue
            came = list(arrivals_over(journey, target, entity))
            if came and not any(arrival.link in mine for arrival in came):
                told = [f for f in judged.findings if f.rule == "loss" or f.verdict == "unknown"]
                assert any(name in f.fields for f in told) or any(link.flow.accept_loss for link in mine), (
                    name,
                    target,
                )


def arrivals_over(journey: Journey, target: EntityName, source: Entity) -> Iterator[Arrival]:
    """What an entity received straight from another."""
    for name, arrived in journey.arrivals.items():
        if name.entity_name == target:
            for arrival in arrived:
                if any(origin.field.entity_name == source.full_name for origin in arrival.sources):
                    yield arrival
