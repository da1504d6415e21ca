"""Owners in the form of a CODEOWNERS file: one line a file, and no text of an estate's that makes another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.checker.diff.diff import diff
from fieldline.checker.verdict.policy import apply_policy
from fieldline.documents.problem import Problem
from fieldline.reports.ci.answer import Answer
from fieldline.reports.ci.codeowners import codeowners, codeowners_problems

from ...properties.estates import Written

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fieldline.reports.ci.answer import UnreadEstate


def told(core: dict[str, str], web: dict[str, str], folder: str, today: date) -> list[str]:
    def estate(limit: int) -> Written:
        field = {"type": "text", "max_length": 30}
        return Written(
            {
                "web": {"system": "web", "owner": web, "entities": {"e": {"kind": "entry", "fields": {"f": field}}}},
                "core": {
                    "system": "core",
                    "owner": core,
                    "entities": {"e": {"fields": {"f": field | {"max_length": limit}}}},
                },
            },
            [{"from": "web.e.f", "to": "core.e.f"}],
        )

    before, after = estate(30).load(), estate(20).load()
    found = diff(before, after)
    ruling = apply_policy(after.policy, found.findings, today)
    return codeowners(Answer("diff", "the verdict", ruling, after, folder, change=found)).splitlines()


@pytest.fixture
def today() -> date:
    from datetime import date

    return date(2026, 1, 1)


def test_each_contract_has_the_owners_who_should_look(today: date) -> None:
    core = {"team": "Core", "contact": "@bank/core-billing"}
    assert told(core, {"team": "Web", "contact": "web@bank.example"}, "an estate", today) == [
        "# the verdict",
        "/an\\ estate/contracts/core.yaml @bank/core-billing",
        "/an\\ estate/contracts/web.yaml web@bank.example",
    ]


@pytest.mark.parametrize("contact", ["ask in #core", "@a\n* @evil", "@", "a@b", "@bank/core * @evil"])
def test_an_owner_that_no_contact_leads_to_is_named_in_a_comment(today: date, contact: str) -> None:
    lines = told({"team": "Core", "contact": contact}, {"team": "Web"}, "", today)
    assert len(lines) == 3
    assert all(line.startswith("# ") for line in lines)
    assert lines[2] == "# /contracts/web.yaml: ask Web"


@pytest.mark.parametrize("folder", ["a\nb", "*", "!a", "#a", "[a]", "a\\b"])
def test_a_folder_of_any_name_is_a_pattern_on_one_line(today: date, folder: str) -> None:
    lines = told({"team": "Core", "contact": "@core"}, {"team": "Web", "contact": "@web"}, folder, today)
    assert [line.rpartition(" ")[2] for line in lines[1:]] == ["@core", "@web"]
    assert all(line.startswith("/") for line in lines[1:])
    special = folder.replace("\\", "").replace("\n", "")
    assert all(f"\\{sign}" in lines[1] for sign in special if sign in "*!#[]")


def test_what_cannot_be_read_names_nobody(unread: Callable[..., UnreadEstate]) -> None:
    text = codeowners_problems(unread(Problem(None, "broken\n* @evil")))
    assert all(line.startswith("# ") for line in text.splitlines())
