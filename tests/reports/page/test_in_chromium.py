"""The page at work: what is shown, how one moves about in it, and what is kept of it."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from fieldline.checker.verdict.fingerprint import _digest
from fieldline.documents.names import EntityName

from ...names import names
from .conftest import Opened, go, moving, ready

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from fieldline.estate.load import Estate

pytestmark = pytest.mark.needs_browser


def finding(rule: str, field: str, binding: str, constraint: str) -> str:
    """The address of a finding: its fingerprint, as in the JSON."""
    entry = field.rpartition(".")[0]
    return f"finding/{_digest([rule, '', entry, field, binding, constraint, '1'])}"


ESCAPE = finding("escape", "web.signup.username", "billing.customer.username", "max_bytes")
VIEWS = ["", "system/crm", "entity/web.signup", "field/web.signup.username", ESCAPE, "narrows", "findings", "?table"]


def text(page: "Page", selector: str) -> str:
    return page.inner_text(selector)


def test_at_first_all_systems_are_drawn_and_nothing_is_expanded(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank)
    assert page.locator("#canvas .chip").count() == 8
    assert page.locator("#canvas .row").count() == 0
    assert text(page, "#drawn") == "Drawn: 8 of 8 systems; 8 of 8 connections."
    assert text(page, "#verdict") == "nordbank: 8 errors, 6 warnings and 9 for information."
    left = {chip.get_attribute("data-node"): chip.bounding_box()["x"] for chip in page.locator("#canvas .chip").all()}
    entries = [chip.bounding_box()["x"] for chip in page.locator("#canvas .chip.entry").all()]
    assert set(entries) == {min(left.values())}


def test_a_chip_says_its_owner_and_its_verdicts_in_words(opened: Opened, nordbank: Path, examples: Path) -> None:
    from fieldline.checker.verdict.overview import overview_of
    from fieldline.estate.load import load_estate

    makes = overview_of(load_estate(examples / "nordbank")).systems[0].makes
    told = f"requires {makes.proved + makes.refuted + makes.unknown} · ✕ {makes.refuted} missing"
    chip = opened(nordbank).locator("#canvas .chip", has_text="Billing")
    assert chip.get_attribute("aria-label") == f"Billing (mainframe), Core billing, {told}"
    assert chip.locator("text").all_text_contents()[1:] == ["Core billing", told]


def test_a_field_in_focus_is_drawn_with_its_whole_lineage_and_related_rows_only(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, "field/web.signup.username")
    rows = page.locator("#canvas .row")
    titles = [row.get_attribute("aria-label").partition(":")[0] for row in rows.all()]
    assert sorted(titles) == ["User name", "User name", "login", "user_id"]
    more = sorted(page.locator("#canvas .more").all_text_contents())
    assert more == ["+6 more fields", "+7 more fields", "+8 more fields"]
    assert "◆ at most 12 bytes in cp037" in page.locator("#canvas .card", has_text="Billing").text_content()
    assert "in upper case" in page.locator("#canvas .card", has_text="Billing").text_content()
    assert text(page, "#drawn") == "Drawn: 4 of 4 related fields; 3 of 3 flows among them."
    panel = text(page, "#panel")
    assert "missing" in panel
    assert "at most 12 bytes in cp037" in panel
    assert "contracts/billing.yaml:15:9" in panel


def test_the_closure_is_that_of_the_graph(opened: Opened, nordbank: Path, examples: Path) -> None:
    from fieldline.checker.judging.context import Context
    from fieldline.estate.load import load_estate

    graph = Context(load_estate(examples / "nordbank")).graph
    page = opened(nordbank)
    for name in names("crm.person.first_name", "billing.customer.full_name", "partner.applications.name"):
        go(page, f"field/{name}")
        expected = graph.upstream([name]) | graph.downstream([name])
        assert page.locator("#canvas .row").count() == len(expected), name


def test_the_witness_walks_hop_by_hop_to_its_refusal(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, ESCAPE)
    told = []
    for stop in range(1, 5):
        assert f"Stop {stop} of 4" in text(page, "#panel .steps")
        here = page.locator("#canvas .row.here")
        told.append(here.locator(".value").text_content())
        assert page.locator('#panel [aria-current="step"] .value').inner_text() == told[-1]
        assert told[-1] in text(page, "#status")
        assert page.locator("#canvas .flow.walked").count() == stop - 1
        if stop < 4:
            with moving(page):
                page.click('#panel [data-walk="next"]')
    assert told == ['"abcdefghijklm"'] * 3 + ['"ABCDEFGHIJKLM"']
    assert "Core billing" in text(page, "#panel .end")


def test_where_a_field_alters_what_it_is_given_both_values_are_stops(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, finding("loss", "web.signup.username", "iam.account.user_id", "max_length") + "/2")
    given, kept = '"abcdefghijklmnopqrstu"', '"abcdefghijklmnopqrst"'
    assert page.locator("#canvas .row.here .value").text_content() == given
    with moving(page):
        page.click('#panel [data-walk="next"]')
    assert page.locator("#canvas .row.here .value").text_content() == kept
    assert "cut to 20 characters" in text(page, "#panel .journey")


def test_a_demand_on_several_fields_is_not_said_to_bind_one(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, "field/web.signup.first_name")
    label = page.locator("#canvas .row", has_text="name_line").get_attribute("aria-label")
    assert "on several fields together, at most 35 characters" in label
    assert "◇ at most 35 characters" in page.locator("#canvas .row", has_text="name_line").text_content()


def test_arrow_keys_follow_the_lineage_and_the_status_tells_where_one_is(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, "field/web.signup.username")
    page.locator('#canvas .row[tabindex="0"]').focus()
    visited = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        visited.append(text(page, "#status").partition(",")[0])
    assert visited == [
        "crm.person.login",
        "iam.account.user_id",
        "billing.customer.username",
        "Nothing is fed from here.",
    ]
    with moving(page):
        page.keyboard.press("Enter")
    assert page.evaluate("location.hash === '#/field/billing.customer.username'")
    assert page.evaluate("document.activeElement.dataset.node") is not None
    with moving(page):
        page.keyboard.press("Escape")
    assert page.evaluate("location.hash === '#/'")


def test_a_drawing_is_one_tab_stop(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank)
    assert page.locator('#canvas [tabindex="0"]').count() == 1
    go(page, "entity/web.signup")
    assert page.locator('#canvas [tabindex="0"]').count() == 1


def test_search_finds_by_any_part_of_a_name_and_opens_with_the_keyboard(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank)
    page.keyboard.press("/")
    page.keyboard.type("user id")
    assert page.locator("#hits [role=option] strong").all_inner_texts() == ["iam.account.user_id"]
    with moving(page):
        page.keyboard.press("Enter")
    assert page.evaluate("location.hash === '#/field/iam.account.user_id'")
    page.keyboard.press("/")
    page.keyboard.type("nothing has this name")
    assert "Nothing has that name." in text(page, "#hits")


def test_every_view_is_an_address_that_can_be_sent(opened: Opened, nordbank: Path) -> None:
    for view in (ESCAPE + "/2", "narrows", "entity/web.signup?table"):
        page = opened(nordbank, view)
        shown = text(page, "main")
        assert len(shown) > 100, view
        page.reload()
        page.wait_for_function("document.documentElement.dataset.ready")
        assert text(page, "main") == shown, view


def test_an_address_of_nothing_says_so_and_shows_all_systems(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, "field/no.such.field")
    assert "This estate has no field no.such.field" in text(page, "#status")
    assert page.locator("#canvas .chip").count() == 8


def test_the_table_holds_every_flow_of_the_drawing(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, "entity/web.signup?table")
    rows = page.locator("#sheet tbody tr")
    assert rows.count() == 19
    assert "◆ at most 12 bytes in cp037 (binding)" in text(page, "#sheet")
    assert not page.locator("#canvas").is_visible()


def test_the_matrix_counts_binding_demands_by_entry_and_system(opened: Opened, nordbank: Path, examples: Path) -> None:
    from fieldline.checker.verdict.overview import overview_of
    from fieldline.estate.load import load_estate

    overview = overview_of(load_estate(examples / "nordbank"))
    page = opened(nordbank, "narrows")
    for cell in overview.narrowings:
        row = page.locator(".matrix tbody tr", has=page.get_by_text(str(cell.entry), exact=True))
        shown = " ".join(row.inner_text().split())
        for count, word in ((cell.verdicts.refuted, "missing"), (cell.verdicts.proved, "met")):
            assert not count or f"{count} {word}" in shown
    bottleneck = page.locator("#sheet table:not(.matrix) tbody tr").first
    assert overview.bottlenecks[0].binding.sentence in bottleneck.inner_text()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_every_view_fits_its_width_and_axe_finds_nothing(
    opened: Opened, nordbank: Path, width: int, theme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(nordbank, VIEWS[0], width, theme)
    for view in VIEWS:
        if view:
            go(page, view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found] == [], view


def test_of_many_systems_specks_are_drawn_and_chips_when_one_comes_closer(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    from fieldline.checker.verdict.overview import overview_unjudged
    from fieldline.estate.load import load_estate
    from fieldline.reports.page.page import lineage_page

    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    from generated_estate import generate

    generate(tmp_path / "estate", 1_000, 3, 2_000)
    file = tmp_path / "large.html"
    file.write_text(lineage_page(overview_unjudged(load_estate(tmp_path / "estate"))), encoding="utf-8")
    page = opened(file)
    assert page.locator("#canvas .chip").count() == 0
    assert "Drawn: all 1,000 systems as specks: zoom in for their names; 1,500 of " in text(page, "#drawn")
    for _ in range(6):
        page.click("#zoom-in")
    chips = page.locator("#canvas .chip").count()
    assert 0 < chips < 1_000
    assert f"Drawn: {chips} of 1,000 systems" in text(page, "#drawn")
    page.click("#zoom-fit")
    assert page.locator("#canvas .chip").count() == 0
    go(page, "system/s777")
    assert page.locator('#canvas .chip[aria-current="true"]').count() == 1


def test_more_fields_than_can_be_looked_at_are_drawn_in_part_and_the_table_holds_all(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    from fieldline.checker.judging.context import Context
    from fieldline.checker.verdict.overview import overview_unjudged
    from fieldline.estate.load import load_estate
    from fieldline.reports.page.page import lineage_page

    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    from generated_estate import generate

    generate(tmp_path / "estate", 40, 20, 2_000)
    estate = load_estate(tmp_path / "estate")
    file = tmp_path / "large.html"
    file.write_text(lineage_page(overview_unjudged(estate)), encoding="utf-8")
    fields = [field.full_name for field in estate.contracts.entities[EntityName("s000", "record")].fields.values()]
    graph = Context(estate).graph
    reached = graph.downstream(fields)
    related = len(reached)
    assert related > 240
    page = opened(file, "entity/s000.record")
    assert page.locator("#canvas .row").count() == 240
    assert f"Drawn: 240 of {related:,} related fields" in text(page, "#drawn")
    go(page, "entity/s000.record?table")
    while page.get_by_role("button", name="Show more").first.is_visible():
        page.get_by_role("button", name="Show more").first.click()
    targets = set(page.locator("#sheet tbody tr td:nth-child(3)").all_text_contents())
    assert targets == {str(name) for name in reached if graph.into.get(name)}


def test_the_theme_can_be_chosen(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert text(page, "#theme") == "Light"


def test_the_drawing_is_kept_whole_as_svg_and_as_png(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, "field/web.signup.username")
    with page.expect_download() as download:
        page.click("#save-svg")
    kept = Path(download.value.path()).read_text(encoding="utf-8")
    root = ET.fromstring(kept)  # noqa: S314 - written by the page under test
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Billing (mainframe)" in texts
    assert re.findall(r"var\(|<script|href=|class=", kept) == []
    with page.expect_download() as download:
        page.click("#save-png")
    assert Path(download.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert download.value.suggested_filename == "nordbank-lineage.png"


def test_printed_the_whole_drawing_is_on_the_page(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, "entity/web.signup")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    page.wait_for_timeout(200)
    frame = page.locator("#canvas").bounding_box()
    for card in page.locator("#canvas .card").all():
        box = card.bounding_box()
        for side, extent in (("x", "width"), ("y", "height")):
            assert frame[side] <= box[side]
            assert box[side] + box[extent] <= frame[side] + frame[extent] + 1
    assert not page.locator("#search").is_visible()
    assert page.pdf()[:4] == b"%PDF"


def test_script_that_gets_into_the_page_by_force_does_not_run(
    chromium: "Browser", nordbank: Path, tmp_path: Path
) -> None:
    forced = tmp_path / "forced.html"
    added = (
        "</main><script>window.ran = 1</script><b onclick='window.ran = 1'>click</b><img src=x onerror='window.ran=1'>"
    )
    forced.write_text(nordbank.read_text(encoding="utf-8").replace("</main>", added), encoding="utf-8")
    page = chromium.new_page()
    rejected: list[str] = []
    page.on("console", lambda message: rejected.append(message.text))
    page.goto(forced.as_uri())
    page.locator("b", has_text="click").dispatch_event("click")
    assert page.evaluate("window.ran === undefined")
    assert sum("Content Security Policy" in text for text in rejected) >= 3
    page.close()


def test_what_is_not_decided_is_nowhere_shown_as_safe(
    opened: Opened, tmp_path: Path, estate: "Callable[..., Estate]"
) -> None:
    from fieldline.checker.verdict.overview import overview_of
    from fieldline.reports.page.page import lineage_page

    loaded = estate(
        "[{from: entry.e.f, to: core.e.f, via: [{opaque: unknown}]}]",
        entry="{f: {type: text, one_of: [a, b]}}",
        core="{f: {type: text, pattern: '[0-9]+'}}",
    )
    file = tmp_path / "unknown.html"
    file.write_text(lineage_page(overview_of(loaded)), encoding="utf-8")
    page = opened(file)
    chips = {chip.get_attribute("aria-label") for chip in page.locator("#canvas .chip").all()}
    assert chips == {"entry, entry, T, ? 1 unknown, of 1", "core, T, requires 1 · ? 1 unknown"}
    assert page.locator("#canvas .chip.unknown").count() == 2
    for view in ("field/entry.e.f", "narrows", "system/core"):
        go(page, view)
        assert "unknown" in text(page, "main")
        assert "✓" not in text(page, "main")
    go(page, "field/entry.e.f")
    assert "not decided, so it is not safe" in text(page, "#panel")
    assert page.locator("#canvas .flow.inexact").count() == 1
    assert page.locator("#canvas .mark").all_text_contents() == ["? unknown"]


def test_a_change_is_walked_to_from_its_table_and_marked_in_the_drawing(
    opened: Opened, examples: Path, tmp_path: Path
) -> None:
    from fieldline.checker.verdict.overview import overview_unjudged
    from fieldline.estate.load import load_estate
    from fieldline.reports.page.changes import ShownChange
    from fieldline.reports.page.page import lineage_page

    reached = names("branch.onboarding.username", "web.signup.username")
    login, username = names("crm.person.login", "billing.customer.username")
    changes = [
        ShownChange("loosened", "at most 64 characters", login, "at most 60", "at most 64", ()),
        ShownChange("tightened", "at most 12 bytes", username, "at most 20", "at most 12", reached),
        ShownChange("removed", "a system", None, "audit", None, ()),
    ]
    file = tmp_path / "change.html"
    file.write_text(lineage_page(overview_unjudged(load_estate(examples / "nordbank")), changes), encoding="utf-8")
    page = opened(file, "changes")
    assert [cell.split()[-1] for cell in page.locator("#sheet tbody td:first-child").all_inner_texts()] == [
        "removed",
        "tightened",
        "loosened",
    ]
    with moving(page):
        page.get_by_role("link", name="at most 12 bytes").click()
    assert page.evaluate("location.hash === '#/change/1'")
    assert "Reaches 2 entry fields of 2 systems" in text(page, "#panel")
    marked = page.locator("#canvas .row", has_text="△ tightened: at most 12 bytes")
    assert marked.get_attribute("aria-current") == "true"
    assert page.locator("#canvas .row", has_text="△ loosened").count() == 1
    go(page, "change/2")
    assert "is gone" in text(page, "#panel")


@pytest.fixture(scope="module")
def change(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a bank that would shorten its logins and its billing's cities."""
    from datetime import date

    from fieldline.application.what_if import compare_supposed
    from fieldline.reports.render import render

    statements = ["crm.person.login.max_length=10", "billing.customer.city.max_bytes=25"]
    file = tmp_path_factory.mktemp("change") / "change.html"
    answer = compare_supposed(examples / "nordbank", statements, date(2026, 6, 1))
    file.write_text(render(replace(answer, names=("main", "the branch <b>")), "html"), encoding="utf-8")
    return file


