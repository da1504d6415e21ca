"""A file of records of fixed width, as mainframes write them: texts, in EBCDIC for example, zoned and packed digits."""

from __future__ import annotations

import os
import re
from array import array
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from operator import itemgetter
from pathlib import PurePosixPath
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

import polars as pl

from ...checker.diff.stored_rows import Unreadable
from ...checker.record.asking import MOST_RECORDS, FoundRecords
from ...contracts.store_keys import MOST_RECORD_BYTES
from .copybook import read_copybook
from .held import fits, held_values, in_small_letters
from .value_index import MOST_INDEX_BYTES, ValueIndex, file_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ...checker.record.asking import HeldValues, StoreQuestion
    from ...contracts.model import Entity
    from ...contracts.store import EntityStore, FixedWidthStore, RecordPart
    from ...values.valueset import Value
    from .value_index import FileState

_RECORDS = 4096
"""So many records are read between two looks at the clock."""
_SIGNS = {0xA: "", 0xB: "-", 0xC: "", 0xD: "-", 0xE: "", 0xF: ""}
"""The half bytes that are signs. Source: IBM, z/Architecture Principles of Operation, chapter 8, "Decimal Codes"."""
_ASCII_SIGNS = {
    **{letter: ("", digit) for digit, letter in enumerate("{ABCDEFGHI")},
    **{letter: ("-", digit) for digit, letter in enumerate("}JKLMNOPQR")},
    **{letter: ("-", digit) for digit, letter in enumerate("pqrstuvwxy")},
}
"""The last character of signed digits outside EBCDIC: as translated from there, and as compilers on ASCII write it."""


Placed: TypeAlias = tuple[int, bytes]
"""Where a record begins in the file, and its bytes."""


@dataclass(slots=True)
class _Indexed:
    """The file in one state."""

    state: FileState
    by_field: dict[str, ValueIndex] = field(default_factory=dict)
    starts: array[int] | None = None
    """Where each record begins, and the last one ends; None: not looked for yet, or all are of one length."""
    may_index: bool = True


