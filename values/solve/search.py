"""Searches of languages: a shortest member, inclusion with a counterexample, the minimal automaton.

Every search counts the states it visits and ends with `BudgetExceeded` beyond its limit: the verdict is then unknown.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ..alphabet import Alphabet, LetterStep, letter_step, on_both
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
    chars,
    fresh,
    intern_automaton,
    repeat,
)
from ..language import Union as UnionLanguage
from ..plausible import spell

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

CANONICAL_LIMIT = 300
"""Languages with more states than this are kept as they are instead of being minimised."""

_State = TypeVar("_State", bound="Hashable")

Moves: TypeAlias = tuple[Alphabet, "Sequence[int]"]
"""The moves from one state: an alphabet and, per letter, the number of the state that follows."""


def shortest(language: Language, limit: int = STANDARD.states) -> str | None:
    """A shortest string of the language, as plausible as the shortest ones allow; None when it is empty.

    Raises BudgetExceeded beyond `limit` states.
    """
    return _breadth_first(language, Language.step, lambda x: x.nullable, lambda x: x is EMPTY, limit)


_DEAD = (EMPTY, ALL)


_counterexamples: Answers[str | None] = Answers(16_384)


def lazy_counterexample(inner: Language, outer: Language, limit: int = STANDARD.states) -> str | None:
    """A shortest string of `inner` that is not in `outer`, stepping both; None when inner is included.

    Raises BudgetExceeded beyond `limit` states.
    """
    question = (inner.serial, outer.serial, limit)
    return _counterexamples.of(youngest(inner, outer), question, lambda: _step_both(inner, outer, limit))


def _step_both(inner: Language, outer: Language, limit: int) -> str | None:
    def pair(x: Language, y: Language) -> tuple[Language, Language]:
        return _DEAD if x is EMPTY or evidently_included(x, y) else (x, y)

    return _breadth_first(
        (inner, outer),
        lambda state: on_both(state[0].step(), state[1].step(), pair),
        lambda state: state[0].nullable and not state[1].nullable,
        lambda state: state == _DEAD,
        limit,
    )


def _breadth_first(
    start: _State,
    step: Callable[[_State], LetterStep[_State]],
    accepts: Callable[[_State], bool],
    dead: Callable[[_State], bool],
    limit: int,
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
        if len(parents) > limit:
            raise BudgetExceeded("states", len(parents))
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
            return all(evidently_included(part, outer, depth) for part in inner.parts)
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
    order = [language]
    seen = {language}
    for state in order:
        for target in state.step()[1]:
            if target not in seen:
                seen.add(target)
                order.append(target)
        if len(order) > limit:
            raise BudgetExceeded("states", len(order))
    return order


def canonical(language: Language, limit: int = CANONICAL_LIMIT) -> Language:
    """The minimal automaton of the language: equal languages become the same object.

    Languages of more than `limit` states are returned unchanged. Partition refinement after Hopcroft (1971), in the form
    that only looks again at states whose successors changed class.
    """
    if language.is_minimal:
        return language
    minimal = language.minimal
    if minimal is None:
        try:
            minimal = _minimise(states(language, limit))
        except BudgetExceeded:
            minimal = language
        if minimal is language:
            language.is_minimal = True
        else:
            language.minimal = minimal
    return minimal


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
            for part in _split(members[block], changed, classes, delta):
                members[block] -= part
                members[fresh] = part
                moved += ((i, fresh) for i in part)
                fresh += 1
        for i, c in moved:
            classes[i] = c
        dirty = {p for i, _ in moved for p in predecessors[i]}
    return classes


def _split(block: set[int], changed: list[int], classes: list[int], delta: Sequence[Moves]) -> list[set[int]]:
    """The parts to move out of a block: all but its largest, by the classes that its changed states now step to."""
    if len(block) == 1:
        return []
    groups: dict[LetterStep[int], set[int]] = {}
    for i in changed:
        groups.setdefault(_signature(delta[i], classes), set()).add(i)
    rest = block.difference(changed)
    if rest:  # the unchanged states still agree with one another: one of them represents all
        groups.setdefault(_signature(delta[min(rest)], classes), set()).update(rest)
    parts = sorted(groups.values(), key=lambda part: (len(part), -min(part)))
    return parts[:-1]


def _signature(moves: Moves, classes: list[int]) -> LetterStep[int]:
    alphabet, targets = moves
    return letter_step(alphabet, [classes[j] for j in targets])


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
