"""Percent-encoding: every character but some as the bytes that it is in UTF-8, each as %XX.

A million characters have an image of their own. They are not listed: what is written is followed byte by byte, and
bytes after which the same is left are one, as `%C3%A5` and `%C3%A4` for a language of lengths.

Source: RFC 3986, 2.1 and 2.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from . import steps
from .alphabet import lettered
from .budget import BudgetExceeded
from .charset import CODE_POINT_LIMIT, Charset
from .language import ALL, EMPTY
from .transducer import CharMap, Move, Transducer
from .weight import Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .iteration import Work
    from .language import Language, Step
    from .transducer import Phase

_DIGITS = "%0123456789ABCDEF"
_LEADS = ((0xC2, 0xE0, 1), (0xE0, 0xF0, 2), (0xF0, 0xF5, 3))
"""The first bytes of a character, from and up to, and how many bytes follow them."""
_SECONDS = {0xE0: (0xA0, 0xC0), 0xF0: (0x90, 0xC0), 0xF4: (0x80, 0x90)}
"""The second bytes after some first ones; after the others they are those of every further byte."""
_FURTHER = (0x80, 0xC0)
_ASCII = 0x80


class _Runs:
    """Languages for code points, one after the other; neighbours with the same one are a run."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.languages: list[Language] = []

    def add(self, size: int, language: Language) -> None:
        if self.languages and self.languages[-1] is language:
            self.sizes[-1] += size
        else:
            self.sizes.append(size)
            self.languages.append(language)

    def extend(self, other: _Runs) -> None:
        for size, language in zip(other.sizes, other.languages, strict=True):
            self.add(size, language)


class PercentMap(CharMap):
    """Each character but some of ASCII as %XX for every byte of it in UTF-8; `others`: those with an image of their own.

    Its `table` holds the images of ASCII alone.
    """

    def __init__(self, name: str, kept: Charset, others: Mapping[int, str]) -> None:
        images = {point: f"%{point:02X}" for point in range(_ASCII) if point not in kept}
        super().__init__(name, {**images, **others})

    def __call__(self, text: str) -> str:
        return "".join(self._image(character) for character in text)

    def _image(self, character: str) -> str:
        point = ord(character)
        if point < _ASCII:
            return self.table.get(point, character)
        return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))

    def write(self, language: Language) -> Work[Step]:
        runs = _Runs()
        for point in range(_ASCII):
            runs.add(1, (yield from language.reading(self._image(chr(point)))))
        known: dict[tuple[Language, int], _Runs] = {}
        for low, high, more in _LEADS:
            for lead in range(low, high):
                rest = yield from language.reading(f"%{lead:02X}")
                runs.extend((yield from self._further(rest, more, _SECONDS.get(lead, _FURTHER), known)))
        bounds: list[int] = []
        for size in runs.sizes[:-1]:
            bounds.append((bounds[-1] if bounds else 0) + size)
        return lettered((bounds, runs.languages))

    def _further(
        self, language: Language, more: int, seconds: tuple[int, int], known: dict[tuple[Language, int], _Runs]
    ) -> Work[_Runs]:
        """What is left after each way to write so many more bytes, the first of which is one of these."""
        runs = _Runs()
        if more == 0 or language is EMPTY or language is ALL:
            runs.add((seconds[1] - seconds[0]) * 64 ** (more - 1) if more else 1, language)
            return runs
        found = known.get((language, more)) if seconds == _FURTHER else None
        if found is not None:
            return found
        for byte in range(*seconds):
            rest = yield from language.reading(f"%{byte:02X}")
            runs.extend((yield from self._further(rest, more - 1, _FURTHER, known)))
        if seconds == _FURTHER:
            known[language, more] = runs
        return runs

    def preimage(self, bounds: tuple[int, ...]) -> NoReturn:  # noqa: ARG002 - there are too many, whatever they are
        """A list of the images is never made. Raises BudgetExceeded."""
        raise BudgetExceeded("characters", CODE_POINT_LIMIT)

    @cached_property
    def keys(self) -> Charset:
        return Charset.ranges([*((p, p) for p in self.table), (_ASCII, CODE_POINT_LIMIT - 1)])

    @cached_property
    def touched(self) -> Charset:
        return self.keys | Charset.of(_DIGITS, *self.table.values())

    @cached_property
    def sizes(self) -> tuple[int, int]:
        return 1, 12

    def alphabet(self, used: Charset) -> Charset:
        written = (used - self.keys) | Charset.of(*(text for point, text in self.table.items() if point in used))
        return written | Charset.of(_DIGITS) if used & Charset((_ASCII, CODE_POINT_LIMIT)) else written

    def is_even(self, weight: Weight) -> bool:
        """Whether `weight` of it is exact: every digit of an image weighs the same."""
        return len({weight.of(digit) for digit in _DIGITS}) == 1

    def weight(self, weight: Weight) -> Weight:
        """The weight of each character's image, each digit taken for the heaviest of them."""
        heaviest = max(weight.of(digit) for digit in _DIGITS)
        of_ascii = [weight.of(self._image(chr(point))) for point in range(_ASCII)]
        bounds = (*range(1, _ASCII + 1), 0x800, 0x10000)
        return Weight(
            f"{weight.name} after {self.name}",
            steps.coalesce(bounds, [*of_ascii, 6 * heaviest, 9 * heaviest, 12 * heaviest]),
        )


@dataclass(frozen=True)
class PercentMachine(Transducer):
    """Each character is replaced by its image."""

    image: PercentMap
    # Compared by identity: the maps are made once and cached by their makers.

    def moves(self, phase: Phase, character_class: int) -> tuple[Move, ...]:  # noqa: ARG002
        return (Move(0, self.image),)

    def run(self, text: str) -> str:
        return self.image(text)

    def lengths(self, low: int, high: int | None) -> tuple[int, int | None]:
        least, most = self.image.sizes
        return low * least, None if high is None else high * most

    def outweigh(self, weight: Weight) -> tuple[Weight, int]:
        return self.image.weight(weight), 0

    def reweigh(self, weight: Weight) -> Weight | None:
        return self.image.weight(weight) if self.image.is_even(weight) else None

    @property
    def keeps_parts(self) -> bool:
        return True
