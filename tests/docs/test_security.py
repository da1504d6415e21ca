"""SECURITY.md promises nothing without a test that holds it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_promise_names_tests_that_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    promises = re.findall(r"^- .*?(?=^- |\n\n)", text, re.MULTILINE | re.DOTALL)
    assert len(promises) >= 10
    for promise in promises:
        tests = re.findall(r"`(tests/[\w/]+\.py)`", promise)
        assert tests, promise
        assert [name for name in tests if not (ROOT / name).is_file()] == []
