"""Interval analysis of measures: implications that are shown without a run of the machines."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from ..budget import BudgetExceeded
from ..charset import NONE, Charset
from ..interning import UNANSWERED, Answers, youngest
from ..language import EMPTY, Language
from ..transducer import alphabet_after
from ..weight import CODE_POINTS
from .atom import Atom, Measure, Membership, measure
from .extent import Extent, extent
from .search import states

if TYPE_CHECKING:
    from ..alphabet import Alphabet
    from ..budget import Budget
    from ..transducer import Transducer
    from ..weight import Weight


_implications: Answers[bool] = Answers(65_536)


def implies(held: Measure, atom: Measure) -> bool:
    """Whether the upper bound of one measure evidently follows from that of another."""
    limit = atom.high
    if limit is None or held.high is None or len(held.chain) > len(atom.chain):
        return False
    # Called for all pairs of a conjunction, so a cached answer is read without a closure.
    keeper, question = (atom, held.serial) if held.serial < atom.serial else (held, ~atom.serial)
    known = _implications.known(keeper, question)
    return _implications.keep(keeper, question, _follows(held, atom, limit)) if known is UNANSWERED else known


def _follows(held: Measure, atom: Measure, limit: int) -> bool:
    """Whether the upper bound of a measure implies the limit of another, after what their chains have in common."""
    rest = _rest_after(held.chain, atom.chain)
    if held.high is None or rest is None:
        return False
    bound = without_chain(atom.weight, rest)
    if bound is None:
        return False
    ratio = bound[0].most_per_unit(held.weight)
    return ratio is not None and ratio * held.high + bound[1] < limit + 1


def _rest_after(whole: tuple[Transducer, ...], chain: tuple[Transducer, ...]) -> tuple[Transducer, ...] | None:
    """The last machines of a chain, when those before write a part of what the machines of `whole` write of every text.

    A part of a text is what is left when characters are dropped. None: it is not known to be one.
    """
    passed = 0
    is_equal = True
    for place, machine in enumerate(chain):
        if passed == len(whole):
            return chain[place:]
        other = whole[passed]
        if (machine == other or other.covers(machine)) and (is_equal or machine.keeps_parts):
            passed += 1
            is_equal = is_equal and machine == other
        elif machine.never_longer:
            is_equal = False
        else:
            return None
    return () if passed == len(whole) else None


def length_bounds(held: tuple[Atom, ...]) -> tuple[int, int | None]:
    """Bounds on the number of characters that follow from measures without a chain, and from the form of languages."""
    least, most = _extent_of(held)
    for a in held:
        if isinstance(a, Measure) and not a.chain:
            heaviest, lightest = max(a.weight.step[1]), min(a.weight.step[1])
            least = max(least, -(-a.low // heaviest) if heaviest else 0)
            if a.high is not None and lightest > 0:
                bound = a.high // lightest
                most = bound if most is None else min(most, bound)
    return least, most


def exclude_each_other(held: tuple[Atom, ...]) -> bool:
    """Whether no string has all of these measures, by what its length alone becomes on the way through the machines."""
    chained = [a for a in held if isinstance(a, Measure) and a.chain]
    if not chained:
        return False
    bounds = length_bounds(held)
    return any(_is_out_of_reach(a, *bounds) for a in chained)


def _is_out_of_reach(atom: Measure, least: int, most: int | None) -> bool:
    """Whether a string of so many characters cannot have the measure, whatever the characters are."""
    for machine in atom.chain:
        least, most = machine.lengths(least, most)
    lightest, heaviest = min(atom.weight.step[1]), max(atom.weight.step[1])
    return (atom.high is not None and least * lightest > atom.high) or (most is not None and most * heaviest < atom.low)


def _extent_of(held: tuple[Atom, ...]) -> Extent:
    """Bounds on the number of characters that can be read off the form of the assumed languages."""
    least, most = 0, None
    for a in held:
        if isinstance(a, Membership):
            shortest, longest = extent(a.language)
            least = max(least, shortest)
            most = longest if most is None else most if longest is None else min(most, longest)
    return Extent(least, most)


def stricter_measures(atom: Measure) -> tuple[Atom, ...]:
    """Measures without a chain that imply the upper bound of one with a chain; empty where none is known."""
    bound = without_chain(atom.weight, atom.chain)
    if bound is None or atom.high is None:
        return ()
    return measure(bound[0], 0, atom.high - bound[1], ())


def looser_measures(atom: Measure) -> tuple[Atom, ...]:
    """A measure without a chain that follows from the lower bound of one with a chain; empty where none is known."""
    bound = without_chain(atom.weight, atom.chain)
    return () if bound is None else measure(bound[0], atom.low - bound[1], None, ())


_unchained: Answers[tuple[Weight, int] | None] = Answers(16_384)


def without_chain(weight: Weight, chain: tuple[Transducer, ...]) -> tuple[Weight, int] | None:
    """A weight and a constant that together are never less than the measure after the chain."""
    if not chain:
        return weight, 0
    tokens = [machine.token for machine in chain]
    question = (weight, *[token.serial for token in tokens])
    return _unchained.of(youngest(*tokens), question, lambda: _outweigh(weight, chain))


def _outweigh(weight: Weight, chain: tuple[Transducer, ...]) -> tuple[Weight, int] | None:
    most_added = 0
    for machine in reversed(chain):
        bound = machine.outweigh(weight)
        if bound is None:
            return None
        weight, more = bound
        most_added += more
    return weight, most_added


def uncut(chain: tuple[Transducer, ...]) -> tuple[Atom, ...]:
    """Measures under which no machine of the chain cuts a text."""
    atoms: list[Atom] = []
    for i, machine in enumerate(chain):
        if machine.idle_up_to is not None:
            weight, limit = machine.idle_up_to
            bound = without_chain(weight, chain[:i])
            if bound is not None:
                atoms += measure(bound[0], 0, limit - bound[1], ())
    return tuple(atoms)


def evidently_at_least(held: tuple[Atom, ...], atom: Measure) -> bool:
    """Whether the lower bound of the atom is at most that of an assumed measure, or of every member."""
    if not atom.chain and _extent_of(held).least * min(atom.weight.step[1]) >= atom.low:
        return True
    return any(
        isinstance(a, Measure) and a.weight == atom.weight and a.chain == atom.chain and a.low >= atom.low for a in held
    )


def evidently_at_most(held: tuple[Atom, ...], atom: Measure, limit: int, universe: Language, budget: Budget) -> bool:
    """Interval analysis: the heaviest possible character, as often as it may occur, stays within the limit."""
    if any(isinstance(a, Measure) and implies(a, atom) for a in held):
        return True
    heaviest = _heaviest(held, atom, universe, budget)
    if heaviest == 0:
        return True
    bounds = [a.high for a in held if isinstance(a, Measure) and not a.chain and a.weight == CODE_POINTS]
    for bound in (_extent_of(held).most, *bounds):
        most = bound
        for machine in atom.chain:
            _, most = machine.lengths(0, most)
        if most is not None and most * heaviest <= limit:
            return True
    return False


def _heaviest(held: tuple[Atom, ...], atom: Measure, universe: Language, budget: Budget) -> int:
    """The greatest weight of a character that the atom's chain can write."""
    try:
        used = used_characters(universe, budget.alphabet_states)
        for a in held:
            if a.plain is not None:
                used = used & used_characters(a.plain, budget.alphabet_states)
        for machine in atom.chain:
            used = alphabet_after(machine, used, budget.phases)
    except BudgetExceeded:
        return max(atom.weight.step[1])
    return atom.weight.heaviest(used)


_used: Answers[Charset] = Answers(4_096)


def used_characters(language: Language, limit: int) -> Charset:
    """The characters that occur in a language's strings. Raises BudgetExceeded beyond `limit` states."""
    return _used.of(language, limit, lambda: _collect_used(language, limit))


def _collect_used(language: Language, limit: int) -> Charset:
    used: dict[tuple[Alphabet, tuple[int, ...]], None] = {}
    for state in states(language, limit):
        alphabet, targets = state.step()
        used[alphabet, tuple([letter for letter, target in enumerate(targets) if target is not EMPTY])] = None
    return reduce(Charset.__or__, [alphabet.charset(letters) for alphabet, letters in used], NONE)
