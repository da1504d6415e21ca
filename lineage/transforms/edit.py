"""Replacing and dropping characters: replace, remove, keep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from ...values import language, steps
from ...values.charset import Charset
from ...values.textset import TextSet, without
from ...values.transducer import CharMap, Mapped, Move, Transducer
from ...values.weight import Weight
from ..transform import TextTransform

if TYPE_CHECKING:
    from ...values.transducer import Phase


@lru_cache(maxsize=1024)
def _character_map(pairs: tuple[tuple[str, str], ...]) -> CharMap:
    return CharMap("replacing " + " ".join(f"{old}>{new}" for old, new in pairs), {ord(old): new for old, new in pairs})


@dataclass(frozen=True)
class ReplaceCharacters(TextTransform):
    """Single characters replaced by texts: ä by ae."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return "replace"

    @property
    def sentence(self) -> str:
        return ", ".join(f"{old!r} replaced by {new!r}" for old, new in self.pairs)

    @cached_property
    def machine(self) -> Transducer:
        return Mapped(_character_map(self.pairs))

    def write(self, text: str) -> str:
        return text.translate({ord(old): new for old, new in self.pairs})

    @cached_property
    def kept(self) -> TextSet | None:
        return without(Charset.of("".join(old for old, new in self.pairs if old != new)))


def overlap(word: str, read: str) -> int:
    """The number of characters of `word` matched after `read` (a shorter match and one more character)."""
    for size in range(min(len(word), len(read)), 0, -1):
        if read.endswith(word[:size]):
            return size
    return 0


@dataclass(frozen=True)
class WordClasses(Transducer):
    """A machine that searches for one word; the classes are the word's characters (from 1) and all others (0)."""

    word: str

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        step: tuple[tuple[int, ...], tuple[int, ...]] = steps.constant(0)
        for i, character in enumerate(self.alphabet, 1):
            mark = steps.indicator(Charset.of(character), i, 0)
            step = steps.merge(step, mark, max)
        return step

    @property
    def alphabet(self) -> str:
        """The word's characters, each once."""
        return "".join(dict.fromkeys(self.word))


@dataclass(frozen=True)
class ReplaceMachine(WordClasses):
    """Writes every occurrence of a word, from the left, as another text. The phase: the number of characters matched."""

    replacement: str

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        assert isinstance(phase, int)  # noqa: S101 - this machine's phases are counts
        if character_class == 0:
            return (Move(0, before=self.word[:phase]),)
        read = self.word[:phase] + self.alphabet[character_class - 1]
        if read == self.word:
            return (Move(0, None, self.replacement),)
        matched = overlap(self.word, read)
        return (Move(matched, None, read[: len(read) - matched]),)

    def end(self, phase: Phase) -> str | None:
        assert isinstance(phase, int)  # noqa: S101 - this machine's phases are counts
        return self.word[:phase]

    def outweigh(self, weight: Weight) -> tuple[Weight, int] | None:
        return (weight, 0) if weight.of(self.replacement) <= weight.of(self.word) else None


@dataclass(frozen=True)
class ReplaceWord(TextTransform):
    """Every occurrence of a text replaced by another, from the left; a replacement is not searched again."""

    word: str
    replacement: str

    @property
    def name(self) -> str:
        return "replace"

    @property
    def sentence(self) -> str:
        return f"{self.word!r} replaced by {self.replacement!r}"

    @cached_property
    def machine(self) -> Transducer:
        return ReplaceMachine(self.word, self.replacement)

    def write(self, text: str) -> str:
        return text.replace(self.word, self.replacement)

    @cached_property
    def kept(self) -> TextSet | None:
        if self.word == self.replacement:
            return None
        anything = language.ALL
        return TextSet.language(~language.concat(anything, language.literal(self.word), anything))


