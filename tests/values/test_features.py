"""Features: every member has each of them; and where none is vague, nothing else has them all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldline.contracts.constraint import Digits, Length, Matches, NoneOf, OfType, OneOf, Range, accepted
from fieldline.values.charset import Charset
from fieldline.values.fault import (
    ForbiddenCharacter,
    LeftOut,
    MissingValue,
    OtherForm,
    OtherType,
    TooLarge,
    TooLong,
    TooManyDecimals,
    TooShort,
    TooSmall,
    Unlisted,
    fault_of,
)
from fieldline.values.features import (
    ExceptValues,
    Feature,
    ListedValues,
    MostDecimals,
    NoValueAtAll,
    OfForm,
    OnlyCharacters,
    TextLength,
    ValueRange,
    WeighedText,
    features,
)
from fieldline.values.numberset import NumberSet
from fieldline.values.trimming import TrimMachine
from fieldline.values.valueset import ValueSet

if TYPE_CHECKING:
    from fieldline.values.fault import ValueFault
    from fieldline.values.valueset import Value

TEXTS = st.text("abAB019 -.éł😀\n", max_size=14) | st.sampled_from(
    ["", "a" * 12, "A" * 13, "é" * 7, "a b", " a", "C-12"]
)
PATTERNS = [
    "[A-Z0-9]*",
    "[ab]{2,5}",
    "[a-z]+-[0-9]+",
    "(a|b)*",
    ".*",
    "[^<>]*",
    "a|bb|",
    "[a-zé]{0,12}",
    "C-[0-9]{2}",
    ".{3,}",
    "[0-9]{2}",
    "(ab|ba){4}",
    "[ab]{7}",
]
RESTRICTIONS = [
    *(Matches(pattern, "ecma", "") for pattern in PATTERNS),
    Length(None, 12, "bytes", "cp037"),
    Length(1, 12, "bytes", "utf-8"),
    Length(2, 5, "utf16"),
    Length(0, 3, "code points"),
    OneOf(("a", "b"), "text"),
    NoneOf(("a", ""), "text"),
]


def has(text: str, feature: Feature) -> bool:
    match feature:
        case OnlyCharacters(charset):
            return all(ord(character) in charset for character in text)
        case TextLength(low, high):
            return low <= len(text) and (high is None or len(text) <= high)
        case ListedValues(values):
            return text in values
        case ExceptValues(values):
            return text not in values
        case NoValueAtAll():
            return False
        case _:
            return True


def is_vague(feature: Feature) -> bool:
    return isinstance(feature, OfForm | WeighedText)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(RESTRICTIONS), min_size=1, max_size=3), TEXTS)
def test_a_text_is_a_member_exactly_if_it_has_every_feature(restrictions: list[Matches], text: str) -> None:
    values = ValueSet.everything()
    for restriction in restrictions:
        values &= accepted(restriction)
    found = features(values, "text")
    if text in values:
        assert all(has(text, feature) for feature in found)
    elif not any(map(is_vague, found)):
        assert not all(has(text, feature) for feature in found)
    for feature in found:
        if isinstance(feature, OfForm):
            assert all(example in values for example in feature.examples)


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        (accepted(Range(1, Decimal("9.5"), open=False)), "decimal", (ValueRange(1, Decimal("9.5")),)),
        (accepted(Range(0, None, open=True)), "decimal", (ValueRange(0, None, low_open=True),)),
        (accepted(Range(0, None, open=True)), "integer", (ValueRange(1, None),)),
        (accepted(Digits(5, 2)), "decimal", (ValueRange(Decimal("-99999.99"), Decimal("99999.99")), MostDecimals(2))),
        (accepted(Digits(None, 0)), "decimal", (MostDecimals(0),)),
        (accepted(OneOf((1, 5, 7), "integer")), "integer", (ListedValues((1, 5, 7)),)),
        (accepted(NoneOf((5,), "integer")), "integer", (ExceptValues((5,)),)),
        (accepted(OneOf((True,), "boolean")), "boolean", (ListedValues((True,)),)),
        (accepted(OfType("boolean")), "boolean", ()),
        (accepted(OfType("date")), "date", ()),
        (ValueSet.nothing(), "date", (NoValueAtAll(),)),
        (accepted(Range(date(2020, 1, 1), None, open=False)), "date", (ValueRange(date(2020, 1, 1), None),)),
        (accepted(Range(None, time(12), open=False)), "time", (ValueRange(None, time(12)),)),
        (
            accepted(Range(datetime(2020, 1, 1, tzinfo=UTC), None, open=False)),
            "datetime",
            (ValueRange(datetime(2020, 1, 1, tzinfo=UTC), None),),
        ),
    ],
)
def test_features_of_other_types(values: ValueSet, kind: str, found: tuple[Feature, ...]) -> None:
    assert features(values, kind) == found


def test_of_texts_that_can_be_described_no_long_list_is_made() -> None:
    (length, characters) = features(accepted(Matches("[0-9]{2}", "ecma", "")), "text")
    assert length == TextLength(2, 2)
    assert isinstance(characters, OnlyCharacters)
    (listed,) = features(accepted(Matches("C-[0-9]{2}", "ecma", "")), "text")
    assert isinstance(listed, ListedValues)
    assert len(listed.values) == 100


def test_numbers_with_a_gap_have_a_form_and_an_example() -> None:
    gap = NumberSet.between(0, 5) | NumberSet.between(10, 15)
    found = features(ValueSet.number(gap), "decimal")
    assert found[0] == ValueRange(0, 15)
    assert isinstance(found[1], OfForm)


def test_blanks_that_a_system_removes_are_not_counted() -> None:
    trim = TrimMachine(Charset.of(" "), left=True, right=True)
    texts = accepted(Matches("[A-Z]{2,9}", "ecma", "")).texts.back(trim)
    (length, characters) = features(ValueSet.text(texts), "text")
    assert length == TextLength(2, 9)
    assert isinstance(characters, OnlyCharacters)
    assert characters.parts.ranges == (("A", "Z"),)


USERNAME = features(accepted(Matches("[A-Za-z0-9]{3,12}", "ecma", "")), "text")
AMOUNT = features(accepted(Range(0, 100, open=False)) & accepted(Digits(None, 2)), "decimal")
OPEN = features(accepted(Range(0, 100, open=True)), "decimal")
DAYS = features(accepted(Range(date(2020, 1, 1), date(2020, 12, 31), open=False)), "date")


@pytest.mark.parametrize(
    ("value", "found", "kind", "fault"),
    [
        (None, USERNAME, "text", MissingValue()),
        (" \t", USERNAME, "text", MissingValue()),
        (12, USERNAME, "text", OtherType("text")),
        ("a" * 13, USERNAME, "text", TooLong(13, 12)),
        ("ab", USERNAME, "text", TooShort(2, 3)),
        ("Åsa" * 9, USERNAME, "text", ForbiddenCharacter("Å")),
        ("abc\n", USERNAME, "text", ForbiddenCharacter("\n")),
        ("C-1", features(accepted(Matches("C-[0-9]{3}", "ecma", "")), "text"), "text", TooShort(3, 5)),
        ("C1-23", features(accepted(Matches("C-[0-9]{3}", "ecma", "")), "text"), "text", OtherForm()),
        ("é" * 7, features(accepted(Length(1, 12, "bytes", "utf-8")), "text"), "text", TooLong(7, 6, counted=True)),
        ("DE", (ListedValues(("FI", "SE")),), "text", Unlisted()),
        ("x", (ExceptValues(("x",)),), "text", LeftOut()),
        (Decimal("100.01"), AMOUNT, "decimal", TooLarge(100)),
        (-1, AMOUNT, "decimal", TooSmall(0)),
        (100, OPEN, "decimal", TooLarge(100)),
        (0, OPEN, "decimal", TooSmall(0)),
        (Decimal("1.255"), AMOUNT, "decimal", TooManyDecimals(2)),
        ("1", AMOUNT, "decimal", OtherType("decimal")),
        (True, AMOUNT, "decimal", OtherType("decimal")),
        (Decimal("1.5"), (), "integer", OtherType("integer")),
        (Decimal("NaN"), (), "integer", OtherType("integer")),
        (date(2021, 1, 1), DAYS, "date", TooLarge(date(2020, 12, 31))),
        (date(2019, 1, 1), DAYS, "date", TooSmall(date(2020, 1, 1))),
        (datetime(2020, 5, 1, tzinfo=UTC), DAYS, "date", OtherType("date")),
        ("x", (NoValueAtAll(),), "text", OtherForm()),
    ],
)
def test_the_fault_of_a_value(value: Value, found: tuple[Feature, ...], kind: str, fault: ValueFault) -> None:
    assert fault_of(value, found, kind) == fault
