"""Demands: what a field downstream asks of fields upstream, seen through all that happens in between.

A demand stands at one field, or at several of one record. It remembers what it follows from: a constraint or a step
of a
flow right there (its origins), or demands further downstream (its continuations). So nothing is listed twice, paths are
counted and followed by pointers, and every answer can say why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from ...values.record import write_record
from ...values.textset import TextSet
from ...values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...contracts.constraint import Constraint
    from ...contracts.model import Field
    from ...documents.location import Location
    from ...documents.names import FieldName
    from ...lineage.graph import Link
    from ...lineage.transform import Transform
    from ...values.valueset import Value

_Name = TypeVar("_Name")

Effect: TypeAlias = Literal["refuse", "alter"]
"""What happens to a value that does not meet the demand: it is rejected, or it arrives altered."""

Guard: TypeAlias = "tuple[FieldName, ValueSet]"
"""The demand counts only for records in which this field (by full name) has one of these values."""


@dataclass(frozen=True, slots=True)
class OwnConstraint:
    """The origin of a demand: a constraint of the field it stands at."""

    field: Field
    constraint: Constraint

    @property
    def name(self) -> str:
        """The word for it: the constraint's key."""
        return self.constraint.name

    @property
    def sentence(self) -> str:
        """The demand in words."""
        return self.constraint.sentence

    @property
    def location(self) -> Location:
        """Where it is written."""
        return self.constraint.location


@dataclass(frozen=True, slots=True)
class FlowStep:
    """The origin of a demand: a step of a flow that would lose something, or whose effect unknown."""

    link: Link
    step: Transform

    @property
    def field(self) -> Field:
        """The field the flow leads to."""
        return self.link.target

    @property
    def name(self) -> str:
        """The word for it: the transform's name."""
        return self.step.name

    @property
    def sentence(self) -> str:
        """The step in words."""
        return self.step.sentence

    @property
    def location(self) -> Location:
        """Where the flow is written."""
        return self.link.flow.location


@dataclass(frozen=True, slots=True)
class Sought:
    """The origin of a demand made to be broken: "another value than this one", to find what becomes this one."""

    field: Field
    values: ValueSet
    """What is sought, as it arrives at the field."""

    @property
    def name(self) -> str:
        """The word for it."""
        return "sought"

    @property
    def sentence(self) -> str:
        """The demand in words."""
        return "another value"

    @property
    def location(self) -> Location:
        """Where the field is written."""
        return self.field.location


Origin: TypeAlias = OwnConstraint | FlowStep | Sought


@dataclass(frozen=True, slots=True, eq=False)
class Obligation:
    """A demand at one field or several. Made by a Composition, one object per content."""

    fields: tuple[FieldName, ...]
    """Full names. One: `accepts` is a set of its values. Several: a set of records of texts, in this order."""
    accepts: ValueSet | TextSet | None
    """None: nobody can tell (`unknown` says why)."""
    guards: tuple[Guard, ...]
    effect: Effect
    unknown: str | None
    origins: list[Origin] = field(default_factory=list)
    continuations: list[Continuation] = field(default_factory=list)

    def is_broken_by(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether a record breaks it; none does where nobody can tell."""
        return is_broken(self.fields, self.accepts, self.guards, record)

    @property
    def rejects_here(self) -> bool:
        """Whether it is a demand of the very field it stands at: a value that does not meet it is refused there.

        Rules that are not stated may be called the same in two systems, and reject different values.
        """
        if self.effect != "refuse" or self.accepts is None:
            return False
        return any(isinstance(origin, OwnConstraint) for origin in self.origins)


def is_broken(
    fields: Sequence[_Name],
    accepts: ValueSet | TextSet | None,
    guards: Iterable[tuple[_Name, ValueSet]],
    record: Mapping[_Name, Value],
) -> bool:
    """Whether a record breaks what is demanded of some fields of it. Where nobody can tell what is, no record does.

    The fields are known by full names, or by their own: the record and the guards by the same.
    """
    if any(record.get(name) not in values for name, values in guards):
        return False
    values = [record.get(name) for name in fields]
    match accepts:
        case ValueSet():
            return values[0] not in accepts
        case TextSet():
            texts = [value for value in values if value is None or isinstance(value, str)]
            return len(texts) < len(values) or any(write_record(texts) not in atom for atom in accepts.atoms)
        case None:
            return False


@dataclass(frozen=True, slots=True, eq=False)
class Continuation:
    """How a demand follows from one further downstream: what to compute to get from here to there."""

    obligation: Obligation
    """The one further downstream."""
    moves: tuple[FieldMove, ...]
    """Per field of that demand, how it comes about from the fields of this one."""


@dataclass(frozen=True, slots=True)
class FieldMove:
    """A value goes over a link, or stays where it is (`link` None)."""

    link: Link | None
    positions: tuple[int, ...]
    """Which fields of the upstream demand it is computed from."""
