"""Who may ask for what at the desk: every role at every address, and those who only say that they are somebody."""

from __future__ import annotations

import json
import re
import signal
from typing import TYPE_CHECKING

import pytest

from fieldline.sentences.desk import page_words
from fieldline.sentences.speech import speech

from .bank import running_desk
from .conftest import ROBOT

if TYPE_CHECKING:
    from pathlib import Path

    from .bank import DeskServer

pytestmark = pytest.mark.slow
ROUTES = {
    "/": "reader",
    "/index.html": "reader",
    "/lineage.html": "reader",
    "/trace": "reader",
    "/problems": "reader",
    "/openapi.json": "reader",
    "/desk": "agent",
    "/desk/": "agent",
    "/desk/records/x": "agent",
    "/desk/cases/1": "agent",
    "/desk/faults": "agent",
    "/desk/faults.csv": "agent",
    "/desk/faults.json": "agent",
    "/desk/lookups.csv": "admin",
    "/metrics": "admin",
}
SENT = {
    "/trace": "reader",
    "/validate": "reader",
    "/language": "reader",
    "/sign-out": "reader",
    "/desk/find": "agent",
    "/desk/records/x/values": "agent",
    "/desk/records/x/cases": "agent",
    "/desk/cases/1/take": "agent",
    "/desk/held/x/send": "agent",
    "/desk/held-all": "steward",
    "/desk/link": "admin",
    "/desk/events": "admin",
    "/gates/letters.offer": "steward",
}
RANKS = ("reader", "agent", "steward", "admin")
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*191}}{% raw %}",
    "' or 1=1 --",
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe\x07",
    "%s%n{0}",
    "../../etc/passwd",
    "😀" * 300,
    "a\x00b\x1b[31m\r\nSet-Cookie: x=1",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
)


def headers(user: str, groups: str) -> dict[str, str]:
    return {"X_User": user, "X_Groups": groups}


@pytest.mark.parametrize("role", RANKS)
def test_a_role_gets_what_is_for_it_and_nothing_else(desk: DeskServer, role: str) -> None:
    who = headers("someone", f"fieldline-{role}")
    for path, least in ROUTES.items():
        status = desk.ask(path, **who)[0]
        assert (status == 403) is (RANKS.index(role) < RANKS.index(least)), (path, status)
        assert status < 500, path
    for path, least in SENT.items():
        status, text, _ = desk.ask(path, {"text": "x"}, **who)
        refused = status == 403 and "You may not do this" in text and "<html" not in text
        assert refused is (RANKS.index(role) < RANKS.index(least)), (path, status)
        assert status < 500, path


def test_nobody_gets_nothing_but_the_way_in(desk: DeskServer) -> None:
    for path in ROUTES:
        assert desk.ask(path)[0] == 401, path
        status, _, answered = desk.ask(path, Accept="text/html")
        assert (status, answered["Location"]) == (303, "/sign-in")
    for path in SENT:
        assert desk.ask(path, {"text": "x"})[0] == 401, path
    assert desk.ask("/healthz")[0] == 200
    assert desk.ask("/readyz")[:2] == (200, '{"status":"ok","reasons":[]}')
    assert desk.ask("/sign-in")[0] == 200
    for groups in ("", "web-support", "fieldline-root", "admin"):
        assert desk.ask("/desk", **headers("someone", groups))[0] == 401, groups
    assert desk.ask("/desk", **headers("", "fieldline-admin"))[0] == 401


def test_a_program_asks_gates_and_sees_nothing(desk: DeskServer) -> None:
    token = {"Authorization": f"Bearer {ROBOT}"}
    for path in ROUTES:
        assert desk.ask(path, **token)[0] == (200 if path == "/metrics" else 403), path
    for path in SENT:
        may = path in {"/validate", "/gates/letters.offer", "/desk/link", "/desk/events"}
        assert (desk.ask(path, {"text": "x"}, **token)[0] == 403) is not may, path
    for wrong in ("", "x", ROBOT[:-1], f"{ROBOT}x"):
        assert desk.ask("/gates/letters.offer", "{}", Authorization=f"Bearer {wrong}")[0] == 401, wrong
    for body in (
        "",
        "[]",
        "{}",
        '{"record": 1}',
        '{"record": "crm.person/1", "other": 1}',
        '{"record": "crm.perso/1"}',
    ):
        status, text, _ = desk.ask("/gates/letters.offer", body, **token)
        assert (status, "problem" in text) == (422, True), body
    assert desk.ask("/gates/letters.none", '{"record": "crm.person/1"}', **token)[0] == 422


