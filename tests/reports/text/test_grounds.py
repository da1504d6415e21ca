"""Why a constraint rejects a value, in words for somebody who is no developer."""

from datetime import date

import pytest

from fieldline.contracts.constraint import (
    Constraint,
    Encodable,
    Length,
    Matches,
    NoneOf,
    NotNull,
    OfType,
    OneOf,
    Range,
    Restriction,
)
from fieldline.documents.location import Location
from fieldline.reports.text.grounds import constraint_sentence
from fieldline.values.valueset import Value


def words(obligation: Restriction, value: Value) -> str:
    return constraint_sentence(Constraint("key", obligation, Location("a.yaml", 1, 1)), value)


@pytest.mark.parametrize(
    ("obligation", "value", "told"),
    [
        (Length(None, 12, "bytes", "cp037"), "x" * 13, "it accepts at most 12 bytes in cp037 (this has 13)"),
        (Length(None, 12, "bytes", "cp037"), "Ā", 'it accepts at most 12 bytes in cp037 (cp037 has no "Ā")'),
        (Length(None, 3, "bytes", "utf-8"), "åå", "it accepts at most 3 bytes in utf-8 (this has 4)"),
        (Length(None, 1, "utf16"), "😀", "it accepts at most 1 UTF-16 unit (this has 2)"),
        (Length(2, None, "code points"), "a", "it accepts at least 2 characters (this has 1)"),
        (Encodable("latin-1"), "aĀb😀Ā", 'it holds only the characters of latin-1 (latin-1 has no "Ā" and "😀")'),
        (NotNull(), None, "it must be filled in (this is empty)"),
        (OfType("date"), "x", "it must be of type date (this is no date)"),
        (
            Matches("[A-Z]{2}", "ecma", ""),
            "a-B",
            'it must have the form [A-Z]{2} (this has "a" and "-", which that never has)',
        ),
        (Matches("[A-Z]{2}", "ecma", ""), "A", "it must have the form [A-Z]{2}"),
        (OneOf(("A", "B"), "text"), "C", "it accepts one of A, B"),
        (NoneOf(("root",), "text"), "root", "it must be not root"),
        (Range(1, 5, open=False), 6, "it must be at least 1 and at most 5"),
        (Range(date(2020, 1, 1), None, open=False), date(2019, 1, 1), "it must be 2020-01-01 or later"),
    ],
)
def test_a_demand_in_words(obligation: Restriction, value: Value, told: str) -> None:
    assert words(obligation, value) == told


def test_a_pattern_too_large_to_be_looked_into_is_told_without_its_ground() -> None:
    huge = Matches("(?:a|b)*a(?:a|b){2000}", "ecma", "")
    assert words(huge, "c").startswith("it must have the form (?:a|b)*a(?:a|b){2000}")


def test_a_demand_as_long_as_a_book_is_cut() -> None:
    assert len(words(OneOf(("x" * 9_000,), "text"), "y")) < 250
