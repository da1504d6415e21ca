"""What each transform does, by example: the handbook's words, each with a value before and after."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from fieldline.lineage.transform import REJECTED, UNKNOWN, NoValue, Transform, TransformError
from fieldline.lineage.transforms.affix import Pad, Prefix, Suffix
from fieldline.lineage.transforms.arithmetic import Added, Divided, Multiplied, Remainder, RoundedTo, Within
from fieldline.lineage.transforms.case import Fold, Lower, Upper
from fieldline.lineage.transforms.convert import Cast, Reformat
from fieldline.lineage.transforms.cut import Last, Substring, Truncate
from fieldline.lineage.transforms.edit import Keep, Remove, ReplaceCharacters, ReplaceClass, ReplaceWord
from fieldline.lineage.transforms.encode import EncodedIn, Escaped
from fieldline.lineage.transforms.fixed import Default, Identity, OpaqueStep
from fieldline.lineage.transforms.join import Concat
from fieldline.lineage.transforms.lines import Lines
from fieldline.lineage.transforms.lookup import Map
from fieldline.lineage.transforms.moment import RoundedInstant
from fieldline.lineage.transforms.null_if import NullIfAlike
from fieldline.lineage.transforms.part import After, Before, LastPart, Split
from fieldline.lineage.transforms.period import PeriodEnd
from fieldline.lineage.transforms.spaces import CollapseSpaces, Trim
from fieldline.lineage.transforms.title import TitleKnownInPart, TitleWay
from fieldline.lineage.transforms.transliterate import Transliterated
from fieldline.values.charset import Charset
from fieldline.values.valueset import ValueSet

if TYPE_CHECKING:
    from fieldline.values.valueset import Value

DIGITS = Charset.of(("0", "9"))
LAST_MILLISECOND = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
TWELVE = datetime(2024, 5, 1, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        (Identity(), "a", "a"),
        (Identity(), None, None),
        (Trim(), "\u00a0 a b\t\u2003", "a b"),
        (Trim("left"), " a ", "a "),
        (Trim("right", "0"), "0100", "01"),
        (Trim(), "   ", ""),
        (CollapseSpaces(), " a \t\n b  ", " a b "),
        (Upper(), "straße ŉ ǰ", "STRASSE ʼN J̌"),
        (Lower(), "ΑΣ İ", "ας i̇".replace("ς", "σ")),
        (Prefix("FI-"), "1", "FI-1"),
        (Suffix(".old"), "", ".old"),
        (Pad(5, "0", "left"), "42", "00042"),
        (Pad(5), "42", "42   "),
        (Pad(2, "0", "left"), "420", "420"),
        (Default("x"), None, "x"),
        (Default("x"), "", ""),
        (ReplaceWord("aa", "a"), "aaaaa", "aaa"),
        (ReplaceWord("ab", ""), "aabb", "ab"),
        (ReplaceCharacters((("ß", "ss"), ("ä", "ae"))), "äß", "aess"),
        (Remove(Charset.of(" -"), " -"), "a -b", "ab"),
        (ReplaceClass(Charset.of(" -"), "_", "[ -]"), "a -b", "a__b"),
        (ReplaceClass(Charset.of(" -"), "_", "[ -]", runs=True), "a -b ", "a_b_"),
        (LastPart("/"), "/usr/bin/env", "env"),
        (LastPart("/"), "env", "env"),
        (LastPart("aa"), "xaaay", "y"),
        (LastPart("aa"), "aaxa", "xa"),
        (Escaped("html"), '<a href="x">\'&', "&lt;a href=&quot;x&quot;&gt;&#39;&amp;"),
        (Escaped("xml"), "'", "&apos;"),
        (Escaped("json"), 'a"\\\n\x01', 'a\\"\\\\\\n\\u0001'),
        (Escaped("url"), "å b/€~*", "%C3%A5%20b%2F%E2%82%AC~%2A"),
        (Escaped("form"), "å b~*", "%C3%A5+b%7E*"),
        (Fold(), "Straße İ ǅ", "strasse i̇ ǆ"),
        (TitleWay("C"), "o'neil van DER berg", "O'Neil Van Der Berg"),
        (TitleWay("libc"), "åsa x2y", "Åsa X2y"),
        (TitleKnownInPart("icu"), "straße ß", "Straße Ss"),
        (TitleKnownInPart("icu"), "o'neil", UNKNOWN),
        (TitleKnownInPart("python"), "x2y ǆ", "X2Y ǅ"),
        (TitleKnownInPart("letters"), "anna-maria", UNKNOWN),
        (Transliterated("latin"), "Ærø Ström", "Aero Strom"),
        (Transliterated("german"), "Müller Ästhetik", "Mueller Aesthetik"),
        (Transliterated("danish"), "Ålborg", "Aalborg"),
        (Transliterated("icao"), "ÅSTRÖM Łódź", "AASTROEM Lodz"),
        (Transliterated("cyrillic"), "Щедрин", "Shchedrin"),
        (Lines(10, 1), "Anna Maria von Berg", "Anna Maria"),
        (Lines(10, 2), "Anna Maria  von Berg ", "von Berg"),
        (Lines(10, 3), "Anna Maria von Berg", ""),
        (Lines(4, 2), "a Helsinki", "Hels"),
        (Last(3), "abcd", "bcd"),
        (Last(0), "a", ""),
        (Remainder(100), -250, -50),
        (Remainder(2), Decimal("7.5"), Decimal("1.5")),
        (NullIfAlike("-"), "-", None),
        (NullIfAlike("-"), "- ", "- "),
        (NullIfAlike("-"), 5, 5),
        (EncodedIn("latin-1"), "é", "é"),
        (EncodedIn("latin-1"), "€", REJECTED),
        (Added(Decimal("-0.5")), 1, Decimal("0.5")),
        (Added(Decimal(1)), "1", REJECTED),
        (Multiplied(Decimal(100)), Decimal("12.34"), 1234),
        (Divided(100), -250, -2),
        (Divided(100), Decimal("199.9"), 1),
        (RoundedTo(1), Decimal("-1.25"), Decimal("-1.3")),
        (RoundedTo(1, cut=True), Decimal("-1.29"), Decimal("-1.2")),
        (RoundedTo(1), True, REJECTED),
        (Within(Decimal(0), None), -1, REJECTED),
        (PeriodEnd("week"), date(2024, 5, 5), date(2024, 4, 29)),
        (PeriodEnd("quarter"), date(2024, 5, 5), date(2024, 4, 1)),
        (PeriodEnd("month", last=True), date(2024, 2, 5), date(2024, 2, 29)),
        (PeriodEnd("week", last=True), date(9999, 12, 31), REJECTED),
        (PeriodEnd("year"), TWELVE, REJECTED),
        (Keep(DIGITS, "[0-9]"), "+358 40", "35840"),
        (Truncate(3), "abcd", "abc"),
        (Truncate(5, "utf-8"), "äää", "ää"),
        (Truncate(3, "utf16"), "a😀😀", "a😀"),
        (Truncate(0), "a", ""),
        (Substring(2, 2), "abcd", "bc"),
        (Substring(3), "abcd", "cd"),
        (Substring(9, 2), "abcd", ""),
        (Before("@"), "a@b@c", "a"),
        (Before("@"), "abc", "abc"),
        (After("@"), "a@b@c", "b@c"),
        (After("@"), "abc", ""),
        (Split(", ", 1), "Virtanen, Maija, M.", "Virtanen"),
        (Split(", ", 3), "Virtanen, Maija, M.", "M."),
        (Split(", ", 4), "Virtanen, Maija, M.", ""),
        (Map((("M", "1"),)), "M", "1"),
        (Map((("M", "1"),)), "X", REJECTED),
        (Map((("M", "1"),), "keep"), "X", "X"),
        (Map((("M", "1"),), "null"), "X", None),
        (Map((("M", "1"),), "value", "9"), "X", "9"),
        (Map((("M", "1"),)), None, None),
        (Cast("integer"), "007", 7),
        (Cast("integer"), "+7", 7),
        (Cast("integer"), "-0", 0),
        (Cast("integer"), "7.0", REJECTED),
        (Cast("integer"), " 7", REJECTED),
        (Cast("integer"), "٣", REJECTED),
        (Cast("integer"), Decimal("7.0"), 7),
        (Cast("integer"), Decimal("7.5"), REJECTED),
        (Cast("integer"), True, REJECTED),
        (Cast("decimal"), "7.50", Decimal("7.5")),
        (Cast("decimal"), ".5", REJECTED),
        (Cast("decimal"), "1e3", REJECTED),
        (Cast("text"), Decimal("7.50"), "7.5"),
        (Cast("text"), 1000, "1000"),
        (Cast("text"), True, "true"),
        (Cast("text"), date(2024, 5, 1), "2024-05-01"),
        (Cast("text", "%d.%m.%Y"), date(2024, 5, 1), "01.05.2024"),
        (Cast("text"), time(1, 2), REJECTED),
        (Cast("text"), TWELVE, REJECTED),
        (Cast("boolean"), "true", True),
        (Cast("boolean"), "True", REJECTED),
        (Cast("boolean"), 1, REJECTED),
        (Cast("date"), "2024-02-29", date(2024, 2, 29)),
        (Cast("date"), "2023-02-29", REJECTED),
        (Cast("date"), TWELVE, date(2024, 5, 1)),
        (Cast("date", zone="+02:00"), TWELVE, date(2024, 5, 2)),
        (Cast("datetime", zone="+02:00"), date(2024, 5, 1), datetime(2024, 4, 30, 22, tzinfo=UTC)),
        (Cast("datetime"), "2024-05-01", REJECTED),
        (Cast("datetime"), date(1, 1, 1), datetime(1, 1, 1, tzinfo=UTC)),
        (Cast("datetime", zone="+02:00"), date(1, 1, 1), datetime(1, 1, 1, tzinfo=UTC)),
        (Cast("date", zone="+02:00"), datetime(9999, 12, 31, 23, tzinfo=UTC), date(9999, 12, 31)),
        (
            RoundedInstant(0),
            datetime(2024, 5, 1, 12, 0, 0, 500_000, tzinfo=UTC),
            datetime(2024, 5, 1, 12, 0, 1, tzinfo=UTC),
        ),
        (
            RoundedInstant(0, cut=True),
            datetime(1969, 1, 1, 0, 0, 0, 900_000, tzinfo=UTC),
            datetime(1969, 1, 1, tzinfo=UTC),
        ),
        (RoundedInstant(3), datetime(9999, 12, 31, 23, 59, 59, 999_900, tzinfo=UTC), LAST_MILLISECOND),
        (Reformat("%d%m%Y", "%Y-%m-%d"), "01052024", "2024-05-01"),
        (Reformat("%d%m%Y", "%Y-%m-%d"), "31022024", REJECTED),
        (Reformat("%Y-%m-%d", "%y%m%d"), "1924-05-01", "240501"),
        (Reformat("%y%m%d", "%Y-%m-%d", 1950), "490501", "2049-05-01"),
        (Reformat("%y%m%d", "%Y-%m-%d", 1950), "500501", "1950-05-01"),
        (Reformat("%y%m%d", "%Y-%m-%d", 1901), "000229", "2000-02-29"),
        (Reformat("%y%m%d", "%Y-%m-%d", 1801), "000229", REJECTED),  # 1900 was no leap year
        (Reformat("%d%m%Y", "%Y-%m-%d"), date(2024, 5, 1), REJECTED),
        (OpaqueStep("magic"), "a", UNKNOWN),
        (Upper(), None, None),
        (Upper(), 5, REJECTED),
    ],
)
def test_a_step_makes_of_a_value_what_the_handbook_says(step: Transform, before: Value, after: Value | NoValue) -> None:
    found = step.apply(before)
    assert found == after
    assert type(found) is type(after)


@pytest.mark.parametrize(
    ("step", "values", "joined"),
    [
        (Concat(" "), ("a", None, "b"), "a b"),
        (Concat(" ", "empty"), ("a", None, "b"), "a  b"),
        (Concat(" ", "refuse"), ("a", None, "b"), REJECTED),
        (Concat(" "), (None, None), ""),
        (Concat(), ("a", "b"), "ab"),
        (Concat(), ("a", 5), REJECTED),
    ],
)
def test_sources_are_joined_as_the_handbook_says(
    step: Concat, values: tuple[Value, ...], joined: Value | NoValue
) -> None:
    assert step.apply(values) == joined


def test_nobody_can_say_what_becomes_of_a_value_behind_an_opaque_step() -> None:
    from fieldline.values.valueset import ValueSet

    assert not OpaqueStep("magic").exact
    with pytest.raises(TypeError):
        OpaqueStep("magic").preimage(ValueSet.everything())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Pad(3, "ab"),
        lambda: Lines(0, 1),
        lambda: Cast("date", "%y-%m-%d"),
        lambda: Cast("date", "%Y-%m"),
        lambda: Reformat("%y%m%d", "%Y-%m-%d"),
        lambda: Cast("date", "%Y-%m-%d-%d"),
        lambda: Cast("date", zone="Europe/Helsinki"),
        lambda: Cast("date", zone="+24:00"),
        lambda: Reformat("%Y", "%Y-%m-%d"),
    ],
)
def test_options_that_make_no_transform_are_refused(make: object) -> None:
    with pytest.raises(TransformError):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("step", "lost", "whole"),
    [
        (Truncate(3), ["abcd", "   d"], ["abc", "abc   ", "", None]),
        (Truncate(3, "utf-8"), ["éé"], ["é", "é  "]),
        (Substring(1, 2), ["abc"], ["ab", "ab  "]),
        (Substring(2, 1), ["abcd", "a"], [""]),
        (Before("@"), ["a@", "a@b"], ["a", ""]),
        (Before(" "), ["a b", " b"], ["a", "a ", "  "]),
        (After("@"), ["a", "a@b", "@"], [""]),
        (ReplaceWord("a", "b"), ["xa"], ["xb"]),
        (ReplaceWord("a", "a"), [], ["xa"]),
        (ReplaceCharacters((("a", "b"),)), ["xa"], ["xb"]),
        (Remove(Charset.of(" "), " "), ["a b"], ["ab"]),
        (Keep(DIGITS, "[0-9]"), ["1a"], ["12"]),
        (Split("-", 1), ["a-b-c", "a-"], ["a", ""]),
        (Split("-", 2), ["a-b", "a"], [""]),
        (Map((("M", "1"),), "null"), ["X"], ["M", None]),
        (Map((("M", "1"),), "value", "9"), ["X", "9"], ["M", None]),
        (Map((("M", "1"), ("N", "9")), "value", "9"), ["N"], ["M"]),
        (Map((("M", "1"),), "keep"), ["M"], ["X", "1"]),
        (Map((("M", "1"), ("1", "M")), "keep"), [], ["M", "1", "X"]),
        (Map((("M", "1"), ("N", "1"), ("F", "2"))), ["M", "N"], ["F"]),
        (Cast("integer"), [], ["04101", "+1", "-01", "4101", 5]),
        (Cast("decimal"), [], ["04.5", "4.50"]),
        (Cast("date", zone="+02:00"), [TWELVE], ["2024-01-31"]),
        (Upper(), [], ["a", "ß"]),
        (Fold(), [], ["a", "ß"]),
        (Transliterated("german"), ["ä"], ["ae", "é"]),
        (Lines(5, 1), ["ab cdef", "abcdefg"], ["ab", "ab  c", " "]),
        (Lines(5, 2), ["ab cdef"], [""]),
        (Last(2), ["abc"], ["ab"]),
        (Remainder(7), [7, -8], [6, Decimal("-6.5"), None]),
        (NullIfAlike("-"), [], ["-", None]),
        (Trim(), [], [" a "]),
        (Pad(5), [], ["a"]),
        (Default("x"), [None], ["x", "a"]),
        (OpaqueStep("magic"), [], ["a", None]),
    ],
)
def test_what_is_lost_is_told_and_what_is_meant_is_not(step: Transform, lost: list[Value], whole: list[Value]) -> None:
    assert [value for value in lost if value in step.unaltered] == []
    assert [value for value in whole if value not in step.unaltered] == []


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("places", [1, 3])
def test_what_is_rounded_to_few_decimals_may_have_fewer_at_its_end(places: int, *, cut: bool, mirrored: bool) -> None:
    step = RoundedInstant(places, cut, mirrored)
    whole = ValueSet.second_decimals(0)
    before = step.preimage(whole)
    days = [datetime(1, 1, 1), datetime(1969, 12, 31), datetime(1999, 12, 31, 23, 59, 59), datetime(2000, 1, 1)]
    days += [datetime(9999, 12, 31, 23, 59, 59), datetime(2024, 5, 1, 12)]
    fractions = (
        0,
        1,
        499,
        500,
        501,
        49_999,
        50_000,
        50_001,
        949_999,
        950_000,
        950_001,
        999_499,
        999_500,
        999_501,
        999_999,
    )
    for day in days:
        for microsecond in fractions:
            value = day.replace(microsecond=microsecond, tzinfo=UTC)
            assert (value in before) == (step.apply(value) in whole), value


@pytest.mark.parametrize("zone", ["Z", "+02:00", "-11:30"])
def test_every_midnight_is_of_whole_seconds_however_finely_instants_are_told_apart(zone: str) -> None:
    days = Cast("datetime", zone=zone).preimage(RoundedInstant(3).preimage(ValueSet.second_decimals(0)))
    assert [day for day in (date.min, date(1969, 12, 31), date(2024, 2, 29), date.max) if day not in days] == []
