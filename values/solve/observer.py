"""Several measures of a text, each a weight after a chain of machines, as one weighted automaton.

Chains that begin with the same machines share them:

    trim . upper . bytes                trim --- upper --- [bytes]
    trim . characters           as       |
    characters                           +--- [characters]            and [characters] of the text itself

So a machine that guesses (is this blank the last?) guesses once for all measures after it, and the states are not the
product of the states of each measure alone.
"""

from __future__ import annotations

from itertools import product
from math import prod
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from .. import steps
from ..budget import STANDARD, Budget, BudgetExceeded
from ..transducer import IDENTITY, images

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..transducer import Phase, Transducer
    from ..weight import Weight

Weights: TypeAlias = tuple[int, ...]
"""The weight added to each measure."""

Seen: TypeAlias = tuple[tuple[int, Weights], ...]
"""For each guess, the state after it and the weights added."""


class Observer:
    """An unambiguous weighted automaton, explored as it is walked: each text has at most one accepted run.

    Characters that all machines and weights treat alike are in one class. Raises BudgetExceeded.
    """

    def __init__(self, measures: Sequence[tuple[tuple[Transducer, ...], Weight]], budget: Budget = STANDARD) -> None:
        """The budget bounds the phases of one machine, and the guesses of all of them on one character."""
        self._tree = _Tree(budget.guesses)
        for number, (chain, weight) in enumerate(measures):
            self._tree.add(number, chain, weight)
        self._tree.join()
        numbers = self._tree.measures()
        self.measures = len(numbers)
        places = sorted(range(len(numbers)), key=numbers.__getitem__)
        self._reordered: Callable[[Weights], Weights] | None
        self._reordered = None if places == list(range(len(numbers))) else itemgetter(*places)
        """Puts weights into the order of the questions; None: they are in it."""
        self._ends: dict[int, Weights | None] = {}
        self.classes, self._representatives = self._partition(budget.phases)
        self._moves: list[dict[int, Seen]] = [{} for _ in self._representatives]
        """Per class of characters, and state."""
        self.starts = self._in_order(self._tree.begin())
        """(state, weights added before the first character)."""

    def moves(self, state: int, character_class: int) -> Seen:
        """(next state, weights added) for each guess on a character of the class."""
        known = self._moves[character_class]
        moves = known.get(state)
        if moves is None:
            moves = known[state] = self._in_order(self._tree.move(state, self._representatives[character_class]))
        return moves

    def end(self, state: int) -> Weights | None:
        """The weights added at the end; None where the run is not accepted."""
        if state not in self._ends:
            weights = self._tree.finish(state)
            reordered = self._reordered
            self._ends[state] = weights if weights is None or reordered is None else reordered(weights)
        return self._ends[state]

    def _in_order(self, seen: Seen) -> Seen:
        """The same with the weights in the order of the questions."""
        reordered = self._reordered
        return seen if reordered is None else tuple([(state, reordered(weights)) for state, weights in seen])

    def _partition(self, phases: int) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], list[str]]:
        """Cut the characters into classes that are treated alike, with a representative of each class."""
        step = _signatures(self._tree, phases)
        groups: dict[Any, int] = {}
        representatives: list[str] = []
        numbers: list[int] = []
        for low, _, signature in steps.pieces(step):
            number = groups.setdefault(signature, len(groups))
            if number == len(representatives):
                representatives.append(chr(low))
            numbers.append(number)
        return steps.coalesce(step[0], numbers), representatives


_DEEPEST = 30
"""The greatest depth of nested branches; each uses five frames of the interpreter's stack at most."""


