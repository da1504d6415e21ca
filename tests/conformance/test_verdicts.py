"""The example estates have the verdicts that the corpus states, and its README names laws that are held."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from .verdicts import ESTATES, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.parametrize("name", ESTATES)
def test_an_example_has_the_verdicts_that_are_stated(name: str) -> None:
    stated = yaml.safe_load((HERE / "examples" / f"{name}.yaml").read_text(encoding="utf-8"))
    assert verdicts(name) == stated


def laws() -> Iterator[tuple[str, str]]:
    """The tests that the README names, as file and function."""
    yield from re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (HERE / "README.md").read_text(encoding="utf-8"))


def test_the_laws_of_the_readme_are_held_by_the_tests_that_it_names(root: Path) -> None:
    named = list(laws())
    assert named
    for file, test in named:
        assert f"\ndef {test}(" in (root / file).read_text(encoding="utf-8"), (file, test)


def test_the_readme_states_the_version_of_the_corpus() -> None:
    version = (HERE / "VERSION").read_text(encoding="utf-8").strip()
    assert f"This is version {version} of the corpus." in (HERE / "README.md").read_text(encoding="utf-8")
