"""Files of records that are indexed: the index never changes an answer, and is of the file as it is now."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.record.asking import FoundRecords, StoreQuestion
from fieldline.documents.names import EntityName
from fieldline.estate.load import load_estate
from fieldline.rows.stores.stores import Stores

pl = pytest.importorskip("polars")

from fieldline.rows.stores import file_contents, value_index  # noqa: E402 - polars may be missing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fieldline.estate.load import Estate
    from fieldline.values.valueset import Value

FIELDS = {"no": "text", "name": "text", "amount": "decimal", "count": "integer", "on": "boolean", "day": "date"}
LAYOUT = {
    "no": {"start": 1, "length": 6},
    "name": {"start": 7, "length": 12},
    "amount": {"start": 19, "length": 4, "kind": "packed", "decimals": 2},
    "count": {"start": 23, "length": 3, "kind": "zoned"},
    "on": {"start": 26, "length": 5},
    "day": {"start": 31, "length": 10},
}
NAMES = ("Åsa", "ÅSA", " åsa", "Straße", "a,b", 'say "hi"', "two\nlines", "", "-0", "0", "7", "İ", "ΌΣΟΣ", "NaN", None)
KINDS = ("csv", "ndjson", "parquet", "folder", "fixed", "lines")


def _rows(random: Random, rows: int) -> list[dict[str, Any]]:
    return [
        {
            "no": f"{random.choice('KkL')}{random.randrange(rows):05}",
            "name": random.choice(NAMES),
            "amount": Decimal(random.randrange(-300, 300)) / 100,
            "count": random.choice((0, 7, 120, 999)),
            "on": random.choice((True, False)),
            "day": date(2026, 5, random.randrange(1, 28)),
        }
        for _ in range(rows)
    ]


def _written(root: Path, kind: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The rows as a file; the store's words."""
    if kind in {"fixed", "lines"}:
        records = [_record(row) for row in rows]
        store = {"file": "e.dat", "encoding": "latin-1", "layout": LAYOUT, "record_length": 40}
        if kind == "lines":
            records = [(record[:18] + b"    " + record[22:]).rstrip(b" ") + b"\n" for record in records]
            store |= {"layout": {name: part for name, part in LAYOUT.items() if name != "amount"}}
            del store["record_length"]
        (root / "e.dat").write_bytes(b"".join(records))
        return store
    if kind == "folder":
        (root / "e.parquet").mkdir(exist_ok=True)
        for part in (0, 1):
            frame = pl.DataFrame(rows[part::2], schema_overrides={"amount": pl.Decimal(9, 2)})
            frame.write_parquet(root / "e.parquet" / f"part-{part}.parquet")
        return {"file": "e.parquet"}
    path = root / f"e.{kind}"
    if kind == "ndjson":
        lines = [json.dumps({**row, "amount": float(row["amount"]), "day": str(row["day"])}) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        frame = pl.DataFrame(rows, schema_overrides={"amount": pl.Decimal(9, 2)})
        frame.write_csv(path) if kind == "csv" else frame.write_parquet(path, row_group_size=50)
    return {"file": path.name}


def _record(row: dict[str, Any]) -> bytes:
    name = (row["name"] or "").replace("\n", " ").encode("latin-1", "ignore")
    amount = f"{abs(int(row['amount'] * 100)):07}{'d' if row['amount'] < 0 else 'c'}"
    texts = (f"{row['count']:03}", f"{str(row['on']).lower():5}", f"{row['day']}")
    return row["no"].encode() + name[:12].ljust(12) + bytes.fromhex(amount) + "".join(texts).encode()


def _estate(root: Path, store: dict[str, Any]) -> Estate:
    for name in ("contracts", "lineage"):
        (root / name).mkdir(exist_ok=True)
    (root / "fieldline.yaml").write_text("estate: one\nfind: {number: [one.e.no]}\n", encoding="utf-8")
    fields = {name: {"type": kind} for name, kind in FIELDS.items()}
    tree = {"system": "one", "entities": {"e": {"key": "no", "store": store, "fields": fields}}}
    (root / "contracts" / "one.yaml").write_text(json.dumps(tree), encoding="utf-8")
    return load_estate(root)


def _question(estate: Estate, *, alike: bool = False, **where: Value) -> StoreQuestion:
    entity = estate.contracts.entities[EntityName("one", "e")]
    return StoreQuestion(entity, {name: (value,) for name, value in where.items()}, alike)


def _numbers(stores: Stores, question: StoreQuestion) -> list[Value]:
    (answer,) = stores.ask([question])
    assert isinstance(answer, FoundRecords), answer
    return [record["no"] for record in answer.records]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file has been left alone for long enough."""
    monkeypatch.setattr(value_index, "SETTLED_SECONDS", -(10**9))


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_is_answered_alike_with_an_index_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    random = Random(kind)  # noqa: S311 - rows
    rows = _rows(random, 400)
    estate = _estate(tmp_path, _written(tmp_path, kind, rows))
    values: dict[str, list[Value]] = {name: [row[name] for row in rows[::9]] for name in FIELDS}
    values["no"] += [number.lower() if isinstance(number, str) else number for number in values["no"]] + ["K99999", ""]
    values["name"] += ["åsa", "nobody"]
    asked: list[StoreQuestion] = []
    for _ in range(60):
        names = random.sample(sorted(FIELDS), random.choice((1, 1, 2)))
        several = {name: tuple(random.sample(values[name], random.choice((1, 1, 3)))) for name in names}
        asked.append(StoreQuestion(_question(estate).entity, several, random.random() < 0.4))
    answers = []
    for seconds in (10**9, -(10**9)):  # no file is ever left alone for as long; every file is
        monkeypatch.setattr(value_index, "SETTLED_SECONDS", seconds)
        stores = Stores(estate)
        answers.append([stores.ask([question]) for question in asked])
    for question, whole, indexed in zip(asked, *answers, strict=True):
        assert whole == indexed, question.where
    found = [answer for (answer,) in answers[0] if isinstance(answer, FoundRecords) and answer.records]
    assert 10 < len(found) < 60


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_written_anew_is_indexed_anew(tmp_path: Path, kind: str) -> None:
    rows = [*_rows(Random(1), 60), {**_rows(Random(1), 1)[0], "no": "L99999"}]  # noqa: S311 - rows
    store = _written(tmp_path, kind, rows)
    estate = _estate(tmp_path, store)
    stores, path = Stores(estate), tmp_path / str(store["file"])
    old = "L99999"
    assert _numbers(stores, _question(estate, no=old)) == [old]
    before = path.stat()
    _written(tmp_path, kind, [{**row, "no": "K77777"} if row["no"] == old else row for row in rows])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a copy that keeps the times
    assert _numbers(stores, _question(estate, no=old)) == []
    assert _numbers(stores, _question(estate, no="K77777")) == ["K77777"]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_once_indexed_a_file_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    rows = [{**row, "no": f"K{place:05}"} for place, row in enumerate(_rows(Random(2), 60))]  # noqa: S311 - rows
    estate = _estate(tmp_path, _written(tmp_path, kind, rows))
    stores = Stores(estate)
    stores.prepare()
    scans: list[object] = []
    scan = file_contents.scan_again
    monkeypatch.setattr(file_contents, "scan_again", lambda *of: scans.append(of) or scan(*of))
    number = str(rows[7]["no"])
    assert _numbers(stores, _question(estate, no=number)) == [number]
    assert _numbers(stores, _question(estate, alike=True, no=number.lower()))
    assert not scans


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "content",
    [
        b'{"no": "K00001", "name": "a"}\n\n{"no": "K00002", "name": "b"}\n',
        b'no,name\nK00001,a\n\nK00002,"b\n"\n',
    ],
)
def test_lines_that_are_no_rows_hide_no_record(tmp_path: Path, content: bytes) -> None:
    name = "e.ndjson" if content.startswith(b"{") else "e.csv"
    (tmp_path / name).write_bytes(content)
    estate = _estate(tmp_path, {"file": name})
    stores = Stores(estate)
    for number in ("K00001", "K00002"):
        assert _numbers(stores, _question(estate, no=number)) == [number]
    assert _numbers(stores, _question(estate, no="K00003")) == []
