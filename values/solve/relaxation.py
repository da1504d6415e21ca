"""Shows that no text has enough of one measure within the limits of all, by a bound that forgets the order of characters.

Where characters may be taken in parts and in any order, the most that a measure can be is the answer of a linear program:

    most of    sum of value(c) * times(c)      over the characters c
    where      sum of weight(c) * times(c)  <= limit      for each measure with a limit

No text has more than that. "At most 30 characters, 30 after trimming, but 57 after upper-casing" is shown to be impossible
by a few pivots, where a search goes through every combination of the three.
Source: Dantzig, "Linear Programming and Extensions", 1963 (the simplex method); Bland, "New finite pivoting rules for the
simplex method", 1977 (the choice of pivots that always ends).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .box import Box
    from .graph import WeightedGraph

_Column = tuple[int, tuple[int, ...]]
"""What a character adds to the measure that is asked for, and to those with a limit."""


def is_out_of_reach(graph: WeightedGraph, boxes: Sequence[Box]) -> bool:
    """Whether the limits leave too little of a measure for any text of the graph; False decides nothing."""
    limited = [place for place, box in enumerate(boxes) if box.high is not None]
    limits = [box.high for box in boxes if box.high is not None]
    added = {edge.weights for edges in graph.edges for edge in edges}
    for place, box in enumerate(boxes):
        if box.low > 0:
            columns = {(weights[place], tuple([weights[i] for i in limited])) for weights in added}
            most = _most(_undominated(columns), limits)
            begun = max(weights[place] for _, weights in graph.starts)
            ended = max(weights[place] for weights in graph.ends.values())
            if most is not None and begun + most + ended < box.low:
                return True
    return False


def _undominated(columns: set[_Column]) -> list[_Column]:
    """Those that add something, without those of which another adds as much and weighs no more anywhere."""
    kept: list[_Column] = []
    for value, weights in sorted(columns, key=lambda column: (-column[0], column[1])):
        if value > 0 and not any(all(map(int.__le__, known, weights)) for _, known in kept):
            kept.append((value, weights))
    return kept


def _most(columns: Sequence[_Column], limits: Sequence[int]) -> Fraction | None:
    """The greatest sum of values within the limits; None: there is none."""
    size = len(limits)
    basis = [len(columns) + i for i in range(size)]
    rows = [
        [*(Fraction(weights[i]) for _, weights in columns), *(Fraction(i == j) for j in range(size)), Fraction(limit)]
        for i, limit in enumerate(limits)
    ]
    costs = [*(Fraction(-value) for value, _ in columns), *[Fraction(0)] * (size + 1)]
    while (entering := next((j for j, cost in enumerate(costs[:-1]) if cost < 0), None)) is not None:
        ratios = [(row[-1] / row[entering], basis[i], i) for i, row in enumerate(rows) if row[entering] > 0]
        if not ratios:
            return None
        _, _, leaving = min(ratios)
        basis[leaving] = entering
        pivot = rows[leaving] = [each / rows[leaving][entering] for each in rows[leaving]]
        rows = [row if row is pivot else _without(row, pivot, entering) for row in rows]
        costs = _without(costs, pivot, entering)
    return costs[-1]


def _without(row: list[Fraction], pivot: list[Fraction], entering: int) -> list[Fraction]:
    """A row in which the entering column has become zero."""
    times = row[entering]
    return [each - times * other for each, other in zip(row, pivot, strict=True)] if times else row
