"""The faults of a record: what is wrong, where it began, who repairs it, and what comes of it further on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...values.budget import STANDARD, BudgetExceeded
from ..tracing.asked import Asked
from ..tracing.trace import traced_roots
from ..tracing.traced import Advice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...contracts.model import Entity, Impact, Owner, Repair
    from ...documents.names import EntityName
    from ...estate.load import Estate
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ..tracing.traced import Root
    from .search import StoreReading
    from .stop import HeldField, Stop


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a record, at the first system that shows it."""

    stop: Stop
    """The system where the first difference is, or that refuses the value."""
    fields: tuple[HeldField, ...]
    """Its fields that differ, or are refused."""
    roots: tuple[Entity, ...]
    """Where it began: one entity; several where it may have been any of them."""
    between: tuple[Entity, ...]
    """Systems on the way that were not read: it may have begun there as well."""
    owner: Owner | None
    """Who answers for the root."""
    repair: Repair | None
    """Who repairs it at the root; None: nobody is named, or the root is not known."""
    advice: Advice
    """What support may say to the customer, as facts."""
    instead: str | None
    """What to type instead of a value that was refused: the nearest that every system accepts; None: none is known."""
    typed: Root | None
    """Of a refused value: the entry that accepted it, with a record that becomes it; None: it is not known."""
    also: tuple[HeldField, ...]
    """What is wrong further on because of it."""

    @property
    def is_refused(self) -> bool:
        """Whether a system rejects the value: what was entered must be changed, not delivered again."""
        return any(field.constraints or field.state == "refused" for field in self.fields)

    @property
    def impacts(self) -> tuple[Impact, ...]:
        """What it means until it is repaired: for the first system that shows it, then for those further on."""
        fields = [field.field for field in (*self.fields, *self.also)]
        return tuple(dict.fromkeys(field.impact for field in fields if field.impact is not None))

    @property
    def catcher(self) -> str | None:
        """The earliest system that could have caught it: the first that let a refused value pass, or shows a difference.

        None: where a refused value came from is not known.
        """
        if not self.is_refused:
            return self.stop.entity.system
        if self.typed is not None and self.typed.passed:
            return self.typed.passed[0]
        return None if self.root is None else self.root.system

    @property
    def root(self) -> Entity | None:
        """The one place where it began; None where it may be several."""
        return self.roots[0] if len(self.roots) == 1 and not self.between else None


def faults(
    estate: Estate, reading: StoreReading, stops: Sequence[Stop], budget: Budget = STANDARD
) -> tuple[Fault, ...]:
    """What is wrong, the earliest first."""
    return _Faults(estate, reading, stops, budget).all()


