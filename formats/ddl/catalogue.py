"""Asking a live database for its definitions.

They are read like any other script, so that there is one meaning. MySQL and SQLite store their definitions; those of
PostgreSQL and DuckDB are put together from their catalogues, in the databases' own words (`pg_get_constraintdef`).
Reflection by a library would lose the lengths of domains, MariaDB's column checks and charsets, and SQLite's NOCASE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Ask = Callable[[str], Iterable[tuple[object, ...]]]
    """Runs one query and gives its rows."""


class NotReadHere(FieldlineError):
    """A database whose catalogue is not read. Carries its name."""


def first_column(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """The first column of an answer, as texts."""
    return [str(row[0]) for row in rows]
