"""A value in readable form, safe wherever it is written.

Texts are in double quotes. Characters that control a terminal, change the direction of writing or are invisible are
written as escapes, so no input can affect the reader's terminal; long texts are cut, with their length.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from .notation import is_short

if TYPE_CHECKING:
    from .valueset import Value

LONGEST = 72
"""Characters of a text shown before it is cut."""
LONGEST_NUMBER = 120
"""Characters of a number shown before it is cut. A contract's own have 100 at most."""

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def show(value: Value) -> str:
    """The value for a message: `"abc"`, `12.50`, `2024-05-01`, `null`."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quote(value)
        case Decimal():
            return _number(value)
        case date() | time() | datetime():
            return value.isoformat()
        case _:
            return str(value)


def _number(number: Decimal) -> str:
    """A number in plain notation, cut with its length where it is long; with its exponent where that is very long."""
    text = format(number, "f") if is_short(number) else str(number)
    return text if len(text) <= LONGEST_NUMBER else f"{text[: LONGEST - 12]}…{text[-6:]} ({len(text):,} characters)"


def quote(text: str, longest: int = LONGEST) -> str:
    """A text in double quotes, escaped, cut with its length where it is long."""
    if len(text) <= longest:
        return f'"{escape(text, quotes=True)}"'
    return f'"{escape(text[: longest - 12], quotes=True)}…{escape(text[-6:], quotes=True)}" ({len(text):,} characters)'


def escape(text: str, *, quotes: bool = False) -> str:
    """A text with every invisible character written as an escape; `quotes`: for use in double quotes."""
    if text.isprintable() and not (quotes and ('"' in text or "\\" in text)):
        return text  # as nearly all are
    return "".join(_escaped(character, quotes=quotes) for character in text)


def _escaped(character: str, *, quotes: bool) -> str:
    if character in _NAMED and (quotes or character not in '"\\'):
        return _NAMED[character]
    hidden = unicodedata.category(character) in _HIDDEN or (character.isspace() and character != " ")
    if not hidden:
        return character
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{{{point:x}}}"
