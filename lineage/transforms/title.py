"""The first letter of each word in upper case, the others in lower case: title, as the engine that runs the step does it.

Where a word begins is told by the character before: in PostgreSQL, by whether it is a letter or a digit (`isalnum`, or
`iswalnum` of the collation's locale), in Python by whether it has a case. ICU, which PostgreSQL may be told to use, and
the other engines go by more than that: what they do is stated of some texts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property, reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Literal

from ...values import steps
from ...values.charset import Charset
from ...values.textset import TextSet, without
from ...values.transducer import CharMap, Move, Transducer
from ...values.unicode_data import general_category, lower_map, script, title_map
from ..engines import EngineWay, Runner, around_sigma, case_map, title_ways, word_characters
from ..transform import UNKNOWN, KnownInPart, TextTransform, VaryingText, distinct, texts_and_null, the_one
from .varying import outcomes_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...values.transducer import Phase
    from ...values.valueset import Value, ValueSet
    from ...values.weight import Weight
    from ..engines import TitleRule
    from ..transform import NoValue

_LETTERS = Charset.of(("A", "Z"), ("a", "z"))


@cache
def _full(name: Literal["title", "lower"]) -> CharMap:
    """The full mapping of Unicode."""
    return CharMap(name, title_map() if name == "title" else lower_map())


@dataclass(frozen=True)
class TitleMachine(Transducer):
    """Writes a character under one map after characters of words, and under another after others.

    The phase: whether the last character was one of words.
    """

    first: CharMap
    later: CharMap
    words: Charset
    described: Charset | None = None
    """The characters of the texts that it does not reject; None: any."""
    only_unchanged: bool = False
    """Whether it rejects the texts that it changes."""

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[Any, ...]]:
        parts = (
            self.words,
            ~Charset.ranges(()) if self.described is None else self.described,
            self.first.keys,
            self.later.keys,
        )
        found: tuple[tuple[int, ...], tuple[tuple[bool, ...], ...]] = steps.constant(())
        for part in parts:
            found = steps.merge(found, steps.indicator(part, True, False), lambda known, one: (*known, one))  # noqa: FBT003 - a value
        return found

    @property
    def rejects(self) -> bool:
        return self.described is not None or self.only_unchanged

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((False, ""),)

    def moves(self, phase: Phase, character_class: Any) -> tuple[Move, ...]:  # noqa: ANN401 - a class of its own
        is_of_word, is_described, is_changed_first, is_changed_later = character_class
        is_changed = is_changed_later if phase else is_changed_first
        if not is_described or (self.only_unchanged and is_changed):
            return ()
        return (Move(is_of_word, self.later if phase else self.first),)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return low, None if high is None else high * max(self.first.sizes[1], self.later.sizes[1])

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        heavier = steps.merge(self.first.weight(weight).step, self.later.weight(weight).step, max)
        return type(weight)(f"{weight.name} after title", heavier), 0

    def invisible(self, weight: Weight) -> bool:
        return self.first.weight(weight) == weight and self.later.weight(weight) == weight

    def reweigh(self, weight: Weight) -> Weight | None:
        first = self.first.weight(weight)
        return first if not self.rejects and first == self.later.weight(weight) else None


def _machine(rule: TitleRule) -> TitleMachine:
    match rule:
        case "C" | "libc":
            provider = f"postgres/{rule}"
            return TitleMachine(case_map("upper", provider), case_map("lower", provider), word_characters(provider))
        case "icu":
            latin = general_category("L") & script("Latin") & Charset((0, 0x250))
            return TitleMachine(_full("title"), _full("lower"), latin, latin | Charset.of(" -,;/&()"))
        case "python":
            return TitleMachine(_full("title"), _full("lower"), around_sigma("cased"), ~Charset.of("\u03a3"))
        case "letters":
            return TitleMachine(_full("title"), _full("lower"), _LETTERS, _LETTERS | Charset.of(" "))


@dataclass(frozen=True)
class TitleWay(TextTransform):
    """One way to write words with a capital letter."""

    rule: TitleRule

    @property
    def name(self) -> str:
        return "title"

    @property
    def sentence(self) -> str:
        return "each word with a capital letter"

    @cached_property
    def machine(self) -> Transducer:
        return _machine(self.rule)

    def write(self, text: str) -> str:
        return self.machine.run(text) or ""

    @cached_property
    def apart(self) -> TextSet:
        """The texts that stay as they are."""
        return TextSet.full().back(replace(_machine(self.rule), only_unchanged=True))


@dataclass(frozen=True)
class TitleKnownInPart(KnownInPart, TitleWay):
    """One way that is stated of texts of some characters alone."""

    @cached_property
    def described(self) -> TextSet:
        return without(~(_machine(self.rule).described or _LETTERS))

    def apply(self, value: Value) -> Value | NoValue:
        return UNKNOWN if isinstance(value, str) and value not in self.described else super().apply(value)


@dataclass(frozen=True)
class Title(VaryingText):
    """Every word with a capital letter, in one of the ways of the engines that may run the step."""

    ways: tuple[EngineWay[TitleRule], ...] = (EngineWay("C"),)
    asked: Runner | None = None
    """The engine that the step itself names."""

    @property
    def name(self) -> str:
        return "title"

    @property
    def sentence(self) -> str:
        return "each word with a capital letter"

    def run_by(self, runners: Sequence[Runner]) -> TextTransform:
        return replace(self, ways=title_ways((self.asked,) if self.asked else runners))

    @cached_property
    def variants(self) -> tuple[TextTransform, ...]:
        return tuple(TitleWay(w.rule) if w.rule in {"C", "libc"} else TitleKnownInPart(w.rule) for w in self.ways)

    def apply(self, value: Value) -> Value | NoValue:
        return the_one(distinct(way.apply(value) for way in self.variants))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return reduce(and_, [way.preimage(accepted) for way in self.variants])

    @cached_property
    def agreed(self) -> ValueSet:
        """The texts of letters from a to z and of blanks."""
        return texts_and_null(without(~(_LETTERS | Charset.of(" "))), null=True)

    def difference(self, value: Value) -> str:
        outcomes = [(way.engines, variant.apply(value)) for way, variant in zip(self.ways, self.variants, strict=True)]
        return outcomes_in_words(self.name, value, outcomes)
