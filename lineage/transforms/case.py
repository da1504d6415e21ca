"""Letter case: upper, lower.

The full, unconditional, locale-free mapping of Unicode (SpecialCasing.txt included), character by character: "ß"
becomes "SS"; a final sigma gets no form of its own, and Turkish i is not treated specially.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from ...values.transducer import CharMap, Mapped, Transducer
from ...values.unicode_data import lower_map, upper_map
from ..transform import TextTransform

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _case(name: str) -> CharMap:
    table: Mapping[int, str] = upper_map() if name == "upper" else lower_map()
    return CharMap(name, table)


@dataclass(frozen=True)
class Upper(TextTransform):
    """Every character in upper case."""

    @property
    def name(self) -> str:
        return "upper"

    @property
    def sentence(self) -> str:
        return "in upper case"

    @cached_property
    def machine(self) -> Transducer:
        return Mapped(_case("upper"))

    def write(self, text: str) -> str:
        return _case("upper")(text)


@dataclass(frozen=True)
class Lower(TextTransform):
    """Every character in lower case."""

    @property
    def name(self) -> str:
        return "lower"

    @property
    def sentence(self) -> str:
        return "in lower case"

    @cached_property
    def machine(self) -> Transducer:
        return Mapped(_case("lower"))

    def write(self, text: str) -> str:
        return _case("lower")(text)
