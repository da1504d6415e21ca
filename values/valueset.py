"""Sets of typed values: the values a field may have, null included.

A `ValueSet` is a sum over the kinds of value; each kind has its own exact algebra, so every operation is done kind by
kind. Values are None, `str`, `int`/`Decimal`, `bool`, `datetime.date`, `datetime.time`, and `datetime.datetime` with a
zone (an instant; one without a zone is no value).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .budget import STANDARD
from .notation import number_of
from .numberset import NumberSet
from .textset import TextSet
from .trie import word_trie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .budget import Budget

Value = None | str | int | Decimal | bool | date | time | datetime

TYPES = ("text", "integer", "decimal", "boolean", "date", "time", "datetime")
"""The types of the contract language."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAYS = NumberSet.between(date.min.toordinal(), date.max.toordinal()) & NumberSet.scale(0)
_USUAL_DAYS = NumberSet.between(date(2000, 1, 1).toordinal(), date(2099, 12, 31).toordinal())
"""The range in which a witness is sought first: dates that people write."""
FRACTION = 6
"""The decimals of a second that a time of day or an instant may have: it goes to the microsecond."""
_MICROSECONDS = NumberSet.scale(FRACTION)
_TIMES = NumberSet.between(0, 24 * 3600, hi_open=True) & _MICROSECONDS


def instant_number(value: datetime) -> Decimal:
    """Seconds since 1970-01-01T00:00Z. Raises ValueError for a datetime without a zone."""
    if value.tzinfo is None:
        message = "a datetime needs a zone, such as 2024-05-01T12:00:00+02:00"
        raise ValueError(message)
    return Decimal((value - _EPOCH) // _MICROSECOND).scaleb(-FRACTION)


def time_number(value: time) -> Decimal:
    """Seconds since midnight."""
    return instant_number(datetime.combine(_EPOCH.date(), value, UTC))


def time_of(number: Decimal) -> time:
    """The time of day that many seconds after midnight."""
    return instant_of(number).time()


def instant_of(number: Decimal) -> datetime:
    """The instant that many seconds after 1970-01-01T00:00Z."""
    return _EPOCH + int(number.scaleb(FRACTION)) * _MICROSECOND


_INSTANTS = (
    NumberSet.between(
        instant_number(datetime(1, 1, 1, tzinfo=UTC)), instant_number(datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC))
    )
    & _MICROSECONDS
)
"""The instants of the years 1 to 9999, in UTC."""

_TRUTHS = frozenset((False, True))


