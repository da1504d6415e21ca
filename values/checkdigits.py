"""Check digits: texts whose last digits, or others at a fixed place, follow from the rest.

Each scheme is a machine of finitely many phases: a sum modulo a number, by the place of a digit, needs no more memory.

Sources: ISO/IEC 7812-1, annex B (the formula of Luhn); ISO/IEC 7064, MOD 97-10; ISO 13616-1 (IBAN) and ISO 11649 (creditor
references), which both compute it with the first four characters at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from . import steps
from .charset import Charset
from .textset import TextSet
from .transducer import Move, Transducer

if TYPE_CHECKING:
    from .transducer import Phase

CheckScheme: TypeAlias = Literal["luhn", "mod97", "iban"]

_OTHER = -1
_TO_THE_FRONT = pow(10**6, -1, 97)
"""What the first four characters (two letters, of two digits each, and two digits) are moved by, backward."""


@dataclass(frozen=True)
class CheckMachine(Transducer):
    """Rejects the texts whose check digits are wrong, and writes nothing. Classes are the values of digits and letters."""

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        step: tuple[tuple[int, ...], tuple[int, ...]] = steps.constant(_OTHER)
        for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
            step = steps.merge(step, steps.indicator(Charset.of(character), value, _OTHER), max)
        return step

    @property
    def rejects(self) -> bool:
        return True


@dataclass(frozen=True)
class LuhnMachine(CheckMachine):
    """Digits, at least two: from the right, every second one is doubled.

    A phase: the digits read, up to two; the sum if the last one read is the last, and if it is the one before the last.
    """

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((0, 0, 0), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        read, as_last, as_doubled = phase
        if not 0 <= character_class <= 9:
            return ()
        doubled = sum(divmod(2 * character_class, 10))
        return (Move((min(read + 1, 2), (as_doubled + character_class) % 10, (as_last + doubled) % 10), None),)

    def end(self, phase: Phase) -> str | None:
        return "" if phase[0] == 2 and phase[1] == 0 else None


def _after(remainder: int, value: int) -> int:
    """The remainder by 97 once a digit, or a letter as its two digits, stands behind a number."""
    return (remainder * (10 if value < 10 else 100) + value) % 97


@dataclass(frozen=True)
class Mod97Machine(CheckMachine):
    """Digits and capital letters, at least three, that are a number of which 1 is left by 97; A is 10, Z is 35.

    A phase: the characters read, up to three, and the remainder.
    """

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((0, 0), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        if character_class == _OTHER:
            return ()
        return (Move((min(phase[0] + 1, 3), _after(phase[1], character_class)), None),)

    def end(self, phase: Phase) -> str | None:
        return "" if phase == (3, 1) else None


@dataclass(frozen=True)
class IbanMachine(CheckMachine):
    """Two letters, two digits, and further digits and letters, as `Mod97Machine` with the first four at the end.

    A phase: the characters read, up to five; of the first four the remainder that the rest must have, and that of the rest.
    """

    def starts(self) -> tuple[tuple[Phase, str], ...]:
        return (((0, 0, 0), ""),)

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:
        read, head, rest = phase
        is_letter = character_class >= 10
        if character_class == _OTHER or (read < 4 and is_letter != (read < 2)):
            return ()
        if read < 3:
            return (Move((read + 1, _after(head, character_class), 0), None),)
        if read == 3:
            wanted = (1 - _after(head, character_class)) * _TO_THE_FRONT % 97
            return (Move((4, wanted, 0), None),)
        return (Move((5, head, _after(rest, character_class)), None),)

    def end(self, phase: Phase) -> str | None:
        return "" if phase[0] == 5 and phase[1] == phase[2] else None


_MACHINES = {"luhn": LuhnMachine, "mod97": Mod97Machine, "iban": IbanMachine}


@cache
def with_check_digits(scheme: CheckScheme) -> TextSet:
    """The texts whose check digits are right."""
    return TextSet.full().back(_MACHINES[scheme]())
