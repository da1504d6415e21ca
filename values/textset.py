"""Sets of texts: a conjunction of atoms, each a language or a measure, never one big automaton.

An *atom* is one demand. A language demands membership; a measure demands that the weights of the characters, seen
through
a chain of machines, sum to low..high. Kept apart, `A <= {b1 .. bk}` is k small questions with a witness for each, and a
length of 4,000 stays a number. Carried back through a machine, an atom stays an atom: where there is a closed form
it is
used (a prefix shifts a length, upper-casing changes the weights), elsewhere the machine joins the chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, count
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from . import language as languages
from . import steps
from .charset import SCALARS, Charset
from .language import ALL, EMPTY, Characters, Concatenation, Language, Repetition
from .language import Union as UnionLanguage
from .plausible import best_character
from .solve.decide import Box, counterexample, solve
from .solve.search import DEFAULT_BUDGET, BudgetExceeded, canonical, evidently_included, shortest, states
from .solve.table import minimal_preimage
from .transducer import Mapped, TooManyPhases, Transducer, alphabet_after, preimage
from .weight import CODE_POINTS, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXTS = languages.repeat(languages.chars(SCALARS), 0)
"""Every text: strings of Unicode scalar values. The universe of a `TextSet`."""

_QUICK_BUDGET = 400
_ALPHABET_BUDGET = 1_000
_THROUGH_CHAINS = 150
"""States for the search through chains of machines, where only that can show that nothing shorter exists."""
_SHORT = 40
"""A counted loop of no more is left in its language: so few states are cheaper than a measure behind machines."""
_serials = count()


class Atom:
    """One demand on a text. Interned: equal atoms are the same object."""

    __slots__ = ("__weakref__", "serial")

    serial: int
    # Invariant: unique, ascending in creation order; a TextSet keeps its atoms sorted by it.

    def __contains__(self, text: str) -> bool:
        raise NotImplementedError

    def back(self, machine: Transducer) -> tuple[Atom, ...]:
        """The atoms whose conjunction is "the machine makes this a member"."""
        raise NotImplementedError

    def as_language(self) -> Language:
        """The same demand as one lazy automaton."""
        raise NotImplementedError

    @property
    def plain(self) -> Language | None:
        """The demand as a language of few states; None where it counts, or looks through machines."""
        raise NotImplementedError


class Membership(Atom):
    """The text lies in a language."""

    __slots__ = ("language",)

    language: Language

    def __contains__(self, text: str) -> bool:
        return text in self.language

    def back(self, machine: Transducer) -> tuple[Atom, ...]:
        return membership(minimal_preimage(machine, self.language))

    def as_language(self) -> Language:
        return self.language

    @property
    def plain(self) -> Language | None:
        return self.language


class Measure(Atom):
    """`low <= weight of chain(text) <= high`, in the weight's unit; high None: no upper end.

    "Only these characters" is a measure, too: all others weigh 1, and the sum is 0.
    """

    __slots__ = ("chain", "high", "low", "weight")

    weight: Weight
    low: int
    high: int | None
    chain: tuple[Transducer, ...]

    def __contains__(self, text: str) -> bool:
        for machine in self.chain:
            written = machine.run(text)
            if written is None:
                return False
            text = written
        measure = self.weight.of(text)
        return self.low <= measure and (self.high is None or measure <= self.high)

    def back(self, machine: Transducer) -> tuple[Atom, ...]:
        if all(machine.commutes(other) for other in self.chain) and machine.invisible(self.weight):
            return (self,)
        closed = _closed_form(machine, self) if not self.chain else None
        if closed is not None:
            return closed
        return _measure(self.weight, self.low, self.high, (machine, *self.chain))

    def as_language(self) -> Language:
        language = languages.length(self.weight, self.low, self.high)
        for machine in reversed(self.chain):
            language = preimage(machine, language)
        return language

    @property
    def plain(self) -> Language | None:
        if self.chain or self.high != 0:
            return None
        allowed = Charset.ranges((low, high - 1) for low, high, w in steps.pieces(self.weight.step) if w == 0)
        return languages.repeat(languages.chars(allowed), 0)

    def box(self) -> Box:
        """The atom as a question for the solver."""
        return Box(self.weight, self.low, self.high, self.chain)


_memberships: WeakValueDictionary[Language, Membership] = WeakValueDictionary()
_measures: WeakValueDictionary[tuple[Weight, int, int | None, tuple[Transducer, ...]], Measure] = WeakValueDictionary()


def membership(language: Language) -> tuple[Atom, ...]:
    """The atom of a language, if it demands anything: none when it admits every text."""
    language = canonical(language)
    if language is ALL or language is TEXTS:
        return ()
    if isinstance(language, Repetition) and language.parts[1:] == (0, None):
        body = language.parts[0]
        if isinstance(body, Characters):
            return only(body.parts)
    atom = _memberships.get(language)
    if atom is None:
        atom = object.__new__(Membership)
        atom.serial = next(_serials)
        atom.language = language
        _memberships[language] = atom
    return (atom,)


def only(charset: Charset) -> tuple[Atom, ...]:
    """The atom of texts that have no character outside a set."""
    outside = SCALARS - charset
    if not outside:
        return ()
    return _measure(Weight("forbidden characters", steps.indicator(outside, 1, 0)), 0, 0, ())


def _measure(weight: Weight, low: int, high: int | None, chain: tuple[Transducer, ...]) -> tuple[Atom, ...]:
    """The atom of a measure, or what it comes to: nothing demanded, or nothing admitted."""
    low = max(low, 0)
    chain = _essential(chain)
    if high is not None and high < low:
        return membership(EMPTY)
    least, most = 0, None
    for machine in chain:
        least, most = machine.lengths(least, most)
    least *= min(weight.step[1])
    most = None if most is None else most * max(weight.step[1])
    if most is not None and low > most:
        return membership(EMPTY)
    if high is not None and high < least:
        return membership(EMPTY)
    low = 0 if low <= least else low
    high = None if high is None or (most is not None and high >= most) else high
    if low == 0 and high is None:
        return ()
    key = (weight, low, high, chain)
    atom = _measures.get(key)
    if atom is None:
        atom = object.__new__(Measure)
        atom.serial = next(_serials)
        atom.weight, atom.low, atom.high, atom.chain = key
        _measures[key] = atom
    return (atom,)


def _essential(chain: tuple[Transducer, ...], low: int = 0, high: int | None = None) -> tuple[Transducer, ...]:
    """The chain without steps that do nothing: repeats of an idempotent machine, cuts of what is short enough.

    What one machine can do as well as two it does.
    """
    kept: list[Transducer] = []
    for machine in chain:
        if (kept and kept[-1] == machine and machine.idempotent) or machine.is_idle(low, high):
            continue
        both = kept[-1].fused(machine) if kept else None
        if both is None:
            kept.append(machine)
        else:
            kept[-1] = both
        low, high = machine.lengths(low, high)
    return tuple(kept)


def _closed_form(machine: Transducer, atom: Measure) -> tuple[Atom, ...] | None:
    """A measure carried back through one machine without remembering the machine; None where that is not exact."""
    if isinstance(machine, Mapped):
        return _measure(machine.image.weight(atom.weight), atom.low, atom.high, ())
    shift = machine.added
    if shift is not None:
        extra = atom.weight.of(shift)
        return _measure(atom.weight, atom.low - extra, None if atom.high is None else atom.high - extra, ())
    limits = machine.clamp
    if limits is not None and atom.weight == CODE_POINTS:
        return _clamped(atom, *limits)
    return None


def _clamped(atom: Measure, least: int, most: int | None) -> tuple[Atom, ...]:
    """The machine makes the length max(least, min(most, length)): cutting and padding."""
    low, high = atom.low, atom.high
    if most is not None:
        if low > most:
            return membership(EMPTY)
        if high is not None and high >= most:
            high = None
    if high is not None and high < least:
        return membership(EMPTY)
    return _measure(atom.weight, 0 if low <= least else low, high, ())


class TextSet:
    """A set of texts with `& | ~ - <= in`, `is_empty`, `witness`. Interned: sets of the same atoms are one object."""

    __slots__ = ("__weakref__", "atoms")

    atoms: tuple[Atom, ...]
    # Invariant: sorted by serial, without repeats, at most one measure per (weight, chain); interned.

    @classmethod
    def of(cls, atoms: Iterable[Atom]) -> TextSet:
        """The conjunction of atoms."""
        return _interned_set(_normal(atoms))

    @staticmethod
    def full() -> TextSet:
        """Every text."""
        return _FULL

    @staticmethod
    def empty() -> TextSet:
        """No text."""
        return _EMPTY

    @classmethod
    def language(cls, language: Language) -> TextSet:
        """The texts of a language; a counted loop of one character set in it becomes a length (exact)."""
        return cls.of(_factor(language))

    @classmethod
    def measure(cls, weight: Weight, low: int, high: int | None) -> TextSet:
        """Texts of low..high units (inclusive; high None: no upper end)."""
        return cls.of(_measure(weight, low, high, ()))

    def __contains__(self, text: str) -> bool:
        return _is_member(self, text)

    def __and__(self, other: TextSet) -> TextSet:
        if self is other or not other.atoms:
            return self
        return TextSet.of((*self.atoms, *other.atoms)) if self.atoms else other

    def __or__(self, other: TextSet) -> TextSet:
        if self is other or not self.atoms or other is TextSet.empty():
            return self
        if not other.atoms or self is TextSet.empty():
            return other
        common = [atom for atom in self.atoms if atom in other.atoms]
        mine, theirs = (
            TextSet.of(a for a in self.atoms if a not in common),
            TextSet.of(a for a in other.atoms if a not in common),
        )
        return TextSet.of((*common, *membership(mine.as_language() | theirs.as_language())))

    def __invert__(self) -> TextSet:
        if self is _FULL or self is _EMPTY:
            return _EMPTY if self is _FULL else _FULL
        return TextSet.of(membership(~self.as_language() & TEXTS))

    def __sub__(self, other: TextSet) -> TextSet:
        return self & ~other

    def __le__(self, other: TextSet) -> bool:
        """Inclusion. Raises BudgetExceeded when it cannot be decided within the budget."""
        return self.stray(other) is None

    def is_empty(self) -> bool:
        """Whether no text is a member. Raises BudgetExceeded."""
        return self.member() is None

    def member(self) -> str | None:
        """Some member, mostly a shortest one, and quicker to come by; None when there is none. Raises BudgetExceeded."""
        return member_of(self.atoms)

    def witness(self, budget: int = DEFAULT_BUDGET) -> str | None:
        """A shortest member, as plausible as possible; None when there is none. Raises BudgetExceeded."""
        return solve_atoms(self.atoms, TEXTS, budget)

    def outside(self, other: TextSet, budget: int = DEFAULT_BUDGET) -> str | None:
        """A shortest member that `other` does not have; None when every member is in `other`. Raises BudgetExceeded."""
        found: str | None = None
        for atom in other.atoms:
            escaped = violation(self.atoms, atom, TEXTS, budget)
            if escaped is not None and (found is None or len(escaped) < len(found)):
                found = escaped
        return found

    def stray(self, other: TextSet, budget: int = DEFAULT_BUDGET) -> str | None:
        """Some member that `other` does not have, quicker to come by than a shortest; None when there is none.

        Raises BudgetExceeded.
        """
        for atom in other.atoms:
            found = _stray(self.atoms, atom, budget)
            if found is not None:
                return found
        return None

    def back(self, machine: Transducer) -> TextSet:
        """The texts the machine turns into members."""
        return _back(self, machine)

    def as_language(self) -> Language:
        """The set as one lazy automaton."""
        return languages.intersection(*(atom.as_language() for atom in self.atoms))

    def __repr__(self) -> str:
        return f"TextSet({len(self.atoms)} atoms)"


@lru_cache(maxsize=65_536)
def _is_member(texts: TextSet, text: str) -> bool:
    """The same texts are asked of the same sets again and again: on every way they take."""
    return text in TEXTS and all(text in atom for atom in texts.atoms)


_sets: WeakValueDictionary[tuple[Atom, ...], TextSet] = WeakValueDictionary()


def _interned_set(atoms: tuple[Atom, ...]) -> TextSet:
    found = _sets.get(atoms)
    if found is None:
        found = object.__new__(TextSet)
        found.atoms = atoms
        _sets[atoms] = found
    return found


def _normal(atoms: Iterable[Atom]) -> tuple[Atom, ...]:
    kept: dict[int, Atom] = {}
    measures: dict[tuple[Weight, tuple[Transducer, ...]], Measure] = {}
    todo = list(atoms)
    while todo:
        atom = todo.pop()
        if isinstance(atom, Membership) and atom.language is EMPTY:
            return (atom,)
        if not isinstance(atom, Measure):
            kept[atom.serial] = atom
            continue
        key = (atom.weight, atom.chain)
        known = measures.get(key)
        if known is None:
            measures[key] = atom
        elif known is not atom:
            del measures[key]
            high = atom.high if known.high is None else known.high if atom.high is None else min(atom.high, known.high)
            todo += _measure(atom.weight, max(atom.low, known.low), high, atom.chain)
    kept.update((atom.serial, atom) for atom in _without_implied(list(measures.values())))
    return tuple(kept[serial] for serial in sorted(kept))


def _without_implied(measures: list[Measure]) -> list[Measure]:
    """Without upper bounds that evidently follow from another: what a machine only shortens needs no bound of its own."""
    if len(measures) < 2:
        return measures
    left = sorted(measures, key=lambda atom: (-len(atom.chain), -atom.serial))
    for atom in tuple(left):
        if atom.low == 0 and any(other is not atom and _implies(other, atom) for other in left):
            left.remove(atom)
    return left


@lru_cache(maxsize=65_536)
def _implies(held: Measure, atom: Measure) -> bool:
    return atom.high is not None and _follows(held, atom, atom.high)


_FULL = TextSet.of(())
_EMPTY = TextSet.of(membership(EMPTY))


@lru_cache(maxsize=65_536)
def _back(texts: TextSet, machine: Transducer) -> TextSet:
    found = [atom for old in texts.atoms for atom in old.back(machine)]
    if machine.rejects:
        found += membership(preimage(machine, ALL))
    return TextSet.of(found)


def violation(
    held: tuple[Atom, ...], atom: Atom, universe: Language = TEXTS, budget: int = DEFAULT_BUDGET
) -> str | None:
    """A shortest string of the universe with all of `held` that breaks the atom; None when none does.

    Raises BudgetExceeded.
    """
    if atom in held:
        return None
    return _violation(held, atom, universe, budget)


@lru_cache(maxsize=65_536)
def _violation(held: tuple[Atom, ...], atom: Atom, universe: Language, budget: int) -> str | None:
    language = atom.plain
    if language is None:
        return _measure_violation(held, atom, universe, budget) if isinstance(atom, Measure) else None
    memberships = [a for atom in held if (a := atom.plain) is not None]
    if any(evidently_included(x, language) for x in (universe, *memberships)):
        return None
    if len(held) == len(memberships):
        return counterexample(languages.intersection(universe, *memberships), language, budget)
    if len(memberships) == 1 and _is_included(memberships[0] & universe, language):
        return None
    boxes = [a.box() for a in held if isinstance(a, Measure) and a.plain is None]
    return solve([universe, *memberships, ~language], boxes, budget)


@lru_cache(maxsize=65_536)
def _stray(held: tuple[Atom, ...], atom: Atom, budget: int) -> str | None:
    """A text with all of `held` that breaks the atom; None when none does. Raises BudgetExceeded."""
    if atom in held:
        return None
    if not isinstance(atom, Measure) or atom.plain is not None:
        return _violation(held, atom, TEXTS, budget)
    if atom.high is not None and not _evidently_at_most(held, atom, atom.high, TEXTS):
        found = _pumped(held, atom, atom.high)
        found = found or member_of((*held, *_measure(atom.weight, atom.high + 1, None, atom.chain)), TEXTS, budget)
        if found is not None:
            return found
    if atom.low > 0 and not _evidently_at_least(held, atom):
        return member_of((*held, *_measure(atom.weight, 0, atom.low - 1, atom.chain)), TEXTS, budget)
    return None


_PUMPED = 3
"""Kinds of character that are tried."""
_LONGEST_PUMPED = 10_000


def _pumped(held: tuple[Atom, ...], atom: Measure, limit: int) -> str | None:
    """A text of one character over and over that exceeds the limit, as may be one of the heaviest; None: none seen."""
    bound = without_chain(atom.weight, atom.chain)
    weight = atom.weight if bound is None else bound[0]
    kinds: dict[int, tuple[int, int]] = {}
    for low, high, each in steps.pieces(weight.step):
        best = best_character(low, high)
        if each > 0 and best is not None and (each not in kinds or best < kinds[each]):
            kinds[each] = best
    for each in sorted(kinds, reverse=True)[:_PUMPED]:
        character = chr(kinds[each][1])
        count = limit // each + 1
        for a in held:
            if isinstance(a, Measure) and not a.chain and a.high is not None and a.weight.of(character):
                count = min(count, a.high // a.weight.of(character))
        text = character * min(count, _LONGEST_PUMPED)
        if _exceeds(text, held, atom):
            return text
    return None


def _is_included(inner: Language, outer: Language) -> bool:
    """Inclusion that a short search can show; False says nothing."""
    try:
        return counterexample(inner, outer, _QUICK_BUDGET) is None
    except BudgetExceeded:
        return False


def _measure_violation(held: tuple[Atom, ...], atom: Measure, universe: Language, budget: int) -> str | None:
    bounds = _length_bounds(held)
    chain = _essential(atom.chain, *bounds)
    simpler = _normal(a for old in held for a in _without_idle(old, bounds))
    if chain != atom.chain or simpler != held:
        shorter = _measure(atom.weight, atom.low, atom.high, chain)
        return violation(simpler, shorter[0], universe, budget) if shorter else None
    found: str | None = None
    if atom.low > 0 and not _evidently_at_least(held, atom):
        found = solve_atoms((*held, *_measure(atom.weight, 0, atom.low - 1, atom.chain)), universe, budget)
    if atom.high is not None and not _evidently_at_most(held, atom, atom.high, universe):
        over = _excess(held, atom, atom.high, universe, budget)
        if over is not None and (found is None or len(over) < len(found)):
            found = over
    return found


def _without_idle(atom: Atom, bounds: tuple[int, int | None]) -> tuple[Atom, ...]:
    """What is left of an atom to demand of texts of so many characters: machines that do nothing to them are left out."""
    if not isinstance(atom, Measure) or not atom.chain:
        return (atom,)
    chain = _essential(atom.chain, *bounds)
    return (atom,) if chain == atom.chain else _measure(atom.weight, atom.low, atom.high, chain)


def _length_bounds(held: tuple[Atom, ...]) -> tuple[int, int | None]:
    """Bounds on the number of characters, as far as plain measures tell."""
    least, most = 0, None
    for a in held:
        if isinstance(a, Measure) and not a.chain:
            heaviest, lightest = max(a.weight.step[1]), min(a.weight.step[1])
            least = max(least, -(-a.low // heaviest) if heaviest else 0)
            if a.high is not None and lightest > 0:
                bound = a.high // lightest
                most = bound if most is None else min(most, bound)
    return least, most


def _excess(held: tuple[Atom, ...], atom: Measure, limit: int, universe: Language, budget: int) -> str | None:
    """A shortest string whose measure exceeds the limit; None when there is none. Raises BudgetExceeded.

    First without chains: with weights that are at least as great as what the chain makes of each character, and without
    the held measures that look through chains, so that what does not exceed the limit there exceeds it nowhere, and
    what
    is shortest there and does exceed it is shortest. Then among strings that no cut cuts and that meet all held
    measures
    by weight alone; one found there does exceed the limit, if no shorter one can be shown within the budget.
    """
    exact = (*held, *_measure(atom.weight, limit + 1, None, atom.chain))
    bound = without_chain(atom.weight, atom.chain)
    chained = [a for a in held if isinstance(a, Measure) and a.chain]
    if bound is None or not (atom.chain or chained):
        return solve_atoms(exact, universe, budget)
    loose = tuple(a for a in held if a not in chained)
    excess = _measure(bound[0], limit + 1 - bound[1], None, ())
    least = solve_atoms((*loose, *excess), universe, budget)
    if least is None or _exceeds(least, held, atom):
        return least
    strict = [stricter for a in chained for stricter in _strict(a)]
    unspoilt = (*loose, *strict, *excess, *_uncut(atom.chain))
    whole = solve_atoms(unspoilt, universe, budget)
    whole = whole if whole is not None and _exceeds(whole, held, atom) else None
    if universe is not TEXTS and (whole is None or len(whole) > len(least)):
        ending = _some(unspoilt + _ENDING_IN_A_LETTER, universe)
        whole = ending if ending is not None and _exceeds(ending, held, atom) else whole
    if whole is not None and len(whole) == len(least):
        return whole
    if whole is None:
        return solve_atoms(exact, universe, budget)
    try:
        return solve_atoms(exact, universe, min(budget, _THROUGH_CHAINS))
    except BudgetExceeded:
        return whole


def _some(atoms: tuple[Atom, ...], universe: Language) -> str | None:
    """A shortest string of the universe with all of the atoms, if a short search comes by one."""
    try:
        return solve_atoms(atoms, universe, _QUICK_BUDGET)
    except BudgetExceeded:
        return None


_ENDING_IN_A_LETTER = membership(languages.concat(languages.ALL, languages.chars(Charset.of(("A", "Z"), ("a", "z")))))
"""Of which nothing is trimmed at the end, and no field at the end is empty."""


def _exceeds(text: str, held: tuple[Atom, ...], atom: Atom) -> bool:
    return text not in atom and all(text in a for a in held)


def _strict(atom: Measure) -> tuple[Atom, ...]:
    """Measures without a chain from which the upper bound of one with a chain follows; nothing where none is known."""
    bound = without_chain(atom.weight, atom.chain)
    if bound is None or atom.high is None:
        return ()
    return _measure(bound[0], 0, atom.high - bound[1], ())


def _looser(atom: Measure) -> tuple[Atom, ...]:
    """A measure without a chain that follows from the lower bound of one with a chain; nothing where none is known."""
    bound = without_chain(atom.weight, atom.chain)
    return () if bound is None else _measure(bound[0], atom.low - bound[1], None, ())


@lru_cache(maxsize=16_384)
def without_chain(weight: Weight, chain: tuple[Transducer, ...]) -> tuple[Weight, int] | None:
    """A weight and a constant that together are never less than the measure after the chain."""
    most_added = 0
    for machine in reversed(chain):
        bound = machine.outweigh(weight)
        if bound is None:
            return None
        weight, more = bound
        most_added += more
    return weight, most_added


def _uncut(chain: tuple[Transducer, ...]) -> tuple[Atom, ...]:
    """Measures small enough that no machine of the chain cuts anything."""
    found: list[Atom] = []
    for i, machine in enumerate(chain):
        if machine.idle_up_to is not None:
            weight, limit = machine.idle_up_to
            bound = without_chain(weight, chain[:i])
            if bound is not None:
                found += _measure(bound[0], 0, limit - bound[1], ())
    return tuple(found)


def _evidently_at_least(held: tuple[Atom, ...], atom: Measure) -> bool:
    return any(
        isinstance(a, Measure) and a.weight == atom.weight and a.chain == atom.chain and a.low >= atom.low for a in held
    )


def _evidently_at_most(held: tuple[Atom, ...], atom: Measure, limit: int, universe: Language) -> bool:
    """Interval analysis: the characters that can come do not weigh enough, for as many of them as can come."""
    if any(isinstance(a, Measure) and _implies(a, atom) for a in held):
        return True
    heaviest = _heaviest(held, atom, universe)
    if heaviest == 0:
        return True
    for a in held:
        if not isinstance(a, Measure) or a.high is None or a.chain:
            continue
        if a.weight == CODE_POINTS:
            most: int | None = a.high
            for machine in atom.chain:
                _, most = machine.lengths(0, most)
            if most is not None and most * heaviest <= limit:
                return True
    return False


def _follows(held: Measure, atom: Measure, limit: int) -> bool:
    """Whether the upper bound of a measure that looks through the first machines of a chain bounds what comes of it."""
    passed = len(held.chain)
    if held.high is None or atom.chain[:passed] != held.chain:
        return False
    bound = without_chain(atom.weight, atom.chain[passed:])
    return bound is not None and held.high + bound[1] <= limit and held.weight >= bound[0]


def _heaviest(held: tuple[Atom, ...], atom: Measure, universe: Language) -> int:
    """The greatest weight of a character that can come out of the atom's chain."""
    try:
        used = _used(universe)
        for a in held:
            if a.plain is not None:
                used = used & _used(a.plain)
        for machine in atom.chain:
            used = alphabet_after(machine, used)
    except (BudgetExceeded, TooManyPhases):
        return max(atom.weight.step[1])
    return atom.weight.heaviest(used)


