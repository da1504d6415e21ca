"""Unique columns and indexes, held to the engines that run here.

Two values of which an engine rejects the second are equal for the contract that is read, or in doubt; two that it accepts
are not equal for the contract.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import psycopg
import pymysql
import pytest

from fieldline.lineage.comparison import comparison
from fieldline.lineage.storage import storage
from fieldline.lineage.transform import NoValue, chain_apply

from .tables import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldline.contracts.model import Field

TEXTS = (
    None,
    "",
    "a",
    "A",
    "a ",
    " a",
    "b",
    "a-b",
    "ab",
    "A-B",
    "é",
    "É",
    "e",
    "i",
    "ı",
    "I",
    "ß",
    "SS",
    "Z",
    "z",
    "y",
    "0",
)
Accepts = "Callable[[str, Sequence[str | None]], bool]"
"""Whether an engine stores all values, one after the other, in the column c of a table t that a script makes."""


def disagreements(script: str, dialect: str, accepts: Callable[[str, Sequence[str | None]], bool]) -> list[object]:
    field = fields(script, dialect)["t.c"]
    return [
        pair
        for pair in combinations_with_replacement(TEXTS, 2)
        if all(accepts(script, [value]) for value in pair) and not agrees(field, pair, accepts(script, pair))
    ]


def agrees(field: Field, pair: Sequence[str | None], accepted: bool) -> bool:
    unique = field.unique
    assert unique is not None
    steps = (*storage(field).transforms, *comparison(unique, field))
    one, other = (chain_apply(steps, value) for value in pair)
    equal = one == other and not isinstance(one, NoValue) and (one is not None or unique.one_null)
    plain = all(value is None or (value.isascii() and value.isprintable()) for value in pair)
    doubted = unique.opaque is not None and not (unique.only_beyond_ascii and plain)
    return not equal if accepted else equal or doubted


SQLITE = (
    "create table t (c text unique)",
    "create table t (c text collate nocase unique)",
    "create table t (c text collate rtrim unique)",
    "create table t (c text); create unique index i on t (lower(c))",
    "create table t (c text); create unique index i on t (lower(trim(c)))",
    "create table t (c text); create unique index i on t (upper(replace(c, '-', '')))",
    "create table t (c text); create unique index i on t (ltrim(c) collate nocase)",
    "create table t (c text); create unique index i on t (c) where c is not null",
)


@pytest.mark.parametrize("script", SQLITE)
def test_sqlite(script: str) -> None:
    def accepts(script: str, values: Sequence[str | None]) -> bool:
        with sqlite3.connect(":memory:") as connection:
            connection.executescript(script)
            with suppress(sqlite3.IntegrityError):
                connection.executemany("insert into t values (?)", [(value,) for value in values])
                return True
            return False

    assert disagreements(script, "sqlite", accepts) == []


POSTGRES = (
    "create table t (c text unique)",
    "create table t (c varchar(5) unique nulls not distinct)",
    "create table t (c text); create unique index i on t (c) nulls not distinct",
    "create table t (c char(5) unique)",
    "create table t (c text); create unique index i on t (lower(c))",
    "create table t (c text); create unique index i on t (upper(c))",
    "create table t (c varchar(9)); create unique index i on t (lower(trim(c)))",
    "create table t (c text); create unique index i on t ((lower(rtrim(c))))",
    "create table t (c text); create unique index i on t (replace(c, '-', ''))",
    'create table t (c text collate "C" unique)',
)


@pytest.mark.needs_postgres
@pytest.mark.parametrize("script", POSTGRES)
def test_postgres(postgres: str, script: str) -> None:
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute("drop table if exists t")
        connection.execute(script)  # type: ignore[arg-type]

        def accepts(_: str, values: Sequence[str | None]) -> bool:
            connection.execute("truncate t")
            try:
                for value in values:
                    connection.execute("insert into t values (%s)", (value,))
            except psycopg.errors.UniqueViolation:
                return False
            return True

        assert disagreements(script, "postgres", accepts) == []


MARIADB = (
    "create table t (c varchar(9) collate utf8mb4_general_ci unique)",
    "create table t (c varchar(9) collate utf8mb4_unicode_ci unique)",
    "create table t (c varchar(9) collate utf8mb4_unicode_nopad_ci unique)",
    "create table t (c varchar(9) collate utf8mb4_bin unique)",
    "create table t (c varchar(9) collate utf8mb4_nopad_bin unique)",
    "create table t (c varchar(9) character set latin1 collate latin1_swedish_ci unique)",
    "create table t (c varchar(9) collate utf8mb4_turkish_ci unique)",
    "create table t (c varchar(9) collate utf8mb4_roman_ci unique)",
    "create table t (c varchar(9) collate utf8mb4_nopad_bin, unique key (c(1)))",
)


@pytest.mark.needs_mariadb
@pytest.mark.parametrize("script", MARIADB)
def test_mariadb(mariadb: str, script: str) -> None:
    with pymysql.connect(unix_socket=mariadb, user="root", autocommit=True, charset="utf8mb4") as connection:
        cursor = connection.cursor()
        cursor.execute("create or replace database uniqueness character set utf8mb4")
        cursor.execute("use uniqueness")
        cursor.execute(script)

        def accepts(_: str, values: Sequence[str | None]) -> bool:
            cursor.execute("delete from t")
            try:
                for value in values:
                    cursor.execute("insert into t values (%s)", (value,))
            except (pymysql.err.IntegrityError, pymysql.err.DataError):
                return False
            return True

        assert disagreements(script, "mariadb", accepts) == []


def test_sql_server_takes_one_null_but_where_null_is_left_out() -> None:
    """Transact-SQL reference, CREATE TABLE: "UNIQUE constraints … only one null value is allowed per column"."""
    unique = fields("create table t (c int null unique)", "sqlserver")["t.c"].unique
    assert unique is not None
    assert unique.one_null
    script = "create table t (c int null)\nGO\ncreate unique index u on t (c) where c is not null"
    filtered = fields(script, "sqlserver")["t.c"].unique
    assert filtered is not None
    assert not filtered.one_null


@pytest.mark.parametrize("of", ["nocase", "noaccent", "nfc", "nocase.noaccent", "de"])
def test_an_index_of_duckdb_knows_no_collation(of: str) -> None:
    """DuckDB 2.0 stores "a" and "A" in a unique column of NOCASE; ON CONFLICT DO NOTHING leaves out the second."""
    unique = fields(f"create table t (c varchar collate {of} unique)", "duckdb")["t.c"].unique
    assert unique is not None
    assert unique.compared == ()
    assert unique.opaque is not None
    assert not unique.only_beyond_ascii


@pytest.mark.parametrize("key", ["primary key (id)", "constraint k primary key (id)", "unique (id)"])
def test_a_key_that_the_engine_does_not_add_is_declared_alone(key: str) -> None:
    """SQLite has keys where a table is created alone: it refuses the statement, and rows are not numbered by it."""
    script, added = "create table t (id integer not null)", f"alter table t add {key}"
    with sqlite3.connect(":memory:") as connection:
        connection.execute(script)
        with pytest.raises(sqlite3.OperationalError, match="syntax error"):
            connection.execute(added)
    field = fields(f"{script}; {added}", "sqlite")["t.id"]
    assert (field.required, field.fill, field.unique) == (True, None, None)
    assert field.declared
    assert fields(f"{script}; {added}", "postgres")["t.id"].unique is not None


def test_an_index_that_is_not_unique_demands_nothing() -> None:
    assert fields("create table t (c text); create index i on t (lower(c))", "postgres")["t.c"].unique is None
