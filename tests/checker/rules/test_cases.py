"""Every rule on small estates that are written in YAML, in `tests/cases`, one file a rule.

A case is a sentence (`case`), an estate, and all that the rule finds there (`found`, in order; `[]`: nothing). Of a
system there is one entity, `e`: `entries` and `systems` give the fields of each; `unowned` names those without an owner.
What is found is told by some of these keys, values as a report shows them:

    verdict, fields, binding (system.entity.field constraint), witness, second, arrives, says (a part of the message)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fieldline.checker.rules import RULES
from fieldline.checker.verdict.check import check
from fieldline.lineage.transform import NoValue
from fieldline.values.show import show

from ...properties.estates import Written

if TYPE_CHECKING:
    from fieldline.checker.finding import FieldValues, Finding

CASES = Path(__file__).parent.parent.parent / "cases"


def cases() -> list[tuple[str, dict[str, Any]]]:
    files = sorted(CASES.glob("*.yaml"))
    return [(path.stem, case) for path in files for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


def owner(name: str, case: dict[str, Any]) -> dict[str, Any]:
    """Every system has an owner, but those of which the case says it has none."""
    return {} if name in case.get("unowned", ()) else {"owner": {"team": "its team", "contact": "team@example.org"}}


def written(case: dict[str, Any]) -> Written:
    contracts = {
        name: {"system": name, **owner(name, case), "entities": {"e": {"kind": kind, "fields": fields}}}
        for kind, group in (("entry", "entries"), ("table", "systems"))
        for name, fields in case.get(group, {}).items()
    }
    return Written(contracts, case["flows"])


@pytest.mark.parametrize(("rule", "case"), cases(), ids=lambda part: part if isinstance(part, str) else part["case"])
def test_a_rule_finds_this_and_nothing_else(rule: str, case: dict[str, Any]) -> None:
    found = [finding for finding in check(written(case).load()).findings if finding.rule == rule]
    assert len(found) == len(case["found"]), [finding.message for finding in found]
    for finding, expected in zip(found, case["found"], strict=True):
        says = expected.get("says", "")
        assert says in finding.message
        told = facts(finding)
        assert {key: told[key] for key in expected if key != "says"} == {
            k: v for k, v in expected.items() if k != "says"
        }


def facts(finding: Finding) -> dict[str, object]:
    """A finding in the words of a case."""
    last = finding.hops[-1].value if finding.hops else None
    return {
        "verdict": finding.verdict,
        "fields": [*map(str, finding.fields)],
        "binding": f"{finding.binding.field} {finding.binding.constraint}" if finding.binding else None,
        "witness": shown(finding.witness),
        "second": shown(finding.second),
        "arrives": last.value if isinstance(last, NoValue) else show(last),
    }


def shown(record: FieldValues | None) -> object:
    """One value alone, or several by the names of their fields."""
    if record is None or len(record) == 1:
        return None if record is None else show(next(iter(record.values())))
    return {str(name): show(value) for name, value in record.items()}


def test_every_rule_has_cases_of_both_kinds() -> None:
    for rule in RULES:
        own = [case["found"] for name, case in cases() if name == rule.name]
        assert any(found for found in own), rule.name
        assert any(not found for found in own), rule.name
