"""A server that is asked too much, too slowly, or by the wrong name: it says so, and goes on."""

import json
import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .serving import Server, limited

pytestmark = pytest.mark.slow

PAGE = "lineage.html"
REQUESTS = 250
"""So many of that page are more than the buffers between two programs hold."""
GOOD = json.dumps({"entry": "partner.applications", "record": {"credit_limit": 12.5}}).encode()


def record(text: str) -> bytes:
    """A request whose record has one number or text of its own words."""
    return f'{{"entry": "partner.applications", "record": {{"credit_limit": {text}}}}}'.encode()


@pytest.fixture(scope="module")
def server(examples: Path) -> Iterator[Server]:
    with limited(examples / "nordbank", body_bytes=300_000) as server:
        yield server
        assert server.fetch("healthz") == (200, '{"status":"ok"}')
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(5) == -signal.SIGTERM
        assert server.told() == ""


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        (record("1e999999999"), "more than 1,000 digits"),
        (record("-1e-999999999"), "more than 1,000 digits"),
        (record("1e99999999999999999999999999"), "more than 1,000 digits"),
        (record("1" * 1_001), "more than 1,000 digits"),
        (record("0." + "1" * 1_001), "more than 1,000 digits"),
        (record('"' + "x" * 100_001 + '"'), "more than 100,000 characters"),
        (record("[" * 10_000 + "]" * 10_000), "nested more than 64 levels deep"),
        (record("[" * 100_000), "nested more than 64 levels deep"),
        (record('{"a": 1}'), "nested too deeply"),
        (record("Infinity"), "body:1:62: broken JSON: … is no value"),
        (
            b'{"entry": "web.signup", "record": {' + b",".join(b'"%d":1' % n for n in range(10_001)) + b"}}",
            "10,000 members",
        ),
        (b'\xff\xfe"', "UTF-8"),
        (b"", "body:1:1: the file is empty"),
    ],
    ids=range(13),
)
def test_a_record_beyond_a_limit_is_refused_by_the_name_of_the_limit(server: Server, body: bytes, limit: str) -> None:
    status, text = server.fetch("validate", body)
    assert (status, limit in json.loads(text)["problem"]) == (422, True), text


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        record("1e999"),
        record("0e999999999"),
        record("-0"),
        record('"\\ud800"'),
        b'{"entry": "partner.applications", "record": {"\\ud800": 1}}',
        b'{"entry": "\\ud800", "record": {}}',
    ],
    ids=range(7),
)
def test_odd_records_are_answered(server: Server, body: bytes) -> None:
    status, text = server.fetch("validate", body)
    assert status in {200, 422}
    json.loads(text)


def test_a_body_that_is_too_long_is_told_so_although_the_client_still_sends(server: Server) -> None:
    for path in ("validate", "trace"):
        status, text = server.fetch(path, b"x" * 20_000_000)
        assert (status, "at most 300,000 bytes" in text) == (413, True)


@pytest.mark.parametrize(
    ("path", "kind"), [("validate", "text/plain"), ("validate", ""), ("trace", "application/json")]
)
def test_another_content_type_is_refused(server: Server, path: str, kind: str) -> None:
    status, text, _ = server.ask(path, GOOD, None, **{"Content-Type": kind})
    assert (status, "expected: Content-Type" in text) == (415, True)
    assert server.fetch("validate", GOOD, **{"Content-Type": "application/json; charset=utf-8"})[0] == 200


@pytest.mark.parametrize("path", ["", PAGE, "trace", "healthz", "systems/elsewhere.html"])
def test_head_is_answered_as_get_without_content(server: Server, path: str) -> None:
    status, _, headers = server.ask(path)
    assert server.ask(path, None, "HEAD")[:2] == (status, "")
    assert server.ask(path, None, "HEAD")[2]["Content-Length"] == headers["Content-Length"]


@pytest.mark.parametrize(("path", "allowed"), [("trace", "GET, HEAD, POST"), ("validate", "POST"), ("a", "GET, HEAD")])
def test_another_method_is_told_which_there_are(server: Server, path: str, allowed: str) -> None:
    status, _, headers = server.ask(path, None, "DELETE")
    assert (status, headers["Allow"]) == (405, allowed)


def test_an_address_of_no_page_is_answered_by_one(server: Server) -> None:
    status, page, headers = server.ask("%0A%26")
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "no such page" in page


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_at_every_loopback_address_another_name_gets_no_answer(examples: Path, host: str) -> None:
    with limited(examples / "nordbank", host) as server:
        for name in ("localhost", "LOCALHOST:80", "127.0.0.1", "127.9.9.9:8000", "[::1]", "[::1]:8000"):
            assert server.fetch("healthz", Host=name)[0] == 200, name
        for name in ("evil.example", "", "[::1].evil.example", "127.0.0.1.evil.example", "[::2]", "::1", "localhost:a"):
            assert server.fetch("healthz", Host=name)[0] == 400, name


