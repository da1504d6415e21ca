"""Texts that reach a column of numbers or of dates: what is said of them is what the engines that run here make of them."""

from __future__ import annotations

import random
import sqlite3
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate
from fieldline.lineage.transform import chain_outcomes, chain_possible, chain_preimage
from fieldline.lineage.transforms.assign import Assignment
from fieldline.values.numberset import NumberSet
from fieldline.values.valueset import ValueSet

from ...mariadb import server as mariadb
from ...postgres import server as postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from fieldline.checker.verdict.check import Report
    from fieldline.contracts.model import KnownEngine
    from fieldline.values.valueset import Value

RUN: tuple[KnownEngine, ...] = ("postgres", "mariadb", "sqlite", "duckdb")
ENGINES: tuple[KnownEngine | None, ...] = (None, *RUN, "sqlserver", "oracle", "redshift")
_CHANCE = random.Random(11)  # noqa: S311 - reproducible on purpose
TEXTS = (
    *("", " ", "5", " 5", "5 ", "\t5\n", "\v5\f\r", "+5", "-5", "- 5", "5.", "5.0", ".5", "+.5", "0.5", "1.5", "-0.5"),
    *("1e3", "1E-1", "5.e1", "1e", ".", "-", "--5", "5a", "1,0", "\u00a05", "\u0663", "NaN", "007", "-0", ".0", "0.e0"),
    *("".join(_CHANCE.choices("05. +-e", k=_CHANCE.randint(1, 5))) for _ in range(150)),
)
DAYS = ("2024-05-01", "2024-13-01", "20240501", "2024/5/1", "1 May 2024", "", "today", "x", " ")


def numbers(draw: random.Random) -> ValueSet:
    low = Decimal(draw.randint(-20, 20)) / 10
    some = ValueSet.number(NumberSet.between(low, low + draw.randint(0, 9), lo_open=draw.random() < 0.5))
    return draw.choice([some, ~some, some | ValueSet.null_only(), ValueSet.everything(), ValueSet.exactly([0, 5])])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("to", ["integer", "decimal", "date"])
def test_a_text_is_surely_or_perhaps_a_member_as_its_outcomes_are(to: str, engine: KnownEngine | None) -> None:
    step, draw = Assignment(to, engine), random.Random(f"{to} {engine}")  # noqa: S311 - reproducible on purpose
    outcomes = {text: chain_outcomes((step,), text) for text in (*TEXTS[:70], *DAYS)}
    assert all(len(outcomes[text]) == 1 for text in outcomes if text in step.agreed)
    days = ValueSet.exactly([date(2024, 5, 1), date(1900, 1, 1)])
    for accepted in (days, ValueSet.everything()) if to == "date" else (numbers(draw), numbers(draw)):
        surely, perhaps = chain_preimage((step,), accepted), chain_possible((step,), accepted)
        for text, made in outcomes.items():
            inside = [each in accepted for each in made]  # type: ignore[operator]
            assert (text in surely) == all(inside), (text, made)
            assert (text in perhaps) == any(inside), (text, made)


@pytest.mark.parametrize("value", [None, 5, True, Decimal("1.5"), date(2024, 1, 1)])
def test_what_is_no_text_stays(value: Value) -> None:
    assert [Assignment(to, "postgres").apply(value) for to in ("integer", "date")] == [value, value]


def agrees(engine: KnownEngine, to: str, read: Callable[[str], Any]) -> int:
    """How many texts are known; each as the engine reads it. Whole numbers are rounded by the column."""
    known = 0
    for text in TEXTS:
        outcomes = chain_outcomes((Assignment(to, engine),), text)
        made = read(text)
        if len(outcomes) > 1:
            continue
        known += 1
        (outcome,) = outcomes
        if not isinstance(outcome, int | Decimal):
            assert made is None, (text, made)
        elif to == "decimal":
            assert Decimal(made) == outcome, (text, made)
        else:
            assert Decimal(made) == Decimal(outcome).quantize(Decimal(1), "ROUND_HALF_UP"), (text, made)
    return known


COLUMNS = (("integer", "int"), ("decimal", "decimal(20,6)"))


@pytest.mark.parametrize(("to", "column"), COLUMNS)
def test_duckdb_reads_numbers_so(to: str, column: str) -> None:
    import duckdb

    connection = duckdb.connect()

    def read(text: str) -> object:
        try:
            ((made,),) = connection.execute(f"select (?::varchar)::{column}", [text]).fetchall()
        except duckdb.ConversionException:
            return None
        return made

    assert agrees("duckdb", to, read) > len(TEXTS) // 2


