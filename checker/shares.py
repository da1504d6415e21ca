"""Shares: parts of an estate that have nothing to do with each other, worked on side by side.

Fields that no flow and no condition connects, however far apart, say nothing about each other. So the groups of connected
fields are dealt out to two shares of about the same size, and each is judged in a process of its own. Whatever machine it
runs on, the shares are the same, and so is what comes of them.
"""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from ..lineage.graph import Graph

T = TypeVar("T")

_FEWEST_LINKS = 2_000
"""Smaller estates are judged before a second process would have begun."""


def shares(graph: Graph) -> tuple[frozenset[str], ...]:
    """All fields, by full name: in one share, or in two that nothing connects."""
    everything = frozenset(graph.fields)
    if len(graph.links) < _FEWEST_LINKS or "fork" not in multiprocessing.get_all_start_methods():
        return (everything,)
    weights: dict[frozenset[str], int] = {}
    for link in graph.links:
        group = graph.related(link.target.full_name)
        weights[group] = weights.get(group, 0) + 1
    totals = [0, 0]
    dealt: list[set[str]] = [set(), set()]
    for group, weight in sorted(weights.items(), key=lambda each: (-each[1], min(each[0]))):
        lighter = totals.index(min(totals))
        totals[lighter] += weight
        dealt[lighter] |= group
    second = frozenset(dealt[1])
    return (everything - second, second) if second else (everything,)


def side_by_side(work: Callable[[frozenset[str]], T], parts: tuple[frozenset[str], ...]) -> list[T]:
    """The work on each share, in their order; all but the first in processes of their own.

    What it gives is sent between processes, so it must be plain data. Raises what the work raises.
    """
    if len(parts) == 1:
        return [work(parts[0])]
    fork = multiprocessing.get_context("fork")
    others: list[tuple[BaseProcess, Connection]] = []
    for part in parts[1:]:
        here, there = fork.Pipe(duplex=False)
        process: BaseProcess = fork.Process(target=_send, args=(there, work, part), daemon=True)
        process.start()
        there.close()
        others.append((process, here))
    found = [work(parts[0])]
    for process, here in others:
        outcome = here.recv()
        process.join()
        if isinstance(outcome, BaseException):
            raise outcome
        found.append(outcome)
    return found


def _send(there: Connection, work: Callable[[frozenset[str]], T], part: frozenset[str]) -> None:
    try:
        there.send(work(part))
    except Exception as error:  # noqa: BLE001 - raised again where it is waited for
        there.send(error)
