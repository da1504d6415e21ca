"""Tests of one field in a condition, and the values for which each is true, false or unknown by the rules of engines.

Engines may differ in a test: then some values have an outcome for certain, and more may have it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import product
from operator import and_, or_
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from ..values.show import show
from ..values.textset import TextSet
from ..values.valueset import ValueSet
from .condition_rules import lower_texts
from .engines import in_words
from .transform import Varying, chain_possible, chain_preimage
from .transforms.case import Case, Lower
from .transforms.spaces import Trim
from .transforms.stored import EmptyAsNull

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..documents.names import FieldName
    from ..values.valueset import Value
    from ..values.weight import Weight
    from .collations import Collation, LikePart
    from .condition_rules import ConditionRules
    from .transform import Transform

TruthOutcome: TypeAlias = Literal["true", "false", "unknown"]
OUTCOMES: frozenset[TruthOutcome] = frozenset(get_args(TruthOutcome))

_NULL = ValueSet.null_only()
_EVERYTHING, _NOTHING = ValueSet.everything(), ValueSet.nothing()
_TEXTS = ValueSet.of_type("text")


@dataclass(frozen=True, slots=True)
class Approximation:
    """The values that surely belong somewhere, and those that may: more, where engines differ."""

    sure: ValueSet
    possible: ValueSet

    def __and__(self, other: Approximation) -> Approximation:
        return Approximation(self.sure & other.sure, self.possible & other.possible)

    def __invert__(self) -> Approximation:
        return Approximation(~self.possible, ~self.sure)

    @property
    def is_exact(self) -> bool:
        """Whether engines do not differ."""
        return self.sure is self.possible or self.sure == self.possible


def exactly(values: ValueSet) -> Approximation:
    """These values, whatever the engine."""
    return Approximation(values, values)


@dataclass(frozen=True, slots=True)
class AmongValues:
    """One of some values, which are the same to every engine: numbers, dates, truth values, texts of a pattern."""

    values: ValueSet


@dataclass(frozen=True, slots=True)
class LengthAmong:
    """A length that is one of some numbers."""

    values: ValueSet
    in_characters: bool = False
    """Whether it is one of characters, by its name: CHAR_LENGTH."""


@dataclass(frozen=True, slots=True)
class EqualTo:
    """Equal to one of some texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """Like a pattern."""

    parts: tuple[LikePart, ...]
    any_case: bool = False
    """Whether both are lowered first."""


@dataclass(frozen=True, slots=True)
class ComesBefore:
    """Less than a text, in the order of texts."""

    text: str
    or_equal: bool


@dataclass(frozen=True, slots=True)
class IsNull:
    """Null."""


@dataclass(frozen=True, slots=True)
class SameAs:
    """The same as a value, null included: true or false, and never unknown."""

    value: Value


Test: TypeAlias = AmongValues | LengthAmong | EqualTo | Like | ComesBefore | IsNull | SameAs


@dataclass(frozen=True)
class FieldTest:
    """A test of a field, or of what functions make of it."""

    field: FieldName
    chain: tuple[Transform, ...]
    """The functions around the field, inner ones first."""
    test: Test
    text: str
    """As it is written."""
    is_denied: bool = False
    """Whether its opposite is written: `<>`, NOT IN."""

    def truth(self, rules: Sequence[ConditionRules], *, is_filled_up: bool) -> FieldTruth:
        """The values per outcome, by rules one of which holds. `is_filled_up`: the field holds blanks up to its length."""
        return FieldTruth(self, tuple(rules), is_filled_up)


