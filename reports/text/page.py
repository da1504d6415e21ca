"""Pages: the text output of a command, laid out for a width, with or without colour.

Rich lays out and colours; it never reads markup, and nothing reaches it unescaped: every text given to a page is escaped
here, so no value, title or file name can move a cursor, change a colour or reverse a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ...values.show import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
StyledText: TypeAlias = "str | tuple[str, str]"
"""A text, or a text and its style."""

BAD = "bold red"
WARNING = "yellow"
NOTE = "cyan"
GOOD = "green"
UNSURE = "bold magenta"
STRONG = "bold"
FAINT = "dim"

_NARROWEST, _WIDEST = 40, 140
_LONGEST = 1_500
"""Characters of one text that are shown: titles and constraints have no maximum length."""
_GAP = 2
_NARROW_COLUMN = 24


@dataclass(frozen=True, slots=True)
class Look:
    """The width and colour of a page."""

    width: int = 100
    """In columns of a terminal."""
    colour: bool = False


# Lines are broken at blanks, but a value in quotes is shown as it is: its blanks are no places to break. During
# layout they are this character (private use), which no escaped text contains.
_BLANK_IN_QUOTES = "\ue000"
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|(?<!\w)'[^']{1,40}'(?!\w)""")
"""A value in double quotes; or a few characters in single quotes that are no apostrophes."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: Text
    indent: int
    hang: int | None
    """Further indentation of the second and all following lines; None: it is never broken."""


@dataclass(frozen=True, slots=True)
class _Rows:
    table: Table
    indent: int


class Page:
    """Collects the lines of a page, from the top down."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._parts: list[_Line | _Rows] = []

    @property
    def width(self) -> int:
        """Columns it may fill."""
        return min(_WIDEST, max(_NARROWEST, self._look.width))

    def line(self, *words: StyledText, indent: int = 0, hang: int = 0) -> None:
        """A line; where it is long, a paragraph, whose further lines are indented by `hang` more."""
        self._parts.append(_Line(_text(*words), indent, hang))

    def sentence(self, words: str, *, indent: int = 0, hang: int = 0) -> None:
        """A paragraph of `sentences`: in its words nothing is hidden but the isolates around writing from right to left."""
        self._parts.append(_Line(Text(words), indent, hang))

    def blank(self) -> None:
        """An empty line."""
        self._parts.append(_Line(Text(), 0, 0))

    def source(self, *words: StyledText, indent: int = 0) -> None:
        """A line of a source file, already cut to fit; never broken."""
        self._parts.append(_Line(_text(*words), indent, None))

    def table(self, rows: Sequence[Sequence[StyledText]], *, indent: int = 0, yields: Sequence[int] = ()) -> None:
        """Rows of cells, in columns as wide as they need to be.

        Where the table is too wide, the columns in `yields` become narrower, in that order; their cells are broken.
        """
        cells = [[_text(cell) for cell in row] for row in rows]
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, _GAP, 0, 0))
        for width in _widths(cells, self.width - indent, yields):
            table.add_column(width=width, overflow="fold")
        for row in cells:
            table.add_row(*row)
        self._parts.append(_Rows(table, indent))

    def render(self) -> str:
        """The page as text, without blanks at the ends of lines, ending in a line break."""
        sink = StringIO()
        console = Console(
            file=sink,
            width=self.width,
            height=100,
            color_system="standard" if self._look.colour else None,
            force_terminal=self._look.colour,
            no_color=not self._look.colour,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )
        for part in self._parts:
            match part:
                case _Line(text, indent, None):
                    console.print(Text(" " * indent) + text, soft_wrap=True)
                case _Line(text, indent, int(hang)):
                    for number, line in enumerate(text.wrap(console, console.width - indent - hang, overflow="fold")):
                        line.rstrip()
                        console.print(Text(" " * (indent + hang * bool(number))) + line, soft_wrap=True)
                case _Rows(table, indent):
                    console.print(Padding(table, (0, 0, 0, indent)))
        lines = sink.getvalue().replace(_BLANK_IN_QUOTES, " ").split("\n")
        return "\n".join(line.rstrip(" ") for line in lines)


def first_cells(text: str, cells: int) -> str:
    """The beginning of a text that is not to be broken, cut with an ellipsis to so many columns (at least one)."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1) + "…"


def last_cells(text: str, cells: int) -> str:
    """The end of a text, cut likewise."""
    if cell_len(text) <= cells:
        return text
    kept = ""
    for character in reversed(text):
        if cell_len(character + kept) > cells - 1:
            break
        kept = character + kept
    return "…" + kept


def _widths(rows: Sequence[Sequence[Text]], available: int, yields: Sequence[int]) -> list[int]:
    widths = [max((cell.cell_len for cell in column), default=0) for column in zip(*rows, strict=True)]
    excess = sum(widths) + _GAP * (len(widths) - 1) - available
    for least in (_NARROW_COLUMN, _NARROW_COLUMN // 2):
        for column in yields:
            given = min(max(excess, 0), max(0, widths[column] - least))
            widths[column] -= given
            excess -= given
    return widths


def _text(*words: StyledText) -> Text:
    text = Text()
    for word in words:
        content, style = (word, "") if isinstance(word, str) else word
        if len(content) > _LONGEST:
            content = f"{content[:_LONGEST]}… ({len(content):,} characters)"
        text.append(_QUOTED.sub(_kept_together, escape(content)), style)
    return text


def _kept_together(quoted: re.Match[str]) -> str:
    return quoted[0].replace(" ", _BLANK_IN_QUOTES)