def test_an_event_is_taken_in_both_modes_or_said_to_be_none(desk: DeskServer) -> None:
    token, number = {"Authorization": f"Bearer {ROBOT}"}, desk.customer("mail arrived")
    data = {"record": f"crm.person/{number}", "channel": "telephone"}
    event = {"specversion": "1.0", "id": "both", "source": "https://calls.example", "type": "fieldline.contact"}
    structured = {**token, "Content_Type": "application/cloudevents+json"}
    assert desk.ask("/desk/events", json.dumps({**event, "data": data}), **structured)[1] == '{"status":"kept"}'
    binary = {f"ce_{name}": value for name, value in event.items()}
    assert desk.ask("/desk/events", json.dumps(data), **token, **binary)[1] == '{"status":"known"}'
    page = desk.ask("/desk", **headers("anna", "fieldline-agent"))[1]
    assert "Came in, and nobody has looked yet" in page
    for wrong in (
        {**event, "data": {}},
        {**event, "data": {"record": "crm.perso/1"}},
        {**event, "data": {"find": "nobody at all"}},
        {**event, "data": {**data, "other": 1}},
        {**event, "type": "fieldline.unknown", "data": data},
        {**event, "type": "fieldline.letter", "data": data},
        {**event, "specversion": "0.3", "data": data},
        {"data": data},
    ):
        status, text, _ = desk.ask("/desk/events", json.dumps(wrong), **structured)
        assert (status, "problem" in text, number in text) == (422, True, False), wrong
    assert desk.ask("/desk/events", "{", **structured)[0] == 422
    assert desk.ask("/desk/events", '{"record": "\\ud800"}', **token, **binary)[0] == 422
    assert desk.ask("/desk/events", {"text": "x"}, **token)[0] == 415
    letter = {**event, "id": "1", "type": "fieldline.letter", "data": {**data, "action": "letters.none"}}
    assert desk.ask("/desk/events", json.dumps(letter), **structured)[0] == 422


def test_a_telephone_system_gets_an_address_that_says_nothing(desk: DeskServer) -> None:
    token, number = {"Authorization": f"Bearer {ROBOT}"}, desk.customer("no label")
    status, text, _ = desk.ask("/desk/link", json.dumps({"text": number}), **token)
    link = json.loads(text)["link"]
    assert (status, number in link) == (200, False)
    path = link.removeprefix(desk.address)
    assert path.startswith("/desk/records/")
    assert desk.ask(path)[0] == 401
    assert desk.ask(path, **headers("anna", "fieldline-agent"))[0] == 200
    assert json.loads(desk.ask("/desk/link", '{"text": "nobody at all"}', **token)[1]) == {"link": None}
    for wrong in ("", "{}", '{"text": ""}', '{"text": 1}', '{"text": "a", "b": 1}'):
        assert desk.ask("/desk/link", wrong, **token)[0] == 422, wrong
    exported = desk.ask("/desk/lookups.csv", **headers("root", "fieldline-admin"))[1]
    assert ",robot,,searched," in exported


def test_another_sites_page_is_not_obeyed(desk: DeskServer) -> None:
    who = headers("anna", "fieldline-agent")
    status, page, answered = desk.ask("/desk", **who)
    assert status == 200
    cookie = answered["Set-Cookie"].partition(";")[0]
    assert "HttpOnly" in answered["Set-Cookie"]
    assert "SameSite=Lax" in answered["Set-Cookie"]
    (key,) = set(re.findall(r'name="form_key" value="([^"]+)"', page))
    form = {"text": "nobody at all", "form_key": key}
    assert desk.ask("/desk/find", form, Cookie=cookie, **who)[0] == 200
    assert desk.ask("/desk/find", form, Cookie=cookie, Origin=desk.address, **who)[0] == 200
    for other in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
        assert desk.ask("/desk/find", form, Cookie=cookie, **other, **who)[0] == 403, other
    for wrong in ("", "x", key[:-1]):
        assert desk.ask("/desk/find", {**form, "form_key": wrong}, Cookie=cookie, **who)[0] == 403, wrong
    assert desk.ask("/desk/find", form, Cookie=cookie, **headers("bert", "fieldline-agent"))[0] == 403
    assert desk.ask("/desk", Host="evil.example", **who)[0] == 400