def test_the_server_answers_while_a_worker_does_not_and_the_question_ends(examples: Path) -> None:
    with limited(examples / "nordbank", workers=1, answer_seconds=5) as server:
        assert server.fetch("validate", GOOD)[0] == 200
        (worker,) = server.workers
        os.kill(worker, signal.SIGSTOP)
        with ThreadPoolExecutor() as threads:
            asked = threads.submit(server.ask, "validate", GOOD)
            assert server.fetch("healthz")[0] == 200
            assert not asked.done()
            status, _, headers = asked.result()
            assert (status, headers["Retry-After"]) == (503, "10")
        assert worker not in server.workers
        server.await_worker()
        assert server.fetch("validate", GOOD)[0] == 200


def test_a_worker_that_dies_is_replaced(examples: Path) -> None:
    with limited(examples / "nordbank", workers=1) as server:
        assert server.fetch("validate", GOOD)[0] == 200
        os.kill(server.workers[0], signal.SIGKILL)
        assert server.fetch("validate", GOOD)[0] == 503
        assert server.fetch("validate", GOOD)[0] == 200


def test_a_question_that_takes_too_much_memory_ends_alone(examples: Path) -> None:
    with limited(examples / "nordbank", workers=1, worker_bytes=50 * 2**20) as server:
        status, text, headers = server.ask("validate", GOOD)
        assert (status, "memory" in text, "Retry-After" in headers) == (503, True, False)
        assert server.fetch("healthz")[0] == 200


def test_it_stops_in_time_whatever_runs_and_leaves_no_process(examples: Path) -> None:
    with limited(examples / "nordbank", workers=1, stop_seconds=1) as server:
        assert server.fetch("validate", GOOD)[0] == 200
        workers = server.workers
        os.kill(workers[0], signal.SIGSTOP)
        with ThreadPoolExecutor() as threads, server.connect() as idle:
            idle.sendall(b"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
            asked = threads.submit(server.fetch, "validate", GOOD)
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(5) == -signal.SIGTERM
            assert asked.exception() is not None or asked.result()[0] == 503
        assert not Path(f"/proc/{workers[0]}").exists()
        assert server.told().count("\n") <= 2


def test_clients_that_hang_up_are_a_line_each(examples: Path) -> None:
    with limited(examples / "nordbank") as server:
        for _ in range(60):
            with server.connect() as client:
                client.sendall(b"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{")
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with server.connect() as client:
                client.sendall(b"GET /lineage.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert server.fetch("healthz")[0] == 200
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(5)
        lines = server.told().splitlines()
        assert set(lines) == {"fieldline: a client hung up before its request had arrived"}
        assert len(lines) <= 60


def test_slow_clients_are_told_or_closed_and_keep_nobody_waiting(examples: Path) -> None:
    with limited(examples / "nordbank", request_seconds=2, connections=50) as server:
        slow = [server.connect() for _ in range(200)]
        for place, client in enumerate(slow):
            starts = (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: loc", b"\x16\x03\x01")
            with pytest.MonkeyPatch.context():
                try:
                    client.sendall(starts[place % 4])
                except OSError:  # closed already: too many wait
                    continue
        with server.connect() as late:
            late.sendall(
                b"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 9\r\n\r\n{"
            )
            assert server.fetch("validate", GOOD)[0] == 200
            assert late.recv(1_000).startswith(b"HTTP/1.1 408 ")
        for client in slow:
            with client:
                try:
                    assert client.recv(1_000)[:12] in {b"", b"HTTP/1.1 400"}
                except ConnectionResetError:
                    continue


def test_a_client_that_does_not_fetch_its_answer_is_closed(examples: Path) -> None:
    with limited(examples / "nordbank", request_seconds=1, answer_seconds=2, send_seconds=1) as server:
        client = server.connect()
        client.sendall(b"GET /lineage.html HTTP/1.1\r\nHost: localhost\r\n\r\n" * REQUESTS)
        client.settimeout(30)
        time.sleep(10)
        received = 0
        with client:
            try:
                while part := client.recv(2**20):
                    received += len(part)
            except ConnectionResetError:
                pass
        size = len(server.fetch(PAGE)[1].encode())
        assert received < REQUESTS * size


def test_everything_that_can_be_asked_is_described(server: Server) -> None:
    described = json.loads(server.fetch("openapi.json")[1])
    assert described["paths"].keys() == {"/healthz", "/problems", "/trace", "/validate", "/{name}"}
    validate = described["paths"]["/validate"]["post"]
    assert validate["responses"].keys() == {"200", "400", "408", "413", "415", "422", "503"}
    body = validate["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == {"entry", "record", "subject"}
    for status in ("413", "415", "422", "503"):
        assert validate["responses"][status]["content"]["application/json"]["schema"]["$ref"].endswith("RequestProblem")
    verdict = described["components"]["schemas"]["RecordVerdict"]
    answered = json.loads(server.fetch("validate", GOOD)[1])
    assert answered.keys() == verdict["properties"].keys()
    violation = described["components"]["schemas"]["RecordViolation"]
    assert answered["violations"][0].keys() == violation["properties"].keys()
    identifiers = [each["operationId"] for path in described["paths"].values() for each in path.values()]
    assert len(set(identifiers)) == len(identifiers)
