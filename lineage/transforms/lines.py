"""Words that are set in lines: lines, one of which a field gets.

A line holds as many words as fit, with one blank between two of them. A word that is longer than a line begins a line of
its own and is cut where the line ends. Blanks are U+0020 alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ...values import language, steps
from ...values.charset import Charset
from ...values.textset import TextSet
from ...values.transducer import Move, Transducer
from ...values.weight import CODE_POINTS
from ..transform import TextTransform, TransformError

if TYPE_CHECKING:
    from ...values.transducer import Phase


class _Place(NamedTuple):
    """Where a text is set so far."""

    line: int
    """From 1."""
    used: int
    """The characters of the line so far."""
    word: str = ""
    """"first": within the first word of the line, "joined": within a later one; else between words."""
    owed: int = 0
    """How many more characters the word must have: it was guessed not to fit in the line before."""


_PAST = _Place(0, 0)
"""Beyond the line that is written."""


@dataclass(frozen=True)
class LinesMachine(Transducer):
    """Writes one line of a text. It guesses of each word that is not the first of a line whether it fits there."""

    width: int
    line: int

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return steps.indicator(Charset.of(" "), 0, 1)

    @property
    def guesses(self) -> bool:
        return True

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((_Place(1, 0), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        line, used, word, owed = phase
        if phase == _PAST:
            return (Move(_PAST, None),)
        if character_class == 0:
            return () if owed else (Move(_Place(line, used), None),)
        if word:
            if used < self.width:
                return (self._on(_Place(line, used + 1, word, max(owed - 1, 0))),)
            return (self._on(_Place(line + 1, 1, "first")),) if word == "first" else ()
        if used == 0:
            return (self._on(_Place(line, 1, "first")),)
        room = max(self.width - used - 1, 0)
        below = self._on(_Place(line + 1, 1, "first", room))
        return (below,) if not room else (self._on(_Place(line, used + 2, "joined"), " "), below)

    def _on(self, place: _Place, before: str = "") -> Move:
        """A character in its place: written where that is the line."""
        if place.line > self.line and not place.owed:
            return Move(_PAST, None)
        return Move(place, before=before) if place.line == self.line else Move(place, None)

    def end(self, phase: Phase) -> str | None:
        return None if phase.owed else ""

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002 - there may be no such line
        return 0, self.width if high is None else min(high, self.width)

    @property
    def never_longer(self) -> bool:
        return True


@dataclass(frozen=True)
class FittingMachine(Transducer):
    """Rejects a text that needs more lines than these, and one with a word that is longer than a line; writes nothing.

    A phase is (line, characters of it with the word that is read, characters of that word).
    """

    width: int
    lines: int

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return steps.indicator(Charset.of(" "), 0, 1)

    @property
    def rejects(self) -> bool:
        return True

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((1, 0, 0), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        line, used, word = phase
        if character_class == 0:
            return (Move((line, used, 0), None),)
        used, word = used + 1 + (word == 0 < used), word + 1
        if used > self.width:
            line, used = line + 1, word
        return (Move((line, used, word), None),) if line <= self.lines and word <= self.width else ()


def in_lines(width: int, lines: int) -> TextSet:
    """Texts that their first lines give back, but for blanks: no word is cut, and there is no further line."""
    return TextSet.full().back(FittingMachine(width, lines))


def singly_spaced() -> TextSet:
    """Texts without blanks at the ends, and without two that stand together."""
    blank, anything = language.literal(" "), language.ALL
    ends = language.concat(blank, anything) | language.concat(anything, blank)
    return TextSet.language(~(ends | language.concat(anything, blank, blank, anything)))


@dataclass(frozen=True)
class Lines(TextTransform):
    """One line (from 1) of a text whose words are set in lines of a width; empty where there are fewer lines."""

    width: int
    line: int

    def __post_init__(self) -> None:
        if not self.width:
            raise TransformError("no word fits in a line without a character", "width")

    @property
    def name(self) -> str:
        return "lines"

    @property
    def sentence(self) -> str:
        return f"line {self.line} of words in lines of {self.width} characters"

    @cached_property
    def machine(self) -> Transducer:
        return LinesMachine(self.width, self.line)

    def write(self, text: str) -> str:
        lines: list[str] = [""]
        for whole in text.split(" "):
            word = whole
            if lines[-1] and len(word) + len(lines[-1]) >= self.width:
                lines.append("")
            while len(word) > self.width:
                lines[-1:] = [word[: self.width], ""]
                word = word[self.width :]
            if word:
                lines[-1] += " " * bool(lines[-1]) + word
        return lines[self.line - 1] if self.line <= len(lines) else ""

    @cached_property
    def kept(self) -> TextSet | None:
        """Texts of one line, for the first line; else none but ""."""
        return in_lines(self.width, 1) if self.line == 1 else TextSet.language(language.EPSILON)

    @property
    def apart(self) -> TextSet:
        """The texts that stay as they are."""
        if self.line > 1:
            return TextSet.language(language.EPSILON)
        return singly_spaced() & TextSet.measure(CODE_POINTS, 0, self.width)
