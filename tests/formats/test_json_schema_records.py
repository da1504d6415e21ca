"""A rule about a record or a list as a whole leaves the verdict of a field decided, where a record meets it."""

import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from jsonschema_rs import validator_for

from fieldline.checker.finding import Finding
from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

Judged: TypeAlias = Callable[..., list[Finding]]
TEN = {"type": "string", "maxLength": 10}
_TWO_WORDS = {"enum": ["sixsix", "b"]}


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    """The findings about flows from fields of a schema into a column of five characters, or of another contract."""

    def findings(
        schema: dict[str, Any], *fields: str, column: str = "{type: text, max_length: 5}", formats: str = "unknown"
    ) -> list[Finding]:
        files = {
            "fieldline.yaml": "estate: t\n",
            "contracts/a.yaml": "system: api\nowner: {team: A}\n"
            f"from: {{json_schema: {{files: s.schema.json, kind: entry, formats: {formats}}}}}\n",
            "contracts/d.yaml": "system: d\nowner: {team: D}\nentities: {t: {fields: {"
            + ", ".join(f"{field}: {column}" for field in fields)
            + "}}}\n",
            "s.schema.json": json.dumps({"type": "object", **schema}),
            "lineage/l.yaml": "flows:\n" + "".join(f"- {{from: api.s.{f}, to: d.t.{f}}}\n" for f in fields),
        }
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return [finding for finding in check(load_estate(tmp_path)).findings if finding.rule == "escape"]

    return findings


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        # JSON Schema 2020-12, Validation, 6.4 and 6.5: the record with the value and nothing else is valid
        ({"minProperties": 1, "properties": {"a": TEN}}, "a"),
        ({"maxProperties": 1, "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"minProperties": 2, "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"minProperties": 2, "maxProperties": 2, "required": ["b"], "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"properties": {"a": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEN}}}, "a"),
        ({"properties": {"a": {"type": "array", "minItems": 3, "maxItems": 5, "items": TEN}}}, "a"),
        ({"properties": {"a": {"type": "array", "maxItems": 1, "uniqueItems": True, "items": TEN}}}, "a"),
        ({"properties": {"o": {"type": "object", "required": ["a"], "properties": {"a": TEN}}}}, "o_a"),
        ({"properties": {"o": {"type": "object", "minProperties": 1, "properties": {"a": TEN, "b": TEN}}}}, "o_a"),
        ({"properties": {"a": {"type": "array", "minItems": 2, "uniqueItems": True, "items": TEN}}}, "a"),
        ({"dependentRequired": {"a": ["b"]}, "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"not": {"required": ["a", "b"]}, "properties": {"a": TEN, "b": TEN}}, "a"),
        # whether a format is enforced or not: some texts have it, and they are too long for the column
        ({"properties": {"a": {**TEN, "format": "email"}}}, "a"),
        ({"minProperties": 1, "properties": {"a": {**TEN, "format": "hostname"}}}, "a"),
        # 6.4.4, 6.5.4, and the keywords before draft 2019-09
        ({"propertyNames": {"pattern": "^[a-z]$"}, "properties": {"a": TEN}}, "a"),
        ({"properties": {"a": {"type": "array", "contains": {"const": "b"}, "items": TEN}}}, "a"),
        ({"dependencies": {"a": ["b"]}, "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"dependentSchemas": {"b": {"required": ["a"]}}, "properties": {"a": TEN, "b": TEN}}, "a"),
        (
            {
                "if": {"properties": {"b": {"const": "x"}}},
                "then": {"required": ["a"]},
                "properties": {"a": TEN, "b": TEN},
            },
            "a",
        ),
    ],
)
def test_a_value_that_some_record_holds_is_a_proof(judged: Judged, schema: dict[str, Any], field: str) -> None:
    (finding,) = judged(schema, field)
    assert (finding.verdict, finding.severity.value) == ("refuted", "error")
    assert finding.witness is not None
    assert [len(str(value)) for value in finding.witness.values()] == [6]


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        # no record has two properties where one is allowed, or known; two different items need two values
        ({"minProperties": 2, "additionalProperties": False, "properties": {"a": TEN}}, "a"),
        ({"minProperties": 2, "maxProperties": 1, "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"maxProperties": 1, "required": ["b"], "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"maxProperties": 0, "properties": {"a": TEN}}, "a"),
        (
            {
                "properties": {
                    "a": {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"enum": ["sixsix", "b"]}}
                }
            },
            "a",
        ),
        ({"properties": {"a": {"type": "array", "maxItems": 0, "items": TEN}}}, "a"),
        ({"properties": {"a": {"type": "array", "minItems": 2, "maxItems": 1, "items": TEN}}}, "a"),
        ({"dependentRequired": {"a": ["b"]}, "maxProperties": 1, "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"dependentRequired": {"a": ["c"]}, "properties": {"a": TEN, "b": TEN}}, "a"),
        ({"not": {"required": ["a"]}, "properties": {"a": TEN}}, "a"),
        (
            {
                "properties": {
                    "a": TEN,
                    "b": TEN,
                    "o": {"type": "object", "dependentRequired": {"a": ["b"]}, "properties": {"a": TEN, "b": False}},
                }
            },
            "o_a",
        ),
        ({"propertyNames": {"maxLength": 0}, "properties": {"a": TEN}}, "a"),
        ({"properties": {"a": {**TEN, "format": "of-ours"}}}, "a"),
        ({"minProperties": 1, "properties": {"a": {**TEN, "format": "of-ours"}}}, "a"),
        ({"properties": {"a": {**TEN, "format": "uuid"}}}, "a"),
        ({"properties": {"a": {"type": "array", "maxItems": 1, "contains": {"const": "b"}, "items": TEN}}}, "a"),
        ({"properties": {"a": {"type": "array", "contains": {"const": 7}, "items": TEN}}}, "a"),
    ],
)
def test_where_no_record_is_known_to_hold_it_the_verdict_stays_open(
    judged: Judged, schema: dict[str, Any], field: str
) -> None:
    assert [finding.verdict for finding in judged(schema, field)] == ["unknown"]


def _kind(value: str, **properties: object) -> dict[str, Any]:
    return {"required": ["kind"], "properties": {"kind": {"const": value}, **properties}}


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "additionalProperties": False}


_FIVE = {"properties": {"a": {"maxLength": 5}}}
_TWO = {"properties": {"a": TEN, "b": TEN}}
_IS_X = {"properties": {"b": {"const": "x"}}}
_OBJECT = {"type": "object", "properties": {"a": TEN}}


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ({"oneOf": [_kind("p", a=TEN), _kind("q", b=TEN)]}, "a"),
        ({"oneOf": [_closed(_kind("p", a=TEN)), _closed(_kind("q", b=TEN))]}, "a"),
        ({"oneOf": [_kind("p", a=TEN), _kind("q", a={"type": "string", "maxLength": 3})]}, "a"),
        ({"anyOf": [_kind("p", a=TEN), _kind("q", a={"type": "string", "maxLength": 3})]}, "a"),
        ({"oneOf": [_kind("sixsix"), _kind("b")]}, "kind"),
        ({"required": ["o"], "oneOf": [_kind("p", a=TEN, o={"type": "object"}), _kind("q", a=TEN)]}, "a"),
        ({**_TWO, "if": _IS_X, "then": _FIVE}, "a"),
        ({**_TWO, "if": {**_IS_X, "required": ["b"]}, "then": _FIVE}, "a"),
        ({**_TWO, "if": {**_IS_X, "required": ["b"]}, "then": {}, "else": _FIVE}, "a"),
        ({**_TWO, "dependencies": {"b": _FIVE}}, "a"),
        ({**_TWO, "dependentSchemas": {"b": _FIVE}}, "a"),
        ({**_TWO, "not": {"required": ["b"]}}, "a"),
        ({"properties": {"xa": TEN}, "patternProperties": {"^x": {"type": "string", "maxLength": 8}}}, "xa"),
        ({"properties": {"o": {"additionalProperties": _OBJECT}}}, "o_a"),
        ({"additionalProperties": _OBJECT}, "value_a"),
        ({"properties": {"o": {"additionalProperties": TEN}}}, "o"),
        ({"properties": {"a": {"type": "array", "prefixItems": [TEN], "items": False}}}, "a"),
        ({"properties": {"a": {"type": "array", "prefixItems": [{"maxLength": 3}], "items": TEN}}}, "a"),
        ({"properties": {"a": {"type": "array", "items": [TEN], "additionalItems": False}}}, "a"),
    ],
)
def test_a_value_that_is_in_a_record_of_one_of_several_forms_is_a_proof(
    judged: Judged, schema: dict[str, Any], field: str
) -> None:
    found = [finding for finding in judged(schema, field) if finding.verdict == "refuted"]
    assert [[len(str(value)) for value in finding.witness.values()] for finding in found if finding.witness] == [[6]]


