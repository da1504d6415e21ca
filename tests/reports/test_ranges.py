"""The range of what fails, and a witness in letters and digits: both beside the witness, in text and in JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from fieldline.checker.diff.diff import diff
from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.policy import rule_estate
from fieldline.reports.json.check import check_json
from fieldline.reports.json.diff import diff_json
from fieldline.reports.text.check import check_text
from fieldline.reports.text.page import Look

TODAY = date(2026, 7, 1)

FLOW = "[{from: entry.e.a, to: b.e.a}]"


def reported(loaded: Any, rule: str) -> dict[str, Any]:  # noqa: ANN401 - an estate
    report = check(loaded)
    content = json.loads(check_json(report, rule_estate(loaded, report.findings, TODAY)))
    return next(finding for finding in content["findings"] if finding["rule"] == rule)


def told(loaded: Any, **asked: bool) -> str:  # noqa: ANN401 - an estate
    report = check(loaded)
    return check_text(report, rule_estate(loaded, report.findings, TODAY), loaded, Look(), **asked)


@pytest.mark.parametrize(
    ("entry", "b", "sentence"),
    [
        ("{a: {type: text, max_length: 100}}", "{a: {type: text, max_length: 35}}", "36 to 100 characters"),
        ("{a: {type: text, one_of: [AA, BB, CC]}}", "{a: {type: text, one_of: [AA]}}", '"BB", "CC"'),
        (
            "{a: {type: text, max_length: 10}}",
            "{a: {type: text, max_bytes: {limit: 12, encoding: utf-8}}}",
            "13 to 40 bytes in utf-8",
        ),
        ("{a: {type: integer, min: 0, max: 500}}", "{a: {type: integer, max: 99}}", "100 to 500"),
        ("{a: {type: date}}", "{a: {type: date, min: 2000-01-01}}", "0001-01-01 to 1999-12-31"),
    ],
)
def test_an_escape_has_the_range_of_what_fails(estate: Any, entry: str, b: str, sentence: str) -> None:  # noqa: ANN401
    loaded = estate(FLOW, entry=entry, b=b)
    assert reported(loaded, "escape")["range"]["sentence"] == sentence
    assert f"fails: {sentence}" in told(loaded)


def test_the_range_of_joined_fields_is_that_of_the_joined_text(estate: Any) -> None:  # noqa: ANN401
    both = "{a: {type: text, max_length: 20}, b: {type: text, max_length: 20}}"
    flows = "[{from: [entry.e.a, entry.e.b], to: c.e.a, via: [{concat: {separator: ' '}}]}]"
    loaded = estate(flows, entry=both, c="{a: {type: text, max_length: 30}}")
    assert reported(loaded, "escape")["range"]["sentence"] == "31 to 41 characters"


def test_beside_a_strange_witness_stands_a_plain_one(estate: Any) -> None:  # noqa: ANN401
    entry = "{a: {type: text, required: true, max_length: 20}}"
    loaded = estate(FLOW, entry=entry, b="{a: {type: text, max_bytes: {limit: 7, encoding: utf-8}}}")
    finding = reported(loaded, "escape")
    assert finding["witness"] == "😀😀"
    assert finding["plain"] == "abcdefgh"
    assert 'in letters and digits: "abcdefgh"' in told(loaded)


def test_a_plain_witness_is_its_own(estate: Any) -> None:  # noqa: ANN401
    loaded = estate(FLOW, entry="{a: {type: text, max_length: 9}}", b="{a: {type: text, max_length: 3}}")
    finding = reported(loaded, "escape")
    assert finding["witness"] == finding["plain"] == "abcd"
    assert "in letters and digits" not in told(loaded)


def test_where_letters_and_digits_never_fail_there_is_no_plain_witness(estate: Any) -> None:  # noqa: ANN401
    loaded = estate(FLOW, entry="{a: {type: text, max_length: 9}}", b="{a: {type: text, encodable: ascii}}")
    assert reported(loaded, "escape")["plain"] is None


def test_room_that_an_entry_does_not_use_is_told_in_the_table_alone(estate: Any) -> None:  # noqa: ANN401
    loaded = estate(FLOW, entry="{a: {type: text, max_length: 20}}", b="{a: {type: text, max_length: 50}}")
    text = told(loaded)
    assert "[over-tight]" not in text
    assert "entry.e.a (21 to 50 characters)" in " ".join(text.split())
    assert "fieldline check --over-tight" in text
    assert "info[over-tight] entry.e.a rejects" in told(loaded, over_tight=True)
    finding = reported(loaded, "over-tight")
    assert (finding["severity"], finding["range"]["low"], finding["range"]["high"]) == ("info", 21, 50)


def half(estate: Any, before: int, after: int) -> dict[str, Any]:  # noqa: ANN401 - an estate
    entry = "{a: {type: text, required: true, max_length: 20}}"
    versions = [estate(FLOW, entry=entry, b=f"{{a: {{type: text, max_length: {n}}}}}") for n in (before, after)]
    found = diff(*versions)
    content = json.loads(diff_json(found, rule_estate(versions[1], found.findings, TODAY)))
    return next(finding for finding in content["findings"] if finding["rule"] == "resolved")


def test_half_a_repair_says_what_is_accepted_now_and_what_still_is_not(estate: Any) -> None:  # noqa: ANN401
    finding = half(estate, 5, 12)
    assert finding["range"]["sentence"] == "6 to 12 characters"
    still = finding["still"]
    assert (still["verdict"], still["witness"], still["binding"]["field"]) == ("refuted", "abcdefghijklm", "b.e.a")
    assert still["range"]["sentence"] == "13 to 20 characters"


def test_a_whole_repair_leaves_nothing(estate: Any) -> None:  # noqa: ANN401
    assert half(estate, 5, 20)["still"] is None
