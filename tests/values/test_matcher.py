"""Compiled membership is membership."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.transforms.case import Upper
from fieldline.lineage.transforms.spaces import CollapseSpaces
from fieldline.values.matcher import matcher, native_pattern
from fieldline.values.regex import parse
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet
from fieldline.values.weight import CODE_POINTS, UTF16, codec_weight

PATTERNS = [
    "[A-Z]{2}[0-9]*",
    "[A-Z]{2}[0-9]{2}[A-Z0-9]{2,4}",
    "a*b*a*",
    "(a|b)*abb",
    "(ab?)*",
    "[^x]{1,5}",
    "[a-z.]+@[a-z]+(\\.[a-z]+)*",
    "()|a|aB|aB0",
    "(a|aB)(0|B0)",
    "[\\s\\S]*é",
    "[A-B]{2}(?: ?[a0]){2,3}",
    "(?:a|bB|b0B)x*(?:\\.|@a)?é",
    "(?:a.?[0b]){1,3}x?",
    "(?:a*b?|0+)@",
    "",
]
TEXTS = st.text(st.sampled_from("aABb0.@é😀x\ud800\n"), max_size=9)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=TEXTS)
def test_a_pattern_matches_what_is_in_its_language(pattern: str, text: str) -> None:
    texts = TextSet.language(parse(pattern).language)
    assert bool(matcher(texts)(text)) == (text in texts)


def test_ways_that_part_and_meet_again_are_written_once() -> None:
    language = parse("[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}").language
    written = native_pattern(language)
    assert written is not None
    assert len(written) < 3_000
    for text in ("FI21 1234 5600 0007 85", "FI2112345600000785", "FI21  1234 5600 0007 85", "FI21 1234 5600 0007 85 "):
        assert bool(re.fullmatch(written.removesuffix("\\z") + "\\Z", text)) == (text in language)


@pytest.mark.parametrize("unit", [CODE_POINTS, UTF16, codec_weight("utf-8"), codec_weight("utf-16-le")], ids=str)
@given(text=TEXTS, low=st.integers(0, 4), more=st.none() | st.integers(0, 4))
def test_a_measure_matches_what_it_admits(unit, text: str, low: int, more: int | None) -> None:  # noqa: ANN001
    texts = TextSet.measure(unit, low, None if more is None else low + more)
    both = texts & TextSet.language(parse("[a-zA-Z0-9]*").language)
    for each in (texts, both, TextSet.full(), TextSet.empty()):
        assert bool(matcher(each)(text)) == (text in each)


@given(text=TEXTS)
def test_a_measure_behind_a_machine_is_one_too(text: str) -> None:
    texts = Upper().preimage(ValueSet.text(TextSet.measure(codec_weight("utf-8"), 0, 4))).texts
    texts &= CollapseSpaces().preimage(ValueSet.text(TextSet.measure(CODE_POINTS, 2, 3))).texts
    assert bool(matcher(texts)(text)) == (text in texts)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|aa)+b", "([a-z]*)*b", "(a*)*(a*)*b"])
def test_no_pattern_makes_it_try_twice(pattern: str) -> None:
    match = matcher(TextSet.language(parse(pattern).language))
    assert not match("a" * 200_000)  # an engine that goes back would never end
