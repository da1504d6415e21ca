"""Two tables of one PostgreSQL: the answer is that of two files with the same rows, and what agrees is not read."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.record.crossing import crossings
from fieldline.estate.load import load_estate
from fieldline.lineage.graph import Graph
from fieldline.rows.sources import silent
from fieldline.values.budget import STANDARD

from .test_compare import NOW, write_systems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldline.checker.record.crossing import Crossing
    from fieldline.estate.load import Estate
    from fieldline.rows.reconcile.answer import ReconciledPair

pytest.importorskip("polars")
pytest.importorskip("sqlalchemy")
psycopg = pytest.importorskip("psycopg")
from fieldline.rows.reconcile import compare, database  # noqa: E402 - after the extras are known to be there

FIELDS: dict[str, Any] = {
    "no": {"type": "text"},
    "name": {"type": "text", "max_length": 8},
    "city": {"type": "text"},
    "kind": {"type": "text"},
    "whole": {"type": "text"},
    "amount": {"type": "decimal"},
    "born": {"type": "date"},
}
FLOWS: list[dict[str, Any]] = [
    {"from": "a.e.no", "to": "b.e.no", "via": [{"prefix": "it's-"}, {"truncate": 20}]},
    {"from": "a.e.name", "to": "b.e.name", "via": ["trim", "upper"]},
    {"from": "a.e.city", "to": "b.e.city", "via": [{"replace": {"find": "aa", "with": "a"}}, {"suffix": "\\"}]},
    {"from": "a.e.kind", "to": "b.e.kind", "via": [{"map": {"values": {"x": "1", "it's": "2"}}}]},
    {"from": ["a.e.name", "a.e.city"], "to": "b.e.whole", "via": [{"concat": {"separator": "-"}}]},
    {"from": "a.e.amount", "to": "b.e.amount"},
    {"from": "a.e.born", "to": "b.e.born"},
]
OURS = [
    (
        f"{i:04}",
        f" Name{i % 90} ",
        "aaaa" if i % 7 else None,
        "x" if i % 3 else "it's",
        None,
        i / 4,
        f"1980-01-{i % 28 + 1:02}",
    )
    for i in range(400)
]


def _theirs(row: tuple[Any, ...]) -> list[Any]:
    no, name, city, kind, _, amount, born = row
    whole = "-".join(part for part in (name, city) if part is not None)
    replaced = None if city is None else "aa\\"
    return [f"it's-{no}", name.strip().upper(), replaced, {"x": "1", "it's": "2"}.get(kind), whole, amount, born]


HELD = [_theirs(row) for row in OURS]
HELD[3][1] = "name3"
HELD[14][2] = "x"
HELD[20][5] = 5.01
HELD[30][6] = None
HELD[40][0] = "it's-9999"
HELD.append(HELD[50])
SPECIAL = (" Åsa ", "Name-too-long-for-it", None)
OURS[60:63] = [(no, special, *rest) for (no, _, *rest), special in zip(OURS[60:63], SPECIAL, strict=True)]
HELD[60][1], HELD[60][4] = "ÅSA", " Åsa -aaaa"
HELD[61][1], HELD[61][4] = "NAME-TOO", "Name-too-long-for-it-aaaa"
HELD[62][1], HELD[62][4] = None, "aaaa"


@pytest.fixture
def stored(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An estate whose two entities are tables of a real PostgreSQL."""
    monkeypatch.setenv("BANK_DB", f"postgresql://tester@/postgres?host={postgres}")
    stores = {
        "a": {"database": "BANK_DB", "table": "reconcile.a"},
        "b": {"database": "BANK_DB", "table": "reconcile.b"},
    }
    entities = {name: {"key": "no", "fields": FIELDS, "store": store} for name, store in stores.items()}
    write_systems(tmp_path, entities, FLOWS, env=["BANK_DB"])
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE SCHEMA reconcile")
        for name, rows in (("a", OURS), ("b", HELD)):
            columns = "no text, name varchar(30), city text, kind text, whole text, amount numeric(9,2), born date"
            connection.execute(f"CREATE TABLE reconcile.{name} ({columns})")
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO reconcile.{name} VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)
    yield tmp_path
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP SCHEMA reconcile CASCADE")


def _crossing(root: Path) -> tuple[Estate, Crossing]:
    estate = load_estate(root)
    first, second = (list(estate.contracts.systems[name].entities.values()) for name in "ab")
    (crossing,) = crossings(Graph(estate.contracts, estate.flows), (), first, second, STANDARD)
    return estate, crossing


def _pair(root: Path) -> ReconciledPair:
    (pair,) = compare.reconcile(load_estate(root), "a", "b", NOW, silent).pairs
    return replace(pair, fields=tuple(replace(each, field=None) for each in pair.fields))  # type: ignore[arg-type]


@pytest.mark.needs_postgres
def test_the_database_leaves_out_what_agrees_and_nothing_else(
    stored: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate, crossing = _crossing(stored)
    folders = tmp_path_factory.mktemp("a"), tmp_path_factory.mktemp("b")
    left = database.rows_of_one_database(estate, crossing, folders, silent)
    assert left is not None
    read = left.source.frame.collect()
    assert read.height + left.agreed == len(OURS)
    assert read.height < 20
    by_database = _pair(stored)
    monkeypatch.setattr(compare, "rows_of_one_database", lambda *_: None)
    whole = _pair(stored)
    assert replace(by_database, source=whole.source, target=whole.target) == whole
    assert (whole.source_records, whole.target_records, whole.several) == (400, 401, 3)
    assert (whole.extra, sum(each.records for each in whole.missing)) == (1, 1)


@pytest.mark.needs_postgres
def test_where_a_key_is_not_sure_the_tables_are_read_whole(stored: Path) -> None:
    flows = [{**FLOWS[0], "via": ["upper"]}, *FLOWS[1:]]
    (stored / "lineage" / "flows.yaml").write_text(json.dumps({"flows": flows}), encoding="utf-8")
    estate, crossing = _crossing(stored)
    assert database.rows_of_one_database(estate, crossing, (stored, stored), silent) is not None
    with psycopg.connect(os.environ["BANK_DB"], autocommit=True) as connection:
        connection.execute("UPDATE reconcile.a SET no = 'ß' WHERE no = '0001'")
    assert database.rows_of_one_database(estate, crossing, (stored, stored), silent) is None
