"""The answers of the use cases about rows. Nothing here needs an engine, or polars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ..application.errors import AnsweredError
    from ..contracts.model import Impact, System
    from ..documents.local_text import SpokenLanguage
    from ..estate.load import Estate
    from ..formats.errors.reported import ErrorEngine
    from .audit.audited import Audited
    from .drift import Drifted
    from .judged import Judged
    from .profile import Proposal


@dataclass(frozen=True, slots=True)
class ValidateAnswer:
    """The rows of files or of a table, against an entry's obligations."""

    estate: Estate
    judged: Judged
    language: SpokenLanguage | None = None
    """The language of `plain`; None: none was asked for."""
    plain: tuple[tuple[int, str], ...] = ()
    """Per broken constraint, the number of rows that break it and the constraint in plain words of that language."""


@dataclass(frozen=True, slots=True)
class DriftAnswer:
    """A system's contract, against the constraints of its database."""

    system: str
    fields: Sequence[Drifted]

    @property
    def is_wrong(self) -> bool:
        """Whether the contract promises more than the database accepts, or may do so."""
        return any(field.is_wrong for field in self.fields)


@dataclass(frozen=True, slots=True)
class AuditAnswer:
    """The rows that a system stores, against its own contract."""

    estate: Estate
    system: str
    entities: Sequence[Audited]
    skipped: Sequence[str]
    """Full names of the contract's entities without a file."""

    @property
    def is_clean(self) -> bool:
        """Whether every row meets the contract, as far as known."""
        return all(entity.is_clean for entity in self.entities)


@dataclass(frozen=True, slots=True)
class ProfileAnswer:
    """A contract proposed for a system, from the constraints of its database and the patterns in its rows."""

    live: System
    profiles: Mapping[str, tuple[int, Mapping[str, tuple[Proposal, ...]]]]
    """By the own name of an entity: its number of rows, and the proposals for its fields."""


@dataclass(frozen=True, slots=True)
class RejectsGroup:
    """Dead letters of one root: refused at the same field, in the same way, and let in by the same entries."""

    records: int
    values: int
    """Distinct values among them, where they are known."""
    since: datetime | None
    """The first of them, in UTC; None: the file has no times."""
    until: datetime | None
    """The last of them."""
    engines: Sequence[ErrorEngine]
    """What reported them, most records first."""
    example: AnsweredError
    """One of them, traced; not traced where it is not among the largest groups."""

    @property
    def impact(self) -> Impact | None:
        """What it means until it is repaired, as the contract of the refusing field says; None: it does not."""
        impacts = {field.impact for traced in self.example.traced for field in traced.place if field.impact is not None}
        return impacts.pop() if len(impacts) == 1 else None


@dataclass(frozen=True, slots=True)
class RejectsAnswer:
    """A file of dead letters, grouped by root."""

    estate: Estate
    file: str
    records: int
    unread: int
    """Records whose message could not be read as an error."""
    groups: Sequence[RejectsGroup]
    """Most records first. A record with several errors is in several."""
    today: date | None


@dataclass(frozen=True, slots=True)
class KeptAttempt:
    """One violated clause of a record that an entry refused, as it was kept."""

    when: datetime
    channel: str
    """The full name of the entry."""
    fields: tuple[str, ...]
    """The own names of its fields."""
    obligation: str
    """What was demanded, in words."""
    system: str
    """The system that demands it."""
    values: Mapping[str, str | None] | None
    """What was typed, by field; None: masked."""


@dataclass(frozen=True, slots=True)
class AttemptsAnswer:
    """What entries refused of a subject."""

    subject: str
    attempts: Sequence[KeptAttempt]
    """The latest first."""
    is_opened: bool
    """Whether the values are there."""
