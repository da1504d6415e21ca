"""Stores for real: what is found in them, that nothing is written and nothing injected, that a value is never shown."""

from __future__ import annotations

import json
import logging
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.checker.record.asking import FoundRecords, NotReachable, StoreQuestion
from fieldline.documents.names import EntityName
from fieldline.estate.load import load_estate
from fieldline.rows.stores.checked import checked_stores
from fieldline.rows.stores.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fieldline.checker.record.asking import StoreAnswer
    from fieldline.estate.load import Estate
    from fieldline.values.valueset import Value

pytest.importorskip("sqlalchemy")
pl = pytest.importorskip("polars")

FIELDS: dict[str, Any] = {
    "no": {"type": "text"},
    "amount": {"type": "decimal"},
    "count": {"type": "integer"},
    "on": {"type": "boolean"},
    "day": {"type": "date"},
    "at": {"type": "datetime"},
}
ROW = ("0012", "12.50", "7", "true", "2026-05-04", "2026-05-04 12:00:00")
HOSTILE = ("' OR '1'='1", "x'; DROP TABLE e; --", '") OR 1=1 --', "%", "*", "\\", "a\0b", "𝒳" * 300, "")


def _estate(root: Path, store: Mapping[str, Any], fields: Mapping[str, Any] | None = None) -> Estate:
    (root / "contracts").mkdir(parents=True, exist_ok=True)
    (root / "lineage").mkdir(exist_ok=True)
    (root / "fieldline.yaml").write_text("estate: one\nenv: [ONE_DB]\n", encoding="utf-8")
    entity = {"key": "no", "store": store, "fields": fields or FIELDS}
    tree = {"system": "one", "entities": {"e": entity}}
    (root / "contracts" / "one.yaml").write_text(json.dumps(tree), encoding="utf-8")
    return load_estate(root)


def _asked(estate: Estate, alike: bool = False, **where: Value) -> StoreAnswer:
    entity = estate.contracts.entities[EntityName("one", "e")]
    (answer,) = Stores(estate).ask([StoreQuestion(entity, {name: (value,) for name, value in where.items()}, alike)])
    return answer


def _sqlite(root: Path, table: str = "e") -> str:
    quoted = table.replace('"', '""')
    with sqlite3.connect(root / "one.db") as database:
        columns = 'no TEXT PRIMARY KEY, amount NUMERIC, count INT, "on" INT, day TEXT, at TEXT'
        database.execute(f'CREATE TABLE "{quoted}" ({columns})')
        database.execute(f'INSERT INTO "{quoted}" VALUES (?, 12.5, 7, 1, ?, ?)', (ROW[0], *ROW[4:]))
    database.close()
    return f"sqlite:///{root / 'one.db'}"


