"""The result of an audit: the rows that a system stores, against its own contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...checker.requirement.requirement import NotKnown
    from ...contracts.model import Entity
    from ..judged import Broken, Repeated


@dataclass(frozen=True, slots=True)
class Audited:
    """The rows of one entity."""

    entity: Entity
    rows: int | None
    """None: the database has no such table."""
    obligations: int
    """The number of constraints checked."""
    broken: tuple[Broken, ...] = ()
    """Constraints that some row breaks, most rows first."""
    repeated: tuple[Repeated, ...] = ()
    absent: tuple[str, ...] = ()
    """Fields of the contract without a column in the table: null in every row."""
    ignored: tuple[str, ...] = ()
    """Columns that are no field."""
    not_known: tuple[NotKnown, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether every row meets the contract, as far as known."""
        return self.rows is not None and not self.broken and not self.repeated
