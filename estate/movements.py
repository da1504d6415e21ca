"""Rules over what was done: a value that must move one way, and a value that must be what was asked for.

    rules:
      - {direction: loans.loan.due_date, after: loans.loan.due_date_before, when: "loans.loan.move = 'postpone'"}
      - {amount: loans.loan.due_date, asked: web.request.new_due_date}
      - {amount: loans.loan.due_date, from: loans.loan.due_date_before, by: P14D}

They stand beside the other rules over records. A null says nothing: a rule holds where one of its values is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from ..documents.days import DayShift, parse_shift
from ..documents.names import FieldName
from ..documents.problem import shorten
from ..documents.shape import FIELD_NAME, TEXT, Key
from ..lineage.condition import NUMERIC
from ..lineage.read import read_condition_across

if TYPE_CHECKING:
    from ..contracts.model import Contracts, Field
    from ..documents.location import Location
    from ..documents.names import EntityName
    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import ScalarNode
    from ..lineage.condition import Condition
    from ..values.valueset import Value

DIRECTION = Key(
    "direction", FIELD_NAME, "The field, by full name, whose value must lie on one side of another field's."
)
AFTER = Key("after", FIELD_NAME, "The field that it must be later, or more, than.")
BEFORE = Key("before", FIELD_NAME, "The field that it must be earlier, or less, than.")
AMOUNT = Key("amount", FIELD_NAME, "The field, by full name, that holds what was done.")
ASKED = Key("asked", FIELD_NAME, "The field that holds what was asked for: both must hold the same.")
FROM = Key(
    "from",
    FIELD_NAME,
    "The field that holds the value before it was changed: beside by; or beside asked, to tell which way it moved.",
)
MOVED_BY = Key(
    "by",
    TEXT,
    "How far it was to be moved from there: P14D, or a field that holds a number (of dates: of days).",
)
MOVED_WHEN = Key("when", TEXT, "An SQL condition on fields by full name: the records it is about; all when left out.")
MOVEMENT_KEYS = (DIRECTION, AFTER, BEFORE, AMOUNT, ASKED, FROM, MOVED_BY, MOVED_WHEN)

_MOMENTS = ("date", "datetime", "time")

Deviation: TypeAlias = Literal[
    "not later",
    "not earlier",
    "the other way",
    "the sign turned",
    "a day too early",
    "a day too late",
    "too little",
    "too much",
    "too early",
    "too late",
    "another value",
]
"""What is wrong with what was done."""


@dataclass(frozen=True, slots=True)
class Directed:
    """A demand that one value is later, or more, than another; or earlier, or less."""

    field: FieldName
    other: FieldName
    is_after: bool
    when: Condition | None
    location: Location

    @property
    def sentence(self) -> str:
        """The demand in words."""
        return f"{self.field} is {'after' if self.is_after else 'before'} {self.other}"

    @property
    def reads(self) -> tuple[FieldName, ...]:
        """The fields whose values it compares."""
        return self.field, self.other

    def deviation(self, values: dict[FieldName, Value]) -> Deviation | None:
        """What is wrong with a record; None: nothing, or a value is missing."""
        done, other = _comparable(values.get(self.field)), _comparable(values.get(self.other))
        if done is None or other is None or type(done) is not type(other):
            return None
        if self.is_after:
            return None if done > other else "not later"  # type: ignore[operator]  # both of one ordered type
        return None if done < other else "not earlier"  # type: ignore[operator]  # as above


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A demand that what was done is what was asked for."""

    field: FieldName
    asked: FieldName | None
    """What was asked for; None: `start` moved by `by`."""
    start: FieldName | None
    """The value before; None: not stated."""
    by: DayShift | FieldName | None
    when: Condition | None
    location: Location

    @property
    def sentence(self) -> str:
        """The demand in words."""
        if self.asked is not None:
            return f"{self.field} is {self.asked}"
        by = self.by.written if isinstance(self.by, DayShift) else self.by
        return f"{self.field} is {self.start} moved by {by}"

    @property
    def reads(self) -> tuple[FieldName, ...]:
        """The fields whose values it compares."""
        named = (self.field, self.asked, self.start, None if isinstance(self.by, DayShift) else self.by)
        return tuple(name for name in named if name is not None)

    def deviation(self, values: dict[FieldName, Value]) -> Deviation | None:
        """What is wrong with a record; None: nothing, or a value is missing."""
        done = _comparable(values.get(self.field))
        start = None if self.start is None else _comparable(values.get(self.start))
        wanted = self._wanted(values, start)
        if done is None or wanted is None or type(done) is not type(wanted) or done == wanted:
            return None
        return _deviation(done, wanted, start)

    def _wanted(self, values: dict[FieldName, Value], start: object) -> object:
        if self.asked is not None:
            return _comparable(values.get(self.asked))
        if isinstance(self.by, DayShift):
            return self.by.from_day(start) if isinstance(start, date) else None
        moved = None if self.by is None else _comparable(values.get(self.by))
        if not isinstance(moved, Decimal):
            return None
        if isinstance(start, Decimal):
            return start + moved
        try:
            return start + timedelta(int(moved)) if isinstance(start, date) and moved == int(moved) else None
        except OverflowError:
            return None


RecordMovement: TypeAlias = Directed | AskedFor


