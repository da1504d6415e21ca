r"""Membership, compiled: whether a text is in a set, as quickly as Python can decide it, in time linear in the text.

A small automaton becomes a regular expression in which the next character determines every choice, without backtracking:

    [A-Z]{2}[0-9]*      becomes      [A-Z](?:[A-Z][0-9]*+)
    [a-z]+(,[a-z]+)*    becomes      [a-z][a-z]*+(?:(?:,[a-z][a-z]*+)*+)

A possessive quantifier (`*+`, Python 3.11) keeps the characters it matched; since no other choice accepts them, no
match is lost. At most the last, unfinished round of each loop is read again. Other small automata are walked as tables,
and larger ones are stepped lazily.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import reduce
from typing import TYPE_CHECKING, Any

from . import steps
from .budget import BudgetExceeded
from .interning import Answers
from .iteration import iterate
from .language import TEXTS
from .solve.atom import Measure
from .solve.minimal import canonical
from .solve.search import states
from .solve.table import DEAD, table
from .weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .iteration import Work
    from .language import Language, Step
    from .solve.atom import Atom
    from .solve.table import TransitionTable
    from .textset import TextSet

_LONGEST_PATTERN = 6_000
_MOST_STATES = 400
_MOST_KEPT = 50_000
"""States that are cached of a language with many."""
_ASCII = 128
_DEEPEST = 90
"""Nested groups that Python's own parser reads without running out of its stack."""


_matchers: Answers[Callable[[str], object]] = Answers(4_096)


def matcher(texts: TextSet) -> Callable[[str], object]:
    """A function that is true of exactly the texts in the set. A string with a lone surrogate is in no set."""
    return _matchers.of(texts, None, lambda: _make_matcher(texts))


def _make_matcher(texts: TextSet) -> Callable[[str], object]:
    checks = [_of(atom) for atom in texts.atoms]
    if all(atom.plain is None for atom in texts.atoms):  # a language rejects surrogates itself
        checks.append(_is_unicode)
    return _all(checks)


_surrogate = re.compile("[\ud800-\udfff]").search


def _is_unicode(text: str) -> bool:
    return text.isascii() or _surrogate(text) is None


def _all(checks: list[Callable[[str], object]]) -> Callable[[str], object]:
    match checks:
        case []:
            return lambda _: True
        case [only]:
            return only
        case [first, second]:
            return lambda text: first(text) and second(text)
        case _:
            return lambda text: all(check(text) for check in checks)


def _of(atom: Atom) -> Callable[[str], object]:
    plain = atom.plain
    if plain is not None:
        return _reader(plain)
    if isinstance(atom, Measure) and not atom.chain:
        return _measuring(atom)
    return _Lazily(atom.as_language())


def record_matcher(texts: TextSet) -> Callable[[str], object]:
    """The same for a set of records (`record.write_record`), whose marks are in no text."""
    return _all([_Lazily(atom.as_language()) for atom in texts.atoms])


class _Lazily:
    """A language of too many states to be written out; the states reached so far are cached."""

    def __init__(self, language: Language) -> None:
        self._start = language
        self._rows: dict[Language, Step] = {}

    def __call__(self, text: str) -> bool:
        state, rows = self._start, self._rows
        for character in text:
            alphabet, targets = rows.get(state) or self._row(state)
            state = targets[alphabet.letters[bisect_right(alphabet.bounds, ord(character))]]
        return state.nullable

    def _row(self, state: Language) -> Step:
        if len(self._rows) >= _MOST_KEPT:
            self._rows.clear()
        row = self._rows[state] = state.unkept_step()
        return row


def _measuring(atom: Measure) -> Callable[[str], object]:
    low, high = atom.low, float("inf") if atom.high is None else atom.high
    if atom.weight == CODE_POINTS:
        return lambda text: low <= len(text) <= high
    measure = atom.weight.of
    if all(measure(chr(code)) == 1 for code in range(128)):  # in ASCII every character counts 1
        return lambda text: low <= (len(text) if text.isascii() else measure(text)) <= high
    return lambda text: low <= measure(text) <= high


def _reader(language: Language) -> Callable[[str], object]:
    language = canonical(language & TEXTS)
    automaton = table(language)
    if automaton is None:
        return language.__contains__
    pattern = pattern_of(automaton)
    return _walker(automaton) if pattern is None else re.compile(pattern).fullmatch


def automaton_of(language: Language, most: int) -> TransitionTable | None:
    """The minimal automaton of a language; None: it has more states than that."""
    try:
        states(language, most)
    except BudgetExceeded:
        return None
    return table(canonical(language, most))


