"""Findings: the faults of an estate, each with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from ..documents.location import Location
    from ..documents.names import EntityName, FieldName
    from ..lineage.transform import NoValue
    from ..values.span import Span
    from ..values.valueset import Value
    from .change import Change

FieldValues: TypeAlias = "Mapping[FieldName, Value]"
"""Values by full field name."""


class Severity(Enum):
    """How much a finding matters; ordered by `rank`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Higher is worse."""
        return {"error": 2, "warning": 1, "info": 0}[self.value]


Verdict: TypeAlias = Literal["proved", "refuted", "unknown"]
"""Of the claim that nothing goes wrong: proved, refuted by a witness, or not decided. Unknown is never safe."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The binding constraint: its field, its name, its location."""

    field: FieldName
    """Full name."""
    constraint: str
    """The key in the contract, or the name of the transform."""
    sentence: str
    """In words. May hold raw text of the author's."""
    location: Location
    source: str | None = None
    """Where the rule behind it is documented, as the contract says."""

    @property
    def system(self) -> str:
        """The system's name."""
        return self.field.system

    @property
    def entity(self) -> str:
        """The entity's own name."""
        return self.field.entity


@dataclass(frozen=True, slots=True)
class Hop:
    """A value at one field of its journey."""

    field: FieldName
    """Full name."""
    value: Value | NoValue
    """As it arrives there."""
    transform: str
    """The transforms on the way there, in words; empty at the beginning and where there are none."""
    lag: timedelta | None
    """The time the flow to this field takes."""
    step: int
    """The number of flows before it: 0 at the entry; the same for fields that are joined side by side."""
    by: str | None = None
    """Who carries it there; None: nobody is named, or it is where it began."""


@dataclass(frozen=True, slots=True)
class Still:
    """What a change that ended a failure leaves of it: values that failed before and still do."""

    binding: Binding
    """As the version after has it."""
    verdict: Verdict
    """Refuted by `witness`; or unknown, for the reason in `reason`."""
    witness: FieldValues | None
    """A record that failed before and fails now."""
    hops: tuple[Hop, ...]
    span: Span | None
    """Of what fails now; None: not known."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, or one question that could not be decided."""

    rule: str
    severity: Severity
    verdict: Verdict
    message: str
    """One sentence, the verdict first, with the concrete value; everything in it is already escaped."""
    location: Location
    """The place to look at first: the entry's field, the flow, the contract."""
    entry: EntityName | None = None
    """The entry entity's full name; None where no entry is concerned."""
    field: FieldName | None = None
    """The field's full name."""
    fields: tuple[FieldName, ...] = ()
    """Every field concerned, by full name, where several together fail."""
    binding: Binding | None = None
    witness: FieldValues | None = None
    """The record that proves it, as typed at the entry."""
    second: FieldValues | None = None
    """Another record that becomes equal to it (collision, loss)."""
    hops: tuple[Hop, ...] = ()
    """The witness's journey to the place where it fails."""
    span: Span | None = None
    """The range of the values that fail as the witness does (where a failure is resolved: that no longer fail); of joined
    fields, of the measures of the joined text. None: not known."""
    plain: FieldValues | None = None
    """A record that fails likewise, of letters and digits; None: none is known."""
    still: Still | None = None
    """What still fails, where the finding is that a failure is resolved, but not all of it is; None: nothing."""
    reason: str | None = None
    """The reason for verdict `unknown`."""
    causes: tuple[Change, ...] = ()
    """Where versions are compared: the changes that cause it, each of which matters."""
    against: tuple[str, ...] = ()
    """Where a version is compared with several: the names of those from which it differs by this."""

    @property
    def order(self) -> tuple[int, str, str, str, str, str]:
        """The sort key: worst first, then by rule and name; stable from run to run."""
        binding = self.binding
        return (
            -self.severity.rank,
            self.rule,
            str(self.field or ""),
            str(binding.field) if binding else "",
            binding.constraint if binding else "",
            f"{self.location.file}:{self.location.line:08}:{self.location.column:05}:{self.message}",
        )