@pytest.mark.parametrize(
    "schema",
    [
        {**_TWO, "required": ["b"], "dependencies": {"b": _FIVE}},
        {"required": ["b"], "properties": {"a": TEN, "b": {"const": "x"}}, "if": _IS_X, "then": _FIVE},
        {**_TWO, "if": {"required": ["b"]}, "then": _FIVE, "else": {"required": ["b"]}},
        {**_kind("q"), "oneOf": [_kind("p", a=TEN), _kind("q", a={"type": "string", "maxLength": 3})]},
        {"oneOf": [_kind("p", a=TEN), _kind("p", a=TEN)]},
        {"minProperties": 2, "oneOf": [_kind("p", a=TEN), _kind("q", b=TEN)]},
        {**_TWO, "if": _IS_X, "then": {"$ref": "https://x.example/s"}, "else": _FIVE},
        {"required": ["b"], "properties": {"b": False}, "oneOf": [_kind("p", a=TEN), _kind("q", a=TEN)]},
    ],
)
def test_where_no_form_surely_holds_it_nothing_is_proved(judged: Judged, schema: dict[str, Any]) -> None:
    assert {finding.verdict for finding in judged(schema, "a")} == {"unknown"}


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [_closed(_kind("p", a={"type": "string", "maxLength": 5})), _closed(_kind("q", b=TEN))]},
        {"properties": {"a": {"type": "string"}}, "patternProperties": {"^a": {"maxLength": 5}}},
    ],
)
def test_limits_that_hold_in_every_form_are_kept(judged: Judged, schema: dict[str, Any]) -> None:
    assert judged(schema, "a") == []


