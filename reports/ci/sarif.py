"""Findings as SARIF 2.1.0, the interchange format of static analysis (OASIS), for code scanning and for editors.

A result has the entry's field as its place, the constraint it fails at as a related one, and the witness's journey from
the entry to the rejecting system as its code flow: each hop with the value there, at the place of its field's contract.
The findings of one cause are one result, with a code flow each.
Files are relative to the repository, `%SRCROOT%`. Waived and known findings are suppressed, and stay in the document.

Messages follow §3.11 of the standard: braces are doubled, and what looks like a link gets a blank.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encoded

from ... import __version__
from ...checker.messages import brief
from ...checker.verdict.grouped import grouped
from ...checker.verdict.rulebook import ALL_RULES
from ...values.show import escape
from ..json.form import document
from ..phrases import cell, waiver_words
from ..text.rule import rule_markdown
from .answer import in_repository

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.finding import Finding, Hop
    from ...checker.rule import Rule
    from ...checker.verdict.grouped import FindingGroup
    from ...checker.verdict.policy import Ruled
    from ...documents.location import Location
    from ...documents.names import FieldName
    from ..json.form import Json
    from .answer import Answer, UnreadEstate

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_LONGEST = 4_000
_MOST_FLOWS = 100
"""Journeys of one result, the shortest ones."""
_LINK = re.compile(r"(\[[^\[\]]*\])(\([^()\s]*\))")
"""A link in a plain text (§3.11.6)."""
_PROBLEM = "problem"
"""The rule of problems of the input."""


def sarif(answer: Answer) -> str:
    """The findings of a command."""
    rules = [rule for rule in ALL_RULES if any(ruled.finding.rule == rule.name for ruled in answer.ruling.ruled)]
    places = {rule.name: number for number, rule in enumerate(rules)}
    results = [_result(answer, group, places[group.finding.rule]) for group in grouped(answer.ruling.ruled)]
    return _log(answer.command, [_rule(rule) for rule in rules], results, [])


def sarif_problems(unread: UnreadEstate) -> str:
    """The problems of the input: as results, because a log without results reads as clean, and as notifications."""
    rule = {
        "id": _PROBLEM,
        "shortDescription": {"text": "Something could not be read, so the check was not run."},
        "defaultConfiguration": {"level": "error"},
    }
    results, notifications = [], []
    for problem in unread.problems:
        hint = f"; try: {problem.suggestion}" if problem.suggestion else ""
        expected = f"; expected: {problem.expected}" if problem.expected else ""
        result = {
            "level": "error",
            "message": _message(f"{problem.message}{hint}{expected}"),
            "locations": [_location(unread.path(problem), problem.location)],
        }
        results.append({"ruleId": _PROBLEM, "ruleIndex": 0, **result})
        notifications.append({"descriptor": {"id": _PROBLEM}, **result})
    return _log(unread.command, [rule], results, notifications)


def _log(command: str, rules: Sequence[Json], results: Sequence[Json], notifications: Sequence[Json]) -> str:
    invocation: Json = {"executionSuccessful": not notifications}
    if notifications:
        invocation["toolExecutionNotifications"] = list(notifications)
    driver = {"name": "Fieldline", "version": __version__, "semanticVersion": __version__, "rules": list(rules)}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"fieldline/{command}/"},
        "invocations": [invocation],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": list(results),
    }
    return document({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule[Any]) -> Json:
    text = rule.explanation.strip()
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(text.split("\n\n")[0].split())},
        "help": {"text": text, "markdown": rule_markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity.value]},
        "properties": {"tags": ["data-lineage"]},
    }


def _result(answer: Answer, group: FindingGroup, rule_index: int) -> Json:
    ruled, finding, extent = group.shown, group.finding, answer.extent(group)
    undecided = "not decided, so not safe: " if finding.verdict == "unknown" else ""
    place = answer.place(finding)
    result: Json = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        # An undecided finding keeps its level: the standard's kind "open" requires the level "none", which reads as safe.
        "level": _LEVELS[finding.severity.value],
        "message": _message(f"{undecided}{finding.message}{f' ({extent})' if extent else ''}"),
        "locations": [_location(answer.path(place), place, finding.fields)],
        "partialFingerprints": {"fieldline/v1": group.fingerprint},
        "properties": _properties(answer, group),
    }
    related = _related(answer, finding, place)
    if related:
        result["relatedLocations"] = related
    flows = [_code_flow(answer, each.finding) for each in group.members[:_MOST_FLOWS] if each.finding.hops]
    if flows:
        result["codeFlows"] = flows
    suppression = _suppression(answer, ruled)
    if suppression:
        result["suppressions"] = [suppression]
    return result


def _properties(answer: Answer, group: FindingGroup) -> Json:
    ruled, owner = group.shown, answer.owner(group.shown)
    return {
        "verdict": ruled.finding.verdict,
        "state": ruled.state,
        **({"entry": str(ruled.finding.entry)} if ruled.finding.entry else {}),
        **({"owner": escape(owner)} if owner else {}),
        **({"cause": ruled.cause, "findings": len(group.members)} if ruled.cause else {}),
    }


def _related(answer: Answer, finding: Finding, place: Location) -> list[Json]:
    """The constraint it fails at; and the entry's field, unless that is the place of the result already."""
    related = []
    if finding.binding is not None:
        sentence = f"{finding.binding.field}: {brief(finding.binding.sentence, 400)}"
        at = finding.binding.location
        related.append(_location(answer.path(at), at, [finding.binding.field]) | {"message": _message(sentence)})
    if place != finding.location:
        at = finding.location
        related.append(_location(answer.path(at), at) | {"message": _message("where it is accepted")})
    return [{"id": number, **each} for number, each in enumerate(related, 1)]


