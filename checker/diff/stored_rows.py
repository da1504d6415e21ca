"""Stored data against a tightened contract: which rows that a system took are rejected by the new rule.

Rows are counted where they lie, value by value: each distinct value is judged once. A value is taken for what its text
means in the field's type; what means nothing there was never taken, and is counted apart.
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
"""Keys of rejected rows that are told."""
MOST_SOUGHT = 100
"""Distinct rejected values of which rows are looked up."""


class Unreadable(FieldlineError):
    """Stored data cannot be read; `message` says why, without a word of what is in it."""

    def __init__(self, message: str, expected: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected


class StoredTable(Protocol):
    """Where the rows of an entity lie."""

    @property
    def name(self) -> str:
        """How it was given."""

    def counts(self, column: str) -> Iterable[tuple[object, int]]:
        """Each distinct value of a column with the number of rows that hold it. Raises Unreadable."""

    def keys(self, column: str, values: Sequence[object], keys: Sequence[str], most: int) -> list[tuple[object, ...]]:
        """The keys of the first rows with one of these values, in their order. Raises Unreadable."""


@dataclass(frozen=True, slots=True)
class StoredRejection:
    """Rows of one entity that were taken, and that the new rule of one of its fields rejects."""

    field: Field
    """In the version after."""
    table: str
    rows: int
    """Rows looked at."""
    rejected: int
    unread: int
    """Rows whose value means nothing in the field's type."""
    keys: tuple[str, ...]
    """Of the first rejected rows, in words, masked unless asked for; empty where the contract names no key."""
    values: tuple[Value, ...]
    """Rejected values, the first few."""


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Where rows of some entities lie."""

    tables: Mapping[EntityName, StoredTable]
    """By the entity's full name."""
    shown: bool = False
    """Whether keys may be shown as they are."""


def stored_rejections(versions: Versions, stored: StoredRows) -> Iterator[StoredRejection]:
    """What the new rules reject of the rows that were named. Raises Unreadable."""
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
    taken, accepted = versions.before.judge.accepted(name), versions.after.judge.accepted(name)
    rows = rejected = unread = 0
    bad: list[object] = []
    values: list[Value] = []
    for raw, count in table.counts(field.name):
        rows += count
        value = _typed(raw, field)
        if isinstance(value, _Meaningless):
            unread += count
        elif value not in accepted and value in taken:
            rejected += count
            bad.append(raw)
            values.append(value)
    keys = table.keys(field.name, bad[:MOST_SOUGHT], entity.key, MOST_KEYS) if bad and entity.key else []
    words = tuple(_in_words(entity.key, key, shown=shown) for key in keys)
    return StoredRejection(field, table.name, rows, rejected, unread, words, tuple(values[:MOST_KEYS]))


def _in_words(names: Sequence[str], key: tuple[object, ...], *, shown: bool) -> str:
    """A key in words; masked, only how long each part is."""
    parts = []
    for name, part in zip(names, key, strict=True):
        text = "null" if part is None else str(part)
        masked = f"… ({len(text)} character{'s' * (len(text) != 1)})"
        parts.append(f"{name} = {quote(text) if shown else masked}")
    return " and ".join(parts)


class _Meaningless:
    """A stored value that means nothing in the field's type."""


def _typed(raw: object, field: Field) -> Value | _Meaningless:
    """A stored value as one of the field's type: as it is where it is one already, else what its text means."""
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
            return Decimal(str(raw)) if raw == raw and abs(raw) != float("inf") else _Meaningless()  # noqa: PLR0124 - NaN
        case datetime(), "datetime" if raw.tzinfo is not None:
            return raw
        case date(), "date" if not isinstance(raw, datetime):
            return raw
        case time(), "time":
            return raw
        case str(), _:
            problems = Problems()
            value = read_value(raw, field.type, problems)
            return _Meaningless() if problems or value is None else value
        case _:
            return _Meaningless()
