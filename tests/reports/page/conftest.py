"""Lineage pages of estates, opened in Chromium from a file, with the network off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.verdict.overview import overview_of
from fieldline.estate.load import load_estate
from fieldline.reports.page.page import lineage_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Opened = Callable[..., "Page"]


@pytest.fixture(scope="session")
def nordbank(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the invented bank."""
    file = tmp_path_factory.mktemp("page") / "nordbank.html"
    file.write_text(lineage_page(overview_of(load_estate(examples / "nordbank"))), encoding="utf-8")
    return file


@pytest.fixture
def opened(chromium: "Browser") -> Iterator[Opened]:
    """Open a page at an address, at a width in pixels; fails when anything was complained of or asked of a network."""
    complaints: list[str] = []
    contexts = []

    def open_page(file: Path, address: str = "", width: int = 1280, theme: str = "light") -> "Page":
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=theme, offline=True, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: None if _is_own(request.url, file) else complaints.append(request.url))
        page.goto(f"{file.as_uri()}#/{address}")
        ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _is_own(url: str, file: Path) -> bool:
    return url.partition("#")[0] == file.as_uri() or url.startswith("blob:")


def ready(page: "Page") -> None:
    """Wait until the page is drawn."""
    page.wait_for_function("document.documentElement.dataset.ready", timeout=10_000)


@contextmanager
def moving(page: "Page") -> "Iterator[None]":
    """What is done in it leads to another address; the page's own listener has run before it ends."""
    page.evaluate("() => { window.moved = new Promise(done => addEventListener('hashchange', done, { once: true })) }")
    yield
    page.evaluate("() => window.moved.then(() => null)")


def go(page: "Page", address: str) -> None:
    """Follow an address, as a link would; the page's own listener has run before ours."""
    page.evaluate(
        "address => new Promise(done => { addEventListener('hashchange', done, { once: true }); location.hash = address })"
        ".then(() => null)",
        f"#/{address}",
    )
