"""The flows between two entities: under which key a record of the first is in the second, and what it must hold there.

What is expected of one record is simulated, as for a record that is looked for (`expected`). A *route* is the same for
all records: the steps of one way, for whoever does them in bulk.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as member
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from ...lineage.transform import TextTransform, ways
from ...lineage.transforms.fixed import Default, Identity
from ...lineage.transforms.stored import EmptyAsNull
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from ..judging.simulate import travel
from .expected import Expectation, expectation
from .keys import identifying

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...estate.directory import CrossReference
    from ...lineage.condition import Condition
    from ...lineage.graph import Graph
    from ...lineage.link import Link
    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.valueset import Value


@dataclass(frozen=True, slots=True)
class RoutePart:
    """A value that a link makes of others, as its target stores it."""

    link: Link
    sources: tuple[RouteValue, ...]


RouteValue: TypeAlias = "RoutePart | FieldName"
"""What a field holds on the way: made by a link, or read in the first entity."""


@dataclass(frozen=True, slots=True)
class CrossingRoute:
    """One way of a value from the first entity into a field of the second."""

    when: Condition | None
    """It carries only records that meet it; it reads fields of the first entity."""
    value: RoutePart


@dataclass(frozen=True)
class CrossedField:
    """A field of the second entity that the first one feeds."""

    field: Field
    reads: tuple[FieldName, ...]
    """The fields of the first entity that it depends on."""
    elsewhere: tuple[EntityName, ...]
    """Other entities that its values may come from."""
    routes: tuple[CrossingRoute, ...] | None
    """Every way from the first entity; None: they are not as plain as that, and each record is simulated."""
    opaque: str | None
    """Why nothing is known of it, whatever the record; None: it is known of some records at least."""
    _graph: Graph = member(repr=False)
    passed: frozenset[FieldName] = member(repr=False)
    """The fields on the way, itself included."""
    _budget: Budget = member(repr=False)

    def expected(self, record: Mapping[FieldName, Value]) -> Expectation:
        """What arrives of the values that a record holds in `reads`; one that is left out is not known."""
        journey = travel(self._graph, record, self._budget, self._settled)
        return expectation(journey, record, self.field.full_name)

    @cached_property
    def is_taken_always(self) -> bool:
        """Whether no step on any way fails on a text, and no system rejects one: no record is refused for this field."""
        return self.routes is not None and all(_takes_texts(self._graph, r.value, self._budget) for r in self.routes)

    @cached_property
    def _settled(self) -> frozenset[FieldName]:
        return frozenset(self._graph.fields) - self.passed


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two entities, and the flows from the first to the second."""

    graph: Graph
    source: Entity
    target: Entity
    key: tuple[str, ...]
    """Fields of the second, by their own names, that identify a record and that the first feeds."""
    fields: tuple[CrossedField, ...]
    """All that the first feeds, those of the key among them, in the order of the contract."""
    between: tuple[CrossedField, ...] = ()
    """All that the first feeds in the entities on the way, which may refuse a record."""
    reference: CrossReference | None = None
    """The table that says under which key the second has a record, where no flow brings it; None: flows do."""

    @property
    def elsewhere(self) -> tuple[EntityName, ...]:
        """Other entities that records of the second may come from."""
        if self.reference is not None:
            return (self.reference.entity,)
        return tuple(dict.fromkeys(name for each in self.fields_of_key for name in each.elsewhere))

    @property
    def fields_of_key(self) -> tuple[CrossedField, ...]:
        """Those of the key, in its order; none where a table says the key."""
        if self.reference is not None:
            return ()
        return tuple(each for name in self.key for each in self.fields if each.field.name == name)

    @property
    def reads(self) -> tuple[FieldName, ...]:
        """The fields of the first that anything depends on."""
        return tuple(dict.fromkeys(name for each in (*self.fields, *self.between) for name in each.reads))

    @property
    def may_lack(self) -> bool:
        """Whether records may arrive without a field that they must have."""
        return any(each.entity.full_name == self.target.full_name for each in self.graph.unfilled)

    def lacking(self, expected: Sequence[Expectation]) -> tuple[FieldName, ...]:
        """The fields that a record must have and does not arrive with, so that the second entity rejects it.

        `expected`: what arrives of the record in each of `fields`.
        """
        arrived = {arrival.link for each in expected for arrival in each.arrivals if not arrival.is_lost}
        return tuple(
            unwritten.full_name
            for creation in self.graph.unfilled
            if creation.entity.full_name == self.target.full_name and not arrived.isdisjoint(creation.links)
            for unwritten in creation.unwritten
        )


def _takes_texts(graph: Graph, value: RouteValue, budget: Budget) -> bool:
    if not isinstance(value, RoutePart):
        return graph.fields[value].type == "text"
    link, stored = value.link, graph.storage(value.link.target.full_name)
    steps = [step for chain in (*link.chains, link.tail, stored.transforms) for each in chain for step in ways(each)]
    if stored.doubts or stored.conditional or (link.join is not None and link.join.kept == "refuse"):
        return False
    if not all(_never_fails(step) for step in steps):
        return False
    try:
        left = any(not (_TEXTS - rejection.accepts).is_empty(budget.glance) for rejection in stored.rejections)
    except BudgetExceeded:
        return False
    return not left and all(_takes_texts(graph, source, budget) for source in value.sources)


def _never_fails(step: Transform) -> bool:
    if isinstance(step, TextTransform):
        return not step.machine.rejects
    return isinstance(step, Identity | Default | EmptyAsNull)


_TEXTS = ValueSet.of_type("text") | ValueSet.null_only()


