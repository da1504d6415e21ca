"""Numbers with an exponent are decided, shown and converted without being written out."""

from decimal import Decimal

import pytest

from fieldline.lineage.transform import NoValue
from fieldline.lineage.transforms.convert import Cast
from fieldline.lineage.transforms.number import Rounded
from fieldline.values.notation import MOST_NOTATION, is_number, number_of, plain_notation
from fieldline.values.numberset import NumberSet
from fieldline.values.regex import parse
from fieldline.values.show import show
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet

VAST = [
    Decimal(f"{sign}1e{exponent}") for sign in "+-" for exponent in (999_999_999_999_999_999, -999_999_999_999_999_999)
]
"""Written out, each would take an exabyte: a MemoryError at once."""


@pytest.mark.parametrize("number", VAST)
def test_a_number_too_long_to_write_out_is_in_no_set(number: Decimal) -> None:
    spelled = NumberSet.spelled(TextSet.language(parse("[0-9]*7").language))
    for numbers in (NumberSet.full(), NumberSet.between(-5, 5), NumberSet.scale(2), spelled, ~spelled):
        assert number not in numbers
    assert number not in ValueSet.everything()
    assert not is_number(number)


@pytest.mark.parametrize("number", VAST)
def test_it_is_shown_with_its_exponent_and_no_step_writes_it_out(number: Decimal) -> None:
    assert show(number) == str(number)
    for kind in ("text", "integer", "decimal"):
        assert isinstance(Cast(kind).apply(number), NoValue)
    assert Rounded(2, cut=False).apply(number) in (number, 0)


def test_zero_is_zero_whatever_its_exponent() -> None:
    for zero in (Decimal("0e999999999999999999"), Decimal("-0e-999999999999999999")):
        assert is_number(zero)
        assert zero in NumberSet.between(0, 0)
        assert Cast("text").apply(zero) == "0"
        assert show(zero) == str(zero)


def test_the_longest_numbers_are_members() -> None:
    for number in (Decimal(f"1e{MOST_NOTATION - 1}"), Decimal(f"1e-{MOST_NOTATION}")):
        assert number in NumberSet.full()
        assert len(plain_notation(number)) in {MOST_NOTATION, MOST_NOTATION + 2}
    assert Decimal(f"1e{MOST_NOTATION}") not in NumberSet.full()


def test_a_text_of_many_digits_becomes_a_number_and_is_cut_where_it_is_shown() -> None:
    digits = "1" * 200_000
    number = Cast("integer").apply(digits)
    assert number == Decimal(digits)
    assert number in NumberSet.scale(0)
    assert Cast("text").apply(number) == digits
    assert show(number).endswith("…111111 (200,000 characters)")


def test_whole_numbers_are_ints_where_they_are_not_very_long() -> None:
    assert type(number_of(Decimal("1e3"))) is int
    assert type(number_of(Decimal("1.5"))) is Decimal
    assert type(number_of(Decimal("1e5000"))) is Decimal
