"""White space: trim, collapse_spaces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Literal

from ...values import steps
from ...values.charset import WHITE_SPACE, Charset
from ...values.show import show
from ...values.textset import without
from ...values.transducer import Move, Transducer
from ...values.trimming import TrimMachine
from ..engines import EngineWay, Runner, blanks, in_words, trim_ways
from ..transform import TextTransform, VaryingText, texts_and_null

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...values.transducer import Phase
    from ...values.valueset import Value, ValueSet
    from ...values.weight import Weight
    from ..engines import Blanks

_WHITE_SPACE: tuple[EngineWay[Blanks], ...] = (EngineWay("unicode"),)
BLANK_ALONE: tuple[EngineWay[Blanks], ...] = (EngineWay("sqlite"),)
"""U+0020, as most databases trim it."""


@dataclass(frozen=True)
class Trim(VaryingText):
    """Removes characters at one end or both: those given, or what the engines that may run the step call blank.

    On its own that is Unicode's White_Space.
    """

    side: Literal["both", "left", "right"] = "both"
    characters: str | None = None
    """Those removed, where they are given."""
    ways: tuple[EngineWay[Blanks], ...] = _WHITE_SPACE
    """What is removed where they are not."""
    asked: Runner | None = None
    """The engine that the step itself names."""

    @property
    def name(self) -> str:
        return "trim"

    @property
    def sentence(self) -> str:
        where = {"both": "both ends", "left": "the left", "right": "the right"}[self.side]
        return f"{'spaces' if self.characters is None else f'any of {self.characters!r}'} removed at {where}"

    def run_by(self, runners: Sequence[Runner]) -> Trim:
        if self.characters is not None:
            return self
        return replace(self, ways=trim_ways((self.asked,) if self.asked else runners))

    @cached_property
    def variants(self) -> tuple[Trim, ...]:
        return tuple(replace(self, ways=(way,)) for way in self.ways) if len(self.ways) > 1 else (self,)

    @cached_property
    def blanks(self) -> Charset:
        """The characters it removes at the ends, where all engines agree."""
        if self.characters is not None:
            return Charset.of(self.characters)
        (way,) = self.ways
        return blanks(way.rule)

    @cached_property
    def machine(self) -> Transducer:
        return TrimMachine(self.blanks, left=self.side != "right", right=self.side != "left")

    def write(self, text: str) -> str:
        first, last = 0, len(text)
        while self.side != "right" and first < last and ord(text[first]) in self.blanks:
            first += 1
        while self.side != "left" and last > first and ord(text[last - 1]) in self.blanks:
            last -= 1
        return text[first:last]

    @cached_property
    def _common(self) -> Charset:
        """The characters that are removed in all ways."""
        return reduce(and_, [blanks(way.rule) for way in self.ways])

    @cached_property
    def _disputed(self) -> Charset:
        """The characters that are removed in some ways only."""
        return reduce(or_, [blanks(way.rule) for way in self.ways]) - self._common

    @cached_property
    def agreed(self) -> ValueSet:
        return texts_and_null(without(self._disputed), null=True)

    def difference(self, value: Value) -> str:
        text = str(value)
        ends = [
            next((c for c in characters if ord(c) not in self._common), "")
            for side, characters in (("right", text), ("left", reversed(text)))
            if self.side != side
        ]
        character = next(c for c in ends if c and ord(c) in self._disputed)
        dropping = [name for way in self.ways if ord(character) in blanks(way.rule) for name in way.engines]
        keeping = [name for way in self.ways if ord(character) not in blanks(way.rule) for name in way.engines]
        return f"trim drops {show(character)} in {in_words(dropping)}, not in {in_words(keeping)}"


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

    @property
    def keeps_parts(self) -> bool:
        return True

    @property
    def concerned(self) -> Charset:
        return WHITE_SPACE

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
