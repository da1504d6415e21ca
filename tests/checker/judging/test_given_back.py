"""What other views of a value give back of one that is altered, and what they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.diff.diff import diff
from fieldline.checker.verdict.check import check

from ...properties.estates import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

Tree = dict[str, Any]

WEB = {"name": {"type": "text", "max_length": 30}, "st": {"type": "text", "one_of": ["a", "b"], "required": True}}
CUT = {"type": "text", "max_length": 10, "on_violation": "truncate"}
FREE = {"type": "text"}
STORED = [{"from": "web.e.name", "to": "t.e.name"}, {"from": "web.e.name", "to": "t.e.rest"}]
A_ALONE = "st = 'a'"


def estate(flows: list[Tree], web: Mapping[str, Tree] = WEB, /, **systems: Mapping[str, Tree]) -> Written:
    return Written(
        {
            name: {"system": name, "entities": {"e": {"kind": "entry" if name == "web" else "table", "fields": fields}}}
            for name, fields in {"web": dict(web), **{k: dict(v) for k, v in systems.items()}}.items()
        },
        flows,
    )


def lost(written: Written) -> list[tuple[str, str]]:
    found = check(written.load()).findings
    return [(f.verdict, str(f.binding.field)) for f in found if f.rule == "loss" and f.binding]


def newly(before: Written, after: Written) -> list[tuple[str, str, str]]:
    found = diff(before.load(), after.load()).findings
    return [(f.rule, f.verdict, str(f.binding.field)) for f in found if f.binding]


def to(target: str, source: str = "web.e.name", **more: object) -> Tree:
    return {"from": source, "to": target, **more}


def test_a_storage_cuts_what_another_field_of_the_record_holds_whole() -> None:
    assert lost(estate(STORED, t={"name": CUT, "rest": {"type": "text", "max_length": 30}})) == []


def test_two_storages_that_both_cut_do_not_excuse_each_other() -> None:
    short = {**CUT, "max_length": 5}
    assert {verdict for verdict, _ in lost(estate(STORED, t={"name": CUT, "rest": short}))} == {"refuted"}


@pytest.mark.parametrize("cut", [{"via": [{"truncate": 10}]}, {}])
def test_it_is_held_whole_beside_it_though_both_come_through_another_system(cut: Tree) -> None:
    through = [
        to("m.e.name"),
        to("m.e.rest"),
        to("t.e.name", "m.e.name", **cut),
        to("t.e.rest", "m.e.rest"),
    ]
    assert lost(estate(through, m={"name": FREE, "rest": FREE}, t={"name": FREE if cut else CUT, "rest": FREE})) == []


@pytest.mark.parametrize(
    "steps",
    [
        [
            [{"map": {"values": {"a": "b"}, "otherwise": "keep"}}],
            [{"map": {"values": {"b": "a"}, "otherwise": "keep"}}],
        ],
        [[{"replace": {"characters": {"a": "b"}}}], [{"replace": {"characters": {"b": "a"}}}]],
    ],
)
def test_two_views_that_each_make_what_the_other_alters_do_not_excuse_each_other(steps: list[Any]) -> None:
    flows = [to("t.e.name", via=steps[0]), to("t.e.rest", via=steps[1])]
    web = {"name": {"type": "text", "max_length": 5, "required": True}}
    assert "refuted" in {verdict for verdict, _ in lost(estate(flows, web, t={"name": FREE, "rest": FREE}))}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"truncate": 10}, {"remove": {"characters": "0123456789"}}),
        ({"truncate": 10}, {"default": "none"}),
        ({"truncate": 10}, {"map": {"values": {"x": "y"}, "otherwise": "keep"}}),
    ],
)
def test_views_that_cannot_make_what_the_other_alters_give_it_back(first: Tree, second: Tree) -> None:
    """Of a long text the second view has all; of a text that the second alters the first has all, where it is short."""
    flows = [to("t.e.name", via=[first]), to("t.e.rest", via=[second])]
    web = {"name": {"type": "text", "pattern": "[a-z]{12}|x"}}
    assert lost(estate(flows, web, t={"name": FREE, "rest": FREE})) == []


@pytest.mark.parametrize("cut", [{"via": [{"truncate": 10}]}, {}])
def test_a_copy_that_gets_a_condition_gives_back_no_more(cut: Tree) -> None:
    fields = {"name": FREE if cut else CUT, "rest": FREE}
    before, after = (
        estate([to("t.e.name", **cut), to("t.e.rest", **when)], t=fields) for when in ({}, {"when": A_ALONE})
    )
    assert ("newly-lost", "refuted", "t.e.name") in newly(before, after)
    assert all(rule != "newly-lost" for rule, _, _ in newly(after, before))


@pytest.mark.parametrize("last", [True, False])
def test_so_does_one_on_the_way_through_another_system(last: bool) -> None:
    def through(*, filtered: bool) -> Written:
        first = {"when": A_ALONE} if filtered and not last else {}
        second = {"when": A_ALONE} if filtered and last else {}
        flows = [
            to("m.e.name"),
            to("m.e.rest", **first),
            to("m.e.st", "web.e.st"),
            to("t.e.name", "m.e.name"),
            to("t.e.rest", "m.e.rest", **second),
        ]
        return estate(flows, m={"name": FREE, "rest": FREE, "st": FREE}, t={"name": CUT, "rest": FREE})

    assert ("newly-lost", "refuted", "t.e.name") in newly(through(filtered=False), through(filtered=True))


def test_a_loss_that_was_in_doubt_before_and_is_proved_now_is_told() -> None:
    like_a = "name like 'a%'"
    before, after = (
        estate([to("t.e.name"), to("t.e.rest", when=when)], t={"name": CUT, "rest": FREE}) for when in (like_a, A_ALONE)
    )
    found = [f for f in diff(before.load(), after.load()).findings if f.rule == "newly-lost"]
    assert [f.verdict for f in found] == ["refuted"]


FEW = {"name": {"type": "text", "one_of": ["a", "b", "ab", "ba"], "required": True}}
SECOND, THIRD = ({"substring": {"start": start, "length": 1}} for start in (2, 3))
FIRST = {"truncate": 1}
A_ALONE_KEPT = {"map": {"values": {"a": "a"}, "otherwise": "null"}}


def test_two_records_that_only_the_version_after_makes_equal_lose_something_new() -> None:
    """Both versions alter `ab` in the same place: before it was null there, and `a` was not."""
    fields = {"name": {**CUT, "max_length": 1}, "rest": FREE}
    before, after = (
        estate([to("t.e.name", via=steps), to("t.e.rest", via=[FIRST])], FEW, t=fields)
        for steps in ([{"truncate": 2}, A_ALONE_KEPT], [{"truncate": 2}])
    )
    assert ("newly-lost", "refuted", "t.e.name") in newly(before, after)


def test_an_alteration_at_another_field_is_new_though_as_much_was_altered_before() -> None:
    before, after = (
        estate(
            [to("t.e.name", via=[step]), to("m.e.rest"), to("t.e.rest", "m.e.rest", via=[THIRD])],
            FEW,
            m={"rest": FREE},
            t={"name": FREE, "rest": FREE},
        )
        for step in (FIRST, SECOND)
    )
    assert ("newly-lost", "refuted", "t.e.name") in newly(before, after)


def test_what_another_system_cuts_now_is_new_though_no_other_value_becomes_the_same() -> None:
    web = {"name": {"type": "text", "one_of": ["abcdefghijk"]}}
    before, after = (
        estate([to("t.e.name"), to("m.e.name")], web, t={"name": first}, m={"name": second})
        for first, second in ((CUT, FREE), (FREE, CUT))
    )
    assert ("newly-lost", "refuted", "m.e.name") in newly(before, after)
