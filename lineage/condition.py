"""`when`: the condition under which a flow carries a value.

A condition is an SQL expression. It is read as alternatives, each a set of values per field (its disjunctive normal
form). It is parsed by sqlglot and interpreted here; no engine ever runs it. A comparison with null is not true, as in
SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from ..documents.names import FieldName
from ..values.error import FieldlineError
from ..values.regex import PatternError
from ..values.regex import parse as parse_pattern
from ..values.textset import TextSet
from ..values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlglot import exp

    from ..values.valueset import Value

_MAX_ALTERNATIVES = 64
_MAX_LENGTH = 4_000
_NUMBER = re.compile(r"(?=\.?[0-9])[0-9]{0,100}(\.[0-9]{0,100})?")
_NAME = re.compile(r"([^\W\d][\w-]*)\.([^\W\d][\w-]*)\.([^\W\d][\w-]*)")


class ConditionError(FieldlineError, ValueError):
    """A condition that cannot be read; `offset` is the place in its text."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


Alternative = dict[FieldName, ValueSet]
"""Per full name of a field, the values it must have; fields that are not named may have any."""


@dataclass(frozen=True)
class Condition:
    """A condition over fields of one entity; true when one of its alternatives is."""

    text: str
    alternatives: tuple[tuple[tuple[FieldName, ValueSet], ...], ...]
    compared: tuple[tuple[FieldName, Value], ...] = ()
    """Every field's full name with every value it is compared with."""

    @cached_property
    def fields(self) -> tuple[FieldName, ...]:
        """The full names of the fields it reads."""
        return tuple(sorted({name for alternative in self.alternatives for name, _ in alternative}))

    def holds(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether it is true of these values; an absent field is null."""
        return any(all(record.get(name) in values for name, values in a) for a in self.alternatives)


def parse_condition(text: str) -> Condition:
    """Parse a condition. Raises ConditionError."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if len(text) > _MAX_LENGTH:
        message = f"a condition may have {_MAX_LENGTH:,} characters, this one has {len(text):,}"
        raise ConditionError(message)
    quoted = _quote_names(text)
    try:
        tree = sqlglot.parse_one(quoted, dialect="postgres")
    except SqlglotError as error:
        errors = getattr(error, "errors", None)
        what = errors[0].get("description") if errors else str(error)
        raise ConditionError(f"not a condition: {what}") from error
    except RecursionError as error:
        raise ConditionError("nested too deeply") from error
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:  # sqlglot's own bugs
        raise ConditionError("not a condition") from error
    if not isinstance(tree, exp.Expression):
        raise ConditionError("not a condition")
    alternatives = _alternatives(tree, wanted=True)
    simple = tuple(tuple(sorted(a.items())) for a in alternatives)
    return Condition(text, simple, tuple(_compared_with(tree)))


def _quote_names(text: str) -> str:
    """Quote full field names, so that names with hyphens and SQL keywords are names; literals are untouched."""
    parts = re.split(r"('(?:[^']|'')*')", text)
    for i in range(0, len(parts), 2):
        parts[i] = _NAME.sub(r'"\1"."\2"."\3"', parts[i])
    return "".join(parts)


def _alternatives(node: exp.Expression, *, wanted: bool) -> list[Alternative]:
    """The alternatives in which the expression is true (or, with wanted=False, is false)."""
    from sqlglot import exp

    match node:
        case exp.Paren():
            return _alternatives(node.this, wanted=wanted)
        case exp.Not():
            return _alternatives(node.this, wanted=not wanted)
        case exp.And() | exp.Or():
            left, right = (_alternatives(side, wanted=wanted) for side in (node.this, node.expression))
            if isinstance(node, exp.And) == wanted:
                return _limit([_meet(a, b) for a in left for b in right])
            return _limit(left + right)
        case _:
            name, values = _atom(node)
            # Neither a comparison with null nor its negation is true. IS NOT and NOT LIKE are written on the node.
            known = values if wanted != bool(node.args.get("negate")) else ~values
            if not isinstance(node, exp.Is):
                known -= ValueSet.null_only()
            return [{name: known}]


def _limit(alternatives: list[Alternative]) -> list[Alternative]:
    if len(alternatives) > _MAX_ALTERNATIVES:
        raise ConditionError(f"a condition may have {_MAX_ALTERNATIVES} alternatives, this one has more")
    return alternatives


def _meet(first: Alternative, second: Alternative) -> Alternative:
    met = dict(first)
    for name, values in second.items():
        met[name] = met[name] & values if name in met else values
    return met


def _atom(node: exp.Expression) -> tuple[FieldName, ValueSet]:
    """One comparison: the field, and the values for which it is true."""
    from sqlglot import exp

    match node:
        case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
            name, value, flipped = _sides(node)
            return name, _compared(type(node), value, flipped=flipped)
        case exp.In() if not node.args.get("query"):
            return _field(node.this), ValueSet.exactly([_literal(item) for item in node.expressions])
        case exp.Is() if isinstance(node.expression, exp.Null):
            return _field(node.this), ValueSet.null_only()
        case exp.Like():
            pattern = _literal(node.expression)
            if not isinstance(pattern, str):
                raise ConditionError("LIKE needs a text")
            try:
                language = parse_pattern(pattern, "sql_like").language
            except PatternError as error:
                raise ConditionError(f"the pattern {pattern!r} cannot be read: {error.message}") from error
            return _field(node.this), ValueSet.text(TextSet.language(language))
        case exp.Between() if not node.args.get("symmetric"):
            low, high = _literal(node.args["low"]), _literal(node.args["high"])
            if (
                isinstance(low, (str, bool))
                or isinstance(high, (str, bool))
                or isinstance(low, date) != isinstance(high, date)
            ):
                raise ConditionError("BETWEEN needs two numbers or two dates")
            return _field(node.this), ValueSet.between(low, high)
        case _:
            raise ConditionError(
                f"{_words(node)} is not supported; use = <> < <= > >= IN, BETWEEN, LIKE, IS NULL, AND, OR, NOT"
            )


def _compared_with(tree: exp.Expression) -> Iterator[tuple[FieldName, Value]]:
    """Each field with each value it is compared with, of a condition that could be read."""
    from sqlglot import exp

    for node in tree.walk():
        match node:
            case exp.In():
                yield from ((_field(node.this), _literal(item)) for item in node.expressions)
            case exp.Like():
                yield _field(node.this), _literal(node.expression)
            case exp.Between():
                yield from ((_field(node.this), _literal(node.args[end])) for end in ("low", "high"))
            case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
                yield _sides(node)[:2]


def is_of_type(value: Value, kind: str) -> bool:
    """Whether a field of this type can be compared with the value."""
    match value:
        case bool():
            return kind == "boolean"
        case int() | Decimal():
            return kind in {"integer", "decimal"}
        case date():
            return kind == "date"
        case _:
            return kind == "text"


def _sides(node: exp.Expression) -> tuple[FieldName, Value, bool]:
    from sqlglot import exp

    left, right = node.this, node.expression
    if isinstance(left, exp.Column) and not _is_literal(left):
        return _field(left), _literal(right), False
    return _field(right), _literal(left), True


def _is_literal(node: exp.Expression) -> bool:
    from sqlglot import exp

    return isinstance(node, (exp.Literal, exp.Boolean, exp.Null, exp.Neg))


def _compared(kind: type[exp.Expression], value: Value, *, flipped: bool) -> ValueSet:
    from sqlglot import exp

    if kind is exp.EQ:
        return ValueSet.exactly([value])
    if kind is exp.NEQ:
        return ~ValueSet.exactly([value])
    if isinstance(value, (str, bool)) or value is None:
        raise ConditionError("only numbers and dates are compared with < and >")
    below = (kind is exp.LT or kind is exp.LTE) != flipped
    is_open = kind is exp.LT or kind is exp.GT
    if below:
        return ValueSet.between(None, value, hi_open=is_open)
    return ValueSet.between(value, None, lo_open=is_open)


def _field(node: exp.Expression) -> FieldName:
    from sqlglot import exp

    if not isinstance(node, exp.Column) or not node.args.get("db"):
        raise ConditionError(f"{_words(node)} is not a field's full name, system.entity.field")
    return FieldName(node.args["db"].name, node.args["table"].name, node.name)


def _literal(node: exp.Expression) -> Value:
    from sqlglot import exp

    match node:
        case exp.Literal() if node.is_string:
            return str(node.this)
        case exp.Literal():
            if not _NUMBER.fullmatch(node.this):
                raise ConditionError(f"{_words(node)} is not a number written out, such as 100.50")
            number = Decimal(node.this)
            return int(number) if number == number.to_integral_value() else number
        case exp.Neg():
            value = _literal(node.this)
            if isinstance(value, (int, Decimal)):
                return -value
            raise ConditionError("only a number can be negative")
        case exp.Boolean():
            return bool(node.this)
        case exp.Cast() if node.to.sql().upper() == "DATE":
            written = str(_literal(node.this))
            try:
                return date.fromisoformat(written)
            except ValueError as error:
                raise ConditionError(f"{written!r} is not a date, such as 2024-05-01") from error
        case _:
            raise ConditionError(f"{_words(node)} is not a text, a number, true, false or DATE '2024-05-01'")


def _words(node: exp.Expression) -> str:
    """The text of a part of the condition, for a message; sqlglot cannot write back everything it reads."""
    try:
        return repr(node.sql(dialect="postgres"))
    except (IndexError, ValueError):
        return "a part of it"