def test_first_items_that_are_longer_than_the_others_are_not_called_safe(judged: Judged) -> None:
    five = {"type": "string", "maxLength": 5}
    schema = {"properties": {"a": {"type": "array", "minItems": 1, "prefixItems": [TEN], "items": five}}}
    assert [finding.verdict for finding in judged(schema, "a")] == ["unknown"]


_SUBSETS = [set(names) for size in range(4) for names in combinations("abc", size)]


@pytest.mark.parametrize("needs", [{}, {"a": ["b"]}, {"a": ["b"], "b": ["c"]}])
@pytest.mark.parametrize(
    "alternative",
    [
        {},
        {"anyOf": [{"required": ["a", "c"]}, {"required": ["b"]}]},
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"not": {"required": ["a", "b"]}},
    ],
)
@pytest.mark.parametrize("count", [{}, {"maxProperties": 1}, {"minProperties": 3}])
def test_what_is_given_together_is_judged_as_a_validator_does(
    judged: Judged, needs: dict[str, list[str]], alternative: dict[str, Any], count: dict[str, int]
) -> None:
    schema = {
        "properties": dict.fromkeys("abc", TEN),
        **({"dependentRequired": needs} if needs else {}),
        **alternative,
        **count,
    }
    valid = validator_for({"type": "object", "additionalProperties": False, **schema}).is_valid
    is_proof = any(valid(dict.fromkeys(names, "sixsix")) for names in _SUBSETS if "a" in names)
    assert [finding.verdict for finding in judged(schema, "a")] == ["refuted" if is_proof else "unknown"]


