"""Automata as tables: states are numbers, and characters that all states treat alike are one column.

A language steps lazily, over all of Unicode, so a small question to a huge language stays small. Minimal automata are
small, and walked often; each is tabled once, and the intersection of several is walked over columns:

    [a-z]*  and  ~(ab|b)      columns a, b, c-z, rest; states (0, 0), (0, 1), ...

The preimage of such a language under a machine is computed on its table, too: the states are sets of (phase of the
machine, state of the language), as many as the machine's guesses make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from .. import steps
from ..alphabet import LetterStep, lettered, on_both, on_each, same_on_all
from ..budget import BudgetExceeded
from ..interning import Answers
from ..language import Complement, Intersection, Language
from ..transducer import IDENTITY, images, preimage
from .minimal import is_automaton, left_as_it_is, quotient, refine
from .search import states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..transducer import CharMap, Move, Phase, Transducer
    from .workload import Workload

_MOST_STATES = 2_000
"""The greatest number of states of a preimage before it is minimised; beyond it the preimage stays lazy."""

DEAD = -1
"""Stands for every state from which nothing is accepted any more."""

Row: TypeAlias = tuple[int, ...]
"""Per column, the state it leads to."""

States: TypeAlias = tuple[int, ...]
"""One state of each automaton of several."""


@dataclass(frozen=True, slots=True, eq=False)
class TransitionTable:
    """An automaton of few states; it begins in state 0."""

    columns: tuple[tuple[int, ...], tuple[int, ...]]
    """The column of each character, as a step function."""
    letters: LetterStep[int]
    """The same over letters."""
    rows: tuple[Row, ...]
    accepts: tuple[bool, ...]


_tables: Answers[TransitionTable | None] = Answers(65_536)


def table(language: Language) -> TransitionTable | None:
    """The table of a minimal automaton, of a loop over characters, or of the complement of one; None of others."""
    return _tables.of(language, None, lambda: _make_table(language))


def _make_table(language: Language) -> TransitionTable | None:
    if isinstance(language, Complement):
        inner = table(language.parts)  # never a complement itself: the recursion ends here
        return None if inner is None else _complement(inner)
    if is_automaton(language):
        return _tabled(states(language))
    return None


def _tabled(order: list[Language]) -> TransitionTable:
    numbers = {state: i for i, state in enumerate(order)}
    alphabets = dict.fromkeys(state.step()[0] for state in order)
    joint: LetterStep[tuple[int, ...]] = same_on_all(())
    for alphabet in alphabets:
        joint = on_both(joint, (alphabet, tuple(range(alphabet.size))), lambda known, letter: (*known, letter))
    columns = dict(zip(alphabets, zip(*joint[1], strict=True), strict=True))
    rows: list[list[int]] = []
    for state in order:
        alphabet, targets = state.step()
        rows.append([numbers[targets[letter]] for letter in columns[alphabet]])
    return _live((joint[0].bounds, joint[0].letters), rows, tuple(state.nullable for state in order))


def _complement(inner: TransitionTable) -> TransitionTable:
    """The complement: a dead state becomes one that accepts everything."""
    anything = len(inner.rows)
    rows = [[anything if j == DEAD else j for j in row] for row in inner.rows]
    rows.append([anything] * len(inner.rows[0]))
    return _live(inner.columns, rows, (*(not accepting for accepting in inner.accepts), True))


def _live(
    columns: tuple[tuple[int, ...], tuple[int, ...]], rows: Sequence[Sequence[int]], accepts: tuple[bool, ...]
) -> TransitionTable:
    """The table of these states; states without a way to an end become DEAD, equal columns become one."""
    sources: list[list[int]] = [[] for _ in rows]
    for i, targets in enumerate(rows):
        for j in set(targets):
            sources[j].append(i)
    alive = {i for i, accepting in enumerate(accepts) if accepting}
    todo = list(alive)
    while todo:
        fresh = [i for i in sources[todo.pop()] if i not in alive]
        alive.update(fresh)
        todo += fresh
    left = [[j if j in alive else DEAD for j in row] for row in rows]
    numbers: dict[Row, int] = {}
    kinds = [numbers.setdefault(column, len(numbers)) for column in zip(*left, strict=True)]
    bounds, own = columns
    merged = steps.coalesce(bounds, [kinds[column] for column in own])
    return TransitionTable(merged, lettered(merged), tuple(zip(*numbers, strict=True)), accepts)


# -------------------------------------------------------------------------------------------------------- together


@dataclass(frozen=True, slots=True)
class _Column:
    """Characters that several automata, and the caller's step function, treat alike."""

    each: tuple[int, ...]
    """The column of each automaton."""
    kind: int
    """Their value in the caller's step function."""
    rank: int
    """How plausible the best of them is; less is better."""
    low: int
    high: int
    """A half-open range that contains the best of them, all of the same kind."""


