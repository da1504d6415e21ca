"""The sql_like dialect says what SQLite's LIKE says when it minds the case."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from fieldline.values.regex import PatternSyntaxError, UnsupportedPattern, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.values.language import Language

PATTERNS = [
    ("", ""),
    ("%", ""),
    ("_", ""),
    ("abc", ""),
    ("a%b_c%", ""),
    ("%%_%", ""),
    ("__-__", ""),
    ("å_ß%", ""),
    ("[a-z]^$.*+?(|){2}", ""),
    ("%\n%", ""),
    (r"a\%b\_\\%", "e"),
    (r"a\%b\_", "b"),
]


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_texts_near_a_pattern_are_judged_as_by_sqlite(
    texts_near: Callable[[Language, int], list[str]], pattern: str, flags: str
) -> None:
    language = parse(pattern, "sql_like", flags).language
    escape = r" ESCAPE '\'" if flags == "e" else ""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA case_sensitive_like = ON")
        for text in texts_near(language, 60):
            if "\0" in text:  # SQLite reads no further
                continue
            ((verdict,),) = database.execute(f"SELECT ? LIKE ?{escape}", (text, pattern))
            assert (text in language) == bool(verdict), repr(text)


def test_a_backslash_is_refused_until_a_flag_says_what_it_is() -> None:
    with pytest.raises(UnsupportedPattern, match="an escape in some databases and itself in others"):
        parse(r"a\%b", "sql_like")


@pytest.mark.parametrize("pattern", ["a\\", r"\a"])
def test_an_escape_of_nothing_special_is_an_error(pattern: str) -> None:
    with pytest.raises(PatternSyntaxError):
        parse(pattern, "sql_like", "e")


def test_case_is_the_databases_own_business() -> None:
    with pytest.raises(UnsupportedPattern, match="the flag i is not supported"):
        parse("a%", "sql_like", "i")
