"""`from:`: entities and fields read in place, under what the contract says itself."""

from __future__ import annotations

import json

import pytest

from fieldline.documents.names import EntityName

from .reading import Loaded, from_schema, load

SIGNUP = {
    "type": "object",
    "title": "Sign-up",
    "required": ["email"],
    "properties": {
        "email": {"type": "string", "maxLength": 50},
        "first name": {"type": "string"},
        "age": {"type": "integer", "minimum": 18},
    },
}


def test_what_the_contract_says_stands_over_what_its_source_says_key_by_key() -> None:
    overlay = """
owner: {team: Web}
entities:
  e:
    kind: entry
    key: email
    fields:
      email: {max_length: 40, unique: true, on_violation: truncate}
      age: {title: Age, repair: {by: clerk}}
"""
    loaded = from_schema(SIGNUP, overlay=overlay)
    assert loaded.told() == {
        "e.email": "text; not null; at most 40 characters",
        "e.first_name": "text",
        "e.age": "integer; at least 18",
    }
    email, age = loaded.field("s.e.email"), loaded.field("s.e.age")
    assert (email.unique is not None, email.on_violation, str(age.title)) == (True, "truncate", "Age")
    assert (age.repair.by if age.repair else None, age.owner.team if age.owner else None) == (("clerk",), "Web")
    assert loaded.estate is not None
    entity = loaded.estate.contracts.entities[EntityName("s", "e")]
    assert (entity.kind, entity.key, str(entity.title)) == ("entry", ("email",), "Sign-up")


def test_places_lead_to_where_each_thing_is_written() -> None:
    loaded = from_schema(SIGNUP, overlay="entities: {e: {fields: {email: {max_length: 40}}}}\n")
    email = loaded.field("s.e.email")
    assert str(email.location) == "e.json:8:5"
    assert {c.name: c.location.file for c in email.constraints} == {
        "type": "e.json",
        "required": "e.json",
        "max_length": "contracts/it.yaml",
    }
    assert loaded.estate is not None
    assert loaded.estate.texts["e.json"].splitlines()[7].strip() == '"email": {'


def test_names_become_names_of_ours_and_keep_what_they_were_as_title() -> None:
    loaded = from_schema(SIGNUP)
    assert str(loaded.field("s.e.first_name").title) == "first name"
    renamed = from_schema(SIGNUP, options=", as: {e: signup, e.first name: given}, kind: entry")
    assert list(renamed.told()) == ["signup.email", "signup.given", "signup.age"]
    assert renamed.field("s.signup.given").title is None
    assert renamed.estate is not None
    assert renamed.estate.contracts.entities[EntityName("s", "signup")].kind == "entry"


def test_only_what_is_asked_for_is_read() -> None:
    schema = {"$defs": {"a": SIGNUP, "b": {"properties": {"x": {"$ref": "#/nowhere"}}}}}
    assert set(from_schema(schema, options=", only: a").told()) == {"a.email", "a.first_name", "a.age"}
    assert from_schema(schema).problems == [
        (
            'e.json:26:19: the reference "#/nowhere" leads nowhere: nothing stands at "#/nowhere" in e.json'
            " | a place in this file, or in another file of the estate"
        )
    ]


def test_the_entities_of_several_sources_stand_side_by_side() -> None:
    contract = "system: s\nfrom: [{json_schema: a.json}, {json_schema: b.json}]\n"
    loaded = load(contract, {"a.json": json.dumps(SIGNUP), "b.json": json.dumps(SIGNUP)})
    assert {name.partition(".")[0] for name in loaded.told()} == {"a", "b"}
    assert {
        name.partition(".")[0]
        for name in load(
            "system: s\nfrom: {json_schema: '*.json'}\n", {"a.json": json.dumps(SIGNUP), "b.json": json.dumps(SIGNUP)}
        ).told()
    } == {"a", "b"}
    assert {
        name.partition(".")[0]
        for name in load(
            "system: s\nfrom: {json_schema: api}\n",
            {"api/a.json": json.dumps(SIGNUP), "api/deep/b.json": json.dumps(SIGNUP), "api/readme.txt": "no"},
        ).told()
    } == {"a", "b"}


