"""Routes: the paths from an obligation at an entry to its origins."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from ...values.budget import STANDARD, BudgetExceeded
from .obligation import FlowStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...lineage.link import Link
    from ...values.budget import Budget
    from .obligation import Continuation, Obligation, Origin


@dataclass(frozen=True, slots=True)
class Route:
    """One path from an obligation to one of its origins."""

    start: Obligation
    steps: tuple[Continuation, ...]
    """In the direction the values travel."""
    origin: Origin

    @property
    def links(self) -> list[Link]:
        """The links on it, with that of the step it leads to."""
        links = [move.link for step in self.steps for move in step.moves]
        if isinstance(self.origin, FlowStep):
            links.append(self.origin.link)
        return [link for link in links if link is not None]


def shortest_routes(start: Obligation) -> dict[Origin, Route]:
    """The shortest route to each origin, nearest first."""
    shortest: dict[Origin, Route] = {}
    previous_step: dict[Obligation, tuple[Obligation, Continuation] | None] = {start: None}
    todo = deque((start,))
    while todo:
        obligation = todo.popleft()
        for origin in obligation.origins:
            if origin not in shortest:
                shortest[origin] = Route(start, _steps(previous_step, obligation), origin)
        for continuation in obligation.continuations:
            if continuation.obligation not in previous_step:
                previous_step[continuation.obligation] = (obligation, continuation)
                todo.append(continuation.obligation)
    return shortest


def origins_of(start: Obligation) -> list[Origin]:
    """The origins that an obligation leads to, nearest first: those of `shortest_routes`."""
    if not start.continuations:
        return list(dict.fromkeys(start.origins))
    origins: dict[Origin, None] = {}
    passed = {start}
    todo = deque(passed)
    while todo:
        obligation = todo.popleft()
        origins.update(dict.fromkeys(obligation.origins))
        for continuation in obligation.continuations:
            if continuation.obligation not in passed:
                passed.add(continuation.obligation)
                todo.append(continuation.obligation)
    return list(origins)


def _steps(
    previous_step: dict[Obligation, tuple[Obligation, Continuation] | None], obligation: Obligation
) -> tuple[Continuation, ...]:
    steps: list[Continuation] = []
    while (previous := previous_step[obligation]) is not None:
        obligation, continuation = previous
        steps.append(continuation)
    return tuple(steps[::-1])


def routes_to(start: Obligation, origin: Origin, budget: Budget = STANDARD) -> Iterator[Route]:
    """The routes to one origin, shorter ones first. Raises BudgetExceeded when a bounded search has not seen them all.

    The search enters only obligations from which the origin can be reached, the nearest to it first: where paths part
    and join repeatedly there are more routes than can be listed, but the first is found at once.
    """
    if not start.continuations:
        if origin in start.origins:
            yield Route(start, (), origin)
        return
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
                # of routes of the same length, the one nearest to its end comes first
                heappush(todo, (len(steps) + 1 + distance[c.obligation], -next(numbers), c.obligation, (*steps, c)))


def _distances(start: Obligation, origin: Origin) -> dict[Obligation, int]:
    """Per obligation from which the origin can be reached, the least number of steps."""
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
