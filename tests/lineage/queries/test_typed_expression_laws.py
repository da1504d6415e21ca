"""Arithmetic, rounding and dates that are read exactly are what the engine stores, from columns of running engines."""

from __future__ import annotations

import os
import random
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.judging.context import Context
from fieldline.estate.load import load_estate
from fieldline.lineage.transform import REJECTED, NoValue

from .typed_expressions import COLUMNS, DAYS, DECIMALS, NUMBERS, SMALL, STORED, Kind, expression, particular

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fieldline.lineage.graph import Graph

    Run = Callable[[str], Sequence[tuple[Any, ...]]]
    """Runs a statement, and gives its rows; raises what the driver raises."""

EXPRESSIONS = 40 * int(os.environ.get("FIELDLINE_FUZZ_TIMES", "1"))
RECORDS = 24
KINDS: tuple[Kind, ...] = ("integer", "decimal", "date", "text")


def graph_of(folder: Path, engine: str, written: Sequence[tuple[Kind, str]]) -> Graph:
    columns = ", ".join(f"{name} {of_type}" for name, of_type in COLUMNS.items())
    stored = ", ".join(f"x{i} {STORED[kind]}" for i, (kind, _) in enumerate(written))
    selected = ",\n  ".join(text for _, text in written)
    names = ", ".join(f"x{i}" for i in range(len(written)))
    files = {
        "fieldline.yaml": "estate: expressions\n",
        "contracts/src.yaml": f"system: src\nfrom: {{sql: {{files: src.sql, dialect: {engine}}}}}\n",
        "contracts/dst.yaml": f"system: dst\nfrom: {{sql: {{files: dst.sql, dialect: {engine}}}}}\n",
        "src.sql": f"create table t ({columns});\n",
        "dst.sql": f"create table t ({stored});\n",
        "lineage/f.yaml": f"from: {{sql: {{files: load.sql, dialect: {engine}}}}}\nflows: []\n",
        "load.sql": f"INSERT INTO dst.t ({names})\nSELECT {selected}\nFROM src.t;\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Context(load_estate(folder)).graph


def law(folder: Path, engine: str, run: Run, failures: tuple[type[Exception], ...]) -> None:
    """Hold the law on random expressions, each stored in a column of its kind; most of them are read exactly."""
    chance = random.Random(int(os.environ.get("FIELDLINE_ENGINES_SEED", "7")))  # noqa: S311
    exact = 0
    run(f"create table t ({', '.join(f'{name} {of_type}' for name, of_type in COLUMNS.items())})")
    rows = [
        (i, chance.choice(NUMBERS), chance.choice(SMALL), chance.choice(DECIMALS), chance.choice(DAYS))
        for i in range(RECORDS)
    ]
    for row in rows:
        run(f"insert into t values ({', '.join(literal(value) for value in row)})")
    batches = (
        [(kind, expression(engine, kind, chance)) for kind in KINDS for _ in range(10)]
        for _ in range(0, EXPRESSIONS, 40)
    )
    for start, written in enumerate(chain([particular(engine)], batches)):
        graph = graph_of(folder / str(start), engine, written)
        for i, (kind, text) in enumerate(written):
            links = [link for name, into in graph.into.items() if name.field == f"x{i}" for link in into]
            assert links, text
            if not all(link.exact for link in links):
                continue
            exact += 1
            for row, answer in zip(rows, stored(run, kind, text, failures), strict=True):
                agrees(text, links, dict(zip(COLUMNS, row, strict=True)), answer)
    run("drop table t")
    assert exact > EXPRESSIONS / 3, f"{exact} of {EXPRESSIONS} are read exactly"


def literal(value: object) -> str:
    return "null" if value is None else f"'{value}'" if not isinstance(value, int | Decimal) else str(value)


def stored(run: Run, kind: Kind, text: str, failures: tuple[type[Exception], ...]) -> list[object]:
    """What arrives in a column of the kind for each record; REJECTED where the engine fails."""
    run(f"create table made (id integer, x {STORED[kind]})")
    try:
        run(f"insert into made select id, {text} from t")
        return [row[0] for row in run("select x from made order by id")]
    except failures:
        run("delete from made")
        answers: list[object] = []
        for i in range(RECORDS):
            try:
                run(f"insert into made select id, {text} from t where id = {i}")
                answers.append(run(f"select x from made where id = {i}")[0][0])
            except failures:
                answers.append(REJECTED)
        return answers
    finally:
        run("drop table made")


def agrees(text: str, links: Sequence[Any], row: dict[str, object], answer: object) -> None:
    named = {name: row[name.field] for link in links for name in link.reads}
    carrying = [link for link in links if link.when is None or link.when.holds(named)]
    assert len(carrying) == 1, (text, row)
    (outcome,) = carrying[0].outcomes([named[source.full_name] for source in carrying[0].sources])
    if isinstance(outcome, str) and not isinstance(answer, str):  # a constant, written into a column of numbers
        outcome = Decimal(outcome)
    if isinstance(outcome, NoValue) or answer is REJECTED:
        assert outcome is answer, (text, row, answer, outcome)
    else:
        assert answer == outcome, (text, row, answer, outcome)


@pytest.mark.slow
def test_in_duckdb(tmp_path: Path) -> None:
    import duckdb

    connection = duckdb.connect()
    law(
        tmp_path,
        "duckdb",
        lambda sql: connection.execute(sql).fetchall(),
        (duckdb.OutOfRangeException, duckdb.ConversionException),
    )
    connection.close()


@pytest.mark.needs_postgres
def test_in_postgres(tmp_path: Path, postgres: str) -> None:
    import psycopg

    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        execute: Any = connection.execute

        def run(sql: str) -> list[tuple[Any, ...]]:
            cursor = execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

        connection.prepare_threshold = None  # a prepared statement outlives the table it was made for
        run("create schema typed")
        run("set search_path to typed")
        law(tmp_path, "postgres", run, (psycopg.DataError,))
        run("drop schema typed cascade")


@pytest.mark.needs_mariadb
def test_in_mariadb(tmp_path: Path, mariadb: str) -> None:
    import pymysql

    connection = pymysql.connect(unix_socket=mariadb, user="root", charset="utf8mb4", autocommit=True)
    cursor = connection.cursor()

    def run(sql: str) -> list[tuple[Any, ...]]:
        cursor.execute(sql)
        return list(cursor.fetchall())

    run("create database typed character set utf8mb4")
    run("use typed")
    law(tmp_path, "mariadb", run, (pymysql.err.DataError, pymysql.err.OperationalError))
    run("drop database typed")
    connection.close()