@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_of_a_change_opens_on_what_changed_and_marks_it(opened: Opened, change: Path, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(change, width=width)
    page.goto("about:blank")
    page.goto(change.as_uri())  # without an address
    ready(page)
    panel = text(page, "#panel")
    assert "main → the branch <b>, 2026-06-01" in panel
    assert "2 changes, 2 errors and 1 warning (of 4 findings, folded by cause)" in panel
    assert "2 entries of 2 teams: partner.applications and web.signup" in panel
    assert page.locator("#panel .findings li").count() == 3
    assert page.locator("#views [aria-current=page]").inner_text() == "What changed (2)"
    marked = page.locator("#canvas .row", has_text="△ tightened")
    assert marked.count() == 2
    assert all(row.get_attribute("aria-current") == "true" for row in marked.all())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for view in ("difference", "effects", ""):
        go(page, view)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found] == [], view


def test_the_findings_of_a_comparison_are_in_its_page_and_are_walked(opened: Opened, change: Path) -> None:
    page = opened(change, "effects")
    assert page.locator("#sheet tbody tr").count() == 3
    assert page.locator("#sheet tbody td:first-child").all_inner_texts() == ["error", "error", "warning"]
    with moving(page):
        page.get_by_role("link", name='partner.applications.username: "abcdefghijk" was fine').click()
    assert "Stop 1 of 2" in text(page, "#panel")
    go(page, "")
    assert page.locator("#canvas .chip", has_text="△ 1 change").count() == 2
    assert ", changed" in page.locator("#canvas .chip", has_text="Customer register").get_attribute("aria-label")


