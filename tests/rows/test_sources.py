"""Tables of databases: read and never written, as files that are all of the same columns."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.documents.names import EntityName
from fieldline.documents.variables import Variables
from fieldline.rows.sources import asking, write_rows

from ..properties.estates import estate

if TYPE_CHECKING:
    from pathlib import Path

HERE = Variables(frozenset({"A_DB"}))
MANY = 60_000
"""Rows of more than one part."""


@pytest.mark.parametrize(
    ("first", "later", "kind"),
    [(None, 7, pl.Int64), (7, "x", pl.String), (7, Decimal("1.5"), pl.Decimal), (None, "x", pl.String)],
)
def test_parts_of_a_table_have_the_same_columns(
    tmp_path: Path, first: object, later: object, kind: pl.DataType
) -> None:
    parts = write_rows(["a"], ([first if place < 50_000 else later] for place in range(MANY)), tmp_path)
    assert len(parts) > 1
    rows = pl.scan_parquet(parts).collect()["a"]
    assert (len(rows), rows.dtype.base_type()) == (MANY, kind)
    assert str(rows[-1]).startswith(str(later))
    assert (rows[0] is None) == (first is None)


def test_parts_that_no_column_holds_together_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        write_rows(["a"], ([True if place < 50_000 else date(2024, 1, 1)] for place in range(MANY)), tmp_path)


def test_what_is_read_is_told_from_time_to_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fieldline.rows.sources import DatabaseTable

    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("create table t (a integer)")
        connection.executemany("insert into t values (?)", ((n,) for n in range(MANY)))
        connection.commit()
    monkeypatch.setenv("A_DB", f"sqlite:///{tmp_path / 'a.db'}")
    told: list[tuple[str, int, int | None]] = []
    (tmp_path / "parts").mkdir()
    entity = estate({"in": {"a": {"type": "integer"}}}, []).contracts.entities[EntityName("in", "e")]
    DatabaseTable("A_DB", "t", HERE).write_parts(tmp_path / "parts", lambda *each: told.append(each), entity)
    assert told == [("t", 50_000, None)]


def nothing_is_written(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("A_DB", url)
    with pytest.raises(Unreadable) as error, asking("A_DB", HERE) as (ask, _):
        list(ask("create table made_by_us (a integer)"))
    assert "cannot be read" in error.value.message


def test_sqlite_is_only_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite3.connect(tmp_path / "a.db").close()
    nothing_is_written(monkeypatch, f"sqlite:///{tmp_path / 'a.db'}")


def test_duckdb_is_only_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    duckdb.connect(tmp_path / "a.duckdb").close()
    nothing_is_written(monkeypatch, f"duckdb:///{tmp_path / 'a.duckdb'}")


@pytest.mark.needs_postgres
def test_postgresql_is_only_read(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_DB", f"postgresql://tester@/postgres?host={postgres}")
    with asking("A_DB", HERE) as (ask, _):
        assert list(ask("select current_setting('transaction_read_only')")) == [("on",)]
        assert list(ask("select current_setting('transaction_isolation')")) == [("repeatable read",)]


@pytest.mark.needs_mariadb
def test_mariadb_is_only_read(mariadb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_DB", f"mysql://root@/mysql?unix_socket={mariadb}")
    with asking("A_DB", HERE) as (ask, _):
        assert list(ask("select @@session.tx_read_only")) == [(1,)]


@pytest.mark.needs_postgres
def test_what_a_url_asks_of_postgresql_is_kept(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_DB", f"postgresql://tester@/postgres?host={postgres}&options=-c%20work_mem%3D3333kB")
    with asking("A_DB", HERE) as (ask, _):
        assert list(ask("select current_setting('work_mem')")) == [("3333kB",)]
