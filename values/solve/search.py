"""Searches of languages: a shortest member, inclusion with a counterexample, the states of a language.

Every search counts the states it visits and ends with `BudgetExceeded` beyond its limit: the verdict is then unknown.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TypeAlias

from ..alphabet import LetterStep, on_both
from ..budget import STANDARD
from ..interning import Answers, youngest
from ..iteration import iterate
from ..language import (
    ALL,
    EMPTY,
    EPSILON,
    Characters,
    Complement,
    Concatenation,
    Intersection,
    Language,
    Repetition,
    intersection,
    union,
)
from ..language import Union as UnionLanguage
from ..plausible import spell
from .coverage import Coverage, parts_of
from .extent import MOST_READ_IN_A_SEARCH, Extents
from .ways import PartialDerivatives, Rests
from .workload import Workload


def shortest(language: Language, limit: int = STANDARD.states) -> str | None:
    """A shortest string of the language, as plausible as the shortest ones allow; None when it is empty.

    Raises BudgetExceeded beyond `limit` states.
    """
    return _Search(limit).shortest(language, EMPTY)


_counterexamples: Answers[str | None] = Answers(16_384)


def shortest_outside(inner: Language, outer: Language, limit: int = STANDARD.states) -> str | None:
    """A shortest string of `inner` that is not in `outer`, stepping both; None when inner is included.

    Raises BudgetExceeded beyond `limit` states.
    """
    question = (inner.serial, outer.serial, limit)
    return _counterexamples.of(youngest(inner, outer), question, lambda: _Search(limit).shortest(inner, outer))


_strings_outside: Answers[str | None] = Answers(16_384)


def some_outside(inner: Language, outer: Language, limit: int = STANDARD.states) -> str | None:
    """Some string of `inner` that is not in `outer`, a way to the end first; None when inner is included.

    Raises BudgetExceeded beyond `limit` states.
    """
    question = (inner.serial, outer.serial, limit)
    return _strings_outside.of(youngest(inner, outer), question, lambda: _Search(limit).some(inner, outer))


_State: TypeAlias = tuple[Language, Language]
"""What the rest of a text has to be in, and what it must not be in."""

_Reached: TypeAlias = tuple[int, int, int, int, _State]
"""How a state is reached: the rank of the character, the place of the state before in its level, the character's range,
and the state before. The first three tell texts apart, whatever the order in which languages were made."""

_Parents: TypeAlias = "dict[_State, tuple[_State, int, int] | None]"
"""How each state was reached: from which one, by which range of characters."""


class _Search:
    """A search for a text in one language and not in another.

    Each way of the first is followed by itself; the second is stepped as one. A state is left out where one was reached
    before that has all its texts, and more: of `x{0,3} y` and `x{0,5} y` the second, of what is to be avoided the less.

    Source: De Wulf, Doyen, Henzinger, Raskin, "Antichains: A new algorithm for checking universality of finite
    automata", CAV 2006.
    """

    def __init__(self, limit: int) -> None:
        self._work = Workload(limit)
        self._ways = PartialDerivatives()
        self._coverage = Coverage(self._work)
        self._states: dict[_State, _State | None] = {}

    def shortest(self, inner: Language, outer: Language) -> str | None:
        """Level by level."""
        start = self._state(inner, outer)
        if start is None:
            return None
        if _accepts(start):
            return ""
        parents: _Parents = {start: None}
        level = {start: 0}
        while level:
            reached = self._reached(level, parents)
            level = {}
            place, last = 0, None
            for target, (rank, before, low, high, state) in sorted(reached.items(), key=_in_order):
                if _accepts(target):
                    parents[target] = (state, low, high)
                    return _spell_path(parents, target)
                if not self._coverage.adds(*target):
                    continue
                if (rank, before, low) != last:
                    place, last = place + 1, (rank, before, low)
                parents[target] = (state, low, high)
                level[target] = place
            self._work.check(len(parents))
        return None

    def some(self, inner: Language, outer: Language) -> str | None:
        """The state first from which the least is to come, and of those the one with the least to be avoided."""
        start = self._state(inner, outer)
        if start is None:
            return None
        parents: _Parents = {start: None}
        extents = Extents(MOST_READ_IN_A_SEARCH)
        todo = [(0, 0, 0, start)]
        while todo:
            state = heappop(todo)[-1]
            if _accepts(state):
                return _spell_path(parents, state)
            self._work.check(len(parents))
            for target, (_, _, low, high, _) in sorted(self._reached({state: 0}, parents).items(), key=_in_order):
                if self._coverage.adds(*target):
                    parents[target] = (state, low, high)
                    to_come = iterate(extents.of(target[0])).least
                    heappush(todo, (to_come, len(parts_of(target[1])), len(parents), target))
        return None

    def _reached(self, level: dict[_State, int], parents: _Parents) -> dict[_State, _Reached]:
        """The new states one character further, each with the best way to it."""
        reached: dict[_State, _Reached] = {}
        for state, place in level.items():
            alphabet, targets = self._step(state)
            for likely, ways in zip(alphabet.likely, targets, strict=True):
                if likely is None:
                    continue
                rank, low, high = likely
                for target in ways:
                    if target in parents:
                        continue
                    known = reached.get(target)
                    if known is None or (rank, place, low) < known[:3]:
                        reached[target] = (rank, place, low, high, state)
        return reached

    def _step(self, state: _State) -> LetterStep[tuple[_State, ...]]:
        inner, outer = state
        ways = self._ways.of(inner)
        self._work.add(inner, ways)
        return on_both(ways, self._work.step(outer), self._following)

    def _following(self, ways: Rests, outer: Language) -> tuple[_State, ...]:
        states = [self._state(way, outer) for way in ways]
        return tuple(dict.fromkeys([state for state in states if state is not None]))

    def _state(self, inner: Language, outer: Language) -> _State | None:
        """The state, a complement in the first as something to be avoided; None: no text is in it."""
        key = (inner, outer)
        if key not in self._states:
            self._states[key] = self._make(inner, outer)
        return self._states[key]

    def _make(self, inner: Language, outer: Language) -> _State | None:
        parts = inner.parts if isinstance(inner, Intersection) else (inner,)
        avoided = [part.parts for part in parts if isinstance(part, Complement)]
        if avoided:
            inner = intersection(*[part for part in parts if not isinstance(part, Complement)])
            outer = union(outer, *avoided)
        outer = self._coverage.reduced(outer)
        self._work.compare(inner.operands * outer.operands)
        return None if inner is EMPTY or evidently_included(inner, outer) else (inner, outer)


def _in_order(reached: tuple[_State, _Reached]) -> tuple[int, int, int]:
    rank, before, low, _, _ = reached[1]
    return rank, before, low


def _accepts(state: _State) -> bool:
    return state[0].nullable and not state[1].nullable


def _spell_path(parents: _Parents, state: _State) -> str:
    path: list[tuple[int, int]] = []
    while (parent := parents[state]) is not None:
        state, low, high = parent
        path.append((low, high))
    return spell(path[::-1])


_DEEPEST = 40
"""The greatest depth of nested operands compared; a level uses two frames of the interpreter's stack at most."""


