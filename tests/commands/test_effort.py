"""`--effort`: what is not decided is decided with more work, an unknown names what there was too little of."""

import json
from pathlib import Path
from typing import Any

import pytest

import fieldline as library

from .conftest import Run, write

FIELDS = range(9)
JOINED = {
    "fieldline.yaml": "estate: labels\n",
    "contracts/web.yaml": "system: web\nentities:\n  signup:\n    kind: entry\n    fields:\n"
    + "".join(f"      f{i}: {{type: text, max_length: 3}}\n" for i in FIELDS),
    "contracts/core.yaml": "system: core\nentities: {customer: {fields: {a: {type: text}, b: {type: text}}}}\n",
    "contracts/print.yaml": "system: print\nentities: {label: {fields: {line: {type: text, max_length: 6}}}}\n",
    "lineage/flows.yaml": "flows:\n"
    + "".join(f"  - {{from: web.signup.f{i}, to: core.customer.{end}}}\n" for i in FIELDS for end in "ab")
    + "  - {from: [core.customer.a, core.customer.b], to: print.label.line, via: [concat]}\n",
}
"""Two fields that are joined come from nine each: in 81 ways, of which 64 are followed."""
GAVE_UP = "budget: gave up after 64 joined ways; --effort raises it"

EXPLOSIVE = {
    "fieldline.yaml": "estate: codes\n",
    "contracts/web.yaml": "system: web\nentities:\n  signup:\n    kind: entry\n"
    '    fields: {code: {type: text, pattern: "(a|b)*a(a|b){10}"}}\n',
    "contracts/core.yaml": "system: core\nentities:\n"
    '  customer: {fields: {code: {type: text, pattern: "(a|b)*a((a|b)(a|b)){5}"}}}\n',
    "lineage/flows.yaml": "flows:\n  - {from: web.signup.code, to: core.customer.code}\n",
}
"""Twice the same texts, which to see takes one state for each way to write ten characters, and more."""


@pytest.fixture
def joined(tmp_path: Path) -> Path:
    return write(tmp_path / "joined", JOINED)


def answer(fieldline: Run, *words: str | Path) -> dict[str, Any]:
    result = fieldline(*words, "--output-format", "json")
    assert result.returncode in {0, 1}, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return next((document[name] for name in ("screen", "trace", "validation") if name in document), document)


def unknowns(told: dict[str, Any]) -> list[str]:
    return [finding["reason"] for finding in told["findings"] if finding["verdict"] == "unknown"]


def test_check_decides_with_more_effort_what_it_does_not_by_itself(fieldline: Run, joined: Path) -> None:
    by_itself = unknowns(answer(fieldline, "check", joined))
    assert by_itself
    assert all(GAVE_UP in reason for reason in by_itself)
    assert unknowns(answer(fieldline, "check", joined, "--effort", "1")) == by_itself
    decided = answer(fieldline, "check", joined, "--effort", "2")
    assert not unknowns(decided)
    assert {finding["rule"] for finding in decided["findings"]} == {"unowned"}


@pytest.mark.slow
def test_a_search_through_patterns_goes_on_with_more_effort(fieldline: Run, tmp_path: Path) -> None:
    estate = write(tmp_path / "codes", EXPLOSIVE)
    (reason,) = unknowns(answer(fieldline, "check", estate))
    assert reason.startswith("budget: gave up after ")
    assert reason.endswith(" states; --effort raises it")
    assert not unknowns(answer(fieldline, "check", estate, "--effort", "5"))


def test_diff_decides_with_more_effort(fieldline: Run, joined: Path, tmp_path: Path) -> None:
    shorter = JOINED["contracts/print.yaml"].replace("6", "5")
    after = write(tmp_path / "after", JOINED | {"contracts/print.yaml": shorter})
    assert all(GAVE_UP in reason for reason in unknowns(answer(fieldline, "diff", joined, after)))
    found = answer(fieldline, "diff", joined, after, "--effort", "2")
    assert not unknowns(found)
    assert "newly-refused" in {finding["rule"] for finding in found["findings"] if finding["verdict"] == "refuted"}


def test_screen_decides_with_more_effort(fieldline: Run, joined: Path) -> None:
    by_itself, decided = (answer(fieldline, "screen", "web.signup", joined, *more) for more in ((), ("--effort", "2")))
    undecided = [each for field in by_itself["fields"] for each in field["obligations"] if each["reason"] is not None]
    assert undecided
    assert all(GAVE_UP in each["reason"] for each in undecided)
    assert not [each for field in decided["fields"] for each in field["obligations"] if each["reason"] is not None]
    assert {each["verdict"] for each in decided["together"]} == {"proved"}


def test_a_validator_states_with_more_effort_what_it_cannot_by_itself(fieldline: Run, joined: Path) -> None:
    by_itself, decided = (
        fieldline("screen", "web.signup", joined, "--as", "json-schema", *more) for more in ((), ("--effort", "2"))
    )
    assert GAVE_UP in by_itself.stderr
    assert GAVE_UP not in decided.stderr


def test_trace_finds_with_more_effort_where_a_value_came_from(fieldline: Run, joined: Path) -> None:
    words = ("trace", joined, "--at", "print.label.line", "--value", "abcdef")
    (by_itself,) = answer(fieldline, *words)["roots"]
    (decided,) = answer(fieldline, *words, "--effort", "2")["roots"]
    assert (by_itself["verdict"], decided["verdict"]) == ("unknown", "refuted")
    assert GAVE_UP in by_itself["reason"]


def test_validate_knows_more_with_more_effort(fieldline: Run, joined: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(",".join(f"f{i}" for i in FIELDS) + "\n" + ",".join("a" for _ in FIELDS) + "\n", encoding="utf-8")
    words = ("validate", rows, "--entry", "web.signup", "--estate", joined)
    assert any(GAVE_UP in doubt["reason"] for doubt in answer(fieldline, *words)["not_known"])
    assert not answer(fieldline, *words, "--effort", "2")["not_known"]


def test_a_program_gives_an_effort_when_it_loads_an_estate(joined: Path) -> None:
    record = {f"f{i}": "a" for i in FIELDS}
    by_itself, decided = (library.load(joined, effort=n).entry("web.signup").validate(record) for n in (1, 2))
    assert any(GAVE_UP in doubt.reason for doubt in by_itself.not_known)
    assert not decided.not_known
    with pytest.raises(ValueError, match="from 1 to 100, not 0"):
        library.load(joined, effort=0)


def test_equal_effort_gives_equal_bytes(fieldline: Run, joined: Path) -> None:
    first, again = (fieldline("check", joined, "--effort", "2", PYTHONHASHSEED=seed) for seed in "12")
    assert first.stdout == again.stdout


@pytest.mark.parametrize("effort", ["0", "101", "2.5", "much"])
def test_an_effort_is_a_whole_number_within_bounds(fieldline: Run, joined: Path, effort: str) -> None:
    result = fieldline("check", joined, "--effort", effort)
    assert result.returncode == 2
    assert "--effort" in result.stderr
