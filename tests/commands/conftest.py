"""The command itself, run as people and pipelines run it: in a process of its own."""

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from fieldline.reports.starter_estate import starter_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forking.runs import Runs

Run: TypeAlias = "Callable[..., subprocess.CompletedProcess[str]]"

# What a user's environment may say about how we print; each test says it itself.
SILENT = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8", "PYTHONHASHSEED", "LC_ALL", "TZ"}


@pytest.fixture(scope="session")
def fieldline(forked: "Runs") -> Run:
    """Run `fieldline` with arguments, in a folder, with an environment."""

    def run(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if name not in SILENT}
        return forked.run([*map(str, arguments)], cwd, inherited, environment)

    return run


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """The estate that `fieldline init` writes, to be changed at will."""
    return write(tmp_path / "estate", starter_files())


def write(folder: Path, files: dict[str, str]) -> Path:
    """Put files into a folder, by their names in it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def broken(starter: Path) -> Path:
    """An estate with problems in two files."""
    (starter / "contracts" / "crm.yaml").write_text("system: crm\nentitys: {}\n", encoding="utf-8")
    (starter / "lineage" / "customer.yaml").write_text("flows:\n  - {from: a.b, to: c.d.e}\n", encoding="utf-8")
    return starter
