"""The suggested text keeps every letter that can be kept: letters are folded before any is dropped, and cut last."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.requirement.folding import folded
from fieldline.checker.requirement.repair import repaired
from fieldline.values.regex import parse
from fieldline.values.textset import TextSet


def suggested(pattern: str, text: str) -> str | None:
    return repaired(TextSet.language(parse(pattern).language), text)


@pytest.mark.parametrize(
    ("pattern", "text", "suggestion"),
    [
        ("[A-Za-z]*", "Åsa", "Asa"),
        ("[A-Za-z ]*", "Åsa Weiß", "Asa Weiss"),
        ("[A-Za-zÅå ]*", "Åsa Weiß", "Åsa Weiss"),  # what is accepted stays
        ("[A-Za-z]*", "Ærø", "Aero"),
        ("[A-Za-z]*", "ÆRØ", "AERO"),
        ("[A-Za-z]*", "Þóra", "Thora"),
        ("[A-Za-z ]*", "Đorđe Łuć Œuvre Ħal", "Dorde Luc Oeuvre Hal"),  # no letter that Unicode decomposes
        ("[a-z]*", "ıŋĸð", "inkd"),
        ("[a-z.]*", "Müller.İ", "muller.i"),
        ("[A-Z]*", "straße", "STRASSE"),
        ("[A-Z][a-z]+", "åsa", "Asa"),
        ("[A-Za-z]*", "A\u030asa", "Asa"),
        ("[0-9]*", "٣٤५６", "3456"),
        ("[A-Za-z-]*", "Jean\u2011Luc", "Jean-Luc"),
        ("[A-Za-z']*", "O’Brien", "O'Brien"),
        ("[ -~]*", "“Łódź” – 3…", '"Lodz" - 3...'),
        ("[A-Za-z]*", "Ha\u00adl\u200bli", "Halli"),
        ("[A-Za-z ]{3,9}", "Ada\u00a0 Byron", "Ada Byron"),
        ("[0-9]{2,4}", "12-34", "1234"),  # a sign is dropped rather than digits
        ("[A-Za-z]{1,6}", "Straße", "Strass"),  # and the end is cut rather than a letter dropped from the middle
        ("[A-Za-z]*", "Αθήνα", None),  # nothing of it can be kept
    ],
)
def test_the_suggestion_keeps_the_letters(pattern: str, text: str, suggestion: str | None) -> None:
    assert suggested(pattern, text) == suggestion


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1, max_size=8))
def test_no_latin_letter_is_dropped_where_its_base_letter_is_accepted(text: str) -> None:
    latin = "".join(
        c for c in text if unicodedata.name(c, "").startswith("LATIN") and folded(c).isascii() and folded(c).isalpha()
    )
    suggestion = suggested("[A-Za-z]*", latin)
    assert suggestion == (folded(latin) if latin else None)
    assert len(suggestion or "") >= len(latin)
