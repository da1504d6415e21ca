"""Phrases: words, and data within them, that are safe wherever a text may stand.

A `Phrase` is made of our own words, and of data that went through `shown`: it may stand in HTML (once escaped as any text),
in a terminal and beside writing from right to left.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NewType

from ..values.show import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

Phrase = NewType("Phrase", str)
"""Words, whole or in part a sentence, that are safe wherever a text may stand."""

_LONGEST = 120
"""Characters of a piece of data within a sentence."""
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_ISOLATE, _END = "\u2068", "\u2069"


def shown(text: str) -> Phrase:
    """Data as a part of a sentence: cut, with escapes for what is invisible, apart from the direction of the sentence."""
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return isolated(escape(cut))


def isolated(text: str) -> Phrase:
    """A text without invisible characters; one with letters that are written from right to left, between isolates.

    Source: Unicode Standard Annex 9, 2.4 (FIRST STRONG ISOLATE).
    """
    is_ours = all(unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT for character in text)
    return Phrase(text if is_ours else f"{_ISOLATE}{text}{_END}")


def filled_in(message: str, values: Mapping[str, Phrase]) -> Phrase:
    """A message of a catalogue with the values of its placeholders."""
    return Phrase(message.format_map(values))
