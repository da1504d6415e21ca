"""What storage does to a text by itself: blanks fill up or are dropped, UUIDs get one form, the empty text becomes null.

`apart` of such a step is a set of values that it keeps different from one another.

Sources: PostgreSQL 15, 8.3 and 8.12; MySQL 8.4, 13.3.2; SQL standard, 9.2 "Store assignment"; RFC 9562.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...values import language, steps
from ...values.charset import Charset
from ...values.regex import parse
from ...values.textset import TextSet
from ...values.transducer import CharMap, Move, Transducer
from ...values.trimming import TrimMachine
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS
from ..transform import REJECTED, TextTransform, texts_and_null
from .affix import PadMachine
from .cut import Truncate, counted_words
from .spaces import Trim

if TYPE_CHECKING:
    from ...values.transducer import Phase
    from ...values.valueset import Value
    from ...values.weight import Weight
    from ..transform import NoValue

_BLANK = Charset.of(" ")
ASCII_SPACES = " \t\n\v\f\r"
"""What MySQL and MariaDB take for blanks where they do not fit (MariaDB 10.11 run)."""
_NOT_BLANK_AT_END = TextSet.language(~language.concat(language.ALL, language.chars(_BLANK)))
_WHOLE, _BLANKS = "whole", "blanks"


@dataclass(frozen=True)
class FitMachine(Transducer):
    """Drops blanks at the end that do not fit; a text that is too long without them stays whole.

    Phases: the units used while all fits; then it guesses: "blanks", no other character follows, or ("whole", one does).
    """

    weight: Weight
    limit: int
    blanks: str

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        blank = steps.indicator(Charset.of(self.blanks), 1, 0)
        return steps.merge(self.weight.step, blank, lambda weight, is_blank: 2 * weight + is_blank)

    @property
    def guesses(self) -> bool:
        return True

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        weight, is_blank = character_class >> 1, character_class & 1
        if isinstance(phase, int):
            if phase + weight <= self.limit:
                return (Move(phase + weight),)
            return (Move(_BLANKS, None), Move((_WHOLE, False))) if is_blank else (Move((_WHOLE, True)),)
        if phase == _BLANKS:
            return (Move(_BLANKS, None),) if is_blank else ()
        return (Move((_WHOLE, phase[1] or not is_blank)),)

    def end(self, phase: Phase) -> str | None:
        return None if phase == (_WHOLE, False) else ""

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return min(low, self.limit // max(self.weight.step[1])), high

    @property
    def never_longer(self) -> bool:
        return True

    @property
    def idempotent(self) -> bool:
        return True

    @property
    def idle_up_to(self) -> tuple[Weight, int]:
        return self.weight, self.limit

    def is_idle(self, low: int, high: int | None) -> bool:  # noqa: ARG002
        return high is not None and high * max(self.weight.step[1]) <= self.limit


@dataclass(frozen=True)
class _ToLength(TextTransform):
    """A step whose outcome depends on a number of units: "code points", "utf16", or bytes of an encoding."""

    limit: int
    unit: str = "code points"

    @property
    def weight(self) -> Weight:
        """The unit counted."""
        return Truncate(self.limit, self.unit).weight

    @property
    def _words(self) -> str:
        return f"{self.limit} {counted_words(self.unit)}"

    @cached_property
    def apart(self) -> ValueSet:
        """Texts that do not end in a blank."""
        return texts_and_null(_NOT_BLANK_AT_END, null=True)


@dataclass(frozen=True)
class Fitted(_ToLength):
    """Blanks at the end that do not fit into `limit` units are dropped. Nothing else is cut."""

    blanks: str = " "

    @property
    def name(self) -> str:
        return "fit"

    @property
    def sentence(self) -> str:
        return f"blanks at the end beyond {self._words} dropped"

    @cached_property
    def machine(self) -> Transducer:
        return FitMachine(self.weight, self.limit, self.blanks)

    def write(self, text: str) -> str:
        cut = Truncate(self.limit, self.unit).write(text)
        return text if text[len(cut) :].strip(self.blanks) else cut

    @cached_property
    def apart(self) -> ValueSet:
        """Texts that fit."""
        return texts_and_null(TextSet.measure(self.weight, 0, self.limit), null=True)

    def preimage(self, accepted: ValueSet) -> ValueSet:
        """A text fits after the step exactly if it does without the blanks at its end, however long its limit is."""
        fitting = TextSet.measure(self.weight, 0, self.limit)
        if not set(fitting.atoms) <= set(accepted.texts.atoms):
            return super().preimage(accepted)
        others = TextSet.of(atom for atom in accepted.texts.atoms if atom not in fitting.atoms)
        texts = fitting.back(TrimMachine(Charset.of(self.blanks), left=False, right=True)) & others.back(self.machine)
        return texts_and_null(texts, null=accepted.null)

    @cached_property
    def kept(self) -> TextSet | None:
        """Texts that fit; those that stay whole although they do not fit are rejected where they are stored."""
        return TextSet.measure(self.weight, 0, self.limit)


@dataclass(frozen=True)
class FillMachine(Transducer):
    """Fills up with blanks to a number of units. The phase: units read, up to that number."""

    weight: Weight
    limit: int

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.weight.step

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        return (Move(min(phase + character_class, self.limit)),)

    def end(self, phase: Phase) -> str | None:
        return " " * (self.limit - int(phase))

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return max(low, self.limit // max(self.weight.step[1])), None if high is None else high + self.limit

    @property
    def idempotent(self) -> bool:
        return True

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        return weight, self.limit * weight.of(" ")

    def invisible(self, weight: Weight) -> bool:
        return weight.of(" ") == 0


@dataclass(frozen=True)
class Padded(_ToLength):
    """Filled up with blanks to `limit` units; a blank is one unit. Nothing is cut.

    A text that ends in blanks of its own becomes equal to the one without them: nobody asked for it, so they are lost.
    """

    @property
    def name(self) -> str:
        return "pad"

    @property
    def sentence(self) -> str:
        return f"filled up with blanks to {self._words}"

    @cached_property
    def machine(self) -> Transducer:
        if self.weight == CODE_POINTS:
            return PadMachine(self.limit, " ", left=False)
        return FillMachine(self.weight, self.limit)

    def write(self, text: str) -> str:
        return text + " " * (self.limit - self.weight.of(text))

    @cached_property
    def kept(self) -> TextSet | None:
        return _NOT_BLANK_AT_END


@dataclass(frozen=True)
class Stripped(Trim):
    """Blanks at the end are dropped, as MySQL does when it reads a CHAR; nobody asked for it, so they are lost."""

    side: Literal["both", "left", "right"] = "right"
    characters: str | None = " "

    @cached_property
    def kept(self) -> TextSet | None:
        return _NOT_BLANK_AT_END


_HEX, _HYPHEN, _OPEN, _CLOSE = 1, 2, 3, 4
_SMALL = CharMap("lower-case hexadecimal digits", {ord(letter): letter.lower() for letter in "ABCDEF"})
_CAPITAL = CharMap("upper-case hexadecimal digits", {ord(letter): letter.upper() for letter in "abcdef"})
_GROUPS = (8, 12, 16, 20)
"""A hyphen stands before these digits, counted from 0."""


@dataclass(frozen=True)
class UuidMachine(Transducer):
    """Reads a UUID in any form that PostgreSQL reads: in braces or not, a hyphen after any group of four digits or not.

    Phases: (in braces, digits read, whether the last character was a hyphen); then "closed".
    """

    upper: bool = False

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        step: tuple[tuple[int, ...], tuple[int, ...]] = steps.constant(0)
        for characters, kind in (("0123456789abcdefABCDEF", _HEX), ("-", _HYPHEN), ("{", _OPEN), ("}", _CLOSE)):
            step = steps.merge(step, steps.indicator(Charset.of(characters), kind, 0), max)
        return step

    @property
    def rejects(self) -> bool:
        return True

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((False, 0, False), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if phase == "closed":
            return ()
        braced, digits, after_hyphen = phase
        if character_class == _HEX and digits < 32:
            image = _CAPITAL if self.upper else _SMALL
            return (Move((braced, digits + 1, False), image, "-" if digits in _GROUPS else ""),)
        if character_class == _HYPHEN and 0 < digits < 32 and digits % 4 == 0 and not after_hyphen:
            return (Move((braced, digits, True), None),)
        if character_class == _OPEN and not braced and digits == 0:
            return (Move((True, 0, False), None),)
        return (Move("closed", None),) if character_class == _CLOSE and braced and digits == 32 else ()

    def end(self, phase: Phase) -> str | None:
        return "" if phase in ("closed", (False, 32, False)) else None

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002
        return 36, 36

    @property
    def idempotent(self) -> bool:
        return True


@dataclass(frozen=True)
class CanonicalUuid(TextTransform):
    """A UUID in one case, with hyphens, without braces; a text that is none is rejected. No two UUIDs become equal."""

    upper: bool = False

    @property
    def name(self) -> str:
        return "uuid"

    @property
    def sentence(self) -> str:
        return f"as a UUID in {'upper' if self.upper else 'lower'} case"

    @cached_property
    def machine(self) -> Transducer:
        return UuidMachine(self.upper)

    def apply(self, value: Value) -> Value | NoValue:
        if not isinstance(value, str):
            return super().apply(value)
        written = self.machine.run(value)
        return REJECTED if written is None else written

    @cached_property
    def apart(self) -> ValueSet:
        """UUIDs that have this form already."""
        own = "0-9A-F" if self.upper else "0-9a-f"
        pattern = "-".join(f"[{own}]{{{digits}}}" for digits in (8, 4, 4, 4, 12))
        return texts_and_null(TextSet.language(parse(pattern).language), null=True)


@dataclass(frozen=True)
class EmptyAsNull:
    """The empty text becomes null; everything else stays. It is no loss: to this system they are one value."""

    @property
    def name(self) -> str:
        return "empty_as_null"

    @property
    def sentence(self) -> str:
        return "null for the empty text"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        return value or None if isinstance(value, str) else value

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return accepted - _EMPTY | _EMPTY if accepted.null else accepted - _EMPTY

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()

    @property
    def apart(self) -> ValueSet:
        """All but the empty text, which becomes equal to null."""
        return ValueSet.everything() - _EMPTY


_EMPTY = ValueSet.exactly([""])


@dataclass(frozen=True)
class Emptied:
    """A value that is not among the accepted ones is stored as the empty text, or as null where it is no text."""

    accepts: ValueSet
    """Null is never emptied."""

    @property
    def name(self) -> str:
        return "empty"

    @property
    def sentence(self) -> str:
        return "emptied"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if value is None or value in self.accepts:
            return value
        return "" if isinstance(value, str) else None

    def preimage(self, accepted: ValueSet) -> ValueSet:
        kept = accepted & self.accepts
        emptied = ValueSet.everything() - self.accepts
        texts = emptied.texts if "" in accepted.texts else TextSet.empty()
        others = emptied if accepted.null else ValueSet.nothing()
        return replace(kept | replace(others, texts=texts), null=accepted.null)

    @cached_property
    def unaltered(self) -> ValueSet:
        return self.accepts | ValueSet.null_only()

    @property
    def apart(self) -> ValueSet:
        """The accepted ones."""
        return self.unaltered
