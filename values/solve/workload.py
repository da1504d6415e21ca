"""The work of a search, counted in states: a verdict depends on nothing else, and on no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..budget import BudgetExceeded

if TYPE_CHECKING:
    from ..alphabet import Alphabet, LetterStep
    from ..language import Language
    from .ways import Rests

_OPERANDS_A_STATE = 8
_PIECES_A_STATE = 64
_EDGES_A_STATE = 16
_KEPT_EDGES_A_STATE = 64
_COMPARISONS_A_STATE = 256
"""What is as much work as one plain state: operands united or intersected, pieces of an alphabet, edges followed or kept,
pairs of operands or columns compared."""


class Workload:
    """The work of the states a search visits, counted in plain states: one of many operands or edges is several.

    It counts what the states are, whether or not they were stepped before: an answer depends on nothing else.
    """

    def __init__(self, limit: int) -> None:
        """`limit`: the greatest number of plain states."""
        self._limit = limit
        self._more = 0
        self._fractions = 0
        self._seen: set[Language] = set()
        self._alphabets: set[Alphabet] = set()

    def step(self, language: Language) -> LetterStep[Language]:
        """The step function of a state; counts what makes it more than one. Raises BudgetExceeded beyond the limit."""
        if language in self._seen:
            return language.step()
        self._seen.add(language)
        self._add(language.operands // _OPERANDS_A_STATE)
        step = language.step()
        alphabet, targets = step
        self._add(sum([target.operands for target in targets]) // _OPERANDS_A_STATE)
        self._count_pieces(alphabet)
        return step

    def _count_pieces(self, alphabet: Alphabet) -> None:
        if len(alphabet.bounds) > _PIECES_A_STATE and alphabet not in self._alphabets:
            self._alphabets.add(alphabet)
            self._add(len(alphabet.bounds) // _PIECES_A_STATE)

    def add(self, language: Language, ways: LetterStep[Rests]) -> None:
        """Count what makes a state more than one that goes on in these ways. Raises BudgetExceeded beyond the limit."""
        if language not in self._seen:
            self._seen.add(language)
            self._add(
                (language.operands + sum([way.operands for each in ways[1] for way in each])) // _OPERANDS_A_STATE
            )
            self._count_pieces(ways[0])

    def follow(self, edges: int) -> None:
        """Count edges that are followed. Raises BudgetExceeded beyond the limit."""
        self._add_fraction(edges * (_COMPARISONS_A_STATE // _EDGES_A_STATE))

    def keep(self, edges: int) -> None:
        """Count edges that are kept. Raises BudgetExceeded beyond the limit."""
        self._add_fraction(edges * (_COMPARISONS_A_STATE // _KEPT_EDGES_A_STATE))

    def compare(self, comparisons: int) -> None:
        """Count pairs of operands, or columns, that are compared. Raises BudgetExceeded beyond the limit."""
        self._add_fraction(comparisons)

    def done(self, states: int) -> int:
        """The work of that many states, some of them several."""
        return states + self._more

    def check(self, states: int) -> None:
        """Raise BudgetExceeded where that many states, some of them several, are beyond the limit."""
        if states + self._more > self._limit:
            raise BudgetExceeded("states", states + self._more)

    def _add_fraction(self, comparisons: int) -> None:
        self._fractions += comparisons
        if self._fractions >= _COMPARISONS_A_STATE:
            self._add(self._fractions // _COMPARISONS_A_STATE)
            self._fractions %= _COMPARISONS_A_STATE

    def _add(self, more: int) -> None:
        if more:
            self._more += more
            self.check(0)
