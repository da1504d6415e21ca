"""The pandera face: its failure cases are the rows that our own records reject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.errors
import polars as pl
import pytest

import fieldline
from fieldline.application.library import LoadedEstate

from ..properties.estates import estate

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = {
    "login": {"type": "text", "required": True, "pattern": "[a-z]{3}", "unique": True},
    "kind": {"type": "text"},
    "rest": {"type": "text"},
}
DB = {"name": {"type": "text", "max_length": 5}, "rest": {"type": "text", "max_length": 2}}
FLOWS = [
    {"from": ["in.e.login", "in.e.kind"], "to": "db.e.name", "via": ["concat"]},
    {"from": "in.e.rest", "to": "db.e.rest", "via": ["trim"], "when": "in.e.kind = 'A'"},
]
ROWS = pl.DataFrame(
    {
        "login": ["abc", "abc\n", None, "abc", "xyz", "def"],
        "kind": ["A", None, "A", "B", "BBB", "A"],
        "rest": [" ok ", None, None, "long", "long", "long"],
        "more": [1, 2, 3, 4, 5, 6],
    }
)


def failed(frame: pl.DataFrame) -> set[tuple[str, int]]:
    entry = LoadedEstate(estate({"in": FIELDS, "db": DB}, FLOWS)).entry("in.e")
    with pytest.raises(pandera.errors.SchemaErrors) as found:
        fieldline.pandera_schema(entry).validate(frame, lazy=True)
    cases = found.value.failure_cases
    return {(each["check"], each["index"]) for each in cases.iter_rows(named=True)}


def test_every_failure_case_says_who_demands_it() -> None:
    assert failed(ROWS) == {
        ("login: exactly 3 characters (a–z).", 1),
        ("login must be filled in.", 2),
        ("login is already taken. Choose another one.", 3),
        ("login and kind are too long together. This is required by db.", 4),
        ("rest: at most 2 characters. This is required by db. This applies where kind is A.", 5),
    }


def test_what_is_fine_is_given_back(examples: Path) -> None:
    entry = fieldline.load(examples / "nordbank").entry("partner.applications")
    frame = pl.DataFrame({"username": ["max1"], "name": ["Virtanen, Anna"], "country": ["FI"], "credit_limit": [100]})
    schema = fieldline.pandera_schema(entry)
    assert schema.name == "partner.applications"
    assert schema.validate(frame, lazy=True).equals(frame) is entry.is_valid(frame.row(0, named=True))


def test_a_field_that_must_be_filled_in_needs_its_column() -> None:
    assert ("column_in_dataframe", None) in failed(ROWS.drop("login"))
