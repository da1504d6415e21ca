"""`fieldline diff --what-if` says what `fieldline diff` says of a changed copy, and `screen` of a downstream field."""

import json
from pathlib import Path

import pytest

from fieldline.reports.json.screen import SCREEN_DOCUMENT

from .conftest import Run


def effects(output: str) -> list[tuple[object, ...]]:
    return [
        (f["rule"], f["verdict"], f["entry"], f["message"], json.dumps(f["witness"]), f["cause"])
        for f in json.loads(output)["findings"]
    ]


def test_it_says_what_a_changed_copy_says_and_writes_nothing(fieldline: Run, starter: Path, tmp_path: Path) -> None:
    old = {file: file.read_bytes() for file in starter.rglob("*") if file.is_file()}
    words = ("billing.customer.company.max_length=18", "crm.customer.country.pattern=[A-Z]{2}")
    options = [word for each in words for word in ("--what-if", each)]
    supposed = fieldline("diff", *options, starter, "--output-format", "json")
    assert {file: file.read_bytes() for file in starter.rglob("*") if file.is_file()} == old
    copy = tmp_path / "copy"
    for file, content in old.items():
        target = copy / file.relative_to(starter)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    billing, crm = copy / "contracts" / "billing.yaml", copy / "contracts" / "crm.yaml"
    billing.write_text(billing.read_text().replace("max_length: 20", "max_length: 18"))
    text = crm.read_text()
    at = text.index("country: {type: text") + len("country: {type: text")
    crm.write_text(f"{text[:at]}, pattern: '[A-Z]{{2}}'{text[at:]}")
    changed = fieldline("diff", starter, copy, "--output-format", "json")
    assert effects(supposed.stdout) == effects(changed.stdout) != []
    assert (supposed.returncode, changed.returncode) == (1, 1)


def test_its_text_shows_the_word_as_what_is_now(fieldline: Run, starter: Path) -> None:
    text = fieldline("diff", "--what-if", "billing.customer.company.max_length=18", starter).stdout
    assert "--what-if:1:26  now\n         1 | billing.customer.company.max_length=18" in text


@pytest.mark.parametrize("words", [("a", "b"), ("--base", "HEAD"), (".", "--estate", ".")])
def test_it_names_nothing_but_an_estate_besides(fieldline: Run, starter: Path, words: tuple[str, ...]) -> None:
    done = fieldline("diff", "--what-if", "billing.customer.company.max_length=18", *words, cwd=starter)
    assert done.returncode == 2
    assert "with --what-if there is only one more thing to name" in " ".join(done.stderr.replace("│", " ").split())


def test_all_problems_of_all_statements_come_at_once(fieldline: Run, starter: Path) -> None:
    done = fieldline("diff", "--what-if", "a=1", "--what-if", "billing.customer.compny.max_length=1", starter)
    assert done.returncode == 2
    assert "2 problems to fix" in done.stdout
    assert "try: billing.customer.company" in done.stdout


def test_a_downstream_field_names_the_entries_that_feed_it_and_how_far_it_can_be_tightened(
    fieldline: Run, starter: Path
) -> None:
    done = fieldline("screen", "billing.customer.company", starter)
    assert done.returncode == 0
    assert done.stdout.startswith(
        "billing.customer.company (Name on the invoice): 1 entry feeds it, 1 obligation missing, 0 of 1"
    )
    assert "today it accepts" in done.stdout
    assert "20              nobody notices (proved)\n  19 and tighter  website.signup" in done.stdout


def test_the_json_of_a_downstream_field_keeps_to_its_schema(fieldline: Run, starter: Path) -> None:
    import jsonschema_rs

    document = json.loads(fieldline("screen", "crm.customer.company", starter, "--output-format", "json").stdout)
    jsonschema_rs.validator_for(SCREEN_DOCUMENT.schema()).validate(document)
    (feeder,) = document["field_screen"]["feeders"]
    assert (feeder["entry"], feeder["fields"]) == ("website.signup", ["website.signup.company"])
    (ladder,) = document["field_screen"]["ladders"]
    assert [(rung["first"], rung["last"], len(rung["hit"])) for rung in ladder["rungs"]] == [
        ("60", "20", 0),
        ("19", "0", 1),
    ]
    assert document["screen"] is None


def test_a_field_that_no_contract_has_is_a_problem_with_the_one_that_was_meant(fieldline: Run, starter: Path) -> None:
    done = fieldline("screen", "crm.customer.compny", starter)
    assert done.returncode == 2
    assert "try: crm.customer.company" in done.stdout
