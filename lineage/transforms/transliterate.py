"""Letters written with others, by a table that has a name: transliterate.

Sources: DIN 5007-2 (german); ICAO, Doc 9303, part 3, section 6 (icao, cyrillic); Retskrivningsordbogen, 3 (danish).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.textset import without
from ...values.transducer import CharMap, Mapped
from ...values.unicode_data import general_category, script
from ..transform import TextTransform

if TYPE_CHECKING:
    from ...values.textset import TextSet
    from ...values.transducer import Transducer

Table: TypeAlias = Literal["latin", "german", "danish", "icao", "cyrillic"]

_MARKS = range(0x300, 0x370)
"""Combining marks, which a table of Latin letters drops."""
_LETTERS = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ß": "ss",
    "ħ": "h",
    "ł": "l",
    "ŋ": "n",
    "ŧ": "t",
    "ı": "i",
    "ĳ": "ij",
    "ŉ": "n",
    "ĸ": "k",
    "ſ": "s",
}
"""Small letters that are no letter from a to z with a mark."""
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_DANISH = {"æ": "ae", "ø": "oe", "å": "aa"}
_ICAO = {"ä": "ae", "å": "aa", "ö": "oe", "ø": "oe", "ü": "ue"}
_CYRILLIC = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufye", strict=True)),
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "ie",
    "ь": "",
    "ю": "iu",
    "я": "ia",
    "і": "i",
    "ї": "i",
    "є": "ie",
    "ґ": "g",
    "ў": "u",
    "ј": "j",
    "љ": "lj",
    "њ": "nj",
    "ђ": "d",
    "ћ": "c",
    "џ": "dz",
    "ѕ": "dz",
    "ѓ": "g",
    "ќ": "k",
}


def _with_capitals(letters: dict[str, str]) -> dict[str, str]:
    """The same for capital letters: the first letter of what is written is one, too."""
    capitals = {old.upper(): new[:1].upper() + new[1:] for old, new in letters.items() if len(old.upper()) == 1}
    return {**capitals, **letters}


@cache
def _latin() -> dict[str, str]:
    """Letters of Latin script with a mark, by the letter alone; the marks by themselves; a few others."""
    letters = general_category("L") & script("Latin")
    found = {chr(mark): "" for mark in _MARKS}
    for low, high in letters.spans():
        for character in map(chr, range(low, high)):
            base = unicodedata.normalize("NFD", character)[0]
            if base != character and base.isascii():
                found[character] = base
    return {**found, **_with_capitals(_LETTERS), "ẞ": "SS"}


@cache
def letter_table(name: Table) -> CharMap:
    """What a table writes for each of its characters."""
    match name:
        case "latin":
            found = _latin()
        case "german":
            found = {**_with_capitals(_GERMAN), "ẞ": "SS"}
        case "danish":
            found = _with_capitals(_DANISH)
        case "icao":
            capitals = {old: new.upper() for old, new in _with_capitals(_LETTERS | _ICAO).items() if old.isupper()}
            found = {**_latin(), **_LETTERS, **_ICAO, **capitals}
        case "cyrillic":
            found = _with_capitals(_CYRILLIC)
    return CharMap(f"transliterated by {name}", {ord(old): new for old, new in found.items()})


@dataclass(frozen=True)
class Transliterated(TextTransform):
    """The letters of a table written as it says. What they make equal is lost: Müller and Mueller."""

    named: Table

    @property
    def name(self) -> str:
        return "transliterate"

    @property
    def sentence(self) -> str:
        return f"letters written by the table {self.named}"

    @cached_property
    def machine(self) -> Transducer:
        return Mapped(letter_table(self.named))

    def write(self, text: str) -> str:
        return letter_table(self.named)(text)

    @cached_property
    def kept(self) -> TextSet | None:
        return without(letter_table(self.named).keys)
