"""One content of a file of rows, or of a folder of them: its columns, and indexes of its rows, made when asked for."""

from __future__ import annotations

import os
from array import array
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Literal, TypeAlias

import polars as pl

from ..files import column_types, files_inside, is_in_lines, read_again, scan_again
from .held import in_small_letters
from .value_index import MOST_INDEX_BYTES, FileState, ValueIndex, file_state

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from ...values.valueset import Value

_Form: TypeAlias = Literal["text", "number"]
"""How a value is compared: as a text in small letters without blanks at its ends, or as a number."""


class FileContents:
    """A file in one state. Of one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable, OSError, and what polars raises."""
        self._path = path
        self._files = files_inside(path)
        self.states = file_states(path)
        self.kinds: Mapping[str, pl.DataType] = column_types(self._files)
        self._indexes: dict[tuple[str, _Form], ValueIndex] = {}
        self._starts: array[int] | None = None
        """Where each line begins, the last of them at the end of the file; None: not looked for yet, or no lines."""
        self._may_index = True

    def rows(self, where: Mapping[str, Sequence[Value]]) -> pl.LazyFrame:
        """Rows among which are all that hold one of its values in each column. Raises as this class."""
        if self._is_settled:
            for column, values in where.items():
                rows = self._holding(column, values)
                if rows is not None:
                    return rows.lazy()
        return scan_again(self._files, self.kinds)

    def prepare(self, column: str, *, is_number: bool) -> None:
        """Index a column by its texts, or its numbers. Raises as this class."""
        if self._is_settled:
            self._index(column, "number" if is_number else "text")

    @property
    def _is_settled(self) -> bool:
        return all(state.is_settled for state in self.states)

    def _holding(self, column: str, values: Sequence[Value]) -> pl.DataFrame | None:
        """The rows that may hold one of some values; None: an index does not say."""
        hashes = _hashes(values)
        if hashes is None:
            return None
        places: set[int] = set()
        for form, wanted in hashes.items():
            index = self._index(column, form)
            found = None if index is None else index.records(wanted)
            if found is None:
                return None
            places.update(found)
        rows = self._at(sorted(places))
        if rows is None:
            return None
        held = [_token(pl.col(column), form).hash().is_in(list(wanted)) for form, wanted in hashes.items()]
        if not rows.select(pl.any_horizontal(held).all()).item():  # its lines are not its rows
            self._may_index = False
            return None
        return rows

    def _index(self, column: str, form: _Form) -> ValueIndex | None:
        index = self._indexes.get((column, form))
        if index is None and self._may_index:
            token = _token(pl.col(column), form)
            hashes = pl.when(token.is_not_null()).then(token.hash())
            held = scan_again(self._files, self.kinds).select(hashes.alias("hash")).collect().to_series()
            more = held.len() * (ValueIndex.BYTES * (len(self._indexes) + 1) + array("Q").itemsize)
            if more > MOST_INDEX_BYTES or not self._has_lines(held.len()) or file_states(self._path) != self.states:
                self._may_index = False
                return None
            index = self._indexes[column, form] = ValueIndex(held)
        return index

    def _has_lines(self, rows: int) -> bool:
        """Whether each row is known to be a line; of a file that does not consist of lines, a row is found without."""
        if self._path.is_dir() or not is_in_lines(self._path):
            return True
        if self._starts is None:
            with self._path.open("rb") as lines:
                self._starts = _line_starts(lines, quoted=self._has_header)
        return len(self._starts) - 1 - self._has_header == rows

    @property
    def _has_header(self) -> bool:
        return self._path.suffix.lower() == ".csv"

    def _at(self, places: Sequence[int]) -> pl.DataFrame | None:
        """The rows with these numbers; None: the file has changed."""
        if self._starts is None:
            rows = [scan_again(self._files, self.kinds).slice(place, 1) for place in places]
            return pl.concat(rows).collect() if rows else pl.DataFrame(schema=dict(self.kinds))
        if not places:
            return pl.DataFrame(schema=dict(self.kinds))
        lines = [*([0] if self._has_header else []), *(place + self._has_header for place in places)]
        with self._path.open("rb") as file:
            if (file_state(os.fstat(file.fileno())),) != self.states:
                return None
            content = b"\n".join(_part(file, self._starts[line], self._starts[line + 1]) for line in lines)
        return read_again(self._path, content, self.kinds)


def file_states(path: Path) -> tuple[FileState, ...]:
    """The state of a file, or of all files of a folder. Raises OSError, Unreadable."""
    return tuple(file_state(file.stat()) for file in files_inside(path))


def _part(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(end - start).rstrip(b"\r\n")


def _line_starts(lines: BinaryIO, *, quoted: bool) -> array[int]:
    """Where each line begins. `quoted`: a line ends outside of quotes alone (RFC 4180)."""
    starts, place, is_open = array("Q", [0]), 0, False
    for line in lines:
        place += len(line)
        if quoted and line.count(b'"') % 2:
            is_open = not is_open
        if not is_open:
            starts.append(place)
    return starts


def _token(held: pl.Expr, form: _Form) -> pl.Expr:
    """What is compared of a column."""
    if form == "number":
        return held.cast(pl.Float64, strict=False) + 0.0  # -0.0 is 0.0
    return held.cast(pl.String, strict=False).str.strip_chars(" ").str.to_lowercase()


def _hashes(values: Sequence[Value]) -> dict[_Form, Collection[int]] | None:
    """The hashes of what may be held for some values; None: one of them is looked for otherwise."""
    texts: list[str] = []
    numbers: list[float] = []
    for value in values:
        match value:
            case None | bool():
                return None
            case int() | Decimal():
                numbers.append(float(value))
            case str():
                texts += (value, in_small_letters(value))
            case _:
                texts.append(str(value))
    found: dict[_Form, Collection[int]] = {}
    if texts:
        found["text"] = _hashed(pl.Series("value", texts, dtype=pl.String), "text")
    if numbers:
        found["number"] = _hashed(pl.Series("value", numbers, dtype=pl.Float64), "number")
    return found


def _hashed(values: pl.Series, form: _Form) -> set[int]:
    return set(values.to_frame().select(_token(pl.col("value"), form).hash()).to_series())
