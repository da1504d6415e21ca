"""The lineage as a graph: fields, and the links that carry values between them.

Plain adjacency by name serves the walks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import product
from operator import and_
from typing import TYPE_CHECKING

from ..values.valueset import ValueSet
from .cycles import cycles
from .engines import ANY_ENGINE, Runner
from .storage import storage
from .transform import NoValue, Varying, chain_outcomes, difference, distinct, settle, the_one, varies
from .transforms.convert import with_midnights
from .transforms.join import Concat

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ..contracts.model import Contracts, Entity, Field
    from ..documents.location import Location
    from ..documents.names import EntityName, FieldName
    from ..values.valueset import Value
    from .flow import Flow
    from .storage import Storage
    from .transform import Transform


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A flow whose fields exist, ready to be walked either way."""

    number: int
    """Its position among the estate's flows."""
    flow: Flow
    sources: tuple[Field, ...]
    target: Field
    chains: tuple[tuple[Transform, ...], ...]
    """Per source, the transforms of its value before it is joined; the only chain, where nothing is joined."""
    join: Concat | None
    tail: tuple[Transform, ...]
    """The transforms of the joined value."""

    @property
    def exact(self) -> bool:
        """Whether every step on the way is described."""
        return all(step.exact for steps in (*self.chains, self.tail) for step in steps)

    @property
    def reads(self) -> tuple[FieldName, ...]:
        """The full names of the fields it depends on: its sources, and the fields that its condition reads."""
        looked_at = self.flow.when.fields if self.flow.when else ()
        return tuple(dict.fromkeys((*(source.full_name for source in self.sources), *looked_at)))

    def apply(self, values: Sequence[Value]) -> Value | NoValue:
        """The arriving value, given each source's as its system stores it; UNKNOWN where it depends on the engine."""
        return the_one(self.outcomes(values))

    def outcomes(self, values: Sequence[Value]) -> tuple[Value | NoValue, ...]:
        """Every value that may arrive, given the value of each source as its system stores it."""
        if self.join is None:
            return chain_outcomes((*self.chains[0], *self.tail), values[0])
        carried = [chain_outcomes(chain, value) for chain, value in zip(self.chains, values, strict=True)]
        return distinct(outcome for each in product(*carried) for outcome in self._joined(self.join, each))

    def _joined(self, join: Concat, carried: Sequence[Value | NoValue]) -> tuple[Value | NoValue, ...]:
        values: list[Value] = []
        for value in carried:
            if isinstance(value, NoValue):
                return (value,)
            values.append(value)
        joined = join.apply(values)
        return (joined,) if isinstance(joined, NoValue) else chain_outcomes(self.tail, joined)

    def difference(self, values: Sequence[Value]) -> str | None:
        """What engines make of these values differently, in words; None where they agree."""
        words = (difference(chain, value) for chain, value in zip(self.chains, values, strict=True))
        known = next((each for each in words if each), None)
        if known is not None or self.join is None:
            return known
        carried = [chain_outcomes(chain, value)[0] for chain, value in zip(self.chains, values, strict=True)]
        joined = self.join.apply([value for value in carried if not isinstance(value, NoValue)])
        return None if isinstance(joined, NoValue) else difference(self.tail, joined)

    @property
    def sentence(self) -> str:
        """The transforms on the way, in words; empty where there are none."""
        if self.join is None:
            return ", ".join(step.sentence for step in self.chains[0])
        each = [
            f"{source.name}: {', '.join(step.sentence for step in chain)}"
            for source, chain in zip(self.sources, self.chains, strict=True)
            if chain
        ]
        return "; ".join([*each, ", ".join([self.join.sentence, *(step.sentence for step in self.tail)])])


@dataclass(frozen=True, slots=True)
class Dangling:
    """An end of a flow that is a field of no contract."""

    flow: Flow
    name: FieldName
    location: Location
    is_target: bool


