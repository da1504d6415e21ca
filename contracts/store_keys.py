"""The key `store` of an entity: its shape, and from there to an `EntityStore`."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..documents.problem import nearest, shorten
from ..documents.shape import NAME, TEXT, Integer, Key, Keyed, Named
from .store import STORE_SECONDS, EntityStore, FileStore, TableStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord
    from .model import Field
    from .store import StorePlace

STORE_FILES = (".csv", ".parquet", ".ndjson", ".jsonl")
"""The endings of files that a store may be."""

DATABASE = Key(
    "database", TEXT, "The environment variable that holds the database's URL: one under env in fieldline.yaml."
)
TABLE = Key("table", TEXT, "The table or view, with or without its schema: public.person.")
FILE_NAME = Key("file", TEXT, f"A file, relative to the estate's folder: one that ends in {', '.join(STORE_FILES)}.")
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
        "Where the records are: a table or a file, which is read and never written.",
        (DATABASE, TABLE, FILE_NAME, SECONDS, COLUMNS, ZONE),
        exactly_one=((DATABASE.name, FILE_NAME.name),),
        needs={DATABASE.name: (TABLE.name,), TABLE.name: (DATABASE.name,)},
    ),
    "Where the records of this entity are, for questions about one of them: a table or a file.",
)
CHANGED = Key("changed", NAME, "The field, of type datetime or date, that says when a record last changed.")
SAME = Key(
    "same",
    TEXT,
    "What the value is, in words, such as postal address: fields of the same words mean the same, in whatever system.",
)


def read_store(record: ShapedRecord, fields: Mapping[str, Field], problems: Problems) -> EntityStore | None:
    """The store of an entity; None where it has none, or after a problem was added."""
    written = record.get(STORE_KEY)
    if written is None:
        return None
    place = _place(written, problems)
    columns: dict[str, str] = {}
    for key, column in written.get(COLUMNS) or ():
        if key.value not in fields:
            message = f"columns names {shorten(key.value)}, which is no field of this entity"
            problems.add(key.location, message, suggestion=nearest(key.value, tuple(fields)), length=key.length)
        columns[key.value] = column
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


def _place(written: ShapedRecord, problems: Problems) -> StorePlace | None:
    variable, table, file = written.get(DATABASE), written.get(TABLE), written.get(FILE_NAME)
    if variable is not None and table is not None:
        return TableStore(variable, table)
    if file is None:
        return None
    path, where = PurePosixPath(file), written.nodes[FILE_NAME.name][1].location
    if path.is_absolute() or ".." in path.parts or "\\" in file:
        expected = "a file inside the estate, relative to fieldline.yaml"
        problems.add(where, f"{shorten(file)} leads out of the estate", expected=expected, length=len(file))
        return None
    if path.suffix.lower() not in STORE_FILES:
        ending = path.suffix or "no ending"
        message = f"{shorten(path.name)} is of an unsupported file type ({ending})"
        problems.add(where, message, expected=f"a file that ends in {', '.join(STORE_FILES)}", length=len(file))
        return None
    return FileStore(str(path))


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
