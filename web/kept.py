"""Where a server keeps the records that are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..application.attempts import AttemptKeeper


@dataclass(frozen=True, slots=True)
class AttemptPlace:
    """The place, as `fieldline serve` is told it: it travels to the workers, which open it."""

    place: str
    """A file of SQLite's, or `env:VARIABLE`."""
    key: str
    """The environment variable with the key."""
    days: int
    """How long an attempt is kept."""

    def opened(self) -> AttemptKeeper:
        """The store there. Raises Unreadable."""
        from ..rows.attempts.store import AttemptStore

        return AttemptStore(self.place, self.key, self.days)