@lru_cache(maxsize=4_096)
def _used(language: Language) -> Charset:
    """The characters that a language's strings are made of. Raises BudgetExceeded."""
    spans = [
        (low, high - 1)
        for state in states(language, _ALPHABET_BUDGET)
        for low, high, target in steps.pieces(state.step())
        if target is not EMPTY
    ]
    return Charset.ranges(spans)


def solve_atoms(atoms: tuple[Atom, ...], universe: Language = TEXTS, budget: int = DEFAULT_BUDGET) -> str | None:
    """A shortest string of the universe with all of the atoms; None when there is none. Raises BudgetExceeded."""
    relaxed = _relaxed(atoms, universe, budget)
    if relaxed is not None:
        least, member = relaxed.least, relaxed.member
        if least is None or (member is not None and len(member) == len(least)):
            return member
    return _solve_atoms(atoms, universe, budget)


def member_of(atoms: tuple[Atom, ...], universe: Language = TEXTS, budget: int = DEFAULT_BUDGET) -> str | None:
    """A string of the universe with all of the atoms, mostly a short one; None when there is none.

    Raises BudgetExceeded.
    """
    languages = [universe, *(language for a in atoms if (language := a.plain) is not None)]
    for language in languages:
        seed = _seed(language)
        if seed is not None and seed in universe and all(seed in a for a in atoms):
            return seed
    if any(_exclude_each_other(*pair) for pair in combinations(languages[1:], 2)):
        return None
    relaxed = _relaxed(atoms, universe, budget)
    if relaxed is not None and (relaxed.least is None or relaxed.member is not None):
        return relaxed.member
    return _solve_atoms(atoms, universe, budget)


