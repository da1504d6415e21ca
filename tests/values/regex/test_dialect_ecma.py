"""The ecma dialect says what `new RegExp("^(?:" + pattern + ")$", "u")` says, for every text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.values.regex import PatternError, PatternSyntaxError, UnsupportedPattern, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fieldline.values.language import Language

AMENDED = {0x019B, 0x0264, 0xA7D3, 0xA7D5, 0x0295, 0x10FC, 0x1171E, 0xA7F2, 0xA7F3, 0xA7F4, 0xAB69}
"""Characters of Unicode 14.0 whose case or category a later version changed, or gave them a partner."""

CHARACTER_PATTERNS = [
    ".",
    r"\d",
    r"\D",
    r"\w",
    r"\W",
    r"\s",
    r"\S",
    "[^k]",
    r"[^\W]",
    r"[\W_]",
    "k",
    "s",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "Σ",
    "µ",
    "\u0390",
    "\ufb05",
    r"[\u{1F80}-\u{1FFF}]",
    "[^a-z]",
    "[А-я]",
    r"[\u0000-\u{10FFFF}]",
    "[^]",
    "[]",
    "Ꭰ",
    "𐐀",
    r"\p{Lu}",
    r"\P{Lu}",
    r"[^\P{Lu}]",
    r"[^\p{Ll}]",
    r"\p{Lt}",
    r"\p{L}",
    r"\p{General_Category=Punctuation}",
    r"\p{Script=Greek}",
    r"\P{sc=Latn}",
    r"\p{Uppercase}",
    r"\p{White_Space}",
    r"\p{ID_Start}",
    r"\p{Emoji_Presentation}",
    r"\p{ASCII}",
    r"\P{Any}",
]


@pytest.mark.needs_node
@pytest.mark.parametrize("flags", ["", "i", "s"])
def test_every_character_is_judged_as_by_node(
    node: Callable[[str, str, list[str]], list[bool] | None],
    probes: frozenset[int],
    characters: Callable[[Language, Iterable[int]], set[int]],
    flags: str,
) -> None:
    points = sorted(probes - AMENDED)
    for pattern in CHARACTER_PATTERNS:
        verdicts = node(pattern, f"u{flags}", [chr(point) for point in points])
        theirs = {point for point, verdict in zip(points, verdicts, strict=True) if verdict}
        assert characters(parse(pattern, "ecma", flags).language, points) == theirs, pattern


PATTERNS = [
    ("", ""),
    ("a|b|", ""),
    (r"^[A-Z]{2}\d{4}$", ""),
    (r"^(\+\d{1,3})?[ -]?\d{6,12}$", ""),
    (r"^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])(?!.*\s).{8,16}$", ""),
    (r"^(?!000|666)[0-8]\d{2}-(?!00)\d{2}-(?!0000)\d{4}$", ""),
    (r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*$", ""),
    (r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}(?<!-)$", "i"),
    (r"^\p{Lu}[\p{Ll}\p{M}'’ -]{0,30}\p{L}$", ""),
    (r"\b\w+\b(?: \b\w+\b)*", ""),
    (r"(?:(?!--)[a-z-])+", ""),
    (r"(?:\bfoo\b|\Boo\b)+", ""),
    (r"^(?:a|^b)*$", ""),
    (r"a$|b$.", ""),
    (r"(?:(?=.*a)(?=.*b).)*ab", ""),
    ("(['\"])[^'\"]*\\1", ""),
    (r"(?<mark>-|/)?", ""),
    (r"\d{4}(?<mark>[-/.])\d\d\k<mark>\d\d", ""),
    (r"(a|bc)\1{2}", "i"),
    (r"(?:([ab])x\1)+", ""),
    (r"\cA\0\x41\u0042\u{43}\ud83d\ude00[\b\-\]]", ""),
    (r"^a.b$", "m"),
    (r"(?:^a$\n?)+", "m"),
    (r"straße|ǆ|K", "i"),
    (r"[^\d\s]+\/[\-]?", ""),
    (r"(?<!a)b|(?<=a)c|a(?<=a)[bc]", ""),
    (r"(?:a{0,3}b?){2,4}", ""),
    (r"(?:a*)*b", ""),
    (r"(?:|a)+", ""),
    (r"x{0}y{0,0}z{1}", ""),
]


@pytest.mark.needs_node
@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_texts_near_a_pattern_are_judged_as_by_node(
    node: Callable[[str, str, list[str]], list[bool] | None],
    texts_near: Callable[[Language, int], list[str]],
    pattern: str,
    flags: str,
) -> None:
    language = parse(pattern, "ecma", flags).language
    texts = texts_near(language, 40)
    assert [text in language for text in texts] == node(pattern, f"u{flags}", texts)


@pytest.mark.needs_node
def test_random_patterns_mean_what_they_mean_to_node(
    node: Callable[[str, str, list[str]], list[bool] | None],
    random_patterns: Callable[..., Iterator[tuple[str, str]]],
    short_texts: Callable[[str, int], list[str]],
) -> None:
    texts = short_texts("ab \n", 4)
    compared = 0
    for pattern, flags in random_patterns(1, 300):
        language = parse(pattern, "ecma", flags).language
        assert [text in language for text in texts] == node(pattern, f"u{flags}", texts), (pattern, flags)
        compared += 1
    assert compared == 300


ANNEX_B = [r"\-\_\/\#\ ", "a]}", r"[\w-.]+", r"[.-\d]+", r"[a\-\.\_]"]


@pytest.mark.needs_node
@pytest.mark.parametrize("pattern", ANNEX_B)
def test_spellings_that_only_the_flag_u_refuses_mean_what_they_mean_without_it(
    node: Callable[[str, str, list[str]], list[bool] | None],
    texts_near: Callable[[Language, int], list[str]],
    pattern: str,
) -> None:
    language = parse(pattern).language
    texts = [text for text in texts_near(language, 40) if all(ord(c) < 0x10000 for c in text)]
    assert [text in language for text in texts] == node(pattern, "", texts)


REJECTED_BY_NODE = [
    "(",
    ")",
    "a**",
    "*",
    "[",
    "[b-a]",
    "a{2,1}",
    "x{,3}",
    "{2}",
    r"\a",
    r"\Z",
    r"\8",
    r"\1",
    r"\01",
    r"\c1",
    r"\x4",
    r"\u12",
    r"\u{110000}",
    r"\p{Foo}",
    r"\pL",
    r"\k<n>",
    "(?=a)*",
    "^*",
    "(?<n>a)(?<n>b)",
    "(?<1>a)",
    "(?>a)",
    "\\",
    r"[\B]",
]


@pytest.mark.needs_node
@pytest.mark.parametrize("pattern", REJECTED_BY_NODE)
def test_what_node_refuses_is_refused(node: Callable[[str, str, list[str]], list[bool] | None], pattern: str) -> None:
    assert node(pattern, "u", ["a"]) is None
    with pytest.raises(PatternError):
        parse(pattern)


@pytest.mark.parametrize(
    ("pattern", "flags", "name"),
    [
        (r"(?<=ab)c", "", "looking behind at anything but one character"),
        (r"\1(a)", "", "a back-reference to a group that may not have taken part"),
        (r"(a)?\1", "", "a back-reference to a group that may not have taken part"),
        (r"(\w+)\1", "", "a back-reference to a group with assertions or more than 64 words"),
        (r"\k<n>(?<n>a)", "", "a back-reference to a group that comes later"),
        (r"(?i:a)", "", "flags inside a pattern"),
        (r"\p{Script_Extensions=Greek}", "", "the property Script_Extensions=Greek"),
        ("a", "v", "the flag v"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(pattern: str, flags: str, name: str) -> None:
    with pytest.raises(UnsupportedPattern, match=name):
        parse(pattern, "ecma", flags)


def test_an_unknown_flag_is_an_error() -> None:
    with pytest.raises(PatternSyntaxError, match="ECMAScript has no flag x"):
        parse("a", "ecma", "x")


def test_flags_without_bearing_on_a_whole_value_change_nothing() -> None:
    assert parse("[a-z]+", "ecma", "dgyu").language is parse("[a-z]+").language


@pytest.mark.needs_node
@pytest.mark.parametrize("flags", ["", "i"])
def test_what_a_word_is_depends_on_the_case_flag(
    node: Callable[[str, str, list[str]], list[bool] | None], short_texts: Callable[[str, int], list[str]], flags: str
) -> None:
    texts = short_texts("aſ\u212a-", 2)
    for pattern in (r".\b.", r".\B.", r"\b.+\b"):
        language = parse(pattern, "ecma", flags).language
        assert [text in language for text in texts] == node(pattern, f"u{flags}", texts), pattern
