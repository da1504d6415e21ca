"""Where something was written: the place that travels with every object from YAML to finding."""

from __future__ import annotations

from typing import NamedTuple


class Location(NamedTuple):
    """One place in one file of an estate. Ordered by file, then line, then column."""

    file: str
    """Relative to the estate's root, with `/` between the parts, on every machine."""
    line: int
    """The first line is 1."""
    column: int
    """The first character of a line is 1; counted in code points."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def after(self, characters: int) -> Location:
        """The place so many characters further on the same line."""
        return Location(self.file, self.line, self.column + characters)
