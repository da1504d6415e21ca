"""The key `store` of an entity: its shape, and from there to an `EntityStore`."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..documents.problem import nearest, shorten
from ..documents.shape import ENCODING, FIELD_NAME, NAME, TEXT, Choice, Integer, Key, Keyed, ListOf, Named
from .store import (
    ASKED_BY,
    STORE_SECONDS,
    EntityStore,
    FileStore,
    FixedWidthStore,
    HttpStore,
    PartKind,
    RecordPart,
    TableStore,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import ScalarNode
    from .model import Field
    from .store import StorePlace

STORE_FILES = (".csv", ".parquet", ".ndjson", ".jsonl")
"""The endings of files that a store may be."""
MOST_RECORD_BYTES = 32_760
"""The longest record of fixed width: that of a data set on a mainframe (IBM, z/OS DFSMS Using Data Sets, LRECL)."""

DATABASE = Key(
    "database", TEXT, "The environment variable that holds the database's URL: one under env in fieldline.yaml."
)
TABLE = Key("table", TEXT, "The table or view, with or without its schema: public.person.")
FILE_NAME = Key(
    "file",
    TEXT,
    f"A file, relative to the estate's folder: one that ends in {', '.join(STORE_FILES)}, or of fixed width (layout).",
)
START = Key("start", Integer(1, MOST_RECORD_BYTES), "Its first byte in the record, counted from 1.", required=True)
LENGTH = Key("length", Integer(1, MOST_RECORD_BYTES), "How many bytes it has.", required=True)
PART_KIND = Key(
    "kind",
    Choice(*get_args(PartKind)),
    "Text when left out; zoned: a digit a byte (PIC S9 DISPLAY); packed: two digits a byte (COMP-3); binary: COMP; "
    "separate: digits with a sign of its own (SIGN SEPARATE).",
)
PART_DECIMALS = Key(
    "decimals", Integer(0, 38), "How many digits of a number stand after the point, which is not written (V)."
)
LAYOUT = Key(
    "layout",
    Named(
        Keyed("part", "Where a field stands in a record of fixed width.", (START, LENGTH, PART_KIND, PART_DECIMALS)),
        "field",
    ),
    "The fields of a file of fixed width, each with its place in the record.",
)
COPYBOOK = Key(
    "copybook",
    TEXT,
    "The COBOL copybook that describes the records of a file of fixed width, relative to the estate's folder.",
)
STORE_ENCODING = Key("encoding", ENCODING, "The encoding of its texts, such as cp037 (EBCDIC).")
RECORD_LENGTH = Key(
    "record_length",
    Integer(1, MOST_RECORD_BYTES),
    "The bytes of each record of a file of fixed width; when left out, every record is a line.",
)
HTTP = Key(
    "http",
    TEXT,
    "The environment variable that holds the address of a service: one under env in fieldline.yaml.",
)
PATH = Key(
    "path",
    ListOf(TEXT, least=1, single=True),
    "The path, or paths, that a record is asked for by, after that address, with fields in braces: /persons/{customer_no}.",
)
RECORD = Key(
    "record",
    TEXT,
    "Where the record, or a list of records, stands in the JSON of an answer: $.data.person; $ when left out.",
)
TOKEN = Key("token", TEXT, "The environment variable that holds a token, which is sent as Authorization: Bearer.")
SECONDS = Key(
    "seconds",
    Integer(1, 60),
    f"How many seconds it may take for an answer, {STORE_SECONDS} when left out; one that takes longer is not reachable.",
)
COLUMNS = Key("columns", Named(TEXT, "field"), "The names of fields in the store, where they are not their own.")
ZONE = Key(
    "zone",
    TEXT,
    "The zone of instants that are stored without one, such as Europe/Helsinki or UTC; without it they are not read.",
)
STORE_KEY = Key(
    "store",
    Keyed(
        "store",
        "Where the records are: a table, a file or a service, which is read and never written.",
        (
            *(DATABASE, TABLE),
            *(FILE_NAME, LAYOUT, COPYBOOK, STORE_ENCODING, RECORD_LENGTH),
            *(HTTP, PATH, RECORD, TOKEN),
            *(SECONDS, COLUMNS, ZONE),
        ),
        exactly_one=((DATABASE.name, FILE_NAME.name, HTTP.name),),
        needs={
            DATABASE.name: (TABLE.name,),
            TABLE.name: (DATABASE.name,),
            LAYOUT.name: (FILE_NAME.name, STORE_ENCODING.name),
            COPYBOOK.name: (FILE_NAME.name, STORE_ENCODING.name),
            STORE_ENCODING.name: (FILE_NAME.name,),
            RECORD_LENGTH.name: (FILE_NAME.name,),
            HTTP.name: (PATH.name,),
            PATH.name: (HTTP.name,),
            RECORD.name: (HTTP.name,),
            TOKEN.name: (HTTP.name,),
        },
    ),
    "Where the records of this entity are, for questions about one of them: a table, a file or a service.",
)
CHANGED = Key("changed", NAME, "The field, of type datetime or date, that says when a record last changed.")
SAME = Key(
    "same",
    TEXT,
    "What the value is, in words, such as postal address: fields of the same words mean the same, in whatever system.",
)
SAME_AS = Key(
    "same_as",
    FIELD_NAME,
    "The field that this one declares once more, such as the column of a database that a mapping of objects describes. "
    "Where the two differ, one of them is stale.",
)


def read_store(record: ShapedRecord, fields: Mapping[str, Field], problems: Problems) -> EntityStore | None:
    """The store of an entity; None where it has none, or after a problem was added."""
    written = record.get(STORE_KEY)
    if written is None:
        return None
    place = _place(written, fields, problems)
    columns = {key.value: column for key, column in written.get(COLUMNS) or ()}
    for key, _ in written.get(COLUMNS) or ():
        _check_field(key, COLUMNS.name, fields, problems)
    zone = written.get(ZONE)
    if zone is not None and not _is_zone(zone):
        problems.add(
            written.where(ZONE.name),
            f"{shorten(zone)} is no zone",
            expected="a name of the IANA database, such as Europe/Helsinki or UTC",
            length=len(ZONE.name),
        )
    seconds = written.get(SECONDS) or STORE_SECONDS
    return None if place is None else EntityStore(place, seconds, written.location, columns, zone)


def _check_field(key: ScalarNode, where: str, fields: Mapping[str, Field], problems: Problems) -> None:
    if key.value not in fields:
        message = f"{where} names {shorten(key.value)}, which is no field of this entity"
        problems.add(key.location, message, suggestion=nearest(key.value, tuple(fields)), length=key.length)


def _place(written: ShapedRecord, fields: Mapping[str, Field], problems: Problems) -> StorePlace | None:
    variable, table = written.get(DATABASE), written.get(TABLE)
    if variable is not None and table is not None:
        return TableStore(variable, table)
    if written.get(HTTP) is not None:
        return _service(written, fields, problems)
    return _file(written, fields, problems)


def _file(written: ShapedRecord, fields: Mapping[str, Field], problems: Problems) -> StorePlace | None:
    file = written.get(FILE_NAME)
    if file is None:
        return None
    path, where = PurePosixPath(file), written.nodes[FILE_NAME.name][1].location
    if _leads_out(file):
        expected = "a file inside the estate, relative to fieldline.yaml"
        problems.add(where, f"{shorten(file)} leads out of the estate", expected=expected, length=len(file))
        return None
    if written.has(LAYOUT.name) or written.has(COPYBOOK.name):
        return _fixed_width(written, str(path), fields, problems)
    for key in (STORE_ENCODING.name, RECORD_LENGTH.name):
        if written.has(key):
            message = f'the key "{key}" needs "{LAYOUT.name}" or "{COPYBOOK.name}" beside it'
            problems.add(written.where(key), message, length=len(key))
            return None
    if path.suffix.lower() not in STORE_FILES:
        ending = path.suffix or "no ending"
        message = f"{shorten(path.name)} is of an unsupported file type ({ending})"
        expected = f"a file that ends in {', '.join(STORE_FILES)}, or layout: the places of its fields"
        problems.add(where, message, expected=expected, length=len(file))
        return None
    return FileStore(str(path))


def _leads_out(file: str) -> bool:
    path = PurePosixPath(file)
    return path.is_absolute() or ".." in path.parts or "\\" in file


def _fixed_width(
    written: ShapedRecord, file: str, fields: Mapping[str, Field], problems: Problems
) -> FixedWidthStore | None:
    length, encoding, copybook = written.get(RECORD_LENGTH), written.get(STORE_ENCODING), written.get(COPYBOOK)
    if copybook is not None:
        if written.has(LAYOUT.name):
            message = "the copybook says where the fields stand"
            problems.add(written.where(LAYOUT.name), message, expected="layout, or copybook", length=len(LAYOUT.name))
        if _leads_out(copybook):
            where, expected = written.nodes[COPYBOOK.name][1].location, "a file inside the estate"
            problems.add(where, f"{shorten(copybook)} leads out of the estate", expected=expected, length=len(copybook))
            return None
        return None if encoding is None else FixedWidthStore(file, encoding, {}, length, copybook)
    parts: dict[str, RecordPart] = {}
    for key, part in written.get(LAYOUT) or ():
        _check_field(key, LAYOUT.name, fields, problems)
        start, size = part.get(START), part.get(LENGTH)
        kind = cast("PartKind", part.get(PART_KIND) or "text")
        if start is None or size is None:
            continue
        if length is not None and start + size - 1 > length:
            message = f"{shorten(key.value)} ends at byte {start + size - 1} of a record of {length}"
            problems.add(part.where(LENGTH.name), message, expected="a place inside the record")
        if kind == "text" and part.has(PART_DECIMALS.name):
            problems.add(
                part.where(PART_DECIMALS.name), "a text has no decimals", expected="kind: zoned, or kind: packed"
            )
        if kind in {"packed", "binary"} and length is None:
            message = f"{kind} digits may be the byte that ends a line"
            problems.add(part.where(PART_KIND.name), message, expected="record_length: the bytes of each record")
        parts[key.value] = RecordPart(start, size, kind, part.get(PART_DECIMALS) or 0)
    return None if encoding is None else FixedWidthStore(file, encoding, parts, length)


def _service(written: ShapedRecord, fields: Mapping[str, Field], problems: Problems) -> HttpStore | None:
    variable, paths, record = written.get(HTTP), written.get(PATH), written.get(RECORD) or "$"
    if variable is None or paths is None:
        return None
    for path in paths:
        names = ASKED_BY.findall(path)
        expected = "a path with fields of this entity in braces, such as /persons/{customer_no}"
        if not _PATH.fullmatch(path) or not names:
            message = f"{shorten(path)} is not a path that asks for a record"
            problems.add(written.where(PATH.name), message, expected=expected, length=len(PATH.name))
        for name in names:
            if name not in fields:
                message = f"path names {shorten(name)}, which is no field of this entity"
                guess = nearest(name, tuple(fields))
                problems.add(written.where(PATH.name), message, suggestion=guess, length=len(PATH.name))
    if not _MEMBERS.fullmatch(record):
        message, expected = f"{shorten(record)} is not the place of a record", "$, or members such as $.data.person"
        problems.add(written.where(RECORD.name), message, expected=expected, length=len(RECORD.name))
    return HttpStore(variable, paths, tuple(record.split(".")[1:]), written.get(TOKEN))


_PATH = re.compile(r"/(?:[A-Za-z0-9_.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}|\{[^{}]+\})*")
"""A path with a query, and with fields in braces. Source: RFC 3986, 3.3 and 3.4."""
_MEMBERS = re.compile(r"\$(?:\.[^.\[\]'\"*$\s]+)*")
"""A path of members alone. Source: RFC 9535, the shorthand of 2.5.1."""


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_changed(record: ShapedRecord, fields: Mapping[str, Field], problems: Problems) -> str | None:
    """The field that says when a record last changed, by its own name; None: none does, or after a problem was added."""
    name = record.get(CHANGED)
    if name is None:
        return None
    where = record.nodes[CHANGED.name][1].location
    field = fields.get(name)
    if field is None:
        message = f"changed names {shorten(name)}, which is no field of this entity"
        problems.add(where, message, suggestion=nearest(name, tuple(fields)), length=len(name))
        return None
    if field.type not in {"datetime", "date"}:
        message = f"changed names {shorten(name)}, which is of type {field.type}"
        problems.add(where, message, expected="a field of type datetime or date", length=len(name))
        return None
    return name
