"""A requirement taken apart into the parts of validators: lengths, ranges, automata, each with its system.

A part is about values of its field's own type; the type itself is a part of its own, and comes first. A downstream type
is an obligation like any other: it rejects what no step turns into a value of it. Constraints that no part can state are
listed as unsupported, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal  # noqa: TC003 - a part of a dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from ..checker.messages import brief
from ..checker.preconditions.relation import FieldsRelation
from ..checker.requirement.compiled import whole_number_span
from ..lineage.transforms.dateformat import DateFormat
from ..lineage.truth import NEGATED_SIGNS
from ..values.budget import STANDARD, BudgetExceeded, out_of
from ..values.language import ALL, TEXTS, Language
from ..values.matcher import automaton_of, pattern_of
from ..values.numberset import NumberSet
from ..values.record import RecordSet
from ..values.show import escape
from ..values.solve.atom import Measure
from ..values.textset import TextSet
from ..values.valueset import FRACTION, ValueSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..application.library import Entry
    from ..checker.requirement.requirement import Clause
    from ..contracts.constraint import Type
    from ..values.budget import Budget
    from ..values.numberset import Cut
    from ..values.solve.atom import Atom
    from ..values.solve.table import TransitionTable
    from ..values.weight import Weight

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)
_MOST_RANGES = 100
"""Ranges of one constraint that are stated one by one."""
_FINER = "values of fewer decimals of a second are told from others"
_TOO_MANY = f"the values are in more than {_MOST_RANGES} ranges"


@dataclass(frozen=True, slots=True)
class Filled:
    """Not null."""


@dataclass(frozen=True, slots=True)
class HasType:
    """A value of the field's type, or null."""

    type: Type


@dataclass(frozen=True, slots=True)
class OnlyNull:
    """Null: no value of the field's type is accepted."""


@dataclass(frozen=True, slots=True)
class LengthRange:
    """The weights of the characters sum to low..high; high None: no upper end."""

    weight: Weight
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class TextForm:
    """A text that an automaton accepts."""

    automaton: TransitionTable
    pattern: str | None
    """The same in Python's regular expressions, every choice made by the next character; None: it is too long."""


@dataclass(frozen=True, slots=True)
class Between:
    """An ordered value between two of its type; None: no end there. Ends are values of the field's Python type."""

    low: Decimal | date | time | datetime | None
    high: Decimal | date | time | datetime | None
    low_is_out: bool = False
    high_is_out: bool = False


@dataclass(frozen=True, slots=True)
class AnyOf:
    """An ordered value in one of several ranges, which are ascending and apart."""

    ranges: tuple[Between, ...]


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A number whose plain notation an automaton accepts: digits without exponent, plus sign or needless zeros."""

    form: TextForm


@dataclass(frozen=True, slots=True)
class Decimals:
    """A number that needs at most so many decimals."""

    most: int


@dataclass(frozen=True, slots=True)
class Truths:
    """One of these truth values."""

    allowed: frozenset[bool]


@dataclass(frozen=True, slots=True)
class Comparable:
    """Two values of ordered types that compare as the sign says, the field named first on its left; or one of them null."""

    sign: str
    """= <> < <= > >="""


Part: TypeAlias = (
    Filled
    | HasType
    | OnlyNull
    | LengthRange
    | TextForm
    | Between
    | AnyOf
    | WrittenForm
    | Decimals
    | Truths
    | Comparable
)


@dataclass(frozen=True, slots=True)
class Assertion:
    """A condition on one field, or on the texts of several, written as one record."""

    fields: tuple[str, ...]
    part: Part
    message: str
    """For the person at the screen. Escaped, but holds the author's words."""
    obligation: str
    """For an expert: the system, and its constraint with its unit. Likewise escaped."""
    clause: Clause | None = None
    """Of which it is a part; None: that a value is of its field's type."""
    guards: tuple[tuple[str, tuple[Part, ...]], ...] = ()
    """It counts only where each of these fields meets its parts."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A constraint that cannot be taken apart, or that a target cannot state."""

    message: str
    why: str


@dataclass(frozen=True, slots=True)
class GeneratedValidator:
    """A validator, and the constraints it does not state."""

    text: str
    left: tuple[Unsupported, ...]


def assertions_of(entry: Entry, *, restated: bool = False) -> tuple[tuple[Assertion, ...], tuple[Unsupported, ...]]:
    """Every constraint on an entry, field by field, and those that cannot be stated.

    `restated`: for engines with few operators, in plain terms where these are equivalent together with the others.
    """
    assertions: list[Assertion] = []
    left: list[Unsupported] = []
    for name, kind in _types(entry).items():
        assertions.append(Assertion((name,), HasType(kind), *2 * (f"{escape(name)} must be of type {kind}",)))
    for parts in by_clause(entry, restated=restated).values():
        if isinstance(parts, Unsupported):
            left.append(parts)
        else:
            assertions += parts
    for unique in entry.requirement.unique:
        left.append(
            Unsupported(f"{unique.field}: {unique.binding.sentence}", "it is about records together, not about one")
        )
    for doubt in entry.requirement.not_known:
        left.append(Unsupported(" + ".join(doubt.fields), f"it is not known: {doubt.reason}"))
    return tuple(assertions), tuple(left)


