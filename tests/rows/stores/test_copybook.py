"""COBOL copybooks: the places of fields, in both formats of source, and what cannot be read."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.checker.record.asking import FoundRecords, NotReachable, StoreQuestion
from fieldline.contracts.store import RecordPart
from fieldline.documents.names import EntityName
from fieldline.estate.load import load_estate

pytest.importorskip("polars")
from fieldline.rows.stores.copybook import read_copybook
from fieldline.rows.stores.stores import Stores

if TYPE_CHECKING:
    from pathlib import Path

FIXED = """\
000100*  The customer master                                            CUSTMAST
000200 01  CUSTMAST-RECORD.                                             CUSTMAST
000300     05  CUST-NO             PIC 9(8).                            CUSTMAST
000400     05  CUST-NAME.                                               CUSTMAST
000500         10  LAST-NAME       PIC X(12).                           CUSTMAST
000600         10  FIRST-NAME      PIC X(8) VALUE 'A. B'.               CUSTMAST
000700     05  FILLER              PIC XX.                              CUSTMAST
000800     05  BALANCE             PIC S9(7)V99 COMP-3.                 CUSTMAST
000900     05  VISITS              PIC S9(4) COMP.                      CUSTMAST
001000     05  POINTS              PIC 9(9) BINARY.                     CUSTMAST
001100     05  CHANGED             PIC 9(8).                            CUSTMAST
001200     05  CHANGED-PARTS REDEFINES CHANGED.                         CUSTMAST
001300         10  CHANGED-YEAR    PIC 9(4).                            CUSTMAST
001400         10  CHANGED-REST    PIC 9(4).                            CUSTMAST
001500     05  PHONE               PIC X(6) OCCURS 2 TIMES.             CUSTMAST
001600     05  DELTA               PIC S9(3)V9                          CUSTMAST
001700                             SIGN IS TRAILING SEPARATE CHARACTER. CUSTMAST
001800     05  SHOWN               PIC Z,ZZ9.99.                        CUSTMAST
001900     05  STATE-CODE          PIC X.                               CUSTMAST
002000         88  IS-ACTIVE       VALUE 'A' THRU 'C'.                  CUSTMAST
002100 01  OTHER-RECORD            PIC X(500).                          CUSTMAST
"""
PLACES = {
    "CUST-NO": RecordPart(1, 8, "zoned", is_signed=False),
    "LAST-NAME": RecordPart(9, 12),
    "FIRST-NAME": RecordPart(21, 8),
    "BALANCE": RecordPart(31, 5, "packed", 2),
    "VISITS": RecordPart(36, 2, "binary"),
    "POINTS": RecordPart(38, 4, "binary", is_signed=False),
    "CHANGED": RecordPart(42, 8, "zoned", is_signed=False),
    "CHANGED-YEAR": RecordPart(42, 4, "zoned", is_signed=False),
    "CHANGED-REST": RecordPart(46, 4, "zoned", is_signed=False),
    "PHONE(1)": RecordPart(50, 6),
    "PHONE(2)": RecordPart(56, 6),
    "DELTA": RecordPart(62, 5, "separate", 1),
    "STATE-CODE": RecordPart(75, 1),
}


def test_a_copybook_says_where_each_field_stands() -> None:
    record = read_copybook(FIXED, "c.cpy")
    assert dict(record.parts) == PLACES
    assert record.length == 75


def test_free_format_is_the_same() -> None:
    lines = [line[7:72].strip() for line in FIXED.splitlines() if line[6] != "*"]
    assert read_copybook("*> free\n" + "\n".join(lines), "c.cpy") == read_copybook(FIXED, "c.cpy")


@pytest.mark.parametrize(
    ("text", "parts", "length"),
    [
        ("01 r. 05 a comp-3. 10 b pic s9(5). 10 c pic 9(4).", {"B": (1, 3), "C": (4, 3)}, 6),
        (
            "01 r. 05 g occurs 2. 10 a pic x. 10 b pic xx.",
            {"A(1)": (1, 1), "B(1)": (2, 2), "A(2)": (4, 1), "B(2)": (5, 2)},
            6,
        ),
        (
            "01 r. 05 g occurs 2. 10 a pic x occurs 2.",
            {f"A({i})({j})": (2 * i + j - 2, 1) for i in (1, 2) for j in (1, 2)},
            4,
        ),
        ("01 r. 05 a pic x(2). 05 b redefines a pic x(5). 05 c pic x.", {"A": (1, 2), "B": (1, 5), "C": (6, 1)}, 6),
        ("05 a pic x(3). 05 b pic 9(18) comp.", {"A": (1, 3), "B": (4, 8)}, 11),
        ("01 r. 05 a comp-1. 05 b comp-2. 05 c pic x.", {"C": (13, 1)}, 13),
        ("01 r. 05 a pic 9(3)pp. 05 b pic x.", {"B": (4, 1)}, 4),
        ("01 r pic x(9).", {"R": (1, 9)}, 9),
    ],
)
def test_sizes(text: str, parts: dict[str, tuple[int, int]], length: int) -> None:
    record = read_copybook(text, "c.cpy")
    assert {name: (part.start, part.length) for name, part in record.parts.items()} == parts
    assert record.length == length


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "c.cpy describes no field"),
        (
            "01 r.\n 05 n pic 9.\n 05 a occurs 1 to 5 times depending on n pic x.",
            "line 3: the length of the record varies",
        ),
        ("01 r.\n 05 a pic s9(4) comp sync.", "line 2: SYNCHRONIZED leaves bytes out"),
        ("01 r.\n copy other.", "line 2: copy brings in another text"),
        ("01 r.\n 05 a pic n(3).", "line 2: PIC N(3) is not read"),
        ("01 r.\n 05 a usage pointer.", "line 2: the size of A is not known"),
        ("01 r.\n 05 a pic x(40000).", "line 2: the record is too long"),
        ("01 r. 05 g occurs 32000. 10 a pic x(1000).", "the record is too long"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_copybook(text, "c.cpy")
    assert said in error.value.message


def test_a_file_is_read_by_its_copybook(tmp_path: Path) -> None:
    for name in ("contracts", "lineage", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: one\n", encoding="utf-8")
    (tmp_path / "data" / "c.cpy").write_text(FIXED, encoding="utf-8")

    def written(number: int, visits: int, delta: str) -> bytes:
        text = f"{number:08}" + "Öst".ljust(12) + "Åsa".ljust(8) + "  "
        rest = "20260504" + "0401  " + "0402  " + delta + "    1.00" + "A"
        middle = bytes.fromhex("123456789c") + visits.to_bytes(2, "big", signed=True) + (7).to_bytes(4, "big")
        return text.encode("cp037") + middle + rest.encode("cp037")

    (tmp_path / "data" / "c.dat").write_bytes(written(1, -3, "0125-") + written(2, 0, "0125+"))
    kinds = {
        "cust_no": "text",
        "name": "text",
        "balance": "decimal",
        "visits": "integer",
        "mobile": "text",
        "delta": "decimal",
    }
    store = {
        "file": "data/c.dat",
        "copybook": "data/c.cpy",
        "encoding": "cp037",
        "columns": {"name": "LAST-NAME", "mobile": "PHONE(2)"},
    }
    fields = {name: {"type": kind} for name, kind in kinds.items()}
    tree = {"system": "one", "entities": {"e": {"key": "cust_no", "store": store, "fields": fields}}}
    (tmp_path / "contracts" / "one.yaml").write_text(json.dumps(tree), encoding="utf-8")
    estate = load_estate(tmp_path)
    entity = estate.contracts.entities[EntityName("one", "e")]
    (answer,) = Stores(estate).ask([StoreQuestion(entity, {"visits": (-3,)})])
    assert isinstance(answer, FoundRecords)
    (record,) = answer.records
    expected = {"cust_no": "00000001", "name": "Öst", "visits": -3, "mobile": "0402"}
    assert record == {**expected, "balance": Decimal("1234567.89"), "delta": Decimal("-12.5")}
    (answer,) = Stores(estate).ask([StoreQuestion(entity, {"cust_no": ("00000002",)})])
    assert isinstance(answer, FoundRecords)
    assert answer.records[0]["visits"] == 0, "a binary zero is a number"
    (tmp_path / "data" / "c.cpy").write_text("01 r.\n 05 a pic x sync.", encoding="utf-8")
    (answer,) = Stores(estate).ask([StoreQuestion(entity, {"cust_no": ("00000002",)})])
    assert answer == NotReachable("c.cpy, line 2: SYNCHRONIZED leaves bytes out")
