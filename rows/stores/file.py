"""A file of records, or a folder of them: CSV, Parquet, or JSON in lines, searched for single records by polars."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import TYPE_CHECKING

import polars as pl

from ...checker.diff.stored_rows import Unreadable
from ...checker.record.asking import MOST_RECORDS, FoundRecords
from ..files import reading
from .file_contents import FileContents, file_states
from .held import fits, held_values, in_small_letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...checker.record.asking import StoreQuestion
    from ...contracts.model import Entity
    from ...contracts.store import EntityStore, FileStore
    from ...values.valueset import Value


class RecordFile:
    """The file that holds an entity's records."""

    def __init__(self, entity: Entity, store: EntityStore, place: FileStore, root: Path) -> None:
        self._entity = entity
        self._store = store
        self._name = PurePosixPath(place.file).name
        self._root = root.resolve()
        self._path = (root / place.file).resolve()
        self._known: FileContents | None = None
        self._lock = Lock()

    def find(self, question: StoreQuestion) -> FoundRecords:
        """The records that a question asks for. Raises Unreadable."""
        with reading(self._name):
            with self._lock:
                contents = self._contents()
                columns = self._columns(contents)
                missing = [name for name in question.where if name not in columns]
                if missing:
                    raise Unreadable(f"{self._name} has no column {self._store.column(missing[0])}")
                frame = contents.rows({columns[name]: values for name, values in question.where.items()})
            frame = frame.select(list(dict.fromkeys(columns.values())))
            for name, values in question.where.items():
                kind = contents.kinds[columns[name]]
                frame = frame.filter(_holds(columns[name], kind, values, alike=question.alike))
            rows = frame.head(MOST_RECORDS + 1).collect().rows(named=True)
        records = [held_values(self._entity, columns, row) for row in rows]
        fitting = tuple(record for record in records if fits(question, record))
        return FoundRecords(fitting[:MOST_RECORDS], more=len(fitting) > MOST_RECORDS)

    def fields(self) -> Sequence[str]:
        """The fields, by their own names, that have a column. Raises Unreadable."""
        with self._lock, reading(self._name):
            return list(self._columns(self._contents()))

    def prepare(self, names: Sequence[str]) -> None:
        """Index the columns of these fields. Raises Unreadable."""
        with self._lock, reading(self._name):
            contents = self._contents()
            columns = self._columns(contents)
            for name in names:
                if name in columns:
                    contents.prepare(columns[name], is_number=self._entity.fields[name].type in {"integer", "decimal"})

    def indexed(self) -> None:
        """A file has no index of its own."""
        return

    def _contents(self) -> FileContents:
        """The file as it is now."""
        if not self._path.is_relative_to(self._root):
            raise Unreadable(f"{self._name} is a link that leads out of the estate", "a file inside the estate")
        if not self._path.exists():
            raise Unreadable(f"there is no file {self._name}")
        if self._known is None or file_states(self._path) != self._known.states:
            self._known = None  # what it has is given back first
            self._known = FileContents(self._path)
        return self._known

    def _columns(self, contents: FileContents) -> Mapping[str, str]:
        """The column of each field that has one."""
        names = {name: self._store.column(name) for name in self._entity.fields}
        return {name: column for name, column in names.items() if column in contents.kinds}


def _holds(name: str, kind: pl.DataType, values: Sequence[Value], *, alike: bool) -> pl.Expr:
    """That a column holds one of some values, or perhaps does: what it finds is looked at once more."""
    column = pl.col(name)
    wanted = column.is_null() if None in values else pl.lit(False)  # noqa: FBT003 - polars'
    numbers = [value for value in values if isinstance(value, int | Decimal) and not isinstance(value, bool)]
    texts = [value for value in values if isinstance(value, str)]
    if numbers:
        wanted = wanted | column.cast(pl.Float64, strict=False).is_in([float(number) for number in numbers])
    if texts:
        text = column.cast(pl.String, strict=False)
        wanted = wanted | text.is_in(texts)
        if alike:
            wanted = wanted | text.str.strip_chars(" ").str.to_lowercase().is_in(
                [in_small_letters(text) for text in texts]
            )
    others = [value for value in values if value is not None and not isinstance(value, int | Decimal | str)]
    truths = [value for value in values if isinstance(value, bool)]
    if truths:
        own = column if isinstance(kind, pl.Boolean) else column.cast(pl.String, strict=False).is_in(["true", "1"])
        wanted = wanted | own.is_in(truths)
    if others:
        wanted = wanted | column.cast(pl.String, strict=False).is_in([str(value) for value in others])
    return wanted
