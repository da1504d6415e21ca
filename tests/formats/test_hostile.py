"""Whatever a foreign file holds, it is read, or rejected with its place: no reader raises, hangs, or fetches anything."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..properties.strategies import tries
from .reading import load

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = {
    "json_schema": [
        "type",
        "properties",
        "items",
        "required",
        "enum",
        "const",
        "pattern",
        "format",
        "minLength",
        "maxLength",
        "minimum",
        "exclusiveMinimum",
        "multipleOf",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "$ref",
        "$defs",
        "definitions",
        "a",
        "b",
        "string",
        "integer",
        "object",
        "array",
        "null",
        "#/$defs/a",
        "#",
        "dependentRequired",
        "patternProperties",
        "title",
        "nullable",
        "additionalProperties",
        "uniqueItems",
        "^a$",
        "(",
        "date",
        "int32",
    ],
    "openapi": [
        "paths",
        "/a",
        "get",
        "post",
        "parameters",
        "requestBody",
        "content",
        "application/json",
        "schema",
        "name",
        "in",
        "query",
        "body",
        "required",
        "operationId",
        "$ref",
        "#/components/schemas/a",
        "components",
        "schemas",
        "properties",
        "type",
        "string",
        "a",
        "b",
        "readOnly",
        "summary",
    ],
    "odcs": [
        "schema",
        "name",
        "properties",
        "logicalType",
        "logicalTypeOptions",
        "physicalType",
        "string",
        "number",
        "date",
        "object",
        "array",
        "items",
        "quality",
        "type",
        "text",
        "library",
        "metric",
        "nullValues",
        "mustBe",
        "required",
        "unique",
        "primaryKey",
        "primaryKeyPosition",
        "enum",
        "value",
        "customProperties",
        "property",
        "fieldline",
        "maxLength",
        "pattern",
        "minimum",
        "varchar(3)",
        "int4",
        "businessName",
        "a",
        "b",
    ],
    "dbt": [
        "nodes",
        "sources",
        "model.a",
        "name",
        "resource_type",
        "model",
        "test",
        "columns",
        "data_type",
        "constraints",
        "type",
        "not_null",
        "unique",
        "check",
        "contract",
        "enforced",
        "attached_node",
        "column_name",
        "test_metadata",
        "kwargs",
        "values",
        "config",
        "severity",
        "a",
        "b",
        "varchar(3)",
        "catalog",
    ],
}
_HEADS = {
    "json_schema": {},
    "openapi": {"openapi": "3.0.0"},
    "odcs": {"apiVersion": "v3.1.0", "kind": "DataContract", "id": "x", "version": "1"},
    "dbt": {
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "adapter_type": "duckdb"}
    },
}
_FILES = {"json_schema": "f.json", "openapi": "f.json", "odcs": "f.odcs.yaml", "dbt": "manifest.json"}


def _trees(words: list[str]) -> st.SearchStrategy[Any]:
    leaf = st.one_of(
        st.sampled_from(words),
        st.sampled_from([0, 1, -1, 2.5, 1e400, 10**40, True, False, None, "", "\x1b[31m", "\u202e", "😀"]),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(words), inner, max_size=4)
        ),
        max_leaves=25,
    )


@pytest.mark.parametrize("name", sorted(_WORDS))
@tries(120)
@given(data=st.data())
def test_no_tree_makes_a_reader_raise(name: str, data: st.DataObject) -> None:
    tree = data.draw(st.dictionaries(st.sampled_from(_WORDS[name]), _trees(_WORDS[name]), max_size=5))
    text = json.dumps({**_HEADS[name], **tree}).replace("Infinity", "1e999")
    loaded = load(f"system: s\nfrom: {{{name}: {_FILES[name]}}}\n", {_FILES[name]: text})
    for problem in loaded.problems:
        assert re.match(r"\S+:\d+:\d+: ", problem), problem
    assert loaded.problems or loaded.estate is not None


def chained(length: int, link: Callable[[Any, Any], Any], end: Any) -> Any:  # noqa: ANN401 - JSON
    """A property that leads through many definitions, each of which refers to the next, and to the next again."""
    definitions = {
        f"d{i}": link({"$ref": f"#/$defs/d{i + 1}"}, {"$ref": f"#/$defs/d{i + 1}", "title": "again"})
        for i in range(length)
    }
    return {"properties": {"v": {"$ref": "#/$defs/d0"}}, "$defs": {**definitions, f"d{length}": end}}


@pytest.mark.parametrize(
    "schema",
    [
        chained(60, lambda a, b: {"properties": {"a": a, "b": b}}, {"properties": {}}),
        chained(60, lambda a, b: {"properties": {"a": a, "b": b}}, {"type": "string"}),
        chained(3000, lambda a, _: {"properties": {"a": a}}, {"type": "string"}),
        chained(60, lambda a, b: {"anyOf": [a, b]}, {"properties": {"x": {"type": "string"}}}),
        chained(60, lambda a, b: {"anyOf": [a, b]}, {"type": "string"}),
        chained(60, lambda a, b: {"oneOf": [a, b]}, {"type": "string", "pattern": "a"}),
        chained(3000, lambda a, _: {"anyOf": [a, {"properties": {"y": {"minimum": 1}}}]}, {"properties": {"x": {}}}),
        chained(3000, lambda a, _: {"allOf": [a, {"maxLength": 9}]}, {"type": "string"}),
        chained(3000, lambda a, _: {"not": a}, {"type": "string"}),
        chained(3000, lambda a, _: {"type": "array", "items": a}, {"type": "string"}),
        chained(60, lambda a, b: {"if": a, "then": b, "else": a}, {"type": "string", "pattern": "a"}),
    ],
)
def test_what_multiplies_or_never_ends_is_read_to_an_end(schema: Any) -> None:  # noqa: ANN401 - JSON
    loaded = load("system: s\nfrom: {json_schema: f.json}\n", {"f.json": json.dumps(schema)})
    assert loaded.estate is not None or loaded.problems
    if loaded.estate is not None:  # what was not looked at is not known
        assert (
            all(any(c.doubt for c in f.constraints) for f in loaded.estate.contracts.fields.values())
            or len(schema["$defs"]) < 100
        )
