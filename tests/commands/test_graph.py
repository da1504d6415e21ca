"""`graph` and `docs`, as people run them."""

from pathlib import Path

import pytest

from fieldline.checker.rules import RULES

from .conftest import Run


def test_the_files_ending_says_the_form(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    beginnings = {
        "a.html": "<!doctype html>",
        "a.svg": "<svg ",
        "a.mmd": "%% ",
        "a.dot": "digraph ",
        "a.graphml": "<?xml",
    }
    for name, beginning in beginnings.items():
        done = fieldline("graph", starter, "-o", tmp_path / name)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == f"fieldline: starter: 1 error. Written to {tmp_path / name}\n"
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)


def test_as_says_it_too_and_wins(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    assert fieldline("graph", starter, "--as", "mermaid").stdout.startswith("%% ")
    fieldline("graph", starter, "--as", "json", "-o", tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("{")
    assert fieldline("graph", starter, "--as", "nothing").returncode == 2


@pytest.mark.parametrize("command", [["graph"], ["graph", "--as", "json"], ["docs", "-o", "site"]], ids=" ".join)
def test_an_estate_that_cannot_be_read_gives_its_problems_and_no_file(
    fieldline: Run, broken: Path, tmp_path: Path, command: list[str]
) -> None:
    done = fieldline(*command, broken, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.startswith("Check not run: 3 problems to fix.")
    assert [path.name for path in tmp_path.iterdir()] == ["estate"]


def test_docs_writes_its_pages_again_but_never_among_other_files(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    first = fieldline("docs", starter, "-o", tmp_path / "site")
    pages = len(list((tmp_path / "site").rglob("*.html")))
    assert pages == 6 + len(RULES)
    assert first.stderr == f"fieldline: starter: 1 error. {pages} pages, written to {tmp_path / 'site'}\n"
    assert fieldline("docs", starter, "-o", tmp_path / "site").returncode == 0
    before = sorted(starter.rglob("*"))
    rejected = fieldline("docs", starter, "-o", starter)
    assert rejected.returncode == 2
    assert "holds other files" in rejected.stderr
    assert sorted(starter.rglob("*")) == before
