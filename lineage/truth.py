"""Conditions with SQL's three truth values, and the alternatives in which one is true, false or unknown.

The connectives are Kleene's, as in ISO/IEC 9075-2, 6.39: AND is the least of its sides, OR the greatest, in the order
false, unknown, true.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

from ..values.valueset import ValueSet
from .collations import BYTES
from .condition_tokens import ConditionError
from .field_test import OUTCOMES, Approximation, FieldTest, FieldTruth, TruthOutcome, exactly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..documents.names import FieldName
    from ..values.valueset import Value
    from .collations import Collation

_MOST_ALTERNATIVES = 64
NEGATED_SIGNS = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""The sign of the opposite of each comparison, of values other than null."""

_Outcomes: TypeAlias = "frozenset[TruthOutcome]"
_TRUE: _Outcomes = frozenset({"true"})
_FALSE: _Outcomes = frozenset({"false"})
_UNKNOWN: _Outcomes = frozenset({"unknown"})
_KNOWN = exactly(~ValueSet.null_only())


@dataclass(frozen=True, slots=True)
class Pair:
    """Two fields that are compared with each other; true where neither is null and the comparison holds."""

    left: FieldName
    sign: str
    """= <> < <= > >="""
    right: FieldName
    collations: tuple[Collation, ...] = ()
    """How texts may be compared; none: each is equal to itself alone."""
    is_sure: bool = True
    """Whether it holds only under all collations; False: also under one of them."""

    @property
    def fields(self) -> tuple[FieldName, FieldName]:
        """Both of them."""
        return self.left, self.right

    @property
    def is_exact(self) -> bool:
        """Whether a text is equal to itself alone."""
        return all(collation == BYTES for collation in self.collations)

    @property
    def is_disputed(self) -> bool:
        """Whether it is not known of all texts whether they are equal."""
        return len(self.collations) > 1 or any(collation.left_out for collation in self.collations)

    @property
    def words(self) -> str:
        """As it may be written."""
        return f"{self.left} {self.sign} {self.right}"

    def holds(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether it is true of these values; an absent field is null, and values of two types are not compared."""
        return self.relates(record.get(self.left), record.get(self.right))

    def relates(self, left: Any, right: Any) -> bool:  # noqa: ANN401 - values of any type
        """Whether it is true of two values, the left one first."""
        if left is None or right is None or _family(left) is not _family(right):
            return False
        if isinstance(left, str) and self.collations:
            wanted = self.sign == "="
            verdicts = {collation.equal(left, right) for collation in self.collations}
            return verdicts == {wanted} if self.is_sure else bool(verdicts & {wanted, None})
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
class Not:
    """The opposite; unknown stays unknown."""

    of: Formula


@dataclass(frozen=True)
class And:
    """All of them."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Or:
    """At least one of them."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Is:
    """Whether a condition has a truth value; itself never unknown."""

    of: Formula
    outcome: TruthOutcome


Formula: TypeAlias = FieldTest | FieldTruth | Pair | Not | And | Or | Is


@dataclass(frozen=True)
class Met:
    """A conjunction: per field the values it must have, and pairs that must hold."""

    values: dict[FieldName, Approximation]
    pairs: tuple[Pair, ...] = ()
    equal: tuple[FieldTruth, ...] = ()
    """The tests for equality that are true; what they say of a field is in its values, too."""

    def __and__(self, other: Met) -> Met:
        values = dict(self.values)
        for name, held in other.values.items():
            values[name] = values[name] & held if name in values else held
        return Met(values, tuple(dict.fromkeys((*self.pairs, *other.pairs))), (*self.equal, *other.equal))

    @property
    def content(self) -> tuple[object, ...]:
        """What it is compared by."""
        return tuple(sorted(self.values.items(), key=lambda item: item[0])), self.pairs

    @property
    def is_void(self) -> bool:
        """Whether no record meets it, whatever the contracts say."""
        if any(values.possible == ValueSet.nothing() for values in self.values.values()):
            return True
        return any(one.excludes(other) for one, other in combinations(self.equal, 2))


def decided(node: Formula, decide: Callable[[FieldTest | Pair], FieldTruth | Pair]) -> Formula:
    """A formula in which every test is replaced by what engines make of it."""
    match node:
        case FieldTest() | Pair():
            return decide(node)
        case Not(of):
            return Not(decided(of, decide))
        case Is(of, outcome):
            return Is(decided(of, decide), outcome)
        case And(parts):
            return And(tuple(decided(part, decide) for part in parts))
        case Or(parts):
            return Or(tuple(decided(part, decide) for part in parts))
        case FieldTruth():
            return node


def truths_in(node: Formula) -> Iterator[FieldTruth]:
    """The decided tests of fields in a formula."""
    match node:
        case FieldTruth():
            yield node
        case Not(of) | Is(of):
            yield from truths_in(of)
        case And(parts) | Or(parts):
            for part in parts:
                yield from truths_in(part)


def ways_to_be_true(node: Formula) -> list[Met]:
    """The alternatives in which a decided condition is true. Raises ConditionError where there are too many."""
    return _limited(_where(node, _TRUE))


def _where(node: Formula, wanted: _Outcomes) -> list[Met]:
    """The alternatives in which a condition has one of the wanted truth values (Kleene's three-valued logic)."""
    if not wanted:
        return []
    match node:
        case FieldTest(field=name):
            raise TypeError(name)
        case FieldTruth():
            return [Met({node.field: _values(node, wanted)}, equal=(node,) if wanted == _TRUE else ())]
        case Pair():
            return _where_pair(node, wanted)
        case Not(of):
            turned: dict[TruthOutcome, TruthOutcome] = {"true": "false", "false": "true", "unknown": "unknown"}
            return _where(of, frozenset(turned[outcome] for outcome in wanted))
        case Is(of, outcome):
            met = {outcome} if "true" in wanted else set()
            missed = OUTCOMES - {outcome} if "false" in wanted else set()
            return _where(of, frozenset(met | missed))
        case Or(parts):
            return _where(Not(And(tuple(map(Not, parts)))), wanted)
        case And(parts):
            return _where_all(parts, wanted)


def _values(truth: FieldTruth, wanted: _Outcomes) -> Approximation:
    """The values that have one of the wanted outcomes."""
    match sorted(wanted):
        case [one]:
            return truth.outcomes[one]
        case [_, _]:
            (other,) = OUTCOMES - wanted
            return ~truth.outcomes[other]
        case _:
            return exactly(ValueSet.everything())


def _where_all(parts: tuple[Formula, ...], wanted: _Outcomes) -> list[Met]:
    """Where their conjunction has one of the wanted truth values."""
    if wanted == OUTCOMES:
        return [Met({})]
    if wanted in (_FALSE, _FALSE | _UNKNOWN):
        return _limited([met for part in parts for met in _where(part, wanted)])
    if "false" in wanted:
        return _limited([*_where_all(parts, _FALSE), *_where_all(parts, wanted - _FALSE)])
    if wanted == _UNKNOWN:  # the first that is unknown, behind true ones; none of the rest is false
        return _limited(
            [
                met
                for i in range(len(parts))
                for met in _product(parts, [*[_TRUE] * i, _UNKNOWN, *[_TRUE | _UNKNOWN] * (len(parts) - i - 1)])
            ]
        )
    return _product(parts, [wanted] * len(parts))


def _product(parts: tuple[Formula, ...], wanted: list[_Outcomes]) -> list[Met]:
    """Where each part has one of the truth values wanted of it."""
    met = [Met({})]
    for part, outcomes in zip(parts, wanted, strict=True):
        met = _limited([first & second for first in met for second in _where(part, outcomes)])
    return met


def _where_pair(pair: Pair, wanted: _Outcomes) -> list[Met]:
    known = dict.fromkeys(pair.fields, _KNOWN)
    met: list[Met] = []
    if {"true", "false"} <= wanted:
        met.append(Met(known))
    elif "true" in wanted:
        met.append(Met(known, (pair,)))
    elif "false" in wanted:
        met.append(Met(known, (replace(pair, sign=NEGATED_SIGNS[pair.sign]),)))
    if "unknown" in wanted:
        met += (Met({name: ~_KNOWN}) for name in pair.fields)
    return met


def _limited(met: list[Met]) -> list[Met]:
    met = list({each.content: each for each in met if not each.is_void}.values())
    if len(met) > _MOST_ALTERNATIVES:
        raise ConditionError(f"a condition may have {_MOST_ALTERNATIVES} alternatives, this one has more")
    return met
