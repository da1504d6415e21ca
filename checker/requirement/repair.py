"""Repair: the accepted text nearest to a rejected one, for a person to take or leave.

What people do by hand is tried: blanks put right, letters without their accents, the other case, characters left out
that no accepted text has, the end cut off. Every suggestion is a member of the set; the one that keeps most of the text
is given.
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
"""Letters and signs that are no letter with a mark, and what people write instead."""


def repaired(texts: TextSet, text: str, budget: Budget = STANDARD) -> str | None:
    """The accepted text that keeps most of this one; None: none was found by what people do."""
    if len(text) > budget.repaired_characters:
        return None
    accepts = matcher(texts)
    found = dict.fromkeys(c for variant in _variants(texts, text, budget) if (c := _longest(accepts, variant)))
    return max(found, key=lambda candidate: _kept(text, candidate), default=None)


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
    """Without accents, as far as Unicode knows what is one (NFKD, UAX #15)."""
    apart = unicodedata.normalize("NFKD", text.translate(_SPELT))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _longest(accepts: Callable[[str], object], text: str) -> str | None:
    """The longest beginning that is accepted, without the blanks at its end where that must be; None: not one."""
    for size in range(len(text), 0, -1):
        for candidate in (text[:size], text[:size].rstrip()):
            if accepts(candidate):
                return candidate
    return None


def _kept(text: str, candidate: str) -> float:
    return SequenceMatcher(None, text, candidate, autojunk=False).ratio()
