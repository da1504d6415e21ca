"""Code frames: the line a thing was written on, with the thing underlined."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len

from ...documents.problem import without_credentials
from ...values.show import escape
from .page import FAINT, STRONG, first_cells, last_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...documents.location import Location
    from .page import Page, StyledText

_WORD = re.compile(r"[\w.-]+")
_GUTTER = 9
"""Columns left of the source: the line's number."""


class Sources:
    """The files of an estate, line by line."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, list[str]] = {}

    def line(self, place: Location) -> str | None:
        """The line of a place, without credentials; None where the file was not read, or is shorter."""
        if place.file not in self._texts:
            return None
        if place.file not in self._lines:
            self._lines[place.file] = self._texts[place.file].split("\n")
        lines = self._lines[place.file]
        return without_credentials(lines[place.line - 1]) if place.line <= len(lines) else None


def put_frame(
    page: Page, sources: Sources, place: Location, *remark: StyledText, length: int | None = None, indent: int = 0
) -> None:
    """Put the frame of a place: where it is, with a remark; the line; the underline.

    Underlined are `length` characters, or else the word that begins at the place.
    """
    page.line((str(place), FAINT), *(("  ", *remark) if remark else ()), indent=indent, hang=4)
    line = sources.line(place)
    if line is None:
        return
    start = place.column - 1
    if length is None:
        word = _WORD.match(line, start)
        length = word.end() - start if word else 1
    before, marked, after = escape(line[:start]), escape(line[start : start + length]), escape(line[start + length :])
    width = page.width - indent - _GUTTER
    marked = first_cells(marked or " ", width // 2)
    room = width - cell_len(marked)
    after = first_cells(after, max(room - cell_len(before), room // 3))
    before = last_cells(before, room - cell_len(after))
    number = f"{place.line:>6} | "
    page.source((number, FAINT), before, (marked, STRONG), after, indent=indent)
    page.source((f"{'':>6} | ", FAINT), " " * cell_len(before), ("^" * max(1, cell_len(marked)), STRONG), indent=indent)
