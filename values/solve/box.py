"""Boxes: bounds on the measures of a text, separate from its language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..transducer import Transducer
    from ..weight import Weight


@dataclass(frozen=True, slots=True)
class Box:
    """The measure of the text after `chain`, in `weight`, must lie in low..high (high None: no upper end)."""

    weight: Weight
    low: int
    high: int | None
    chain: tuple[Transducer, ...] = ()


def merged_boxes(boxes: Sequence[Box]) -> tuple[Box, ...] | None:
    """One box per unit and chain; None when two contradict each other."""
    merged: dict[tuple[Weight, tuple[Transducer, ...]], Box] = {}
    for box in boxes:
        known = merged.get((box.weight, box.chain))
        low, high = max(box.low, 0), box.high
        if known is not None:
            low = max(low, known.low)
            high = known.high if high is None else high if known.high is None else min(high, known.high)
        if high is not None and low > high:
            return None
        merged[box.weight, box.chain] = Box(box.weight, low, high, box.chain)
    kept = [box for box in merged.values() if box.low > 0 or box.high is not None]
    return tuple(sorted(kept, key=lambda box: (box.weight.name, _written(box.chain))) if len(kept) > 1 else kept)


def _written(chain: tuple[Transducer, ...]) -> str:
    """A sort key: equal sets of measures get one order, so that one explorer serves them."""
    return ", ".join([machine.written for machine in chain])


def longest_text(boxes: Sequence[Box]) -> int | None:
    """The greatest number of characters of a text in the boxes; None: any number."""
    limits = [
        box.high // lightest
        for box in boxes
        if box.high is not None and not box.chain and (lightest := min(box.weight.step[1])) > 0
    ]
    return min(limits, default=None)
