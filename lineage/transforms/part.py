"""Parts of a text around a delimiter: before, after, split."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...values import language
from ...values.charset import Charset
from ...values.textset import TextSet
from ...values.transducer import Move, Transducer
from ...values.trimming import TrimMachine
from ..transform import TextTransform
from .edit import WordClasses, overlap

if TYPE_CHECKING:
    from ...values.transducer import Phase


@dataclass(frozen=True)
class PartMachine(WordClasses):
    """Writes the parts from number `first` to number `last` (from 0; None: to the end) of a text cut at a delimiter.

    Only the first `cuts` delimiters cut (None: all). A phase is (part, characters of the delimiter matched).
    """

    first: int
    last: int | None
    cuts: int | None

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((0, 0), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        part, matched = phase
        writes = self._writes(part)
        if self._done(part):
            return (Move(phase),) if writes else (Move(phase, None),)
        if character_class == 0:
            return (Move((part, 0), before=self.word[:matched]),) if writes else (Move((part, 0), None),)
        read = self.word[:matched] + self.alphabet[character_class - 1]
        if read == self.word:
            return (Move((part + 1, 0), None),)
        still = overlap(self.word, read)
        return (Move((part, still), None, read[: len(read) - still] if writes else ""),)

    def end(self, phase: Phase) -> str | None:
        part, matched = phase
        return self.word[:matched] if self._writes(part) and not self._done(part) else ""

    def _writes(self, part: int) -> bool:
        return self.first <= part and (self.last is None or part <= self.last)

    def _done(self, part: int) -> bool:
        """Whether the rest of the text has no effect: all cuts made, or past the last part."""
        return (self.cuts is not None and part >= self.cuts) or (self.last is not None and part > self.last)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002
        return 0, high

    @property
    def never_longer(self) -> bool:
        return True


@dataclass(frozen=True)
class Before(TextTransform):
    """The part before the first delimiter; all of it where there is none."""

    delimiter: str

    @property
    def name(self) -> str:
        return "before"

    @property
    def sentence(self) -> str:
        return f"the part before the first {self.delimiter!r}"

    @cached_property
    def machine(self) -> Transducer:
        return PartMachine(self.delimiter, 0, 0, 1)

    def write(self, text: str) -> str:
        return text.partition(self.delimiter)[0]

    @cached_property
    def kept(self) -> TextSet | None:
        """Where the delimiter is a blank, blanks at the end are no loss."""
        whole = TextSet.language(~_containing(self.delimiter, 1))
        return whole.back(TrimMachine(Charset.of(" "), left=False, right=True)) if self.delimiter == " " else whole


@dataclass(frozen=True)
class After(TextTransform):
    """The part after the first delimiter; empty where there is none."""

    delimiter: str

    @property
    def name(self) -> str:
        return "after"

    @property
    def sentence(self) -> str:
        return f"the part after the first {self.delimiter!r}"

    @cached_property
    def machine(self) -> Transducer:
        return PartMachine(self.delimiter, 1, None, 1)

    def write(self, text: str) -> str:
        return text.partition(self.delimiter)[2]

    @cached_property
    def kept(self) -> TextSet | None:
        """None but "": what stands before the delimiter is gone."""
        return TextSet.language(language.EPSILON)


@dataclass(frozen=True)
class Split(TextTransform):
    """One part (from 1) of a text cut at every delimiter; empty where there are fewer parts."""

    delimiter: str
    part: int

    @property
    def name(self) -> str:
        return "split"

    @property
    def sentence(self) -> str:
        return f"part {self.part} of those between {self.delimiter!r}"

    @cached_property
    def machine(self) -> Transducer:
        return PartMachine(self.delimiter, self.part - 1, self.part - 1, None)

    def write(self, text: str) -> str:
        parts = text.split(self.delimiter)
        return parts[self.part - 1] if self.part <= len(parts) else ""

    @cached_property
    def kept(self) -> TextSet | None:
        """Texts without a delimiter, for the first part; else none but ""."""
        return in_parts(self.delimiter, 1) if self.part == 1 else TextSet.language(language.EPSILON)


@dataclass(frozen=True)
class LastPartMachine(WordClasses):
    """Writes what stands after the last delimiter; all of a text that has none.

    It guesses of each delimiter whether it is the last. A phase is (whether it writes, characters of it matched).
    """

    @property
    def guesses(self) -> bool:
        return True

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((True, 0), ""), ((False, 0), ""))

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        writes, matched = phase
        read = self.word[:matched] + self.alphabet[character_class - 1] if character_class else ""
        if read == self.word:
            again = overlap(self.word, read[1:])
            return () if writes else (Move((True, again), None), Move((False, again), None))
        still = (writes, overlap(self.word, read))
        return (Move(still),) if writes else (Move(still, None),)

    def end(self, phase: Phase) -> str | None:
        return "" if phase[0] else None

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002
        return 0, high

    @property
    def never_longer(self) -> bool:
        return True


@dataclass(frozen=True)
class LastPart(TextTransform):
    """The part after the last delimiter; all of it where there is none."""

    delimiter: str

    @property
    def name(self) -> str:
        return "last_part"

    @property
    def sentence(self) -> str:
        return f"the part after the last {self.delimiter!r}"

    @cached_property
    def machine(self) -> Transducer:
        return LastPartMachine(self.delimiter)

    def write(self, text: str) -> str:
        return text.rsplit(self.delimiter, maxsplit=1)[-1]

    @cached_property
    def kept(self) -> TextSet | None:
        return TextSet.language(~_containing(self.delimiter, 1))


def in_parts(delimiter: str, most: int) -> TextSet:
    """Texts that their first `most` parts give back: they have no further part, and the last one is not empty.

    An empty last part looks like none. Where the delimiter is a blank, blanks at the end are no loss.
    """
    whole = TextSet.language(~_containing(delimiter, most))
    if delimiter == " ":
        return whole.back(TrimMachine(Charset.of(" "), left=False, right=True))
    return whole & TextSet.language(~language.concat(language.ALL, language.literal(delimiter)))


def with_rest(delimiter: str) -> TextSet:
    """Texts that the part before the first delimiter and the rest after it give back: the rest is not empty.

    An empty rest looks like none. Where the delimiter is a blank, blanks at the end are no loss.
    """
    if delimiter == " ":
        return TextSet.full()
    first = ~_containing(delimiter, 1)
    return TextSet.language(~language.concat(first, language.literal(delimiter)))


def _containing(word: str, times: int) -> language.Language:
    """Texts that contain a word at least `times` times, without overlap."""
    anything = language.ALL
    parts = [part for _ in range(times) for part in (anything, language.literal(word))]
    return language.concat(*parts, anything)