@dataclass(frozen=True)
class FieldTruth:
    """A test of a field, with the values of each outcome."""

    of: FieldTest
    rules: tuple[ConditionRules, ...]
    is_filled_up: bool
    is_settled: bool = False
    """Whether the field holds no value that engines treat differently."""
    example: Value = None
    """One that it holds; null: none is known."""

    @property
    def field(self) -> FieldName:
        """The field's full name."""
        return self.of.field

    @cached_property
    def outcomes(self) -> dict[TruthOutcome, Approximation]:
        """Per outcome, the values that surely have it under all rules, and those that have it under one of them."""
        different = {_concerned(self.of, rules, is_filled_up=self.is_filled_up): rules for rules in self.rules}
        each = [_truth(self.of, rules, is_filled_up=self.is_filled_up) for rules in different.values()]
        found = {
            outcome: Approximation(
                reduce(and_, [one[outcome].sure for one in each]), reduce(or_, [one[outcome].possible for one in each])
            )
            for outcome in sorted(OUTCOMES)
        }
        if not self.is_settled:
            return found
        true, unknown = found["true"].sure, found["unknown"].sure
        return {"true": exactly(true), "unknown": exactly(unknown), "false": exactly(~(true | unknown))}

    def excludes(self, other: FieldTruth) -> bool:
        """Whether both ask one text to be equal to texts that are surely not equal to each other, whatever the engine.

        Equality is transitive under each collation; so it is also of a text of which a collation is not described.
        """
        of, against = self.of, other.of
        if (of.field, of.chain) != (against.field, against.chain):
            return False
        if not isinstance(of.test, EqualTo) or not isinstance(against.test, EqualTo):
            return False
        collations = [_collation(of, rules, is_filled_up=self.is_filled_up) for rules in self.rules]
        written = product(of.test.texts, against.test.texts, collations)
        return all(collation.equal(one, two) is False for one, two, collation in written)

    @property
    def disputed(self) -> ValueSet:
        """The values whose outcome depends on the engine."""
        return reduce(
            or_, [each.possible - each.sure for each in self.outcomes.values() if not each.is_exact], _NOTHING
        )

    @property
    def doubt(self) -> str | None:
        """What engines make of the example, in words: `a.b.c = 'FI' is of "fi" true in SQLite (nocase), not in Spark`."""
        if self.example is None:
            return None
        said: dict[str, list[str]] = {}
        for rules in self.rules:
            said.setdefault(self._verdict(rules, self.example), []).append(rules.title)
        parts = [f"{verdict} in {in_words(said[verdict])}" for verdict in ("true", "not", "perhaps") if verdict in said]
        return f"{self.of.text} is of {show(self.example)} {', '.join(parts)}"

    def _verdict(self, rules: ConditionRules, value: Value) -> str:
        said = _truth(self.of, rules, is_filled_up=self.is_filled_up)["false" if self.of.is_denied else "true"]
        return "true" if value in said.sure else "perhaps" if value in said.possible else "not"


def _concerned(of: FieldTest, rules: ConditionRules, *, is_filled_up: bool) -> tuple[object, ...]:
    """What a test depends on of an engine's rules: two with the same are alike to it."""
    chain = tuple(
        (step.name, getattr(step, "side", ""), *(way.rule for way in step.ways))
        if isinstance(step, Case | Trim)
        else step
        for step in _chain(of, rules, is_filled_up=is_filled_up)
    )
    match of.test:
        case IsNull():
            return (chain,)
        case AmongValues():
            return (chain,)
        case LengthAmong(_, in_characters):
            return chain, rules.character_lengths if in_characters else rules.lengths
        case Like():
            return chain, rules.like, rules.is_sqlserver, rules.empty_is_null
        case ComesBefore():
            collation = rules.of_function if of.chain else rules.collation
            return chain, collation, rules.order, is_filled_up and rules.filled_up, rules.empty_is_null
        case EqualTo() | SameAs():
            collation = rules.of_function if of.chain else rules.collation
            return chain, collation, is_filled_up and rules.filled_up, rules.empty_is_null


def _truth(of: FieldTest, rules: ConditionRules, *, is_filled_up: bool) -> dict[TruthOutcome, Approximation]:
    """The values per outcome, by one engine's rules."""
    chain = _chain(of, rules, is_filled_up=is_filled_up)
    true, false, unknown = _results(of, rules, is_filled_up=is_filled_up)
    return {"true": _back(chain, true), "false": _back(chain, false), "unknown": ~_back(chain, ~unknown)}


def _back(chain: Sequence[Transform], of: Approximation) -> Approximation:
    """The values of which functions make some."""
    return Approximation(chain_preimage(chain, of.sure), chain_possible(chain, of.possible))


def _chain(of: FieldTest, rules: ConditionRules, *, is_filled_up: bool) -> tuple[Transform, ...]:
    """The functions as an engine does them."""
    chain = tuple(
        step.run_by((rules.runner,)) if rules.runner is not None and isinstance(step, Varying) else step
        for step in of.chain
    )
    counts = isinstance(of.test, LengthAmong)
    if isinstance(of.test, Like) and of.test.any_case:
        chain = (*chain, _lower(rules))
    if is_filled_up and rules.filled_up == "dropped" and (chain or counts):
        chain = (Trim("right", " "), *chain)
    if rules.is_sqlserver and counts:
        chain = (*chain, Trim("right", " "))
    if rules.empty_is_null:
        chain = tuple(step for each in chain for step in (each, EmptyAsNull()))
        chain = (EmptyAsNull(), *chain)
    return chain


