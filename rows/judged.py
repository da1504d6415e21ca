"""The result of judging rows: which clauses how many rows do not meet, and which values repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from ..checker.requirement.requirement import Clause, NotKnown, Uniqueness

ROW = "row"
"""The column of a quarantine file that holds a row's number, from 1; a header is no row. `_row` where that is taken."""
REASON = "reason"
"""The one that says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A clause, and how many rows do not meet it."""

    clause: Clause
    rows: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A field whose values must differ, and how many rows repeat one that was there before."""

    unique: Uniqueness
    rows: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What some files came to."""

    rows: int
    rejected: int
    """Rows that break a clause; a row that only repeats a value is not among them."""
    broken: tuple[Broken, ...]
    """Clauses that some row breaks, most rows first."""
    repeated: tuple[Repeated, ...]
    absent: tuple[str, ...]
    """Fields of the entry that the files have no column for: null in every row."""
    ignored: tuple[str, ...]
    """Columns that are no field of the entry."""
    not_known: tuple[NotKnown, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong, as far as is known."""
        return not self.rejected and not self.repeated


def free(name: str, taken: Container[str]) -> str:
    """The name, or one like it that no column has."""
    while name in taken:
        name = f"_{name}"
    return name
