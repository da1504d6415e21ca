r"""JSON Schema: the messages of jsonschema (Python) and jsonschema-rs. Provoked in both (tests/formats/errors).

Both write a message, then the keyword and the place of the value in the instance. A message alone names no property.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from .reported import UNREAD, ErrorKind, ReportedError, read_literal, scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .reported import PlacedError

_KINDS: Mapping[str, ErrorKind] = {
    "maxLength": "too_long",
    "minLength": "too_short",
    "pattern": "pattern",
    "format": "pattern",
    "type": "wrong_type",
    "enum": "not_in_list",
    "const": "not_in_list",
    "minimum": "too_small",
    "exclusiveMinimum": "too_small",
    "maximum": "too_large",
    "exclusiveMaximum": "too_large",
    "multipleOf": "check",
    "not": "check",
    "required": "null",
    "additionalProperties": "unexpected",
}
_FAILED = re.compile(r"^Failed validating ['\"](?P<keyword>[A-Za-z]{2,40}+)['\"] in schema[^\n]{0,4000}$", re.MULTILINE)
_INSTANCE = re.compile(r"^On instance(?P<path>[^\n]{0,2000}):\n {4}(?P<value>[^\n]{0,10000})$", re.MULTILINE)
_STEP = re.compile(r"\[(?:'(?P<single>[^'\n]{0,500}+)'|\"(?P<double>[^\"\n]{0,500}+)\"|\d{1,9}+)\]")

_QUOTED = r"(?:'(?:[^'\\\n]|\\.){0,5000}+'|\"(?:[^\"\\\n]|\\.){0,5000}+\")"
_VALUE = rf"(?P<value>{_QUOTED}|-?[0-9][0-9.eE+-]{{0,400}}+|None|null|True|False|true|false)"
_MESSAGE = re.compile(
    r"^(?:[\w.]{1,100}+(?:ValidationError|Error): )?(?:"
    rf"{_VALUE} (?:"
    r"is (?P<too_long>too long|longer than (?P<longest>\d{1,9}+) characters?)"
    r"|(?:is (?P<too_short>too short|shorter than (?P<shortest>\d{1,9}+) characters?)|should be (?P<empty>non-empty))"
    r"|does not match (?P<pattern>'[^\n]{0,4000}'|\"[^\n]{0,4000}\")"
    rf"|is not of types? (?P<type>{_QUOTED}(?:, {_QUOTED}){{0,8}}+)"
    r"|is not one of (?P<enum>[^\n]{1,4000})"
    r"|is less than (?:or equal to )?the minimum of (?P<low>[-0-9.eE+]{1,60}+)"
    r"|is greater than (?:or equal to )?the maximum of (?P<high>[-0-9.eE+]{1,60}+)"
    r"|is not a multiple of (?P<multiple>[-0-9.eE+]{1,60}+)"
    rf"|is not a (?P<format>{_QUOTED})"
    r"|is a required (?P<required>property)"
    r")"
    r"|Additional properties are not allowed \('(?P<extra>[^'\n]{1,300}+)' was unexpected\)"
    r")$",
    re.MULTILINE,
)
JSON_SCHEMA_HINTS = (
    "Failed validating",
    "is too long",
    "is too short",
    "is longer than ",
    "is shorter than ",
    "should be non-empty",
    "does not match ",
    "is not of type",
    "is not one of ",
    "is less than ",
    "is greater than ",
    "is not a ",
    "is a required property",
    "Additional properties ",
)
"""One of these is in every message."""
_SAID: Mapping[str, tuple[ErrorKind, str | None]] = {
    "too_long": ("too_long", "longest"),
    "too_short": ("too_short", "shortest"),
    "empty": ("too_short", None),
    "pattern": ("pattern", "pattern"),
    "type": ("wrong_type", "type"),
    "enum": ("not_in_list", "enum"),
    "low": ("too_small", "low"),
    "high": ("too_large", "high"),
    "multiple": ("check", "multiple"),
    "format": ("pattern", "format"),
}
"""By the group that a message fills: its kind, and the group of its limit."""


def json_schema_errors(text: str) -> Iterator[PlacedError]:
    """The errors of both libraries in a text."""
    messages = [(match.start(), match.end(), _said(match)) for match in _MESSAGE.finditer(text)]
    instances = list(_INSTANCE.finditer(text))
    starts = [match.start() for match in instances]
    taken: set[int] = set()
    for failed in _FAILED.finditer(text):
        number = bisect_left(starts, failed.end())
        if number == len(instances) or failed["keyword"] not in _KINDS:
            continue
        instance = instances[number]
        before = bisect_left(messages, failed.start(), key=lambda placed: placed[0]) - 1
        own = before >= 0 and not text[messages[before][1] : failed.start()].strip()
        start = messages[before][0] if own else failed.start()
        said = messages[before][2] if own else None
        taken.update({before} if own else ())
        between = text[failed.end() : instance.start()]
        yield start, instance.end(), _placed(failed["keyword"], instance, said, between)
    yield from (message for number, message in enumerate(messages) if number not in taken)


def _placed(keyword: str, instance: re.Match[str], said: ReportedError | None, schema: str) -> ReportedError:
    """An error whose place is told. The keyword's value stands in the message, or in the schema that follows."""
    names = [step["single"] if step["double"] is None else step["double"] for step in _STEP.finditer(instance["path"])]
    path = [name for name in names if name is not None]
    if keyword in {"required", "additionalProperties"}:
        path += said.columns if said is not None else ()
    value = _read(instance["value"])
    kind = _KINDS[keyword]
    limit = said.limit if said is not None else None
    if limit is None and (written := re.search(rf"'{keyword}': ([-0-9.]{{1,40}}+|'[^'\n]{{0,400}}+')", schema)):
        limit = written[1].strip("'")
    if value is None and instance["value"] in {"None", "null"}:
        kind = "null"
    has_value = kind not in {"null", "unexpected"}
    return ReportedError(
        "jsonschema", kind, columns=(".".join(path),) if path else (), value=value if has_value else None, limit=limit
    )


def _said(match: re.Match[str]) -> ReportedError:
    """What a message alone says."""
    if match["extra"] is not None:
        return ReportedError("jsonschema", "unexpected", columns=(match["extra"],))
    value = _read(match["value"])
    if match["required"] is not None:
        return ReportedError("jsonschema", "null", columns=(value,) if value else ())
    kind, limit = next(_SAID[group] for group in _SAID if match[group] is not None)
    if match["value"] in {"None", "null"}:
        kind = "null"
    return ReportedError(
        "jsonschema", kind, value=value, limit=_unquoted(match[limit]) if limit and match[limit] else None
    )


def _unquoted(written: str) -> str:
    return written[1:-1] if written[0] in "'\"" and written[-1] == written[0] else written


def _read(written: str) -> str | None:
    """A value in the notation of Python or of JSON; None: it is null, or no single value."""
    if written.startswith('"'):
        try:
            return scalar_text(json.loads(written))
        except ValueError:
            pass
    value = read_literal({"true": "True", "false": "False", "null": "None"}.get(written, written))
    return None if value is UNREAD else scalar_text(value)
