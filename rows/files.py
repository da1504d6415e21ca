"""Files of rows as one polars frame: CSV, Parquet, NDJSON, Arrow, Excel; of one kind, with the same columns.

Every reading ends in a frame or in `Unreadable`, whose message holds no value of the file.
"""

from __future__ import annotations

import csv
from contextlib import contextmanager
from glob import escape
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from ..checker.diff.stored_rows import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path


@contextmanager
def reading(name: str) -> Iterator[None]:
    """What polars says is not repeated: it quotes values."""
    try:
        yield
    except Unreadable as error:  # what is raised while polars works, it lengthens by its own expression
        raise Unreadable(error.message.partition("\n")[0], error.expected) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{name} cannot be read ({type(error).__name__})", _EXPECTED) from None


_LONGEST_CELL = 2**31 - 1
_EXPECTED = "whole files of one kind with the same columns; CSV in UTF-8, with a header, every line as long as it"


def files_inside(folder: Path) -> list[Path]:
    """The files of a folder; those whose names begin with a dot or an underscore are somebody's own, as of Spark."""
    files = [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part[0] in "._" for part in file.relative_to(folder).parts)
    ]
    if not files:
        raise Unreadable(f"the folder {folder.name} holds no files", _EXPECTED)
    return files


def column_types(files: Sequence[Path]) -> dict[str, pl.DataType]:
    """The columns that all the files have, with their types."""
    first: dict[str, pl.DataType] = {}
    for file in files:
        if not file.is_file():
            raise Unreadable(f"there is no file {file.name}")
        reader = READERS.get(file.suffix.lower())
        if reader is None:
            ending = file.suffix or "no ending"
            raise Unreadable(f"{file.name} is of no kind that is read ({ending})", ", ".join(READERS))
        if reader is READERS[".csv"]:
            _look_at_csv(file)
        # A scan that was asked for its schema reads all into memory later; it is not the one that is read.
        kinds = dict(reader([file]).collect_schema())
        first = first or kinds
        if list(kinds.items()) != list(first.items()):
            raise Unreadable(f"{file.name} has other columns than {files[0].name}", _EXPECTED)
    return first


def scan_as_one(files: Sequence[Path]) -> pl.LazyFrame:
    """The rows of all files. Those of one kind are scanned together: one after the other, they would not be streamed."""
    by_reader: dict[_Reader, list[Path]] = {}
    for file in files:
        by_reader.setdefault(READERS[file.suffix.lower()], []).append(file)
    frames = [reader(some) for reader, some in by_reader.items()]
    return frames[0] if len(frames) == 1 else pl.concat(frames)


def _csv(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_csv(files, infer_schema=False, glob=False)


def _parquet(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_parquet(files, glob=False)


def _json(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_ndjson([escape(str(file)) for file in files], infer_schema_length=None)


def _arrow(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_ipc(files, glob=False)


def _sheets(files: list[Path]) -> pl.LazyFrame:
    return pl.concat([_sheet(file) for file in files])


_Reader: TypeAlias = "Callable[[list[Path]], pl.LazyFrame]"
READERS: Mapping[str, _Reader] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".ndjson": _json,
    ".jsonl": _json,
    ".arrow": _arrow,
    ".ipc": _arrow,
    ".feather": _arrow,
    ".xlsx": _sheets,
}
"""By the endings of files, what reads them."""


def _look_at_csv(file: Path) -> None:
    """That no line is too short: its end would read as null, as an empty cell does."""
    header = _header(file)
    last = pl.nth(-1).is_null().any()
    if len(header) > 1 and _csv([file]).select(last).collect(engine="streaming").item():
        _look_at_lines(file, len(header))


def _sheet(file: Path) -> pl.LazyFrame:
    """The first sheet of a workbook, all of it: such a file has a million rows at most."""
    import fastexcel

    try:
        return pl.read_excel(file, infer_schema_length=None).lazy()
    except fastexcel.FastExcelError as error:
        raise Unreadable(f"{file.name} cannot be read ({type(error).__name__})", _EXPECTED) from None


def _header(file: Path) -> list[str]:
    """The names of the columns. One that is there twice would be renamed, and one of the two not looked at."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    twice = sorted({name for name in header if header.count(name) > 1})
    if not header:
        raise Unreadable(f"{file.name} is empty", "a header with the names of the columns")
    if twice:
        raise Unreadable(f"{file.name} has the column {twice[0]} twice")
    return header


def _look_at_lines(file: Path, columns: int) -> None:
    """That every line has as many cells as the header."""
    csv.field_size_limit(_LONGEST_CELL)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines)
        for row in rows:
            if row and len(row) != columns:
                raise Unreadable(
                    f"{file.name} has {len(row)} cells in line {rows.line_num}, and its header {columns}", _EXPECTED
                )
