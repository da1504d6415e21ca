"""Texts read as numbers: a machine that writes what it reads in the plain notation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...values import steps
from ...values.charset import Charset
from ...values.transducer import Move, Transducer

if TYPE_CHECKING:
    from ...values.transducer import Phase

_OTHER, _SIGN_PLUS, _SIGN_MINUS, _ZERO, _DIGIT, _POINT, _BLANK, _EXPONENT = range(8)
BLANKS = "\t\n\v\f\r "
"""The white space around a number that PostgreSQL, MariaDB, SQLite and DuckDB pass over; they were run."""
_EXPONENTS = ("exponent", "exponent sign", "exponent digits")
_WRITTEN_WHOLE = ("digits", "significant", "trailing", *_EXPONENTS, "after")


@dataclass(frozen=True)
class NumberReader(Transducer):
    r"""Reads a written number and writes its plain notation: no `+`, no leading zeros, no trailing ones.

    Rejects every other text: `[+-]?[0-9]+`, and with `fractions` also `[+-]?[0-9]+\.[0-9]+`. It guesses whether a zero
    after the point is the beginning of the trailing ones. Phases, with "-" where a minus sign is not written yet:

        start -> sign -> zeros -> digits -> point -> significant | inner zeros -> trailing -> exponent -> after
    """

    fractions: bool
    loose: bool = False
    """Whether blanks around it are passed over, and with `fractions` digits may lack on one side of the point."""
    exponents: bool = False
    """Whether an exponent is read, with digits or without (MariaDB reads "5e+ "), and left out of what is written."""

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        kinds = [("+", _SIGN_PLUS), ("-", _SIGN_MINUS), ("0", _ZERO), ("123456789", _DIGIT), (".", _POINT)]
        kinds += [(BLANKS, _BLANK)] if self.loose else []
        kinds += [("eE", _EXPONENT)] if self.exponents else []
        step: tuple[tuple[int, ...], tuple[int, ...]] = steps.constant(_OTHER)
        for characters, kind in kinds:
            step = steps.merge(step, steps.indicator(Charset.of(characters), kind, _OTHER), max)
        return step

    @property
    def rejects(self) -> bool:
        return True

    @property
    def guesses(self) -> bool:
        return self.fractions

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return ((("start", ""), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        place, sign = phase
        match place, character_class:
            case "start", 1:
                return (Move(("sign", ""), None),)
            case "start", 2:
                return (Move(("sign", "-"), None),)
            case "start", 6:
                return (Move(phase, None),)
            case (("start" | "sign" | "zeros"), 3):
                return (Move(("zeros", sign), None),)
            case (("start" | "sign" | "zeros"), 4):
                return (Move(("digits", ""), before=sign),)
            case (("zeros" | "digits"), 5) if self.fractions:
                return self._point(place, sign, "empty point")
            case (("start" | "sign"), 5) if self.fractions and self.loose:
                return self._point("zeros", sign, "bare point")
            case "point", 3:
                return (Move(("inner zeros", "")),)
            case (("point" | "inner zeros"), 4):
                return (Move(("significant", "")),)
            case "inner zeros", 3:
                return (Move(phase),)
            case "significant", 4:
                return (Move(phase),)
            case "significant", 3:
                return (Move(("inner zeros", "")), Move(("trailing", ""), None))
            case (("empty point" | "bare point" | "trailing"), 3):
                return (Move(("trailing", ""), None),)
            case "digits", (3 | 4):
                return (Move(phase),)
            case _:
                return self._further(place, character_class)

    @staticmethod
    def _point(place: str, sign: str, nothing_follows: str) -> tuple[Move, ...]:
        """At the point: digits that count follow, or none do."""
        whole = sign + "0" if place == "zeros" else ""
        return Move(("point", ""), before=whole), Move((nothing_follows, ""), None, whole.lstrip("-"))

    def _further(self, place: str, character_class: int) -> tuple[Move, ...]:
        """After the digits: an exponent, and blanks."""
        match place, character_class:
            case "exponent", (1 | 2):
                return (Move(("exponent sign", ""), None),)
            case _, (3 | 4) if place in _EXPONENTS:
                return (Move(("exponent digits", ""), None),)
        ending = self.end((place, ""))
        if ending is None:
            return ()
        if character_class == _EXPONENT and place not in {*_EXPONENTS, "after"}:
            return (Move(("exponent", ""), None, ending),)
        return (Move(("after", ""), None, ending),) if character_class == _BLANK else ()

    def end(self, phase: Phase) -> str | None:
        place, _ = phase
        if place == "zeros":
            return "0"
        return "" if place in _WRITTEN_WHOLE or (place == "empty point" and self.loose) else None

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:  # noqa: ARG002
        return 1, None if high is None else high + self.loose

    @property
    def idempotent(self) -> bool:
        return True
