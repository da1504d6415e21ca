"""What is lost of a value depends on what else its record holds: a flow with a condition gives it back in some records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.rules.loss import LOSS_RULE

from ...names import by_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.finding import Finding
    from fieldline.checker.judging.context import Context

    Estates = Callable[..., Context]

TEXT: dict[str, Any] = {"type": "text"}
NAME: dict[str, Any] = {"type": "text", "pattern": "[a-z]{1,9}", "required": True}
FEW: dict[str, Any] = {"type": "text", "one_of": ["abcd", "abce"], "required": True}
"""All of them can be tried, so what is not found is proved not to be."""
KIND: dict[str, Any] = {"type": "text", "one_of": ["A", "B", "C"]}
CUT: list[Any] = [{"truncate": 3}]


def lost(context: Context) -> list[Finding]:
    return [finding for finding in LOSS_RULE.check(context) if finding.binding and finding.binding.constraint != "when"]


def whole_where(context: Estates, condition: str, kind: dict[str, Any], *, cut_where: str | None = None) -> Context:
    """A name that is cut in one field, and stands whole in another where a condition is met."""
    cut = {"from": "in1.e.c", "to": "s.e.c", "via": CUT} | ({"when": cut_where} if cut_where else {})
    flows = [cut, {"from": "in1.e.c", "to": "s.e.d", "when": condition}]
    return context(flows, in1={"c": NAME, "k": kind}, s={"c": TEXT, "d": TEXT})


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("in1.e.k IS NULL", {**KIND, "required": True}),
        ("in1.e.k IS NULL", KIND),
        ("in1.e.k = 'A' OR in1.e.k IS NULL", KIND),
        ("(in1.e.k = 'A') IS NOT TRUE", KIND),
        ("COALESCE(in1.e.k, '') <> 'A'", KIND),
    ],
)
def test_a_value_is_lost_in_the_records_that_do_not_give_it_back(
    context: Estates, condition: str, kind: dict[str, Any]
) -> None:
    (finding,) = lost(whole_where(context, condition, kind))
    assert finding.verdict == "refuted"
    record = finding.witness
    assert record is not None
    assert len(str(record[next(name for name in record if name.field == "c")])) > 3
    assert any(name.field == "k" for name in record)


def test_a_record_within_the_condition_of_the_cut_is_tried(context: Estates) -> None:
    (finding,) = lost(whole_where(context, "in1.e.k = 'A'", KIND, cut_where="in1.e.k IN ('A', 'B')"))
    assert finding.witness == by_name({"in1.e.c": "abcd", "in1.e.k": "B"})


@pytest.mark.parametrize("condition", ["in1.e.k IN ('A', 'B')", "in1.e.k = 'A'", "in1.e.k IS NOT NULL"])
def test_what_is_given_back_whenever_it_is_cut_is_not_lost(context: Estates, condition: str) -> None:
    assert lost(whole_where(context, condition, KIND, cut_where="in1.e.k = 'A'")) == []


def behind_a_store(context: Estates, condition: str, kind: dict[str, Any]) -> Context:
    flows = [
        {"from": "in1.e.c", "to": "s.e.c"},
        {"from": "in1.e.k", "to": "s.e.k"},
        {"from": "s.e.c", "to": "t.e.c", "via": CUT},
        {"from": "s.e.c", "to": "t.e.d", "when": condition},
    ]
    return context(flows, in1={"c": NAME, "k": kind}, s={"c": TEXT, "k": KIND}, t={"c": TEXT, "d": TEXT})


def test_a_condition_downstream_is_met_or_not_by_what_the_entry_sent(context: Estates) -> None:
    (finding,) = lost(behind_a_store(context, "s.e.k IS NULL", KIND))
    assert finding.witness == by_name({"in1.e.c": "abcd", "in1.e.k": "A"})


def test_a_condition_downstream_that_every_record_meets_refutes_nothing(context: Estates) -> None:
    (finding,) = lost(behind_a_store(context, "s.e.k IS NOT NULL", {**KIND, "required": True}))
    assert finding.verdict == "unknown"
    assert "given back there by a flow with a condition" in (finding.reason or "")


def test_a_record_that_its_entry_rejects_proves_no_loss(context: Estates) -> None:
    kind = {**KIND, "one_of": ["A", "B"], "required": {"when": "in1.e.c <> ''"}}
    (finding,) = lost(whole_where(context, "in1.e.k IN ('A', 'B')", kind))
    assert finding.verdict == "unknown"


def test_each_of_two_conditions_downstream_may_be_unmet_and_both_at_once(context: Estates) -> None:
    flows = [
        {"from": "in1.e.c", "to": "s.e.c"},
        {"from": "in1.e.k", "to": "s.e.k", "via": ["lower"]},
        {"from": "s.e.c", "to": "t.e.c", "via": CUT},
        {"from": "s.e.c", "to": "t.e.d", "when": "s.e.k = 'a'", "engine": "postgres"},
        {"from": "s.e.c", "to": "t.e.g", "when": "s.e.k = 'b'", "engine": "postgres"},
    ]
    kind = {"type": "text", "required": True, "one_of": ["A", "C", "b"]}
    (finding,) = lost(
        context(flows, in1={"c": FEW, "k": kind}, s={"c": TEXT, "k": TEXT}, t={"c": TEXT, "d": TEXT, "g": TEXT})
    )
    assert finding.verdict == "unknown", "C, as c, meets neither: it must not be called safe"


@pytest.mark.parametrize(
    ("condition", "verdicts"), [("(in1.e.k = 'x') IS NOT TRUE", []), ("in1.e.k = 'A'", ["refuted"])]
)
def test_a_field_that_its_entry_requires_in_such_a_record_is_not_left_empty(
    context: Estates, condition: str, verdicts: list[str]
) -> None:
    kind = {**KIND, "required": {"when": "in1.e.c <> ''"}}
    flows = [
        {"from": "in1.e.c", "to": "s.e.c", "via": CUT},
        {"from": "in1.e.c", "to": "s.e.d", "when": condition, "engine": "postgres"},
    ]
    found = lost(context(flows, in1={"c": FEW, "k": kind}, s={"c": TEXT, "d": TEXT}))
    assert [finding.verdict for finding in found] == verdicts
    assert all(finding.witness and len(finding.witness) == 2 for finding in found), "k is filled in"
