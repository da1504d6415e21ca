"""`fieldline screen ENTRY --as`: a validator on standard output, what it leaves out on standard error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

FORMS = [
    "json-schema",
    "json-schema-draft-07",
    "es-module",
    "zod",
    "pydantic",
    "gx",
    "html",
    "sql-postgres",
    "sql-duckdb",
    "sql-sqlite",
]


@pytest.mark.parametrize("form", FORMS)
def test_a_validator_is_written_and_what_it_does_not_hold_is_told(fieldline: Run, examples: Path, form: str) -> None:
    done = fieldline("screen", "web.signup", examples / "nordbank", "--as", form)
    assert done.returncode == 1
    for_people = form in {"es-module", "zod", "pydantic", "html", "json-schema", "json-schema-draft-07"}
    assert ("This is required by Customer register" if for_people else "crm accepts") in done.stdout
    assert f"fieldline: {form} leaves out" in done.stderr
    assert "username: unique" in done.stderr
    if form.startswith("json") or form == "gx":
        json.loads(done.stdout)


def test_a_validator_that_holds_everything_is_clean(fieldline: Run, tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: one\nlineage: []\n")
    contract = "system: in\nentities: {e: {kind: entry, fields: {a: {type: text, max_length: 3}}}}\n"
    (tmp_path / "contracts" / "in.yaml").write_text(contract)
    done = fieldline("screen", "in.e", tmp_path, "--as", "sql-postgres")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith('CHECK ("a" IS NULL OR char_length("a") BETWEEN 0 AND 3);\n')


def test_an_estate_that_cannot_be_read_gives_no_validator(fieldline: Run, tmp_path: Path) -> None:
    done = fieldline("screen", "web.signup", tmp_path, "--as", "html")
    assert done.returncode == 2
    assert "<input" not in done.stdout
