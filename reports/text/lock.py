"""The systems that were locked, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import count
from .page import FAINT, STRONG, Page

if TYPE_CHECKING:
    from ...application.lock import LockAnswer
    from .page import Look


def locked_text(answer: LockAnswer, look: Look) -> str:
    """A line for each system."""
    page = Page(look)
    page.line(locked_headline(answer))
    for name, (locked, outcome) in answer.systems.items():
        pin = locked.digest if locked.commit is None else locked.commit
        words = f"  {outcome}: {locked.source.words}, {pin[:19]}"
        page.line((name, STRONG), (words, FAINT), indent=2, hang=4)
    return page.render()


def locked_headline(answer: LockAnswer) -> str:
    """How many there are, in a sentence."""
    if not answer.systems:
        return "fieldline.yaml names no system that is kept elsewhere: nothing to lock."
    moved = sum(outcome in {"locked", "upgraded"} for _, outcome in answer.systems.values())
    return f"{count(len(answer.systems), 'system')} locked, {moved or 'none'} of them anew."
