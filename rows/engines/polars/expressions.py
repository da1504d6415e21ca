"""Clauses as polars expressions, with exactly our meaning.

polars evaluates the clauses it can express: lengths, ranges, and languages as regular expressions (its engine is linear,
and every class is spelt out, so nothing depends on its own notion of a digit or a letter). Fieldline evaluates all others
itself, once for each distinct value of a batch.
"""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

import polars as pl

from ....checker.diff.stored_rows import Unreadable
from ....checker.requirement.compiled import clause_check, days, value_check, whole_number_span
from ....checker.requirement.requirement import TEXT_KEY
from ....contracts.field_keys import read_value
from ....documents.problem import Problems
from ....lineage.transform import ways
from ....lineage.transforms.case import Lower, Upper
from ....lineage.transforms.cut import Truncate
from ....lineage.transforms.spaces import Trim
from ....values.matcher import native_pattern
from ....values.solve.atom import Measure
from ....values.textset import TextSet
from ....values.valueset import ValueSet
from ....values.weight import CODE_POINTS, UTF8
from .by_value import by_distinct_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ....checker.requirement.requirement import Clause, Requirement, Uniqueness
    from ....contracts.constraint import Type
    from ....lineage.transform import Transform
    from ....values.solve.atom import Atom
    from ....values.valueset import Value

_LONGEST = 1_000_000
"""Characters of a text that is checked."""

FITTING: Mapping[Type, Callable[[pl.DataType], bool]] = {
    "text": lambda kind: isinstance(kind, pl.String | pl.Categorical | pl.Enum),
    "integer": lambda kind: kind.is_integer() or kind.is_float() or isinstance(kind, pl.Decimal | pl.String),
    "decimal": lambda kind: kind.is_numeric() or isinstance(kind, pl.String),
    "boolean": lambda kind: isinstance(kind, pl.Boolean | pl.String),
    "date": lambda kind: isinstance(kind, pl.Date | pl.String),
    "time": lambda kind: isinstance(kind, pl.Time | pl.String),
    "datetime": lambda kind: (
        isinstance(kind, pl.String) or (isinstance(kind, pl.Datetime) and kind.time_zone is not None)
    ),
}
"""Per type of a contract, the columns that fit it; texts are read as the type. A column of nulls fits every type."""


class Columns:
    """The columns of some rows, under a requirement."""

    def __init__(self, kinds: Mapping[str, pl.DataType], requirement: Requirement) -> None:
        self._kinds = kinds
        self._requirement = requirement
        self._types = {field.name: field.type for field in requirement.entity.fields.values()}

    def meets(self, clause: Clause) -> pl.Expr:
        """Whether a row meets a clause: true or false, never null. A field without a column is null."""
        if isinstance(clause.accepts, ValueSet) and not clause.guards:
            return self._alone(clause, clause.fields[0], clause.accepts)
        names = clause.names
        present = [name for name in names if name in self._kinds]
        check = clause_check(clause)

        def admits(row: dict[str, Any]) -> bool:
            return check({name: typed_column(row.get(name), self._types[name]) for name in names})

        if not present:
            return pl.lit(admits({}))
        return _by_value(pl.struct(present), admits)

    def _alone(self, clause: Clause, name: str, values: ValueSet) -> pl.Expr:
        """Whether a row's value of a field is one of those that a clause accepts."""
        kind = self._kinds.get(name)
        if kind is None:
            return pl.lit(values.null)
        column, of_type = pl.col(name), self._types[name]
        native = self._native(name, values)
        if native is not None:
            return _met(native, column, null=values.null)
        admits = value_check(values)

        def by_value(column: pl.Expr) -> pl.Expr:
            return _by_value(column, lambda raw: bool(admits(typed_column(raw, of_type))))

        restated = self._requirement.restated.get(clause)
        plain = self._native(name, self._requirement.plain[name])
        simply = self._native(name, restated) if restated is not None else None
        if plain is None or simply is None:
            return by_value(column)
        settled = _met(plain, column, null=False)
        return (
            pl.when(settled).then(_met(simply, column, null=False)).otherwise(by_value(pl.when(~settled).then(column)))
        )

    def key(self, unique: Uniqueness) -> pl.Expr:
        """The text by which values of a field are compared; null is equal to nothing."""
        name, column = unique.field, pl.col(unique.field)
        of_type = self._types[name]

        def by_value(column: pl.Expr) -> pl.Expr:
            compared = by_distinct_value(lambda raw: unique.key(typed_column(raw, of_type)), pl.String)
            return column.map_batches(compared, return_dtype=pl.String, is_elementwise=True)

        simply = (
            _written(column, unique.steps) if isinstance(self._kinds[name], pl.String) and of_type == "text" else None
        )
        if simply is None:
            return by_value(column)
        is_ascii = (column.str.len_bytes() == column.str.len_chars()).fill_null(value=False)
        return pl.when(is_ascii).then(pl.lit(TEXT_KEY) + simply).otherwise(by_value(pl.when(~is_ascii).then(column)))

    def _native(self, name: str, values: ValueSet) -> list[pl.Expr] | None:
        """Conditions that hold for exactly the values of a column in a set, null aside; None: polars cannot express it."""
        column, kind, of_type = pl.col(name), self._kinds[name], self._types[name]
        match kind:
            case pl.String() if of_type == "text":
                return _texts(column, values.texts)
            case _ if kind.is_integer():
                return _between(column, whole_number_span(values.numbers))
            case pl.Date():
                return _between(column, days(values.days))
            case pl.Boolean():
                return [column.is_in([truth for truth in (False, True) if truth in values.booleans])]
            case pl.Decimal():
                return _between(column, whole_number_span(values.numbers)) if _has_room(kind, values) else None
            case _:
                return None


