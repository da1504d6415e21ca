"""The characters a person would type: the choice among equally short witnesses.

A witness is read by people. Of all shortest values the engine prefers letters, then digits, then the accented letters
of European names, then the rest of ASCII, then other scripts. Letters and digits run on (abcdef…, 1234…), so that a
long witness shows its length.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from .charset import CODE_POINT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

_RUNS = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "1234567890")

_PREFERENCES = (
    (0x61, 0x7B, 0),
    (0x41, 0x5B, 1),
    (0x30, 0x3A, 2),
    (0xE9, 0xEA, 3),
    (0xE5, 0xE6, 3),
    (0xF6, 0xF7, 3),
    (0xE4, 0xE5, 3),
    (0xC0, 0xD7, 4),
    (0xD8, 0xF7, 4),
    (0xF8, 0x100, 4),
    (0x27, 0x28, 5),
    (0x2D, 0x2F, 5),
    (0x20, 0x21, 6),
    (0x21, 0x7F, 6),
    (0x100, 0x180, 7),
    (0x391, 0x3CA, 8),
    (0x410, 0x450, 8),
    (0x20AC, 0x20AD, 8),
    (0x4E00, 0x9FA6, 9),
    (0xA1, 0xAD, 10),
    (0x1F600, 0x1F640, 10),
    (0x180, 0x2000, 11),
    (0xA0, 0xA1, 12),
    (0x09, 0x0B, 13),
    (0x2000, 0xD800, 14),
    (0xE000, CODE_POINT_LIMIT, 15),
    (0x00, 0xD800, 20),
)
"""Half-open ranges with their rank, the best first; together they cover every scalar value."""

MARK = 0xD800
"""Separates the fields of a record written as one text. No text contains it: it is a surrogate."""
NULL_MARK = 0xD801
"""Stands for a null field in a record written as one text."""


@lru_cache(maxsize=65_536)
def best_character(low: int, high: int) -> tuple[int, int] | None:
    """(rank, code point) of the most plausible character in low..high-1; None when there is no character in it."""
    for start, stop, rank in _PREFERENCES:
        point = max(start, low)
        if point < min(stop, high) and not 0xD800 <= point < 0xE000:
            return rank, point
    for mark in (MARK, NULL_MARK):
        if low <= mark < high:
            return 30, mark
    return None


def spell(ranges: Sequence[tuple[int, int]]) -> str:
    """One character out of each half-open range, as plausible as possible; letters and digits run on."""
    spelled: list[str] = []
    position = 0
    for low, high in ranges:
        best = best_character(low, high)
        point = low if best is None else best[1]
        if point in (MARK, NULL_MARK):
            position = 0
        else:
            for run in _RUNS:
                wanted = ord(run[position % len(run)])
                if run[0] <= chr(point) <= max(run) and low <= wanted < high:
                    point = wanted
                    break
            position += 1
        spelled.append(chr(point))
    return "".join(spelled)
