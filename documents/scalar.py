"""The shapes of single values: the forms of one scalar of our YAML, and their meanings.

The YAML reader gives every scalar as the text that was written. Here it gets the type that its place expects, whatever
type it looks like.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar

from ..values.weight import EncodingError, codec_weight
from .days import SHIFT_PATTERN, DayShift, parse_shift
from .duration import DURATION_PATTERN, parse_duration, suggest_duration
from .names import FieldName
from .problem import nearest, probably, shorten
from .yaml_events import MappingNode, RejectedNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from .problem import Problems
    from .yaml_events import Node

_T = TypeVar("_T")

NodeKind: TypeAlias = Literal["scalar", "list", "mapping"]
Schema: TypeAlias = dict[str, Any]


class ScalarShape(Generic[_T]):
    """The common half of the shapes that take one scalar; `parse` is the other."""

    __slots__ = ()
    kinds: ClassVar[tuple[NodeKind, ...]] = ("scalar",)
    expected: str

    def read(self, node: Node, problems: Problems, /) -> _T | None:
        match node:
            case ScalarNode("", True):
                problems.add(node.location, "nothing stands here", expected=self.expected, suggestion=self._nothing())
                return None
            case ScalarNode():
                return self.parse(node, problems)
        wrong_kind(node, self.expected, problems)
        return None

    def parse(self, node: ScalarNode, problems: Problems) -> _T | None:
        raise NotImplementedError

    def _nothing(self) -> str | None:
        """The text to write where nothing was meant."""
        return None

    def _reject(
        self, node: ScalarNode, problems: Problems, suggestion: str | None = None, message: str | None = None
    ) -> None:
        message_words = message or f"{shorten(node.value)} is not {self.expected.partition(',')[0].partition(':')[0]}"
        problems.add(node.location, message_words, expected=self.expected, suggestion=suggestion, length=node.length)


class Text(ScalarShape[str]):
    """Any scalar, exactly as written: `no`, `012`, `2024-01-01` and `~` are the texts they look like.

    Only nothing at all (`title:`) is a problem; the empty text is written `""`.
    """

    __slots__ = ()
    expected = "text"

    def parse(self, node: ScalarNode, problems: Problems) -> str | None:  # noqa: ARG002 - takes every text
        return node.value

    def schema(self, _: Schema, /) -> Schema:
        return {"type": ["string", "number", "boolean"]}

    def _nothing(self) -> str:
        return 'write "" for the empty text, or remove the key'


class Scalar(ScalarShape[ScalarNode]):
    """Any scalar, as its node: for values whose type is known only later."""

    __slots__ = ()
    expected = "a single value"

    def parse(self, node: ScalarNode, problems: Problems) -> ScalarNode | None:  # noqa: ARG002 - takes every scalar
        return node

    def schema(self, _: Schema, /) -> Schema:
        return {"type": ["string", "number", "boolean"]}


_NAME = re.compile(r"[^\W\d][\w-]*")
_FULL_NAME = re.compile(r"([^\W\d][\w-]*)\.([^\W\d][\w-]*)\.([^\W\d][\w-]*)")
NAME_PATTERN = r"[\p{L}_][\p{L}\p{N}_-]*"


class Name(ScalarShape[str]):
    """Letters, digits, `_` and `-`, first a letter or `_`; in normal form C, so that equal names are equal texts."""

    __slots__ = ()
    expected = "a name: letters, digits, _ and -, first a letter or _"

    def parse(self, node: ScalarNode, problems: Problems) -> str | None:
        if _NAME.fullmatch(node.value) and (node.value.isascii() or unicodedata.is_normalized("NFC", node.value)):
            return node.value
        guess = re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFC", node.value)).strip("_")
        self._reject(node, problems, guess if _NAME.fullmatch(guess) else None)
        return None

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "pattern": f"^{NAME_PATTERN}$"}


class FullName(ScalarShape[FieldName]):
    """Three names joined by dots: `billing.customer.username`."""

    __slots__ = ()
    expected = "a field's full name: system.entity.field"

    def parse(self, node: ScalarNode, problems: Problems) -> FieldName | None:
        names = _FULL_NAME.fullmatch(node.value)
        if names is not None and (node.value.isascii() or unicodedata.is_normalized("NFC", node.value)):
            return FieldName(*names.groups())
        self._reject(node, problems)
        return None

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "pattern": rf"^{NAME_PATTERN}\.{NAME_PATTERN}\.{NAME_PATTERN}$"}


_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_QUOTED_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LOOSE_NUMBER = re.compile(r"[+-]?[0-9_, ]*(?:\.[0-9_]*)?")
_MOST_DIGITS = 100


class Number(ScalarShape[Decimal]):
    """A decimal number, written out: no exponent, no leading zero (unless quoted), no signs of grouping."""

    __slots__ = ()
    expected = "a number"

    def parse(self, node: ScalarNode, problems: Problems) -> Decimal | None:
        if len(node.value) > _MOST_DIGITS:
            self._reject(node, problems, message=f"a number of more than {_MOST_DIGITS} digits")
            return None
        if (_NUMBER if node.plain else _QUOTED_NUMBER).fullmatch(node.value):
            return Decimal(node.value)
        _reject_number(self, node, problems)
        return None

    def schema(self, _: Schema, /) -> Schema:
        return {"type": ["number", "string"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}


class Integer(ScalarShape[int]):
    """A whole number in plain digits, between two bounds. `012` is rejected: some readers take it for ten."""

    __slots__ = ("expected", "highest", "lowest")

    def __init__(self, lowest: int | None = None, highest: int | None = None) -> None:
        self.lowest = lowest
        self.highest = highest
        bounds = [f"from {lowest}"] * (lowest is not None) + [f"up to {highest}"] * (highest is not None)
        self.expected = " ".join(["a whole number", *bounds])

    def parse(self, node: ScalarNode, problems: Problems) -> int | None:
        if len(node.value) > _MOST_DIGITS:
            self._reject(node, problems, message=f"a number of more than {_MOST_DIGITS} digits")
            return None
        match = (_NUMBER if node.plain else _QUOTED_NUMBER).fullmatch(node.value)
        if match is None or match[1]:
            _reject_number(self, node, problems)
            return None
        number = int(node.value)
        low, high = self.lowest, self.highest
        if (low is not None and number < low) or (high is not None and number > high):
            self._reject(node, problems, message=f"{number} is out of range")
            return None
        return number

    def schema(self, _: Schema, /) -> Schema:
        sign = "" if self.lowest is not None and self.lowest >= 0 else "-?"
        schema: Schema = {"type": ["integer", "string"], "pattern": f"^{sign}[0-9]+$"}
        if self.lowest is not None:
            schema["minimum"] = self.lowest
        if self.highest is not None:
            schema["maximum"] = self.highest
        return schema


_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), "true"),
    **dict.fromkeys(("false", "no", "n", "off", "0"), "false"),
}


class Boolean(ScalarShape[bool]):
    """`true` or `false`, exactly; for the other words of YAML the right one is suggested."""

    __slots__ = ()
    expected = "true or false"

    def parse(self, node: ScalarNode, problems: Problems) -> bool | None:
        if node.plain and node.value in {"true", "false"}:
            return node.value == "true"
        self._reject(node, problems, _BOOLEANS.get(node.value.casefold()))
        return None

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "boolean"}


class Choice(ScalarShape[str]):
    """One of a few words; `also` are words that others use, as `probably` takes them, for suggestions."""

    __slots__ = ("also", "expected", "words")

    def __init__(self, *words: str, also: Mapping[str, str] | None = None) -> None:
        self.words = words
        self.also = also or {}
        self.expected = f"one of {', '.join(words)}"

    def parse(self, node: ScalarNode, problems: Problems) -> str | None:
        if node.value in self.words:
            return node.value
        guess = probably(node.value, self.words, self.also)
        self._reject(node, problems, guess, f"{shorten(node.value)} is not known here")
        return None

    def schema(self, _: Schema, /) -> Schema:
        # A YAML 1.2 editor takes the word null for nothing.
        return {"enum": [*self.words, *[None] * ("null" in self.words)]}


class Duration(ScalarShape["timedelta"]):
    """An ISO 8601 duration of fixed length."""

    __slots__ = ()
    expected = "an ISO 8601 duration: P3D, PT24H, P1W, PT90M; months and years have no fixed length"

    def parse(self, node: ScalarNode, problems: Problems) -> timedelta | None:
        duration = parse_duration(node.value)
        if duration is None:
            self._reject(node, problems, suggest_duration(node.value))
        return duration

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "pattern": f"^{DURATION_PATTERN}$"}


class ShiftShape(ScalarShape[DayShift]):
    """A distance from the day of the run, in years, months, weeks and days of the calendar."""

    __slots__ = ()
    expected = "a distance from today: -P12Y for twelve years before, P30D for thirty days after, P0D for today"

    def parse(self, node: ScalarNode, problems: Problems) -> DayShift | None:
        shift = parse_shift(node.value)
        if shift is None:
            self._reject(node, problems)
        return shift

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "pattern": f"^{SHIFT_PATTERN}$"}


_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"


class Date(ScalarShape[date]):
    """A day of the (proleptic Gregorian) calendar, years 0001 to 9999."""

    __slots__ = ()
    expected = "a date: 2024-12-31"
    _written: ClassVar = re.compile(_DATE)

    def parse(self, node: ScalarNode, problems: Problems) -> date | None:
        if self._written.fullmatch(node.value):
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                self._reject(node, problems, message=f"{node.value} is not in the calendar")
                return None
        self._reject(node, problems)
        return None

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "pattern": f"^{_DATE}$"}


class Time(ScalarShape[time]):
    """A time of day, without a zone, to the microsecond."""

    __slots__ = ()
    expected = "a time of day: 22:15 or 22:15:30.5"
    _written: ClassVar = re.compile(_TIME)

    def parse(self, node: ScalarNode, problems: Problems) -> time | None:
        if self._written.fullmatch(node.value):
            try:
                return time.fromisoformat(_six_digits(node.value))
            except ValueError:
                self._reject(node, problems, message=f"{node.value} is not on the clock")
                return None
        self._reject(node, problems)
        return None

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "pattern": f"^{_TIME}$"}


class DateTime(ScalarShape[datetime]):
    """An instant: a date, a time of day and a zone, which is never implied."""

    __slots__ = ()
    expected = "a date and time with its zone: 2024-12-31T22:15:30+02:00 or 2024-12-31T20:15:30Z"
    _written: ClassVar = re.compile(rf"{_DATE}[T ]{_TIME}(?P<zone>Z|[+-][0-9]{{2}}:[0-9]{{2}})?")

    def parse(self, node: ScalarNode, problems: Problems) -> datetime | None:
        match = self._written.fullmatch(node.value)
        if match is None:
            self._reject(node, problems)
            return None
        if match["zone"] is None:
            self._reject(node, problems, f"{node.value}Z", f"{node.value} has no zone")
            return None
        try:
            return datetime.fromisoformat(_six_digits(node.value))
        except ValueError:
            self._reject(node, problems, message=f"{node.value} is not in the calendar")
            return None

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "pattern": f"^{_DATE}[T ]{_TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}})$"}


class Encoding(ScalarShape[str]):
    """A character encoding Python knows, of fixed bytes per character."""

    __slots__ = ()
    expected = "a character encoding: utf-8, utf-16-le, latin-1, cp1252, cp037, …"
    common: ClassVar = ("utf-8", "utf-16-le", "utf-16-be", "ascii", "latin-1", "cp1252", "cp037", "cp500", "cp850")

    def parse(self, node: ScalarNode, problems: Problems) -> str | None:
        try:
            codec_weight(node.value)
        except EncodingError as error:
            self._reject(node, problems, nearest(node.value, self.common), f"{shorten(node.value)}: {error.reason}")
            return None
        return node.value

    def schema(self, _: Schema, /) -> Schema:
        return {"type": "string", "examples": list(self.common)}


TEXT = Text()
SCALAR = Scalar()
NAME = Name()
FIELD_NAME = FullName()
INTEGER = Integer()
COUNT = Integer(0, 2**31 - 1)
NUMBER = Number()
BOOLEAN = Boolean()
DURATION = Duration()
DAY_SHIFT = ShiftShape()
DATE = Date()
TIME = Time()
DATETIME = DateTime()
ENCODING = Encoding()


def wrong_kind(node: Node, expected: str, problems: Problems) -> None:
    """Reports that this kind of node cannot stand here; a rejected node is reported already."""
    match node:
        case ScalarNode("", True):
            problems.add(node.location, "nothing stands here", expected=expected)
        case ScalarNode(value, _, location, length):
            problems.add(location, f"{shorten(value)} cannot stand here", expected=expected, length=length)
        case SequenceNode(_, location):
            problems.add(location, "a list cannot stand here", expected=expected)
        case MappingNode(_, location):
            problems.add(location, "a mapping cannot stand here", expected=expected)
        case RejectedNode():
            pass


def _reject_number(shape: Integer | Number, node: ScalarNode, problems: Problems) -> None:
    """Reports a scalar that is no number as we read it, with the number that was probably meant."""
    message = None
    guess = None
    if _LOOSE_NUMBER.fullmatch(node.value) and any(map(str.isdigit, node.value)):
        guess = _plain_number(re.sub("[_, +]", "", node.value).rstrip("."))
        if re.fullmatch("-?0[0-9]+", node.value):
            message = f"{node.value} is ambiguous: some read it as octal"
            guess = f"{guess}"
    elif re.fullmatch("-?[0-9.]+[eE][+-]?[0-9]+", node.value):
        message = f"{node.value} has an exponent; write the number out"
    if guess and not _NUMBER.fullmatch(guess):
        guess = None
    problems.add(
        node.location,
        message or f"{shorten(node.value)} is not a{' whole' * isinstance(shape, Integer)} number",
        expected=shape.expected,
        suggestion=f'{guess}, or "{node.value}" in quotes' if message and guess else guess,
        length=node.length,
    )


def _plain_number(text: str) -> str:
    """The number without leading zeros: `-007` is `-7`, `.5` is `0.5`."""
    sign = "-" if text.startswith("-") else ""
    digits = text.removeprefix("-").lstrip("0")
    return sign + (digits if digits[:1].isdigit() else "0" + digits)


def _six_digits(text: str) -> str:
    """A time with its fraction of a second at full length, as Python 3.11 wants it."""
    return re.sub(r"\.[0-9]+", lambda fraction: fraction[0].ljust(7, "0"), text)
