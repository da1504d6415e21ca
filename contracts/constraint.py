"""Constraints of one system on one field, each as a set of values and as a sentence.

A *restriction* is a set of values; a `Constraint` adds the key and the place where it was written. Each restriction
stands alone: it accepts null (only `required` rejects it), those values of its own kind that meet it, and none of any
other kind. So a field accepts the meet of its constraints, and one can be left out to see its effect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias
from weakref import WeakValueDictionary

from ..documents.problem import shorten
from ..values import language
from ..values.charset import SCALARS
from ..values.checkdigits import CheckScheme, with_check_digits
from ..values.numberset import NumberSet
from ..values.regex import parse
from ..values.textset import TextSet
from ..values.valueset import Value, ValueSet
from ..values.weight import CODE_POINTS, UTF16, codec_weight, encodable_charset
from .sure_formats import surely_of_format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents.days import DayShift
    from ..documents.local_text import LocalText
    from ..documents.location import Location
    from ..documents.names import FieldName

Type: TypeAlias = Literal["text", "integer", "decimal", "boolean", "date", "time", "datetime"]
PatternDialect: TypeAlias = Literal["ecma", "python", "re2", "posix", "sql_like"]

OnViolation: TypeAlias = Literal["reject", "truncate", "replace", "round", "clamp", "empty", "accept", "unknown"]
"""The action of a system on a value that does not meet a constraint: reject it; cut it to length, or to its decimals; put
`?` for characters that the encoding lacks; round it, half away from zero; store the nearest bound; store the empty text in
its place, or null where it is no text; accept it although it should not. `unknown`: which of these is not known."""

StoredWay: TypeAlias = Literal["fitted", "fitted_spaces", "padded", "stripped", "uuid", "uuid_upper", "empty_as_null"]
"""A way in which a system stores what it accepts: blanks beyond the limit of length are dropped, or white space of ASCII;
it is filled up with blanks to that limit; blanks at its end are dropped; a UUID with hyphens, in lower case or in upper
case; null for the empty text."""

_SHOWN = 8
"""So many values of a list are named in a sentence; the rest are counted."""


@dataclass(frozen=True, slots=True)
class OfType:
    """Values of one type."""

    type: Type


@dataclass(frozen=True, slots=True)
class NotNull:
    """Anything but null."""


@dataclass(frozen=True, slots=True)
class Length:
    """Texts of `low` to `high` units, both inclusive; None: no such end."""

    low: int | None
    high: int | None
    unit: Literal["code points", "utf16", "bytes"]
    encoding: str | None = None
    """The encoding that bytes are counted in. A text that it cannot encode has no length in bytes and is rejected."""


@dataclass(frozen=True, slots=True)
class Encodable:
    """Texts whose characters an encoding holds."""

    encoding: str


@dataclass(frozen=True, slots=True)
class CheckDigits:
    """Texts whose check digits are right by a scheme."""

    scheme: CheckScheme


@dataclass(frozen=True, slots=True)
class Matches:
    """Texts that a pattern matches as a whole."""

    pattern: str
    dialect: PatternDialect
    flags: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """These values of a type. In Python `True == 1`: without the type, two different restrictions would be equal."""

    values: tuple[Value, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Values of a type other than these."""

    values: tuple[Value, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Range:
    """Values of an ordered type between two of them; None: no such end; `open`: without the ends themselves."""

    low: Value
    high: Value
    open: bool
    counted: DayShift | None = None
    """How the end is counted from the day of the run; None: it is written down."""


@dataclass(frozen=True, slots=True)
class Digits:
    """Numbers of so many digits before the decimal point, and after it; None: as many as you like.

    A negative `whole` is a number of zeros that must follow the point: `NUMERIC(2,4)` is below 0.01.
    """

    whole: int | None
    decimals: int | None


@dataclass(frozen=True, slots=True)
class SecondDecimals:
    """Instants of at most so many decimals of a second (SQL: fractional seconds precision, ISO/IEC 9075-2, 4.6.2)."""

    most: int


@dataclass(frozen=True, slots=True)
class SignificantDigits:
    """Numbers of so many digits from the first that is not zero to the last, as a plain notation writes them.

    What a binary floating-point number is sure to give back: 6 of 24 bits, 15 of 53 (IEEE 754-2019, 5.12.2).
    """

    most: int
    whole: int | None = None
    """The digits of a whole number, where it may have more; None: it may not."""


@dataclass(frozen=True, slots=True)
class OpaqueRule:
    """A rule that the system enforces and that is not stated exactly: which values meet it is not known."""

    rule: str
    """In the source's own words; at their end perhaps `[text 3f2a91c0]`, a digest of what the rule hangs on beside them."""

    @property
    def words(self) -> str:
        """The rule without that digest, which only tells two versions of it apart."""
        return _DIGEST.sub("", self.rule)

    @property
    def may_reject_null(self) -> bool:
        """Whether it says that null may be rejected, beside other values."""
        return self.rule.startswith(MAY_REJECT_NULL)


_DIGEST = re.compile(r" \[text [0-9a-f]{8}\]\Z")
MAY_REJECT_NULL = "null may be rejected: "
"""How a rule in words begins that may reject records without a value."""


@dataclass(frozen=True, slots=True)
class StoredAs:
    """No restriction: the form in which every accepted value is stored."""

    way: StoredWay
    length: Length | None = None
    """The length that blanks are counted to; None: that of the field."""


@dataclass(frozen=True, slots=True)
class FilledAlone:
    """Of what is sent, nothing: the system alone fills the field."""

    expression: str | None
    """What it fills it with, in the source's own words, where it has any."""


class RecordCondition(Protocol):
    """A condition over the fields of one entity."""

    @property
    def text(self) -> str:
        """As it is written."""

    @property
    def fields(self) -> tuple[FieldName, ...]:
        """The full names of the fields it reads."""

    @property
    def counts_from_today(self) -> bool:
        """Whether it compares with a day counted from the day of the run."""

    @property
    def compares_fields(self) -> bool:
        """Whether it compares two fields with each other."""

    @property
    def is_deniable(self) -> bool:
        """Whether the records for which it is false can be stated: false where they have too many alternatives."""


@dataclass(frozen=True, slots=True)
class RequiredWhen:
    """Anything but null in records that meet a condition; any one value alone meets it."""

    condition: RecordCondition


@dataclass(frozen=True, slots=True)
class FieldsCheck:
    """A condition over the fields of a record that must not be false; any one value alone meets it.

    As SQL's CHECK (ISO/IEC 9075-2, 11.9): where a null makes it unknown, the record is accepted.
    """

    condition: RecordCondition
    name: str | None = field(default=None, compare=False)
    """The name people know the rule by."""
    message: LocalText | None = field(default=None, compare=False)
    """What to tell the person whose record breaks it."""


Restriction: TypeAlias = (
    OfType
    | NotNull
    | RequiredWhen
    | FieldsCheck
    | Length
    | Encodable
    | CheckDigits
    | Matches
    | OneOf
    | NoneOf
    | Range
    | Digits
    | SecondDecimals
    | SignificantDigits
    | OpaqueRule
    | StoredAs
    | FilledAlone
)


@dataclass(frozen=True)
class Constraint:
    """One constraint on one field, as it was written."""

    name: str
    """The key in the contract: "max_bytes"."""
    restriction: Restriction
    location: Location
    """Where the key stands."""
    on_violation: OnViolation = "reject"
    """The action on a value that does not meet it."""

    @cached_property
    def accepts(self) -> ValueSet:
        """The values that meet it; where that is not known (`doubt`), all those that may.

        Raises PatternError for a pattern that cannot be read.
        """
        if self.on_violation != "unknown":
            return accepted(self.restriction)
        # of an integer's decimals it may not be known what becomes of them; what is no number is rejected
        return accepted(OfType("decimal")) if isinstance(self.restriction, OfType) else ValueSet.everything()

    @property
    def counts_from_today(self) -> bool:
        """Whether what it accepts depends on the day of the run."""
        match self.restriction:
            case Range(_, _, _, counted):
                return counted is not None
            case RequiredWhen(condition) | FieldsCheck(condition):
                return condition.counts_from_today
            case _:
                return False

    @property
    def doubt(self) -> str | None:
        """Why it is not known of every value whether it is accepted; None where it is."""
        if isinstance(self.restriction, OpaqueRule):
            return f"the values that {shorten(self.restriction.words)} rejects are not known"
        if self.on_violation == "unknown":
            return f"what becomes of a value that is not {shorten(self.sentence)} is not known"
        return None

    @cached_property
    def sure(self) -> ValueSet | None:
        """The values that are accepted for certain, where it is in doubt which others are; None: no such values."""
        if isinstance(self.restriction, OpaqueRule):
            if self.restriction.may_reject_null:
                return accepted(NotNull())
            return surely_of_format(self.restriction.rule)
        return accepted(self.restriction) if self.on_violation == "unknown" else None

    @cached_property
    def sentence(self) -> str:
        """The constraint in words, with its unit: "at most 12 bytes in cp037". May hold raw text of the author's."""
        return sentence(self.restriction)


_accepted: WeakValueDictionary[Restriction, ValueSet] = WeakValueDictionary()
_lock = RLock()


def accepted(restriction: Restriction) -> ValueSet:
    """The values that meet a restriction, or may meet it. Equal restrictions share one object while any holds it."""
    known = _accepted.get(restriction)
    if known is None:
        values = _accepts(restriction)
        with _lock:  # another thread may have been quicker
            known = _accepted.setdefault(restriction, values)
    return known


def _accepts(restriction: Restriction) -> ValueSet:
    match restriction:
        case NotNull():
            return ValueSet.everything() - ValueSet.null_only()
        case OfType(name):
            return _or_null(ValueSet.of_type(name))
        case Length(low, high, "bytes", str(encoding)):
            return _texts(TextSet.measure(codec_weight(encoding), low or 0, high) & _held_by(encoding))
        case Length(low, high, unit):
            return _texts(TextSet.measure(UTF16 if unit == "utf16" else CODE_POINTS, low or 0, high))
        case Encodable(encoding):
            return _texts(_held_by(encoding))
        case CheckDigits(scheme):
            return _texts(with_check_digits(scheme))
        case Matches(pattern, dialect, flags):
            return _texts(TextSet.language(parse(pattern, dialect, flags).language))
        case OneOf(values, _):
            return _or_null(ValueSet.exactly(values))
        case NoneOf(values, name):
            return _or_null(ValueSet.of_type(name) - ValueSet.exactly(values))
        case Range(low, high, is_open, _):
            return _or_null(ValueSet.between(low, high, lo_open=is_open, hi_open=is_open))
        case Digits(whole, decimals):
            return _or_null(ValueSet.number(_of_digits(whole, decimals)))
        case SecondDecimals(most):
            return _or_null(ValueSet.second_decimals(most))
        case SignificantDigits(most, whole):
            numbers = NumberSet.significant(most)
            if whole is not None:
                numbers = numbers | _of_digits(whole, 0)
            return _or_null(ValueSet.number(numbers))
        case OpaqueRule() | StoredAs() | RequiredWhen() | FieldsCheck():
            return ValueSet.everything()
        case FilledAlone():
            return ValueSet.nothing()


def _or_null(values: ValueSet) -> ValueSet:
    return values | ValueSet.null_only()


def _texts(texts: TextSet) -> ValueSet:
    return _or_null(ValueSet.text(texts))


def _held_by(encoding: str) -> TextSet:
    charset = encodable_charset(encoding)
    return TextSet.full() if charset == SCALARS else TextSet.language(language.repeat(language.chars(charset), 0))


def _of_digits(whole: int | None, decimals: int | None) -> NumberSet:
    numbers = NumberSet.full() if decimals is None else NumberSet.scale(decimals)
    if whole is None:
        return numbers
    limit = Decimal(1).scaleb(whole)
    return numbers & NumberSet.between(-limit, limit, lo_open=True, hi_open=True)


def sentence(restriction: Restriction) -> str:
    """A restriction in words, with its unit."""
    match restriction:
        case NotNull():
            return "not null"
        case OfType(name):
            return name
        case Length():
            return _length_sentence(restriction)
        case Encodable(encoding):
            return f"encodable in {encoding}"
        case CheckDigits(scheme):
            return f"right check digits ({_SCHEMES[scheme]})"
        case Matches(pattern, dialect, flags):
            return f"matches {pattern} ({dialect}{', flags ' * bool(flags)}{flags})"
        case OneOf(values):
            return f"one of {_listed(values)}" if len(values) > 1 else f"only {_listed(values)}"
        case NoneOf(values):
            return f"not {'one of ' * (len(values) > 1)}{_listed(values)}"
        case Range():
            return _range_sentence(restriction)
        case Digits(whole, decimals):
            return _digits_sentence(whole, decimals)
        case SecondDecimals(most):
            return f"at most {most} decimal{'s' * (most > 1)} of a second" if most else "whole seconds"
        case SignificantDigits(most, whole):
            more = f", or {whole} of a whole number" if whole is not None else ""
            return f"at most {most} significant digit{'s' * (most != 1)}{more}"
        case RequiredWhen(condition):
            return f"not null where {condition.text}"
        case FieldsCheck(condition, name):
            return condition.text if name is None else f"{condition.text} ({name})"
        case OpaqueRule():
            return restriction.words
        case FilledAlone(expression):
            return f"filled by the system alone{f' ({expression})' if expression else ''}, whatever is sent"
        case StoredAs(way, length):
            return _WAYS[way] + (f" ({_length_sentence(length)})" if length else "")


_SCHEMES: Mapping[CheckScheme, str] = {"luhn": "Luhn", "mod97": "MOD 97-10", "iban": "IBAN"}
_WAYS: Mapping[StoredWay, str] = {
    "fitted": "blanks at the end that do not fit are dropped",
    "fitted_spaces": "white space at the end that does not fit is dropped",
    "padded": "filled up with blanks to its length",
    "stripped": "blanks at the end are dropped",
    "uuid": "stored as a UUID in lower case",
    "uuid_upper": "stored as a UUID in upper case",
    "empty_as_null": "the empty text is stored as null",
}


def _length_sentence(restriction: Length) -> str:
    match restriction.unit:
        case "code points":
            one, many, where = "character", "characters", ""
        case "utf16":
            one, many, where = "UTF-16 unit", "UTF-16 units", ""
        case "bytes":
            one, many, where = "byte", "bytes", f" in {restriction.encoding}"
    bounds = [f"at {word} {n} {one if n == 1 else many}" for word, n in _ends(restriction.low, restriction.high)]
    return " and ".join(bounds) + where


def _ends(low: int | None, high: int | None) -> list[tuple[str, int]]:
    return [(word, n) for word, n in (("least", low), ("most", high)) if n is not None]


def _range_sentence(restriction: Range) -> str:
    bounds = []
    counted = f" ({restriction.counted.sentence})" if restriction.counted is not None else ""
    numeric = isinstance(restriction.low if restriction.low is not None else restriction.high, int | Decimal)
    low, high = ("more than", "less than") if numeric else ("after", "before")
    if restriction.low is not None:
        written = f"{written_value(restriction.low)}{counted}"
        bounds.append(
            f"{low} {written}" if restriction.open else f"at least {written}" if numeric else f"{written} or later"
        )
    if restriction.high is not None:
        written = f"{written_value(restriction.high)}{counted}"
        bounds.append(
            f"{high} {written}" if restriction.open else f"at most {written}" if numeric else f"{written} or earlier"
        )
    return " and ".join(bounds)


def _digits_sentence(whole: int | None, decimals: int | None) -> str:
    bounds = []
    if whole is not None and whole > 0:
        bounds.append(f"at most {whole} digit{'s' * (whole > 1)} before the decimal point")
    elif whole is not None:
        bounds.append(f"less than {Decimal(1).scaleb(whole):f} either side of zero")
    if decimals is not None:
        bounds.append(f"at most {decimals} decimal{'s' * (decimals > 1)}" if decimals else "no decimals")
    return " and ".join(bounds)


def _listed(values: tuple[Value, ...]) -> str:
    more = len(values) - _SHOWN
    listed = ", ".join(written_value(value) for value in values[:_SHOWN])
    return f"{listed} and {more} more" if more > 0 else listed


def written_value(value: Value) -> str:
    """A value as it would be written in a contract."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return value or '""'
        case int() | Decimal():
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case _:
            return value.isoformat()
