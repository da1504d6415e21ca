"""The first sheet of a workbook of Excel as text: CSV, a line for each row, the lines before the first one empty.

Source: ECMA-376, part 1, 18.3 (worksheets), 18.4.8 (shared strings). What is read is what is written in the cells: the
text of a text, the digits of a number, true or false, and of a formula its last outcome. A line end within a cell is
written as U+2028, so that a row is a line.
"""

from __future__ import annotations

import io
import posixpath
from typing import TYPE_CHECKING

from ..values.error import FieldlineError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Mapping

WORKBOOK_SUFFIX = ".xlsx"
LINE_END = "\u2028"
"""What stands for a line end within a cell."""
_MOST_UNPACKED = 64 * 2**20
"""Bytes of one part of a workbook, unpacked."""
_MOST_COLUMNS = 256
_MOST_ROWS = 100_000
_BEGINNING = b"PK"


class WorkbookError(FieldlineError, ValueError):
    """A file that is no workbook that can be read; the message says why."""


def is_workbook(name: str, data: bytes) -> bool:
    """Whether a file is a workbook, by its name and its first bytes: a text of one may stand in a snapshot."""
    return name.lower().endswith(WORKBOOK_SUFFIX) and data.startswith(_BEGINNING)


def workbook_text(data: bytes) -> str:
    """The rows of the first sheet, as CSV. Raises WorkbookError."""
    import csv
    import zipfile
    import zlib
    from xml.parsers import expat

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            texts = _shared(parts)
            rows = _Sheet(texts)
            rows.read(_part(parts, _first_sheet(parts)))
    except WorkbookError:
        raise
    except (zipfile.BadZipFile, expat.ExpatError, zlib.error, KeyError, RuntimeError, ValueError) as error:
        raise WorkbookError("it is no workbook of Excel, or a damaged one") from error
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for number in range(1, max(rows.cells, default=0) + 1):
        cells = rows.cells.get(number, {})
        writer.writerow([cells.get(column, "") for column in range(max(cells, default=-1) + 1)])
    return written.getvalue()


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    if parts.getinfo(name).file_size > _MOST_UNPACKED:
        raise WorkbookError(f"a part of it has more than {_MOST_UNPACKED // 2**20} MiB when it is unpacked")
    return parts.read(name)


def _first_sheet(parts: zipfile.ZipFile) -> str:
    """The name of the part with the first sheet."""
    named: dict[str, str] = {}
    sheets: list[str] = []

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            named[attributes["Id"]] = attributes["Target"]

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            sheets.extend(value for key, value in attributes.items() if key.rpartition(":")[2] == "id")

    _parse(_part(parts, "xl/_rels/workbook.xml.rels"), relation)
    _parse(_part(parts, "xl/workbook.xml"), sheet)
    if not sheets:
        raise WorkbookError("it has no sheet")
    return posixpath.normpath(posixpath.join("/xl", named[sheets[0]])).removeprefix("/")


def _parse(
    data: bytes,
    begin: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read a part: the handlers get the names of elements without their prefix. A definition of a type is rejected."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    parser.buffer_text = True

    def reject(*_: object) -> None:
        raise WorkbookError("it defines types of documents of its own")

    parser.StartDoctypeDeclHandler = reject
    parser.StartElementHandler = lambda name, attributes: begin(name.rpartition(":")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)  # noqa: FBT003 - the last part of the data


def _shared(parts: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by their number."""
    if "xl/sharedStrings.xml" not in parts.namelist():
        return []
    reader = _Strings()
    _parse(_part(parts, "xl/sharedStrings.xml"), reader.begin, reader.end, reader.text)
    return reader.found


class _Strings:
    """Reads shared texts; how they are pronounced (`rPh`) is left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._is_text = False
        self._is_aside = False

    def begin(self, name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            self.found.append("")
        self._is_aside = self._is_aside or name == "rPh"
        self._is_text = name == "t" and not self._is_aside

    def end(self, name: str) -> None:
        self._is_text = False
        self._is_aside = self._is_aside and name != "rPh"

    def text(self, text: str) -> None:
        if self._is_text:
            self.found[-1] += text


class _Sheet:
    """Reads the cells of a sheet, by row from 1 and column from 0."""

    def __init__(self, texts: list[str]) -> None:
        self.cells: dict[int, dict[int, str]] = {}
        self._texts = texts
        self._row = 0
        self._column = -1
        self._kind = ""
        self._held: str | None = None

    def read(self, data: bytes) -> None:
        _parse(data, self._begin, self._end, self._text)

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), -1
                if self._row > _MOST_ROWS:
                    raise WorkbookError(f"its sheet has more than {_MOST_ROWS:,} rows")
            case "c":
                self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
                self._kind = attributes.get("t", "n")
            case "v" | "t":
                self._held = ""

    def _text(self, text: str) -> None:
        if self._held is not None:
            self._held += text

    def _end(self, name: str) -> None:
        if name not in {"v", "t"} or self._held is None:
            return
        written, self._held = self._held, None
        match self._kind:
            case "s":
                written = self._texts[int(written)] if int(written) < len(self._texts) else ""
            case "b":
                written = "true" if written == "1" else "false"
        if self._column < _MOST_COLUMNS:
            row = self.cells.setdefault(self._row, {})
            row[self._column] = row.get(self._column, "") + written.replace("\r\n", LINE_END).replace("\n", LINE_END)


def _column(reference: str) -> int:
    """The number of a column, from 0, of the name of a cell: 1 of B7."""
    number = 0
    for letter in reference.rstrip("0123456789").upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
