"""What the exit code says: 0 clean, 1 findings, 2 nothing can be claimed, 3 a bug in Fieldline."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from fieldline.cli import _run

from .conftest import Run


def test_an_escape_fails_the_check(fieldline: Run, starter: Path) -> None:
    done = fieldline("check", starter)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_mended_estate_is_clean(fieldline: Run, starter: Path) -> None:
    contract = starter / "contracts" / "website.yaml"
    contract.write_text(contract.read_text().replace("max_length: 60", "max_length: 20"))
    done = fieldline("check", starter)
    assert done.returncode == 0
    assert done.stdout.startswith(
        "starter: clean. Every value that the entries accept arrives unaltered (6 obligations"
    )


@pytest.mark.parametrize(
    ("change", "fails_from"),
    [
        pytest.param(("max_length: 20}", "max_length: 20}"), {"error", "warning", "info"}, id="an escape is an error"),
        pytest.param(
            ("max_length: 20}", "max_length: 20, on_violation: truncate}"),
            {"warning", "info"},
            id="a loss is a warning",
        ),
        pytest.param(("max_length: 20}", "max_length: 90}"), set(), id="nothing found"),
    ],
)
def test_fail_on_is_the_least_severity_that_fails(
    fieldline: Run, starter: Path, change: tuple[str, str], fails_from: set[str]
) -> None:
    contract = starter / "contracts" / "billing.yaml"
    contract.write_text(contract.read_text().replace(*change))
    codes = {
        least: fieldline("check", starter, "--fail-on", least).returncode
        for least in ("error", "warning", "info", "never")
    }
    assert {least for least, code in codes.items() if code == 1} == fails_from
    assert {least for least, code in codes.items() if code == 0} == {"error", "warning", "info", "never"} - fails_from


def test_what_is_not_decided_is_as_severe_as_its_rule(fieldline: Run, starter: Path) -> None:
    """A collision that is not decided is found as a warning; it fails a check for errors all the same."""
    for name, old, new in (
        ("contracts/billing.yaml", "required: true, max_length: 20", "unique: true"),
        (
            "lineage/customer.yaml",
            "to: crm.customer.company, by",
            "to: crm.customer.company, via: [{opaque: a routine}], by",
        ),
    ):
        file = starter / name
        file.write_text(file.read_text().replace(old, new))
    done = fieldline("check", starter, "--output-format", "json")
    found = json.loads(done.stdout)["findings"]
    assert {finding["verdict"] for finding in found} == {"unknown"}
    assert done.returncode == 1


def test_an_answered_question_is_no_failure(fieldline: Run, starter: Path) -> None:
    assert fieldline("screen", "website", starter).returncode == 0
    traced = fieldline("trace", "--at", "billing.customer.company", "--value", "x" * 21, starter)
    assert traced.returncode == 0


@pytest.mark.parametrize(
    ("output_format", "fail_on"),
    [
        ("text", "error"),
        *((name, "never") for name in ("text", "json", "markdown", "github", "gitlab", "sarif", "junit")),
    ],
)
def test_an_estate_that_cannot_be_read_is_never_clean(
    fieldline: Run, broken: Path, output_format: str, fail_on: str
) -> None:
    done = fieldline("check", broken, "--fail-on", fail_on, "--output-format", output_format)
    assert (done.returncode, done.stderr) == (2, "")
    assert "entitys" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["check", "--colour"],
        ["check", "--fail-on", "bad"],
        ["check", "--output-format", "xml"],
        ["check", "--today", "tomorrow"],
        ["check", "a", "b"],
        ["screen"],
        ["trace", "."],
        ["trace", "--at", "a.b.c"],
        ["trace", "--at", "a.b.c", "--value", "x", "--null"],
        ["trace", "--value", "c=1", "--value", "c=2"],
        ["explain", "escap"],
        ["schema", "contracts"],
        ["check", "\x1b[31m--\u202e"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_one_clear_line(fieldline: Run, arguments: list[str], tmp_path: Path) -> None:
    done = fieldline(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    told = done.stderr or done.stdout
    assert told
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "Traceback" not in told
    if done.stderr:
        assert done.stderr.startswith("fieldline: ")
        assert done.stderr.count("\n") == 1
        assert "--help" in done.stderr


def test_a_slip_is_answered_with_what_was_meant(fieldline: Run, starter: Path) -> None:
    assert "did you mean escape?" in fieldline("explain", "escap").stderr
    assert "did you mean contract?" in fieldline("schema", "contracts").stderr
    assert "try: website\n" in fieldline("screen", "webste", starter).stdout
    assert "try: website.signup\n" in fieldline("screen", "website.signupp", starter).stdout
    assert "try: crm.customer.company\n" in fieldline("trace", "--at", "crm.custmer.company", "--null", starter).stdout


def test_help_and_version_are_no_failure(fieldline: Run) -> None:
    for arguments in (["--help"], [], ["check", "--help"], ["--version"]):
        assert fieldline(*arguments).returncode == 0
    assert fieldline("--version").stdout == "fieldline 0.1.0\n"


BUG = """
import sys
import fieldline.checker.verdict.check
def check(*_):
    raise KeyError("a value of the customer's")
fieldline.checker.verdict.check.check = check
sys.argv = ["fieldline", *sys.argv[1:]]
import fieldline.cli
fieldline.cli.main()
"""


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_a_bug_is_said_to_be_ours_and_nothing_of_the_data_is_told(starter: Path, debug: list[str]) -> None:
    command = [sys.executable, "-c", BUG, *debug, "check", str(starter)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    told = done.stderr.splitlines()[-1]
    assert told.startswith("fieldline: internal error (KeyError at <string>:5). This is a bug in Fieldline")
    assert "Please report it" in told
    assert ("Traceback" in done.stderr) == bool(debug)
    assert "customer's" not in told


@pytest.mark.parametrize(
    "words",
    [
        *(["check", ""], ["init", ""], ["serve", ""], ["screen", "web", ""], ["trace", "", "--at", "a.b.c", "--null"]),
        *(["drift", "web", "", "--database", "DB"], ["audit", "web", "", "--database", "DB"], ["graph", "-o", ""]),
        *(["docs", "-o", ""], ["docs", "", "-o", "x"], ["export", "", "--system", "web", "--as", "odcs"]),
        *(["validate", "", "--entry", "web"], ["validate", "x.csv", "", "--entry", "web"]),
        *(["validate", "x.csv", "--entry", "web", "--estate", ""], ["schema", "estate", "--output-file", ""]),
        *(["validate", "x.csv", "--entry", "web", "--quarantine", ""], ["import", "sql", "", "--system", "web"]),
        *(["diff", "", "."], ["diff", ".", ""], ["diff", "--base", "", "."], ["diff", "a", "b", "--estate", ""]),
        *(["audit", "web", "--data", "form=x.csv", "--data-docs", ""], ["audit", "web", "--data", "form="]),
    ],
    ids=" ".join,
)
def test_an_empty_word_is_no_path(starter: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    before = sorted(starter.rglob("*"))
    with contextlib.chdir(starter), patch.object(sys, "argv", ["fieldline", *words]):
        assert _run() == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "an empty word" in err or "is not ENTITY=FILE" in err
    assert sorted(starter.rglob("*")) == before
