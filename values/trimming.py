"""The machine that drops characters at the ends of a text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from . import steps
from .charset import Charset
from .transducer import Move, Transducer

if TYPE_CHECKING:
    from .transducer import Phase
    from .weight import Weight

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
    def concerned(self) -> Charset:
        return self.blanks

    @property
    def keeps_parts(self) -> bool:
        return True

    def covers(self, other: Transducer) -> bool:
        if not isinstance(other, TrimMachine) or (other.left, other.right) != (self.left, self.right):
            return False
        return self.blanks != other.blanks and not self.blanks - other.blanks

    @property
    def idempotent(self) -> bool:
        return True

    def fused(self, after: Transducer) -> Transducer | None:
        if self.covers(after):
            return after
        return self if isinstance(after, TrimMachine) and after.covers(self) else None

    def invisible(self, weight: Weight) -> bool:
        return all(w == 0 for low, high, w in steps.pieces(weight.step) if self.blanks & Charset((low, high)))
