"""Putting ECMAScript patterns together: the one language in which patterns of all engines are written down here.

Every pattern is one that the whole text must match, under the flag `u`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ANYTHING = "[^]*"
WITHOUT_NUL = r"[^\0]*"


def quoted_text(text: str) -> str:
    """A pattern that only this text matches."""
    return re.sub(r"[\^$\\.*+?()\[\]{}|/]", r"\\\g<0>", text)


def both(first: str, second: str) -> str:
    """Texts that match the one and the other."""
    return f"(?=(?:{first})$)(?:{second})"


def alternatives(patterns: Iterable[str]) -> str:
    """Texts that match one of these."""
    branches = list(patterns)
    return branches[0] if len(branches) == 1 else "|".join(f"(?:{pattern})" for pattern in branches)


def neither(pattern: str) -> str:
    """Texts that do not match."""
    return f"(?!(?:{pattern})$){ANYTHING}"


def contains(pattern: str) -> str:
    """Texts in which some part matches."""
    return f"{ANYTHING}(?:{pattern}){ANYTHING}"


def repeated_unit(low: int, high: int | None, unit: str = "[^]") -> str:
    """So many characters."""
    return f"{unit}{{{low},{'' if high is None else high}}}"