def test_the_contract_may_add_what_no_source_has_if_it_says_all_of_it() -> None:
    overlay = "entities: {e: {fields: {phone: {type: text}}}, other: {fields: {x: {type: text}}}}\n"
    told = from_schema(SIGNUP, overlay=overlay).told()
    assert (told["e.phone"], told["other.x"]) == ("text", "text")


@pytest.mark.parametrize(
    ("options", "overlay", "expected"),
    [
        (
            "",
            "entities: {e: {fields: {emial: {max_length: 3}}}}\n",
            (
                'contracts/it.yaml:3:25: no source of this contract has the field "emial"'
                " | a name the source has, or all of the field, with its type | email?"
            ),
        ),
        (
            "",
            "entities: {signup: {title: x}}\n",
            (
                'contracts/it.yaml:3:12: no source of this contract has the entity "signup"'
                " | a name the source has, or all of the entity, with its fields"
            ),
        ),
        (", only: [f]", "", 'contracts/it.yaml:2:44: the source has no "f" | one of e'),
        (", as: {e.emali: mail}", "", 'contracts/it.yaml:2:42: the source has no "e.emali" | one of e | e.email?'),
        (
            ", as: {e.age: email}",
            "",
            (
                'e.json:15:5: a second field of e would be named "email" | each name once; the first stands at e.json:8:5'
                " | give one of them another name with `as`, or leave it out with `only`?"
            ),
        ),
        (
            ", formts: enforced",
            "",
            'contracts/it.yaml:2:37: unknown key "formts" | one of files, only, as, kind, formats, nulls, at | formats?',
        ),
    ],
)
def test_what_does_not_fit_its_source_is_a_problem(options: str, overlay: str, expected: str) -> None:
    assert from_schema(SIGNUP, options, overlay).problems == [expected]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../e.json", 'contracts/it.yaml:2:21: "../e.json" leads out of the estate'),
        ("/etc/passwd", 'contracts/it.yaml:2:21: "/etc/passwd" leads out of the estate'),
        ("missing.json", 'contracts/it.yaml:2:21: the file "missing.json" does not exist'),
        ("'*.avsc'", 'contracts/it.yaml:2:21: there is nothing to read at "*.avsc" | a file'),
        (
            "empty",
            'contracts/it.yaml:2:21: there is nothing to read at "empty" | a file that ends in .json or .yaml or .yml',
        ),
    ],
)
def test_nothing_is_read_from_elsewhere_and_nothing_is_read_in_silence(path: str, expected: str) -> None:
    (problem,) = load(f"system: s\nfrom: {{json_schema: {path}}}\n", {"empty/readme.md": "no"}).problems
    assert problem.startswith(expected)


def test_a_contract_without_entities_and_without_sources_is_a_problem() -> None:
    assert (
        load("system: s\n", {})
        .problems[0]
        .startswith("contracts/it.yaml:1:1: one of the keys from, entities is missing")
    )


def test_a_foreign_file_that_cannot_be_read_is_a_problem_where_it_breaks() -> None:
    def problem(text: str) -> str:
        return from_schema(text).problems[-1]

    assert problem('{"a": [1, }').startswith('e.json:1:11: broken JSON: "}" begins no value | a value: a text in')
    assert problem('{"type": "object", "type": "string"}').startswith('e.json:1:20: the key "type" stands twice')
    assert problem("[" * 100).startswith("e.json:1:65: nested more than 64 levels deep")
    assert problem("").startswith("e.json:1:1: the file is empty")


def test_characters_written_in_two_halves_are_one() -> None:
    loaded: Loaded = from_schema('{"properties": {"a": {"enum": ["\\ud83d\\ude00", "x"]}}}')
    assert loaded.told() == {"e.a": "text; one of 😀, x"}
