"""What breaks a rule over records, and why: found once, for a check and for a comparison of two versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..finding import Finding

if TYPE_CHECKING:
    from ...documents.location import Location
    from ...documents.names import EntityName, FieldName
    from ..change import Change
    from ..finding import Binding, FieldValues
    from ..rule import Rule

BreachKind: TypeAlias = Literal["unfed", "late", "channels-differ", "stale", "wrong-direction", "wrong-amount"]
"""The name of the rule of `check` that reports it."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Two fields, of an entry and of another system or of two entries, that do not go together as a rule demands."""

    kind: BreachKind
    sentence: str
    """One sentence; everything in it is already escaped."""
    entry: FieldName
    """The entry's field."""
    other: FieldName
    """The field that it does not reach in time, or that does not accept what it accepts."""
    binding: Binding
    location: Location
    witness: FieldValues | None = None
    """A value that one entry accepts and the other rejects."""
    is_plain: bool = False
    """Whether the witness consists of letters and digits."""
    reason: str | None = None
    """Why it is not known whether the demand is met; None: it is not met."""

    @property
    def subject(self) -> tuple[BreachKind, FieldName, FieldName]:
        """What stays the same of it from version to version."""
        return (self.kind, self.entry, self.other)

    @property
    def entity(self) -> EntityName:
        """The entry."""
        return self.entry.entity_name

    def finding(self, rule: Rule[Any], causes: tuple[Change, ...] = ()) -> Finding:
        """As a finding of a rule."""
        return Finding(
            rule=rule.name,
            severity=rule.severity,
            verdict="refuted" if self.reason is None else "unknown",
            message=self.sentence,
            location=self.location,
            entry=None if self.kind == "stale" else self.entity,
            field=self.entry,
            fields=tuple(dict.fromkeys((self.entry, self.other))),
            binding=self.binding,
            witness=self.witness,
            plain=self.witness if self.is_plain else None,
            reason=self.reason,
            causes=causes,
        )
