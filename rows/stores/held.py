"""What a store gives, as values of the contract's types."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ...checker.diff.stored_rows import Meaningless, stored_value
from ...checker.record.expected import same_held
from ..sources import column_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...checker.record.asking import HeldValues, StoreQuestion
    from ...contracts.model import Entity, Field
    from ...values.valueset import Value


_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
"""Truth values as files write them."""


def held_values(entity: Entity, columns: Mapping[str, str], row: Mapping[str, object]) -> HeldValues:
    """A row as a record: `columns` are those of its fields that the store has."""
    zone = None if entity.store is None else entity.store.zone
    return {name: held_value(row[column], entity.fields[name], zone) for name, column in columns.items()}


def held_value(raw: object, field: Field, zone: str | None) -> Value:
    """A value of the field's type; what is none of that type as the text that it reads as. `zone`: that of the store."""
    if isinstance(raw, bytes | memoryview):
        raw = bytes(raw).hex()
    if isinstance(raw, timedelta):
        raw = column_value(raw)
    match raw, field.type:
        case ((0 | 1), "boolean"):
            return bool(raw)
        case (str(), "boolean") if raw.lower() in _TRUTHS:
            return _TRUTHS[raw.lower()]
        case datetime(), "datetime" if raw.tzinfo is None and zone is not None:
            return raw.replace(tzinfo=ZoneInfo(zone))
        case str(), "datetime" if zone is not None and (instant := _naive(raw)) is not None:
            return instant.replace(tzinfo=ZoneInfo(zone))
        case datetime(), "date" if raw.tzinfo is None and raw.time() == datetime.min.time():  # as Oracle's DATE is read
            return date(raw.year, raw.month, raw.day)
    value = stored_value(raw, field)
    return str(raw) if isinstance(value, Meaningless) else value


def _naive(text: str) -> datetime | None:
    """An instant that is written without a zone; None: it has one, or is none."""
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None
    return written if written.tzinfo is None else None


def fits(question: StoreQuestion, record: HeldValues) -> bool:
    """Whether a record is one that was asked for: databases find more, where a collation ignores case, or `0 = 'a'`."""
    return all(
        name in record and any(_is_alike(value, record[name]) for value in values)
        for name, values in question.where.items()
    )


def _is_alike(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return in_small_letters(one) == in_small_letters(other)
    return same_held(one, other)


def in_small_letters(text: str) -> str:
    """A text in small letters, without blanks at the ends."""
    return text.strip(" ").lower()
