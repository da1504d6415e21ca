"""A set whose members grow without end is known to by one of its members, and is not searched for a greatest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.values.budget import STANDARD
from fieldline.values.regex import parse
from fieldline.values.solve.endless import is_endless
from fieldline.values.span import span_outside
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet
from fieldline.values.weight import CODE_POINTS, UTF8, Weight

from ...properties import strategies as our
from ...properties.strategies import Model, every_text

if TYPE_CHECKING:
    from fieldline.values.budget import Budget

AT_MOST_3 = TextSet.measure(CODE_POINTS, 0, 3)


def texts(pattern: str) -> TextSet:
    return TextSet.language(parse(pattern).language)


@pytest.mark.parametrize(
    ("pattern", "member", "endless"),
    [
        ("[a-z]{2}[0-9]+x", "ab1x", True),
        ("[a-z]{4}[0-9]*", "abcd", True),
        (r"(\p{L}{2}\p{Nd}{0,3}-)+", "ab-ab-", True),
        ("(abc)+", "abcabc", True),
        ("[a-z]{4,900}", "abcd", False),
        ("(ab){2,400}", "abab", False),
        ("(a{3}){2}", "aaaaaa", False),
    ],
)
def test_a_member_with_a_part_that_may_be_repeated_tells(pattern: str, member: str, *, endless: bool) -> None:
    held = texts(pattern)
    assert is_endless(held.atoms, AT_MOST_3.atoms, member, CODE_POINTS, STANDARD) is endless


@pytest.mark.parametrize(
    ("held", "allowed", "endless"),
    [
        ("a+", "(a{2,})?", False),  # a alone is outside
        ("a+", "(aa)+", True),
        ("a+b?", "a{0,30}b?", True),
        (r"\p{L}+", r"[a-z]+|\p{Lu}.*", True),
    ],
)
def test_what_is_inside_again_when_it_is_longer_is_not_endless(held: str, allowed: str, *, endless: bool) -> None:
    member = texts(held).outside(texts(allowed))
    assert member is not None
    longer = "a" * 31 if "30" in allowed else "aaa" if allowed == "(aa)+" else member
    assert is_endless(texts(held).atoms, texts(allowed).atoms, longer, CODE_POINTS, STANDARD) is endless


def test_a_greatest_length_bounds_what_is_repeated() -> None:
    held = texts("[a-z]+") & TextSet.measure(UTF8, 0, 40)
    assert not is_endless(held.atoms, AT_MOST_3.atoms, "abcd", CODE_POINTS, STANDARD)
    span = span_outside(ValueSet.text(held), ValueSet.text(AT_MOST_3))
    assert span is not None
    assert (span.low, span.high) == (4, 40)


WITHIN = frozenset(every_text("ab", 5))


@given(our.text_sets(2), our.text_sets(2), st.sampled_from(our.UNITS))
def test_what_is_called_endless_has_longer_members(
    held: Model[TextSet, str], allowed: Model[TextSet, str], unit: Weight
) -> None:
    outside = sorted(text for text in WITHIN if held.holds(text) and not allowed.holds(text))
    for text in outside[:6]:
        if is_endless(held.found.atoms, allowed.found.atoms, text, unit, STANDARD):
            longer = held.found & TextSet.measure(unit, unit.of(text) + 200, None)
            assert longer.stray(allowed.found) is not None


@pytest.mark.parametrize("pattern", [r"[a-z]{2}(\p{Lu}b)+\p{L}x", r"(\p{L}+\p{Nd}){3}", r"\p{L}{2,12}(-\p{L}{2}a?)+"])
def test_no_greatest_length_is_searched_for_where_there_is_none(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search or two for a member that passes one state twice; doubling its length would take sixteen."""
    held = texts(pattern)
    shortest = held.outside(AT_MOST_3)
    assert shortest is not None
    searches: list[TextSet] = []
    stray = TextSet.stray

    def counted(among: TextSet, other: TextSet, budget: Budget) -> str | None:
        searches.append(among)
        return stray(among, other, budget)

    monkeypatch.setattr(TextSet, "stray", counted)
    span = span_outside(ValueSet.text(held), ValueSet.text(AT_MOST_3), known=shortest)
    assert span is not None
    assert (span.low, span.high) == (len(shortest), None)
    assert len(searches) <= 3
