"""Rules over records held against stored records: which are judged, which are counted, and what is not known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from fieldline.estate.load import load_estate
from fieldline.rows.across.across import audit_across

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.rows.across.answer import AcrossAnswer, AcrossRule

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXT = {"type": "text"}
NUMBER = {"type": "decimal"}
KEY = {"type": "text", "required": True}


class Bank:
    """An estate of a few entities, each with a file of its records."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("contracts", "lineage", "rules"):
            (root / name).mkdir()
        (root / "fieldline.yaml").write_text("estate: test\n")
        self.wrong = pl.DataFrame()

    def has(self, name: str, fields: dict[str, Any], rows: dict[str, list[Any]] | None, **words: Any) -> None:  # noqa: ANN401
        entity = {"key": "id", **words, "fields": fields}
        if rows is not None:
            entity["store"] = {"file": f"{name}.parquet"}
            pl.DataFrame(rows, strict=False).write_parquet(self.root / f"{name}.parquet")
        contract = {"system": name, "entities": {"e": entity}}
        (self.root / "contracts" / f"{name}.yaml").write_text(json.dumps(contract))

    def asked(self, flows: list[dict[str, Any]], *rules: dict[str, Any]) -> AcrossAnswer:
        (self.root / "lineage" / "flows.yaml").write_text(json.dumps({"flows": flows}))
        (self.root / "rules" / "rules.yaml").write_text(json.dumps({"rules": list(rules)}))

        def keep(frame: pl.LazyFrame) -> None:
            self.wrong = frame.collect()

        return audit_across(load_estate(self.root), NOW, lambda *_: None, keys=keep)


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path)


def told(rule: AcrossRule) -> dict[str, int]:
    return {each.deviation: each.records for each in rule.counts}


def test_a_record_is_found_by_the_key_that_the_flows_make_of_the_other_one(bank: Bank) -> None:
    """What was asked for stands in the front, under "a7"; what was done in the core, under "A7"."""
    bank.has("front", {"id": KEY, "asked": NUMBER}, {"id": ["a1", "a2", "a3", "a4"], "asked": [5, 5, 5, None]})
    bank.has("core", {"id": KEY, "done": NUMBER}, {"id": ["A3", "A2", "A1", "A4"], "done": [5, -5, 6, 7]})
    flows = [{"from": "front.e.id", "to": "core.e.id", "via": ["upper"]}]
    answer = bank.asked(flows, {"amount": "core.e.done", "asked": "front.e.asked"})
    (rule,) = answer.rules
    assert (rule.records, told(rule)) == (4, {"the sign turned": 1, "too much": 1})
    assert set(bank.wrong.select("deviation", "key").rows()) == {("the sign turned", "A2"), ("too much", "A1")}
    assert answer.records == 2


def test_the_key_may_be_brought_the_other_way(bank: Bank) -> None:
    bank.has("front", {"id": KEY, "asked": NUMBER}, {"id": ["1", "2"], "asked": [5, 5]})
    bank.has("core", {"id": KEY, "done": NUMBER}, {"id": ["1", "2"], "done": [5, 4]})
    answer = bank.asked(
        [{"from": "core.e.id", "to": "front.e.id"}], {"amount": "core.e.done", "asked": "front.e.asked"}
    )
    assert told(answer.rules[0]) == {"too little": 1}
    assert bank.wrong["key"].to_list() == ["2"]


def test_a_rule_is_about_the_records_that_surely_meet_its_condition(bank: Bank) -> None:
    fields = {"id": KEY, "kind": TEXT, "done": NUMBER, "before": NUMBER}
    rows = {
        "id": ["1", "2", "3", "4"],
        "kind": ["up", "up", "down", None],
        "done": [1, 3, 1, 1],
        "before": [2, 2, 2, 2],
    }
    bank.has("core", fields, rows)
    demand = {"direction": "core.e.done", "after": "core.e.before", "when": "core.e.kind = 'up'"}
    answer = bank.asked([], demand)
    assert told(answer.rules[0]) == {"not later": 1}
    assert bank.wrong["key"].to_list() == ["1"]


def test_a_distance_may_be_a_field_of_the_record(bank: Bank) -> None:
    fields = {"id": KEY, "due": {"type": "date"}, "before": {"type": "date"}, "days": {"type": "integer"}}
    first = datetime(2026, 6, 1, tzinfo=UTC).date()
    days = [first.replace(day=n) for n in (15, 8, 31 - 14, 14)]
    rows = {"id": ["1", "2", "3", "4"], "due": days, "before": [first] * 4, "days": [14, 14, 14, 14]}
    bank.has("core", fields, rows)
    answer = bank.asked([], {"amount": "core.e.due", "from": "core.e.before", "by": "core.e.days"})
    assert told(answer.rules[0]) == {"too early": 1, "too late": 1, "a day too early": 1}


def test_a_rule_between_fields_is_judged_where_there_is_a_store(bank: Bank) -> None:
    fields = {"id": KEY, "low": NUMBER, "high": NUMBER}
    rows = {"id": ["1", "2", "3"], "low": [1, 2, None], "high": [2, 1, 1]}
    bank.has("core", fields, rows, check=["low <= high"])
    bank.has("other", fields, None, check=["low <= high"])
    answer = bank.asked([])
    (rule,) = answer.rules
    assert (rule.kind, rule.records, told(rule)) == ("check", 3, {"broken": 1})
    assert not answer.is_clean


