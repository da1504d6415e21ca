"""The handbook as a site: built without a warning, opened from a disk, searched, and held to axe-core's rules."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
QUESTIONS = {
    "what is an entry": "reference/words.html#what-is-an-entry",
    "why unknown": "explanation/unknown.html",
    "MySQL utf8 length": "explanation/length.html",
    "waive a finding": "how-to/waive-a-finding.html",
    "trace a customer": "tutorials/first-trace.html",
    "read dbt": "how-to/read-dbt-and-sql.html",
    "what does loss mean with trim": "explanation/loss.html",
    "exit codes": "reference/commands.html#exit-codes",
    "add a language": "how-to/add-a-language.html",
    "is anything executed from my files": "explanation/safety.html#is-anything-executed-from-my-files",
}
"""What people ask first, and the page with the answer."""
PAGES = [
    "index",
    "tutorials/first-estate",
    "reference/commands",
    "reference/rules/loss",
    "explanation/engines",
    "search",
]


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = built(root / "handbook", root / "docs", folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def built(settings: Path, pages: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """As `make docs` does it."""
    words = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", settings, pages, site]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.fixture
def asked(chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and every address that it asks for."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    yield page, addresses
    page.close()


def test_a_broken_link_is_found(root: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# A\n\n[b](#nowhere) [c](c.md) [d](index.md#b)\n")
    done = built(root / "handbook", tmp_path / "docs", tmp_path / "site")
    assert done.returncode == 1
    assert done.stderr.count("myst.xref_missing") == 3


@pytest.mark.needs_browser
def test_what_people_ask_first_is_found_by_one_search_and_one_click(site: Path, asked: tuple[Page, list[str]]) -> None:
    page, addresses = asked
    for question, answer in QUESTIONS.items():
        page.goto((site / "index.html").as_uri())
        page.fill("input.sidebar-search", question)
        page.press("input.sidebar-search", "Enter")
        page.wait_for_function(
            f"[...document.querySelectorAll('#search-results a')].some(a => a.href.includes('{answer}'))"
        )
        page.wait_for_selector("#search-results .search-summary")
        found = page.eval_on_selector_all(
            "#search-results li a", "links => links.map(link => link.getAttribute('href'))"
        )
        assert answer in found[:3], question
        page.click(f"#search-results a[href='{answer}']")
        assert page.url.startswith((site / answer.partition("#")[0]).as_uri())
    assert {address.partition(":")[0] for address in addresses} == {"file"}


@pytest.mark.needs_browser
@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_pages_fit_their_width_and_axe_finds_nothing(site: Path, chromium: Browser, width: int, theme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    try:
        for name in PAGES:
            page.goto((site / f"{name}.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            found = Axe().run(page).response["violations"]
            assert [(v["id"], [node["html"][:120] for node in v["nodes"]][:3]) for v in found] == [], name
    finally:
        page.close()
