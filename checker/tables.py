"""Where stored rows lie: a Parquet or CSV file (polars reads it), or a table of a database (SQLAlchemy asks it)."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..contracts.formats.database import address, failures, read_only
from .stored import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import polars as pl
    from sqlalchemy import ColumnClause, Connection, Select

SUFFIXES = (".parquet", ".csv")
_ROWS = 50_000
"""Rows of a table that are held at a time."""
_KINDS = (str, bool, int, float, Decimal, date, time, type(None))
"""What is held as it is; an instant is a date, too."""


class FileTable:
    """A Parquet file, or a CSV file in UTF-8 with a header. Texts stay texts: 0123 is no number."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.suffix.lower() not in SUFFIXES:
            raise Unreadable(f"{path.name} is neither Parquet nor CSV", "a file that ends in .parquet or .csv")
        if not path.is_file():
            raise Unreadable(f"there is no file {path}")

    @property
    def name(self) -> str:
        return self._path.name

    def counts(self, column: str) -> Iterable[tuple[object, int]]:
        import polars as pl

        with self._told(column) as frame:
            counted = frame.select(pl.col(column)).group_by(column).len().sort(column).collect(engine="streaming")
        yield from counted.iter_rows()

    def keys(self, column: str, values: Sequence[object], keys: Sequence[str], most: int) -> list[tuple[object, ...]]:
        import polars as pl

        with self._told(column, *keys) as frame:
            wanted = pl.col(column).is_in([value for value in values if value is not None])
            if None in values:
                wanted = wanted | pl.col(column).is_null()
            return frame.filter(wanted).select(keys).head(most).collect().rows()

    @contextmanager
    def _told(self, *columns: str) -> Iterator[pl.LazyFrame]:
        """The file, if it has these columns. What polars says is not repeated: it quotes values."""
        import polars as pl

        try:
            if self._path.suffix.lower() == ".csv":
                frame = pl.scan_csv(self._path, infer_schema=False)
            else:
                frame = pl.scan_parquet(self._path)
            known = frame.collect_schema().names()
            missing = next((column for column in columns if column not in known), None)
            if missing is not None:
                raise Unreadable(f"{self.name} has no column {missing}", f"one of {', '.join(known[:20])}")
            yield frame
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            kind = type(error).__name__
            raise Unreadable(f"{self.name} cannot be read as {self._path.suffix[1:].upper()} ({kind})") from None


class DatabaseTable:
    """A table of a database, read with a time limit and without writing. Its URL stands in an environment variable."""

    def __init__(self, variable: str, table: str) -> None:
        self._variable = variable
        self._table = table

    @property
    def name(self) -> str:
        return f"{self._table} in {self._variable}"

    def counts(self, column: str) -> Iterable[tuple[object, int]]:
        from sqlalchemy import column as named
        from sqlalchemy import func, select, table

        held: ColumnClause[Any] = named(column)
        query = select(held, func.count()).select_from(table(self._table)).group_by(held).order_by(held)
        return [(value, count) for value, count in self._ask(query)]

    def keys(self, column: str, values: Sequence[object], keys: Sequence[str], most: int) -> list[tuple[object, ...]]:
        from sqlalchemy import column as named
        from sqlalchemy import literal, or_, select, table

        held: ColumnClause[Any] = named(column)
        wanted = [held.is_(None) if value is None else held == literal(value) for value in values]
        query: Select[*tuple[Any, ...]] = (
            select(*(named(key) for key in keys)).select_from(table(self._table)).where(or_(*wanted))
        )
        return self._ask(query.order_by(*(named(key) for key in keys)).limit(most))

    def write_parts(self, folder: Path) -> list[Path]:
        """All rows, as Parquet files of a folder, so many at a time. Raises Unreadable."""
        import polars as pl
        from sqlalchemy import literal_column, select, table

        query: Select[*tuple[Any, ...]] = select(literal_column("*")).select_from(table(self._table))
        parts: list[Path] = []
        with self._connected() as connection:
            answer = connection.execution_options(stream_results=True, max_row_buffer=_ROWS).execute(query)
            names = list(answer.keys())
            for rows in answer.partitions(_ROWS):
                columns = [_kept([_plain(value) for value in column]) for column in zip(*rows, strict=True)]
                parts.append(folder / f"{len(parts):06}.parquet")
                try:
                    pl.DataFrame([pl.Series(n, c) for n, c in zip(names, columns, strict=True)]).write_parquet(
                        parts[-1]
                    )
                except (TypeError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
                    raise Unreadable(
                        f"{self.name} holds what no file of columns does ({type(error).__name__})"
                    ) from None
        if not parts:
            parts.append(folder / "none.parquet")
            pl.DataFrame(schema=dict.fromkeys(names, pl.String)).write_parquet(parts[-1])
        return parts

    def _ask(self, query: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows of an answer."""
        with self._connected() as connection:
            return [tuple(row) for row in connection.execute(query)]

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """The database, open. What a driver says is not repeated: it quotes values, and parts of passwords."""
        written = os.environ.get(self._variable)
        if not written:
            raise Unreadable(f"the environment variable {self._variable} is not set", "the URL of the database")
        from sqlalchemy.exc import ArgumentError

        try:
            with read_only(address(written)) as connection:
                yield connection
        except (ArgumentError, ValueError):
            message = f"the environment variable {self._variable} holds no URL of a database that can be asked"
            raise Unreadable(message, "such as postgresql://reader:password@host:5432/shop") from None
        except ModuleNotFoundError as error:
            message = f"the driver {error.name} is not installed"
            raise Unreadable(message, "pip install 'fieldline[database]'") from None
        except failures() as error:
            raise Unreadable(f"{self.name} cannot be read ({type(error).__name__})") from None


def _kept(column: list[object]) -> list[object]:
    """A column of a table as one of one kind; as texts where it holds several (SQLite), or what is no number (NaN)."""
    kinds = {type(value) for value in column if value is not None}
    if len(kinds) > 1 or any(isinstance(value, Decimal) and not value.is_finite() for value in column):
        return [value if value is None else str(value) for value in column]
    return column


def _plain(value: object) -> object:
    """A value that a column of a file can hold; of any other kind its text, as databases write it."""
    return value if isinstance(value, _KINDS) else str(value)
