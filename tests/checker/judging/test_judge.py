"""Judging: proved, refuted by a record that was seen to fail, or not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.checker.judging.failures import failures
from fieldline.checker.preconditions.obligation import OwnConstraint
from fieldline.checker.preconditions.routes import shortest_routes
from fieldline.documents.names import FieldName

from ...names import by_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context
    from fieldline.checker.judging.judgement import Judgement

TEXT = {"type": "text"}
WEB = {"type": "text", "max_length": 9}


def judged(context: Context, field: str, constraint: str) -> list[Judgement]:
    """What is judged of the demands on entries that come from one constraint."""
    return [
        context.judge.judge(obligation, origin, entity.full_name)
        for entity in context.graph.entries
        for obligation in context.obligations(entity)
        for origin in shortest_routes(obligation)
        if isinstance(origin, OwnConstraint) and (str(origin.field.full_name), origin.name) == (field, constraint)
    ]


@pytest.mark.parametrize(("limit", "verdict"), [(9, "proved"), (8, "refuted")])
def test_the_values_the_entry_accepts_decide(context: Callable[..., Context], limit: int, verdict: str) -> None:
    flows = [{"from": "in1.e.a", "to": "c.e.a"}]
    found = context(flows, in1={"a": WEB}, c={"a": {"type": "text", "max_length": limit}})
    assert [j.verdict for j in judged(found, "c.e.a", "max_length")] == [verdict]


def test_a_record_rejected_on_the_way_proves_nothing_and_another_is_sought(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "b.e.a"}, {"from": "b.e.a", "to": "c.e.a"}]
    found = context(
        flows,
        in1={"a": WEB},
        b={"a": {"type": "text", "pattern": "[0-9]*"}},
        c={"a": {"type": "text", "pattern": "[0-4]*"}},
    )
    (judgement,) = judged(found, "c.e.a", "pattern")
    assert judgement.verdict == "refuted"
    assert judgement.record is not None
    assert str(judgement.record[FieldName.read("in1.e.a")]).isdigit()
    assert [str(hop.field) for hop in judgement.hops] == ["in1.e.a", "b.e.a", "c.e.a"]


def test_it_is_proved_where_every_failing_record_is_rejected_earlier(context: Callable[..., Context]) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a", "via": [{"truncate": 9}]},
        {"from": "b.e.a", "to": "c.e.a", "via": ["lower"]},
    ]
    found = context(
        flows,
        in1={"a": WEB},
        b={"a": {"type": "text", "pattern": "[0-9]*"}},
        c={"a": {"type": "text", "pattern": "[0-9b]*"}},
    )
    assert {j.verdict for j in judged(found, "c.e.a", "pattern")} <= {"proved"}


def test_the_unknown_is_tried_and_a_failure_found_is_a_proof(context: Callable[..., Context]) -> None:
    flows = [
        {"from": "in1.e.a", "to": "b.e.a"},
        {"from": "in1.e.b", "to": "b.e.b", "when": "in1.e.a IS NOT NULL"},
        {"from": ["b.e.a", "b.e.b"], "to": "c.e.a", "via": ["concat"]},
    ]
    short = {"type": "text", "max_length": 3}
    found = context(flows, in1={"a": short, "b": short}, b={"a": TEXT, "b": TEXT}, c={"a": short})
    assert "refuted" in {j.verdict for j in judged(found, "c.e.a", "max_length")}


def test_a_field_that_is_joined_with_itself_holds_one_value(context: Callable[..., Context]) -> None:
    flows = [{"from": ["in1.e.a", "in1.e.a"], "to": "c.e.a", "via": ["concat"]}]
    found = context(
        flows,
        in1={"a": {"type": "text", "required": True, "pattern": "a|bb"}},
        c={"a": {"type": "text", "max_length": 3}},
    )
    (judgement,) = judged(found, "c.e.a", "max_length")
    assert (judgement.verdict, judgement.record) == ("refuted", by_name({"in1.e.a": "bb"}))
    never = context(
        flows,
        in1={"a": {"type": "text", "required": True, "pattern": "a|bb"}},
        c={"a": {"type": "text", "not_one_of": ["abb"]}},
    )
    assert {j.verdict for j in judged(never, "c.e.a", "not_one_of")} <= {"unknown", "proved"}
    assert "refuted" not in {j.verdict for j in judged(never, "c.e.a", "not_one_of")}


def test_a_failure_is_reported_once_with_its_shortest_proof(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.a", "to": "c.e.a", "via": [{"prefix": "xxx"}]}, {"from": "in1.e.a", "to": "c.e.a"}]
    found = context(flows, in1={"a": WEB}, c={"a": {"type": "text", "max_length": 5}})
    (entity,) = found.graph.entries
    (failure,) = failures(found, entity, "refuse")
    assert failure.judgement.record == by_name({"in1.e.a": "abc"})
    assert (str(failure.binding.field), failure.binding.constraint) == ("c.e.a", "max_length")
    assert failures(found, entity, "alter") == []