def by_clause(entry: Entry, *, restated: bool = False) -> Mapping[Clause, tuple[Assertion, ...] | Unsupported]:
    """Every clause taken apart; without parts, where every value of its fields' types meets it."""
    types, budget = _types(entry), entry.requirement.budget
    taken_apart: dict[Clause, tuple[Assertion, ...] | Unsupported] = {}
    for clause in entry.requirement.clauses:
        message, obligation = entry.words[clause], obligation_words(clause)
        try:
            guards = tuple((name, tuple(_parts(values, types[name], budget))) for name, values in clause.guards)
            simpler = entry.requirement.restated.get(clause) if restated else None
            pieces = tuple(_parts_of(clause, clause.accepts if simpler is None else simpler, types, budget))
        except _NoPart as reason:
            taken_apart[clause] = Unsupported(obligation, str(reason))
        except BudgetExceeded as error:
            taken_apart[clause] = Unsupported(obligation, error.reason)
        else:
            taken_apart[clause] = tuple(
                Assertion(names, part, message, obligation, clause, guards) for names, part in pieces
            )
    return taken_apart


def obligation_words(clause: Clause) -> str:
    """A clause for an expert: the fields, the system that accepts or keeps no more, and its constraint. Escaped."""
    binding = clause.bindings[0]
    action = "accepts" if clause.effect == "refuse" else "keeps"
    return escape(f"{' + '.join(clause.fields)}: {binding.system} {action} {brief(binding.sentence, 200)}")


@cache
def calendar() -> TextForm:
    """The dates of the calendar, as ISO 8601 writes them."""
    texts = DateFormat.parse("%Y-%m-%d").texts(ValueSet.of_type("date").days)
    automaton = automaton_of(texts.as_language() & TEXTS, STANDARD.written_states)
    if automaton is None:
        raise AssertionError(texts)
    return TextForm(automaton, _CALENDAR)


_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_MONTHS = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_CALENDAR = f"(?:{_YEAR}-{_MONTHS}|{_LEAP_YEAR}-02-29)"
"""Years with a leap day differ from the others only at its end; written choice by choice, every year would be repeated."""


def _types(entry: Entry) -> dict[str, Type]:
    return {field.name: field.type for field in entry.entity.fields.values()}


def unsupported(
    entry: Entry, assertions: Sequence[Assertion], unstated: Sequence[tuple[Assertion, str]]
) -> tuple[Unsupported, ...]:
    """The constraints a target loses: those it cannot state and that do not follow from the stated ones."""
    unstated_clauses = {assertion.clause for assertion, _ in unstated}
    stated = [
        assertion.clause
        for assertion in assertions
        if assertion.clause is not None and assertion.clause not in unstated_clauses
    ]
    left: dict[Unsupported, None] = {}
    for assertion, why in unstated:
        if assertion.clause is None or not _follows(entry, assertion.clause, stated):
            left[Unsupported(assertion.obligation, why)] = None
    return tuple(left)


def _follows(entry: Entry, clause: Clause, stated: Sequence[Clause]) -> bool:
    """Whether records of the fields' types that meet the stated clauses meet this one, as far as the budget shows."""
    types = _types(entry)
    known = {name: ValueSet.of_type(types[name]) | ValueSet.null_only() for name in clause.fields}
    for other in stated:
        if isinstance(other.accepts, ValueSet) and not other.guards and other.fields[0] in known:
            known[other.fields[0]] &= other.accepts
    budget = entry.requirement.budget.limited(entry.requirement.budget.implied_states)
    try:
        if isinstance(clause.accepts, ValueSet):
            return known[clause.fields[0]].stray(clause.accepts, budget) is None
        if isinstance(clause.accepts, FieldsRelation):
            return False
        if any(types[name] != "text" for name in clause.fields):
            return False
        records = RecordSet(tuple((known[name].texts, known[name].null) for name in clause.fields))
        return all(records.first_violation(atom, budget) is None for atom in clause.accepts.atoms)
    except BudgetExceeded:
        return False


class _NoPart(Exception):
    """No part states this."""


def _parts_of(
    clause: Clause, accepts: ValueSet | TextSet | FieldsRelation, types: dict[str, Type], budget: Budget
) -> Iterator[tuple[tuple[str, ...], Part]]:
    """What makes a record meet a clause, each part with the fields it is about."""
    if isinstance(accepts, ValueSet):
        for part in _parts(accepts, types[clause.fields[0]], budget):
            yield clause.fields, part
        return
    if isinstance(accepts, FieldsRelation):
        yield clause.fields, _comparable(accepts, [types[name] for name in clause.fields])
        return
    for name in dict.fromkeys(clause.fields):
        if types[name] != "text":  # only texts are joined
            yield (name,), OnlyNull()
    for part in _of_atoms(accepts.atoms, budget, ALL):  # a record has marks that are in no text
        yield clause.fields, part


