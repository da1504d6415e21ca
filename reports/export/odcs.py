"""A contract as one of the Open Data Contract Standard, version 3.2.0.

Keys that the standard cannot express go into a custom property, `fieldline`, as in a contract file; read again, the
document gives the same entities and fields. Source: bitol-io.github.io/open-data-contract-standard.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ...documents.local_text import worded
from .contract_words import anchored, answers, check_words, field_words
from .contract_yaml import as_yaml
from .export import Export, NotExported

if TYPE_CHECKING:
    from ...contracts.model import Entity, Field, System
    from .contract_words import KeyValues

_VERSION = "v3.2.0"
_CUSTOM = "fieldline"
_TYPES = {
    "text": "string",
    "integer": "integer",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "time": "time",
}
_KINDS = {"table": "table", "view": "view", "message": "topic", "file": "file"}
_OPTIONS = {
    "min_length": "minLength",
    "max_length": "maxLength",
    "min": "minimum",
    "max": "maximum",
    "exclusive_min": "exclusiveMinimum",
    "exclusive_max": "exclusiveMaximum",
}


def odcs(system: System) -> Export:
    """The whole contract of a system."""
    left: list[NotExported] = []
    for key in ("owner", "repair", "customer_text"):
        if getattr(system, key) is not None:
            left.append(NotExported(system.name, key, carried=False))
    document: KeyValues = {
        "apiVersion": _VERSION,
        "kind": "DataContract",
        "id": system.name,
        "name": worded(system.title) or system.name,
        "version": "1.0.0",
        "status": "active",
        **({"domain": system.domain} if system.domain else {}),
        "schema": [_object(entity, left) for entity in system.entities.values()],
    }
    return Export(as_yaml(document), left)


def _object(entity: Entity, left: list[NotExported]) -> KeyValues:
    custom: KeyValues = {} if entity.kind in _KINDS else {"kind": entity.kind}
    custom |= answers(entity) | check_words(entity)
    left += (NotExported(entity.full_name, key, carried=True) for key in custom)
    return {
        "name": entity.name,
        "physicalType": _KINDS.get(entity.kind, entity.kind),
        **({"businessName": str(entity.title)} if entity.title else {}),
        "properties": [_property(field, entity, left) for field in entity.fields.values()],
        **_carried(custom),
    }


def _property(field: Field, entity: Entity, left: list[NotExported]) -> KeyValues:
    rest = field_words(field, entity)
    kind = rest.pop("type")
    keys: KeyValues = {"name": field.name}
    if field.title is not None:
        keys["businessName"] = str(field.title)
        if field.title.plain is not None:  # titles in several languages are carried besides
            del rest["title"]
    keys["logicalType"] = _TYPES[kind]
    if field.name in entity.key:
        keys |= {"primaryKey": True, "primaryKeyPosition": entity.key.index(field.name) + 1}
    if rest.get("required") is True:
        keys["required"] = rest.pop("required")
    if rest.get("unique") is True:
        keys["unique"] = rest.pop("unique")
    options = _options(field, rest)
    if options:
        keys["logicalTypeOptions"] = options
    if kind != "boolean" and "one_of" in rest:
        keys["enum"] = [{"value": value} for value in rest.pop("one_of")]
    rules = rest.pop("opaque", [])
    if rules:
        keys["quality"] = [{"type": "text", "description": rule} for rule in rules]
    left += (NotExported(field.full_name, key, carried=True) for key in rest)
    return {**keys, **_carried(rest)}


def _options(field: Field, rest: KeyValues) -> KeyValues:
    options: KeyValues = {}
    for key, option in _OPTIONS.items():
        if key in rest:
            options[option] = rest.pop(key)
    if isinstance(rest.get("pattern"), str):
        options["pattern"] = anchored(rest.pop("pattern"))
    if "scale" in rest and "precision" not in rest and field.type == "decimal":
        options["multipleOf"] = Decimal(1).scaleb(-rest.pop("scale"))
    return options


def _carried(custom: KeyValues) -> KeyValues:
    return {"customProperties": [{"property": _CUSTOM, "value": custom}]} if custom else {}
