"""Drift: what a contract says of a system against what the system's database enforces.

Compared are sets of values, not words: `varchar(20)` and a check of at most 20 characters are the same. A contract that
promises more than the database takes is wrong, and a value proves it. What the contract rejects and the database would take
is written down and not enforced: true as long as everybody keeps to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..checker.judging.context import alone
from ..values import language
from ..values.budget import STANDARD, BudgetExceeded
from ..values.charset import Charset
from ..values.textset import TextSet
from ..values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..checker.judging.context import Context
    from ..contracts.model import Entity, Field, System
    from ..documents.names import FieldName
    from ..values.budget import Budget
    from ..values.valueset import Value, Witness

Standing: TypeAlias = Literal["refused there", "not there", "unknown", "not enforced", "not written", "the same"]
"""How a field of a contract and a column stand to each other, the worst first: the database rejects what the contract
takes; it has no such column; it is not known; it takes what the contract rejects; the contract has no such field."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """One field, here and there."""

    name: FieldName
    """Its full name."""
    standing: Standing
    written: Field | None
    """In the contract."""
    column: Field | None
    """What the database says of it, as a field."""
    rejected: tuple[Value, ...] = ()
    """A value that the contract takes and the database rejects."""
    taken: tuple[Value, ...] = ()
    """One that the database takes and the contract rejects."""
    reason: str | None = None
    """Why it is not known."""

    @property
    def is_wrong(self) -> bool:
        """Whether the contract promises what the database does not hold, or may do so."""
        return self.standing in {"refused there", "not there", "unknown"}


_WITHOUT_NUL = ~ValueSet.of_type("text") | ValueSet.text(
    TextSet.language(language.repeat(language.chars(~Charset.of("\0")), 0))
)
"""PostgreSQL holds no text with a NUL, and hardly a contract says so: that alone is no news of a column."""


def drift(contract: System, live: System, budget: Budget = STANDARD) -> tuple[Drifted, ...]:
    """The fields of the entities that both have, or that the contract has, in its order."""
    here, there = alone(contract, budget), alone(live, budget)
    return tuple(found for entity in contract.entities.values() for found in _entity(here, there, entity))


def _entity(here: Context, there: Context, own: Entity) -> Iterator[Drifted]:
    live = there.estate.contracts.entity(own.full_name)
    columns = dict(live.fields) if live else {}
    for field in own.fields.values():
        column = columns.pop(field.name, None)
        yield (
            Drifted(field.full_name, "not there", field, None) if column is None else _field(here, there, field, column)
        )
    for column in columns.values():
        yield Drifted(column.full_name, "not written", None, column)


def _field(here: Context, there: Context, field: Field, column: Field) -> Drifted:
    name = field.full_name
    doubts = (*there.graph.storage(name).opaque, *here.graph.storage(name).opaque)
    written, enforced = here.judge.accepted(name), there.judge.accepted(name)
    rejected, doubt = _outside(written & _WITHOUT_NUL, enforced, here.budget)
    taken, other = _outside(enforced, written, here.budget)
    reason = doubt or other or next((constraint.doubt for constraint in doubts), None)
    standing: Standing
    if rejected is not None:
        standing = "refused there"
    elif reason is not None:
        standing = "unknown"
    else:
        standing = "the same" if taken is None else "not enforced"
    proofs = [() if found is None else (found.value,) for found in (rejected, taken)]
    return Drifted(name, standing, field, column, proofs[0], proofs[1], reason)


def _outside(values: ValueSet, others: ValueSet, budget: Budget) -> tuple[Witness | None, str | None]:
    try:
        return values.outside(others, budget), None
    except BudgetExceeded as error:
        return None, error.reason
