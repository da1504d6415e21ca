"""The laws of the translation: what may be written differently and still means the same."""

from __future__ import annotations

import pytest

from fieldline.values.charset import ANY
from fieldline.values.language import ALL, EMPTY, EPSILON, chars, complement, concat, repeat
from fieldline.values.regex import parse
from fieldline.values.solve.decide import counterexample


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("^[a-z]{2,5}$", "[a-z]{2,5}"),
        ("(?:(a)(b))", "ab"),
        ("a*?b+?c??", "a*b+c?"),
        ("a|b|[c-e]", "[a-e]"),
        ("a{1,3}a{2}", "a{3,5}"),
        ("foo|bar|foo", "bar|foo"),
        (r"\d\D", "[0-9][^0-9]"),
        ("[^]{0,5}|[^]{6,}|abc", "[^]*"),
        ("|[^]+|abc", "[^]*"),
    ],
)
def test_spellings_of_one_language_are_one_object(one: str, other: str) -> None:
    assert parse(one).language is parse(other).language


EQUAL = [
    (r"(?=[a-m]+$)[h-z]{3}", "[h-m]{3}"),
    (r"(?!.*aa)[ab]*", "(?:b|ab)*a?"),
    (r"(?:(?!b).)*", r"[^b\n\r\u2028\u2029]*"),
    (r"[a-z-]+(?<!-)", "[a-z-]*[a-z]"),
    (r"(?<![^])a|b(?<=b)", "[ab]"),
    (r"\b[a-z ]*\b", "[a-z](?:[a-z ]*[a-z])?"),
    (r"[a-z ]*\B", "|(?:[a-z ]* )"),
    (r"(?:\b\w+\b *)+", r"\w+(?: +\w+)* *"),
    (r"(?:a|^b)*", "b?a*"),
    (r"(?:a|b$)*", "a*b?"),
    (r"(?:a(?=b)|b(?=a))*[ab]", "b?(?:ab)*a?(?<=[ab])"),
    (r"(?:|\b|a)*", "a*"),
    (r"(?:(?=a)|b)*a", "b*a"),
    (r"(?:^|,)a(?:(?:^|,)a){2}", ",?a,a,a"),
    (r"(?:(?:\ba)?,){3}", "(?:a?,){3}"),
    (r"(a|bc)x\1", "axa|bcxbc"),
    (r"(?:(['\"])[a-z]\1,?)*".replace("\\'", "'").replace('\\"', '"'), """(?:'[a-z]',?|"[a-z]",?)*"""),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_an_assertion_is_the_language_it_describes(one: str, other: str) -> None:
    mine, theirs = parse(one).language, parse(other).language
    assert counterexample(mine, theirs) is None
    assert counterexample(theirs, mine) is None


@pytest.mark.parametrize("seen", ["a", "[a-c]+x", "a|bc", r"a\b", "(?!b)[a-c]*$"])
@pytest.mark.parametrize("taken", ["[a-c]{2}", "a.*", "", "[a-z]*x?"])
def test_looking_ahead_intersects_with_what_may_follow(seen: str, taken: str) -> None:
    ahead, rest = parse(f"(?:{seen})[^]*").language, parse(taken).language
    for pattern, expected in ((f"(?={seen}){taken}", rest & ahead), (f"(?!{seen}){taken}", rest - ahead)):
        found = parse(pattern).language
        assert counterexample(found, expected) is None
        assert counterexample(expected, found) is None


def test_the_plainest_patterns_are_the_plainest_languages() -> None:
    assert parse("").language is EPSILON
    assert parse("[]").language is EMPTY
    assert parse("[^]").language is chars(ANY)
    assert parse("[^]*").language is ALL
    assert parse("%", "sql_like").language is ALL
    assert parse("[a-z]{3,9}").language is repeat(parse("[a-z]").language, 3, 9)
    assert parse("[^a]").language is chars(ANY - parse("a").language.parts)
    assert parse("(?!a$)[^]*").language is complement(concat(parse("a").language, EPSILON))
