"""Causes: the smallest set of changes whose undoing ends a failure, with an identity of its own.

The identity is of the changes alone, each with its state before and after: one cause may have effects under several
rules, at any number of entries. It does not depend on files, lines, or the order of the changes. A limit that went from
12 to 10 is another cause than one that went from 10 to 8: what was accepted of the first says nothing about the second.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from .change import Change, Statement

_DIGITS = 16
"""Hexadecimal digits kept of a SHA-256: 64 bits, enough to tell the causes of one estate apart, and short to write."""


def cause_id(changes: Collection[Change]) -> str:
    """The identity of a set of changes, in hexadecimal digits; empty where there are none."""
    if not changes:
        return ""
    content = sorted([change.what, str(change.name), change.constraint, *_sides(change)] for change in changes)
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:_DIGITS]


def _sides(change: Change) -> list[str]:
    return [_words(change.before), _words(change.after)]


def _words(side: Statement | None) -> str:
    return "" if side is None else f"{side.sentence}\n{side.left_out}".strip() or "stated"
