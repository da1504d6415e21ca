"""What a flow without a cast makes of a value for a field of another type."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, reduce
from operator import and_
from typing import TYPE_CHECKING, Literal

from ...contracts.record_rules import of_other_types
from ...values.notation import number_of
from ...values.numberset import NumberSet
from ...values.regex import parse
from ...values.show import show
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ..engines import DATABASES, TITLES
from ..transform import REJECTED, Varying, distinct, the_one
from .arithmetic import NumberTransform
from .convert import Cast
from .fixed import Default, Identity, OpaqueStep, PerhapsNull
from .period import PeriodEnd
from .reading import BLANKS, NumberReader
from .shift import DateShift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...contracts.model import Field, KnownEngine
    from ...values.valueset import Value
    from ..engines import Runner
    from ..transform import NoValue, Transform

_RUN: frozenset[KnownEngine] = frozenset(("postgres", "mariadb", "mysql", "sqlite", "duckdb"))
"""The engines that were asked what they read as numbers; MySQL by its manual (8.0, 9.1.2 and 12.3)."""
_WHOLE_ALONE: frozenset[KnownEngine] = frozenset(("postgres", "redshift"))
"""The engines that read no fraction and no exponent into a whole number: `'5.0'` is rejected."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)")
_WITH_EXPONENT = re.compile(rf"({_NUMBER.pattern})[eE][+-]?[0-9]*")
_STRICT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_NO_EXPONENT = TextSet.language(parse("[^eE]*").language)
_NO_DIGIT_BUT_ISO = TextSet.language(parse("[^0-9]*|[0-9]{4}-[0-9]{2}-[0-9]{2}").language)
_ALIKE = {
    "decimal": TextSet.language(parse(r"[+-]?[0-9]+(\.[0-9]+)?|[^0-9]+").language),
    "integer": TextSet.language(parse(r"[+-]?[0-9]+|[^0-9]+").language),
}
_BLANK = TextSet.language(parse(r"[\t-\r ]*").language)
_FIRST = date(1900, 1, 1)
_SAMPLES = (_FIRST, date(2000, 1, 1), date(2100, 1, 1))
"""Days of which a text in another notation may be one: some bounds leave out some, and few leave out all."""


@dataclass(frozen=True)
class ReadNumber:
    """A text as the number that it writes; any other text is rejected, and other values stay as they are.

    With exponents, the number before it: one of those that a text may be, and not the one it is.
    """

    reader: NumberReader
    empty: bool = False
    """Whether a text of blanks alone is 0, as SQL Server has it (CAST and CONVERT)."""

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return "text read as a number"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if not isinstance(value, str):
            return value
        text = value.strip(BLANKS) if self.reader.loose else value
        if not text and self.empty:
            return 0
        power = _WITH_EXPONENT.fullmatch(text) if self.reader.exponents else None
        written = power[1] if power else text
        is_number = (_NUMBER if self.reader.loose else _STRICT).fullmatch(written)
        if not is_number or (not self.reader.fractions and "." in written):
            return REJECTED
        number = Decimal(written)
        return number_of(number) if number in NumberSet.full() else REJECTED

    def preimage(self, accepted: ValueSet) -> ValueSet:
        numbers = accepted.numbers if self.reader.fractions else accepted.numbers & NumberSet.scale(0)
        texts = numbers.as_text.back(self.reader)
        return replace(accepted, texts=texts | _BLANK if self.empty and Decimal(0) in numbers else texts)

    @cached_property
    def unaltered(self) -> ValueSet:
        """Another spelling of a number is no loss."""
        return ValueSet.everything()


@dataclass(frozen=True)
class ReadDay:
    """A text as the day that ISO 8601 writes so; others that hold a digit as one day, or rejected."""

    other: date | None = None
    empty: bool = False
    """Whether a text of blanks alone is a day, too: the first of 1900, as SQL Server has it."""

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return "text read as a date"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if not isinstance(value, str):
            return value
        day = Cast("date").apply(value)
        if day is not REJECTED:
            return day
        if self.empty and not value.strip(BLANKS):
            return _FIRST
        return REJECTED if self.other is None or value in _NO_DIGIT_BUT_ISO else self.other

    def preimage(self, accepted: ValueSet) -> ValueSet:
        texts = Cast("date").preimage(accepted).texts
        if self.other is not None and self.other in accepted:
            texts = texts | ~_NO_DIGIT_BUT_ISO
        if self.empty and _FIRST in accepted:
            texts = texts | _BLANK
        return replace(accepted, texts=texts)

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()


