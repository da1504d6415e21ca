"""A database that goes away while its rows are read: nothing is judged, and nothing is claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.application.library import LoadedEstate
from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.documents.variables import Variables
from fieldline.rows.audit.audit import audit
from fieldline.rows.audit.stores import database
from fieldline.rows.audit.suites import suites
from fieldline.rows.engines.registry import ENGINES
from fieldline.rows.sources import silent

from ...properties.estates import estate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldline.estate.load import Estate

pytestmark = pytest.mark.needs_postgres
LOST = Variables(frozenset({"LOST_DB"}))
FIELDS = {"name": {"type": "text", "max_utf16": 9}, "more": {"type": "text"}}


@pytest.fixture
def stored(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    import psycopg

    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("create database lost")
    with psycopg.connect(f"host={postgres} user=tester dbname=lost", autocommit=True) as connection:
        connection.execute("create table e (name text, more text)")
        connection.execute(
            "insert into e select 'secret' || i, repeat('x', 20) || i from generate_series(1, 300000) as s(i)"
        )
    monkeypatch.setenv("LOST_DB", f"postgresql://tester@/lost?host={postgres}")
    yield postgres
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("drop database lost with (force)")


@pytest.fixture(scope="module")
def an_estate() -> Estate:
    return estate({"in": FIELDS}, [])


def lose(socket: str) -> int:
    """End every connection to the database."""
    import psycopg

    with psycopg.connect(f"host={socket} user=tester dbname=postgres", autocommit=True) as connection:
        ended = connection.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'lost'"
        )
        return int(ended.fetchone()[0])  # type: ignore[index]


@pytest.mark.parametrize("engine", ["polars", "sql"])
def test_a_connection_that_is_lost_mid_run_is_told(
    stored: str, an_estate: Estate, engine: str, caplog: pytest.LogCaptureFixture
) -> None:
    lost: list[int] = []

    def progress(_: str, done: int, __: int | None) -> None:
        if done and not lost:
            lost.append(lose(stored))

    entry = LoadedEstate(an_estate).entry("in.e")
    with pytest.raises(Unreadable) as error, ENGINES[engine](["env:LOST_DB/e"], entry, progress, LOST) as rows:
        rows.judge(progress)
    assert lost == [1]
    assert "the database of LOST_DB (postgresql) ended the connection" in error.value.message
    assert "secret" not in error.value.message
    assert [record for record in caplog.records if record.name.startswith(("sqlalchemy", "psycopg"))] == []


@pytest.mark.filterwarnings("ignore")  # of the libraries below it
def test_an_audit_whose_table_goes_away_is_none(stored: str, an_estate: Estate) -> None:
    import psycopg

    system = an_estate.contracts.systems["in"]

    def progress(what: str, _: int, __: int | None) -> None:
        if "Great Expectations" in what:
            lose(stored)  # which holds the table
            with psycopg.connect(f"host={stored} user=tester dbname=lost", autocommit=True) as connection:
                connection.execute("set lock_timeout = '5s'; alter table e drop column name")

    entities = list(system.entities.values())
    with database("LOST_DB", LOST) as store, suites(None) as run:
        (found,) = audit(system, entities, store, run, silent)
        assert found.rows == 300_000
    with pytest.raises(Unreadable) as error, database("LOST_DB", LOST) as store, suites(None) as run:
        audit(system, entities, store, run, progress)
    assert "secret" not in error.value.message