def evidently_included(inner: Language, outer: Language, depth: int = _DEEPEST) -> bool:
    """Inclusion that can be read off the structure, `depth` levels down; False decides nothing."""
    while isinstance(inner, Concatenation) and isinstance(outer, Concatenation):
        if inner is outer or not evidently_included(inner.parts[0], outer.parts[0], depth - 1):
            return inner is outer
        inner, outer = inner.parts[1], outer.parts[1]
    if inner is outer or inner is EMPTY or outer is ALL:
        return True
    if not depth:
        return False
    depth -= 1
    match inner, outer:
        case Repetition(), Repetition():
            body, low, high = inner.parts
            other, other_low, other_high = outer.parts
            fits = low >= other_low and (other_high is None or (high is not None and high <= other_high))
            return fits and evidently_included(body, other, depth)
        case Characters(), Characters():
            return bool(inner.parts <= outer.parts)
        case Characters(), Repetition():
            return (
                outer.parts[1] <= 1
                and (outer.parts[2] is None or outer.parts[2] >= 1)
                and evidently_included(inner, outer.parts[0], depth)
            )
        case UnionLanguage(), _:
            shared = frozenset(outer.parts if isinstance(outer, UnionLanguage) else ())
            return all(part in shared or evidently_included(part, outer, depth) for part in inner.parts)
        case _, Intersection():
            return all(evidently_included(inner, part, depth) for part in outer.parts)
        case Intersection(), _:
            return any(evidently_included(part, outer, depth) for part in inner.parts)
        case _, UnionLanguage():
            return any(evidently_included(inner, part, depth) for part in outer.parts)
        case _:
            return inner is EPSILON and outer.nullable


def states(language: Language, limit: int = STANDARD.states) -> list[Language]:
    """Every state reachable from the language, the language first. Raises BudgetExceeded beyond `limit` of them."""
    return counted_states(language, limit)[0]


def counted_states(language: Language, limit: int) -> tuple[list[Language], int]:
    """Every state reachable, and the work of visiting them, in plain states. Raises BudgetExceeded beyond `limit`."""
    work = Workload(limit)
    order = [language]
    seen = {language}
    for state in order:
        for target in work.step(state)[1]:
            if target not in seen:
                seen.add(target)
                order.append(target)
        work.check(len(order))
    return order, work.done(len(order))