@dataclass(frozen=True)
class FilterMachine(Transducer):
    """Keeps the characters of a set; writes `instead` for each of the others."""

    charset: Charset
    instead: str = ""

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return steps.indicator(self.charset, 1, 0)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:  # noqa: ARG002
        return (Move(0),) if character_class else (Move(0, None, self.instead),)

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        return self.reweigh(weight), 0

    def reweigh(self, weight: Weight) -> Weight:
        instead = weight.of(self.instead)
        step = steps.merge(weight.step, self.classes, lambda w, kept: w if kept else instead)
        return Weight(f"{weight.name} of the kept characters", step)

    @property
    def keeps_parts(self) -> bool:
        return True

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        size = len(self.instead)
        return low * min(size, 1), None if high is None else high * max(size, 1)

    @property
    def never_longer(self) -> bool:
        return not self.instead

    @property
    def idempotent(self) -> bool:
        return not self.instead


@dataclass(frozen=True)
class Keep(TextTransform):
    """Keeps the characters of a set and drops the others; `words` is the set as it was written."""

    charset: Charset
    words: str

    @property
    def name(self) -> str:
        return "keep"

    @property
    def sentence(self) -> str:
        return f"all but {self.words} dropped"

    @cached_property
    def machine(self) -> Transducer:
        return FilterMachine(self.charset)

    def write(self, text: str) -> str:
        return "".join(character for character in text if ord(character) in self.charset)

    @cached_property
    def kept(self) -> TextSet | None:
        return without(~self.charset)


@dataclass(frozen=True)
class Remove(TextTransform):
    """Drops the characters of a set; `words` is the set as it was written."""

    charset: Charset
    words: str

    @property
    def name(self) -> str:
        return "remove"

    @property
    def sentence(self) -> str:
        return f"{self.words} dropped"

    @cached_property
    def machine(self) -> Transducer:
        return FilterMachine(~self.charset)

    def write(self, text: str) -> str:
        return "".join(character for character in text if ord(character) not in self.charset)

    @cached_property
    def kept(self) -> TextSet | None:
        return without(self.charset)


@dataclass(frozen=True)
class RunMachine(Transducer):
    """Writes `instead` for each run of characters of a set, when it begins. The phase: whether one is being read."""

    charset: Charset
    instead: str

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return steps.indicator(self.charset, 1, 0)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if character_class == 0:
            return (Move(0),)
        return (Move(1, None, "" if phase == 1 else self.instead),)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        size = len(self.instead)
        return min(low, 1) if size else 0, None if high is None else high * max(size, 1)


@dataclass(frozen=True)
class ReplaceClass(TextTransform):
    """Each character of a set, or each run of them, replaced by one text; `words` is the set as it was written."""

    charset: Charset
    instead: str
    words: str
    runs: bool = False

    @property
    def name(self) -> str:
        return "replace"

    @property
    def sentence(self) -> str:
        return f"{'each run of ' * self.runs}{self.words} replaced by {self.instead!r}"

    @cached_property
    def machine(self) -> Transducer:
        return RunMachine(self.charset, self.instead) if self.runs else FilterMachine(~self.charset, self.instead)

    def write(self, text: str) -> str:
        if self.runs:
            pieces = ((found, "".join(run)) for found, run in groupby(text, lambda c: ord(c) in self.charset))
            return "".join(self.instead if found else run for found, run in pieces)
        return "".join(self.instead if ord(character) in self.charset else character for character in text)

    @cached_property
    def kept(self) -> TextSet | None:
        return without(self.charset)


@dataclass(frozen=True)
class ReplaceOutside(TextTransform):
    """Every character outside a set becomes one text, as an encoder replaces the characters it cannot encode."""

    charset: Charset
    instead: str

    @property
    def name(self) -> str:
        return "replace"

    @property
    def sentence(self) -> str:
        return f"characters outside the encoding replaced by {self.instead!r}"

    @cached_property
    def machine(self) -> Transducer:
        return FilterMachine(self.charset, self.instead)

    def write(self, text: str) -> str:
        return "".join(character if ord(character) in self.charset else self.instead for character in text)

    @cached_property
    def kept(self) -> TextSet | None:
        return without(~self.charset)
