"""A ladder in words: "64 to 12" and "nobody notices", a rung each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.messages import brief, listed
from ..values.show import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..checker.diff.ladder import Ladder, Rung
    from ..documents.names import EntityName

_MOST_NAMES = 8
_LONGEST_REASON = 160


def ladder_title(ladder: Ladder) -> str:
    """The bound, and what it is now: "max_length, in characters: 64 now"."""
    unit = f", in {ladder.unit}" if ladder.unit else ""
    return f"{ladder.constraint}{unit}: {'no bound' if ladder.now is None else show(ladder.now)} now"


def rungs_words(ladder: Ladder) -> Iterator[tuple[str, str]]:
    """Per rung the bounds, and what they do."""
    hit: set[EntityName] = set()
    for number, rung in enumerate(ladder.rungs):
        yield _bounds(ladder, rung, is_last=number == len(ladder.rungs) - 1), _effect(ladder, rung, hit)
        hit |= {each.entry for each in rung.hit}


def _bounds(ladder: Ladder, rung: Rung, *, is_last: bool) -> str:
    first, last = (
        f"{each:,}" if ladder.unit and isinstance(each, int) else show(each) for each in (rung.first, rung.last)
    )
    if is_last and rung.first != rung.last:
        return f"{first} and tighter"
    return first if first == last else f"{first} to {last}"


def _effect(ladder: Ladder, rung: Rung, known: set[EntityName]) -> str:
    new = [str(each.entry) for each in rung.hit if each.entry not in known]
    parts: list[str] = []
    if new:
        parts.append(f"{listed(new, most=_MOST_NAMES)}{' too' if known else ''}")
    elif rung.hit:
        parts.append("the same entries")
    for each in rung.unknown:
        reason = f": {brief(each.reason, _LONGEST_REASON)}" if each.reason else ""
        parts.append(f"not known of {each.entry}{reason}")
    if not parts:
        return "nobody notices (proved)"
    if new and ladder.alters:
        parts[0] += " (altered)"
    return "; ".join(parts)
