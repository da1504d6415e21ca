"""The engines that check rows against the requirement of an entry: polars here, Apache Spark, or the rows' own database.

They give the same answer. The choice depends on where the rows are, and how many.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...checker.diff.stored_rows import Unreadable
from ...documents.temporary import temporary_folder
from ..files import opened, reading
from ..judged import REASON, free
from ..sources import DatabaseTable, asking, counting, write_rows
from .polars.rows import Rows
from .spark import SparkRows, parquet_alone, spark_session
from .sql import SqlRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    import polars as pl

    from ...application.library import Entry
    from ...checker.requirement.requirement import Clause
    from ...documents.variables import Variables
    from ..judged import Judged
    from ..sources import Progress


class RowsEngine(Protocol):
    """Opened rows. Raises Unreadable with a reason that holds no value."""

    def judge(self, progress: Progress) -> Judged:
        """Count the rows that break a clause or repeat a value."""

    def quarantine(self, words: Callable[[Clause], str], progress: Progress) -> pl.LazyFrame:
        """The rows that break a clause, with every reason in words; while the rows are open."""


@contextmanager
def _polars(where: Sequence[str], entry: Entry, progress: Progress, variables: Variables) -> Iterator[RowsEngine]:
    table = _table(where, variables)
    if table is None:
        with opened([Path(name) for name in where]) as files:
            yield Rows(files, entry.requirement)
        return
    with temporary_folder() as folder:
        types = {field.name: field.type for field in entry.entity.fields.values()}
        parts = table.write_parts(folder, progress, entry.entity, types)
        yield Rows(parts, entry.requirement)


@contextmanager
def _spark(where: Sequence[str], entry: Entry, _: Progress, variables: Variables) -> Iterator[RowsEngine]:
    if _table(where, variables) is not None:
        raise Unreadable("Spark reads no table of a database", "Parquet files; or --engine sql, for the table")
    parquet_alone(where)
    with spark_session() as session, temporary_folder() as folder:
        yield _Distant(SparkRows(session, where, entry), folder)


@contextmanager
def _sql(where: Sequence[str], entry: Entry, _: Progress, variables: Variables) -> Iterator[RowsEngine]:
    table = _table(where, variables)
    if table is None:
        raise Unreadable("a database checks only a table", "env:VARIABLE/TABLE")
    with asking(table.variable, variables) as (ask, dialect), temporary_folder() as folder:
        yield _Distant(SqlRows(ask, dialect, table.table, entry), folder)


ENGINES: Mapping[str, Callable[[Sequence[str], Entry, Progress, Variables], AbstractContextManager[RowsEngine]]] = {
    "polars": _polars,
    "spark": _spark,
    "sql": _sql,
}
"""By name. Each reads files, or one table, given as `env:VARIABLE/TABLE`."""


class _There(Protocol):
    @property
    def columns(self) -> Sequence[str]: ...
    def judge(self, progress: Progress) -> Judged: ...
    def rejected(self) -> Iterable[tuple[Sequence[object], list[Clause]]]: ...


class _Distant:
    """Rows that are stored elsewhere: only the bad ones are fetched, into files of a folder."""

    def __init__(self, rows: _There, folder: Path) -> None:
        self._rows = rows
        self._folder = folder

    def judge(self, progress: Progress) -> Judged:
        return self._rows.judge(progress)

    def quarantine(self, words: Callable[[Clause], str], progress: Progress) -> pl.LazyFrame:
        import polars as pl

        names = [free(REASON, self._rows.columns), *self._rows.columns]
        bad = ((" ".join(map(words, broken)), *row) for row, broken in self._rows.rejected())
        parts = write_rows(names, counting(bad, "the bad rows", progress), self._folder)
        with reading("the bad rows"):
            return pl.scan_parquet(parts, glob=False)


def _table(where: Sequence[str], variables: Variables) -> DatabaseTable | None:
    """The named table; None: the words name files."""
    tables = [name for name in where if name.startswith("env:")]
    if not tables:
        return None
    variable, _, table = tables[0].removeprefix("env:").partition("/")
    if len(where) > 1 or not table:
        raise Unreadable("a table cannot be combined with other tables or files", "env:VARIABLE/TABLE alone")
    return DatabaseTable(variable, table, variables)
