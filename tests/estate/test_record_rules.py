"""Rules over records, as files say them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from fieldline.documents.names import EntityName
from fieldline.estate.load import load_estate
from fieldline.estate.record_rules import NO_RECORD_RULES, record_rules_schema

from .written import said, write

DOCS = Path(__file__).parents[2] / "docs"
WEB = "system: web\nentities: {order: {kind: entry, fields: {no: {type: text, same: order number}, city: {type: text}}}}\n"
PHONE = "system: phone\nentities: {order: {kind: entry, fields: {no: {type: text, same: order number}}}}\n"
CRM = "system: crm\nentities: {person: {fields: {city: {type: text, same: town}, name: {type: text}}}}\n"


def _write(root: Path, rules: str, estate: str = "", file: str = "rules/r.yaml") -> Path:
    contracts = {"contracts/web.yaml": WEB, "contracts/phone.yaml": PHONE, "contracts/crm.yaml": CRM}
    return write(root, {"fieldline.yaml": f"estate: x\nlineage: []\n{estate}", **contracts, file: rules})


def test_rules_are_read_from_the_folder_of_that_name(tmp_path: Path) -> None:
    text = "rules:\n- {complete: order number, within: P7D}\n- {channels: [web.order, phone.order], agree: true}\n"
    rules = load_estate(_write(tmp_path, text)).record_rules
    (complete,) = rules.complete
    assert (complete.meaning, complete.within, str(complete.location)) == (
        "order number",
        timedelta(days=7),
        "rules/r.yaml:2:3",
    )
    assert [each.entries for each in rules.agreeing] == [(EntityName("web", "order"), EntityName("phone", "order"))]


def test_fieldline_yaml_names_other_folders_or_none(tmp_path: Path) -> None:
    text = "rules: [{complete: order number}]\n"
    elsewhere = load_estate(_write(tmp_path / "a", text, "record_rules: [demands]\n", "demands/r.yaml"))
    assert len(elsewhere.record_rules.complete) == 1
    assert load_estate(_write(tmp_path / "b", text, "record_rules: []\n")).record_rules == NO_RECORD_RULES
    assert load_estate(_write(tmp_path / "c", text, file="notes/r.yaml")).record_rules == NO_RECORD_RULES


def test_a_folder_that_is_named_must_be_there(tmp_path: Path) -> None:
    root = _write(tmp_path, "rules: []\n", "record_rules: demands\n")
    assert said(root) == ['fieldline.yaml:3:1: the folder "demands" does not exist']


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "{complete: order nomber}",
            (
                '14: no field of a contract is "order nomber" | the words that stand under same, of fields that mean it '
                "| order number?"
            ),
        ),
        (
            "{complete: town}",
            '14: no entry has a field that is "town" | same: town, at the field of an entry where it is typed',
        ),
        (
            "{channels: [web.order, phone.oder], agree: true}",
            (
                '26: channels names "phone.oder", which is an entity of no contract | full names of entries: system.entity'
                " | phone.order?"
            ),
        ),
        (
            "{channels: [web.order, crm.person], agree: true}",
            '26: channels names "crm.person", which is of the kind table | full names of entries: system.entity',
        ),
        ("{channels: [web.order, web.order], agree: true}", '26: "web.order" stands twice in the list | remove it?'),
        (
            "{channels: [web.order, phone.order], agree: false}",
            "47: entries that need not agree are no rule | agree: true",
        ),
        ("{channels: [web.order], agree: true}", "14: a list of 1 | a list, each item text; at least 2"),
        (
            "{channels: [web.order, phone.order]}",
            '4: the key "channels" needs "agree" beside it | agree: true or false',
        ),
        (
            "{within: P7D, channels: [web.order, phone.order], agree: true}",
            '4: the key "within" needs "complete" beside it | complete: text',
        ),
    ],
)
def test_a_rule_that_means_nothing_is_a_problem(tmp_path: Path, rule: str, expected: str) -> None:
    assert said(_write(tmp_path, f"rules:\n- {rule}\n")) == [f"rules/r.yaml:2:{expected}"]


def test_entries_without_a_common_field_would_agree_in_everything(tmp_path: Path) -> None:
    other = "system: other\nentities: {e: {kind: entry, fields: {name: {type: text}}}}\n"
    write(tmp_path, {"contracts/other.yaml": other})
    (problem,) = said(_write(tmp_path, "rules:\n- {channels: [web.order, other.e], agree: true}\n"))
    assert "web.order has no field that means the same as one of the others" in problem


def test_a_meaning_stands_in_one_rule(tmp_path: Path) -> None:
    text = "rules:\n- {complete: order number}\n- {complete: order number, within: P1D}\n"
    assert said(_write(tmp_path, text)) == [
        'rules/r.yaml:3:14: "order number" stands in two rules | remove one of the two?'
    ]


def test_the_handbook_shows_rules_that_the_schema_knows() -> None:
    handbook = (DOCS / "reference" / "record-rules.md").read_text(encoding="utf-8")
    shown = re.findall(r"```yaml rules\n(.*?)```", handbook, re.DOTALL)
    assert len(shown) == 3
    for text in shown:
        jsonschema_rs.validate(record_rules_schema(), yaml.safe_load(text))


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("rules: [{complete: a, within: P7D}, {channels: [a.b, c.d], agree: true}]", True),
        ("rules: [{complete: a, channels: [a.b, c.d], agree: true}]", False),
        ("rules: [{channels: [a.b], agree: true}]", False),
        ("rules: [{complete: a, agree: true}]", False),
    ],
)
def test_the_schema_and_the_reader_agree(text: str, valid: bool) -> None:
    assert jsonschema_rs.is_valid(record_rules_schema(), yaml.safe_load(text)) == valid
