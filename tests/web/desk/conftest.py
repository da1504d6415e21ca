"""A bank, its desk behind a proxy that signs people in, and a browser for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from .bank import filled_bank, running_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from .bank import DeskServer

ROBOT = "a-token-of-the-robot-that-sends-letters"
SETTINGS = """
cases: {cases}
address: http://127.0.0.1:{{port}}
zone: Europe/Helsinki
customers: fi
teams: {{{{web-support: [crm, billing, letters, iam, loans], loan-desk: [loans]}}}}
robots: [ROBOT_TOKEN]
sign_in: {{{{proxy: {{{{from: [127.0.0.1], user: X-User, groups: X-Groups}}}}}}}}
"""


@pytest.fixture(scope="session")
def bank(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    with filled_bank(root, tmp_path_factory.mktemp("bank") / "estate") as one:
        yield one


@pytest.fixture(scope="session")
def attempts(bank: tuple[Path, dict[str, str]]) -> tuple[str, str]:
    """Where refused records are kept, and the key."""
    return str(bank[0].parent / "attempts.sqlite"), Fernet.generate_key().decode()


@pytest.fixture(scope="session")
def desk(bank: tuple[Path, dict[str, str]], attempts: tuple[str, str]) -> Iterator[DeskServer]:
    folder, variables = bank
    place, key = attempts
    settings = SETTINGS.format(cases=folder.parent / "cases.sqlite")
    known = {**variables, "FIELDLINE_ATTEMPTS_KEY": key, "ROBOT_TOKEN": ROBOT}
    with running_desk(folder, known, settings, "--attempts", place) as server:
        yield server


@pytest.fixture
def sat_down(desk: DeskServer, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Somebody sits down at the desk: who, their groups, the language of their browser."""
    contexts: list[BrowserContext] = []

    def sit(user: str, groups: str, language: str = "en", width: int = 1280) -> Page:
        headers = {"X-User": user, "X-Groups": groups}
        context = chromium.new_context(
            extra_http_headers=headers,
            locale=language,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{desk.address}/desk")
        return page

    yield sit
    for context in contexts:
        context.close()