def _lower(rules: ConditionRules) -> Lower:
    return Lower() if rules.runner is None else Lower().run_by((rules.runner,))


def _collation(of: FieldTest, rules: ConditionRules, *, is_filled_up: bool) -> Collation:
    """How an engine compares what the functions give."""
    padded = is_filled_up and (rules.filled_up == "padded" or (rules.filled_up == "dropped" and not of.chain))
    collation = rules.of_function if of.chain else rules.collation
    return replace(collation, pads=True) if padded else collation


def _results(
    of: FieldTest, rules: ConditionRules, *, is_filled_up: bool
) -> tuple[Approximation, Approximation, Approximation]:
    """What the functions may give, by outcome: true, false, unknown."""
    known = (_TEXTS if of.chain else _EVERYTHING) - _NULL
    collation = _collation(of, rules, is_filled_up=is_filled_up)
    match of.test:
        case IsNull():
            return exactly(_NULL), exactly(~_NULL), exactly(_NOTHING)
        case SameAs(str(text)) if not (rules.empty_is_null and not text):
            same = _equal(collation, (text,))
            return same, ~same, exactly(_NOTHING)
        case SameAs(value):
            same = exactly(_NULL if value is None or value == "" else ValueSet.exactly([value]))
            return same, ~same, exactly(_NOTHING)
        case AmongValues(values):
            return _among(exactly(values), known)
        case LengthAmong(values, in_characters):
            weights = rules.character_lengths if in_characters else rules.lengths
            counted = [_lengths(values, weight) for weight in weights]
            return _among(Approximation(reduce(and_, counted), reduce(or_, counted)), _TEXTS)
        case EqualTo(texts):
            written = tuple(text for text in texts if text or not rules.empty_is_null)
            true, false, unknown = _among(_equal(collation, written), known)
            if len(written) < len(texts):  # an empty text is null, and nothing differs from all of a list with null
                false, unknown = exactly(_NOTHING), ~true
            return true, false, unknown
        case Like(parts, any_case):
            if rules.empty_is_null and not parts:
                return exactly(_NOTHING), exactly(_NOTHING), exactly(_EVERYTHING)
            return _among(_like(rules, parts, any_case=any_case), known)
        case ComesBefore(text, or_equal):
            if rules.empty_is_null and not text:
                return exactly(_NOTHING), exactly(_NOTHING), exactly(_EVERYTHING)
            return _among(_before(rules, collation, text, or_equal=or_equal), known)


def _among(values: Approximation, known: ValueSet) -> tuple[Approximation, Approximation, Approximation]:
    """True of some of the known values, false of the others."""
    of_known = exactly(known)
    return values & of_known, ~values & of_known, ~of_known


def _texts(sets: tuple[TextSet, TextSet]) -> Approximation:
    return Approximation(*map(ValueSet.text, sets))


def _equal(collation: Collation, texts: Sequence[str]) -> Approximation:
    return _texts(collation.equal_to(texts))


def _lengths(values: ValueSet, weight: Weight) -> ValueSet:
    lengths = _NOTHING
    for low, high in values.numbers.whole_from(0):
        lengths |= ValueSet.text(TextSet.measure(weight, low, high))
    return lengths


def _like(rules: ConditionRules, parts: tuple[LikePart, ...], *, any_case: bool) -> Approximation:
    if rules.is_sqlserver and any(part == "[" for part in parts):
        return Approximation(_NOTHING, _TEXTS)
    if not any_case:
        return _texts(rules.like.like(parts))
    matched = []
    for way in _lower(rules).variants:
        runs = ((part,) if not part else (way.write(part)) for part in parts)
        matched.append(_texts(rules.like.like([character for run in runs for character in run])))
    return Approximation(
        reduce(and_, [each.sure for each in matched]), reduce(or_, [each.possible for each in matched])
    )


def _before(rules: ConditionRules, collation: Collation, text: str, *, or_equal: bool) -> Approximation:
    same = _equal(collation, (text,))
    if rules.order is not None:
        lower = ValueSet.text(lower_texts(text, rules.order))
        return exactly(lower | same.sure) if or_equal else exactly(lower)
    itself = ValueSet.exactly([text])
    return Approximation(itself, _TEXTS) if or_equal else Approximation(_NOTHING, _TEXTS - itself)
