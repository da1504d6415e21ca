"""Databases and polars say the same of the same rows: of each row and each clause, and in all."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from fieldline.application.library import LoadedEstate
from fieldline.documents.variables import Variables
from fieldline.rows.engines.polars.rows import Rows
from fieldline.rows.engines.registry import ENGINES
from fieldline.rows.engines.sql import SqlRows
from fieldline.rows.sources import DatabaseTable, asking, silent

from ...properties.estates import estate
from .sample import DB, FIELDS, FLOWS, POOLS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from fieldline.application.library import Entry

COLUMNS = {
    **dict.fromkeys(("login", "core", "wide", "first", "last", "land", "code", "typed"), "varchar(200)"),
    "count": "bigint",
    "amount": "decimal(20, 4)",
    "flag": "boolean",
    "born": "date",
    'more"`s': "varchar(200)",
}
HERE = Variables(frozenset({"ROWS_DB"}))
NAME = 'the "ro`ws'


@pytest.fixture(scope="module")
def entry() -> Entry:
    return LoadedEstate(estate({"in": FIELDS, "db": DB}, FLOWS)).entry("in.e")


@pytest.fixture(scope="module")
def rows() -> list[list[Any]]:
    chance = random.Random(11)  # noqa: S311
    return [[chance.choice(POOLS.get(name, TEXTS)) for name in COLUMNS] for _ in range(1_000)]


@contextmanager
def in_sqlite(folder: Path, rows: list[list[Any]]) -> Iterator[str]:
    plain = [[str(v) if isinstance(v, date | Decimal) else v for v in row] for row in rows]
    with closing(sqlite3.connect(folder / "rows.db")) as connection:
        named = ", ".join(f"{_sql(name)} {kind} collate nocase" for name, kind in COLUMNS.items())
        connection.execute(f"create table {_sql(NAME)} ({named})")
        connection.executemany(f"insert into {_sql(NAME)} values ({', '.join('?' * len(COLUMNS))})", plain)
        connection.commit()
    yield f"sqlite:///{folder / 'rows.db'}"


@contextmanager
def in_duckdb(folder: Path, rows: list[list[Any]]) -> Iterator[str]:
    import duckdb

    with duckdb.connect(folder / "rows.duckdb") as connection:
        named = ", ".join(
            f"{_sql(name)} {kind}{' collate nocase' if kind.startswith('varchar') else ''}"
            for name, kind in COLUMNS.items()
        )
        connection.execute(f"create table {_sql(NAME)} ({named})")
        connection.executemany(f"insert into {_sql(NAME)} values ({', '.join('?' * len(COLUMNS))})", rows)
    yield f"duckdb:///{folder / 'rows.duckdb'}"


@contextmanager
def in_postgres(socket: str, rows: list[list[Any]]) -> Iterator[str]:
    import psycopg

    with psycopg.connect(f"host={socket} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("create schema rows_here; set search_path = rows_here; set synchronous_commit = off")
        connection.execute("create collation blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false)")
        named = ", ".join(
            f"{_sql(name)} {kind}{' collate blind' if kind.startswith('varchar') else ''}"
            for name, kind in COLUMNS.items()
        )
        connection.execute(f"create table {_sql(NAME)} ({named})")
        marks = ", ".join(["%s"] * len(COLUMNS))
        with connection.cursor() as cursor:
            held = [[v.replace("\0", "?") if isinstance(v, str) else v for v in row] for row in rows]
            cursor.executemany(f"insert into {_sql(NAME)} values ({marks})", held)
        try:
            yield f"postgresql://tester@/postgres?host={socket}&options=-c%20search_path%3Drows_here"
        finally:
            connection.execute("drop schema rows_here cascade")


@contextmanager
def in_mariadb(socket: str, rows: list[list[Any]]) -> Iterator[str]:
    import pymysql

    run = {"unix_socket": socket, "user": "root", "charset": "utf8mb4", "autocommit": True}
    with closing(pymysql.connect(**run)) as connection, connection.cursor() as cursor:
        cursor.execute("create database rows_here character set utf8mb4")
        cursor.execute("use rows_here")
        named = ", ".join(f"`{name.replace('`', '``')}` {kind}" for name, kind in COLUMNS.items())
        table = f"`{NAME.replace('`', '``')}`"
        cursor.execute(f"create table {table} ({named}) collate utf8mb4_general_ci")
        cursor.executemany(f"insert into {table} values ({', '.join(['%s'] * len(COLUMNS))})", rows)
        try:
            yield f"mysql://root@/rows_here?unix_socket={socket}&charset=utf8mb4"
        finally:
            cursor.execute("drop database rows_here")


def _sql(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def agree(entry: Entry, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, native: int) -> None:
    """`native`: so many clauses at least are asked of the database."""
    monkeypatch.setenv("ROWS_DB", url)
    table = DatabaseTable("ROWS_DB", NAME, HERE)
    (folder / "parts").mkdir()
    here = Rows(table.write_parts(folder / "parts", silent, entry.entity, {"flag": "boolean"}), entry.requirement)
    judged = here.judge()
    assert len(judged.broken) >= 12
    assert 0 < judged.rejected < judged.rows
    assert any(len(each.clause.fields) > 1 for each in judged.broken)
    assert len(judged.repeated) == 2
    with asking(table.variable, HERE) as (ask, dialect):
        there = SqlRows(ask, dialect, NAME, entry)
        assert there.judge(silent) == judged
        assert len(there.native) >= native
        found = list(there.rejected())
    frame = pl.concat([pl.read_parquet(part) for part in sorted((folder / "parts").iterdir())])
    flags = frame.select(here.meets(clause).alias(str(i)) for i, clause in enumerate(entry.requirement.clauses))
    expected = [
        (row, [c for c, met in zip(entry.requirement.clauses, told, strict=True) if not met])
        for row, told in zip(frame.rows(), flags.rows(), strict=True)
        if not all(told)
    ]
    assert [broken for _, broken in found] == [broken for _, broken in expected]
    place = list(COLUMNS).index("flag")
    assert [_written(row, place) for row, _ in found] == [_written(row, place) for row, _ in expected]


def _written(row: tuple[Any, ...], place: int) -> list[str]:
    """A row as texts; truth values are numbers in some engines."""
    told = [str(value) for value in row]
    told[place] = {"0": "False", "1": "True"}.get(told[place], told[place]).capitalize()
    return told


@pytest.mark.parametrize(
    ("stored", "server", "native"),
    [
        (in_duckdb, None, 15),
        (in_sqlite, None, 3),
        pytest.param(in_postgres, "postgres", 15, marks=pytest.mark.needs_postgres),
        pytest.param(in_mariadb, "mariadb", 13, marks=pytest.mark.needs_mariadb),
    ],
)
def test_every_row_and_clause_is_judged_alike(
    entry: Entry,
    rows: list[list[Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    stored: Callable[[Any, list[list[Any]]], AbstractContextManager[str]],
    server: str | None,
    native: int,
) -> None:
    with stored(request.getfixturevalue(server) if server else tmp_path, rows) as url:
        agree(entry, tmp_path, url, monkeypatch, native)


@pytest.mark.needs_mariadb
def test_what_mariadb_keeps_is_not_what_it_looks_like(monkeypatch: pytest.MonkeyPatch, mariadb: str) -> None:
    """Days of no month, times as spans of time, and long texts that differ at their ends."""
    import pymysql

    fields = {
        "born": {"type": "date", "min": "2000-01-01", "unique": True},
        "at": {"type": "time", "min": "09:00"},
        "text": {"type": "text", "max_utf16": 2001, "unique": True},
    }
    entry = LoadedEstate(estate({"in": fields}, [])).entry("in.e")
    run = {"unix_socket": mariadb, "user": "root", "charset": "utf8mb4", "autocommit": True}
    with closing(pymysql.connect(**run)) as connection, connection.cursor() as cursor:
        cursor.execute("create database odd character set utf8mb4")
        cursor.execute("use odd")
        cursor.execute("set sql_mode = ''")
        cursor.execute("create table e (born date, at time, text longtext)")
        long = "x" * 2000
        for row in (
            ("2024-00-10", "09:05:00", f"{long}a"),
            ("0000-00-00", "08:59:59", f"{long}a"),
            ("2024-02-29", "23:00", f"{long}😀"),
            (None, "30:00", f"{long}ab"),
        ):
            cursor.execute("insert into e values (%s, %s, %s)", row)
        monkeypatch.setenv("ROWS_DB", f"mysql://root@/odd?unix_socket={mariadb}&charset=utf8mb4")
        try:
            with ENGINES["polars"](["env:ROWS_DB/e"], entry, silent, HERE) as rows:
                here = rows.judge(silent)
            with ENGINES["sql"](["env:ROWS_DB/e"], entry, silent, HERE) as rows:
                assert rows.judge(silent) == here
        finally:
            cursor.execute("drop database odd")
    found = {(each.clause.fields[0], each.clause.bindings[0].constraint): each.rows for each in here.broken}
    assert found == {
        ("born", "type"): 2,
        ("born", "min"): 2,
        ("at", "type"): 1,
        ("at", "min"): 2,
        ("text", "max_utf16"): 2,
    }
    assert {each.unique.field: each.rows for each in here.repeated} == {"text": 1}
