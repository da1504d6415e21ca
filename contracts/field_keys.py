"""From the keys of a field to its constraints, with every problem in them.

A constraint that does not fit the field's type, a value that is not of the type, a pattern that cannot be read, and
bounds the wrong way round are problems: slips of the pen. Constraints that no value meets are a finding, and are not
looked for here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from ..documents.days import TODAY
from ..documents.location import Location
from ..documents.problem import shorten
from ..documents.shape import BOOLEAN, DATE, DATETIME, INTEGER, NUMBER, TEXT, TIME, ShapedRecord
from ..documents.yaml_events import ScalarNode, SequenceNode
from ..values.regex import PatternError, parse
from . import layout
from .constraint import (
    CheckDigits,
    Constraint,
    Digits,
    Encodable,
    Length,
    Matches,
    NoneOf,
    NotNull,
    OfType,
    OneOf,
    OpaqueRule,
    Range,
    SecondDecimals,
    SignificantDigits,
    StoredAs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from ..documents.days import DayShift
    from ..documents.problem import Problems
    from ..documents.shape import Key, Shape
    from ..values.checkdigits import CheckScheme
    from ..values.valueset import Value
    from .constraint import OnViolation, PatternDialect, Restriction, StoredWay, Type

_T = TypeVar("_T")

_VALUES: Mapping[Type, Shape[Value]] = {
    "text": TEXT,
    "integer": INTEGER,
    "decimal": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "datetime": DATETIME,
}
"""How a value of each type is written."""

_TEXT: tuple[Type, ...] = ("text",)
_NUMERIC: tuple[Type, ...] = ("integer", "decimal")
_ORDERED: tuple[Type, ...] = (*_NUMERIC, "date", "time", "datetime")
_FITS: Mapping[str, tuple[Type, ...]] = {
    **dict.fromkeys(("min_length", "max_length", "min_bytes", "max_bytes", "min_utf16", "max_utf16"), _TEXT),
    **dict.fromkeys(("encodable", "check_digits", "pattern"), _TEXT),
    **dict.fromkeys(("min", "max", "exclusive_min", "exclusive_max"), _ORDERED),
    "precision": _NUMERIC,
    "scale": ("decimal", "datetime"),
    "significant_digits": _NUMERIC,
}
"""The types that a constraint applies to; all of them where it is not named."""
_DAYS: tuple[Type, ...] = ("date", "datetime")
"""The types whose bounds may be counted from the day of the run."""


_Make: TypeAlias = "Callable[[ShapedRecord, Type, Problems], Restriction | None]"
"""Makes the restriction of one key whose value was read; None when it restricts nothing, or after a problem."""


def read_constraints(record: ShapedRecord, of_type: Type, problems: Problems, today: date) -> tuple[Constraint, ...]:
    """The constraints of one field, in the order of the file; one that makes no sense is a problem, and left out.

    `today`: the day of the run, which bounds may be counted from.
    """
    constraints: list[Constraint] = []
    usual = cast("OnViolation", record.get(layout.ON_VIOLATION) or "reject")
    for name in record.values:
        if name == layout.OPAQUE.name:
            constraints += _opaque(record, "accept" if usual == "accept" else "reject")
        make, bound = _RESTRICTIONS.get(name), _BOUNDS.get(name)
        if (make is None and bound is None) or not _fits(name, record, of_type, problems):
            continue
        if bound is not None:
            restriction = _range(record, bound, of_type, today, problems)
        elif make is not None:
            restriction = make(record, of_type, problems)
        if restriction is not None:
            action = _own_action(record, name) or usual_action(usual, name, restriction)
            constraints.append(Constraint(name, restriction, record.where(name), action))
    check_bounds(constraints, problems)
    return tuple(constraints)


def read_stored(record: ShapedRecord, of_type: Type, problems: Problems) -> tuple[Constraint, ...]:
    """The ways in which a field stores what it accepts, in the order of the file.

    One that needs a text, or a length of the field, is a problem where there is none.
    """
    if not record.has(layout.STORED.name):
        return ()
    node = record.nodes[layout.STORED.name][1]
    places = node.items if isinstance(node, SequenceNode) else (node,)
    ways: list[Constraint] = []
    written = record.get(layout.STORED)
    for item, place in zip(() if written is None else written, places, strict=False):
        way, length = (item, None) if isinstance(item, str) else _with_length(item)
        needs_length = way in {"fitted", "fitted_spaces", "padded"} and length is None
        if of_type != "text":
            message = f"stored is {way}, but a value of type {of_type} is no text"
            problems.add(place.location, message, expected="type: text", length=len(way))
        elif needs_length and not any(map(record.has, ("max_length", "max_bytes", "max_utf16"))):
            message = f"stored is {way}, but no key gives the length"
            expected = "one of max_length, max_bytes, max_utf16 beside it"
            problems.add(place.location, message, expected=expected, length=len(way))
        else:
            ways.append(Constraint(layout.STORED.name, StoredAs(cast("StoredWay", way), length), place.location))
    return tuple(ways)


def _with_length(item: ShapedRecord) -> tuple[str, Length | None]:
    """A way with the length that stands with it."""
    for key in (layout.FITTED, layout.FITTED_SPACES, layout.PADDED):
        written = item.get(key)
        if written is None:
            continue
        units, in_bytes = written.get(layout.WAY_UTF16), written.get(layout.WAY_BYTES)
        if in_bytes is not None:
            limit, encoding = in_bytes.get(layout.BYTE_LIMIT), in_bytes.get(layout.LIMIT_ENCODING)
            return key.name, Length(None, limit, "bytes", encoding)
        if units is not None:
            return key.name, Length(None, units, "utf16")
        return key.name, Length(None, written.get(layout.WAY_LENGTH), "code points")
    return "fitted", None


_ACTING: Mapping[OnViolation, tuple[str, ...]] = {
    "truncate": ("max_length", "max_bytes", "max_utf16", "scale", "type"),
    "replace": ("encodable", "max_bytes"),
    "round": ("scale", "precision", "type"),
    "clamp": ("min", "max", "precision"),
}
"""The constraints that an action applies to; every one but the type and `required` where it is not named."""


def acting(action: OnViolation) -> tuple[str, ...] | None:
    """The keys of the constraints that an action of a field applies to; None: all."""
    return _ACTING.get(action)


def usual_action(action: OnViolation, name: str, restriction: Restriction) -> OnViolation:
    """The action of a constraint that names none, where the field has this one: "reject" where it does not apply."""
    names = _ACTING.get(action)
    if names is None:
        of_integers = action == "unknown" and restriction == OfType("integer")
        applies = of_integers or (name != "type" and (action == "accept" or name != "required"))
    elif name == "type":
        applies = restriction == OfType("integer")
    else:
        applies = name in names and not (
            action == "round" and isinstance(restriction, Digits) and restriction.decimals is None
        )
    return action if applies else "reject"


def _own_action(record: ShapedRecord, name: str) -> OnViolation | None:
    written = record.values[name]
    return cast("OnViolation | None", written.get(layout.ACTION)) if isinstance(written, ShapedRecord) else None


def _plain(record: ShapedRecord, key: Key[Any], inner: Key[_T]) -> _T | None:
    """The value of a key, which may stand alone or in a mapping with its action."""
    written = record.get(key)
    return written.get(inner) if isinstance(written, ShapedRecord) else cast("_T | None", written)


def read_value(text: str, of_type: Type, problems: Problems) -> Value:
    """A value of a type, as it would be written in quotes in a list of values; None after a problem was added."""
    node = ScalarNode(text, plain=False, location=Location("", 1, 1), length=len(text))
    return value_of(node, of_type, problems)


def value_of(node: ScalarNode, of_type: Type, problems: Problems) -> Value:
    """The value of a type that a node of a contract is; None after a problem was added."""
    return _VALUES[of_type].read(node, problems)


def fits_type(name: str, of_type: Type) -> bool:
    """Whether a constraint applies to values of a type."""
    fitting = _FITS.get(name)
    return fitting is None or of_type in fitting


def _fits(name: str, record: ShapedRecord, of_type: Type, problems: Problems) -> bool:
    fitting = _FITS.get(name)
    if fitting is None or of_type in fitting:
        return True
    message = f"{name} does not apply to a field of type {of_type}"
    problems.add(record.where(name), message, expected=f"type: {' or '.join(fitting)}", length=len(name))
    return False


# ------------------------------------------------------------------------------------------------- one a constraint


def _bytes(record: ShapedRecord, key: Key[ShapedRecord]) -> tuple[int, str] | None:
    written = record.get(key)
    if written is None:
        return None
    limit, encoding = written.get(layout.BYTE_LIMIT), written.get(layout.LIMIT_ENCODING)
    return None if limit is None or encoding is None else (limit, encoding)


def _min_bytes(record: ShapedRecord, _: Type, __: Problems) -> Restriction | None:
    written = _bytes(record, layout.MIN_BYTES)
    return None if written is None else Length(written[0], None, "bytes", written[1])


def _max_bytes(record: ShapedRecord, _: Type, __: Problems) -> Restriction | None:
    written = _bytes(record, layout.MAX_BYTES)
    return None if written is None else Length(None, written[0], "bytes", written[1])


def _pattern(record: ShapedRecord, _: Type, problems: Problems) -> Restriction | None:
    written = record.get(layout.PATTERN)
    regex = None if written is None else written.get(layout.REGEX)
    if written is None or regex is None:
        return None
    dialect = cast("PatternDialect", written.get(layout.DIALECT) or "ecma")
    flags = written.get(layout.FLAGS) or ""
    bad_flags = _pattern_error("a", dialect, flags)
    error = bad_flags or _pattern_error(regex, dialect, flags)
    if error is None:
        return Matches(regex, dialect, flags)
    node = written.nodes["flags" if bad_flags else "regex"][1]
    place = node.place(error.offset) if isinstance(node, ScalarNode) else node.location
    problems.add(place, f"the pattern cannot be read: {error.message}", suggestion=error.suggestion or None)
    return None


@lru_cache(maxsize=16_384)
def _pattern_error(regex: str, dialect: PatternDialect, flags: str) -> PatternError | None:
    """Why there is no language for a pattern. Estates repeat their patterns, so the answer is kept."""
    try:
        parse(regex, dialect, flags)
    except PatternError as error:
        return error.with_traceback(None)  # whose frames would keep what was read so far
    return None


def _one_of(record: ShapedRecord, of_type: Type, problems: Problems) -> Restriction | None:
    values = _list(record, layout.ONE_OF, of_type, problems)
    return OneOf(values, of_type) if values else None


def _not_one_of(record: ShapedRecord, of_type: Type, problems: Problems) -> Restriction | None:
    values = _list(record, layout.NOT_ONE_OF, of_type, problems)
    return NoneOf(values, of_type) if values else None


def _list(
    record: ShapedRecord, key: Key[tuple[ScalarNode, ...] | ShapedRecord], of_type: Type, problems: Problems
) -> tuple[Value, ...]:
    """The values of a list, typed; a value that stands twice is a problem."""
    first: dict[Value, ScalarNode] = {}
    for node in _plain(record, key, layout.VALUES) or ():
        value = _VALUES[of_type].read(node, problems)
        if value is None:
            continue
        if value in first:
            message = f"{shorten(node.value)} stands twice in the list"
            problems.add(node.location, message, suggestion="remove it", length=node.length)
        first.setdefault(value, node)
    return tuple(first)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A key that bounds an ordered value from one side."""

    key: Key[ScalarNode | ShapedRecord]
    is_low: bool
    is_open: bool


