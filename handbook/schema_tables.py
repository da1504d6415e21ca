"""Tables of keys, made from a JSON Schema: what a reader may write, or a program may read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Schema: TypeAlias = "Mapping[str, Any]"
_SCALARS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_ANY_TEXT = {"string", "number", "boolean"}
"""How the schemas of YAML files say "text, with quotes or without"."""
_LANGUAGES = {"en", "fi", "nb", "nl", "sv"}
_LINK = "#/definitions/"


def key_sections(schema: Schema, *, is_written: bool, only: Collection[str] | None = None, level: str = "##") -> str:
    """Every definition of a schema that has keys, the outermost first: a heading, a sentence and a table each.

    `only`: the definitions with these names, in their order, also those without keys. `level` begins each heading.
    Of what people write, the keys that they must give are marked; of what programs read, those that may be absent.
    """
    definitions: Mapping[str, Schema] = schema["definitions"]
    (outermost,) = (name(part) for part in schema.get("else", schema)["allOf"])  # else: a file of one contract
    named = [each for each in sorted(definitions.keys() - {outermost}) if _objects(definitions[each])]
    return "\n\n".join(
        _section(each, definitions, is_written=is_written, level=level) for each in only or [outermost, *named]
    )


def name(part: Schema) -> str:
    """The definition that a reference leads to."""
    return str(part["$ref"]).removeprefix(_LINK)


def _section(title: str, definitions: Mapping[str, Schema], *, is_written: bool, level: str) -> str:
    definition = definitions[title]
    lines = [f"{level} `{title}`", "", definition.get("description", "")]
    short = [part for part in definition.get("anyOf", ()) if "properties" not in part]
    if short:
        lines += ["", f"In short: {_alternatives(short, definitions)}."]
    if _objects(definition):
        lines += ["", "| key | value | meaning |", "|---|---|---|"]
    for keys in _objects(definition):
        lines += _rows(keys, definitions, "", is_written=is_written)
    return "\n".join(lines)


def _objects(definition: Schema) -> list[Schema]:
    """The parts of a definition that have keys."""
    parts = [definition, *definition.get("anyOf", ()), *definition.get("oneOf", ())]
    return [part for part in parts if part.get("properties") and not _by_language(part)]


def _by_language(part: Schema) -> bool:
    return part.get("properties", {}).keys() == _LANGUAGES


def _rows(keys: Schema, definitions: Mapping[str, Schema], before: str, *, is_written: bool) -> Iterator[str]:
    required = keys.get("required", ())
    remark = " Required." if is_written else " May be absent."
    for key, value in keys["properties"].items():
        path = f"{before}{key}"
        meaning = _cell(value.get("description", ""))
        marked = (key in required) == is_written
        yield f"| `{path}` | {_cell(_kind(value, definitions))} | {meaning}{remark * marked} |"
        inner, step = value, f"{path}."
        if value.get("type") == "array":
            inner, step = value.get("items", {}), f"{path}[]."
        for part in _objects(inner):
            yield from _rows(part, definitions, step, is_written=is_written)


def _kind(value: Schema, definitions: Mapping[str, Schema]) -> str:
    """The values that a key takes, in words."""
    if "$ref" in value:
        target = name(value)
        if _objects(definitions[target]):
            return f"[`{target}`](#{target})"
        return _kind(definitions[target], definitions)
    if _by_language(value):
        return "one for each language (`en`, `fi`, `nb`, `nl`, `sv`)"
    if "const" in value:
        return f"`{_written(value['const'])}`"
    if "enum" in value:
        return ", ".join(f"`{_written(each)}`" for each in value["enum"])
    for many in ("anyOf", "oneOf"):
        if many in value:
            return _alternatives(value[many], definitions)
    if len(value.get("allOf", ())) == 1 and "type" not in value:
        return _kind(value["allOf"][0], definitions)
    kinds = value.get("type", "any value")
    if not isinstance(kinds, str):
        if set(kinds) == _ANY_TEXT:
            return "text"
        return " or ".join(_SCALARS.get(kind, kind) for kind in kinds)
    if kinds == "array":
        return f"a list: {_kind(value['items'], definitions)}" if value.get("items") else "a list"
    if kinds == "object":
        inner = value.get("additionalProperties")
        return f"by name: {_kind(inner, definitions)}" if isinstance(inner, dict) and inner else "a mapping"
    return _SCALARS.get(kinds, kinds)


def _alternatives(parts: list[Schema], definitions: Mapping[str, Schema]) -> str:
    return " or ".join(dict.fromkeys(_kind(part, definitions) for part in parts))


def _written(value: object) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _cell(text: str) -> str:
    """Text that stands in one cell of a table."""
    return re.sub(r"\s+", " ", text).replace("|", r"\|")
