"""Pairs of different texts that a chain of machines writes as one text.

Is a function on texts injective on a language, and if not, which two texts does it make equal?

The search runs two copies side by side over the language: first both read the same characters, then they differ, in a
character or by an end; from there on the copy that has written less reads on. What one has written more is kept as a
text. Characters that no state of the language and no machine tells apart stand for each other: two of each such class
are enough, one for the place where the texts differ.
Source: Béal, Carton, Prieur, Sakarovitch, "Squaring transducers", TCS 2003 (functionality by the square of a transducer,
here of the inverse).
"""

from __future__ import annotations

from collections import deque
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from .. import steps
from ..alphabet import value_at
from ..budget import STANDARD, BudgetExceeded
from ..charset import CODE_POINT_LIMIT
from ..language import EMPTY
from ..plausible import MARK, NULL_MARK, best_character

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..budget import Budget
    from ..language import Language
    from ..transducer import Phase, Transducer


_STEPS_A_STATE = 20
"""The pairs of characters that are followed from a state, on average: of many classes, most are dead ends."""


class _Copy(NamedTuple):
    """One of the two: what it may still read, and its machines."""

    rest: Language
    phases: tuple[Phase, ...]
    """Of each machine; empty once the text has ended."""
    has_ended: bool


class _Pair(NamedTuple):
    first: _Copy
    second: _Copy
    ahead: str
    """What one has written more than the other."""
    first_is_ahead: bool
    differ: bool


def equal_pair(language: Language, machines: Sequence[Transducer], budget: Budget = STANDARD) -> tuple[str, str] | None:
    """Two different texts of the language that the machines, one after the other, write as one; None: there are none.

    Raises BudgetExceeded (amounts "pair states", "pair characters").
    """
    return _Square(language, tuple(machines), budget).search()


