"""Refused attempts in a real SQLite and a real PostgreSQL: encrypted, masked, opened for a reason, forgotten in time."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

import fieldline
from fieldline.application.attempts import RefusedAttempt
from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.rows.attempts.store import AttemptStore, attempts_of, opened_attempts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
KEY = "A_KEY"
TYPED = "Maximilian-secret"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    made = Fernet.generate_key().decode()
    monkeypatch.setenv(KEY, made)
    return made


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "attempts.sqlite")


@pytest.fixture
def database(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    import psycopg

    monkeypatch.setenv("ATTEMPTS_DB", f"postgresql://tester@/postgres?host={postgres}")
    yield "env:ATTEMPTS_DB"
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS fieldline_attempts, fieldline_attempt_openings")


@pytest.fixture(params=["file", pytest.param("database", marks=pytest.mark.needs_postgres)])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


def attempt(subject: str | None = "4711", when: datetime = NOW, value: str = TYPED) -> RefusedAttempt:
    return RefusedAttempt(
        when, "web.signup", subject, ("username",), "at most 12 characters", "billing", {"username": value}
    )


def test_attempts_are_found_by_their_subject_masked_and_the_latest_first(place: str) -> None:
    store = AttemptStore(place, KEY)
    store.keep([attempt(), attempt("4712"), attempt(None)])
    store.keep([attempt(when=NOW + timedelta(hours=1))])
    found = attempts_of(place, "4711", NOW)
    assert [(each.when, each.channel, each.fields, each.values) for each in found] == [
        (NOW + timedelta(hours=1), "web.signup", ("username",), None),
        (NOW, "web.signup", ("username",), None),
    ]


def test_opening_shows_the_values_and_is_written_down(place: str) -> None:
    store = AttemptStore(place, KEY)
    store.keep([attempt()])
    (found,) = opened_attempts(place, "4711", NOW, key=KEY, reason="she called", opened_by="anna")
    assert found.values == {"username": TYPED}
    assert rows(place, "fieldline_attempt_openings") == [
        (NOW.isoformat(timespec="milliseconds"), "4711", "anna", "she called", 1)
    ]


def test_no_value_stands_in_the_database_as_it_was_typed(place: str) -> None:
    AttemptStore(place, KEY).keep([attempt()])
    assert len(rows(place, "fieldline_attempts")) == 1
    assert TYPED not in str(rows(place, "fieldline_attempts"))


def test_what_is_older_than_its_days_is_not_shown_and_then_deleted(place: str) -> None:
    store = AttemptStore(place, KEY, 30)
    store.keep([attempt()])
    later = NOW + timedelta(days=31)
    assert attempts_of(place, "4711", later - timedelta(days=2))
    assert attempts_of(place, "4711", later) == ()
    store.keep([attempt("4712", later)])
    assert len(rows(place, "fieldline_attempts")) == 1


def test_another_key_is_a_problem_before_anything_is_kept(
    place: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    AttemptStore(place, KEY).keep([attempt()])
    other = Fernet.generate_key().decode()
    monkeypatch.setenv(KEY, other)
    with pytest.raises(Unreadable, match="the key in A_KEY does not open what was kept with another one"):
        AttemptStore(place, KEY)
    with pytest.raises(Unreadable, match="another one"):
        opened_attempts(place, "4711", NOW, key=KEY, reason="r", opened_by="anna")
    monkeypatch.setenv(KEY, f"{other}, {key}")  # a new key, and the old one for what is there
    AttemptStore(place, KEY).keep([attempt()])
    assert len(opened_attempts(place, "4711", NOW, key=KEY, reason="r", opened_by="anna")) == 2


@pytest.mark.parametrize("written", ["", "secret-key", "a" * 44, "é"])
def test_a_key_that_is_none_is_a_problem_that_does_not_repeat_it(
    file: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, written)
    with pytest.raises(Unreadable) as error:
        AttemptStore(file, KEY)
    assert KEY in error.value.message
    assert not written or written not in f"{error.value.message}{error.value.expected}"


def test_a_place_that_cannot_keep_them_is_a_problem_without_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOWHERE_DB", "postgresql://me:pass%40word@127.0.0.1:1/shop")
    monkeypatch.setenv("OTHER_DB", "mysql://me:word@127.0.0.1:1/shop")
    for place in ("env:NOWHERE_DB", "env:OTHER_DB", "env:NOT_SET", str(tmp_path / "no" / "folder")):
        with pytest.raises(Unreadable) as error:
            AttemptStore(place, KEY)
        assert "word" not in f"{error.value.message}{error.value.expected}"
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        connection.execute("CREATE TABLE person (name text)")
    with pytest.raises(Unreadable, match="holds no attempts"):
        attempts_of(str(tmp_path / "other.sqlite"), "4711", NOW)
    with pytest.raises(Unreadable, match="there is no file"):
        attempts_of(str(tmp_path / "nothing.sqlite"), "4711", NOW)


def test_the_file_is_for_its_owner_alone(file: str, tmp_path: Path) -> None:
    AttemptStore(file, KEY)
    assert (tmp_path / "attempts.sqlite").stat().st_mode & 0o077 == 0


def test_an_application_keeps_what_its_entry_refuses(file: str, examples: Path) -> None:
    entry = fieldline.load(examples / "nordbank", language="fi").entry("web.signup")
    store = fieldline.AttemptStore(file, KEY)
    record = {"username": "Maximilian1234", "country": "FI"}
    result = entry.attempt(record, store, "4711")
    assert not result.is_valid
    found = opened_attempts(file, "4711", NOW, key=KEY, reason="r", opened_by="anna")
    assert ("username", "Maximilian1234") in [
        (name, value) for each in found for name, value in (each.values or {}).items()
    ]
    assert len(found) == len(result.violations)
    assert "Maximilian" not in str(attempts_of(file, "4711", NOW))
    for subject in ("", "x" * 201, "a\nb", "\ud800"):
        with pytest.raises(ValueError, match="at most 200 visible characters"):
            entry.attempt(record, store, subject)


def rows(place: str, table: str) -> list[tuple[object, ...]]:
    """All rows of a table, without their numbers, as another program reads them."""
    query = f"SELECT * FROM {table}"
    if place.startswith("env:"):
        import os

        import psycopg

        with psycopg.connect(os.environ["ATTEMPTS_DB"]) as connection:
            return [row[1:] for row in connection.execute(query)]  # type: ignore[arg-type]
    with sqlite3.connect(place) as connection:
        return [row[1:] for row in connection.execute(query)]


def test_what_is_kept_is_a_token_of_json(file: str, key: str) -> None:
    AttemptStore(file, KEY).keep([attempt(value="\x00\ud800 é")])
    token = str(rows(file, "fieldline_attempts")[0][-1])
    assert json.loads(Fernet(key).decrypt(token)) == {"username": "\x00\ud800 é"}
