"""The proof in databases: the same records, stored under constraints and asked about in queries, in each engine."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.application.library import LoadedEstate
from fieldline.validators.targets import TARGETS

from ..properties.estates import estate
from .tried import (
    BANK,
    CARRIED,
    DB,
    FIELDS,
    MORE,
    agree,
    entry_of,
    has_surrogates,
    records,
    wide,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldline.application.library import Entry

COLUMNS = {"text": "TEXT", "integer": "BIGINT", "decimal": "DECIMAL(30, 6)", "boolean": "BOOLEAN", "date": "DATE"}


def stored(
    entry: Entry, dialect: str, insert: Callable[[str, list[Any]], bool], create: Callable[[str], object], mark: str
) -> None:
    """Make a table with the constraints of an engine, and try to store every record that the engine can hold at all."""
    generated = TARGETS[f"sql-{dialect}"](entry)
    assert generated.left == ()
    columns = ", ".join(f'"{field.name}" {COLUMNS[field.type]}' for field in entry.entity.fields.values())
    if dialect in {"postgres", "mysql"}:
        create(f'CREATE TABLE "e" ({columns});\n{generated.text}')
    else:
        create(f'CREATE TABLE "e" ({columns},\n{generated.text.rstrip().removesuffix(",")})')
    tried = held(entry)
    marks = ", ".join([mark] * len(entry.entity.fields))
    told = [insert(f'INSERT INTO "e" VALUES ({marks})', [r.get(name) for name in entry.entity.fields]) for r in tried]
    agree(entry, told, tried)


@pytest.mark.needs_postgres
def test_the_constraints_agree_in_postgresql(postgres: str) -> None:
    import psycopg

    fields = FIELDS | {"born": MORE["born"], "byte": MORE["byte"]}
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:

        def insert(query: str, values: list[Any]) -> bool:
            try:
                connection.execute(query, values)
            except psycopg.errors.CheckViolation:
                return False
            return True

        connection.execute("CREATE SCHEMA proof; SET search_path = proof; SET synchronous_commit = off")
        stored(entry_of(fields), "postgres", insert, connection.execute, "%s")
        connection.execute("DROP SCHEMA proof CASCADE")


@pytest.mark.needs_mariadb
def test_the_constraints_agree_in_mariadb(mariadb: str) -> None:
    import pymysql

    fields = FIELDS | {"born": MORE["born"], "byte": MORE["byte"]}
    run = {"unix_socket": mariadb, "user": "root", "charset": "utf8mb4", "autocommit": True}
    with closing(pymysql.connect(**run)) as connection, connection.cursor() as cursor:

        def insert(query: str, values: list[Any]) -> bool:
            try:
                cursor.execute(query.replace('"', "`"), values)
            except pymysql.err.OperationalError as error:
                if error.args[0] != 4025:  # CONSTRAINT … failed
                    raise
                return False
            return True

        def create(script: str) -> None:
            for statement in script.split(";\n"):
                text = "\n".join(line for line in statement.splitlines() if not line.startswith("--"))
                if text.strip():
                    cursor.execute(text.replace('"', "`") if "CREATE" in text else text)

        cursor.execute("CREATE DATABASE proof CHARACTER SET utf8mb4")
        cursor.execute("USE proof")
        stored(entry_of(fields), "mysql", insert, create, "%s")
        cursor.execute("DROP DATABASE proof")


def test_the_constraints_agree_in_duckdb() -> None:
    import duckdb

    fields = FIELDS | {"born": MORE["born"], "byte": MORE["byte"]}
    with duckdb.connect() as connection:

        def insert(query: str, values: list[Any]) -> bool:
            try:
                connection.execute(query, values)
            except duckdb.ConstraintException:
                return False
            return True

        stored(entry_of(fields), "duckdb", insert, connection.execute, "?")


def test_the_constraints_agree_in_sqlite() -> None:
    import sqlite3

    fields = {"free": FIELDS["free"], "count": FIELDS["count"], "byte": MORE["byte"], "flag": FIELDS["flag"]}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:

        def insert(query: str, values: list[Any]) -> bool:
            try:
                connection.execute(query, values)
            except sqlite3.IntegrityError:
                return False
            return True

        stored(LoadedEstate(estate({"in": fields}, [])).entry("in.e"), "sqlite", insert, connection.execute, "?")
    with closing(sqlite3.connect(":memory:")) as connection:  # its own functions end a text at NUL
        held = {"free": FIELDS["free"]}
        text = TARGETS["sql-sqlite"](LoadedEstate(estate({"in": held}, [])).entry("in.e")).text
        connection.execute(f'CREATE TABLE "e" (free TEXT,\n{text.rstrip().removesuffix(",")})')
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO e VALUES (?)", ["a\0" + "x" * 40])
    left = TARGETS["sql-sqlite"](LoadedEstate(estate({"in": FIELDS}, [])).entry("in.e")).left
    assert any("matches" in each.message for each in left)


def queried(entry: Entry, dialect: str, tried: list[dict[str, Any]], ask: Callable[[str], list[Any]]) -> None:
    """Rows in a table `e` with their place in `place`: counted as the algebra does, and the bad ones given."""
    generated = TARGETS[f"query-{dialect}"](entry)
    assert generated.left == ()
    counting, giving = (part for part in generated.text.split(";\n") if part.strip())
    ((rows, bad, *broken),) = ask("\n".join(line for line in counting.splitlines() if not line.startswith("--")))
    given = {row[0] for row in ask(giving)}
    agree(entry, [place not in given for place in range(len(tried))], tried)
    assert (rows, bad) == (len(tried), len(given))
    # A demand of several parts is met where each of them is.
    fewest = max(sum(not clause.admits(record) for record in tried) for clause in entry.requirement.clauses)
    assert max(broken) <= fewest


CONDITIONED = FIELDS | {"born": MORE["born"], "byte": MORE["byte"], "land": MORE["land"], "code": MORE["code"]}
DOWNSTREAM = [{"from": "in.e.code", "to": "db.e.code", "when": "in.e.land = 'FI'"}]


@pytest.fixture(scope="module")
def conditioned() -> Entry:
    """What queries have words for: conditions, too."""
    return LoadedEstate(
        estate({"in": CONDITIONED, "db": {"code": DB["code"]}, "bank": BANK}, [*DOWNSTREAM, *CARRIED])
    ).entry("in.e")


def held(entry: Entry) -> list[dict[str, Any]]:
    """The records that databases can hold."""
    return [record for record in records(entry) if not has_surrogates(record) and not _has_nul(record)]


def _has_nul(record: dict[str, Any]) -> bool:
    return any(isinstance(value, str) and "\x00" in value for value in record.values())


def test_the_queries_agree_in_duckdb(conditioned: Entry) -> None:
    import duckdb

    tried = held(conditioned)
    columns = ", ".join(f'"{field.name}" {COLUMNS[field.type]}' for field in conditioned.entity.fields.values())
    with duckdb.connect() as connection:
        connection.execute(f'CREATE TABLE "e" (place BIGINT, {columns})')
        marks = ", ".join("?" * (1 + len(conditioned.entity.fields)))
        rows = [[place, *(r.get(name) for name in conditioned.entity.fields)] for place, r in enumerate(tried)]
        connection.executemany(f'INSERT INTO "e" VALUES ({marks})', rows)
        queried(conditioned, "duckdb", tried, lambda query: connection.execute(query).fetchall())


@pytest.mark.needs_postgres
def test_the_queries_agree_in_postgresql(conditioned: Entry, postgres: str) -> None:
    import psycopg

    tried = held(conditioned)
    fields = conditioned.entity.fields.values()
    columns = ", ".join(f'"{field.name}" {COLUMNS[field.type]}' for field in fields)
    marks = ", ".join(["%s"] * (1 + len(fields)))
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE SCHEMA queried; SET search_path = queried; SET synchronous_commit = off")
        connection.execute(f'CREATE TABLE "e" (place BIGINT, {columns})')
        with connection.cursor() as cursor:
            rows = [[place, *(r.get(field.name) for field in fields)] for place, r in enumerate(tried)]
            cursor.executemany(f'INSERT INTO "e" VALUES ({marks})', rows)
        queried(conditioned, "postgres", tried, lambda query: connection.execute(query).fetchall())
        connection.execute("DROP SCHEMA queried CASCADE")


@pytest.mark.needs_mariadb
def test_the_queries_agree_in_mariadb(conditioned: Entry, mariadb: str) -> None:
    import pymysql

    tried = held(conditioned)
    fields = conditioned.entity.fields.values()
    columns = ", ".join(f"`{field.name}` {COLUMNS[field.type]}" for field in fields)
    marks = ", ".join(["%s"] * (1 + len(fields)))
    run = {"unix_socket": mariadb, "user": "root", "charset": "utf8mb4", "autocommit": True}
    with closing(pymysql.connect(**run)) as connection, connection.cursor() as cursor:

        def ask(query: str) -> list[Any]:
            cursor.execute(query)
            return list(cursor.fetchall())

        cursor.execute("CREATE DATABASE queried CHARACTER SET utf8mb4")
        cursor.execute("USE queried")
        cursor.execute(f"CREATE TABLE `e` (place BIGINT, {columns})")
        rows = [[place, *(r.get(field.name) for field in fields)] for place, r in enumerate(tried)]
        cursor.executemany(f"INSERT INTO `e` VALUES ({marks})", rows)
        queried(conditioned, "mysql", tried, ask)
        cursor.execute("DROP DATABASE queried")


@pytest.mark.needs_java
@pytest.mark.filterwarnings("ignore")  # of the libraries below it
def test_the_queries_agree_in_spark(tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    fields_here = CONDITIONED | {"wide": MORE["wide"]}
    conditioned = LoadedEstate(
        estate({"in": fields_here, "db": {"code": DB["code"]}, "bank": BANK}, [*DOWNSTREAM, *CARRIED])
    ).entry("in.e")
    kinds = {"text": "string", "integer": "bigint", "decimal": "decimal(30,6)", "boolean": "boolean", "date": "date"}
    tried = held(conditioned)
    fields = conditioned.entity.fields.values()
    schema = ", ".join(["`place` bigint", *(f"`{field.name}` {kinds[field.type]}" for field in fields)])
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(tmp_path))
        .getOrCreate()
    )
    try:
        rows = [(place, *(wide(r.get(f.name), f.type) for f in fields)) for place, r in enumerate(tried)]
        session.createDataFrame(rows, schema).createOrReplaceTempView("e")
        queried(conditioned, "spark", tried, lambda query: [tuple(row) for row in session.sql(query).collect()])
    finally:
        session.stop()