def test_refusals_are_pages_in_the_language_of_whoever_reads_them(desk: DeskServer) -> None:
    asked = {"Accept": "text/html", "Accept_Language": "sv"}
    for path, role, status, word in (
        ("/desk", "reader", 403, "may_not"),
        ("/desk/cases/999999", "agent", 404, "no_such"),
    ):
        answered, page, _ = desk.ask(path, **asked, **headers(f"svea-{role}", f"fieldline-{role}"))
        assert answered == status, path
        assert 'lang="sv"' in page
        assert page_words(speech("sv"))[word] in page
    assert page_words(speech("nl"))["by_proxy"] in desk.ask("/sign-in", Accept_Language="nl")[1]
    reader = desk.ask("/desk", **asked, **headers("svea-reader", "fieldline-reader"))[1]
    assert 'href="/index.html"' in reader, "a way on that is not refused again"
    assert 'href="/desk"' not in reader
    figures = desk.ask("/metrics", **headers("root", "fieldline-admin"))[1]
    assert re.search(r'fieldline_requests_total\{method="GET",route="none",status="403"\} [1-9]', figures)


def test_what_somebody_wrote_is_not_lost_with_the_session(desk: DeskServer) -> None:
    note = {"text": "She called <twice> & waits", "form_key": "of another session"}
    who = headers("anna", "fieldline-agent")
    for sent in ({}, who):
        status, page, _ = desk.ask("/desk/cases/1/note", note, Accept="text/html", Accept_Language="en", **sent)
        assert status == (403 if sent else 401)
        assert "She called &lt;twice&gt; &amp; waits</textarea>" in page
        assert "What you wrote is still here." in page
    assert "meanwhile" in desk.ask("/desk/cases/1/note", note, Accept="text/html", Accept_Language="en")[1]
    assert desk.ask("/desk/cases/1/note", note)[1] == '{"problem":"sign in"}'


def test_a_page_of_repair_is_offered_to_those_whom_it_is_open_to(desk: DeskServer) -> None:
    record = desk.customer("emptied")
    token = {"Authorization": f"Bearer {ROBOT}"}
    link = json.loads(desk.ask("/desk/link", json.dumps({"text": record}), **token)[1])["link"]
    path = link.removeprefix(desk.address)
    for groups, is_offered in (("", False), (", support", True)):
        who = headers(f"who-{is_offered}", f"fieldline-agent, web-support{groups}")
        _, page, answered = desk.ask(path, Accept_Language="en", **who)
        assert "Open the page" not in page, "its address names the customer"
        (key,) = set(re.findall(r'name="form_key" value="([^"]+)"', page))
        cookie = answered["Set-Cookie"].partition(";")[0]
        form = {"reason": "she calls", "form_key": key}
        page = desk.ask(f"{path}/values", form, Cookie=cookie, **who)[1]
        assert ("Open the page on which it is repaired" in page) is is_offered
        assert ("You may not change it there. These may: support." in page) is not is_offered