class Graph:
    """The lineage of an estate. Flows with an end that does not exist are kept apart as `dangling`."""

    def __init__(self, contracts: Contracts, flows: Iterable[Flow]) -> None:
        self.contracts = contracts
        self.fields: Mapping[FieldName, Field] = contracts.fields
        self.dangling: list[Dangling] = []
        self.links: list[Link] = []
        self.into: dict[FieldName, list[Link]] = {}
        """Per field, the links that bring it a value, in the order of the flows."""
        self.out_of: dict[FieldName, list[Link]] = {}
        """Per field, the links that carry its value on, in the order of the flows."""
        self._storages: dict[FieldName, Storage] = {}
        self._chains: dict[tuple[ValueSet, tuple[Transform, ...]], tuple[Transform, ...]] = {}
        self._varying: dict[tuple[int, tuple[Runner, ...]], Transform] = {}
        for number, flow in enumerate(flows):
            self._add(number, flow)

    def _add(self, number: int, flow: Flow) -> None:
        missing = self._missing(flow)
        if missing:
            self.dangling += missing
            return
        join = flow.via[0] if flow.via and isinstance(flow.via[0], Concat) else None
        runners = self._runners(flow)
        plain = self._run_by(runners, tuple(step for step in flow.via if not isinstance(step, Concat)))
        tail, steps = (plain, ()) if join is not None else ((), plain)
        link = Link(
            number=number,
            flow=flow,
            sources=tuple(self.fields[source.field] for source in flow.sources),
            target=self.fields[flow.target],
            chains=tuple(
                self._settled(source.field, with_midnights((*self._run_by(runners, source.via), *steps)))
                for source in flow.sources
            ),
            join=join,
            tail=tail,
        )
        self.links.append(link)
        # the contracts' own names as keys: what is looked up is the very object, and needs no comparing
        self.into.setdefault(link.target.full_name, []).append(link)
        for name in dict.fromkeys(source.full_name for source in link.sources):
            self.out_of.setdefault(name, []).append(link)

    def _runners(self, flow: Flow) -> tuple[Runner, ...]:
        """The engines that may run a flow's steps: its own, or else those of its systems, or else any."""
        if flow.engine is not None:
            return (Runner(flow.engine),)
        ends = dict.fromkeys(name.system for name in (*(source.field for source in flow.sources), flow.target))
        engines = dict.fromkeys(engine for name in ends if (engine := self.contracts.engine_of(name)))
        return tuple(map(Runner, engines)) or ANY_ENGINE

    def _settled(self, name: FieldName, chain: tuple[Transform, ...]) -> tuple[Transform, ...]:
        """A chain, with one way of each step that all engines do alike on the values that its source may hold."""
        if not varies(chain):
            return chain
        held = reduce(and_, [rejection.accepts for rejection in self.storage(name).rejections], ValueSet.everything())
        key = (held, chain)
        settled = self._chains.get(key)
        if settled is None:
            settled = self._chains[key] = settle((*self.storage(name).transforms, *chain), held)[-len(chain) :]
        return settled

    def _run_by(self, runners: tuple[Runner, ...], steps: tuple[Transform, ...]) -> tuple[Transform, ...]:
        """Steps as these engines do them; equal steps stay one object, so that later stages work once per object."""
        return tuple([self._step_run_by(runners, step) if isinstance(step, Varying) else step for step in steps])

    def _step_run_by(self, runners: tuple[Runner, ...], step: Varying) -> Transform:
        key = (id(step), runners)  # the estate's flows keep the step alive
        known = self._varying.get(key)
        if known is None:
            known = self._varying[key] = step.run_by(runners)
        return known

    def _missing(self, flow: Flow) -> list[Dangling]:
        """The ends of a flow that are fields of no contract."""
        fields, looked_at = self.fields, flow.when.fields if flow.when else ()
        if (
            flow.target in fields
            and all(s.field in fields for s in flow.sources)
            and all(n in fields for n in looked_at)
        ):
            return []
        ends = zip((source.field for source in flow.sources), flow.source_locations, strict=True)
        missing = [Dangling(flow, name, place, is_target=False) for name, place in ends if name not in fields]
        if flow.target not in fields:
            missing.append(Dangling(flow, flow.target, flow.target_location, is_target=True))
        return missing + [
            Dangling(flow, name, flow.location, is_target=False) for name in looked_at if name not in fields
        ]

    def in_order(self, fields: Collection[FieldName]) -> list[FieldName]:
        """Those of these fields that a contract has, in the order of the contracts."""
        places = self._places
        return sorted((name for name in fields if name in places), key=places.__getitem__)

    def links_into(self, fields: Collection[FieldName]) -> list[Link]:
        """The links that bring one of these fields a value, in the order of the flows."""
        into = self.into
        return sorted((link for name in fields for link in into.get(name, ())), key=lambda link: link.number)

    @cached_property
    def _places(self) -> Mapping[FieldName, int]:
        return {name: place for place, name in enumerate(self.fields)}

    def storage(self, field: FieldName) -> Storage:
        """The storage of a field."""
        stored = self._storages.get(field)
        if stored is None:
            stored = self._storages[field] = storage(self.fields[field])
        return stored

    @cached_property
    def entries(self) -> tuple[Entity, ...]:
        """The entities where values originate, in the order of the contracts."""
        return tuple(entity for entity in self.contracts.entities.values() if entity.kind == "entry")

    @cached_property
    def cycles(self) -> tuple[frozenset[FieldName], ...]:
        """The groups of fields that form a cycle, largest first.

        A value depends on its sources and on the fields that the condition of its flow reads.
        """
        leads_to: dict[FieldName, set[FieldName]] = {}
        for link in self.links:
            for name in link.reads:
                leads_to.setdefault(name, set()).add(link.target.full_name)
        return cycles(leads_to)

    def related(self, field: FieldName) -> frozenset[FieldName]:
        """The fields that flows and their conditions connect with a field, itself included."""
        return self._groups.get(field) or frozenset((field,))

    @cached_property
    def groups(self) -> tuple[frozenset[FieldName], ...]:
        """The fields that are connected by flows and their conditions, however far apart; no field is in two groups."""
        return tuple(dict.fromkeys(self._groups.values()))

    @cached_property
    def _groups(self) -> Mapping[FieldName, frozenset[FieldName]]:
        beside: dict[FieldName, set[FieldName]] = {}
        for link in self.links:
            name = link.target.full_name
            for other in link.reads:
                beside.setdefault(name, set()).add(other)
                beside.setdefault(other, set()).add(name)
        groups: dict[FieldName, frozenset[FieldName]] = {}
        for name in beside:
            if name not in groups:
                group = frozenset(self._closure([name], lambda member: [*beside[member]]))
                groups.update(dict.fromkeys(group, group))
        return groups

    @cached_property
    def closed_cycles(self) -> frozenset[frozenset[FieldName]]:
        """The cycles that no value enters from outside."""
        return frozenset(
            cycle
            for cycle in self.cycles
            if all(source.full_name in cycle for name in cycle for x in self.into[name] for source in x.sources)
        )

    @cached_property
    def reached(self) -> frozenset[FieldName]:
        """The full names of the fields that a value from an entry can reach, those of entries included."""
        return frozenset(
            self.downstream([field.full_name for entity in self.entries for field in entity.fields.values()])
        )

    @cached_property
    def reached_entities(self) -> frozenset[EntityName]:
        """The full names of the entities with a field that a value from an entry can reach."""
        return frozenset(name.entity_name for name in self.reached)

    def downstream(self, fields: Sequence[FieldName]) -> set[FieldName]:
        """Every field that a value of these fields can reach, these included."""
        return self._closure(fields, lambda name: [link.target.full_name for link in self.out_of.get(name, ())])

    def upstream(self, fields: Sequence[FieldName]) -> set[FieldName]:
        """Every field whose value can reach one of these fields, these included."""
        return self._closure(
            fields, lambda name: [source.full_name for link in self.into.get(name, ()) for source in link.sources]
        )

    @staticmethod
    def _closure(fields: Sequence[FieldName], following: Callable[[FieldName], list[FieldName]]) -> set[FieldName]:
        seen = set(fields)
        todo = list(fields)
        while todo:
            for name in following(todo.pop()):
                if name not in seen:
                    seen.add(name)
                    todo.append(name)
        return seen
