"""The result of checking rows: the clauses that rows break, the values that repeat, and the number of rows for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from ..checker.requirement.requirement import Clause, NotKnown, Uniqueness

ROW = "row"
"""The column of a quarantine file that holds a row's number, from 1; a header is no row. `_row` where that is taken."""
REASON = "reason"
"""The column with the reasons."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A clause, and how many rows break it."""

    clause: Clause
    rows: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A field whose values must differ, and how many rows repeat an earlier value."""

    unique: Uniqueness
    rows: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The result for all rows."""

    rows: int
    rejected: int
    """Rows that break a clause; a row that only repeats a value is not among them."""
    broken: tuple[Broken, ...]
    """Clauses that some row breaks, most rows first."""
    repeated: tuple[Repeated, ...]
    absent: tuple[str, ...]
    """Fields of the entry without a column: null in every row."""
    ignored: tuple[str, ...]
    """Columns that are no field of the entry."""
    not_known: tuple[NotKnown, ...]

    @property
    def is_clean(self) -> bool:
        """Whether no row is rejected and no value repeats, as far as known."""
        return not self.rejected and not self.repeated


def free(name: str, taken: Container[str]) -> str:
    """The name, or one like it that no column has."""
    while name in taken:
        name = f"_{name}"
    return name