def test_hostile_words_break_no_page_and_nothing_of_them_runs(desk: DeskServer) -> None:
    who = headers("nasty", "fieldline-admin, web-support")
    _, page, answered = desk.ask("/desk", **who)
    cookie = answered["Set-Cookie"].partition(";")[0]
    (key,) = set(re.findall(r'name="form_key" value="([^"]+)"', page))
    number = desk.customer("garbled")
    found = desk.ask("/desk/find", {"text": number, "form_key": key}, Cookie=cookie, **who)[2]["Location"]
    page = desk.ask(found, Cookie=cookie, **who)[1]
    (fault,) = re.findall(r'name="fault" value="([^"]+)"', page)
    case = desk.ask(f"{found}/cases", {"fault": fault, "form_key": key}, Cookie=cookie, **who)[2]["Location"]
    for text in NASTY:
        sent = dict.fromkeys(("text", "team", "language", "next_word", "version", "fault", "here", "reason"), text)
        for path in (
            "/desk/find",
            f"{found}/values",
            f"{found}/cases",
            *(f"{case}/{act}" for act in ACTS),
            "/language",
        ):
            status, page, _ = desk.ask(path, {**sent, "form_key": key}, Cookie=cookie, **who)
            assert status < 500, (path, text)
            assert page.count("<script>") <= 1, (path, text)
            assert "onerror=alert(1)>" not in page.replace("&gt;", ""), (path, text)
            assert "1337" not in page, (path, text)
            assert "\x00" not in page, (path, text)
        event = {"specversion": "1.0", "id": text[:200], "source": text[:200], "type": "fieldline.attempt"}
        told = {"record": f"crm.person/{number}", "channel": text[:100], "text": text, "fields": [text]}
        body, token = json.dumps({**event, "data": told}), f"Bearer {ROBOT}"
        assert desk.ask("/desk/events", body, Authorization=token)[0] == 200, text
    _, page, _ = desk.ask(case, Cookie=cookie, **who)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    exported = desk.ask("/desk/lookups.csv", Cookie=cookie, **who)[1]
    assert "'=cmd|" in exported
    assert not re.search(r"(^|,)=cmd", exported)


ACTS = ("take", "look", "hand-over", "back", "tell", "note", "close", "delete")


def test_figures_name_routes_and_nobody(desk: DeskServer) -> None:
    desk.ask("/desk/cases/1", **headers("a-person-of-the-test", "fieldline-agent"))
    figures = desk.ask("/metrics", Authorization=f"Bearer {ROBOT}")[1]
    assert 'fieldline_requests_total{method="GET",route="/desk/cases/{number}",status="' in figures
    assert "fieldline_request_seconds_bucket" in figures
    assert "a-person-of-the-test" not in figures
    assert "/desk/cases/1" not in figures


def test_a_session_that_signed_out_is_over(desk: DeskServer) -> None:
    who = headers("leaving", "fieldline-agent")
    _, page, answered = desk.ask("/desk", **who)
    cookie = answered["Set-Cookie"].partition(";")[0]
    (key,) = set(re.findall(r'name="form_key" value="([^"]+)"', page))
    status, page, answered = desk.ask("/sign-out", {"form_key": key}, Cookie=cookie, **who)
    assert (status, "You are signed out." in page, "Max-Age=0" in answered["Set-Cookie"]) == (200, True, True)
    assert desk.ask("/desk/find", {"text": "x", "form_key": key}, Cookie=cookie, **who)[0] == 403


def test_the_link_of_a_trial_signs_in_once(bank: tuple[Path, dict[str, str]]) -> None:
    folder, variables = bank
    settings = f"cases: {folder.parent / 'trial.sqlite'}\nzone: Europe/Helsinki\nsign_in: {{{{link: [agent]}}}}\n"
    with running_desk(folder, variables, settings, "--log-format", "json") as trial:
        assert trial.link.startswith(f"{trial.address}/sign-in/link/")
        path = trial.link.removeprefix(trial.address)
        assert trial.ask("/desk")[0] == 401
        assert trial.ask(f"{path}x")[0] == 403
        status, _, answered = trial.ask(path)
        assert (status, answered["Location"]) == (303, "/desk")
        cookie = answered["Set-Cookie"].partition(";")[0]
        status, page, _ = trial.ask("/desk", Cookie=cookie)
        assert (status, "This desk is open for a trial" in page) == (200, True)
        assert trial.ask(path)[0] == 403
        assert trial.ask("/desk/lookups.csv", Cookie=cookie)[0] == 403
        assert trial.ask("/", **headers("admin", "fieldline-admin"))[0] == 401  # no proxy is trusted here
        trial.process.send_signal(signal.SIGTERM)
        trial.process.wait(10)
        assert trial.process.stderr is not None
        lines = [json.loads(line) for line in trial.process.stderr.read().splitlines()]
    answered = [line for line in lines if line["event"] == "answered"]
    assert {"route": "/sign-in/link/{key}", "method": "GET", "status": 303} in [
        {name: line[name] for name in ("route", "method", "status")} for line in answered
    ]
    assert path not in str(lines), "a line names routes, and nobody's address"
