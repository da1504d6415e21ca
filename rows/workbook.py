"""How large the first sheet of a workbook becomes, before a reader makes all of it at once (ECMA-376, part 1, 18).

A small file may hold a very large sheet: its parts are compressed, one text may stand in every cell, and a reader makes
room for every cell up to the last one that is named. The parts are read once, in pieces, and nothing is kept of them.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from posixpath import join, normpath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ..checker.diff.stored_rows import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MOST_UNPACKED = 2**30
"""Bytes of the parts that are read, unpacked."""
MOST_CELLS = 30_000_000
"""Cells of a sheet, from its first to the last row and column that it names."""
MOST_TEXT = 2**30
"""Bytes of all the texts in its cells."""
_MOST_INDEX = 2**20
"""Bytes of the parts that name the sheets."""
_PIECE = 2**20
_CELL = re.compile(rb"<(?:\w+:)?(?:(row)|c)(?=[\s/>])([^<>]*)>(?:\s*<(?:\w+:)?v\b[^<>]*>\s*([0-9]{1,9})\s*<)?")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})([0-9]{0,9})["']""")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
_MARKUP = re.compile(rb"<[^<>]*>")


def check_workbook(file: Path) -> None:
    """Raise Unreadable where the first sheet is larger than is read, or the file is no workbook."""
    try:
        with zipfile.ZipFile(file) as parts:
            names = _names(parts)
            sheet = names[_first_sheet(parts, names).lower()]
            shared = names.get("xl/sharedstrings.xml")
            kept = [sheet] if shared is None else [sheet, shared]
            if sum(parts.getinfo(name).file_size for name in kept) > MOST_UNPACKED:
                raise _too_large(file, f"{MOST_UNPACKED:,} bytes when it is unpacked")
            lengths = array("Q") if shared is None else _text_lengths(parts, shared)
            cells, text = _sheet_size(parts, sheet, lengths)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ET.ParseError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise Unreadable(f"{file.name} cannot be read ({type(error).__name__})", "a workbook of Excel") from None
    if cells > MOST_CELLS:
        raise _too_large(file, f"{MOST_CELLS:,} cells in its first sheet")
    if text > MOST_TEXT:
        raise _too_large(file, f"{MOST_TEXT:,} bytes of text in its first sheet")


_DAMAGED = (zipfile.BadZipFile, zlib.error, ET.ParseError, KeyError, StopIteration, RuntimeError, EOFError)


def _too_large(file: Path, limit: str) -> Unreadable:
    return Unreadable(
        f"{file.name} has more than {limit}", "a smaller sheet; or CSV or Parquet, which are read in parts"
    )


def _names(parts: zipfile.ZipFile) -> Mapping[str, str]:
    """The names of the parts, by their small letters, as readers look them up; each stands there once."""
    names = {name.lower(): name for name in parts.namelist()}
    if len(names) < len(parts.namelist()):
        raise zipfile.BadZipFile
    return names


def _first_sheet(parts: zipfile.ZipFile, names: Mapping[str, str]) -> str:
    """The name of the part that holds the first sheet."""
    relation = next(
        value
        for element in _index(parts, names["xl/workbook.xml"]).iter()
        if element.tag.rpartition("}")[2] == "sheet"
        for name, value in element.attrib.items()
        if name.rpartition("}")[2] == "id"
    )
    target = next(
        each.attrib["Target"]
        for each in _index(parts, names["xl/_rels/workbook.xml.rels"])
        if each.attrib["Id"] == relation
    )
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _index(parts: zipfile.ZipFile, name: str) -> ET.Element:
    with parts.open(name) as part:
        content = part.read(_MOST_INDEX + 1)
    if len(content) > _MOST_INDEX or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise zipfile.BadZipFile(name)
    return ET.fromstring(content)  # noqa: S314 - it declares no entity


def _pieces(parts: zipfile.ZipFile, name: str, start: bytes) -> Iterator[bytes]:
    """The content of a part in pieces, each of which ends before an element that begins with `start`."""
    rest = b""
    with parts.open(name) as part:
        while piece := part.read(_PIECE):
            piece = rest + piece
            end = piece.rfind(start)
            if end <= 0:
                if len(piece) > 64 * _PIECE:
                    raise zipfile.BadZipFile(name)
                rest = piece
                continue
            yield piece[:end]
            rest = piece[end:]
    yield rest


def _text_lengths(parts: zipfile.ZipFile, name: str) -> array[int]:
    """The bytes of every shared text, in their order."""
    lengths = array("Q")
    for piece in _pieces(parts, name, b"<si"):
        texts = piece.split(b"</si>")
        lengths.extend(len(_MARKUP.sub(b"", text)) for text in texts[: len(texts) - 1])
    return lengths


def _sheet_size(parts: zipfile.ZipFile, name: str, lengths: array[int]) -> tuple[int, int]:
    """The cells of a sheet, and the bytes of the shared texts in them."""
    rows = columns = row = column = text = 0
    for piece in _pieces(parts, name, b"<row"):
        for match in _CELL.finditer(piece):
            place = _PLACE.search(match[2])
            if match[1]:
                row = int(place[2]) if place and place[2] else row + 1
                column = 0
            else:
                column = _column(place[1]) if place and place[1] else column + 1
                columns = max(columns, column)
                if match[3] and _SHARED.search(match[2]) and int(match[3]) < len(lengths):
                    text += lengths[int(match[3])]
            rows = max(rows, row)
        if rows * columns > MOST_CELLS or text > MOST_TEXT:
            break
    return rows * columns, text


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
