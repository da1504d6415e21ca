"""The same estate gives the same bytes, on any machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "examples/nordbank"],
        ["check", "examples/nordbank", "--output-format", "json"],
        ["screen", "web", "examples/nordbank", "--output-format", "json"],
        ["graph", "examples/nordbank"],
        ["graph", "examples/nordbank", "--as", "json"],
        ["trace", "--at", "billing.customer.username", "--value", "ABCDEFGHIJKLM", "examples/nordbank"],
    ],
    ids=" ".join,
)
def test_output_is_byte_identical_under_any_hash_seed_time_zone_and_locale(
    fieldline: Run, root: Path, arguments: list[str]
) -> None:
    told = {
        fieldline(*arguments, cwd=root, **environment).stdout
        for environment in (
            {"PYTHONHASHSEED": "0"},
            {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Chatham", "LC_ALL": "C.UTF-8", "COLUMNS": "50"},
            {"PYTHONHASHSEED": "random", "TZ": "UTC", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        )
    }
    (text,) = told
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_folder_an_estate_is_read_from_changes_nothing(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    told = {
        fieldline("check", starter).stdout,
        fieldline("check", starter / "fieldline.yaml").stdout,
        fieldline("check", cwd=starter).stdout,
        fieldline("check", "estate", cwd=tmp_path).stdout,
    }
    assert len(told) == 1


def test_the_installed_command_and_the_module_are_the_same(fieldline: Run) -> None:
    command = Path(sys.executable).with_name("fieldline")
    done = subprocess.run([command, "check", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout == fieldline("check", "--help").stdout
