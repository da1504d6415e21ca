r"""Ways: lines between cards that pass behind none, so that each can be followed from its beginning to its end.

A line leaves a card on its right side and arrives at another on its left. The columns in between it passes between their
cards; a line that leads back turns round beside its card, passes the columns leftwards, and turns round again. Lines that
share a passage keep a little apart.

    [a] -\             /-> [c]        forward
          \_ [ b ] __/
    [a] ->----------------> [c] -\
     ^\__________________________/     back

`drawing.js` does the same for the pages, where cards have different heights.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARGIN = 12
"""The distance of a line from the outermost card of a column that it passes."""
_TURN = 30
"""How far the controls of a turn lie beside a card; the line itself goes three quarters as far."""
_LANES = (0, 3, -3, 6, -6)
"""How far lines that share a passage are apart: less than half of the narrowest gap between cards."""
HEAD_LENGTH, HEAD_WIDTH = 7, 7


@dataclass(frozen=True, slots=True)
class CardBox:
    """A card."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CardWay:
    """A line from one card to another."""

    path: str
    """As the data of an SVG path."""
    head: str
    """The arrowhead at its end, likewise."""
    back: bool
    """Whether it leads back, against the direction of the drawing."""


@dataclass(frozen=True, slots=True)
class _Column:
    x: int
    width: int
    passages: tuple[float, ...]
    """The heights at which it can be passed."""


class Ways:
    """The ways between some cards; each way that is asked for takes its own lane."""

    def __init__(self, boxes: Iterable[CardBox]) -> None:
        columns: dict[int, list[CardBox]] = {}
        for box in boxes:
            columns.setdefault(box.x, []).append(box)
        self._columns = [
            _Column(x, max(box.width for box in column), _passages(sorted(column, key=lambda box: box.y)))
            for x, column in sorted(columns.items())
        ]
        self._used: dict[tuple[int, float], int] = {}

    def way(self, source: CardBox, target: CardBox) -> CardWay:
        """The way from one card to another, or back to the same."""
        x, y = source.x + source.width, source.y + source.height / 2
        end_x, end_y = target.x, target.y + target.height / 2
        back = end_x < x
        path = f"M{_n(x)} {_n(y)}"
        between = [column for column in self._columns if (end_x <= column.x < x if back else x < column.x < end_x)]
        for column in reversed(between) if back else between:
            height = self._passage(column, y + (end_y - y) / 2 if back else _straight(x, y, end_x, end_y, column.x))
            near, far = (column.x + column.width, column.x) if back else (column.x, column.x + column.width)
            path += _turn(x, y, near, height, 1) if x == near else _curve(x, y, near, height)
            path += f"H{_n(far)}"
            x, y = far, height
        path += _turn(x, y, end_x, end_y, -1) if back else _curve(x, y, end_x, end_y)
        return CardWay(path, f"M{_n(end_x)} {_n(end_y)}l-{HEAD_LENGTH} -{HEAD_WIDTH / 2:g}v{HEAD_WIDTH}z", back)

    def _passage(self, column: _Column, wanted: float) -> float:
        height = min(column.passages, key=lambda passage: abs(passage - wanted))
        number = self._used[column.x, height] = self._used.get((column.x, height), -1) + 1
        return height + _LANES[number % len(_LANES)]


def _passages(column: list[CardBox]) -> tuple[float, ...]:
    """In the middle of each gap between cards, above the first and below the last."""
    between = ((upper.y + upper.height + lower.y) / 2 for upper, lower in pairwise(column))
    return (column[0].y - _MARGIN, *between, column[-1].y + column[-1].height + _MARGIN)


def _straight(x1: float, y1: float, x2: float, y2: float, x: float) -> float:
    """The height of the straight line at some place."""
    return y1 + (y2 - y1) * (x - x1) / (x2 - x1)


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """A curve between two cards or passages, which it leaves and reaches level; it stays between the two sides."""
    middle = (x1 + x2) / 2
    return f"C{_n(middle)} {_n(y1)} {_n(middle)} {_n(y2)} {_n(x2)} {_n(y2)}"


def _turn(x1: float, y1: float, x2: float, y2: float, side: int) -> str:
    """A turn beside a card, to its right (1) or to its left (-1)."""
    beside = max(x1, x2) + _TURN if side > 0 else min(x1, x2) - _TURN
    return f"C{_n(beside)} {_n(y1)} {_n(beside)} {_n(y2)} {_n(x2)} {_n(y2)}"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
