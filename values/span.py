"""The span of a set of values: its members listed where they are few, else from the least to the greatest.

"36 to 100 characters", "BB, CC", "1000 to 99999": what people ask of a set first. The ends are exact: both are the
measures (or the numbers) of members, and every member lies between them; not everything between them is a member.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from . import steps
from .alphabet import pieces_of
from .budget import STANDARD, BudgetExceeded
from .interning import Answers, youngest
from .language import EMPTY
from .notation import number_of
from .plausible import best_character
from .show import show
from .solve.atom import Measure
from .solve.bounds import length_bounds
from .solve.endless import is_endless
from .solve.extent import state_count
from .solve.violation import longest_proposed
from .textset import TextSet
from .valueset import ValueSet, instant_of, time_of
from .weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from .budget import Budget
    from .language import Language
    from .numberset import NumberSet
    from .solve.atom import Atom
    from .valueset import Value
    from .weight import Weight

MOST_LISTED = 200
"""Members of a set that are listed; beyond it the set has ends."""
_LONGEST_LISTED = 64
"""Characters of a listed text."""
_SHOWN = 8

Measured: TypeAlias = "Callable[[int, int | None], int | None]"
"""Finds a member with a measure in a range (None: no upper end), and gives its measure; None where there is none."""


@dataclass(frozen=True, slots=True)
class Span:
    """The members of a set of values, in short."""

    listed: tuple[Value, ...] | None
    """Every member, null left out, where they are few."""
    unit: str | None
    """The unit of the ends, where they are measures of texts; None: they are values."""
    low: Value
    """The least; null: there is none."""
    high: Value
    """The greatest; null: there is none, or it is not known."""
    low_open: bool = False
    """Whether `low` is only the limit, and no member."""
    high_open: bool = False
    null: bool = False
    """Whether null is a member."""

    @property
    def sentence(self) -> str:
        """In words."""
        parts = [*([words] if (words := self._values()) else []), *(["no value"] if self.null else [])]
        return " or ".join(parts)

    def _values(self) -> str:
        if self.listed is not None:
            shown = [show(value) for value in self.listed[:_SHOWN]]
            more = len(self.listed) - len(shown)
            return ", ".join(shown) + (f" and {more:,} more" if more else "")
        low, high = self._end(self.low), self._end(self.high)
        unit = f" {unit_words(self.unit, self.low if self.low == self.high else None)}" if self.unit else ""
        if self.low is None and self.high is None:
            return f"any number of{unit}" if unit else "any"
        if self.low == self.high:
            return f"{low}{unit}"
        if self.high is None:
            return f"{'more than ' if self.low_open else ''}{low}{unit}{'' if self.low_open else ' or more'}"
        if self.low is None:
            return f"{'less than ' if self.high_open else ''}{high}{unit}{'' if self.high_open else ' or less'}"
        low = f"more than {low}" if self.low_open else low
        joint = f", less than {high}" if self.high_open else f" to {high}"
        return f"{low}{joint}{unit}"

    def _end(self, value: Value) -> str:
        return f"{value:,}" if self.unit and isinstance(value, int) else show(value)


def unit_words(unit: str, number: Value = None) -> str:
    """A unit of length in words, for a number of them."""
    words = "characters" if unit == CODE_POINTS.name else unit
    if number == 1:
        first, _, rest = words.partition("s ") if not words.endswith("s") else (words[:-1], "", "")
        return f"{first} {rest}".rstrip()
    return words


def span_outside(
    held: ValueSet, allowed: ValueSet, weight: Weight = CODE_POINTS, budget: Budget = STANDARD, known: Value = None
) -> Span | None:
    """The span of the members of one set that are not in another; None: there is none, or they are of several types.

    `known`: such a member, of which a shortest one saves most of the work. Raises BudgetExceeded.
    """
    null = held.null and not allowed.null
    spans = [span for span in _by_type(held, allowed, weight, budget, known) if span is not None]
    if not spans:
        return Span((), None, None, None, null=True) if null else None
    if len(spans) > 1:
        return None
    span = spans[0]
    return Span(span.listed, span.unit, span.low, span.high, span.low_open, span.high_open, null)


def _by_type(held: ValueSet, allowed: ValueSet, weight: Weight, budget: Budget, known: Value) -> Iterator[Span | None]:
    yield _text_span(held.texts, allowed.texts, weight, budget, known)
    kinds: tuple[tuple[NumberSet, NumberSet, Callable[[Decimal], Value]], ...] = (
        (held.numbers, allowed.numbers, number_of),
        (held.days, allowed.days, lambda day: date.fromordinal(int(day))),
        (held.clock, allowed.clock, time_of),
        (held.instants, allowed.instants, instant_of),
    )
    for mine, theirs, value in kinds:
        yield _number_span(mine - theirs, value)
    truths = tuple(sorted(held.booleans - allowed.booleans, reverse=True))
    yield Span(truths, None, None, None) if truths else None


# ------------------------------------------------------------------------------------------------------------- texts


_spans: Answers[Span | BudgetExceeded | None] = Answers(16_384)


def _text_span(held: TextSet, allowed: TextSet, weight: Weight, budget: Budget, known: Value) -> Span | None:
    def work() -> Span | BudgetExceeded | None:
        try:
            return _measured_span(held, allowed, weight, budget, known)
        except BudgetExceeded as error:
            return error  # kept, too: many findings ask for one span

    span = _spans.of(youngest(held, allowed), (held.serial, allowed.serial, weight, budget, known), work)
    if isinstance(span, BudgetExceeded):
        raise BudgetExceeded(span.amount, span.spent)
    return span


def _measured_span(held: TextSet, allowed: TextSet, weight: Weight, budget: Budget, known: Value) -> Span | None:
    few = few_texts(held)
    if few is not None:
        left = tuple(text for text in few if text not in allowed)
        return Span(left, None, None, None) if left else None

    longest = longest_proposed((*held.atoms, *allowed.atoms), budget)

    def measured(low: int, high: int | None) -> int | None:
        grown = _grown(known, weight, low, longest) if high is None and isinstance(known, str) else ()
        text = next((text for text in grown if text in held and text not in allowed), None)
        if text is None:
            text = (held & TextSet.measure(weight, low, high)).stray(allowed, budget)
        if text is None:
            return None
        return weight.of(text) if high is not None else without_end(text)

    def without_end(text: str) -> int:
        """The measure of a member; where a part of it may be repeated, that of one that is longer than any sought."""
        return sought + 1 if is_endless(held.atoms, allowed.atoms, text, weight, budget) else weight.of(text)

    sought = _longest_sought(held, allowed, weight, budget)
    some = known if isinstance(known, str) else held.stray(allowed, budget)
    if some is None:
        return None
    high = greatest(measured, without_end(some), sought, _bound(held, weight))
    fewest, _ = length_bounds(held.atoms)
    return Span(None, weight.name, least(measured, weight.of(some), fewest * min(weight.step[1])), high)


def _longest_sought(held: TextSet, allowed: TextSet, weight: Weight, budget: Budget) -> int:
    """The measure up to which members of one set outside another are sought; a greater one proves that there is no limit.

    A text of as many characters as an automaton has states passes one of them twice, and what it reads in between may be
    repeated (the pumping lemma; Rabin and Scott 1959). The automaton of texts that break one atom has at most the product
    of the states of each, and one for texts that are lost.
    """
    broken = [_states(atom) for atom in allowed.atoms]
    required = [_states(atom) for atom in held.atoms]
    known = [count for count in (*broken, *required) if count is not None]
    if len(known) < len(broken) + len(required) or min(weight.step[1]) == 0:
        return budget.measured_characters
    states = prod(count for count in required if count is not None) * max(known[: len(broken)], default=1)
    # `greatest` doubles: what it found last measures at least half as much
    return min(budget.measured_characters, 2 * states * max(weight.step[1]))


def _states(atom: Atom) -> int | None:
    """The states of an automaton of an atom, and one; None: it is not known how many."""
    if isinstance(atom, Measure) and atom.plain is None:
        return None if atom.chain else 2 + (atom.low if atom.high is None else atom.high)
    language = atom.plain
    count = None if language is None else state_count(language)
    return None if count is None else count + 1


def _grown(text: str, weight: Weight, least: int, longest: int) -> Iterator[str]:
    """A text with its last, first or middle character repeated until it measures so much: often a longer member."""
    missing = max(0, least - weight.of(text))
    for place in dict.fromkeys((len(text) - 1, 0, len(text) // 2)) if text else ():
        each = weight.of(text[place])
        more = -(-missing // each) if each else longest
        if len(text) + more <= longest:
            yield text[:place] + text[place] * more + text[place:]


_few: Answers[tuple[str, ...] | None] = Answers(16_384)


def few_texts(texts: TextSet) -> tuple[str, ...] | None:
    """The members of a set that lists them, or of few members, shorter ones first; None of all others."""
    return _few.of(texts, (), lambda: _few_texts(texts))


def _few_texts(texts: TextSet) -> tuple[str, ...] | None:
    for atom in texts.atoms:
        if atom.plain is not None:
            listed = _listed(atom.plain)
            if listed is not None:
                return tuple(text for text in listed if text in texts)
    return None


def _listed(language: Language) -> list[str] | None:
    """Every text of a language of few; None of others."""
    found: list[str] = []
    heads: list[tuple[Language, str]] = [(language, "")]
    for _ in range(_LONGEST_LISTED + 1):
        found += (text for state, text in heads if state.nullable)
        following: list[tuple[Language, str]] = []
        for state, text in heads:
            for low, high, target in pieces_of(state.step()):
                if target is EMPTY or best_character(low, high) is None:
                    continue
                if high - low + len(following) + len(found) > MOST_LISTED:
                    return None
                following += ((target, text + chr(point)) for point in range(low, high))
        if not following:
            return found
        heads = following
    return None


def _bound(texts: TextSet, weight: Weight) -> int | None:
    """An upper bound on the measure of every member, if one follows from a bound in some unit; None: none does."""
    _, most = length_bounds(texts.atoms)
    measures = [
        (a.high, a.weight) for a in texts.atoms if isinstance(a, Measure) and not a.chain and a.high is not None
    ]
    bounds = [(most, CODE_POINTS), *measures] if most is not None else measures
    converted = (_converted(high, unit, weight) for high, unit in bounds)
    return min((bound for bound in converted if bound is not None), default=None)


def _converted(most: int, unit: Weight, other: Weight) -> int | None:
    """The greatest measure in another unit of what measures at most so much in one; None: there is none."""
    if unit == other:
        return most
    pairs = set(steps.merge(unit.step, other.step, lambda mine, theirs: (mine, theirs))[1])
    if any(mine == 0 < theirs for mine, theirs in pairs):
        return None
    return max((most * theirs // mine for mine, theirs in pairs if mine), default=0)


_DESCENTS = 4


def least(measured: Measured, some: int, fewest: int = 0) -> int:
    """The least measure of the members, one of which measures `some`. Raises what `measured` raises.

    `fewest`: a measure that no member falls below.
    """
    for _ in range(_DESCENTS):  # the members found are often the least ones
        closer = measured(0, some - 1) if some > fewest else None
        if closer is None:
            return some
        some = closer
    low, high = fewest, some
    while low < high:
        middle = (low + high) // 2
        closer = measured(0, middle)
        if closer is None:
            low = middle + 1
        else:
            high = closer
    return low


def greatest(measured: Measured, some: int, longest: int, most: int | None = None) -> int | None:
    """The greatest measure of the members, one of which measures `some`; None: it is beyond `longest`, or there is none.

    `most`: a measure that no member exceeds. Raises what `measured` raises.
    """
    reached, beyond = some, None
    if most is not None and most <= longest:
        if some >= most or measured(most, None) is not None:
            return most
        beyond = most
    while beyond is None:
        tried = 2 * reached or 1
        if tried > longest:
            return None
        found = measured(tried, None)
        reached, beyond = (reached, tried) if found is None else (found, None)
    while reached + 1 < beyond:
        middle = (reached + beyond) // 2
        found = measured(middle, None)
        reached, beyond = (reached, middle) if found is None else (found, beyond)
    return reached


# ----------------------------------------------------------------------------------------------------------- numbers


def _number_span(numbers: NumberSet, value: Callable[[Decimal], Value]) -> Span | None:
    ends = numbers.ends
    if ends is None:
        return None
    (low, low_open), (high, high_open) = ends
    return Span(
        None, None, None if low is None else value(low), None if high is None else value(high), low_open, high_open
    )
