"""Where a system keeps the records of an entity, and how they are asked for: a table, a file, or a service over HTTP.

A description only: nothing here opens anything. A store is read and never written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..documents.location import Location
    from ..values.valueset import Value

STORE_SECONDS = 2
"""The time that a store has for an answer, where it names none: somebody is on the telephone."""


@dataclass(frozen=True, slots=True)
class TableStore:
    """A table, or a view, of a database."""

    variable: str
    """The environment variable that holds the database's URL."""
    table: str
    """Its name, with or without its schema."""

    def __str__(self) -> str:
        return f"table {self.table} in {self.variable}"


@dataclass(frozen=True, slots=True)
class FileStore:
    """A file of records: CSV in UTF-8 with a header, Parquet, or a JSON object a line."""

    file: str
    """Its path, relative to the estate's folder, with `/`."""

    def __str__(self) -> str:
        return f"file {self.file}"


PartKind: TypeAlias = Literal["text", "zoned", "packed", "binary", "separate"]
"""How bytes hold a value. Zoned: a digit a byte, with the sign in the last; packed: two a byte, then the sign.

Binary: two's complement, the greatest byte first; separate: digits with a sign of its own before or behind them."""


@dataclass(frozen=True, slots=True)
class RecordPart:
    """The bytes of one field in a record of fixed width."""

    start: int
    """The first of them, counted from 1."""
    length: int
    kind: PartKind = "text"
    decimals: int = 0
    """How many of the digits stand after a point that is not written."""
    is_signed: bool = True
    """Whether a binary number may be less than zero."""


@dataclass(frozen=True, slots=True)
class FixedWidthStore:
    """A file of records of which every field has its own place, as mainframes write them."""

    file: str
    """Its path, relative to the estate's folder, with `/`."""
    encoding: str
    """Of its texts: a codec of Python, such as cp037."""
    parts: Mapping[str, RecordPart]
    """By the own names of the fields."""
    record_length: int | None
    """The bytes of a record; None: every record is a line."""
    copybook: str | None = None
    """The path of the COBOL copybook that gives the places, relative to the estate's folder; None: they are given here."""

    def __str__(self) -> str:
        return f"file {self.file}"


@dataclass(frozen=True, slots=True)
class HttpStore:
    """A service that answers GET with JSON."""

    variable: str
    """The environment variable that holds the address which all paths begin with."""
    paths: tuple[str, ...]
    """The paths that lead to a record, with the fields that it is asked by in braces: /persons/{customer_no}."""
    record: tuple[str, ...]
    """The members that lead to the record in an answer, or to a list of records; none: the answer is one."""
    token: str | None
    """The environment variable that holds the token it is asked with; None: it is asked without."""

    def __str__(self) -> str:
        return f"service {self.variable}"

    def path_for(self, names: Collection[str]) -> str | None:
        """The path that asks by some of these fields, and by no other; None: there is none."""
        return next((path for path in self.paths if set(ASKED_BY.findall(path)) <= set(names)), None)


ASKED_BY = re.compile(r"\{([^{}]*)\}")
"""A field in the path of a service."""

StorePlace: TypeAlias = TableStore | FileStore | FixedWidthStore | HttpStore


@dataclass(frozen=True, slots=True)
class EntityStore:
    """Where the records of an entity are."""

    place: StorePlace
    seconds: int
    """How long it may take for an answer; one that takes longer is not reachable."""
    location: Location
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Fields by their own names, each with its name in the store; one that is left out has its own name there."""
    zone: str | None = None
    """The zone of instants that are stored without one, by its name in the IANA database; None: they are not read."""

    def column(self, name: str) -> str:
        """The name that a field has in the store."""
        return self.columns.get(name, name)

    def can_be_asked(self, names: Collection[str]) -> bool:
        """Whether a record can be asked for by these fields: a service is asked by those of its paths alone."""
        return not isinstance(self.place, HttpStore) or self.place.path_for(names) is not None

    def holding(self, value: Value) -> Value:
        """What is read again of a value that was stored.

        A CSV file has no empty text beside null; in a record of fixed width blanks at the end are not told from none.
        """
        match self.place:
            case FileStore(name) if PurePosixPath(name).suffix.lower() == ".csv" and value == "":
                return None
            case FixedWidthStore() if isinstance(value, str):
                return value.rstrip(" ") or None
            case _:
                return value
