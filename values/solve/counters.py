"""Breadth-first search over states and counters, pruned by bounds on the rest of the text."""

from __future__ import annotations

import heapq
from itertools import repeat
from operator import le
from typing import TYPE_CHECKING

from ..plausible import spell
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .box import Box
    from .graph import Explorer, WeightedEdge, WeightedGraph


_FRONT = 16
"""Places of one state that a new one is compared with."""

_Place = tuple[int, tuple[int, ...]]

_SETTLED = -1
"""A counter that satisfies its box for every rest of the text."""

_ANY = 1 << 60
"""More than any counter."""


class CounterSearch:
    """Breadth-first search over (state, counters).

    The search visits as few counters as the answer allows. With an outlook, a counter that is satisfied for every rest
    is settled and no longer distinguished, and a place is dropped as soon as the least weight of a rest breaks an upper
    bound. Of the places in one state only those are kept that no other dominates.
    """

    def __init__(
        self, graph: WeightedGraph | Explorer, boxes: Sequence[Box], limit: int, outlook: Outlook | None = None
    ) -> None:
        """`limit`: the greatest number of places visited."""
        self.graph = graph
        self.boxes = boxes
        self.limit = limit
        self.outlook = outlook
        self.limits = [(box.low, _ANY if box.high is None else box.high) for box in boxes]
        signs = [(-1,) if box.high is None else (1,) if box.low == 0 else (-1, 1) for box in boxes]
        self.signs = [(i, sign) for i, wishes in enumerate(signs) for sign in wishes]
        """Each bound: the place of its counter, and whether less of it is better (1) or more (-1)."""
        self.fronts: dict[int, list[tuple[int, ...]]] = {}
        self.bounds: dict[int, list[tuple[int, int, int, int]]] = {}
        """Per state and counter: the least and the greatest value, and the outlook."""
        self.parents: dict[_Place, tuple[_Place, WeightedEdge] | None] = {}

    def run(self) -> str | None:
        """A shortest accepted text with its counters in the boxes; None: there is none. Raises BudgetExceeded."""
        work = Workload(self.limit)
        frontier: list[_Place] = []
        for state, weights in self.graph.starts:
            self._visit(state, (0,) * len(self.boxes), weights, None, frontier)
        while frontier:
            for place in frontier:
                if self._accepts(place):
                    return self._spell(place)
            reached: list[_Place] = []
            for place in frontier:
                state, counters = place
                self.graph.count(state, work)
                for edge in self.graph.leaving(state):
                    self._visit(edge.target, counters, edge.weights, (place, edge), reached)
                work.check(len(self.parents))
            frontier = reached
        return None

    def _visit(
        self,
        state: int,
        counters: tuple[int, ...],
        added: tuple[int, ...],
        parent: tuple[_Place, WeightedEdge] | None,
        reached: list[_Place],
    ) -> None:
        bounds = self.bounds.get(state)
        if bounds is None:
            ahead = repeat((0, 1)) if self.outlook is None else self.outlook.at(state)
            bounds = [(*limits, *rest) for limits, rest in zip(self.limits, ahead, strict=False)]
            self.bounds[state] = bounds
        kept: list[int] = []
        for count, weight, (low, high, least, growing) in zip(counters, added, bounds, strict=False):
            if count != _SETTLED:
                total = count + weight
                if total + least > high or (total < low and not growing):
                    return
                kept.append(_SETTLED if total + least >= low and (high == _ANY or not growing) else total)
            else:
                kept.append(_SETTLED)
        place = (state, tuple(kept))
        if place in self.parents or not self._is_better(place):
            return
        self.parents[place] = parent
        reached.append(place)

    def _is_better(self, place: _Place) -> bool:
        """Whether none of the last places seen in this state is as good in every counter; if so, the place is recorded.

        A place seen before has at most the same length. Good is large where there is only a lower bound, small where
        there is only an upper one, equal where there are both; settled is best.
        """
        state, counters = place
        front = self.fronts.get(state)
        badness = self._badness(counters)
        if front is None:
            self.fronts[state] = [badness]
            return True
        if len(badness) == 2:  # most searches have so many
            first, second = badness
            for known, other in front[-_FRONT:]:
                if known <= first and other <= second:
                    return False
        elif badness:
            first = badness[0]
            for bad in front[-_FRONT:]:
                if bad[0] <= first and all(map(le, bad, badness)):
                    return False
        else:
            return False
        front.append(badness)
        return True

    def _badness(self, counters: tuple[int, ...]) -> tuple[int, ...]:
        """Numbers that are all smaller or equal where counters are as good: one of each bound."""
        return tuple([-_ANY if (count := counters[i]) == _SETTLED else sign * count for i, sign in self.signs])

    def _accepts(self, place: _Place) -> bool:
        state, counters = place
        ends = self.graph.end(state)
        return ends is not None and all(
            count == _SETTLED or (box.low <= count + end and (box.high is None or count + end <= box.high))
            for count, end, box in zip(counters, ends, self.boxes, strict=True)
        )

    def _spell(self, place: _Place) -> str:
        path: list[tuple[int, int]] = []
        while (parent := self.parents[place]) is not None:
            place, edge = parent
            path.append((edge.low, edge.high))
        return spell(path[::-1])


class Outlook:
    """Bounds on the rest of a text, per measure and state."""

    def __init__(self, graph: WeightedGraph, measures: int) -> None:
        self.graph = graph
        least = zip(*(self._least_to_come(i) for i in range(measures)), strict=True)
        growing = zip(*(self._can_grow(i) for i in range(measures)), strict=True)
        self._ahead = [list(zip(*both, strict=True)) for both in zip(least, growing, strict=True)]

    def at(self, state: int) -> list[tuple[int, int]]:
        """Per measure: the least weight of a rest; whether some rest has a weight."""
        return self._ahead[state]

    def _least_to_come(self, i: int) -> list[int]:
        """Dijkstra, backwards from the ends."""
        sources: list[list[tuple[int, int]]] = [[] for _ in self.graph.edges]
        for state, edges in enumerate(self.graph.edges):
            for edge in edges:
                sources[edge.target].append((state, edge.weights[i]))
        least = [1 << 60] * len(self.graph.edges)
        heap: list[tuple[int, int]] = []
        for state, weights in self.graph.ends.items():
            least[state] = weights[i]
            heap.append((weights[i], state))
        heapq.heapify(heap)
        while heap:
            weight, state = heapq.heappop(heap)
            if weight > least[state]:
                continue
            for source, more in sources[state]:
                if weight + more < least[source]:
                    least[source] = weight + more
                    heapq.heappush(heap, (weight + more, source))
        return least

    def _can_grow(self, i: int) -> bytearray:
        sources: list[list[int]] = [[] for _ in self.graph.edges]
        growing = bytearray(len(self.graph.edges))
        for state, weights in self.graph.ends.items():
            growing[state] |= weights[i] > 0
        for state, edges in enumerate(self.graph.edges):
            for edge in edges:
                sources[edge.target].append(state)
                growing[state] |= edge.weights[i] > 0
        todo = [state for state, grows in enumerate(growing) if grows]
        while todo:
            for source in sources[todo.pop()]:
                if not growing[source]:
                    growing[source] = 1
                    todo.append(source)
        return growing
