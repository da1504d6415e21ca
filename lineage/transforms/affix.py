"""Additions around a text: prefix, suffix, pad."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ...values.textset import TextSet
from ...values.transducer import Move, Transducer
from ...values.weight import CODE_POINTS
from ..engines import EngineWay, Runner, cut_by_pad
from ..transform import TextTransform, TransformError, VaryingText, texts_and_null
from .varying import outcomes_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...values.transducer import Phase
    from ...values.valueset import Value, ValueSet
    from ...values.weight import Weight


@dataclass(frozen=True)
class AffixMachine(Transducer):
    """Writes one text before and another after."""

    before: str
    after: str

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((0, self.before),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:  # noqa: ARG002
        return (Move(0),)

    def end(self, phase: Phase) -> str | None:  # noqa: ARG002
        return self.after

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        extra = len(self.before) + len(self.after)
        return low + extra, None if high is None else high + extra

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        return weight, weight.of(self.before + self.after)

    @property
    def added(self) -> str | None:
        return self.before + self.after


@dataclass(frozen=True)
class Prefix(TextTransform):
    """Prepends a fixed text."""

    text: str

    @property
    def name(self) -> str:
        return "prefix"

    @property
    def sentence(self) -> str:
        return f"{self.text!r} prepended"

    @cached_property
    def machine(self) -> Transducer:
        return AffixMachine(self.text, "")

    def write(self, text: str) -> str:
        return self.text + text


@dataclass(frozen=True)
class Suffix(TextTransform):
    """Appends a fixed text."""

    text: str

    @property
    def name(self) -> str:
        return "suffix"

    @property
    def sentence(self) -> str:
        return f"{self.text!r} appended"

    @cached_property
    def machine(self) -> Transducer:
        return AffixMachine("", self.text)

    def write(self, text: str) -> str:
        return text + self.text


@dataclass(frozen=True)
class PadMachine(Transducer):
    """Pads to a number of code points. At the left it guesses the length, and a wrong guess is not accepted.

    `cut`: longer texts are cut to it. Phases: on the right, the characters read, up to `length`; on the left
    ("exactly", left to read) or ("long", read).
    """

    length: int
    filler: str
    left: bool
    cut: bool = False

    @property
    def guesses(self) -> bool:
        return self.left

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        if not self.left:
            return ((0, ""),)
        short = tuple((("exactly", n), self.filler * (self.length - n)) for n in range(self.length))
        return (*short, (("long", 0), ""))

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:  # noqa: ARG002
        match phase:
            case int():
                return (self._read(phase, min(phase + 1, self.length)),)
            case ("exactly", int(left)):
                return (Move(("exactly", left - 1)),) if left > 0 else ()
            case ("long", int(read)):
                return (self._read(read, ("long", min(read + 1, self.length))),)
            case _:
                raise AssertionError(phase)

    def _read(self, read: int, following: Phase) -> Move:
        return Move(following, None) if self.cut and read == self.length else Move(following)

    def end(self, phase: Phase) -> str | None:
        if isinstance(phase, int):
            return self.filler * (self.length - phase)
        return "" if phase in {("exactly", 0), ("long", self.length)} else None

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        if self.cut:
            return self.length, self.length
        return max(low, self.length), None if high is None else max(high, self.length)

    @property
    def idempotent(self) -> bool:
        return True

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        return weight, self.length * weight.of(self.filler)

    def is_idle(self, low: int, high: int | None) -> bool:
        return low >= self.length and (not self.cut or (high is not None and high <= self.length))

    def invisible(self, weight: Weight) -> bool:
        return not self.cut and weight.of(self.filler) == 0

    @property
    def clamp(self) -> tuple[int, int | None] | None:
        return self.length, self.length if self.cut else None


_KEEPING: tuple[EngineWay[bool], ...] = (EngineWay(rule=False),)


@dataclass(frozen=True)
class Pad(VaryingText):
    """Pads with one character to `length` code points, on one `side`.

    On its own it leaves longer texts as they are; the engines that may run the step may cut them to that length.
    """

    length: int
    filler: str = " "
    side: str = "right"
    ways: tuple[EngineWay[bool], ...] = _KEEPING
    """Whether longer texts are cut."""
    asked: Runner | None = None
    """The engine that the step itself names."""

    def __post_init__(self) -> None:
        if len(self.filler) != 1:
            raise TransformError("padding needs exactly one character", "with")

    @property
    def name(self) -> str:
        return "pad"

    @property
    def sentence(self) -> str:
        cut = ", longer ones cut" if self.ways[0].rule and len(self.ways) == 1 else ""
        return f"padded with {self.filler!r} at the {self.side} to {self.length} characters{cut}"

    def run_by(self, runners: Sequence[Runner]) -> Pad:
        return replace(self, ways=cut_by_pad((self.asked,) if self.asked else runners))

    @cached_property
    def variants(self) -> tuple[Pad, ...]:
        return tuple(replace(self, ways=(way,)) for way in self.ways) if len(self.ways) > 1 else (self,)

    @property
    def cuts(self) -> bool:
        """Whether it cuts longer texts, where all engines agree."""
        (way,) = self.ways
        return way.rule

    @cached_property
    def machine(self) -> Transducer:
        return PadMachine(self.length, self.filler, left=self.side == "left", cut=self.cuts)

    def write(self, text: str) -> str:
        padded = text.rjust(self.length, self.filler) if self.side == "left" else text.ljust(self.length, self.filler)
        return padded[: self.length] if self.cuts else padded

    @cached_property
    def kept(self) -> TextSet | None:
        """Where some engine cuts, texts that are short enough."""
        if not any(way.rule for way in self.ways):
            return None
        return TextSet.measure(CODE_POINTS, 0, self.length)

    @cached_property
    def agreed(self) -> ValueSet:
        return texts_and_null(TextSet.measure(CODE_POINTS, 0, self.length), null=True)

    def difference(self, value: Value) -> str:
        outcomes = [
            (way.engines, variant.write(str(value))) for way, variant in zip(self.ways, self.variants, strict=True)
        ]
        return outcomes_in_words("pad", value, outcomes)
