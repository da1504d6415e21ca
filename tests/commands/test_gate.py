"""Story 4 of support: a letter that is about to go to a good customer whose handler does not know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from fieldline.cli import app
from fieldline.reports.schemas import schema_document

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("polars")

FILES = {
    "fieldline.yaml": "estate: bank\n",
    "contracts/crm.yaml": """\
system: crm
title: Customer register
entities:
  person:
    key: customer_no
    store: {file: person.csv}
    fields: {customer_no: {type: text}, customer_since: {type: date}, handler_told: {type: boolean}, handler: {type: text}}
""",
    "contracts/letters.yaml": """\
system: letters
entities: {dunning: {key: ref, fields: {ref: {type: text}}}}
""",
    "lineage/flows.yaml": "flows: [{from: crm.person.customer_no, to: letters.dunning.ref}]\n",
    "rules/gates.yaml": """\
gates:
  - before: letters.dunning
    for: "crm.person.customer_since < DATE '2020-01-01'"
    needs: "crm.person.handler_told = true"
    hold: PT24H
    tell: crm.person.handler
""",
    "person.csv": """\
customer_no,customer_since,handler_told,handler
W1,2010-01-01,false,Liisa Aalto
W2,2010-01-01,true,Liisa Aalto
W3,2022-01-01,false,Liisa Aalto
W4,2010-01-01,soon,Liisa Aalto
""",
}


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _asked(capsys: pytest.CaptureFixture[str], estate: Path, *words: str) -> tuple[int, str]:
    code = app(["gate", "letters.dunning", str(estate), *words], standalone_mode=False)
    return code, capsys.readouterr().out


def test_the_handler_is_told_before_the_letter_goes(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = _asked(capsys, estate, "--record", "crm.person/W1")
    assert code == 1
    assert text.splitlines() == [
        "Hold letters.dunning for this record.",
        "",
        "hold: it needs crm.person.handler_told = true, and that is not so",
        '  tell "Liisa Aalto" (crm.person.handler)',
        "  ask again after 1 day",
        "  rules/gates.yaml:2:5",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", ["Odota. Toimi: letters.dunning.", "odota: vaadittu ehto ei täyty", "ilmoita:", "1 päivä"]),
        ("sv", ["Vänta med letters.dunning", "vänta: det krävs", "underrätta", "1 dag"]),
        ("nb", ["Vent med letters.dunning", "vent: det kreves", "varsle", "1 dag"]),
        ("nl", ["Wacht met letters.dunning", "wachten: vereist is", "laat het", "1 dag"]),
    ],
)
def test_the_reason_is_in_the_language_that_is_asked_for(
    estate: Path, capsys: pytest.CaptureFixture[str], language: str, said: list[str]
) -> None:
    _, text = _asked(capsys, estate, "--record", "crm.person/W1", "--language", language)
    for words, line in zip(said, [line for line in text.splitlines() if line], strict=False):
        assert words in line
    _, text = _asked(capsys, estate, "--record", "crm.person/W4", "--language", language)
    assert "not known" not in text


@pytest.mark.parametrize(
    ("customer", "code", "first"),
    [
        ("W2", 0, "Go: nothing holds letters.dunning for this record."),
        ("W3", 0, "Go: nothing holds letters.dunning for this record."),
        ("W4", 1, "Hold letters.dunning for this record: it is not known whether it may go ahead."),
        ("W5", 1, "Hold letters.dunning for this record: it is not known whether it may go ahead."),
    ],
)
def test_other_letters_go_and_what_is_not_known_waits(
    estate: Path, capsys: pytest.CaptureFixture[str], customer: str, code: int, first: str
) -> None:
    answer, text = _asked(capsys, estate, "--record", f"crm.person/{customer}")
    assert (answer, text.splitlines()[0]) == (code, first)


def test_a_program_reads_the_answer(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = jsonschema_rs.validator_for(json.loads(schema_document("gate")))
    _, text = _asked(capsys, estate, "--record", "crm.person/W1", "--output-format", "json")
    told = json.loads(text)
    schema.validate(told)
    (gate,) = told["passing"]["gates"]
    assert (told["passing"]["goes"], gate["passage"], gate["tell"], gate["hold"]) == (
        False,
        "hold",
        "Liisa Aalto",
        "P1D",
    )
    code, text = _asked(capsys, estate, "--value", "customer_since=soon", "--output-format", "json")
    schema.validate(json.loads(text))
    assert (code, json.loads(text)["passing"]) == (2, None)


def test_values_may_be_given_instead(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--value", "customer_since=2010-01-01", "--value", "handler_told=true")
    assert _asked(capsys, estate, *given)[0] == 0
    assert _asked(capsys, estate, *given, "--record", "crm.person/W1")[0] == 0, "what is given counts"