def _code_flow(answer: Answer, finding: Finding) -> Json:
    steps = [
        {
            "location": _hop(answer, hop),
            "executionOrder": number,
            "importance": "essential" if number in {1, len(finding.hops)} else "important",
        }
        for number, hop in enumerate(finding.hops, 1)
    ]
    return {"message": _message("from the entry to where it fails"), "threadFlows": [{"locations": steps}]}


def _hop(answer: Answer, hop: Hop) -> Json:
    field = answer.estate.contracts.field(hop.field)
    done = f" ({brief(hop.transform, 400)})" if hop.transform else ""
    message = {"message": _message(f"{hop.field}: {cell(hop.value)}{done}")}
    if field is None:  # it existed before a change, and was removed
        return {"logicalLocations": _named([hop.field])} | message
    return _location(answer.path(field.location), field.location, [hop.field]) | message


def _suppression(answer: Answer, ruled: Ruled) -> Json | None:
    if ruled.waiver is not None:
        place = ruled.waiver.location
        return {
            "kind": "external",
            "status": "accepted",
            "justification": escape(waiver_words(ruled.waiver)),
            "location": _location(answer.path(place), place),
        }
    if ruled.state == "known":
        file = in_repository(answer.folder, answer.estate.policy.baseline or "")
        return {"kind": "external", "status": "accepted", "justification": escape(f"known: listed in {file}")}
    return None


def _location(path: str, place: Location | None, fields: Sequence[FieldName] = ()) -> Json:
    """A place in a file; and the fields by name, which identify it when lines move."""
    physical: Json = {"artifactLocation": {"uri": percent_encoded(path), "uriBaseId": _ROOT}}
    if place is not None:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": physical, **({"logicalLocations": _named(fields)} if fields else {})}


def _named(fields: Sequence[FieldName]) -> Json:
    return [{"fullyQualifiedName": str(name), "kind": "member"} for name in fields]


def _message(text: str) -> Json:
    """A plain text: no placeholder, no link."""
    shown = _LINK.sub(r"\1 \2", escape(brief(text, _LONGEST)))
    return {"text": shown.replace("{", "{{").replace("}", "}}")}
