"""The recursion limit belongs to the host: however deep a pattern or long a chain is, few frames are needed."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING

import pytest

from fieldline.lineage.transforms.affix import Prefix, Suffix
from fieldline.lineage.transforms.spaces import Trim
from fieldline.values.budget import STANDARD, BudgetExceeded
from fieldline.values.language import Language, intersection
from fieldline.values.matcher import matcher, native_pattern
from fieldline.values.regex import parse
from fieldline.values.solve.search import evidently_included, shortest
from fieldline.values.textset import TextSet
from fieldline.values.transducer import preimage
from fieldline.values.weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAMES = 250
"""More than are needed: Python's own parser takes two for every group of a pattern that is compiled to a matcher."""
DEEP = 190
"""Groups in one another; a pattern may have 200."""


@pytest.fixture
def few_frames() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + FRAMES)
    yield
    sys.setrecursionlimit(before)


PATTERNS = {
    "groups": "(" * DEEP + "a" + ")" * DEEP,
    "loops": "(a" * DEEP + ")*" * DEEP,
    "counted loops": "(a?" * 40 + "b)?" * 40,
    "branches": "(a|b" * DEEP + "c)" * DEEP,
    "fixed lengths": "(a|(b" * 95 + "c" + "))" * 95,
    "looking ahead": "(?=a" * DEEP + ")" * DEEP + "a*",
    "boundaries in loops": "(?:a|" * 60 + r"\bx" + ")*" * 60,
    "a reference": "(x)" + "(?:y|" * DEEP + r"\1" + ")" * DEEP,
    "a referred group": "(" * DEEP + "a" + ")" * DEEP + r"\1",
    "looking behind": "".join(rf"(?:(?<={c})x|y)*" for c in "abcdefghijklmnop"),
    "a run of what may be missing": "".join(f"({c}?)" for c in "abcdefghij" * 12),
    "a long text": "ab" * 2_500,
}


@pytest.mark.usefixtures("few_frames")
@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_a_deep_pattern_is_read_and_asked_with_few_frames(pattern: str) -> None:
    language = parse(pattern, "python").language
    texts = TextSet.language(language)
    others = TextSet.language(parse("[a-c]{0,30}x").language)
    few = STANDARD.limited(300)
    for ask in (lambda: texts.witness(few), lambda: texts.stray(others, few), lambda: others.stray(texts, few)):
        try:
            ask()
        except BudgetExceeded:
            continue
    assert evidently_included(language, language)
    evidently_included(language, parse(pattern.replace("c", "d"), "python").language)
    assert bool(matcher(texts)("aab")) == ("aab" in language)
    native_pattern(language)


@pytest.mark.usefixtures("few_frames")
def test_sets_within_sets_are_stepped_with_few_frames() -> None:
    language: Language = parse("a*b").language
    for i in range(400):
        language = ~(language & parse(f"[a-z]{{{i % 7},}}").language) | parse(f"x{{{i}}}").language
    assert shortest(language) is not None
    many = intersection(*(parse(f"a{{{i},}}b*").language for i in range(200)))
    assert shortest(many) == "a" * 199


@pytest.mark.usefixtures("few_frames")
def test_a_long_chain_of_machines_is_stepped_with_few_frames() -> None:
    language = parse("[a-z -]*").language
    chain = [step.machine for i in range(60) for step in (Trim(), Prefix("-"), Suffix("- "))]
    for machine in reversed(chain):
        language = preimage(machine, language)
    assert "a" in language
    assert "A" not in language
    texts = TextSet.measure(CODE_POINTS, 0, 300)
    for machine in reversed(chain):
        texts = texts.back(machine)
    try:
        witness = texts.witness()
    except BudgetExceeded:
        return
    assert witness is not None
    assert witness in texts
