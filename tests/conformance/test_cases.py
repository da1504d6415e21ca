"""Every rule on the small estates of `cases/`, one file a rule. What a case may say stands in `cases/README.md`."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fieldline.checker.diff.diff import diff
from fieldline.checker.diff.rules import DIFF_RULES
from fieldline.checker.diff.stored_rows import StoredRows
from fieldline.checker.rules import POLICY_RULES, RULES
from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.policy import baseline, rule_estate
from fieldline.checker.verdict.rulebook import ALL_RULES
from fieldline.documents.names import EntityName
from fieldline.lineage.transform import NoValue
from fieldline.reports.export.baseline_yaml import baseline_yaml
from fieldline.rows.sources import FileTable
from fieldline.values.show import show

from ..properties.estates import Written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldline.checker.finding import FieldValues, Finding

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 1, 1)
"""Where a case names no day."""
Case = dict[str, Any]


@cache
def cases() -> tuple[tuple[str, Case], ...]:
    """Each case with the name of its file, which is the rule's."""
    files = sorted(CASES.glob("*.yaml"))
    return tuple((path.stem, case) for path in files for case in yaml.safe_load(path.read_text(encoding="utf-8")))


def version(case: Case, side: str) -> Written:
    """The estate of a case before or after its change: what `before` or `after` gives stands in place of the common."""
    own = case.get(side, {})
    words = {**case.get("entities", {}), **own.get("entities", {})}
    contracts = {
        name: {
            "system": name,
            **_owner(name, case),
            "entities": {"e": {"kind": kind, **words.get(name, {}), "fields": fields}},
        }
        for kind, group in (("entry", "entries"), ("table", "systems"))
        for name, fields in {**case.get(group, {}), **own.get(group, {})}.items()
    }
    flows = own.get("flows", case.get("flows", []))
    return Written(contracts, flows, case.get("policy", {}), record_rules=case.get("rules", ()))


def _owner(name: str, case: Case) -> dict[str, Any]:
    return {} if name in case.get("unowned", ()) else {"owner": {"team": "its team", "contact": "team@example.org"}}


def findings(rule: str, case: Case, folder: Path) -> list[Finding]:
    """What the rule reports on the case."""
    return [finding for finding in _every_finding(rule, case, folder) if finding.rule == rule]


def _every_finding(rule: str, case: Case, folder: Path) -> Sequence[Finding]:
    if rule in {each.name for each in RULES}:
        return check(version(case, "after").load()).findings
    if rule in {each.name for each in DIFF_RULES}:
        return diff(version(case, "before").load(), version(case, "after").load(), _rows(case, folder)).findings
    return _about_policy(case)


def _rows(case: Case, folder: Path) -> StoredRows:
    """The rows of a case as files: `rows` gives them by the full name of their entity."""
    tables = {}
    for name, rows in case.get("rows", {}).items():
        file = folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        system, _, entity = name.partition(".")
        tables[EntityName(system, entity)] = FileTable(file)
    return StoredRows(tables)


def _about_policy(case: Case) -> Sequence[Finding]:
    """Where there is a `before`, its findings are the baseline of the estate after."""
    today = date.fromisoformat(case.get("today", TODAY.isoformat()))
    estate = version(case, "after")
    if "before" in case:
        before = version(case, "before").load()
        known = baseline(rule_estate(before, check(before).findings, today))
        estate = replace(estate, baseline=baseline_yaml(known))
    loaded = estate.load()
    return [each.finding for each in rule_estate(loaded, check(loaded).findings, today).ruled]


def facts(finding: Finding) -> dict[str, object]:
    """A finding in the words of a case."""
    last = finding.hops[-1].value if finding.hops else None
    return {
        "verdict": finding.verdict,
        "fields": [*map(str, finding.fields)],
        "binding": f"{finding.binding.field} {finding.binding.constraint}" if finding.binding else None,
        "witness": _shown(finding.witness),
        "second": _shown(finding.second),
        "arrives": last.value if isinstance(last, NoValue) else show(last),
        "causes": [f"{change.name} {change.constraint}".strip() for change in finding.causes],
    }


def _shown(record: FieldValues | None) -> object:
    """One value alone, or several by the names of their fields."""
    if record is None or len(record) == 1:
        return None if record is None else show(next(iter(record.values())))
    return {str(name): show(value) for name, value in record.items()}


@pytest.mark.parametrize(("rule", "case"), cases(), ids=lambda part: part if isinstance(part, str) else part["case"])
def test_a_rule_reports_this_and_nothing_else(rule: str, case: Case, tmp_path: Path) -> None:
    reported = findings(rule, case, tmp_path)
    assert len(reported) == len(case["found"]), [finding.message for finding in reported]
    for finding, expected in zip(reported, case["found"], strict=True):
        assert expected.get("says", "") in finding.message
        given = {key: value for key, value in expected.items() if key != "says"}
        mine = facts(finding)
        assert {key: mine[key] for key in given} == given


@pytest.mark.parametrize("rule", [rule.name for rule in ALL_RULES])
def test_every_rule_has_cases_of_both_kinds(rule: str) -> None:
    own = [case["found"] for name, case in cases() if name == rule]
    assert any(reported for reported in own), "a bad one"
    assert any(not reported for reported in own), "a good one"


def test_every_file_of_cases_is_named_after_a_rule() -> None:
    assert {*RULES, *DIFF_RULES, *POLICY_RULES} == set(ALL_RULES)
    assert {name for name, _ in cases()} <= {rule.name for rule in ALL_RULES}


KEYS = {
    "case",
    "entries",
    "systems",
    "entities",
    "flows",
    "unowned",
    "before",
    "after",
    "policy",
    "today",
    "rows",
    "rules",
    "found",
}


def test_a_case_says_nothing_that_is_not_read() -> None:
    for rule, case in cases():
        assert set(case) <= KEYS, (rule, case["case"])
        for side in ("before", "after"):
            assert set(case.get(side, {})) <= {"entries", "systems", "entities", "flows"}, (rule, case["case"])
