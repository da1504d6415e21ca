"""White space: trim, collapse_spaces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...values import steps
from ...values.charset import WHITE_SPACE, Charset
from ...values.transducer import Move, Transducer
from ..transform import TextTransform

if TYPE_CHECKING:
    from ...values.transducer import Phase
    from ...values.weight import Weight

_LEADING, _TEXT, _INSIDE, _TRAILING = "leading", "text", "inside", "trailing"


@dataclass(frozen=True)
class TrimMachine(Transducer):
    """Drops characters of a set at the ends. At the right it guesses whether a blank begins the trailing ones."""

    blanks: Charset
    left: bool
    right: bool

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return steps.indicator(self.blanks, 1, 0)

    @property
    def guesses(self) -> bool:
        return self.right

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((_LEADING if self.left else _TEXT, ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if character_class == 0:
            return () if phase == _TRAILING else (Move(_TEXT),)
        match phase:
            case "leading":
                return (Move(_LEADING, None),)
            case "text" if self.right:
                return (Move(_INSIDE), Move(_TRAILING, None))
            case "trailing":
                return (Move(_TRAILING, None),)
            case _:
                return (Move(phase),)

    def end(self, phase: Phase) -> str | None:
        return None if phase == _INSIDE else ""

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002 - all may be blank
        return 0, high

    @property
    def never_longer(self) -> bool:
        return True

    @property
    def idempotent(self) -> bool:
        return True

    def invisible(self, weight: Weight) -> bool:
        return all(w == 0 for low, high, w in steps.pieces(weight.step) if self.blanks & Charset((low, high)))


@dataclass(frozen=True)
class Trim(TextTransform):
    """Removes blanks at one end or both; `blanks` None: Unicode white space, as Python's `str.strip`."""

    side: str = "both"
    blanks: str | None = None

    @property
    def name(self) -> str:
        return "trim"

    @property
    def sentence(self) -> str:
        where = {"both": "both ends", "left": "the left", "right": "the right"}[self.side]
        return f"{'spaces' if self.blanks is None else f'any of {self.blanks!r}'} removed at {where}"

    @cached_property
    def machine(self) -> Transducer:
        blanks = WHITE_SPACE if self.blanks is None else Charset.of(self.blanks)
        return TrimMachine(blanks, left=self.side != "right", right=self.side != "left")

    def write(self, text: str) -> str:
        match self.side:
            case "left":
                return text.lstrip(self.blanks)
            case "right":
                return text.rstrip(self.blanks)
            case _:
                return text.strip(self.blanks)


@dataclass(frozen=True)
class CollapseMachine(Transducer):
    """A run of white space is written as one blank, when it begins."""

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return steps.indicator(WHITE_SPACE, 1, 0)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if character_class == 0:
            return (Move(0),)
        return (Move(1, None, "" if phase == 1 else " "),)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return min(low, 1), high

    @property
    def idempotent(self) -> bool:
        return True

    def outweigh(self, weight: Weight) -> tuple[Weight, int] | None:
        lightest = min(w for low, high, w in steps.pieces(weight.step) if WHITE_SPACE & Charset((low, high)))
        return (weight, 0) if weight.of(" ") <= lightest else None

    def invisible(self, weight: Weight) -> bool:
        return all(w == 0 for low, high, w in steps.pieces(weight.step) if WHITE_SPACE & Charset((low, high)))


@dataclass(frozen=True)
class CollapseSpaces(TextTransform):
    """Each run of white space becomes one blank (U+0020)."""

    @property
    def name(self) -> str:
        return "collapse_spaces"

    @property
    def sentence(self) -> str:
        return "runs of spaces made one"

    @cached_property
    def machine(self) -> Transducer:
        return CollapseMachine()

    def write(self, text: str) -> str:
        blank = [ord(character) in WHITE_SPACE for character in text]
        return "".join(
            " " if blank[i] else character for i, character in enumerate(text) if not (blank[i] and i and blank[i - 1])
        )
