"""Rows of files against the requirement of an entry: millions of them, in bounded memory.

One pass over all rows tells good from bad by one fused predicate; only the bad ones are asked which clause they break.
Values that must be unique are a pass of their own: hashes of 64 bits, and those that meet are compared as they are. Null is
no duplicate, and each copy beyond the first counts once.
"""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from ....checker.diff.stored_rows import Unreadable
from ...sources import silent
from .expressions import FITTING, Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from ....checker.requirement.requirement import Clause, NotKnown, Requirement, Uniqueness
    from ...sources import Progress

ROW = "row"
"""The column of a quarantine file that holds a row's number, from 1; a header is no row. `_row` where that is taken."""
REASON = "reason"
"""The one that says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A clause, and how many rows do not meet it."""

    clause: Clause
    rows: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A field whose values must differ, and how many rows repeat one that was there before."""

    unique: Uniqueness
    rows: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What some files came to."""

    rows: int
    rejected: int
    """Rows that break a clause; a row that only repeats a value is not among them."""
    broken: tuple[Broken, ...]
    """Clauses that some row breaks, most rows first."""
    repeated: tuple[Repeated, ...]
    absent: tuple[str, ...]
    """Fields of the entry that the files have no column for: null in every row."""
    ignored: tuple[str, ...]
    """Columns that are no field of the entry."""
    not_known: tuple[NotKnown, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong, as far as is known."""
        return not self.rejected and not self.repeated


class Rows:
    """Rows of files, all of the same columns. Raises Unreadable with a reason that holds no value.

    A folder stands for the files in it, and in its folders, in the order of their names.
    """

    def __init__(self, places: Sequence[Path], asked: Requirement) -> None:
        self._asked = asked
        files = [file for place in places for file in (_inside(place) if place.is_dir() else [place])]
        with reading(files[0].name if len(files) == 1 else f"{len(files)} files"):
            kinds = _kinds(files)
            frame = _as_one(files)
        self._row, self._reason = (free(name, kinds) for name in (ROW, REASON))
        self._frame = frame.with_row_index(self._row, offset=1)
        self._files = files
        self.columns = tuple(kinds)
        """The names of all columns, in their order."""
        self._kinds = {name: kind for name, kind in kinds.items() if name in asked.entity.fields}
        self._ignored = tuple(name for name in kinds if name not in asked.entity.fields)
        types = {field.name: field.type for field in asked.entity.fields.values()}
        for name, kind in self._kinds.items():
            if not FITTING[types[name]](kind) and not isinstance(kind, pl.Null):
                raise Unreadable(f"the column {name} holds {kind}, and the contract says {types[name]}")
        if not self._kinds:
            raise Unreadable(f"no column is a field of {asked.entity.full_name}", f"columns such as {', '.join(types)}")
        self._columns = Columns(self._kinds, asked)
        self._met = [(clause, self.meets(clause)) for clause in asked.clauses]
        asked_of = {name for _, met in self._met for name in met.meta.root_names()}
        self._only_read = [_read_at_all(name) for name in self._kinds if name not in asked_of]

    def is_of_its_type(self, name: str) -> bool:
        """Whether a field has a column that holds texts, whole numbers or truth values, as the contract says."""
        kind, wanted = self._kinds.get(name), self._asked.entity.fields[name].type
        match wanted:
            case "text":
                return isinstance(kind, pl.String)
            case "integer":
                return kind is not None and kind.is_integer()
            case _:
                return wanted == "boolean" and isinstance(kind, pl.Boolean)

    def held(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns, of all rows, in memory."""
        with self._read():
            return self._frame.select(self._row, *names).collect(engine="streaming").drop(self._row)

    def judge(self, progress: Progress = silent) -> Judged:
        """Count what is wrong; somebody may be told how far that is."""
        with self._read():
            flags = [(~met).alias(str(i)) for i, (_, met) in enumerate(self._met)]
            sums = [pl.col(str(i)).sum().cast(pl.Int64) for i in range(len(flags))]
            # Beside a column, what is the same for all rows is there once for each of them.
            bad = (
                self._bad(progress, "the rows").select(pl.col(self._row), *flags).select(pl.len().alias("rows"), *sums)
            )
            counted, found = pl.collect_all([self._frame.select(pl.len()), bad], engine="streaming")
            rows, counts = counted.item(), found.row(0, named=True)
            repeated = []
            for unique in self._asked.unique:
                if unique.field in self._kinds and (excess := self._excess(unique, progress)):
                    repeated.append(Repeated(unique, excess))
        broken = [Broken(clause, counts[str(i)] or 0) for i, (clause, _) in enumerate(self._met)]
        broken.sort(key=lambda each: -each.rows)
        return Judged(
            rows=rows,
            rejected=counts["rows"],
            broken=tuple(each for each in broken if each.rows),
            repeated=tuple(repeated),
            absent=tuple(name for name in self._asked.entity.fields if name not in self._kinds),
            ignored=self._ignored,
            not_known=self._asked.not_known,
        )

    def quarantine(self, words: Callable[[Clause], str], progress: Progress = silent) -> pl.LazyFrame:
        """The rows that break a clause, with their number and every reason, in their order."""
        reasons = [pl.when(~met).then(pl.lit(words(clause))) for clause, met in self._met]
        told = pl.concat_str(reasons, separator=" ", ignore_nulls=True) if reasons else pl.lit("")
        own = (self._row, self._reason)
        return self._bad(progress, "the bad rows").with_columns(told.alias(self._reason)).select(*own, pl.exclude(*own))

    def meets(self, clause: Clause) -> pl.Expr:
        """Whether a row meets a clause; never null."""
        return self._columns.meets(clause)

    def _watched(self, condition: pl.Expr, progress: Progress, what: str) -> pl.Expr:
        """The condition; somebody is told how many rows were asked for it."""
        if progress is silent:  # looking costs
            return condition
        rows = int(self._frame.select(pl.len()).collect(engine="streaming").item())
        passed = 0
        one_by_one = Lock()

        def went_by(series: pl.Series) -> pl.Series:
            nonlocal passed
            with one_by_one:
                passed += len(series)
                progress(what, passed, rows)
            return pl.repeat(value=True, n=len(series), dtype=pl.Boolean, eager=True)

        return pl.col(self._row).map_batches(went_by, return_dtype=pl.Boolean, is_elementwise=True) & condition

    def _bad(self, progress: Progress, what: str) -> pl.LazyFrame:
        met = [*(met for _, met in self._met), *self._only_read]
        return self._frame.filter(self._watched(~pl.all_horizontal(met), progress, what))

    def _excess(self, unique: Uniqueness, progress: Progress) -> int:
        """Rows whose value was there before."""
        # Numbers and days that are written as texts are equal where they are written otherwise.
        of_its_kind = not isinstance(self._kinds[unique.field], pl.String)
        of_its_kind = of_its_kind or self._asked.entity.fields[unique.field].type == "text"
        key = pl.col(unique.field) if of_its_kind and not unique.steps else self._columns.key(unique)
        filled = self._watched(key.is_not_null(), progress, f"{unique.field} for repeated values")
        keys = self._frame.filter(filled).select(key.alias("key"))
        hashes = keys.select(pl.col("key").hash(0)).collect(engine="streaming").to_series().sort()
        met = hashes.filter(hashes == hashes.shift()).unique()
        if met.is_empty():
            return 0
        same = keys.filter(pl.col("key").hash(0).is_in(met.implode()))
        counted = same.group_by("key").len().select((pl.col("len") - 1).sum())
        return int(counted.collect(engine="streaming").item() or 0)

    @contextmanager
    def _read(self) -> Iterator[None]:
        with reading(self._files[0].name if len(self._files) == 1 else f"{len(self._files)} files"):
            yield


def _read_at_all(name: str) -> pl.Expr:
    """True of every row; what cannot be read of a column is found out by it."""
    return pl.when(pl.col(name).is_null()).then(None).otherwise(pl.lit(value=True)).fill_null(value=True)


def free(name: str, taken: Container[str]) -> str:
    """The name, or one like it that no column has."""
    while name in taken:
        name = f"_{name}"
    return name


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


def _inside(folder: Path) -> list[Path]:
    """The files of a folder; those whose names begin with a dot or an underscore are somebody's own, as of Spark."""
    found = [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part[0] in "._" for part in file.relative_to(folder).parts)
    ]
    if not found:
        raise Unreadable(f"the folder {folder.name} holds no files", _EXPECTED)
    return found


def _kinds(files: Sequence[Path]) -> dict[str, pl.DataType]:
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


def _as_one(files: Sequence[Path]) -> pl.LazyFrame:
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
    try:
        import fastexcel
    except ModuleNotFoundError:
        raise Unreadable("fastexcel is not installed", "pip install 'fieldline[excel]'") from None
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