@dataclass(frozen=True)
class Assignment(Varying):
    """A text that a flow brings to a field of another type without a cast: the value that it is the text of.

    Dates are read in ISO 8601, numbers as `Cast` reads them; a database passes over blanks around a number, and reads `.5`
    and `5.` too. What it makes of an exponent, and of a date in another notation, is not known; any other text is rejected.
    Values that are no text stay as they are. PostgreSQL 15, MariaDB 10.11, SQLite 3.40 and DuckDB were asked.
    """

    to: str
    engine: KnownEngine | None = None
    """What reads it; None: nothing that reads more than `Cast` does."""

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return f"text read as {self.to}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def run_by(self, runners: Sequence[Runner]) -> Assignment:  # noqa: ARG002 - the system that stores it reads it
        return self

    @cached_property
    def variants(self) -> tuple[Transform, ...]:
        if self.to == "date":
            others = [ReadDay(day, empty=self._reads_blanks) for day in _SAMPLES]
            return (ReadDay(), *others) if self.engine else (ReadDay(),)
        fractions = self.to == "decimal" or (self.engine is not None and self.engine not in _WHOLE_ALONE)
        if self.engine is None:
            return (ReadNumber(NumberReader(fractions)),)
        if self.engine in _RUN:
            exact = ReadNumber(NumberReader(fractions, loose=True))
            return (exact, ReadNumber(NumberReader(fractions, loose=True, exponents=True))) if fractions else (exact,)
        return (
            ReadNumber(NumberReader(self.to == "decimal")),
            ReadNumber(NumberReader(fractions=True, loose=True, exponents=True), empty=self._reads_blanks),
        )

    @property
    def _reads_blanks(self) -> bool:
        return self.engine == "sqlserver"

    def apply(self, value: Value) -> Value | NoValue:
        return the_one(distinct(way.apply(value) for way in self.variants))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        texts = accepted.texts
        for i, way in enumerate(self.variants):
            read = way.preimage(accepted).texts
            texts = texts & read if i else read
        return replace(accepted, texts=texts)

    @property
    def agreed(self) -> ValueSet:
        texts = _NO_DIGIT_BUT_ISO if self.to == "date" else _NO_EXPONENT if self.engine in _RUN else _ALIKE[self.to]
        texts = texts - _BLANK if self._reads_blanks else texts
        return replace(ValueSet.everything(), texts=texts)

    def difference(self, value: Value) -> str:
        title = TITLES[self.engine] if self.engine else "it"
        return f"what {title} reads {show(value)} as, or whether it rejects it, is not known"

    @cached_property
    def unaltered(self) -> ValueSet:
        """Another spelling of a value is no loss."""
        return ValueSet.everything()


@dataclass(frozen=True)
class InSomeZone(Varying):
    """A date that is stored as an instant, or an instant as a date, without a cast: midnight, or the day, in some zone.

    That of the session, where a column keeps instants; in one without a zone, midnight is midnight. The zones between are
    between in what they make of a value, too. PostgreSQL 15 and DuckDB were asked; of the others by their manuals (SQL
    Server, CAST and CONVERT; Spark 3.5, ANSI compliance; Db2 11.5, assignments).
    """

    to: str

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return f"stored as {self.to}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def run_by(self, runners: Sequence[Runner]) -> InSomeZone:  # noqa: ARG002 - no engine says its zone
        return self

    @cached_property
    def variants(self) -> tuple[Transform, ...]:
        return tuple(Cast(self.to, zone=zone) for zone in ("Z", "+14:00", "-12:00"))

    def apply(self, value: Value) -> Value | NoValue:
        return the_one(distinct(way.apply(value) for way in self.variants))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return reduce(and_, (way.preimage(accepted) for way in self.variants))

    @property
    def agreed(self) -> ValueSet:
        return ~ValueSet.of_type("date" if self.to == "datetime" else "datetime")

    def difference(self, value: Value) -> str:
        return f"what becomes of {show(value)} depends on the zone of the session, which is not known"

    @property
    def unaltered(self) -> ValueSet:
        """The time of day of an instant is lost in every zone."""
        return self.variants[0].unaltered


def assigned(
    of_type: str, chain: Sequence[Transform], to: Field, engine: KnownEngine | None = None
) -> tuple[Transform, ...]:
    """The chain over values of a type, and after it the assignment to a field of another type, in a system of an engine.

    What accepts texts beside its own type takes a text as it is. A database writes other values into a column of texts,
    and reads and converts truth values and instants, each in its own way. Who names no engine gets a number or a truth
    value as it is (JSON has both), and a day or a time as some text.
    """
    of_type = type_after(of_type, chain)
    if of_type == to.type:
        return tuple(chain)
    converts = engine in DATABASES
    match of_type, to.type:
        case "text", _ if "" in of_other_types(to):
            return tuple(chain)
        case "text", "integer" | "decimal" | "date":
            return (*chain, Assignment(to.type, engine if converts else None))
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
        case ("date", "datetime") if converts and engine not in _OTHERWISE | _WITHOUT_SOME_MIDNIGHTS:
            return (*chain, InSomeZone(to.type))
        case ("datetime", "date") if converts and engine not in _OTHERWISE:
            return (*chain, InSomeZone(to.type))
        case ("date", "datetime") | ("datetime", "date" | "time") if converts:
            return (*chain, OpaqueStep(f"a {of_type} stored as {to.type}, in the engine's own way"))
        case (
            ("date" | "time" | "datetime", "integer" | "decimal")
            | ("integer" | "decimal", "date" | "time" | "datetime")
            | ("date", "time")
            | ("time", "date" | "datetime")
        ) if engine in _OF_DIGITS:
            return (*chain, OpaqueStep(f"a {of_type} stored as {to.type}, in the engine's own way"))
        case ("boolean", "integer" | "decimal") | ("integer" | "decimal", "boolean") if converts:
            return (*chain, OpaqueStep(f"a {of_type} stored as {to.type}, in the engine's own way"))
        case _:
            return tuple(chain)


_OTHERWISE: frozenset[KnownEngine] = frozenset(("sqlite", "bigquery", "oracle"))
"""SQLite keeps what it is given; BigQuery converts no date to a TIMESTAMP by itself; Oracle's DATE has a time of day."""
_WITHOUT_SOME_MIDNIGHTS: frozenset[KnownEngine] = frozenset(("mysql", "mariadb"))
"""The engines whose TIMESTAMP rejects a midnight that a zone leaves out (MariaDB 10.11 was asked, São Paulo in 2018)."""
_OF_DIGITS: frozenset[KnownEngine] = frozenset(("mysql", "mariadb"))
"""The engines in which a date is a number of its digits, 20240131, and back; MariaDB 10.11 was asked, MySQL 8.4, 13.2.8."""
_SPELLED = Cast("text")


def type_after(of_type: str, chain: Sequence[Transform]) -> str:
    """The type of the values that a chain gives for values of a type."""
    for step in chain:
        match step:
            case Cast() | Assignment() | InSomeZone():
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
