"""The files of pins hold what the core, and the desk, is built with and all that it needs, by hashes, and name no index."""

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from .conftest import normal

PIN = re.compile(
    r"(?P<name>[\w.-]+)==(?P<version>[\w.]+)"
    r"(?: ; (?P<marker>[^\\\n]+?))?"
    r"(?P<hashes>(?: \\\n +--hash=sha256:[0-9a-f]{64})*)\n"
)


@pytest.fixture(scope="module", params=["constraints.txt", "constraints-desk.txt"])
def file(request: pytest.FixtureRequest) -> str:
    """The file's name."""
    return str(request.param)


@pytest.fixture(scope="module")
def text(root: Path, file: str) -> str:
    """The file without its comments."""
    lines = (root / file).read_text().splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip().startswith("#"))


@pytest.fixture(scope="module")
def pinned(text: str) -> dict[str, str]:
    """By name, the version."""
    return {normal(pin["name"]): pin["version"] for pin in PIN.finditer(text)}


def test_it_holds_pins_with_hashes_and_nothing_else(text: str) -> None:
    assert PIN.sub("", text) == ""
    assert [pin["name"] for pin in PIN.finditer(text) if not pin["hashes"]] == []


def test_no_index_and_no_address_stands_in_it(root: Path, file: str) -> None:
    whole = (root / file).read_text()
    assert [word for word in ("://", "--index", "--extra-index", "--find-links", " @ ") if word in whole] == []


def test_it_satisfies_what_the_project_asks_for(root: Path, file: str, pinned: dict[str, str]) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())
    asked = [*map(Requirement, project["project"]["dependencies"] + project["build-system"]["requires"])]
    if file == "constraints-desk.txt":
        extras = project["project"]["optional-dependencies"]
        brought = ("desk", "attempts", "database", "language", "rows", "web")
        asked += [each for name in brought for each in map(Requirement, extras[name]) if each.name != "fieldline"]
    assert asked
    assert [str(each) for each in asked if not each.specifier.contains(pinned.get(normal(each.name), ""))] == []


def test_it_is_whole(pinned: dict[str, str]) -> None:
    """Whatever a pinned package requires is pinned, and fits: as far as the package is here in that version."""
    known = {name: found for name, version in pinned.items() if (found := here(name)) and found.version == version}
    assert known
    missing = [
        f"{name}: {requirement}"
        for name, found in known.items()
        for requirement in map(Requirement, found.requires or ())
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if not requirement.specifier.contains(pinned.get(normal(requirement.name), ""))
    ]
    assert missing == []


def test_fieldline_itself_is_not_asked_of_an_index(pinned: dict[str, str]) -> None:
    assert "fieldline" not in pinned


def here(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None
