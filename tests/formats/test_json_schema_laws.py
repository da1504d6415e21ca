"""A field read from a JSON Schema accepts exactly what a validator of that schema accepts.

The other answer comes from jsonschema-rs. Where the schema says what our words cannot hold, the field must accept all
that is valid, and say that it does not know the rest.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from fieldline.contracts.record_rules import SOME_RECORD_HOLDS, rejecting_rule

from ..properties.strategies import every_text, tries
from .reading import from_schema

Schema = Any
TEXTS = (*every_text("aB0", 3), "\n", "a\n", "é", "😀", "a😀", "aaaa", "[", "a|b", "no", "null", "1")
NUMBERS = (*range(-3, 8), Decimal("0.5"), Decimal("-1.5"), Decimal("0.25"), Decimal("2.75"), 10, 100)
VALUES = (None, True, False, *TEXTS, *NUMBERS)

PATTERNS = (
    "^a",
    "a$",
    "^a$",
    "b",
    "^a|B$",
    "^(a|B)+$",
    "[0-9]",
    "^$",
    "",
    "^[^a]*$",
    "^\\S+$",
    "a.",
    "\\$",
    "(a)B",
    "^.$",
)
_enums = st.lists(st.sampled_from(["a", "B", "", "a|b", "no", 1, 2, 0.5, True, False, None]), min_size=1, max_size=4)
_keywords: st.SearchStrategy[Schema] = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["string", "integer", "number", "boolean", "null"])}),
    st.fixed_dictionaries(
        {
            "type": st.lists(
                st.sampled_from(["string", "integer", "number", "null"]), min_size=1, max_size=2, unique=True
            )
        }
    ),
    st.fixed_dictionaries({"minLength": st.integers(0, 2)}),
    st.fixed_dictionaries({"maxLength": st.integers(0, 3)}),
    st.fixed_dictionaries({"pattern": st.sampled_from(PATTERNS)}),
    st.fixed_dictionaries({"enum": _enums}),
    st.fixed_dictionaries({"const": st.sampled_from(["a", "B", 1, None, True])}),
    st.fixed_dictionaries({"minimum": st.sampled_from([-1, 0, 0.5, 2])}),
    st.fixed_dictionaries({"maximum": st.sampled_from([1, 2.5, 4])}),
    st.fixed_dictionaries({"exclusiveMinimum": st.sampled_from([-1, 0, 0.5])}),
    st.fixed_dictionaries({"exclusiveMaximum": st.sampled_from([1, 2.5, 4])}),
    st.fixed_dictionaries({"multipleOf": st.sampled_from([1, 0.5, 0.1, 2])}),
)


def _together(schemas: list[Schema]) -> Schema:
    """One schema of several, later keywords in place of earlier ones."""
    return {key: value for schema in schemas for key, value in schema.items()}


_flat = st.lists(_keywords, min_size=1, max_size=3).map(_together)


def _combined(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda found: {"allOf": found}),
        several.map(lambda found: {"anyOf": found}),
        several.map(lambda found: {"oneOf": found}),
        inner.map(lambda found: {"not": found}),
        st.builds(lambda a, b, c: {"if": a, "then": b, "else": c}, inner, inner, inner),
        st.builds(lambda a, b: {**a, "anyOf": [b, {"type": "null"}]}, inner, inner),
        st.builds(lambda a, b: {**a, "$ref": "#/$defs/d", "$defs": {"d": b}}, _flat, _flat),
    )


schemas = st.one_of(_flat, _combined(_flat), _combined(st.one_of(_flat, _combined(_flat))))


def _of_property(schema: Schema) -> Schema:
    definitions = {"d": schema.pop("$defs")["d"]} if "$defs" in schema else {"d": {}}
    return {"type": "object", "properties": {"v": schema}, "required": ["v"], "$defs": definitions}


@tries(200)
@given(schemas)
def test_a_field_accepts_what_a_validator_accepts(schema: Schema) -> None:
    document = _of_property(dict(schema))
    loaded = from_schema(document, ", nulls: sent")
    if loaded.estate is None:
        assert all("contradicts" in problem for problem in loaded.problems), loaded.problems
        return
    field = loaded.field("s.e.v")
    # Of one type alone all may be stated, though values of others are admitted, too.
    unstated = [c for c in field.constraints if c.doubt and not c.sentence.startswith("the value is of one of several")]
    validator = jsonschema_rs.Draft202012Validator(document, validate_formats=False)
    for value in VALUES:
        if not _is_of(field.type, value):
            continue
        valid = validator.is_valid({"v": float(value) if isinstance(value, Decimal) else value})
        accepted = all(value in constraint.accepts for constraint in field.constraints)
        if unstated:
            assert accepted or not valid, (value, [c.sentence for c in field.constraints])
        else:
            assert accepted == valid, (value, [c.sentence for c in field.constraints])


def _is_of(kind: str, value: object) -> bool:
    match value:
        case None:
            return True
        case bool():
            return kind == "boolean"
        case str():
            return kind == "text"
        case int():
            return kind in {"integer", "decimal"}
        case _:
            return kind == "decimal"


_UUID = "0123abcd-4567-89EF-0123-456789abcdef"
FORMATTED = (
    *(_UUID[:i] + c + _UUID[i + 1 :] for i in range(0, 36, 5) for c in "-g0A"),
    *(_UUID, _UUID[:-1], f"{_UUID}0", f"{{{_UUID}}}", f"urn:uuid:{_UUID}", f"{_UUID}\n", _UUID.replace("-", "")),
    *(
        f"{a}.{b}.0.1"
        for a in ("0", "00", "01", "9", "99", "199", "249", "255", "256", "1e1", "", "١")
        for b in ("0", "300")
    ),
    *("1.2.3", "1.2.3.4.5", "1.2.3.4\n", " 1.2.3.4", "1.2.3.4/8"),
)


def test_formats_that_are_patterns_are_what_a_validator_takes_them_for() -> None:
    for name in ("uuid", "ipv4"):
        schema: Schema = {"properties": {"v": {"type": "string", "format": name}}}
        accepts = from_schema(schema, ", formats: enforced").field("s.e.v").accepts
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        found = {text: (text in accepts, validator.is_valid({"v": text})) for text in FORMATTED}
        assert {text: answers for text, answers in found.items() if answers[0] != answers[1]} == {}
        assert {answers[0] for answers in found.values()} == {True, False}


# ------------------------------------------------------------------------------------------------------ and of records

_a = st.fixed_dictionaries(
    {"type": st.just("string")}, optional={"maxLength": st.integers(1, 2), "pattern": st.just("^x*$")}
)
_b = st.fixed_dictionaries({"type": st.just("integer")}, optional={"minimum": st.integers(-1, 3)})
_x = st.fixed_dictionaries({"type": st.just("string")}, optional={"maxLength": st.integers(0, 2)})
_o = st.fixed_dictionaries(
    {"type": st.just("object"), "properties": st.fixed_dictionaries({"x": _x})}, optional={"required": st.just(["x"])}
)
_of_records: st.SearchStrategy[Schema] = st.sampled_from(
    [
        {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {
            "oneOf": [
                {"properties": {"a": {"maxLength": 1}}},
                {"properties": {"a": {"minLength": 2}, "b": {"minimum": 3}}},
            ]
        },
        {"anyOf": [{"properties": {"a": {"const": "x"}}}, {"required": ["b"], "properties": {"b": {"minimum": 2}}}]},
        {"allOf": [{"required": ["a"]}, {"properties": {"a": {"minLength": 1}}}]},
        {"dependentRequired": {"a": ["b"]}},
        {"dependentSchemas": {"b": {"properties": {"a": {"maxLength": 0}}}}},
        {"if": {"properties": {"a": {"const": "x"}}, "required": ["a"]}, "then": {"required": ["b"]}},
        {"if": {"required": ["b"]}, "then": {"properties": {"a": {"maxLength": 1}}}, "else": {"required": ["o"]}},
        {"not": {"required": ["a", "b"]}},
        {"not": {"properties": {"a": {"const": "x"}}}},
        {"minProperties": 2},
        {"maxProperties": 1},
        {"patternProperties": {"^[ao]$": {"not": {"const": "xx"}}}},
        {"propertyNames": {"maxLength": 1}},
        {"additionalProperties": False},
        {"unevaluatedProperties": False},
        {"properties": {"o": {"properties": {"x": {"minLength": 1}}}}},
    ]
)
_records: st.SearchStrategy[Schema] = st.builds(
    lambda a, b, o, required, more: {
        "type": "object",
        "properties": {"a": a, "b": b, "o": o},
        "required": required,
        **({"allOf": more} if more else {}),
    },
    _a,
    _b,
    _o,
    st.lists(st.sampled_from("abo"), unique=True, max_size=2),
    st.lists(_of_records, max_size=2),
)


@tries(100)
@given(_records)
def test_no_record_that_a_validator_refuses_is_called_fine(schema: Schema) -> None:
    """A record whose every field is accepted, by fields without a rule in words, is valid; and valid ones are accepted."""
    loaded = from_schema(schema, ", nulls: left_out")
    if loaded.estate is None:
        assert all("contradicts" in problem for problem in loaded.problems), loaded.problems
        return
    fields = [loaded.field(f"s.e.{name}") for name in ("a", "b", "o_x")]
    sure = not any(c.doubt for field in fields for c in field.constraints)
    validator = jsonschema_rs.Draft202012Validator(schema)
    for a in (None, "", "x", "xx", "xxx", "y"):
        for b in (None, -1, 0, 3):
            for x in (None, "", "y", "yyy"):
                record: Schema = {name: value for name, value in (("a", a), ("b", b)) if value is not None}
                if x is not None or "o" in schema["required"]:
                    record["o"] = {} if x is None else {"x": x}
                valid = validator.is_valid(record)
                accepted = all(
                    v in c.accepts for field, v in zip(fields, (a, b, x), strict=True) for c in field.constraints
                )
                assert accepted or not valid, record
                assert valid or not accepted or not sure, record


# ------------------------------------------------------------------- which values of a property some record surely holds

_kinds = st.sampled_from(
    [{"const": "p"}, {"const": "q"}, {"enum": ["p", "r"]}, {"type": "string"}, {"type": "integer"}]
)
_limited = st.sampled_from(
    [{"type": "string", "maxLength": 1}, {"maxLength": 2}, {"minLength": 1}, {"const": "x"}, True]
)
_names = st.lists(st.sampled_from("abk"), unique=True, max_size=2)
_branch: st.SearchStrategy[Schema] = st.fixed_dictionaries(
    {"properties": st.fixed_dictionaries({}, optional={"k": _kinds, "a": _limited, "b": _limited})},
    optional={"required": _names, "additionalProperties": st.just(False), "type": st.just("object")},
)
_constructs: st.SearchStrategy[Schema] = st.one_of(
    st.builds(
        lambda word, found: {word: found},
        st.sampled_from(["oneOf", "anyOf"]),
        st.lists(_branch, min_size=2, max_size=3),
    ),
    st.builds(lambda i, t: {"if": i, "then": t}, _branch, _branch),
    st.builds(lambda i, t, e: {"if": i, "then": t, "else": e}, _branch, _branch, _branch),
    st.builds(lambda name, found: {"dependentSchemas": {name: found}}, st.sampled_from("abk"), _branch),
    st.builds(lambda name, names: {"dependentRequired": {name: names}}, st.sampled_from("abk"), _names),
    _branch.map(lambda found: {"not": found}),
    st.builds(lambda found: {"patternProperties": {"^[ak]$": found}}, _limited),
    st.builds(lambda found: {"allOf": [found]}, _branch),
)
_mixed: st.SearchStrategy[Schema] = st.builds(
    lambda base, first, second: {"type": "object", **base, "allOf": [first, second]}, _branch, _constructs, _constructs
)
_SOME = (None, "", "x", "xx", "xxx", "y", "p", "q", "r", 1, True)


@tries(150)
@given(_mixed)
def test_a_value_that_some_record_is_said_to_hold_stands_in_a_valid_one(schema: Schema) -> None:
    loaded = from_schema(schema, ", nulls: left_out")
    if loaded.estate is None:
        assert all("contradicts" in problem or "no schema" in problem for problem in loaded.problems), loaded.problems
        return
    validator = jsonschema_rs.Draft202012Validator(schema)
    records = [
        {name: value for name, value in zip("abk", values, strict=True) if value is not None}
        for values in product(_SOME, repeat=3)
    ]
    valid = [record for record in records if validator.is_valid(record)]
    (entity,) = loaded.estate.contracts.entities.values()
    for name, described in entity.fields.items():
        own = [value for value in _SOME if value is not None and _is_of(described.type, value)]
        accepted = [value for value in own if all(value in c.accepts for c in described.constraints)]
        held = {repr(record[name]) for record in valid if name in record}
        for value in own:
            if repr(value) in held:
                assert value in accepted, (name, value)
        is_claimed = any(c.sentence.endswith(SOME_RECORD_HOLDS) for c in described.constraints)
        for value in accepted if is_claimed else ():
            if rejecting_rule(entity, described, {name: value}) is None:
                assert repr(value) in held, (name, value, [c.sentence for c in described.constraints])
