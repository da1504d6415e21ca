"""What is read exactly of an expression is what its engine makes of it: the law of SQL as flows, on running engines."""

from __future__ import annotations

import os
import random
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.judging.context import Context
from fieldline.estate.load import load_estate
from fieldline.lineage.transform import NoValue

from .expressions import VALUES, expression

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fieldline.lineage.graph import Graph

    Ask = Callable[[Sequence[str], Sequence[tuple[str | None, ...]]], list[tuple[str | None, ...]]]

EXPRESSIONS = 40 * int(os.environ.get("FIELDLINE_FUZZ_TIMES", "1"))
RECORDS = 40


def records(chance: random.Random) -> list[tuple[str | None, ...]]:
    texts = [value for value in VALUES if value is not None]
    return [(chance.choice(VALUES), chance.choice(texts), chance.choice(VALUES)) for _ in range(RECORDS)]


def graph_of(folder: Path, engine: str, written: Sequence[str]) -> Graph:
    names = [f"x{i}" for i in range(len(written))]
    fields = "".join(f"      {name}: {{type: text}}\n" for name in names)
    files = {
        "fieldline.yaml": "estate: expressions\n",
        "contracts/src.yaml": "system: src\nentities:\n  t:\n    kind: entry\n    key: b\n    fields:\n"
        "      a: {type: text}\n      b: {type: text, required: true}\n      c: {type: text}\n",
        "contracts/dst.yaml": f"system: dst\nentities:\n  t:\n    fields:\n{fields}",
        "lineage/f.yaml": f"from: {{sql: {{files: load.sql, dialect: {engine}}}}}\nflows: []\n",
        "load.sql": f"INSERT INTO dst.t ({', '.join(names)})\nSELECT " + ",\n  ".join(written) + "\nFROM src.t;\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Context(load_estate(folder)).graph


def law(folder: Path, engine: str, ask: Ask) -> None:
    """Hold the law on random expressions; most of them are read exactly."""
    chance = random.Random(int(os.environ.get("FIELDLINE_ENGINES_SEED", "7")))  # noqa: S311
    exact = 0
    for start in range(0, EXPRESSIONS, 40):
        written = [expression(engine, chance) for _ in range(40)]
        rows = records(chance)
        answers = ask(written, rows)
        graph = graph_of(folder / str(start), engine, written)
        for i, text in enumerate(written):
            links = [link for name, into in graph.into.items() if name.field == f"x{i}" for link in into]
            assert links, text
            if not all(link.exact for link in links):
                continue
            exact += 1
            for row, answer in zip(rows, answers, strict=True):
                agrees(text, links, dict(zip("abc", row, strict=True)), answer[i])
    assert exact > EXPRESSIONS / 3, f"{exact} of {EXPRESSIONS} are read exactly"


def agrees(text: str, links: Sequence[Any], row: dict[str, str | None], answer: str | None) -> None:
    """One flow carries the record, and its value is the engine's; where engines may differ, it is among theirs."""
    named = {name: row[name.field] for link in links for name in link.reads}
    surely = [link for link in links if link.when is None or link.when.holds(named)]
    possible = [link for link in links if link.when is None or link.when.may_hold(named)]
    assert len(surely) <= 1 <= len(possible), (text, row)
    outcomes = [each for link in possible for each in link.outcomes([named[s.full_name] for s in link.sources])]
    assert answer in [None if isinstance(each, NoValue) else each for each in outcomes], (text, row, answer, outcomes)


def test_one_column_joined_after_other_steps_is_null_on_other_conditions(tmp_path: Path) -> None:
    """Their conditions read alike: c is not null."""
    written = ["lower(c) || nullif(c, 'P')", "lower(c) || trim(c)"]
    graph = graph_of(tmp_path, "postgres", written)
    for i, answer in enumerate((None, "pP")):
        links = [link for name, into in graph.into.items() if name.field == f"x{i}" for link in into]
        agrees(written[i], links, {"a": None, "b": "b", "c": "P"}, answer)


def test_in_sqlite(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")

    def ask(written: Sequence[str], rows: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
        connection.execute("drop table if exists t")
        connection.execute("create table t (a text, b text, c text)")
        connection.executemany("insert into t values (?, ?, ?)", rows)
        return connection.execute(f"select {', '.join(written)} from t order by rowid").fetchall()

    law(tmp_path, "sqlite", ask)
    connection.close()


def test_in_duckdb(tmp_path: Path) -> None:
    import duckdb

    connection = duckdb.connect()

    def ask(written: Sequence[str], rows: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
        connection.execute("create or replace table t (n int, a text, b text, c text)")
        connection.executemany("insert into t values (?, ?, ?, ?)", [(n, *row) for n, row in enumerate(rows)])
        return connection.execute(f"select {', '.join(written)} from t order by n").fetchall()

    law(tmp_path, "duckdb", ask)
    connection.close()


@pytest.mark.needs_postgres
def test_in_postgres(tmp_path: Path, postgres: str) -> None:
    import psycopg

    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        run: Any = connection.execute

        def ask(written: Sequence[str], rows: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
            run("drop table if exists expressions")
            run("create table expressions (n int, a text, b text, c text)")
            for n, row in enumerate(rows):
                run("insert into expressions values (%s, %s, %s, %s)", (n, *row))
            found: list[tuple[str | None, ...]] = run(
                f"select {', '.join(written)} from expressions order by n"
            ).fetchall()
            return found

        law(tmp_path, "postgres", ask)
        run("drop table expressions")


@pytest.mark.needs_mariadb
def test_in_mariadb(tmp_path: Path, mariadb: str) -> None:
    import pymysql

    connection = pymysql.connect(unix_socket=mariadb, user="root", charset="utf8mb4", autocommit=True)
    cursor = connection.cursor()
    cursor.execute("create database if not exists expressions character set utf8mb4")
    cursor.execute("use expressions")

    def ask(written: Sequence[str], rows: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
        cursor.execute("drop table if exists t")
        cursor.execute("create table t (n int, a text, b text, c text)")
        cursor.executemany("insert into t values (%s, %s, %s, %s)", [(n, *row) for n, row in enumerate(rows)])
        cursor.execute(f"select {', '.join(written)} from t order by n")
        return list(cursor.fetchall())

    law(tmp_path, "mariadb", ask)
    cursor.execute("drop database expressions")
    connection.close()
