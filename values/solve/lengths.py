"""One measure that counts characters: frontier sets by length, until they repeat."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..budget import BudgetExceeded
from ..plausible import best_character, spell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .graph import WeightedGraph


_WORD = 8
_FRONTIERS_A_STATE = 4
"""As much work as one state: so many frontiers, each of at most 8 states; one of more states is several."""


def walk_lengths(graph: WeightedGraph, low: int, high: int | None, limit: int) -> str | None:
    """Walk frontier sets (as bit masks) by length until they repeat; the one measure counts characters.

    Loops of many lengths repeat together after the product of their lengths. Raises BudgetExceeded beyond the work of
    `limit` states.
    """
    successors = [0] * len(graph.edges)
    for state, edges in enumerate(graph.edges):
        for edge in edges:
            successors[state] |= 1 << edge.target
    accepting = sum(1 << state for state in graph.ends)
    first = sum(1 << state for state in {state for state, _ in graph.starts})
    frontiers = [first]
    seen = {first: 0}
    words = 0
    while True:
        here = len(frontiers) - 1
        words += 1 + frontiers[here].bit_count() // _WORD
        if words > limit * _FRONTIERS_A_STATE:
            raise BudgetExceeded("states", words // _FRONTIERS_A_STATE)
        if here >= low and frontiers[here] & accepting:
            return _spell_back(graph, frontiers.__getitem__, here, accepting)
        if high is not None and here >= high:
            return None
        frontier = _advance(frontiers[here], successors)
        if not frontier:
            return None
        if frontier in seen:
            begin, period = seen[frontier], here + 1 - seen[frontier]
            hits = [j for j in range(begin, here + 1) if frontiers[j] & accepting]
            lengths = [j if j >= low else j + -(-(low - j) // period) * period for j in hits]
            lengths = [j for j in lengths if high is None or j <= high]
            if not lengths:
                return None
            return _spell_back(graph, partial(_in_period, frontiers, begin, period), min(lengths), accepting)
        seen[frontier] = here + 1
        frontiers.append(frontier)


def _in_period(frontiers: Sequence[int], begin: int, period: int, length: int) -> int:
    """The frontier at a length; frontiers repeat from `begin` on."""
    return frontiers[length if length < begin else begin + (length - begin) % period]


def _advance(frontier: int, successors: Sequence[int]) -> int:
    following = 0
    while frontier:
        lowest = frontier & -frontier
        following |= successors[lowest.bit_length() - 1]
        frontier ^= lowest
    return following


def _spell_back(graph: WeightedGraph, frontier: Callable[[int], int], steps_left: int, accepting: int) -> str:
    """Walk back from an accepting state through the frontiers, always over the most plausible characters."""
    sources: dict[int, list[tuple[int, int, int, int]]] = {}
    for state, edges in enumerate(graph.edges):
        for edge in edges:
            best = best_character(edge.low, edge.high)
            if best is not None:
                sources.setdefault(edge.target, []).append((best[0], state, edge.low, edge.high))
    for options in sources.values():
        options.sort()
    mask = frontier(steps_left) & accepting
    state = (mask & -mask).bit_length() - 1
    path: list[tuple[int, int]] = []
    for step in range(steps_left - 1, -1, -1):
        reachable = frontier(step)
        _, state, low, high = next(option for option in sources[state] if reachable >> option[1] & 1)
        path.append((low, high))
    return spell(path[::-1])