@lru_cache(maxsize=16_384)
def _seed(language: Language) -> str | None:
    """A shortest string of a language, to be tried on others; None also where that takes too long."""
    try:
        return shortest(language & TEXTS, _QUICK_BUDGET)
    except BudgetExceeded:
        return None


@lru_cache(maxsize=16_384)
def _exclude_each_other(first: Language, second: Language) -> bool:
    """Whether two languages have no string in common, as far as a short search tells."""
    try:
        return shortest(first & second, _QUICK_BUDGET) is None
    except BudgetExceeded:
        return False


@dataclass(frozen=True, slots=True)
class _Relaxed:
    """What is known about some atoms without looking through machines."""

    least: str | None
    """A shortest string with fewer of the atoms: none with all of them is shorter, and without it there is none."""
    member: str | None
    """A string with all of the atoms, if one was come by."""


def _relaxed(atoms: tuple[Atom, ...], universe: Language, budget: int) -> _Relaxed | None:
    """First without the measures that look through machines, then with stricter ones that do not; None: too large."""
    chained = [a for a in atoms if isinstance(a, Measure) and a.chain]
    if not chained:
        return None
    loose = (*(a for a in atoms if a not in chained), *(looser for a in chained for looser in _looser(a)))
    budget = min(budget, _QUICK_BUDGET)
    try:
        least = _solve_atoms(loose, universe, budget)
        if least is None or all(least in a for a in chained):
            return _Relaxed(least, least)
        strict = _solve_atoms((*loose, *(stricter for a in chained for stricter in _strict(a))), universe, budget)
    except BudgetExceeded:
        return None
    fits = strict is not None and all(strict in a for a in atoms)
    return _Relaxed(least, strict if fits else None)


