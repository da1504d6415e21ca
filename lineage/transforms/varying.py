"""Steps that engines do differently: the characters they differ on, and the difference in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values.charset import Charset
from ...values.show import show
from ..engines import in_words
from ..transform import NoValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...values.transducer import CharMap
    from ...values.valueset import Value


def differing(maps: Sequence[CharMap]) -> Charset:
    """The characters of which some of the maps make something else."""
    first, points = maps[0], {point for each in maps for point in each.table}
    return Charset.ranges((p, p) for p in points if len({each(chr(p)) for each in (first, *maps[1:])}) > 1)


_GAP = 64
"""Code points between two blocks of letters that are kept apart."""


def coarse(charset: Charset) -> Charset:
    """A superset in few ranges: the blocks that the characters stand in."""
    blocks: list[tuple[int, int]] = []
    for low, high in charset.spans():
        if blocks and low - blocks[-1][1] <= _GAP:
            blocks[-1] = (blocks[-1][0], high - 1)
        else:
            blocks.append((low, high - 1))
    return Charset.ranges(blocks)


_NOTHING = {NoValue.REJECTED: "no value", NoValue.UNKNOWN: "what is not described"}


def outcomes_in_words(step: str, value: Value, outcomes: Iterable[tuple[Sequence[str], Value | NoValue]]) -> str:
    """A difference: `upper makes of "ß" in JavaScript "SS", in PostgreSQL (libc) "ß"`."""
    by_outcome: dict[str, list[str]] = {}
    for engines, outcome in outcomes:
        words = _NOTHING[outcome] if isinstance(outcome, NoValue) else show(outcome)
        by_outcome.setdefault(words, []).extend(engines)
    parts = [f"in {in_words(list(dict.fromkeys(engines)))} {words}" for words, engines in by_outcome.items()]
    return f"{step} makes of {show(value)} {', '.join(parts)}"
