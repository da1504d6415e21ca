"""Repair: the accepted text nearest to a rejected one, as a suggestion to a person.

The repairs that people make by hand are tried: white space normalized, letters written without accents and signs plainly
(`folding`), case changed, characters that no accepted text has removed, the end cut off. Every candidate is a member of the
set. The suggestion is the one that drops the fewest letters and digits, then the one that is cut least, then the one most
like the text: no letter is dropped where a base letter is accepted.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from ...values.budget import STANDARD, BudgetExceeded
from ...values.matcher import matcher
from ...values.textset import alphabet
from .folding import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...values.budget import Budget
    from ...values.charset import Charset
    from ...values.textset import TextSet


def repaired(texts: TextSet, text: str, budget: Budget = STANDARD) -> str | None:
    """The accepted text that keeps most of this one; None: no repair gives an accepted text."""
    if len(text) > budget.repaired_characters:
        return None
    accepts = matcher(texts)
    seen: set[str] = set()
    best: tuple[_Loss, str] | None = None
    for variant in _variants(texts, text, budget):
        candidate = None if variant.text in seen else _longest(accepts, variant.text)
        seen.add(variant.text)
        if candidate is not None:
            cut = variant.text[len(candidate) :]
            lost = variant.dropped + cut
            likeness = SequenceMatcher(None, text, candidate, autojunk=False).ratio()
            loss = (_letters(variant.dropped), _letters(cut), _signs(lost), variant.case_is_changed, -likeness)
            if best is None or loss < best[0]:
                best = loss, candidate
    return None if best is None else best[1]


_Loss: TypeAlias = tuple[int, int, int, bool, float]
"""Letters and digits dropped, and cut; signs lost; whether the case is changed; how unlike the text it is."""


@dataclass(frozen=True, slots=True)
class _Variant:
    text: str
    dropped: str
    """The characters left out of it."""
    case_is_changed: bool


def _variants(texts: TextSet, text: str, budget: Budget) -> Iterator[_Variant]:
    """The text in other spellings; those that drop nothing come first."""
    allowed: Charset | None = None
    with suppress(BudgetExceeded):
        allowed = alphabet(texts, budget)

    def fits(character: str) -> bool:
        return allowed is None or ord(character) in allowed

    blanks = (_same, lambda some: " ".join(some.split()))
    spelling = (
        _same,
        lambda some: unicodedata.normalize("NFC", some),
        lambda some: folded(some, kept=lambda character: allowed is not None and fits(character)),
        folded,
    )
    case = (_same, str.upper, str.lower, str.title)
    whole = []
    for steps in product(blanks, spelling, case):
        variant = text
        for step in steps:
            variant = step(variant)
        whole.append(_Variant(variant, "", steps[-1] is not _same))
    yield from whole
    for each in whole:
        dropped = "".join(character for character in each.text if not fits(character))
        yield _Variant("".join(filter(fits, each.text)), dropped, each.case_is_changed)


def _same(text: str) -> str:
    return text


def _letters(text: str) -> int:
    """The number of letters and digits; a letter with marks of its own is one."""
    return sum(map(str.isalnum, text))


def _signs(text: str) -> int:
    return sum(not (character.isalnum() or character.isspace()) for character in text)


def _longest(accepts: Callable[[str], object], text: str) -> str | None:
    """The longest accepted prefix, without trailing blanks where they are rejected; None: there is none."""
    for size in range(len(text), 0, -1):
        for candidate in (text[:size], text[:size].rstrip()):
            if accepts(candidate):
                return candidate
    return None
