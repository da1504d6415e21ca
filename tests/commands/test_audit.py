"""`fieldline audit`: what real databases store, against their contracts, by Great Expectations."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import jsonschema_rs
import polars as pl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

CONTRACT = """
system: shop
entities:
  customer:
    fields:
      login: {type: text, title: "<b>Login</b> $login", required: true, max_length: 12, unique: true}
      code: {type: text, pattern: "(?:x[0-9]y|[0-9]){5}"}
      core: {type: text, max_bytes: {limit: 6, encoding: cp037}}
      age: {type: integer, min: 0, max: 150}
      born: {type: date, min: "1900-01-01"}
      amount: {type: decimal, min: 0}
      gone: {type: text, one_of: ["<b>x</b>", "$login"]}
"""
ROWS = [
    ("max", "12345", "abcdef", 30, "1990-01-01"),
    ("max", "1234", "abcdefg", 151, "1890-01-01"),
    ("max", "12345\n", "ß{x}", -1, None),
    ("secret-secret", None, None, None, "1990-01-01"),
    (None, "00000", "", 0, "2000-02-29"),
]
EXPECTED = {("login", "max_length"): 1, ("login", "required"): 1, ("code", "pattern"): 2, ("core", "max_bytes"): 1} | {
    ("age", "min"): 1,
    ("age", "max"): 1,
    ("born", "min"): 1,
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: shop\nlineage: []\nenv: [SHOP_DB]\n")
    (tmp_path / "contracts" / "shop.yaml").write_text(CONTRACT)
    with closing(sqlite3.connect(tmp_path / "shop $a.db")) as connection:
        connection.execute(
            "create table customer (login text, code text, core text, age integer, born text, more text)"
        )
        connection.executemany("insert into customer values (?, ?, ?, ?, ?, 'x')", ROWS)
        connection.commit()
    return tmp_path


def told(fieldline: Run, shop: Path, url: str, *more: str | Path) -> dict[str, object]:
    done = fieldline("audit", "shop", shop, "--database", "SHOP_DB", "--output-format", "json", *more, SHOP_DB=url)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    jsonschema_rs.validate(json.loads(fieldline("schema", "audit").stdout), found)
    (entity,) = found["entities"]
    return dict(entity)


def counts(entity: dict[str, object]) -> dict[tuple[str, str], int]:
    broken = entity["broken"]
    assert isinstance(broken, list)
    return {(each["fields"][0], each["bindings"][0]["constraint"]): each["rows"] for each in broken}


def test_stored_rows_are_counted_by_demand_in_sqlite(fieldline: Run, shop: Path) -> None:
    docs = shop / "docs"
    entity = told(fieldline, shop, f"sqlite:///{shop / 'shop $a.db'}", "--data-docs", docs)
    assert counts(entity) == EXPECTED
    assert entity["rows"] == len(ROWS)
    assert [each["rows"] for each in entity["repeated"]] == [2]  # type: ignore[attr-defined]
    assert (entity["absent"], entity["ignored"]) == (["amount", "gone"], ["more"])
    pages = "".join(page.read_text() for page in docs.rglob("*.html"))
    assert "at most 12 characters" in pages
    assert "one of &lt;b&gt;x&lt;/b&gt;" in pages
    assert "<b>x" not in pages
    assert "secret-secret" not in pages
    (page,) = (page.read_text() for page in (docs / "validations").rglob("*.html"))
    failed = len(EXPECTED) + 1  # what we counted ourselves is told there, too
    assert re.search(rf"Unsuccessful Expectations</div></td><td[^>]*><div[^>]*>{failed}<", page)


@pytest.mark.needs_postgres
def test_stored_rows_are_counted_by_demand_in_postgresql(fieldline: Run, shop: Path, postgres: str) -> None:
    import psycopg

    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE audited")
    url = f"postgresql://tester:a$b${{c}}@/audited?host={postgres}"
    try:
        with psycopg.connect(f"host={postgres} user=tester dbname=audited", autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE customer (login text, code text, core text, age bigint, born date, more text, amount numeric)"
            )
            for row in ROWS:
                connection.execute("INSERT INTO customer VALUES (%s, %s, %s, %s, %s, 'x', 1)", row)
            connection.execute("UPDATE customer SET amount = 'NaN' WHERE login IS NULL")
        entity = told(fieldline, shop, url)
        assert counts(entity) == {**EXPECTED, ("amount", "type"): 1, ("amount", "min"): 1}
        assert entity["rows"] == len(ROWS)
        assert [each["rows"] for each in entity["repeated"]] == [2]  # type: ignore[attr-defined]
    finally:
        with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE audited WITH (FORCE)")


@pytest.mark.needs_mariadb
def test_stored_rows_are_counted_by_demand_in_mariadb(fieldline: Run, shop: Path, mariadb: str) -> None:
    import pymysql

    run = {"unix_socket": mariadb, "user": "root", "charset": "utf8mb4", "autocommit": True}
    with closing(pymysql.connect(**run)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE audited CHARACTER SET latin1")
        cursor.execute("USE audited")
        cursor.execute(
            "CREATE TABLE customer (login varchar(90), code text, core text, age bigint, born date, more text, amount int)"
        )
        for row in ROWS:
            cursor.execute("INSERT INTO customer VALUES (%s, %s, %s, %s, %s, 'x', 1)", row)
        cursor.execute("SET sql_mode = ''")
        cursor.execute("UPDATE customer SET born = '0000-00-00' WHERE login IS NULL")
        try:
            url = f"mysql://root@/audited?unix_socket={mariadb}&charset=utf8mb4"
            entity = told(fieldline, shop, url)
        finally:
            cursor.execute("DROP DATABASE audited")
    assert counts(entity) == {**EXPECTED, ("born", "type"): 1, ("born", "min"): 2}
    assert entity["rows"] == len(ROWS)
    assert [each["rows"] for each in entity["repeated"]] == [2]  # type: ignore[attr-defined]


def put(shop: Path, ending: str) -> Path:
    """The rows as a file."""
    names = ["login", "code", "core", "age", "born", "more"]
    frame = pl.DataFrame([(*row, "x") for row in ROWS], schema=names, orient="row")
    file = shop / f"rows{ending}"
    if ending == ".csv":
        frame.write_csv(file)
    else:
        frame.with_columns(pl.col("born").str.to_date()).write_parquet(file)
    return file


@pytest.mark.parametrize(
    ("ending", "engine"),
    [(".csv", "pandas"), (".parquet", "pandas"), pytest.param(".parquet", "spark", marks=pytest.mark.needs_java)],
)
def test_rows_of_files_are_counted_by_demand(fieldline: Run, shop: Path, ending: str, engine: str) -> None:
    docs = shop / "docs"
    options = ["--data", f"customer={put(shop, ending)}", "--engine", engine, "--data-docs", docs]
    done = fieldline("audit", "shop", shop, *options, "--output-format", "json")
    assert done.returncode == 1, done.stderr
    (entity,) = json.loads(done.stdout)["entities"]
    # An empty cell of a CSV is null, and "" stays what it is.
    assert counts(entity) == EXPECTED
    assert entity["rows"] == len(ROWS)
    assert [each["rows"] for each in entity["repeated"]] == [2]
    assert (entity["absent"], entity["ignored"]) == (["amount", "gone"], ["more"])
    (page,) = (page.read_text() for page in (docs / "validations").rglob("*.html"))
    assert re.search(rf"Unsuccessful Expectations</div></td><td[^>]*><div[^>]*>{len(EXPECTED) + 1}<", page)
    assert "secret-secret" not in page


def test_what_no_file_was_given_for_is_told(fieldline: Run, shop: Path) -> None:
    contract = shop / "contracts" / "shop.yaml"
    contract.write_text(contract.read_text() + "  order:\n    fields:\n      number: {type: integer}\n")
    done = fieldline("audit", "shop", shop, "--data", f"customer={put(shop, '.csv')}")
    assert "not audited, because no file was given: shop.order" in done.stderr
    wrong = fieldline("audit", "shop", shop, "--data", f"custmer={put(shop, '.csv')}")
    assert (wrong.returncode, "did you mean customer?" in wrong.stderr) == (2, True)
    for options in ([], ["--data", "customer"], ["--data", "customer=x.csv", "--database", "SHOP_DB"]):
        assert fieldline("audit", "shop", shop, *options).returncode == 2
    gone = fieldline("audit", "shop", shop, "--data", f"customer={shop / 'none.csv'}")
    assert (gone.returncode, "there is no file none.csv" in gone.stdout) == (2, True)


def test_what_sqlite_keeps_in_a_column_of_another_type_is_not_passed_over(fieldline: Run, shop: Path) -> None:
    with closing(sqlite3.connect(shop / "shop $a.db")) as connection:
        connection.execute("delete from customer")
        connection.execute("insert into customer values ('max', '12345', 'a', 'many', null, null)")
        connection.execute("insert into customer values (x'616263', '12345', 'a', 1, null, null)")
        connection.commit()
    found = counts(told(fieldline, shop, f"sqlite:///{shop / 'shop $a.db'}"))
    assert found["age", "max"] == 1
    assert found["login", "max_length"] == 1


def test_what_is_not_known_is_no_success_in_data_docs(fieldline: Run, shop: Path) -> None:
    contract = (
        "system: shop\nentities:\n  customer:\n    fields:\n      login: {type: text, opaque: [checked by hand]}\n"
    )
    (shop / "contracts" / "shop.yaml").write_text(contract)
    url, docs = f"sqlite:///{shop / 'shop $a.db'}", shop / "docs"
    done = fieldline("audit", "shop", shop, "--database", "SHOP_DB", "--data-docs", docs, SHOP_DB=url)
    assert "as far as known" in done.stdout
    (page,) = (page.read_text() for page in (docs / "validations").rglob("*.html"))
    assert "not known: " in page
    assert "Failed" in page


def test_a_table_that_is_not_there_is_not_clean(fieldline: Run, shop: Path) -> None:
    with closing(sqlite3.connect(shop / "shop $a.db")) as connection:
        connection.execute("drop table customer")
    done = fieldline("audit", "shop", shop, "--database", "SHOP_DB", SHOP_DB=f"sqlite:///{shop / 'shop $a.db'}")
    assert done.returncode == 1
    assert "the database has no such table" in done.stdout


def test_a_database_that_does_not_answer_is_no_audit(fieldline: Run, shop: Path) -> None:
    for url in ("postgresql://u:hush@127.0.0.1:1/x", f"sqlite:///{shop}/none.db", "nonsense"):
        done = fieldline("audit", "shop", shop, "--database", "SHOP_DB", SHOP_DB=url)
        assert done.returncode == 2
        assert "hush" not in done.stderr + done.stdout
    assert not (shop / "none.db").exists()


def test_data_docs_are_not_mixed_with_other_files(fieldline: Run, shop: Path) -> None:
    url = f"sqlite:///{shop / 'shop $a.db'}"
    done = fieldline("audit", "shop", shop, "--database", "SHOP_DB", "--data-docs", shop, SHOP_DB=url)
    assert done.returncode == 2
    assert "is not a new folder" in done.stderr


ODD = [
    'create table "order lines" ("first name" varchar(9) not null, nick varchar(9))',
    "insert into \"order lines\" values ('Ada', 'x'), ('Bob', 'yy')",
]
"""A table whose name, and the name of one of its columns, are none of ours."""


def audited(fieldline: Run, folder: Path, url: str, own: str) -> tuple[int, list[dict[str, object]]]:
    """The exit code and the entities of an audit of a contract that was just read from the same database."""
    (folder / "contracts").mkdir(exist_ok=True)
    (folder / "fieldline.yaml").write_text("estate: shop\nlineage: []\nenv: [SHOP_DB]\n")
    (folder / "contracts" / "shop.yaml").write_text(f"system: shop\nfrom: {{database: SHOP_DB}}\n{own}")
    done = fieldline("audit", "shop", folder, "--database", "SHOP_DB", "--output-format", "json", SHOP_DB=url)
    return done.returncode, json.loads(done.stdout)["entities"]


def test_a_table_and_a_column_with_a_blank_in_their_names_are_found(fieldline: Run, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        for statement in ODD:
            connection.execute(statement)
        connection.commit()
    url = f"sqlite:///{tmp_path / 'a.db'}"
    code, (entity,) = audited(fieldline, tmp_path, url, "")
    assert (code, entity["rows"], entity["absent"]) == (0, 2, [])
    own = "entities: {order_lines: {fields: {first_name: {max_length: 2}, nick: {max_length: 1}}}}\n"
    code, (entity,) = audited(fieldline, tmp_path, url, own)
    assert (code, counts(entity)) == (1, {("first_name", "max_length"): 2, ("nick", "max_length"): 1})


@pytest.mark.needs_postgres
def test_a_table_of_another_schema_is_found(fieldline: Run, tmp_path: Path, postgres: str) -> None:
    import psycopg

    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute("drop database if exists schemas")
        connection.execute("create database schemas")
    with psycopg.connect(host=postgres, user="tester", dbname="schemas", autocommit=True) as connection:
        connection.execute("create schema sales")
        connection.execute("create table sales.orders (n varchar(4))")
        connection.execute("insert into sales.orders values ('abcd'), ('ab')")
    url = f"postgresql://tester@/schemas?host={postgres}"
    code, (entity,) = audited(fieldline, tmp_path, url, "entities: {sales_orders: {fields: {n: {max_length: 3}}}}\n")
    assert (code, entity["rows"], counts(entity)["n", "max_length"]) == (1, 2, 1)
