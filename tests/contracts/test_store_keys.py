"""The keys `store`, `changed` and `same` of a contract: what they mean, and what makes no sense in them."""

from __future__ import annotations

import pytest

from fieldline.contracts.read import read_contracts
from fieldline.contracts.store import FileStore, FixedWidthStore, HttpStore, RecordPart, TableStore
from fieldline.documents.problem import Problems
from fieldline.documents.readings import Readings
from fieldline.documents.yaml_events import read
from fieldline.formats.sources import CONTRACT

HEAD = "system: s\nentities:\n  e:\n    key: no\n"
FIXED = "{file: a.dat, encoding: cp037, layout: {no: {start: 1, length: 4}}"
FIELDS = "    fields: {no: {type: text, same: customer number}, at: {type: datetime}}\n"


def _read(words: str) -> tuple[object, list[str]]:
    problems = Problems()
    tree = read(HEAD + words + FIELDS, "s.yaml", problems)
    assert tree is not None
    contracts = read_contracts([tree], CONTRACT, problems, Readings())
    told = [f"{p.location}: {p.message} | {p.expected} | {p.suggestion}" for p in problems.all()]
    return contracts.systems["s"].entities["e"], told


def test_a_store_is_a_table_a_file_or_a_service() -> None:
    entity, told = _read("    store: {database: CRM_URL, table: public.person}\n    changed: at\n")
    assert told == []
    assert entity.store.place == TableStore("CRM_URL", "public.person")  # type: ignore[attr-defined]
    assert (entity.store.seconds, entity.changed) == (2, "at")  # type: ignore[attr-defined]
    assert entity.fields["no"].same == "customer number"  # type: ignore[attr-defined]
    entity, told = _read("    store: {file: data/e.CSV, seconds: 5, columns: {no: NO}, zone: Europe/Helsinki}\n")
    assert told == []
    assert entity.store.place == FileStore("data/e.CSV")  # type: ignore[attr-defined]
    assert (entity.store.column("no"), entity.store.column("at")) == ("NO", "at")  # type: ignore[attr-defined]
    assert entity.store.holding("") is None  # type: ignore[attr-defined]
    entity, told = _read(f"    store: {FIXED}, record_length: 80}}\n")
    assert told == []
    assert entity.store.place == FixedWidthStore("a.dat", "cp037", {"no": RecordPart(1, 4)}, 80)  # type: ignore[attr-defined]
    entity, told = _read("    store: {http: API, path: '/p/{no}?at={at}', record: $.data.person, token: T}\n")
    assert told == []
    place = HttpStore("API", ("/p/{no}?at={at}",), ("data", "person"), "T")
    assert entity.store.place == place  # type: ignore[attr-defined]
    assert not entity.store.can_be_asked(["no"])  # type: ignore[attr-defined]
    assert entity.store.can_be_asked(["at", "no"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("store: {database: CRM_URL}", 's.yaml:5:13: the key "database" needs "table" beside it'),
        ("store: {seconds: 2}", "s.yaml:5:12: one of the keys database, file, http is missing"),
        ("store: {file: a.csv, database: X, table: t}", 'the key "file" cannot stand beside "database"'),
        ("store: {file: ../a.csv}", 's.yaml:5:19: "../a.csv" leads out of the estate'),
        ("store: {file: /etc/passwd}", 's.yaml:5:19: "/etc/passwd" leads out of the estate'),
        ("store: {file: a.txt}", 's.yaml:5:19: "a.txt" is of an unsupported file type (.txt)'),
        (
            "store: {file: a.csv, columns: {att: X}}",
            'columns names "att", which is no field of this entity | None | at',
        ),
        ("store: {file: a.csv, zone: Helsinki}", '"Helsinki" is no zone | a name of the IANA database'),
        ("store: {file: a.csv, seconds: 0}", "s.yaml:5:35: 0 is out of range"),
        ("store: {file: a.csv, secnds: 1}", 'unknown key "secnds"'),
        ("store: {file: a.dat, layout: {no: {start: 1, length: 4}}}", 'the key "layout" needs "encoding" beside it'),
        ("store: {file: a.csv, encoding: cp037}", 'the key "encoding" needs "layout" or "copybook" beside it'),
        (f"store: {FIXED}, record_length: 3}}", '"no" ends at byte 4 of a record of 3'),
        (
            f"store: {FIXED.replace('no:', 'att:')}}}",
            'layout names "att", which is no field of this entity | None | at',
        ),
        (f"store: {FIXED.replace('4}', '4, kind: packed}')}}}", "packed digits may be the byte that ends a line"),
        (f"store: {FIXED.replace('4}', '4, decimals: 2}')}}}", "a text has no decimals"),
        ("store: {http: API}", 'the key "http" needs "path" beside it'),
        ("store: {file: a.csv, token: T}", 'the key "token" needs "http" beside it'),
        ("store: {http: API, path: /all}", '"/all" is not a path that asks for a record'),
        ("store: {http: API, path: '//evil.example/{no} x'}", "is not a path that asks for a record"),
        ("store: {http: API, path: '/p/{att}'}", 'path names "att", which is no field of this entity | None | at'),
        ("store: {http: API, path: '/p/{no}', record: '$..x'}", '"$..x" is not the place of a record'),
        ("changed: att", 's.yaml:5:14: changed names "att", which is no field of this entity | None | at'),
        ("changed: no", 's.yaml:5:14: changed names "no", which is of type text | a field of type datetime or date'),
    ],
)
def test_what_makes_no_sense_in_a_store_is_told_at_its_place(words: str, said: str) -> None:
    _, told = _read(f"    {words}\n")
    assert len(told) == 1, told
    assert said in told[0], told[0]
