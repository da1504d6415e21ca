"""What every test may ask for: the published estates, the examples, node; and the rule that CI skips nothing."""

import importlib.util
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
IN_CI = os.environ.get("FIELDLINE_CI") == "1"

settings.register_profile("local", deadline=None)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if IN_CI else "local")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def examples() -> Path:
    """The repository's own example estates."""
    return ROOT / "examples"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The published estates and tables beside the repository; a test that reads them is marked `needs_estates`."""
    assert SHARED.is_dir(), f"{SHARED} is absent: a test that reads it must be marked needs_estates"
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine has no means to run."""
    missing = {}
    if not SHARED.is_dir():
        missing["needs_estates"] = f"no folder {SHARED}"
    if shutil.which("node") is None:
        missing["needs_node"] = "node is not installed"
    if shutil.which("chromium") is None or importlib.util.find_spec("playwright") is None:
        missing["needs_browser"] = "chromium or playwright is not installed"
    for item in items:
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that was skipped, or expected to fail, has failed."""
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """In CI a skipped file or folder has failed."""
    return _refuse_skip((yield))


def _refuse_skip(report: Report) -> Report:
    if IN_CI and report.skipped:
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)
        report.longrepr = f"{report.nodeid} was skipped, and CI skips nothing: {report.longrepr}"
    return report
