"""A check as text: the verdict first, nothing undecided that looks safe, and an end however much was found."""

from datetime import date
from typing import Any

import pytest

from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.policy import rule_estate
from fieldline.reports.text import check as module
from fieldline.reports.text.check import check_headline, check_text
from fieldline.reports.text.page import Look

TODAY = date(2026, 7, 1)
NAME = "{a: {type: text, max_length: %s}}"
FLOW = "[{from: entry.e.a, to: b.e.a}]"


def told(estate: Any, look: Look | None = None) -> list[str]:  # noqa: ANN401 - an estate
    report = check(estate)
    return check_text(report, rule_estate(estate, report.findings, TODAY), estate, look or Look()).splitlines()


def test_a_clean_estate_says_so_and_in_how_many_demands(estate: Any) -> None:  # noqa: ANN401 - see the fixture
    lines = told(estate(FLOW, entry=NAME % 5, b=NAME % 5))
    assert lines == [
        "test: clean. Every value that the entries accept arrives unaltered (2 obligations proved).",
        "",
        "Entry fields, against all systems downstream (2 systems, 2 fields, 1 flow):",
        "  equal    1  entry.e.a",
        "  wider    0",
        "  tighter  0",
        "  unknown  0",
        "Obligations on them: 2 proved, 0 refuted, 0 unknown.",
        "Findings: none.",
    ]


def test_the_whole_of_a_small_escape(estate: Any) -> None:  # noqa: ANN401 - see the fixture
    lines = told(estate(FLOW, entry=NAME % 5, b=NAME % 3))
    assert lines[:11] == [
        "test: 1 error.",
        "",
        "entry.e.a  accepts values that a downstream system rejects or alters",
        "  contracts/entry.yaml:3:38  accepts: text; at most 5 characters",
        "       3 | entities: {e: {kind: entry, fields: {a: {type: text, max_length: 5}}}}",
        "         |                                      ^",
        "",
        '  error[escape] entry.e.a accepts "abcd"; b rejects it (b.e.a: at most 3 characters), 1 hop later',
        "    contracts/b.yaml:3:54  b.e.a: at most 3 characters",
        "         3 | entities: {e: {kind: table, fields: {a: {type: text, max_length: 3}}}}",
        "           |                                                      ^^^^^^^^^^",
    ]


def test_an_estate_without_entries_is_not_called_clean(estate: Any) -> None:  # noqa: ANN401 - see the fixture
    loaded = estate(b=NAME % 3)
    assert told(loaded)[0] == "test: no entity is an entry, so nothing was checked."
    assert "clean" not in "\n".join(told(loaded))


def test_what_is_not_decided_is_said_in_the_first_line_and_in_the_last(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: entry.e.a, to: b.e.a, via: [{opaque: a routine}]}]"
    lines = told(estate(flows, entry=NAME % 5, b="{a: {type: text, pattern: '[A-Z]*'}}"))
    assert "Not decided, so not safe: " in lines[0]
    assert "clean" not in lines[0]
    assert any(line.startswith("  error, not decided[escape] ") for line in lines)
    assert any(line.startswith("  unknown  1  entry.e.a") for line in lines)
    assert not any(line.endswith(" 0 unknown.") for line in lines)


def test_findings_that_concern_no_entry_come_last(estate: Any) -> None:  # noqa: ANN401 - see the fixture
    flows = "[{from: entry.e.a, to: b.e.a}, {from: entry.e.a, to: b.e.nothing}]"
    lines = told(estate(flows, entry=NAME % 5, b=NAME % 3))
    assert lines.index("Without an entry") > lines.index(
        "entry.e.a  accepts values that a downstream system rejects or alters"
    )
    assert any(line.startswith("  error[dangling] a flow to b.e.nothing, which no contract has") for line in lines)


def test_beyond_so_many_findings_the_rest_are_sentences_and_beyond_more_they_are_counted(
    estate: Any,  # noqa: ANN401 - see the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_DETAILED", 2)
    monkeypatch.setattr(module, "_MOST_SHOWN", 4)
    names = "abcdef"
    flows = ", ".join(f"{{from: entry.e.{name}, to: b.e.{name}}}" for name in names)
    fields = {
        limit: "{" + ", ".join(f"{n}: {{type: text, max_length: {limit}}}" for n in names) + "}" for limit in (5, 3)
    }
    lines = told(estate(f"[{flows}]", entry=fields[5], b=fields[3]))
    assert lines[0] == "test: 6 errors."
    assert sum("error[escape]" in line for line in lines) == 4
    assert sum("max_length" in line and " | " in line for line in lines) == 2 * 2 + 2
    assert "2 more findings not shown here. --output-format json holds all of them." in lines


def test_the_headline_is_the_first_line_without_its_layout(estate: Any) -> None:  # noqa: ANN401 - see the fixture
    loaded = estate(FLOW, entry=NAME % 5, b=NAME % 3)
    report = check(loaded)
    headline = check_headline(report, rule_estate(loaded, report.findings, TODAY), loaded)
    assert headline == told(loaded)[0] == "test: 1 error."


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_every_width_tells_the_same_words(estate: Any, width: int) -> None:  # noqa: ANN401 - see the fixture
    loaded = estate(FLOW, entry=NAME % 5, b=NAME % 3)
    lines = told(loaded, Look(width))
    assert max(map(len, lines)) <= width
    sentence = 'entry.e.a accepts "abcd"; b rejects it (b.e.a: at most 3 characters), 1 hop later'
    assert sentence in " ".join(" ".join(lines).split())
