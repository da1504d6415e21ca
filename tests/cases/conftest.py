"""The desk's database, in a real SQLite and in a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.cases.database import open_desk_database

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.rows.durable import OwnDatabase


@pytest.fixture
def in_file(tmp_path: Path) -> str:
    return str(tmp_path / "cases.sqlite")


@pytest.fixture
def in_postgres(postgres: str, monkeypatch: pytest.MonkeyPatch) -> str:
    import psycopg

    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS cases WITH (FORCE)")
        connection.execute("CREATE DATABASE cases")
    monkeypatch.setenv("CASES_DB", f"postgresql://tester@/cases?host={postgres}")
    return "env:CASES_DB"


@pytest.fixture(params=["in_file", pytest.param("in_postgres", marks=pytest.mark.needs_postgres)])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def database(place: str) -> OwnDatabase:
    return open_desk_database(place)
