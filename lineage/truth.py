"""Conditions with SQL's three truth values, and the alternatives in which one is true, false or unknown.

The connectives are Kleene's, as in ISO/IEC 9075-2, 6.39: AND is the least of its sides, OR the greatest, in the order
false, unknown, true.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from ..values.valueset import ValueSet
from .condition import Pair
from .condition_tokens import ConditionError

if TYPE_CHECKING:
    from ..documents.names import FieldName

_MOST_ALTERNATIVES = 64
_NEGATED = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

TruthOutcome: TypeAlias = Literal["true", "false", "unknown"]
_Outcomes: TypeAlias = "frozenset[TruthOutcome]"
_ALL: _Outcomes = frozenset(get_args(TruthOutcome))
_TRUE: _Outcomes = frozenset({"true"})
_FALSE: _Outcomes = frozenset({"false"})
_UNKNOWN: _Outcomes = frozenset({"unknown"})


@dataclass(frozen=True)
class FieldComparison:
    """A comparison of one field with values."""

    field: FieldName
    true: ValueSet
    """The values of which it is true."""
    false: ValueSet
    """The values of which it is false; of all others it is unknown."""


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


Formula: TypeAlias = FieldComparison | Pair | Not | And | Or | Is


@dataclass(frozen=True)
class Met:
    """A conjunction: per field the values it must have, and pairs that must hold."""

    values: dict[FieldName, ValueSet]
    pairs: tuple[Pair, ...] = ()

    def __and__(self, other: Met) -> Met:
        values = dict(self.values)
        for name, held in other.values.items():
            values[name] = values[name] & held if name in values else held
        return Met(values, tuple(dict.fromkeys((*self.pairs, *other.pairs))))

    @property
    def content(self) -> tuple[object, ...]:
        """What it is compared by."""
        return tuple(sorted(self.values.items(), key=lambda item: item[0])), self.pairs

    @property
    def is_void(self) -> bool:
        """Whether no record meets it, whatever the contracts say."""
        return any(values == ValueSet.nothing() for values in self.values.values())


def ways_to_be_true(node: Formula) -> list[Met]:
    """The alternatives in which a condition is true. Raises ConditionError where there are too many."""
    return _limited(_where(node, _TRUE))


def _where(node: Formula, wanted: _Outcomes) -> list[Met]:
    """The alternatives in which a condition has one of the wanted truth values (Kleene's three-valued logic)."""
    if not wanted:
        return []
    match node:
        case FieldComparison(name, true, false):
            sets = {"true": true, "false": false, "unknown": ~(true | false)}
            values = ValueSet.nothing()
            for outcome in sorted(wanted):
                values |= sets[outcome]
            return [Met({name: values})]
        case Pair():
            return _where_pair(node, wanted)
        case Not(of):
            turned: dict[TruthOutcome, TruthOutcome] = {"true": "false", "false": "true", "unknown": "unknown"}
            return _where(of, frozenset(turned[outcome] for outcome in wanted))
        case Is(of, outcome):
            met = {outcome} if "true" in wanted else set()
            missed = _ALL - {outcome} if "false" in wanted else set()
            return _where(of, frozenset(met | missed))
        case Or(parts):
            return _where(Not(And(tuple(map(Not, parts)))), wanted)
        case And(parts):
            return _where_all(parts, wanted)


def _where_all(parts: tuple[Formula, ...], wanted: _Outcomes) -> list[Met]:
    """Where their conjunction has one of the wanted truth values."""
    if wanted == _ALL:
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
    known = {name: ~ValueSet.null_only() for name in pair.fields}
    met: list[Met] = []
    if {"true", "false"} <= wanted:
        met.append(Met(known))
    elif "true" in wanted:
        met.append(Met(known, (pair,)))
    elif "false" in wanted:
        met.append(Met(known, (replace(pair, sign=_NEGATED[pair.sign]),)))
    if "unknown" in wanted:
        met += (Met({name: ValueSet.null_only()}) for name in pair.fields)
    return met


def _limited(met: list[Met]) -> list[Met]:
    met = list({each.content: each for each in met if not each.is_void}.values())
    if len(met) > _MOST_ALTERNATIVES:
        raise ConditionError(f"a condition may have {_MOST_ALTERNATIVES} alternatives, this one has more")
    return met
