"""Between types and notations: cast, reformat."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...contracts.record_rules import of_other_types
from ...values import steps
from ...values.charset import Charset
from ...values.notation import is_number, number_of, plain_notation
from ...values.numberset import NumberSet
from ...values.transducer import Move, Transducer
from ...values.valueset import ValueSet
from ..engines import DATABASES
from ..transform import REJECTED, TransformError
from .arithmetic import NumberTransform
from .dateformat import DateFormat
from .fixed import Default, Identity, OpaqueStep, PerhapsNull
from .period import PeriodEnd
from .shift import DateShift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contracts.model import Field, KnownEngine
    from ...values.transducer import Phase
    from ...values.valueset import Value
    from ..transform import NoValue, Transform

_ISO_DATE = "%Y-%m-%d"
_DAY = 24 * 3600 * 10**6
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

_OTHER, _SIGN_PLUS, _SIGN_MINUS, _ZERO, _DIGIT, _POINT = range(6)


@dataclass(frozen=True)
class NumberReader(Transducer):
    r"""Reads a written number and writes its plain notation: no `+`, no leading zeros, no trailing ones.

    Rejects every other text: `[+-]?[0-9]+`, and with `fractions` also `[+-]?[0-9]+\.[0-9]+`. It guesses whether a zero
    after the point is the beginning of the trailing ones. Phases, with "-" where a minus sign is not written yet:

        start -> sign -> zeros -> digits -> point -> significant | inner zeros -> trailing
    """

    fractions: bool

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        kinds = (("+", _SIGN_PLUS), ("-", _SIGN_MINUS), ("0", _ZERO), ("123456789", _DIGIT), (".", _POINT))
        step: tuple[tuple[int, ...], tuple[int, ...]] = steps.constant(_OTHER)
        for characters, kind in kinds:
            step = steps.merge(step, steps.indicator(Charset.of(characters), kind, _OTHER), max)
        return step

    @property
    def rejects(self) -> bool:
        return True

    @property
    def guesses(self) -> bool:
        return self.fractions

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((("start", ""), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        place, sign = phase
        match place, character_class:
            case "start", 1:
                return (Move(("sign", ""), None),)
            case "start", 2:
                return (Move(("sign", "-"), None),)
            case (("start" | "sign" | "zeros"), 3):
                return (Move(("zeros", sign), None),)
            case (("start" | "sign" | "zeros"), 4):
                return (Move(("digits", ""), before=sign),)
            case "digits", (3 | 4):
                return (Move(phase),)
            case (("zeros" | "digits"), 5) if self.fractions:
                whole = sign + "0" if place == "zeros" else ""
                nothing = "0" if place == "zeros" else ""
                return (Move(("point", ""), before=whole), Move(("empty point", ""), None, nothing))
            case "point", 3:
                return (Move(("inner zeros", "")),)
            case (("point" | "inner zeros"), 4):
                return (Move(("significant", "")),)
            case "inner zeros", 3:
                return (Move(phase),)
            case "significant", 4:
                return (Move(phase),)
            case "significant", 3:
                return (Move(("inner zeros", "")), Move(("trailing", ""), None))
            case (("empty point" | "trailing"), 3):
                return (Move(("trailing", ""), None),)
            case _:
                return ()

    def end(self, phase: Phase) -> str | None:
        match phase:
            case ("zeros", _):
                return "0"
            case (("digits" | "significant" | "trailing"), _):
                return ""
            case _:
                return None

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002
        return 1, high

    @property
    def idempotent(self) -> bool:
        return True


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
    """A zone's offset from UTC, in microseconds."""
    return parse_zone(zone).utcoffset(None) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Cast:
    """The value as another type.

    Text is read as a whole or decimal number, as true/false, or as a date in `layout`; numbers, truth values and dates
    are written plainly; a date becomes the instant of its midnight in `zone`, an instant the date it has in `zone`. A
    value that cannot be cast is rejected. Null stays null. Times of day and instants are
    written and read in each engine's own way: such a step of a flow is not described (`written.as_written`).
    """

    to: str
    layout: str = _ISO_DATE
    """Notation of dates as text: %Y, %m, %d and fixed characters."""
    zone: str = "Z"

    def __post_init__(self) -> None:
        parse_zone(self.zone)
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
                return DateFormat.parse(self.layout).read(value) or REJECTED
            case datetime():
                local = (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) + self._offset
                return date.fromordinal(_EPOCH_ORDINAL + local // _DAY)
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
                instants = ValueSet.of_type("datetime")
                try:
                    moment = midnight - timedelta(microseconds=self._offset)
                except OverflowError:
                    return REJECTED
                return moment if moment in instants else REJECTED
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
                    texts=DateFormat.parse(self.layout).texts(accepted.days),
                    instants=self._instants(accepted.days),
                )
            case _:
                return replace(sources, instants=accepted.instants, days=self._midnights(accepted.instants))

    def _instants(self, days: NumberSet) -> NumberSet:
        """The instants whose date in the zone is one of the days."""
        spans = (
            ((low - _EPOCH_ORDINAL) * _DAY - self._offset, (high - _EPOCH_ORDINAL) * _DAY - self._offset - 1)
            for low, high in days.whole_spans(date.min.toordinal(), date.max.toordinal())
        )
        return ValueSet.datetimes(NumberSet.whole(spans)).instants

    def _midnights(self, instants: NumberSet) -> NumberSet:
        """The days whose midnight in the zone is one of the instants."""
        low_end = (date.min.toordinal() - _EPOCH_ORDINAL - 1) * _DAY
        high_end = (date.max.toordinal() - _EPOCH_ORDINAL + 2) * _DAY
        # midnight of day n is (n - epoch) * day - offset, and low <= that < high
        spans = (
            (
                -(-(low + self._offset) // _DAY) + _EPOCH_ORDINAL,
                -(-(high + self._offset) // _DAY) + _EPOCH_ORDINAL - 1,
            )
            for low, high in instants.whole_spans(low_end, high_end)
        )
        return ValueSet.dates(NumberSet.whole(spans)).days

    @cached_property
    def unaltered(self) -> ValueSet:
        """Another spelling of a value is no loss ("007" as 7); the time of day of an instant that becomes a date is."""
        everything = ValueSet.everything()
        return replace(everything, instants=NumberSet.empty()) if self.to == "date" else everything


@dataclass(frozen=True)
class Assignment:
    """A text that a flow brings to a field of another type without a cast: the value that it is the text of.

    Dates are read in ISO 8601, numbers as `Cast` reads them; any other text is rejected. Values that are no text stay as
    they are. Engines agree on these texts: PostgreSQL 15 (8.1, 8.5), MariaDB 10.11 (Type Conversion), DuckDB (Casting).
    """

    to: str

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return f"text read as {self.to}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        return Cast(self.to).apply(value) if isinstance(value, str) else value

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return replace(accepted, texts=Cast(self.to).preimage(accepted).texts)

    @cached_property
    def unaltered(self) -> ValueSet:
        texts = Cast(self.to).unaltered.texts
        everything = ValueSet.everything()
        return everything if texts is everything.texts else replace(everything, texts=texts)


def assigned(
    of_type: str, chain: Sequence[Transform], to: Field, engine: KnownEngine | None = None
) -> tuple[Transform, ...]:
    """The chain over values of a type, and after it the assignment to a field of another type, in a system of an engine.

    What accepts texts beside its own type takes a text as it is. A database writes other values into a column of texts,
    and reads and converts truth values and instants, each in its own way. Who names no engine gets a number or a truth
    value as it is (JSON has both), and a day or a time as some text.
    """
    of_type = type_after(of_type, chain)
    converts = engine in DATABASES
    match of_type, to.type:
        case "text", _ if "" in of_other_types(to):
            return tuple(chain)
        case "text", "integer" | "decimal" | "date":
            return (*chain, Assignment(to.type))
        case "text", "datetime" | "time":
            return (*chain, OpaqueStep(f"a text read as {to.type}, in the engine's own way"))
        case "text", "boolean" if converts:
            return (*chain, OpaqueStep("a text read as boolean, in the engine's own way"))
        case "boolean", "text" if converts:
            return (*chain, OpaqueStep("a boolean written as text, in the engine's own way"))
        case "integer" | "decimal" | "date" | "time" | "datetime", "text" if converts:
            return (*chain, _SPELLED)
        case "date" | "time" | "datetime", "text":
            return (*chain, OpaqueStep(f"a {of_type} written as text, in the carrier's own way"))
        case ("date", "datetime") | ("datetime", "date" | "time") if converts:
            return (*chain, OpaqueStep(f"a {of_type} stored as {to.type}, in the engine's own way"))
        case ("boolean", "integer" | "decimal") | ("integer" | "decimal", "boolean") if converts:
            return (*chain, OpaqueStep(f"a {of_type} stored as {to.type}, in the engine's own way"))
        case _:
            return tuple(chain)


_SPELLED = Cast("text")


def type_after(of_type: str, chain: Sequence[Transform]) -> str:
    """The type of the values that a chain gives for values of a type."""
    for step in chain:
        match step:
            case Cast() | Assignment():
                of_type = step.to
            case DateShift() | PeriodEnd():
                of_type = "date"
            case NumberTransform():
                of_type = step.type_after(of_type)
            case Identity() | Default() | OpaqueStep() | PerhapsNull():
                pass
            case _:
                of_type = "text"
    return of_type


@dataclass(frozen=True)
class Reformat:
    """A date as text, from one notation to another; a text that is not a date in the first is rejected. Null stays null."""

    source: str
    target: str

    def __post_init__(self) -> None:
        DateFormat.parse(self.source)
        DateFormat.parse(self.target)

    @property
    def name(self) -> str:
        return "reformat"

    @property
    def sentence(self) -> str:
        return f"date rewritten from {self.source} to {self.target}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if value is None:
            return None
        day = DateFormat.parse(self.source).read(value) if isinstance(value, str) else None
        return REJECTED if day is None else DateFormat.parse(self.target).write(day)

    def preimage(self, accepted: ValueSet) -> ValueSet:
        days = DateFormat.parse(self.target).days_written(accepted.texts)
        texts = DateFormat.parse(self.source).texts(days)
        return replace(ValueSet.nothing(), null=accepted.null, texts=texts)

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()