def crossings(
    graph: Graph,
    references: Sequence[CrossReference],
    sources: Sequence[Entity],
    targets: Sequence[Entity],
    budget: Budget,
) -> list[Crossing]:
    """The crossings from some entities to some others, in the order of the contracts.

    None where no flow brings a key, and no cross-reference names it.
    """
    found = []
    for source in sources:
        own = [each.full_name for each in source.fields.values()]
        reached = graph.downstream([name for name in own if name in graph.out_of])
        for target in targets:
            names = {name for name, each in target.fields.items() if each.full_name in reached}
            if target.full_name == source.full_name or not names:
                continue
            key = next((key for key in identifying(target) if key and set(key) <= names), None)
            reference = None if key is not None else _reference(references, source, target)
            if key is None and reference is None:
                continue
            fields = _all_crossed(graph, source, target, names, budget)
            way = {name.entity_name: None for each in fields for name in each.passed} if fields else {}
            between = [
                each
                for name in way
                if name not in (source.full_name, target.full_name)
                for each in _all_crossed(
                    graph,
                    source,
                    graph.contracts.entities[name],
                    [f for f in graph.contracts.entities[name].fields if name.of(f) in reached],
                    budget,
                )
            ]
            found.append(Crossing(graph, source, target, key or target.key, tuple(fields), tuple(between), reference))
    return found


def by_reference(graph: Graph, references: Sequence[CrossReference], source: Entity, target: Entity) -> Crossing | None:
    """The crossing by a table that names the keys of both, whether or not a flow leads from one to the other."""
    reference = _reference(references, source, target)
    return None if reference is None else Crossing(graph, source, target, target.key, (), (), reference)


def _reference(references: Sequence[CrossReference], source: Entity, target: Entity) -> CrossReference | None:
    """A table that names the keys of both."""
    return next((each for each in references if {source.full_name, target.full_name} <= each.keys.keys()), None)


def _all_crossed(
    graph: Graph, source: Entity, target: Entity, names: Collection[str], budget: Budget
) -> list[CrossedField]:
    """The fields of an entity, by their own names, that the source's flows lead to, in the order of the contract."""
    fields = (_crossed(graph, source, each, budget) for each in target.fields.values() if each.name in names)
    return [each for each in fields if each is not None]


def _crossed(graph: Graph, source: Entity, target: Field, budget: Budget) -> CrossedField | None:
    """A field that the source's flows lead to; None where the system's own default alone does."""
    passed = {target.full_name: None}
    reads: dict[FieldName, None] = {}
    elsewhere: dict[EntityName, None] = {}
    todo = [target.full_name]
    while todo:
        name = todo.pop(0)
        links = graph.into.get(name, ())
        entity = graph.contracts.entities[name.entity_name]
        if name.entity_name != target.full_name.entity_name and (not links or entity.kind == "entry"):
            elsewhere[name.entity_name] = None
        conditional = (n for _, condition in graph.storage(name).conditional for n in condition.fields)
        for other in (*(n for link in links for n in link.reads), *conditional):
            if other.entity_name == source.full_name:
                reads[other] = None
            elif other not in passed:
                passed[other] = None
                todo.append(other)
    if all(link.is_default for link in graph.into[target.full_name]):
        return None
    order = [each.full_name for each in source.fields.values() if each.full_name in reads]
    return CrossedField(
        target,
        tuple(order),
        tuple(elsewhere),
        _routes(graph, source, target.full_name),
        _opaque(graph, source, target.full_name, frozenset(passed)),
        graph,
        frozenset(passed),
        budget,
    )


def _routes(graph: Graph, source: Entity, target: FieldName) -> tuple[CrossingRoute, ...] | None:
    routes = []
    for link in _from_there(graph, source, target):
        value = _route_value(graph, source, link, (target,))
        if value is None or any(
            name.entity_name != source.full_name for name in (link.when.fields if link.when else ())
        ):
            return None
        routes.append(CrossingRoute(link.when, value))
    return tuple(routes)


def _from_there(graph: Graph, source: Entity, name: FieldName) -> Iterator[Link]:
    """The links into a field that carry something of the source's records."""
    own = {each.full_name for each in source.fields.values()}
    for link in graph.into.get(name, ()):
        if not own.isdisjoint(graph.upstream([each.full_name for each in link.sources])):
            yield link


def _route_value(graph: Graph, source: Entity, link: Link, seen: tuple[FieldName, ...]) -> RoutePart | None:
    """What a link carries, where every field on the way has one source alone; else None."""
    if not link.exact or link.is_default:
        return None
    parts: list[RouteValue] = []
    for each in link.sources:
        name = each.full_name
        if name.entity_name == source.full_name:
            parts.append(name)
            continue
        before = graph.into.get(name, ())
        if name in seen or len(before) != 1 or before[0].when is not None or graph.storage(name).conditional:
            return None
        part = _route_value(graph, source, before[0], (*seen, name))
        if part is None:
            return None
        parts.append(part)
    return RoutePart(link, tuple(parts))


def _opaque(graph: Graph, source: Entity, target: FieldName, passed: frozenset[FieldName]) -> str | None:
    """Why no record's value is known: every way goes through a step that nobody described."""
    todo, seen = [target], {target}
    steps: dict[str, None] = {}
    while todo:
        for link in _from_there(graph, source, todo.pop()):
            if not link.exact:
                unknown = (step for steps in (*link.chains, link.tail) for step in steps if not step.exact)
                steps.update((step.sentence, None) for step in unknown)
                continue
            for name in (each.full_name for each in link.sources):
                if name.entity_name == source.full_name:
                    return None
                if name in passed and name not in seen:
                    seen.add(name)
                    todo.append(name)
    return f"a step that nobody described: {', '.join(steps)}" if steps else None
