"""A contract written as YAML, as ODCS or as JSON Schema, and read again."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.contracts.read import read_contracts
from fieldline.documents.problem import Problems
from fieldline.documents.readings import Readings
from fieldline.documents.tree import child
from fieldline.documents.yaml_events import read
from fieldline.formats.jsonschema.documents import json_value, kind
from fieldline.formats.sources import CONTRACT
from fieldline.reports.export.contract_words import contract_words
from fieldline.reports.export.contract_yaml import as_yaml, contract_yaml
from fieldline.reports.export.json_schema import json_schema_export
from fieldline.reports.export.odcs import odcs

from ...formats.reading import load
from ...properties.estates import text_fields, typed_fields
from ...properties.strategies import every_text, tries

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.contracts.model import Entity, Field, System
    from fieldline.reports.export.contract_words import KeyValues

_names = st.text("abz_é", min_size=1, max_size=4)
_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_more = st.fixed_dictionaries(
    {},
    optional={
        "title": _texts,
        "opaque": st.lists(_texts, max_size=2, unique=True),
        "declared": st.lists(_texts, max_size=2, unique=True),
        "owner": st.fixed_dictionaries({"team": _texts}),
        "repair": st.fixed_dictionaries({"by": st.lists(_texts, min_size=1, max_size=2), "typically": st.just("P3D")}),
    },
)
_numbers = st.fixed_dictionaries(
    {"type": st.just("decimal")},
    optional={
        "precision": st.integers(1, 9),
        "scale": st.integers(0, 5),
        "exclusive_min": st.sampled_from([0, "0.5", -3]),
        "not_one_of": st.just([7, "1.5"]),
    },
)
_others = st.sampled_from(
    [
        {"type": "datetime", "max": "2024-05-01T12:00:00Z"},
        {"type": "time", "min": "08:30"},
        {"type": "boolean", "one_of": [True]},
        {"type": "integer", "one_of": [1, 2, 3]},
        {"type": "text", "pattern": {"regex": "a%", "dialect": "sql_like"}},
        {"type": "text", "pattern": {"regex": "ab|c", "flags": "s"}},
        {"type": "text", "pattern": "ab|c"},
        {"type": "text", "pattern": "(?:ab|c)"},
        {"type": "text", "pattern": "[\\s\\S]*\\$"},
    ]
)
fields = st.builds(
    lambda first, second: {**first, **second}, st.one_of(text_fields(), typed_fields, _numbers, _others), _more
)
systems = st.fixed_dictionaries(
    {
        "system": st.just("it"),
        "entities": st.dictionaries(
            _names,
            st.fixed_dictionaries(
                {"fields": st.dictionaries(_names, fields, min_size=1, max_size=3)},
                optional={
                    "kind": st.sampled_from(["entry", "table", "view", "message", "file", "api"]),
                    "title": _texts,
                },
            ),
            min_size=1,
            max_size=2,
        ),
    },
    optional={
        "title": _texts,
        "domain": _texts,
        "owner": st.fixed_dictionaries({"team": _texts, "contact": _texts}),
    },
)


def in_json(written: KeyValues) -> str:
    """As a contract: JSON is YAML, except that characters beyond the first 65,536 are not written in two halves."""
    text = json.dumps(written, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def loaded(text: str) -> System | None:
    problems = Problems()
    tree = read(text, "it.yaml", problems)
    assert tree is not None, problems.all()
    contracts = read_contracts([tree], CONTRACT, problems, Readings())
    return None if problems else contracts.systems["it"]


@tries(150)
@given(systems)
def test_a_contract_written_as_yaml_is_read_as_the_same_contract(written: KeyValues) -> None:
    system = loaded(in_json(written))
    if system is None:
        return  # demands that contradict each other: rejected
    again = loaded(contract_yaml(system, "test"))
    assert again is not None
    assert contract_words(again) == contract_words(system)
    assert again.domain == system.domain
    for (_, field), (_, other) in zip(every_field(system), every_field(again), strict=True):
        assert {c.restriction for c in field.constraints} == {c.restriction for c in other.constraints}
        assert (field.unique is None) == (other.unique is None)
        assert field.declared == other.declared


def every_field(system: System) -> list[tuple[str, Field]]:
    return [(str(f.full_name), f) for entity in system.entities.values() for f in entity.fields.values()]


@tries(150)
@given(systems)
def test_a_contract_written_as_odcs_gives_the_same_entities_and_fields(written: KeyValues) -> None:
    system = loaded(in_json(written))
    if system is None:
        return
    exported = odcs(system)
    again = load("system: it\nfrom: {odcs: it.yaml}\n", {"it.yaml": exported.text})
    assert again.estate is not None, (again.problems, exported.text)
    found = again.estate.contracts.systems["it"]
    for name, entity in system.entities.items():
        assert everything(found.entities[name]) == everything(entity)
    assert exported.loses == (system.owner is not None)


def everything(entity: Entity) -> object:
    """All that an entity says, owners and repairs with what holds from further out."""
    fields = {
        name: (
            field.type,
            field.title,
            {c.restriction for c in field.constraints},
            field.declared,
            field.on_violation,
            field.owner,
            field.repair,
        )
        for name, field in entity.fields.items()
    }
    unique = {name: field.unique and not field.unique.compared for name, field in entity.fields.items()}
    return entity.kind, entity.title, entity.key, entity.owner, entity.repair, fields, unique


@pytest.mark.parametrize(
    "text", ["0E0", "1e3", "-.5e1", "1_0e5", "0o17", "12", "1.", "null", "true", "a\nb", "# x", "\x1b"]
)
def test_a_text_is_written_so_that_every_reader_takes_it_for_one(text: str) -> None:
    tree = read(as_yaml({"it": text}), "it.yaml", Problems())
    assert tree is not None
    assert kind(child(tree, "it") or tree) == "text"
    assert json_value(tree) == {"it": text}


TEXTS = (*every_text("aB0", 3), "é", "a\n", "abc", "ab", "c", "x$")
NUMBERS = (*range(-4, 13), Decimal("0.5"), Decimal("1.5"), Decimal("2.25"), 100, -1000)


@tries(200)
@given(fields)
def test_an_exported_json_schema_takes_what_the_field_takes_or_says_what_it_cannot(written: KeyValues) -> None:
    system = loaded(in_json({"system": "it", "entities": {"e": {"fields": {"f": written}}}}))
    if system is None:
        return
    exported = json_schema_export(system)
    validator = jsonschema_rs.validator_for(json.loads(exported.text), validate_formats=False)
    field = system.entities["e"].fields["f"]
    unsaid = {left.key.split()[0] for left in exported.left if str(left.where) == "it.e.f"}
    kinds = {"text": TEXTS, "integer": NUMBERS, "decimal": NUMBERS, "boolean": (True, False)}
    for value in (None, *kinds.get(field.type, ())):
        if field.type == "integer" and isinstance(value, Decimal):
            continue
        valid = validator.is_valid({"f": float(value) if isinstance(value, Decimal) else value})
        takes = all(value in c.accepts for c in field.constraints if c.name not in unsaid)
        assert valid == takes, (value, exported.text)


@pytest.mark.needs_estates
def test_every_published_odcs_contract_comes_round(shared: Path) -> None:
    """Contracts to ODCS and back are equal; what the standard's own schema rejects is rejected, by its reason."""
    rejected = {}
    files = sorted((shared / "estates" / "odcs").rglob("*.odcs.yaml"))
    assert len(files) > 60
    for file in files:
        first = load("system: it\nfrom: {odcs: it.yaml}\n", {"it.yaml": file.read_text(encoding="utf-8")})
        if first.estate is None:
            rejected[file.name] = first.problems[0]
            continue
        system = first.estate.contracts.systems["it"]
        second = load("system: it\nfrom: {odcs: it.yaml}\n", {"it.yaml": odcs(system).text})
        assert second.estate is not None, (file, second.problems)
        found = second.estate.contracts.systems["it"]
        assert [everything(e) for e in found.entities.values()] == [everything(e) for e in system.entities.values()]
    empty = [name for name, reason in rejected.items() if "yields no entity" in reason]
    assert len(empty) == 5  # they describe servers and teams alone
    assert {name: reason for name, reason in rejected.items() if name not in empty} == REJECTED


