"""Step functions over the code points: `bounds` cut 0..0x10FFFF into pieces, `targets[i]` is the value on piece i.

    bounds  = (48, 58)           .......48........58.......
    targets = (x, y, x)             x        y        x

Total, and with equal neighbours merged (targets are compared by identity, or by equality where they are plain data).
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

from .charset import CODE_POINT_LIMIT, Charset

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


def coalesce(bounds: Sequence[int], targets: Sequence[A]) -> tuple[tuple[int, ...], tuple[A, ...]]:
    """Merge neighbouring pieces with the same (identical or equal) value."""
    last = targets[0]
    new_bounds: list[int] = []
    new_targets = [last]
    for bound, target in zip(bounds, targets[1:], strict=True):
        if target is not last and target != last:
            new_bounds.append(bound)
            new_targets.append(target)
            last = target
    return tuple(new_bounds), tuple(new_targets)


def constant(value: A) -> tuple[tuple[int, ...], tuple[A, ...]]:
    """The step function with the same value for every character."""
    return (), (value,)


def transform(
    step: tuple[tuple[int, ...], tuple[A, ...]], change: Callable[[A], B]
) -> tuple[tuple[int, ...], tuple[B, ...]]:
    """Change each value; pieces that become equal are merged."""
    return coalesce(step[0], [change(target) for target in step[1]])


def merge(
    first: tuple[tuple[int, ...], tuple[A, ...]],
    second: tuple[tuple[int, ...], tuple[B, ...]],
    combine: Callable[[A, B], C],
) -> tuple[tuple[int, ...], tuple[C, ...]]:
    """Pointwise combination of two step functions."""
    left, xs = first
    right, ys = second
    if not right:
        y = ys[0]
        return coalesce(left, [combine(x, y) for x in xs])
    if not left:
        x = xs[0]
        return coalesce(right, [combine(x, y) for y in ys])
    if left == right:
        return coalesce(left, [combine(x, y) for x, y in zip(xs, ys, strict=True)])
    i = j = 0
    stop, end = len(left), len(right)
    last = combine(xs[0], ys[0])
    bounds: list[int] = []
    targets = [last]
    while i < stop or j < end:
        if j >= end or (i < stop and left[i] < right[j]):
            bound = left[i]
            i += 1
        elif i >= stop or right[j] < left[i]:
            bound = right[j]
            j += 1
        else:
            bound = left[i]
            i += 1
            j += 1
        target = combine(xs[i], ys[j])
        if target is not last and target != last:
            bounds.append(bound)
            targets.append(target)
            last = target
    return tuple(bounds), tuple(targets)


def at(step: tuple[tuple[int, ...], tuple[A, ...]], code_point: int) -> A:
    """The value for one character."""
    return step[1][bisect_right(step[0], code_point)]


def indicator(charset: Charset, inside: A, outside: A) -> tuple[tuple[int, ...], tuple[A, ...]]:
    """`inside` on the characters of the set, `outside` elsewhere."""
    bounds = charset.bounds
    starts_inside = bool(bounds) and bounds[0] == 0
    if starts_inside:
        bounds = bounds[1:]
    if bounds and bounds[-1] == CODE_POINT_LIMIT:
        bounds = bounds[:-1]
    pair = (inside, outside) if starts_inside else (outside, inside)
    return bounds, tuple(pair[i & 1] for i in range(len(bounds) + 1))


def pieces(step: tuple[tuple[int, ...], tuple[A, ...]]) -> Iterator[tuple[int, int, A]]:
    """Half-open pieces `(low, high, value)`, ascending."""
    low = 0
    bounds, targets = step
    for high, target in zip((*bounds, CODE_POINT_LIMIT), targets, strict=True):
        yield low, high, target
        low = high
