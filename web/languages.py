"""The language of an answer, by the header Accept-Language of its request.

Source: RFC 9110, 12.5.4 and 12.4.2 (weights); RFC 4647, 3.4 (lookup: a range is cut at its hyphens until a language fits).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..documents.local_text import LANGUAGE_NAMES

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..documents.local_text import SpokenLanguage

_RANGE = re.compile(
    r"[ \t]*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}|\*)[ \t]*(?:;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?"
)
_LONGEST_HEADER = 1_000
_ALSO: dict[str, SpokenLanguage] = {"no": "nb", "nn": "nb"}
"""Norwegian is written in two ways; who reads one reads the other."""


def preferred_language(header: str, spoken: Collection[SpokenLanguage] = LANGUAGE_NAMES) -> SpokenLanguage:
    """The language that a header prefers among these, or English, which is spoken always.

    A header that is too long, and ranges of no valid form, are ignored.
    """
    weights: dict[str, float] = {}
    for written in header.split(",") if len(header) <= _LONGEST_HEADER else ():
        found = _RANGE.fullmatch(written)
        if found is not None:
            weights.setdefault(found[1].lower(), float(found[2] or 1))
    refused = {fitting for asked, weight in weights.items() if not weight and (fitting := _fitting(asked, spoken))}
    for asked, weight in sorted(weights.items(), key=lambda item: -item[1]):
        if weight and asked == "*":
            return next((language for language in ("en", *spoken) if language not in refused), "en")
        language = _fitting(asked, spoken) if weight else None
        if language is not None:
            return language
    return "en"


def _fitting(asked: str, spoken: Collection[SpokenLanguage]) -> SpokenLanguage | None:
    first = asked.partition("-")[0]
    wanted = _ALSO.get(first, first)
    return next((language for language in spoken if language == wanted), None)
