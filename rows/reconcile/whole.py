"""Whole stores: all records of an entity as one frame, of which polars reads as much at a time as it works on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ...checker.diff.stored_rows import Unreadable
from ...contracts.store import FileStore, FixedWidthStore, HttpStore, TableStore
from ...formats.database import ROWS_SECONDS
from ...formats.ddl.columns import named_table, quoted_name
from ..files import column_types, files_inside, reading, scan_as_one
from ..sources import asking, column_value, counting, write_rows
from ..stores.fixed_width import FixedWidthFile
from .columns import plain_column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ...contracts.model import Entity
    from ...contracts.store import EntityStore
    from ...estate.load import Estate
    from ...formats.ddl.catalogue import Ask
    from ..sources import Progress


@dataclass(frozen=True, slots=True)
class WholeStore:
    """All records of an entity."""

    entity: Entity
    store: EntityStore
    frame: pl.LazyFrame
    """With the columns of the store."""
    kinds: dict[str, pl.DataType]
    """Their types."""
    columns: dict[str, str]
    """The column of each field that has one, by the fields' own names."""

    def plain(self, name: str) -> pl.Expr:
        """The plain texts of a field that has a column."""
        column = self.columns[name]
        return plain_column(column, self.kinds[column], self.entity.fields[name], self.store)


def whole_store(estate: Estate, entity: Entity, folder: Path, progress: Progress) -> WholeStore:
    """Read an entity's store, or make ready to. Records that are in no file of rows are written to one in a folder first.

    Raises Unreadable.
    """
    store = entity.store
    if store is None:
        raise Unreadable(f"{entity.full_name} has no store", "an entity whose contract says where its records are")
    match store.place:
        case FileStore(file):
            path = file_place(estate, file)
            with reading(path.name):
                files = files_inside(path)
                kinds, frame = column_types(files), scan_as_one(files)
            named = {name: store.column(name) for name in entity.fields}
            columns = {name: column for name, column in named.items() if column in kinds}
            return WholeStore(entity, store, frame, kinds, columns)
        case FixedWidthStore() as place:
            names = list(place.parts)
            records = FixedWidthFile(entity, store, place, estate.root).every(ROWS_SECONDS)
            rows = (list(record.values()) for record in records)
            parts = write_rows(names, counting(rows, str(entity.full_name), progress), folder)
            return store_of_parts(entity, store, parts, {name: name for name in names})
        case TableStore() as place:
            return _table(estate, entity, store, place, folder, progress)
        case HttpStore():
            message = f"{store.place} of {entity.full_name} answers for one record at a time"
            raise Unreadable(message, "a store whose records can all be read: a table or a file")


def file_place(estate: Estate, file: str) -> Path:
    """Where a file, or a folder of Parquet files, of an estate is. Raises Unreadable."""
    path = (estate.root / file).resolve()
    if not path.is_relative_to(estate.root.resolve()):
        raise Unreadable(f"{path.name} is a link that leads out of the estate", "a file inside the estate")
    return path


def _table(
    estate: Estate, entity: Entity, store: EntityStore, place: TableStore, folder: Path, progress: Progress
) -> WholeStore:
    with asking(place.variable, estate.variables) as (ask, dialect):
        return table_rows(ask, dialect, entity, store, place, folder, progress)


def table_rows(
    ask: Ask,
    dialect: str,
    entity: Entity,
    store: EntityStore,
    place: TableStore,
    folder: Path,
    progress: Progress,
    rest: str = "",
) -> WholeStore:
    """The rows of a table, written to files of a folder. `rest`: SQL behind the name of the table. Raises Unreadable."""
    from ..stores.table import columns_of_fields

    found = named_table(ask, dialect, place.table)
    if found is None:
        raise Unreadable(f"{place.variable} has no table {place.table}")
    table, types = found
    columns = columns_of_fields(entity, store, types)
    if not columns:
        raise Unreadable(f"{place} has no column of a field of {entity.full_name}")
    listed = ", ".join(quoted_name(column, dialect) for column in columns.values())
    rows = ask(f"SELECT {listed} FROM {table.sql(dialect)}{rest}")  # noqa: S608 - quoted by sqlglot
    readers = dict.fromkeys(columns, _column_value)
    parts = write_rows(list(columns), counting(rows, str(entity.full_name), progress), folder, readers)
    return store_of_parts(entity, store, parts, {name: name for name in columns})


def _column_value(value: object) -> object:
    """A value of a row as a column holds it; bytes in hexadecimal digits, as of a record that is looked for."""
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else column_value(value)


def store_of_parts(entity: Entity, store: EntityStore, parts: Sequence[Path], columns: dict[str, str]) -> WholeStore:
    """The rows that were written to files."""
    kinds = dict(pl.scan_parquet(parts[0], glob=False).collect_schema())
    return WholeStore(entity, store, pl.scan_parquet(list(parts), glob=False), kinds, columns)
