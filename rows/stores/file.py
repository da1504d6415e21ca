"""A file of records: CSV, Parquet, or JSON in lines, searched for single records by polars."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import polars as pl

from ...checker.diff.stored_rows import Unreadable
from ...checker.record.asking import MOST_RECORDS, FoundRecords
from ..files import READERS, column_types, reading
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
        self._known: Mapping[str, str] | None = None

    def find(self, question: StoreQuestion) -> FoundRecords:
        """The records that a question asks for. Raises Unreadable."""
        columns = self._columns()
        missing = [name for name in question.where if name not in columns]
        if missing:
            raise Unreadable(f"{self._name} has no column {self._store.column(missing[0])}")
        with reading(self._name):
            frame = READERS[self._path.suffix.lower()]([self._path]).select(list(dict.fromkeys(columns.values())))
            kinds = frame.collect_schema()
            for name, values in question.where.items():
                frame = frame.filter(_holds(columns[name], kinds[columns[name]], values, alike=question.alike))
            rows = frame.head(MOST_RECORDS + 1).collect().rows(named=True)
        records = [held_values(self._entity, columns, row) for row in rows]
        fitting = tuple(record for record in records if fits(question, record))
        return FoundRecords(fitting[:MOST_RECORDS], more=len(fitting) > MOST_RECORDS)

    def fields(self) -> Sequence[str]:
        """The fields, by their own names, that have a column. Raises Unreadable."""
        return list(self._columns())

    def indexed(self) -> None:
        """A file has no index."""
        return

    def _columns(self) -> Mapping[str, str]:
        """The column of each field that has one."""
        if self._known is None:
            if not self._path.is_relative_to(self._root):
                raise Unreadable(f"{self._name} is a link that leads out of the estate", "a file inside the estate")
            with reading(self._name):
                kinds = column_types([self._path])
            names = {name: self._store.column(name) for name in self._entity.fields}
            self._known = {name: column for name, column in names.items() if column in kinds}
        return self._known


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
