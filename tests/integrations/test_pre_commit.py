"""The pre-commit hook: made from a clone of this repository, and run on somebody's estate."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import setuptools
import typer

from fieldline.reports.starter_estate import starter_files

pytestmark = pytest.mark.needs_git
INSTALLED = ("*.py", "py.typed", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


@pytest.fixture
def hooks(root: Path, tmp_path: Path) -> Path:
    """A repository of what is installed, with the hook."""
    folder = tmp_path / "hooks"
    folder.mkdir()
    for marker in root.glob("*/__init__.py"):
        name = marker.parent.name
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for pattern in INSTALLED:
        for file in root.glob(pattern):
            shutil.copy(file, folder)
    return commit(folder)


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """A repository with an estate in a folder."""
    for name, text in starter_files().items():
        (tmp_path / "user" / "estate" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "user" / "estate" / name).write_text(text)
    return commit(tmp_path / "user")


def commit(folder: Path) -> Path:
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "all"]):
        subprocess.run(["git", *arguments], cwd=folder, env=environment(folder), check=True)
    return folder


def environment(folder: Path) -> dict[str, str]:
    """pip takes what it needs from this environment's packages, in place of a network."""
    here = {sysconfig.get_paths()["purelib"], *(str(Path(each.__file__).parents[1]) for each in (typer, setuptools))}
    return os.environ | {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PIP_NO_DEPS": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as: without isolation
        "PRE_COMMIT_HOME": str(folder.parent / "cache"),
        "PYTHONPATH": os.pathsep.join(sorted(here)),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


def test_the_hook_is_installed_and_judges_an_estate(hooks: Path, user: Path) -> None:
    config = user / ".pre-commit-config.yaml"
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=hooks, capture_output=True, text=True, check=True).stdout
    config.write_text(
        f"repos:\n  - repo: {hooks}\n    rev: {head.strip()}\n    hooks:\n"
        "      - {id: fieldline-check, args: [estate]}\n      - {id: fieldline-diff, args: [estate]}\n"
    )
    commit(user)
    failed = pre_commit(user)
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "error[escape] website.signup.company accepts" in failed.stdout
    assert re.search(r"fieldline diff\.+Passed", failed.stdout)
    contract = user / "estate" / "contracts" / "website.yaml"
    contract.write_text(contract.read_text().replace("max_length: 60", "max_length: 20"))
    passed = pre_commit(user)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout


def test_the_lines_that_init_writes_pass_on_day_one_and_fail_on_the_first_change_that_breaks_something(
    tmp_path: Path,
) -> None:
    user = tmp_path / "user"
    user.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=user, env=environment(user), check=True)
    done = fieldline(user, "init", "my estate", "--ci", "pre-commit")
    assert done.returncode == 0, done.stderr
    subprocess.run(["git", "add", "."], cwd=user, env=environment(user), check=True)
    first = pre_commit(user)  # nothing is committed yet, and the estate has a deliberate error
    assert (first.returncode, "Passed" in first.stdout) == (0, True), first.stdout + first.stderr
    commit(user)
    contract = user / "my estate" / "contracts" / "billing.yaml"
    contract.write_text(contract.read_text().replace("max_length: 20", "max_length: 18"))
    second = pre_commit(user)
    assert second.returncode == 1
    assert "error[newly-refused] website.signup.company" in second.stdout


def fieldline(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fieldline", *arguments]
    return subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)


def pre_commit(user: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"],
        cwd=user,
        env=environment(user),
        capture_output=True,
        text=True,
        check=False,
    )
