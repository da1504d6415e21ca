"""The minimal automaton of a language: equal languages become the same object.

A language of many parts may have very many states before it has its few: of `(.*a){20}`, 65 after 4 rounds and millions
after 20, and the automaton has 21. So a language of too many states is built from minimal parts, the last one first.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from ..alphabet import Alphabet, LetterStep, letter_step
from ..budget import BudgetExceeded
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
    chars,
    complement,
    concat,
    fresh,
    intern_automaton,
    intersection,
    repeat,
    union,
)
from ..language import Union as UnionLanguage
from .search import counted_states, states

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from ..iteration import Work

CANONICAL_LIMIT = 300
"""Languages with more states than this are kept as they are instead of being minimised."""

_PART_LIMIT = 1_500
"""States of one part, before it is minimised, that an automaton is built from; more than it has afterwards."""
_PARTS_LIMIT = 8_000
"""States of all parts together."""
_TOGETHER_LIMIT = 40_000
"""The work for all automata of one contract, in plain states; as much again for languages of few states."""
_FEW = 30
"""States of a language that is minimised where those are spent."""

_work: ContextVar[_Work | None] = ContextVar("work", default=None)

Moves: TypeAlias = tuple[Alphabet, "Sequence[int]"]
"""The moves from one state: an alphabet and, per letter, the number of the state that follows."""


@contextmanager
def forms_together() -> Iterator[None]:
    """Inside, the automata of one contract are made, which share an amount of work.

    Beyond it only languages of few states are minimised. The others are kept as they are: each question about them is
    answered the same, or ends by its own budget.
    """
    token = _work.set(_Work())
    try:
        yield
    finally:
        _work.reset(token)


def canonical(language: Language, limit: int = CANONICAL_LIMIT) -> Language:
    """The minimal automaton of the language: equal languages become the same object.

    A language of more than `limit` states, as it is and from minimal parts, is returned unchanged. Partition refinement
    after Hopcroft (1971), in the form that only looks again at states whose successors changed class.
    """
    if language.is_minimal:
        return language
    minimal = language.minimal
    if minimal is None:
        minimal = _formed(language, limit, _work.get() or _Work())
        if minimal is language:
            language.is_minimal = True
        else:
            language.minimal = minimal
    return minimal


class _Work:
    """The states that may still be visited for the automata of one contract."""

    def __init__(self) -> None:
        self.left = _TOGETHER_LIMIT
        self.left_for_few = _TOGETHER_LIMIT
        """For languages of few states, where that is spent."""

    def spend(self, work: int) -> None:
        """Count work that was done."""
        if self.left > 0:
            self.left -= work
        else:
            self.left_for_few -= work


def _formed(language: Language, limit: int, work: _Work) -> Language:
    """The minimal automaton, as it is or built from those of the parts; the language itself where that is too much."""
    is_spent = work.left <= 0
    if is_spent and work.left_for_few <= 0:
        return language
    try:
        order, visited = counted_states(language, min(limit, _FEW) if is_spent else limit)
    except BudgetExceeded as error:
        work.spend(error.spent)
        if is_spent:
            return language
    else:
        work.spend(visited)
        return _minimise(order)
    parts = _Parts(limit)
    try:
        return iterate(parts.before(language, EPSILON))
    except BudgetExceeded:
        return language
    finally:
        work.spend(parts.work)


class _Parts:
    """Builds a minimal automaton from the last part to the first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.visited = 0
        """States of all parts so far."""
        self.work = 0
        """The work of visiting them, in plain states."""

    def before(self, language: Language, rest: Language) -> Work[Language]:
        """The minimal automaton of the language and then the rest, itself minimal. Raises BudgetExceeded."""
        match language:
            case Concatenation():
                parts: list[Language] = []
                while isinstance(language, Concatenation):
                    head, language = language.parts
                    parts.append(head)
                for part in (language, *reversed(parts)):
                    rest = yield self.before(part, rest)
                return rest
            case UnionLanguage():
                branches: list[Language] = []
                for part in language.parts:
                    branches.append((yield self.before(part, rest)))
                return self._minimal(union(*branches))
            case Intersection() if rest is EPSILON:
                branches = []
                for part in language.parts:
                    branches.append((yield self.before(part, EPSILON)))
                return self._minimal(intersection(*branches))
            case Complement() if rest is EPSILON:
                return self._minimal(complement((yield self.before(language.parts, EPSILON))))
            case Repetition() if not isinstance(language.parts[0], Characters):
                return (yield from self._rounds(language, rest))
            case _:
                return self._minimal(concat(language, rest))

    def _rounds(self, loop: Language, rest: Language) -> Work[Language]:
        """A counted loop round by round, from the last one."""
        body, low, high = loop.parts
        if max(low, high or 0) > self._limit:  # an automaton of so many rounds is not small
            raise BudgetExceeded("states", max(low, high or 0))
        if high is None:
            every = yield self.before(body, EPSILON)
            whole = self._minimal(concat(repeat(every, 0), rest))
        else:
            whole = rest
            for _ in range(high - low):
                whole = self._minimal(union(rest, (yield self.before(body, whole))))
        for _ in range(low):
            whole = yield self.before(body, whole)
        return whole

    def _minimal(self, language: Language) -> Language:
        if language.is_minimal:
            return language
        if language.minimal is not None:
            return language.minimal
        try:
            order, work = counted_states(language, _PART_LIMIT)
        except BudgetExceeded as error:
            self.work += error.spent
            raise
        self.visited += len(order)
        self.work += work
        if self.visited > _PARTS_LIMIT:
            raise BudgetExceeded("states", self.visited)
        minimal = _minimise(order)
        states(minimal, self._limit)
        return minimal


