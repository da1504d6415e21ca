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
    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ...lineage.transform import NoValue
    from ...values.valueset import Value
    from ..finding import FieldValues
    from ..judging.context import Context
    from ..judging.judgement import Judgement
    from ..preconditions.obligation import Obligation, Origin
    from .record_search import RecordSearch, Sets

_Held: TypeAlias = "tuple[str, Value | NoValue]"
"""The name of a value's type, and the value: 1 is not True."""


class NewlyEqual:
    """Compares what pairs of records leave behind in two versions."""

    def __init__(self, before: Context, after: Context, searching: RecordSearch) -> None:
        self._before, self._after = before, after
        self._searching = searching

    def found(self, entity: Entity, obligation: Obligation, origin: Origin, sets: Sets) -> Judgement | None:
        """A record in these sets of which something is lost, with a twin that differed before; None: none was found."""
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
