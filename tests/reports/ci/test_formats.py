"""What all formats for findings have in common."""

import subprocess
import sys
from pathlib import Path

import pytest

from fieldline.reports.ci.answer import in_repository

ALL = """
import sys
from datetime import date
from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.policy import rule_estate
from fieldline.estate.load import load_estate
from fieldline.reports.ci.answer import Answer
from fieldline.reports.ci.formats import FINDINGS_FORMATS

estate = load_estate(sys.argv[1])
report = check(estate)
ruling = rule_estate(estate, report.findings, date(2026, 7, 1))
answer = Answer("check", "a headline", ruling, estate, "bank", report.summary.proved_fields)
for name, format in FINDINGS_FORMATS.items():
    sys.stdout.buffer.write(f"== {name}\\n{format.findings(answer)}".encode())
"""


def test_they_are_the_same_bytes_under_any_hash_seed_time_zone_and_locale(examples: Path) -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", ALL, examples / "nordbank"], env=environment, capture_output=True, check=True
        ).stdout
        for environment in (
            {"PYTHONHASHSEED": "0"},
            {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Chatham", "LC_ALL": "C.UTF-8"},
            {"PYTHONHASHSEED": "random", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        )
    }
    (text,) = told
    assert [line for line in text.decode().splitlines() if line.startswith("== ")] == [
        "== github",
        "== gitlab",
        "== sarif",
        "== junit",
        "== markdown",
        "== codeowners",
    ]
    assert str(examples).encode() not in text


@pytest.mark.parametrize(
    ("folder", "file", "named"),
    [
        ("the estate", "contracts/a.yaml", "the estate/contracts/a.yaml"),
        ("", "contracts/a.yaml", "contracts/a.yaml"),
        ("the estate", "billing:contracts/a.yaml", "billing:contracts/a.yaml"),
        ("the estate", "main:fieldline.lock", "main:fieldline.lock"),
        ("the estate", "contracts/a:b.yaml", "the estate/contracts/a:b.yaml"),
    ],
)
def test_files_of_other_repositories_are_in_no_folder_of_this_one(folder: str, file: str, named: str) -> None:
    assert in_repository(folder, file) == named