def _range(record: ShapedRecord, bound: _Bound, of_type: Type, today: date, problems: Problems) -> Restriction | None:
    written, node = record.get(bound.key), _plain(record, bound.key, layout.LIMIT_VALUE)
    if written is None:
        return None
    counted = _counted(written, node, of_type)
    if counted is None and node is not None:
        value: Value = _VALUES[of_type].read(node, problems)
        is_open = bound.is_open
    else:
        value, is_open = _counted_day(record, bound, counted, of_type, today, problems)
    if value is None:
        return None
    return Range(value, None, is_open, counted) if bound.is_low else Range(None, value, is_open, counted)


def _counted(written: ScalarNode | ShapedRecord, node: ScalarNode | None, of_type: Type) -> DayShift | None:
    """The distance from the day of the run that a bound states; None: it states none."""
    if node is None:
        return written.get(layout.TODAY_KEY) if isinstance(written, ShapedRecord) else None
    return TODAY if node.plain and node.value == "today" and of_type in _DAYS else None


def _counted_day(
    record: ShapedRecord, bound: _Bound, counted: DayShift | None, of_type: Type, today: date, problems: Problems
) -> tuple[Value, bool]:
    """The end that is counted from the day of the run, and whether it is open; of instants, the end of that day in UTC."""
    at, name = record.nodes[bound.key.name][1].location, bound.key.name
    if of_type not in _DAYS:
        problems.add(at, f"{name} of a field of type {of_type} is no day", expected=f"type: {' or '.join(_DAYS)}")
        return None, bound.is_open
    day = None if counted is None else counted.from_day(today)
    if day is None:
        if counted is not None:
            problems.add(at, f"{name} is outside the years 1 to 9999", expected="a day within them")
        return None, bound.is_open
    if of_type == "date":
        return day, bound.is_open
    begins = bound.is_low != bound.is_open  # min and exclusive_max: the first instant of the day
    return datetime.combine(day, time.min if begins else time.max, UTC), bound.is_open


