"""Sets of texts: a conjunction of atoms, each a language or a measure, never one big automaton.

With separate atoms, `A <= {b1 .. bk}` is k small questions with a witness each, and a length of 4,000 stays a number.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from . import language as languages
from .budget import STANDARD
from .charset import SCALARS, Charset
from .interning import UNANSWERED, Answers, Interned, Shared, numbered, youngest
from .iteration import iterate
from .language import ALL, EMPTY, TEXTS, Characters, Concatenation, Language, Repetition
from .language import Union as UnionLanguage
from .solve.atom import Atom, Measure, Membership, measure, membership
from .solve.bounds import used_characters
from .solve.conjunction import conjunction
from .solve.members import member_of, solve_atoms
from .solve.violation import stray_member, violation
from .transducer import Transducer, preimage
from .weight import CODE_POINTS, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .budget import Budget
    from .iteration import Work


_SHORT = 40
"""A counted loop of at most this count stays in its language: so few states are cheaper than a measure after machines."""


class TextSet(Shared):
    """A set of texts with `& | ~ - <= in`, `is_empty`, `witness`. Interned: sets of the same atoms are one object."""

    __slots__ = ("atoms",)

    atoms: tuple[Atom, ...]
    # Invariant: sorted by serial, without repeats, at most one measure per (weight, chain); interned.

    @classmethod
    def of(cls, atoms: Iterable[Atom]) -> TextSet:
        """The conjunction of atoms."""
        normal = conjunction(atoms)
        known = _sets.get(normal)
        return _sets.share(normal, partial(_make_set, normal)) if known is None else known

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
        return cls.of(measure(weight, low, high, ()))

    def __contains__(self, text: str) -> bool:
        known = _texts_seen.known(self, text)
        if known is UNANSWERED:
            known = _texts_seen.keep(self, text, text in TEXTS and all(text in atom for atom in self.atoms))
        return known

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
        """Inclusion, by `stray` within the standard budget. Raises BudgetExceeded."""
        return self.stray(other) is None

    def is_empty(self, budget: Budget = STANDARD) -> bool:
        """Whether no text is a member. Raises BudgetExceeded."""
        return self.member(budget) is None

    def member(self, budget: Budget = STANDARD) -> str | None:
        """Some member, often a shortest one, cheaper than a witness; None when there is none. Raises BudgetExceeded."""
        return member_of(self.atoms, TEXTS, budget)

    def witness(self, budget: Budget = STANDARD) -> str | None:
        """A shortest member, as plausible as possible; None when there is none. Raises BudgetExceeded."""
        return solve_atoms(self.atoms, TEXTS, budget)

    def outside(self, other: TextSet, budget: Budget = STANDARD) -> str | None:
        """A shortest member that is not in `other`; None when every member is in `other`. Raises BudgetExceeded."""
        shortest: str | None = None
        for atom in other.atoms:
            escaped = violation(self.atoms, atom, TEXTS, budget)
            if escaped is not None and (shortest is None or len(escaped) < len(shortest)):
                shortest = escaped
        return shortest

    def stray(self, other: TextSet, budget: Budget = STANDARD) -> str | None:
        """Some member that is not in `other`, cheaper than a shortest one; None when there is none.

        Raises BudgetExceeded.
        """
        for atom in other.atoms:
            member = stray_member(self.atoms, atom, budget)
            if member is not None:
                return member
        return None

    def back(self, machine: Transducer) -> TextSet:
        """The texts that the machine maps to members."""
        token = machine.token
        question = (self.serial, token.serial)
        return _preimages.of(youngest(self, token), question, lambda: _back(self, machine))

    def back_in_all(self, machines: Sequence[Transducer]) -> TextSet:
        """The texts that every one of these machines maps to members: the meet of what each carries back, in few atoms."""
        if len(machines) == 1:
            return self.back(machines[0])
        question = (self.serial, *(machine.token.serial for machine in machines))
        return _preimages.of(
            youngest(self, *(machine.token for machine in machines)), question, lambda: _all(self, machines)
        )

    def as_language(self) -> Language:
        """The set as one lazy automaton."""
        return languages.intersection(*(atom.as_language() for atom in self.atoms))

    def __repr__(self) -> str:
        return f"TextSet({len(self.atoms)} atoms)"


_sets: Interned[tuple[Atom, ...], TextSet] = Interned()


def _make_set(atoms: tuple[Atom, ...]) -> TextSet:
    made = object.__new__(TextSet)
    made.atoms = atoms
    return numbered(made)


_FULL = TextSet.of(())
_EMPTY = TextSet.of(membership(EMPTY))


_texts_seen: Answers[bool] = Answers(8_192)
"""Every route carries the same sets back through the same machines."""
_preimages: Answers[TextSet] = Answers(16_384)


def _back(texts: TextSet, machine: Transducer) -> TextSet:
    atoms = [atom for old in texts.atoms for atom in old.back(machine)]
    if machine.rejects:
        atoms += membership(preimage(machine, ALL))
    return TextSet.of(atoms)


def _all(texts: TextSet, machines: Sequence[Transducer]) -> TextSet:
    atoms: list[Atom] = []
    for atom in texts.atoms:
        is_bound = isinstance(atom, Measure) and atom.low == 0 and all(machine.keeps_parts for machine in atom.chain)
        carried = list(dict.fromkeys(a for m in (_longest(machines) if is_bound else machines) for a in atom.back(m)))
        plain = [each.language for each in carried if isinstance(each, Membership)]
        atoms += membership(languages.intersection(*plain)) if plain else ()
        atoms += [each for each in carried if isinstance(each, Measure)]
    for machine in machines:
        if machine.rejects:
            atoms += membership(preimage(machine, ALL))
    return TextSet.of(atoms)


def _longest(machines: Sequence[Transducer]) -> list[Transducer]:
    """Without the machines that only ever drop more than another one: what that one writes weighs at least as much."""
    return [m for m in machines if not any(other is not m and other.covers(m) for other in machines)]


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
        *measure(CODE_POINTS, fixed + low, None if high is None else fixed + high, ()),
    )


def fixed_length(language: Language) -> int | None:
    """The one length of all strings of a language, if it can be read off its structure."""
    return iterate(_read_off_length(language))


def _read_off_length(language: Language) -> Work[int | None]:
    match language:
        case Characters():
            return 1
        case Concatenation():
            total = 0
            for part in language.parts:
                size: int | None = yield _read_off_length(part)
                if size is None:
                    return None
                total += size
            return total
        case Repetition():
            body, low, high = language.parts
            size = (yield _read_off_length(body)) if low == high else None
            return None if size is None else size * low
        case UnionLanguage():
            sizes: set[int | None] = set()
            for part in language.parts:
                sizes.add((yield _read_off_length(part)))
            return sizes.pop() if len(sizes) == 1 else None
        case _:
            return 0 if language is languages.EPSILON else None


def alphabet(texts: TextSet, budget: Budget = STANDARD) -> Charset:
    """A superset of the characters that occur in members. Raises BudgetExceeded."""
    used = SCALARS
    for atom in texts.atoms:
        if atom.plain is not None:
            used = used & used_characters(atom.plain, budget.alphabet_states)
    return used


def without(charset: Charset) -> TextSet:
    """Texts that contain none of the characters."""
    return TextSet.language(languages.repeat(languages.chars(~charset), 0))
