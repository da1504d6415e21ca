"""Null in place of one text: null_if, as the engine that runs the step compares texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Literal

from ...values.valueset import ValueSet
from ..collations import BYTES, collations
from ..engines import TITLES, EngineWay, Runner, ways_of
from ..transform import UNKNOWN, OneSided, Varying, distinct, the_one
from .varying import outcomes_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...values.valueset import Value
    from ..collations import Collation
    from ..transform import NoValue, Transform


@dataclass(frozen=True)
class NullIfAlike:
    """Null in place of the texts that one collation takes for the same as one; everything else stays."""

    text: str
    collation: Collation = BYTES

    @property
    def name(self) -> str:
        return "null_if"

    @property
    def sentence(self) -> str:
        return f"null for {self.text!r}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if not isinstance(value, str):
            return value
        match self.collation.equal(value, self.text):
            case None:
                return UNKNOWN
            case same:
                return None if same else value

    @cached_property
    def alike(self) -> tuple[ValueSet, ValueSet]:
        """The texts that surely become null, and those that may."""
        sure, possible = self.collation.equal_to([self.text])
        return ValueSet.text(sure), ValueSet.text(possible)

    def preimage(self, accepted: ValueSet) -> ValueSet:
        """The values that surely become accepted ones."""
        sure, possible = self.alike
        stays = accepted - possible
        return stays | sure | (accepted & possible) if accepted.null else stays

    @cached_property
    def unaltered(self) -> ValueSet:
        """Every value: that null and the text become one is what the step is for."""
        return ValueSet.everything()

    @cached_property
    def apart(self) -> ValueSet:
        """The values that stay as they are."""
        return ValueSet.everything() - self.alike[1]


@dataclass(frozen=True)
class NullIfKnownInPart(OneSided, NullIfAlike):
    """By a collation of which not every character is known."""

    def possible(self, accepted: ValueSet) -> ValueSet:
        """The values that may become accepted ones."""
        sure, possible = self.alike
        stays = accepted - sure
        return stays | possible if accepted.null else stays


_EXACTLY: tuple[EngineWay[Collation], ...] = (EngineWay(BYTES),)


@dataclass(frozen=True)
class NullIf(Varying):
    """Null in place of one text, in one of the ways of the engines that may run the step."""

    text: str
    ways: tuple[EngineWay[Collation], ...] = _EXACTLY
    asked: Runner | None = None
    """The engine that the step itself names."""

    @property
    def name(self) -> str:
        return "null_if"

    @property
    def sentence(self) -> str:
        return f"null for {self.text!r}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def run_by(self, runners: Sequence[Runner]) -> Transform:
        def rules(runner: Runner) -> Iterable[tuple[Collation, str]]:
            known = collations(runner.engine, runner.collation)
            title = TITLES[runner.engine]
            return [(collation, f"{title} ({name})" if name else title) for name, collation in known.items()]

        return replace(self, ways=ways_of((self.asked,) if self.asked else runners, rules))

    @cached_property
    def variants(self) -> tuple[Transform, ...]:
        return tuple(
            NullIfKnownInPart(self.text, way.rule) if way.rule.left_out else NullIfAlike(self.text, way.rule)
            for way in self.ways
        )

    def apply(self, value: Value) -> Value | NoValue:
        return the_one(distinct(way.apply(value) for way in self.variants))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return reduce(and_, [way.preimage(accepted) for way in self.variants])

    @cached_property
    def agreed(self) -> ValueSet:
        known = [way.alike for way in self.variants if isinstance(way, NullIfAlike)]
        null = reduce(and_, [sure for sure, _ in known])
        return null | (ValueSet.everything() - reduce(or_, [possible for _, possible in known]))

    def difference(self, value: Value) -> str:
        outcomes = [(way.engines, variant.apply(value)) for way, variant in zip(self.ways, self.variants, strict=True)]
        return outcomes_in_words(self.name, value, outcomes)

    @cached_property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()
