"""`fieldline serve --attempts`: a real server keeps what it refuses, and no value of it leaves the store."""

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from fieldline.rows.attempts.store import attempts_of, opened_attempts

from .serving import Server, served

KEY = "FIELDLINE_ATTEMPTS_KEY"
TYPED = "Maximilian1234"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "attempts.sqlite"


@pytest.fixture
def server(examples: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv(KEY, Fernet.generate_key().decode())
    words = ["serve", str(examples / "nordbank"), "--port", "0", "--attempts", str(file)]
    with served(examples, [sys.executable, "-m", "fieldline", *words]) as server:
        server.await_worker()
        yield server


def test_the_estate_says_where_they_are_kept(
    examples: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("KEPT", f"sqlite:///{file}")
    estate = shutil.copytree(examples / "nordbank", tmp_path / "nordbank")
    with (estate / "fieldline.yaml").open("a", encoding="utf-8") as end:
        end.write("attempts: {database: KEPT, key: THE_KEY, days: 3}\n")
    with served(examples, [sys.executable, "-m", "fieldline", "serve", str(estate), "--port", "0"]) as server:
        server.await_worker()
        sent(server, TYPED, subject="4711")
    now = datetime.now(UTC)
    assert attempts_of(str(file), "4711", now + timedelta(days=2))
    assert not attempts_of(str(file), "4711", now + timedelta(days=4))


def sent(server: Server, username: str, **more: object) -> tuple[int, dict[str, object]]:
    record = {"username": username, "first_name": "A", "last_name": "B", "country": "FI"}
    body = json.dumps({"entry": "web.signup", "record": record, **more}).encode()
    status, text = server.fetch("validate", body)
    return status, json.loads(text)


def test_what_is_refused_is_kept_by_its_subject_and_a_store_that_fails_is_no_harm(server: Server, file: Path) -> None:
    status, answer = sent(server, TYPED, subject="4711")
    assert (status, answer["valid"]) == (200, False)
    now = datetime.now(UTC)
    assert {(each.channel, each.values) for each in attempts_of(str(file), "4711", now)} == {("web.signup", None)}
    opened = opened_attempts(str(file), "4711", now, key=KEY, reason="she called", opened_by="anna")
    assert TYPED in [value for each in opened for value in (each.values or {}).values()]
    sent(server, TYPED)  # without a subject it is kept, and found by nobody
    assert len(attempts_of(str(file), "4711", now)) == len(opened)
    for subject in ("", "x" * 201, "a\nb", 7, None, ["4711"]):
        status, answer = sent(server, TYPED, subject=subject)
        assert (status, answer) == (422, {"problem": "a subject is a text of at most 200 visible characters"})
    for path in (file, *file.parent.glob("attempts.sqlite-*")):
        path.write_bytes(b"no database" * 1_000)
    status, answer = sent(server, TYPED, subject="4711")
    assert (status, answer["valid"]) == (200, False)
    server.process.kill()
    told = server.told()
    assert "a refused record was not kept: the attempts in attempts.sqlite cannot be reached" in told
    assert TYPED not in told