@pytest.fixture(params=["sqlite", "csv", "parquet", "ndjson"])
def stored(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """One record, in each kind of store."""
    zone = {"zone": "Europe/Helsinki"}
    frame = pl.DataFrame([dict(zip(FIELDS, ROW, strict=True))])
    match request.param:
        case "sqlite":
            monkeypatch.setenv("ONE_DB", _sqlite(tmp_path))
            return _estate(tmp_path, {"database": "ONE_DB", "table": "e", **zone})
        case "csv":
            frame.write_csv(tmp_path / "e.csv")
        case "ndjson":
            row = {**dict(zip(FIELDS, ROW, strict=True)), "count": 7, "on": True}
            (tmp_path / "e.ndjson").write_text(json.dumps(row) + "\n", encoding="utf-8")
        case "parquet":
            kinds = [
                pl.col("amount").cast(pl.Decimal(9, 2)),
                pl.col("count").cast(pl.Int64),
                pl.col("day").str.to_date(),
            ]
            frame.with_columns(*kinds, pl.lit(value=True).alias("on"), pl.col("at").str.to_datetime()).write_parquet(
                tmp_path / "e.parquet"
            )
    return _estate(tmp_path, {"file": f"e.{request.param}", **zone})


def test_a_record_is_read_with_the_types_of_its_contract(stored: Estate) -> None:
    answer = _asked(stored, no="0012")
    assert isinstance(answer, FoundRecords), answer
    (record,) = answer.records
    shown = {name: str(value) for name, value in record.items()}
    assert shown == {
        "no": "0012",
        "amount": shown["amount"],
        "count": "7",
        "on": "True",
        "day": "2026-05-04",
        "at": "2026-05-04 12:00:00+03:00",
    }
    assert record["amount"] == 12.5
    for where in ({"count": 7}, {"amount": Decimal("12.5")}, {"on": True}):
        found = _asked(stored, **where)
        assert isinstance(found, FoundRecords)
        assert len(found.records) == 1, where
    assert _asked(stored, no="12") == FoundRecords(())
    assert _asked(stored, count=8) == FoundRecords(())


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_key_finds_nothing_and_breaks_nothing(stored: Estate, key: str) -> None:
    for alike in (False, True):
        answer = _asked(stored, alike, no=key)
        assert answer == FoundRecords(()) or isinstance(answer, NotReachable)
        if isinstance(answer, NotReachable) and key:
            assert key not in answer.reason
    answer = _asked(stored, no="0012")
    assert isinstance(answer, FoundRecords)
    assert len(answer.records) == 1


@pytest.mark.parametrize("table", ['e"; DROP TABLE e; --', "e' --", "order lines", 'a "quoted" one'])
def test_a_hostile_name_of_a_table_is_a_name(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONE_DB", _sqlite(tmp_path, table))
    answer = _asked(_estate(tmp_path, {"database": "ONE_DB", "table": table}), no="0012")
    assert isinstance(answer, FoundRecords), answer
    assert len(answer.records) == 1


def test_a_text_is_found_in_another_case_where_that_is_asked_for(stored: Estate) -> None:
    answer = _asked(stored, True, no=" 0012 ")
    assert isinstance(answer, FoundRecords)
    assert len(answer.records) == 1


def test_no_statement_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very connection that a store is read on refuses to write."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from fieldline.documents.variables import Variables
    from fieldline.formats.address import DatabaseAddress
    from fieldline.formats.database import read_only

    monkeypatch.setenv("ONE_DB", _sqlite(tmp_path))
    address = DatabaseAddress("ONE_DB", Variables(frozenset(("ONE_DB",))))
    with read_only(address, 2) as connection, pytest.raises(DBAPIError, match="readonly"):
        connection.execute(text("DELETE FROM e"))
    before = (tmp_path / "one.db").read_bytes()
    _asked(_estate(tmp_path, {"database": "ONE_DB", "table": "e"}), no="0012")
    assert (tmp_path / "one.db").read_bytes() == before


@pytest.mark.parametrize(
    ("store", "reason"),
    [
        ({"database": "ONE_DB", "table": "nothing"}, "ONE_DB has no table nothing"),
        ({"database": "ONE_DB", "table": "e", "columns": {"no": "number"}}, "table e in ONE_DB has no column number"),
        ({"database": "TWO_DB", "table": "e"}, 'the environment variable "TWO_DB" is not one that may be read'),
        ({"file": "gone.csv"}, "there is no file gone.csv"),
    ],
)
def test_a_store_that_cannot_be_asked_says_why(
    store: dict[str, Any], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONE_DB", _sqlite(tmp_path))
    monkeypatch.setenv("TWO_DB", "sqlite:////etc/passwd")
    answer = _asked(_estate(tmp_path, store), no="0012")
    assert isinstance(answer, NotReachable)
    assert answer.reason == reason


def test_a_link_out_of_the_estate_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("no\n0012\n", encoding="utf-8")
    root = tmp_path / "estate"
    estate = _estate(root, {"file": "e.csv"})
    (root / "e.csv").symlink_to(tmp_path / "secret.csv")
    answer = _asked(estate, no="0012")
    assert isinstance(answer, NotReachable)
    assert "leads out of the estate" in answer.reason


def test_stores_are_looked_at_before_they_are_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(tmp_path / "one.db") as database:
        database.execute("CREATE TABLE e (no TEXT, amount NUMERIC)")
    database.close()
    monkeypatch.setenv("ONE_DB", f"sqlite:///{tmp_path / 'one.db'}")
    (store,) = checked_stores(_estate(tmp_path, {"database": "ONE_DB", "table": "e"})).stores
    assert store.unreachable is None
    assert store.unindexed == (("no",),)
    assert store.missing == ("count", "on", "day", "at")
    (store,) = checked_stores(_estate(tmp_path, {"database": "ONE_DB", "table": "e", "columns": {"no": "key"}})).stores
    assert store.missing_key == ("no",)
    (store,) = checked_stores(_estate(tmp_path, {"database": "ONE_DB", "table": "f"})).stores
    assert store.unreachable == "ONE_DB has no table f"


# ----------------------------------------------------------------------------------------------------------- PostgreSQL


@pytest.fixture
def server(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A schema of a real PostgreSQL, with a table, and with a view that never answers."""
    import psycopg

    monkeypatch.setenv("ONE_DB", f"postgresql://tester@/postgres?host={postgres}")
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE SCHEMA stores")
        connection.execute(
            'CREATE TABLE stores.e (no varchar(9) PRIMARY KEY, amount numeric(9,2), count int, "on" boolean, day date, '
            "at timestamptz)"
        )
        connection.execute("INSERT INTO stores.e VALUES ('0012', 12.5, 7, true, '2026-05-04', '2026-05-04 09:00:00Z')")
        connection.execute("CREATE VIEW stores.hangs AS SELECT e.* FROM stores.e, pg_sleep(30)")
    yield postgres
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP SCHEMA stores CASCADE")


@pytest.mark.needs_postgres
def test_a_postgresql_store_is_read_and_never_written(server: str, tmp_path: Path) -> None:
    assert server
    estate = _estate(tmp_path, {"database": "ONE_DB", "table": "stores.e"})
    for where in ({"no": "0012"}, {"count": 7}, {"on": True}):
        answer = _asked(estate, **where)  # type: ignore[arg-type]
        assert isinstance(answer, FoundRecords), answer
        (record,) = answer.records
        assert (record["no"], str(record["at"])) == ("0012", "2026-05-04 09:00:00+00:00")
    for key in HOSTILE:
        answer = _asked(estate, no=key)
        assert answer == FoundRecords(()) or (isinstance(answer, NotReachable) and "DROP" not in answer.reason)
    (store,) = checked_stores(estate).stores
    assert store.is_well

    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from fieldline.documents.variables import Variables
    from fieldline.formats.address import DatabaseAddress
    from fieldline.formats.database import read_only

    address = DatabaseAddress("ONE_DB", Variables(frozenset(("ONE_DB",))))
    with read_only(address, 2) as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.execute(text("DELETE FROM stores.e"))


@pytest.mark.needs_postgres
def test_a_store_that_hangs_is_left_behind_after_its_seconds(server: str, tmp_path: Path) -> None:
    assert server
    estate = _estate(tmp_path, {"database": "ONE_DB", "table": "stores.hangs", "seconds": 1})
    answer = _asked(estate, no="0012")
    assert isinstance(answer, NotReachable)
    assert "in its time (1 second)" in answer.reason or "does not answer" in answer.reason


def test_a_failure_that_is_a_bug_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "e.csv").write_text("no\n0012\n", encoding="utf-8")
    estate = _estate(tmp_path, {"file": "e.csv"})

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fieldline.rows.stores.file.held_values", broken)
    with pytest.raises(ZeroDivisionError):
        _asked(estate, no="0012")
    assert issubclass(Unreadable, Exception)


def test_a_value_is_never_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Though the program that asks logs all that anybody says."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlalchemy")
    monkeypatch.setenv("ONE_DB", _sqlite(tmp_path))
    estate = _estate(tmp_path, {"database": "ONE_DB", "table": "e"})
    assert isinstance(_asked(estate, no="0012"), FoundRecords)
    assert isinstance(_asked(estate, True, no="0012 "), FoundRecords)
    assert "0012" not in caplog.text


# ------------------------------------------------------------------------------------------------------------- MariaDB


@pytest.fixture
def maria(mariadb: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of a real MariaDB, with a table whose collation ignores case, and with a view that never answers."""
    import pymysql

    monkeypatch.setenv("ONE_DB", f"mysql://root@localhost/stores?unix_socket={mariadb}")

    def run(*statements: str) -> None:
        user: dict[str, Any] = {"unix_socket": mariadb, "user": "root", "autocommit": True}
        with pymysql.connect(**user) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    run(
        "DROP DATABASE IF EXISTS stores",
        "CREATE DATABASE stores CHARACTER SET utf8mb4",
        "CREATE TABLE stores.e (no varchar(9) PRIMARY KEY, amount decimal(9,2), count int, `on` boolean, day date, "
        "at datetime) COLLATE utf8mb4_general_ci",
        "INSERT INTO stores.e VALUES ('0012', 12.5, 7, true, '2026-05-04', '2026-05-04 12:00:00'), "
        "('ABC', 1, 0, false, null, null)",
        "CREATE VIEW stores.hangs AS SELECT e.* FROM stores.e WHERE sleep(30) = 0",
    )
    yield mariadb
    run("DROP DATABASE stores")


@pytest.mark.needs_mariadb
def test_a_mariadb_store_is_read_and_never_written(maria: str, tmp_path: Path) -> None:
    assert maria
    estate = _estate(tmp_path, {"database": "ONE_DB", "table": "stores.e", "zone": "Europe/Helsinki"})
    for where in ({"no": "0012"}, {"count": 7}, {"on": True}, {"amount": Decimal("12.5")}):
        answer = _asked(estate, **where)  # type: ignore[arg-type]
        assert isinstance(answer, FoundRecords), answer
        (record,) = answer.records
        assert (record["no"], record["on"], str(record["at"])) == ("0012", True, "2026-05-04 12:00:00+03:00")
    assert _asked(estate, no=0) == FoundRecords(())  # which MariaDB takes for 'ABC'
    assert len(_found(_asked(estate, alike=True, no="abc"))) == 1
    for key in HOSTILE:
        answer = _asked(estate, no=key)
        assert answer == FoundRecords(()) or (isinstance(answer, NotReachable) and "DROP" not in answer.reason)
    (store,) = checked_stores(estate).stores
    assert store.unreachable is None
    assert ("no",) not in store.unindexed

    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from fieldline.documents.variables import Variables
    from fieldline.formats.address import DatabaseAddress
    from fieldline.formats.database import read_only

    address = DatabaseAddress("ONE_DB", Variables(frozenset(("ONE_DB",))))
    with read_only(address, 2) as connection, pytest.raises(DBAPIError, match="READ ONLY"):
        connection.execute(text("DELETE FROM stores.e"))


@pytest.mark.needs_mariadb
def test_a_mariadb_store_that_hangs_is_left_behind_after_its_seconds(maria: str, tmp_path: Path) -> None:
    assert maria
    answer = _asked(_estate(tmp_path, {"database": "ONE_DB", "table": "stores.hangs", "seconds": 1}), no="0012")
    assert isinstance(answer, NotReachable)
    assert "in its time (1 second)" in answer.reason or "does not answer" in answer.reason


def _found(answer: StoreAnswer) -> tuple[Mapping[str, Value], ...]:
    assert isinstance(answer, FoundRecords)
    return answer.records
