"""What is said of a record in every kind of case, and above all what is not said."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.application.record import RecordAnswer
from fieldline.checker.record.stake import missed_meanwhile, money_at_stake
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate
from fieldline.reports.record_words import do_words, record_headline, when_words
from fieldline.sentences.advice import customer_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldline.checker.record.asking import StoreAnswer, StoreQuestion
    from fieldline.checker.record.whereabouts import Whereabouts

    from .conftest import Memory

TEXT: dict[str, Any] = {"type": "text"}
KEYED: dict[str, Any] = {"key": "id", "fields": {"id": TEXT, "x": TEXT}}
DATED: dict[str, Any] = {"key": "id", "changed": "at", "fields": {"id": TEXT, "x": TEXT, "at": {"type": "datetime"}}}


def _flows(source: str, target: str, **words: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of a flow
    return [{"from": f"{source}.{name}", "to": f"{target}.{name}", **words} for name in ("id", "x")]


def _states(where: Whereabouts) -> dict[str, str]:
    return {str(stop.entity.full_name): stop.state for stop in where.stops}


def _roots(where: Whereabouts) -> list[str]:
    return [str(fault.root.full_name) if fault.root else "?" for fault in where.faults]


def test_without_the_field_that_says_when_it_changed_nothing_is_overdue(memory: Callable[..., Memory]) -> None:
    rows = {"a.e": [{"id": "1", "x": "new"}], "b.e": [{"id": "1", "x": "old"}]}
    found = memory({"a.e": KEYED, "b.e": KEYED}, _flows("a.e", "b.e", lag="PT1H"), rows)
    where = found.look("a.e/1")
    assert _states(where) == {"a.e": "as expected", "b.e": "differs"}
    assert _roots(where) == ["b.e"]


@pytest.mark.parametrize(
    ("lag", "target", "state"),
    [
        ("PT2H", "2026-05-01T00:00:00+00:00", "overdue"),
        ("PT4H", "2026-05-01T00:00:00+00:00", "not yet due"),
        ("PT2H", "2026-05-04T11:00:00+00:00", "differs"),  # it was written later, and wrongly
        (None, "2026-05-01T00:00:00+00:00", "differs"),  # nobody says how long it takes
    ],
)
def test_a_difference_is_judged_by_the_clock(
    memory: Callable[..., Memory], lag: str | None, target: str, state: str
) -> None:
    rows = {
        "a.e": [{"id": "1", "x": "new", "at": datetime(2026, 5, 4, 9, tzinfo=UTC)}],
        "b.e": [{"id": "1", "x": "old", "at": datetime.fromisoformat(target)}],
    }
    flows = _flows("a.e", "b.e", **({"lag": lag} if lag else {}))
    where = memory({"a.e": DATED, "b.e": DATED}, flows, rows).look("b.e/1")
    assert _states(where)["b.e"] == state


def test_a_record_that_changes_while_it_is_read_is_not_called_wrong(memory: Callable[..., Memory]) -> None:
    rows = {"a.e": [{"id": "1", "x": "new"}], "b.e": [{"id": "1", "x": "old"}]}
    found = memory({"a.e": KEYED, "b.e": KEYED}, _flows("a.e", "b.e"), rows)

    def arrives(times: int) -> None:
        if times == 1:
            found.rows["b.e"][0]["x"] = "new"

    found.meanwhile = arrives
    assert _states(found.look("a.e/1")) == {"a.e": "as expected", "b.e": "as expected"}

    found.asked = 0
    found.rows["b.e"][0]["x"] = "old"
    found.meanwhile = lambda times: found.rows["a.e"][0].update(x=f"new {times}")
    where = found.look("a.e/1")
    assert _states(where)["b.e"] == "not known"
    assert where.faults == ()


def test_a_difference_behind_a_store_that_is_off_may_have_begun_there(memory: Callable[..., Memory]) -> None:
    rows = {
        "a.e": [{"id": "1", "x": "new"}],
        "b.e": [{"id": "1", "x": "old"}],
        "c.e": [{"id": "1", "x": "old"}],
    }
    flows = [*_flows("a.e", "b.e"), *_flows("b.e", "c.e")]
    found = memory({"a.e": KEYED, "b.e": KEYED, "c.e": KEYED}, flows, rows)
    assert _roots(found.look("a.e/1")) == ["b.e"]
    assert [str(f.field.full_name) for f in found.look("a.e/1").faults[0].also] == ["c.e.x"]
    found.off = {"b.e"}
    (fault,) = found.look("a.e/1").faults
    assert fault.root is None
    assert [str(entity.full_name) for entity in (*fault.roots, *fault.between)] == ["c.e", "b.e"]
    found.off = {"a.e"}  # the second is the earliest now, and nothing contradicts it
    assert found.look("a.e/1").faults == ()


def test_a_value_that_an_unread_system_may_have_brought_is_not_known(memory: Callable[..., Memory]) -> None:
    rows = {"a.e": [{"id": "1", "x": "new"}], "b.e": [{"id": "1", "x": "other"}]}
    flows = [*_flows("a.e", "b.e"), {"from": "desk.form.x", "to": "b.e.x"}]
    desk = {"kind": "entry", "fields": {"x": TEXT}}
    where = memory({"a.e": KEYED, "b.e": KEYED, "desk.form": desk}, flows, rows).look("a.e/1")
    assert _states(where)["b.e"] == "not known"
    assert where.faults == ()
    assert "desk.form may have brought it" in {f.reason for stop in where.stops for f in stop.fields if f.reason}.pop()


def test_a_flow_under_a_condition_brings_nothing_where_it_is_not_met(memory: Callable[..., Memory]) -> None:
    flows = _flows("a.e", "b.e", when="a.e.x = 'FI'")
    found = memory({"a.e": KEYED, "b.e": KEYED}, flows, {"a.e": [{"id": "1", "x": "SE"}, {"id": "2", "x": "FI"}]})
    assert found.look("a.e/1").is_well
    assert _states(found.look("a.e/2")) == {"a.e": "as expected", "b.e": "differs"}


def test_a_key_that_no_flow_carries_is_found_by_a_table_of_keys(memory: Callable[..., Memory]) -> None:
    ids = {"key": "no", "fields": {"no": TEXT, "a_id": TEXT, "b_id": TEXT}}
    rows = {
        "a.e": [{"id": "A1", "x": "new"}, {"id": "A2", "x": "new"}],
        "b.e": [{"id": "B7", "x": "old"}, {"id": "B8", "x": "new"}],
        "mdm.ids": [{"no": "1", "a_id": "A1", "b_id": "B7"}, {"no": "2", "a_id": "A2", "b_id": "B8"}],
    }
    flows = [{"from": "a.e.x", "to": "b.e.x"}]
    xref = {"entity": "mdm.ids", "keys": {"a.e": "a_id", "b.e": "b_id"}}
    found = memory({"a.e": KEYED, "b.e": KEYED, "mdm.ids": ids}, flows, rows, xref=xref)
    where = found.look("a.e/A1")
    assert _roots(where) == ["b.e"]
    assert _roots(found.look("b.e/B7")) == ["b.e"]
    assert found.look("a.e/A2").is_well


def test_where_several_records_fit_none_is_chosen(memory: Callable[..., Memory]) -> None:
    by_name = {"key": "no", "fields": {"no": TEXT, "x": {"type": "text", "unique": True}}}
    rows = {"a.e": [{"id": "1", "x": "anna"}], "b.e": [{"no": "7", "x": "anna"}, {"no": "8", "x": "anna"}]}
    where = memory({"a.e": KEYED, "b.e": by_name}, [{"from": "a.e.x", "to": "b.e.x"}], rows).look("a.e/1")
    (stop,) = [stop for stop in where.stops if str(stop.entity.full_name) == "b.e"]
    assert (stop.state, [dict(key) for key in stop.keys]) == ("not known", [{"no": "7"}, {"no": "8"}])
    assert where.faults == ()


def test_a_record_of_somebody_else_with_the_same_unique_value_is_not_taken_for_it(
    memory: Callable[..., Memory],
) -> None:
    entity = {"key": "id", "fields": {"id": TEXT, "x": {"type": "text", "unique": True}}}
    rows = {"a.e": [{"id": "1", "x": "anna"}], "b.e": [{"id": "2", "x": "anna"}]}
    where = memory({"a.e": entity, "b.e": entity}, _flows("a.e", "b.e"), rows).look("a.e/1")
    (stop,) = [stop for stop in where.stops if str(stop.entity.full_name) == "b.e"]
    assert (stop.whether, stop.state) == ("absent", "differs")


def test_a_key_is_found_backward_where_steps_make_several_keys_one(memory: Callable[..., Memory]) -> None:
    rows = {"a.e": [{"id": "Anna", "x": "new"}], "b.e": [{"id": "anna", "x": "old"}]}
    flows = [{"from": "a.e.id", "to": "b.e.id", "via": ["trim", "lower"]}, {"from": "a.e.x", "to": "b.e.x"}]
    where = memory({"a.e": KEYED, "b.e": KEYED}, flows, rows).look("b.e/anna")
    assert _roots(where) == ["b.e"]


def test_a_step_that_nobody_described_is_not_known(memory: Callable[..., Memory]) -> None:
    rows = {"a.e": [{"id": "1", "x": "new"}], "b.e": [{"id": "1", "x": "old"}]}
    flows = [{"from": "a.e.id", "to": "b.e.id"}, {"from": "a.e.x", "to": "b.e.x", "via": [{"opaque": "a program"}]}]
    where = memory({"a.e": KEYED, "b.e": KEYED}, flows, rows).look("a.e/1")
    assert _states(where)["b.e"] == "not known"
    assert where.faults == ()


def test_of_two_systems_that_feed_each_other_the_one_that_changed_last_is_right(memory: Callable[..., Memory]) -> None:
    rows = {
        "a.e": [{"id": "1", "x": "new", "at": datetime(2026, 5, 3, tzinfo=UTC)}],
        "b.e": [{"id": "1", "x": "old", "at": datetime(2026, 5, 1, tzinfo=UTC)}],
    }
    flows = [*_flows("a.e", "b.e", lag="PT1H"), *_flows("b.e", "a.e", lag="PT1H")]
    where = memory({"a.e": DATED, "b.e": DATED}, flows, rows).look("a.e/1")
    assert _states(where) == {"a.e": "as expected", "b.e": "overdue"}
    assert _roots(where) == ["b.e"]


def test_the_key_of_several_fields_travels_whole(memory: Callable[..., Memory]) -> None:
    entity = {"key": ["id", "y"], "fields": {"id": TEXT, "y": {"type": "integer"}, "x": TEXT}}
    rows = {
        "a.e": [{"id": "1", "y": 2, "x": "new"}, {"id": "1", "y": 3, "x": "other"}],
        "b.e": [{"id": "1", "y": 2, "x": "old"}, {"id": "1", "y": 3, "x": "other"}],
    }
    flows = [{"from": f"a.e.{name}", "to": f"b.e.{name}"} for name in ("id", "y", "x")]
    found = memory({"a.e": entity, "b.e": entity}, flows, rows)
    assert _roots(found.look("a.e/1/2")) == ["b.e"]
    assert found.look("b.e/1/3").is_well


def test_a_value_that_a_system_rejects_by_contract_is_known_though_its_store_is_off(
    memory: Callable[..., Memory],
) -> None:
    web = {"kind": "entry", "fields": {"id": TEXT, "x": {"type": "text", "max_length": 9}}}
    short = {"key": "id", "fields": {"id": TEXT, "x": {"type": "text", "max_length": 3}}}
    flows = [*_flows("web.form", "a.e"), *_flows("a.e", "b.e")]
    found = memory({"web.form": web, "a.e": KEYED, "b.e": short}, flows, {"a.e": [{"id": "1", "x": "long"}]})
    found.off = {"b.e"}
    where = found.look("a.e/1")
    assert _states(where)["b.e"] == "not reachable"
    (fault,) = where.faults
    assert fault.is_refused
    assert [str(root.full_name) for root in fault.roots] == ["web.form"]


def test_the_page_of_the_repair_and_what_it_means_until_then(memory: Callable[..., Memory]) -> None:
    repair = {
        "by": ["web-support"],
        "typically": "PT4H",
        "hours": "Mon-Fri 8-16",
        "url": "https://crm.example/{id}?x={x}",
        "roles": ["support", "branch"],
    }
    target = {
        **KEYED,
        "repair": repair,
        "impact": {"critical": True, "text": {"en": "No invoice.", "fi": "Ei laskua."}},
    }
    rows = {"a.e": [{"id": "a/1 ä", "x": "new"}], "b.e": [{"id": "a/1 ä", "x": "old"}]}
    found = memory({"a.e": KEYED, "b.e": target}, _flows("a.e", "b.e", by="nightly"), rows)
    where = found.look("a.e/a/1 ä")
    (fault,) = where.faults
    assert do_words(fault, where, found.estate) == (
        "Ask web-support to put it right in b, or have it brought again (nightly). "
        "Repaired at https://crm.example/a%2F1%20%C3%A4?x=old (open to support and branch)."
    )
    said = "It usually takes 4 working hours. The team works: Mon-Fri 8-16. Urgent: No invoice."
    assert when_words(fault, where, found.estate) == said
    assert customer_text(fault.advice, "en").text.endswith("We are correcting it. It usually takes 4 working hours.")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("javascript:alert(1)", '"javascript:alert(1)" is not an address'),
        ("https://x.example/{ix}", 'url names "ix", which is no field of this system'),
    ],
)
def test_an_address_that_is_none_is_a_problem(url: str, said: str, memory: Callable[..., Memory]) -> None:
    with pytest.raises(EstateError) as raised:
        memory({"a.e": {**KEYED, "repair": {"url": url}}}, [], {})
    assert [problem.message for problem in raised.value.problems] == [said]


def test_a_second_reading_asks_again_for_what_the_fault_hangs_on_and_for_nothing_else(
    memory: Callable[..., Memory],
) -> None:
    rows = {"a.e": [{"id": "1", "x": "new"}], "b.e": [{"id": "1", "x": "old"}], "c.e": [{"id": "1", "x": "new"}]}
    flows = [*_flows("a.e", "b.e"), *_flows("a.e", "c.e")]
    found = memory(dict.fromkeys(rows, KEYED), flows, rows)
    asked: list[str] = []
    ask = found.ask

    def noting(questions: Sequence[StoreQuestion]) -> list[StoreAnswer]:
        asked.extend(question.entity.system for question in questions)
        return ask(questions)

    found.ask = noting  # type: ignore[method-assign]  # looked at for this test
    assert _roots(found.look("a.e/1")) == ["b.e"]
    assert {name: asked.count(name) for name in "abc"} == {"a": 2, "b": 2, "c": 1}


def test_money_counts_with_what_must_be_held_and_what_is_missed_is_named(memory: Callable[..., Memory]) -> None:
    numbers = {"id": TEXT, "x": TEXT, "due": {"type": "decimal"}}
    impact = {"text": "No invoice is sent.", "missed": {"letters.invoice": "Invoice"}, "money": {"due": "EUR"}}
    entity = {"key": "id", "fields": numbers}
    rows = {"a.e": [{"id": "1", "x": "new", "due": Decimal("12.50")}], "b.e": []}
    flows = [{"from": f"a.e.{name}", "to": f"b.e.{name}"} for name in numbers]
    where = memory({"a.e": entity, "b.e": {**entity, "impact": impact}}, flows, rows).look("a.e/1")
    (fault,) = where.faults
    assert money_at_stake(fault, where.stops) == {"EUR": Decimal("12.50")}
    assert {action: str(title) for action, title in missed_meanwhile(fault).items()} == {"letters.invoice": "Invoice"}


def test_a_record_that_breaks_a_rule_is_not_called_well_where_every_flow_is(memory: Callable[..., Memory]) -> None:
    """The robot does what it likes: no flow says what it must hold, and the rule alone knows that it went wrong."""
    dates = {"id": TEXT, "x": {"type": "date"}}
    rows = {"a.e": [{"id": "1", "x": date(2026, 6, 15)}], "b.e": [{"id": "1", "x": date(2026, 5, 18)}]}
    flows = [{"from": "a.e.id", "to": "b.e.id"}]
    entity = {"key": "id", "fields": dates}
    found = memory({"a.e": entity, "b.e": entity}, flows, rows)
    assert found.look("a.e/1").is_well
    (found.estate.root / "rules").mkdir()
    rule = {"amount": "b.e.x", "asked": "a.e.x"}
    (found.estate.root / "rules" / "r.yaml").write_text(json.dumps({"rules": [rule]}), encoding="utf-8")
    found.estate = load_estate(found.estate.root)
    where = found.look("a.e/1")
    assert not where.is_well
    assert [(each.kind, each.deviation) for each in where.broken] == [("amount", "too early")]
    told = record_headline(RecordAnswer(found.estate, where, ()))
    assert told.endswith("1 thing is wrong.")
