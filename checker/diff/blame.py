"""The cause of a failure: the smallest set of changes whose undoing ends it.

Each change on the way is undone by itself, to see whether the failure ends. Where several each end it, the failure needs
them all: they are one joint cause. Where none does by itself, the failure has several causes, each of which would do:
then the smallest set is sought that ends it when all its changes are undone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain, combinations, islice
from typing import TYPE_CHECKING

from ...documents.names import FieldName
from ...estate.load import Estate
from ...lineage.comparison import comparison
from ...lineage.transform import NoValue, chain_apply
from ..change import THE_ESTATE
from ..judging.context import Context
from ..judging.simulate import travel
from .together import with_rules
from .ways_on import is_from_beyond, passed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from ...contracts.model import Entity, Field, System, Unique
    from ...documents.names import EntityName
    from ...lineage.flow import Flow
    from ...lineage.graph import Link
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..change import Change
    from ..finding import FieldValues
    from ..judging.ways import Demand
    from .regression import Regression
    from .versions import Versions


def causes(versions: Versions, failure: Regression) -> tuple[Change, ...]:
    """The changes that cause a failure, in the order of the files."""
    names, passed_links = passed(failure.obligation)
    names |= set(failure.judgement.record or ())
    names |= {name for link in passed_links for name in (*link.reads, link.target.full_name)}
    # Whether a field is required may depend on others, and on all that decides about them.
    graph = versions.after.graph
    beside = graph.upstream(
        [n for name in names if name in graph.fields for _, c in graph.storage(name).conditional for n in c.fields]
    )
    way = _Way(versions, names | beside, {*passed_links, *graph.links_into(beside)})
    candidates = way.changes or versions.changes.all
    if failure.judgement.record is None:
        return candidates
    return smallest(candidates, partial(_still_fails, way, failure), versions.after.budget)


def causes_of_collision(
    versions: Versions, demand: Demand, pair: tuple[FieldValues, FieldValues], candidates: tuple[Change, ...]
) -> tuple[Change, ...]:
    """Those of the candidates that make two records equal at a demand, in the order of the files."""
    graph = versions.after.graph
    names = graph.upstream([*demand.columns, *chain(*pair)])
    way = _Way(versions, names, set(graph.links_into(names)))
    return smallest(candidates, partial(_still_collide, way, demand, pair), versions.after.budget)


def causes_at(versions: Versions, field: Field, values: Collection[Value]) -> tuple[Change, ...]:
    """The changes of a field's contract because of which it rejects some of these values, in the order of the files."""
    way = _Way(versions, {field.full_name}, set())

    def rejects(undone: Sequence[Change]) -> bool:
        earlier = way.field(field, undone)
        return earlier is not None and any(value not in earlier.accepts for value in values)

    return smallest(versions.changes.by_field[field.full_name], rejects, versions.after.budget)


def smallest(
    candidates: tuple[Change, ...], fails: Callable[[Sequence[Change]], bool], budget: Budget
) -> tuple[Change, ...]:
    """The smallest set of changes without which nothing fails; all changes that prevent it alone, where there are some.

    `fails`: whether it fails with some changes undone. Of larger sets than one change, as many are tried as the budget has
    rounds; beyond it the set is one that no change can be left out of, and a smaller one may exist.
    """
    if len(candidates) < 2:
        return candidates
    alone = tuple(change for change in candidates if not fails((change,)))
    if alone or fails(candidates):
        return alone or candidates
    needed = candidates
    for change in candidates:
        rest = tuple(other for other in needed if other is not change)
        if not fails(rest):
            needed = rest
    fewer = chain.from_iterable(combinations(candidates, size) for size in range(2, len(needed)))
    return next((few for few in islice(fewer, budget.rounds) if not fails(few)), needed)


def _still_fails(way: _Way, failure: Regression, undone: Sequence[Change]) -> bool:
    """Whether the record of a regression still fails when some changes are undone."""
    context = way.without(undone)
    entity = context.estate.contracts.entity(failure.entity.full_name)
    record = failure.judgement.record or {}
    if entity is None or not _are_accepted(context, entity, record):
        return False
    effect = failure.obligation.effect
    return any(
        d.effect == effect and d.is_broken_by(record) and is_from_beyond(d) and not context.gives_back(d, entity)
        for d in context.stated(entity)
    )


def _still_collide(way: _Way, demand: Demand, pair: tuple[FieldValues, FieldValues], undone: Sequence[Change]) -> bool:
    """Whether two records still become equal, where they must differ, when some changes are undone."""
    context = way.without(undone)
    at = context.estate.contracts.entity(demand.entity.full_name)
    return at is not None and any(
        _become_equal(context, at, unique, pair)
        for unique in at.unique
        if set(unique.fields) <= set(demand.unique.fields) and not (unique.updates and pair[0] == pair[1])
    )


