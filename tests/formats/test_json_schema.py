"""JSON Schema: what its keywords become, example by example; the laws stand beside this."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

from .reading import from_schema, load

if TYPE_CHECKING:
    from pathlib import Path

Schema = Any
ANY_TYPE = "the value is of one of several types: text, number, boolean"


def told(schema: Schema, options: str = "", *, required: bool = False, dialect: str | None = None) -> str:
    """What one property demands."""
    document: Schema = {"properties": {"v": schema}, **({"required": ["v"]} if required else {})}
    if dialect is not None:
        document["$schema"] = dialect
    return from_schema(document, options).told()["e.v"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 5}, "text; at least 1 character; at most 5 characters"),
        ({"type": "string", "pattern": "^[a-z]+$"}, "text; matches [a-z]+ (ecma)"),
        ({"type": "string", "pattern": "^a|b$"}, r"text; matches [\s\S]*(?:^a|b$)[\s\S]* (ecma)"),
        ({"type": "string", "pattern": "^(?:a|b)$"}, "text; matches a|b (ecma)"),
        ({"type": "string", "pattern": "[0-9]"}, r"text; matches [\s\S]*(?:[0-9])[\s\S]* (ecma)"),
        ({"type": "string", "enum": ["a", "b"]}, "text; one of a, b"),
        ({"const": "a"}, "text; only a"),
        ({"enum": [1, 2.5]}, "decimal; one of 1, 2.5"),
        ({"type": "integer", "minimum": 0.5, "maximum": 9.5}, "integer; at least 1; at most 9"),
        ({"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01}, "decimal; more than 0; at most 2 decimals"),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, "decimal; more than 0"),
        ({"type": "number", "multipleOf": 5}, "decimal; multipleOf: 5"),
        ({"type": ["string", "null"], "maxLength": 2}, "text; at most 2 characters"),
        ({"anyOf": [{"type": "string", "maxLength": 2}, {"type": "null"}]}, "text; at most 2 characters"),
        ({"allOf": [{"type": "string", "maxLength": 9}, {"maxLength": 4}]}, "text; at most 4 characters"),
        ({"type": "string", "not": {"enum": ["x"]}}, "text; not x"),
        ({"type": "string", "maxLength": 2**40}, "text"),
        ({"type": "string", "maximum": 3}, "text"),
        (
            {"type": "string", "pattern": "^(a*)\\1$"},
            "text; pattern: ^(a*)\\1$ (not read: …)",
        ),
        ({"type": "string", "maxLenght": 3}, "text; maxLenght: 3"),
        ({"type": "string", "maxlength": 3}, "text; maxlength: 3"),
        ({"type": "string", "description": "maxLength", "x-limit": 3, "enumNames": ["a"], "constraint": 1}, "text"),
        ({"type": "object"}, "text; an object or a list"),
        ({"type": "string", "enum": ["a", 1]}, "text; enum: [a, 1]"),
        ({"type": "number", "minimum": "1"}, "decimal; minimum: 1"),
        ({"type": "number", "maximum": 1e300}, "decimal; maximum: 1e+300"),
        ({"$ref": "https://example.com/s.json"}, f"text; $ref: https://example.com/s.json; {ANY_TYPE}"),
        (True, f"text; {ANY_TYPE}"),
        (False, r"text; matches [^\s\S] (ecma)"),
    ],
)
def test_a_property_as_a_field(schema: Schema, expected: str) -> None:
    found = told(schema)
    assert found.split(" (not read")[0] == expected.split(" (not read", maxsplit=1)[0]


def test_formats_count_as_the_contract_says() -> None:
    dated, sized = {"type": "string", "format": "date"}, {"type": "integer", "format": "int32"}
    assert (told(dated), told(sized)) == ("text; format: date", "integer; format: int32")
    enforced = ", formats: enforced"
    assert told(dated, enforced) == "date"
    assert told(sized, enforced) == "integer; at least -2147483648; at most 2147483647"
    assert told({"type": "string", "format": "email"}, enforced) == "text; matches [ -~]+@[ -~]+ (ecma); format: email"
    assert told({"type": "string", "format": "date", "maxLength": 5}, enforced).endswith("beside its format: 5")
    assert told(dated, ", formats: annotation") == "text"


def test_null_is_left_out_or_sent_as_the_contract_says() -> None:
    optional, nullable = {"type": "string"}, {"type": ["string", "null"]}
    cases = [
        # what is said, whether it is in `required`, must it be filled in: either, left out, sent
        (optional, False, (False, False, True)),
        (optional, True, (True, True, True)),
        (nullable, False, (False, False, False)),
        (nullable, True, (False, True, False)),
    ]
    for schema, required, expected in cases:
        found = tuple(
            "not null" in told(schema, options, required=required)
            for options in ("", ", nulls: left_out", ", nulls: sent")
        )
        assert found == expected


def test_what_stands_beside_a_reference_counts_from_2019_on() -> None:
    schema: Schema = {"$ref": "#/definitions/d", "maxLength": 3}
    for dialect, expected in (
        ("http://json-schema.org/draft-07/schema#", "text; at most 9 characters"),
        ("https://json-schema.org/draft/2019-09/schema", "text; at most 3 characters"),
    ):
        document = {
            "$schema": dialect,
            "properties": {"v": schema},
            "definitions": {"d": {"type": "string", "maxLength": 9}},
        }
        assert from_schema(document).told() == {"e.v": expected}


def test_objects_and_lists_are_fields_by_their_paths() -> None:
    schema: Schema = {
        "required": ["address", "lines"],
        "properties": {
            "address": {
                "type": "object",
                "required": ["street"],
                "properties": {
                    "street": {"type": "string"},
                    "geo": {"required": ["x"], "properties": {"x": {"type": "number"}}},
                },
            },
            "lines": {
                "type": "array",
                "minItems": 1,
                "items": {"required": ["sku"], "properties": {"sku": {"type": "string"}}},
            },
            "tags": {"type": "array", "uniqueItems": True, "items": {"type": "string", "maxLength": 9}},
        },
    }
    loaded = from_schema(schema)
    assert loaded.told() == {
        "e.address_street": "text; not null",
        "e.address_geo_x": "decimal; required where address.geo is given",
        "e.lines_sku": "text; required where lines is given; minItems: 1",
        "e.tags": "text; at most 9 characters; uniqueItems: true",
    }
    assert str(loaded.field("s.e.lines_sku").title) == "lines[].sku"


def test_what_holds_of_several_fields_stands_at_those_it_names() -> None:
    schema: Schema = {
        "properties": {
            "a": {"type": "string"},
            "b": {"type": "string"},
            "c": {"type": "string"},
            "d": {"type": "string"},
        },
        "dependentRequired": {"a": ["b"]},
        "if": {"properties": {"c": {"const": "x"}}},
        "then": {"required": ["a"]},
    }
    found = from_schema(schema).told()
    when = "if: {if: {properties: {c: {const: x}}}, then: {required: [a]}}"
    assert found == {
        "e.a": f"text; {when}; dependentRequired: {{a: [b]}}",
        "e.b": "text; dependentRequired: {a: [b]}",
        "e.c": f"text; {when}",
        "e.d": "text",
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a", "b"}),
        ({"patternProperties": {"^[ac]$": {"not": {"format": "x"}}}}, {"a", "c"}),
        ({"patternProperties": {"^(x*)\\1[ac]$": {"maxLength": 1}}}, {"a", "b", "c"}),
        ({"patternProperties": {"^x": {"maxLength": 1}}}, set()),
        ({"minProperties": 2}, {"a", "b", "c"}),
        ({"requird": ["b"]}, {"b"}),
        ({"description": "required", "x-required": ["b"]}, set()),
        ({"not": {"required": ["a", "b"]}}, {"a", "b"}),
    ],
)
def test_no_rule_about_records_is_dropped(said: Schema, expected: set[str]) -> None:
    loaded = from_schema({"properties": {name: {"type": "string"} for name in "abc"}, **said})
    assert loaded.estate is not None
    fields = loaded.estate.contracts.fields.values()
    assert {field.name for field in fields if any(c.doubt for c in field.constraints)} == expected


def test_what_is_required_and_not_described_is_a_field() -> None:
    assert from_schema({"properties": {}, "required": ["a"]}).told() == {"e.a": f"text; {ANY_TYPE}"}


def test_alternatives_that_are_objects_are_fields_and_those_that_are_not_are_a_rule() -> None:
    card: Schema = {"type": "object", "properties": {"number": {"type": "string", "maxLength": 19}}}
    bank: Schema = {"type": "object", "properties": {"iban": {"type": "string"}}}
    told = from_schema({"properties": {"pay": {"oneOf": [card, bank]}}}).told()
    rule = "oneOf: what holds depends on other fields"
    free = f"text; {rule}; {ANY_TYPE}"  # the other alternative says nothing of it
    assert told == {"e.pay_number": free, "e.pay_iban": free}
    told = from_schema({"properties": {"pay": {"oneOf": [card, {"type": "string", "maxLength": 3}]}}}).told()
    assert told["e.pay"].startswith("text; at most 3 characters; oneOf: [")


def test_alternatives_of_objects_are_not_guessed_at() -> None:
    kinds: Schema = [
        {"required": ["kind"], "properties": {"kind": {"const": "a"}, "n": {"type": "string", "maxLength": 3}}},
        {
            "required": ["kind"],
            "properties": {
                "kind": {"const": "b"},
                "n": {"type": "string", "maxLength": 5},
                "m": {"type": "string", "maxLength": 1},
            },
        },
    ]
    found = from_schema({"type": "object", "oneOf": kinds, "properties": {}}).told()
    rule = "oneOf: what holds depends on other fields (some record holds each value)"
    assert found["e.kind"] == f"text; one of a, b; not null; {rule}"
    assert found["e.n"].startswith("text; matches ")
    assert found["e.n"].endswith(rule)
    assert found["e.m"] == f"text; {rule}; {ANY_TYPE}"


def test_a_schema_that_refers_to_itself_ends_where_it_begins_again() -> None:
    schema: Schema = {"$defs": {"node": {"properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/node"}}}}}
    assert from_schema(schema).told() == {
        "node.name": "text",
        "node.next": f"text; a schema that refers to itself; {ANY_TYPE}",
    }
    choice: Schema = {"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"properties": {"x": {"type": "string"}}}]}}}
    assert from_schema(choice, ", at: '#/$defs/a'").told() == {
        "a.x": f"text; anyOf: what holds depends on other fields; {ANY_TYPE}"
    }
    loop: Schema = {
        "properties": {"v": {"$ref": "#/$defs/a"}},
        "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
    }
    assert from_schema(loop).problems[0].endswith('the reference "#/$defs/a" goes round and leads nowhere')


def test_alternatives_that_stand_inside_of_each_other_are_taken_apart_twice_at_most() -> None:
    """Each time the properties of several alternatives are joined anew: no schema of theirs is met a second time."""
    halves: Schema = {"left": {"$ref": "#/$defs/test"}, "right": {"$ref": "#/$defs/test"}}
    leaf: Schema = {
        "oneOf": [{"properties": {"field": {"maxLength": 3}}}, {"properties": {"value": {"type": "string"}}}]
    }
    schema: Schema = {
        "properties": {"where": {"$ref": "#/$defs/test"}},
        "$defs": {
            "test": {"oneOf": [{"$ref": "#/$defs/both"}, {"$ref": "#/$defs/compare"}, {"$ref": "#/$defs/not"}]},
            "both": {"properties": halves},
            "not": {"properties": {"left": {"$ref": "#/$defs/test"}}},
            "compare": {"properties": {"left": leaf, "right": leaf}},
        },
    }
    found = from_schema(schema).told()
    assert "a schema that refers to itself" in found["e.where_left_left"]
    assert len(found) < 40


def test_references_lead_into_other_files_of_the_estate_and_no_further() -> None:
    files = {
        "api/e.json": json.dumps({"properties": {"v": {"$ref": "../shared/types.json#/$defs/name"}}}),
        "shared/types.json": json.dumps({"$defs": {"name": {"type": "string", "maxLength": 7}}}, indent=1),
    }
    contract = "system: s\nfrom: {json_schema: api/e.json}\n"
    loaded = load(contract, files)
    assert loaded.told() == {"e.v": "text; at most 7 characters"}
    limit = next(c for c in loaded.field("s.e.v").constraints if c.name == "max_length")
    assert str(limit.location) == "shared/types.json:1:1" or limit.location.file == "shared/types.json"
    for path in ("../../etc/passwd", "/etc/passwd", "missing.json"):
        away = {"api/e.json": json.dumps({"properties": {"v": {"$ref": path}}})}
        (problem,) = load(contract, away).problems
        assert problem.startswith(f'api/e.json:1:31: the reference "{path}" leads nowhere: there is no such file')


def test_of_objects_that_multiply_so_many_fields_are_read_and_the_rest_is_opaque() -> None:
    definitions = {f"d{i}": {"properties": {c: {"$ref": f"#/$defs/d{i + 1}"} for c in "abcd"}} for i in range(20)} | {
        "d20": {"type": "string"}
    }
    told = from_schema({"$ref": "#/$defs/d0", "$defs": definitions}).told()
    assert 10_000 < len(told) < 11_000
    assert "beyond 10,000 fields no object is taken apart" in told["e.d"]


@pytest.mark.needs_estates
def test_published_schemas_load(shared: Path) -> None:
    folder = shared / "estates"
    found = {}
    for file in [
        *(folder / "odcs" / "schema").glob("*.json"),
        folder / "lineage-openlineage" / "spec" / "facets" / "ColumnLineageDatasetFacet.json",
    ]:
        loaded = from_schema(file.read_text(encoding="utf-8"))
        found[file.name] = len(loaded.told())
    assert len(found) == 10
    assert found["odcs-json-schema-v3.1.0.json"] > 100
    assert min(found.values()) >= 8


@pytest.mark.parametrize("schema", [{}, {"maxLength": 3}, {"type": ["string", "boolean", "integer"]}, {"minimum": 3}])
@pytest.mark.parametrize("kind", ["text, max_length: 3", "boolean", "integer, min: 3"])
def test_a_property_of_several_types_rejects_no_value_for_its_type(schema: Schema, kind: str, tmp_path: Path) -> None:
    files = {
        "fieldline.yaml": "estate: t",
        "contracts/a.yaml": "system: a\nowner: {team: a}\nentities: {e: {kind: entry, fields: {v: {type: KIND}}}}".replace(
            "KIND", kind
        ),
        "contracts/z.yaml": "system: z\nowner: {team: z}\nfrom: {json_schema: {files: x.schema.json}}",
        "lineage/l.yaml": "flows: [{from: a.e.v, to: z.x.v}]",
        "x.schema.json": json.dumps({"type": "object", "properties": {"v": schema}}),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    found = {(each.rule, each.verdict) for each in check(load_estate(tmp_path)).findings if each.rule == "escape"}
    own = kind.startswith("integer" if "minimum" in schema else "text")
    assert found == (set() if own else {("escape", "unknown")})


@pytest.mark.parametrize(
    ("file", "schema", "name"),
    [
        ("schemas/x/user/jsonschema/1-0-0", {"self": {"name": "visitor"}}, "visitor"),
        ("schemas/x/user/jsonschema/1-0-0", {}, "user"),
        ("person/v2.json", {}, "person"),
        ("s/schema.json", {"$id": "https://x.example/schemas/order/1.0.0/schema.json"}, "order"),
        ("api/signup.schema.json", {"$id": "https://x.example/other"}, "signup"),
    ],
)
def test_a_schema_of_a_registry_is_named_by_what_it_describes(file: str, schema: Schema, name: str) -> None:
    content = json.dumps({**schema, "properties": {"a": {"type": "string"}}})
    assert load(f"system: s\nfrom: {{json_schema: {{files: '{file}'}}}}\n", {file: content}).told() == {
        f"{name}.a": "text"
    }


def test_a_schema_of_one_value_among_others_is_an_entity_with_that_value() -> None:
    files = {"r/a.json": '{"type": "string", "maxLength": 3}', "r/b.json": '{"properties": {"x": {"type": "string"}}}'}
    told = load("system: s\nfrom: {json_schema: r}\n", files).told()
    assert told == {"a.value": "text; at most 3 characters", "b.x": "text"}


def test_versions_and_vendors_of_a_registry_are_told_apart() -> None:
    def schema(vendor: str, name: str, version: str, field: str) -> str:
        own = {"vendor": vendor, "name": name, "version": version}
        return json.dumps({"self": own, "type": "object", "properties": {field: {"type": "string"}}})

    files = {
        f"r/{vendor}/{name}/jsonschema/{version}": schema(vendor, name, version, field)
        for vendor, name, version, field in (
            ("com.a", "login", "1-0-0", "old"),
            ("com.a", "login", "1-0-10", "new"),
            ("com.a", "login", "1-0-9", "mid"),
            ("com.b", "logout", "1-0-0", "b"),
            ("com.c", "logout", "1-0-0", "c"),
        )
    }
    told = load("system: s\nfrom: {json_schema: {files: 'r/*/*/jsonschema/*'}}\n", files).told()
    assert set(told) == {
        *("login_1-0-0.old", "login_1-0-9.mid", "login.new"),
        *("com_b_logout.b", "com_c_logout.c"),
    }


DRAFT = "http://json-schema.org/draft-0%d/schema#"
SHORT: Schema = {"type": "string", "maxLength": 4}


@pytest.mark.parametrize(
    ("document", "ref"),
    [
        ({"$schema": DRAFT % 4, "definitions": {"l": {"id": "#len", **SHORT}}}, "#len"),
        ({"$schema": DRAFT % 6, "definitions": {"l": {"$id": "#len", **SHORT}}}, "#len"),
        ({"$schema": DRAFT % 7, "definitions": {"l": {"$id": "#len", **SHORT}}}, "#len"),
        ({"$defs": {"l": {"$id": "item", **SHORT}}}, "item"),
        ({"$id": "https://x.org/a/e.json", "$defs": {"l": {"$id": "item", **SHORT}}}, "https://x.org/a/item"),
        ({"$defs": {"l": {"$id": "https://x.org/s", **SHORT}}}, "https://x.org/s"),
        ({"$defs": {"l": {"$id": "urn:x:s", "$defs": {"m": SHORT}}}}, "urn:x:s#/$defs/m"),
        ({"$defs": {"l": {"$id": "in/", "$ref": "#/$defs/m", "$defs": {"m": SHORT}}}}, "in/"),
        ({"$defs": {"l": {"$id": "/odd", "$ref": "#/$defs/m"}, "m": SHORT}}, "#/$defs/l"),
        ({"$id": "https://x.org/e.json", "$defs": {"l": SHORT}}, "https://x.org/e.json#/$defs/l"),
    ],
)
def test_a_reference_leads_to_the_schema_that_gives_itself_the_address(document: Schema, ref: str) -> None:
    told_ = from_schema({**document, "type": "object", "properties": {"v": {"$ref": ref}}}).told()
    assert told_["e.v"] == "text; at most 4 characters"


@pytest.mark.parametrize("files", ["r", "r/e.json"])
@pytest.mark.parametrize("own", [{}, {"$id": "https://x.org/schemas/e.json"}])
def test_an_address_may_be_that_of_another_file_in_the_folder(files: str, own: Schema) -> None:
    common = {"$id": "https://x.org/schemas/common.json", "$defs": {"l": SHORT}}
    ref = "https://x.org/schemas/common.json#/$defs/l"
    documents = {
        "r/common.json": json.dumps(common),
        "r/e.json": json.dumps({**own, "type": "object", "properties": {"v": {"$ref": ref}}}),
    }
    loaded = load(f"system: s\nfrom: {{json_schema: {{files: {files}, only: e}}}}\n", documents)
    assert loaded.told() == {"e.v": "text; at most 4 characters"}


def test_of_two_files_with_one_address_each_refers_to_itself() -> None:
    def version(longest: int) -> str:
        limited = {"l": {"type": "string", "maxLength": longest}}
        own = {"$id": "https://x.org/e", "$defs": limited, "properties": {"v": {"$ref": "#/$defs/l"}}}
        return json.dumps({**own, "type": "object"})

    told_ = load("system: s\nfrom: {json_schema: r}\n", {"r/a.json": version(3), "r/b.json": version(5)}).told()
    assert told_ == {"a.v": "text; at most 3 characters", "b.v": "text; at most 5 characters"}


@pytest.mark.parametrize("draft", [1, 2, 3])
def test_a_schema_of_an_older_draft_is_a_problem_at_its_place(draft: int) -> None:
    schema: Schema = {"$schema": DRAFT % draft, "properties": {"v": {"type": "string", "required": True}}}
    (problem,) = from_schema(schema).problems
    assert problem.startswith(f"e.json:2:14: this is a JSON Schema of draft {draft}: ")


def test_a_list_of_objects_is_read_as_its_items() -> None:
    schema: Schema = {"type": "array", "items": {"type": "object", "properties": {"v": SHORT}}}
    loaded = from_schema(schema)
    assert loaded.told() == {"e.value_v": "text; at most 4 characters"}
    assert str(loaded.field("s.e.value_v").title) == "value[].v"
    assert from_schema({"type": "array", "items": SHORT}).problems[0].startswith("e.json:1:1: no schema of an object")


def test_words_of_draft_3_are_rules_where_no_schema_says_which_draft_it_is() -> None:
    properties = '"a": {"type": "string", "required": true}, "b": {"type": "integer", "divisibleBy": 2}'
    schema = f'{{"type": "object", "properties": {{{properties}}}}}'
    told = load("system: it\nfrom: {json_schema: {files: s.json}}\n", {"s.json": schema}).told()
    assert "required: true" in told["s.a"]
    assert "divisibleBy: 2" in told["s.b"]
    later = schema.replace("{", '{"$schema": "http://json-schema.org/draft-07/schema#", ', 1)
    told = load("system: it\nfrom: {json_schema: {files: s.json}}\n", {"s.json": later}).told()
    assert told == {"s.a": "text", "s.b": "integer"}
