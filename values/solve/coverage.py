"""States of a search that need not be visited, because one visited before has all their texts.

    x{2,5} y   not  z | w           has all texts of         x{3,4} y   not  z | w | v

Rests of one shape differ only in the counts of their loops; where all counts are wider, all texts are there. So a loop
of 60 rounds in a loop of 20 is visited once, not 1,200 times. And what is to be avoided less leaves more.
"""

from __future__ import annotations

from operator import le
from typing import TYPE_CHECKING, TypeAlias

from ..language import EMPTY, Concatenation, Intersection, Language, LengthLanguage, Repetition, union
from ..language import Union as UnionLanguage

if TYPE_CHECKING:
    from collections.abc import Hashable

    from .workload import Workload

_FRONT = 16
"""States of one shape that a new one is compared with: the last ones."""

_Counts: TypeAlias = tuple[float, ...]
"""Of each loop and length the least number of rounds and the greatest one, negated: less is wider."""


class Coverage:
    """The states that a search visits."""

    def __init__(self, work: Workload) -> None:
        """Comparisons are counted as work."""
        self._work = work
        self._numbers: dict[Hashable, int] = {}
        self._shapes: dict[Language, tuple[int, _Counts]] = {}
        self._reduced: dict[Language, Language] = {}
        self._visited: dict[int, list[tuple[_Counts, frozenset[Language]]]] = {}

    def adds(self, inner: Language, outer: Language) -> bool:
        """Whether no state visited before evidently has all texts that are in the one and not in the other.

        If so, it counts as visited. Raises BudgetExceeded.
        """
        shape, counts = self._shape(inner)
        avoided = frozenset(parts_of(outer))
        visited = self._visited.setdefault(shape, [])
        self._work.compare(min(len(visited), _FRONT))
        for wider, fewer in visited[-_FRONT:]:
            if all(map(le, wider, counts)) and fewer <= avoided:
                return False
        visited.append((counts, avoided))
        return True

    def reduced(self, outer: Language) -> Language:
        """The same language, without the parts of a union that another one evidently covers. Raises BudgetExceeded."""
        if not isinstance(outer, UnionLanguage):
            return outer
        known = self._reduced.get(outer)
        if known is None:
            known = self._reduced[outer] = self._reduce(outer)
        return known

    def _reduce(self, outer: Language) -> Language:
        alike: dict[int, list[tuple[_Counts, Language]]] = {}
        for part in outer.parts:
            shape, counts = self._shape(part)
            alike.setdefault(shape, []).append((counts, part))
        kept: list[Language] = []
        for group in alike.values():
            widest: list[tuple[_Counts, Language]] = []
            for counts, part in sorted(group, key=_sum_first):
                self._work.compare(len(widest))
                if not any(all(map(le, wider, counts)) for wider, _ in widest):
                    widest.append((counts, part))
            kept += [part for _, part in widest]
        return outer if len(kept) == len(outer.parts) else union(*kept)

    def _shape(self, language: Language) -> tuple[int, _Counts]:
        """The number of the shape, and the counts."""
        spine: list[Language] = []
        while isinstance(language, Concatenation) and language not in self._shapes:
            spine.append(language)
            language = language.parts[1]
        shape = self._shapes.get(language)
        if shape is None:
            shape = self._shapes[language] = self._part(language)
        for whole in reversed(spine):
            head, counts = self._part(whole.parts[0])
            shape = self._shapes[whole] = (self._number((head, shape[0])), counts + shape[1])
        return shape

    def _part(self, language: Language) -> tuple[int, _Counts]:
        match language:
            case Repetition():
                body, low, high = language.parts
                return self._number((Repetition, body)), _wider(low, high)
            case LengthLanguage():
                weight, low, high = language.parts
                return self._number((LengthLanguage, weight)), _wider(low, high)
            case Intersection():
                parts = sorted([self._shape(part) for part in language.parts])
                counts = tuple([count for _, each in parts for count in each])
                return self._number((Intersection, *[number for number, _ in parts])), counts
            case _:
                return self._number(language), ()

    def _number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


def parts_of(language: Language) -> tuple[Language, ...]:
    """The languages that it is the union of."""
    if isinstance(language, UnionLanguage):
        parts: tuple[Language, ...] = language.parts
        return parts
    return () if language is EMPTY else (language,)


def _sum_first(part: tuple[_Counts, Language]) -> tuple[float, _Counts]:
    """No part is covered by one that comes later."""
    return sum(part[0]), part[0]


def _wider(low: int, high: int | None) -> _Counts:
    return low, float("-inf") if high is None else -high
