"""Searches of languages: a shortest member, inclusion with a counterexample, the states of a language.

Every search counts the states it visits and ends with `BudgetExceeded` beyond its limit: the verdict is then unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..alphabet import Alphabet, LetterStep, on_both
from ..budget import STANDARD, BudgetExceeded
from ..interning import Answers, youngest
from ..language import (
    ALL,
    EMPTY,
    EPSILON,
    Characters,
    Concatenation,
    Intersection,
    Language,
    Repetition,
)
from ..language import Union as UnionLanguage
from ..plausible import spell

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_OPERANDS_A_STATE = 8
_PIECES_A_STATE = 64
_EDGES_A_STATE = 16
_KEPT_EDGES_A_STATE = 64
_COMPARISONS_A_STATE = 256
"""What is as much work as one plain state: operands united or intersected, pieces of an alphabet, edges followed or kept,
pairs of operands or columns compared."""


class Workload:
    """The work of the states a search visits, counted in plain states: one of many operands or edges is several.

    It counts what the states are, whether or not they were stepped before: an answer depends on nothing else.
    """

    def __init__(self, limit: int) -> None:
        """`limit`: the greatest number of plain states."""
        self._limit = limit
        self._more = 0
        self._fractions = 0
        self._seen: set[Language] = set()
        self._alphabets: set[Alphabet] = set()

    def step(self, language: Language) -> LetterStep[Language]:
        """The step function of a state; counts what makes it more than one. Raises BudgetExceeded beyond the limit."""
        if language in self._seen:
            return language.step()
        self._seen.add(language)
        self._add(language.operands // _OPERANDS_A_STATE)
        step = language.step()
        alphabet, targets = step
        self._add(sum([target.operands for target in targets]) // _OPERANDS_A_STATE)
        if len(alphabet.bounds) > _PIECES_A_STATE and alphabet not in self._alphabets:
            self._alphabets.add(alphabet)
            self._add(len(alphabet.bounds) // _PIECES_A_STATE)
        return step

    def follow(self, edges: int) -> None:
        """Count edges that are followed. Raises BudgetExceeded beyond the limit."""
        self._add_fraction(edges * (_COMPARISONS_A_STATE // _EDGES_A_STATE))

    def keep(self, edges: int) -> None:
        """Count edges that are kept. Raises BudgetExceeded beyond the limit."""
        self._add_fraction(edges * (_COMPARISONS_A_STATE // _KEPT_EDGES_A_STATE))

    def compare(self, comparisons: int) -> None:
        """Count pairs of operands, or columns, that are compared. Raises BudgetExceeded beyond the limit."""
        self._add_fraction(comparisons)

    def check(self, states: int) -> None:
        """Raise BudgetExceeded where that many states, some of them several, are beyond the limit."""
        if states + self._more > self._limit:
            raise BudgetExceeded("states", states + self._more)

    def _add_fraction(self, comparisons: int) -> None:
        self._fractions += comparisons
        if self._fractions >= _COMPARISONS_A_STATE:
            self._add(self._fractions // _COMPARISONS_A_STATE)
            self._fractions %= _COMPARISONS_A_STATE

    def _add(self, more: int) -> None:
        if more:
            self._more += more
            self.check(0)


_State = TypeVar("_State", bound="Hashable")


def shortest(language: Language, limit: int = STANDARD.states) -> str | None:
    """A shortest string of the language, as plausible as the shortest ones allow; None when it is empty.

    Raises BudgetExceeded beyond `limit` states.
    """
    work = Workload(limit)
    return _breadth_first(language, work.step, lambda x: x.nullable, lambda x: x is EMPTY, work)


_DEAD = (EMPTY, ALL)


_counterexamples: Answers[str | None] = Answers(16_384)


def lazy_counterexample(inner: Language, outer: Language, limit: int = STANDARD.states) -> str | None:
    """A shortest string of `inner` that is not in `outer`, stepping both; None when inner is included.

    Raises BudgetExceeded beyond `limit` states.
    """
    question = (inner.serial, outer.serial, limit)
    return _counterexamples.of(youngest(inner, outer), question, lambda: _step_both(inner, outer, limit))


def _step_both(inner: Language, outer: Language, limit: int) -> str | None:
    work = Workload(limit)

    def pair(x: Language, y: Language) -> tuple[Language, Language]:
        work.compare(x.operands * y.operands)
        return _DEAD if x is EMPTY or evidently_included(x, y) else (x, y)

    return _breadth_first(
        (inner, outer),
        lambda state: on_both(work.step(state[0]), work.step(state[1]), pair),
        lambda state: state[0].nullable and not state[1].nullable,
        lambda state: state == _DEAD,
        work,
    )


def _breadth_first(
    start: _State,
    step: Callable[[_State], LetterStep[_State]],
    accepts: Callable[[_State], bool],
    dead: Callable[[_State], bool],
    work: Workload,
) -> str | None:
    if accepts(start):
        return ""
    parents: dict[_State, tuple[_State, int, int] | None] = {start: None}
    frontier = [start]
    while frontier:
        reached: dict[_State, tuple[int, _State, int, int]] = {}
        for state in frontier:
            alphabet, targets = step(state)
            for likely, target in zip(alphabet.likely, targets, strict=True):
                if likely is None or target in parents or dead(target):
                    continue
                rank, low, high = likely
                known = reached.get(target)
                if known is None or rank < known[0]:
                    reached[target] = (rank, state, low, high)
        hit: _State | None = None
        for target, (rank, state, low, high) in reached.items():
            parents[target] = (state, low, high)
            if accepts(target) and (hit is None or rank < reached[hit][0]):
                hit = target
        if hit is not None:
            return _spell_path(parents, hit)
        work.check(len(parents))
        frontier = list(reached)
    return None


def _spell_path(parents: dict[_State, tuple[_State, int, int] | None], state: _State) -> str:
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
    work = Workload(limit)
    order = [language]
    seen = {language}
    for state in order:
        for target in work.step(state)[1]:
            if target not in seen:
                seen.add(target)
                order.append(target)
        work.check(len(order))
    return order
