"""JUnit XML: a parser that CI systems are built on reads it, and nothing that is not proved passes."""

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from junitparser import Error, Failure, JUnitXml, Skipped

from fieldline.documents.location import Location
from fieldline.documents.problem import Problem
from fieldline.estate.load import load_estate
from fieldline.reports.ci.junit import junit, junit_problems

from ..conftest import NASTY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldline.estate.load import Estate
    from fieldline.reports.ci.answer import Answer, UnreadEstate


def test_the_whole_of_a_small_escape(estate: "Callable[..., Estate]", answer: "Callable[..., Answer]") -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a}, {from: entry.e.c, to: b.e.c}]",
        entry="{a: {type: text, max_length: 5}, c: {type: text}}",
        b="{a: {type: text, max_length: 3}, c: {type: text}}",
    )
    assert junit(answer(loaded, "estates/one")) == (
        '<?xml version="1.0" encoding="us-ascii"?>\n'
        '<testsuites name="fieldline check" tests="2" failures="1" errors="0" skipped="0">\n'
        '  <testsuite name="entry.e" tests="2" failures="1" errors="0" skipped="0">\n'
        '    <testcase classname="entry.e" name="escape: a at b.e.a max_length" file="estates/one/contracts/entry.yaml"'
        ' line="3">\n'
        '      <failure type="escape" message="entry.e.a accepts &quot;abcd&quot;; b rejects it (b.e.a: at most 3 '
        'characters), 1 hop later">\n'
        "estates/one/contracts/entry.yaml:3:38\n"
        "estates/one/contracts/b.yaml:3:54  b.e.a: at most 3 characters\n"
        'entry.e.a  "abcd"\n'
        'b.e.a  "abcd"\n'
        "ask: T\n"
        "</failure>\n"
        "    </testcase>\n"
        '    <testcase classname="entry.e" name="c" />\n'
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_the_bank_is_read_back_with_its_counts(examples: "Path", answer: "Callable[..., Answer]") -> None:
    told = answer(load_estate(examples / "nordbank"))
    suites = JUnitXml.fromstring(junit(told).encode())
    cases = [case for suite in suites for case in suite]
    failed = [case for case in cases if any(isinstance(result, Failure) for result in case.result)]
    skipped = [case for case in cases if any(isinstance(result, Skipped) for result in case.result)]
    assert (
        len(failed)
        == suites.failures
        == len([r for r in told.ruling.ruled if r.finding.severity.value == "error"])
        == 8
    )
    assert len(skipped) == suites.skipped == 15
    assert {f"{case.classname}.{case.name}" for case in cases if not case.result} == {*map(str, told.passed)}
    assert told.passed


def test_what_is_not_proved_does_not_pass(estate: "Callable[..., Estate]", answer: "Callable[..., Answer]") -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a, via: [{opaque: a routine}]}]",
        entry="{a: {type: text}}",
        b="{a: {type: text, pattern: '[A-Z]*'}}",
    )
    for policy, outcome in (("", Failure), ("fail_on: never\n", Skipped), ("rules: {escape: info}\n", Skipped)):
        (loaded.root / "fieldline.yaml").write_text(f"estate: test\n{policy}")
        cases = [c for suite in JUnitXml.fromstring(junit(answer(load_estate(loaded.root))).encode()) for c in suite]
        assert cases
        assert all(isinstance(case.result[0], outcome) for case in cases)


def test_where_a_rule_is_off_its_fields_do_not_pass(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]"
) -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text, max_length: 5}}", b="{a: {type: text, max_length: 3}}"
    )
    (loaded.root / "fieldline.yaml").write_text("estate: test\nrules: {escape: off}\n")
    assert JUnitXml.fromstring(junit(answer(load_estate(loaded.root))).encode()).tests == 0


def test_xml_holds_what_xml_cannot_hold(
    hostile: "Estate", answer: "Callable[..., Answer]", unread: "Callable[..., UnreadEstate]"
) -> None:
    for text in (junit(answer(hostile)), junit_problems(unread(Problem(Location(NASTY, 1, 1), NASTY, NASTY, NASTY)))):
        assert text.isascii()
        assert all(character >= " " or character == "\n" for character in text)
        tags = {element.tag for element in ET.fromstring(text).iter()}  # noqa: S314 - our own
        assert tags <= {"testsuites", "testsuite", "testcase", "failure", "skipped", "error"}


def test_what_cannot_be_read_is_an_error(unread: "Callable[..., UnreadEstate]") -> None:
    (suite,) = JUnitXml.fromstring(
        junit_problems(unread(Problem(Location("a.yaml", 3, 4), "bad", "that", "this"))).encode()
    )
    (case,) = suite
    assert (case.name, suite.errors) == ("a.yaml:3:4", 1)
    (error,) = case.result
    assert isinstance(error, Error)
    assert (error.message, error.text.split("\n")[1:3]) == ("bad", ["try: this", "expected: that"])
