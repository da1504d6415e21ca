"""Files of rows as one polars frame: CSV, Parquet, NDJSON, Arrow, Excel; all with the same columns.

Every reading ends in a frame or in `Unreadable`, whose message holds no value of the file.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from contextlib import contextmanager
from glob import escape
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from ..checker.diff.stored_rows import Unreadable
from ..documents.json_text import check_json_lines
from ..documents.problem import Problems
from ..documents.temporary import temporary_folder
from .workbook import write_first_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Drops the messages of polars: they quote values."""
    try:
        yield
    except Unreadable as error:  # polars appends its expression to messages
        raise Unreadable(error.message.partition("\n")[0], error.expected) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{name} cannot be read ({type(error).__name__})", _EXPECTED) from None


_BOOK = ".xlsx"
_CHUNK = 2**20
_LONE_CR = re.compile(rb"\r(?!\n)")
_LONGEST_CELL = 2**31 - 1
_EXPECTED = "whole files of one kind with the same columns; CSV in UTF-8, with a header, every line as long as it"


@contextmanager
def opened(places: Sequence[Path]) -> Iterator[list[Path]]:
    """The files of these places, for as long as the block runs; of a workbook, its first sheet as a Parquet file.

    A folder means all files below it, in the order of their names. Raises Unreadable.
    """
    files = [file for place in places for file in files_inside(place)]
    books = [file for file in files if file.suffix.lower() == _BOOK and file.is_file()]
    if not books:
        yield files
        return
    import_module("fastexcel")  # it is missing here, not in the process that reads
    with temporary_folder() as folder:
        written = dict(zip(books, write_first_sheets(books, folder), strict=True))
        yield [written.get(file, file) for file in files]


def files_inside(folder: Path) -> list[Path]:
    """The files of a folder, or the file; names with a leading dot or underscore hold no rows (Spark writes such files)."""
    if not folder.is_dir():
        return [folder]
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
            raise Unreadable(f"{file.name} is of an unsupported file type ({ending})", ", ".join(READERS))
        if reader is READERS[".csv"]:
            _check_csv(file)
        if reader is _json:
            _check_json(file)
        # After `collect_schema`, a scan loads everything into memory: the rows are read by another scan.
        kinds = dict(reader([file]).collect_schema())
        first = first or kinds
        if list(kinds.items()) != list(first.items()):
            raise Unreadable(f"{file.name} has other columns than {files[0].name}", _EXPECTED)
    return first


def scan_as_one(files: Sequence[Path]) -> pl.LazyFrame:
    """The rows of all files. Files of one format are scanned together: one by one, they would not be streamed."""
    by_reader: dict[_Reader, list[Path]] = {}
    for file in files:
        by_reader.setdefault(READERS[file.suffix.lower()], []).append(file)
    frames = [reader(some) for reader, some in by_reader.items()]
    return frames[0] if len(frames) == 1 else pl.concat(frames)


def scan_again(files: Sequence[Path], kinds: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """The rows of files of one kind whose `column_types` are known."""
    reader = READERS[files[0].suffix.lower()]
    if reader is _json:
        return pl.scan_ndjson([escape(str(file)) for file in files], schema=dict(kinds))
    return reader(list(files))


def is_in_lines(file: Path) -> bool:
    """Whether the rows of a file are lines of text."""
    return READERS[file.suffix.lower()] in {_csv, _json}


def read_again(file: Path, content: bytes, kinds: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Some lines of such a file, as its rows; of CSV, the header first."""
    if READERS[file.suffix.lower()] is _json:
        return pl.read_ndjson(content, schema=dict(kinds))
    return pl.read_csv(content, infer_schema=False)


def _csv(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_csv(files, infer_schema=False, glob=False)


def _parquet(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_parquet(files, glob=False)


def _json(files: list[Path]) -> pl.LazyFrame:
    """Lines of JSON. polars infers many columns in another order in every run: they get that of the first line."""
    names = [escape(str(file)) for file in files]
    kinds = pl.scan_ndjson(names, infer_schema_length=None).collect_schema()
    order = dict.fromkeys((*_first_keys(files[0]), *sorted(kinds)))
    return pl.scan_ndjson(names, schema={name: kinds[name] for name in order if name in kinds})


def _first_keys(file: Path) -> list[str]:
    with file.open(encoding="utf-8") as lines:
        try:
            return list(json.loads(next(lines, "{}")))
        except (ValueError, TypeError, RecursionError):  # polars has read it, as it reads JSON
            return []


def _arrow(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_ipc(files, glob=False)


_Reader: TypeAlias = "Callable[[list[Path]], pl.LazyFrame]"
READERS: Mapping[str, _Reader] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".ndjson": _json,
    ".jsonl": _json,
    ".arrow": _arrow,
    ".ipc": _arrow,
    ".feather": _arrow,
    _BOOK: _parquet,
}
"""The readers, by the endings of files; a workbook is Parquet once it is opened."""


def _check_json(file: Path) -> None:
    """Raises Unreadable where a line is not JSON, or has a key twice, of which polars would take one."""
    problems = Problems()
    with file.open(encoding="utf-8", newline="\n") as lines:
        check_json_lines(lines, file.name, problems)
    for problem in problems.all():
        raise Unreadable(f"{problem.location}: {problem.message}", problem.expected)


def _check_csv(file: Path) -> None:
    """Raises Unreadable where a line is too short: its missing cells would read as null, as empty cells do."""
    check_line_ends(file)
    header = _header(file)
    last = pl.nth(-1).is_null().any()
    if len(header) > 1 and _csv([file]).select(last).collect(engine="streaming").item():
        _check_lines(file, len(header))


def check_line_ends(file: Path) -> None:
    """Raises Unreadable where CR alone ends a line: polars knows LF and CRLF, and would see one line, or no rows.

    RFC 4180: a CR that belongs to a value stands in quotes, and a quote inside of them is doubled.
    """
    quotes, last = 0, b""
    with file.open("rb") as chunks:
        while chunk := chunks.read(_CHUNK):
            chunk = last + chunk
            last = b"\r" if chunk.endswith(b"\r") else b""  # its LF may be in the next chunk
            chunk = chunk.removesuffix(last)
            place = 0
            for match in _LONE_CR.finditer(chunk):
                quotes += chunk.count(b'"', place, match.start())
                place = match.start()
                if not quotes % 2:
                    _reject_line_ends(file)
            quotes += chunk.count(b'"', place)
    if last and not quotes % 2:
        _reject_line_ends(file)


def _reject_line_ends(file: Path) -> None:
    raise Unreadable(f"{file.name} has lines that end in CR (U+000D) alone", "lines that end in LF or CRLF")


def _header(file: Path) -> list[str]:
    """The names of the columns. polars would rename a duplicate, and one of the two would not be checked."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    twice = sorted(name for name, times in Counter(header).items() if times > 1)
    if not header:
        raise Unreadable(f"{file.name} is empty", "a header with the names of the columns")
    if twice:
        raise Unreadable(f"{file.name} has the column {twice[0]} twice")
    return header


def _check_lines(file: Path, columns: int) -> None:
    """Raises Unreadable where a line has more or fewer cells than the header."""
    csv.field_size_limit(_LONGEST_CELL)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines)
        for row in rows:
            if row and len(row) != columns:
                raise Unreadable(
                    f"{file.name} has {len(row)} cells in line {rows.line_num}, but {columns} in its header", _EXPECTED
                )
