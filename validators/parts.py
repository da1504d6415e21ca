"""A requirement taken apart into the parts of validators: lengths, ranges, automata, each with its system.

A part is about values of its field's own type; the type itself is a part of its own, and comes first. Constraints that no
part can state are listed as unsupported, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal  # noqa: TC003 - a part of a dataclass
from typing import TYPE_CHECKING, TypeAlias

from ..checker.requirement.compiled import whole_number_span
from ..values.budget import BudgetExceeded, out_of
from ..values.language import ALL, TEXTS, Language
from ..values.matcher import automaton_of, pattern_of
from ..values.show import escape
from ..values.solve.atom import Measure
from ..values.textset import TextSet
from ..values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ..application.library import Entry
    from ..checker.requirement.requirement import Clause
    from ..contracts.constraint import Type
    from ..values.budget import Budget
    from ..values.numberset import NumberSet
    from ..values.solve.atom import Atom
    from ..values.solve.table import TransitionTable
    from ..values.weight import Weight

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Filled:
    """Not null."""


@dataclass(frozen=True, slots=True)
class HasType:
    """A value of the field's type, or null."""

    type: Type


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
class Decimals:
    """A number that needs at most so many decimals."""

    most: int


@dataclass(frozen=True, slots=True)
class Truths:
    """One of these truth values."""

    allowed: frozenset[bool]


Part: TypeAlias = Filled | HasType | LengthRange | TextForm | Between | Decimals | Truths


@dataclass(frozen=True, slots=True)
class Assertion:
    """A condition on one field, or on the texts of several, written as one record."""

    fields: tuple[str, ...]
    part: Part
    message: str
    """For the person at the screen. Escaped, but holds the author's words."""
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
    types = {field.name: field.type for field in entry.entity.fields.values()}
    for name, kind in types.items():
        assertions.append(Assertion((name,), HasType(kind), f"{escape(name)} must be of type {kind}"))
    budget = entry.requirement.budget
    for clause in entry.requirement.clauses:
        if clause.bindings[0].constraint == "type" and len(clause.fields) == 1:
            continue  # stated already
        message = entry.words[clause]
        try:
            guards = tuple((name, tuple(_parts(values, types[name], budget))) for name, values in clause.guards)
            simpler = entry.requirement.restated.get(clause) if restated else None
            pieces = tuple(
                _parts_of(clause, types, budget)
                if simpler is None
                else _parts(simpler, types[clause.fields[0]], budget)
            )
        except _NoPart as reason:
            left.append(Unsupported(message, str(reason)))
            continue
        assertions += (Assertion(clause.fields, part, message, clause, guards) for part in pieces)
    for unique in entry.requirement.unique:
        left.append(
            Unsupported(f"{unique.field}: {unique.binding.sentence}", "it is about records together, not about one")
        )
    for doubt in entry.requirement.not_known:
        left.append(Unsupported(" + ".join(doubt.fields), f"it is not known: {doubt.reason}"))
    return tuple(assertions), tuple(left)


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
            left[Unsupported(assertion.message, why)] = None
    return tuple(left)


def _follows(entry: Entry, clause: Clause, stated: Sequence[Clause]) -> bool:
    fields = entry.entity.fields
    if not isinstance(clause.accepts, ValueSet):  # what is joined is text where its parts are
        is_type = clause.bindings[0].constraint == "type"
        return is_type and all(fields[name].type == "text" for name in clause.fields)
    values = ValueSet.of_type(fields[clause.fields[0]].type) | ValueSet.null_only()
    for other in stated:
        if other.fields == clause.fields and not other.guards and isinstance(other.accepts, ValueSet):
            values &= other.accepts
    budget = entry.requirement.budget
    try:
        return values.stray(clause.accepts, budget.limited(budget.implied_states)) is None
    except BudgetExceeded:
        return False


class _NoPart(Exception):
    """No part states this."""


def _parts_of(clause: Clause, types: dict[str, Type], budget: Budget) -> Iterator[Part]:
    if isinstance(clause.accepts, ValueSet):
        yield from _parts(clause.accepts, types[clause.fields[0]], budget)
    else:
        yield from _of_texts(clause.accepts.atoms, budget, ALL)  # a record has marks that are in no text


def _parts(values: ValueSet, kind: Type, budget: Budget) -> Iterator[Part]:
    """What makes a value of a type one of these."""
    if not values.null:
        yield Filled()
    match kind:
        case "text":
            yield from _of_texts(values.texts.atoms, budget)
        case "integer" | "decimal":
            yield from _of_numbers(values.numbers)
        case "boolean":
            if len(values.booleans) < len((True, False)):
                yield Truths(values.booleans)
        case "date":
            yield from _of_moments(values.days, ValueSet.of_type("date").days, date.fromordinal)
        case "time":
            yield from _of_moments(
                values.clock, ValueSet.of_type("time").clock, lambda n: (_EPOCH + n * _MOMENT).time()
            )
        case _:
            yield from _of_moments(
                values.instants, ValueSet.of_type("datetime").instants, lambda n: _EPOCH + n * _MOMENT
            )


def _of_texts(atoms: Sequence[Atom], budget: Budget, among: Language = TEXTS) -> Iterator[Part]:
    for atom in atoms:
        if isinstance(atom, Measure) and not atom.chain and atom.plain is None:
            yield LengthRange(atom.weight, atom.low, atom.high)
            continue
        automaton = automaton_of((atom.plain or atom.as_language()) & among, budget.written_states)
        if automaton is None:
            raise _NoPart(
                f"it needs more states than are written out ({out_of('written states', budget.written_states)})"
            )
        yield TextForm(automaton, pattern_of(automaton))


def _of_numbers(numbers: NumberSet) -> Iterator[Part]:
    bounds, bands = numbers.bands
    if numbers.written is not TextSet.full() or len(bands) > len((0, 1)) or (len(bands) > 1 and bands[1]):
        raise _NoPart("the numbers differ by how they are written")
    if len(bands) > 1:
        yield Decimals(bounds[0] - 1)
    cuts = bands[0]
    if len(cuts) != len((0, 1)):
        raise _NoPart("the numbers are in several ranges")
    (low, low_is_out), (high, high_is_in) = cuts
    least = None if low.is_infinite() else low
    most = None if high.is_infinite() else high
    if least is not None or most is not None:
        yield Between(least, most, least is not None and bool(low_is_out), most is not None and not high_is_in)


def _of_moments(
    numbers: NumberSet, all_of_them: NumberSet, value: Callable[[int], date | time | datetime]
) -> Iterator[Part]:
    if numbers == all_of_them:
        return
    span = whole_number_span(numbers)
    if span is None or span[0] > span[1]:
        raise _NoPart("the moments are in several ranges")
    ends = whole_number_span(all_of_them)
    if ends is None:
        raise AssertionError(all_of_them)
    low, high = (None if end == limit else value(int(end)) for end, limit in zip(span, ends, strict=True))
    yield Between(low, high)
