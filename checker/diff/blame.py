"""The causes of a regression: each change on the record's way is undone by itself, to see whether the failure ends.

Every change whose undoing alone prevents the failure is named. Where none does, several changes cause the failure
independently: then a minimal set is named that prevents it when all its changes are undone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...contracts.model import Contracts
from ...estate.load import Estate
from ..judging.context import Context
from .regression import beyond, passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...contracts.model import Field, System
    from ...documents.names import EntityName
    from ...lineage.flow import Flow
    from ..change import Change
    from .regression import Regression
    from .versions import Versions


def causes(versions: Versions, failure: Regression) -> tuple[Change, ...]:
    """The changes that cause a failure, in the order of the files."""
    way = _Way(versions, failure)
    if len(way.candidates) < 2 or failure.judgement.record is None:
        return way.candidates
    alone = tuple(change for change in way.candidates if not way.fails((change,)))
    if alone or way.fails(way.candidates):
        return alone or way.candidates
    needed = list(way.candidates)
    for change in way.candidates:
        rest = [other for other in needed if other is not change]
        if not way.fails(rest):
            needed = rest
    return tuple(needed)


class _Way:
    """The part of the estate between an entry and a failure, as an estate in which changes can be undone."""

    def __init__(self, versions: Versions, failure: Regression) -> None:
        self._versions = versions
        self._failure = failure
        names, passed_links = passed(failure.obligation)
        names |= set(failure.judgement.record or ())
        names |= {name for link in passed_links for name in (*link.reads, link.target.full_name)}
        # Whether a field is required may depend on others, and on all that decides about them.
        graph = versions.after.graph
        beside = graph.upstream(
            [n for name in names if name in graph.fields for _, c in graph.storage(name).conditional for n in c.fields]
        )
        links = {*passed_links, *graph.links_into(beside)}
        self._flows = [link.flow for link in sorted(links, key=lambda link: link.number)]
        self._names = sorted(names | beside)
        self._changed = {id(change.after): change for change in versions.changes.of_flows if change.after is not None}
        self.candidates = self._on_the_way()

    def fails(self, undone: Sequence[Change]) -> bool:
        """Whether the record still fails when some changes are undone."""
        context = Context(self._with(undone), budget=self._versions.after.budget)
        entity = context.estate.contracts.entity(self._failure.entity.full_name)
        record = self._failure.judgement.record or {}
        if entity is None or entity.kind != "entry":
            return False
        if any(n in context.graph.fields and value not in context.judge.accepted(n) for n, value in record.items()):
            return False
        effect = self._failure.obligation.effect
        return any(d.effect == effect and beyond(d) and d.is_broken_by(record) for d in context.obligations(entity))

    def _on_the_way(self) -> tuple[Change, ...]:
        changes = self._versions.changes
        on_the_way = [change for name in self._names for change in changes.at(name)]
        on_the_way += [self._changed[id(flow)].change for flow in self._flows if id(flow) in self._changed]
        on_the_way = on_the_way or list(changes.all)
        return tuple(sorted(dict.fromkeys(on_the_way), key=lambda change: change.order))

    def _with(self, undone: Sequence[Change]) -> Estate:
        """The way in the version after, with some changes undone."""
        contracts = self._versions.after.estate.contracts
        kept: dict[EntityName, dict[str, Field]] = {}
        for name in self._names:
            field = contracts.field(name)
            if field is not None and (restored := self._restored(field, undone)) is not None:
                kept.setdefault(name.entity_name, {})[field.name] = restored
        systems: dict[str, System] = {}
        for full_name, fields in kept.items():
            entity = contracts.entities[full_name]
            system = systems.get(entity.system) or replace(contracts.systems[entity.system], entities={})
            small = replace(entity, fields=fields)
            systems[entity.system] = replace(system, entities={**system.entities, entity.name: small})
        estate = self._versions.after.estate
        flows = tuple(flow for known in self._flows if (flow := self._restored_flow(known, undone)) is not None)
        return Estate(estate.root, estate.name, None, Contracts(dict(sorted(systems.items()))), flows, {})

    def _restored(self, field: Field, undone: Iterable[Change]) -> Field | None:
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
                case "fill":
                    field = replace(field, fill=earlier.fill, filled_by=earlier.filled_by)
                case "unique":
                    field = replace(field, unique=earlier.unique)
                case _:
                    field = earlier
        return field

    def _restored_flow(self, flow: Flow, undone: Iterable[Change]) -> Flow | None:
        changed = self._changed.get(id(flow))
        return changed.before if changed is not None and changed.change in undone else flow