def native_pattern(language: Language) -> str | None:
    r"""The language as a whole-string pattern for an engine that is linear for every pattern (RE2, Rust's regex).

    Classes are spelt out; no flag changes its meaning. None: it has too many states, or entangled cycles.
    """
    automaton = table(canonical(language & TEXTS))
    pattern = None if automaton is None else pattern_of(automaton)
    if pattern is None:
        return None
    return (
        r"\A(?:[^\x00-\U0010ffff])\z"
        if _NEVER in pattern
        else rf"\A(?:{pattern.replace('*+', '*').replace('?+', '?')})\z"
    )


class _Columns(dict[str, int]):
    """The column of each character, computed once."""

    def __init__(self, of: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, character: str) -> int:
        column = self[character] = steps.at(self._of, ord(character))
        return column


def _walker(automaton: TransitionTable) -> Callable[[str], bool]:
    columns, rows, accepts = _Columns(automaton.columns), automaton.rows, automaton.accepts

    def walk(text: str) -> bool:
        if not rows:
            return False
        state = 0
        for character in text:
            state = rows[state][columns[character]]
            if state == DEAD:
                return False
        return accepts[state]

    return walk


def pattern_of(automaton: TransitionTable) -> str | None:
    """The automaton as a regular expression without backtracking; None: it would be long, or its cycles are entangled."""
    try:
        pattern = iterate(_Writer(automaton).state(0)) if automaton.rows else _NEVER
    except _NotWritten:
        return None
    return pattern if _nesting(pattern) <= _DEEPEST else None


def _nesting(pattern: str) -> int:
    """The nesting depth of its groups; every other parenthesis is written as its code."""
    depth = deepest = 0
    for character in pattern:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


class _Writer:
    """Writes the texts that lead from a state to an end.

    States that lead to one another are written around the one reached first, the head: any number of rounds from the
    head back to it, and then one way on without return. The rest of such a group must have no cycle but loops.

    Ways that part and meet again are written up to the state where they meet, and the rest once: `(?: ?[0-9]){11}`
    stays short.
    """

    def __init__(self, automaton: TransitionTable) -> None:
        self._automaton = automaton
        self._edges = [_by_target(row) for row in automaton.rows]
        self._groups = _groups(self._edges)
        self._meets = _meets(automaton, self._edges, self._groups)
        self._written: dict[int, str] = {}

    def state(self, head: int) -> Work[str]:
        """From a state whose group has not been entered yet."""
        if head not in self._written:
            round_ = yield from self._ways(head, lambda target: self._back(target, head, ()))
            text = f"(?:{'|'.join(round_)})*+" if round_ else ""
            onward = yield self._onward(head, head, ())
            self._written[head] = self._kept(text + onward)
        return self._written[head]

    def _ways(self, state: int, after: Callable[[int], Work[str | None]]) -> Work[list[str]]:
        """One for each state it leads to: the characters, and the pattern after them; without the states that have none."""
        ways: list[str] = []
        for target, columns in self._edges[state].items():
            rest = yield after(target)
            if rest is not None:
                ways.append(_class(self._automaton, columns) + rest)
        return ways

    def _back(self, state: int, head: int, passed: tuple[int, ...]) -> Work[str | None]:
        """From a state of the head's group back to the head; None: there is no way."""
        if state == head:
            return ""
        if state in passed:
            raise _NotWritten
        if state not in self._groups[head]:
            return None
        here = (*passed, state)

        def after(target: int) -> Work[str | None]:
            return _nothing() if target == state else self._back(target, head, here)

        ways = yield from self._ways(state, after)
        return self._kept(f"{self._loop(state)}(?:{'|'.join(ways)})") if ways else None

    def _onward(self, state: int, head: int, passed: tuple[int, ...]) -> Work[str]:
        """From a state of the head's group to an end, without passing the head again. `[]`-like where there is none."""
        if state in passed:
            raise _NotWritten
        meet = self._meets[state] if len(self._groups[state]) == 1 else None
        if meet is not None and self._edges[state].keys() - {state, meet}:
            onward = (yield from self._ways_to(state, meet)) + (yield self.state(meet))
            return self._kept(f"(?:{onward})?+" if self._automaton.accepts[state] else onward)
        here = (*passed, state)

        def after(target: int) -> Work[Any]:
            if target in {state, head}:
                return _nothing()
            return self._onward(target, head, here) if target in self._groups[head] else self.state(target)

        ways = [way for way in (yield from self._ways(state, after)) if not way.endswith(_NEVER)]
        loop = self._loop(state) if state != head else ""
        if not ways:
            return self._kept(loop if self._automaton.accepts[state] else loop + _NEVER)
        return self._kept(f"{loop}(?:{'|'.join(ways)}){'?+' if self._automaton.accepts[state] else ''}")

    def _ways_to(self, state: int, meet: int) -> Work[str]:
        """Every way from a state to where they all meet."""

        def after(target: int) -> Work[Any]:
            return _nothing() if target == state else self._passage(target, meet)

        ways = yield from self._ways(state, after)
        return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"

    def _passage(self, state: int, end: int) -> Work[str]:
        """From a state to one that all ways from it pass."""
        text = ""
        while state != end:
            meet = self._meets[state]
            if meet is None:
                raise AssertionError(state)
            ways = yield from self._ways_to(state, meet)
            text = self._kept(text + self._loop(state) + ways)
            state = meet
        return text

    def _loop(self, state: int) -> str:
        columns = self._edges[state].get(state)
        return "" if columns is None else f"{_class(self._automaton, columns)}*+"

    @staticmethod
    def _kept(text: str) -> str:
        if len(text) > _LONGEST_PATTERN:
            raise _NotWritten
        return text


