"""The re2 dialect says what `RE2::FullMatch` says, for every text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import re2

from fieldline.values.regex import PatternError, UnsupportedPattern, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fieldline.values.language import Language

AMENDED = {0x0295, 0x1171E, 0x019B, 0x0264, 0xA7D3, 0xA7D5}
"""Characters of Unicode 14.0 whose category a later version changed, or gave them a partner in case."""


def compiled(pattern: str, flags: str) -> re2._Regexp[str]:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(f"(?{flags}){pattern}" if flags else pattern, options)


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
    "İ",
    "ı",
    "Σ",
    "\u0390",
    "\ufb05",
    r"[\x{1F80}-\x{1FFF}]",
    "[^a-z]",
    "[А-я]",
    r"\p{Lu}",
    r"\P{Lu}",
    r"\p{^Lu}",
    r"\P{^Lu}",
    r"[^\P{Lu}]",
    r"\pN",
    r"\p{Greek}",
    r"\p{C}",
    "[[:alpha:]]",
    "[[:^alpha:]]",
    "[[:word:]]",
    "[[:space:]]",
    "[[:upper:][:digit:]-]",
    r"[a-f\pN]",
    r"\a|\v|\101|\x41|\_|\-",
    r"[\d-a]",
    r"[^\n]",
]


@pytest.mark.parametrize("flags", ["", "i"])
def test_every_character_is_judged_as_by_re2(
    characters: Callable[[Language, Iterable[int]], set[int]], probes: frozenset[int], flags: str
) -> None:
    points = probes - AMENDED
    for pattern in CHARACTER_PATTERNS:
        match = compiled(pattern, flags).fullmatch
        theirs = {point for point in points if match(chr(point))}
        assert characters(parse(pattern, "re2", flags).language, points) == theirs, pattern


PATTERNS = [
    (r"^[a-z]+$", ""),
    (r"\A(?i)ab(?-i)cd\z", ""),
    (r"(?i:a)b|(?s).c", ""),
    (r"\Qa.b\E*c", ""),
    (r"(?P<name>a+)(?<other>b)(?P<name>c?)", ""),
    (r"x{,2}|{|a{2", ""),
    (r"(?:^a$\n?)+", "m"),
    (r"(?U)a+?b*", ""),
    (r"^*a$?", ""),
    (r"\bfoo\b|\B", ""),
    (r"[^\d\s]{2,5}", ""),
    (r"(?:a|b|)*c", ""),
]


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_texts_near_a_pattern_are_judged_as_by_re2(
    texts_near: Callable[[Language, int], list[str]], pattern: str, flags: str
) -> None:
    language = parse(pattern, "re2", flags).language
    match = compiled(pattern, flags).fullmatch
    for text in texts_near(language, 40):
        assert (text in language) == bool(match(text)), repr(text)


@pytest.mark.slow
def test_random_patterns_mean_what_they_mean_to_re2(
    random_patterns: Callable[..., Iterator[tuple[str, str]]], short_texts: Callable[[str, int], list[str]]
) -> None:
    texts = short_texts("ab \n", 4)
    for pattern, flags in random_patterns(3, 300, anchors=("^", "$", r"\b", r"\B", r"\A", r"\z"), looks=()):
        language = parse(pattern, "re2", flags).language
        match = compiled(pattern, flags).fullmatch
        assert [text in language for text in texts] == [bool(match(text)) for text in texts], (pattern, flags)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "a**",
        "*",
        "[",
        "[b-a]",
        r"[a-\d]",
        "a{2,1}",
        "a{1001}",
        r"\1",
        r"\8",
        r"\é",
        r"[\b]",
        r"\p{Cn}",
        r"\p{Letter}",
        "[[:foo:]]",
        "(?=a)",
        "(?<!a)",
        "(?z)",
        "\\",
    ],
)
def test_what_re2_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(re2.error):
        compiled(pattern, "")
    with pytest.raises(PatternError):
        parse(pattern, "re2")


def test_a_single_byte_is_refused_by_name() -> None:
    with pytest.raises(UnsupportedPattern, match="a single byte"):
        parse(r"\C", "re2")
