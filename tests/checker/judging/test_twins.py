"""What becomes equal at a step is lost only where records come to that step: a condition may keep the value from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.verdict.check import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context

TEXT = {"type": "text", "max_length": 9}


def lost(context: Callable[..., Context], *flows: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
    written = [{"from": "in1.e.id", "to": "b.e.id"}, *({"from": "in1.e.a", "to": "b.e.a", **flow} for flow in flows)]
    estate = context(written, in1={"id": TEXT, "a": TEXT}, b={"id": TEXT, "a": TEXT}).estate
    findings = [finding for finding in check(estate).findings if finding.rule == "loss"]
    return [(each.verdict, each.witness and {n.field: v for n, v in each.witness.items()}) for each in findings]


def test_a_step_that_one_value_alone_comes_to_loses_nothing(context: Callable[..., Context]) -> None:
    held = {"when": "in1.e.a IS NOT NULL"}
    assert lost(context, held, {"via": [{"constant": {}}], "when": "in1.e.a IS NULL"}) == []
    assert (
        lost(context, {"when": "in1.e.a <> 'x' OR in1.e.a IS NULL"}, {"via": ["upper"], "when": "in1.e.a = 'x'"}) == []
    )


@pytest.mark.parametrize("others", [({"when": "in1.e.a = 'z'"},), ()])
def test_values_that_do_come_to_it_are_lost(
    context: Callable[..., Context], others: tuple[dict[str, Any], ...]
) -> None:
    constant = {"via": [{"constant": "k"}], "when": "in1.e.a IN ('x', 'y')"}
    found = lost(context, constant, *others)
    assert ("refuted", {"a": "x"}) in found or ("refuted", {"a": "y"}) in found


NAME = {"type": "text", "pattern": "[A-Z][a-z]+( [A-Z][a-z]+){0,1}"}
PARTED = {"from": "in1.e.a", "to": ["b.e.x", "b.e.y"], "via": [{"split": {"delimiter": " "}}]}


@pytest.mark.parametrize(
    ("sources", "separator", "pattern", "verdicts"),
    [
        (["b.e.x", "b.e.y"], " ", NAME["pattern"], []),
        (["b.e.y", "b.e.x"], ", ", NAME["pattern"], []),
        (["b.e.y", "b.e.x"], "", NAME["pattern"], ["unknown"]),
        (["b.e.x", "b.e.y"], " ", "[A-Z][a-z]+( [A-Z][a-z]+){0,2}", ["refuted"]),
    ],
)
def test_parts_that_are_joined_again_give_the_whole_back_where_each_ends_at_a_delimiter(
    context: Callable[..., Context], sources: list[str], separator: str, pattern: str, verdicts: list[str]
) -> None:
    join = {"from": sources, "to": "c.e.z", "via": [{"concat": {"separator": separator}}]}
    fields = {"x": {"type": "text"}, "y": {"type": "text"}}
    found = context([PARTED, join], in1={"a": {**NAME, "pattern": pattern}}, b=fields, c={"z": {"type": "text"}})
    losses = {each.verdict for each in check(found.estate).findings if each.rule == "loss"}
    assert sorted(losses) == verdicts


def test_an_unknown_loss_says_what_engines_make_of_a_value(context: Callable[..., Context]) -> None:
    padded = {"from": "in1.e.a", "to": "b.e.a", "via": [{"pad": {"length": 8}}]}
    (found,) = [f for f in check(context([padded], in1={"a": TEXT}, b={"a": TEXT}).estate).findings if f.rule == "loss"]
    assert found.verdict == "unknown"
    assert found.reason == '"abcdefghi": pad makes of "abcdefghi" in PostgreSQL "abcdefgh", in Python "abcdefghi"'


@pytest.mark.parametrize(
    ("first", "last", "lost"),
    [
        ("1950-01-01", "2049-12-31", []),
        ("1950-06-01", "2050-06-01", ["refuted"]),
        ("1950-06-01", "2050-05-31", ["unknown"]),  # no date twice, in more than a hundred years of the calendar
        ("1900-01-01", "2030-12-31", ["refuted"]),
    ],
)
def test_two_digits_of_a_year_lose_the_century_where_dates_of_several_are_sent(
    context: Callable[..., Context], first: str, last: str, lost: list[str]
) -> None:
    flow = {"from": "in1.e.d", "to": "b.e.d", "via": [{"cast": {"to": "text", "format": "%y%m%d"}}]}
    entered = {"type": "date", "min": first, "max": last}
    found = check(context([flow], in1={"d": entered}, b={"d": {"type": "text"}}).estate).findings
    assert [each.verdict for each in found if each.rule == "loss"] == lost


def test_a_date_that_is_read_again_as_one_of_another_century_is_lost(context: Callable[..., Context]) -> None:
    short = {"from": "in1.e.d", "to": "b.e.d", "via": [{"cast": {"to": "text", "format": "%y%m%d"}}]}
    for first, lost in ((1950, []), (1970, ["1960-01-01"])):
        read = {"cast": {"to": "date", "format": "%y%m%d", "first_year": first}}
        flows = [short, {"from": "b.e.d", "to": "c.e.d", "via": [read]}]
        entered = {"type": "date", "min": "1960-01-01", "max": "2040-12-31"}
        estate = context(flows, in1={"d": entered}, b={"d": {"type": "text"}}, c={"d": {"type": "date"}}).estate
        losses = [each for each in check(estate).findings if each.rule == "loss"]
        assert [str(*(each.witness or {}).values()) for each in losses] == lost
