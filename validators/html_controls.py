"""HTML form controls (WHATWG HTML, constraint validation): the checks a browser makes before it sends anything.

Everything about a text is its `pattern`, which a browser matches against the whole value with the flag `v`; `minlength`
and `maxlength` count UTF-16 units, and look only at what a person typed. An empty control is null. Its title names
each constraint and its system.
"""

from __future__ import annotations

from html import escape as attribute
from typing import TYPE_CHECKING

from ..documents.local_text import worded
from ..values.weight import CODE_POINTS
from .json_schema import ecma
from .parts import (
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
    unsupported,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from ..application.library import Entry
    from ..contracts.model import Field
    from .parts import Assertion

_ANY = r"[\u{0}-\u{d7ff}\u{e000}-\u{10ffff}]"
"""A character of Unicode: no lone surrogate."""


def html_controls(entry: Entry) -> GeneratedValidator:
    """One control a field, with its label."""
    assertions, left = assertions_of(entry, restated=True)
    unstated: list[tuple[Assertion, str]] = []
    lines: list[str] = []
    for field in entry.entity.fields.values():
        own = [assertion for assertion in assertions if assertion.fields == (field.name,) and not assertion.guards]
        lines += _control(field, own, unstated)
    unstated += (
        (assertion, "a control looks at its own value alone")
        for assertion in assertions
        if len(assertion.fields) > 1 or assertion.guards
    )
    return GeneratedValidator("\n".join(lines) + "\n", (*left, *unsupported(entry, assertions, unstated)))


def _control(field: Field, assertions: list[Assertion], unstated: list[tuple[Assertion, str]]) -> list[str]:
    attributes: dict[str, str] = {"id": field.name, "name": field.name}
    kept: list[Assertion] = []
    patterns: list[str] = []
    for assertion in assertions:
        is_stated = _state(assertion, attributes, patterns, field.type)
        if is_stated and not isinstance(assertion.part, HasType):
            kept.append(assertion)
        elif not is_stated:
            unstated.append((assertion, "HTML cannot express it"))
    attributes |= {"boolean": {"type": "checkbox"}, "date": {"type": "date"}}.get(field.type, {})
    if field.type in {"integer", "decimal"}:
        attributes = {
            **attributes,
            "type": "number",
            "step": attributes.get("step", "1" if field.type == "integer" else "any"),
        }
    patterns = [
        each for each in dict.fromkeys(patterns) if each != f"{_ANY}*"
    ] or patterns  # every other constraint implies it
    if patterns:
        attributes["pattern"] = (
            patterns[0] if len(patterns) == 1 else "".join(f"(?=(?:{p})$)" for p in patterns) + f"{_ANY}*"
        )
    if kept:
        attributes["title"] = " ".join(dict.fromkeys(assertion.message for assertion in kept))
    written = " ".join(f'{name}="{attribute(value)}"' if value else name for name, value in attributes.items())
    title = attribute(worded(field.title) or field.name)
    return [f'<label for="{attribute(field.name)}">{title}</label>', f"<input {written}>"]


def _state(assertion: Assertion, attributes: dict[str, str], patterns: list[str], kind: str) -> bool:
    match assertion.part:
        case HasType("text"):
            patterns.append(f"{_ANY}*")
        case HasType(name):
            return name in {"integer", "decimal", "date"}
        case OnlyNull() if kind == "text":
            patterns.append("(?!)")
        case Filled():
            attributes["required"] = ""
        case LengthRange(weight, low, high) if weight == CODE_POINTS:
            patterns.append(f"{_ANY}{{{low},{'' if high is None else high}}}")
        case TextForm(_, pattern) if pattern is not None:
            patterns.append(ecma(pattern))
        case Decimals(most) if most:
            attributes["step"] = f"0.{'0' * (most - 1)}1"
        case Decimals():
            attributes["step"] = "1"
        case Between(low, high, low_is_out, high_is_out) if kind != "time" and not (low_is_out or high_is_out):
            attributes |= {name: _end(end) for name, end in (("min", low), ("max", high)) if end is not None}
        case Truths():
            return False
        case _:
            return False
    return True


def _end(end: object) -> str:
    return end.isoformat() if hasattr(end, "isoformat") else f"{_plain(end)}"  # type: ignore[arg-type]


def _plain(number: Decimal) -> str:
    return f"{number:f}"
