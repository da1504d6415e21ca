"""JSON Schema (draft-07, 2020-12) of the records of an entry: numbers as numbers, dates and times as ISO 8601 texts.

Patterns are whole-string and in ECMA-262's words, with every class spelt out. Each constraint carries its message as
a `description`. Numbers of so many decimals are `multipleOf`, which engines that count in binary judge as they can.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..documents.local_text import worded
from ..values.weight import CODE_POINTS
from .parts import (
    AnyOf,
    Between,
    Decimals,
    Filled,
    GeneratedValidator,
    HasType,
    LengthRange,
    OnlyNull,
    TextForm,
    Truths,
    assertions_of,
    calendar,
    unsupported,
)

if TYPE_CHECKING:
    from ..application.library import Entry
    from ..contracts.constraint import Type
    from .parts import Assertion, Part

_TYPES = {"text": "string", "integer": "integer", "decimal": "number", "boolean": "boolean"}
_NUMBERS = ("integer", "decimal")
_ESCAPE = re.compile(r"\\U([0-9a-f]{8})")


def json_schema_validator(entry: Entry, draft: str) -> GeneratedValidator:
    """The schema, of a draft by its address."""
    assertions, left = assertions_of(entry, restated=True)
    fields: dict[str, dict[str, Any]] = {
        name: {"type": [_TYPES.get(field.type, "string"), "null"]} for name, field in entry.entity.fields.items()
    }
    schema: dict[str, Any] = {
        "$schema": draft,
        "title": worded(entry.entity.title) or str(entry.entity.full_name),
        "type": "object",
        "properties": fields,
        "required": [],
        "additionalProperties": False,
    }
    unstated: list[tuple[Assertion, str]] = []
    for assertion in assertions:
        keywords = _keywords(assertion.part, entry.entity.fields[assertion.fields[0]].type)
        if len(assertion.fields) > 1 or assertion.guards or keywords is None:
            unstated.append((assertion, "JSON Schema cannot express it"))
        elif isinstance(assertion.part, Filled):
            schema["required"].append(assertion.fields[0])
            fields[assertion.fields[0]]["type"] = _TYPES.get(entry.entity.fields[assertion.fields[0]].type, "string")
        elif keywords:
            described = {**keywords, "description": assertion.message}
            fields[assertion.fields[0]].setdefault("allOf", []).append(described)
    schema["required"] = list(dict.fromkeys(schema["required"]))
    return GeneratedValidator(
        json.dumps(schema, indent=2, ensure_ascii=False) + "\n", (*left, *unsupported(entry, assertions, unstated))
    )


def _keywords(part: Part, kind: Type) -> dict[str, Any] | None:
    match part:
        case Filled():
            return {}
        case OnlyNull():
            return {"type": "null"}
        case HasType("date"):
            return {"format": "date", **(_pattern(calendar()) or {})}
        case HasType("time" | "datetime"):
            return None  # validators may skip `format`
        case HasType():
            return {}
        case LengthRange(weight, low, high) if weight == CODE_POINTS:
            return {"minLength": low} | ({} if high is None else {"maxLength": high})
        case TextForm():
            return _pattern(part)
        case Between() if kind in _NUMBERS:
            return _range(part)
        case AnyOf(ranges) if kind in _NUMBERS:
            return {"anyOf": [{"type": "null"}, *({"type": "number"} | _range(each) for each in ranges)]}
        case Decimals(0):
            return {"type": ["integer", "null"]}
        case Decimals(most):
            return {"multipleOf": float(f"1e-{most}")}
        case Truths(allowed):
            return {"enum": [*sorted(allowed), None]}
        case _:
            return None


def _pattern(form: TextForm) -> dict[str, Any] | None:
    return None if form.pattern is None else {"pattern": f"^(?:{ecma(form.pattern)})$"}


def _range(part: Between) -> dict[str, Any]:
    ends = {"exclusiveMinimum" if part.low_is_out else "minimum": part.low}
    ends |= {"exclusiveMaximum" if part.high_is_out else "maximum": part.high}
    return {key: _number(end) for key, end in ends.items() if end is not None}


def ecma(pattern: str) -> str:
    """A pattern of ours in the words of ECMA-262 with the flag `u` or `v`; without possessive marks it means the same."""
    translated = pattern.replace("*+", "*").replace("?+", "?")
    return _ESCAPE.sub(lambda code: f"\\u{{{int(code[1], 16):x}}}", translated)


def _number(end: object) -> int | float:
    number = Decimal(str(end))
    return int(number) if number == int(number) else float(number)
