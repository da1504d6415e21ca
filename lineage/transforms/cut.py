"""Cutting: truncate, substring."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...values import language
from ...values.charset import Charset
from ...values.textset import TextSet
from ...values.transducer import Move, Transducer
from ...values.trimming import TrimMachine
from ...values.weight import CODE_POINTS, UTF16, Weight, codec_weight
from ..transform import TextTransform

if TYPE_CHECKING:
    from ...values.transducer import Phase

_FULL, _DROPPING = "full", "dropping"


@dataclass(frozen=True)
class CutMachine(Transducer):
    """Keeps characters from the left while they fit; the first that does not fit ends it. The phase: units used."""

    weight: Weight
    limit: int

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.weight.step

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if isinstance(phase, int) and phase + character_class <= self.limit:
            return (Move(phase + character_class),)
        return (Move(_FULL, None),)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        fits = self.limit // max(self.weight.step[1])
        lightest = min(self.weight.step[1])
        most = None if lightest == 0 else self.limit // lightest
        return min(low, fits), most if high is None else high if most is None else min(high, most)

    @property
    def never_longer(self) -> bool:
        return True

    @property
    def idempotent(self) -> bool:
        return True

    def covers(self, other: Transducer) -> bool:
        return isinstance(other, CutMachine) and other.weight == self.weight and other.limit < self.limit

    def fused(self, after: Transducer) -> Transducer | None:
        if isinstance(after, CutMachine) and after.weight == self.weight:
            return min(self, after, key=lambda cut: cut.limit)
        return None

    @property
    def idle_up_to(self) -> tuple[Weight, int]:
        return self.weight, self.limit

    def is_idle(self, low: int, high: int | None) -> bool:  # noqa: ARG002
        return high is not None and high * max(self.weight.step[1]) <= self.limit

    @property
    def clamp(self) -> tuple[int, int | None] | None:
        return (0, self.limit) if self.weight == CODE_POINTS else None


def counted_words(unit: str) -> str:
    """A unit of length, as it is written, in words."""
    return {"code points": "characters", "utf16": "UTF-16 units"}.get(unit, f"bytes in {unit}")


@dataclass(frozen=True)
class Truncate(TextTransform):
    """Keeps the first characters that fit into `limit` units, never part of a character."""

    limit: int
    unit: str = "code points"
    """"code points", "utf16" or the name of an encoding, whose bytes are counted."""

    @property
    def name(self) -> str:
        return "truncate"

    @property
    def sentence(self) -> str:
        return f"cut to {self.limit} {counted_words(self.unit)}"

    @property
    def weight(self) -> Weight:
        """The unit counted."""
        match self.unit:
            case "code points":
                return CODE_POINTS
            case "utf16":
                return UTF16
            case encoding:
                return codec_weight(encoding)

    @cached_property
    def machine(self) -> Transducer:
        return CutMachine(self.weight, self.limit)

    def write(self, text: str) -> str:
        if self.unit == "code points":
            return text[: self.limit]
        if self._is_plain_ascii and text.isascii():
            return text[: self.limit]
        used = 0
        for i, character in enumerate(text):
            used += self.weight.of(character)
            if used > self.limit:
                return text[:i]
        return text

    @cached_property
    def _is_plain_ascii(self) -> bool:
        """Whether every character of ASCII is one unit."""
        return all(self.weight.of(chr(point)) == 1 for point in range(128))

    @cached_property
    def kept(self) -> TextSet | None:
        """The cut removes nothing, or blanks alone."""
        return _but_blanks(TextSet.measure(self.weight, 0, self.limit))


@dataclass(frozen=True)
class LastMachine(Transducer):
    """Keeps the last code points of a text. It guesses whether there are more of them, and where the last ones begin.

    A phase is (whether some were dropped, the number kept so far), or "dropping".
    """

    limit: int

    @property
    def guesses(self) -> bool:
        return True

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((False, 0), ""), (_DROPPING, ""))

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:  # noqa: ARG002
        if phase == _DROPPING:
            return Move(_DROPPING, None), Move((True, 0), None)
        has_dropped, kept = phase
        return (Move((has_dropped, kept + 1)),) if kept < self.limit else ()

    def end(self, phase: Phase) -> str | None:
        return None if phase == _DROPPING or (phase[0] and phase[1] < self.limit) else ""

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return min(low, self.limit), self.limit if high is None else min(high, self.limit)

    @property
    def never_longer(self) -> bool:
        return True

    @property
    def idempotent(self) -> bool:
        return True

    @property
    def idle_up_to(self) -> tuple[Weight, int]:
        return CODE_POINTS, self.limit

    def is_idle(self, low: int, high: int | None) -> bool:  # noqa: ARG002
        return high is not None and high <= self.limit

    @property
    def clamp(self) -> tuple[int, int | None] | None:
        return (0, self.limit)


@dataclass(frozen=True)
class Last(TextTransform):
    """Keeps the last `limit` code points: what stands before them is cut off."""

    limit: int

    @property
    def name(self) -> str:
        return "truncate"

    @property
    def sentence(self) -> str:
        return f"cut to the last {self.limit} characters"

    @cached_property
    def machine(self) -> Transducer:
        return LastMachine(self.limit)

    def write(self, text: str) -> str:
        return text[-self.limit :] if self.limit else ""

    @cached_property
    def kept(self) -> TextSet | None:
        """The texts of which nothing is cut off."""
        return TextSet.measure(CODE_POINTS, 0, self.limit)


@dataclass(frozen=True)
class WindowMachine(Transducer):
    """Keeps the characters from one position up to another. The phase: characters read, while their number matters."""

    start: int
    stop: int | None

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:  # noqa: ARG002
        assert isinstance(phase, int)  # noqa: S101 - this machine's phases are counts
        last = self.start if self.stop is None else self.stop
        inside = self.start <= phase and (self.stop is None or phase < self.stop)
        following = min(phase + 1, last)
        return (Move(following),) if inside else (Move(following, None),)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        size = None if self.stop is None else self.stop - self.start
        least, most = max(low - self.start, 0), None if high is None else max(high - self.start, 0)
        if size is None:
            return least, most
        return min(least, size), size if most is None else min(most, size)

    @property
    def never_longer(self) -> bool:
        return True

    def is_idle(self, low: int, high: int | None) -> bool:  # noqa: ARG002
        return self.start == 0 and (self.stop is None or (high is not None and high <= self.stop))

    @property
    def clamp(self) -> tuple[int, int | None] | None:
        return (0, self.stop) if self.start == 0 else None


@dataclass(frozen=True)
class Substring(TextTransform):
    """The `length` code points from position `start` on (counted from 1, as in SQL); length None: all the rest."""

    start: int
    length: int | None = None

    @property
    def name(self) -> str:
        return "substring"

    @property
    def sentence(self) -> str:
        if self.length is None:
            return f"from character {self.start} on"
        return f"characters {self.start} to {self.start + self.length - 1}"

    @cached_property
    def machine(self) -> Transducer:
        first = self.start - 1
        return WindowMachine(first, None if self.length is None else first + self.length)

    def write(self, text: str) -> str:
        first = self.start - 1
        return text[first:] if self.length is None else text[first : first + self.length]

    @cached_property
    def kept(self) -> TextSet | None:
        """Texts that end within the window, but for blanks, where it begins at the first character; else no text but ""."""
        if self.start != 1:
            return TextSet.language(language.EPSILON)
        return None if self.length is None else up_to(self.length)


def up_to(length: int | None) -> TextSet:
    """Texts of at most `length` code points, blanks at the end not counted; None: of any length."""
    return TextSet.full() if length is None else _but_blanks(TextSet.measure(CODE_POINTS, 0, length))


def _but_blanks(fitting: TextSet) -> TextSet:
    """Texts that fit once the blanks at their end are dropped."""
    return fitting.back(TrimMachine(Charset.of(" "), left=False, right=True))