def typed_column(raw: object, kind: Type) -> Value:
    """A value of a column as one of its field's type; a value that cannot be read stays as it is.

    Raises Unreadable for a text too long to be walked character by character.
    """
    match raw:
        case str() if len(raw) > _LONGEST:
            raise Unreadable(f"a cell holds {len(raw):,} characters; at most {_LONGEST:,} are checked")
        case str() if kind == "boolean":
            return {"true": True, "false": False}.get(raw, raw)
        case str() if kind != "text":
            problems = Problems()
            parsed = read_value(raw, kind, problems)
            return raw if problems else parsed
        case float():
            return Decimal(repr(raw)) if abs(raw) < float("inf") else "no number"  # NaN, too, fails every comparison
        case _:
            return raw  # type: ignore[return-value]


def _written(column: pl.Expr, steps: Sequence[Transform]) -> pl.Expr | None:
    """The result of these steps on texts of ASCII; None: polars cannot express it."""
    for step in steps:
        match step:
            case Lower():
                column = column.str.to_lowercase()
            case Upper():
                column = column.str.to_uppercase()
            case Trim(side) if len(ways(step)) == 1:
                dropped = "".join(chr(point) for point in range(128) if point in step.blanks)
                strip = {"left": column.str.strip_chars_start, "right": column.str.strip_chars_end}
                column = strip.get(side, column.str.strip_chars)(dropped)
            case Truncate(limit, "code points"):
                column = column.str.head(limit)
            case _:
                return None
    return column


def _has_room(kind: pl.Decimal, values: ValueSet) -> bool:
    """Whether numbers of so many decimals need no check of their decimals, and the ends of their range are whole."""
    bounds, bands = values.numbers.bands
    wide = bounds[0] if bounds else None
    scale = kind.scale or 0
    same = bands[0] == bands[0 if wide is None or scale < wide else -1]
    return same and all(cut.is_infinite() or (cut == int(cut) and not is_open) for cut, is_open in _ends(bands[0]))


def _ends(cuts: tuple[tuple[Decimal, int], ...]) -> list[tuple[Decimal, bool]]:
    """Every end of an interval set, and whether the end itself is left out."""
    return [(cut, bool(after) if place % 2 == 0 else not after) for place, (cut, after) in enumerate(cuts)]


def _met(conditions: list[pl.Expr], column: pl.Expr, *, null: bool) -> pl.Expr:
    """Whether all conditions are true; where the column is null, so are they, and the verdict on null counts."""
    if not conditions:
        return pl.lit(value=True) if null else column.is_not_null()
    return reduce(and_, conditions).fill_null(null)


def _between(column: pl.Expr, span: tuple[Any, Any] | None) -> list[pl.Expr] | None:
    if span is None:
        return None
    low, high = span
    bounds = [] if isinstance(low, float) else [column >= low]
    return bounds if isinstance(high, float) else [*bounds, column <= high]


def _texts(column: pl.Expr, texts: TextSet) -> list[pl.Expr] | None:
    if texts is TextSet.empty():
        return [pl.when(column.is_not_null()).then(pl.lit(value=False))]
    expressions = [_text(column, atom) for atom in texts.atoms]
    native = [each for each in expressions if each is not None]
    return native if len(native) == len(expressions) else None


def _text(column: pl.Expr, atom: Atom) -> pl.Expr | None:
    if atom.plain is not None:
        pattern = native_pattern(atom.plain)
        return None if pattern is None else column.str.contains(pattern)
    if not isinstance(atom, Measure) or atom.chain:
        return None
    if atom.weight == CODE_POINTS:
        size = column.str.len_chars()
    elif atom.weight == UTF8:
        size = column.str.len_bytes()
    else:
        return None
    return size >= atom.low if atom.high is None else size.is_between(atom.low, atom.high)


def _by_value(column: pl.Expr, admits: Callable[[Any], bool]) -> pl.Expr:
    """A verdict of Fieldline itself, once for each distinct value of a batch, null included."""
    answers = column.map_batches(by_distinct_value(admits, pl.Boolean), return_dtype=pl.Boolean, is_elementwise=True)
    return answers.fill_null(value=False)  # there is no null; if there were, it would not be safe
