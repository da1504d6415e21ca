"""Every answer about every example is as its published schema says."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from fieldline.checker.requirement.screen import screen
from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.policy import rule_estate
from fieldline.documents.location import Location
from fieldline.documents.problem import EstateError, Problem
from fieldline.estate.load import Estate, load_estate
from fieldline.reports.export.baseline_yaml import baseline_yaml
from fieldline.reports.json.check import CHECK_DOCUMENT, check_json
from fieldline.reports.json.screen import SCREEN_DOCUMENT, screen_json
from fieldline.reports.json.trace import TRACE_DOCUMENT, trace_json
from fieldline.reports.schemas import SCHEMAS

from ...tracing import answered, traced

if TYPE_CHECKING:
    from fieldline.values.valueset import Value

TODAY = date(2026, 7, 1)
ROOT = Path(__file__).resolve().parents[3]
ESTATES = ["examples/cbsa", "examples/identity", "examples/nordbank", "reports/starter"]


@pytest.fixture(scope="module", params=ESTATES)
def example(request: pytest.FixtureRequest) -> Estate:
    return load_estate(ROOT / request.param)


def valid(schema: Any, document: str) -> Any:  # noqa: ANN401 - JSON may be anything
    content = json.loads(document)
    jsonschema_rs.validate(schema, content)
    return content


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_published_schema_is_one(name: str) -> None:
    jsonschema_rs.meta.validate(SCHEMAS[name]())


def test_a_check_is_as_its_schema_says(example: Estate) -> None:
    report = check(example)
    content = valid(CHECK_DOCUMENT.schema(), check_json(report, rule_estate(example, report.findings, TODAY)))
    assert list(content) == ["version", "judged", "findings", "problems", "today", "summary"]
    assert (content["version"], content["judged"], content["problems"]) == (1, True, [])
    assert len(content["findings"]) == len(report.findings)
    for finding, told in zip(report.findings, content["findings"], strict=True):
        assert told["verdict"] in {"refuted", "unknown"}
        if finding.witness and len(finding.witness) == 1 and None not in finding.witness.values():
            assert not isinstance(told["witness"], dict)
        elif finding.witness is not None:
            assert set(told["witness"]) == {*map(str, finding.witness)}
        if told["binding"]:
            assert told["binding"]["field"].startswith(f"{told['binding']['system']}.{told['binding']['entity']}.")


def test_every_screen_is_as_its_schema_says(example: Estate) -> None:
    entries = [name for name, entity in example.contracts.entities.items() if entity.kind == "entry"]
    assert entries
    for name in entries:
        content = valid(SCREEN_DOCUMENT.schema(), screen_json(screen(example, str(name))))
        assert content["screen"]["entry"] == str(name)
        assert len(content["screen"]["fields"]) == len(example.contracts.entities[name].fields)


def test_traces_are_as_their_schema_says(example: Estate) -> None:
    """At the last field of every entity, of something its type has and of null."""
    samples: dict[str, Value] = {
        "text": "a_Ā b",
        "integer": 12,
        "decimal": 5,
        "boolean": True,
        "date": date(2024, 2, 29),
    }
    for entity in example.contracts.entities.values():
        field = list(entity.fields.values())[-1]
        for value in (samples[field.type], None):
            content = valid(
                TRACE_DOCUMENT.schema(), trace_json(answered(traced(example, str(field.full_name), value), example))
            )
            assert content["trace"]["field"] == str(field.full_name)


def test_problems_stand_where_an_answer_would() -> None:
    with pytest.raises(EstateError) as caught:
        load_estate(ROOT / "examples" / "nowhere")
    problems = [*caught.value.problems, Problem(Location("a.yaml", 3, 4), "no \x1b[0m", "that", "this")]
    checked = valid(CHECK_DOCUMENT.schema(), CHECK_DOCUMENT.write_problems(problems))
    assert (checked["findings"], checked["summary"]) == ([], None)
    assert valid(SCREEN_DOCUMENT.schema(), SCREEN_DOCUMENT.write_problems(problems))["screen"] is None
    assert valid(TRACE_DOCUMENT.schema(), TRACE_DOCUMENT.write_problems(problems))["trace"] is None
    assert checked["problems"][1] == {
        "message": "no \\x1b[0m",
        "location": {"file": "a.yaml", "line": 3, "column": 4},
        "expected": "that",
        "suggestion": "this",
    }


def test_a_witness_that_is_null_is_told_apart_from_none(estate: Any) -> None:  # noqa: ANN401 - see the fixture
    loaded = estate("[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text}}", b="{a: {type: text, required: true}}")
    report = check(loaded)
    (finding,) = json.loads(check_json(report, rule_estate(loaded, report.findings, TODAY)))["findings"]
    assert finding["witness"] == {"entry.e.a": None}


def test_no_policy_changes_what_is_proved(estate: Any) -> None:  # noqa: ANN401 - see the fixture
    """Off, known or waived: the demands and the fields are told as they are."""
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a}, {from: entry.e.c, to: b.e.c, via: [{opaque: a routine}]}]",
        entry="{a: {type: text, max_length: 5}, c: {type: text}}",
        b="{a: {type: text, max_length: 3}, c: {type: text, pattern: '[A-Z]*'}}",
    )
    report = check(loaded)
    (loaded.root / "known.yaml").write_text(baseline_yaml(rule_estate(loaded, report.findings, TODAY).ruled))
    waiver = "waivers: [{rule: escape, entry: entry.e, owner: W, reason: r, expires: 2026-07-01}]"
    told = []
    for policy in ("", "rules: {escape: off}", "baseline: known.yaml", waiver):
        (loaded.root / "fieldline.yaml").write_text(f"estate: test\n{policy}\n")
        judged = load_estate(loaded.root)
        summary = json.loads(check_json(check(judged), rule_estate(judged, report.findings, TODAY)))["summary"]
        counts = summary.pop("findings")
        told.append(summary)
        assert counts["known"] + counts["waived"] + counts["off"] == (len(report.findings) if policy else 0)
        assert counts["undecided"] == (0 if counts["off"] else 1)
    assert all(summary == told[0] for summary in told)
    assert told[0]["demands"]["refuted"] == told[0]["demands"]["unknown"] == 1
