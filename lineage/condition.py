"""`when`: the condition under which a flow carries a value.

A condition is an SQL expression over fields of the flow's source. It is kept as alternatives, each a set of values per
field (its disjunctive normal form), beside pairs of fields that are compared with each other. A comparison with null is
neither true nor false, as in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents.names import FieldName
    from ..values.valueset import Value, ValueSet


@dataclass(frozen=True, slots=True)
class Pair:
    """Two fields that are compared with each other; true where neither is null and the comparison holds."""

    left: FieldName
    sign: str
    """= <> < <= > >="""
    right: FieldName

    @property
    def fields(self) -> tuple[FieldName, FieldName]:
        """Both of them."""
        return self.left, self.right

    @property
    def words(self) -> str:
        """As it may be written."""
        return f"{self.left} {self.sign} {self.right}"

    def holds(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether it is true of these values; an absent field is null, and values of two types are not compared."""
        left: Any = record.get(self.left)
        right: Any = record.get(self.right)
        if left is None or right is None or _family(left) is not _family(right):
            return False
        match self.sign:
            case "=":
                return bool(left == right)
            case "<>":
                return bool(left != right)
            case "<":
                return bool(left < right)
            case "<=":
                return bool(left <= right)
            case ">":
                return bool(left > right)
            case _:
                return bool(left >= right)


def _family(value: Value) -> type:
    """The kind of values that a value can be compared with: numbers are of one kind, whole or not."""
    return Decimal if isinstance(value, int) and not isinstance(value, bool) else type(value)


@dataclass(frozen=True)
class Alternative:
    """One way in which a condition is true: every field has one of its values, and every pair holds."""

    values: tuple[tuple[FieldName, ValueSet], ...]
    """By full name, in order; fields that are not named may have any value."""
    pairs: tuple[Pair, ...] = ()

    def holds(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether it is true of these values; an absent field is null."""
        return all(record.get(name) in values for name, values in self.values) and all(
            pair.holds(record) for pair in self.pairs
        )


@dataclass(frozen=True, slots=True)
class Operand:
    """A field where a condition names it, with its counterpart: for the check against the field's type."""

    field: FieldName
    offset: int
    """The place of the name in the condition's text."""
    length: int
    value: Value = None
    """The value it is compared with; null: with none."""
    other: FieldName | None = None
    """The field it is compared with."""
    ordered: bool = False
    """Whether it is compared by the order of values, and not by equality alone."""
    needs: str | None = None
    """The function or operator that accepts nothing but text."""


@dataclass(frozen=True)
class Condition:
    """A condition over fields of the sources' entities; true when one of its alternatives is."""

    text: str
    alternatives: tuple[Alternative, ...]
    operands: tuple[Operand, ...] = ()
    """Every field where it stands, in the order of the text."""
    counts_from_today: bool = False
    """Whether it compares with a day counted from the day of the run."""

    @cached_property
    def fields(self) -> tuple[FieldName, ...]:
        """The full names of the fields it reads."""
        return tuple(sorted({operand.field for operand in self.operands}))

    @cached_property
    def cases(self) -> tuple[tuple[tuple[FieldName, ValueSet], ...], ...]:
        """It is true where, in one of these, every field has one of its values and its pairs hold."""
        return tuple(alternative.values for alternative in self.alternatives)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of fields it compares, in any of its alternatives."""
        return tuple(dict.fromkeys(pair for each in self.alternatives for pair in each.pairs))

    def holds(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether it is true of these values; an absent field is null."""
        return any(alternative.holds(record) for alternative in self.alternatives)


def is_of_type(value: Value, kind: str) -> bool:
    """Whether a field of this type can be compared with the value."""
    match value:
        case bool():
            return kind == "boolean"
        case int() | Decimal():
            return kind in NUMERIC
        case date():
            return kind == "date"
        case _:
            return kind == "text"


NUMERIC = ("integer", "decimal")
"""The types whose values are compared with each other."""
