"""Atoms: the constraints of a set of texts, each a language or a measure.

A language requires membership; a measure requires that the weights of the characters, after a chain of machines, sum to
low..high. Carried back through a machine, an atom stays an atom: where there is a closed form it is used (a prefix
shifts a length, upper-casing changes the weights), elsewhere the machine joins the chain.
"""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from .. import language as languages
from .. import steps
from ..charset import SCALARS, Charset
from ..interning import Answers, Interned, Shared, numbered, youngest
from ..language import ALL, EMPTY, TEXTS, Characters, Language, Repetition
from ..transducer import Transducer, preimage
from ..weight import CODE_POINTS, Weight
from .box import Box
from .minimal import canonical
from .table import minimal_preimage
from .ways import accepts

_LONG = 1_000
"""Longer texts are read along the ways of a language: their states would be too many to keep."""


class Atom(Shared):
    """One constraint on a text. Interned: equal atoms are the same object."""

    __slots__ = ()

    def __contains__(self, text: str) -> bool:
        raise NotImplementedError

    def back(self, machine: Transducer) -> tuple[Atom, ...]:
        """The atoms whose conjunction is "the machine maps the text to a member"."""
        raise NotImplementedError

    def as_language(self) -> Language:
        """The same constraint as one lazy automaton."""
        raise NotImplementedError

    @property
    def plain(self) -> Language | None:
        """The constraint as a language of few states; None where it counts, or has a chain of machines."""
        raise NotImplementedError


class Membership(Atom):
    """The text is in a language."""

    __slots__ = ("language",)

    language: Language

    def __contains__(self, text: str) -> bool:
        return text in self.language if len(text) <= _LONG else accepts(self.language, text)

    def back(self, machine: Transducer) -> tuple[Atom, ...]:
        token = machine.token
        question = (self.serial, token.serial)
        return _preimages.of(
            youngest(self, token), question, lambda: membership(minimal_preimage(machine, self.language))
        )

    def as_language(self) -> Language:
        return self.language

    @property
    def plain(self) -> Language | None:
        return self.language


_preimages: Answers[tuple[Atom, ...]] = Answers(65_536)
"""Sets of texts have atoms in common."""


class Measure(Atom):
    """`low <= weight of chain(text) <= high`, in the weight's unit; high None: no upper end.

    "Only these characters" is a measure, too: all others weigh 1, and the sum is 0.
    """

    __slots__ = ("_plain", "chain", "high", "low", "weight")

    weight: Weight
    low: int
    high: int | None
    chain: tuple[Transducer, ...]
    _plain: Language | None

    def __contains__(self, text: str) -> bool:
        for machine in self.chain:
            written = machine.run(text)
            if written is None:
                return False
            text = written
        measure = self.weight.of(text)
        return self.low <= measure and (self.high is None or measure <= self.high)

    def back(self, machine: Transducer) -> tuple[Atom, ...]:
        if all(machine.commutes(other) for other in self.chain):
            if machine.invisible(self.weight):
                return (self,)
            weight = machine.reweigh(self.weight)
            if weight is not None:
                return measure(weight, self.low, self.high, self.chain)
        closed = _closed_form(machine, self) if not self.chain else None
        if closed is not None:
            return closed
        return measure(self.weight, self.low, self.high, (machine, *self.chain))

    def as_language(self) -> Language:
        language = languages.length(self.weight, self.low, self.high)
        for machine in reversed(self.chain):
            language = preimage(machine, language)
        return language

    @property
    def plain(self) -> Language | None:
        if self.chain or self.high != 0:
            return None
        if self._plain is None:
            self._plain = self._only()
        return self._plain

    def _only(self) -> Language:
        allowed = Charset.ranges((low, high - 1) for low, high, w in steps.pieces(self.weight.step) if w == 0)
        return languages.repeat(languages.chars(allowed), 0)

    def box(self) -> Box:
        """The atom as a box for the solver."""
        return Box(self.weight, self.low, self.high, self.chain)


_MeasureKey: TypeAlias = tuple[Weight, int, int | None, tuple[Transducer, ...]]

_memberships: Interned[Language, Membership] = Interned()
_measures: Interned[_MeasureKey, Measure] = Interned()


def membership(language: Language) -> tuple[Atom, ...]:
    """The atom of a language; none when the language is all texts."""
    language = canonical(language)
    if language is ALL or language is TEXTS:
        return ()
    if isinstance(language, Repetition) and language.parts[1:] == (0, None):
        body = language.parts[0]
        if isinstance(body, Characters):
            return only(body.parts)
    atom = _memberships.get(language)
    return (_memberships.share(language, partial(_make_membership, language)) if atom is None else atom,)


def _make_membership(language: Language) -> Membership:
    atom = object.__new__(Membership)
    atom.language = language
    return numbered(atom)


def only(charset: Charset) -> tuple[Atom, ...]:
    """The atom of texts that have no character outside a set."""
    outside = SCALARS - charset
    if not outside:
        return ()
    return measure(Weight("forbidden characters", steps.indicator(outside, 1, 0)), 0, 0, ())


def measure(weight: Weight, low: int, high: int | None, chain: tuple[Transducer, ...]) -> tuple[Atom, ...]:
    """The atom of a measure; no atom where every text satisfies it, the empty language where no text does."""
    low = max(low, 0)
    chain = essential(chain)
    while chain and (image := chain[-1].reweigh(weight)) is not None:
        weight, chain = image, chain[:-1]
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
    return (_measures.share(key, partial(_make_measure, key)) if atom is None else atom,)


def _make_measure(key: _MeasureKey) -> Measure:
    atom = object.__new__(Measure)
    atom.weight, atom.low, atom.high, atom.chain = key
    atom._plain = None
    return numbered(atom)


def essential(chain: tuple[Transducer, ...], low: int = 0, high: int | None = None) -> tuple[Transducer, ...]:
    """The chain without steps that have no effect: repeats of an idempotent machine, cuts of texts that are short enough.

    Two machines become one where they can be fused.
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
    """A measure carried back through one machine without adding it to the chain; None where that is not exact."""
    weight = machine.reweigh(atom.weight)
    if weight is not None:
        return measure(weight, atom.low, atom.high, ())
    shift = machine.added
    if shift is not None:
        extra = atom.weight.of(shift)
        return measure(atom.weight, atom.low - extra, None if atom.high is None else atom.high - extra, ())
    limits = machine.clamp
    if limits is not None and atom.weight == CODE_POINTS:
        return _clamped(atom, *limits)
    return None


def _clamped(atom: Measure, least: int, most: int | None) -> tuple[Atom, ...]:
    """A measure of the length max(least, min(most, length)): after cutting or padding."""
    low, high = atom.low, atom.high
    if most is not None:
        if low > most:
            return membership(EMPTY)
        if high is not None and high >= most:
            high = None
    if high is not None and high < least:
        return membership(EMPTY)
    return measure(atom.weight, 0 if low <= least else low, high, ())
