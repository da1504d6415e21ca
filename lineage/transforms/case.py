"""Letter case: upper, lower, as the engine that runs the step changes it; casefold.

On its own a step is the full, unconditional, locale-free mapping of Unicode (SpecialCasing.txt included), character by
character: "ß" becomes "SS", a final sigma gets no form of its own. Engines map other characters, or in one case look
around: small sigma at the end of a word (The Unicode Standard, 3.13, Final_Sigma). Turkish i is not treated specially.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal, Self

from ...values import steps
from ...values.charset import Charset
from ...values.textset import without
from ...values.transducer import CharMap, Mapped, Move, Transducer
from ...values.unicode_data import full_fold_map
from ..engines import EngineWay, Runner, around_sigma, case_map, casings, has_final_sigma
from ..transform import TextTransform, VaryingText, texts_and_null
from .varying import coarse, differing, outcomes_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...values.transducer import Phase
    from ...values.valueset import Value, ValueSet
    from ...values.weight import Weight
    from ..engines import Casing

_SIGMA, _FINAL = "\u03a3", "\u03c2"
_UNICODE: tuple[EngineWay[Casing], ...] = (EngineWay("unicode"),)
_OTHER, _LETTER, _SKIPPED, _IS_SIGMA = range(4)
_OUTSIDE, _AFTER_LETTER, _HOPED, _FEARED = "outside", "after a letter", "ends here", "goes on"


@dataclass(frozen=True)
class SigmaMachine(Transducer):
    """Lower case in which a capital sigma at the end of a word becomes the final small one.

    A sigma is final where a letter stands before it and none after it; some characters (marks, an apostrophe) are looked
    past. It guesses, and is held to it by the next character that is not looked past. Phases: whether a letter stands
    before, or what must come after the last sigma.
    """

    casing: Casing

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        step: tuple[tuple[int, ...], tuple[int, ...]] = steps.constant(_OTHER)
        marks = (
            (around_sigma("cased"), _LETTER),
            (around_sigma("ignorable"), _SKIPPED),
            (Charset.of(_SIGMA), _IS_SIGMA),
        )
        for charset, kind in marks:
            step = steps.merge(step, steps.indicator(charset, kind, _OTHER), max)
        return step

    @cached_property
    def _map(self) -> CharMap:
        return case_map("lower", self.casing)

    @property
    def guesses(self) -> bool:
        return True

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((_OUTSIDE, ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if character_class == _SKIPPED:
            return (Move(phase, self._map),)
        if character_class == _OTHER:
            return () if phase == _FEARED else (Move(_OUTSIDE, self._map),)
        if phase == _HOPED:
            return ()
        if character_class == _LETTER or phase == _OUTSIDE:
            return (Move(_AFTER_LETTER, self._map),)
        return (Move(_HOPED, None, _FINAL), Move(_FEARED, self._map))

    def end(self, phase: Phase) -> str | None:
        return None if phase == _FEARED else ""

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        least, most = self._map.sizes
        return low * least, None if high is None else high * most

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        mapped = self._map.weight(weight)
        heavier = max(mapped.of(_SIGMA), weight.of(_FINAL))
        sigma = steps.indicator(Charset.of(_SIGMA), heavier, 0)
        return type(weight)(f"{weight.name} after lower", steps.merge(mapped.step, sigma, max)), 0

    def invisible(self, weight: Weight) -> bool:
        return self._map.weight(weight) == weight and weight.of(_FINAL) == weight.of(_SIGMA)

    def reweigh(self, weight: Weight) -> Weight | None:
        return self._map.weight(weight) if weight.of(_FINAL) == weight.of(self._map(_SIGMA)) else None

    def commutes(self, other: Transducer) -> bool:
        dropped = other.concerned
        seen = self._map.touched | around_sigma("cased") | around_sigma("ignorable")
        return dropped is not None and not dropped & seen


@dataclass(frozen=True)
class Case(VaryingText):
    """Every character in one case, in one of the ways of the engines that may run the step."""

    ways: tuple[EngineWay[Casing], ...] = _UNICODE
    asked: Runner | None = None
    """The engine that the step itself names."""

    @property
    def name(self) -> Literal["upper", "lower"]:
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        return f"in {self.name} case"

    def run_by(self, runners: Sequence[Runner]) -> Self:
        found = casings(self.name, (self.asked,) if self.asked else runners)
        return replace(self, ways=found)

    @cached_property
    def variants(self) -> tuple[Self, ...]:
        return tuple(replace(self, ways=(way,)) for way in self.ways) if len(self.ways) > 1 else (self,)

    @property
    def _casing(self) -> Casing:
        (way,) = self.ways
        return way.rule

    @cached_property
    def machine(self) -> Transducer:
        if self.name == "lower" and has_final_sigma(self._casing):
            return SigmaMachine(self._casing)
        return Mapped(case_map(self.name, self._casing))

    def write(self, text: str) -> str:
        written = case_map(self.name, self._casing)(text)
        if self.name == "upper" or _SIGMA not in text or not has_final_sigma(self._casing):
            return written
        return self.machine.run(text) or ""

    @cached_property
    def _disputed(self) -> Charset:
        """The characters that are not the same in all ways; a sigma, where the end of a word counts in some."""
        disputed = differing([case_map(self.name, way.rule) for way in self.ways])
        sigmas = {has_final_sigma(way.rule) for way in self.ways}
        return disputed | Charset.of(_SIGMA) if self.name == "lower" and len(sigmas) > 1 else disputed

    @cached_property
    def agreed(self) -> ValueSet:
        return texts_and_null(without(coarse(self._disputed)), null=True)

    @cached_property
    def undisputed(self) -> ValueSet:
        return texts_and_null(without(self._disputed), null=True)

    def difference(self, value: Value) -> str:
        character = next(c for c in str(value) if ord(c) in self._disputed)
        seen = character
        if character == _SIGMA and ord(character) not in differing(
            [case_map(self.name, way.rule) for way in self.ways]
        ):
            seen = "A" + _SIGMA  # alone it is the same in all
        outcomes = [(way.engines, variant.write(seen)) for way, variant in zip(self.ways, self.variants, strict=True)]
        return outcomes_in_words(self.name, seen, outcomes)


@dataclass(frozen=True)
class Upper(Case):
    """Every character in upper case."""

    @property
    def name(self) -> Literal["upper", "lower"]:
        return "upper"


@dataclass(frozen=True)
class Lower(Case):
    """Every character in lower case."""

    @property
    def name(self) -> Literal["upper", "lower"]:
        return "lower"


@cache
def _folding() -> CharMap:
    return CharMap("case folding", full_fold_map())


@dataclass(frozen=True)
class Fold(TextTransform):
    """Every character by its full case folding (Unicode, 3.13, toCasefold): texts of other case become the same."""

    @property
    def name(self) -> str:
        return "casefold"

    @property
    def sentence(self) -> str:
        return "without a difference of case"

    @cached_property
    def machine(self) -> Transducer:
        return Mapped(_folding())

    def write(self, text: str) -> str:
        return _folding()(text)
