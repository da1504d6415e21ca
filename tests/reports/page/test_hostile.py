"""Whatever stands in an estate, its page shows it as text: nothing executes, nothing breaks the layout."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.verdict.overview import Overview, overview_of
from fieldline.documents.names import FieldName
from fieldline.estate.load import load_estate
from fieldline.reports.page.changes import ShownChange
from fieldline.reports.page.page import lineage_page

from .conftest import Opened, go

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = (
    "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
    "<svg onload='window.ran = 1'></title></style></textarea>]]>--><a href='javascript:window.ran = 1'>x</a>"
    "${window.ran = 1}{{7*7}}"
)
UNSEEN = "\u202e\u2066\u200f\ufeff\x1b\x07\x85\u2028"
LONG = "W" * 10_000
HEBREW = "שלוםעולם" * 30
NASTY = SCRIPT + UNSEEN + "\U0001f469\u200d\U0001f469\u200d\U0001f467 " + "e\u0301\u0301\u0301" + LONG


def quoted(text: str) -> str:
    """A text in YAML's double quotes, everything unusual escaped."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in text) + '"'


@pytest.fixture(scope="module")
def overview(tmp_path_factory: pytest.TempPathFactory) -> Overview:
    """Every text that can be anything is an attack, every name as long or as strange as names may be."""
    nasty, script = quoted(NASTY), quoted(SCRIPT)
    spoken = quoted(NASTY.replace("{", "{{").replace("}", "}}"))
    about = f"title: {nasty}\ndomain: {nasty}\nowner: {{team: {nasty}, contact: {nasty}}}\n"
    about += f"repair: {{by: [{nasty}], channel: {nasty}}}\ncustomer_text: {{en: {spoken}}}\n"
    fields = f"""
      ? {LONG}
      : {{type: text, title: {nasty}, max_length: 30}}
      {HEBREW}: {{type: text, title: {nasty}, one_of: [{nasty}, {script}, ok]}}
      __proto__: {{type: text, title: {nasty}}}
      constructor: {{type: text, pattern: {quoted("[^<]*")}}}
"""
    core_fields = f"""
      ? {LONG}
      : {{type: text, max_length: 20, on_violation: truncate}}
      {HEBREW}: {{type: text, one_of: [ok]}}
      __proto__: {{type: text, not_one_of: [{script}]}}
      constructor: {{type: text, max_length: 3}}
"""
    entry = f"system: {HEBREW}\n{about}entities:\n  ? {LONG}\n  : kind: entry\n    title: {nasty}\n    fields:{fields}"
    core = f"system: {LONG}\n{about}entities:\n  {HEBREW}:\n    title: {nasty}\n    fields:{core_fields}"
    replace = f"{{replace: {{find: {quoted(UNSEEN)}, with: {script}}}}}"
    flow = f"  - {{from: {HEBREW}.{LONG}.{{0}}, to: {LONG}.{HEBREW}.{{0}}, by: {nasty}, note: {nasty}, via: [{replace}]}}\n"
    flows = "flows:\n" + "".join(flow.replace("{0}", name) for name in (LONG, HEBREW, "__proto__", "constructor"))
    folder = tmp_path_factory.mktemp("hostile")
    files = {
        "fieldline.yaml": f"estate: {HEBREW}\ntitle: {nasty}\n",
        "contracts/<img src=x onerror=window.ran=1>.yaml": entry,
        "contracts/core.yaml": core,
        "lineage/flows.yaml": flows,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return overview_of(load_estate(folder))


@pytest.fixture(scope="module")
def hostile(overview: Overview, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "hostile.html"
    changes = [
        ShownChange(
            "tightened", NASTY, FieldName(HEBREW, LONG, "constructor"), NASTY, NASTY, (FieldName(HEBREW, LONG, HEBREW),)
        )
    ]
    file.write_text(lineage_page(overview, changes), encoding="utf-8")
    return file


def test_the_file_holds_no_markup_but_its_own(hostile: Path) -> None:
    text = hostile.read_text(encoding="utf-8")
    assert text.count("<script") == 2
    assert "onerror" not in text.replace("&lt;img src=x onerror=", "")
    assert not set(UNSEEN) & set(text)


@pytest.mark.needs_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_executes_and_nothing_breaks_the_layout(opened: Opened, hostile: Path, width: int) -> None:
    page = opened(hostile, "", width)
    entry, core = f"{HEBREW}.{LONG}", f"{LONG}.{HEBREW}"
    views = [
        "",
        f"system/{LONG}",
        f"entity/{entry}",
        "narrows",
        "findings",
        "changes",
        "?table",
        f"entity/{entry}?table",
    ]
    views += [f"field/{place}.{name}" for place in (entry, core) for name in ("__proto__", HEBREW)]
    for view in views:
        if view:
            go(page, view)
        assert_sound(page, width, view[:40])
    go(page, "findings")
    count = page.locator("#sheet tbody th a").count()
    assert count >= 4
    for number in range(count):
        page.locator("#sheet tbody th a").nth(number).click()
        page.wait_for_function("location.hash.startsWith('#/finding/')")
        assert_sound(page, width, f"finding {number}")
        go(page, "findings")


def assert_sound(page: "Page", width: int, view: str) -> None:
    assert page.evaluate("window.ran === undefined"), view
    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, form').length") == 0, view
    assert page.evaluate("document.querySelectorAll('script').length") == 2, view
    assert page.evaluate("[...document.querySelectorAll('a')].every(a => a.getAttribute('href').startsWith('#'))"), view
    assert page.evaluate("document.documentElement.scrollWidth") <= width, view
    heights = page.evaluate(
        "[...document.querySelectorAll('header, h1, h2, #crumbs, .panel p, .panel li')]"
        ".map(element => element.getBoundingClientRect().height)"
    )
    assert max(heights) < 1_500, view
    boxes = page.evaluate(
        "[...document.querySelectorAll('#canvas .chip, #canvas .card')].map(e => [e.getBBox().width, e.getBBox().height])"
    )
    assert all(box[0] < 300 for box in boxes), view
    shown = page.inner_text("body")
    assert not set(UNSEEN) & set(shown), view
