"""The python dialect says what `re.fullmatch` says, for every text."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import pytest

from fieldline.values.regex import PatternError, UnsupportedPattern, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fieldline.values.language import Language

FLAGS = {"a": re.ASCII, "i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE, "u": re.UNICODE}


def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # "possible nested set": not yet, and not in 3.11
        return re.compile(pattern, sum(FLAGS[flag] for flag in flags))


CHARACTER_PATTERNS = [
    ".",
    r"\d",
    r"\W",
    r"\s",
    r"\S",
    "[^k]",
    r"[^\W]",
    "k",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "Σ",
    "µ",
    "\u0390",
    "\ufb05",
    "[\u1f80-\u1fff]",
    "[^a-z]",
    "[А-я]",
    "[\U00010400-\U00010410]",
    "[\u0100-\U0001ffff]",
    "\U00010428",
    "[a\U00010428]",
    "[^\u0130]",
    "[^\u00b5]",
    "[[a]",
    "[a&&b]",
    "[a-c-e]",
    "(?-i:k)",
    r"(?a:\w)",
    r"(?u:\w)",
]


@pytest.mark.parametrize("flags", ["", "i", "a", "ai"])
def test_every_character_is_judged_as_by_re(
    characters: Callable[[Language, Iterable[int]], set[int]], probes: frozenset[int], flags: str
) -> None:
    for pattern in CHARACTER_PATTERNS:
        if "(?u" in pattern and "a" in flags:
            continue
        match = compiled(pattern, flags).fullmatch
        theirs = {point for point in probes if match(chr(point))}
        assert characters(parse(pattern, "python", flags).language, probes) == theirs, pattern


PATTERNS = [
    (r"^[a-z]+$", ""),
    (r"[a-z]+$\n?", ""),
    (r"\A\d{2}\Z", ""),
    (r"^\d{2}$", "a"),
    (r"(?i)stra(ß|ss)e", ""),
    (r"(?P<q>['\"])x(?P=q)", ""),
    (r"(?P<q>k)-(?P=q)", "i"),
    (r"(?i:(s))\1", ""),
    (r"a{,3}b{2,}c{}", ""),
    (r"a{,}|{|x{y", ""),
    (r"\101\x41\u0042\U00000043\N{LATIN SMALL LETTER A}", ""),
    (r"[]a-]+", ""),
    (r"[^]a]", ""),
    ("(?x) a # one\n b\\ c [ #]", ""),
    ("a b {2}  # c", "x"),
    (r"(?#nothing)a(?#more)*", ""),
    (r"(?:^a$\n?)+", "m"),
    (r"(?s:.)+.", ""),
    (r"(?=a)*b", ""),
    (r"\bfoo\b|\B", ""),
    (r"(?<!a)b|(?<=a)c|a(?<=a)[bc]", ""),
    (r"^(?=.*\d)(?=.*[a-z]).{4,}$", ""),
    (r"[A-Za-zÀ-ÿ' -]{1,40}", ""),
    (r"\w+@\w+\.\w{2,3}", "a"),
    (r"(a|b)(c|d)\2\1", ""),
    (r"(?:a?b??){3}", ""),
]


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_texts_near_a_pattern_are_judged_as_by_re(
    texts_near: Callable[[Language, int], list[str]], pattern: str, flags: str
) -> None:
    language = parse(pattern, "python", flags).language
    match = compiled(pattern, flags).fullmatch
    for text in texts_near(language, 40):
        assert (text in language) == bool(match(text)), repr(text)


@pytest.mark.slow
def test_random_patterns_mean_what_they_mean_to_re(
    random_patterns: Callable[..., Iterator[tuple[str, str]]], short_texts: Callable[[str, int], list[str]]
) -> None:
    texts = short_texts("ab \n", 4)
    for pattern, flags in random_patterns(2, 150, downstream=("a", "b", r"[a\n]", r"\w", "^", "a| |b")):
        language = parse(pattern, "python", flags).language
        match = compiled(pattern, flags).fullmatch
        assert [text in language for text in texts] == [bool(match(text)) for text in texts], (pattern, flags)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "a**",
        "a{2}{3}",
        "*",
        "[",
        "[b-a]",
        r"[\d-a]",
        r"[a-\d]",
        "a{2,1}",
        "{2}",
        r"\e",
        r"\p{L}",
        r"\8",
        r"\400",
        r"\x4",
        r"\u12",
        r"\U00110000",
        r"\N{NO SUCH CHARACTER}",
        "^*",
        r"\b+",
        "(?P<n>a)(?P<n>b)",
        "(?P<1>a)",
        "(?P=n)",
        "a(?i)b",
        "(?-i)a",
        "(?au)a",
        "(?i-i:a)",
        "(?L)a",
        "(?z)a",
        "(?<=^|a)b",
        "\\",
    ],
)
def test_what_re_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(re.error):
        re.compile(pattern)
    with pytest.raises(PatternError):
        parse(pattern, "python")


@pytest.mark.parametrize(
    ("pattern", "flags", "name"),
    [
        ("(?>a)", "", "an atomic group"),
        ("a*+", "", "a possessive quantifier"),
        ("(a)?(?(1)b)", "", "a conditional"),
        ("(?<=ab)c", "", "looking behind at anything but one character"),
        ("(a)|\\1", "", "a back-reference to a group that may not have taken part"),
        ("[\U00010400b]", "i", "U\\+10400 without regard to case"),
        ("a", "L", "the flag L"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(pattern: str, flags: str, name: str) -> None:
    with pytest.raises(UnsupportedPattern, match=name):
        parse(pattern, "python", flags)


def test_a_letter_refused_without_regard_to_case_is_one_that_re_itself_mistakes() -> None:
    assert re.fullmatch("\U00010400", "\U00010400", re.IGNORECASE)
    assert not re.fullmatch("[\U00010400b]", "\U00010400", re.IGNORECASE)