def test_what_no_other_store_feeds_is_not_called_complete(bank: Bank) -> None:
    meaning = {"type": "text", "same": "order number"}
    bank.has("web", {"id": KEY, "number": meaning}, None, kind="entry")
    bank.has("list", {"id": KEY, "number": meaning}, {"id": ["1"], "number": ["7"]})
    answer = bank.asked([{"from": "web.e.number", "to": "list.e.number"}], {"complete": "order number"})
    (rule,) = answer.rules
    assert rule.unread == "no other store that is read feeds it"
    assert not answer.is_clean


@pytest.mark.parametrize("lag", [None, "P1D", "P30D"])
def test_what_must_arrive_within_a_time_is_late_only_after_it_whatever_the_flows_take(
    bank: Bank, lag: str | None
) -> None:
    meaning, moment = {"type": "text", "same": "address"}, {"type": "datetime"}
    days = [NOW - timedelta(days=n) for n in (8, 6, 0, 40)]
    before = [NOW - timedelta(days=100)] * 4
    fields = {"id": KEY, "street": meaning, "at": moment}
    bank.has("web", {"id": KEY, "street": meaning}, None, kind="entry")
    bank.has("crm", fields, {"id": ["1", "2", "3", "4"], "street": ["b"] * 4, "at": days}, changed="at")
    bank.has("bill", fields, {"id": ["1", "2", "3", "4"], "street": ["a", "a", "a", "b"], "at": before}, changed="at")
    late = {"lag": lag} if lag else {}
    flows = [{"from": f"web.e.{name}", "to": f"crm.e.{name}"} for name in ("id", "street")]
    flows += [{"from": f"crm.e.{name}", "to": f"bill.e.{name}", **late} for name in ("id", "street")]
    (rule,) = bank.asked(flows, {"complete": "address", "within": "P7D"}).rules
    assert (rule.records, told(rule)) == (4, {"overdue": 1})
    assert bank.wrong["key"].to_list() == ["1"]


def test_records_that_no_flow_connects_are_not_judged(bank: Bank) -> None:
    bank.has("front", {"id": KEY, "asked": NUMBER}, {"id": ["1"], "asked": [5]})
    bank.has("core", {"id": KEY, "done": NUMBER}, {"id": ["1"], "done": [6]})
    (rule,) = bank.asked([], {"amount": "core.e.done", "asked": "front.e.asked"}).rules
    assert rule.unread is not None
    assert "no flow and no cross-reference brings the key of a record" in rule.unread


def test_a_column_that_the_store_lacks_is_named(bank: Bank) -> None:
    bank.has("core", {"id": KEY, "done": NUMBER, "before": NUMBER}, {"id": ["1"], "done": [6]})
    (rule,) = bank.asked([], {"direction": "core.e.done", "after": "core.e.before"}).rules
    assert rule.unread == "the store of core.e does not hold before"


def test_without_a_rule_nothing_is_called_clean(bank: Bank) -> None:
    bank.has("core", {"id": KEY}, {"id": ["1"]})
    assert not bank.asked([]).is_clean


def test_a_table_of_numbers_joins_what_no_flow_does(bank: Bank) -> None:
    """The loans have numbers of their own, which a cross-reference knows."""
    bank.has("front", {"id": KEY, "asked": NUMBER}, {"id": ["1", "2", "3"], "asked": [5, 5, 5]})
    bank.has("loans", {"id": KEY, "done": NUMBER}, {"id": ["L7", "L8", "L9"], "done": [5, 4, 5]})
    bank.has("ids", {"id": KEY, "loan": TEXT}, {"id": ["1", "2", "9"], "loan": ["L7", "L8", "L9"]})
    xref = "xref: {entity: ids.e, keys: {front.e: id, loans.e: loan}}\n"
    (bank.root / "fieldline.yaml").write_text(f"estate: test\n{xref}")
    (rule,) = bank.asked([], {"amount": "loans.e.done", "asked": "front.e.asked"}).rules
    assert (rule.records, told(rule), rule.unread) == (2, {"too little": 1}, None)
    assert bank.wrong["key"].to_list() == ["L8"]


def test_what_another_channel_would_have_rejected_is_counted_where_it_lies(bank: Bank) -> None:
    """The web lets in 8 characters and the branch 4: support sees whose values the branch would not have taken."""
    for name, longest in (("web", 8), ("branch", 4)):
        fields = {"id": KEY, "city": {"type": "text", "max_length": longest, "same": "city"}}
        bank.has(name, fields, None, kind="entry")
    rows = {"id": ["1", "2", "3", "4"], "city": ["OSLO", "HELSINKI", "LAPPEENRANTA", None]}
    bank.has("crm", {"id": KEY, "city": {"type": "text", "same": "city"}}, rows)
    flows = [{"from": f"{name}.e.city", "to": "crm.e.city", "via": ["upper"]} for name in ("web", "branch")]
    rules = bank.asked(flows, {"channels": ["web.e", "branch.e"], "agree": True}).rules
    broken = {rule.rule: (rule.records, told(rule)) for rule in rules if rule.kind == "channels"}
    assert broken == {
        "branch.e.city accepts what came through web.e.city": (4, {"branch.e would not have accepted it": 1}),
        "web.e.city accepts what came through branch.e.city": (4, {}),
    }
    assert bank.wrong["key"].to_list() == ["2"], "nobody is blamed for the third: no entry could have let it in"
