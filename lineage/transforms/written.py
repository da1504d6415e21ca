"""Values as engines write them: numbers with all the digits of their column, and what each engine writes its own way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...values import steps
from ...values.charset import Charset
from ...values.transducer import Move, Transducer
from ..transform import TextTransform
from .convert import Cast, type_after
from .fixed import OpaqueStep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...values.transducer import Phase
    from ..transform import Transform

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


def as_written(of_type: str, chain: Sequence[Transform], decimals: int | None) -> tuple[Transform, ...]:
    """The chain over values of a type, with what is known of the texts that its casts read and write.

    `decimals`: the number of digits that the engine always writes after the point; None: no more than the number needs.
    Instants and times of day are written, and read, in each engine's own way: such a step is not described.
    """
    written: list[Transform] = []
    for step in chain:
        match step:
            case Cast("text") if of_type in {"datetime", "time"}:
                written.append(OpaqueStep(f"a {of_type} written as text, in the engine's own way"))
            case Cast("datetime") if of_type == "text":
                written.append(OpaqueStep("a text read as datetime, in the engine's own way"))
            case Cast("text") if of_type == "decimal" and decimals:
                written += (step, FillDecimals(decimals))
            case _:
                written.append(step)
        if isinstance(step, Cast):
            decimals = None
        of_type = type_after(of_type, (step,))
    return tuple(written)
