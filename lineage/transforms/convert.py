"""Between types and notations: cast, reformat."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from ...values.notation import is_number, number_of, plain_notation
from ...values.numberset import NumberSet
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..transform import REJECTED, TransformError
from .dateformat import DateFormat
from .reading import NumberReader

if TYPE_CHECKING:
    from ...values.valueset import Value
    from ..transform import NoValue

_ISO_DATE = "%Y-%m-%d"
_DAY = 24 * 3600
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_FIRST_ORDINAL, _LAST_ORDINAL = date.min.toordinal(), date.max.toordinal()
_FIRST_INSTANT = (_FIRST_ORDINAL - _EPOCH_ORDINAL) * _DAY
_BEFORE, _AFTER = _FIRST_INSTANT - _DAY, (_LAST_ORDINAL - _EPOCH_ORDINAL + 2) * _DAY
"""Seconds before every instant that there is, and after all of them, in every zone."""

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
_DECIMAL_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_TRUTHS = {"true": True, "false": False}
_ZONE = re.compile(r"([+-])([01][0-9]|2[0-3]):([0-5][0-9])")


def parse_zone(text: str) -> timezone:
    """A fixed offset from UTC, such as +02:00 or Z. Raises TransformError."""
    if text in {"Z", "UTC"}:
        return UTC
    match = _ZONE.fullmatch(text)
    if match is None:
        raise TransformError("a zone is a fixed offset from UTC, such as +02:00", "zone")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-offset if match[1] == "-" else offset)


def _offset(zone: str) -> int:
    """A zone's offset from UTC, in seconds."""
    return parse_zone(zone).utcoffset(None) // timedelta(seconds=1)