class Product:
    """The intersection of several automata, walked column by column."""

    def __init__(
        self, tables: Sequence[TransitionTable], kinds: tuple[tuple[int, ...], tuple[int, ...]] = ((), (0,))
    ) -> None:
        """`kinds`: a further distinction of characters, as a step function."""
        self.rows = [each.rows for each in tables]
        self.tables = tables
        self.columns = _columns(tables, kinds)
        self.start: States = (0,) * len(tables)

    def leaving(self, states: States) -> list[tuple[States, int, int, int]]:
        """(next states, kind of character, low, high): of each the most plausible range; the most plausible first."""
        rows = [row[state] for row, state in zip(self.rows, states, strict=True)]
        best: dict[tuple[States, int], _Column] = {}
        for column in self.columns:
            target = tuple([row[i] for row, i in zip(rows, column.each, strict=True)])
            if DEAD not in target:
                best.setdefault((target, column.kind), column)
        return [(target, kind, column.low, column.high) for (target, kind), column in best.items()]

    def count(self, states: States, work: Workload) -> None:  # noqa: ARG002 - every state has all columns
        """Count the work of leaving a state. Raises BudgetExceeded."""
        work.compare(len(self.columns))

    def accepts(self, states: States) -> bool:
        """Whether the text read so far is a member of all."""
        return all(table.accepts[state] for table, state in zip(self.tables, states, strict=True))


def product(language: Language, kinds: tuple[tuple[int, ...], tuple[int, ...]] = ((), (0,))) -> Product | None:
    """The parts of an intersection, walked together; None where not all of them have tables."""
    parts = language.parts if isinstance(language, Intersection) else (language,)
    tables = [table(part) for part in parts]
    automata = [each for each in tables if each is not None]
    return Product(automata, kinds) if len(automata) == len(tables) else None


def _columns(tables: Sequence[TransitionTable], kinds: tuple[tuple[int, ...], tuple[int, ...]]) -> list[_Column]:
    seen: LetterStep[Row] = on_each(lettered(kinds), lambda kind: (kind,))
    for each in tables:
        seen = on_both(seen, each.letters, lambda known, column: (*known, column))
    alphabet, alike = seen
    columns = [
        _Column(each[1:], each[0], *likely)
        for likely, each in zip(alphabet.likely, alike, strict=True)
        if likely is not None
    ]
    return sorted(columns, key=lambda column: (column.rank, column.low))


# ------------------------------------------------------------------------------------------------------- preimages


def minimal_preimage(machine: Transducer, language: Language) -> Language:
    """`preimage`, as a minimal automaton; where it, or the language, has too many states, it stays lazy."""
    known = table(language)
    if known is None:
        return left_as_it_is(preimage(machine, language))
    try:
        return _Backwards(machine, known, images(machine)).minimal(_MOST_STATES)
    except BudgetExceeded:
        return left_as_it_is(preimage(machine, language))


_Place: TypeAlias = "frozenset[tuple[Phase, int]]"
"""Where the machine and the automaton may be; in several places at once while the machine guesses."""


