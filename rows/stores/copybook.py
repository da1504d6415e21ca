"""COBOL copybooks: where each field of a record stands.

Source: IBM, Enterprise COBOL for z/OS, Language Reference, "Data division: data description entry", and Programming Guide,
"Formats for numeric data". No kept library reads them: the last release of `copybook` is of 2022, and it knows no binary
numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...checker.diff.stored_rows import Unreadable
from ...contracts.store import RecordPart
from ...contracts.store_keys import MOST_RECORD_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...contracts.store import PartKind

_MOST_PARTS = 10_000
_AREA_A, _AREA_END = 7, 72
"""The columns of a line in reference format: a sequence number, an indicator, the text, an identification."""
_FIXED = re.compile(r"(?:[ \d]{6}|.{6}(?=[*/]))[ */\-dD]?(?:.*)?")
_ENTRY_END = re.compile(r"\.(?=\s|\Z)")
_WORD = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?:[^\s,;]|[,;](?=\S))+")
_PICTURE = re.compile(r"([AXE9SVPZB0/+\-*$.,CRD])(?:\((\d+)\))?", re.IGNORECASE)
_USAGES: Mapping[str, PartKind] = {
    **dict.fromkeys(("DISPLAY",), "zoned"),
    **dict.fromkeys(("COMP-3", "COMPUTATIONAL-3", "PACKED-DECIMAL"), "packed"),
    **dict.fromkeys(
        ("COMP", "COMPUTATIONAL", "COMP-4", "COMPUTATIONAL-4", "COMP-5", "COMPUTATIONAL-5", "BINARY"), "binary"
    ),
}
_OF_OTHER_SIZES = frozenset(
    (
        "COMP-1",
        "COMPUTATIONAL-1",
        "COMP-2",
        "COMPUTATIONAL-2",
        "INDEX",
        "POINTER",
        "FUNCTION-POINTER",
        "DISPLAY-1",
        "NATIONAL",
    )
)
_NO_PLACE = frozenset(("66", "88", "77"))


@dataclass(slots=True)
class _Entry:
    """One data description."""

    level: int
    name: str
    """In capital letters; empty: FILLER."""
    line: int
    picture: str = ""
    usage: str = ""
    redefines: str = ""
    times: int = 1
    separate: bool = False
    inside: list[_Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CopybookRecord:
    """The record that a copybook describes: its first of level 01."""

    parts: Mapping[str, RecordPart]
    """By the names of the fields in capital letters; of one that occurs several times, with `(1)`, `(2)` after it."""
    length: int
    """Bytes."""


def read_copybook(text: str, name: str) -> CopybookRecord:
    """The places of all fields. `name`: of the file, for messages. Raises Unreadable, with the line of what is not read."""
    root = _tree(list(_entries(text, name)), name)
    parts: dict[str, RecordPart] = {}
    end = _place(root, 1, "", "", parts, name)
    length = end - 1
    if not 0 < length <= MOST_RECORD_BYTES:
        raise Unreadable(f"{name} describes a record of {length:,} bytes", f"at most {MOST_RECORD_BYTES:,}")
    return CopybookRecord(parts, length)


def _entries(text: str, name: str) -> Iterator[_Entry]:
    lines = text.replace("\r", "").split("\n")
    is_fixed = all(_FIXED.fullmatch(line) for line in lines if line.strip())
    kept: list[str] = []
    for line in lines:
        if is_fixed:
            shown = "" if line[6:7] in {"*", "/", "d", "D"} else line[_AREA_A:_AREA_END]
        else:
            shown = line.partition("*>")[0]
        kept.append(shown)
    whole = "\n".join(kept)
    start = 0
    for end in _ENTRY_END.finditer(whole):
        words = list(_WORD.finditer(whole, start, end.start()))
        if words:
            entry = _entry([word[0] for word in words], whole.count("\n", 0, words[0].start()) + 1, name)
            if entry is not None:
                yield entry
        start = end.end()


def _entry(words: list[str], line: int, name: str) -> _Entry | None:
    """An entry; None: it has no place of its own."""
    if not words[0].isdecimal():
        if words[0].upper() in {"COPY", "REPLACE"}:
            raise Unreadable(f"{name}, line {line}: {words[0]} brings in another text", "a copybook that stands whole")
        return None  # a header: FILE SECTION
    if words[0] in _NO_PLACE:
        return None
    entry, rest = _Entry(int(words[0]), "", line), [word.upper() for word in words[1:]]
    if rest and rest[0] not in _CLAUSES:
        entry.name = "" if rest[0] == "FILLER" else rest[0]
        rest = rest[1:]
    while rest:
        word = rest.pop(0)
        following = [each for each in rest if each not in {"IS", "ARE"}]
        match word:
            case "PIC" | "PICTURE" if following:
                entry.picture = following[0]
                rest = following[1:]
            case "REDEFINES" if rest:
                entry.redefines = rest.pop(0)
            case "OCCURS" if rest and rest[0].isdecimal():
                entry.times = int(rest.pop(0))
                if "DEPENDING" in rest or (rest and rest[0] == "TO"):
                    raise Unreadable(f"{name}, line {line}: the length of the record varies", "records of one length")
            case "SEPARATE":
                entry.separate = True
            case "SYNC" | "SYNCHRONIZED":
                raise Unreadable(f"{name}, line {line}: SYNCHRONIZED leaves bytes out", "the layout, written out")
            case "VALUE" | "VALUES":
                while rest and rest[0] not in _CLAUSES:
                    rest.pop(0)
            case word if word in _USAGES or word in _OF_OTHER_SIZES:
                entry.usage = word
            case _:
                pass  # USAGE, SIGN, LEADING, TRAILING, JUSTIFIED, BLANK WHEN ZERO: no bytes of their own
    return entry


_CLAUSES = frozenset(
    (
        *(
            "PIC",
            "PICTURE",
            "REDEFINES",
            "OCCURS",
            "USAGE",
            "VALUE",
            "VALUES",
            "SIGN",
            "LEADING",
            "TRAILING",
            "SEPARATE",
        ),
        *("SYNC", "SYNCHRONIZED", "JUST", "JUSTIFIED", "BLANK", *_USAGES, *_OF_OTHER_SIZES),
    )
)


def _tree(entries: list[_Entry], name: str) -> _Entry:
    """The first record, with its entries inside one another."""
    if not entries:
        raise Unreadable(f"{name} describes no field", "a copybook: 05 CUST-NO PIC X(8).")
    first = entries[0]
    root = first if first.level == 1 or not first.picture else _Entry(0, "", first.line)
    open_ones = [root]
    for entry in entries if root is not first else entries[1:]:
        if root is first and entry.level <= first.level:
            break  # another record
        while len(open_ones) > 1 and open_ones[-1].level >= entry.level:
            open_ones.pop()
        open_ones[-1].inside.append(entry)
        open_ones.append(entry)
    return root


def _place(entry: _Entry, start: int, usage: str, suffix: str, parts: dict[str, RecordPart], name: str) -> int:
    """Put an entry, once, at a byte; gives the byte behind it."""
    usage = entry.usage or usage
    if not entry.inside:
        size, part = _elementary(entry, start, usage, name)
        if entry.name and part is not None:
            parts.setdefault(f"{entry.name}{suffix}", part)
        return start + size
    begins: dict[str, int] = {}
    here = furthest = start
    for inner in entry.inside:
        here = begins.get(inner.redefines, here) if inner.redefines else max(here, furthest)
        begins[inner.name] = here
        for number in range(inner.times):
            more = f"{suffix}({number + 1})" if inner.times > 1 else suffix
            here = _place(inner, here, usage, more, parts, name)
            if len(parts) > _MOST_PARTS or here > MOST_RECORD_BYTES + 1:
                raise Unreadable(
                    f"{name}, line {inner.line}: the record is too long", f"at most {MOST_RECORD_BYTES:,} bytes"
                )
        furthest = max(furthest, here)
    return furthest


def _elementary(entry: _Entry, start: int, usage: str, name: str) -> tuple[int, RecordPart | None]:
    """The bytes of an entry, and its part; none where its values are not read."""
    if usage in _OF_OTHER_SIZES or not entry.picture:
        sizes = {"COMP-1": 4, "COMPUTATIONAL-1": 4, "COMP-2": 8, "COMPUTATIONAL-2": 8}
        if usage not in sizes:
            raise Unreadable(f"{name}, line {entry.line}: the size of {entry.name or 'FILLER'} is not known", "PIC")
        return sizes[usage], None
    symbols = _symbols(entry, name)
    named = {symbol for symbol, _ in symbols}
    if not named <= {"S", "9", "V", "P"}:
        size = sum(count for symbol, count in symbols if symbol not in {"S", "V", "P"})
        return size, RecordPart(start, size) if named <= {"X", "A", "9", "B", "0", "/"} else None
    digits = sum(count for symbol, count in symbols if symbol == "9")
    kind: PartKind = _USAGES.get(usage, "zoned")
    match kind:
        case "packed":
            size = digits // 2 + 1
        case "binary":
            size = 2 if digits <= 4 else 4 if digits <= 9 else 8
        case _:
            size = digits + entry.separate
            kind = "separate" if entry.separate else "zoned"
    if "P" in named:  # scaled beyond its digits
        return size, None
    after = [symbol for symbol, _ in symbols].index("V") if "V" in named else len(symbols)
    decimals = sum(count for symbol, count in symbols[after:] if symbol == "9")
    return size, RecordPart(start, size, kind, decimals, is_signed="S" in named)


def _symbols(entry: _Entry, name: str) -> list[tuple[str, int]]:
    """The symbols of a picture, each with the number of times. Raises Unreadable."""
    found = list(_PICTURE.finditer(entry.picture))
    if "".join(each[0] for each in found) != entry.picture:
        message = f"{name}, line {entry.line}: PIC {entry.picture} is not read"
        raise Unreadable(message, "such as X(8), S9(7)V99")
    return [(each[1].upper(), int(each[2] or 1)) for each in found]