REJECTED = {
    "tests_fixtures_lint_invalid_multiple_errors.odcs.yaml": (
        'it.yaml:1:1: the standard rejects the contract: "version" is a required property'
    ),
    "tests_fixtures_lint_invalid_multiple_schema_errors.odcs.yaml": (
        'it.yaml:8:5: unknown key "name": the standard has none of this name here | username?'
    ),
    "tests_fixtures_markdown_export_multicolumn.odcs.yaml": (
        "it.yaml:1:1: this is no ODCS contract that can be read: no apiVersion is given | apiVersion: v3.0.0 to v3.2.0"
    ),
    "tests_fixtures_postgres_odcs_case_sensitive.odcs.yaml": (
        'it.yaml:17:5: unknown key "isNullable": the standard has none of this name here'
    ),
    "tests_fixtures_postgres_servicelevels.odcs.yaml": (
        'it.yaml:17:5: unknown key "isNullable": the standard has none of this name here'
    ),
}


STORED: KeyValues = {
    "system": "it",
    "repair": {
        "by": ["web-support"],
        "typically": "PT4H",
        "hours": "Mon-Fri 8-16",
        "url": "https://crm.example/{no}?tab=1",
        "roles": ["support"],
    },
    "impact": {"critical": True, "text": {"en": "No invoice is sent.", "fi": "Laskua ei lähetetä."}},
    "entities": {
        name: {
            "kind": "table",
            "key": ["no"],
            "impact": {"text": "Only here.", "missed": {"letters.bill": {"en": "Bill"}}, "money": {"no": "EUR"}},
            "store": store,
            "changed": "at",
            "fields": {
                "no": {"type": "text", "required": True, "same": "number", "same_as": "x.y.no", "source": "wiki, 4.2"},
                "at": {"type": "datetime"},
            },
        }
        for name, store in {
            "a": {"database": "DB", "table": "public.a", "seconds": 5, "zone": "UTC"},
            "b": {"file": "b.csv", "columns": {"no": "NO"}},
            "c": {
                "file": "c.dat",
                "encoding": "cp037",
                "layout": {
                    "no": {"start": 1, "length": 4, "kind": "zoned", "decimals": 2},
                    "at": {"start": 5, "length": 26},
                },
                "record_length": 30,
            },
            "d": {"http": "API", "path": ["/p/{no}", "/p?at={at}"], "record": "$.data.it", "token": "TOKEN"},
        }.items()
    },
}


def test_stores_and_answers_are_written_as_they_were_read() -> None:
    system = loaded(json.dumps(STORED))
    assert system is not None
    assert contract_words(system) == STORED
    again = loaded(contract_yaml(system, "test"))
    assert again is not None
    assert contract_words(again) == contract_words(system)
