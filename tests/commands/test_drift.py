"""`fieldline drift`: contracts against real databases."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

CONTRACT = """
system: shop
entities:
  customer:
    fields:
      login: {type: text, required: true, max_length: 12}
      name: {type: text, max_length: 20}
      code: {type: text, pattern: "[0-9]{5}"}
      age: {type: integer, min: 0, max: 150}
      gone: {type: text}
"""
TABLE = """create table customer (
  login varchar(10) not null check (length(login) <= 10), name text check (length(name) <= 20),
  code text, age integer not null check (age between 0 and 150), more integer)"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: shop\nlineage: []\nenv: [SHOP_DB]\n")
    (tmp_path / "contracts" / "shop.yaml").write_text(CONTRACT)
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute(TABLE)
    return tmp_path


def test_what_the_contract_promises_and_the_database_refuses_is_proved(fieldline: Run, shop: Path) -> None:
    url = f"sqlite:///{shop / 'shop.db'}"
    done = fieldline("drift", "shop", shop, "--database", "SHOP_DB", "--output-format", "json", SHOP_DB=url)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    jsonschema_rs.validate(json.loads(fieldline("schema", "drift").stdout), told)
    found = {each["field"].removeprefix("shop.customer."): each for each in told["fields"]}
    assert {name: each["standing"] for name, each in found.items()} == {
        "login": "refused there",
        "name": "the same",
        "code": "not enforced",
        "age": "refused there",
        "gone": "not there",
        "more": "not written",
    }
    assert len(found["login"]["refused"][0]) == 11
    assert found["login"]["declared"] == ["varchar(10)"]
    assert found["age"]["refused"] == [None]
    assert found["code"]["taken"] == [""]


def test_the_worst_stands_first_in_the_text(fieldline: Run, shop: Path) -> None:
    done = fieldline("drift", "shop", shop, "--database", "SHOP_DB", SHOP_DB=f"sqlite:///{shop / 'shop.db'}")
    heads = [line for line in done.stdout.splitlines() if line and not line.startswith(" ")]
    assert heads[0].startswith("shop: 2 fields promised and rejected by the database, 1 field without a column")
    assert heads[-4:] == [
        "The database accepts less than the contract says",
        "The database has no such column",
        "Not enforced: the database accepts values that the contract rejects",
        "Columns that the contract does not have",
    ]


def test_a_contract_that_the_database_holds_is_clean(fieldline: Run, shop: Path) -> None:
    held = "system: shop\nentities: {customer: {fields: {name: {type: text, max_length: 20}}}}\n"
    (shop / "contracts" / "shop.yaml").write_text(held)
    done = fieldline("drift", "shop", shop, "--database", "SHOP_DB", SHOP_DB=f"sqlite:///{shop / 'shop.db'}")
    assert done.returncode == 0
    assert done.stdout.startswith("shop: 1 field the same.\n")


@pytest.mark.needs_postgres
def test_postgresql_is_asked_what_it_enforces(fieldline: Run, shop: Path, postgres: str) -> None:
    import psycopg

    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("drop database if exists drift")
        connection.execute("create database drift")
    with psycopg.connect(f"host={postgres} user=tester dbname=drift", autocommit=True) as connection:
        connection.execute(
            "create table customer (login varchar(12) not null, name varchar(10), code text, age smallint)"
        )
    url = f"postgresql://tester@/drift?host={postgres}"
    done = fieldline("drift", "shop", shop, "--database", "SHOP_DB", "--output-format", "json", SHOP_DB=url)
    found = {each["field"].removeprefix("shop.customer."): each for each in json.loads(done.stdout)["fields"]}
    assert {name: each["standing"] for name, each in found.items()} == {
        "login": "the same",
        "name": "refused there",
        "code": "not enforced",
        "age": "not enforced",
        "gone": "not there",
    }
    assert len(found["name"]["refused"][0]) == 11


def test_a_database_that_cannot_be_asked_is_never_clean(fieldline: Run, shop: Path) -> None:
    done = fieldline("drift", "shop", shop, "--database", "SHOP_DB")
    assert done.returncode == 2
    assert "SHOP_DB" in done.stdout
    wrong = fieldline("drift", "shpo", shop, "--database", "SHOP_DB")
    assert (wrong.returncode, "did you mean shop?" in wrong.stderr) == (2, True)


KEYS = """
system: shop
entities:
  customer:
    unique: [[login, area]]
    fields:
      id: {type: integer}
      login: {type: text, declared: ["REFERENCES account (login)"]}
      area: {type: text, default: FI}
      code: {type: text, unique: true}
      state: {type: text, default: new}
      total: {type: text}
"""
KEYED = """create table customer (
  id integer primary key, login text unique, area text, code text references codes (code),
  state text default 'old', total text generated always as (login || code))"""


def test_keys_defaults_generated_columns_and_references_are_compared(fieldline: Run, shop: Path) -> None:
    (shop / "contracts" / "shop.yaml").write_text(KEYS)
    with closing(sqlite3.connect(shop / "shop.db")) as connection:
        connection.executescript(f"drop table customer; create table codes (code text); {KEYED}")
    url = f"sqlite:///{shop / 'shop.db'}"
    done = fieldline("drift", "shop", shop, "--database", "SHOP_DB", "--output-format", "json", SHOP_DB=url)
    told = json.loads(done.stdout)
    jsonschema_rs.validate(json.loads(fieldline("schema", "drift").stdout), told)
    apart = {
        (each["field"].rpartition(".")[2], said["what"], said["contract"], said["database"], said["wrong"])
        for each in told["fields"]
        for said in each["apart"]
    }
    assert apart == {
        ("id", "uniqueness", None, "unique", True),
        ("id", "generated", None, "a running number", False),
        ("login", "uniqueness", None, "unique", True),
        ("login", "foreign key", "REFERENCES account (login)", None, True),
        ("area", "uniqueness", "unique together: login, area", None, False),
        ("area", "default", '"FI"', None, True),
        ("code", "uniqueness", "unique", None, False),
        ("code", "foreign key", None, "references codes (code)", False),
        ("state", "default", '"new"', '"old"', True),
        ("total", "generated", None, "login || code", True),
    }
    text = fieldline("drift", "shop", shop, "--database", "SHOP_DB", SHOP_DB=url).stdout
    assert "uniqueness: none in the contract, unique in the database" in text


def test_foreign_keys_are_compared_by_what_they_name_and_rules_between_fields_are_judged(
    fieldline: Run, shop: Path
) -> None:
    """Scripts and catalogues write one foreign key in different ways."""
    script = "create table p (a int primary key); "
    script += "create table t (low int, high int, p int references P, check (low < high));"
    stored = script.replace("references P", 'REFERENCES "p" ("a")')
    (shop / "t.sql").write_text(script)
    (shop / "contracts" / "shop.yaml").write_text("system: shop\nfrom: {sql: {files: t.sql, dialect: sqlite}}\n")
    with closing(sqlite3.connect(shop / "shop.db")) as connection:
        connection.executescript(f"drop table customer; {stored}")
    url = f"sqlite:///{shop / 'shop.db'}"
    done = fieldline("drift", "shop", shop, "--database", "SHOP_DB", "--output-format", "json", SHOP_DB=url)
    told = json.loads(done.stdout)["fields"]
    assert {(each["standing"], len(each["apart"])) for each in told} == {("the same", 0)}
