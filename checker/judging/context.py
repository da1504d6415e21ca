"""An estate with everything derived from it: its graph, its obligations, its judge."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...contracts.model import Contracts
from ...estate.load import Estate
from ...lineage.graph import Graph
from ...values.budget import STANDARD
from ..preconditions.compose import Composition
from ..preconditions.routes import origins_of
from .judge import Judge
from .lacking import lacking_entities
from .ways import ways_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...contracts.model import Entity, Field, System
    from ...documents.names import EntityName, FieldName
    from ...values.budget import Budget
    from ...values.valueset import ValueSet
    from ..preconditions.obligation import Obligation
    from .lacking import LackingEntity
    from .ways import Demand, EntryWays


class Context:
    """An estate with everything derived from it, each part computed once, on first use."""

    def __init__(
        self,
        estate: Estate,
        within: frozenset[FieldName] | None = None,
        *,
        budget: Budget = STANDARD,
        like: Context | None = None,
        inside: bool = False,
    ) -> None:
        """All of an estate, or only the part that concerns the fields `within`.

        `like`: another version of it, in the same budget, whose work is shared. `inside`: nothing is asked of a field that
        is not within.
        """
        self.estate = estate
        self.budget = budget
        """The budget of every answer about it."""
        self._within = within
        self._like = like
        self._inside = inside
        self._obligations: dict[EntityName, tuple[Obligation, ...]] = {}
        self._given_back: dict[tuple[Obligation, EntityName], bool] = {}
        self._ways: dict[int, EntryWays] = {}

    @cached_property
    def graph(self) -> Graph:
        """The lineage."""
        return Graph(self.estate.contracts, self.estate.flows, None if self._like is None else self._like.graph)

    @cached_property
    def entries(self) -> tuple[Entity, ...]:
        """The entries whose records are judged."""
        return self.graph.entries

    @cached_property
    def composition(self) -> Composition:
        """Every obligation, carried upstream."""
        like = None if self._like is None else self._like.composition
        return Composition(self.graph, self._within, budget=self.budget, like=like, inside=self._inside)

    @property
    def within(self) -> frozenset[FieldName] | None:
        """The fields that it is restricted to; None: all of the estate."""
        return self._within

    def restricted(self, within: frozenset[FieldName], like: Context | None = None, *, inside: bool = False) -> Context:
        """The same estate, restricted to these fields. `like`: another version of it, whose work is shared.

        `inside`: everything downstream of these fields is among them, and nothing is asked of another.
        """
        context = Context(self.estate, within, budget=self.budget, like=like, inside=inside)
        context.graph = self.graph
        return context

    def among(self, values: Mapping[FieldName, ValueSet], entry: Entity) -> Context:
        """The same estate, for those records of one entry alone in which fields hold some of these values."""
        context = Context(self.estate, self._within, budget=self.budget)
        context.graph, context.composition = self.graph, self.composition
        context.entries = (entry,)
        context.judge = Judge(self.composition, {name: self.judge.accepted(name) & of for name, of in values.items()})
        return context

    def entered_at(self, entity: Entity) -> Context:
        """The same estate, as if the records of an entity were entered there, and came from nowhere."""
        contracts = self.estate.contracts
        system = contracts.systems[entity.system]
        entered = replace(system, entities={**system.entities, entity.name: replace(entity, kind="entry")})
        contracts = replace(contracts, systems={**contracts.systems, system.name: entered})
        flows = tuple(flow for flow in self.estate.flows if flow.target.entity_name != entity.full_name)
        return Context(replace(self.estate, contracts=contracts, flows=flows), self._within, budget=self.budget)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields within, in the order of the contracts."""
        fields = self.graph.fields
        return tuple(fields[name] for name in self.graph.in_order(self.composition.within))

    def fields_of(self, entity: Entity) -> Iterator[Field]:
        """The fields of an entity that are within, in the order of its contract."""
        within = self.composition.within
        return (field for field in entity.fields.values() if field.full_name in within)

    @cached_property
    def judge(self) -> Judge:
        """Decides the obligations."""
        return Judge(self.composition)

    @cached_property
    def lacking(self) -> tuple[LackingEntity, ...]:
        """The entities within in which flows create records that lack a field."""
        return tuple(lacking_entities(self.judge))

    def ways(self, demand: Demand) -> EntryWays:
        """The ways of entries to a demand on pairs of records."""
        known = self._ways.get(id(demand.unique))  # the contracts keep it alive
        if known is None:
            known = self._ways[id(demand.unique)] = ways_to(self.judge, demand)
        return known

    def obligations(self, entity: Entity) -> Sequence[Obligation]:
        """The obligations on an entry, each once, without alterations that are given back: of those nothing is lost."""
        return [each for each in self.stated(entity) if not self.gives_back(each, entity)]

    def stated(self, entity: Entity) -> Sequence[Obligation]:
        """The obligations on an entry, each once: those that cannot be carried further towards it.

        An obligation may also concern a field that no value of this entry reaches; that field is empty then. What is
        altered may be given back, of which only a judgement tells: `gives_back`.
        """
        known = self._obligations.get(entity.full_name)
        if known is None:
            known = self._obligations[entity.full_name] = tuple(self._all_obligations(entity))
        return known

    def gives_back(self, obligation: Obligation, entity: Entity) -> bool:
        """Whether values of the entry are altered, and nothing is lost of any."""
        key = (obligation, entity.full_name)
        known = self._given_back.get(key)
        if known is None:
            known = self._given_back[key] = self._gives_back(obligation, entity)
        return known

    def _gives_back(self, obligation: Obligation, entity: Entity) -> bool:
        if obligation.effect != "alter" or self.judge.verdict(obligation, entity.full_name) != "refuted":
            return False
        origins = origins_of(obligation)
        return all(self.judge.judge(obligation, origin, entity.full_name).verdict == "proved" for origin in origins)

    def _all_obligations(self, entity: Entity) -> Iterator[Obligation]:
        seen: set[Obligation] = set()
        inside = set(inside_order(entity))
        reached = self.judge.reached(entity.full_name)
        for name in inside_order(entity):
            for obligation in self.composition.at.get(name, ()):
                outside = [other for other in obligation.fields if other not in inside]
                if obligation not in seen and all(
                    other not in reached or self._ends(obligation, other) for other in outside
                ):
                    seen.add(obligation)
                    yield obligation

    def unsettled_downstream(self, field: Field) -> FieldName | None:
        """A downstream field (or the field itself) whose obligations are not all known; None: there is none."""
        unsettled = self.composition.unsettled
        return min(unsettled & self.graph.downstream([field.full_name]), default=None) if unsettled else None

    def not_known_downstream(self, field: Field) -> str | None:
        """The reason why further obligations on a field may be unknown; None: all are known."""
        name = self.unsettled_downstream(field)
        if name is not None:
            return self.composition.why_unsettled(name)
        downstream = self.graph.downstream([field.full_name]) if self.graph.dangling else set()
        for end in self.graph.dangling:
            if any(source.field in downstream for source in end.flow.sources):
                return f"{end.name} takes part in a flow on the way, and no contract has it"
        return None

    def _ends(self, obligation: Obligation, name: FieldName) -> bool:
        """Whether an obligation cannot be carried further from one of its fields.

        In a cycle, an unknown obligation ends: carrying it round would add nothing.
        """
        if not self.graph.into.get(name):
            return True
        cycle = next((cycle for cycle in self.graph.cycles if name in cycle), None)
        return cycle is not None and (obligation.accepts is None or cycle in self.graph.closed_cycles)


def alone(system: System, budget: Budget = STANDARD) -> Context:
    """A system as an estate of its own, with its own contract alone."""
    return Context(Estate(Path(), system.name, None, Contracts({system.name: system}), (), {}), budget=budget)


def inside_order(entity: Entity) -> list[FieldName]:
    """The full names of an entity's fields, in the order of the contract."""
    return [field.full_name for field in entity.fields.values()]
