"""The catalogues: every message that the code says, in every language, in every form."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from babel.numbers import format_decimal

from fieldline.documents.local_text import LANGUAGE_NAMES, SpokenLanguage
from fieldline.sentences.phrase import Phrase
from fieldline.sentences.speech import speech

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "sentences" / "catalogues"
TRANSLATED = tuple(language for language in LANGUAGE_NAMES if language != "en")
NUMBERS = (0, 1, 2, 3, 5, 11, 21, 101, 1_000, 1_000_001)


def said() -> dict[str | tuple[str, ...], None]:
    """Every message in the code."""
    found: dict[str | tuple[str, ...], None] = {}
    for room in ("sentences", "application", "reports"):
        for _, _, message, _, _ in extract_from_dir(ROOT / room, keywords={"say": None, "count": (1, 2)}):
            found[message] = None
    return found


SAID = said()


def catalogue(language: str) -> Catalog:
    return read_po(BytesIO((CATALOGUES / f"{language}.po").read_bytes()), locale=language)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_code_says_many_things() -> None:
    assert len(SAID) > 100
    assert any(isinstance(message, tuple) for message in SAID)


def test_every_language_but_english_has_a_catalogue() -> None:
    assert sorted(path.stem for path in CATALOGUES.iterdir()) == sorted(TRANSLATED)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_missing_and_none_is_left_over(language: str) -> None:
    """A new message is put into the catalogues by: make catalogues."""
    assert {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(language)} == set(
        SAID
    )
    assert list(catalogue(language).obsolete) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_fuzzy_and_none_is_empty_in_any_plural_form(language: str) -> None:
    forms = catalogue(language).num_plurals
    for message in messages(language):
        assert not message.fuzzy, message.id
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        assert len(strings) == (1 if isinstance(message.id, str) else forms), message.id
        assert all(text.strip() for text in strings), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_those_of_the_english_message(language: str) -> None:
    for message in messages(language):
        source = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        for text in strings:
            assert placeholders(text) == placeholders(source[-1]), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_sentence_ends_as_the_english_one_does(language: str) -> None:
    for message in messages(language):
        one = message.id if isinstance(message.id, str) else message.id[0]
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(text.endswith(".") == one.endswith(".") for text in strings), one
        assert not any("  " in text or text != text.strip() for text in strings), one


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_every_message_can_be_said_in_every_form(language: SpokenLanguage) -> None:
    spoken = speech(language)
    for message in SAID:
        names = placeholders(message if isinstance(message, str) else message[-1])
        values = {name: Phrase(f"<{name}>") for name in names - {"number"}}
        if isinstance(message, str):
            told = [spoken.say(message, **values)]
        else:
            told = [spoken.count(message[0], message[1], number, **values) for number in NUMBERS]
        for text in told:
            assert all(value in text for value in values.values())
            assert "{" not in text
            assert "}" not in text


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_written_as_the_tools_write_it(language: str) -> None:
    """So that `make catalogues` changes nothing but what is new."""
    written = BytesIO()
    write_po(written, catalogue(language), width=120, omit_header=True)
    body = (CATALOGUES / f"{language}.po").read_text(encoding="utf-8").partition("\n\n")[2]
    assert written.getvalue().decode().strip() == body.strip()


def test_english_is_written_as_babel_writes_it() -> None:
    """English needs no Babel, and may not differ from it."""
    english = speech("en")
    for day in (date(2026, 6, 15), date(1999, 12, 1), date(2000, 2, 29)):
        assert english.day(day) == format_date(day, "long", locale="en_GB")
    for moment in (time(16, 0), time(0, 5), time(9, 30, 7)):
        assert english.clock(moment) == format_time(moment, "medium" if moment.second else "short", locale="en_GB")
    for number in (0, 1, -1, 999, 1_000, 1_234_567, Decimal("0.50"), Decimal("99999.99"), Decimal("-12.5")):
        assert english.number(number) == format_decimal(number, locale="en_GB", decimal_quantization=False)
    for words in ([], ["a"], ["a", "b"], ["a", "b", "c"]):
        phrases = [Phrase(word) for word in words]
        for either, style in ((False, "standard"), (True, "or")):
            assert english.listed(phrases, either=either) == format_list(words, style, "en_GB")


@pytest.mark.parametrize(
    ("language", "day", "clock", "number"),
    [
        ("fi", "15. kesäkuuta 2026", "16.00", "1\xa0234,5"),
        ("sv", "15 juni 2026", "16:00", "1\xa0234,5"),
        ("nb", "15. juni 2026", "16:00", "1\xa0234,5"),
        ("nl", "15 juni 2026", "16:00", "1.234,5"),
        ("en", "15 June 2026", "16:00", "1,234.5"),
    ],
)
def test_dates_and_numbers_are_those_of_the_language(
    language: SpokenLanguage, day: str, clock: str, number: str
) -> None:
    spoken = speech(language)
    assert spoken.day(date(2026, 6, 15)) == day
    assert spoken.clock(time(16, 0)) == clock
    assert spoken.number(Decimal("1234.50")) == number