def _precision(record: ShapedRecord, _: Type, __: Problems) -> Restriction | None:
    """NUMERIC(p, s): below 10^(p-s) either side of zero; without a scale of its own also the scale, 0."""
    precision = _plain(record, layout.PRECISION, layout.DIGITS)
    scale = _plain(record, layout.SCALE, layout.DECIMALS)
    if precision is None:
        return None
    return Digits(precision, 0) if scale is None else Digits(precision - scale, None)


def _scale(record: ShapedRecord, of_type: Type) -> Restriction | None:
    decimals = _plain(record, layout.SCALE, layout.DECIMALS)
    return SecondDecimals(decimals) if of_type == "datetime" and decimals is not None else Digits(None, decimals)


def _check_digits(record: ShapedRecord, _: Type, __: Problems) -> Restriction | None:
    scheme = _plain(record, layout.CHECK_DIGITS, layout.SCHEME)
    return None if scheme is None else CheckDigits(cast("CheckScheme", scheme))


def _significant_digits(record: ShapedRecord, _: Type, __: Problems) -> Restriction | None:
    most = _plain(record, layout.SIGNIFICANT_DIGITS, layout.DIGITS)
    written = record.get(layout.SIGNIFICANT_DIGITS)
    whole = written.get(layout.WHOLE_DIGITS) if isinstance(written, ShapedRecord) else None
    return None if most is None else SignificantDigits(most, whole)


