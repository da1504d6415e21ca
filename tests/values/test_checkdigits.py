"""Check digits: what the machines accept is what the formulas of the standards give, on texts of any length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.values.checkdigits import CheckScheme, with_check_digits
from fieldline.values.regex import parse
from fieldline.values.textset import TextSet

from ..properties.strategies import tries

TEXTS = st.one_of(
    st.text("0123456789", max_size=20),
    st.text("0123456789ABZ", max_size=8),
    st.from_regex(r"\A[A-Z]{2}[0-9]{2}[0-9A-Z]{0,8}\Z"),
    st.text(max_size=4),
)
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def luhn(text: str) -> bool:
    digits = [int(c) if c in LETTERS[:10] else None for c in reversed(text)]
    if len(digits) < 2 or None in digits:
        return False
    return sum(sum(map(int, str((1 + i % 2) * digit))) for i, digit in enumerate(digits) if digit is not None) % 10 == 0


def mod97(text: str) -> bool:
    if len(text) < 3 or not set(text) <= set(LETTERS):
        return False
    return int("".join(str(LETTERS.index(c)) for c in text)) % 97 == 1


def iban(text: str) -> bool:
    head = text[:4]
    is_formed = len(text) > 4 and set(head[:2]) <= set(LETTERS[10:]) and set(head[2:]) <= set(LETTERS[:10])
    return is_formed and mod97(text[4:] + head)


FORMULAS = {"luhn": luhn, "mod97": mod97, "iban": iban}


@pytest.mark.parametrize("scheme", FORMULAS)
@tries(60)
@given(text=TEXTS, last=st.text("0123456789", min_size=1, max_size=2))
def test_a_text_is_a_member_exactly_when_its_check_digits_are_right(scheme: CheckScheme, text: str, last: str) -> None:
    for each in (text, text + last):
        assert (each in with_check_digits(scheme)) == FORMULAS[scheme](each)


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("luhn", "4539578763621486"),
        ("mod97", "529900T8BM49AURSDO55"),
        ("iban", "FI2112345600000785"),
        ("iban", "GB82WEST12345698765432"),
        ("iban", "RF18539007547034"),
    ],
)
def test_numbers_of_the_standards_are_right_and_with_another_digit_wrong(scheme: CheckScheme, text: str) -> None:
    right = with_check_digits(scheme)
    assert text in right
    assert [
        place for place in range(4, len(text)) if text[:place] + _next(text[place]) + text[place + 1 :] in right
    ] == []


def _next(character: str) -> str:
    return "0" if character == "9" else chr(ord(character) + 1) if character != "Z" else "A"


@pytest.mark.parametrize(
    ("scheme", "pattern"), [("luhn", "[0-9]{16}"), ("iban", "FI[0-9]{16}"), ("mod97", "[A-Z0-9]{18}[0-9]{2}")]
)
def test_of_a_pattern_a_right_and_a_wrong_text_are_found(scheme: CheckScheme, pattern: str) -> None:
    formed, right = TextSet.language(parse(pattern).language), with_check_digits(scheme)
    found, stray = (formed & right).member(), formed.stray(right)
    assert found is not None
    assert stray is not None
    assert FORMULAS[scheme](found)
    assert stray in formed
    assert not FORMULAS[scheme](stray)
