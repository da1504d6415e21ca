"""The views of a live database as flows, asked of the databases themselves."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import psycopg
import pymysql
import pytest

from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

from .test_statements import told

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate

TABLE = "CREATE TABLE person (id varchar(9), name varchar(30), kind varchar(9))"
VIEWS = (
    "CREATE VIEW zz AS SELECT id, upper(name) AS name FROM person WHERE kind = 'P'",
    "CREATE VIEW label AS SELECT zz.id AS no, zz.name AS title FROM zz",  # its name comes first
)
EXPECTED = [
    "db.person.id -> db.label.no when db.person.kind = 'P'",
    "db.person.name -> db.label.title [in upper case] when db.person.kind = 'P'",
]


def estate(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Estate:
    monkeypatch.setenv("SHOP_DB", url)
    text = "{type: text}"
    files = {
        "fieldline.yaml": "estate: test\nenv: [SHOP_DB]\n",
        "contracts/db.yaml": "system: db\nentities:\n"
        f"  person: {{kind: entry, fields: {{id: {text}, name: {text}, kind: {text}}}}}\n"
        f"  label: {{kind: view, fields: {{no: {text}, title: {text}}}}}\n",
        "lineage/f.yaml": "from: {database: {url_env: SHOP_DB, system: db}}\n",
    }
    for name, written in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(written, encoding="utf-8")
    return load_estate(folder)


def test_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        for statement in (TABLE, *VIEWS):
            connection.execute(statement)
    assert told(estate(tmp_path, f"sqlite:///{tmp_path}/shop.db", monkeypatch)) == EXPECTED


def test_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        for statement in (TABLE, *VIEWS):
            connection.execute(statement)
    assert told(estate(tmp_path, f"duckdb:///{tmp_path}/shop.duckdb", monkeypatch)) == EXPECTED


@pytest.mark.needs_postgres
def test_postgres(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = {"host": postgres, "user": "tester", "autocommit": True}
    with psycopg.connect(dbname="postgres", **run) as connection:  # type: ignore[arg-type]
        connection.execute("DROP DATABASE IF EXISTS shown")
        connection.execute("CREATE DATABASE shown")
    with psycopg.connect(dbname="shown", **run) as connection:  # type: ignore[arg-type]
        for statement in (TABLE, VIEWS[0], VIEWS[1].replace("VIEW", "MATERIALIZED VIEW")):
            connection.execute(statement)
    url = f"postgresql+psycopg://tester@/shown?host={postgres}"
    assert told(estate(tmp_path, url, monkeypatch)) == EXPECTED


@pytest.mark.needs_mariadb
def test_mariadb(mariadb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(pymysql.connect(unix_socket=mariadb, user="root", autocommit=True)) as connection:
        for statement in ("DROP DATABASE IF EXISTS shown", "CREATE DATABASE shown", "USE shown", TABLE, *VIEWS):
            connection.cursor().execute(statement)
    url = f"mysql+pymysql://root@localhost/shown?unix_socket={mariadb}"
    assert told(estate(tmp_path, url, monkeypatch)) == EXPECTED


def test_a_database_without_such_views_and_a_variable_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute(TABLE)
    with pytest.raises(EstateError) as rejected:
        estate(tmp_path, f"sqlite:///{tmp_path}/shop.db", monkeypatch)
    assert "no view of this database shows a value of one table of a contract in another" in str(rejected.value)
    (tmp_path / "fieldline.yaml").write_text("estate: test\n", encoding="utf-8")
    with pytest.raises(EstateError) as rejected:
        load_estate(tmp_path)
    assert "SHOP_DB" in str(rejected.value)
