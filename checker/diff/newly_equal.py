"""Losses of two records that only the version after makes equal, of an alteration that both versions have.

A field that was altered before is altered now, in the same place: that is no news as long as the same records lose
something. So a record and its twin are looked at in the version before. Where they left different contents there, and none
of them was rejected, the loss is new. A few records are tried: this finds losses, and never proves that there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ...values.valueset import ValueSet
from ..judging.simulate import travel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ...lineage.transform import NoValue
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..judging.context import Context
    from ..judging.judgement import Judgement
    from ..preconditions.obligation import Obligation, Origin
    from .record_search import RecordSearch, Sets
    from .touched import Touched

_Held: TypeAlias = "tuple[str, Value | NoValue]"
"""The name of a value's type, and the value: 1 is not True."""


class NewlyEqual:
    """Compares what pairs of records leave behind in two versions."""

    def __init__(self, before: Context, after: Context, searching: RecordSearch, touched: Touched) -> None:
        self._before, self._after = before, after
        self._searching = searching
        self._touched = touched

    def found(self, entity: Entity, obligation: Obligation, origin: Origin, sets: Sets) -> Judgement | None:
        """A record in these sets of which something is lost, with a twin that differed before; None: none was found."""
        if not self._may_leave_something_else(origin.field.full_name, list(sets)):
            return None
        for _ in range(self._after.budget.tried_values):
            judgement = self._searching.judge(sets, ()).judge(obligation, origin, entity.full_name)
            if judgement.verdict != "refuted" or judgement.record is None:
                return None
            record, twin, lost_in = judgement.record, judgement.twin, judgement.lost_in
            if twin is None or lost_in is None:
                return None
            if self._were_apart(record, twin, lost_in):
                return judgement
            name = next(name for name in record if record[name] != twin.get(name))
            sets = {**sets, name: sets.get(name, ValueSet.everything()) - ValueSet.exactly([record[name]])}
        return None

    def _may_leave_something_else(self, target: FieldName, names: Sequence[FieldName]) -> bool:
        """Whether records may leave something else than before where they are altered, or further on from there."""
        held = self._touched.held_otherwise
        if not held:
            return False
        entities = {name.entity_name for name in self._after.graph.downstream([target])}
        here = {name for name in held if name.entity_name in entities}
        sides = (self._before.graph, self._after.graph)
        return any(
            not here.isdisjoint(graph.downstream([name for name in names if name in graph.fields])) for graph in sides
        )

    def _were_apart(self, first: FieldValues, second: FieldValues, entity: EntityName) -> bool:
        """Whether two records surely left different contents in an entity before, and were rejected nowhere."""
        left = [self._left(record, entity) for record in (first, second)]
        return None not in left and left[0] != left[1]

    def _left(self, record: FieldValues, entity: EntityName) -> dict[FieldName, frozenset[_Held]] | None:
        """What a record leaves in the fields of an entity; None: it is rejected, or not sure."""
        graph = self._before.graph
        known = graph.contracts.entity(entity)
        if known is None or not record.keys() <= graph.fields.keys():
            return None
        journey = travel(graph, record, self._before.budget)
        arrived = {field.full_name: journey.arrivals.get(field.full_name, ()) for field in known.fields.values()}
        if journey.endless or journey.fails or not all(each.sure for here in arrived.values() for each in here):
            return None
        return {
            name: frozenset((type(each.stored).__name__, each.stored) for each in here if each.goes_on)
            for name, here in arrived.items()
        }
