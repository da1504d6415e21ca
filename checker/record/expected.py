"""What each system must hold of a record: what the flows give of what the systems before it hold, as it stores it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from ...lineage.transform import REJECTED, UNKNOWN, NoValue
from ...values.instants import later
from ..judging.simulate import travel
from .keys import is_grounded

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Graph
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..judging.simulate import Arrival, Journey
    from .search import StoreReading
    from .stop import StopState


@dataclass(frozen=True)
class Expectation:
    """What arrives in one field of what some systems hold."""

    arrivals: tuple[Arrival, ...]
    """All that may arrive; none: no flow brings anything."""
    is_known: bool
    """Whether all of it is sure, and made from known values."""

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """As the system stores it."""
        return tuple(a.stored for a in self.arrivals if a.goes_on and not isinstance(a.stored, NoValue))

    @property
    def rejected(self) -> tuple[Arrival, ...]:
        """What it rejects, or what a step on the way fails on."""
        return tuple(arrival for arrival in self.arrivals if arrival.is_rejected)

    def is_met(self, entity: Entity, held: Value) -> bool:
        """Whether a value that its store holds is one of those that arrive."""
        store = entity.store
        return any(same_held(store.holding(value) if store else value, held) for value in self.values)

    @cached_property
    def lag(self) -> timedelta | None:
        """The longest time that it takes, as the flows state it; None where one of them does not."""
        longest = timedelta(0)
        for arrival in self.arrivals:
            taken = _lag(arrival)
            if taken is None:
                return None
            longest = max(longest, taken)
        return longest

    @cached_property
    def origins(self) -> tuple[FieldName, ...]:
        """The fields that it was made from."""
        return tuple(dict.fromkeys(leaf for arrival in self.arrivals for leaf in arrival.leaves))


NOTHING_EXPECTED = Expectation((), is_known=True)


def same_held(one: Value, other: Value) -> bool:
    """Whether two values of a field are the same: 1 is 1.00, and True is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    try:
        return one == other
    except TypeError:  # an instant with a zone, and one without
        return False


def expectation(journey: Journey, record: Collection[FieldName], name: FieldName) -> Expectation:
    """What arrives in a field on a journey that began with the known values of a record."""
    arrivals = tuple(a for a in journey.arrivals.get(name, ()) if a.link is not None)
    if not arrivals:
        return NOTHING_EXPECTED
    is_known = all(
        a.sure and not a.doubts and a.value is not UNKNOWN and is_grounded(a, journey, record) for a in arrivals
    )
    return Expectation(arrivals, is_known and not journey.endless)


class Expected:
    """What arrives of what some entities hold, and nothing of any other."""

    def __init__(
        self, reading: StoreReading, holders: Collection[EntityName], settled: Collection[EntityName], budget: Budget
    ) -> None:
        """`settled`: the entities whose values are known, so that nothing arrives there; `holders` are among them."""
        self._record = reading.values(iter(holders))
        fields = {field.full_name for n in settled for field in reading.graph.contracts.entities[n].fields.values()}
        self.journey: Journey = travel(reading.graph, self._record, budget, fields)

    def at(self, name: FieldName) -> Expectation:
        """What arrives in a field."""
        return expectation(self.journey, self._record, name)

    def lacks(self, entity: EntityName) -> tuple[FieldName, ...]:
        """The fields that a record of the entity must have, and that nothing brings: so it is rejected there."""
        return tuple(
            field.full_name
            for creation in self.journey.lacking
            if creation.entity.full_name == entity
            for field in creation.unwritten
        )


def failed_step(arrival: Arrival) -> bool:
    """Whether a step on the way fails on the value."""
    return arrival.value is REJECTED


def _lag(arrival: Arrival) -> timedelta | None:
    if arrival.link is None:
        return timedelta(0)
    before = [_lag(source) for source in arrival.sources]
    own = timedelta(0) if arrival.link.is_default else arrival.link.flow.lag
    if own is None or any(each is None for each in before):
        return None
    return own + max((each for each in before if each is not None), default=timedelta(0))


def earliest(graph: Graph, found: Collection[EntityName]) -> tuple[EntityName, ...]:
    """Those of some entities that no other of them feeds; of entities that feed each other, all."""
    fed_by = {name: _upstream(graph, name) for name in found}
    return tuple(
        name for name in found if not any(name != o and o in fed_by[name] and name not in fed_by[o] for o in found)
    )


def _upstream(graph: Graph, name: EntityName) -> set[EntityName]:
    fields = [field.full_name for field in graph.contracts.entities[name].fields.values()]
    return {field.entity_name for field in graph.upstream(fields)} - {name}


# -------------------------------------------------------------------------------------------------------------- time


@dataclass(frozen=True, slots=True)
class Moment:
    """When a record last changed, as exactly as its system says: an instant, or some time of a day."""

    first: datetime
    last: datetime


def moment_of(held: object) -> Moment | None:
    """The moment that a record's own field for it names; None where it has none, or another kind of value."""
    match held:
        case datetime() if held.tzinfo is not None:
            return Moment(held, held)
        case date() if not isinstance(held, datetime):
            start = datetime.combine(held, time(), UTC)
            return Moment(
                later(start, -timedelta(hours=14)), later(start, timedelta(hours=36))
            )  # of that day in whatever zone
        case _:
            return None


def state_by_time(
    lag: timedelta | None,
    sources: Sequence[Moment | None],
    changed: Moment | None,
    now: datetime,
    *,
    is_late_where_absent: bool,
) -> tuple[StopState, datetime | None]:
    """The state of what does not hold what it must, by the clock, and when it is due; None: nothing says that it is late.

    `lag`: the time that it takes. `sources`: when each record that it comes from last changed; `changed`: its own.
    `is_late_where_absent`: it is not there, in a system that says when records change.
    """
    moments = [moment for moment in sources if moment is not None]
    if lag is None or not moments or len(moments) < len(sources):
        return "differs", None
    due = later(max(moment.last for moment in moments), lag)
    if now < due:
        return "not yet due", due
    first = max(moment.first for moment in moments)
    is_overdue = is_late_where_absent or (changed is not None and changed.last < first)
    return "overdue" if is_overdue else "differs", due
