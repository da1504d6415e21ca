"""What a comparison found, as the page of a change shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldline.checker.diff.diff import diff
from fieldline.documents.names import FieldName
from fieldline.reports.page.changes import ShownChange, shown_changes

from ...names import names
from ...properties.estates import Written

if TYPE_CHECKING:
    from fieldline.estate.load import Estate

FLOW = {"from": "web.e.f", "to": "db.e.f"}


def estate(field: dict[str, Any], flows: list[dict[str, Any]], **more: dict[str, Any]) -> Estate:
    systems = {"web": {"f": {"type": "text", "max_length": 40}}, "db": {"f": {"type": "text", **field}, **more}}
    contracts = {
        name: {"system": name, "entities": {"e": {"kind": "entry" if name == "web" else "table", "fields": fields}}}
        for name, fields in systems.items()
    }
    return Written(contracts, flows).load()


def test_a_rule_that_became_stricter_is_shown_with_the_entries_it_reaches() -> None:
    before, after = estate({"max_length": 40}, [FLOW]), estate({"max_length": 30}, [FLOW])
    words = ("at most 40 characters", "at most 30 characters")
    assert shown_changes(diff(before, after)) == (
        ShownChange("tightened", f"max_length: {words[1]}", FieldName.read("db.e.f"), *words, names("web.e.f")),
    )
    assert shown_changes(diff(after, before)) == (
        ShownChange("loosened", f"max_length: {words[0]}", FieldName.read("db.e.f"), *words[::-1], names("web.e.f")),
    )


def test_what_came_and_what_went_is_shown_as_that() -> None:
    without, whole = estate({}, []), estate({}, [FLOW], g={"type": "integer"})
    came, went = shown_changes(diff(without, whole)), shown_changes(diff(whole, without))
    assert {(change.kind, str(change.field)) for change in came} == {("added", "db.e.g"), ("added", "db.e.f")}
    assert {(change.kind, str(change.field), change.after) for change in went} == {
        ("removed", "db.e.g", None),
        ("removed", "db.e.f", None),
    }


def test_a_table_that_an_entry_is_joined_with_is_none_of_the_entries_a_change_reaches() -> None:
    flows = [{"from": "web.e.f", "to": "mid.e.f"}, {"from": ["mid.e.f", "mid.e.g"], "to": "db.e.f", "via": ["concat"]}]

    def joined(longest: int) -> Estate:
        text = {"type": "text", "max_length": 9}
        fields = {
            "web": {"f": text},
            "mid": {"f": text, "g": {"type": "text", "required": True}},
            "db": {"f": {"type": "text", "max_length": longest}},
        }
        contracts = {
            name: {"system": name, "entities": {"e": {"kind": "entry" if name == "web" else "table", "fields": own}}}
            for name, own in fields.items()
        }
        return Written(contracts, flows).load()

    for change in shown_changes(diff(joined(30), joined(5))):
        assert {str(name) for name in change.reaches} <= {"web.e.f"}
