"""What an entry refused: facts for whoever helps the person who typed it. Something else keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

LONGEST_SUBJECT = 200
"""Characters of the key of a subject."""


@dataclass(frozen=True, slots=True)
class RefusedAttempt:
    """One violated clause of a record that an entry refused."""

    when: datetime
    channel: str
    """The full name of the entry."""
    subject: str | None
    """The key of the person or the record, by which the attempt is found again; None: not told."""
    fields: tuple[str, ...]
    """Own names; several where a downstream flow joins them."""
    obligation: str
    """What was demanded, in the language of the entry, without a value."""
    system: str
    """The nearest system that demands it."""
    values: Mapping[str, str | None]
    """What was typed, by field. Personal."""


class AttemptKeeper(Protocol):
    """Keeps what was refused."""

    def keep(self, attempts: Sequence[RefusedAttempt]) -> None:
        """Keep some attempts. Raises FieldlineError where that fails."""


def checked_subject(subject: str | None) -> str | None:
    """The key of a subject. Raises ValueError, whose message holds nothing of it."""
    if subject is not None and not (0 < len(subject) <= LONGEST_SUBJECT and subject.isprintable()):
        raise ValueError(f"a subject is a text of at most {LONGEST_SUBJECT} visible characters")
    return subject
