"""Additions around a text: prefix, suffix, pad."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...values.transducer import Move, Transducer
from ..transform import TextTransform, TransformError

if TYPE_CHECKING:
    from ...values.transducer import Phase
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

    Phases: on the right, the characters read, up to `length`; on the left ("exactly", left to read) or ("long", read).
    """

    length: int
    filler: str
    left: bool

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
                return (Move(min(phase + 1, self.length)),)
            case ("exactly", int(left)):
                return (Move(("exactly", left - 1)),) if left > 0 else ()
            case ("long", int(read)):
                return (Move(("long", min(read + 1, self.length))),)
            case _:
                raise AssertionError(phase)

    def end(self, phase: Phase) -> str | None:
        if isinstance(phase, int):
            return self.filler * (self.length - phase)
        return "" if phase in {("exactly", 0), ("long", self.length)} else None

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return max(low, self.length), None if high is None else max(high, self.length)

    @property
    def idempotent(self) -> bool:
        return True

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        return weight, self.length * weight.of(self.filler)

    def is_idle(self, low: int, high: int | None) -> bool:  # noqa: ARG002
        return low >= self.length

    def invisible(self, weight: Weight) -> bool:
        return weight.of(self.filler) == 0

    @property
    def clamp(self) -> tuple[int, int | None] | None:
        return self.length, None


@dataclass(frozen=True)
class Pad(TextTransform):
    """Pads with one character to `length` code points, on one `side`."""

    length: int
    filler: str = " "
    side: str = "right"

    def __post_init__(self) -> None:
        if len(self.filler) != 1:
            raise TransformError("padding needs exactly one character", "with")

    @property
    def name(self) -> str:
        return "pad"

    @property
    def sentence(self) -> str:
        return f"padded with {self.filler!r} at the {self.side} to {self.length} characters"

    @cached_property
    def machine(self) -> Transducer:
        return PadMachine(self.length, self.filler, left=self.side == "left")

    def write(self, text: str) -> str:
        return text.rjust(self.length, self.filler) if self.side == "left" else text.ljust(self.length, self.filler)
