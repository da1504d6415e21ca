"""Routes: the ways from a demand at an entry to where it comes from."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .demand import Continuation, Demand, Origin

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
    """The routes to one origin, shorter ones first, as long as a bounded search finds more."""
    todo: deque[tuple[Demand, tuple[Continuation, ...]]] = deque(((start, ()),))
    visits = 0
    while todo and visits < _MOST_VISITS:
        visits += 1
        demand, steps = todo.popleft()
        if origin in demand.origins:
            yield Route(start, steps, origin)
        passed = {start, *(step.demand for step in steps)}
        todo.extend((c.demand, (*steps, c)) for c in demand.continuations if c.demand not in passed)