@dataclass(frozen=True)
class Cast:
    """The value as another type.

    Text is read as a whole or decimal number, as true/false, or as a date in `layout`; numbers, truth values and dates
    are written plainly; a date becomes the instant of its midnight in `zone`, an instant the date it has in `zone` (beyond
    the years 1 to 9999 the nearest one stands for it). A
    value that cannot be cast is rejected. Null stays null. Times of day and instants are
    written and read in each engine's own way: such a step of a flow is not described (`written.as_written`).
    """

    to: str
    layout: str = _ISO_DATE
    """Notation of dates as text: %Y or %y, %m, %d and fixed characters."""
    zone: str = "Z"
    first_year: int | None = None
    """The first of the hundred years that the two digits of %y are read as."""

    def __post_init__(self) -> None:
        parse_zone(self.zone)
        if self.to == "date":
            _reader(self.layout, self.first_year)
        else:
            DateFormat.parse(self.layout)

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return f"as {self.to}"

    @property
    def exact(self) -> Literal[True]:
        return True

    @property
    def _offset(self) -> int:
        return _offset(self.zone)

    def apply(self, value: Value) -> Value | NoValue:
        if value is None:
            return None
        match self.to:
            case "text":
                return self._to_text(value)
            case "integer":
                return self._to_number(value, _WHOLE_NUMBER, NumberSet.scale(0))
            case "decimal":
                return self._to_number(value, _DECIMAL_NUMBER, NumberSet.full())
            case "boolean":
                return value if isinstance(value, bool) else _TRUTHS.get(str(value), REJECTED)
            case "date":
                return self._to_date(value)
            case "datetime":
                return self._to_datetime(value)
            case _:
                raise AssertionError(self.to)

    def _to_text(self, value: Value) -> Value | NoValue:
        match value:
            case str():
                return value
            case bool():
                return "true" if value else "false"
            case int() | Decimal():
                number = Decimal(value)
                return plain_notation(number) if is_number(number) else REJECTED
            case date() if not isinstance(value, datetime):
                return DateFormat.parse(self.layout).write(value)
            case _:
                return REJECTED

    @staticmethod
    def _to_number(value: Value, notation: re.Pattern[str], allowed: NumberSet) -> Value | NoValue:
        match value:
            case bool():
                return REJECTED
            case int() | Decimal():
                number = Decimal(value)
            case str() if notation.fullmatch(value):
                number = Decimal(value)
            case _:
                return REJECTED
        if number not in allowed:
            return REJECTED
        return number_of(number)

    def _to_date(self, value: Value) -> Value | NoValue:
        match value:
            case str():
                return DateFormat.parse(self.layout, self.first_year).read(value) or REJECTED
            case datetime():
                local = (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1) + self._offset
                ordinal = _EPOCH_ORDINAL + local // _DAY
                return date.fromordinal(min(max(ordinal, _FIRST_ORDINAL), _LAST_ORDINAL))
            case date():
                return value
            case _:
                return REJECTED

    def _to_datetime(self, value: Value) -> Value | NoValue:
        match value:
            case datetime():
                return value
            case date():
                midnight = datetime.combine(value, time(0), tzinfo=UTC)
                try:
                    return midnight - timedelta(seconds=self._offset)
                except OverflowError:
                    return datetime.min.replace(tzinfo=UTC)
            case _:
                return REJECTED

    def preimage(self, accepted: ValueSet) -> ValueSet:
        sources = replace(ValueSet.nothing(), null=accepted.null)
        match self.to:
            case "text":
                return replace(
                    sources,
                    texts=accepted.texts,
                    numbers=NumberSet.spelled(accepted.texts),
                    booleans=frozenset(truth for text, truth in _TRUTHS.items() if text in accepted),
                    days=DateFormat.parse(self.layout).days_written(accepted.texts),
                )
            case "integer" | "decimal":
                fractions = self.to == "decimal"
                numbers = accepted.numbers if fractions else accepted.numbers & NumberSet.scale(0)
                return replace(sources, numbers=numbers, texts=numbers.as_text.back(NumberReader(fractions)))
            case "boolean":
                texts = [text for text, truth in _TRUTHS.items() if truth in accepted.booleans]
                return replace(ValueSet.exactly(texts), null=accepted.null, booleans=accepted.booleans)
            case "date":
                return replace(
                    sources,
                    days=accepted.days,
                    texts=DateFormat.parse(self.layout, self.first_year).texts(accepted.days),
                    instants=_instants(accepted.days, self._offset),
                )
            case _:
                return replace(sources, instants=accepted.instants, days=self._midnights(accepted.instants))

    def _midnights(self, instants: NumberSet) -> NumberSet:
        """The days whose midnight in the zone is one of the instants: the first instant stands for what lies before it."""
        if instants.written is not TextSet.full():  # mostly every whole second is there, and a midnight is one
            seconds = NumberSet(instants.bands) & NumberSet.scale(0)
            if (seconds - instants).is_empty():
                instants = seconds
        if self._offset > 0 and _FIRST_INSTANT in instants:
            instants = instants | NumberSet.between(_BEFORE, _FIRST_INSTANT)
        # midnight of day n is (n - epoch) * day - offset, and low <= that < high
        offset = self._offset
        spans = (
            (-(-(low + offset) // _DAY) + _EPOCH_ORDINAL, -(-(high + offset) // _DAY) + _EPOCH_ORDINAL - 1)
            for low, high in instants.whole_spans(_BEFORE, _AFTER)
        )
        return ValueSet.dates(NumberSet.whole(spans)).days

    @cached_property
    def unaltered(self) -> ValueSet:
        """Another spelling of a value is no loss ("007" as 7); the time of day of an instant that becomes a date is.

        So is the century of a date that is written with two digits of its year; read again, it may be another one.
        """
        everything = ValueSet.everything()
        if self.to == "date":
            kept = replace(everything, instants=NumberSet.empty())
            return replace(kept, texts=TextSet.empty()) if self.guesses_century else kept
        return replace(everything, days=NumberSet.empty()) if self.forgets_century else everything

    @property
    def forgets_century(self) -> bool:
        """Whether it writes dates with two digits of their year."""
        return self.to == "text" and DateFormat.parse(self.layout).is_short

    @property
    def guesses_century(self) -> bool:
        """Whether it reads dates with two digits of their year."""
        return self.to == "date" and self.first_year is not None and DateFormat.parse(self.layout).is_short

    def of_years(self, first: int, last: int) -> ValueSet:
        """The dates of these years."""
        return _days(first, last)


@lru_cache(maxsize=16)  # a set of days may have 100,000 spans
def _instants(days: NumberSet, offset: int) -> NumberSet:
    """The instants whose date, so many seconds from UTC, is one of the days; beyond the first and the last day, too."""
    before_zero = _EPOCH_ORDINAL * _DAY + offset
    spans = (
        (
            _BEFORE if low == _FIRST_ORDINAL else low * _DAY - before_zero,
            _AFTER if high > _LAST_ORDINAL else high * _DAY - before_zero,
        )
        for low, high in days.whole_spans(_FIRST_ORDINAL, _LAST_ORDINAL)
        if low < high
    )
    return ValueSet.datetimes(NumberSet.spans(spans)).instants


@dataclass(frozen=True)
class Reformat:
    """A date as text, from one notation to another; a text that is not a date in the first is rejected. Null stays null."""

    source: str
    target: str
    first_year: int | None = None
    """The first of the hundred years that the two digits of %y in the first notation are read as."""

    def __post_init__(self) -> None:
        _reader(self.source, self.first_year)
        DateFormat.parse(self.target)

    @property
    def name(self) -> str:
        return "reformat"

    @property
    def sentence(self) -> str:
        of = "" if self.first_year is None else f" (years from {self.first_year} on)"
        return f"date rewritten from {self.source}{of} to {self.target}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if value is None:
            return None
        day = self._reads.read(value) if isinstance(value, str) else None
        return REJECTED if day is None else DateFormat.parse(self.target).write(day)

    def preimage(self, accepted: ValueSet) -> ValueSet:
        days = DateFormat.parse(self.target).days_written(accepted.texts)
        return replace(ValueSet.nothing(), null=accepted.null, texts=self._reads.texts(days))

    @property
    def _reads(self) -> DateFormat:
        return DateFormat.parse(self.source, self.first_year)

    @cached_property
    def unaltered(self) -> ValueSet:
        """All, but for the century of a date that is written with two digits of its year."""
        return ValueSet.null_only() if self.forgets_century else ValueSet.everything()

    @property
    def forgets_century(self) -> bool:
        """Whether four digits of a year become two."""
        return DateFormat.parse(self.target).is_short and not self._reads.is_short

    def of_years(self, first: int, last: int) -> ValueSet:
        """The texts that denote dates of these years."""
        return replace(ValueSet.nothing(), texts=self._reads.texts(_days(first, last).days))


def _reader(notation: str, first_year: int | None) -> DateFormat:
    """A notation that dates are read in. Raises TransformError where two digits stand for a year of no known century."""
    found = DateFormat.parse(notation, first_year)
    if found.is_short and first_year is None:
        raise TransformError(
            "the two digits of %y are read as a year of which century? Name the first year", "first_year"
        )
    return found


def _days(first: int, last: int) -> ValueSet:
    """The dates of these years."""
    return ValueSet.between(date(first, 1, 1), date(last, 12, 31))
