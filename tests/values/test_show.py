"""Values in messages: readable, and unable to do anything to the reader."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.values.show import LONGEST, escape, quote, show

nasty = st.text(
    st.one_of(
        st.characters(), st.sampled_from('\x1b\x07\u202e\u2066\ufeff\x00\x7f\x9b\r\n\t"\\ \xa0\u200b\U000e0041\ud800')
    )
)


@given(nasty)
def test_nothing_that_is_written_controls_a_terminal_or_hides(text: str) -> None:
    for written in (show(text), quote(text), quote(text, 20), escape(text)):
        assert {unicodedata.category(c) for c in written} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()
        assert all(c == " " or not c.isspace() for c in written)


@given(st.text(max_size=LONGEST), st.text(max_size=LONGEST))
def test_two_texts_that_are_not_cut_are_never_shown_alike(first: str, second: str) -> None:
    assert (quote(first) == quote(second)) == (first == second)


@given(nasty)
def test_a_quoted_text_ends_at_its_own_quotes(text: str) -> None:
    shown = quote(text, 10_000)
    assert shown[0] == shown[-1] == '"'
    inner = shown[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inner


@given(st.text(min_size=LONGEST + 1, max_size=300))
def test_a_long_text_is_cut_and_its_length_told(text: str) -> None:
    assert f"({len(text):,} characters)" in show(text)
    assert show(text).startswith('"' + escape(text[: LONGEST - 12], quotes=True))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        ("a b", '"a b"'),
        ("", '""'),
        ('say "hi"\\', '"say \\"hi\\"\\\\"'),
        ("\x1b[31m", '"\\x1b[31m"'),
        ("\u202eabc", '"\\u{202e}abc"'),
        ("é😀", '"é😀"'),
        (12, "12"),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (date(2024, 5, 1), "2024-05-01"),
        (time(9, 30), "09:30:00"),
        (datetime(2024, 5, 1, 12, tzinfo=UTC), "2024-05-01T12:00:00+00:00"),
    ],
)
def test_values_are_shown_as_they_are_written(value: object, shown: str) -> None:
    assert show(value) == shown  # type: ignore[arg-type]
