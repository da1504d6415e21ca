"""Asking a live database for its definitions.

They are read like any other script, so that there is one meaning. MySQL and SQLite store their definitions; those of
PostgreSQL and DuckDB are put together from their catalogues, in the databases' own words (`pg_get_constraintdef`).
Reflection by a library would lose the lengths of domains, MariaDB's column checks and charsets, and SQLite's NOCASE.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Ask = Callable[[str], Iterable[tuple[object, ...]]]
    """Runs one query and gives its rows."""


class NotReadHere(Exception):
    """A database whose catalogue is not read. Carries its name."""


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """The definitions of a live database, with its settings."""

    engine: Literal["postgres", "mysql", "mariadb", "sqlite", "duckdb"]
    statements: Sequence[str]
    """In an order in which they can be run; without semicolons."""
    charset: str | None = None
    """None: the engine's default."""
    collation: str | None = None
    """None: the engine's default."""
    strict: bool = True
    """Whether values that do not fit are rejected, or cut."""


def first_column(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """The first column of an answer, as texts."""
    return [str(row[0]) for row in rows]
