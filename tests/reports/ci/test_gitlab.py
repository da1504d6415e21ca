"""A code quality report: an issue a finding, each with a fingerprint of its own; never empty when something is wrong."""

import json
from typing import TYPE_CHECKING

from fieldline.documents.location import Location
from fieldline.documents.problem import Problem
from fieldline.estate.load import load_estate
from fieldline.reports.ci.gitlab import gitlab, gitlab_problems

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldline.estate.load import Estate
    from fieldline.reports.ci.answer import Answer, UnreadEstate


def test_the_whole_of_a_small_escape(estate: "Callable[..., Estate]", answer: "Callable[..., Answer]") -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text, max_length: 5}}", b="{a: {type: text, max_length: 3}}"
    )
    (issue,) = json.loads(gitlab(answer(loaded, "estates/one")))
    assert len(issue.pop("fingerprint")) == 32
    assert issue == {
        "description": 'entry.e.a accepts "abcd"; b rejects it (b.e.a: at most 3 characters), 1 hop later',
        "check_name": "fieldline/escape",
        "severity": "critical",
        "location": {"path": "estates/one/contracts/entry.yaml", "lines": {"begin": 3}},
    }


def test_every_finding_of_the_bank_is_an_issue_of_its_own(examples: "Path", answer: "Callable[..., Answer]") -> None:
    told = answer(load_estate(examples / "nordbank"))
    issues = json.loads(gitlab(told))
    assert len(issues) == len(told.ruling.ruled) == 23
    assert len({issue["fingerprint"] for issue in issues}) == 23
    assert {issue["severity"] for issue in issues} == {"critical", "major", "info"}


def test_what_is_not_decided_and_what_is_accepted_say_so(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]"
) -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a, via: [{opaque: a routine}]}, {from: entry.e.c, to: b.e.c}]",
        entry="{a: {type: text}, c: {type: text, max_length: 5}}",
        b="{a: {type: text, pattern: '[A-Z]*'}, c: {type: text, max_length: 3}}",
    )
    (loaded.root / "fieldline.yaml").write_text(
        "estate: test\nwaivers: [{rule: escape, field: entry.e.c, owner: Web, reason: soon, expires: 2026-07-01}]\n"
    )
    waived, undecided = json.loads(gitlab(answer(load_estate(loaded.root))))[:2][::-1]
    assert undecided["description"].startswith("not decided, so not safe: entry.e.a")
    assert (waived["severity"], waived["description"][:46]) == (
        "info",
        "waived until 2026-07-01 by Web: soon. entry.e.",
    )


def test_problems_are_blockers_and_never_a_clean_report(unread: "Callable[..., UnreadEstate]") -> None:
    place = Location("contracts/a.yaml", 3, 4)
    issues = json.loads(gitlab_problems(unread(Problem(place, "bad"), Problem(place, "bad"), Problem(None, "none"))))
    assert [(issue["severity"], issue["location"]["path"]) for issue in issues] == [
        ("blocker", "contracts/a.yaml"),
        ("blocker", "contracts/a.yaml"),
        ("blocker", "fieldline.yaml"),
    ]
    assert len({issue["fingerprint"] for issue in issues}) == 3
