"""Whether the members of a set grow without end: a part of one of them may be repeated as often as one likes.

    [a-z]{2}[0-9]+x     ab1x     after ab1 one more digit leaves the same rest: ab11x, ab111x, ...

A set of which that is shown has no greatest length, and none has to be searched for. Source: the pumping lemma (Rabin,
Scott, "Finite automata and their decision problems", 1959), with rests that have all texts of another for equal ones.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

from ..alphabet import LetterStep, on_both, on_each, same_on_all, value_at
from ..budget import BudgetExceeded
from ..language import EMPTY, TEXTS, Language
from .atom import Atom, Measure
from .search import evidently_included
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..budget import Budget
    from ..weight import Weight

_DEPTH = 6
"""How deep the operands of two rests are compared."""
_BEFORE = 20
"""Places before one that it is compared with; all before it are looked up."""

_Place: TypeAlias = tuple[Language, ...]
"""What is left of what is to be avoided, and of each language that is to be met, once a part of a text was read."""


def is_endless(held: Sequence[Atom], allowed: Sequence[Atom], text: str, weight: Weight, budget: Budget) -> bool:
    """Whether there are texts of every greater measure that have all of `held` and break one of `allowed`, as `text` does.

    False decides nothing.
    """
    if not all(atom.plain is not None or _is_met_by_longer(atom) for atom in held):
        return False
    languages = [language for atom in held if (language := atom.plain) is not None]
    for atom in allowed:
        avoided = EMPTY if _is_exceeded(atom, text) else atom.plain
        if avoided is not None and text not in avoided:
            try:
                return _repeats((avoided, TEXTS, *languages), text, weight, Workload(budget.quick_states))
            except BudgetExceeded:
                return False
    return False


def _is_met_by_longer(atom: Atom) -> bool:
    """Whether a text that has the atom has it with more characters in it, too."""
    return isinstance(atom, Measure) and not atom.chain and atom.high is None


def _is_exceeded(atom: Atom, text: str) -> bool:
    """Whether a text breaks the atom, and does so with more characters in it, too."""
    return isinstance(atom, Measure) and not atom.chain and atom.high is not None and atom.weight.of(text) > atom.high


def _repeats(place: _Place, text: str, weight: Weight, work: Workload) -> bool:
    """Whether a part of the text, or a character more in it, leads to a place that has all texts of the one before.

    Raises BudgetExceeded.
    """
    measures: dict[_Place, int] = {}
    measure = 0
    for number in range(len(text) + 1):
        work.check(number)
        if measures.setdefault(place, measure) < measure:
            return True
        recent = [*measures.items()][-_BEFORE:]
        if any(before < measure and _has_all(place, other) for other, before in recent):
            return True
        step = _steps(place, work)
        alphabet, targets = step
        for likely, target in zip(alphabet.likely, targets, strict=True):
            if likely is not None and _has_all(target, place) and weight.of(chr(likely[1])) > 0:
                return True
        if number < len(text):
            place = value_at(step, ord(text[number]))
            measure += weight.of(text[number])
    return False


def _steps(place: _Place, work: Workload) -> LetterStep[_Place]:
    """Per next character, the place after it. Raises BudgetExceeded."""
    nowhere: LetterStep[_Place] = same_on_all(())
    return reduce(_side_by_side, [on_each(work.step(each), _alone) for each in place], nowhere)


def _alone(language: Language) -> _Place:
    return (language,)


def _side_by_side(some: LetterStep[_Place], more: LetterStep[_Place]) -> LetterStep[_Place]:
    return on_both(some, more, tuple.__add__)


def _has_all(place: _Place, other: _Place) -> bool:
    """Whether a place evidently has all texts of another: what is to be met is no less, what is to be avoided no more."""
    return evidently_included(place[0], other[0], _DEPTH) and all(
        evidently_included(less, more, _DEPTH) for less, more in zip(other[1:], place[1:], strict=True)
    )