def _become_equal(context: Context, at: Entity, unique: Unique, pair: tuple[FieldValues, FieldValues]) -> bool:
    ends: list[list[Value]] = []
    for record in pair:
        entity = context.estate.contracts.entity(next(iter(record)).entity_name)
        if entity is None or not _are_accepted(context, entity, record):
            return False
        arrivals = travel(context.graph, record, context.budget).arrivals
        values: list[Value] = []
        for name in map(at.full_name.of, unique.fields):
            held = next((each.stored for each in arrivals.get(name, ()) if each.goes_on), NoValue.UNKNOWN)
            if isinstance(held, NoValue) or (held is None and not unique.one_null):
                return False
            compared = chain_apply(comparison(unique, context.graph.fields[name]), held)
            if isinstance(compared, NoValue):
                return False
            values.append(compared)
        ends.append(values)
    return ends[0] == ends[1]


def _are_accepted(context: Context, entity: Entity, record: FieldValues) -> bool:
    """Whether an entry accepts the values of a record, of the fields that exist."""
    fields = context.graph.fields
    return entity.kind == "entry" and all(
        name not in fields or value in context.judge.accepted(name) for name, value in record.items()
    )


class _Way:
    """A part of the version after, as an estate in which changes can be undone."""

    def __init__(self, versions: Versions, names: Collection[FieldName], links: Collection[Link]) -> None:
        self._versions = versions
        self._contracts = versions.after.estate.contracts, versions.before.estate.contracts
        self._names = sorted(with_rules(names, self._contracts))
        self._flows = [link.flow for link in sorted(links, key=lambda link: link.number)]
        self._changed = {id(change.after): change for change in versions.changes.of_flows if change.after is not None}

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes on it, in the order of the files."""
        changes = [change for name in self._names for change in self._versions.changes.at(name)]
        changes += [self._changed[id(flow)].change for flow in self._flows if id(flow) in self._changed]
        return tuple(sorted(dict.fromkeys(changes), key=lambda change: change.order))

    def without(self, undone: Sequence[Change]) -> Context:
        """It, with some changes undone. A field that only the version before has stands for a rule of that version."""
        contracts, earlier = self._contracts
        kept: dict[EntityName, dict[str, Field]] = {}
        for name in self._names:
            field = contracts.field(name) or earlier.field(name)
            if field is not None and (restored := self.field(field, undone)) is not None:
                kept.setdefault(name.entity_name, {})[field.name] = restored
        systems: dict[str, System] = {}
        for full_name, fields in kept.items():
            version = contracts if full_name in contracts.entities else earlier
            entity = version.entities[full_name]
            system = systems.get(entity.system) or replace(version.systems[entity.system], entities={})
            small = replace(entity, fields=fields, unique=self._unique(entity, undone))
            systems[entity.system] = replace(system, entities={**system.entities, entity.name: small})
        for run in (str(change.name) for change in undone if change.what == "engine"):
            if run in systems:
                own = earlier.systems[run]
                systems[run] = replace(systems[run], engine=own.engine, collation=own.collation)
            elif run == THE_ESTATE:
                contracts = replace(contracts, engine=earlier.engine, collation=earlier.collation)
        estate = self._versions.after.estate
        flows = tuple(flow for known in self._flows if (flow := self._flow(known, undone)) is not None)
        judged = replace(contracts, systems=dict(sorted(systems.items())))
        small_estate = Estate(estate.root, estate.name, None, judged, flows, {})
        return Context(small_estate, budget=self._versions.after.budget)

    def field(self, field: Field, undone: Iterable[Change]) -> Field | None:
        """The field with some changes undone; None where it did not exist."""
        earlier = self._versions.before.graph.fields.get(field.full_name)
        for change in undone:
            if change not in self._versions.changes.at(field.full_name):
                continue
            if earlier is None:
                return None
            match change.what:
                case "constraint" if change.constraint == "stored":
                    field = replace(field, stored=earlier.stored)
                case "constraint":
                    others = [c for c in field.constraints if c.name != change.constraint]
                    old = [c for c in earlier.constraints if c.name == change.constraint]
                    field = replace(field, constraints=(*others, *old))
                case "on_violation":
                    actions = {c.name: c.on_violation for c in earlier.constraints}
                    restored = (replace(c, on_violation=actions.get(c.name, c.on_violation)) for c in field.constraints)
                    field = replace(field, on_violation=earlier.on_violation, constraints=tuple(restored))
                case "engine":
                    pass  # its system's
                case "fill":
                    field = replace(field, fill=earlier.fill, filled_by=earlier.filled_by)
                case "unique":
                    field = replace(field, unique=earlier.unique)
                case _:
                    field = earlier
        return field

    def _unique(self, entity: Entity, undone: Iterable[Change]) -> tuple[Unique, ...]:
        """The demands on pairs of records, with some changes undone."""
        earlier = self._versions.before.estate.contracts.entity(entity.full_name)
        own = {entity.full_name.of(name): name for name in entity.fields}
        names = {own[c.name] for c in undone if c.what == "unique" and isinstance(c.name, FieldName) and c.name in own}
        if not names:
            return entity.unique
        kept = [unique for unique in entity.unique if names.isdisjoint(unique.fields)]
        old = [unique for unique in (earlier.unique if earlier else ()) if not names.isdisjoint(unique.fields)]
        return (*kept, *old)

    def _flow(self, flow: Flow, undone: Iterable[Change]) -> Flow | None:
        changed = self._changed.get(id(flow))
        return changed.before if changed is not None and changed.change in undone else flow
