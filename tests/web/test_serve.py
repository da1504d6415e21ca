"""`fieldline serve`, as a process of its own on a free port."""

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.verdict.overview import overview_of
from fieldline.estate.load import load_estate
from fieldline.reports.page.page import lineage_page

from .serving import Server, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REJECTED = {"at": "billing.customer.username", "value": "ABCDEFGHIJKLM"}


@pytest.fixture(scope="module")
def server(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served") / "nordbank"
    shutil.copytree(examples / "nordbank", folder)
    with served(folder, [sys.executable, "-m", "fieldline", "serve", str(folder), "--port", "0"]) as server:
        yield server
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=20) == 130
        assert server.told() == ""


def test_it_serves_the_pages_that_docs_writes(server: Server, examples: Path) -> None:
    status, index = server.fetch()
    assert status == 200
    assert "Nordbank, becoming a customer" in index
    assert 'href="/trace"' in index or 'href="trace"' in index
    assert server.fetch("lineage.html") == (200, lineage_page(overview_of(load_estate(examples / "nordbank"))))
    for link in re.findall(r'href="((?:systems|entries|rules)/[^"]*)"', index):
        assert server.fetch(link)[0] == 200, link
    assert server.fetch("systems/elsewhere.html")[0] == 404


def test_a_value_is_traced_in_plain_words(server: Server) -> None:
    status, page = server.fetch("trace", REJECTED)
    assert status == 200
    for told in (
        "it accepts at most 12 bytes in cp037 (this has 13)",
        "Please choose another value for User name on the sign-up page. Allowed: at most 12 characters",
        "this usually takes 4 hours",
        "each of them could have rejected it",
    ):
        assert told in page
    status, page = server.fetch("trace", {"at": "web.signup.username", "value": "Maximilian1234"})
    assert status == 200
    assert "Further on its way" in page
    assert "rejected" in page


def test_no_value_is_traced_too(server: Server) -> None:
    assert "an empty value (null)" in server.fetch("trace", {"at": "crm.person.city", "null": "on"})[1]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"at": "billing.customer.usrname", "value": "x"}, "Did you mean billing.customer.username?"),
        ({"at": "", "value": "x"}, "no contract has the field"),
        ({"at": "web.signup.username", "value": "<script>alert(1)</script>"}, "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ({"at": "<script>alert(1)</script>", "value": ""}, "&lt;script&gt;"),
        ({"at": "crm.person.credit_limit", "value": "many"}, "crm.person.credit_limit is of type"),
    ],
)
def test_what_cannot_be_traced_is_said(server: Server, asked: dict[str, str], told: str) -> None:
    status, page = server.fetch("trace", asked)
    assert status in {200, 422}
    assert told in page
    assert "<script" not in page


def test_a_form_that_is_too_long_or_no_form_is_answered(server: Server) -> None:
    assert server.fetch("trace", b"value=" + b"x" * 300_000)[0] == 413
    assert server.fetch("trace", b"\xff\xfe&&&=")[0] == 422
    assert server.fetch("trace", b"&".join(b"a=1" for _ in range(50)))[0] == 422


def test_another_sites_name_gets_no_answer(server: Server) -> None:
    assert server.fetch(Host="evil.example")[0] == 400
    assert server.fetch(Host="localhost:1")[0] == 200


