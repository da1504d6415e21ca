"""What the stores hold against what they must hold: the state of every field in every system.

Two expectations are made of each system. The first is what the flows give of the earliest systems that were read: that is
what it must hold in the end. The second is what they give of the systems directly before it, as those are: where that is
met and the first is not, the system passed on what it was given, and the difference began before it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ...values.budget import STANDARD, BudgetExceeded
from .expected import NOTHING_EXPECTED, Expected, earliest, moment_of, same_held, state_by_time
from .keys import identifying, ways_to_hold
from .stop import HeldField, Stop, StopState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from ...contracts.constraint import Constraint
    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...values.budget import Budget
    from ...values.valueset import Value
    from .asking import HeldValues
    from .expected import Expectation, Moment
    from .search import SoughtRecord, StoreReading

_WORST: tuple[StopState, ...] = (
    "refused",
    "differs",
    "overdue",
    "not yet due",
    "not known",
    "not asked",
    "as expected",
)
_UNREAD: Mapping[str, StopState] = {
    "not asked": "not asked",
    "not reachable": "not reachable",
    "not known": "not known",
    "several": "not known",
}


def compared(reading: StoreReading, now: datetime, budget: Budget = STANDARD) -> tuple[Stop, ...]:
    """The systems on the way of a record, the earliest first."""
    return _Comparison(reading, now, budget).stops()


class _Comparison:
    def __init__(self, reading: StoreReading, now: datetime, budget: Budget) -> None:
        self._reading = reading
        self._graph = reading.graph
        self._now = now
        self._budget = budget
        self._found = reading.found
        self._answered = [name for name, sought in reading.sought.items() if sought.whether in {"found", "absent"}]
        self._first = earliest(self._graph, self._found)
        self._whole = Expected(reading, self._first, self._first, budget)
        self._changed: dict[EntityName, Moment | None] = {
            name: moment_of(held.get(self._entity(name).changed or "")) for name, held in self._found.items()
        }

    def _entity(self, name: EntityName) -> Entity:
        return self._graph.contracts.entities[name]

    def _near(self, name: EntityName) -> Expected:
        holders = [other for other in self._found if other != name]
        return Expected(self._reading, holders, [other for other in self._answered if other != name], self._budget)

    def stops(self) -> tuple[Stop, ...]:
        stops = [stop for sought in self._reading.sought.values() if (stop := self._stop(sought)) is not None]
        return tuple(sorted(stops, key=lambda stop: self._distance(stop.entity.full_name)))

    @cached_property
    def _distances(self) -> Mapping[EntityName, int]:
        """How far entities are from the earliest, in flows."""
        far = dict.fromkeys(self._first, 0)
        todo = list(self._first)
        while todo:
            name = todo.pop(0)
            for field in self._entity(name).fields.values():
                for link in self._graph.out_of.get(field.full_name, ()):
                    target = link.target.full_name.entity_name
                    if target not in far:
                        far[target] = far[name] + 1
                        todo.append(target)
        return far

    @cached_property
    def _before(self) -> set[EntityName]:
        """The entities upstream of the earliest."""
        fields = [field.full_name for name in self._first for field in self._entity(name).fields.values()]
        return {name.entity_name for name in self._graph.upstream(fields)}

    def _distance(self, name: EntityName) -> int:
        return self._distances.get(name, len(self._reading.sought))

    # --------------------------------------------------------------------------------------------------- one system

    def _stop(self, sought: SoughtRecord) -> Stop | None:
        entity = sought.entity
        match sought.whether:
            case "found" if sought.held is not None:
                return self._found_stop(sought, sought.held)
            case "absent":
                return self._absent_stop(sought)
            case whether:
                return self._unread_stop(sought, _UNREAD[whether]) if self._concerns(entity) else None

    def _concerns(self, entity: Entity) -> bool:
        """Whether something of the record arrives there, as far as is known."""
        is_start = any(name.entity_name == entity.full_name for name in self._reading.seeds)
        return is_start or any(self._whole.at(field.full_name).arrivals for field in entity.fields.values())

    def _made(
        self, sought: SoughtRecord, state: StopState, fields: Iterator[HeldField], reason: str | None = None
    ) -> Stop:
        entity, changed = sought.entity, self._changed.get(sought.entity.full_name)
        held = sought.held or {}
        key = {name: held[name] for name in entity.key if name in held} or self._expected_key(entity)
        return Stop(
            entity,
            sought.whether,
            state,
            tuple(fields),
            key,
            None if changed is None else changed.last,
            entity.full_name in self._first,
            sought.keys,
            reason or sought.reason,
            held,
        )

    def _expected_key(self, entity: Entity) -> Mapping[str, Value]:
        names = {name: self._whole.at(entity.full_name.of(name)).values for name in entity.key}
        return {name: values[0] for name, values in names.items() if len(values) == 1}

    def _unread_stop(self, sought: SoughtRecord, state: StopState) -> Stop:
        entity = sought.entity
        fields = (
            HeldField(
                field,
                state,
                of.values if of.is_known else (),
                origins=of.origins,
                carrier=_carrier(of),
                constraints=_constraints(of) if of.is_known else (),
                reason=sought.reason,
            )
            for field, of in self._expectations(entity)
        )
        return self._made(sought, state, fields)

    def _expectations(self, entity: Entity) -> Iterator[tuple[Field, Expectation]]:
        for field in entity.fields.values():
            of = self._whole.at(field.full_name)
            if of.arrivals:
                yield field, of

    def _found_stop(self, sought: SoughtRecord, held: HeldValues) -> Stop:
        near = self._near(sought.entity.full_name)
        judged = (self._field(field, sought.entity, held, near) for field in sought.entity.fields.values())
        fields = tuple(field for field in judged if field is not None)
        states = {field.state for field in fields}
        state = _worst(states - {"not asked"})
        reason = None
        if not fields and sought.entity.full_name not in self._first:
            reason = "no flow of this estate brings anything there"
        return self._made(sought, state, iter(fields), reason)

    # ----------------------------------------------------------------------------------------- a record that is there

    def _field(self, field: Field, entity: Entity, held: HeldValues, near: Expected) -> HeldField | None:
        name = field.full_name
        is_first = entity.full_name in self._first
        of = NOTHING_EXPECTED if is_first else self._whole.at(name)
        by = near.at(name)
        main = _surer(of, by)
        value = held.get(field.name)
        if not main.arrivals:
            return self._unfed(field, value, is_held=field.name in held, is_first=is_first)
        made = HeldField(
            field,
            "as expected",
            main.values,
            value,
            field.name in held,
            origins=of.origins or main.origins,
            sources=tuple(dict.fromkeys(origin.entity_name for origin in by.origins)),
            between=self._between(by),
            carrier=_carrier(by if by.arrivals else main),
            constraints=_constraints(main),
        )
        if field.name not in held:
            return _with(made, "not asked", reason="its store does not hold this field")
        follows = by.is_met(entity, value)
        if main.is_met(entity, value):
            return made
        if any(same_held(arrival.value, value) for arrival in main.rejected):  # type: ignore[arg-type]  # None equals none
            return _with(made, "as expected", reason="its contract rejects this value")
        if not main.is_known or (by.arrivals and not by.is_known):
            return _with(made, "not known", reason="what must arrive there is not known")
        if main.rejected and not main.values:
            return _with(made, "refused", begins=True)
        refused = self._refused(entity)
        if refused:
            reason = f"the record was refused for {refused[0].name}"
            return _with(made, "refused", reason=reason)
        begins = bool(by.arrivals) and not follows
        other = self._otherwise(name, value) if begins else None
        if other is not None:
            reason = f"{other} may have brought it, and was not read"
            return _with(made, "not known", reason=reason)
        return self._late(made, entity, by if begins else main, begins=begins, in_circle=is_first)

    def _unfed(self, field: Field, value: Value, *, is_held: bool, is_first: bool) -> HeldField | None:
        """A field that nothing of the record arrives in: where the record begins, or where something is left out."""
        if is_first:
            if not is_held or field.full_name not in self._graph.out_of:
                return None
            return HeldField(field, "as expected", (), value, is_held=True, origins=(field.full_name,))
        if field.same is None or field.full_name in self._graph.into:
            return None
        alike = tuple(
            name.of(other.name)
            for name in self._first
            for other in self._entity(name).fields.values()
            if other.same == field.same
        )
        return HeldField(field, "absent", (), value, is_held, origins=alike) if alike else None

    def _refused(self, entity: Entity) -> list[Field]:
        """The fields for which an entity rejects the whole record."""
        return [field for field, of in self._expectations(entity) if of.is_known and of.rejected and not of.values]

    def _late(
        self, made: HeldField, entity: Entity, of: Expectation, *, begins: bool, in_circle: bool = False
    ) -> HeldField:
        """The state of a field that does not hold what it must, by the clock."""
        sources = [self._changed.get(name) for name in dict.fromkeys(origin.entity_name for origin in of.origins)]
        changed = self._changed.get(entity.full_name)
        never_came = entity.full_name not in self._found and entity.changed is not None
        state, due = state_by_time(of.lag, sources, changed, self._now, is_late_where_absent=never_came)
        last = max((moment.last for moment in sources if moment is not None), default=None)
        is_newer = due is not None and changed is not None and last is not None and changed.first > last
        if in_circle and is_newer and state != "not yet due":
            return _with(made, "as expected", reason="it changed later than the system that feeds it")
        return _with(made, state, begins=begins, due=due)

    def _between(self, of: Expectation) -> tuple[EntityName, ...]:
        """The entities on the way that were not read."""
        names: dict[EntityName, None] = {}
        todo = list(of.arrivals)
        while todo:
            arrival = todo.pop()
            for source in arrival.sources:
                if source.link is not None:
                    names[source.field.entity_name] = None
                    todo.append(source)
        return tuple(name for name in names if name not in self._answered)

    def _otherwise(self, name: FieldName, value: Value) -> EntityName | None:
        """An entity that was not read, and that may have brought a value on its own; None: there is none."""
        fields, seen = self._graph.fields, {name}
        try:
            ways = ways_to_hold(self._graph, name, value, fields, self._answered, self._budget)
            for origin, _ in ways:
                seen.add(origin)
                if not self._graph.into.get(origin) or self._entity(origin.entity_name).kind == "entry":
                    return origin.entity_name
        except BudgetExceeded:
            pass
        for here in seen:
            for link in self._graph.into.get(here, ()):
                unread = [
                    s.full_name.entity_name for s in link.sources if s.full_name.entity_name not in self._answered
                ]
                if (link.join is not None or not link.exact) and unread and not link.is_default:
                    return unread[0]
        return None

    # -------------------------------------------------------------------------------------- a record that is not there

    def _absent_stop(self, sought: SoughtRecord) -> Stop | None:
        entity = sought.entity
        fed = [names for names in identifying(entity) if any(entity.full_name.of(n) in self._graph.into for n in names)]
        near = self._near(entity.full_name)
        expected = {field.name: _surer(of, near.at(field.full_name)) for field, of in self._expectations(entity)}
        arriving = [names for names in fed if all(name in expected for name in names)]
        if not self._found:
            return self._made(sought, "absent", iter(()), "it has no such record")
        if not expected or (fed and not arriving):
            if entity.full_name in self._distances or entity.full_name in self._before:
                return None  # a flow's condition leaves it out; or the record may have begun elsewhere
            return self._made(sought, "absent", iter(()), "no flow brings it there")
        names = arriving[0] if arriving else tuple(expected)
        fields = tuple(self._missing(entity, of, near, names, expected) for of in expected.values())
        state = _worst({field.state for field in fields})
        return self._made(sought, state, iter(fields), next((f.reason for f in fields if f.reason), None))

    def _missing(
        self,
        entity: Entity,
        of: Expectation,
        near: Expected,
        names: Collection[str],
        expected: Mapping[str, Expectation],
    ) -> HeldField:
        """A field of a record that is not there; `names` are the fields that identify it."""
        field = self._graph.fields[of.arrivals[0].field]
        by = near.at(field.full_name)
        made = HeldField(
            field,
            "not known",
            of.values,
            origins=self._whole.at(field.full_name).origins or of.origins,
            sources=tuple(dict.fromkeys(origin.entity_name for origin in by.origins)),
            between=self._between(by),
            carrier=_carrier(of),
            constraints=_constraints(of),
        )
        refused = self._refused(entity)
        if field in refused:
            return _with(made, "refused", begins=True)
        if refused:
            return _with(made, "refused", reason=f"the record was refused for {refused[0].name}")
        lacking = self._whole.lacks(entity.full_name)
        if lacking:
            return _with(made, "refused", reason=f"the record arrives without {lacking[0].field}", begins=True)
        key = [expected[name] for name in names]
        doubtful = any(arrival.doubts or arrival.is_rejected for each in expected.values() for arrival in each.arrivals)
        if doubtful or not all(each.is_known for each in key):
            return _with(made, "not known", reason="whether a record must be there is not known")
        if all(None in each.values for each in key):
            return _with(made, "not known", reason="its key is null")
        begins = all(near.at(entity.full_name.of(name)).arrivals for name in names)
        return self._late(made, entity, by if begins and by.arrivals else of, begins=begins)


def _surer(of: Expectation, by: Expectation) -> Expectation:
    """What must arrive in the end; or what the systems directly before give, where that alone is known."""
    return by if not of.arrivals or (by.arrivals and by.is_known and not of.is_known) else of


def _worst(states: Collection[StopState]) -> StopState:
    return next((state for state in _WORST if state in states), "as expected")


def _carrier(of: Expectation) -> str | None:
    carriers = (a.link.flow.by for a in of.arrivals if a.link is not None and a.link.flow.by is not None)
    return next(carriers, None)


def _constraints(of: Expectation) -> tuple[Constraint, ...]:
    if of.values:
        return ()
    return tuple(dict.fromkeys(constraint for arrival in of.rejected for constraint in arrival.rejections))


def _with(
    made: HeldField,
    state: StopState,
    *,
    begins: bool = False,
    due: datetime | None = None,
    reason: str | None = None,
) -> HeldField:
    return replace(made, state=state, begins=begins, due=due, reason=reason)
