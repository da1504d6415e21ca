"""Deciding by search: equal languages are one automaton, and what is too large is given up, never guessed."""

from __future__ import annotations

import pytest

from fieldline.values.budget import STANDARD, BudgetExceeded
from fieldline.values.charset import Charset
from fieldline.values.language import (
    ALL,
    EMPTY,
    EPSILON,
    chars,
    concat,
    fixpoint,
    literal,
    repeat,
    union,
)
from fieldline.values.regex import parse
from fieldline.values.solve.decide import counterexample
from fieldline.values.solve.minimal import canonical
from fieldline.values.solve.search import states
from fieldline.values.trie import word_trie

A, B = literal("a"), literal("b")
AB = chars(Charset.of("ab"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("(a|b)*", "(a*b*)*"),
        ("a(ba)*", "(ab)*a"),
        ("[a-c]", "a|b|c"),
        ("(?=.*a)(?=.*b)[ab]{2}", "ab|ba"),
        ("a{2,4}", "aa(a(a)?)?"),
        ("(a?){3}", "a{0,3}"),
        ("(?![ab])[abc]*", "|c[abc]*"),
        ("x{1,3}|x{3,9}", "x{1,9}"),
    ],
)
def test_two_ways_to_write_a_language_are_one_automaton(first: str, second: str) -> None:
    assert canonical(parse(first).language) is canonical(parse(second).language)


def test_different_languages_are_different_automata() -> None:
    patterns = ["a", "a?", "a*", "a+", "b", "a|b", "ab", "a{2}", "(ab)*", "[^a]", "(?!a).*"]
    assert len({id(canonical(parse(p).language)) for p in patterns}) == len(patterns)


def test_loops_and_everything_stay_the_simple_things_they_are() -> None:
    assert canonical(union(EPSILON, concat(chars(Charset.of("ab")), repeat(AB, 0)))) is repeat(AB, 0)
    assert canonical(~EMPTY & (A | ~A)) is ALL
    assert canonical(A & B) is EMPTY


def test_a_word_list_is_a_trie_with_shared_tails() -> None:
    listed = [f"{i:05}x" for i in range(3_000)]
    language = word_trie(listed)
    assert all(word in language for word in listed[::97])
    assert "00001" not in language
    assert len(states(language)) < 50


def test_a_recursive_language_is_its_own_equation() -> None:
    found = fixpoint(nullable=True)
    found.define(union(EPSILON, concat(A, found, B) & ~literal("aabb")))
    assert "ab" in found
    assert "aabb" not in found
    assert "aaabbb" not in found


@pytest.mark.slow
def test_what_explodes_is_given_up_with_the_number_of_states() -> None:
    explosive = parse("(a|b)*a(a|b){18}").language
    with pytest.raises(BudgetExceeded) as caught:
        states(explosive, 5_000)
    assert (caught.value.amount, caught.value.spent > 5_000) == ("states", True)
    assert canonical(explosive) is explosive
    opposite = parse("(a|b)*b(a|b){18}").language
    with pytest.raises(BudgetExceeded):
        counterexample(explosive, ~opposite, STANDARD.limited(5_000))


def test_a_counted_loop_of_four_thousand_is_decided_without_unrolling() -> None:
    wide, narrow = parse("[A-Z]{1,4000}").language, parse("[A-Z]{1,3999}").language
    assert counterexample(narrow, wide) is None
    found = counterexample(wide, narrow)
    assert found is not None
    assert len(found) == 4_000