def is_automaton(language: Language) -> bool:
    """Whether the language is a minimal automaton, the empty text, or a loop over characters: of few, plain states."""
    return isinstance(language, AutomatonState) or language is EPSILON or _is_loop(language)


def _is_loop(language: Language) -> bool:
    return isinstance(language, Repetition) and isinstance(language.parts[0], Characters) and language.parts[2] is None


def left_as_it_is(language: Language) -> Language:
    """The language, which is known to have too many states to be minimised."""
    if language.minimal is not None:
        return language.minimal
    language.is_minimal = True
    return language


def _minimise(order: list[Language]) -> Language:
    index = {state: i for i, state in enumerate(order)}
    delta: list[Moves] = []
    for state in order:
        alphabet, targets = state.step()
        delta.append((alphabet, [index[target] for target in targets]))
    accepts = [state.nullable for state in order]
    return quotient(delta.__getitem__, accepts, refine(accepts, delta))


def refine(accepts: Sequence[bool], delta: Sequence[Moves]) -> list[int]:
    """Per state, the number of its class.

    The coarsest partition in which equivalent states accept the same and step to equivalent states.
    """
    classes = [int(accepting) for accepting in accepts]
    predecessors: list[list[int]] = [[] for _ in delta]
    for i, (_, targets) in enumerate(delta):
        for j in set(targets):
            predecessors[j].append(i)
    one_alphabet = all(alphabet is delta[0][0] for alphabet, _ in delta)
    signature = _signature_of_letters if one_alphabet else _signature
    members: dict[int, set[int]] = {}
    for i, c in enumerate(classes):
        members.setdefault(c, set()).add(i)
    fresh = max(members) + 1
    dirty = set(range(len(delta)))
    while dirty:
        blocks: dict[int, list[int]] = {}
        for i in sorted(dirty):
            blocks.setdefault(classes[i], []).append(i)
        moved: list[tuple[int, int]] = []
        for block, changed in blocks.items():
            for part in _split(members[block], changed, lambda i: signature(delta[i], classes)):
                members[block] -= part
                members[fresh] = part
                moved += ((i, fresh) for i in part)
                fresh += 1
        for i, c in moved:
            classes[i] = c
        dirty = {p for i, _ in moved for p in predecessors[i]}
    return classes


