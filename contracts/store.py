"""Where a system keeps the records of an entity, and how they are asked for: a table of a database, or a file.

A description only: nothing here opens anything. A store is read and never written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

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


StorePlace: TypeAlias = TableStore | FileStore


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

    def holding(self, value: Value) -> Value:
        """What is read again of a value that was stored: a CSV file has no empty text beside null."""
        match self.place:
            case FileStore(name) if PurePosixPath(name).suffix.lower() == ".csv" and value == "":
                return None
            case _:
                return value
