"""Shares: parts of an estate that have nothing to do with each other, worked on side by side.

Fields that no flow and no condition connects, however far apart, say nothing about each other. So each group of connected
fields of a large estate is a share, and two processes take one share after the other, the largest first. What is kept from
one share for the next only saves work, so what comes of a share depends neither on the machine nor on the other shares.
"""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..lineage.graph import Graph

P = TypeVar("P")
_T = TypeVar("_T")

_FEWEST_LINKS = 2_000
"""Smaller estates are judged before a second process would have begun."""
_PROCESSES = 2
_PATTERN = 4
"""Links that take about as long to judge as one pattern does."""

_THREADS = Path("/proc/self/task")
"""Linux: one entry for every thread of the process."""

_work: Callable[[Any], Any]
"""In a process of its own: what it is there for."""


def partition(graph: Graph) -> tuple[frozenset[str], ...]:
    """All fields, by full name: in one share, or in several that nothing connects, of which the first take longest."""
    everything = frozenset(graph.fields)
    if len(graph.links) < _FEWEST_LINKS or not can_fork():
        return (everything,)
    weights: dict[frozenset[str], int] = {}
    for link in graph.links:
        group = graph.related(link.target.full_name)
        weights[group] = weights.get(group, 0) + 1
    for group in weights:
        weights[group] += _PATTERN * sum(
            constraint.name == "pattern" for name in group for constraint in graph.fields[name].constraints
        )
    largest_first = sorted(weights, key=lambda group: (-weights[group], min(group)))
    alone = everything.difference(*largest_first)
    return (*largest_first, alone) if alone else tuple(largest_first)


def can_fork() -> bool:
    """Whether a process may begin with what is here: of several threads one may hold what the others wait for.

    Every thread of the process counts, also those of a native library, of which Python knows nothing. Where they cannot be
    counted there is no fork.
    """
    try:
        threads = sum(1 for _ in _THREADS.iterdir())
    except OSError:
        return False
    return threads == 1 and "fork" in multiprocessing.get_all_start_methods()


def side_by_side(work: Callable[[P], _T], parts: tuple[P, ...]) -> list[_T]:
    """The work on each part, in their order; where there are several, in processes that begin with all that is here.

    What it gives is sent between processes, so it must be plain data. Raises what the work raises, and BrokenProcessPool
    where a process ends without an answer.
    """
    if len(parts) == 1:
        return [work(parts[0])]
    from concurrent.futures import ProcessPoolExecutor

    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(_PROCESSES, mp_context=fork, initializer=_begin, initargs=(work,)) as pool:
        return list(pool.map(_do, parts))


def _begin(work: Callable[[Any], Any]) -> None:
    global _work  # noqa: PLW0603 - what is forked is given over here; what is sent later would have to be pickled
    _work = work


def _do(part: Any) -> Any:  # noqa: ANN401 - whatever the work takes and gives
    return _work(part)
