"""Findings as a GitLab Code Quality report: a list of issues, which a merge request compares with its target's.

GitLab merges issues with equal fingerprints, and reports an issue with a new fingerprint as new: fingerprints are unique
and independent of lines. The findings of one cause are one issue. Known and waived findings are reported as information,
with the baseline or the waiver.

Source: GitLab's documentation of the report, a subset of Code Climate's issues.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ...checker.messages import brief
from ...checker.verdict.grouped import grouped
from ...values.show import escape
from ..json.form import document
from ..phrases import waiver_words

if TYPE_CHECKING:
    from ...checker.verdict.grouped import FindingGroup
    from ...documents.problem import Problem
    from ..json.form import Json
    from .answer import Answer, UnreadEstate

_SEVERITIES = {"error": "critical", "warning": "major", "info": "info"}
_LONGEST = 2_000
"""Characters of a description."""


def gitlab(answer: Answer) -> str:
    """The findings of a command."""
    return document([_issue(answer, group) for group in grouped(answer.ruling.ruled)])


def gitlab_problems(unread: UnreadEstate) -> str:
    """The problems of the input; an empty list would be a clean report."""
    numbered: dict[tuple[str, str], int] = {}
    issues = []
    for problem in unread.problems:
        identity = (unread.path(problem), problem.message)
        numbered[identity] = numbered.get(identity, 0) + 1
        issues.append(_unread_issue(unread, problem, numbered[identity]))
    return document(issues)


def _issue(answer: Answer, group: FindingGroup) -> Json:
    ruled, finding = group.shown, group.finding
    place = answer.place(finding)
    return {
        "description": brief(_description(answer, group), _LONGEST),
        "check_name": f"fieldline/{finding.rule}",
        "fingerprint": group.fingerprint,
        "severity": _SEVERITIES[finding.severity.value] if ruled.state == "open" else "info",
        "location": {"path": answer.path(place), "lines": {"begin": place.line}},
    }


def _description(answer: Answer, group: FindingGroup) -> str:
    ruled, message, extent = group.shown, group.finding.message, answer.extent(group)
    if extent:
        message = f"{message} ({extent})"
    if ruled.finding.verdict == "unknown":
        message = f"not decided, so not safe: {message}"
    if ruled.waiver is not None:
        return f"{escape(waiver_words(ruled.waiver))}. {message}"
    return f"known. {message}" if ruled.state == "known" else message


def _unread_issue(unread: UnreadEstate, problem: Problem, number: int) -> Json:
    path = unread.path(problem)
    hint = f"; try: {problem.suggestion}" if problem.suggestion else ""
    identity = f"problem\n{path}\n{problem.message}\n{number}"
    return {
        "description": escape(brief(f"check not run: {problem.message}{hint}", _LONGEST)),
        "check_name": "fieldline/problem",
        "fingerprint": hashlib.sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:32],
        "severity": "blocker",
        "location": {"path": path, "lines": {"begin": problem.location.line if problem.location else 1}},
    }
