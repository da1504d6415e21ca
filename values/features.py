"""Features of a set of values: what a person can be told of it, without patterns, bytes and code pages.

"At most 12 characters, A–Z and digits" are two features. A value of the type is a member exactly if it has every feature,
unless one of them only describes the rest: `OfForm` (texts of a form that is shown by examples), `WeighedText` (some
characters take more room) or an `OnlyCharacters` that is not exact. Features never exclude a member; texts whose members
may have blanks at their ends are described without those.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, TypeAlias

from . import language as languages
from .budget import STANDARD, BudgetExceeded
from .charset import SCALARS, WHITE_SPACE, Charset
from .interning import Answers
from .language import ALL, concat
from .notation import number_of
from .numberset import NumberSet
from .solve.atom import Measure
from .solve.bounds import length_bounds, used_characters
from .solve.minimal import canonical
from .span import few_texts, span_outside
from .textset import TextSet, alphabet
from .valueset import FRACTION, ValueSet, instant_of, time_of
from .weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .budget import Budget
    from .valueset import Value

_SHORTEST_RANGE = 3
"""Neighbouring characters that are said as a range, C–F, and not one by one."""
_MOST_SINGLES = 40
"""Characters that are named one by one."""
_MOST_WITHOUT = 12
_MOST_SAMPLES = 4
_LONGEST_SOUGHT = 256
"""A greatest length that follows from no bound is sought up to here; beyond, there is none to be told."""
_MOST_REFINED = 12
"""Characters that are found one by one to be in no text."""
_MOST_LISTED = 12
"""Texts that are listed although they could be described; whole numbers that are listed."""
_MOST_DECIMALS = 20
_USUAL_EXAMPLE, _LONGEST_EXAMPLE = 6, 40
_SCRIPTS = (("A", "Z"), ("a", "z"), ("0", "9"))
_PROBES = " -'.éåäöüøñßłčşžāαя€中/,&@_!?😀"
"""Characters that people try, in the order in which they are named as examples."""


@dataclass(frozen=True, slots=True)
class OnlyCharacters:
    """Texts of these characters alone."""

    charset: Charset

    @property
    def parts(self) -> CharacterParts:
        """The characters as they are named."""
        return _parts_of(self.charset)


@dataclass(frozen=True, slots=True)
class CharacterParts:
    """A set of characters as people name it."""

    ranges: tuple[tuple[str, str], ...]
    """Within A–Z, a–z and 0–9."""
    singles: tuple[str, ...]
    """Further ones, one by one."""
    without: tuple[str, ...] = ()
    """Of a set of nearly all characters: those that it lacks. The others are empty then."""
    exact: bool = True
    """Whether they are the set; False: the ranges and the single ones are examples of it."""
    rejected: tuple[str, ...] = ()
    """Of a set that is not exactly named: characters that are not in it, for instance."""


@dataclass(frozen=True, slots=True)
class TextLength:
    """Texts of `low` to `high` characters, both inclusive; None: no upper end."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class WeighedText:
    """Texts that must be shorter the more often such a character stands in them."""

    character: str


@dataclass(frozen=True, slots=True)
class OfForm:
    """Values of a form that the other features do not say; these are members."""

    examples: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ListedValues:
    """These values alone."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ExceptValues:
    """Values other than these."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ValueRange:
    """Values of an ordered type between two of them; None: no such end; `…_open`: without the end itself."""

    low: Value
    high: Value
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class MostDecimals:
    """Numbers of at most so many decimals."""

    decimals: int


@dataclass(frozen=True, slots=True)
class MostSecondDecimals:
    """Times of day or instants of at most so many decimals of a second."""

    decimals: int


@dataclass(frozen=True, slots=True)
class NoValueAtAll:
    """No value."""


Feature: TypeAlias = (
    OnlyCharacters
    | TextLength
    | WeighedText
    | OfForm
    | ListedValues
    | ExceptValues
    | ValueRange
    | MostDecimals
    | MostSecondDecimals
    | NoValueAtAll
)


