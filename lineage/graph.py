"""The lineage as a graph: fields, and the links that carry values between them.

Plain adjacency by name serves the walks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from .carrying import CarriedAlike, Carrying
from .cycles import cycles
from .filling import creations, default_flows
from .joining import null_apart
from .link import Carried, Link
from .transforms.join import Concat

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from ..contracts.model import Contracts, Entity, Field
    from ..documents.location import Location
    from ..documents.names import FieldName
    from .filling import Creation
    from .flow import Flow
    from .storage import Storage


__all__ = ["Dangling", "Graph", "Link"]


def _rejects_own_default(field: Field) -> bool:
    """Whether what a field gets where no flow writes it is what its own constraints reject."""
    return field.fill is not None and field.fill.value is not None and field.fill.value not in field.accepts


def _names(fields: Iterable[Field]) -> Iterable[FieldName]:
    """Their full names, each once."""
    return dict.fromkeys(field.full_name for field in fields)


def _as_written(link: Link) -> Carried:
    """The transforms of a flow from one field, whatever runs them."""
    return Carried((tuple(step for step in link.flow.via if not isinstance(step, Concat)),))


@dataclass(frozen=True, slots=True)
class Dangling:
    """An end of a flow that is a field of no contract."""

    flow: Flow
    name: FieldName
    location: Location
    is_target: bool


class Graph:
    """The lineage of an estate. Flows with an end that does not exist are kept apart as `dangling`."""

    def __init__(self, contracts: Contracts, flows: Iterable[Flow], like: Graph | None = None) -> None:
        """`like`: that of another version of the estate: what both have, and run alike, is worked out once."""
        self.contracts = contracts
        self.carrying: Carrying = Carrying(
            contracts, None if like is None else CarriedAlike(like.carrying, (like.contracts, contracts), like.links)
        )
        self._like = like
        self.fields: Mapping[FieldName, Field] = contracts.fields
        self.dangling: list[Dangling] = []
        self.links: list[Link] = []
        self.into: dict[FieldName, list[Link]] = {}
        """Per field, the links that bring it a value, in the order of the flows."""
        self.out_of: dict[FieldName, list[Link]] = {}
        """Per field, the links that carry its value on, in the order of the flows."""
        self.implied: list[Link] = []
        """What nobody wrote as a flow: what systems put into fields that no flow writes, as links of the records that
        flows create there, and the null that a join makes of null. They stand in `into` and `out_of`, not in `links`."""
        self._downstream: dict[FieldName, set[FieldName]] = {}
        self._work_out = self.carrying.carried
        for number, flow in enumerate(flows):
            self._add(number, flow)
        self._add_defaults()
        self._part_nulls()

    def _add(self, number: int, flow: Flow) -> None:
        missing = self._missing(flow)
        if missing:
            self.dangling += missing
            return
        ends = tuple(self.fields[source.field] for source in flow.sources), self.fields[flow.target]
        when = flow.when and self.carrying.condition(self.carrying.runners(flow), flow.when)
        link = Link(number, flow, ends, when, self._work_out)
        self.links.append(link)
        self._connect(link)

    def _add_defaults(self) -> None:
        """Add what systems fill in, of fields that something downstream depends on, and null where it may be rejected."""
        stores = {name: self.storage(name) for name in self.conditional}
        conditional = {name: (*stored.conditional, *stored.checks) for name, stored in stores.items()}
        read = {name for link in self.links for name in link.reads}
        read |= {n for conditions in conditional.values() for _, condition in conditions for n in condition.fields}
        filled = {n for n in read if n in self.fields and (self.fields[n].fill or self.fields[n].filled_by)}
        filled |= {n for n, field in self.fields.items() if _rejects_own_default(field)}
        if self._like is not None:  # what a flow filled there is null here, and not just left out of the lineage
            filled |= {n for n in read if n in self.fields and self._like.is_written(n) and not self.is_written(n)}
        filled |= {n for n in conditional if self.fields[n].fill is None and self.fields[n].filled_by is None}
        for entity in dict.fromkeys(name.entity_name for name in sorted(filled)):
            for creation in creations(self.contracts.entities[entity], self.into, self._dangling_targets):
                for field in creation.unwritten:
                    for flow in default_flows(creation, field) if field.full_name in filled else ():
                        source = self.fields[flow.sources[0].field]
                        self._imply(Link(self._next, flow, ((source,), field), flow.when, _as_written))

    def _part_nulls(self) -> None:
        """Part the flows that join values by null, where an engine makes null of the whole."""
        for place, link in enumerate(self.links):
            if link.join is None:
                continue
            runners = self.carrying.runners(link.flow)
            as_run = partial(self.carrying.condition, runners)
            ways = link.join.null_ways(runners)
            parted = null_apart(link, ways, self._stored, as_run, self._next)
            one = link.joined_by(replace(link.join, nulls=ways[0].rule)) if parted is None else parted[0]
            self.links[place] = one
            for beside in (self.into[link.target.full_name], *(self.out_of[name] for name in _names(link.sources))):
                beside[beside.index(link)] = one
            if parted is not None:
                self._imply(parted[1])

    def _stored(self, field: Field) -> Storage:
        return self.storage(field.full_name)

    @property
    def _next(self) -> int:
        return len(self.links) + len(self.dangling) + len(self.implied)

    def _imply(self, link: Link) -> None:
        self.implied.append(link)
        self._connect(link)

    def _connect(self, link: Link) -> None:
        # the contracts' own names as keys: what is looked up is the very object, and needs no comparing
        self.into.setdefault(link.target.full_name, []).append(link)
        if not (link.flow.via and link.is_default):
            self.carrying.written.add(link.target.full_name)
        for name in _names(link.sources):
            self.out_of.setdefault(name, []).append(link)

    @property
    def _dangling_targets(self) -> frozenset[FieldName]:
        return frozenset(end.flow.target for end in self.dangling)

    @cached_property
    def conditional(self) -> tuple[FieldName, ...]:
        """The fields that have a rule which depends on other fields of the record, in the order of the contracts."""
        return tuple(name for name, field in self.fields.items() if field.is_conditional)

    @cached_property
    def unfilled(self) -> tuple[Creation, ...]:
        """Per entity and source that creates its records, where the record lacks fields that must be filled in.

        `unwritten` holds these fields alone. In the order of the contracts.
        """
        return self._lacking(self._must_be_filled)

    @cached_property
    def perhaps_unfilled(self) -> tuple[Creation, ...]:
        """Where a record lacks nothing else, and it is not known whether the fields `unwritten` must be filled in."""
        lacking = {creation.entity.full_name for creation in self.unfilled}
        perhaps = self._lacking(lambda field: field.may_lack)
        return tuple(creation for creation in perhaps if creation.entity.full_name not in lacking)

    def _lacking(self, counts: Callable[[Field], bool]) -> tuple[Creation, ...]:
        lacking: list[Creation] = []
        for creation in self._creations:
            left = tuple(field for field in creation.unwritten if counts(field))
            if left:
                lacking.append(replace(creation, unwritten=left))
        return tuple(lacking)

    @cached_property
    def _creations(self) -> tuple[Creation, ...]:
        """Those of every entity that flows lead to and that has a field to be filled in, in the order of the contracts."""
        targets = dict.fromkeys(link.target.full_name.entity_name for link in self.links)
        entities = [
            entity
            for entity in self.contracts.entities.values()
            if entity.full_name in targets
            and any(field.may_lack or self._must_be_filled(field) for field in entity.fields.values())
        ]
        dangling = self._dangling_targets
        return tuple(creation for entity in entities for creation in creations(entity, self.into, dangling))

    def _must_be_filled(self, field: Field) -> bool:
        """Whether a flow must fill it: null is really rejected, and not only declared to be."""
        return field.is_left_to_flows and any(
            None not in rejection.accepts for rejection in self.storage(field.full_name).rejections
        )

    def _missing(self, flow: Flow) -> list[Dangling]:
        """The ends of a flow that are fields of no contract."""
        fields, looked_at = self.fields, flow.when.fields if flow.when else ()
        if flow.target in fields and fields.keys() >= {*[source.field for source in flow.sources], *looked_at}:
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

    def is_written(self, field: FieldName) -> bool:
        """Whether a flow brings the field a value."""
        return field in self.carrying.written

    def storage(self, field: FieldName) -> Storage:
        """The storage of a field."""
        return self.carrying.storage(field)

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
        for link in (*self.links, *self.implied):
            for name in link.reads:
                leads_to.setdefault(name, set()).add(link.target.full_name)
        return cycles(leads_to)

    def related(self, field: FieldName) -> frozenset[FieldName]:
        """The fields that flows, their conditions and rules over a record connect with a field, itself included."""
        return self._groups.get(field) or frozenset((field,))

    @cached_property
    def groups(self) -> tuple[frozenset[FieldName], ...]:
        """The fields that are judged together, however far apart: by flows, conditions, or rules over a record.

        No field is in two groups.
        """
        return tuple(dict.fromkeys(self._groups.values()))

    @cached_property
    def _groups(self) -> Mapping[FieldName, frozenset[FieldName]]:
        beside: dict[FieldName, set[FieldName]] = {}
        for first, *more in self._judged_together():
            for other in more:
                beside.setdefault(first, set()).add(other)
                beside.setdefault(other, set()).add(first)
        groups: dict[FieldName, frozenset[FieldName]] = {}
        for name in beside:
            if name not in groups:
                group = frozenset(self._closure([name], lambda member: [*beside[member]]))
                groups.update(dict.fromkeys(group, group))
        return groups

    def _judged_together(self) -> Iterator[tuple[FieldName, ...]]:
        """Fields of which one may decide what becomes of another."""
        for link in (*self.links, *self.implied):
            yield (link.target.full_name, *link.reads)
        for creation in self.unfilled:  # all that arrives in such a record is rejected with it
            yield tuple(f.full_name for f in (*creation.unwritten, *(link.target for link in creation.links)))
        for entity in self.contracts.entities.values():
            for unique in entity.unique:
                yield tuple(entity.fields[name].full_name for name in unique.fields)
            for field in entity.fields.values():
                if field.is_conditional:
                    stored = self.storage(field.full_name)
                    for _, condition in (*stored.conditional, *stored.checks):
                        yield (field.full_name, *condition.fields)

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
    def leading_to_conditions(self) -> frozenset[FieldName]:
        """The fields whose value reaches a flow that has a condition, or a field that it reads."""
        read = [name for link in (*self.links, *self.implied) if link.when is not None for name in link.reads]
        return frozenset(self.upstream(read))

    def downstream(self, fields: Sequence[FieldName]) -> set[FieldName]:
        """Every field that a value of these fields can reach, these included."""
        if len(fields) != 1:
            return self._closure(fields, self._following)
        reached = self._downstream.get(fields[0])
        if reached is None:  # many questions are about the same field
            reached = self._downstream[fields[0]] = self._closure(fields, self._following)
        return set(reached)

    def upstream(self, fields: Sequence[FieldName]) -> set[FieldName]:
        """Every field whose value can reach one of these fields, these included."""
        return self._closure(
            fields, lambda name: [source.full_name for link in self.into.get(name, ()) for source in link.sources]
        )

    @cached_property
    def _targets(self) -> Mapping[FieldName, list[FieldName]]:
        return {name: [link.target.full_name for link in links] for name, links in self.out_of.items()}

    def _following(self, name: FieldName) -> Sequence[FieldName]:
        return self._targets.get(name, ())

    @staticmethod
    def _closure(fields: Sequence[FieldName], following: Callable[[FieldName], Sequence[FieldName]]) -> set[FieldName]:
        seen = set(fields)
        todo = list(fields)
        while todo:
            for name in following(todo.pop()):
                if name not in seen:
                    seen.add(name)
                    todo.append(name)
        return seen
