"""Decides whether there is a text in given languages whose measures are in given boxes, and returns a shortest one.

Lengths are counters, separate from the languages: "at most 4,000 characters of [A-Z]" is one state and a number, not
4,001 states. The cheapest method that is exact for the question answers it: a short lazy search, a closed form, frontier
sets with period detection for plain lengths, breadth-first search over (state, counters) for everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..budget import STANDARD, BudgetExceeded
from ..interning import Answers, youngest
from ..language import EMPTY, Characters, Language, Repetition, complement, intersection, length
from .box import Box, longest_text, merged_boxes
from .counters import CounterSearch, Outlook
from .graph import explorer_of
from .lengths import walk_lengths
from .mixing import NotByMixing, mix
from .relaxation import is_out_of_reach
from .search import evidently_included, shortest_outside, some_outside
from .table import product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..budget import Budget

_COUNTER_FACTOR = 4
"""Counter states allowed per language state: they are far cheaper to visit."""


def solve(languages: Sequence[Language], boxes: Sequence[Box], budget: Budget = STANDARD) -> str | None:
    """A shortest text in all the languages and boxes; None when there is none. Raises BudgetExceeded."""
    merged = merged_boxes(boxes)
    if merged is None:
        return None
    return _solve(intersection(*languages), merged, budget)


def counterexample(inner: Language, outer: Language, budget: Budget = STANDARD) -> str | None:
    """A shortest string of `inner` that is not in `outer`; None when inner is included. Raises BudgetExceeded.

    Where a search for a shortest one takes more than the budget, it may be a longer one.
    """
    if inner is outer or evidently_included(inner, outer):
        return None
    try:  # a few steps decide many questions
        return shortest_outside(inner, outer, min(budget.states, budget.first_states))
    except BudgetExceeded:
        both = intersection(inner, complement(outer))
    return _outside(inner, outer, budget) if product(both) is None else _solve(both, (), budget)


def _outside(inner: Language, outer: Language, budget: Budget) -> str | None:
    """The same for languages that are stepped: half of the states each for a shortest one and for any."""
    half = budget.states // 2
    try:
        return shortest_outside(inner, outer, half)
    except BudgetExceeded as error:
        try:
            return some_outside(inner, outer, budget.states - half)
        except BudgetExceeded as last:
            raise BudgetExceeded(last.amount, error.spent + last.spent) from None


_solutions: Answers[str | None] = Answers(16_384)


def _solve(language: Language, boxes: tuple[Box, ...], budget: Budget) -> str | None:
    if language is EMPTY:
        return None
    tokens = [[machine.token for machine in box.chain] for box in boxes]
    bounds = [
        (box.weight, box.low, box.high, *[token.serial for token in chain])
        for box, chain in zip(boxes, tokens, strict=True)
    ]
    keeper = youngest(language, *(token for chain in tokens for token in chain))
    return _solutions.of(keeper, (language.serial, budget, *bounds), lambda: _search(language, boxes, budget))


def _search(language: Language, boxes: tuple[Box, ...], budget: Budget) -> str | None:
    """The cheapest method that is exact for the question."""
    explorer = explorer_of(language, tuple([(box.chain, box.weight) for box in boxes]), budget)
    states = budget.states
    if not boxes:
        return CounterSearch(explorer, boxes, states).run() if explorer.is_tabled else _outside(language, EMPTY, budget)
    plain = all(not box.chain for box in boxes)
    if plain and not explorer.is_tabled:
        try:
            return _outside(intersection(language, *(length(b.weight, b.low, b.high) for b in boxes)), EMPTY, budget)
        except BudgetExceeded:
            pass  # lengths of thousands are better counted apart
    elif not plain or not _is_loop(language):
        try:  # most violations have a very short witness
            return CounterSearch(explorer, boxes, min(states, budget.ahead_states)).run()
        except BudgetExceeded:
            if states <= budget.ahead_states:
                raise
            # else bounds on the rest of the text pay
    graph = explorer.graph(longest_text(boxes), states).without_dead_ends()
    if not graph.starts or not graph.ends:
        return None
    if plain and len(boxes) == 1 and graph.uniform_weight() == 1:
        return walk_lengths(graph, boxes[0].low, boxes[0].high, states)
    if plain and len(graph.edges) == 1:
        try:
            return mix(graph.edges[0], boxes, budget.mixed_characters)
        except NotByMixing:
            pass
    if is_out_of_reach(graph, boxes):
        return None
    return CounterSearch(graph, boxes, states * _COUNTER_FACTOR, Outlook(graph, len(boxes))).run()


def _is_loop(language: Language) -> bool:
    """Whether it is a loop over a set of characters: one state."""
    return isinstance(language, Repetition) and isinstance(language.parts[0], Characters)
