"""A contract as a JSON Schema, draft 2020-12: one object a definition, by the names of the entities.

Keys that a schema cannot express (bytes, encodings, other dialects of patterns, dates between bounds, uniqueness, owners,
rules in words) are reported, never silently left out. Null may be left out or sent.
Source: json-schema.org, draft 2020-12, "Core" and "Validation".
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..json.form import document
from .contract_words import anchored, entity_words, field_words
from .export import Export, NotExported

if TYPE_CHECKING:
    from ...contracts.model import Entity, Field, System
    from .contract_words import KeyValues

_TYPES = {
    "text": "string",
    "integer": "integer",
    "decimal": "number",
    "boolean": "boolean",
    "date": "string",
    "datetime": "string",
    "time": "string",
}
_FORMATS = {"date": "date", "datetime": "date-time"}
_NUMBERS = {
    "min": "minimum",
    "max": "maximum",
    "exclusive_min": "exclusiveMinimum",
    "exclusive_max": "exclusiveMaximum",
}
_LENGTHS = {"min_length": "minLength", "max_length": "maxLength"}


def json_schema_export(system: System) -> Export:
    """The whole contract of a system; of a system of one entity, that one's schema is the document's own."""
    kept = ("domain", "owner", "repair", "customer_text")
    left = [NotExported(system.name, key, carried=False) for key in kept if getattr(system, key)]
    objects = {entity.name: _object(entity, system, left) for entity in system.entities.values()}
    head: KeyValues = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    if len(objects) == 1:
        return Export(document({**head, **next(iter(objects.values()))}), left)
    title = {"title": str(system.title)} if system.title else {}
    return Export(document({**head, **title, "$defs": objects}), left)


def _object(entity: Entity, system: System, left: list[NotExported]) -> KeyValues:
    words = entity_words(entity, system)
    left += (NotExported(entity.full_name, key, carried=False) for key in words if key not in {"fields", "title"})
    required = [field.name for field in entity.fields.values() if field.required]
    return {
        **({"title": str(entity.title)} if entity.title else {}),
        "type": "object",
        "properties": {field.name: _property(field, entity, left) for field in entity.fields.values()},
        **({"required": required} if required else {}),
    }


def _property(field: Field, entity: Entity, left: list[NotExported]) -> KeyValues:
    rest = field_words(field, entity)
    kind = _TYPES[rest.pop("type")]
    required = rest.get("required") is True and rest.pop("required")
    keywords: KeyValues = {"title": str(field.title)} if field.title else {}
    if field.title is not None and field.title.plain is not None:  # of several languages, one fits into a schema
        del rest["title"]
    keywords["type"] = kind if required else [kind, "null"]
    if field.type in _FORMATS:
        keywords["format"] = _FORMATS[field.type]
        left.append(
            NotExported(
                field.full_name, f"type {field.type} (a format, which validators need not enforce)", carried=False
            )
        )
    elif field.type == "time":
        left.append(NotExported(field.full_name, "type time", carried=False))
    for key, word in (*_LENGTHS.items(), *(_NUMBERS.items() if kind in {"integer", "number"} else ())):
        if key in rest:
            keywords[word] = rest.pop(key)
    if isinstance(rest.get("pattern"), str):
        keywords["pattern"] = anchored(rest.pop("pattern"))
    if "one_of" in rest:
        keywords["enum"] = [*rest.pop("one_of"), *([] if required else [None])]
    if "not_one_of" in rest:
        keywords["not"] = {"enum": rest.pop("not_one_of")}
    _digits(rest, keywords)
    if "opaque" in rest:
        keywords["$comment"] = "; ".join(rest["opaque"])
    left += (NotExported(field.full_name, key, carried=False) for key in rest)
    return keywords


def _digits(rest: KeyValues, keywords: KeyValues) -> None:
    """`precision` and `scale` as bounds and a multiple."""
    precision, scale = rest.pop("precision", None), rest.pop("scale", None)
    if precision is not None:
        limit = Decimal(1).scaleb(precision - (scale or 0))
        most = keywords.get("exclusiveMaximum", keywords.get("maximum"))
        if most is None or most >= limit:
            keywords.pop("maximum", None)
            keywords["exclusiveMaximum"] = limit
        least = keywords.get("exclusiveMinimum", keywords.get("minimum"))
        if least is None or least <= -limit:
            keywords.pop("minimum", None)
            keywords["exclusiveMinimum"] = -limit
    if scale is not None or precision is not None:
        keywords["multipleOf"] = Decimal(1).scaleb(-(scale or 0))