def test_the_panel_of_a_changed_field_has_its_ladder_and_that_of_another_names_the_command(
    opened: Opened, change: Path
) -> None:
    page = opened(change, "field/crm.person.login")
    assert page.locator("#panel .ladder li").all_inner_texts() == [
        "10 nobody notices (proved)",
        "9 to 8 partner.applications and web.signup",
        "7 and tighter branch.onboarding too",
    ]
    go(page, "field/letters.label.street_line")
    assert "fieldline screen letters.label.street_line tells." in text(page, "#panel")
    go(page, "field/web.signup.username")
    assert "How far it can be tightened" not in text(page, "#panel")


def test_what_a_change_took_away_is_drawn_where_it_was(opened: Opened, examples: Path, tmp_path: Path) -> None:
    from fieldline.checker.diff.diff import diff
    from fieldline.checker.verdict.overview import overview_of_change
    from fieldline.estate.load import load_estate
    from fieldline.reports.page.changes import shown_changes
    from fieldline.reports.page.page import lineage_page

    folder = tmp_path / "after"
    shutil.copytree(examples / "nordbank", folder)
    (folder / "contracts" / "payments.yaml").unlink()
    iam = folder / "contracts" / "iam.yaml"
    iam.write_text(iam.read_text().replace("key: user_id", "key: user_number").replace("user_id: {", "user_number: {"))
    flows = folder / "lineage" / "customer.yaml"
    block = r"(?m)^  - from: \[crm.person.first_name, crm.person.last_name\]\n    to: billing(?:.*\n)(?:    .*\n)*"
    flows.write_text(re.sub(block, "", flows.read_text()))
    before, after = load_estate(examples / "nordbank"), load_estate(folder)
    file = tmp_path / "change.html"
    page_text = lineage_page(overview_of_change(before, after), shown_changes(diff(before, after)))
    file.write_text(page_text, encoding="utf-8")
    page = opened(file)
    assert page.locator("#canvas .chip").count() == 8
    assert page.locator("#canvas .chip.removed").count() == 1
    assert "removed" in page.locator("#canvas .chip", has_text="Payments").get_attribute("aria-label")
    assert page.locator("#canvas .edges path.removed:not(.head)").count() >= 1
    go(page, "field/iam.account.user_id")
    assert page.locator("#canvas .row.removed").count() == 1
    assert "△ removed" in page.locator("#canvas .row.removed").text_content()
    go(page, "field/billing.customer.full_name")
    assert page.locator("#canvas .row.removed").count() == 0
    assert page.locator("#canvas .flow.removed").count() >= 1
    assert "removed" in page.locator("#canvas .row.about .transform").first.text_content()


