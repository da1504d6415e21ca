"""Stored data against a tightened contract: the rows that a system accepted and that the new contract rejects.

Rows are counted by distinct value: each value is checked once. A value is read as its text reads in the field's type; a
value without a meaning there was never accepted, and is counted separately.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from ...contracts.field_keys import read_value
from ...documents.problem import Problems
from ...values.error import FieldlineError
from ...values.show import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName
    from ...values.valueset import Value
    from .versions import Versions

MOST_KEYS = 5
"""The number of rejected rows whose keys are reported, at most."""
MOST_SOUGHT = 100
"""The number of distinct rejected values whose rows are looked up, at most."""


class Unreadable(FieldlineError):
    """Stored data cannot be read; `message` gives the reason, without any of the data."""

    def __init__(self, message: str, expected: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected


class StoredTable(Protocol):
    """The stored rows of an entity."""

    @property
    def name(self) -> str:
        """The name the caller gave."""

    def counts(self, column: str) -> Iterable[tuple[object, int]]:
        """Each distinct value of a column with the number of rows that hold it. Raises Unreadable."""

    def keys(self, column: str, values: Sequence[object], keys: Sequence[str], most: int) -> list[tuple[object, ...]]:
        """The keys of the first rows with one of these values, in their order. Raises Unreadable."""


@dataclass(frozen=True, slots=True)
class StoredRejection:
    """Rows of one entity that were accepted, and that the new contract of one of its fields rejects."""

    field: Field
    """In the version after."""
    table: str
    rows: int
    """Rows checked."""
    rejected: int
    unread: int
    """Rows whose value has no meaning in the field's type."""
    keys: tuple[str, ...]
    """Of the first rejected rows, in words, masked unless requested; empty where the contract names no key."""
    values: tuple[Value, ...]
    """The first few rejected values."""


@dataclass(frozen=True, slots=True)
class StoredRows:
    """The stored rows of some entities."""

    tables: Mapping[EntityName, StoredTable]
    """By the entity's full name."""
    shown: bool = False
    """Whether keys may be shown as they are."""


def stored_rejections(versions: Versions, stored: StoredRows) -> Iterator[StoredRejection]:
    """The rejections of the given rows by changed fields. Raises Unreadable."""
    after = versions.after.estate.contracts
    for full_name, table in sorted(stored.tables.items()):
        entity = after.entities[full_name]
        for field in entity.fields.values():
            if field.full_name in versions.changes.by_field and field.full_name in versions.before.graph.fields:
                rejection = _rejected(versions, entity, field, table, shown=stored.shown)
                if rejection.rejected or rejection.unread:
                    yield rejection


def _rejected(versions: Versions, entity: Entity, field: Field, table: StoredTable, *, shown: bool) -> StoredRejection:
    name = field.full_name
    before, after = versions.before.judge.accepted(name), versions.after.judge.accepted(name)
    rows = rejected = unread = 0
    rejected_values: list[object] = []
    values: list[Value] = []
    for raw, count in table.counts(field.name):
        rows += count
        value = stored_value(raw, field)
        if isinstance(value, Meaningless):
            unread += count
        elif value not in after and value in before:
            rejected += count
            rejected_values.append(raw)
            values.append(value)
    keys = (
        table.keys(field.name, rejected_values[:MOST_SOUGHT], entity.key, MOST_KEYS)
        if rejected_values and entity.key
        else []
    )
    words = tuple(_in_words(entity.key, key, shown=shown) for key in keys)
    return StoredRejection(field, table.name, rows, rejected, unread, words, tuple(values[:MOST_KEYS]))


def _in_words(names: Sequence[str], key: tuple[object, ...], *, shown: bool) -> str:
    """A key in words; masked, the length of each part alone."""
    parts = []
    for name, part in zip(names, key, strict=True):
        text = "null" if part is None else str(part)
        masked = f"… ({len(text)} character{'s' * (len(text) != 1)})"
        parts.append(f"{name} = {quote(text) if shown else masked}")
    return " and ".join(parts)


class Meaningless:
    """A stored value without a meaning in the field's type."""


def stored_value(raw: object, field: Field) -> Value | Meaningless:
    """A stored value as one of the field's type: as it is where it is one already, else as its text reads."""
    match raw, field.type:
        case None, _:
            return None
        case str(), "text":
            return raw
        case bool(), "boolean":
            return raw
        case ((int() | Decimal()), ("integer" | "decimal")) if not isinstance(raw, bool):
            return raw
        case float(), ("integer" | "decimal"):
            return Decimal(str(raw)) if raw == raw and abs(raw) != float("inf") else Meaningless()  # noqa: PLR0124 - NaN
        case datetime(), "datetime" if raw.tzinfo is not None:
            return raw
        case date(), "date" if not isinstance(raw, datetime):
            return raw
        case time(), "time":
            return raw
        case str(), _:
            problems = Problems()
            value = read_value(raw, field.type, problems)
            return Meaningless() if problems or value is None else value
        case _:
            return Meaningless()
