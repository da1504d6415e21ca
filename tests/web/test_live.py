"""A server whose files change: it goes on answering, says what its answers are from, and then answers from the new ones."""

import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldline.web.watched import has_changed

from .serving import Server, limited

REJECTED = {"at": "billing.customer.username", "value": "ABCDEFGHIJKLM"}
GOOD = json.dumps({"entry": "partner.applications", "record": {"credit_limit": 12.5}}).encode()


@pytest.fixture
def server(examples: Path, tmp_path: Path) -> Iterator[Server]:
    shutil.copytree(examples / "nordbank", tmp_path / "nordbank")
    with limited(tmp_path / "nordbank") as server:
        yield server


def until(holds: Callable[[], object]) -> None:
    """Wait for something, for a minute at most."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.01)


def renamed(server: Server, title: str) -> None:
    contract = server.folder / "contracts" / "iam.yaml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(re.sub("(?m)^title: .*$", f"title: {title}", text), encoding="utf-8")


def stopped_judge(server: Server) -> int:
    """The process that judges the changed files, stopped: it does not end before it is told to go on."""
    until(lambda: server.fetch("healthz")[0] and server.fetch("trace") and server.judging)
    (pid,) = server.judging
    os.kill(pid, signal.SIGSTOP)
    return pid


def test_it_answers_while_the_estate_is_judged_and_says_how_old_its_pages_are(server: Server) -> None:
    status, before, headers = server.ask()
    assert (status, "Age" in headers, "This is the state of" in before) == (200, False, False)
    renamed(server, "Another name")
    judge = stopped_judge(server)
    status, page, headers = server.ask()
    assert status == 200
    assert "Another name" not in page
    assert re.search(r"This is the state of .* UTC\. The files have changed since; they are being judged\.", page)
    assert int(headers["Age"]) >= 1
    assert server.fetch("systems/elsewhere.html")[0] == 404
    assert server.fetch("validate", GOOD)[0] == 200
    assert "Another name" in server.fetch("trace", {"at": "iam.account.user_id", "value": "x" * 70})[1]
    os.kill(judge, signal.SIGCONT)
    until(lambda: "Another name" in server.fetch()[1])
    assert "Age" not in server.ask()[2]


def test_files_that_cannot_be_read_leave_the_last_good_answers_and_are_told(server: Server) -> None:
    contract = server.folder / "contracts" / "iam.yaml"
    text = contract.read_text(encoding="utf-8")
    assert server.fetch("problems")[0] == 404
    contract.write_text(text + "\nnonsense: 1\n", encoding="utf-8")
    until(lambda: 'href="/problems"' in server.fetch("lineage.html")[1])
    status, page, headers = server.ask()
    assert (status, int(headers["Age"]) >= 1) == (200, True)
    assert "cannot be read (1 problem to fix)" in page
    status, page = server.fetch("problems")
    assert (status, "contracts/iam.yaml" in page, "nonsense" in page) == (200, True, True)
    assert server.fetch("trace", REJECTED)[0] == 200
    contract.write_text(text, encoding="utf-8")
    until(lambda: server.fetch("problems")[0] == 404)
    until(lambda: "Age" not in server.ask()[2])


def test_an_estate_that_never_could_be_read_shows_its_problems_until_it_can(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(server.folder, folder)
    contract = folder / "contracts" / "iam.yaml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text + "\nnonsense: 1\n", encoding="utf-8")
    with limited(folder) as broken:
        for asked in ("", "trace"):
            status, page = broken.fetch(asked)
            assert (status, "nonsense" in page) == (503, True)
        contract.write_text(text, encoding="utf-8")
        until(lambda: broken.fetch()[0] == 200)
        assert broken.fetch("trace", REJECTED)[0] == 200


def test_a_file_that_says_nothing_of_the_estate_is_not_waited_for(server: Server) -> None:
    workers = set(server.workers)
    (server.folder / "README.md").write_text("Something else", encoding="utf-8")
    (server.folder / "records.sqlite").write_bytes(b"a store that is written to")
    time.sleep(0.6)  # nobody looks more often
    for _ in range(3):
        assert "Age" not in server.ask()[2]
    assert set(server.workers) == workers


def test_what_counts_as_a_change() -> None:
    before = {"fieldline.yaml": (1, 1), "README.md": (1, 1), "schema/shop.sql": (1, 1)}
    read = ("fieldline.yaml", "schema/shop.sql")
    for now, is_change in (
        ({**before, "README.md": (2, 2)}, False),
        ({**before, "schema/shop.sql": (2, 1)}, True),
        ({**before, "contracts/new.yaml": (1, 1)}, True),
        ({name: stamp for name, stamp in before.items() if name != "schema/shop.sql"}, True),
        (before, False),
    ):
        assert has_changed(before, now, read) is is_change
    assert has_changed(before, {**before, "README.md": (2, 2)}, None)