def test_every_answer_keeps_to_itself(server: Server) -> None:
    _, page, headers = server.ask("trace")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in page
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert server.ask("healthz")[2]["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def validated(server: Server, document: object) -> tuple[int, dict[str, object]]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    status, text = server.fetch("validate", body)
    return status, json.loads(text)


@pytest.mark.parametrize(
    ("header", "language", "reason"),
    [
        ("fi-FI, en;q=0.5", "fi", "Käyttäjätunnus ei saa sisältää merkkiä Å. Sallittu: enintään 12 merkkiä"),
        ("de, nl;q=0.3", "nl", "Gebruikersnaam mag dit niet bevatten: het teken Å."),
        ("de", "en", "User name must not contain the character Å."),
    ],
)
def test_reasons_follow_accept_language_and_the_answer_names_its_own(
    server: Server, header: str, language: str, reason: str
) -> None:
    body = json.dumps({"entry": "web.signup", "record": {"username": "Åsa"}}).encode()
    status, text, headers = server.ask("validate", body, **{"Accept-Language": header})
    told = json.loads(text)
    assert status == 200
    assert (headers["Content-Language"], headers["Vary"], told["language"]) == (language, "Accept-Language", language)
    assert told["violations"][0]["reason"].startswith(reason)


def test_the_form_has_a_text_for_a_customer_of_another_language(server: Server) -> None:
    _, page = server.fetch("trace", {**REJECTED, "language": "sv"})
    assert "Text for the customer, in Swedish" in page
    assert '<p class="note" lang="sv">Användarnamn: välj något annat på registreringssidan.' in page


def test_a_record_is_validated(server: Server) -> None:
    record = {"username": "Maximilian1234", "first_name": "A", "last_name": "B", "country": "FI", "street": "X 1"}
    record |= {"postal_code": "00100", "city": "Turku", "iban": "FI2112345600000785"}
    status, told = validated(server, {"entry": "web.signup", "record": record})
    assert status == 200
    assert told["valid"] is False
    (violation,) = told["violations"]
    assert violation["fields"] == ["username"]
    assert violation["binding"] == {
        "field": "billing.customer.username",
        "constraint": "max_bytes",
        "at": "contracts/billing.yaml:15:9",
    }
    assert violation["repaired"] == "Maximilian12"
    record["username"] = "max1"
    assert validated(server, {"entry": "web.signup", "record": record}) == (
        200,
        {"valid": True, "language": "en", "violations": [], "not_known": []},
    )
    status, told = validated(server, {"entry": "partner.applications", "record": {"credit_limit": "12"}})
    assert status == 200
    assert not any("wrong type" in violation["reason"] for violation in told["violations"])


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (b"", "not read"),
        (b"[" * 100_000, "nested"),
        (b'{"entry": "web.signup", "record": {"username": NaN}}', "body:1:48: broken JSON"),
        (b'{"entry": "web.signup", "record": {"a": 1, "a": 2}}', "body:1:44: the key … stands twice"),
        ({"entry": "web.signup"}, "expected"),
        ({"entry": 1, "record": {}}, "expected"),
        ({"entry": "web.signup", "record": {"username": ["a"]}}, "nested"),
        ({"entry": "web.sign-up", "record": {}}, "did you mean web.signup?"),
        ({"entry": "web.signup", "record": {"usrname": "a"}}, "did you mean username?"),
    ],
    ids=range(9),
)
def test_what_is_no_record_is_said(server: Server, document: object, told: str) -> None:
    status, answer = validated(server, document)
    assert status == 422
    assert told in answer["problem"]


@pytest.mark.needs_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_form_works_in_a_browser(server: Server, chromium: "Browser", width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda r: None if r.url.startswith((server.address, "data:")) else complaints.append(r.url))
    page.goto(server.address)
    page.get_by_role("link", name="Trace a value").click()
    page.get_by_label("Field").fill(REJECTED["at"])
    page.get_by_label("Value", exact=True).fill(REJECTED["value"])
    page.get_by_role("button", name="Trace it").click()
    page.get_by_role("heading", name="Text for the customer").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()
    assert complaints == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - refused
def test_a_link_opens_no_desk_on_a_network(examples: Path, tmp_path: Path, host: str) -> None:
    desk = tmp_path / "desk.yaml"
    desk.write_text("cases: cases.sqlite\nzone: Europe/Helsinki\nsign_in: {link: [admin]}\n", encoding="utf-8")
    started = [sys.executable, "-m", "fieldline", "serve", examples / "nordbank", "--host", host, "--desk", desk]
    done = subprocess.run(started, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f'a link signs people in on this machine alone, and the desk is to listen at "{host}"' in done.stdout
