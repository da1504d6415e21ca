"""Compiled membership is membership."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.contracts.values.matcher import matcher
from fieldline.contracts.values.regex import parse
from fieldline.contracts.values.textset import TextSet
from fieldline.contracts.values.valueset import ValueSet
from fieldline.contracts.values.weight import CODE_POINTS, UTF16, codec_weight
from fieldline.lineage.transforms.case import Upper
from fieldline.lineage.transforms.spaces import CollapseSpaces

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
    "",
]
TEXTS = st.text(st.sampled_from("aABb0.@é😀x\ud800\n"), max_size=9)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=TEXTS)
def test_a_pattern_matches_what_is_in_its_language(pattern: str, text: str) -> None:
    texts = TextSet.language(parse(pattern).language)
    assert bool(matcher(texts)(text)) == (text in texts)


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
