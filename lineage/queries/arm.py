"""The parts that a query is taken apart into, and what their names stand for."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sqlglot import exp

from ...values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from ...documents.names import EntityName
    from .marks import Mark


class NotTakenApart(FieldlineError):
    """A query whose columns are not told by its text. Carries the reason."""


class ColumnOfSeveral(NotTakenApart):
    """A name that several tables of a query may have."""


class ColumnsTooLarge(NotTakenApart):
    """Columns that are larger expressions than are followed."""


@dataclass(frozen=True, slots=True)
class TableUse:
    """A table where a query names it."""

    entity: EntityName
    is_optional: bool = False
    """Whether records come about without one of it: the other side of an outer join."""


@dataclass(frozen=True)
class Arm:
    """One way in which records come about."""

    columns: Mapping[str, exp.Expr]
    """By their names in small letters, in order; their columns are `alias.column` of `tables`."""
    tables: Mapping[str, TableUse]
    """By an alias of our own."""
    where: tuple[exp.Expr, ...] = ()
    """The records are those that meet all of these."""
    filters: tuple[str, ...] = ()
    """What else decides which records there are, in words."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The columns' names as they are written."""
    open: str | None = None
    """The table that brings all other columns, which are not known; None: there is none, or there are several."""

    def column(self, name: str) -> exp.Expr | None:
        """A column by its name in small letters; None where there is none."""
        found = self.columns.get(name)
        return exp.column(name, table=self.open, quoted=True) if found is None and self.open is not None else found


ColumnsOf: TypeAlias = "Callable[[EntityName], Sequence[str] | None]"
"""The columns of a table, in order; None: they are not known."""


class ValueFacts(Protocol):
    """What is known of the values that expressions give."""

    def union_mark(self, parts: Sequence[tuple[exp.Expr, Arm]]) -> Mark | None:
        """What a UNION makes of a column of these expressions; None: every value stays as it is."""

    def fits(self, column: exp.Expr, arm: Arm, held: exp.ColumnDef) -> bool:
        """Whether a column of a table holds every value of an expression as it is."""

    def is_alike(self, column: exp.Expr, arm: Arm, first: exp.Expr, of: Arm) -> bool:
        """Whether a column that has the type of one expression holds every value of another as it is."""


@dataclass(frozen=True)
class Scope:
    """What the names of tables stand for, where a query stands."""

    entity_of: Callable[[exp.Table], EntityName]
    columns: ColumnsOf
    values: ValueFacts
    made: Mapping[str, Sequence[Arm]] = field(default_factory=dict)
    """Tables that the script makes for itself, and common table expressions, by name in small letters."""
    lost: Container[str] = ()
    """Those that were filled in a way that is not read."""
    filled: Mapping[EntityName, Sequence[Arm]] = field(default_factory=dict)
    """What tables of contracts were filled with before: it tells the columns that their contracts leave out."""
    numbers: Iterator[int] = field(default_factory=count)


def one_line(node: exp.Expr) -> str:
    """A part of a query as it is told: in one line."""
    return " ".join(node.sql().split())


def table_name(table: exp.Table) -> str:
    """What a table that a script makes is kept by: its name, with its schema, but for that of temporary tables."""
    parts = [part.name.lower() for part in table.parts]
    return ".".join(parts[1:] if parts[0] in {"pg_temp", "tempdb"} and len(parts) > 1 else parts)
