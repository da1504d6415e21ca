"""Sentences for people: faults, restrictions, states, repairs, texts for customers; and the safety of what is inserted."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

from fieldline.contracts.constraint import (
    CheckDigits,
    Constraint,
    Digits,
    Encodable,
    FieldsCheck,
    FilledAlone,
    Length,
    Matches,
    NoneOf,
    NotNull,
    OfType,
    OneOf,
    OpaqueRule,
    Range,
    RequiredWhen,
    Restriction,
    SecondDecimals,
    SignificantDigits,
    StoredAs,
    StoredWay,
)
from fieldline.documents.local_text import LANGUAGE_NAMES, SpokenLanguage
from fieldline.documents.names import FieldName
from fieldline.reports.text.page import Look, Page
from fieldline.sentences.hops import HopFact, HopState, hop_words, state_label
from fieldline.sentences.mails import correcting_mail
from fieldline.sentences.phrase import Phrase, shown
from fieldline.sentences.repairs import asked_team, rounded_time, usual_time, within_time
from fieldline.sentences.restrictions import restriction_words
from fieldline.sentences.speech import speech, value_words
from fieldline.sentences.violations import Circumstance, Complaint, complaint_words, fault_words, taken_words
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
    ValueFault,
)
from fieldline.values.features import ListedValues, OfForm, TextLength
from fieldline.values.valueset import TYPES

FORTY = tuple(f"c{n:02}" for n in range(40))
JARGON = ("byte", "cp037", "utf-", "regex", "null", "[", "\\", "pattern", "code point", "ecma")
FAULTS: tuple[ValueFault, ...] = (
    MissingValue(),
    *(OtherType(kind) for kind in TYPES),
    ForbiddenCharacter("ł"),
    ForbiddenCharacter(" "),
    TooLong(14, 12),
    TooLong(1, 0),
    TooLong(9, 8, counted=True),
    TooShort(1, 3),
    TooShort(2, 3),
    TooLarge(100),
    TooLarge(date(2026, 6, 15)),
    TooSmall(0),
    TooSmall(time(9)),
    TooManyDecimals(2),
    Unlisted(),
    LeftOut(),
    OtherForm(),
)


class Depending:
    """A condition over one field."""

    text = "country = 'FI'"
    fields = (FieldName("a", "e", "country"),)
    counts_from_today = False
    compares_fields = False
    is_deniable = True


RESTRICTIONS: tuple[tuple[Restriction, str], ...] = (
    *((OfType(kind), kind) for kind in ("text", "integer", "decimal", "boolean", "date", "time", "datetime")),  # type: ignore[arg-type]
    (NotNull(), "text"),
    (RequiredWhen(Depending()), "text"),
    (FieldsCheck(Depending()), "text"),
    (FieldsCheck(Depending(), "a rule of credits"), "text"),
    (Length(None, 12, "bytes", "cp037"), "text"),
    (Length(2, 9, "utf16"), "text"),
    (Length(3, None, "code points"), "text"),
    (Encodable("latin-1"), "text"),
    (Matches("C-[0-9]{8}", "ecma", ""), "text"),
    (OneOf(("FI", "SE"), "text"), "text"),
    (OneOf(FORTY, "text"), "text"),
    (NoneOf(("x",), "text"), "text"),
    (Range(0, Decimal("9.5"), open=False), "decimal"),
    (Range(date(2020, 1, 1), None, open=False), "date"),
    (Digits(5, 2), "decimal"),
    (SecondDecimals(0), "datetime"),
    (SecondDecimals(3), "datetime"),
    (SignificantDigits(15, 18), "decimal"),
    (CheckDigits("iban"), "text"),
    (OpaqueRule("CHECK (luhn(x))"), "text"),
    (FilledAlone("now()"), "text"),
    *((StoredAs(way), "text") for way in get_args(StoredWay)),
)


def test_no_kind_of_restriction_is_left_out() -> None:
    assert {type(restriction) for restriction, _ in RESTRICTIONS} == set(get_args(Restriction))


def test_no_kind_of_fault_is_left_out() -> None:
    assert {type(fault) for fault in FAULTS} == set(get_args(ValueFault))


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_every_fault_is_said_in_a_sentence_that_names_the_field(language: SpokenLanguage) -> None:
    told = [fault_words(speech(language), shown("Titel"), fault) for fault in FAULTS]
    assert all(sentence.endswith(".") and "Titel" in sentence for sentence in told)
    assert not any(word in sentence.lower() for sentence in told for word in JARGON)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("about", RESTRICTIONS, ids=lambda about: str(about[0])[:40])
def test_every_restriction_is_said_without_bytes_and_patterns(
    language: SpokenLanguage, about: tuple[Restriction, str]
) -> None:
    restriction, kind = about
    words = restriction_words(speech(language), restriction, kind, lambda name: f"title of {name.field}")
    assert words
    assert not any(word in words.lower() for word in JARGON)


@pytest.mark.parametrize(
    ("restriction", "kind", "words"),
    [
        (Length(None, 12, "bytes", "cp037"), "text", "at most 12 characters, no characters such as ł, č, ş or ž"),
        (Length(2, 12, "bytes", "utf-8"), "text", "at most 12 characters, some characters, such as é, take more room"),
        (Range(0, Decimal("99999.99"), open=False), "decimal", "from 0 to 99,999.99"),
        (Range(None, date(2026, 6, 15), open=False), "date", "15 June 2026 or earlier"),
        (Range(Decimal(0), None, open=True), "decimal", "more than 0"),
        (
            OneOf(FORTY, "text"),
            "text",
            "one of 40 values, for instance c00, c01, c02, c03 or c04",
        ),
        (FieldsCheck(Depending()), "text", "Country must fit together"),
        (RequiredWhen(Depending()), "text", "must be filled in, depending on Country"),
        (OpaqueRule("CHECK (luhn(x))"), "text", "a rule of the system's own, which is not known exactly"),
    ],
)
def test_restrictions_in_english(restriction: Restriction, kind: str, words: str) -> None:
    assert restriction_words(speech("en"), restriction, kind, lambda name: name.field.title()) == words


# ------------------------------------------------------------------------------------------------------- violations


def complaint(**different: Any) -> Complaint:  # noqa: ANN401 - the attributes of a complaint
    usual: dict[str, Any] = {
        "titles": ("Postal code",),
        "fault": TooLong(7, 5),
        "allowed": (TextLength(5, 5),),
        "kind": "text",
        "system": "Billing",
        "alters": False,
        "circumstances": (),
    }
    return Complaint(**{**usual, **different})


@pytest.mark.parametrize(
    ("different", "words"),
    [
        (
            {},
            "Postal code is too long: it has 7 characters. Allowed: exactly 5 characters. This is required by Billing.",
        ),
        ({"system": None}, "Postal code is too long: it has 7 characters. Allowed: exactly 5 characters."),
        ({"fault": MissingValue(), "system": None}, "Postal code must be filled in."),
        ({"fault": None, "system": None}, "Postal code: exactly 5 characters."),
        ({"fault": None, "allowed": None, "system": None}, "Postal code is not accepted."),
        (
            {"alters": True, "allowed": None},
            "Postal code is too long: it has 7 characters. Otherwise Billing changes the value.",
        ),
        (
            {"alters": True, "allowed": None, "system": None},
            "Postal code is too long: it has 7 characters. Otherwise the value is changed on its way.",
        ),
        (
            {"titles": ("First name", "Last name"), "fault": None, "allowed": None},
            "First name and Last name are not accepted together. This is required by Billing.",
        ),
        (
            {"titles": ("First name", "Last name"), "fault": None, "allowed": None, "too_long": True, "system": None},
            "First name and Last name are too long together.",
        ),
        (
            {"fault": MissingValue(), "system": None, "circumstances": (Circumstance("Country", ("FI", "SE")),)},
            "Postal code must be filled in. This applies where Country is FI or SE.",
        ),
        (
            {"fault": MissingValue(), "system": None, "circumstances": (Circumstance("Country", None),)},
            "Postal code must be filled in. This depends on Country.",
        ),
        (
            {"fault": OtherForm(), "allowed": (OfForm(("AB-1",)),), "system": None},
            "Postal code does not have the right form. Allowed: in a certain form, for instance AB-1.",
        ),
        (
            {"fault": Unlisted(), "allowed": (ListedValues(("", "FI")),), "system": None},
            "Postal code is not one of the allowed values. Allowed: one of (empty) or FI.",
        ),
    ],
)
def test_a_complaint_in_english(different: dict[str, Any], words: str) -> None:
    assert complaint_words(speech("en"), complaint(**different)) == words


def test_a_value_that_is_taken() -> None:
    assert taken_words(speech("en"), "User name", ()) == "User name is already taken. Choose another one."
    assert taken_words(speech("sv"), "Användarnamn", ("Faktureringen",)) == (
        "Användarnamn används redan i Faktureringen. Välj något annat."
    )


# ------------------------------------------------------------------------------------------------ states and repairs


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("state", get_args(HopState))
def test_every_state_has_a_label_and_a_sentence(language: SpokenLanguage, state: HopState) -> None:
    spoken = speech(language)
    assert state_label(spoken, state)
    facts = [HopFact(state, "Systemet")]
    if state == "not yet due":
        facts.append(HopFact(state, "Systemet", due=datetime(2026, 6, 15, 16, tzinfo=UTC)))
    if state == "overdue":
        facts += [HopFact(state, "Systemet", late=timedelta(minutes=m)) for m in (1, 2, 60, 120, 1440, 2880)]
    told = [hop_words(spoken, fact) for fact in facts]
    assert all(sentence.endswith(".") and sentence.startswith("Systemet") for sentence in told)
    assert len(set(told)) == len(told)


def test_labels_of_different_states_differ() -> None:
    for language in LANGUAGE_NAMES:
        labels = [state_label(speech(language), state) for state in get_args(HopState)]
        assert len(set(labels)) == len(labels), language


def test_a_store_that_does_not_answer_is_not_blamed() -> None:
    fact = HopFact("not reachable", "Loans")
    assert hop_words(speech("en"), fact) == "Loans isn't responding. We don't yet know if anything's wrong there."
    assert hop_words(speech("fi"), fact) == "Loans ei vastaa. Emme vielä tiedä, onko siellä virhettä."


@pytest.mark.parametrize(
    ("length", "rounded"),
    [
        (timedelta(0), ("minutes", 1)),
        (timedelta(seconds=61), ("minutes", 2)),
        (timedelta(minutes=59), ("minutes", 59)),
        (timedelta(hours=1), ("hours", 1)),
        (timedelta(minutes=90), ("hours", 2)),
        (timedelta(hours=23, minutes=1), ("hours", 24)),
        (timedelta(days=1), ("days", 1)),
        (timedelta(hours=25), ("days", 2)),
        (timedelta(days=45), ("days", 45)),
    ],
)
def test_a_time_is_rounded_up(length: timedelta, rounded: tuple[str, int]) -> None:
    assert rounded_time(length) == rounded


@pytest.mark.parametrize(
    ("language", "one", "four", "working", "within"),
    [
        ("en", "1 hour", "4 hours", "It usually takes 4 working hours.", "within 3 days"),
        ("fi", "1 tunnin", "4 tuntia", "Se vie yleensä 4 työtuntia.", "3 päivän kuluessa"),
        ("sv", "1 timme", "4 timmar", "Det brukar ta 4 arbetstimmar.", "inom 3 dagar"),
        ("nb", "1 time", "4 timer", "Det tar vanligvis 4 arbeidstimer.", "innen 3 dager"),
        ("nl", "1 uur", "4 uur", "Dat duurt meestal 4 werkuren.", "binnen 3 dagen"),
    ],
)
def test_the_usual_time_of_a_repair(language: SpokenLanguage, one: str, four: str, working: str, within: str) -> None:
    spoken, hour = speech(language), timedelta(hours=1)
    assert usual_time(spoken, hour).endswith(f" {one}.")
    assert usual_time(spoken, 4 * hour).endswith(f" {four}.")
    assert usual_time(spoken, 4 * hour, working=True) == working
    assert within_time(spoken, timedelta(days=3)) == within
    for length in (timedelta(minutes=5), timedelta(days=2)):
        assert usual_time(spoken, length).endswith(".")
        assert usual_time(spoken, length, working=True).endswith(".")
        assert within_time(spoken, length)
    assert "Web team" in asked_team(spoken, "Web team")


# ------------------------------------------------------------------------------------------------------------ safety

HOSTILE = "\u202e\u2067<b>\x1b[31m{field}\u200b\n"
HEBREW = "\u05e9\u05dd (1)"


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_what_is_inserted_can_neither_hide_nor_fill_in(language: SpokenLanguage) -> None:
    words = complaint_words(speech(language), complaint(titles=(HOSTILE,), system=HOSTILE))
    assert words.isprintable()
    assert not {"Cc", "Cf"} & {unicodedata.category(character) for character in words}
    assert words.count("{field}") == 2


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_writing_from_right_to_left_stands_between_isolates(language: SpokenLanguage) -> None:
    words = complaint_words(speech(language), complaint(titles=(HEBREW,), system=HEBREW))
    assert words.count(f"\u2068{HEBREW}\u2069") == 2
    assert words.count("\u2068") == words.count("\u2069") == 2


def test_isolates_of_data_do_not_end_ours() -> None:
    assert shown(f"{HEBREW}\u2069\u2069") == f"\u2068{HEBREW}\\u{{2069}}\\u{{2069}}\u2069"


def test_a_terminal_gets_the_isolates_and_no_control() -> None:
    page = Page(Look())
    page.sentence(complaint_words(speech("en"), complaint(titles=(HEBREW,), system="\x1b[31m")))
    text = page.render()
    assert f"\u2068{HEBREW}\u2069" in text
    assert "\x1b" not in text


def test_long_data_is_cut() -> None:
    assert len(shown("x" * 5_000)) == 120


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "(tyhjä)"),
        ("", "(tyhjä)"),
        (True, "kyllä"),
        (False, "ei"),
        (1234, "1\xa0234"),
        (Decimal("0.5"), "0,5"),
        (date(2026, 6, 15), "15. kesäkuuta 2026"),
        (time(16, 0), "16.00"),
        (datetime(2026, 6, 15, 16, tzinfo=UTC), "15. kesäkuuta 2026 klo 16.00 UTC"),
    ],
)
def test_values_in_finnish(value: object, words: str) -> None:
    assert value_words(speech("fi"), value) == words  # type: ignore[arg-type]


def test_a_constraint_keeps_its_words_for_experts() -> None:
    assert Constraint("max_bytes", Length(None, 12, "bytes", "cp037"), None).sentence == "at most 12 bytes in cp037"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "subject", "end"),
    [
        ("fi", "Pankki: korjaamme tietosi", "Ystävällisin terveisin\nPankki"),
        ("sv", "Pankki: vi rättar dina uppgifter", "Vänliga hälsningar\nPankki"),
        ("nb", "Pankki: vi retter opplysningene dine", "Vennlig hilsen\nPankki"),
        ("nl", "Pankki: wij herstellen uw gegevens", "Met vriendelijke groet\nPankki"),
        ("en", "Pankki: we are correcting your details", "Kind regards\nPankki"),
    ],
)
def test_a_customer_is_written_to_in_her_language(language: SpokenLanguage, subject: str, end: str) -> None:
    said = Phrase("Said.")
    mail = correcting_mail(speech(language), Phrase("Pankki"), said, Phrase("12.6."), Phrase("7"))
    assert mail.subject == subject
    assert mail.body.endswith(end)
    greeting, first, when, number, _ = mail.body.split("\n\n")
    assert first == said
    assert ("12.6." in when, "7" in number, bool(greeting)) == (True, True, True)
