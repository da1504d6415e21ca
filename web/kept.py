"""Where a server keeps the records that are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..estate.kept_attempts import KeptAttempts

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

    @classmethod
    def of(cls, said: KeptAttempts | None, place: str | None, key: str | None, days: int | None) -> AttemptPlace | None:
        """The place that an estate says, but for what was given instead; None: they are not kept."""
        usual = said or KeptAttempts("")
        given = place or (None if said is None else said.place)
        return None if given is None else cls(given, key or usual.key, days or usual.days)

    def opened(self) -> AttemptKeeper:
        """The store there. Raises Unreadable."""
        from ..rows.attempts.store import AttemptStore

        return AttemptStore(self.place, self.key, self.days)
