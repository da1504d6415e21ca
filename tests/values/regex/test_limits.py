"""No pattern is slow to read or to reject, and every rejection says which limit it met."""

from __future__ import annotations

from random import Random

import pytest

from fieldline.values.regex import DIALECTS, PatternError, UnsupportedPattern, parse
from fieldline.values.solve.search import states


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(" * 10_000 + ")" * 10_000, "nested more than 200 deep"),
        ("(?:" * 201 + "a" + ")" * 201, "nested more than 200 deep"),
        ("a" * 20_001, "a pattern of 20,001 characters; the cap is 20,000"),
        ("|".join(f"word{n}" for n in range(100_000)), "a pattern of 988,889 characters; the cap is 20,000"),
        ("(a{1000}){1000}", "stands for 1,000,000 characters written out; the cap is 100,000"),
        ("((a{0,100}){0,100}){0,100}", "stands for 1,000,000 characters written out"),
        ("[a-z]{1,100001}", "stands for 100,001 characters written out"),
        ("a{60000}b{60000}", "stands for 120,000 characters written out"),
        ("a{" + "9" * 10_000 + "}", "a count of 10000 digits"),
        (r"(?:\ba ){1001}", "a counted loop with assertions stands for 2,002 characters written out"),
        (r"(?=(a{400}){400})", "stands for 160,000 characters written out"),
        (r"([a-h])([a-h])([a-h])\1\2\3", "back-references make more than 256 cases"),
    ],
)
def test_what_is_too_large_is_refused_with_its_size_and_the_limit(pattern: str, message: str) -> None:
    with pytest.raises(UnsupportedPattern, match=message):
        parse(pattern)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("(" * 200 + "a" + ")" * 200, "a", "b"),
        ("(a" * 200 + ")?" * 200, "a" * 200, "a" * 201),
        (r"(\b|a" * 200 + ")*" * 200, "aa", "b"),
        ("a" * 20_000, "a" * 20_000, "a" * 19_999),
        (".{0,4000}", "x" * 4000, "x" * 4001),
        ("[a-z]{1,65535}", "x" * 65_535, "x" * 65_536),
        ("|".join(f"w{n:05}" for n in range(2_800)), "w02799", "w02800"),
        (r"(?:\ba ){1000}", "a " * 1000, "a " * 999),
        ("[" + "".join(map(chr, range(0x4E00, 0x4E00 + 19_000, 2))) + "]", "\u4e00", "\u4e01"),
    ],
)
def test_what_is_large_and_regular_is_read(pattern: str, inside: str, outside: str) -> None:
    language = parse(pattern).language
    assert inside in language
    assert outside not in language


def test_a_long_counted_loop_is_not_unrolled() -> None:
    assert len(states(parse("[a-z]{0,60}").language)) < 70
    assert parse("[a-z]{1,65535}").language is parse("(?:[a-z]){1,65535}").language


def test_a_look_ahead_in_a_loop_needs_few_states() -> None:
    assert len(states(parse("(?:(?=.*a)(?=.*b).)*ab").language)) < 20


PARTS = """
a b 0 1 2 8 9 - _ , : = ! < > ? * + { } [ ] ( ) | ^ $ . \\ # & % (?: (?= (?! (?< (?P< (?<= [^ [[: alpha :] \\d \\b \\x
\\u \\p{ \\k< \\1 \\2 \\0 {1,2} {,3} (?i) (?i: (?- Lu} 4f \\c \\Q \\E \\A (?# (?P= n> (?x) [. .] [= \\N{ \\U é
"""


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_no_text_makes_the_parser_fail_in_another_way(dialect: str) -> None:
    random = Random(5)  # noqa: S311 - samples, not secrets
    read = 0
    for _ in range(4_000):
        pattern = "".join(random.choice([*PARTS.split(), " ", "\n"]) for _ in range(random.randint(1, 8)))
        error = _error(pattern, dialect)
        assert error is None or (error.message and 0 <= error.offset <= len(pattern)), pattern
        read += error is None
    assert read > 100


def _error(pattern: str, dialect: str) -> PatternError | None:
    try:
        parse(pattern, dialect)
    except PatternError as error:
        return error
    return None


def test_a_pattern_keeps_what_was_written() -> None:
    found = parse("^[a-z]+$", "python", "i")
    assert (found.regex, found.dialect, found.flags) == ("^[a-z]+$", "python", "i")


def test_an_error_says_where_and_what_to_do() -> None:
    with pytest.raises(PatternError) as caught:
        parse("ab{,5}")
    assert caught.value.offset == 2
    assert caught.value.suggestion == "write {0,5}"
    assert str(caught.value) == "this { opens no count (at character 3; write {0,5})"


def test_an_unknown_dialect_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="no dialect 'perl': one of ecma, python, re2, posix, sql_like"):
        parse("a", "perl")
