"""The fault of a value: which feature of the accepted values it lacks, as a person at a screen is told of it.

A fault names one character of the value at most, and its length; never the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from .charset import WHITE_SPACE
from .features import (
    ExceptValues,
    ListedValues,
    MostDecimals,
    MostSecondDecimals,
    NoValueAtAll,
    OnlyCharacters,
    TextLength,
    ValueRange,
    WeighedText,
)
from .numberset import NumberSet
from .valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .features import Feature
    from .valueset import Value


@dataclass(frozen=True, slots=True)
class MissingValue:
    """There is none, or nothing but blanks."""


@dataclass(frozen=True, slots=True)
class OtherType:
    """It is of another type than this one (`valueset.TYPES`)."""

    kind: str


@dataclass(frozen=True, slots=True)
class ForbiddenCharacter:
    """It has a character that no accepted text has; the first of them."""

    character: str


@dataclass(frozen=True, slots=True)
class TooLong:
    """It has more characters than an accepted text may have; `counted`: some of its characters take more room than one."""

    has: int
    most: int
    counted: bool = False


@dataclass(frozen=True, slots=True)
class TooShort:
    """It has fewer characters than an accepted text has."""

    has: int
    least: int


@dataclass(frozen=True, slots=True)
class TooLarge:
    """It is beyond the greatest value: a number, or a date, a time, an instant that is too late."""

    most: Value


@dataclass(frozen=True, slots=True)
class TooSmall:
    """It is below the least value, or too early."""

    least: Value


@dataclass(frozen=True, slots=True)
class TooManyDecimals:
    """It has more decimals than these."""

    most: int


@dataclass(frozen=True, slots=True)
class Unlisted:
    """It is not one of the accepted values, which are listed."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """It is one of the values that are listed as not accepted."""


@dataclass(frozen=True, slots=True)
class OtherForm:
    """It does not have the form of an accepted value."""


ValueFault: TypeAlias = (
    MissingValue
    | OtherType
    | ForbiddenCharacter
    | TooLong
    | TooShort
    | TooLarge
    | TooSmall
    | TooManyDecimals
    | Unlisted
    | LeftOut
    | OtherForm
)


def fault_of(value: Value, found: Sequence[Feature], kind: str) -> ValueFault:
    """The fault of a value that is not accepted; `found`: the features of the accepted values of its field's type."""
    if value is None or (isinstance(value, str) and _is_blank(value)):
        return MissingValue()
    if not _is_of_type(value, kind):
        return OtherType(kind)
    return next(_faults(value, found), OtherForm())


def _is_blank(text: str) -> bool:
    return all(ord(character) in WHITE_SPACE for character in text)


def _is_of_type(value: Value, kind: str) -> bool:
    match value:
        case bool():
            return kind == "boolean"
        case str():
            return kind == "text"
        case int():
            return kind in {"integer", "decimal"}
        case Decimal():
            return kind == "decimal" or (kind == "integer" and value in NumberSet.scale(0))
        case datetime():
            return kind == "datetime"
        case date():
            return kind == "date"
        case time():
            return kind == "time"
        case None:
            return True


def _faults(value: Value, found: Sequence[Feature]) -> Iterator[ValueFault]:
    for feature in sorted(found, key=lambda each: not isinstance(each, OnlyCharacters)):
        fault = _text_fault(value, feature) if isinstance(value, str) else _number_fault(value, feature)
        if fault is not None:
            yield fault


def _text_fault(text: str, feature: Feature) -> ValueFault | None:
    match feature:
        case OnlyCharacters(charset):
            wrong = next((character for character in text if ord(character) not in charset), None)
            return None if wrong is None else ForbiddenCharacter(wrong)
        case TextLength(low, high):
            if high is not None and len(text) > high:
                return TooLong(len(text), high)
            return TooShort(len(text), low) if len(text) < low else None
        case WeighedText():
            return TooLong(len(text), len(text) - 1, counted=True)
        case _:
            return _listing_fault(text, feature)


def _number_fault(value: Value, feature: Feature) -> ValueFault | None:
    match feature:
        case ValueRange(low, high, low_open, high_open):
            if low is not None and _is_below(value, low, is_open=low_open):
                return TooSmall(low)
            return TooLarge(high) if high is not None and _is_below(high, value, is_open=high_open) else None
        case MostDecimals(most):
            return None if value in NumberSet.scale(most) else TooManyDecimals(most)  # type: ignore[operator]
        case MostSecondDecimals(most):
            return None if value in ValueSet.second_decimals(most) else TooManyDecimals(most)
        case _:
            return _listing_fault(value, feature)


def _is_below(value: Value, other: Value, *, is_open: bool) -> bool:
    """Whether one value of an ordered type is less than another; `is_open`: or equal."""
    return bool(value < other or (is_open and value == other))  # type: ignore[operator]


def _listing_fault(value: Value, feature: Feature) -> ValueFault | None:
    match feature:
        case ListedValues(values):
            return None if value in values else Unlisted()
        case ExceptValues(values):
            return LeftOut() if value in values else None
        case NoValueAtAll():
            return OtherForm()
        case _:
            return None
