"""Violations: strings that satisfy some atoms and break another, a shortest one or a cheaper one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import language as languages
from .. import steps
from ..alphabet import value_at
from ..budget import STANDARD, BudgetExceeded
from ..charset import Charset
from ..interning import Answers, youngest
from ..language import TEXTS, Language
from ..plausible import best_character
from ..trie import sole_text
from .atom import Atom, Measure, Membership, essential, measure, membership
from .bounds import evidently_at_least, evidently_at_most, length_bounds, stricter_measures, uncut, without_chain
from .conjunction import conjunction
from .decide import counterexample, solve
from .extent import evident_shortest
from .members import member_of, solve_atoms
from .minimal import is_automaton
from .search import evidently_included
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..budget import Budget

_PUMPED = 3
"""Kinds of character that are tried."""


def violation(held: tuple[Atom, ...], atom: Atom, universe: Language = TEXTS, budget: Budget = STANDARD) -> str | None:
    """A shortest string of the universe with all of `held` that breaks the atom; None when none does.

    Raises BudgetExceeded.
    """
    if atom in held:
        return None
    question = (tuple([a.serial for a in held]), atom.serial, universe.serial, budget)
    keeper = youngest(atom, universe, *held)
    return _violations.of(keeper, question, lambda: _search_or_read(held, atom, universe, budget))


_violations: Answers[str | None] = Answers(65_536)


def _search_or_read(held: tuple[Atom, ...], atom: Atom, universe: Language, budget: Budget) -> str | None:
    """The violation that a search gives; where that ends undecided, one that is the shortest string of a language held."""
    listed = _sole_text(held)
    if listed is not None:
        return listed if listed in universe and _exceeds(listed, held, atom) else None
    try:
        return _violation(held, atom, universe, budget)
    except BudgetExceeded:
        languages_held = [a.language for a in held if isinstance(a, Membership)]
        read = [universe, *languages_held, *([atom.language] if isinstance(atom, Membership) else [])]
        for text in map(evident_shortest, languages_held):
            if text is None or not all(_is_quickly_read(text, each, budget) for each in read):
                continue
            if text in universe and _exceeds(text, held, atom):
                return text
        raise


def _is_quickly_read(text: str, language: Language, budget: Budget) -> bool:
    """Whether the states on the way of a text are no more work than a second look."""
    work = Workload(budget.second_look.states)
    try:
        for number, character in enumerate(text):
            work.check(number)
            language = value_at(work.step(language), ord(character))
    except BudgetExceeded:
        return False
    return True


def _sole_text(held: tuple[Atom, ...]) -> str | None:
    """The one text that all of these hold of; None: there may be others."""
    texts = (sole_text(a.language) for a in held if isinstance(a, Membership))
    return next((text for text in texts if text is not None), None)


def _violation(held: tuple[Atom, ...], atom: Atom, universe: Language, budget: Budget) -> str | None:
    language = atom.plain
    if language is None:
        return _measure_violation(held, atom, universe, budget) if isinstance(atom, Measure) else None
    memberships = [a for atom in held if (a := atom.plain) is not None]
    if any(evidently_included(x, language) for x in (universe, *memberships)):
        return None
    if len(held) == len(memberships):
        return counterexample(languages.intersection(universe, *memberships), language, budget)
    if len(memberships) == 1 and _is_included(memberships[0] & universe, language, budget):
        return None
    boxes = [a.box() for a in held if isinstance(a, Measure) and a.plain is None]
    return solve([universe, *memberships, ~language], boxes, budget)


_strays: Answers[str | None] = Answers(65_536)


def stray_member(held: tuple[Atom, ...], atom: Atom, budget: Budget) -> str | None:
    """A text with all of `held` that breaks the atom; None when none does. Raises BudgetExceeded."""
    if atom in held:
        return None
    if not isinstance(atom, Measure) or atom.plain is not None:
        return violation(held, atom, TEXTS, budget)
    if _sole_text(held) is not None:
        return violation(held, atom, TEXTS, budget)
    question = (tuple([a.serial for a in held]), atom.serial, budget)
    return _strays.of(youngest(atom, *held), question, lambda: _stray(held, atom, budget))


def _stray(held: tuple[Atom, ...], atom: Measure, budget: Budget) -> str | None:
    if atom.high is not None and not evidently_at_most(held, atom, atom.high, TEXTS, budget):
        text = _pumped(held, atom, atom.high, longest_proposed(held, budget))
        text = text or member_of((*held, *measure(atom.weight, atom.high + 1, None, atom.chain)), TEXTS, budget)
        if text is not None:
            return text
    if atom.low > 0 and not evidently_at_least(held, atom):
        return member_of((*held, *measure(atom.weight, 0, atom.low - 1, atom.chain)), TEXTS, budget)
    return None


def longest_proposed(atoms: Iterable[Atom], budget: Budget) -> int:
    """The characters of the longest text that is tried as a member: few, where each may take the work of a state."""
    languages = (atom.plain for atom in atoms)
    is_quick = all(language is None or is_automaton(language) for language in languages)
    return budget.pumped_characters if is_quick else budget.slow_characters


def _pumped(held: tuple[Atom, ...], atom: Measure, limit: int, longest: int) -> str | None:
    """A text of one repeated character, a heavy one, that exceeds the limit; None: none of those tried does.

    It has at most `longest` characters.
    """
    bound = without_chain(atom.weight, atom.chain)
    weight = atom.weight if bound is None else bound[0]
    kinds: dict[int, tuple[int, int]] = {}
    for low, high, each in steps.pieces(weight.step):
        best = best_character(low, high)
        if each > 0 and best is not None and (each not in kinds or best < kinds[each]):
            kinds[each] = best
    for each in sorted(kinds, reverse=True)[:_PUMPED]:
        character = chr(kinds[each][1])
        bounds = [(a, a.weight.of(character)) for a in held if isinstance(a, Measure) and not a.chain]
        count = max(limit // each + 1, *(-(-a.low // one) for a, one in bounds if one), 1)
        count = min(count, *(a.high // one for a, one in bounds if one and a.high is not None), count)
        text = character * min(count, longest)
        if _exceeds(text, held, atom):
            return text
    return None


def _is_included(inner: Language, outer: Language, budget: Budget) -> bool:
    """Inclusion that a short search can show; False decides nothing."""
    try:
        return counterexample(inner, outer, budget.quick) is None
    except BudgetExceeded:
        return False


def _measure_violation(held: tuple[Atom, ...], atom: Measure, universe: Language, budget: Budget) -> str | None:
    bounds = length_bounds(held)
    chain = essential(atom.chain, *bounds)
    simpler = conjunction(a for old in held for a in _without_idle(old, bounds))
    if chain != atom.chain or simpler != held:
        shorter = measure(atom.weight, atom.low, atom.high, chain)
        return violation(simpler, shorter[0], universe, budget) if shorter else None
    shortest: str | None = None
    if atom.low > 0 and not evidently_at_least(held, atom):
        shortest = solve_atoms((*held, *measure(atom.weight, 0, atom.low - 1, atom.chain)), universe, budget)
    if atom.high is not None and not evidently_at_most(held, atom, atom.high, universe, budget):
        over = _excess(held, atom, atom.high, universe, budget)
        if over is not None and (shortest is None or len(over) < len(shortest)):
            shortest = over
    return shortest


def _without_idle(atom: Atom, bounds: tuple[int, int | None]) -> tuple[Atom, ...]:
    """The atom for texts within length bounds, without the machines that have no effect on them."""
    if not isinstance(atom, Measure) or not atom.chain:
        return (atom,)
    chain = essential(atom.chain, *bounds)
    return (atom,) if chain == atom.chain else measure(atom.weight, atom.low, atom.high, chain)


def _excess(held: tuple[Atom, ...], atom: Measure, limit: int, universe: Language, budget: Budget) -> str | None:
    """A shortest string whose measure exceeds the limit; None when there is none. Raises BudgetExceeded.

    The first search has no chains: its weights are at least as great as those after the chain, and the assumed measures
    with chains are left out. If it gives no string, none exceeds the limit; if its shortest string does exceed it, that
    is a shortest one. The second search is among strings that no cut cuts and that satisfy all assumed measures by
    weight alone; its string exceeds the limit, and is the answer where the budget shows no shorter one.
    """
    exact = (*held, *measure(atom.weight, limit + 1, None, atom.chain))
    bound = without_chain(atom.weight, atom.chain)
    chained = [a for a in held if isinstance(a, Measure) and a.chain]
    if bound is None or not (atom.chain or chained):
        return solve_atoms(exact, universe, budget)
    loose = tuple(a for a in held if a not in chained)
    excess = measure(bound[0], limit + 1 - bound[1], None, ())
    least = solve_atoms((*loose, *excess), universe, budget)
    if least is None or _exceeds(least, held, atom):
        return least
    strict = [stricter for a in chained for stricter in stricter_measures(a)]
    unspoilt = (*loose, *strict, *excess, *uncut(atom.chain))
    whole = solve_atoms(unspoilt, universe, budget)
    whole = whole if whole is not None and _exceeds(whole, held, atom) else None
    if universe is not TEXTS and (whole is None or len(whole) > len(least)):
        ending = _some(unspoilt + _ENDING_IN_A_LETTER, universe, budget)
        whole = ending if ending is not None and _exceeds(ending, held, atom) else whole
    if whole is not None and len(whole) == len(least):
        return whole
    if whole is None:
        return solve_atoms(exact, universe, budget)
    try:
        return solve_atoms(exact, universe, budget.limited(budget.chained_states))
    except BudgetExceeded:
        return whole


def _some(atoms: tuple[Atom, ...], universe: Language, budget: Budget) -> str | None:
    """A shortest string of the universe with all of the atoms, if a short search gives one."""
    try:
        return solve_atoms(atoms, universe, budget.quick)
    except BudgetExceeded:
        return None


_ENDING_IN_A_LETTER = membership(languages.concat(languages.ALL, languages.chars(Charset.of(("A", "Z"), ("a", "z")))))
"""Strings whose end is not trimmed and whose last field is not empty."""


def _exceeds(text: str, held: tuple[Atom, ...], atom: Atom) -> bool:
    return text not in atom and all(text in a for a in held)
