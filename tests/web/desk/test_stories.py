"""The stories of support, at the desk, in a browser: somebody calls, and the agent knows what is wrong and what to do."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from fieldline.application.attempts import RefusedAttempt
from fieldline.rows.attempts.store import AttemptStore

from .conftest import ROBOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from .bank import DeskServer

pytestmark = [pytest.mark.needs_browser, pytest.mark.slow]
ANNA = ("anna", "fieldline-agent, web-support")
OLGA = ("olga", "fieldline-agent, loan-desk")


def search(page: Page, text: str) -> None:
    """Type what the customer says, and press Enter: nothing else is touched."""
    page.goto(f"{page.url.split('/desk')[0]}/desk")
    page.wait_for_selector("#text:focus")
    page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def pressed(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def focused(page: Page) -> str:
    """What has the focus: a reader of the screen reads it first. A browser sets it when it first paints the page."""
    page.wait_for_function("document.activeElement !== document.body")
    text: str = page.evaluate("document.activeElement.textContent")
    return text


def test_a_user_name_that_billing_refuses_is_repaired_where_it_was_let_in(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    page = sat_down(*ANNA, "fi-FI")
    number = desk.customer("long user name")
    search(page, number)
    assert (
        focused(page)
        == "Laskutus: Käyttäjätunnus ei kelvannut. Siellä sallittu: enintään 12 merkkiä (kirjaimia A–Z ja numeroita)."
    )
    told = page.inner_text("main")
    assert "Muutetaan täällä: Rekisteröitymissivu." in told
    assert "Korjaaja: web-support. Pyydä täältä: #web-support." in told
    assert re.search(r"Yleensä siihen menee 4 työtuntia\.|4 työ", told)
    assert re.search(r"Odotettavissa viimeistään: \w\w \d+\.\d+\. klo \d+\.\d\d\.", told)
    assert "Laskua ei lähetetä, ennen kuin asia on korjattu." in told
    assert page.get_attribute("blockquote", "lang") == "fi"
    assert "valitse toinen rekisteröitymissivulla" in page.inner_text("blockquote")
    page.select_option("#say", "sv")
    page.locator("form", has=page.locator("#say")).get_by_role("button").click()
    page.wait_for_url("**say=sv")
    assert "välj något annat på registreringssidan" in page.inner_text("blockquote")
    assert number not in page.content()
    assert number not in page.url


def test_values_are_hidden_until_somebody_says_why_they_are_needed(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    page = sat_down(*ANNA)
    number = desk.customer("stale address")
    with desk.database("crm") as crm:
        (street,) = crm.execute("select street from person where customer_no = ?", (number,)).fetchone()
    search(page, number)
    assert street not in page.content()
    page.get_by_label("Why do you need to see them?").fill("she asked which address we have")
    pressed(page, "Show the values")
    assert street in page.inner_text(".hops")
    assert number in page.inner_text("main")
    admin = sat_down("root", "fieldline-admin")
    with admin.expect_download() as download:
        admin.get_by_role("link", name="Who looked at whom").click()
    lines = download.value.path().read_text().splitlines()
    (line,) = [line for line in lines if "she asked which address we have" in line]
    assert ",anna,agent,opened," in line
    assert not any(number in each or street in each for each in lines)


def test_a_team_sees_the_values_of_its_own_systems_and_acts_on_its_own_cases(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    olga, anna = sat_down(*OLGA), sat_down(*ANNA)
    number = desk.customer("two faults", 1)
    search(olga, number)
    olga.get_by_label("Why do you need to see them?").fill("she asked")
    pressed(olga, "Show the values")
    assert "You see the values of your team's systems." in olga.inner_text("main")
    shown = {
        system: olga.locator(".hops tr", has_text=system).locator("code").count() for system in ("Loans", "Billing")
    }
    assert (shown["Loans"] > 0, shown["Billing"]) == (True, 0)
    search(anna, number)
    with anna.expect_navigation():
        anna.locator(".fault form button").first.click()
    olga.goto(anna.url)
    assert "Another team has this case." in olga.inner_text("main")
    assert olga.get_by_role("button", name="I take it").count() == 0
    olga.get_by_label("Add a note").fill("seen by loans, too")
    pressed(olga, "Add a note")
    assert "seen by loans, too" in olga.inner_text(".history")


def test_an_address_that_changed_is_followed_to_every_system(desk: DeskServer, sat_down: Callable[..., Page]) -> None:
    page = sat_down(*ANNA, "sv-SE")
    search(page, desk.customer("on its way"))
    told = page.inner_text("main")
    assert "Fortfarande på väg: Postadress → Faktureringen" in told
    assert focused(page) == "Allt är som det ska i alla system som lästes."
    search(page, desk.customer("stale loan address"))
    assert focused(page).startswith("Lån: detta är inte som det ska: Postadress. Det skulle ha kommit för ")
    assert "Rättas av: loan-desk. Fråga här: #loans." in page.inner_text("main")


def test_an_internet_order_that_the_call_centre_cannot_find(desk: DeskServer, sat_down: Callable[..., Page]) -> None:
    page = sat_down(*ANNA)
    search(page, f"W{int(desk.customer('not in the list')):09}")
    assert focused(page) == "What it holds is right, but it does not reach every list."
    assert "nothing brings it there: Call-centre list" in page.inner_text("main").replace("\n", " ")


def test_of_a_joined_value_each_part_is_named(desk: DeskServer, sat_down: Callable[..., Page]) -> None:
    page = sat_down(*ANNA, "fi")
    search(page, desk.customer("garbled"))
    rows = page.locator(".hops").first.locator("tbody th").all_inner_texts()
    assert [row.splitlines()[0] for row in rows[:3]] == [
        "Asiakasrekisteri, Asiakas: Etunimi",
        "Asiakasrekisteri, Asiakas: Sukunimi",
        "Laskutus",
    ]


def test_a_typing_error_is_repaired_at_its_root_and_closed_only_when_it_is_seen_everywhere(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    page = sat_down(*ANNA)
    number = desk.customer("mail repaired")
    search(page, number)
    assert "Login service: this is not as it should be: E-mail." in focused(page)
    pressed(page, "Hand it over to the team: identity-ops")
    assert re.search(r"Case #\d+", page.title())
    pressed(page, "Repaired, look again")
    assert "The systems were read again: it is not well yet" in page.inner_text(".history")
    with desk.database("crm") as crm, desk.database("iam") as iam:
        (mail,) = crm.execute("select email from person where customer_no = ?", (number,)).fetchone()
        iam.execute("update account set email = ? where customer_no = ?", (mail, number))
        iam.commit()
    pressed(page, "Repaired, look again")
    assert "This case is closed. The systems were read again, and all is well." in page.inner_text("main")
    assert page.get_by_role("button", name="Repaired, look again").count() == 0


def test_a_case_begins_with_the_chat_and_what_was_missed_goes_out_again(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    """She wrote in a chat and was promised an answer; nobody at the desk had seen it. What was not sent is sent again."""
    number = desk.customer("hundredfold")
    promised = datetime.now(UTC) - timedelta(days=5)

    def tell(kind: str, event: str, **data: object) -> tuple[int, str]:
        body = {"specversion": "1.0", "id": event, "source": "https://chat.example", "type": f"fieldline.{kind}"}
        body["data"] = {"record": f"crm.person/{number}", **data}  # type: ignore[assignment]  # of one event
        return desk.ask("/desk/events", json.dumps(body), Authorization=f"Bearer {ROBOT}")[:2]

    chat = {"channel": "chat", "text": "My limit is wrong", "answer_by": promised.isoformat()}
    assert tell("contact", "1", **chat) == (200, '{"status":"kept"}')
    assert tell("contact", "1", **chat) == (200, '{"status":"known"}')
    page = sat_down("dba", "fieldline-agent, billing-dba", "nb-NO")
    first = page.locator("section:has(#mine) .case").first
    assert "Løftet brutt" in first.inner_text(), "after five days nobody had answered: that is seen first"
    with page.expect_navigation():
        first.get_by_role("link").click()
    assert "Kunden tok kontakt: chat" in page.inner_text(".history")
    assert "My limit is wrong" in page.inner_text(".history")
    page.locator("summary", has_text="E-post til kunden").click()
    assert "Meidän piti ottaa sinuun yhteyttä" in page.inner_text("#mail")
    with desk.database("crm") as crm:
        (limit,) = crm.execute("select credit_limit from person where customer_no = ?", (number,)).fetchone()
    master = desk.folder / "data" / "CUSTMAST.DAT"
    records = master.read_bytes()
    start = records.index(f"C-{number}".encode("cp037"))
    packed = bytes.fromhex(f"{round(limit * 100):07}c")
    master.write_bytes(records[: start + 182] + packed + records[start + 186 :])
    assert tell("arrival", "2", system="billing") == (200, '{"status":"kept"}'), "nobody presses a button"
    page.reload()
    assert "Saken er avsluttet." in page.inner_text("main")
    assert "Faktura" in page.inner_text("section:has(#missed)")
    pressed(page, "Send på nytt: Faktura")
    assert "bedt om ny sending" in page.inner_text("section:has(#missed)")
    assert tell("sent", "3", action="letters.invoice")[0] == 200
    page.reload()
    assert "Faktura · sendt" in page.inner_text("section:has(#missed)")


def test_a_case_is_handed_over_with_its_history_and_the_new_teams_clock(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    anna = sat_down(*ANNA)
    search(anna, desk.customer("wrong currency"))
    with anna.expect_navigation():
        anna.locator(".fault form button").click()
    case = anna.url
    anna.get_by_text("Tell the customer").first.click()
    anna.get_by_label("What was said").fill("Soitamme huomenna klo 10.")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    anna.get_by_label("When does the customer hear again?").fill(f"{yesterday:%Y-%m-%dT%H:%M}")
    with anna.expect_navigation():
        anna.locator("form[action$=tell] button").click()
    anna.locator("summary", has_text="Hand over").click()
    anna.get_by_label("To which team?").select_option("loan-desk")
    anna.locator("#hand-text").fill("Loans keep the currency")
    with anna.expect_navigation():
        anna.locator("form[action$=hand-over] button").click()
    assert "Handed over: " in anna.inner_text(".history")
    assert "It usually takes 2 working days." in anna.inner_text("dl")

    olga = sat_down(*OLGA)
    first = olga.locator("section:has(#mine) .cases li").first
    assert "Promise broken" in first.inner_text()
    first.get_by_role("link").click()
    olga.wait_for_url(case)
    assert "Soitamme huomenna klo 10." in olga.inner_text(".history")
    olga.locator("summary", has_text="Back, because").click()
    olga.locator("#back-text").fill("It is not ours")
    with olga.expect_navigation():
        olga.locator("form[action$=back] button").click()
    assert "Given back: loan-desk → " in olga.inner_text(".history")


def test_two_people_at_one_case_and_nothing_that_was_typed_is_lost(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    anna, olga = sat_down(*ANNA), sat_down(*OLGA)
    search(anna, desk.customer("lost day"))
    with anna.expect_navigation():
        anna.locator(".fault form button").click()
    olga.goto(anna.url)
    pressed(anna, "I take it")
    olga.locator("summary", has_text="Hand over").click()
    olga.locator("#hand-text").fill("a long explanation")
    with olga.expect_navigation():
        olga.locator("form[action$=hand-over] button").click()
    assert "Somebody else changed this case meanwhile." in focused(olga)
    assert olga.input_value("#hand-text") == "a long explanation"
    with olga.expect_navigation():
        olga.locator("form[action$=hand-over] button").click()
    assert "a long explanation" in olga.inner_text(".history")


def test_a_letter_that_is_about_to_go_is_held_until_somebody_has_answered(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    number = desk.customer("stale address", 1)

    def asked() -> dict[str, str]:
        body, token = json.dumps({"record": f"crm.person/{number}"}), f"Bearer {ROBOT}"
        status, text, _ = desk.ask("/gates/letters.reminder", body, Authorization=token)
        assert status == 200, text
        told: dict[str, str] = json.loads(text)
        return told

    first = asked()
    assert first["passage"] == "hold"
    assert first["until"] == asked()["until"]
    page = sat_down(*ANNA, "fi-FI")
    line = page.locator("section", has_text="Pian lähdössä").locator("li", has_text="letters.reminder")
    assert "Lähtee silloin, jos kukaan ei vastaa" in line.inner_text()
    with page.expect_navigation():
        line.get_by_role("button", name="Soitan asiakkaalle").click()
    assert "asiakkaalle soitetaan (anna)" in line.inner_text()
    assert asked()["passage"] == "hold"
    with page.expect_navigation():
        line.get_by_role("button", name="Lähetä").click()
    assert line.count() == 0
    assert asked() == {"passage": "go", "reason": "sent by anna", "until": None}
    assert asked()["passage"] == "hold"


def test_two_people_hold_all(desk: DeskServer, sat_down: Callable[..., Page]) -> None:
    one, two = (sat_down(user, "fieldline-steward", "sv-SE") for user in ("sten", "stina"))
    for _ in range(2):  # one person, however often she asks
        with one.expect_navigation():
            one.get_by_role("button", name=re.compile("Håll kvar allt|håll kvar allt")).click()
        assert "Någon vill hålla kvar allt. En andra person måste godkänna." in one.inner_text("main")
    two.reload()
    with two.expect_navigation():
        two.get_by_role("button", name="Jag godkänner: håll kvar allt").click()
    assert "Inget går ut: två personer håller kvar allt." in two.inner_text("main")
    body, token = json.dumps({"record": f"crm.person/{desk.customer('cut')}"}), f"Bearer {ROBOT}"
    assert "all actions are held" in desk.ask("/gates/letters.reminder", body, Authorization=token)[1]
    with two.expect_navigation():
        two.get_by_role("button", name="Släpp fram igen").click()
    assert '"go"' in desk.ask("/gates/letters.reminder", body, Authorization=token)[1]


def loan(number: str) -> str:
    """The number of the loan whose instalment a customer asked to move."""
    return f"{(int(number) - 24_000_000) // 7 + 100_000:06}"


def test_a_due_date_that_a_robot_moved_the_other_way_is_held_before_anything_is_taken(
    desk: DeskServer, sat_down: Callable[..., Page]
) -> None:
    """Two weeks later was asked for. Two weeks earlier is wrong, and so is one week later: what was asked counts."""

    def collected(number: str) -> str:
        body, token = json.dumps({"record": f"netbank.request/{loan(number)}"}), f"Bearer {ROBOT}"
        passage: str = json.loads(desk.ask("/gates/instalments.collect", body, Authorization=token)[1])["passage"]
        return passage

    number = desk.customer("moved the wrong way")
    assert collected(number) == "hold"
    assert collected(desk.customer("moved")) == "go"
    page = sat_down(*OLGA, "sv-SE")
    assert "instalments.collect" in page.inner_text("section:has(#out)")
    search(page, loan(desk.customer("moved a week")))
    assert focused(page) == "Avbetalningar: detta är inte som det ska: Förfallodag."
    assert "Förfallodag är tidigare än det som begärdes." in page.inner_text(".fault")
    search(page, loan(number))
    told = page.inner_text(".fault")
    assert "Förfallodag flyttades åt fel håll." in told
    assert "Avbetalningen kan dras från ett konto utan täckning." in told
    assert "Rättas av: loan-desk. Fråga här: #loans." in told
    pressed(page, "Lämna över till teamet: loan-desk")
    with desk.database("loans") as loans:
        loans.execute("update instalment set due_date = date(due_before, '14 days') where loan_no = ?", (loan(number),))
        loans.commit()
    pressed(page, "Rättat, titta igen")
    assert "Ärendet är avslutat." in page.inner_text("main")
    assert collected(number) == "go"


SIGN_UP = """<!doctype html><html lang="nl"><title>Aanmelden</title><form><label for="name">Gebruikersnaam</label>
<input id="name" name="username"><button>Verder</button><p role="alert"></p></form><script>
document.forms[0].addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = await fetch("/check", {method: "POST", body: document.getElementById("name").value});
  const told = await sent.json();
  document.querySelector("p").textContent = told.violations.length ? told.violations[0].reason : "Welkom";
});</script></html>"""


def test_a_customer_solves_it_alone_where_the_page_asks_first(desk: DeskServer, sat_down: Callable[..., Page]) -> None:
    """The sign-up page asks what all systems accept, and says it in her language; support sees that she tried."""
    number = desk.customer("long user name", 1)

    def asked(route: Route) -> None:  # the page's own server asks, with its own token, and says who she is
        record = {"username": route.request.post_data, "first_name": "A", "last_name": "B", "email": "a@b.example"}
        body = json.dumps({"entry": "web.signup", "record": record, "subject": number})
        languages = route.request.headers.get("accept-language", "nl")
        told = desk.ask("/validate", body, Authorization=f"Bearer {ROBOT}", Accept_Language=languages)
        route.fulfill(status=told[0], body=told[1], content_type="application/json")

    agent = sat_down(*ANNA, "nl-NL")
    page = agent.context.browser.new_context(locale="nl-NL").new_page()  # type: ignore[union-attr]  # it has one
    page.route("https://bank.example/check", asked)
    page.route("https://bank.example/", lambda route: route.fulfill(body=SIGN_UP, content_type="text/html"))
    page.goto("https://bank.example/")
    for name, answer in (
        ("maximilian1234", "maximaal 12 tekens ("),
        ("maximilian", "Welkom"),
    ):
        page.get_by_label("Gebruikersnaam").fill(name)
        page.keyboard.press("Enter")
        page.get_by_text(answer).wait_for()
    page.context.close()
    search(agent, number)
    assert "web.signup · username: " in agent.inner_text("section:has(#tried)")
    assert "maximilian" not in agent.content()
    pressed(agent, "Overdragen aan het team: web-support")
    assert "Geprobeerd, maar geweigerd: web.signup: username" in agent.inner_text(".history"), (
        "the case begins with what she tried"
    )
    agent.locator("summary", has_text="Voor de expert").click()
    with agent.expect_navigation():
        agent.get_by_role("link", name="escape").click()
    assert "#/finding/" in agent.url
    agent.locator("details.note summary").click()
    cost = agent.inner_text("aside[lang=nl]")
    assert "Bekende fouten hier: " in cost
    assert re.search(r"klant.*openstaande za", cost), "what it has cost, in the language of who reads it"


def test_what_it_means_for_the_business_is_counted(desk: DeskServer, sat_down: Callable[..., Page]) -> None:
    page = sat_down(*ANNA)
    for place in (0, 1):
        search(page, desk.customer("emptied", place))
        assert "No invoice is sent until it is repaired." in page.inner_text("main")
        with page.expect_navigation():
            page.locator(".fault form button").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Known fault #").click()
    assert page.locator("section", has_text="Records with this fault").locator(".case").count() == 2
    page.goto(f"{desk.address}/desk/faults")
    row = page.locator("tbody tr", has_text="Billing: this is not as it should be: City")
    customers, still_open, _, money, _ = row.locator("td").all_inner_texts()
    assert (customers, still_open) == ("2", "2")
    assert re.fullmatch(r"[\d,]+\.?\d* EUR", money)
    with page.expect_navigation():
        page.get_by_role("link", name="Money at stake").click()
    assert "by=money" in page.url
    exported = json.loads(desk.ask("/desk/faults.json", X_User="anna", X_Groups="fieldline-agent")[1])["faults"]
    (fault,) = [each for each in exported if each["fields"] == ["billing.customer.city"]]
    assert (fault["records"], fault["roots"], list(fault["money"])) == (2, ["billing.customer"], ["EUR"])
    columns = desk.ask("/desk/faults.csv", X_User="anna", X_Groups="fieldline-agent")[1].splitlines()[0]
    assert columns.endswith(",critical,money_EUR"), "a column of each currency"
    assert row.get_by_role("link", name="Lineage").count() == 1


def test_what_the_customer_tried_is_seen_where_she_calls(
    desk: DeskServer, sat_down: Callable[..., Page], attempts: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = desk.customer("turned consent")
    monkeypatch.setenv("FIELDLINE_ATTEMPTS_KEY", attempts[1])
    tried = RefusedAttempt(
        datetime.now(UTC),
        "web.signup",
        number,
        ("username",),
        "User name: at most 12 characters",
        "billing",
        {"username": "Åsa"},
    )
    AttemptStore(attempts[0]).keep([tried])
    page = sat_down(*ANNA)
    search(page, number)
    told = page.locator("section", has_text="What the customer tried").inner_text()
    assert "web.signup · username: User name: at most 12 characters" in told
    assert "Åsa" not in page.content()


@pytest.mark.parametrize("language", ["en", "fi", "sv", "nb", "nl"])
def test_no_page_has_a_barrier_nor_scrolls_sideways(
    desk: DeskServer, sat_down: Callable[..., Page], language: str
) -> None:
    page = sat_down("axe", "fieldline-admin", language, 320)
    for kind, place in (("two faults", 0), ("on its way", 1), ("twice there", 0)):
        search(page, desk.customer(kind, place))
        assert_reachable(page, language)
        page.goto(page.url)
    search(page, desk.customer("two faults"))
    with page.expect_navigation():
        page.locator(".fault form button, .fault .button").first.click()
    for summary in page.locator("summary").all():
        summary.click()
    assert_reachable(page, language)
    for path in ("/desk", "/desk/faults", "/desk/cases/99999", "/sign-in"):
        page.goto(f"{desk.address}{path}")
        assert_reachable(page, language)
    if language == "sv":  # pages of the estate are in English, and what it has cost is in the reader's language
        for path, spoken in (("/systems/billing.html", "en"), ("/lineage.html", "en"), ("/problems", "sv")):
            page.goto(f"{desk.address}{path}")
            assert_reachable(page, spoken)


def assert_reachable(page: Page, language: str) -> None:
    """No barrier that axe knows of, in light and in dark; no scrolling sideways; the page is in the language."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    for scheme in ("light", "dark") if language == "fi" else ("light",):  # colours are the same in all
        page.emulate_media(color_scheme=scheme)
        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, found.generate_report()
    if not page.url.endswith("/sign-in"):
        assert page.get_attribute("html", "lang") == language


def test_the_desk_works_by_keyboard_and_without_a_script(desk: DeskServer, sat_down: Callable[..., Page]) -> None:
    page = sat_down(*ANNA)
    context = page.context.browser.new_context(  # type: ignore[union-attr]  # it has one
        java_script_enabled=False, extra_http_headers={"X-User": "tor", "X-Groups": "fieldline-agent"}
    )
    plain = context.new_page()
    plain.goto(f"{desk.address}/desk")
    plain.fill("#text", desk.customer("cut"))
    with plain.expect_navigation():
        plain.press("#text", "Enter")
    assert "Letters and labels: this is not as it should be" in plain.inner_text("h1")
    with plain.expect_navigation():
        plain.locator(".fault form button").click()
    assert "Waits for the team" in plain.inner_text("dl")
    context.close()
    search(page, desk.customer("cut"))
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches(':focus-visible')")
