"""SECURITY.md: each line of what is promised names the tests that hold it, and they are there."""

import re
from pathlib import Path

import pytest

PROMISES = re.findall(
    r"(?ms)^- .*?(?=^- |^$)", (Path(__file__).parent.parent.parent / "SECURITY.md").read_text(encoding="utf-8")
)


def test_there_are_promises() -> None:
    assert len(PROMISES) > 15


@pytest.mark.parametrize("promise", PROMISES, ids=range(len(PROMISES)))
def test_each_promise_names_tests_that_are_there(root: Path, promise: str) -> None:
    named = re.findall(r"`((?:tests|benchmarks)/[^`]+)`", promise)
    assert any(name.startswith("tests/") for name in named), promise
    for name in named:
        text = (root / name).read_text(encoding="utf-8")
        assert name.startswith("benchmarks/") or re.search(r"^def test_", text, re.MULTILINE), name
