"""A back-reference that is read means what the engine means by it; one that engines differ on is rejected."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest

from fieldline.values.regex import UnsupportedPattern, parse

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = [
    "(a)",
    "(a|b)",
    "([ab])",
    "(a?b)",
    "(?:a|b)",
    "((a|b)a)",
    "a",
    "b*",
    r"(?=\1)",
    "(?:{0}|a)",
    r"(?:\1b)*",
    r"\b",
]


def referring_patterns(seed: int, count: int) -> list[str]:
    random = Random(seed)  # noqa: S311 - samples, not secrets
    found = []
    for _ in range(count):
        parts = [random.choice(PARTS) for _ in range(random.randint(1, 4))]
        groups = "".join(parts).count("(a") + "".join(parts).count("([") + "".join(parts).count("((")
        references = [f"\\{random.randint(1, max(groups, 1))}" for _ in range(random.randint(1, 2))]
        pattern = "".join(parts + references).replace("{0}", references[0])
        found.append(random.choice(["{}", "(?:{})*", "(?:{}|b)", "^{}$"]).format(pattern))
    return found


@pytest.mark.slow
def test_references_mean_what_they_mean_to_re(short_texts: Callable[[str, int], list[str]]) -> None:
    texts = short_texts("abA", 6)
    read = 0
    for index, pattern in enumerate(referring_patterns(11, 400)):
        flags = "i" if index % 3 == 0 else ""
        try:
            match = re.compile(pattern, re.IGNORECASE if flags else 0).fullmatch
            language = parse(pattern, "python", flags).language
        except (re.error, UnsupportedPattern):
            continue
        read += 1
        assert [text in language for text in texts] == [bool(match(text)) for text in texts], (pattern, flags)
    assert read > 100


@pytest.mark.needs_node
def test_references_mean_what_they_mean_to_node(
    node: Callable[[str, str, list[str]], list[bool] | None], short_texts: Callable[[str, int], list[str]]
) -> None:
    texts = short_texts("abA", 6)
    read = 0
    for index, pattern in enumerate(referring_patterns(12, 400)):
        flags = "i" if index % 3 == 0 else ""
        verdicts = node(pattern, f"u{flags}", texts)
        try:
            language = parse(pattern, "ecma", flags).language
        except UnsupportedPattern:
            continue
        except ValueError:
            assert verdicts is None, pattern
            continue
        read += 1
        assert [text in language for text in texts] == verdicts, (pattern, flags)
    assert read > 100


def test_engines_differ_on_a_group_that_took_no_part() -> None:
    assert re.fullmatch(r"(?:(a)|b)\1", "b") is None  # ECMAScript takes it
    for dialect in ("ecma", "python"):
        with pytest.raises(UnsupportedPattern, match="a group that may not have taken part"):
            parse(r"(?:(a)|b)\1", dialect)