class _Tree:
    """The measures of one text: weights of the text itself, and branches, each with the measures of the text it writes.

    A state is the states of the branches, by number; weights added are in the order of `measures`.
    """

    def __init__(self, guesses: int) -> None:
        """`guesses`: the greatest number of guesses on one character."""
        self._guesses = guesses
        self.weights: list[tuple[int, Weight]] = []
        """Each with the number of its measure."""
        self.branches: dict[Transducer, _Branch] = {}
        self._numbers: dict[tuple[int, ...], int] = {}
        self._order: list[tuple[int, ...]] = []
        self._own: dict[str, Weights] = {}
        self._seen: dict[str, dict[int, Seen]] = {}
        self._only: _Branch | None = None
        """The branch where it is the only measure: its states are those of the tree."""

    def add(self, number: int, chain: Sequence[Transducer], weight: Weight) -> None:
        """One more measure."""
        here = self
        for machine in chain:
            here = here.branches.setdefault(machine, _Branch(machine, self._guesses)).inside
        here.weights.append((number, weight))

    def join(self, depth: int = 0) -> None:
        """Make one branch of those that nothing else looks in between of. Raises BudgetExceeded."""
        if depth > _DEEPEST:
            raise BudgetExceeded("nested branches", depth)
        for branch in self.branches.values():
            branch.join(depth)
        if not self.weights and len(self.branches) == 1:
            (self._only,) = self.branches.values()

    def measures(self) -> list[int]:
        """The numbers of the measures, in the order of the weights added."""
        inside = [number for branch in self.branches.values() for number in branch.inside.measures()]
        return [number for number, _ in self.weights] + inside

    def see(self, state: int, text: str) -> Seen:
        """Continue the text."""
        known = self._seen.get(text)
        if known is None:
            known = self._seen[text] = {}
        moves = known.get(state)
        if moves is None:
            moves = known[state] = self.move(state, text)
        return moves

    def move(self, state: int, text: str) -> Seen:
        """The same, for a caller that keeps it."""
        if self._only is not None:
            return self._only.see(state, text)
        own = self._own.get(text)
        if own is None:
            own = self._own[text] = tuple([weight.of(text) for _, weight in self.weights])
        inside = zip(self.branches.values(), self._order[state], strict=True)
        return self._together(own, [branch.see(inner, text) for branch, inner in inside])

    def begin(self) -> Seen:
        """Begin the text."""
        if self._only is not None:
            return self._only.begin()
        return self._together((0,) * len(self.weights), [branch.begin() for branch in self.branches.values()])

    def finish(self, state: int) -> Weights | None:
        """End the text; None: this run is not accepted."""
        if self._only is not None:
            return self._only.finish(state)
        weights: Weights = (0,) * len(self.weights)
        for branch, inner in zip(self.branches.values(), self._order[state], strict=True):
            more = branch.finish(inner)
            if more is None:
                return None
            weights += more
        return weights

    def _together(self, own: Weights, options: list[Seen]) -> Seen:
        """Every combination of the branches' guesses."""
        combinations = prod(map(len, options))
        if combinations > self._guesses:
            raise BudgetExceeded("guesses", combinations)
        if not combinations:
            return ()
        moves: list[tuple[int, Weights]] = []
        for choice in product(*options):
            state = tuple([inner for inner, _ in choice])
            number = self._numbers.get(state)
            if number is None:
                number = self._numbers[state] = len(self._order)
                self._order.append(state)
            added = own
            for _, weights in choice:
                added += weights
            moves.append((number, added))
        return tuple(moves)


_Run: TypeAlias = "tuple[tuple[Phase, ...], int, Weights]"
"""The machines' phases, the state inside, the weights added."""


