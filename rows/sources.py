"""The sources of stored rows: a Parquet or CSV file (read by polars), or a table of a database (queried by SQLAlchemy)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ..checker.diff.stored_rows import Unreadable
from ..documents.variables import VariableError
from ..formats.address import DatabaseAddress
from ..formats.database import asking_rows, failing_as, read_only
from ..formats.database_failure import DatabaseFailure
from ..formats.ddl.columns import ENGINE_DIALECTS, SeveralTables, named_table, quoted_name, stored_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl
    from sqlalchemy import ColumnClause, Select, TableClause

    from ..contracts.constraint import Type
    from ..contracts.model import Entity
    from ..documents.variables import Variables
    from ..formats.ddl.catalogue import Ask

_T = TypeVar("_T")
TRUTHS_ARE_NUMBERS = frozenset({"mysql", "sqlite"})
"""Dialects of engines whose truth values are 0 and 1."""
Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Receives the name of the rows, how many were read, and of how many; None: unknown."""


def silent(_what: str, _done: int, _of: int | None) -> None:
    """Reports nothing."""


_SUFFIXES = (".parquet", ".csv")
_ROWS = 50_000
"""Rows of a table that are held at a time."""
_KINDS = (str, bool, int, float, Decimal, date, time, type(None))
"""Types that are kept as they are; an instant is a date, too."""


class FileTable:
    """A Parquet file, or a CSV file in UTF-8 with a header. Texts stay texts: 0123 is no number."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.suffix.lower() not in _SUFFIXES:
            raise Unreadable(f"{path.name} is neither Parquet nor CSV", "a file that ends in .parquet or .csv")
        if not path.is_file():
            raise Unreadable(f"there is no file {path}")

    @property
    def name(self) -> str:
        return self._path.name

    def counts(self, column: str) -> Iterable[tuple[object, int]]:
        import polars as pl

        with self._scanned(column) as frame:
            counted = frame.select(pl.col(column)).group_by(column).len().sort(column).collect(engine="streaming")
        yield from counted.iter_rows()

    def keys(self, column: str, values: Sequence[object], keys: Sequence[str], most: int) -> list[tuple[object, ...]]:
        import polars as pl

        with self._scanned(column, *keys) as frame:
            wanted = pl.col(column).is_in([value for value in values if value is not None])
            if None in values:
                wanted = wanted | pl.col(column).is_null()
            return frame.filter(wanted).select(keys).head(most).collect().rows()

    @contextmanager
    def _scanned(self, *columns: str) -> Iterator[pl.LazyFrame]:
        """The file, if it has these columns. polars' own messages are dropped: they quote values."""
        import polars as pl

        from .files import check_line_ends

        try:
            if self._path.suffix.lower() == ".csv":
                check_line_ends(self._path)
                frame = pl.scan_csv(self._path, infer_schema=False, glob=False)
            else:
                frame = pl.scan_parquet(self._path, glob=False)
            known = frame.collect_schema().names()
            missing = next((column for column in columns if column not in known), None)
            if missing is not None:
                raise Unreadable(f"{self.name} has no column {missing}", f"one of {', '.join(known[:20])}")
            yield frame
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            kind = type(error).__name__
            raise Unreadable(f"{self.name} cannot be read as {self._path.suffix[1:].upper()} ({kind})") from None


