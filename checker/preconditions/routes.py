"""Routes: the ways from a demand at an entry to where it comes from."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from ...values.solve.search import BudgetExceeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .obligation import Continuation, Demand, Origin

_MOST_VISITS = 2_000


@dataclass(frozen=True, slots=True)
class Route:
    """One way from a demand to one of its origins."""

    start: Demand
    steps: tuple[Continuation, ...]
    """In the direction the values travel."""
    origin: Origin


def shortest_routes(start: Demand) -> dict[Origin, Route]:
    """The shortest route to each origin, in the order of their distance."""
    found: dict[Origin, Route] = {}
    came: dict[Demand, tuple[Demand, Continuation] | None] = {start: None}
    todo = deque((start,))
    while todo:
        demand = todo.popleft()
        for origin in demand.origins:
            if origin not in found:
                found[origin] = Route(start, _steps(came, demand), origin)
        for continuation in demand.continuations:
            if continuation.demand not in came:
                came[continuation.demand] = (demand, continuation)
                todo.append(continuation.demand)
    return found


def _steps(came: dict[Demand, tuple[Demand, Continuation] | None], demand: Demand) -> tuple[Continuation, ...]:
    steps: list[Continuation] = []
    while (previous := came[demand]) is not None:
        demand, continuation = previous
        steps.append(continuation)
    return tuple(steps[::-1])


def routes_to(start: Demand, origin: Origin) -> Iterator[Route]:
    """The routes to one origin, shorter ones first. Raises BudgetExceeded when a bounded search has not seen them all.

    Only demands from which the origin can be reached are entered, the nearest to it first: where ways part and join again
    and again there are more routes than can be listed, but the first is found at once.
    """
    distance = _distances(start, origin)
    if start not in distance:
        return
    numbers = count()
    todo: list[tuple[int, int, Demand, tuple[Continuation, ...]]] = [(distance[start], 0, start, ())]
    visits = 0
    while todo:
        visits += 1
        if visits > _MOST_VISITS:
            raise BudgetExceeded(visits)
        _, _, demand, steps = heappop(todo)
        if origin in demand.origins:
            yield Route(start, steps, origin)
        passed = {start, *(step.demand for step in steps)}
        for c in demand.continuations:
            if c.demand in distance and c.demand not in passed:
                # of routes of the same length the one that is nearest to its end goes first
                heappush(todo, (len(steps) + 1 + distance[c.demand], -next(numbers), c.demand, (*steps, c)))


def _distances(start: Demand, origin: Origin) -> dict[Demand, int]:
    """Per demand from which the origin can be reached, in how few steps."""
    before: dict[Demand, list[Demand]] = {start: []}
    order = [start]
    for demand in order:
        for continuation in demand.continuations:
            if continuation.demand not in before:
                before[continuation.demand] = []
                order.append(continuation.demand)
            before[continuation.demand].append(demand)
    found = {demand: 0 for demand in order if origin in demand.origins}
    todo = deque(found)
    while todo:
        demand = todo.popleft()
        for earlier in before[demand]:
            if earlier not in found:
                found[earlier] = found[demand] + 1
                todo.append(earlier)
    return found
