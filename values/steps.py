"""Step functions over the code points: `bounds` cut 0..0x10FFFF into pieces, `targets[i]` is the value on piece i.

    bounds  = (48, 58)           .......48........58.......
    targets = (x, y, x)             x        y        x

Total, and with equal neighbours merged (targets are compared by identity, or by equality where they are plain data).
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

from .charset import CODE_POINT_LIMIT, Charset

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


def coalesce(bounds: Sequence[int], targets: Sequence[A]) -> tuple[tuple[int, ...], tuple[A, ...]]:
    """Merge neighbouring pieces with the same (identical or equal) value."""
    following = targets[1:]
    differs = [*map(ne, following, targets)]
    if len(bounds) != len(differs):
        raise ValueError("a step function has one value more than bounds")
    if all(differs):
        return tuple(bounds), tuple(targets)
    return tuple(compress(bounds, differs)), (targets[0], *compress(following, differs))


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
    left, right = (*left, CODE_POINT_LIMIT), (*right, CODE_POINT_LIMIT)
    i = j = 0
    x, y = xs[0], ys[0]
    next_left, next_right = left[0], right[0]
    last = combine(x, y)
    bounds: list[int] = []
    targets = [last]
    while next_left != next_right or next_left != CODE_POINT_LIMIT:
        bound = next_left
        if next_left < next_right:
            i += 1
            x, next_left = xs[i], left[i]
        elif next_right < next_left:
            bound = next_right
            j += 1
            y, next_right = ys[j], right[j]
        else:
            i += 1
            j += 1
            x, y, next_left, next_right = xs[i], ys[j], left[i], right[j]
        target = combine(x, y)
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
