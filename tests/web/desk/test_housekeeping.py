"""What the desk does by itself: broken promises are told, events reach another system until it takes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.cases.case import CaseFacts
from fieldline.cases.database import open_desk_database
from fieldline.cases.outgoing import OutgoingEvents
from fieldline.cases.records import RecordNames
from fieldline.cases.store import CaseStore
from fieldline.web.desk.housekeeping import Housekeeping
from fieldline.web.desk.settings import DeskSettings, EventReceiver, LinkSignIn

from ..apart import run_apart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Receiver(ThreadingHTTPServer):
    """Another system, which takes events once it is well."""

    is_well = False
    got: list[tuple[str, str, dict[str, Any]]]


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.is_well:
            self.server.got.append((self.headers["Content-Type"], self.headers["Authorization"], body))
        self.send_response(204 if self.server.is_well else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver(("127.0.0.1", 0), _Taking) as server:
        server.got = []
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


ABOUT = {
    "problem": dict.fromkeys(("fi", "sv", "nb", "nl", "en"), "Billing: this record is not there."),
    "missed": {"letters.invoice": {}},
}


def test_a_broken_promise_and_a_repair_reach_another_system(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENTS_URL", f"http://127.0.0.1:{receiver.server_port}/events")
    monkeypatch.setenv("EVENTS_TOKEN", "a-token")
    database = open_desk_database(str(tmp_path / "cases.sqlite"))
    store, now = CaseStore(database), datetime.now(UTC)
    record = RecordNames(database).name("crm.person", {"customer_no": "24170093"}, now)
    case = store.open(CaseFacts("fault", ABOUT, "web-support"), record, "anna", now, now - timedelta(days=1))
    settings = DeskSettings(
        *("", "https://desk.bank.example", "UTC", "en", "en", LinkSignIn(("agent",))),
        events=EventReceiver("EVENTS_URL", "EVENTS_TOKEN"),
    )
    rounds = Housekeeping(settings, database, store, OutgoingEvents(database))
    later = now + timedelta(minutes=1)
    run_apart(rounds._round(later))
    assert receiver.got == []  # it is not well, and takes nothing
    receiver.is_well = True
    store.looked_again(case.number, case.version, "anna", now, "well")
    run_apart(rounds._round(later + timedelta(minutes=1)))
    run_apart(rounds._round(later + timedelta(minutes=1)))
    types = [body["type"] for _, _, body in receiver.got]
    assert types == ["fieldline.case.opened", "fieldline.case.promise_broken", "fieldline.case.closed"]
    broken, closed = (body["data"] for _, _, body in receiver.got[1:])
    assert broken["mail"]["fi"]["subject"] == f"Lupaus rikkoutui: asia {case.number}"
    assert f"https://desk.bank.example/desk/cases/{case.number}" in broken["mail"]["nl"]["body"]
    assert closed["missed"] == ["letters.invoice"], "whoever sends it knows that it may go out again"
    kind, token, first = receiver.got[0]
    assert (kind, token) == ("application/cloudevents+json", "Bearer a-token")
    assert first["specversion"] == "1.0"
    assert (first["source"], first["subject"]) == ("https://desk.bank.example", f"case/{case.number}")
    assert first["data"]["team"] == "web-support"
    assert "24170093" not in str(receiver.got)