class FixedWidthFile:
    """The file that holds an entity's records."""

    def __init__(self, entity: Entity, store: EntityStore, place: FixedWidthStore, root: Path) -> None:
        self._entity = entity
        self._seconds = store.seconds
        self._written = place
        self._columns = {name: store.column(name) for name in entity.fields}
        self._name = PurePosixPath(place.file).name
        self._root = root.resolve()
        self._path = (root / place.file).resolve()
        self._is_ebcdic = "0".encode(place.encoding) == b"\xf0"
        self._lock = Lock()
        self._indexed: _Indexed | None = None

    @cached_property
    def _place(self) -> FixedWidthStore:
        """Where the fields stand. Raises Unreadable for a copybook that cannot be read."""
        written = self._written
        if written.copybook is None:
            return written
        path = (self._root / written.copybook).resolve()
        name = PurePosixPath(written.copybook).name
        if not path.is_relative_to(self._root):
            raise Unreadable(f"{name} is a link that leads out of the estate", "a file inside the estate")
        try:
            with path.open("rb") as file:
                text = file.read(_MOST_COPYBOOK + 1).decode("utf-8", "replace")
        except OSError as error:
            raise Unreadable(f"{name} cannot be read ({error.strerror or type(error).__name__})") from None
        if len(text) > _MOST_COPYBOOK:
            raise Unreadable(f"{name} is longer than {_MOST_COPYBOOK:,} bytes")
        record = read_copybook(text, name)
        held = {name: record.parts.get(_cobol(column)) for name, column in self._columns.items()}
        parts = {name: part for name, part in held.items() if part is not None}
        return replace(written, parts=parts, record_length=written.record_length or record.length)

    @cached_property
    def _least(self) -> int:
        """The bytes of the shortest record."""
        return max((part.start + part.length - 1 for part in self._place.parts.values()), default=0)

    def find(self, question: StoreQuestion) -> FoundRecords:
        """The records that a question asks for. Raises Unreadable."""
        missing = [name for name in question.where if name not in self._place.parts]
        if missing:
            raise Unreadable(f"the layout of {self._name} has no field {missing[0]}")
        exact, loose = self._exact(question), self._loose(question)
        places = [(wanted, _bytes_of(self._place.parts[name])) for name, wanted in exact.items()]
        alike = [(wanted, _bytes_of(self._place.parts[name])) for name, wanted in loose.items()]
        asked = {name: self._place.parts[name] for name in question.where if name not in exact and name not in loose}
        found: list[HeldValues] = []
        candidates = self._candidates(question.where)
        for record in candidates if candidates is not None else map(itemgetter(1), self._records()):
            if any(record[place] not in wanted for wanted, place in places):
                continue
            if any(self._small(record[place]) not in wanted for wanted, place in alike):
                continue
            if asked and not self._may_fit(question, record, asked):
                continue
            held = self._held(record, self._place.parts)
            if fits(question, held):
                found.append(held)
                if len(found) > MOST_RECORDS:
                    return FoundRecords(tuple(found[:MOST_RECORDS]), more=True)
        return FoundRecords(tuple(found))

    def every(self, seconds: int) -> Iterator[Mapping[str, object]]:
        """Every record of the file, read within so many seconds: what its bytes mean, by field. Raises Unreadable."""
        for _, record in self._records(seconds):
            yield self._row(record, self._place.parts)

    def fields(self) -> Sequence[str]:
        """The fields, by their own names, that have a place in the record. Raises Unreadable."""
        next(self._records(), None)
        return list(self._place.parts)

    def indexed(self) -> None:
        """A file has no index of its own."""
        return

    # --------------------------------------------------------------------------------------------------------- index

    def prepare(self, names: Sequence[str]) -> None:
        """Index these fields. Raises Unreadable."""
        with self._lock, self._settled() as settled:
            if settled is not None:
                for name in names:
                    if name in self._place.parts:
                        self._known_index(*settled, name)

    def _candidates(self, where: Mapping[str, Sequence[Value]]) -> list[bytes] | None:
        """Records among which are all that hold one of its values in each field; None: no index says. Raises Unreadable."""
        with self._lock, self._settled() as settled:
            if settled is not None:
                for name, values in where.items():
                    records = self._holding(*settled, name, values)
                    if records is not None:
                        return records
        return None

    @contextmanager
    def _settled(self) -> Iterator[tuple[BinaryIO, _Indexed] | None]:
        """The open file, and what is known of its state; None: another content might have the same. Raises Unreadable."""
        try:
            with self._opened() as file:
                state = file_state(os.fstat(file.fileno()))
                if state.is_settled and (self._indexed is None or self._indexed.state != state):
                    self._indexed = _Indexed(state)
                yield (file, self._indexed) if state.is_settled and self._indexed is not None else None
        except OSError as error:
            raise self._unreadable(error) from None

    def _holding(self, file: BinaryIO, indexed: _Indexed, name: str, values: Sequence[Value]) -> list[bytes] | None:
        """The records that may hold one of some values; None: an index does not say."""
        index = self._known_index(file, indexed, name)
        wanted = {_hash(value) for value in values}
        places = None if index is None else index.records(wanted)
        if places is None:
            return None
        records = [self._at(file, indexed.starts, place) for place in places]
        part = self._place.parts[name]
        return records if all(self._hash(name, part, record) in wanted for record in records) else None

    def _known_index(self, file: BinaryIO, indexed: _Indexed, name: str) -> ValueIndex | None:
        index = indexed.by_field.get(name)
        if index is None and indexed.may_index:
            index = self._index(file, indexed, name)
            indexed.may_index = index is not None
            if index is not None:
                indexed.by_field[name] = index
        return index

    def _index(self, file: BinaryIO, indexed: _Indexed, name: str) -> ValueIndex | None:
        """The index of a field; None: it would take too much, or the file has changed. Reads as long as it takes."""
        part, length = self._place.parts[name], self._place.record_length
        file.seek(0)
        hashes, starts = array("q"), array("Q")
        most = MOST_INDEX_BYTES // (ValueIndex.BYTES * (len(indexed.by_field) + 1) + starts.itemsize)
        for start, record in self._placed(file):
            hashes.append(self._hash(name, part, record))
            if length is None:
                starts.append(start)
            if len(hashes) > most:
                return None
        if file_state(os.fstat(file.fileno())) != indexed.state:
            return None
        if length is None:
            starts.append(indexed.state.size)
            indexed.starts = starts
        return ValueIndex(pl.Series(hashes, dtype=pl.Int64))

    def _hash(self, name: str, part: RecordPart, record: bytes) -> int:
        """Of what a record holds in a field."""
        if part.kind == "text" and self._entity.fields[name].type == "text":
            return hash(self._small(record[_bytes_of(part)]) or None)
        return _hash(self._held(record, {name: part})[name])

    def _at(self, file: BinaryIO, starts: array[int] | None, place: int) -> bytes:
        """The record with a number."""
        length = self._place.record_length
        if starts is None and length is not None:
            file.seek(place * length)
            return file.read(length)
        if starts is None:
            raise ValueError("records of any length, and nobody looked where they begin")
        file.seek(starts[place])
        return next(record for _, record in self._lines(BytesIO(file.read(starts[place + 1] - starts[place]))))

    # ---------------------------------------------------------------------------------------------------------- scan

    def _exact(self, question: StoreQuestion) -> dict[str, frozenset[bytes]]:
        """The bytes of texts that are asked for as they are: compared without reading every record's own."""
        exact: dict[str, frozenset[bytes]] = {}
        for name, values in question.where.items():
            part = self._place.parts[name]
            texts = [value for value in values if isinstance(value, str)]
            if part.kind == "text" and not question.alike and len(texts) == len(values):
                exact[name] = frozenset(self._padded(text, part) for text in texts)
        return exact

    def _loose(self, question: StoreQuestion) -> dict[str, frozenset[str]]:
        """Texts in small letters, where those that differ in case alone are asked for."""
        return {
            name: frozenset(in_small_letters(value) for value in values if isinstance(value, str))
            for name, values in question.where.items()
            if question.alike and self._place.parts[name].kind == "text" and all(isinstance(v, str) for v in values)
        }

    def _small(self, held: bytes) -> str:
        return in_small_letters(held.decode(self._place.encoding, "replace").rstrip(" \0"))

    def _padded(self, text: str, part: RecordPart) -> bytes:
        """A text as it stands in the record; no bytes at all where it cannot stand there."""
        try:
            written = text.encode(self._place.encoding)
        except UnicodeEncodeError:
            return b""
        blank = " ".encode(self._place.encoding)
        return written + blank * ((part.length - len(written)) // len(blank)) if len(written) <= part.length else b""

    def _may_fit(self, question: StoreQuestion, record: bytes, asked: Mapping[str, RecordPart]) -> bool:
        held = self._held(record, asked)
        return all(
            fits(type(question)(question.entity, {name: question.where[name]}, question.alike), held) for name in asked
        )

    def _records(self, seconds: int | None = None) -> Iterator[Placed]:
        """Every record, within the time of the store, or so many seconds. Raises Unreadable."""
        seconds = self._seconds if seconds is None else seconds
        end = monotonic() + seconds
        try:
            with self._opened() as file:
                for number, record in enumerate(self._placed(file)):
                    if number % _RECORDS == 0 and monotonic() > end:
                        raise Unreadable(f"it was not read within {seconds} s")
                    yield record
        except OSError as error:
            raise self._unreadable(error) from None

    def _opened(self) -> BinaryIO:
        if not self._path.is_relative_to(self._root):
            raise Unreadable(f"{self._name} is a link that leads out of the estate", "a file inside the estate")
        return self._path.open("rb")

    def _unreadable(self, error: OSError) -> Unreadable:
        return Unreadable(f"{self._name} cannot be read ({error.strerror or type(error).__name__})")

    def _placed(self, file: BinaryIO) -> Iterator[Placed]:
        length = self._place.record_length
        return self._lines(file) if length is None else self._blocks(file, length)

    def _blocks(self, file: BinaryIO, length: int) -> Iterator[Placed]:
        """Records of equal length. Not mapped into memory: a file that is written anew meanwhile would end the process."""
        place = 0
        while block := file.read(length * _RECORDS):
            if len(block) % length:
                raise Unreadable(f"{self._name} does not consist of records of {length} bytes")
            yield from ((place + start, block[start : start + length]) for start in range(0, len(block), length))
            place += len(block)

    def _lines(self, file: BinaryIO) -> Iterator[Placed]:
        """Lines, of which blanks at the end may have been left out; a line of more bytes than a record has is none."""
        encoding = self._place.encoding
        end, back, blank = ("\n".encode(encoding), "\r".encode(encoding), " ".encode(encoding))
        place, rest = 0, b""
        while block := file.read(MOST_RECORD_BYTES):
            *lines, rest = (rest + block).split(end)
            for line in lines:
                if line:
                    yield place, _filled(line.removesuffix(back), blank, self._least)
                place += len(line) + len(end)
            if len(rest) > MOST_RECORD_BYTES:
                raise Unreadable(f"{self._name} has a line of more than {MOST_RECORD_BYTES:,} bytes")
        if rest:
            yield place, _filled(rest.removesuffix(back), blank, self._least)

    def _held(self, record: bytes, parts: Mapping[str, RecordPart]) -> HeldValues:
        return held_values(self._entity, {name: name for name in parts}, self._row(record, parts))

    def _row(self, record: bytes, parts: Mapping[str, RecordPart]) -> Mapping[str, object]:
        return {name: self._value(name, record[_bytes_of(part)], part) for name, part in parts.items()}

    def _value(self, name: str, held: bytes, part: RecordPart) -> object:
        """What the bytes mean; null where they are blanks, or all zero; what is no number as the text of the bytes."""
        if part.kind == "binary":
            number = Decimal(int.from_bytes(held, "big", signed=part.is_signed)).scaleb(-part.decimals)
            return number if part.decimals else int(number)
        if not held.strip(b"\0"):
            return None
        text = held.decode(self._place.encoding, "replace")
        if part.kind == "text" or not text.strip(" "):
            return text.rstrip(" \0") or None
        match part.kind:
            case "packed":
                digits = _packed(held)
            case "separate":
                digits = _separate(text)
            case _:
                digits = self._zoned(held, text)
        if digits is None:
            return held.hex() if part.kind == "packed" else text
        sign, figures = digits
        if self._entity.fields[name].type == "text":
            return f"{sign}{figures}"
        number = Decimal(f"{sign}{figures}").scaleb(-part.decimals)
        return number if part.decimals else int(number)

    def _zoned(self, held: bytes, text: str) -> tuple[str, str] | None:
        """The sign and the digits of a number with a digit a byte; None: it is no number."""
        if not self._is_ebcdic:
            sign, last = _ASCII_SIGNS.get(text[-1], ("", text[-1]))
            figures = f"{text[:-1]}{last}"
        else:
            if any(byte >> 4 != 0xF for byte in held[:-1]) or held[-1] >> 4 not in _SIGNS:
                return None
            sign, figures = _SIGNS[held[-1] >> 4], "".join(f"{byte & 0xF:x}" for byte in held)
        return (sign, figures) if figures.isascii() and figures.isdecimal() else None


def _hash(value: Value) -> int:
    """The same of two values that fit one another."""
    return hash(in_small_letters(value) if isinstance(value, str) else value)


def _packed(held: bytes) -> tuple[str, str] | None:
    """The sign and the digits of a packed number; None: it is none."""
    halves = held.hex()
    sign, figures = _SIGNS.get(int(halves[-1], 16)), halves[:-1]
    return (sign, figures) if sign is not None and figures.isdecimal() else None


def _separate(text: str) -> tuple[str, str] | None:
    """The sign and the digits of a number whose sign stands alone; None: it is none."""
    found = _SEPARATE.fullmatch(text)
    return None if found is None else ("-" if "-" in (found[1], found[3]) else "", found[2])


_SEPARATE = re.compile(r"([+-]?)([0-9]+)([+-]?)")
_MOST_COPYBOOK = 1 << 20


def _cobol(name: str) -> str:
    """A field's name as a copybook has it."""
    return name.upper().replace("_", "-")


def _bytes_of(part: RecordPart) -> slice:
    return slice(part.start - 1, part.start - 1 + part.length)


def _filled(line: bytes, blank: bytes, least: int) -> bytes:
    return line + blank * ((least - len(line)) // len(blank))