def test_sqlite_reads_numbers_so() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (x numeric)")

    def read(text: str) -> object:
        connection.execute("delete from t")
        connection.execute("insert into t values (?)", [text])
        ((made, of_type),) = connection.execute("select x, typeof(x) from t").fetchall()
        return None if of_type == "text" else str(made)

    assert agrees("sqlite", "decimal", read) > len(TEXTS) // 2


@pytest.mark.needs_postgres
def test_postgresql_reads_numbers_so() -> None:
    import psycopg

    with (
        postgres.running() as socket,
        psycopg.connect(host=socket, user="tester", dbname="postgres", autocommit=True) as connection,
    ):

        def reading(column: str) -> Callable[[str], object]:
            def read(text: str) -> object:
                try:
                    return connection.execute(f"select (%s::text)::{column}".encode(), [text]).fetchall()[0][0]
                except psycopg.DataError:
                    return None

            return read

        assert agrees("postgres", "integer", reading("int")) == len(TEXTS)
        assert agrees("postgres", "decimal", lambda t: None if t == "NaN" else reading("numeric")(t)) > len(TEXTS) // 2


@pytest.mark.needs_mariadb
def test_mariadb_reads_numbers_so() -> None:
    import pymysql

    with (
        mariadb.running() as socket,
        pymysql.connect(unix_socket=str(socket), user="root", autocommit=True, charset="utf8mb4") as connection,
    ):
        cursor = connection.cursor()
        for statement in ("create database assigned", "use assigned", "set sql_mode = 'STRICT_ALL_TABLES'"):
            cursor.execute(statement)
        for to, column in COLUMNS:
            cursor.execute(f"create or replace table t (x {column})")

            def read(text: str) -> object:
                cursor.execute("delete from t")
                try:
                    cursor.execute("insert into t values (%s)", [text])
                except pymysql.err.MySQLError:
                    return None
                cursor.execute("select x from t")
                return cursor.fetchall()[0][0]

            assert agrees("mariadb", to, read) > len(TEXTS) // 2


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[Sequence[str], str, KnownEngine | None], Report]:
    def report(values: Sequence[str], target: str, engine: KnownEngine | None) -> Report:
        listed = ", ".join(f'"{value}"' for value in values)
        files = {
            "fieldline.yaml": "estate: t\n",
            "contracts/a.yaml": "system: a\nowner: {team: A, contact: a@x.example}\nentities:\n  e:\n    kind: entry\n"
            f"    fields:\n      v: {{type: text, required: true, one_of: [{listed}]}}\n",
            "contracts/b.yaml": "system: b\nowner: {team: B, contact: b@x.example}\n"
            f"{f'engine: {engine}' if engine else ''}\nentities: {{t: {{fields: {{v: {target}}}}}}}\n",
            "lineage/l.yaml": "flows: [{from: a.e.v, to: b.t.v}]\n",
        }
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return check(load_estate(tmp_path))

    return report


def told(report: Report) -> Iterator[tuple[str, str]]:
    return ((f.rule, f.verdict) for f in report.findings if f.rule in {"escape", "collision", "loss"})


@pytest.mark.parametrize(
    ("values", "target", "engine", "found"),
    [
        (["5", " 7"], "{type: integer}", "postgres", []),
        (["5", " 5"], "{type: integer, unique: true}", "postgres", [("collision", "refuted")]),
        (["5", "7.5"], "{type: integer}", "postgres", [("escape", "refuted")]),
        (["5", ".5", "7."], "{type: decimal}", "mariadb", []),
        (["5", "x"], "{type: decimal}", "mariadb", [("escape", "refuted")]),
        (["5", "1e1"], "{type: decimal}", "mariadb", [("escape", "unknown")]),
        (["5", " 7"], "{type: integer}", "oracle", [("escape", "unknown")]),
        (["5", " 7"], "{type: integer}", None, [("escape", "refuted")]),
        (["5", ""], "{type: integer}", "sqlserver", [("escape", "unknown")]),
        (["5", ""], "{type: integer}", "oracle", [("escape", "refuted")]),
        (["2024-05-01", "1 May 2024"], "{type: date}", "postgres", [("escape", "unknown")]),
        (["2024-05-01", "soon"], "{type: date}", "postgres", [("escape", "refuted")]),
    ],
)
def test_what_is_said_of_texts_in_a_column_of_another_type(
    judged: Callable[[Sequence[str], str, KnownEngine | None], Report],
    values: Sequence[str],
    target: str,
    engine: KnownEngine | None,
    found: list[tuple[str, str]],
) -> None:
    assert list(told(judged(values, target, engine))) == found
