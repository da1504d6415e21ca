"""The record in one system: what it must hold there, what it holds, and the state of each field."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as made_field
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ...contracts.constraint import Constraint
    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...values.valueset import Value
    from .search import Whether

StopState: TypeAlias = Literal[
    "as expected", "not yet due", "overdue", "differs", "refused", "absent", "not asked", "not reachable", "not known"
]
"""Absent: no flow brings it there. Not asked: no store is described."""
STOP_STATES = get_args(StopState)
WRONG_STATES: frozenset[StopState] = frozenset(("overdue", "differs", "refused"))
"""The states that say that something is wrong."""


@dataclass(frozen=True, slots=True)
class HeldField:
    """One field of the record in one system."""

    field: Field
    state: StopState
    expected: tuple[Value, ...] = ()
    """What it must hold: one of these. None at all: nothing is expected, or it is not known."""
    held: Value = None
    """What its store holds."""
    is_held: bool = False
    """Whether the store holds the record with this field."""
    begins: bool = False
    """Whether this is the first difference: what its sources hold would give something else."""
    origins: tuple[FieldName, ...] = ()
    """The fields of the earliest system that it was made from."""
    sources: tuple[EntityName, ...] = ()
    """The entities, with a store that has answered, that it comes from directly."""
    between: tuple[EntityName, ...] = ()
    """Entities on the way from there that could not be read."""
    carrier: str | None = None
    """Who or what carries it there."""
    constraints: tuple[Constraint, ...] = ()
    """The constraints that reject it."""
    due: datetime | None = None
    """When it must have arrived; None: not known."""
    reason: str | None = None
    """Why it is not known."""

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong with it, here or before."""
        return self.state in WRONG_STATES


@dataclass(frozen=True, slots=True)
class Stop:
    """One system on the way of the record."""

    entity: Entity
    whether: Whether
    """Whether its store has the record."""
    state: StopState
    """The worst of its fields, or that of the record."""
    fields: tuple[HeldField, ...]
    """Those that are expected there, or that mean the same as one that is."""
    key: Mapping[str, Value]
    """The record's key there, by own names, as far as it is known."""
    changed: datetime | None
    """When the record last changed there; None: not known."""
    is_first: bool
    """Whether it is the earliest system that was read: what it holds is what the others are held against."""
    keys: tuple[Mapping[str, Value], ...] = ()
    """Where several records fit: the keys of them."""
    reason: str | None = None
    """Why it was not read, or what is not known."""
    held: Mapping[str, Value] = made_field(default_factory=dict)
    """What its store holds of the record, by own names; nothing where it was not found."""

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong with the record there."""
        return self.state in WRONG_STATES
