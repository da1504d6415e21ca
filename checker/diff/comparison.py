"""Two versions of an estate with the regressions between them: the subject of every rule about a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .regression import Regressions
from .stored_rows import StoredRows
from .versions import Versions


@dataclass(frozen=True)
class Comparison(Versions):
    """The version before and the version after, each direction decided once, on first use."""

    stored: StoredRows = field(default_factory=lambda: StoredRows({}))
    """Rows that systems already hold, where the caller named them."""

    @cached_property
    def mirrored(self) -> Comparison:
        """The later version first."""
        return Comparison(self.after, self.before, self.changes.mirrored())

    @cached_property
    def regressions(self) -> Regressions:
        """The failures of the version after that the version before did not have."""
        return Regressions(Versions(self.before, self.after, self.changes))  # which does not refer back to this