def _opaque(record: ShapedRecord, action: OnViolation) -> list[Constraint]:
    """One constraint for each of the rules, where it stands."""
    node = record.nodes[layout.OPAQUE.name][1]
    rules = node.items if isinstance(node, SequenceNode) else (node,)
    return [
        Constraint(layout.OPAQUE.name, OpaqueRule(rule.value), rule.location, action)
        for rule in rules
        if isinstance(rule, ScalarNode) and rule.value
    ]


_RESTRICTIONS: Mapping[str, _Make] = {
    "type": lambda _, of_type, __: OfType(of_type),
    "required": lambda record, _, __: NotNull() if record.get(layout.REQUIRED) is True else None,
    "min_length": lambda record, _, __: Length(_plain(record, layout.MIN_LENGTH, layout.LIMIT), None, "code points"),
    "max_length": lambda record, _, __: Length(None, _plain(record, layout.MAX_LENGTH, layout.LIMIT), "code points"),
    "min_bytes": _min_bytes,
    "max_bytes": _max_bytes,
    "min_utf16": lambda record, _, __: Length(_plain(record, layout.MIN_UTF16, layout.LIMIT), None, "utf16"),
    "max_utf16": lambda record, _, __: Length(None, _plain(record, layout.MAX_UTF16, layout.LIMIT), "utf16"),
    "encodable": lambda record, _, __: Encodable(_plain(record, layout.ENCODABLE, layout.ENCODING_NAME) or ""),
    "check_digits": _check_digits,
    "pattern": _pattern,
    "one_of": _one_of,
    "not_one_of": _not_one_of,
    "precision": _precision,
    "scale": lambda record, of_type, _: _scale(record, of_type),
    "significant_digits": _significant_digits,
}


_BOUNDS: Mapping[str, _Bound] = {
    "min": _Bound(layout.MIN, is_low=True, is_open=False),
    "max": _Bound(layout.MAX, is_low=False, is_open=False),
    "exclusive_min": _Bound(layout.EXCLUSIVE_MIN, is_low=True, is_open=True),
    "exclusive_max": _Bound(layout.EXCLUSIVE_MAX, is_low=False, is_open=True),
}


# ------------------------------------------------------------------------------------------------- against each other

_PAIRS = (
    ("min_length", "max_length"),
    ("min_utf16", "max_utf16"),
    ("min_bytes", "max_bytes"),
    ("min", "max"),
    ("min", "exclusive_max"),
    ("exclusive_min", "max"),
    ("exclusive_min", "exclusive_max"),
)


def check_bounds(constraints: Sequence[Constraint], problems: Problems) -> None:
    """A lower bound above the upper bound is a slip of the pen."""
    by_name = {constraint.name: constraint for constraint in constraints}
    for low_name, high_name in _PAIRS:
        low, high = by_name.get(low_name), by_name.get(high_name)
        if low is None or high is None:
            continue
        if _is_crossed(low.restriction, high.restriction):
            first, second = sorted((low, high), key=lambda constraint: constraint.location)
            message = f"{second.name} ({second.sentence}) contradicts {first.name} ({first.sentence})"
            problems.add(second.location, message, length=len(second.name))


def _is_crossed(low: Restriction, high: Restriction) -> bool:
    match low, high:
        case Length(int(least), _, _, encoding), Length(_, int(most), _, other):
            return encoding == other and least > most
        case Range(least_value, None, _, _), Range(None, most_value, _, _):
            return bool(least_value > most_value)  # type: ignore[operator]  # both are of the field's type
    return False
