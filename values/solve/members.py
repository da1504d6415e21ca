"""Members of conjunctions of atoms: a shortest one, or a cheaper one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from ..budget import STANDARD, BudgetExceeded
from ..interning import Answers, youngest
from ..language import TEXTS, Language
from .atom import Atom, Measure
from .bounds import exclude_each_other, looser_measures, stricter_measures
from .decide import solve
from .extent import evident_shortest
from .search import shortest

if TYPE_CHECKING:
    from ..budget import Budget


def solve_atoms(atoms: tuple[Atom, ...], universe: Language = TEXTS, budget: Budget = STANDARD) -> str | None:
    """A shortest string of the universe with all of the atoms; None when there is none. Raises BudgetExceeded."""
    if exclude_each_other(atoms):
        return None
    relaxed = _relaxed(atoms, universe, budget)
    if relaxed is not None:
        least, member = relaxed.least, relaxed.member
        if least is None or (member is not None and len(member) == len(least)):
            return member
    return _solve_atoms(atoms, universe, budget)


def member_of(atoms: tuple[Atom, ...], universe: Language = TEXTS, budget: Budget = STANDARD) -> str | None:
    """A string of the universe with all of the atoms, often a short one; None when there is none.

    Raises BudgetExceeded.
    """
    if exclude_each_other(atoms):
        return None
    languages = [universe, *(language for a in atoms if (language := a.plain) is not None)]
    for language in languages:
        seed = _seed(language, budget.quick_states)
        if seed is not None and seed in universe and all(a.plain is language or seed in a for a in atoms):
            return seed
    if any(_exclude_each_other(*pair, budget.quick_states) for pair in combinations(languages[1:], 2)):
        return None
    relaxed = _relaxed(atoms, universe, budget)
    if relaxed is not None and (relaxed.least is None or relaxed.member is not None):
        return relaxed.member
    return _solve_atoms(atoms, universe, budget)


_seeds: Answers[str | None] = Answers(16_384)


def _seed(language: Language, limit: int) -> str | None:
    """A shortest string of a language, as a candidate for others.

    None also where neither a search of `limit` states nor the form of the language tells.
    """
    return _seeds.of(language, limit, lambda: _quick_member(language, limit))


def _quick_member(language: Language, limit: int) -> str | None:
    try:
        return shortest(language & TEXTS, limit)
    except BudgetExceeded:
        return evident_shortest(language)


_exclusions: Answers[bool] = Answers(16_384)


def _exclude_each_other(first: Language, second: Language, limit: int) -> bool:
    """Whether a search of `limit` states shows that two languages have no string in common."""
    question = (first.serial, second.serial, limit)
    return _exclusions.of(youngest(first, second), question, lambda: _evidently_disjoint(first, second, limit))


def _evidently_disjoint(first: Language, second: Language, limit: int) -> bool:
    try:
        return shortest(first & second, limit) is None
    except BudgetExceeded:
        return False


@dataclass(frozen=True, slots=True)
class _Relaxed:
    """Members of conjunctions that approximate some atoms without machines."""

    least: str | None
    """A shortest string with weaker atoms: none with all of the atoms is shorter; None: none has all of them."""
    member: str | None
    """A string with all of the atoms, if the search gave one."""


def _relaxed(atoms: tuple[Atom, ...], universe: Language, budget: Budget) -> _Relaxed | None:
    """First without the measures after machines, then with stricter ones without machines; None: too large."""
    chained = [a for a in atoms if isinstance(a, Measure) and a.chain]
    if not chained:
        return None
    loose = (*(a for a in atoms if a not in chained), *(looser for a in chained for looser in looser_measures(a)))
    try:
        least = _solve_atoms(loose, universe, budget.quick)
        if least is None or all(least in a for a in chained):
            return _Relaxed(least, least)
        strict = _solve_atoms(
            (*loose, *(stricter for a in chained for stricter in stricter_measures(a))), universe, budget.quick
        )
    except BudgetExceeded:
        return None
    fits = strict is not None and all(strict in a for a in atoms)
    return _Relaxed(least, strict if fits else None)


def _solve_atoms(atoms: tuple[Atom, ...], universe: Language, budget: Budget) -> str | None:
    return solve(
        [universe, *(language for a in atoms if (language := a.plain) is not None)],
        [a.box() for a in atoms if isinstance(a, Measure) and a.plain is None],
        budget,
    )
