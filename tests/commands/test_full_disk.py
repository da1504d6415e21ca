"""A disk that fills up: the old files or the new ones, a clear message, and no litter."""

import resource
import subprocess
import sys
from hashlib import sha512
from pathlib import Path

import pytest

from .conftest import Run

COMMAND = [sys.executable, "-m", "fieldline"]


def full(*arguments: str | Path, room: int = 1_000) -> "subprocess.CompletedProcess[str]":
    """Run a command that may write only so many bytes to a file."""

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    return subprocess.run(
        [*COMMAND, *map(str, arguments)], preexec_fn=fill, capture_output=True, text=True, check=False
    )


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("ending", ["csv", "parquet", "ndjson"])
@pytest.mark.parametrize("there_is_an_old_one", [False, True])
def test_bad_rows_that_do_not_fit(starter: Path, tmp_path: Path, ending: str, there_is_an_old_one: bool) -> None:
    rows, bad = tmp_path / "rows.csv", tmp_path / f"bad.{ending}"
    rows.write_text(
        "company\n" + "".join(f"{sha512(str(n).encode()).hexdigest()}\n" for n in range(5_000)), encoding="utf-8"
    )
    if there_is_an_old_one:
        bad.write_text("the old rows")
    before = names(tmp_path)
    done = full("validate", rows, "--entry", "website.signup", "--estate", starter, "--quarantine", bad)
    assert (done.returncode, done.stderr) == (2, f"fieldline: {bad}: File too large\n")
    assert names(tmp_path) == before
    assert not there_is_an_old_one or bad.read_text() == "the old rows"


def test_an_estate_that_does_not_fit_is_not_begun(tmp_path: Path) -> None:
    done = full("init", tmp_path / "new" / "estate", room=300)
    assert (done.returncode, done.stderr) == (2, f"fieldline: {tmp_path / 'new' / 'estate'}: File too large\n")
    assert names(tmp_path) == set()


def test_pages_that_do_not_fit_leave_the_old_ones(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert full("docs", starter, "-o", site, room=6_000).returncode == 2
    assert not site.exists()
    assert fieldline("docs", starter, "-o", site).returncode == 0
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    (starter / "fieldline.yaml").write_text("estate: another\n", encoding="utf-8")
    assert full("docs", starter, "-o", site, room=6_000).returncode == 2
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
