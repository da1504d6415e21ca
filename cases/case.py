"""A case: something that is wrong with a record, or a known fault that many records share, until it is seen to be well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from ..documents.local_text import SpokenLanguage

CaseKind: TypeAlias = Literal["record", "fault"]
"""Of one record; or of a root, which collects the records that share its fault."""
CaseState: TypeAlias = Literal["waiting", "taken", "arriving", "closed"]
"""With a team, and nobody has taken it; somebody has; said to be repaired, and still on its way; seen to be well."""
CaseAct: TypeAlias = Literal[
    "opened",
    "joined",
    "taken",
    "handed over",
    "given back",
    "note",
    "told",
    "looked again",
    "arriving",
    "closed",
    "promise broken",
    "send again",
    "contact",
    "attempt",
    "arrival",
    "letter",
    "sent",
]
"""What a line of the history is about."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case is about, without a value of the record: enough to say it in any language."""

    fault: str
    """The identity of the fault: records with the same one share a root."""
    about: Mapping[str, Any]
    """The kind of the fault, titles of systems and fields by language: plain JSON."""
    team: str
    """Who repairs it."""
    usual: timedelta | None = None
    """How long that usually takes, as the contract says it."""
    calendar: str | None = None
    """The name of the calendar that it is counted by, or when the team works in words; None: every hour counts."""
    critical: bool = False
    """Whether it cannot wait."""


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A case, as it is now."""

    number: int
    version: int
    """Goes up with every change: whoever changes an older one is told."""
    kind: CaseKind
    state: CaseState
    record: str | None
    """The opaque name of the record; None: of a known fault."""
    parent: int | None
    """The case of the known fault that it belongs to."""
    facts: CaseFacts
    person: str | None
    """Who has taken it."""
    opened: datetime
    opened_by: str
    promised: datetime | None
    """By when the team that has it now usually repairs such a thing; None: nobody says."""
    told: datetime | None
    """When the customer was told."""
    told_language: SpokenLanguage | None
    next_word: datetime | None
    """When the customer hears again."""
    closed: datetime | None
    began: datetime
    """When the first word of it came: a call or a refused attempt before anybody opened it, or when that was."""

    @property
    def is_open(self) -> bool:
        """Whether it is not seen to be well yet."""
        return self.state != "closed"

    def is_broken(self, now: datetime) -> bool:
        """Whether a promise is broken: it is not repaired in time, or the customer was not told again."""
        return self.is_open and any(moment is not None and moment < now for moment in (self.promised, self.next_word))


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was done. Lines are only added."""

    at: datetime
    by: str
    act: CaseAct
    text: str
    """In the words of whoever did it; empty: none."""
    about: Mapping[str, Any]
    """Facts: the teams of a hand-over, what was seen when the stores were read again."""