def _solve_atoms(atoms: tuple[Atom, ...], universe: Language, budget: int) -> str | None:
    return solve(
        [universe, *(language for a in atoms if (language := a.plain) is not None)],
        [a.box() for a in atoms if isinstance(a, Measure) and a.plain is None],
        budget,
    )


def _factor(language: Language) -> tuple[Atom, ...]:
    """`P C{m,n} S` with P and S of fixed length is `P C* S` and a length: one state instead of n."""
    parts: list[Language] = []
    rest = language
    while isinstance(rest, Concatenation):
        head, rest = rest.parts
        parts.append(head)
    parts.append(rest)
    loose = [i for i, part in enumerate(parts) if fixed_length(part) is None]
    if len(loose) != 1:
        return membership(language)
    loop = parts[loose[0]]
    if not isinstance(loop, Repetition) or not isinstance(loop.parts[0], Characters):
        return membership(language)
    body, low, high = loop.parts
    if (high is None and low < 2) or (high is not None and high <= _SHORT):
        return membership(language)
    fixed = sum(fixed_length(part) or 0 for part in parts)
    parts[loose[0]] = languages.repeat(body, 0)
    return (
        *membership(languages.concat(*parts)),
        *_measure(CODE_POINTS, fixed + low, None if high is None else fixed + high, ()),
    )


def fixed_length(language: Language) -> int | None:
    """The one length all strings of a language have, if that can be read off its structure."""
    match language:
        case Characters():
            return 1
        case Concatenation():
            first, second = (fixed_length(part) for part in language.parts)
            return None if first is None or second is None else first + second
        case Repetition():
            body, low, high = language.parts
            size = fixed_length(body)
            return size * low if low == high and size is not None else None
        case UnionLanguage():
            sizes = {fixed_length(part) for part in language.parts}
            return sizes.pop() if len(sizes) == 1 else None
        case _:
            return 0 if language is languages.EPSILON else None


def alphabet(texts: TextSet) -> Charset:
    """Characters outside of which no member has any; not every one of them need occur. Raises BudgetExceeded."""
    used = SCALARS
    for atom in texts.atoms:
        if atom.plain is not None:
            used = used & _used(atom.plain)
    return used
