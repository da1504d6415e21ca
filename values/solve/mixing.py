"""One state: only the number of characters of each kind matters, so a shortest text has a closed form."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..error import FieldlineError
from ..plausible import best_character, spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .box import Box
    from .graph import WeightedEdge


class NotByMixing(FieldlineError):
    """Mixes of two kinds of character neither give an answer nor show that there is none."""


def mix(edges: Sequence[WeightedEdge], boxes: Sequence[Box], longest: int) -> str | None:
    """A shortest text over one state, as a mix of two kinds of character, in closed form.

    Raises NotByMixing, also where only a text of more than `longest` characters would fit.

    For a given length, the greatest total in one measure under an upper bound on another is reached by mixing at most
    two kinds (a vertex of the linear program). So a length is impossible where no mix of two, not even with fractions,
    fits a lower and an upper bound at once; the first length where whole numbers fit is the shortest.
    """
    if not edges:  # no character fits: only the empty text remains
        return "" if all(box.low <= 0 for box in boxes) else None
    lengths = [i for i, box in enumerate(boxes) if all(edge.weights[i] == 1 for edge in edges)]
    others = [i for i in range(len(boxes)) if i not in lengths]
    lower = [i for i in others if boxes[i].low > 0]
    upper = [i for i in others if boxes[i].high is not None]
    if len(lower) > 1 or set(lower) & set(upper):
        raise NotByMixing
    first = max([boxes[i].low for i in lengths], default=0)
    last = min([high for i in lengths if (high := boxes[i].high) is not None], default=longest)
    for i in lower:
        heaviest = max((edge.weights[i] for edge in edges), default=0)
        if heaviest == 0:
            return None
        first = max(first, -(-boxes[i].low // heaviest))
    for i in upper:
        lightest = min((edge.weights[i] for edge in edges), default=0)
        if lightest > 0:
            last = min(last, (boxes[i].high or 0) // lightest)
    if any(not _can_reach(edges, boxes, low, high) for low in lower for high in upper):
        return None
    for size in range(first, last + 1):
        options = [(a, b, k) for a in edges for b in edges if (k := _share(size, a, b, boxes, others)) is not None]
        if options:
            a, b, k = min(options, key=_plausibility)
            return spell([(b.low, b.high)] * (size - k) + [(a.low, a.high)] * k)
        pairs = [[*low, *high] for low in ([i] for i in lower) for high in ([i] for i in upper)]
        if all(_fits(size, edges, boxes, pair) for pair in pairs or [lower or upper]):
            raise NotByMixing
    if last == longest:
        raise NotByMixing
    return None


def _can_reach(edges: Sequence[WeightedEdge], boxes: Sequence[Box], low: int, high: int) -> bool:
    """Whether some number of characters reaches the lower bound of one measure under the upper bound of another."""
    limit = boxes[high].high or 0
    return any(
        edge.weights[low] > 0
        and (edge.weights[high] == 0 or limit * edge.weights[low] >= boxes[low].low * edge.weights[high])
        for edge in edges
    )


def _plausibility(option: tuple[WeightedEdge, WeightedEdge, int]) -> tuple[int, int]:
    ranks = sorted((best_character(edge.low, edge.high) or (99, 0))[0] for edge in option[:2])
    return ranks[1], ranks[0]


def _share(length: int, a: WeightedEdge, b: WeightedEdge, boxes: Sequence[Box], measures: Sequence[int]) -> int | None:
    """The number of kind a among `length` characters, the rest of kind b, that fits all boxes; None: no number does."""
    low, high = 0, length
    for i in measures:
        rest, gain = length * b.weights[i], a.weights[i] - b.weights[i]
        least, most = boxes[i].low - rest, None if (limit := boxes[i].high) is None else limit - rest
        if gain == 0:
            if least > 0 or (most is not None and most < 0):
                return None
            continue
        if gain < 0:  # k * gain between least and most is k * -gain between -most and -least
            gain, least, most = -gain, 0 if most is None else -most, -least
        low = max(low, -(-least // gain))
        if most is not None:
            high = min(high, most // gain)
    return low if low <= high else None


def _fits(length: int, edges: Sequence[WeightedEdge], boxes: Sequence[Box], measures: Sequence[int]) -> bool:
    """Whether some mix of two kinds fits these boxes when fractions of a character are allowed."""
    for a in edges:
        for b in edges:
            low, high = Fraction(0), Fraction(length)
            for i in measures:
                rest, gain = length * b.weights[i], a.weights[i] - b.weights[i]
                limit = boxes[i].high
                bounds = [(Fraction(boxes[i].low - rest), 1)]
                if limit is not None:
                    bounds.append((Fraction(limit - rest), -1))
                for bound, sign in bounds:
                    if gain == 0:
                        if (bound > 0) if sign > 0 else (bound < 0):
                            low, high = Fraction(1), Fraction(0)
                    elif (gain > 0) == (sign > 0):
                        low = max(low, bound / gain)
                    else:
                        high = min(high, bound / gain)
            if low <= high:
                return True
    return False
