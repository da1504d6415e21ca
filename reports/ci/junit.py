"""Findings as JUnit XML, which every CI system reads: one suite an entry, one case a finding.

Findings that make the run fail are failures. Findings that are waived, known, or below the threshold are skipped, with the
reason: they are never shown as passed. Fields without a finding pass. Problems of the input are errors.

The form is the one of Ant's and Jenkins' `junit-10.xsd`, and the file is ASCII: it reads the same in any encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ...checker.messages import brief
from ...values.show import escape
from ..phrases import cell, waiver_words

if TYPE_CHECKING:
    from ...checker.verdict.policy import Ruled
    from .answer import Answer, UnreadEstate

_ELSEWHERE = "estate"
"""The suite of findings that concern no entry."""
_LONGEST = 2_000


def junit(answer: Answer) -> str:
    """The findings of a command."""
    suites: dict[str, list[ET.Element]] = {}
    for ruled in answer.ruling.ruled:
        name = str(ruled.finding.entry or _ELSEWHERE)
        suites.setdefault(name, []).append(_case(answer, ruled, name))
    for field in answer.passed:
        name = str(field.entity_name)
        suites.setdefault(name, []).append(_element("testcase", classname=name, name=field.field))
    return _document(answer.command, suites)


def junit_problems(unread: UnreadEstate) -> str:
    """The problems of the input, each an error."""
    cases = []
    for problem in unread.problems:
        place = f":{problem.location.line}:{problem.location.column}" if problem.location else ""
        case = _element("testcase", classname=_ELSEWHERE, name=f"{unread.path(problem)}{place}")
        error = _element("error", type="problem", message=problem.message)
        error.text = _text(
            *([f"try: {problem.suggestion}"] if problem.suggestion else []),
            *([f"expected: {problem.expected}"] if problem.expected else []),
        )
        case.append(error)
        cases.append(case)
    return _document(unread.command, {_ELSEWHERE: cases})


def _case(answer: Answer, ruled: Ruled, suite: str) -> ET.Element:
    finding = ruled.finding
    fields = " + ".join(name.field for name in finding.fields) or brief(finding.message, 100)
    at = f" at {finding.binding.field} {finding.binding.constraint}" if finding.binding else ""
    place = answer.place(finding)
    case = _element(
        "testcase",
        classname=suite,
        name=f"{finding.rule}: {fields}{at}",
        file=answer.path(place),
        line=str(place.line),
    )
    if answer.ruling.is_failing(ruled):
        outcome = _element("failure", type=finding.rule, message=brief(finding.message, _LONGEST))
        outcome.text = _text(*_details(answer, ruled))
    else:
        outcome = _element("skipped", message=brief(f"{_why(ruled)}: {finding.message}", _LONGEST))
    case.append(outcome)
    return case


def _why(ruled: Ruled) -> str:
    """The reason why a finding is no failure."""
    if ruled.waiver is not None:
        return waiver_words(ruled.waiver)
    if ruled.state == "known":
        return "known"
    return f"{ruled.finding.severity.value}{', not decided' if ruled.finding.verdict == 'unknown' else ''}"


def _details(answer: Answer, ruled: Ruled) -> list[str]:
    finding = ruled.finding
    place = answer.place(finding)
    lines = [f"{answer.path(place)}:{place.line}:{place.column}"]
    if finding.binding is not None:
        at, sentence = finding.binding.location, brief(finding.binding.sentence, 400)
        lines.append(f"{answer.path(at)}:{at.line}:{at.column}  {finding.binding.field}: {sentence}")
    for hop in finding.hops:
        done = f"  ({brief(hop.transform, 400)})" if hop.transform else ""
        lines.append(f"{hop.field}  {cell(hop.value)}{done}")
    owner = answer.owner(ruled)
    return [*lines, f"ask: {brief(owner)}"] if owner else lines


def _document(command: str, suites: dict[str, list[ET.Element]]) -> str:
    root = _element(
        "testsuites", name=f"fieldline {command}", **_counts([c for cases in suites.values() for c in cases])
    )
    for name, cases in sorted(suites.items()):
        suite = _element("testsuite", name=name, **_counts(cases))
        suite.extend(cases)
        root.append(suite)
    ET.indent(root)
    return (
        f'<?xml version="1.0" encoding="us-ascii"?>\n{ET.tostring(root, "us-ascii", xml_declaration=False).decode()}\n'
    )


def _counts(cases: list[ET.Element]) -> dict[str, str]:
    def having(tag: str) -> str:
        return str(sum(case.find(tag) is not None for case in cases))

    return {
        "tests": str(len(cases)),
        "failures": having("failure"),
        "errors": having("error"),
        "skipped": having("skipped"),
    }


def _element(tag: str, **attributes: str) -> ET.Element:
    """An element. XML 1.0 cannot hold most control characters, not even escaped: they are written as escapes."""
    return ET.Element(tag, {name: escape(value) for name, value in attributes.items()})


def _text(*lines: str) -> str:
    return "".join(f"\n{escape(line)}" for line in lines) + "\n"
