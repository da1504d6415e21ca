"""One cause behind many entries: one thing to read in every report, and nothing lost from the JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.application.answers import DiffAnswer
from fieldline.checker.diff.diff import diff
from fieldline.checker.verdict.policy import apply_policy
from fieldline.documents.location import Location
from fieldline.estate.policy import Policy, Waiver
from fieldline.reports.render import render

from ..properties.estates import Written

if TYPE_CHECKING:
    from fieldline.estate.load import Estate

SCREENS = 60
TEAMS = 7


def bank(limit: int, *, screens: int = SCREENS) -> Estate:
    """A core column behind screens of several teams, by way of a hub."""
    contracts: dict[str, dict[str, Any]] = {
        f"screen{number:02}": {
            "system": f"screen{number:02}",
            "owner": {"team": f"Channel {number % TEAMS}", "contact": f"channel-{number % TEAMS}@bank.example"},
            "entities": {
                "form": {"kind": "entry", "fields": {"full_name": {"type": "text", "max_length": 40 + number}}}
            },
        }
        for number in range(screens)
    }
    contracts["hub"] = {"system": "hub", "entities": {"party": {"fields": {"full_name": {"type": "text"}}}}}
    contracts["core"] = {
        "system": "core",
        "owner": {"team": "Core banking", "contact": "core@bank.example"},
        "entities": {"party": {"fields": {"full_name": {"type": "text", "max_length": limit}}}},
    }
    flows = [
        {"from": f"screen{number:02}.form.full_name", "to": "hub.party.full_name", "via": ["trim"]}
        for number in range(screens)
    ]
    flows.append({"from": "hub.party.full_name", "to": "core.party.full_name", "lag": "PT24H"})
    return Written(contracts, flows).load()


def answer(before: Estate, after: Estate, *waivers: Waiver) -> DiffAnswer:
    found = diff(before, after)
    return DiffAnswer(before, after, found, apply_policy(Policy(waivers=waivers), found.findings, TODAY), "")


TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def shortened() -> DiffAnswer:
    return answer(bank(35), bank(20))


def waiver(**keys: str) -> Waiver:
    names = ("entry", "field", "binding", "system", "cause", "harmless")
    selectors = [keys.get(name) for name in names]
    return Waiver("newly-refused", *selectors, "Core", "planned", date(2026, 7, 1), Location("fieldline.yaml", 1, 1))  # type: ignore[arg-type]


def test_a_core_column_shortened_behind_sixty_screens_is_one_finding_in_the_text(shortened: DiffAnswer) -> None:
    text = render(shortened, "text")
    assert " ".join(text.split()).startswith(
        "test: 1 change, 1 error and 1 warning (of 61 findings, folded by cause); 60 of 60 entry fields"
    )
    assert text.count("error[newly-refused]") == 1
    assert "60 entries of 7 teams: screen00.form, screen01.form" in text
    assert "fails: 21 to 35 characters" in text


def test_its_comment_is_short(shortened: DiffAnswer) -> None:
    comment = render(shortened, "markdown")
    assert len(comment) < 4_000
    assert comment.count("#### error: newly-refused") == 1
    assert "60 entries of 7 teams" in comment


def test_its_annotations_issues_and_results_are_one_each(shortened: DiffAnswer) -> None:
    assert render(shortened, "github").count("::error ") == 1
    issues = json.loads(render(shortened, "gitlab"))
    assert [issue["check_name"] for issue in issues] == ["fieldline/newly-refused", "fieldline/neighbour-refuses"]
    results = json.loads(render(shortened, "sarif"))["runs"][0]["results"]
    assert [result["properties"]["findings"] for result in results] == [60, 1]
    assert len(results[0]["codeFlows"]) == 60


def test_nothing_is_lost_from_the_json_and_every_entry_names_the_cause(shortened: DiffAnswer) -> None:
    findings = [f for f in json.loads(render(shortened, "json"))["findings"] if f["rule"] == "newly-refused"]
    assert {f["entry"] for f in findings} == {f"screen{number:02}.form" for number in range(SCREENS)}
    assert len({f["cause"] for f in findings}) == 1
    assert all(f["witness"] and f["hops"] for f in findings)
    assert render(shortened, "junit").count("newly-refused: full_name") == 60


def test_the_cause_is_the_same_from_run_to_run_and_another_from_other_limits(shortened: DiffAnswer) -> None:
    def cause(found: DiffAnswer) -> set[str]:
        return {ruled.cause for ruled in found.ruling.ruled}

    few = answer(bank(35, screens=2), bank(20, screens=2))
    assert cause(few) == cause(shortened) == {"cc4ecf3c22bd7cd7"}
    assert cause(answer(bank(35, screens=2), bank(19, screens=2))).isdisjoint(cause(few))
    assert cause(answer(bank(34, screens=2), bank(20, screens=2))).isdisjoint(cause(few))


def test_a_waiver_of_a_cause_accepts_no_further_tightening() -> None:
    first = answer(bank(35, screens=3), bank(20, screens=3))
    (cause,) = {ruled.cause for ruled in first.ruling.ruled}
    accepted = answer(bank(35, screens=3), bank(20, screens=3), waiver(cause=cause))
    assert {ruled.state for ruled in accepted.ruling.ruled if ruled.finding.rule == "newly-refused"} == {"waived"}
    further = answer(bank(20, screens=3), bank(10, screens=3), waiver(cause=cause))
    assert {ruled.state for ruled in further.ruling.ruled} == {"open"}


def test_a_waived_entry_leaves_the_rest_of_its_group_standing() -> None:
    before, after = bank(35, screens=5), bank(20, screens=5)
    found = answer(before, after, waiver(entry="screen01.form"), waiver(system="screen03"))
    text = render(found, "text")
    assert "3 entries of 3 teams: screen00.form, screen02.form and screen04.form" in text
    assert found.ruling.fails
    states = {str(r.finding.entry): r.state for r in found.ruling.ruled if r.finding.rule == "newly-refused"}
    assert [name for name, state in states.items() if state == "waived"] == ["screen01.form", "screen03.form"]
    assert text.index("Waived or known: 2") > text.index("3 entries of 3 teams")
