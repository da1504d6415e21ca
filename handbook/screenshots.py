"""Pictures of the pages, as they are today: `python handbook/screenshots.py` writes them into `docs/pictures/`.

Chromium opens the lineage page of nordbank, and the desk on the invented bank of `examples/nordbank_desk`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
FIELDLINE = Path(sys.executable).with_name("fieldline")
CUSTOMER = "24000959"
"""One of 1,000 whose address billing has kept when it changed."""


def main() -> None:
    """Take all pictures."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        lineage_page(browser, Path(folder))
        desk(browser, Path(folder))
        browser.close()


def lineage_page(browser: Browser, folder: Path) -> None:
    """The way of one user name, from the form to the mainframe."""
    html = folder / "lineage.html"
    subprocess.run([FIELDLINE, "graph", ROOT / "examples" / "nordbank", "-o", html], check=True)
    page = browser.new_page(viewport={"width": 1180, "height": 640})
    page.goto(f"{html.as_uri()}#/field/web.signup.username")
    page.wait_for_timeout(1_000)
    page.screenshot(path=PICTURES / "lineage-page.jpg", type="jpeg", quality=60)
    page.close()


def desk(browser: Browser, folder: Path) -> None:
    """A customer's record, with what to do, by when, and what to say."""
    bank = shutil.copytree(ROOT / "examples" / "nordbank_desk", folder / "bank")
    words = [sys.executable, "-m", "invented", "--customers", "1000", "--serve"]
    with running(words, bank, "In another terminal", os.environ):
        lines = (bank / "data" / "environment").read_text(encoding="utf-8")
        variables = dict(re.findall(r"export (\w+)='(.*)'", lines))
        serve = [FIELDLINE, "serve", ".", "--desk", "desk.yaml", "--port", "0"]
        with running(serve, bank, "to sign in", {**os.environ, **variables}) as said:
            (link,) = re.findall(r"http://\S+/sign-in/link/\S+", said)
            page = browser.new_page(viewport={"width": 1180, "height": 760})
            page.goto(link)
            page.fill("input[name=text]", CUSTOMER)
            page.press("input[name=text]", "Enter")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / "desk.jpg", type="jpeg", quality=60)
            page.close()


@contextmanager
def running(words: list[str | Path], folder: Path, until: str, variables: Mapping[str, str]) -> Iterator[str]:
    """A server, from the line on that says `until`, with what it has said."""
    server = subprocess.Popen(
        words, cwd=folder, env=dict(variables), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=1
    )
    assert server.stdout is not None
    try:
        said = ""
        for line in server.stdout:
            said += line
            if until in line:
                break
        yield said
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
