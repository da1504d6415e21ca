"""Partition: independent parts of an estate, checked in parallel.

Fields that no flow and no condition connects, directly or indirectly, do not affect each other. So each group of
connected fields of a large estate is a part, and two processes work through the parts, the largest first. Caches kept
from one part to the next only save work: the result of a part depends neither on the machine nor on the other parts.
"""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..documents.names import FieldName
    from ..lineage.graph import Graph

P = TypeVar("P")
_T = TypeVar("_T")

_FEWEST_LINKS = 2_000
"""A smaller estate is checked faster than a second process starts."""
_PROCESSES = 2
_PATTERN = 4
"""The number of links whose check takes about as long as that of one pattern."""

_THREADS = Path("/proc/self/task")
"""Linux: one entry for every thread of the process."""

_work: Callable[[Any], Any]
"""The work of a worker process."""


def partition(graph: Graph) -> tuple[frozenset[FieldName], ...]:
    """All fields, by full name, in one part or in several that nothing connects, the most expensive first."""
    everything = frozenset(graph.fields)
    if len(graph.links) < _FEWEST_LINKS or not can_fork():
        return (everything,)
    weights: dict[frozenset[FieldName], int] = {}
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
    """Whether this process may fork: only with a single thread, since another may hold a lock that the child needs.

    Every thread of the process counts, also those of a native library that Python does not know of. Where threads
    cannot be counted there is no fork.
    """
    try:
        threads = sum(1 for _ in _THREADS.iterdir())
    except OSError:
        return False
    return threads == 1 and "fork" in multiprocessing.get_all_start_methods()


def side_by_side(work: Callable[[P], _T], parts: tuple[P, ...]) -> list[_T]:
    """The results of the work on each part, in their order; several parts are worked on in forked processes.

    Results are sent between processes, so they must be plain data. Raises the exceptions of the work, and
    BrokenProcessPool where a process ends without an answer.
    """
    if len(parts) == 1:
        return [work(parts[0])]
    from concurrent.futures import ProcessPoolExecutor

    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(_PROCESSES, mp_context=fork, initializer=_begin, initargs=(work,)) as pool:
        return list(pool.map(_do, parts))


def _begin(work: Callable[[Any], Any]) -> None:
    global _work  # noqa: PLW0603 - a forked process inherits the work; sending it later would require pickling
    _work = work


def _do(part: Any) -> Any:  # noqa: ANN401 - the types of the work, which differ by caller
    return _work(part)
