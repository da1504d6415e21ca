"""`--language`: the customer's text, plain words and the reasons of bad rows; what is not there in it is said."""

import json
from pathlib import Path

import polars as pl
import pytest

from .conftest import Run, write

LONG = ["--at", "web.signup.username", "--value", "Maximilian1234"]
WEB = """\
system: web
title: {{en: Sign-up, fi: Rekisteröityminen}}
customer_text: {text}
repair: {{by: web-support, typically: PT90M}}
entities:
  signup:
    kind: entry
    fields:
      username: {{type: text, title: {{fi: Käyttäjätunnus}}}}
"""
BILLING = "system: billing\nentities:\n  customer:\n    fields:\n      name: {type: text, max_length: 12}\n"


@pytest.fixture
def nordbank(examples: Path) -> Path:
    return examples / "nordbank"


def estate(folder: Path, text: str) -> Path:
    return write(
        folder / "estate",
        {
            "fieldline.yaml": "estate: small\n",
            "contracts/web.yaml": WEB.format(text=text),
            "contracts/billing.yaml": BILLING,
            "lineage/flows.yaml": "flows:\n  - {from: web.signup.username, to: billing.customer.name}\n",
        },
    )


def customer_part(printed: str) -> str:
    return " ".join(printed[printed.index("Text for the customer") :].split())


def test_a_customer_is_told_in_her_language_what_to_type(fieldline: Run, nordbank: Path) -> None:
    done = fieldline("trace", nordbank, *LONG, "--language", "fi")
    assert customer_part(done.stdout) == (
        "Text for the customer, in Finnish Käyttäjätunnus: valitse toinen rekisteröitymissivulla. "
        "Sallittu: enintään 12 merkkiä (kirjaimia A–Z, a–z ja numeroita)."
    )
    assert "In plain words\n  Billing (mainframe), User name: enintään 12 merkkiä" in done.stdout


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        (
            "{en: We correct it.}",
            "sv",
            "Text for the customer, in English: the contract has none in Swedish We correct it.",
        ),
        (
            "We correct it.",
            "sv",
            "Text for the customer, as the contract has it: there is none in Swedish We correct it.",
        ),
        ("We correct it.", "en", "Text for the customer We correct it."),
        (
            '{nl: "{field} is te lang: {limit}. Klaar {by_when}."}',
            "nl",
            "Text for the customer, in Dutch Käyttäjätunnus is te lang: maximaal 12 tekens. Klaar binnen 2 uur.",
        ),
        (
            '{fi: "Sallittu: {limit}."}',
            "en",
            "Text for the customer, in Finnish: the contract has none in English Sallittu: enintään 12 merkkiä.",
        ),
    ],
)
def test_a_text_that_is_not_there_in_it_is_said_not_to_be(
    fieldline: Run, tmp_path: Path, text: str, language: str, told: str
) -> None:
    done = fieldline("trace", estate(tmp_path, text), *LONG, "--language", language)
    assert customer_part(done.stdout) == told


def test_a_general_text_stands_in_for_one_that_cannot_be_filled_in(fieldline: Run, tmp_path: Path) -> None:
    folder = estate(tmp_path, '"{limit}"')
    contract = folder / "contracts" / "web.yaml"
    contract.write_text(contract.read_text().replace("username: {type", "other: {type: text}\n      username: {type"))
    flows = "flows:\n  - {from: [web.signup.username, web.signup.other], to: billing.customer.name, via: [concat]}\n"
    (folder / "lineage" / "flows.yaml").write_text(flows)
    done = fieldline("trace", folder, "--at", "billing.customer.name", "--value", "x" * 13, "--language", "nb")
    assert customer_part(done.stdout) == (
        "Text for the customer, in Norwegian (bokmål) Käyttäjätunnus og other: noen av systemene våre kunne ikke ta imot "
        "opplysningen slik den ble skrevet. Vi retter feilen. Det tar vanligvis 2 timer."
    )


def test_json_names_the_language_of_the_text(fieldline: Run, nordbank: Path) -> None:
    done = fieldline("trace", nordbank, *LONG, "--language", "nb", "--output-format", "json")
    told = json.loads(done.stdout)["trace"]
    assert told["customer_language"] == "nb"
    assert told["customer_text"].startswith("Brukernavn: velg noe annet")
    assert told["plain"][0].startswith("Billing (mainframe), User name: maks. 12 tegn")


def test_broken_constraints_and_bad_rows_are_told_in_it(fieldline: Run, nordbank: Path, tmp_path: Path) -> None:
    rows, bad = tmp_path / "rows.csv", tmp_path / "bad.csv"
    rows.write_text(
        "username,first_name,last_name,country,street,postal_code,city,iban\n"
        "maximilian1234,Zoe,Virtanen,FI,Kotikatu 1,00100,Helsinki,FI2112345600000785\n"
    )
    asked = ["validate", rows, "--entry", "web.signup", "--estate", nordbank, "--language", "sv"]
    done = fieldline(*asked, "--quarantine", bad)
    reason = "Användarnamn: högst 12 tecken. Det krävs av Billing (mainframe)."
    assert f"In plain words, in Swedish\n  1: {reason}" in done.stdout
    assert "at most 12 bytes in cp037" in done.stdout
    assert pl.read_csv(bad)["reason"].to_list() == [reason]
    told = json.loads(fieldline(*asked, "--output-format", "json").stdout)["validation"]
    assert (told["plain"], told["language"]) == ([reason], "sv")


def test_a_language_that_there_is_not_is_bad_usage(fieldline: Run, nordbank: Path) -> None:
    done = fieldline("trace", nordbank, *LONG, "--language", "de")
    assert done.returncode == 2
    assert "'en', 'fi', 'nb', 'nl', 'sv'" in done.stderr