def features(values: ValueSet, kind: str, budget: Budget = STANDARD) -> tuple[Feature, ...]:
    """The features of the members of one type (`valueset.TYPES`); null is left out. None: every value is a member."""
    match kind:
        case "text":
            return _text_features(values.texts, budget)
        case "boolean":
            truths = tuple(sorted(values.booleans, reverse=True))
            return () if len(truths) > 1 else (ListedValues(truths),) if truths else (NoValueAtAll(),)
        case "integer":
            return tuple(_number_features(values.numbers & NumberSet.scale(0), number_of, whole=True))
        case "decimal":
            return tuple(_number_features(values.numbers, number_of))
        case "date":
            everything = ValueSet.of_type("date").days
            return tuple(_number_features(values.days, _day, everything, whole=True))
        case "time":
            return tuple(_moment_features(values.clock, time_of, ValueSet.of_type("time").clock))
        case _:
            return tuple(_moment_features(values.instants, instant_of, ValueSet.of_type(kind).instants))


# ------------------------------------------------------------------------------------------------------------- texts

_described: Answers[tuple[Feature, ...]] = Answers(4_096)


def _text_features(texts: TextSet, budget: Budget) -> tuple[Feature, ...]:
    return _described.of(texts, budget, lambda: _text_features_of(texts, budget.limited(budget.restating_states)))


def _text_features_of(texts: TextSet, budget: Budget) -> tuple[Feature, ...]:
    if texts is TextSet.full():
        return ()
    few = few_texts(texts)
    if few is not None and len(few) <= _MOST_LISTED:
        return (ListedValues(few),) if few else (NoValueAtAll(),)
    lacking = _few_outside(texts, budget)
    if lacking is not None:
        return (ExceptValues(lacking),)
    plain = _tried_features(texts, TextSet.full(), budget)
    if few is not None:
        return (ListedValues(few),) if _vagueness(plain) else plain
    return min(plain, _tried_features(texts, _TRIMMED, budget), key=_vagueness) if _vagueness(plain) else plain


def _tried_features(texts: TextSet, scope: TextSet, budget: Budget) -> tuple[Feature, ...]:
    try:
        return _plain_features(texts, scope, budget)
    except BudgetExceeded:
        return (OfForm(_examples(texts, budget)),)


def _vagueness(found: tuple[Feature, ...]) -> int:
    return 2 * any(isinstance(each, OfForm) for each in found) + any(isinstance(each, WeighedText) for each in found)


def _plain_features(texts: TextSet, scope: TextSet, budget: Budget) -> tuple[Feature, ...]:
    """Characters and length, which every text in a scope has; and what else there is to say where they do not suffice."""
    within = texts & scope
    used = _used(within, budget)
    least, most = length_bounds(within.atoms)
    if most is None:
        found, _, stray = _plainly(within, scope, used, least, None, budget)
        if stray is None:
            return found  # without a search for a greatest length, which there is not
    ends = replace(budget, measured_characters=_LONGEST_SOUGHT if most is None else most)
    span = span_outside(ValueSet.text(within), ValueSet.nothing(), CODE_POINTS, ends)
    if span is None:
        return (NoValueAtAll(),)
    low, high = span.low, span.high
    if span.listed is not None:  # all of them texts, of which there are a few
        lengths = [len(text) for text in span.listed if isinstance(text, str)]
        low, high = min(lengths), max(lengths)
    if not isinstance(low, int) or not (high is None or isinstance(high, int)):
        return (OfForm(_examples(texts, budget)),)
    found, used, stray = _plainly(within, scope, used, low, high, budget)
    if stray is None:
        return found
    heavy = _heavy_character(within, used)
    return (*found, OfForm(_examples(texts, budget)) if heavy is None else WeighedText(heavy))


def _plainly(
    within: TextSet, scope: TextSet, used: Charset, low: int, high: int | None, budget: Budget
) -> tuple[tuple[Feature, ...], Charset, str | None]:
    """Features that all of these texts of a scope have, their characters, and a text that has them and is none of these.

    Of a text that is none, the characters that no text has are left out, and another one is sought.
    """
    found: list[Feature] = []
    if low > 0 or high is not None:
        found.append(TextLength(low, high))
        scope &= TextSet.measure(CODE_POINTS, low, high)
    for _ in range(_MOST_REFINED):
        only = TextSet.full() if used == SCALARS else TextSet.language(languages.repeat(languages.chars(used), 0))
        stray = (scope & only).stray(within, budget)
        unused = Charset.of("".join(c for c in dict.fromkeys(stray or "") if not _occurs(c, within, budget)))
        if not unused:
            break
        used -= unused
    return (*found, *([] if used == SCALARS else [OnlyCharacters(used)])), used, stray


