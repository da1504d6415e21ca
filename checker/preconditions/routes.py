"""Routes: the ways from a demand at an entry to where it comes from."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from ...values.budget import STANDARD, BudgetExceeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...values.budget import Budget
    from .obligation import Continuation, Obligation, Origin


@dataclass(frozen=True, slots=True)
class Route:
    """One way from a demand to one of its origins."""

    start: Obligation
    steps: tuple[Continuation, ...]
    """In the direction the values travel."""
    origin: Origin


def shortest_routes(start: Obligation) -> dict[Origin, Route]:
    """The shortest route to each origin, in the order of their distance."""
    shortest: dict[Origin, Route] = {}
    came: dict[Obligation, tuple[Obligation, Continuation] | None] = {start: None}
    todo = deque((start,))
    while todo:
        obligation = todo.popleft()
        for origin in obligation.origins:
            if origin not in shortest:
                shortest[origin] = Route(start, _steps(came, obligation), origin)
        for continuation in obligation.continuations:
            if continuation.obligation not in came:
                came[continuation.obligation] = (obligation, continuation)
                todo.append(continuation.obligation)
    return shortest


def _steps(
    came: dict[Obligation, tuple[Obligation, Continuation] | None], obligation: Obligation
) -> tuple[Continuation, ...]:
    steps: list[Continuation] = []
    while (previous := came[obligation]) is not None:
        obligation, continuation = previous
        steps.append(continuation)
    return tuple(steps[::-1])


def routes_to(start: Obligation, origin: Origin, budget: Budget = STANDARD) -> Iterator[Route]:
    """The routes to one origin, shorter ones first. Raises BudgetExceeded when a bounded search has not seen them all.

    Only demands from which the origin can be reached are entered, the nearest to it first: where ways part and join again
    and again there are more routes than can be listed, but the first is found at once.
    """
    distance = _distances(start, origin)
    if start not in distance:
        return
    numbers = count()
    todo: list[tuple[int, int, Obligation, tuple[Continuation, ...]]] = [(distance[start], 0, start, ())]
    visits = 0
    while todo:
        visits += 1
        if visits > budget.route_visits:
            raise BudgetExceeded("route visits", visits)
        _, _, obligation, steps = heappop(todo)
        if origin in obligation.origins:
            yield Route(start, steps, origin)
        passed = {start, *(step.obligation for step in steps)}
        for c in obligation.continuations:
            if c.obligation in distance and c.obligation not in passed:
                # of routes of the same length the one that is nearest to its end goes first
                heappush(todo, (len(steps) + 1 + distance[c.obligation], -next(numbers), c.obligation, (*steps, c)))


def _distances(start: Obligation, origin: Origin) -> dict[Obligation, int]:
    """Per demand from which the origin can be reached, in how few steps."""
    before: dict[Obligation, list[Obligation]] = {start: []}
    order = [start]
    for obligation in order:
        for continuation in obligation.continuations:
            if continuation.obligation not in before:
                before[continuation.obligation] = []
                order.append(continuation.obligation)
            before[continuation.obligation].append(obligation)
    distances = {obligation: 0 for obligation in order if origin in obligation.origins}
    todo = deque(distances)
    while todo:
        obligation = todo.popleft()
        for earlier in before[obligation]:
            if earlier not in distances:
                distances[earlier] = distances[obligation] + 1
                todo.append(earlier)
    return distances
