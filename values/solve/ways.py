"""The ways of a language to go on: per next character several languages, whose union is the language of the rest.

    ([ab]*a[ab]{9})   after a:  [ab]*a[ab]{9}  or  [ab]{9}      never the 1,024 unions of what is left

A deterministic step unites the ways into one state, and there may be exponentially many unions of few parts. A search
for one member follows each way by itself, so it visits parts alone. Only a complement has to be stepped as one.

Source: Antimirov, "Partial derivatives of regular expressions and finite automaton constructions", TCS 1996.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from ..alphabet import LetterStep, on_both, on_each, value_at
from ..iteration import iterate
from ..language import (
    EMPTY,
    Complement,
    Concatenation,
    Fixpoint,
    Intersection,
    Language,
    Repetition,
    complement,
    concat,
    intersection,
    repeat,
)
from ..language import Union as UnionLanguage

if TYPE_CHECKING:
    from ..iteration import Work

Rests: TypeAlias = tuple[Language, ...]
"""Languages whose union is the language of the rest."""


class PartialDerivatives:
    """The ways of languages and of their parts, of each part once."""

    def __init__(self) -> None:
        self._known: dict[Language, LetterStep[Rests]] = {}

    def of(self, language: Language) -> LetterStep[Rests]:
        """Per next character, the ways to go on."""
        return self._known.get(language) or iterate(self._ways(language))

    def _ways(self, language: Language) -> Work[LetterStep[Rests]]:
        known = self._known.get(language)
        if known is None:
            known = self._known[language] = yield from self._derive(language)
        return known

    def _derive(self, language: Language) -> Work[LetterStep[Rests]]:
        match language:
            case Concatenation():
                return (yield from self._one_after_the_other(language))
            case Repetition():
                body, low, high = language.parts
                rest = repeat(body, max(low - 1, 0), None if high is None else high - 1)
                step: LetterStep[Rests] = yield self._ways(body)
                return on_each(step, partial(_before, rest))
            case UnionLanguage():
                together: LetterStep[Rests] = yield self._ways(language.parts[0])
                for part in language.parts[1:]:
                    together = on_both(together, (yield self._ways(part)), _either)
                return together
            case Intersection():
                together = yield self._ways(language.parts[0])
                for part in language.parts[1:]:
                    together = on_both(together, (yield self._ways(part)), _both)
                return together
            case Complement(parts=Intersection() as inner):  # what is missing from one of them
                together = yield self._ways(complement(inner.parts[0]))
                for part in inner.parts[1:]:
                    together = on_both(together, (yield self._ways(complement(part))), _either)
                return together
            case Fixpoint():
                step = yield self._ways(language.parts)
                return step
            case _:
                return on_each(language.step(), _alone)

    def _one_after_the_other(self, language: Language) -> Work[LetterStep[Rests]]:
        together: LetterStep[Rests] | None = None
        while isinstance(language, Concatenation):
            head, tail = language.parts
            first: LetterStep[Rests] = yield self._ways(head)
            here = on_each(first, partial(_before, tail))
            together = here if together is None else on_both(together, here, _either)
            language = tail
            if not head.nullable:
                break
        else:
            rest: LetterStep[Rests] = yield self._ways(language)
            together = rest if together is None else on_both(together, rest, _either)
        return together


_MOST_STEPS = 20_000
"""Steps of sets of ways that are remembered while a text is read."""


def accepts(language: Language, text: str) -> bool:
    """Whether a text is in a language, for a long text: it is read along all ways at once.

    A deterministic state for every set of ways would be kept; here there are only as many as the language has parts.
    """
    match language:
        case Complement():
            return not accepts(language.parts, text)
        case Intersection() | UnionLanguage():
            each = (accepts(part, text) for part in language.parts)
            return all(each) if isinstance(language, Intersection) else any(each)
    ways = PartialDerivatives()
    moves: dict[tuple[Language, str], Rests] = {}
    steps: dict[tuple[frozenset[Language], str], frozenset[Language]] = {}
    places = frozenset((language,))
    for character in text:
        following = steps.get((places, character))
        if following is None:
            reached: set[Language] = set()
            for place in places:
                move = moves.get((place, character))
                if move is None:
                    move = moves[place, character] = value_at(ways.of(place), ord(character))
                reached.update(move)
            if len(steps) >= _MOST_STEPS:
                steps.clear()
                moves.clear()
            following = steps[places, character] = frozenset(reached)
        places = following
        if not places:
            return False
    return any(place.nullable for place in places)


def _alone(language: Language) -> Rests:
    return () if language is EMPTY else (language,)


def _before(rest: Language, ways: Rests) -> Rests:
    return tuple([concat(way, rest) for way in ways])


def _either(some: Rests, others: Rests) -> Rests:
    return tuple(dict.fromkeys((*some, *others))) if some and others else some or others


def _both(some: Rests, others: Rests) -> Rests:
    together = [intersection(way, other) for way in some for other in others]
    return tuple(dict.fromkeys([way for way in together if way is not EMPTY]))