def _nothing() -> Work[None]:
    """No way on."""
    yield from ()


_NEVER = "(?!)"
"""A pattern that matches nothing."""


def _by_target(row: tuple[int, ...]) -> dict[int, list[int]]:
    by_target: dict[int, list[int]] = {}
    for column, target in enumerate(row):
        if target != DEAD:
            by_target.setdefault(target, []).append(column)
    return by_target


def _groups(edges: list[dict[int, list[int]]]) -> list[set[int]]:
    """Per state, those that it leads to and that lead to it, itself included."""
    if len(edges) > _MOST_STATES:
        raise _NotWritten
    reached = [1 << state for state in range(len(edges))]
    changed = True
    while changed:
        changed = False
        for state, targets in enumerate(edges):
            targets_reached = reached[state]
            for target in targets:
                targets_reached |= reached[target]
            if targets_reached != reached[state]:
                reached[state] = targets_reached
                changed = True
    return [
        {other for other in range(len(edges)) if reached[state] >> other & 1 and reached[other] >> state & 1}
        for state in range(len(edges))
    ]


def _meets(automaton: TransitionTable, edges: list[dict[int, list[int]]], groups: list[set[int]]) -> list[int | None]:
    """Per state, the first one that all ways onward from it pass; None: some end before, or are cyclic.

    The immediate post-dominators of the states without cycles but loops, except that a state's own end is no way.
    """
    meets: list[int | None] = [None] * len(edges)
    after: list[int | None] = [None] * len(edges)  # the same, where an end is a way, too
    depth = [0] * len(edges)

    def common(first: int | None, second: int | None) -> int | None:
        while first != second:
            if first is None or second is None:
                return None
            if depth[first] >= depth[second]:
                first = after[first]
            else:
                second = after[second]
        return first

    for state in _last_first(edges):
        if len(groups[state]) == 1:
            targets: list[int | None] = [target for target in edges[state] if target != state]
            meets[state] = reduce(common, targets) if targets else None
            after[state] = None if automaton.accepts[state] else meets[state]
            next_ = after[state]
            depth[state] = 0 if next_ is None else depth[next_] + 1
    return meets


def _last_first(edges: list[dict[int, list[int]]]) -> list[int]:
    """The states in an order in which each follows all that it leads to, except in cycles."""
    order: list[int] = []
    seen: set[int] = set()
    todo = [(0, False)]
    while todo:
        state, is_done = todo.pop()
        if is_done:
            order.append(state)
        elif state not in seen:
            seen.add(state)
            todo.append((state, True))
            todo += [(target, False) for target in edges[state] if target not in seen]
    return order


class _NotWritten(Exception):
    """It has entangled cycles, or would be too long."""


def _class(automaton: TransitionTable, columns: list[int]) -> str:
    wanted = set(columns)
    spans = [
        _written(low) if low == high - 1 else f"{_written(low)}-{_written(high - 1)}"
        for low, high, column in steps.pieces(automaton.columns)
        if column in wanted
    ]
    return f"[{''.join(spans)}]"


def _written(code: int) -> str:
    return chr(code) if code < _ASCII and chr(code).isalnum() else f"\\U{code:08x}"
