"""The library call: what an application is told of a record."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import fieldline
from fieldline.application.library import LoadedEstate, UnknownFields
from fieldline.checker.requirement.screen import UnknownEntry
from fieldline.documents.names import EntityName
from fieldline.documents.problem import EstateError

from ..properties.estates import estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.application.library import Entry
    from fieldline.documents.local_text import SpokenLanguage

GOOD = {
    "username": "max1",
    "first_name": "Zoe",
    "last_name": "Virtanen",
    "country": "FI",
    "street": "Mannerheimintie 1",
    "postal_code": "00100",
    "city": "Helsinki",
    "iban": "FI2112345600000785",
}


@pytest.fixture(scope="module")
def signup(examples: Path) -> Entry:
    return fieldline.load(examples / "nordbank").entry("web.signup")


def test_a_record_that_everybody_takes_has_no_violation(signup: Entry) -> None:
    assert signup.is_valid(GOOD)
    assert signup.validate(GOOD).violations == ()
    assert signup.validate(GOOD).is_valid


@pytest.mark.parametrize("exponent", ["999999999999999999", "-999999999999999999"])
def test_a_number_that_would_take_an_exabyte_to_write_out_is_rejected(examples: Path, exponent: str) -> None:
    entry = fieldline.load(examples / "nordbank").entry("partner.applications")
    reasons = [v.reason for v in entry.validate({"credit_limit": Decimal(f"1e{exponent}")}).violations]
    assert any(re.match("credit limit (is too large|has too many decimals)", reason) for reason in reasons), reasons


def test_of_many_unknown_fields_ten_are_named(signup: Entry) -> None:
    with pytest.raises(UnknownFields, match=r"and 49,990 more$") as raised:
        signup.validate({f"usrname{n}": "" for n in range(50_000)})
    assert str(raised.value).count("has no field") == 10


def test_a_violation_names_the_system_far_behind_and_mends_the_value(signup: Entry) -> None:
    (violation,) = signup.validate({**GOOD, "username": "Maximilian1234"}).violations
    assert not signup.is_valid({**GOOD, "username": "Maximilian1234"})
    assert violation.fields == ("username",)
    assert violation.binding.sentence == "at most 12 bytes in cp037"
    assert (violation.systems, violation.effect) == (("billing",), "refuse")
    assert str(violation.binding.location) == "contracts/billing.yaml:15:9"
    assert violation.repaired == "Maximilian12"
    assert "Maximilian" not in repr(violation)


def test_fields_that_are_joined_far_behind_fail_together(signup: Entry) -> None:
    (violation,) = signup.validate({**GOOD, "first_name": "Ā"}).violations
    assert violation.fields == ("first_name", "last_name")
    assert violation.repaired is None


def test_what_is_absent_is_null(signup: Entry) -> None:
    told = [v.reason for v in signup.validate({k: v for k, v in GOOD.items() if k != "country"}).violations]
    assert "Country must be filled in." in told


def test_a_field_that_is_none_is_a_mistake_of_the_program(signup: Entry) -> None:
    with pytest.raises(UnknownFields, match=r"web\.signup has no field usrname: did you mean username\?"):
        signup.validate({**GOOD, "usrname": "x"})


def test_an_entry_that_is_none_is_told_with_those_there_are(examples: Path) -> None:
    with pytest.raises(UnknownEntry) as found:
        fieldline.load(examples / "nordbank").entry("web.sign-up")
    assert EntityName("web", "signup") in found.value.entries


def test_an_estate_that_cannot_be_read_is_told_with_all_its_problems(tmp_path: Path) -> None:
    with pytest.raises(EstateError):
        fieldline.load(tmp_path)


TYPED = {
    "amount": {"type": "decimal", "min": 0, "max": 100, "scale": 2},
    "born": {"type": "date"},
    "code": {"type": "text", "pattern": "[A-Z]{2}-[0-9]+", "max_length": 8},
    "flag": {"type": "boolean"},
}


@pytest.fixture(scope="module")
def typed() -> Entry:
    return LoadedEstate(estate({"in": TYPED}, [])).entry("in.e")


@pytest.mark.parametrize(
    ("amount", "valid"),
    [
        (1, True),
        (12.5, True),
        (0.1, True),
        (1e-3, False),
        (float("nan"), False),
        (float("inf"), False),
        (Decimal("1.25"), True),
        (Decimal("1.255"), False),
        (Decimal("NaN"), False),
        ("1", False),
        (True, False),
    ],
)
def test_a_number_is_the_decimal_it_is_written_as(typed: Entry, amount: object, valid: bool) -> None:
    assert typed.validate({"amount": amount}).is_valid is valid


def test_what_a_form_sends_is_read_as_contracts_write_it(typed: Entry) -> None:
    read = typed.typed({"amount": "12.50", "born": "1990-05-17", "code": "AB-1", "flag": "true", "other": "x"})
    assert read == {"amount": Decimal("12.50"), "born": date(1990, 5, 17), "code": "AB-1", "flag": True, "other": "x"}
    unread = typed.typed({"amount": "twelve", "born": "17.5.1990"})
    assert unread == {"amount": "twelve", "born": "17.5.1990"}
    assert [v.fields for v in typed.validate(unread).violations] == [("amount",), ("born",)]


@pytest.mark.parametrize(
    ("given", "mended"),
    [
        ("ab-12", "AB-12"),
        (" AB-1 ", "AB-1"),
        ("äb-12", "AB-12"),
        ("AB-12345678", "AB-12345"),
        ("A\u200bB-1", "AB-1"),
        ("?", None),
        ("", None),
        ("x" * 3_000, None),
    ],
)
def test_the_nearest_accepted_text_is_suggested(typed: Entry, given: str, mended: str | None) -> None:
    violations = typed.validate({"code": given}).violations
    assert violations
    assert {violation.repaired for violation in violations} == {mended}


def test_what_is_not_known_is_told_of_every_record() -> None:
    flows = [{"from": "in.e.f", "to": "db.e.f", "via": [{"opaque": "unknown"}]}]
    entry = LoadedEstate(
        estate({"in": {"f": {"type": "text"}}, "db": {"f": {"type": "text", "max_length": 3}}}, flows)
    ).entry("in.e")
    result = entry.validate({"f": "anything"})
    assert result.is_valid
    assert [doubt.fields for doubt in result.not_known] == [("f",)]
    assert "unknown" in result.not_known[0].reason


def test_a_value_that_comes_only_on_a_condition_is_never_said_to_be_safe() -> None:
    fields = {"name": {"type": "text"}, "number": {"type": "text"}, "kind": {"type": "text"}}
    db = {"name": {"type": "text"}, "number": {"type": "text", "required": True}}
    flows = [{"from": "in.e.name", "to": "db.e.name"}]
    flows += [{"from": "in.e.number", "to": "db.e.number", "when": "in.e.kind = 'COMPANY'"}]
    doubts = LoadedEstate(estate({"in": fields, "db": db}, flows)).entry("in.e").validate({"kind": "PERSON"}).not_known
    assert "filled only on a condition" in next(doubt.reason for doubt in doubts if doubt.fields == ("kind",))


def test_what_is_only_altered_counts_where_that_is_asked_for() -> None:
    flows = [{"from": "in.e.f", "to": "db.e.f"}]
    db = {"f": {"type": "text", "max_length": 3, "on_violation": "truncate"}}
    loaded = LoadedEstate(estate({"in": {"f": {"type": "text"}}, "db": db}, flows))
    assert loaded.entry("in.e").is_valid({"f": "abcd"})
    (violation,) = loaded.entry("in.e", lossless=True).validate({"f": "abcd"}).violations
    assert violation.effect == "alter"
    assert violation.reason == (
        "f is too long: it has 4 characters. Allowed: at most 3 characters. Otherwise the value is changed on its way."
    )


def test_many_threads_ask_one_entry(signup: Entry) -> None:
    records = [{**GOOD, "username": f"user{n}" + "x" * (n % 14)} for n in range(400)]
    alone = [[v.reason for v in signup.validate(record).violations] for record in records]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(lambda r=r: [v.reason for v in signup.validate(r).violations]) for r in records]
            assert [each.result() for each in asked] == alone
    finally:
        sys.setswitchinterval(interval)
    assert any(alone)
    assert not all(alone)


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        (
            "en",
            (
                "User name is too long: it has 14 characters. Allowed: at most 12 characters (A–Z, a–z and digits). "
                "This is required by Billing (mainframe)."
            ),
        ),
        (
            "fi",
            (
                "Käyttäjätunnus on liian pitkä: siinä on 14 merkkiä. Sallittu: enintään 12 merkkiä (kirjaimia A–Z, a–z ja "
                "numeroita). Tätä edellyttää Billing (mainframe)."
            ),
        ),
        (
            "sv",
            (
                "Användarnamn: texten är för lång, den har 14 tecken. Tillåtet: högst 12 tecken (A–Z, a–z och siffror). "
                "Det krävs av Billing (mainframe)."
            ),
        ),
        (
            "nb",
            (
                "Brukernavn: teksten er for lang, den har 14 tegn. Tillatt: maks. 12 tegn (A–Z, a–z og tall). "
                "Dette kreves av Billing (mainframe)."
            ),
        ),
        (
            "nl",
            (
                "Gebruikersnaam is te lang: u hebt 14 tekens ingevuld. Toegestaan: maximaal 12 tekens (A–Z, a–z en "
                "cijfers). Dit is een eis van Billing (mainframe)."
            ),
        ),
    ],
)
def test_reasons_are_told_in_the_readers_language(examples: Path, language: SpokenLanguage, reason: str) -> None:
    entry = fieldline.load(examples / "nordbank", language=language).entry("web.signup")
    (violation,) = entry.validate({**GOOD, "username": "Maximilian1234"}).violations
    assert violation.reason == reason
    assert "Maximilian" not in violation.reason
    english = entry.in_language("en")
    assert english.language == "en"
    assert english.validate({**GOOD, "username": ""}).violations[0].reason == "User name must be filled in."
    assert entry.language == language


def test_a_language_that_there_is_not_is_told_with_those_there_are(examples: Path) -> None:
    with pytest.raises(ValueError, match="no language 'de'; there are en, fi, nb, nl, sv"):
        fieldline.load(examples / "nordbank", language="de")  # type: ignore[arg-type]


def test_the_package_itself_imports_nothing() -> None:
    code = "import sys, fieldline; assert 'fieldline.reports' not in sys.modules; fieldline.load"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        fieldline.laod  # noqa: B018