_Kind: TypeAlias = tuple[Any, tuple[int | str, ...]]
"""The machine's class of a character; and per character map, the column of its image, or the image as text."""


class _Backwards:
    """A machine and the table of the language whose preimage is computed."""

    def __init__(self, machine: Transducer, known: TransitionTable, maps: Sequence[CharMap]) -> None:
        self.machine = machine
        self.known = known
        seen: tuple[tuple[int, ...], tuple[_Kind, ...]]
        seen = machine.classes[0], tuple((kind, ()) for kind in machine.classes[1])
        for image in maps:
            seen = steps.merge(seen, self._under(image), lambda one, other: (one[0], (*one[1], other)))
        self.alphabet, self.kinds = lettered(seen)
        self.places = {image: i for i, image in enumerate(maps)}
        self.classes = tuple(dict.fromkeys(kind for kind, _ in self.kinds))
        self.nowhere: _Place = frozenset()
        self.alone: dict[tuple[Phase, int], _Place] = {}
        self.moves: dict[tuple[Phase, int], list[_Place]] = {}

    def _under(self, image: CharMap) -> tuple[tuple[int, ...], tuple[int | str, ...]]:
        """Per character, the column of its image; an image of several characters is given as text."""
        if image is IDENTITY:
            return self.known.columns
        bounds, targets = self.known.columns
        cut, pieces = image.preimage(bounds)
        return steps.coalesce(cut, [targets[i] if isinstance(i, int) else i for i in pieces])

    def minimal(self, limit: int) -> Language:
        """Raises BudgetExceeded."""
        start = frozenset(
            (phase, state) for phase, text in self.machine.starts() if (state := self._after(0, text)) != DEAD
        )
        numbers = {start: 0}
        order = [start]
        rows: list[list[int]] = []
        for place in order:
            row: list[int] = []
            ways = [self._moves(phase, state) for phase, state in place]
            if len(ways) != 1:  # the union; the empty place leads to itself
                together: list[_Place] = [frozenset().union(*column) for column in zip(*ways, strict=True)]
                ways = [together or [self.nowhere] * len(self.kinds)]
            for following in ways[0]:
                number = numbers.get(following)
                if number is None:
                    number = numbers[following] = len(order)
                    order.append(following)
                row.append(number)
            rows.append(row)
            if len(order) > limit:
                raise BudgetExceeded("states", len(order))
        accepts = [any(self._accepts(phase, state) for phase, state in place) for place in order]
        moves = [(self.alphabet, row) for row in rows]
        return quotient(moves.__getitem__, accepts, refine(accepts, moves))

    def _moves(self, phase: Phase, state: int) -> list[_Place]:
        """Per column, the next place."""
        places = self.moves.get((phase, state))
        if places is None:
            ways = {kind: self.machine.moves(phase, kind) for kind in self.classes}
            places = [self._following(ways[kind], state, images) for kind, images in self.kinds]
            self.moves[phase, state] = places
        return places

    def _following(self, ways: Sequence[Move], state: int, images: tuple[int | str, ...]) -> _Place:
        place = self.nowhere
        for move in ways:
            after = self._after(state, move.before) if move.before else state
            if move.image is not None and after != DEAD:
                image = images[self.places[move.image]]
                after = self._after(after, image) if isinstance(image, str) else self.known.rows[after][image]
            if after != DEAD:
                key = (move.phase, after)
                alone = self.alone.get(key)
                if alone is None:
                    alone = self.alone[key] = frozenset((key,))
                place = place | alone if place else alone
        return place

    def _after(self, state: int, text: str) -> int:
        for character in text:
            if state == DEAD:
                break
            state = self.known.rows[state][steps.at(self.known.columns, ord(character))]
        return state

    def _accepts(self, phase: Phase, state: int) -> bool:
        ending = self.machine.end(phase)
        if ending is None:
            return False
        last = self._after(state, ending)
        return last != DEAD and self.known.accepts[last]
