"""A service over HTTP as a store: a real server on this machine, asked by GET alone, within its limits."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from fieldline.checker.record.asking import FoundRecords, NotReachable, StoreQuestion
from fieldline.documents.names import EntityName
from fieldline.estate.load import load_estate
from fieldline.rows.stores.checked import checked_stores
from fieldline.rows.stores.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldline.checker.record.asking import StoreAnswer
    from fieldline.estate.load import Estate
    from fieldline.values.valueset import Value

ANNA = {"no": "A/1 ?#%", "name": "Anna", "amount": 12.50, "home": {"street": "Kotikatu 1"}}
HOSTILE = ("..", ".", "../admin", "A%2F1", "x\r\nX-Evil: 1", "?all=1", "{no}", "\0", "ä" * 400, "http://127.0.0.1/", "")
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "broken": (200, {}, b'{"data": '),
    "twice": (200, {}, b'{"data": {"no": "twice", "no": "once"}}'),
    "half": (200, {}, rb'{"data": {"no": "\ud800"}}'),
    "deep": (200, {}, b"[" * 100_000),
    "nan": (200, {}, b'{"data": {"no": "nan", "amount": NaN}}'),
    "list": (200, {}, b'{"data": [1, 2]}'),
    "long": (200, {}, b" " * (1 << 20) + b"{}"),
    "denied": (403, {}, b"not you, long-secret"),
    "down": (503, {}, b""),
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.seen: list[tuple[str, str, str | None]] = []
        self.end = Event()
        self.other = ""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.seen.append((self.command, self.path, self.headers.get("Authorization")))
        key = unquote(urlsplit(self.path).path.removeprefix("/api/persons/"))
        match key:
            case "slow":
                self.server.end.wait(20)
                return
            case "drips":
                self._drip()
                return
            case "moved":
                self._answer(302, {"Location": f"http://{self.server.other}/api/persons/{ANNA['no']}"}, b"")
            case "near":
                self._answer(302, {"Location": "/api/persons/A%2F1%20%3F%23%25"}, b"")
            case _ if key in ANSWERS:
                self._answer(*ANSWERS[key])
            case _ if key == ANNA["no"] or "name=Anna" in self.path:
                self._answer(200, {}, json.dumps({"data": ANNA}).encode())
            case _:
                self._answer(404, {}, b"")

    def _answer(self, status: int, heads: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in heads.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while not self.server.end.wait(0.1):
                self.wfile.write(b" ")
                self.wfile.flush()
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    with _Server() as one:
        thread = Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("ONE_API", f"http://{one.address}/api/")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
        yield one
        one.end.set()
        one.shutdown()
        thread.join()


def _estate(root: Path, **words: Any) -> Estate:  # noqa: ANN401 - as YAML has it
    (root / "contracts").mkdir(parents=True, exist_ok=True)
    (root / "lineage").mkdir(exist_ok=True)
    (root / "fieldline.yaml").write_text("estate: one\nenv: [ONE_API, ONE_TOKEN]\n", encoding="utf-8")
    store = {
        "http": "ONE_API",
        "path": ["/persons/{no}", "/persons?name={name}"],
        "record": "$.data",
        "columns": {"street": "home.street"},
        "seconds": 1,
        **words,
    }
    fields = {name: {"type": "text"} for name in ("no", "name", "street", "city")}
    fields["amount"] = {"type": "decimal"}
    tree = {"system": "one", "entities": {"e": {"key": "no", "store": store, "fields": fields}}}
    (root / "contracts" / "one.yaml").write_text(json.dumps(tree), encoding="utf-8")
    return load_estate(root)


def _asked(estate: Estate, *, alike: bool = False, **where: Value) -> StoreAnswer:
    entity = estate.contracts.entities[EntityName("one", "e")]
    (answer,) = Stores(estate).ask([StoreQuestion(entity, {name: (value,) for name, value in where.items()}, alike)])
    return answer


def test_a_record_is_asked_for_by_its_key_or_by_another_path(server: _Server, tmp_path: Path) -> None:
    estate = _estate(tmp_path)
    for where in ({"no": ANNA["no"]}, {"name": "Anna"}, {"no": ANNA["no"], "name": "Anna"}):
        answer = _asked(estate, **where)  # type: ignore[arg-type]
        assert isinstance(answer, FoundRecords), answer
        (record,) = answer.records
        assert dict(record) == {"no": ANNA["no"], "name": "Anna", "street": "Kotikatu 1", "amount": 12.5}
    assert [(method, path) for method, path, _ in server.seen] == [
        ("GET", "/api/persons/A%2F1%20%3F%23%25"),
        ("GET", "/api/persons?name=Anna"),
        ("GET", "/api/persons/A%2F1%20%3F%23%25"),
    ]
    assert _asked(estate, no="B2") == FoundRecords(())
    assert _asked(estate, no=ANNA["no"], name="Berta") == FoundRecords(())
    entity = estate.contracts.entities[EntityName("one", "e")]
    assert entity.store is not None
    assert not entity.store.can_be_asked(["street"])
    (checked,) = checked_stores(estate).stores
    assert checked.is_well


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_key_stays_one_segment_of_the_path(key: str, server: _Server, tmp_path: Path) -> None:
    for alike in (False, True):
        assert _asked(_estate(tmp_path), alike=alike, no=key) == FoundRecords(())
    for _, path, _ in server.seen:
        assert path.startswith("/api/persons/")
        assert path.count("/") == 3
        assert path.isascii()
        assert not set(path) & set("?#{} \r\n\0")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("broken", "its answer is not JSON"),
        ("twice", "its answer is not JSON"),
        ("half", "its answer is not JSON"),
        ("deep", "its answer is not JSON"),
        ("nan", "its answer is not JSON"),
        ("list", "its answer holds no record where one must stand"),
        ("long", "its answer is longer than 1 MiB"),
        ("denied", "it answered with status 403"),
        ("down", "it answered with status 503"),
        ("moved", "it leads to another server"),
    ],
)
def test_what_is_no_answer_is_not_reachable(key: str, reason: str, server: _Server, tmp_path: Path) -> None:
    with _Server() as other:
        server.other = other.address
        assert _asked(_estate(tmp_path), no=key) == NotReachable(reason)
        assert other.seen == []


@pytest.mark.parametrize("key", ["slow", "drips"])
def test_a_service_that_hangs_is_left_after_its_seconds(key: str, server: _Server, tmp_path: Path) -> None:
    assert server.address
    answer = _asked(_estate(tmp_path), no=key)
    assert isinstance(answer, NotReachable)


def test_a_redirect_on_the_same_server_is_followed(server: _Server, tmp_path: Path) -> None:
    answer = _asked(_estate(tmp_path, path="/persons/{no}"), no="near")
    assert answer == FoundRecords(())  # another record than the one that was asked for
    assert len(server.seen) == 2


def test_nobody_there_is_not_reachable_and_the_reason_has_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for address in (
        "http://127.0.0.1:9/secret",
        "ftp://127.0.0.1/secret",
        "file:///etc/passwd",
        "http://[secret",
        "secret",
    ):
        monkeypatch.setenv("ONE_API", address)
        answer = _asked(_estate(tmp_path), no="W0001")
        assert isinstance(answer, NotReachable), address
        assert "W0001" not in answer.reason
        assert "secret" not in answer.reason
    assert "W0001" not in caplog.text


def test_secrets_come_from_the_environment_and_go_into_the_head(
    server: _Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONE_TOKEN", "t0ken")
    assert isinstance(_asked(_estate(tmp_path, token="ONE_TOKEN"), no="A"), FoundRecords)  # noqa: S106 - a variable's name
    monkeypatch.setenv("ONE_API", f"http://me:p%40ss@{server.address}/api")
    assert isinstance(_asked(_estate(tmp_path), no="A"), FoundRecords)
    assert server.seen == [
        ("GET", "/api/persons/A", "Bearer t0ken"),
        ("GET", "/api/persons/A", f"Basic {b64encode(b'me:p@ss').decode()}"),
    ]
