"""Obligations: constraints of downstream fields, carried upstream through every transform in between.

An obligation applies to one field, or to several fields of one record. It refers to its sources: a constraint or a flow
step at the same field (its origins), or obligations further downstream (its continuations). So nothing is stored twice,
paths are counted and followed by reference, and every verdict has its explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from ...values.record import write_record
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from .relation import FieldsRelation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...contracts.constraint import Constraint
    from ...contracts.model import Field
    from ...documents.location import Location
    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Link
    from ...lineage.transform import Transform
    from ...values.valueset import Value

_Name = TypeVar("_Name")

Effect: TypeAlias = Literal["refuse", "alter"]
"""The outcome for a value that fails the obligation: it is rejected, or it arrives altered."""

Accepts: TypeAlias = ValueSet | TextSet | FieldsRelation | None
"""What an obligation accepts of its fields; None: that is not known."""

Guard: TypeAlias = "tuple[FieldName, ValueSet]"
"""The obligation applies only to records in which this field (by full name) has one of these values."""


@dataclass(frozen=True, slots=True)
class OwnConstraint:
    """The origin of an obligation: a constraint of its own field."""

    field: Field
    constraint: Constraint

    def __hash__(self) -> int:
        return hash((self.field.full_name, self.constraint.name))  # much cheaper than all that the field has

    @property
    def name(self) -> str:
        """The constraint's key."""
        return self.constraint.name

    @property
    def sentence(self) -> str:
        """The constraint in words."""
        return self.constraint.sentence

    @property
    def location(self) -> Location:
        """Where the constraint is written."""
        return self.constraint.location


@dataclass(frozen=True, slots=True)
class FlowStep:
    """The origin of an obligation: a step of a flow that would lose something, or whose effect is unknown."""

    link: Link
    step: Transform

    @property
    def field(self) -> Field:
        """The field the flow leads to."""
        return self.link.target

    @property
    def name(self) -> str:
        """The transform's name."""
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
    """The origin of an obligation that is meant to fail: "another value", to find the records that become this one."""

    field: Field
    values: ValueSet
    """The values sought, as they arrive at the field."""

    @property
    def name(self) -> str:
        """Stands in for a constraint's key."""
        return "sought"

    @property
    def sentence(self) -> str:
        """The obligation in words."""
        return "another value"

    @property
    def location(self) -> Location:
        """Where the field is written."""
        return self.field.location


Origin: TypeAlias = OwnConstraint | FlowStep | Sought


@dataclass(frozen=True, slots=True, eq=False)
class Obligation:
    """An obligation on one field or several. Made by a Composition, one object per content."""

    fields: tuple[FieldName, ...]
    """Full names. One: `accepts` is a set of its values. Several: a set of records of texts, in this order; or how two of
    them must not relate."""
    accepts: Accepts
    """None: not known, for the reason in `unknown`."""
    guards: tuple[Guard, ...]
    effect: Effect
    unknown: str | None
    """Why the outcome is not known: for every value, or for those that `accepts` does not hold."""
    origins: list[Origin] = field(default_factory=list)
    continuations: list[Continuation] = field(default_factory=list)

    def is_broken_by(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether a record breaks it; never where the accepted values are not known."""
        return self.unknown is None and is_broken(self.fields, self.accepts, self.guards, record)

    def question(self, entity: EntityName) -> tuple[object, ...]:
        """The parts of the name of the question whether an entry meets it (`values.question`)."""
        return "whether the records of ", entity, " meet an obligation on ", self.fields

    @property
    def rejects_here(self) -> bool:
        """Whether its own field rejects every value that fails it.

        False where the accepted values are not known: opaque rules of two systems may share a name and differ.
        """
        if self.effect != "refuse" or self.unknown is not None:
            return False
        return any(isinstance(origin, OwnConstraint) for origin in self.origins)


def is_broken(
    fields: Sequence[_Name],
    accepts: Accepts,
    guards: Iterable[tuple[_Name, ValueSet]],
    record: Mapping[_Name, Value],
) -> bool:
    """Whether a record breaks an obligation on some of its fields; never where `accepts` is not known (None).

    Fields are named by full names or by own names; the record and the guards use the same.
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
        case FieldsRelation():
            return accepts.is_broken_by(values)
        case None:
            return False


@dataclass(frozen=True, slots=True, eq=False)
class Continuation:
    """A link from an obligation to one further downstream, with the moves that lead from its fields to those."""

    obligation: Obligation
    """The one further downstream."""
    moves: tuple[FieldMove, ...]
    """Per field of the downstream obligation, its computation from the fields of the upstream one."""


@dataclass(frozen=True, slots=True)
class FieldMove:
    """A value moves over a link, or stays where it is (`link` None)."""

    link: Link | None
    positions: tuple[int, ...]
    """The positions, among the fields of the upstream obligation, that it is computed from."""