def _occurs(character: str, texts: TextSet, budget: Budget) -> bool:
    """Whether a character occurs in some of the texts."""
    holding = TextSet.language(concat(ALL, languages.chars(Charset.of(character)), ALL))
    return (texts & holding).member(budget) is not None


def _used(texts: TextSet, budget: Budget) -> Charset:
    """The characters of the members; a superset where that takes too long."""
    used = alphabet(texts, budget)
    plain = [atom.plain for atom in texts.atoms if atom.plain is not None]
    if len(plain) > 1:
        with suppress(BudgetExceeded):
            used &= used_characters(canonical(reduce(and_, plain)), budget.alphabet_states)
    for atom in texts.atoms:
        if isinstance(atom, Measure) and not atom.chain and atom.high == 0:
            used &= _weightless(atom)
    return used


def _weightless(atom: Measure) -> Charset:
    pieces = zip((0, *atom.weight.step[0]), (*atom.weight.step[0], 0x110000), atom.weight.step[1], strict=True)
    return Charset.ranges((low, high - 1) for low, high, weight in pieces if weight == 0)


def _heavy_character(texts: TextSet, used: Charset) -> str | None:
    """A character that takes more room than others, where nothing but that keeps texts out; None: there is none."""
    for atom in texts.atoms:
        if isinstance(atom, Measure) and not atom.chain and atom.high:
            weights = {probe: atom.weight.of(probe) for probe in ("a", *_PROBES) if ord(probe) in used}
            lightest = min(weights.values(), default=0)
            heavy: str | None = next((probe for probe, weight in weights.items() if weight > lightest), None)
            if heavy is not None:
                return heavy
    return None


def _few_outside(texts: TextSet, budget: Budget) -> tuple[str, ...] | None:
    """The texts that are left out, where they are few and nothing else is."""
    if any(atom.plain is None for atom in texts.atoms):
        return None
    try:
        outside = few_texts(~texts)
    except BudgetExceeded:
        return None
    return outside if outside and len(outside) <= _MOST_WITHOUT and not texts.is_empty(budget) else None


def _examples(texts: TextSet, budget: Budget) -> tuple[str, ...]:
    """A member, as plausible as can be, long enough to show the form and short enough to be read; none is known else."""
    for least in (_USUAL_EXAMPLE, 1):
        try:
            example = (texts & _TRIMMED & TextSet.measure(CODE_POINTS, least, None)).witness(budget)
        except BudgetExceeded:
            continue
        if example is not None and len(example) <= _LONGEST_EXAMPLE and all(is_nameable(ord(c)) for c in example):
            return (example,)
    return ()


_BLANK = languages.chars(WHITE_SPACE)
_TRIMMED = TextSet.language(~(concat(_BLANK, ALL) | concat(ALL, _BLANK)) & languages.TEXTS)


def _parts_of(charset: Charset) -> CharacterParts:
    lacking = SCALARS - charset
    if len(lacking) <= _MOST_WITHOUT and all(map(is_nameable, lacking_points := list(_points(lacking)))):
        return CharacterParts((), (), without=tuple(map(chr, lacking_points)))
    ranges, rest = _ranges(charset)
    if len(rest) <= _MOST_SINGLES and all(map(is_nameable, points := list(_points(rest)))):
        return CharacterParts(ranges, tuple(map(chr, points)))
    in_it = [probe for probe in _PROBES if ord(probe) in rest]
    outside = [probe for probe in _PROBES if ord(probe) not in charset]
    return CharacterParts(ranges, tuple(in_it[:_MOST_SAMPLES]), exact=False, rejected=tuple(outside[:_MOST_SAMPLES]))