def _comparable(value: Value) -> object:
    """Numbers of one kind; everything else as it is."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _deviation(done: object, wanted: object, start: object) -> Deviation:
    if isinstance(done, Decimal) and isinstance(wanted, Decimal):
        if done == -wanted and start is None:
            return "the sign turned"
        if isinstance(start, Decimal) and (done - start) * (wanted - start) < 0:
            return "the sign turned" if done - start == start - wanted else "the other way"
        return "too little" if abs(done - (start or 0)) < abs(wanted - (start or 0)) else "too much"  # type: ignore[operator]
    if isinstance(done, date) and isinstance(wanted, date):
        if start is not None and ((done < start) != (wanted < start)) and done != start:  # type: ignore[operator]
            return "the other way"
        days = (done - wanted).days
        if abs(days) == 1:
            return "a day too early" if days < 0 else "a day too late"
        return "too early" if days < 0 else "too late"
    return "another value"


def read_movement(
    written: ShapedRecord, contracts: Contracts, problems: Problems, today: date
) -> RecordMovement | None:
    """A rule over what was done, held to the contracts; None after a problem."""
    return _Reader(written, contracts, problems, today).read()


class _Reader:
    def __init__(self, written: ShapedRecord, contracts: Contracts, problems: Problems, today: date) -> None:
        self._written, self._contracts, self._problems, self._today = written, contracts, problems, today

    def read(self) -> RecordMovement | None:
        before = len(self._problems)
        written = self._written
        named = {key.name: self._field(key) for key in (DIRECTION, AFTER, BEFORE, AMOUNT, ASKED, FROM)}
        by = self._by(named["from"])
        self._check_entities([field for field in (*named.values(), by) if not isinstance(field, DayShift | None)])
        main = named["direction"] or named["amount"]
        for word in ("after", "before", "asked", "from"):
            self._check_types(main, named[word], word)
        when = None
        if written.get(MOVED_WHEN) is not None:
            node = cast("ScalarNode", written.nodes[MOVED_WHEN.name][1])
            when = read_condition_across(node, self._contracts, self._problems, self._today)
            self._check_entities([f for n in (when.fields if when else ()) if (f := self._contracts.field(n))], main)
        if not written.sound or len(self._problems) > before or main is None:
            return None
        direction, other = named["direction"], named["after"] or named["before"]
        if direction is not None and other is not None:
            is_after = named["after"] is not None
            return Directed(direction.full_name, other.full_name, is_after, when, written.location)
        asked, start = named["asked"], named["from"]
        return AskedFor(
            main.full_name,
            None if asked is None else asked.full_name,
            None if start is None else start.full_name,
            by if isinstance(by, DayShift | None) else by.full_name,
            when,
            written.location,
        )

    def _field(self, key: Key[FieldName]) -> Field | None:
        name = self._written.get(key)
        if name is None:
            return None
        field = self._contracts.field(name)
        if field is None:
            self._add_unknown(key.name, name)
        return field

    def _add_unknown(self, word: str, name: FieldName) -> None:
        where, guess = self._written.nodes[word][1].location, self._contracts.suggest(name)
        message = f"{word} names {shorten(str(name))}, which is a field of no contract"
        suggestion = None if guess is None else str(guess)
        self._problems.add(where, message, suggestion=suggestion, length=len(str(name)))

    def _by(self, start: Field | None) -> DayShift | Field | None:
        text = self._written.get(MOVED_BY)
        if text is None:
            return None
        where = self._written.nodes[MOVED_BY.name][1].location
        shift = parse_shift(text)
        if shift is not None:
            if start is not None and start.type != "date":
                message = f"{shorten(text)} moves dates, and {start.full_name} is of type {start.type}"
                self._problems.add(where, message, expected="a field that holds a number", length=len(text))
            return shift
        field = self._contracts.field(FieldName.read(text))
        if field is None:
            expected = "a distance such as P14D, or the full name of a field: system.entity.field"
            self._problems.add(where, f"by is {shorten(text)}", expected=expected, length=len(text))
        elif field.type not in NUMERIC:
            message = f"by names {field.full_name}, which is of type {field.type}"
            self._problems.add(where, message, expected="a field that holds a number", length=len(text))
        return field

    def _check_types(self, main: Field | None, other: Field | None, word: str) -> None:
        if main is None or other is None:
            return
        alike = main.type == other.type or {main.type, other.type} <= set(NUMERIC)
        ordered = main.type in {*NUMERIC, *_MOMENTS} or word == "asked"
        if not alike or not ordered:
            where = self._written.nodes[word][1].location
            message = f"{other.full_name} is of type {other.type}, and {main.full_name} of type {main.type}"
            expected = "two fields of one type: numbers, dates or times"
            self._problems.add(where, message, expected=expected, length=len(str(other.full_name)))

    def _check_entities(self, fields: list[Field], main: Field | None = None) -> None:
        entities: dict[EntityName, None] = dict.fromkeys(
            field.full_name.entity_name for field in (*fields, *([main] if main else []))
        )
        if len(entities) > 2:
            message = f"a rule is about two entities at most, and these are {', '.join(map(str, entities))}"
            self._problems.add(
                self._written.location, message, expected="fields of what was asked and of what was done"
            )
