"""Two stores of Parquet on Apache Spark: Spark finds the records that agree (`agreement`), and the others alone are read.

Spark runs where its configuration says, as for `validate --engine spark`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ...checker.diff.stored_rows import Unreadable
from ...contracts.store import FileStore
from ...formats.ddl.columns import quoted_name
from ..engines.spark import parquet_alone, spark_reading
from ..sources import counting, write_rows
from .agreement import DifferingRows, SqlWords, TableColumns, agreement
from .whole import file_place, store_of_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pyspark.sql import SparkSession

    from ...checker.record.crossing import Crossing
    from ...contracts.model import Entity
    from ...estate.load import Estate
    from ..sources import Progress
    from .whole import WholeStore

_WHOLE = ("tinyint", "smallint", "int", "bigint")
_WORDS: Final = SqlWords(
    dialect="spark",
    by_bytes="",  # Spark compares the bytes of texts, unless a table says otherwise; a file does not
    ascii_alone=r"RLIKE r'\A[\x01-\x7f]*\z'",
    as_they_are={
        "text": frozenset(("string",)),
        "integer": frozenset(_WHOLE),
        "decimal": frozenset((*_WHOLE, "decimal")),
        "boolean": frozenset(("boolean",)),
        "date": frozenset(("date",)),
    },
)
_READ = frozenset(("string", *_WHOLE, "decimal", "boolean", "date", "timestamp", "timestamp_ntz"))
"""Types of columns whose values arrive here as polars would have read them."""
_AGREED = "fieldline_agreed"
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def rows_of_spark(
    session: SparkSession, estate: Estate, crossing: Crossing, folders: tuple[Path, Path], progress: Progress
) -> DifferingRows | None:
    """The rows that do not surely agree, written to two folders; None where polars must read all. Raises Unreadable."""
    ours, theirs = crossing.source.store, crossing.target.store
    if ours is None or theirs is None or crossing.reference is not None:
        return None
    if not isinstance(ours.place, FileStore) or not isinstance(theirs.place, FileStore):
        return None
    with spark_reading():
        views = [
            _View(session, estate, entity, place.file, name)
            for entity, place, name in (
                (crossing.source, ours.place, "fieldline_source"),
                (crossing.target, theirs.place, "fieldline_target"),
            )
        ]
        source, target = views
        agreed = agreement(crossing, source.columns, target.columns, _WORDS)
        if agreed is None or not all(view.is_readable for view in views):
            return None
        unsure = agreed.unsure(source.columns)
        if unsure is not None and session.sql(unsure).collect()[0][0]:
            return None
        known = session.sql(agreed.query).persist()  # asked three times
        known.createOrReplaceTempView(_AGREED)
        try:
            return DifferingRows(
                source.written(agreed.others(agreed.source_key, _AGREED), folders[0], progress),
                target.written(agreed.others(agreed.target_key, _AGREED), folders[1], progress),
                known.count(),
            )
        finally:
            known.unpersist()


class _View:
    """The records of one entity, as Spark sees them."""

    def __init__(self, session: SparkSession, estate: Estate, entity: Entity, file: str, name: str) -> None:
        store = entity.store
        if store is None:
            raise Unreadable(f"{entity.full_name} has no store")
        path = str(file_place(estate, file))
        parquet_alone([path])
        frame = session.read.parquet(path)
        frame.createOrReplaceTempView(name)
        types = {each.name: each.dataType.simpleString().partition("(")[0] for each in frame.schema.fields}
        named = {own: store.column(own) for own in entity.fields}
        self._named = {own: column for own, column in named.items() if column in types}
        self._types: Mapping[str, str] = types
        self._session, self._entity, self._store = session, entity, store
        self.columns = TableColumns.of(name, entity, self._named, types, _WORDS)

    @property
    def is_readable(self) -> bool:
        """Whether its rows can be brought here."""
        return bool(self._named) and all(self._types[column] in _READ for column in self._named.values())

    def written(self, rest: str, folder: Path, progress: Progress) -> WholeStore:
        """Its rows, in files of a folder. `rest`: SQL behind the name of the table."""
        names = list(self._named)
        listed = ", ".join(self._selected(column) for column in self._named.values())
        query = f"SELECT {listed} FROM {self.columns.table}{rest}"  # noqa: S608 - quoted by sqlglot
        rows: Iterator[tuple[object, ...]] = map(tuple, self._session.sql(query).toLocalIterator())
        instants: dict[str, Callable[[object], object]] = {
            name: _instant for name, column in self._named.items() if self._types[column] == "timestamp"
        }
        parts = write_rows(names, counting(rows, str(self._entity.full_name), progress), folder, instants)
        return store_of_parts(self._entity, self._store, parts, {name: name for name in names})

    def _selected(self, column: str) -> str:
        quoted = quoted_name(column, _WORDS.dialect)
        return f"unix_micros({quoted})" if self._types[column] == "timestamp" else quoted


def _instant(micros: object) -> object:
    """An instant that Spark counts in microseconds: it would be given without its zone."""
    return _BEGIN + timedelta(microseconds=micros) if isinstance(micros, int) else None
