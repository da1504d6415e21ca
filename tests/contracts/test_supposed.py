"""What if: a supposed constraint is the one that a contract with these words would have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from fieldline.contracts.supposed import supposed
from fieldline.documents.names import FieldName
from fieldline.documents.problem import Problems
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.contracts.model import Contracts

TODAY = date(2026, 1, 1)
FIELDS = {
    "t": "{type: text, max_length: 12, pattern: {regex: '[a-z]*', dialect: python, flags: i}}",
    "b": "{type: text, max_bytes: {limit: 12, encoding: cp037, on_violation: truncate}}",
    "o": "{type: text, required: true, one_of: [A, B]}",
    "n": "{type: decimal, precision: 9, scale: 2, min: 0, on_violation: clamp}",
    "d": "{type: date, max: 2030-01-01}",
}


def contracts(folder: Path, **changed: str) -> Contracts:
    (folder / "contracts").mkdir(parents=True)
    (folder / "fieldline.yaml").write_text("estate: a\nlineage: []\n")
    fields = ", ".join(f"{name}: {changed.get(name, text)}" for name, text in FIELDS.items())
    (folder / "contracts" / "s.yaml").write_text(f"system: s\nentities: {{e: {{fields: {{{fields}}}}}}}\n")
    return load_estate(folder, today=TODAY).contracts


@pytest.mark.parametrize(
    ("statement", "field", "written"),
    [
        ("t.max_length=10", "t", "{type: text, max_length: 10, pattern: {regex: '[a-z]*', dialect: python, flags: i}}"),
        ("t.max_length=", "t", "{type: text, pattern: {regex: '[a-z]*', dialect: python, flags: i}}"),
        (
            "t.pattern=[0-9]=",
            "t",
            "{type: text, max_length: 12, pattern: {regex: '[0-9]=', dialect: python, flags: i}}",
        ),
        ("t.pattern={regex: x}", "t", "{type: text, max_length: 12, pattern: x}"),
        ("t.required=true", "t", FIELDS["t"].replace("}}", "}, required: true}")),
        ("b.max_bytes=10", "b", "{type: text, max_bytes: {limit: 10, encoding: cp037, on_violation: truncate}}"),
        ("b.max_bytes={limit: 10, encoding: utf-8}", "b", "{type: text, max_bytes: {limit: 10, encoding: utf-8}}"),
        ("o.one_of=[A, 'B c']", "o", "{type: text, required: true, one_of: [A, 'B c']}"),
        ("o.required=false", "o", "{type: text, one_of: [A, B]}"),
        ("o.required=", "o", "{type: text, one_of: [A, B]}"),
        ("n.scale=3", "n", "{type: decimal, precision: 9, scale: 3, min: 0, on_violation: clamp}"),
        ("n.precision=7", "n", "{type: decimal, precision: 7, scale: 2, min: 0, on_violation: clamp}"),
        ("n.max=5.5", "n", "{type: decimal, precision: 9, scale: 2, min: 0, max: 5.5, on_violation: clamp}"),
        ("d.max=2028-02-29", "d", "{type: date, max: 2028-02-29}"),
        ("d.min={today: -P12Y}", "d", "{type: date, max: 2030-01-01, min: {today: -P12Y}}"),
    ],
)
def test_it_is_the_constraint_of_a_contract_that_says_so(
    tmp_path: Path, statement: str, field: str, written: str
) -> None:
    before, after = contracts(tmp_path / "before"), contracts(tmp_path / "after", **{field: written})
    problems = Problems()
    found = supposed(before, [f"s.e.{statement}"], problems, TODAY)
    assert not problems.all()
    mine, theirs = (each.fields[FieldName("s", "e", field)] for each in (found, after))
    stated = [{(c.name, c.restriction, c.on_violation) for c in each.constraints} for each in (mine, theirs)]
    assert stated[0] == stated[1]
    assert (mine.required, mine.accepts) == (theirs.required, theirs.accepts)


def test_several_are_changed_at_once_and_the_rest_is_the_same_object(tmp_path: Path) -> None:
    before = contracts(tmp_path)
    found = supposed(before, ["s.e.t.max_length=1", "s.e.t.min_length=1", "s.e.d.max=2020-01-01"], Problems(), TODAY)
    name = FieldName("s", "e", "t")
    assert [c.sentence for c in found.fields[name].constraints if "length" in c.name] == [
        "at most 1 character",
        "at least 1 character",
    ]
    assert found.fields[name.entity_name.of("o")] is before.fields[name.entity_name.of("o")]
    assert supposed(before, [], Problems(), TODAY).systems["s"] is before.systems["s"]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("s.e.x.max_length=1", "--what-if:1:1: no contract has the field s.e.x"),
        ("s.e.tt.max_length=1", "--what-if:1:1: no contract has the field s.e.tt | s.e.t?"),
        ("s.e.t.max_lenght=1", "--what-if:1:7: max_lenght is no constraint that can be changed | max_length?"),
        ("s.e.t.type=integer", "--what-if:1:7: type is no constraint that can be changed"),
        ("s.e.t.max_length=-1", "--what-if:1:18: -1 is out of range"),
        ("s.e.t.max_length=abc", "--what-if:1:18: abc is not a whole number"),
        ("s.e.t.min_length=13", "--what-if:1:7: max_length (at most 12 characters) contradicts min_length"),
        ("s.e.t.min=1", "--what-if:1:7: min does not apply to a field of type text"),
        ("s.e.t.pattern=[", "--what-if:1:15: the pattern cannot be read"),
        ("s.e.b.max_bytes={limit: 1", "--what-if:1:"),
        ("s.e.o.required={when: a = 1}", "--what-if:1:16: a condition cannot be supposed"),
        ("s.e.t.max_length", "--what-if:1:1: s.e.t.max_length changes nothing"),
        ("s.e.max_length=1", "--what-if:1:1: s.e.max_length=1 changes nothing"),
        ("", "--what-if:1:1: an empty word changes nothing"),
        ("s.e.t.pattern=a\nb", "--what-if:1:1: "),
    ],
)
def test_a_bad_statement_is_one_problem_with_its_place(tmp_path: Path, statement: str, told: str) -> None:
    problems = Problems()
    supposed(contracts(tmp_path), [statement], problems, TODAY)
    (problem,) = problems.all()
    shown = f"{problem.location}: {problem.message}".replace('"', "") + (
        f" | {problem.suggestion}?" if problem.suggestion else ""
    )
    assert shown.startswith(told)


def test_all_bad_statements_are_reported_together(tmp_path: Path) -> None:
    problems = Problems()
    statements = ["x=1", "s.e.t.max_length=y", "s.e.t.min_length=1", "s.e.t.min_length=2"]
    supposed(contracts(tmp_path), statements, problems, TODAY)
    assert [problem.location.line for problem in problems.all() if problem.location] == [1, 2, 4]
