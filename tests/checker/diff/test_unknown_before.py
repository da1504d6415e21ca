"""What was unknown, or failed for all, before a change: the change is told where it can make it worse, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from fieldline.checker.diff.diff import diff

from ...properties.estates import Written

Tree = dict[str, Any]

JOB = [{"opaque": "some job"}]
BASE: dict[str, dict[str, Tree]] = {
    "web": {"name": {"type": "text", "max_length": 30}},
    "m": {"name": {"type": "text", "max_length": 30}},
    "t": {"name": {"type": "text", "max_length": 20}, "k": {"type": "text", "unique": True}},
}
FLOWS: list[Tree] = [
    {"from": "web.e.name", "to": "m.e.name"},
    {"from": "m.e.name", "to": "t.e.name", "via": JOB},
    {"from": "m.e.name", "to": "t.e.k", "via": JOB},
]


def estate(fields: dict[str, dict[str, Tree]], flows: list[Tree], key: str | None = None) -> Written:
    return Written(
        {
            name: {
                "system": name,
                "entities": {
                    "e": {
                        "kind": "entry" if name == "web" else "table",
                        **({"key": key} if key and name == "t" else {}),
                        "fields": own,
                    }
                },
            }
            for name, own in fields.items()
        },
        flows,
    )


def told(before: Written, after: Written) -> set[tuple[str, str]]:
    return {(f.rule, f.verdict) for f in diff(before.load(), after.load()).findings}


def of_field(system: str, name: str, **rules: object) -> dict[str, dict[str, Tree]]:
    return {**BASE, system: {**BASE[system], name: {**BASE[system][name], **rules}}}


def of_flow(place: int, **more: object) -> list[Tree]:
    return [{**flow, **more} if i == place else flow for i, flow in enumerate(FLOWS)]


@pytest.mark.parametrize(
    ("fields", "flows"),
    [
        (BASE, of_flow(0, accept_loss=True)),
        (of_field("t", "name", max_length=25), FLOWS),
        (of_field("m", "name", max_length=20), FLOWS),
    ],
    ids=["loss is accepted", "wider after the job", "narrower before the job"],
)
def test_what_can_make_nothing_worse_behind_a_job_is_no_new_doubt(
    fields: dict[str, dict[str, Tree]], flows: list[Tree]
) -> None:
    rules = {rule for rule, verdict in told(estate(BASE, FLOWS), estate(fields, flows)) if verdict == "unknown"}
    assert rules.isdisjoint({"newly-refused", "newly-colliding"})


@pytest.mark.parametrize(
    ("fields", "flows", "rule"),
    [
        (of_field("t", "name", max_length=15), FLOWS, "newly-refused"),
        (of_field("t", "name", pattern="[a-z]*"), FLOWS, "newly-refused"),
        (BASE, of_flow(0, via=["upper"]), "newly-refused"),
        (BASE, of_flow(0, via=["upper"]), "newly-colliding"),
        (of_field("web", "name", max_length=40), FLOWS, "newly-colliding"),
    ],
)
def test_what_can_make_something_worse_there_is(
    fields: dict[str, dict[str, Tree]], flows: list[Tree], rule: str
) -> None:
    assert (rule, "unknown") in told(estate(BASE, FLOWS), estate(fields, flows))


CODE = {"name": {"type": "text", "required": True}, "code": {"type": "text", "required": True}}
NAME, SENT = {"from": "web.e.name", "to": "t.e.name"}, {"from": "web.e.code", "to": "t.e.code"}


def test_a_flow_to_a_field_that_all_records_lacked_refuses_none_that_was_fine() -> None:
    web = {"name": {"type": "text", "max_length": 9, "required": True}, "code": {"type": "text", "max_length": 9}}
    before, after = (estate({"web": web, "t": CODE}, flows, "name") for flows in ([NAME], [NAME, SENT]))
    assert ("newly-refused", "refuted") not in told(before, after)
    assert ("newly-refused", "refuted") in told(after, before)


def test_another_field_that_it_lacked_before_is_no_excuse() -> None:
    web = {"name": {"type": "text", "max_length": 9, "required": True}, "code": {"type": "text", "max_length": 9}}
    shorter = {**CODE, "name": {"type": "text", "required": True, "max_length": 5}}
    before, after = (estate({"web": web, "t": own}, [NAME], "name") for own in (CODE, shorter))
    assert any(rule == "newly-refused" for rule, _ in told(before, after))


A_HAS_CODE = {"type": "text", "required": {"when": "st = 'a'"}}


def with_code(*, entered: bool) -> Written:
    """A code that only some records need; the entry has the field, or has it not."""
    web: dict[str, Tree] = {
        "name": {"type": "text", "max_length": 9, "required": True},
        "st": {"type": "text", "one_of": ["a", "b"]},
        **({"code": {"type": "text", "one_of": ["x"]}} if entered else {}),
    }
    table: dict[str, Tree] = {"name": {"type": "text"}, "st": {"type": "text"}, "code": A_HAS_CODE}
    flows: list[Tree] = [{"from": f"web.e.{name}", "to": f"t.e.{name}"} for name in web]
    return estate({"web": web, "t": table}, flows)


def test_a_new_entry_field_that_may_be_empty_refuses_none_that_was_fine() -> None:
    """Every record that needs a code was refused before."""
    assert told(with_code(entered=False), with_code(entered=True)) == {("resolved", "proved")}


def test_an_entry_field_that_is_gone_resolves_nothing() -> None:
    found = told(with_code(entered=True), with_code(entered=False))
    assert ("newly-refused", "refuted") in found
    assert "resolved" not in {rule for rule, _ in found}
