"""Patterns that people published, with the verdicts, examples and lengths that they published beside them."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import pytest
import re2

from fieldline.values.language import length
from fieldline.values.regex import parse
from fieldline.values.solve.search import shortest
from fieldline.values.weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fieldline.values.language import Language

pytestmark = pytest.mark.needs_estates

VALIDATORS = ("isMobilePhone", "isPassportNumber", "isPostalCode")
CLEANED_FIRST = {
    ("AT", "P 1630837"),
    ("AT", "P 4366918"),
    ("PL", "AN 3000011"),
    ("PL", "ZS 0000177"),
    ("RU", "012 345321"),
    ("RU", "2 32 636829"),
    ("TR", "U 01048537"),
    ("TR", "U 06764100"),
}
"""Passports that validator.js takes because it removes their blanks first."""

LENGTHS_OF_OTHER_NUMBERS = {("CW", "fixed_line"), ("CW", "mobile"), ("SH", "fixed_line"), ("US", "general_desc")}
"""Published lengths that count what is dialled inside an area, or leave out short numbers that the pattern takes."""


@pytest.fixture(scope="module")
def locale_patterns(shared: Path) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for validator, locale, pattern, flags in json.loads((shared / "estates/patterns/locale_patterns.json").read_text()):
        found.setdefault((validator, locale), []).append((pattern, flags))
    return found


def rows(shared: Path, name: str) -> Iterator[dict[str, str]]:
    with (shared / "estates/patterns" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_validator_js_verdicts_follow_from_the_patterns(
    shared: Path, locale_patterns: dict[tuple[str, str], list[tuple[str, str]]]
) -> None:
    compared = 0
    different: set[tuple[str, str]] = set()
    for case in json.loads((shared / "estates/patterns/cases.json").read_text()):
        match case:
            case {"validator": validator, "args": [str(locale)]} if (validator, locale) in locale_patterns:
                languages = [parse(*_ecma(each)).language for each in locale_patterns[validator, locale]]
            case _:
                continue
        for expected, texts in ((True, case["valid"]), (False, case["invalid"])):
            for text in texts:
                compared += 1
                if any(text in language for language in languages) != expected:
                    different.add((locale, text))
    assert different == CLEANED_FIRST
    assert compared == 3067


def _ecma(pattern: tuple[str, str]) -> tuple[str, str, str]:
    return pattern[0], "ecma", pattern[1]


@pytest.mark.needs_node
def test_validator_js_patterns_mean_what_they_mean_to_node(
    node: Callable[[str, str, list[str]], list[bool] | None],
    locale_patterns: dict[tuple[str, str], list[tuple[str, str]]],
    texts_near: Callable[[Language, int], list[str]],
) -> None:
    for pattern, flags in {each for patterns in locale_patterns.values() for each in patterns}:
        language = parse(pattern, "ecma", flags).language
        texts = texts_near(language, 8)
        theirs = node(pattern, f"u{flags}", texts) or node(pattern, flags, texts)
        assert [text in language for text in texts] == theirs, pattern


def test_postcode_patterns_take_the_published_examples(
    shared: Path, texts_near: Callable[[Language, int], list[str]]
) -> None:
    examples = 0
    for row in rows(shared, "postcodes/google_i18n_zip.csv"):
        language = parse(row["zip_regex"], "python").language
        for example in filter(None, row["zip_examples"].split(",")):
            examples += 1
            assert example in language, row
        match = re.compile(row["zip_regex"]).fullmatch
        for text in texts_near(language, 8):
            assert (text in language) == bool(match(text)), (row["country"], text)
    assert examples == 432


def test_phone_patterns_take_the_published_examples(
    shared: Path, texts_near: Callable[[Language, int], list[str]]
) -> None:
    for row in rows(shared, "phones/libphonenumber.csv"):
        pattern = row["national_pattern"]
        language = parse(pattern, "re2").language
        assert not row["example"] or row["example"] in language, row
        match = re2.compile(pattern).fullmatch
        for text in texts_near(language, 4):
            assert (text in language) == bool(match(text)), (row["region"], text)


def test_phone_patterns_have_the_published_lengths(shared: Path) -> None:
    different = set()
    for row in rows(shared, "phones/libphonenumber.csv"):
        language = parse(row["national_pattern"]).language
        published = {int(n) for n in row["possible_lengths"].split()}
        if any((n in published) != _has_length(language, n) for n in range(1, 18)):
            different.add((row["region"], row["type"]))
    assert different == LENGTHS_OF_OTHER_NUMBERS


def _has_length(language: Language, n: int) -> bool:
    return shortest(language & length(CODE_POINTS, n, n)) is not None
