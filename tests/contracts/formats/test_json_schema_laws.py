"""A field read from a JSON Schema accepts exactly what a validator of that schema accepts.

The other answer comes from jsonschema-rs. Where the schema says what our words cannot hold, the field must accept all
that is valid, and say that it does not know the rest.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from ...properties.strategies import every_text, tries
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
    unstated = [c for c in field.constraints if c.doubt]
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
