"""Database servers that fall silent, hang up, lie or drip: an answer within the limits, and nothing of the URL."""

import gc
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pymysql
import pytest

from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.documents.names import EntityName
from fieldline.documents.problem import EstateError
from fieldline.documents.variables import Variables
from fieldline.estate.load import load_estate
from fieldline.rows.sources import DatabaseTable, silent

from ..properties.estates import estate
from .proxy import Fault, faulty

pytestmark = [
    pytest.mark.slow,
    # psycopg's cursor of a connection that is gone cannot be closed, and says so when it is collected
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
_CHANCE = random.Random(5)  # noqa: S311 - the same places in every run
MORE = [_CHANCE.randrange(1, 4_000) for _ in range(8 * (int(os.environ.get("FIELDLINE_FUZZ_TIMES", "1")) - 1))]
"""More bytes after which a fault begins: at FIELDLINE_FUZZ_TIMES=2 more than 100 cases."""
FAULTS: list[Fault] = ["silent", "hangs up", "lies", "drips"]
LONGEST = 20
"""Seconds within which an answer must be here, on a busy machine; each limit is 1 or 2 seconds."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("fieldline.formats.database.CONNECT_SECONDS", 2)
    monkeypatch.setattr("fieldline.formats.database.QUERY_SECONDS", 1)
    monkeypatch.setattr("fieldline.formats.database.ROWS_SECONDS", 1)
    yield
    gc.collect()  # here, and not in another test


# What the fixtures make stays until the servers end: a connection behind a silent proxy may hold a lock on it.


@pytest.fixture(scope="module")
def postgres_socket(postgres: str) -> Iterator[str]:
    with psycopg.connect(f"postgresql://tester@/postgres?host={postgres}", autocommit=True) as connection:
        connection.execute("CREATE TABLE faulty (a text, b integer)")
        connection.execute("INSERT INTO faulty SELECT repeat('x', 100), n FROM generate_series(1, 2000) n")
        yield f"{postgres}/.s.PGSQL.5432"


@pytest.fixture(scope="module")
def mariadb_socket(mariadb: str) -> Iterator[str]:
    connection = pymysql.connect(unix_socket=mariadb, user="root", autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE faulty")
        cursor.execute("CREATE TABLE faulty.faulty (a text, b integer)")
        cursor.execute("INSERT INTO faulty.faulty SELECT repeat('x', 100), seq FROM faulty.seq_1_to_2000")
        yield mariadb


def told(tmp_path: Path, within: float = LONGEST) -> list[str]:
    """What is said of the catalogue, of a column's values and of all rows. Fails where any is waited for too long."""
    (tmp_path / "contracts").mkdir(exist_ok=True)
    (tmp_path / "fieldline.yaml").write_text("estate: test\nlineage: []\nenv: [SHOP_DB]\n", "utf-8")
    (tmp_path / "contracts" / "shop.yaml").write_text("system: shop\nfrom: {database: SHOP_DB}\n", "utf-8")
    said: list[str] = []

    def ask() -> None:
        table = DatabaseTable("SHOP_DB", "faulty", Variables(frozenset({"SHOP_DB"})))
        entity = estate({"in": {"a": {"type": "text"}}}, []).contracts.entities[EntityName("in", "e")]
        try:
            load_estate(tmp_path)
            said.append("read")
        except EstateError as error:
            said.append(str(error))
        for read in (lambda: list(table.counts("b")), lambda: table.write_parts(tmp_path, silent, entity)):
            try:
                read()
                said.append("read")
            except Unreadable as error:
                said.append(f"{error.message}; {error.expected}")

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(3 * within)
    assert not thread.is_alive(), f"{len(said)} answers, then none"
    return said


def check(said: list[str], *secrets: str) -> None:
    assert len(said) == 3
    for sentence in said:
        assert not any(secret in sentence for secret in secrets), sentence
        assert "\n" not in sentence


@pytest.mark.needs_postgres
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("passed", [1, 200, 700, 1_500, 100_000, *MORE])
def test_postgresql(
    postgres_socket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, passed: int
) -> None:
    with faulty(postgres_socket, fault, passed) as port:
        monkeypatch.setenv("SHOP_DB", f"postgresql://tester:sEcReT@127.0.0.1:{port}/postgres?sslmode=disable")
        said = told(tmp_path)
    check(said, "tester", "sEcReT")
    assert any(sentence != "read" for sentence in said)


@pytest.mark.needs_mariadb
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("passed", [1, 60, 150, 2_000, 100_000, *MORE])
def test_mariadb(
    mariadb_socket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, passed: int
) -> None:
    with faulty(mariadb_socket, fault, passed) as port:
        monkeypatch.setenv("SHOP_DB", f"mysql://root@127.0.0.1:{port}/faulty?ssl_disabled=true")
        said = told(tmp_path)
    check(said, "root")
    assert any(sentence != "read" for sentence in said)
