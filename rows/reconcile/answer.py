"""The answer of a reconciliation: what two systems hold of the same records, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...checker.record.stop import WRONG_STATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ...checker.record.stop import StopState
    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName
    from ...estate.load import Estate


@dataclass(frozen=True, slots=True)
class StateCount:
    """So many records in a state."""

    state: StopState
    reason: str | None
    """Why it is not known, or why the record was refused."""
    records: int


@dataclass(frozen=True, slots=True)
class ReconciledField:
    """One field of the second entity."""

    field: Field
    counts: tuple[StateCount, ...] = ()
    """The records that do not hold what they must, most first; the others do."""
    unread: str | None = None
    """Why nothing is known of it in any record; None: it was compared."""
    carriers: tuple[str, ...] = ()
    """Who or what brings it."""

    @property
    def wrong(self) -> int:
        """The records in which something is wrong with it."""
        return sum(each.records for each in self.counts if each.state in WRONG_STATES)


@dataclass(frozen=True, slots=True)
class ReconciledPair:
    """The records of two entities, held against each other."""

    source: Entity
    target: Entity
    key: tuple[str, ...]
    """The fields of the second by which a record of the first is found there."""
    source_records: int
    target_records: int
    withheld: int
    """Records of the first that the condition of the flows leaves out."""
    matched: int
    """Records that were found in both."""
    agreeing: int
    """Those that hold what they must in every field that was compared."""
    missing: tuple[StateCount, ...]
    """Records of the first that are not in the second."""
    extra: int
    """Records of the second that none of the first becomes."""
    elsewhere: tuple[EntityName, ...]
    """Other entities that such records may come from; none: nothing explains them."""
    several: int
    """Records of both that share a key, of which none was compared."""
    fields: tuple[ReconciledField, ...]
    """All that the first feeds, in the order of the contract."""

    @property
    def is_explained(self) -> bool:
        """Whether records beyond those of the first are no fault."""
        return not self.extra or bool(self.elsewhere)

    @property
    def compared(self) -> tuple[ReconciledField, ...]:
        """The fields that were compared."""
        return tuple(each for each in self.fields if each.unread is None)

    @property
    def is_open(self) -> bool:
        """Whether something is not known."""
        states = [each.state for each in (*self.missing, *(c for field in self.fields for c in field.counts))]
        return "not known" in states or bool(self.several) or len(self.compared) < len(self.fields)

    @property
    def is_wrong(self) -> bool:
        """Whether something is known to be wrong."""
        counts = (*self.missing, *(c for field in self.fields for c in field.counts))
        return not self.is_explained or any(each.state in WRONG_STATES for each in counts)


@dataclass(frozen=True, slots=True)
class ReconcileAnswer:
    """Two systems, held against each other."""

    estate: Estate
    first: str
    """As they were named."""
    second: str
    pairs: Sequence[ReconciledPair]
    now: datetime
    unpaired: Mapping[EntityName, str] = field(default_factory=dict)
    """Entities of the second that flows of the first lead to and that could not be compared, with the reason."""

    @property
    def is_well(self) -> bool:
        """Whether all records hold what they must by now, as far as the flows lead, and nothing is not known."""
        return bool(self.pairs) and not self.unpaired and not any(p.is_wrong or p.is_open for p in self.pairs)
