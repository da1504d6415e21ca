"""Records that break a rule of the entry itself are sent nowhere, and prove nothing."""

from __future__ import annotations

from typing import Any

from fieldline.checker.verdict.check import check

from ...properties.estates import Written

Tree = dict[str, Any]


def found(rule: str, check_: str, unique: Tree, via: list[Tree], **fields: Tree) -> list[str]:
    """The verdicts of a rule on an entry with a check of its own, sent to a table with a demand on pairs."""
    table = {name: {"type": each["type"]} for name, each in fields.items()}
    flows = [{"from": f"web.e.{name}", "to": f"t.e.{name}"} for name in fields]
    flows[0]["via"] = via  # type: ignore[assignment]
    written = Written(
        {
            "web": {"system": "web", "entities": {"e": {"kind": "entry", "check": [check_], "fields": fields}}},
            "t": {"system": "t", "entities": {"e": {**unique, "fields": table}}},
        },
        flows,
    )
    return [finding.verdict for finding in check(written.load()).findings if finding.rule == rule]


NUMBER = {"type": "integer", "min": 0, "max": 5, "required": True}


def test_a_rule_on_one_field_keeps_one_of_two_values_out() -> None:
    one: Tree = {"unique": [["a"]]}
    rest: list[Tree] = [{"remainder": 3}]
    assert "refuted" in found("collision", "a >= 0", one, rest, a=NUMBER)
    assert found("collision", "a > 2", one, rest, a=NUMBER) == []


def test_two_records_of_which_a_rule_keeps_one_out_are_no_collision() -> None:
    both: Tree = {"unique": [["a", "b"]]}
    rest: list[Tree] = [{"remainder": 3}]
    assert "refuted" in found("collision", "a >= 0", both, rest, a=NUMBER, b=NUMBER)
    assert "refuted" not in found("collision", "a = b", both, rest, a=NUMBER, b=NUMBER)