def test_picking_a_system_leaves_the_drawing_where_it_is(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank)
    page.click("#zoom-out")
    where = page.locator("#canvas svg > g").get_attribute("transform")
    with moving(page):
        page.locator("#canvas .chip", has_text="Customer register").click()
    assert page.evaluate("location.hash === '#/system/crm'")
    assert page.locator("#canvas svg > g").get_attribute("transform") == where
    assert page.locator('#canvas .chip[aria-current="true"]').count() == 1
    with moving(page):
        page.locator("#canvas .chip", has_text="Billing").click()
    assert page.evaluate("location.hash === '#/system/billing'")
    assert page.locator('#canvas .chip[aria-current="true"]').get_attribute("aria-label").startswith("Billing")


def test_a_walk_stays_where_it_is_while_the_value_is_in_sight(opened: Opened, nordbank: Path) -> None:
    page = opened(nordbank, ESCAPE)
    page.click("#zoom-out")
    where = page.locator("#canvas svg > g").get_attribute("transform")
    with moving(page):
        page.locator('#panel [data-walk="next"]').press("Enter")
    assert page.evaluate("location.hash.endsWith('/1')")
    assert page.locator("#canvas svg > g").get_attribute("transform") == where
    assert page.evaluate("document.activeElement.dataset.walk") == "next"


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(chromium: "Browser", nordbank: Path) -> None:
    from fieldline.reports.page.page import LineagePage

    shown = LineagePage(nordbank.read_text(encoding="utf-8"))._repr_html_()
    page = chromium.new_page()
    page.set_content(f"<!doctype html><title>notebook</title>{shown}")
    frame = page.frame_locator("iframe")
    frame.locator("#canvas .chip").first.wait_for()
    assert frame.locator("#canvas .chip").count() == 8
    frame.locator("#canvas .chip", has_text="Billing").click()
    frame.locator("#panel", has_text="Core billing").wait_for()
    page.close()