@pytest.mark.parametrize(
    ("types", "text", "verdicts"),
    [
        # the texts alone prove nothing of the numbers and truth values: which of them the entry sends is not known
        (["string", "integer"], {"maxLength": 10}, {"refuted", "unknown"}),
        (["string", "boolean", "null"], {"maxLength": 10}, {"refuted", "unknown"}),
        (["string", "integer"], {"maxLength": 5, "maximum": 50}, {"unknown"}),
        (["string", "null"], {"maxLength": 5}, set()),
        (None, {"maxLength": 5}, {"unknown"}),
    ],
)
def test_values_of_further_types_are_not_called_safe(
    judged: Judged, types: list[str] | None, text: dict[str, int], verdicts: set[str]
) -> None:
    schema = {"properties": {"a": {**({"type": types} if types else {}), **text}}}
    found = judged(schema, "a")
    assert {finding.verdict for finding in found} == verdicts
    assert [f.reason for f in found if f.verdict == "unknown"] == [
        "api.s.a may hold values of other types, and which is not known"
    ] * ("unknown" in verdicts)


def test_a_record_of_nothing_is_no_proof_where_something_must_be_given(judged: Judged) -> None:
    required = "{type: text, required: true}"
    alone = {"minProperties": 1, "properties": {"a": TEN}}
    assert [f.verdict for f in judged(alone, "a", column=required)] == ["unknown"]
    beside = {"minProperties": 1, "properties": {"a": TEN, "b": TEN}}
    assert [f.verdict for f in judged(beside, "a", column=required)] == ["refuted"]


@pytest.mark.parametrize(
    ("name", "length", "verdicts"),
    [
        # RFC 3986, RFC 5321, RFC 1123, RFC 4291, RFC 3339, RFC 4648: ASCII, so a character is a byte
        ("uri", 5, []),
        ("uri-reference", 5, []),
        ("email", 5, []),
        ("hostname", 5, []),
        ("ipv6", 5, []),
        ("byte", 5, []),
        ("uuid", 36, []),
        # RFC 3987, RFC 6531, RFC 6901: any character
        ("iri", 5, ["unknown"]),
        ("idn-email", 5, ["unknown"]),
        ("json-pointer", 5, ["unknown"]),
    ],
)
def test_a_format_of_ascii_fits_as_many_bytes_as_it_has_characters(
    judged: Judged, name: str, length: int, verdicts: list[str]
) -> None:
    schema = {"properties": {"a": {"type": "string", "format": name, "maxLength": length}}}
    column = f"{{type: text, max_bytes: {{limit: {length}, encoding: utf-8}}}}"
    assert [f.verdict for f in judged(schema, "a", column=column, formats="enforced")] == verdicts


def test_the_rest_of_a_format_stays_open(judged: Judged) -> None:
    """Whether a URI of six characters exists is not said: it is not called safe, and not refused."""
    schema = {"properties": {"a": {"type": "string", "format": "uri", "maxLength": 10}}}
    assert [f.verdict for f in judged(schema, "a", formats="enforced")] == ["unknown"]
    assert [f.verdict for f in judged(schema, "a", formats="unknown")] == ["unknown"]


def test_a_rule_about_the_record_hides_nothing_that_fits(judged: Judged) -> None:
    schema = {"maxProperties": 2, "properties": {"a": {"type": "string", "maxLength": 5}, "b": {"type": "string"}}}
    assert judged(schema, "a") == []
