"""Repair: the accepted text nearest to a rejected one, as a suggestion to a person.

The repairs that people make by hand are tried: white space normalized, accents removed, case changed, characters that
no accepted text has removed, the end cut off. Every candidate is a member of the set; the suggestion is the candidate
that keeps most of the text.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from difflib import SequenceMatcher
from itertools import product
from typing import TYPE_CHECKING

from ...values.budget import STANDARD, BudgetExceeded
from ...values.matcher import matcher
from ...values.textset import alphabet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...values.budget import Budget
    from ...values.textset import TextSet

_SPELT = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d"}
    | {"Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-"}
    | {"—": "-", "…": "...", "\u00a0": " "}
)
"""Letters and signs without a Unicode decomposition, with their usual replacements."""


def repaired(texts: TextSet, text: str, budget: Budget = STANDARD) -> str | None:
    """The accepted text that keeps most of this one; None: no repair gives an accepted text."""
    if len(text) > budget.repaired_characters:
        return None
    accepts = matcher(texts)
    candidates = dict.fromkeys(c for variant in _variants(texts, text, budget) if (c := _longest(accepts, variant)))
    return max(candidates, key=lambda candidate: _kept(text, candidate), default=None)


def _variants(texts: TextSet, text: str, budget: Budget) -> Iterator[str]:
    allowed = None
    with suppress(BudgetExceeded):
        allowed = alphabet(texts, budget)

    def only_allowed(some: str) -> str:
        return some if allowed is None else "".join(c for c in some if ord(c) in allowed)

    blanks = (_same, lambda some: " ".join(some.split()))
    spelling = (_same, lambda some: unicodedata.normalize("NFC", some), _plainly)
    case = (_same, str.upper, str.lower)
    for steps in product(blanks, spelling, case, (_same, only_allowed)):
        variant = text
        for step in steps:
            variant = step(variant)
        yield variant


def _same(text: str) -> str:
    return text


def _plainly(text: str) -> str:
    """The text without accents, as Unicode decomposes them (NFKD, UAX #15)."""
    apart = unicodedata.normalize("NFKD", text.translate(_SPELT))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _longest(accepts: Callable[[str], object], text: str) -> str | None:
    """The longest accepted prefix, without trailing blanks where they are rejected; None: there is none."""
    for size in range(len(text), 0, -1):
        for candidate in (text[:size], text[:size].rstrip()):
            if accepts(candidate):
                return candidate
    return None


def _kept(text: str, candidate: str) -> float:
    return SequenceMatcher(None, text, candidate, autojunk=False).ratio()
