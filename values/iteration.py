"""Recursion without the interpreter's stack: work that yields other work for its result, however deep.

    def depth(tree: Tree) -> Work[int]:
        deepest = 0
        for child in tree:
            deepest = max(deepest, (yield depth(child)))
        return deepest + 1

    iterate(depth(tree))

A pattern nests 200 deep and a chain of transforms is as long as an estate; the recursion limit belongs to the host.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar, cast

_T = TypeVar("_T")

Work: TypeAlias = Generator[Any, Any, _T]
"""Yields other work and is sent its result. An exception in one piece of work ends all of it."""


def iterate(work: Work[_T]) -> _T:
    """Run the work and return its result; work that waits for a result is on a list, not on the stack."""
    waiting: list[Work[Any]] = [work]
    result: Any = None
    while True:
        try:
            requested = waiting[-1].send(result)
        except StopIteration as end:
            waiting.pop()
            result = end.value
            if not waiting:
                return cast("_T", end.value)
        else:
            waiting.append(requested)
            result = None