@dataclass(frozen=True)
class ValueSet:
    """A set of values with `& | ~ - <= in`, `is_empty`, `witness`. Compared by content.

    Every operation that searches raises BudgetExceeded where its budget does not suffice; `<=` has the standard one.
    """

    null: bool
    texts: TextSet
    numbers: NumberSet
    booleans: frozenset[bool]
    days: NumberSet
    """Dates, as proleptic Gregorian ordinals (`date.toordinal`)."""
    clock: NumberSet
    """Times of day, in microseconds since midnight."""
    instants: NumberSet
    """Instants, in microseconds since 1970-01-01T00:00Z."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, field.name) for field in fields(self)))

    @classmethod
    def nothing(cls) -> ValueSet:
        """No value."""
        return _NOTHING

    @classmethod
    def everything(cls) -> ValueSet:
        """Every value of every type, and null."""
        return _EVERYTHING

    @classmethod
    def null_only(cls) -> ValueSet:
        """Just null."""
        return replace(_NOTHING, null=True)

    @classmethod
    def of_type(cls, name: str) -> ValueSet:
        """Every value of a type (see TYPES), without null. An integer is a decimal that needs no decimals."""
        return _BY_TYPE[name]

    @classmethod
    def text(cls, texts: TextSet) -> ValueSet:
        """These texts."""
        return replace(_NOTHING, texts=texts)

    @classmethod
    def number(cls, numbers: NumberSet) -> ValueSet:
        """These numbers."""
        return replace(_NOTHING, numbers=numbers)

    @classmethod
    def dates(cls, days: NumberSet) -> ValueSet:
        """These days, given as ordinals."""
        return replace(_NOTHING, days=days & _DAYS)

    @classmethod
    def times(cls, clock: NumberSet) -> ValueSet:
        """These times of day, given in seconds since midnight."""
        return replace(_NOTHING, clock=clock & _TIMES)

    @classmethod
    def datetimes(cls, instants: NumberSet) -> ValueSet:
        """These instants, given in seconds since 1970-01-01T00:00Z."""
        return replace(_NOTHING, instants=instants & _INSTANTS)

    @classmethod
    def second_decimals(cls, most: int) -> ValueSet:
        """Times of day and instants that have at most so many decimals of a second."""
        finest = NumberSet.scale(most)
        return replace(_NOTHING, clock=_TIMES & finest, instants=_INSTANTS & finest)

    @classmethod
    def between(cls, low: Value, high: Value, *, lo_open: bool = False, hi_open: bool = False) -> ValueSet:
        """Values of one ordered type between two of its values; None on one side: unbounded there."""
        sample = low if low is not None else high
        to_number: Any
        kind: Callable[[NumberSet], ValueSet]
        match sample:
            case datetime():
                kind, to_number = cls.datetimes, instant_number
            case date():
                kind, to_number = cls.dates, date.toordinal
            case time():
                kind, to_number = cls.times, time_number
            case int() | Decimal():
                kind, to_number = cls.number, Decimal
            case _:
                message = f"no order on {sample!r}"
                raise TypeError(message)
        values: tuple[Any, Any] = (low, high)
        ends = (None if value is None else to_number(value) for value in values)
        return kind(NumberSet.between(*ends, lo_open=lo_open, hi_open=hi_open))

    @classmethod
    def exactly(cls, values: Iterable[Value]) -> ValueSet:
        """Just these values."""
        values = list(values)
        members = cls.text(TextSet.language(word_trie(v for v in values if isinstance(v, str))))
        for value in values:
            match value:
                case None:
                    members |= cls.null_only()
                case bool():
                    members |= replace(_NOTHING, booleans=frozenset((value,)))
                case str():
                    pass
                case _:
                    members |= cls.between(value, value)
        return members

    def __contains__(self, value: Value) -> bool:
        match value:
            case None:
                return self.null
            case str():
                return value in self.texts
            case bool():
                return value in self.booleans
            case int() | Decimal():
                return value in self.numbers
            case datetime():
                return value.tzinfo is not None and instant_number(value) in self.instants
            case date():
                return value.toordinal() in self.days
            case time():
                return time_number(value) in self.clock

    def __and__(self, other: ValueSet) -> ValueSet:
        if self is other or other is _EVERYTHING:
            return self
        if self is _EVERYTHING:
            return other
        return ValueSet(
            self.null and other.null,
            self.texts & other.texts,
            self.numbers & other.numbers,
            self.booleans & other.booleans,
            self.days & other.days,
            self.clock & other.clock,
            self.instants & other.instants,
        )

    def __or__(self, other: ValueSet) -> ValueSet:
        if self is other or other is _NOTHING:
            return self
        if self is _NOTHING:
            return other
        return ValueSet(
            self.null or other.null,
            self.texts | other.texts,
            self.numbers | other.numbers,
            self.booleans | other.booleans,
            self.days | other.days,
            self.clock | other.clock,
            self.instants | other.instants,
        )

    def __invert__(self) -> ValueSet:
        return ValueSet(
            not self.null,
            ~self.texts,
            ~self.numbers,
            _TRUTHS - self.booleans,
            ~self.days & _DAYS,
            ~self.clock & _TIMES,
            ~self.instants & _INSTANTS,
        )

    def __sub__(self, other: ValueSet) -> ValueSet:
        return self & ~other

    def __le__(self, other: ValueSet) -> bool:
        return self.stray(other) is None

    def is_empty(self, budget: Budget = STANDARD) -> bool:
        """Whether there is no member."""
        return not self.null and self.member(budget) is None

    def member(self, budget: Budget = STANDARD) -> Witness | None:
        """Some member, values before null, cheaper than a shortest one; None when there is none."""
        return self._first(lambda texts: texts.member(budget), _NOTHING, budget)

    def witness(self, budget: Budget = STANDARD) -> Witness | None:
        """A shortest member, values before null; None when there is none."""
        return self._first(lambda texts: texts.witness(budget), _NOTHING, budget)

    def outside(self, other: ValueSet, budget: Budget = STANDARD) -> Witness | None:
        """A shortest member that is not in `other`, values before null; None when every member is in `other`."""
        return self._first(lambda texts: texts.outside(other.texts, budget), other, budget)

    def stray(self, other: ValueSet, budget: Budget = STANDARD) -> Witness | None:
        """Some member that is not in `other`, cheaper than a shortest one; None: every member is in `other`."""
        return self._first(lambda texts: texts.stray(other.texts, budget), other, budget)

    def _first(self, text: Callable[[TextSet], str | None], other: ValueSet, budget: Budget) -> Witness | None:
        text_member = text(self.texts)
        if text_member is not None:
            return Witness(text_member)
        kinds: tuple[tuple[NumberSet, NumberSet, Callable[[Decimal], Value]], ...] = (
            (self.numbers, other.numbers, number_of),
            (self.days, other.days, lambda n: date.fromordinal(int(n))),
            (self.clock, other.clock, time_of),
            (self.instants, other.instants, instant_of),
        )
        for mine, theirs, value in kinds:
            left = mine if other is _NOTHING else mine - theirs
            usual = (left & _USUAL_DAYS).witness(budget) if mine is self.days else None
            number = left.witness(budget) if usual is None else usual
            if number is not None:
                return Witness(value(number))
        for truth in (True, False):
            if truth in self.booleans and truth not in other.booleans:
                return Witness(truth)
        return Witness(None) if self.null and not other.null else None


@dataclass(frozen=True, slots=True)
class Witness:
    """A concrete value as a proof; boxed, because null is a value too."""

    value: Value


_NOTHING = ValueSet(
    null=False,
    texts=TextSet.empty(),
    numbers=NumberSet.empty(),
    booleans=frozenset(),
    days=NumberSet.empty(),
    clock=NumberSet.empty(),
    instants=NumberSet.empty(),
)
_EVERYTHING = ValueSet(
    null=True,
    texts=TextSet.full(),
    numbers=NumberSet.full(),
    booleans=_TRUTHS,
    days=_DAYS,
    clock=_TIMES,
    instants=_INSTANTS,
)
_BY_TYPE = {
    "text": replace(_NOTHING, texts=TextSet.full()),
    "integer": replace(_NOTHING, numbers=NumberSet.scale(0)),
    "decimal": replace(_NOTHING, numbers=NumberSet.full()),
    "boolean": replace(_NOTHING, booleans=_TRUTHS),
    "date": replace(_NOTHING, days=_DAYS),
    "time": replace(_NOTHING, clock=_TIMES),
    "datetime": replace(_NOTHING, instants=_INSTANTS),
}
