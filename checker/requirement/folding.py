"""Letters and signs as the plainest ones that stand for them: what people type where a screen rejects the right ones.

    Åsa Weiß      becomes   Asa Weiss
    “Łódź” – ٣    becomes   "Lodz" - 3

Letters lose their marks as Unicode decomposes them (NFKD, UAX #15), and letters with a stroke, hook or bar, which it does
not decompose, become the letter that their Unicode name begins with. Languages differ in their customs for the same letter
(Swedish `ö` is written `o`, German `oe`; ICAO 9303 prints `OE` for both, and for Danish `ø`), and a text does not say its
language. So each letter becomes its base letter, as in Nordic log-ins and addresses: the text keeps its length, and is what
a reader would look for. Ligatures and letters without a base are spelt out: æ ae, œ oe, ß ss, þ th.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SPELT = {
    "ß": "ss",
    "ẞ": "Ss",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ŋ": "n",
    "Ŋ": "N",
    "ı": "i",
    "ȷ": "j",
    "ĸ": "k",
}
"""Letters whose Unicode name does not begin with their base letter."""
_SIGNS = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣⸺", "-"),
    **dict.fromkeys("‘’‚‛ʼʹ′‹›`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    "⁄": "/",
    "×": "x",
    "·": ".",
}
"""Typographic signs; NFKD has the rest."""
_LATIN = re.compile(r"LATIN (SMALL|CAPITAL) (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .*)?")


def folded(text: str, kept: Callable[[str], object] = lambda _: False) -> str:
    """The text in base letters, digits of ASCII and plain signs; other characters stay, and those that are to be kept."""
    text = unicodedata.normalize("NFC", text)
    written = [character if kept(character) else _plain(character) for character in text]
    for place, plain in enumerate(written):
        if len(plain) > 1 and plain[0].isupper() and _is_in_capitals(text, place):
            written[place] = plain.upper()  # ÆRØ is AERO, and Ærø Aero
    return "".join(written)


def _is_in_capitals(text: str, place: int) -> bool:
    beside = text[place + 1 : place + 2] or text[max(place - 1, 0) : place]
    return beside.isupper() or not beside.isalpha()


@cache
def _plain(character: str) -> str:
    if character.isascii():
        return character
    known = _SPELT.get(character) or _SIGNS.get(character)
    if known is not None:
        return known
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) == "Cf":  # marks of direction, joiners, soft hyphens: nobody sees them
        return ""
    apart = unicodedata.normalize("NFKD", character)
    if apart != character:
        return "".join(_plain(part) for part in apart if not unicodedata.combining(part))
    named = _LATIN.fullmatch(unicodedata.name(character, ""))
    if named is None:
        return character
    return named[2].lower() if named[1] == "SMALL" else named[2].title()
