"""What a system fills in a field itself: read from a contract, written out again, and held to the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.contracts.read import read_contracts
from fieldline.documents.problem import Problems
from fieldline.documents.readings import Readings
from fieldline.documents.yaml_events import read
from fieldline.formats.sources import CONTRACT
from fieldline.reports.export.contract_yaml import contract_yaml

if TYPE_CHECKING:
    from fieldline.contracts.model import Contracts, Fill


def loaded(source: str) -> tuple[Contracts, list[str]]:
    problems = Problems()
    tree = read(source, "contracts/s.yaml", problems)
    assert tree is not None
    contracts = read_contracts([tree], CONTRACT, problems, Readings())
    return contracts, [f"{p.location.line}:{p.location.column}: {p.message}" for p in problems.all() if p.location]


def fill(field: str) -> Fill | None:
    contracts, problems = loaded(f"system: s\nentities: {{e: {{fields: {{f: {field}}}}}}}\n")
    assert not problems
    (only,) = contracts.fields.values()
    return only.fill


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{type: text, default: FI}", ("default", "FI", None, "accepted")),
        ("{type: text, default: {value: FI}}", ("default", "FI", None, "accepted")),
        ('{type: text, default: ""}', ("default", "", None, "accepted")),
        ("{type: integer, default: 0}", ("default", 0, None, "accepted")),
        ("{type: boolean, default: false}", ("default", False, None, "accepted")),
        ("{type: datetime, default: {expression: now()}}", ("default", None, "now()", "accepted")),
        ("{type: text, generated: a || b}", ("generated", None, "a || b", "rejected")),
        ("{type: text, generated: true}", ("generated", None, None, "rejected")),
        ("{type: integer, identity: always}", ("identity", None, None, "rejected")),
        ("{type: integer, identity: by_default}", ("identity", None, None, "accepted")),
    ],
)
def test_a_field_says_what_the_system_puts_there(field: str, expected: tuple[object, ...]) -> None:
    said = fill(field)
    assert said is not None
    assert (said.by, said.value, said.expression, said.sent) == expected


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("{type: text, max_length: 1, default: FI}", 'the default "FI" does not meet max_length (at most 1 character)'),
        ("{type: text, one_of: [SE], default: FI}", 'the default "FI" does not meet one_of (only SE)'),
        ("{type: integer, default: x}", '"x" is not a whole number'),
        ("{type: text, identity: always}", "identity does not apply to a field of type text"),
        ("{type: integer, identity: always, default: 1}", 'the key "identity" cannot stand beside "default"'),
        ("{type: integer, identity: always, generated: x}", 'the key "identity" cannot stand beside "generated"'),
        ("{type: text, default: {value: a, expression: b}}", 'the key "expression" cannot stand beside "value"'),
    ],
)
def test_a_fill_that_makes_no_sense_is_a_problem(field: str, problem: str) -> None:
    _, problems = loaded(f"system: s\nentities: {{e: {{fields: {{f: {field}}}}}}}\n")
    assert [each.partition(": ")[2] for each in problems] == [problem]


def test_what_fills_an_entity_fills_each_of_its_fields_that_does_not_say_otherwise() -> None:
    fields = "{a: {type: text}, b: {type: text, filled_by: a clerk}}"
    source = f"system: s\nentities: {{e: {{filled_by: a loader, fields: {fields}}}}}\n"
    contracts, problems = loaded(source)
    assert not problems
    assert [field.filled_by for field in contracts.fields.values()] == ["a loader", "a clerk"]


def test_only_a_required_field_that_nothing_else_fills_is_left_to_flows() -> None:
    fields = "a: {type: text}, b: {type: text, required: true}, c: {type: text, required: true, default: x}"
    more = "d: {type: integer, required: true, identity: always}, e: {type: text, required: true, filled_by: x}"
    contracts, _ = loaded(f"system: s\nentities: {{e: {{fields: {{{fields}, {more}}}}}}}\n")
    assert [field.name for field in contracts.fields.values() if field.is_left_to_flows] == ["b"]


def test_what_is_written_out_is_read_again_as_it_was() -> None:
    source = """system: s
entities:
  e:
    fields:
      a: {type: text, default: "012"}
      b: {type: datetime, default: {expression: "now() + '1 day'"}}
      c: {type: text, generated: "a || ': x'"}
      d: {type: text, generated: true}
      e: {type: integer, identity: always}
      f: {type: integer, identity: by_default}
      g: {type: text, filled_by: "the loader: nightly"}
      h: {type: decimal, default: -1.5}
      i: {type: date, default: 2024-02-29}
"""
    contracts, problems = loaded(source)
    again, problems_again = loaded(contract_yaml(contracts.systems["s"], "s"))
    assert (problems, problems_again) == ([], [])
    for name, field in contracts.fields.items():
        one, other = field.fill, again.fields[name].fill
        assert again.fields[name].filled_by == field.filled_by
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert (one.by, one.value, one.expression, one.sent) == (
                other.by,
                other.value,
                other.expression,
                other.sent,
            )
