"""Names as tests write them: by their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from fieldline.documents.names import FieldName

if TYPE_CHECKING:
    from collections.abc import Mapping

_T = TypeVar("_T")


def names(*texts: str) -> tuple[FieldName, ...]:
    """Full names of fields."""
    return tuple(map(FieldName.read, texts))


def by_name(record: Mapping[str, _T]) -> dict[FieldName, _T]:
    """Something by the full names of fields, such as a record."""
    return {FieldName.read(text): value for text, value in record.items()}
