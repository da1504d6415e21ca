"""What can be read off the form of a language: bounds on the lengths of its strings, and a shortest one.

    [a-z]*[A-Z][a-z]{20}      at least 21 characters, the shortest is "abc…": 2,097,152 states need not be visited

Bounds follow from the parts of a concatenation, a repetition, a union, an intersection, and from the states of a minimal
automaton; of others nothing is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..alphabet import lettered
from ..interning import Answers
from ..iteration import iterate
from ..language import (
    EMPTY,
    EPSILON,
    Characters,
    Concatenation,
    Intersection,
    Language,
    LengthLanguage,
    Repetition,
)
from ..language import Union as UnionLanguage
from ..plausible import spell
from ..steps import indicator

if TYPE_CHECKING:
    from ..iteration import Work

_MOST_STATES = 2_000
"""States of an automaton that are counted."""
_MOST_READ = 8_000
"""States of automata whose extents are worked out for one language."""
MOST_READ_IN_A_SEARCH = 40_000
"""The same, for all languages of a search."""
_LONGEST = 5_000
"""Characters of a shortest string that is spelled."""


class Extent(NamedTuple):
    """Bounds on the number of characters of the strings of a language."""

    least: int
    most: int | None
    """None: no bound is known."""


_UNKNOWN = Extent(0, None)
_extents: Answers[Extent] = Answers(16_384)


def extent(language: Language) -> Extent:
    """Bounds on the lengths of the strings of a language, read off its form; 0 and None where nothing is known."""
    return _extents.of(language, None, lambda: iterate(Extents().of(language)))


class Extents:
    """The extents of languages and their parts, each part once: many parts may share a rest."""

    def __init__(self, most_read: int = _MOST_READ) -> None:
        self._known: dict[Language, Extent] = {}
        # States of automata that may be looked at still.
        self._left = most_read

    def of(self, language: Language) -> Work[Extent]:
        """The extent of one of the parts."""
        known = self._known.get(language)
        if known is None:
            known = self._known[language] = yield from self._read(language)
        return known

    def _read(self, language: Language) -> Work[Extent]:
        match language:
            case Characters():
                return Extent(1, 1)
            case Concatenation():
                rests: list[tuple[Language, Extent]] = []
                while isinstance(language, Concatenation) and language not in self._known:
                    head, rest = language.parts
                    rests.append((language, (yield self.of(head))))
                    language = rest
                whole: Extent = yield self.of(language)
                for language, first in reversed(rests):
                    whole = self._known[language] = _together(first, whole)
                return whole
            case UnionLanguage() | Intersection():
                parts: list[Extent] = []
                for part in language.parts:
                    parts.append((yield self.of(part)))
                return _either(parts) if isinstance(language, UnionLanguage) else _all_of(parts)
            case Repetition():
                body, low, high = language.parts
                least, most = yield self.of(body)
                return Extent(least * low, 0 if most == 0 else None if most is None or high is None else most * high)
            case LengthLanguage():
                weight, low, high = language.parts
                heaviest, lightest = max(weight.step[1]), min(weight.step[1])
                return Extent(-(-low // heaviest) if heaviest else 0, high // lightest if high and lightest else None)
            case _:
                if language is EPSILON:
                    return Extent(0, 0)
                return self._read_automaton(language) if _is_state(language) else _UNKNOWN

    def _read_automaton(self, start: Language) -> Extent:
        """The extent of an automaton, and of its states, each of which leads to an end; of a large one nothing is known.

        Nor is it, once the large one was met, of what is left: each of its states would be begun anew.
        """
        following = {start: _targets(start)}
        todo = [start]
        sources: dict[Language, list[Language]] = {}
        while todo:
            state = todo.pop()
            for target in following[state]:
                sources.setdefault(target, []).append(state)
                if target not in following:
                    following[target] = _targets(target)
                    todo.append(target)
            if len(following) > self._left:
                self._left = 0
                return _UNKNOWN
        self._left -= len(following)
        least = {state: 0 for state in following if state.nullable or not _is_state(state)}
        nearest = list(least)
        for state in nearest:  # breadth first, backwards from the ends
            for source in sources.get(state, ()):
                if source not in least:
                    least[source] = least[state] + 1
                    nearest.append(source)
        open_moves = {state: len(targets) for state, targets in following.items()}
        settled = [state for state, count in open_moves.items() if count == 0]
        most: dict[Language, int] = {}
        for state in settled:  # a state on a loop, or before one, is never settled
            most[state] = max((1 + most[target] for target in following[state]), default=0)
            for source in sources.get(state, ()):
                open_moves[source] -= 1
                if open_moves[source] == 0:
                    settled.append(source)
        self._known |= {state: Extent(least.get(state, 0), most.get(state)) for state in following}
        return self._known[start]


_counts: Answers[int | None] = Answers(16_384)


def state_count(language: Language) -> int | None:
    """The states of a language that is a minimal automaton or a loop over characters; None of others, and of many."""
    return _counts.of(language, None, lambda: _count_states(language))


def _count_states(language: Language) -> int | None:
    if isinstance(language, Repetition):
        body, low, high = language.parts
        return low + 1 if isinstance(body, Characters) and high is None else None
    if language is not EPSILON and not _is_state(language):
        return None
    reached = {language: None}
    todo = [language]
    for state in todo:
        for target in _targets(state):
            if target is not EPSILON and not _is_state(target):
                return None
            if target not in reached:
                reached[target] = None
                todo.append(target)
        if len(reached) > _MOST_STATES:
            return None
    return len(reached)


def _is_state(language: Language) -> bool:
    """Whether it is a state of an automaton: nothing but its steps tells what it is."""
    return language.parts is None and language is not EMPTY and language is not EPSILON


def _targets(state: Language) -> tuple[Language, ...]:
    """The states after a state of an automaton, each once; of what is no state, of which nothing is known, itself."""
    if state is EPSILON:
        return ()
    if not _is_state(state):
        return (state,)
    return tuple(dict.fromkeys(target for target in state.step()[1] if target is not EMPTY))


def _together(first: Extent, rest: Extent) -> Extent:
    most = None if first.most is None or rest.most is None else first.most + rest.most
    return Extent(first.least + rest.least, most)


def _either(parts: list[Extent]) -> Extent:
    longest = [most for _, most in parts if most is not None]
    return Extent(min(least for least, _ in parts), max(longest) if len(longest) == len(parts) else None)


def _all_of(parts: list[Extent]) -> Extent:
    return Extent(max(least for least, _ in parts), min((most for _, most in parts if most is not None), default=None))


_ShortestRanges = tuple[tuple[int, int], ...]
_spelled: Answers[str | None] = Answers(16_384)


def evident_shortest(language: Language) -> str | None:
    """A shortest string of a language, read off its form; None: its form does not tell, or it is long."""
    return _spelled.of(language, None, lambda: _spell(language))


def _spell(language: Language) -> str | None:
    ranges = iterate(_Shortest().of(language))
    return None if ranges is None else spell(ranges)


class _Shortest:
    """The ranges of the characters of a shortest string, of a language and its parts, each part once."""

    def __init__(self) -> None:
        self._known: dict[Language, _ShortestRanges | None] = {}

    def of(self, language: Language) -> Work[_ShortestRanges | None]:
        """The ranges of one of the parts; None: its form does not tell."""
        if language not in self._known:
            self._known[language] = yield from self._read(language)
        return self._known[language]

    def _read(self, language: Language) -> Work[_ShortestRanges | None]:
        match language:
            case Characters():
                alphabet, inside = lettered(indicator(language.parts, inside=True, outside=False))
                likely = alphabet.likely[inside.index(True)]
                return None if likely is None else ((likely[1], likely[2]),)
            case Concatenation():
                together: list[tuple[int, int]] = []
                while language is not EPSILON:
                    head, language = language.parts if isinstance(language, Concatenation) else (language, EPSILON)
                    ranges: _ShortestRanges | None = yield self.of(head)
                    if ranges is None or len(together) + len(ranges) > _LONGEST:
                        return None
                    together += ranges
                return tuple(together)
            case Repetition():
                body, low, _ = language.parts
                ranges = (yield self.of(body)) if low else ()
                return None if ranges is None or len(ranges) * low > _LONGEST else ranges * low
            case UnionLanguage():
                each: list[_ShortestRanges] = []
                for part in language.parts:
                    ranges = yield self.of(part)
                    if ranges is None:
                        return None
                    each.append(ranges)
                return min(each, key=len)
            case _:
                return () if language.nullable and language is not EMPTY else None