def _comparable(relation: FieldsRelation, kinds: Sequence[Type]) -> Comparable:
    if any(relation.chains):
        raise _NoPart("the values are compared after steps on their way")
    if not {*kinds} <= {"integer", "decimal"} and not (
        kinds[0] == kinds[1] and kinds[0] in {"date", "time", "datetime"}
    ):
        raise _NoPart("engines compare values of these types differently")
    return Comparable(NEGATED_SIGNS[relation.forbidden.sign])


def _parts(values: ValueSet, kind: Type, budget: Budget) -> Iterator[Part]:
    """What makes a value of a type one of these."""
    if not values.null:
        yield Filled()
    match kind:
        case "text":
            yield from _of_texts(values.texts, budget)
        case "integer" | "decimal":
            yield from _of_numbers(values.numbers, kind, budget)
        case "boolean":
            if not values.booleans:
                yield OnlyNull()
            elif len(values.booleans) < len((True, False)):
                yield Truths(values.booleans)
        case _:
            yield from _of_moments(values, kind)


def _of_texts(texts: TextSet, budget: Budget) -> Iterator[Part]:
    if _is_evidently_empty(texts, budget):
        yield OnlyNull()
    else:
        yield from _of_atoms(texts.atoms, budget, TEXTS)


def _is_evidently_empty(texts: TextSet, budget: Budget) -> bool:
    try:
        return texts.is_empty(budget.glance)
    except BudgetExceeded:
        return False


def _of_atoms(atoms: Sequence[Atom], budget: Budget, among: Language) -> Iterator[Part]:
    for atom in atoms:
        if isinstance(atom, Measure) and not atom.chain and atom.plain is None:
            yield LengthRange(atom.weight, atom.low, atom.high)
        else:
            yield _form((atom.plain or atom.as_language()) & among, budget)


def _form(language: Language, budget: Budget) -> TextForm:
    automaton = automaton_of(language, budget.written_states)
    if automaton is None:
        raise _NoPart(f"it needs more states than are written out ({out_of('written states', budget.written_states)})")
    return calendar() if _same(automaton, calendar().automaton) else TextForm(automaton, pattern_of(automaton))


def _same(one: TransitionTable, other: TransitionTable) -> bool:
    """Whether two minimal automata accept the same."""
    return (one.columns, one.rows, one.accepts) == (other.columns, other.rows, other.accepts)


def _of_numbers(numbers: NumberSet, kind: Type, budget: Budget) -> Iterator[Part]:
    if kind == "integer":
        numbers &= NumberSet.scale(0)
    if numbers.written is not TextSet.full():
        texts = numbers.as_text
        yield (
            OnlyNull()
            if _is_evidently_empty(texts, budget)
            else WrittenForm(_form(texts.as_language() & TEXTS, budget))
        )
        return
    bounds, (cuts, *further) = numbers.bands
    if len(further) > 1 or any(further):
        raise _NoPart("the numbers differ by their decimals")
    if not cuts:
        yield OnlyNull()
        return
    if further and kind == "decimal":
        yield Decimals(bounds[0] - 1)
    yield from _in_ranges([_range(*cuts[i : i + 2]) for i in range(0, len(cuts), 2)])


def _range(low: Cut, high: Cut) -> Between:
    least = None if low[0].is_infinite() else low[0]
    most = None if high[0].is_infinite() else high[0]
    return Between(least, most, least is not None and bool(low[1]), most is not None and not high[1])


def _in_ranges(ranges: Sequence[Between]) -> Iterator[Part]:
    if len(ranges) > _MOST_RANGES:
        raise _NoPart(_TOO_MANY)
    if len(ranges) > 1:
        yield AnyOf(tuple(ranges))
    elif ranges[0] != Between(None, None):
        yield ranges[0]


def _of_moments(values: ValueSet, kind: Type) -> Iterator[Part]:
    numbers, value = _moments(values, kind)
    all_of_them = _moments(ValueSet.of_type(kind), kind)[0]
    if numbers == all_of_them:
        return
    first, last = _ends(all_of_them)
    if len(numbers.bands[1][0]) > 2 * _MOST_RANGES:
        raise _NoPart(_TOO_MANY)
    spans = [(low, high - 1) for low, high in numbers.whole_spans(first, last) if low < high]
    if not spans:
        yield OnlyNull()
        return
    yield from _in_ranges(
        [Between(None if low == first else value(low), None if high == last else value(high)) for low, high in spans]
    )


def _moments(values: ValueSet, kind: Type) -> tuple[NumberSet, Callable[[int], date | time | datetime]]:
    """The values of a type as whole numbers, and the value that such a number stands for."""
    if kind == "date":
        return values.days, date.fromordinal
    of_day = kind == "time"
    counted = (values.clock if of_day else values.instants).in_units(FRACTION)
    if counted is None:
        raise _NoPart(_FINER)

    def moment(number: int) -> time | datetime:
        instant = _EPOCH + number * _MOMENT
        return instant.time() if of_day else instant

    return counted, moment


def _ends(numbers: NumberSet) -> tuple[int, int]:
    """The first and the last of whole numbers in one span."""
    span = whole_number_span(numbers)
    if span is None:
        raise AssertionError(numbers)
    return int(span[0]), int(span[1])
