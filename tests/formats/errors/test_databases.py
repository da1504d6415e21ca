"""Errors that PostgreSQL, MariaDB, SQLite and DuckDB really report, read to what they say."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import duckdb
import psycopg
import pymysql
import pytest
import sqlalchemy

from fieldline.formats.errors.read import read_errors

from .read_one import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INTO = "INSERT INTO person (id, login, {}) VALUES (2, 'x', {})"


def refused(run: Callable[[str], object], statement: str) -> str:
    """The message with which a statement is refused."""
    with pytest.raises(Exception, match=r"(?s).") as error:
        run(statement)
    return str(error.value)


# ---------------------------------------------------------------------------------------------------- PostgreSQL

POSTGRES = [
    ("INSERT INTO person (id, login) VALUES (2, 'abcdefghijklmn')", {"kind": "too_long", "limit": "12"}),
    (INTO.format("code", "'abcd'"), {"kind": "too_long", "limit": "3"}),
    ("INSERT INTO person (id) VALUES (2)", {"kind": "null", "table": "person", "column": "login"}),
    (
        "INSERT INTO person (id, login) VALUES (1, 'x')",
        {"kind": "duplicate", "column": "id", "value": "1", "constraint": "person_pkey"},
    ),
    (
        "INSERT INTO person (id, login) VALUES (2, 'anna')",
        {"kind": "duplicate", "column": "login", "value": "anna", "constraint": "person_login_key"},
    ),
    ("INSERT INTO pair VALUES (1, 2)", {"kind": "duplicate", "column": "a,b", "constraint": "pair_a_b_key"}),
    (INTO.format("age", "99999"), {"kind": "out_of_range", "limit": "smallint"}),
    (INTO.format("score", "12345.6"), {"kind": "out_of_range", "limit": "5,2"}),
    (
        INTO.format("age", "'99999'"),
        {"kind": "out_of_range", "table": "person", "column": "age", "value": "99999", "limit": "smallint"},
    ),
    (
        INTO.format("born", "'2024-13-45'"),
        {"kind": "out_of_range", "value": "2024-13-45"},
    ),
    (
        INTO.format("age", "'abc'"),
        {"kind": "wrong_type", "table": "person", "column": "age", "value": "abc", "limit": "smallint"},
    ),
    (
        INTO.format("score", "'12,5'"),
        {"kind": "wrong_type", "value": "12,5", "limit": "numeric"},
    ),
    (
        INTO.format("flag", "'maybe'"),
        {"kind": "wrong_type", "value": "maybe", "limit": "boolean"},
    ),
    (
        INTO.format("seen", "'a \"quoted\" day'"),
        {"kind": "wrong_type", "value": 'a "quoted" day'} | {"limit": "timestamp with time zone"},
    ),
    (
        INTO.format("born", "5"),
        {"kind": "wrong_type", "column": "born", "value": "5", "limit": "date"},
    ),
    (
        INTO.format("mood", "'angry'"),
        {"kind": "not_in_list", "value": "angry", "limit": "mood"},
    ),
    (INTO.format("mail", "'nomail'"), {"kind": "check", "table": "person", "constraint": "person_mail_check"}),
    (INTO.format("zip", "'ABC'"), {"kind": "check", "constraint": "zip_check", "limit": "zip"}),
    (
        INTO.format("boss", "77"),
        {"kind": "reference", "table": "person", "column": "boss", "value": "77", "constraint": "person_boss_fkey"},
    ),
    (INTO.format("number", "5"), {"kind": "not_writable", "column": "number"}),
    (r"INSERT INTO person (id, login) VALUES (2, E'a\xff')", {"kind": "encoding", "limit": "UTF8"}),
]


@pytest.fixture(scope="module")
def in_postgres(postgres: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS errors CASCADE")
        connection.execute("CREATE SCHEMA errors")
        connection.execute("SET search_path TO errors")
        connection.execute("CREATE TYPE mood AS ENUM ('sad', 'happy')")
        connection.execute("CREATE DOMAIN zip AS text CHECK (VALUE ~ '^[0-9]{5}$')")
        connection.execute(
            "CREATE TABLE person (id int PRIMARY KEY, login varchar(12) NOT NULL UNIQUE, code char(3), age smallint, "
            "score numeric(5, 2), born date, flag boolean, seen timestamptz, mood mood, mail text CHECK (mail LIKE '%@%'), "
            "zip zip, boss int REFERENCES person, number int GENERATED ALWAYS AS IDENTITY)"
        )
        connection.execute("CREATE TABLE pair (a int, b int, UNIQUE (a, b))")
        connection.execute("INSERT INTO person (id, login) VALUES (1, 'anna')")
        connection.execute("INSERT INTO pair VALUES (1, 2)")
        yield connection
        connection.execute("DROP SCHEMA errors CASCADE")


@pytest.mark.needs_postgres
@pytest.mark.parametrize(("statement", "expected"), POSTGRES)
def test_what_postgresql_refuses_is_read(
    in_postgres: psycopg.Connection, statement: str, expected: dict[str, str]
) -> None:
    read = told(refused(in_postgres.execute, statement))
    found = {name: read.pop(name) for name in ("table", "column") if name in read and name not in expected}
    assert found.get("table", "person") == "person"  # of statements that are short enough to be told as a whole
    assert found.get("column", "age") == "age"
    assert read == {"engine": "postgres", **expected}


@pytest.mark.needs_postgres
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("5\tabcdefghijklmno\t3", {"kind": "too_long", "column": "login", "value": "abcdefghijklmno", "limit": "12"}),
        ("5\tabc\tx3", {"kind": "wrong_type", "column": "age", "value": "x3", "limit": "smallint"}),
        ("5\t\\N\t3", {"kind": "null", "column": "login"}),
    ],
)
def test_what_a_copy_refuses_is_read_with_its_column(
    in_postgres: psycopg.Connection, line: str, expected: dict[str, str]
) -> None:
    def copy(line: str) -> None:
        with in_postgres.cursor().copy("COPY person (id, login, age) FROM STDIN") as rows:
            rows.write(f"{line}\n".encode())

    assert told(refused(copy, line)) == {"engine": "postgres", "table": "person", **expected}


@pytest.mark.needs_postgres
def test_sqlalchemy_tells_the_table_the_column_and_the_value_that_postgresql_leaves_out(
    in_postgres: psycopg.Connection, postgres: str
) -> None:
    assert in_postgres
    engine = sqlalchemy.create_engine(f"postgresql+psycopg://tester@/postgres?host={postgres}")
    insert = sqlalchemy.text("INSERT INTO errors.person (id, login, age) VALUES (:number, :login, :age)")
    values = {"number": 3, "login": "abcdefghijklmn", "age": None}
    with engine.connect() as connection:
        message = refused(lambda _: connection.execute(insert, values), "")
    engine.dispose()
    assert message.startswith("(psycopg.errors.StringDataRightTruncation)")
    assert told(message) == {
        "engine": "postgres",
        "kind": "too_long",
        "table": "errors.person",
        "column": "login",
        "value": "abcdefghijklmn",
        "limit": "12",
    }
    assert dict(read_errors(message)[0].record) == {"id": "3", "login": "abcdefghijklmn", "age": None}


# ------------------------------------------------------------------------------------------------------- MariaDB

MARIADB = [
    ("INSERT INTO person (id, login) VALUES (2, 'abcdefghijklmn')", {"kind": "too_long", "column": "login"}),
    ("INSERT INTO person (id, login) VALUES (2, NULL)", {"kind": "null", "column": "login"}),
    ("INSERT INTO person (id) VALUES (2)", {"kind": "null", "column": "login"}),
    (
        "INSERT INTO person (id, login) VALUES (1, 'x')",
        {"kind": "duplicate", "value": "1", "constraint": "PRIMARY"},
    ),
    (
        "INSERT INTO person (id, login) VALUES (2, 'anna')",
        {"kind": "duplicate", "value": "anna", "constraint": "login"},
    ),
    (INTO.format("age", "999"), {"kind": "out_of_range", "column": "age"}),
    (INTO.format("score", "99999.1"), {"kind": "out_of_range", "column": "score"}),
    (
        INTO.format("age", "'abc'"),
        {"kind": "wrong_type", "table": "errors.person", "column": "age", "value": "abc", "limit": "integer"},
    ),
    (
        INTO.format("born", "'2024-13-45'"),
        {"kind": "wrong_type", "table": "errors.person", "column": "born", "value": "2024-13-45", "limit": "date"},
    ),
    (INTO.format("kind", "'c'"), {"kind": "wrong_type", "column": "kind"}),
    (INTO.format("latin", "'Āb'"), {"kind": "encoding", "table": "errors.person", "column": "latin"}),
    (
        INTO.format("mail", "'nomail'"),
        {"kind": "check", "table": "errors.person", "column": "mail", "constraint": "person.mail"},
    ),
    (INTO.format("age", "101"), {"kind": "check", "table": "errors.person", "constraint": "ck_age"}),
    (
        INTO.format("boss", "77"),
        {"kind": "reference", "table": "errors.person", "column": "boss", "constraint": "fk_boss"},
    ),
]


@pytest.fixture(scope="module")
def in_mariadb(mariadb: str) -> Iterator[pymysql.cursors.Cursor]:
    with pymysql.connect(unix_socket=mariadb, user="root", charset="utf8mb4", autocommit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE OR REPLACE DATABASE errors CHARACTER SET utf8mb4")
        cursor.execute("USE errors")
        cursor.execute(
            "CREATE TABLE person (id int PRIMARY KEY, login varchar(12) NOT NULL UNIQUE, age tinyint, score decimal(5, 2), "
            "born date, kind enum('a', 'b'), latin varchar(10) CHARACTER SET latin1, mail text CHECK (mail LIKE '%@%'), "
            "boss int, CONSTRAINT ck_age CHECK (age < 100), CONSTRAINT fk_boss FOREIGN KEY (boss) REFERENCES person (id))"
        )
        cursor.execute("INSERT INTO person (id, login) VALUES (1, 'anna')")
        yield cursor
        cursor.execute("DROP DATABASE errors")


@pytest.mark.needs_mariadb
@pytest.mark.parametrize(("statement", "expected"), MARIADB)
def test_what_mariadb_refuses_is_read(
    in_mariadb: pymysql.cursors.Cursor, statement: str, expected: dict[str, str]
) -> None:
    message = refused(in_mariadb.execute, statement)
    assert message.startswith("(")  # pymysql's tuple, as it is copied
    assert told(message) == {"engine": "mysql", **expected}


# -------------------------------------------------------------------------------------------------------- SQLite

SQLITE = [
    ("INSERT INTO person (id, login) VALUES (2, NULL)", {"kind": "null", "table": "person", "column": "login"}),
    ("INSERT INTO person (id, login) VALUES (1, 'x')", {"kind": "duplicate", "table": "person", "column": "id"}),
    ("INSERT INTO person (id, login) VALUES (2, 'anna')", {"kind": "duplicate", "table": "person", "column": "login"}),
    ("INSERT INTO pair VALUES (1, 2)", {"kind": "duplicate", "table": "pair", "column": "a,b"}),
    (
        "INSERT INTO person (id, login) VALUES (2, 'abcdefghijklmn')",
        {"kind": "check", "constraint": "length(login) <= 12"},
    ),
    (INTO.format("age", "100"), {"kind": "check", "constraint": "ck_age"}),
    (INTO.format("boss", "77"), {"kind": "reference"}),
    (
        "INSERT INTO strict VALUES ('abc')",
        {"kind": "wrong_type", "table": "strict", "column": "number", "limit": "INT"},
    ),
    ("INSERT INTO person (id, login) VALUES ('abc', 'x')", {"kind": "wrong_type"}),
]


@pytest.fixture(scope="module")
def in_sqlite() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "CREATE TABLE person (id integer PRIMARY KEY, login text NOT NULL UNIQUE CHECK (length(login) <= 12), "
        "age int CONSTRAINT ck_age CHECK (age < 100), boss int REFERENCES person)"
    )
    connection.execute("CREATE TABLE pair (a int, b int, UNIQUE (a, b))")
    connection.execute("CREATE TABLE strict (number int) STRICT")
    connection.execute("INSERT INTO person (id, login) VALUES (1, 'anna')")
    connection.execute("INSERT INTO pair VALUES (1, 2)")
    yield connection
    connection.close()


@pytest.mark.parametrize(("statement", "expected"), SQLITE)
def test_what_sqlite_refuses_is_read(in_sqlite: sqlite3.Connection, statement: str, expected: dict[str, str]) -> None:
    assert told(refused(in_sqlite.execute, statement)) == {"engine": "sqlite", **expected}


# -------------------------------------------------------------------------------------------------------- DuckDB

DUCKDB = [
    ("INSERT INTO person (id, login) VALUES (2, NULL)", {"kind": "null", "table": "person", "column": "login"}),
    ("INSERT INTO person (id, login) VALUES (1, 'x')", {"kind": "duplicate", "column": "id", "value": "1"}),
    ("INSERT INTO person (id, login) VALUES (2, 'anna')", {"kind": "duplicate", "column": "login", "value": "anna"}),
    ("INSERT INTO pair VALUES (1, 2)", {"kind": "duplicate"}),
    (
        "INSERT INTO person (id, login) VALUES (2, 'abcdefghijklmn')",
        {"kind": "check", "table": "person", "constraint": "(length(login) <= 12)"},
    ),
    (INTO.format("age", "999"), {"kind": "out_of_range", "table": "person", "column": "age", "value": "999"}),
    (
        INTO.format("score", "99999.1"),
        {"kind": "out_of_range", "table": "person", "column": "score", "value": "99999.1"},
    ),
    (INTO.format("age", "'abc'"), {"kind": "wrong_type", "table": "person", "column": "age", "value": "abc"}),
    (INTO.format("score", "'zz'"), {"kind": "wrong_type", "table": "person", "column": "score", "value": "zz"}),
    (INTO.format("born", "'hello'"), {"kind": "wrong_type", "table": "person", "column": "born", "value": "hello"}),
    (
        INTO.format("born", "'2024-13-45'"),
        {"kind": "out_of_range", "table": "person", "column": "born", "value": "2024-13-45"},
    ),
    (INTO.format("mood", "'angry'"), {"kind": "not_in_list", "table": "person", "column": "mood", "value": "angry"}),
    (INTO.format("boss", "77"), {"kind": "reference", "column": "id", "value": "77"}),
]


@pytest.fixture(scope="module")
def in_duckdb() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("CREATE TYPE mood AS ENUM ('sad', 'happy')")
    connection.execute(
        "CREATE TABLE person (id int PRIMARY KEY, login varchar NOT NULL UNIQUE CHECK (length(login) <= 12), age tinyint, "
        "score decimal(5, 2), born date, mood mood, boss int REFERENCES person)"
    )
    connection.execute("CREATE TABLE pair (a int, b int, UNIQUE (a, b))")
    connection.execute("INSERT INTO person (id, login) VALUES (1, 'anna')")
    connection.execute("INSERT INTO pair VALUES (1, 2)")
    yield connection
    connection.close()


@pytest.mark.parametrize(("statement", "expected"), DUCKDB)
def test_what_duckdb_refuses_is_read(
    in_duckdb: duckdb.DuckDBPyConnection, statement: str, expected: dict[str, str]
) -> None:
    read = told(refused(in_duckdb.execute, statement))
    read.pop("limit", None)
    table = {"table": read["table"]} if expected["kind"] in {"duplicate", "reference"} and "table" in read else {}
    assert read == {"engine": "duckdb", **table, **expected}