class _Branch:
    """Machines one after the other, and the measures of the text that the last one writes.

    A state is their phases and the state inside, by number.
    """

    def __init__(self, machine: Transducer, guesses: int) -> None:
        self._guesses = guesses
        self.machines: tuple[Transducer, ...] = (machine,)
        self.inside = _Tree(guesses)
        self._numbers: dict[tuple[tuple[Phase, ...], int], int] = {}
        self._order: list[tuple[tuple[Phase, ...], int]] = []
        self._written: dict[tuple[int, Phase, str], list[tuple[Phase, str]]] = {}
        self._fed: dict[tuple[int, tuple[Phase, ...], str], list[tuple[tuple[Phase, ...], str]]] = {}
        self._seen: dict[str, dict[int, Seen]] = {}

    def join(self, depth: int) -> None:
        """Make one branch of those that nothing else looks in between of. Raises BudgetExceeded."""
        while not self.inside.weights and len(self.inside.branches) == 1:
            (only,) = self.inside.branches.values()
            self.machines += only.machines
            self.inside = only.inside
        self.inside.join(depth + 1)

    def see(self, state: int, text: str) -> Seen:
        """Continue the text."""
        known = self._seen.get(text)
        if known is None:
            known = self._seen[text] = {}
        moves = known.get(state)
        if moves is None:
            runs = self._feed(0, *self._order[state], text)
            moves = known[state] = tuple([(self._number(phases, inner), added) for phases, inner, added in runs])
        return moves

    def begin(self) -> Seen:
        """Begin the text."""
        runs: list[_Run] = [((), inner, added) for inner, added in self.inside.begin()]
        for i in range(len(self.machines) - 1, -1, -1):
            runs = [
                ((phase, *after), then, _sum(before, more))
                for phase, written in self.machines[i].starts()
                for phases, inner, before in runs
                for after, then, more in self._feed(i + 1, phases, inner, written)
            ]
            if len(runs) > self._guesses:
                raise BudgetExceeded("guesses", len(runs))
        return tuple((self._number(phases, inner), added) for phases, inner, added in runs)

    def finish(self, state: int) -> Weights | None:
        """End the text; None: this run is not accepted."""
        # Depth first over the guesses on the text that a machine writes at its end, in order; at most one is accepted.
        phases, inner = self._order[state]
        runs: list[tuple[int, tuple[Phase, ...], int, Weights | None]] = [(0, phases, inner, None)]
        while runs:
            level, phases, inner, before = runs.pop()
            if level == len(self.machines):
                more = self.inside.finish(inner)
                if more is not None:
                    return more if before is None else _sum(before, more)
                continue
            written = self.machines[level].end(phases[0])
            if written == "":
                runs.append((level + 1, phases[1:], inner, before))
            elif written is not None:
                runs += (
                    (level + 1, after, then, weights if before is None else _sum(before, weights))
                    for after, then, weights in reversed(self._feed(level + 1, phases[1:], inner, written))
                )
        return None

    def _feed(self, level: int, phases: tuple[Phase, ...], inner: int, text: str) -> list[_Run]:
        """Run a text through the machines from `level` on, which are in these phases."""
        key = (level, phases, text)
        runs = self._fed.get(key)
        if runs is None:
            runs = [((), text)]
            for i, phase in enumerate(phases, level):
                runs = [((*done, here), written) for done, t in runs for here, written in self._write(i, phase, t)]
                if len(runs) > self._guesses:
                    raise BudgetExceeded("guesses", len(runs))
            self._fed[key] = runs
        return [(done, then, more) for done, written in runs for then, more in self.inside.see(inner, written)]

    def _write(self, level: int, phase: Phase, text: str) -> list[tuple[Phase, str]]:
        """Run a machine in a phase on more text: for each guess its next phase, and the text it writes."""
        key = (level, phase, text)
        runs = self._written.get(key)
        if runs is None:
            machine = self.machines[level]
            runs = [(phase, "")]
            for character in text:
                character_class = steps.at(machine.classes, ord(character))
                runs = [
                    (move.phase, written + move.before + (move.image(character) if move.image is not None else ""))
                    for here, written in runs
                    for move in machine.moves(here, character_class)
                ]
            self._written[key] = runs
        return runs

    def _number(self, phases: tuple[Phase, ...], inner: int) -> int:
        key = (phases, inner)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._order)
            self._order.append(key)
        return number


def _sum(first: Weights, second: Weights) -> Weights:
    return tuple(map(int.__add__, first, second))


def _signatures(tree: _Tree, phases: int) -> tuple[tuple[int, ...], tuple[tuple[Any, ...], ...]]:
    """The signature of each character in a tree: its weights, and its signature in every branch."""
    step: tuple[tuple[int, ...], tuple[tuple[Any, ...], ...]] = steps.constant(())
    for _, weight in tree.weights:
        step = steps.merge(step, weight.step, lambda known, w: (*known, w))
    for branch in tree.branches.values():
        seen: tuple[tuple[int, ...], tuple[Any, ...]] = _signatures(branch.inside, phases)
        numbers: dict[Any, int] = {}
        for machine in reversed(branch.machines):
            seen = _numbered(_before(machine, seen, phases), numbers)
        step = steps.merge(step, seen, lambda known, s: (*known, s))
    return step


def _numbered(
    step: tuple[tuple[int, ...], tuple[Any, ...]], numbers: dict[Any, int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A number for each signature: signatures of signatures would nest as deep as a chain is long."""
    return steps.transform(step, lambda signature: numbers.setdefault(signature, len(numbers)))


def _before(
    machine: Transducer, after: tuple[tuple[int, ...], tuple[Any, ...]], phases: int
) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """The signature of each character for a machine and all that follows: its class, and the signatures of its images."""
    step: tuple[tuple[int, ...], tuple[tuple[Any, ...], ...]] = steps.transform(machine.classes, lambda c: (c,))
    for image in images(machine, phases):
        if image is IDENTITY:
            seen = after
        else:
            bounds, written = image.preimage(after[0])
            seen = steps.coalesce(
                bounds,
                [after[1][i] if isinstance(i, int) else tuple(steps.at(after, ord(c)) for c in i) for i in written],
            )
        step = steps.merge(step, seen, lambda known, s: (*known, s))
    return step