class _Square:
    def __init__(self, language: Language, machines: tuple[Transducer, ...], budget: Budget) -> None:
        self._machines = machines
        self._budget = budget
        self._language = language
        self._characters = self._representatives()
        self._steps = 0

    def search(self) -> tuple[str, str] | None:
        origin: dict[_Pair, tuple[_Pair, str, str] | None] = {}
        begun = [
            (_Copy(self._language, phases, has_ended=False), written) for phases, written in self._start((), "", 0)
        ]
        todo: deque[_Pair] = deque()
        for (first, written), (second, other) in product(begun, repeat=2):
            for pair in self._level(first, second, written, other, differ=False):
                if pair not in origin:
                    origin[pair] = None
                    todo.append(pair)
        while todo:
            pair = todo.popleft()
            if pair.first.has_ended and pair.second.has_ended:
                return _texts(origin, pair)
            for following, read, other in self._further(pair):
                if following not in origin:
                    if len(origin) >= self._budget.pair_states:
                        raise BudgetExceeded("pair states", len(origin))
                    origin[following] = (pair, read, other)
                    todo.append(following)
        return None

    def _further(self, pair: _Pair) -> Iterator[tuple[_Pair, str, str]]:
        """The pairs after one more character of one text or both, each with what was read."""
        first, second, ahead, first_is_ahead, differ = pair
        mine, other = (ahead, "") if first_is_ahead else ("", ahead)
        if not differ:
            read = {character: list(self._read(first, character)) for character in self._characters}
            also = {character: list(self._read(second, character)) for character in self._characters}
            for (character, here), (another, there) in product(read.items(), also.items()):
                for (copy, written), (twin, more) in product(here, there):
                    for following in self._level(copy, twin, mine + written, other + more, differ=another != character):
                        yield following, character, another
            for copy, written in self._end(first):
                for another, there in also.items():
                    for twin, more in there:
                        for following in self._level(copy, twin, mine + written, other + more, differ=True):
                            yield following, "", another
            return
        if not first.has_ended and (not ahead or not first_is_ahead):
            for character in self._characters:
                for copy, written in self._read(first, character):
                    for following in self._level(copy, second, mine + written, other, differ=True):
                        yield following, character, ""
            for copy, written in self._end(first):
                for following in self._level(copy, second, mine + written, other, differ=True):
                    yield following, "", ""
        if not second.has_ended and (not ahead or first_is_ahead):
            for character in self._characters:
                for copy, written in self._read(second, character):
                    for following in self._level(first, copy, mine, other + written, differ=True):
                        yield following, "", character
            for copy, written in self._end(second):
                for following in self._level(first, copy, mine, other + written, differ=True):
                    yield following, "", ""

    def _level(self, first: _Copy, second: _Copy, mine: str, other: str, *, differ: bool) -> Iterator[_Pair]:
        """The pair, if what both have written can still become equal."""
        self._steps += 1
        if self._steps > _STEPS_A_STATE * self._budget.pair_states:
            raise BudgetExceeded("pair states", self._budget.pair_states)
        first_is_ahead = len(mine) > len(other)
        long, short, behind = (mine, other, second) if first_is_ahead else (other, mine, first)
        ahead = long[len(short) :]
        if not long.startswith(short) or (ahead and behind.has_ended):
            return
        if len(ahead) > self._budget.pair_characters:
            raise BudgetExceeded("pair characters", len(ahead))
        yield _Pair(first, second, ahead, first_is_ahead, differ)

    # ------------------------------------------------------------------------------------------------ one text

    def _start(self, phases: tuple[Phase, ...], written: str, number: int) -> Iterator[tuple[tuple[Phase, ...], str]]:
        """The machines' first phases, from machine `number` on, to which the text written so far is fed."""
        if number == len(self._machines):
            yield phases, written
            return
        for phase, text in self._machines[number].starts():
            for moved, more in self._feed_one(number, phase, written):
                yield from self._start((*phases, moved), text + more, number + 1)

    def _read(self, copy: _Copy, character: str) -> Iterator[tuple[_Copy, str]]:
        rest = value_at(copy.rest.step(), ord(character))
        if rest is not EMPTY:
            for phases, written in self._feed(copy.phases, character, 0):
                yield _Copy(rest, phases, has_ended=False), written

    def _feed(self, phases: tuple[Phase, ...], text: str, number: int) -> Iterator[tuple[tuple[Phase, ...], str]]:
        """The phases after a text, fed to machine `number`, and what the last machine writes."""
        if number == len(self._machines):
            yield phases, text
            return
        for moved, written in self._feed_one(number, phases[number], text):
            yield from self._feed((*phases[:number], moved, *phases[number + 1 :]), written, number + 1)

    def _feed_one(self, number: int, phase: Phase, text: str) -> list[tuple[Phase, str]]:
        machine = self._machines[number]
        runs = [(phase, "")]
        for character in text:
            kind = steps.at(machine.classes, ord(character))
            runs = [
                (move.phase, written + move.before + (move.image(character) if move.image is not None else ""))
                for here, written in runs
                for move in machine.moves(here, kind)
            ]
        return runs

    def _end(self, copy: _Copy) -> Iterator[tuple[_Copy, str]]:
        if copy.rest.nullable and not copy.has_ended:
            for written in self._ending(copy.phases, "", 0):
                yield _Copy(EMPTY, (), has_ended=True), written

    def _ending(self, phases: tuple[Phase, ...], text: str, number: int) -> Iterator[str]:
        if number == len(self._machines):
            yield text
            return
        for moved, written in self._feed_one(number, phases[number], text):
            ending = self._machines[number].end(moved)
            if ending is not None:
                yield from self._ending(phases, written + ending, number + 1)

    def _representatives(self) -> tuple[str, ...]:
        bounds: set[int] = {0}
        for machine in self._machines:
            bounds.update(machine.classes[0])
            for image in _images(machine):
                for point, text in image.items():
                    for each in (point, *map(ord, text)):
                        bounds.update((each, each + 1))
        seen = {self._language}
        todo = [self._language]
        for state in todo:
            alphabet, targets = state.step()
            bounds.update(alphabet.bounds)
            for target in targets:
                if target not in seen and target is not EMPTY:
                    if len(seen) >= self._budget.quick_states:
                        raise BudgetExceeded("pair states", len(seen))
                    seen.add(target)
                    todo.append(target)
        found: list[str] = []
        inside = sorted(bound for bound in bounds if bound < CODE_POINT_LIMIT)
        for low, high in zip(inside, (*inside[1:], CODE_POINT_LIMIT), strict=True):
            found += _two_of(low, high)
            if len(found) > self._budget.pair_characters:
                raise BudgetExceeded("pair characters", len(found))
        return tuple(found)


def _two_of(low: int, high: int) -> list[str]:
    """Two characters of a range, as plausible as possible; one where it has but one, none of surrogates."""
    best = best_character(low, high)
    if best is None or chr(best[1]) in {chr(MARK), chr(NULL_MARK)}:
        return []
    others = [c for c in (best_character(low, best[1]), best_character(best[1] + 1, high)) if c is not None]
    points = [best[1], *(point for _, point in sorted(others)[:1] if point not in {MARK, NULL_MARK})]
    return [chr(point) for point in points]


def _images(machine: Transducer) -> Iterator[dict[int, str]]:
    """The tables of characters that a machine writes as others."""
    from ..transducer import Mapped

    if isinstance(machine, Mapped):
        yield dict(machine.image.table)


def _texts(origin: dict[_Pair, tuple[_Pair, str, str] | None], pair: _Pair) -> tuple[str, str]:
    first: list[str] = []
    second: list[str] = []
    while (before := origin[pair]) is not None:
        pair, read, other = before
        first.append(read)
        second.append(other)
    return "".join(reversed(first)), "".join(reversed(second))