def _ranges(charset: Charset) -> tuple[tuple[tuple[str, str], ...], Charset]:
    """The ranges within A–Z, a–z and 0–9, and the other characters."""
    ranges: list[tuple[str, str]] = []
    for first, last in _SCRIPTS:
        for low, high in (charset & Charset.of((first, last))).spans():
            if high - low >= _SHORTEST_RANGE:
                ranges.append((chr(low), chr(high - 1)))
    return tuple(ranges), charset - Charset.of(*ranges)


def _points(charset: Charset) -> Iterator[int]:
    for low, high in charset.spans():
        yield from range(low, high)


def is_nameable(point: int) -> bool:
    """Whether a character can be named by itself in a sentence: it is printed, and takes room of its own."""
    character = chr(point)
    return character.isprintable() and not _combines(character) and (character == " " or not character.isspace())


def _combines(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or unicodedata.bidirectional(character) not in _PLAIN_BIDI


_PLAIN_BIDI = {"L", "EN", "ES", "ET", "CS", "ON", "WS"}


# ----------------------------------------------------------------------------------------------------------- numbers


def _number_features(
    numbers: NumberSet,
    value: Callable[[Decimal], Value],
    everything: NumberSet | None = None,
    *,
    whole: bool = False,
) -> Iterator[Feature]:
    full = everything or (NumberSet.scale(0) if whole else NumberSet.full())
    if numbers == full:
        return
    if numbers.is_empty():
        yield NoValueAtAll()
        return
    ends = numbers.ends
    if ends is None:
        yield _form_of(numbers, value)
        return
    (low, low_open), (high, high_open) = ends
    listed = _listed_numbers(numbers, low, high)
    if listed is not None:
        yield ListedValues(tuple(map(value, listed)))
        return
    if everything is not None:
        (first, _), (last, _) = everything.ends or ((None, False), (None, False))
        low, high = None if low == first else low, None if high == last else high
    left_out = None if low is not None and high is not None else _few_numbers(full - numbers)
    if left_out is not None:
        yield ExceptValues(tuple(map(value, left_out)))
        return
    made = full & NumberSet.between(low, high, lo_open=low_open, hi_open=high_open)
    if low is not None or high is not None:
        yield ValueRange(
            None if low is None else value(low), None if high is None else value(high), low_open, high_open
        )
    if not whole:
        decimals = next((most for most in range(_MOST_DECIMALS) if numbers <= NumberSet.scale(most)), None)
        if decimals is not None:
            made &= NumberSet.scale(decimals)
            yield MostDecimals(decimals)
    if not made <= numbers:
        yield _form_of(numbers, value)


def _moment_features(
    seconds: NumberSet, moment: Callable[[Decimal], Value], everything: NumberSet
) -> Iterator[Feature]:
    """Of times of day and instants, given in seconds: counted in the smallest part of a second that they have."""
    for places in range(FRACTION, -1, -1):
        finest = NumberSet.scale(places)
        counted, of_all = seconds.in_units(places), (everything & finest).in_units(places)
        if counted is not None and seconds <= finest:
            yield from _number_features(counted, lambda n, p=places: moment(n.scaleb(-p)), of_all, whole=True)  # type: ignore[misc]
            if places < FRACTION:
                yield MostSecondDecimals(places)
            return
    yield _form_of(seconds, moment)


def _listed_numbers(numbers: NumberSet, low: Decimal | None, high: Decimal | None) -> list[Decimal] | None:
    """The members, where they are few whole numbers and no range."""
    if low is None or high is None or not numbers <= NumberSet.scale(0):
        return None
    spans = list(numbers.whole_spans(int(low), int(high)))
    points = sum(after - first for first, after in spans)
    if points > _MOST_LISTED or (len(spans) == 1 and points > 1):
        return None
    return [Decimal(point) for first, after in spans for point in range(first, after)]


def _few_numbers(numbers: NumberSet) -> list[Decimal] | None:
    """The members of a set of few whole numbers; None of all others."""
    if numbers.ends is None or None in (ends := [end for end, _ in numbers.ends]):
        return None
    few = _listed_numbers(numbers, *ends)
    return few if few or few is None else None


def _form_of(numbers: NumberSet, value: Callable[[Decimal], Value]) -> OfForm:
    example = numbers.witness()
    return OfForm(() if example is None else (value(example),))


def _day(number: Decimal) -> date:
    return date.fromordinal(int(number))
