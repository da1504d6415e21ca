"""Pairs that machines make equal: the search is held to all short texts, one by one."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.transforms.affix import Pad
from fieldline.lineage.transforms.cut import Substring, Truncate
from fieldline.lineage.transforms.edit import Remove, ReplaceCharacters, ReplaceWord
from fieldline.lineage.transforms.part import Before
from fieldline.lineage.transforms.spaces import CollapseSpaces, Trim
from fieldline.values.budget import BudgetExceeded
from fieldline.values.charset import Charset
from fieldline.values.regex import parse
from fieldline.values.solve.pairs import equal_pair

from ...properties.strategies import tries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldline.lineage.transform import TextTransform

DASHES = Remove(Charset.of("-"), "dashes")
UMLAUTS = ReplaceCharacters((("ä", "ae"), ("ö", "oe")))


@pytest.mark.parametrize(
    ("pattern", "steps"),
    [
        ("[0-9]{3}-[0-9]{2}", [DASHES]),
        ("C-[0-9]{8}", [Substring(3)]),
        ("FI[0-9]{16}", [Substring(3, 16)]),
        ("[b-däö]{1,10}", [UMLAUTS]),
        ("[a-z]{0,14}", [Truncate(14)]),
        ("[1-9][0-9]{0,8}", [Pad(9, "0", "left")]),
        ("[0-9]{2}-[0-9]{2}", [DASHES, Pad(6, "x", "right")]),
    ],
)
def test_a_step_that_keeps_all_texts_apart(pattern: str, steps: Sequence[TextTransform]) -> None:
    assert equal_pair(parse(pattern).language, [step.machine for step in steps]) is None


@pytest.mark.parametrize(
    ("pattern", "steps"),
    [
        ("[0-9]{3}-?[0-9]{2}", [DASHES]),
        ("[0-9]{1,3}-[0-9]{1,2}", [DASHES]),
        ("[A-Z]-[0-9]{8}", [Substring(3)]),
        ("[a-zäö]{1,10}", [UMLAUTS]),
        ("[a-z]{15}", [Truncate(14)]),
        ("[0-9]{1,9}", [Pad(9, "0", "left")]),
        (".{0,35}", [Trim()]),
        ("[a-z]{1,20} [a-z]{1,20}", [Before(" ")]),
        ("[ab]+", [ReplaceWord("aa", "b")]),
    ],
)
def test_two_texts_that_become_one(pattern: str, steps: Sequence[TextTransform]) -> None:
    pair = equal_pair(parse(pattern).language, [step.machine for step in steps])
    assert pair is not None
    assert pair[0] != pair[1]
    for text in pair:
        assert text in parse(pattern).language
    assert written(pair[0], steps) == written(pair[1], steps)


def test_it_gives_up_at_its_budget() -> None:
    with pytest.raises(BudgetExceeded):
        equal_pair(parse("[a-z]{300}-[a-z]{300}").language, [Trim().machine])


def written(text: str, steps: Sequence[TextTransform]) -> str:
    for step in steps:
        text = step.write(text)
    return text


STEPS = st.sampled_from(
    [
        DASHES,
        ReplaceCharacters((("a", "b-"),)),
        ReplaceCharacters((("a", ""), ("b", "a"))),
        ReplaceWord("ab", "a"),
        Truncate(2),
        Substring(2),
        Substring(2, 1),
        Pad(2, "a", "left"),
        Pad(2, "a", "right"),
        Before("-"),
        Trim(),
        CollapseSpaces(),
    ]
)
LANGUAGES = st.sampled_from(
    ["[ab-]{0,3}", "a?b?-?a?", "(ab|-){0,2}", "a[ab-]{0,2}", "[b-]{1,3}", "(a|bb){0,2}", "a-b|b-a|ab|ba", "[ab]-[ab]"]
)


@tries(150)
@given(LANGUAGES, st.lists(STEPS, min_size=1, max_size=2))
def test_it_finds_a_pair_exactly_where_there_is_one(pattern: str, steps: list[TextTransform]) -> None:
    language = parse(pattern).language
    texts = ["".join(each) for size in range(5) for each in product("ab-", repeat=size)]
    ends: dict[str, str] = {}
    is_there = False
    for text in texts:
        if text in language:
            is_there = is_there or ends.setdefault(written(text, steps), text) != text
    assert (equal_pair(language, [step.machine for step in steps]) is not None) is is_there
