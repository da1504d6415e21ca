"""Constants and conversions of queries: as texts they arrive in the writing of the engine, or nothing is stated of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlglot import exp, parse_one

from fieldline.estate.load import load_estate
from fieldline.lineage.queries.literals import number_constant, truth_constant
from fieldline.lineage.queries.statements import sqlglot_dialect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldline.formats.ddl.engines.engine import EngineName

LITERALS = (
    *(
        "5",
        "007",
        "-5",
        "-(5)",
        "- 5",
        "0",
        "-0",
        "9223372036854775807",
        "9223372036854775808",
        "-12345678901234567890",
    ),
    *("5.0", "1.50", "1.5", "-1.5", "-5.0", ".5", "0.5", "0.50", "00.50", "5.", "0.0", "-0.0", "100.25", "0.1"),
    *("0.0001", "0.00001", "1.123456789012345678", "12345678.12345678", "1234567890123456.5"),
    *("1e3", "1E3", "1.5e3", "2.0e0", "1.5e0", "1e-3", "1e-5", "1e15", "1e20", "-1e3"),
    *("true", "false"),
)


def agrees(engine: EngineName, ask: Callable[[str], str]) -> None:
    """What is stated of a literal is what a column of texts gets, and the same number."""
    stated = 0
    for literal in LITERALS:
        node = parse_one(f"select {literal}", dialect=sqlglot_dialect(engine)).expressions[0]
        found = truth_constant(node, engine) if isinstance(node, exp.Boolean) else number_constant(node, engine)
        if found is None:
            continue
        text, value = found
        answer = ask(literal)
        if value.kind != "mixed":
            stated += 1
            assert text == answer, literal
        elif value.kind != "other":
            assert Decimal(text) == Decimal(answer), literal
    assert stated > len(LITERALS) / 3


def test_in_sqlite() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table t (x text)")

        def ask(literal: str) -> str:
            connection.execute("delete from t")
            connection.execute(f"insert into t select {literal}")
            return cast("str", connection.execute("select x from t").fetchone()[0])

        agrees("sqlite", ask)


def test_in_duckdb() -> None:
    import duckdb

    with closing(duckdb.connect()) as connection:
        connection.execute("create table t (x varchar)")

        def ask(literal: str) -> str:
            connection.execute("delete from t")
            connection.execute(f"insert into t select {literal}")
            (row,) = connection.execute("select x from t").fetchall()
            return cast("str", row[0])

        agrees("duckdb", ask)


@pytest.mark.needs_postgres
def test_in_postgres(postgres: str) -> None:
    import psycopg

    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        run: Any = connection.execute
        run("create temp table literals (x varchar)")

        def ask(literal: str) -> str:
            run("delete from literals")
            run(f"insert into literals select {literal}")
            return cast("str", run("select x from literals").fetchone()[0])

        agrees("postgres", ask)


@pytest.mark.needs_mariadb
def test_in_mariadb(mariadb: str) -> None:
    import pymysql

    connection = pymysql.connect(unix_socket=mariadb, user="root", charset="utf8mb4", autocommit=True)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("create database if not exists literals character set utf8mb4")
        cursor.execute("use literals")
        cursor.execute("create table t (x varchar(99))")

        def ask(literal: str) -> str:
            cursor.execute("delete from t")
            cursor.execute(f"insert into t select {literal}")
            cursor.execute("select x from t")
            rows: Any = cursor.fetchall()
            return cast("str", rows[0][0])

        agrees("mariadb", ask)
        cursor.execute("drop database literals")


SOURCE = (
    "{id: {type: text}, name: {type: text, max_utf16: 10}, other: {type: text, max_utf16: 10}, long: {type: text, "
    "max_utf16: 20}, free: {type: text}, age: {type: integer, min: -2147483648, max: 2147483647}, "
    "amount: {type: decimal, precision: 10, scale: 2}, born: {type: date}}"
)
TARGET = (
    "{x: {type: text}, n: {type: integer}, d: {type: decimal, precision: 12, scale: 4}, b: {type: boolean}, "
    "since: {type: date}}"
)


def via(folder: Path, engine: str, expression: str, target: str = "x") -> list[str]:
    """The steps of each flow from a query of one expression."""
    files = {
        "fieldline.yaml": "estate: test\n",
        "contracts/src.yaml": f"system: src\nentities: {{t: {{key: id, fields: {SOURCE}}}}}\n",
        "contracts/dst.yaml": f"system: dst\nentities: {{t: {{fields: {TARGET}}}}}\n",
        "lineage/f.yaml": f"from: {{sql: {{files: load.sql, dialect: {engine}}}}}\nflows: []\n",
        "load.sql": f"INSERT INTO dst.t ({target}) SELECT {expression} FROM src.t;\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    flows = load_estate(folder).flows
    return [", ".join(step.sentence for step in flow.via) for flow in flows]


@pytest.mark.parametrize(
    ("engine", "literal", "target", "expected"),
    [
        ("postgres", "5.0", "x", "5.0"),  # opaque: it arrives as 5.0, and as 5 in other columns
        ("postgres", "5.0", "n", 'always "5"'),
        ("postgres", "1.50", "x", "1.50"),
        ("postgres", "1.50", "d", 'always "1.5"'),
        ("postgres", "1.5", "x", 'always "1.5"'),
        ("postgres", "1e3", "x", 'always "1000"'),
        ("sqlite", "1e3", "x", "1e3"),
        ("sqlite", "1e3", "n", 'always "1000"'),
        ("mariadb", "true", "x", 'always "1"'),
        ("sqlite", "false", "x", 'always "0"'),
        ("mariadb", "true", "n", 'always "1"'),
        ("postgres", "true", "x", 'always "true"'),
        ("duckdb", "true", "x", 'always "true"'),
        ("oracle", "true", "x", "TRUE"),
        ("oracle", "0.5", "x", "0.5"),  # Oracle writes .5
        ("oracle", "0.5", "d", 'always "0.5"'),
        ("sqlite", "12345678901234567890", "x", "12345678901234567890"),  # a floating-point number there
        ("postgres", "12345678901234567890", "x", 'always "12345678901234567890"'),
        ("mariadb", "concat(name, true)", "x", "'1' appended"),
    ],
)
def test_a_constant_is_text_as_its_engine_writes_it(
    tmp_path: Path, engine: str, literal: str, target: str, expected: str
) -> None:
    assert via(tmp_path, engine, literal, target) == [expected]


OWN_WORDS = "CASE WHEN src.t.name = '' THEN 'e' ELSE src.t.name END"


@pytest.mark.parametrize(
    ("engine", "expression", "target", "expected"),
    [
        ("sqlite", "CAST(born AS date)", "since", "DATE(src.t.born)"),  # SQLite was run: it is the year
        ("duckdb", "CAST(born AS date)", "since", ""),
        ("postgres", "mask(NULL)", "x", "MASK(NULL)"),
        ("postgres", "NULL IS NULL", "b", "NULL IS NULL"),
        ("mariadb", "NULL OR name", "x", "NULL OR src.t.name"),  # an error, or null, or 1
        ("postgres", "upper(NULL)", "x", "always null"),
        ("oracle", "''", "x", "always null"),  # Oracle Database SQL Language Reference, "Nulls"
        ("oracle", "COALESCE(name, '')", "x", ""),
        ("oracle", "NVL(name, 'x')", "x", "'x' where empty"),
        ("oracle", "NULLIF(name, '')", "x", ""),
        ("oracle", "CASE WHEN name = '' THEN 'e' ELSE name END", "x", OWN_WORDS),
        ("postgres", "COALESCE(name, '')", "x", "'' where empty"),
        ("mariadb", "amount + 0.5", "x", "src.t.amount + 0.5"),  # its zero is written 0: MariaDB 10.11 was run
        ("postgres", "amount + 0.5", "x", "0.5 added"),
    ],
)
def test_what_engines_make_of_null_and_of_zeros(
    tmp_path: Path, engine: str, expression: str, target: str, expected: str
) -> None:
    assert via(tmp_path, engine, expression, target) == [expected]


OPAQUE = "src.t."
"""What a step says that tells an expression in its own words."""


@pytest.mark.parametrize(
    ("expression", "target", "is_exact"),
    [
        ("CAST(name AS varchar)", "x", False),  # cut to 30
        ("CAST(name AS nvarchar)", "x", False),
        ("TRY_CAST(name AS nvarchar)", "x", False),
        ("CONVERT(nvarchar, name)", "x", False),
        ("CAST(name AS nvarchar(max))", "x", True),
        ("CAST(age AS varchar)", "x", True),  # a whole number has fewer digits
        ("ISNULL(name, '')", "x", True),
        ("ISNULL(name, '-')", "x", True),
        ("ISNULL(name, 'unknown')", "x", True),
        ("ISNULL(name, 'quite unknown')", "x", False),  # cut to the ten of the column
        ("ISNULL(UPPER(name), 'quite unknown')", "x", False),
        ("ISNULL(free, 'unknown')", "x", False),  # the length of its type is not known
        ("ISNULL(name, other)", "x", True),
        ("ISNULL(name, long)", "x", False),
        ("ISNULL(long, name)", "x", True),
        ("COALESCE(name, 'quite unknown')", "x", True),
        ("COALESCE(name, long)", "x", True),
        ("ISNULL(age, 0)", "n", True),
        ("ISNULL(age, 2.5)", "n", False),
        ("ISNULL(age, 3000000000)", "n", False),
        ("ISNULL(amount, 0)", "d", True),
        ("ISNULL(amount, 1.25)", "d", False),  # nothing is stated of the type of such a literal
        ("ISNULL(born, '1900-01-01')", "since", True),
        ("ISNULL(born, '01/02/1900')", "since", False),
    ],
)
def test_conversions_of_sql_server(tmp_path: Path, expression: str, target: str, is_exact: bool) -> None:
    """Microsoft, "ISNULL (Transact-SQL)": it gives the type of its first value. "char and varchar", Remarks: 30."""
    assert all(OPAQUE not in told for told in via(tmp_path, "sqlserver", expression, target)) is is_exact


def test_a_condition_on_isnull_is_in_its_own_words_where_it_may_cut(tmp_path: Path) -> None:
    for text, is_read in (("-", True), ("unknown", False)):
        via(tmp_path, "sqlserver", f"id FROM src.t WHERE ISNULL(name, '{text}') <> 'x' --")
        (flow,) = load_estate(tmp_path).flows
        assert (flow.when is not None) is is_read


def test_a_comparison_with_the_empty_text_of_oracle_is_in_its_own_words(tmp_path: Path) -> None:
    for engine, is_read in (("postgres", True), ("oracle", False)):
        via(tmp_path, engine, "id FROM src.t WHERE name <> '' --")
        (flow,) = load_estate(tmp_path).flows
        assert (flow.when is not None) is is_read