class _Faults:
    def __init__(self, estate: Estate, reading: StoreReading, stops: Sequence[Stop], budget: Budget) -> None:
        self._estate = estate
        self._graph: Graph = reading.graph
        self._reading = reading
        self._stops = stops
        self._budget = budget

    def all(self) -> tuple[Fault, ...]:
        begun = [
            (stop, fields)
            for stop in self._stops
            for fields in self._begun(stop)
            if not self._refused_before(stop, fields[0])
        ]
        wrong = [(stop, field) for stop in self._stops for field in stop.fields if field.is_wrong]
        known = {id(field) for _, fields in begun for field in fields}
        following: dict[int, list[HeldField]] = {}
        for stop, field in wrong:
            if id(field) in known:
                continue
            place = self._cause(begun, stop, field)
            if place is None:  # its cause was not seen: it is told of by itself
                begun.append((stop, (field,)))
                known.add(id(field))
            else:
                following.setdefault(place, []).append(field)
        return tuple(
            self._fault(stop, fields, tuple(following.get(place, ()))) for place, (stop, fields) in enumerate(begun)
        )

    def _begun(self, stop: Stop) -> Iterator[tuple[HeldField, ...]]:
        """The differences that begin at a system, those of one carrier and one state together."""
        groups: dict[object, list[HeldField]] = {}
        for field in stop.fields:
            if field.begins and field.is_wrong:
                told = (
                    field.field.full_name if field.state == "refused" else (field.state, field.carrier, field.between)
                )
                groups.setdefault(told, []).append(field)
            elif field.constraints and stop.state in {"not asked", "not reachable"}:
                groups.setdefault(field.field.full_name, []).append(field)
        for group in groups.values():
            yield tuple(group)

    def _refused_before(self, stop: Stop, field: HeldField) -> bool:
        """Whether a record is missing because a system before it, which was not read, refuses it."""
        return stop.whether == "absent" and any(
            other.entity.full_name in field.between and any(each.constraints for each in other.fields)
            for other in self._stops
        )

    def _cause(self, begun: Sequence[tuple[Stop, tuple[HeldField, ...]]], stop: Stop, field: HeldField) -> int | None:
        """The fault that a difference follows from: one in the same system, or upstream of it."""
        upstream = self._graph.upstream([each.field.full_name for each in stop.fields])
        entities = {name.entity_name for name in upstream}
        direct = self._graph.upstream([field.field.full_name])
        for place, (_, fields) in enumerate(begun):
            if any(each.field.full_name in direct for each in fields):
                return place
        for place, (other, _) in enumerate(begun):
            if other.entity.full_name == stop.entity.full_name or other.entity.full_name in entities:
                return place
        return None

    def _fault(self, stop: Stop, fields: tuple[HeldField, ...], also: tuple[HeldField, ...]) -> Fault:
        first = fields[0]
        if any(field.constraints for field in fields):
            return self._refused(stop, fields, also)
        between = tuple(self._entity(name) for name in first.between)
        system = self._estate.contracts.systems[stop.entity.system]
        repair, owner = first.field.repair, first.field.owner
        advice = Advice("missing" if stop.whether == "absent" else "altered", (first.field,), system, repair=repair)
        return Fault(stop, fields, (stop.entity,), between, owner, repair, advice, None, None, also)

    def _entity(self, name: EntityName) -> Entity:
        return self._graph.contracts.entities[name]

    def _refused(self, stop: Stop, fields: tuple[HeldField, ...], also: tuple[HeldField, ...]) -> Fault:
        """A value that a system rejects is repaired where it was let in."""
        first = next(field for field in fields if field.constraints)
        traced = self._traced(first)
        roots = [root for root in traced if root.verdict == "refuted"]
        open_ones = [root for root in traced if root.verdict == "unknown"]
        places = tuple(root.entry for root in (*roots, *open_ones))
        if not places:
            places = tuple(self._entity(name) for name in dict.fromkeys(o.entity_name for o in first.origins))
        one = roots[0] if len(places) == 1 and roots else None
        place = places[0] if len(places) == 1 else None
        origin = next((name for name in first.origins if place and name.entity_name == place.full_name), None)
        repair = one.repair if one else self._graph.fields[origin].repair if origin else place.repair if place else None
        owner = one.owner if one else place.owner if place else None
        speaker = None if place is None else self._estate.contracts.systems[place.system]
        entered = (one.fields if one else ()) or (first.field,)
        advice = Advice("rejected", entered, speaker, one.accepts if one else None, repair)
        return Fault(stop, fields, places, (), owner, repair, advice, one.instead if one else None, one, also)

    def _traced(self, field: HeldField) -> tuple[Root, ...]:
        """Where the refused value may have been entered: traced from the earliest system that holds it."""
        held = self._reading.values()
        origins = {name: held[name] for name in field.origins if name in held}
        if not origins:
            return ()
        first = next(iter(origins))
        same = {name: value for name, value in origins.items() if name.entity_name == first.entity_name}
        try:
            return traced_roots(self._estate, Asked(self._graph.fields[first], same), self._budget)
        except BudgetExceeded:
            return ()
