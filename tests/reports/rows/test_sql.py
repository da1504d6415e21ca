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

from fieldline.checker.rows import Rows
from fieldline.checker.tables import DatabaseTable, asking, silent
from fieldline.reports.library import Loaded
from fieldline.reports.rows.sql import SqlRows

from ...properties.estates import estate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldline.reports.library import Entry

FIELDS = {
    "login": {"type": "text", "required": True, "max_length": 8, "pattern": "[a-z0-9]*", "unique": True},
    "core": {"type": "text", "max_bytes": {"limit": 6, "encoding": "cp037"}},
    "wide": {"type": "text", "max_utf16": 3},
    "first": {"type": "text", "max_length": 5},
    "last": {"type": "text", "max_length": 5, "unique": {"case": "insensitive"}},
    "land": {"type": "text"},
    "code": {"type": "text"},
    "count": {"type": "integer", "min": 0, "max": 50},
    "amount": {"type": "decimal", "min": "0.5", "scale": 2},
    "flag": {"type": "boolean", "one_of": [True]},
    "born": {"type": "date", "max": "2020-01-01"},
    "typed": {"type": "date", "min": "2000-01-01"},
    "nowhere": {"type": "text", "max_length": 3},
}
DB = {"name": {"type": "text", "max_length": 8}, "code": {"type": "text", "pattern": "[0-9]{5}"}}
FLOWS = [
    {"from": ["in.e.first", "in.e.last"], "to": "db.e.name", "via": [{"concat": {"separator": " ", "nulls": "skip"}}]},
    {"from": "in.e.code", "to": "db.e.code", "when": "in.e.land = 'FI'"},
]
TEXTS = [
    *(None, "", " ", "abc", "ABC", "abc ", "abc\n", "ÅSA", "åsa", "ß", "😀😀", "12345", "1234", "FI", "fi", "x" * 9),
    *("a b", "{1}", "%s", "\\", "'", "\u0130", "a\u0301", "a\0b", "ab\0cdefghi", "\0"),
]
COLUMNS = {
    **dict.fromkeys(("login", "core", "wide", "first", "last", "land", "code", "typed"), "varchar(200)"),
    "count": "bigint",
    "amount": "decimal(20, 4)",
    "flag": "boolean",
    "born": "date",
    'more"`s': "varchar(200)",
}
NAME = 'the "ro`ws'
POOLS: dict[str, list[Any]] = {
    "count": [None, -1, 0, 50, 51],
    "amount": [None, *map(Decimal, ("0.49", "0.5", "1.234", "1.2300"))],
    "flag": [None, True, False],
    "born": [None, date(2019, 12, 31), date(2020, 1, 1), date(2020, 1, 2)],
    "typed": [None, "2001-02-03", "1999-12-31", "2001-02-30", ""],
}


@pytest.fixture(scope="module")
def entry() -> Entry:
    return Loaded(estate({"in": FIELDS, "db": DB}, FLOWS)).entry("in.e")


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
    table = DatabaseTable("ROWS_DB", NAME)
    (folder / "parts").mkdir()
    here = Rows(table.write_parts(folder / "parts", silent, {"flag": "boolean"}), entry.requirement)
    judged = here.judge()
    assert len(judged.broken) >= 12
    assert 0 < judged.refused < judged.rows
    assert any(len(each.clause.fields) > 1 for each in judged.broken)
    assert len(judged.repeated) == 2
    with asking(table.variable) as (ask, dialect):
        there = SqlRows(ask, dialect, NAME, entry)
        assert there.judge(silent) == judged
        assert len(there.native) >= native
        found = list(there.refused())
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


def test_every_row_and_clause_is_judged_alike_in_duckdb(
    entry: Entry, rows: list[list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_duckdb(tmp_path, rows) as url:
        agree(entry, tmp_path, url, monkeypatch, 15)


@pytest.mark.needs_postgres
def test_every_row_and_clause_is_judged_alike_in_postgresql(
    entry: Entry, rows: list[list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: str
) -> None:
    with in_postgres(postgres, rows) as url:
        agree(entry, tmp_path, url, monkeypatch, 15)


@pytest.mark.needs_mariadb
def test_every_row_and_clause_is_judged_alike_in_mariadb(
    entry: Entry, rows: list[list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mariadb: str
) -> None:
    with in_mariadb(mariadb, rows) as url:
        agree(entry, tmp_path, url, monkeypatch, 15)


def test_every_row_and_clause_is_judged_alike_in_sqlite(
    entry: Entry, rows: list[list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with in_sqlite(tmp_path, rows) as url:
        agree(entry, tmp_path, url, monkeypatch, 3)