class DatabaseTable:
    """A table of a database, read with a time limit and without writing. Its URL is in an environment variable."""

    def __init__(self, variable: str, table: str, variables: Variables) -> None:
        self.variable = variable
        self.table = table
        self.variables = variables
        """The environment variables that may be read."""

    @property
    def name(self) -> str:
        return f"{self.table} in {self.variable}"

    def counts(self, column: str) -> Iterable[tuple[object, int]]:
        from sqlalchemy import column as named
        from sqlalchemy import func, select

        held: ColumnClause[Any] = named(column)
        query = select(held, func.count()).select_from(self._selectable).group_by(held).order_by(held)
        return [(value, count) for value, count in self._ask(query)]

    def keys(self, column: str, values: Sequence[object], keys: Sequence[str], most: int) -> list[tuple[object, ...]]:
        from sqlalchemy import column as named
        from sqlalchemy import literal, or_, select

        held: ColumnClause[Any] = named(column)
        wanted = [held.is_(None) if value is None else held == literal(value) for value in values]
        query: Select[*tuple[Any, ...]] = (
            select(*(named(key) for key in keys)).select_from(self._selectable).where(or_(*wanted))
        )
        return self._ask(query.order_by(*(named(key) for key in keys)).limit(most))

    def write_parts(
        self, folder: Path, progress: Progress, entity: Entity, types: Mapping[str, Type] = MappingProxyType({})
    ) -> list[Path]:
        """All rows, as Parquet files of a folder, each column under the name of the entity's field. Raises Unreadable.

        `types`: columns are read as fields of these types.
        """
        with asking(self.variable, self.variables) as (ask, dialect):
            stored = stored_table(ask, dialect, self.table, entity)
            if stored is None:
                raise self._missing
            names = list(stored.types)
            listed = ", ".join(quoted_name(name, dialect) for name in names)
            rows = ask(f"SELECT {listed} FROM {stored.source}")  # noqa: S608 - quoted by sqlglot
            truths = {n for n, kind in types.items() if kind == "boolean" and dialect in TRUTHS_ARE_NUMBERS}
            readers = {name: _truth if name in truths else _value for name in types}
            return write_rows(names, counting(rows, self.table, progress), folder, readers)

    @property
    def _missing(self) -> Unreadable:
        return Unreadable(f"{self.variable} has no table {self.table}")

    @cached_property
    def _selectable(self) -> TableClause:
        """The table, as SQLAlchemy names it."""
        from sqlalchemy import quoted_name as named
        from sqlalchemy import table

        with asking(self.variable, self.variables) as (ask, dialect):
            found = named_table(ask, dialect, self.table)
        if found is None:
            raise self._missing
        place, _ = found
        return table(named(place.table, True), schema=None if place.schema is None else named(place.schema, True))  # noqa: FBT003 - SQLAlchemy's

    def _ask(self, query: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows that a query returns."""
        with (
            database_address(self.variable, self.variables) as address,
            read_only(address) as connection,
            failing_as(address),
        ):
            return [tuple(row) for row in connection.execute(query)]


@contextmanager
def asking(variable: str, variables: Variables) -> Iterator[tuple[Ask, str]]:
    """A function that runs queries over all rows of tables, and the name of the dialect. Raises Unreadable."""
    with database_address(variable, variables) as address, asking_rows(address) as ask:
        yield ask, ENGINE_DIALECTS[address.scheme]


@contextmanager
def database_address(variable: str, variables: Variables) -> Iterator[DatabaseAddress]:
    """The address of a database; in the block, a failure of it is raised as Unreadable."""
    try:
        yield DatabaseAddress(variable, variables)
    except (VariableError, DatabaseFailure, SeveralTables) as error:
        raise Unreadable(error.message, error.expected) from None


def counting(rows: Iterable[_T], what: str, progress: Progress) -> Iterator[_T]:
    """The same rows; reports from time to time how many there were."""
    for place, row in enumerate(rows, 1):
        yield row
        if place % _ROWS == 0:
            progress(what, place, None)


def write_rows(
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
    folder: Path,
    readers: Mapping[str, Callable[[object], object]] = MappingProxyType({}),
) -> list[Path]:
    """Rows as Parquet files of a folder, all of the same columns, with _ROWS each; at least one file. Raises Unreadable.

    `readers`: by name of a column, the function that reads its values; the default is `column_value`.
    """
    import polars as pl

    kinds: dict[Path, pl.Schema] = {}
    rest = iter(rows)
    try:
        while few := list(islice(rest, _ROWS)):
            columns_of = zip(names, zip(*few, strict=True), strict=True)
            held = [_kept(list(map(readers.get(name, column_value), column))) for name, column in columns_of]
            frame = pl.DataFrame([pl.Series(n, c) for n, c in zip(names, held, strict=True)])
            part = folder / f"{len(kinds):06}.parquet"
            frame.write_parquet(part)
            kinds[part] = frame.schema
        if not kinds:
            kinds[folder / "none.parquet"] = pl.Schema(dict.fromkeys(names, pl.String))
            pl.DataFrame(schema=dict.fromkeys(names, pl.String)).write_parquet(folder / "none.parquet")
        wide = pl.concat([pl.DataFrame(schema=kind) for kind in kinds.values()], how="vertical_relaxed").schema
        for part, kind in kinds.items():
            if kind != wide:
                pl.read_parquet(part, glob=False).cast(wide).write_parquet(part)
    except (TypeError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise Unreadable(f"the rows cannot be written as Parquet ({type(error).__name__})") from None
    return list(kinds)


def _truth(value: object) -> object:
    """A number that is a truth value, as contracts write it; any other value as it is."""
    return ("false", "true")[value] if type(value) is int and value in (0, 1) else value


def _value(value: object) -> object:
    """A value of a field. Bytes are of no type of a contract, and their text is not the stored value."""
    if isinstance(value, bytes | memoryview):
        raise Unreadable(
            "a column of a field holds bytes", "values of the field's type; or --engine sql, which counts them"
        )
    return column_value(value)


def _kept(column: list[object]) -> list[object]:
    """A column of a table as values of one type; as texts where it mixes types (SQLite) or holds NaN or infinities."""
    kinds = {type(value) for value in column if value is not None}
    if len(kinds) > 1 or any(isinstance(value, Decimal) and not value.is_finite() for value in column):
        return [value if value is None else str(value) for value in column]
    return column


def column_value(value: object) -> object:
    """A value that a column of a file can hold; any other value as the text that databases write."""
    if isinstance(value, timedelta) and timedelta() <= value < timedelta(
        days=1
    ):  # MySQL's driver returns times like this
        return (datetime.min.replace(tzinfo=UTC) + value).time()
    return value if isinstance(value, _KINDS) else str(value)
