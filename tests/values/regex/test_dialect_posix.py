"""The posix dialect says what `grep -E -x` says of every line, in the POSIX locale's classes."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from fieldline.values.regex import PatternError, PatternSyntaxError, UnsupportedPattern, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.values.language import Language


def matched_by_grep(pattern: str, flags: str, texts: list[str]) -> list[str]:
    found = subprocess.run(
        ["grep", "-E", "-x", *(f"-{flag}" for flag in flags), "-e", pattern],
        input="".join(f"{text}\n" for text in texts).encode(),
        capture_output=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert not found.stderr
    return found.stdout.decode().split("\n")[:-1]


PATTERNS = [
    ("a|b|cd", ""),
    ("[A-Z]{2}[0-9]{4}", ""),
    (r"\(\[\.\*\\\^\$\|\+\?\{\)\]\}", ""),
    (r"[\n]+", ""),
    (r"[]a]+|[^]a]", ""),
    ("[a-]|[-b]|[%--]", ""),
    ("[[:alpha:]_][[:alnum:]_-]{0,5}", ""),
    ("[^[:space:][:punct:]]+", ""),
    ("[[:upper:]]x[[:lower:]]", "i"),
    ("[[.-.]a]{2}|[[=b=]]", ""),
    ("(a|b)*c?", ""),
    ("^a|b$", ""),
    ("a^b|a$b|(^a)(b$)", ""),
    (".{2,3}", ""),
    ("å[åäö][^å]", ""),
    ("k[^a-c]", "i"),
    ("x{0}y{2}z{1,}", ""),
    ("}]{2}", ""),
]


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_lines_near_a_pattern_are_judged_as_by_grep(
    texts_near: Callable[[Language, int], list[str]], pattern: str, flags: str
) -> None:
    language = parse(pattern, "posix", flags).language
    # Beyond ASCII, grep's classes and case are those of its locale.
    exact_everywhere = "[:" not in pattern and not flags
    lines = [
        text
        for text in texts_near(language, 60)
        if (exact_everywhere or text.isascii()) and not set(text) & {"\n", "\0", "\r"}
    ]
    assert [text for text in lines if text in language] == matched_by_grep(pattern, flags, lines)


@pytest.mark.parametrize(
    "pattern",
    ["", "a||b", "(|a)", "()", "*a", "a**", "a+?", ")", "^*", "(*a)", "a{,2}", "a{x", r"\d", r"\n", r"\1", "[a-c-e]"],
)
def test_what_posix_leaves_undefined_is_refused(pattern: str) -> None:
    with pytest.raises(PatternSyntaxError):
        parse(pattern, "posix")


@pytest.mark.parametrize("pattern", ["(", "[", "[b-a]", "[[:foo:]]", "a{2,1}", "a{40000}", "\\"])
def test_what_grep_refuses_is_refused(pattern: str) -> None:
    found = subprocess.run(["grep", "-E", "-e", pattern], input=b"", capture_output=True, check=False)
    assert found.returncode == 2
    with pytest.raises(PatternError):
        parse(pattern, "posix")


@pytest.mark.parametrize(
    ("pattern", "flags", "name"),
    [
        ("[[.ch.]]", "", "a collating element of several characters"),
        ("[å-ö]", "", "a range of characters beyond ASCII"),
        ("å", "i", "letters beyond ASCII"),
    ],
)
def test_what_depends_on_the_locale_is_refused_by_name(pattern: str, flags: str, name: str) -> None:
    with pytest.raises(UnsupportedPattern, match=name):
        parse(pattern, "posix", flags)


def test_a_dot_takes_a_line_end_and_no_nul() -> None:
    language = parse("a.b", "posix").language
    assert "a\nb" in language
    assert "a\0b" not in language
