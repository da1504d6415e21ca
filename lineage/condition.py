"""`when`: the condition under which a flow carries a value.

A condition is an SQL expression over fields of the flow's source. A comparison with null is neither true nor false, as in
SQL. It is kept as alternatives, each a set of values per field (its disjunctive normal form), beside pairs of fields that
are compared with each other.

Engines compare texts differently, so a condition has two sets of records:

    surely met    by the rules of every engine that may read it
    may be met    by the rules of some of them; between the two the answer is not known, and a text tells the engines apart

What lets a record fail rests on the first, what is said of all records on the second.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from ..values.budget import BudgetExceeded
from ..values.valueset import ValueSet
from .condition_rules import STANDARD_RULES
from .condition_tokens import ConditionError
from .engines import in_words
from .field_test import FieldTest, IsNull
from .truth import Not, Pair, decided, truths_in, ways_to_be_true

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..documents.names import FieldName
    from ..values.valueset import Value
    from .condition_rules import ConditionRules
    from .field_test import FieldTruth
    from .truth import Formula, Met


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
class Perhaps:
    """Records that a condition may be true of by the rules of some engines, and by those of others not."""

    alternative: Alternative
    doubt: str
    """What engines make differently, with a text that tells them apart."""


class StoredFields(Protocol):
    """What is known of the fields that a condition reads."""

    def is_text(self, name: FieldName) -> bool:
        """Whether a field holds texts."""

    def is_filled_up(self, name: FieldName) -> bool:
        """Whether a field holds blanks up to its length."""

    def one_of(self, name: FieldName, values: ValueSet) -> Value:
        """One of some values that a field may hold; None: it holds none of them. Raises BudgetExceeded."""


@dataclass(frozen=True)
class Condition:
    """A condition over fields of the sources' entities, as some engines read it; true when one of its alternatives is."""

    text: str
    formula: Formula = field(hash=False, repr=False)
    # Where values are joined, the steps before them are in the formula alone: a text may stand for several.
    operands: tuple[Operand, ...] = ()
    """Every field where it stands, in the order of the text."""
    counts_from_today: bool = False
    """Whether it compares with a day counted from the day of the run."""
    rules: tuple[ConditionRules, ...] = STANDARD_RULES
    """How engines may read it."""
    _stored: StoredFields | None = field(default=None, compare=False, repr=False)

    def run_by(self, rules: tuple[ConditionRules, ...], stored: StoredFields) -> Condition:
        """The condition as engines of these rules read it. Differences in values that no field holds do not count."""
        return replace(self, rules=rules, _stored=stored)

    @cached_property
    def fields(self) -> tuple[FieldName, ...]:
        """The full names of the fields it reads."""
        return tuple(sorted({operand.field for operand in self.operands}))

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """It is surely true in these alone."""
        surely = (
            Alternative(tuple((name, extent.sure) for name, extent in sorted(met.values.items())), met.pairs)
            for met in self._met
            if not any(extent.sure == ValueSet.nothing() for extent in met.values.values())
        )
        return tuple(dict.fromkeys(surely))

    @cached_property
    def perhaps(self) -> tuple[Perhaps, ...]:
        """These hold all records of which it is true to some engines alone; none: engines agree."""
        return tuple(dict.fromkeys(each for met in self._met for each in self._between(met)))

    @cached_property
    def possible(self) -> tuple[Alternative, ...]:
        """It is true, by the rules of any of the engines, in these alone."""
        return (*self.alternatives, *(each.alternative for each in self.perhaps))

    @cached_property
    def each(self) -> tuple[Condition, ...]:
        """The condition by the rules of one engine at a time, in the order of `rules`; itself, where engines agree."""
        return tuple(replace(self, rules=(rules,)) for rules in self.rules) if self.perhaps else (self,)

    @cached_property
    def cases(self) -> tuple[tuple[tuple[FieldName, ValueSet], ...], ...]:
        """It is surely true where, in one of these, every field has one of its values and its pairs hold."""
        return tuple(alternative.values for alternative in self.alternatives)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of fields it compares, in any of its alternatives."""
        return tuple(dict.fromkeys(pair for each in self.possible for pair in each.pairs))

    @cached_property
    def compared(self) -> frozenset[FieldName]:
        """The fields whose values it compares, and does not only ask whether they are null."""
        tested = {truth.field for truth in truths_in(self._decided) if not isinstance(truth.of.test, IsNull)}
        return frozenset(tested.union(*(pair.fields for pair in self.pairs)))

    @property
    def compares_fields(self) -> bool:
        """Whether it compares two fields with each other."""
        return bool(self.pairs)

    @cached_property
    def denied(self) -> Condition:
        """The opposite: true where this condition is false, and not where a null makes it neither."""
        return replace(self, text=f"NOT ({self.text})", formula=Not(self.formula))

    @property
    def is_deniable(self) -> bool:
        """Whether the opposite can be stated: false where it has too many alternatives."""
        try:
            self.denied.possible  # noqa: B018 - it is the reading that may fail
        except ConditionError:
            return False
        return True

    def holds(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether it is surely true of these values; an absent field is null."""
        return any(alternative.holds(record) for alternative in self.alternatives)

    def may_hold(self, record: Mapping[FieldName, Value]) -> bool:
        """Whether it is true of these values by the rules of some engine."""
        return any(alternative.holds(record) for alternative in self.possible)

    @cached_property
    def _decided(self) -> Formula:
        return decided(self.formula, self._decide)

    @cached_property
    def _met(self) -> list[Met]:
        return ways_to_be_true(self._decided)

    def _decide(self, test: FieldTest | Pair) -> FieldTruth | Pair:
        if isinstance(test, FieldTest):
            return self._truth(test)
        stored = self._stored
        if stored is None or not all(map(stored.is_text, test.fields)):
            return test
        padded = any(map(stored.is_filled_up, test.fields))
        return replace(
            test, collations=tuple(dict.fromkeys(rules.of_pair(is_filled_up=padded) for rules in self.rules))
        )

    def _truth(self, test: FieldTest) -> FieldTruth:
        stored = self._stored
        truth = test.truth(self.rules, is_filled_up=stored is not None and stored.is_filled_up(test.field))
        disputed = truth.disputed
        if stored is None or disputed == ValueSet.nothing():
            return truth
        try:
            value = stored.one_of(test.field, disputed)
        except BudgetExceeded:
            return truth
        return replace(truth, example=value) if value is not None else replace(truth, is_settled=True)

    def _between(self, met: Met) -> Iterator[Perhaps]:
        """The records that an alternative may hold and does not hold for certain."""
        for name, extent in met.values.items():
            if not extent.is_exact:
                values = {**{n: e.possible for n, e in met.values.items()}, name: extent.possible - extent.sure}
                if not any(each == ValueSet.nothing() for each in values.values()):
                    pairs = tuple(replace(pair, is_sure=False) for pair in met.pairs)
                    yield Perhaps(Alternative(tuple(sorted(values.items())), pairs), self._doubt(name))
        for pair in met.pairs:
            if pair.is_disputed:
                pairs = tuple(replace(each, is_sure=False) for each in met.pairs)
                values = {name: extent.possible for name, extent in met.values.items()}
                words = f"{pair.words} depends on how {in_words([rules.title for rules in self.rules])} compare texts"
                yield Perhaps(Alternative(tuple(sorted(values.items())), pairs), words)

    def _doubt(self, name: FieldName) -> str:
        """Why it is not known whether values of a field meet it."""
        told = [truth.doubt for truth in truths_in(self._decided) if truth.field == name and not truth.is_settled]
        return next((doubt for doubt in told if doubt), f"engines read {self.text} differently")


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
