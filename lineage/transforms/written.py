"""Values as engines write them: numbers with all the digits of their column, and what each engine writes its own way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...values import steps
from ...values.charset import Charset
from ...values.regex import parse
from ...values.show import show
from ...values.textset import TextSet
from ...values.transducer import Move, Transducer
from ...values.valueset import ValueSet
from ..engines import WRITES_ALL_DECIMALS, truth_words
from ..transform import REJECTED, TextTransform, Varying, distinct, the_one
from .arithmetic import NumberTransform
from .assign import type_after
from .convert import Cast
from .fixed import Identity, OpaqueStep
from .varying import outcomes_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...values.transducer import Phase
    from ...values.valueset import Value
    from ..engines import EngineWay, Runner, TruthWords
    from ..transform import NoValue, Transform

_WHOLE = -1
"""The phase before the decimal point; after it the phase counts the digits."""


@dataclass(frozen=True)
class FillDecimalsMachine(Transducer):
    """Adds zeros to a number's plain notation until it has so many digits after the point."""

    decimals: int

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return steps.indicator(Charset.of("."), 1, 0)

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((_WHOLE, ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if phase == _WHOLE:
            return (Move(0 if character_class else _WHOLE),)
        return (Move(min(phase + 1, self.decimals)),)

    def end(self, phase: Phase) -> str | None:
        return "." + "0" * self.decimals if phase == _WHOLE else "0" * (self.decimals - phase)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        return low, None if high is None else high + self.decimals + 1


@dataclass(frozen=True)
class FillDecimals(TextTransform):
    """A number's text with all the digits of its column: 1.5 of `numeric(5,2)` as 1.50. No lineage file names this step.

    PostgreSQL 15 (8.1.2: "the scale … is the count of decimal digits"), MariaDB 10.11 and DuckDB were run.
    """

    decimals: int

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return f"with {self.decimals} digits after the point"

    @cached_property
    def machine(self) -> Transducer:
        return FillDecimalsMachine(self.decimals)

    def write(self, text: str) -> str:
        point = text.find(".")
        return f"{text}.{'0' * self.decimals}" if point < 0 else text.ljust(point + 1 + self.decimals, "0")


@dataclass(frozen=True)
class PerhapsFilled(Varying):
    """As `FillDecimals`, or not: where a query reads a number of a column whose own type is not known."""

    decimals: int

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return f"perhaps with {self.decimals} digits after the point"

    @property
    def exact(self) -> Literal[True]:
        return True

    def run_by(self, runners: Sequence[Runner]) -> PerhapsFilled:  # noqa: ARG002 - its column's type decides
        return self

    @cached_property
    def variants(self) -> tuple[Transform, ...]:
        return Identity(), FillDecimals(self.decimals)

    def apply(self, value: Value) -> Value | NoValue:
        return the_one(distinct(way.apply(value) for way in self.variants))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        return accepted & FillDecimals(self.decimals).preimage(accepted)

    @cached_property
    def agreed(self) -> ValueSet:
        written = rf"[^.]*\.[0-9]{{{self.decimals},}}"
        return ValueSet.text(TextSet.language(parse(written).language)) | ~ValueSet.of_type("text")

    def difference(self, value: Value) -> str:
        return f"whether {show(value)} is written with {self.decimals} digits after the point is not known"

    @property
    def unaltered(self) -> ValueSet:
        """Another spelling of a number is no loss."""
        return ValueSet.everything()


@dataclass(frozen=True)
class WriteTruth(Varying):
    """A truth value as text, in the words of the engines that may write it. No lineage file names this step."""

    ways: tuple[EngineWay[TruthWords], ...]

    @property
    def name(self) -> str:
        return "cast"

    @property
    def sentence(self) -> str:
        return "as text"

    @property
    def exact(self) -> Literal[True]:
        return True

    @cached_property
    def variants(self) -> tuple[WriteTruth, ...]:
        return tuple(WriteTruth((way,)) for way in self.ways) if len(self.ways) > 1 else (self,)

    def apply(self, value: Value) -> Value | NoValue:
        match value:
            case None:
                return None
            case bool():
                return the_one(distinct(way.rule[0 if value else 1] for way in self.ways))
            case _:
                return REJECTED

    def preimage(self, accepted: ValueSet) -> ValueSet:
        truths = [
            truth
            for truth, place in ((True, 0), (False, 1))
            if all(way.rule[place] in accepted.texts for way in self.ways)
        ]
        return ValueSet.exactly([*truths, *([None] if accepted.null else [])])

    @property
    def agreed(self) -> ValueSet:
        return ValueSet.everything() - (ValueSet.of_type("boolean") if len(self.ways) > 1 else ValueSet.nothing())

    def difference(self, value: Value) -> str:
        outcomes = [(way.engines, way.rule[0 if value else 1]) for way in self.ways]
        return outcomes_in_words("cast", value, outcomes)

    @property
    def unaltered(self) -> ValueSet:
        return ValueSet.everything()


def as_written(
    of_type: str, chain: Sequence[Transform], decimals: int | None, runners: Sequence[Runner], *, surely: bool = True
) -> tuple[Transform, ...]:
    """The chain over values of a type, with what is known of the texts that its casts read and write.

    `runners`: the engines that may write them. Oracle writes a date by NLS_DATE_FORMAT, and 0.5 as .5: not described.
    `decimals`: the number of digits that the engine always writes after the point; None: no more than the number needs.
    `surely`: False where it may write only those that the number needs, too.
    Instants and times of day are written, and read, in each engine's own way: such a step is not described.
    """
    writes_all = all(each.engine in WRITES_ALL_DECIMALS for each in runners)
    written: list[Transform] = []
    for step in chain:
        match step:
            case Cast("text") if of_type in {"datetime", "time"}:
                written.append(OpaqueStep(f"a {of_type} written as text, in the engine's own way"))
            case Cast("text") if of_type == "boolean":
                written.append(WriteTruth(truth_words(runners)))
            case Cast("text") if of_type in {"date", "decimal"} and any(each.engine == "oracle" for each in runners):
                written.append(OpaqueStep(f"a {of_type} written as text, in Oracle's own way"))
            case Cast("datetime") if of_type == "text":
                written.append(OpaqueStep("a text read as datetime, in the engine's own way"))
            case Cast("text") if of_type == "decimal" and decimals:
                written += (step, FillDecimals(decimals) if surely else PerhapsFilled(decimals))
            case _:
                written.append(step)
        if isinstance(step, Cast):
            decimals = None
        elif isinstance(step, NumberTransform) and writes_all:
            decimals, surely = step.decimals_after(decimals or 0), surely or not decimals
        of_type = type_after(of_type, (step,))
    return tuple(written)
