"""What chains of machines and weights see of a text: several measures of it, as one weighted automaton.

Chains that begin with the same machines share them:

    trim . upper . bytes                trim --- upper --- [bytes]
    trim . characters           as       |
    characters                           +--- [characters]            and [characters] of the text itself

So a machine that guesses (is this blank the last?) guesses once for all that look through it, and the states are not the
product of what every measure would see alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from . import steps
from .transducer import IDENTITY, images

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .transducer import Transducer
    from .weight import Weight

Phases: TypeAlias = "tuple[tuple[Any, Phases], ...]"
"""Per branch of a tree the phase of its machine, and the phases of what looks through it."""

Weights: TypeAlias = tuple[int, ...]
"""What is added to each measure, in the order of the questions."""


@dataclass(slots=True)
class _Tree:
    """What looks at one text: weights directly, and machines, each with what looks at the text it writes."""

    weights: list[tuple[int, Weight]] = field(default_factory=list)
    """With the number of the measure each adds to."""
    branches: dict[Transducer, _Tree] = field(default_factory=dict)

    def add(self, number: int, chain: Sequence[Transducer], weight: Weight) -> None:
        here = self
        for machine in chain:
            here = here.branches.setdefault(machine, _Tree())
        here.weights.append((number, weight))


class Observer:
    """An unambiguous weighted automaton, explored as it is walked: each text has at most one accepted run.

    A state is the phases of all machines, by number. Characters that everything treats alike are in one class.
    Raises TooManyPhases.
    """

    def __init__(self, measures: Sequence[tuple[tuple[Transducer, ...], Weight]]) -> None:
        self._tree = _Tree()
        self._none: Weights = (0,) * len(measures)
        for number, (chain, weight) in enumerate(measures):
            self._tree.add(number, chain, weight)
        self._numbers: dict[Phases, int] = {}
        self._order: list[Phases] = []
        self._moves: dict[tuple[int, int], tuple[tuple[int, Weights], ...]] = {}
        self.classes, self._representatives = self._partition()
        self.starts = tuple((self._number(phases), weights) for phases, weights in self._begin(self._tree))
        """(state, what is written before the first character)."""

    def moves(self, state: int, character_class: int) -> tuple[tuple[int, Weights], ...]:
        """(next state, what is added) for each guess on a character of the class."""
        key = (state, character_class)
        found = self._moves.get(key)
        if found is None:
            character = self._representatives[character_class]
            seen = self._see(self._tree, self._order[state], character)
            found = self._moves[key] = tuple((self._number(phases), weights) for phases, weights in seen)
        return found

    def end(self, state: int) -> Weights | None:
        """What is added at the end; None where the run is not accepted."""
        found = self._finish(self._tree, self._order[state])
        return found[0] if found else None

    def _number(self, phases: Phases) -> int:
        number = self._numbers.get(phases)
        if number is None:
            number = self._numbers[phases] = len(self._order)
            self._order.append(phases)
        return number

    def _partition(self) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], list[str]]:
        """Cut the characters so that all of one class are treated alike, with one of each class to try."""
        step = _signatures(self._tree)
        groups: dict[Any, int] = {}
        representatives: list[str] = []
        numbers: list[int] = []
        for low, _, signature in steps.pieces(step):
            number = groups.setdefault(signature, len(groups))
            if number == len(representatives):
                representatives.append(chr(low))
            numbers.append(number)
        return steps.coalesce(step[0], numbers), representatives

    def _see(self, tree: _Tree, phases: Phases, text: str) -> list[tuple[Phases, Weights]]:
        """A tree reads a text: all (phases, what is added)."""
        added = list(self._none)
        if text:
            for number, weight in tree.weights:
                added[number] += weight.of(text)
        found: list[tuple[Phases, Weights]] = [((), tuple(added))]
        for (machine, inner), (phase, deeper) in zip(tree.branches.items(), phases, strict=True):
            runs: list[tuple[Any, str]] = [(phase, "")]
            for character in text:
                character_class = steps.at(machine.classes, ord(character))
                runs = [
                    (move.phase, written + move.before + (move.image(character) if move.image is not None else ""))
                    for here, written in runs
                    for move in machine.moves(here, character_class)
                ]
            options = [
                ((here, then), more) for here, written in runs for then, more in self._see(inner, deeper, written)
            ]
            found = _combine(found, options)
        return found

    def _begin(self, tree: _Tree) -> list[tuple[Phases, Weights]]:
        found: list[tuple[Phases, Weights]] = [((), self._none)]
        for machine, inner in tree.branches.items():
            options = [
                ((phase, then), _sum(before, more))
                for phase, written in machine.starts()
                for fresh, before in self._begin(inner)
                for then, more in self._see(inner, fresh, written)
            ]
            found = _combine(found, options)
        return found

    def _finish(self, tree: _Tree, phases: Phases) -> list[Weights]:
        """What is still added at the end, as a list of at most one."""
        found = [self._none]
        for (machine, inner), (phase, deeper) in zip(tree.branches.items(), phases, strict=True):
            written = machine.end(phase)
            if written is None:
                return []
            options = [
                _sum(before, more)
                for then, before in self._see(inner, deeper, written)
                for more in self._finish(inner, then)
            ]
            found = [_sum(one, other) for one in found for other in options]
        return found


def _combine(
    found: list[tuple[Phases, Weights]], options: list[tuple[tuple[Any, Phases], Weights]]
) -> list[tuple[Phases, Weights]]:
    """Every way so far with every way of one more branch."""
    return [((*phases, more), _sum(one, other)) for phases, one in found for more, other in options]


def _sum(one: Weights, other: Weights) -> Weights:
    return tuple(map(int.__add__, one, other))


def _signatures(tree: _Tree) -> tuple[tuple[int, ...], tuple[tuple[Any, ...], ...]]:
    """How a tree sees each character: its weights, its class for every machine, and what its images mean further on."""
    step: tuple[tuple[int, ...], tuple[tuple[Any, ...], ...]] = steps.constant(())
    for _, weight in tree.weights:
        step = steps.merge(step, weight.step, lambda known, w: (*known, w))
    for machine, inner in tree.branches.items():
        after = _signatures(inner)
        step = steps.merge(step, machine.classes, lambda known, c: (*known, c))
        for image in images(machine):
            if image is IDENTITY:
                seen: tuple[tuple[int, ...], tuple[Any, ...]] = after
            else:
                bounds, written = image.pull(after[0])
                seen = steps.coalesce(
                    bounds,
                    [after[1][i] if isinstance(i, int) else tuple(steps.at(after, ord(c)) for c in i) for i in written],
                )
            step = steps.merge(step, seen, lambda known, s: (*known, s))
    return step
