"""Sets of characters, as inversion lists of Unicode code points.

    .bounds = (48, 58, 97, 123)      ....[48....58)....[97.....123)....
                                         0 .. 9           a .. z

A list of half-open bounds, ascending: a code point is inside when an odd number of bounds lie at or below it.
Equal sets are the same object (interned), so identity is equality everywhere in the engine.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING

from .interning import Answers, Interned, Shared, numbered, youngest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CODE_POINT_LIMIT = 0x110000
"""One past the last Unicode code point."""


class Charset(Shared):
    """An immutable set of code points with the full algebra `& | - ~`, `in` (for an int) and iteration over ranges."""

    __slots__ = ("bounds",)

    bounds: tuple[int, ...]
    # Invariant: strictly ascending, within 0..LIMIT, of even length; interned.

    def __new__(cls, bounds: tuple[int, ...]) -> Charset:  # noqa: PYI034 - there is no subclass
        """Intern a set by its bounds, which must already satisfy the invariant."""
        known = _charsets.get(bounds)
        return _charsets.share(bounds, partial(_make, bounds)) if known is None else known

    @classmethod
    def ranges(cls, ranges: Iterable[tuple[int, int]]) -> Charset:
        """The union of inclusive ranges of code points, in any order, overlapping or not."""
        bounds: list[int] = []
        for low, high in sorted(ranges):
            if low > high:
                continue
            if bounds and low <= bounds[-1]:
                bounds[-1] = max(bounds[-1], high + 1)
            else:
                bounds += (low, high + 1)
        return cls(tuple(bounds))

    @classmethod
    def of(cls, *parts: str | tuple[str, str]) -> Charset:
        """Characters of strings, and inclusive ranges given as pairs: `Charset.of("_-", ("a", "z"))`."""
        ranges: list[tuple[int, int]] = []
        for part in parts:
            if isinstance(part, str):
                ranges += ((ord(c), ord(c)) for c in part)
            else:
                ranges.append((ord(part[0]), ord(part[1])))
        return cls.ranges(ranges)

    def __contains__(self, code_point: int) -> bool:
        return bool(bisect_right(self.bounds, code_point) & 1)

    def __bool__(self) -> bool:
        return bool(self.bounds)

    def __len__(self) -> int:
        return sum(high - low for low, high in self.spans())

    def spans(self) -> Iterator[tuple[int, int]]:
        """The half-open ranges `(low, high)`, ascending."""
        return zip(self.bounds[::2], self.bounds[1::2], strict=True)

    def __invert__(self) -> Charset:
        bounds = self.bounds[1:] if self.bounds and self.bounds[0] == 0 else (0, *self.bounds)
        bounds = bounds[:-1] if bounds and bounds[-1] == CODE_POINT_LIMIT else (*bounds, CODE_POINT_LIMIT)
        return Charset(bounds)

    def __or__(self, other: Charset) -> Charset:
        if self is other or not other.bounds:
            return self
        return Charset.ranges((low, high - 1) for cs in (self, other) for low, high in cs.spans())

    def __and__(self, other: Charset) -> Charset:
        if self is other:
            return self
        if len(self.bounds) + len(other.bounds) <= _FEW:
            return self._intersect(other)
        keeper, question = self if self.serial > other.serial else other, (self.serial, other.serial)
        both = _intersections.of(keeper, question, lambda: _unless(keeper, self._intersect(other)))
        return keeper if both is None else both

    def _intersect(self, other: Charset) -> Charset:
        bounds: list[int] = []
        mine, theirs = self.bounds, other.bounds
        i = j = 0
        while i < len(mine) and j < len(theirs):
            low, high = max(mine[i], theirs[j]), min(mine[i + 1], theirs[j + 1])
            if low < high:
                bounds += (low, high)
            if mine[i + 1] < theirs[j + 1]:
                i += 2
            else:
                j += 2
        return Charset(tuple(bounds))

    def __sub__(self, other: Charset) -> Charset:
        return self & ~other

    def __le__(self, other: Charset) -> bool:
        if len(self.bounds) + len(other.bounds) <= _FEW:
            return not (self - other)
        return _inclusions.of(youngest(self, other), (self.serial, other.serial), lambda: not (self - other))

    def __repr__(self) -> str:
        return "Charset({})".format(" ".join(_span(low, high - 1) for low, high in list(self.spans())[:8]))


_FEW = 32
"""Bounds of two sets that are compared as quickly as a cached answer is read."""
_inclusions: Answers[bool] = Answers(16_384)
_intersections: Answers[Charset | None] = Answers(16_384)
_charsets: Interned[tuple[int, ...], Charset] = Interned()


def _unless(keeper: Charset, charset: Charset) -> Charset | None:
    """None for the keeper of an answer: an answer never refers to its keeper, which then could not be released."""
    return None if charset is keeper else charset


def _make(bounds: tuple[int, ...]) -> Charset:
    made = object.__new__(Charset)
    made.bounds = bounds
    return numbered(made)


def _span(low: int, high: int) -> str:
    return f"U+{low:04X}" if low == high else f"U+{low:04X}-U+{high:04X}"


NONE = Charset(())
ANY = Charset((0, CODE_POINT_LIMIT))
SURROGATES = Charset((0xD800, 0xE000))
"""Not characters: a text that contains one cannot be encoded. The engine uses two of them as marks inside records."""
SCALARS = ~SURROGATES
"""Unicode scalar values: the characters a text can contain (Unicode Standard, D76)."""
WHITE_SPACE = Charset.of("\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000", ("\u2000", "\u200a"))
"""The Unicode property White_Space."""
