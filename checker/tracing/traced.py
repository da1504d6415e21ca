"""What a trace finds: the failures of a value, the entries that let it in, and everything else that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import date, timedelta

    from ...contracts.constraint import Constraint
    from ...contracts.model import Entity, Field, Owner, Repair, System
    from ...documents.names import FieldName
    from ...lineage.transform import Transform
    from ...values.valueset import Value, ValueSet
    from ..finding import FieldValues, Finding, Hop, Verdict
    from ..judging.simulate import Arrival, Journey
    from .asked import Asked


@dataclass(frozen=True, slots=True)
class TracedFailure:
    """A field that rejects the value, or may reject it."""

    field: Field
    value: Value | None
    """As it arrives there; None also where a step on the way fails on it."""
    constraints: tuple[Constraint, ...]
    """The constraints that reject it; none where a step on the way fails on it."""
    after: timedelta
    """The time from the traced value to the rejection, as far as the flows state their lag."""
    hops: tuple[FieldName, ...]
    """The fields after the traced one, the rejecting one last; only the rejecting one if that is the traced one."""
    by_engine: bool = False
    """Whether it depends on the engine that runs a step on the way: what another engine makes of the value is accepted."""

    @property
    def owner(self) -> Owner | None:
        """The owner of the rejecting field."""
        return self.field.owner

    @property
    def repair(self) -> Repair | None:
        """The repair there: its owner, its duration, its contact."""
        return self.field.repair


@dataclass(frozen=True, slots=True)
class Root:
    """An entry, and whether it accepts a record that becomes the traced value."""

    entry: Entity
    verdict: Verdict
    """Of "no record it accepts becomes this value": refuted by a record, proved, or unknown."""
    record: FieldValues | None
    """A shortest record that becomes it."""
    hops: tuple[Hop, ...]
    """The record's journey to the traced field."""
    passed: tuple[str, ...]
    """Systems that accepted the value and passed it on, the entry's first: each of them could have rejected it."""
    reason: str | None
    another: Value = None
    """Another value, typed in the record's only field, that becomes it as well; null: there is none, or none is known."""
    instead: str | None = None
    """The text nearest to that of the record's only field that every system accepts; None: none is known."""

    accepts: ValueSet | None = None
    """What the entry and every system downstream accept in the record's only field.

    None: not known, or the value is one of these.
    """

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields where it is typed; none where that is not known."""
        return tuple(self.entry.fields[name.field] for name in self.record or ())

    @property
    def owner(self) -> Owner | None:
        """The owner of the entry, who can fix it."""
        return self.fields[0].owner if self.fields else self.entry.owner

    @property
    def repair(self) -> Repair | None:
        """The repair at the entry: its owner, its duration, its contact."""
        return self.fields[0].repair if self.fields else None


AdviceKind: TypeAlias = Literal["rejected", "depends", "altered", "missing", "not known", "taken", "accepted"]
"""The value is rejected; it depends on the rest of the record; it is not held everywhere as it was entered; a system lacks
the record; what becomes of it is not known; it is accepted unless another record has it; it is accepted."""


@dataclass(frozen=True, slots=True)
class Advice:
    """The facts that a customer is told."""

    kind: AdviceKind
    fields: tuple[Field, ...]
    """Where the value was entered, or else where it is rejected, or looked at; several where it was joined of them."""
    speaker: System | None = None
    """The system with words of its own: where the value was let in, if anywhere; else the one that rejects it."""
    allowed: ValueSet | None = None
    """What may be entered in the field; None: not known, or there are several fields."""
    repair: Repair | None = None
    """Who repairs it, where that is needed and known."""
    unique_in: tuple[System, ...] = ()
    """The systems in which another record may have the value."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The result of tracing one value at one field, or one record."""

    asked: Asked
    rejected_by: tuple[Constraint, ...]
    """The field's own constraints that reject it."""
    journey: Journey
    """Its course downstream, on the assumption that the record holds it."""
    failures: tuple[TracedFailure, ...]
    """The rejections: by the field itself, or else downstream, soonest first."""
    doubts: tuple[TracedFailure, ...]
    """The fields with opaque rules that may reject it, soonest first."""
    unknowns: tuple[Arrival, ...]
    """The arrivals whose value is unknown."""
    consequences: tuple[Finding, ...]
    """What a check finds about the records with this value beyond these rejections: it depends on their other fields,
    alters the value, or keeps it out."""
    altered: tuple[tuple[Arrival, Transform], ...]
    """The arrivals at which a step makes another value of it, with that step. Of an entry's own values: only where
    something is lost."""
    unique_in: tuple[Arrival, ...]
    """The arrivals in fields that hold no value twice: it is rejected there if another record holds it already."""
    roots: tuple[Root, ...]
    """Every entry upstream, refuted ones first: it can come from every one that is not proved."""
    advice: Advice
    """What support may tell the customer."""
    today: date | None = None
    """The day of the run, where a verdict may depend on it."""

    @property
    def field(self) -> Field:
        """The field traced; of a record, the first that has a value."""
        return self.asked.field

    @property
    def value(self) -> Value:
        """Its value."""
        return self.asked.value

    @property
    def cause(self) -> Root | None:
        """The entry that let the value in, where that is known."""
        return next((root for root in self.roots if root.verdict == "refuted"), None)

    @property
    def is_open(self) -> bool:
        """Whether something is not known: what becomes of it, or what it was."""
        unknown = any(finding.verdict == "unknown" for finding in self.consequences)
        came = any(root.verdict == "unknown" or root.another is not None for root in self.roots)
        return bool(self.doubts or self.unknowns or unknown or came or self.journey.endless)

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong, whatever else the record holds, unless the value is taken (`unique_in`)."""
        return not (self.failures or self.consequences or self.altered or self.is_open)