def _split(block: set[int], changed: list[int], signature: Callable[[int], Hashable]) -> list[set[int]]:
    """The parts to move out of a block: all but its largest, by the classes that its changed states now step to."""
    if len(block) == 1:
        return []
    groups: dict[Hashable, set[int]] = {}
    for i in changed:
        groups.setdefault(signature(i), set()).add(i)
    rest = block.difference(changed)
    if rest:  # the unchanged states still agree with one another: one of them represents all
        groups.setdefault(signature(min(rest)), set()).update(rest)
    parts = sorted(groups.values(), key=lambda part: (len(part), -min(part)))
    return parts[:-1]


def _signature(moves: Moves, classes: list[int]) -> LetterStep[int]:
    alphabet, targets = moves
    return letter_step(alphabet, [classes[j] for j in targets])


def _signature_of_letters(moves: Moves, classes: list[int]) -> tuple[int, ...]:
    """The same where all states have one alphabet: the classes per letter tell as much, and cost less."""
    return tuple([classes[j] for j in moves[1]])


def quotient(delta: Callable[[int], Moves], accepts: Sequence[bool], classes: list[int]) -> Language:
    """The automaton with one state for each class, as explicit states, numbered breadth-first, shared by content.

    State 0 is where it starts.
    """
    representative: dict[int, int] = {}
    for i, c in enumerate(classes):
        representative.setdefault(c, i)
    numbers = {classes[0]: 0}
    queue = [classes[0]]
    table: list[tuple[Alphabet, tuple[int, ...], bool]] = []
    for c in queue:
        i = representative[c]
        alphabet, targets = _signature(delta(i), classes)
        for target in targets:
            if target not in numbers:
                numbers[target] = len(queue)
                queue.append(target)
        table.append((alphabet, tuple(numbers[target] for target in targets), accepts[i]))
    return _automaton(tuple(table))


class AutomatonState(Language):
    """A state of a minimal automaton; its step function is set as it is built."""

    __slots__ = ()


_Table = tuple[tuple[Alphabet, tuple[int, ...], bool], ...]


def _automaton(table: _Table) -> Language:
    """The language of a minimal automaton: rows of (alphabet, target rows, accepts); the first row is the start."""
    loop = _simple_loop(table)
    if loop is not None:
        return loop
    return intern_automaton(table, partial(_build, table))


def _build(table: _Table) -> Language:
    """The states of a minimal automaton that starts in its first row."""
    start = fresh(AutomatonState, None, nullable=table[0][2])
    start.is_minimal = True
    nodes: list[Language] = [start]
    for row, (_, targets, nullable) in enumerate(table[1:], 1):
        if targets == (row,):
            nodes.append(ALL if nullable else EMPTY)
        elif len(targets) == 1 and table[targets[0]][1:] == (targets, False):
            nodes.append(EPSILON if nullable else EMPTY)
        else:
            nodes.append(fresh(AutomatonState, None, nullable=nullable))
    for node, (alphabet, targets, _) in zip(nodes, table, strict=True):
        if isinstance(node, AutomatonState):
            node._step = (alphabet, tuple(nodes[target] for target in targets))  # noqa: SLF001 - built here
    return start


def _simple_loop(table: _Table) -> Language | None:
    """`[set]*` written as the loop it is, so that the constructors can unite and intersect it."""
    alphabet, targets, nullable = table[0]
    if targets == (0,):
        return ALL if nullable else EMPTY
    if not nullable or any(j != 0 and (table[j][2] or table[j][1] != (j,)) for j in targets):
        return None
    inside = alphabet.charset([letter for letter, j in enumerate(targets) if j == 0])
    return repeat(chars(inside), 0) if inside else EPSILON
