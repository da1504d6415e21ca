"""Unicode normalization: normalize, to one of the forms NFC, NFD, NFKC, NFKD.

Forward, every text is normalized. Backward, by a finite machine for texts in which each character begins anew, but for
one of the most common marks after a letter that is written with it as one: `e` and U+0301, which are `é`. Sorting marks
without end is beyond a finite machine; of texts with other marks, of Hangul written in single letters and of the vowel
signs of India that compose it is not stated what they become, so that a set in which some texts are is reached perhaps.

Characters are those of the Unicode version of the project's tables, whose normal forms never change (UAX #15, 1.3); any
other is left as it is.

Source: Unicode Standard Annex #15, Unicode Normalization Forms; The Unicode Standard, 3.11.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from itertools import groupby
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values import steps
from ...values.charset import Charset
from ...values.textset import TextSet, without
from ...values.transducer import CharMap, Move, Transducer
from ...values.unicode_data import general_category
from ..transform import KnownInPart

if TYPE_CHECKING:
    from ...values.transducer import Phase
    from ...values.weight import Weight

NormalForm: TypeAlias = Literal["NFC", "NFD", "NFKC", "NFKD"]

_MARKS = "\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0327"
"""Grave, acute, circumflex, tilde, diaeresis, ring, caron, cedilla."""
_HANGUL = range(0x1161, 0x1200)
"""Letters of Hangul that compose with the one before."""
_UNDESCRIBED = "\0"


@cache
def _assigned() -> Charset:
    return ~general_category("Cn") - general_category("Cs")


def _written(form: NormalForm, text: str) -> str:
    """A text in a normal form, whatever version of Unicode the interpreter has."""
    known = _assigned()
    runs = groupby(text, lambda character: ord(character) in known)
    return "".join(unicodedata.normalize(form, "".join(run)) if is_known else "".join(run) for is_known, run in runs)


@dataclass(frozen=True)
class _Tables:
    """What a form does with characters that begin anew, and with a mark after one."""

    alone: CharMap
    marked: dict[str, CharMap]
    """By the mark, of the letters that are written with it as one."""
    classes: tuple[tuple[int, ...], tuple[str, ...]]
    """Of a character that begins anew, the marks it is written with as one; of a mark, a blank and itself."""


@cache
def _tables(form: NormalForm) -> _Tables:
    known = _assigned()
    special = {p for low, high in known.spans() for p in range(low, high) if unicodedata.decomposition(chr(p))}
    composing = {unicodedata.decomposition(chr(p)).split()[-1] for p in special if _is_composed(chr(p))}
    later = Charset.ranges((p, p) for p in (*_HANGUL, *(int(point, 16) for point in composing)))
    later |= general_category("M")
    first = {unicodedata.normalize("NFD", chr(p))[0] for p in special if _is_composed(chr(p))}
    hangul = {*range(0xAC00, 0xD7A4)} if form in {"NFD", "NFKD"} else set()
    alone = {p: _written(form, chr(p)) for p in special | hangul}
    decomposed: NormalForm = "NFKD" if "K" in form else "NFD"
    later |= Charset.ranges((p, p) for p in special if ord(unicodedata.normalize(decomposed, chr(p))[0]) in later)
    marked: dict[str, dict[int, str]] = {mark: {} for mark in _MARKS}
    kinds: dict[int, str] = {ord(mark): f" {mark}" for mark in _MARKS}
    for point in (p for p in {*special, *map(ord, first)} if p not in later):
        for mark in _MARKS:
            together = unicodedata.normalize("NFC", chr(point) + mark)
            if len(together) == 1:
                marked[mark][point] = _written(form, together)
        kinds[point] = "".join(mark for mark in _MARKS if point in marked[mark])
    step: tuple[tuple[int, ...], tuple[str, ...]] = steps.indicator(later, _UNDESCRIBED, "")
    for kind in {*kinds.values()} - {""}:
        own = steps.indicator(Charset.ranges((p, p) for p, each in kinds.items() if each == kind), kind, "")
        step = steps.merge(step, own, lambda known, one: one or known)
    return _Tables(
        CharMap(form, alone),
        {mark: CharMap(f"{form} with U+{ord(mark):04X}", table) for mark, table in marked.items()},
        step,
    )


def _is_composed(character: str) -> bool:
    """Whether its canonical decomposition is two characters."""
    parts = unicodedata.decomposition(character)
    return " " in parts and not parts.startswith("<")


@dataclass(frozen=True)
class NormalMachine(Transducer):
    """Writes a text in a normal form. It guesses of each letter whether a mark follows with which it is written as one.

    The phase: the mark that must come, or the empty text.
    """

    form: NormalForm

    @cached_property
    def _known(self) -> _Tables:
        return _tables(self.form)

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[str, ...]]:  # type: ignore[override]  # names, where others have numbers
        return self._known.classes

    @property
    def rejects(self) -> bool:
        return True

    @property
    def guesses(self) -> bool:
        return True

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (("", ""),)

    def moves(self, phase: Phase, character_class: str) -> tuple[Move, ...]:  # type: ignore[override]  # as the classes
        if character_class[:1] == " ":
            return (Move("", None),) if character_class[1:] == phase else ()
        if phase or character_class == _UNDESCRIBED:
            return ()
        marked = self._known.marked
        return (Move("", self._known.alone), *(Move(mark, marked[mark]) for mark in character_class))

    def end(self, phase: Phase) -> str | None:
        return None if phase else ""

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return (low + 1) // 2, None if high is None else high * max(image.sizes[1] for image in self._images)

    @property
    def _images(self) -> tuple[CharMap, ...]:
        return (self._known.alone, *self._known.marked.values())

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        heaviest = reduce(
            lambda known, one: steps.merge(known, one, max), [image.weight(weight).step for image in self._images]
        )
        return type(weight)(f"{weight.name} after {self.form}", heaviest), 0


@dataclass(frozen=True)
class Normalized(KnownInPart):
    """A text in a normal form. Texts that Unicode takes for the same become equal: that is what the step is for."""

    form: NormalForm

    @property
    def name(self) -> str:
        return "normalize"

    @property
    def sentence(self) -> str:
        return f"in the normal form {self.form}"

    @cached_property
    def machine(self) -> Transducer:
        return NormalMachine(self.form)

    def write(self, text: str) -> str:
        return text if text.isascii() else _written(self.form, text)

    @cached_property
    def described(self) -> TextSet:
        return TextSet.full().back(self.machine)

    @cached_property
    def apart(self) -> TextSet:
        """Texts that stay as they are: of characters that begin anew, each of which does so."""
        bounds, kinds = _tables(self.form).classes
        pieces = zip((0, *bounds), (*bounds, 0x110000), kinds, strict=True)
        later = Charset.ranges((low, high - 1) for low, high, kind in pieces if kind[:1] in {" ", _UNDESCRIBED})
        return without(later | _tables(self.form).alone.keys)
