"""Forms: the structure of our JSON, defined once. A form gives both the JSON of an answer and its draft-07 JSON Schema.

    PLACE = Object("place", "Where something was written.", (
        Member("file", "Relative to the estate's folder.", TEXT, lambda place: place.file),
        Member("line", "The first line is 1.", INTEGER, lambda place: place.line),
    ))
    PLACE.write(location)          # {"file": "contracts/web.yaml", "line": 12}
    form_schema(PLACE, "A place")  # {"$schema": …, "properties": {"file": …}, …}

Values: texts are JSON strings, whole numbers JSON integers of any size, truth values JSON booleans, null is null.
Decimals are strings in plain digits ("12.50"), because most readers of JSON would round them. Dates, times, instants
and durations are strings in ISO 8601.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping  # noqa: TC003 - dataclasses read their annotations when they run
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from ...values.show import escape

if TYPE_CHECKING:
    from ...values.valueset import Value

_T = TypeVar("_T")
T_contra = TypeVar("T_contra", contravariant=True)

Json: TypeAlias = Any
"""The values that `json` writes: null, booleans, whole numbers, texts, lists, and mappings from texts."""


class Form(Protocol[T_contra]):
    """The JSON of one kind of thing."""

    def write(self, thing: T_contra, /) -> Json:
        """The thing as JSON."""

    def schema(self, definitions: dict[str, Json], /) -> Json:
        """Its JSON Schema, draft-07. Named parts are put into `definitions` and referred to."""


@dataclass(frozen=True, slots=True)
class Simple(Generic[_T]):
    """A thing that is a single JSON value."""

    of: Mapping[str, Json]
    """Its JSON Schema."""
    write: Callable[[_T], Json]

    def schema(self, _: dict[str, Json], /) -> Json:
        return dict(self.of)


@dataclass(frozen=True, slots=True)
class OrNull(Generic[_T]):
    """Something, or null where there is none."""

    form: Form[_T]

    def write(self, thing: _T | None, /) -> Json:
        return None if thing is None else self.form.write(thing)

    def schema(self, definitions: dict[str, Json], /) -> Json:
        return {"anyOf": [self.form.schema(definitions), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Several(Generic[_T]):
    """A list."""

    form: Form[_T]

    def write(self, things: Iterable[_T], /) -> Json:
        return [self.form.write(thing) for thing in things]

    def schema(self, definitions: dict[str, Json], /) -> Json:
        return {"type": "array", "items": self.form.schema(definitions)}


@dataclass(frozen=True, slots=True)
class Member(Generic[T_contra]):
    """One member of an object."""

    name: str
    doc: str
    """Its meaning, for people; goes into the JSON Schema."""
    form: Form[Any]
    of: Callable[[T_contra], Any]
    """Reads it from the thing the object represents."""


@dataclass(frozen=True, slots=True)
class Object(Generic[T_contra]):
    """An object with all its members always present."""

    name: str
    """Its name among the definitions of the JSON Schema."""
    doc: str
    members: tuple[Member[T_contra], ...]

    def write(self, thing: T_contra, /) -> Json:
        return {member.name: member.form.write(member.of(thing)) for member in self.members}

    def schema(self, definitions: dict[str, Json], /) -> Json:
        if self.name not in definitions:
            definitions[self.name] = {}  # a recursive object refers to the definition under construction
            definitions[self.name] = {
                "description": self.doc,
                "type": "object",
                "properties": {member.name: self._member(member, definitions) for member in self.members},
                "required": [member.name for member in self.members],
            }
        return {"$ref": f"#/definitions/{self.name}"}

    @staticmethod
    def _member(member: Member[Any], definitions: dict[str, Json]) -> Json:
        schema = member.form.schema(definitions)
        beside = {"allOf": [schema]} if "$ref" in schema else schema  # draft-07 ignores the siblings of `$ref`
        return {**beside, "description": member.doc}


def choice(*words: str) -> Simple[str]:
    """One of these words."""
    return Simple({"enum": list(words)}, str)


def form_schema(form: Form[Any], title: str) -> Json:
    """The whole draft-07 JSON Schema of a document of this form."""
    definitions: dict[str, Json] = {}
    root = form.schema(definitions)
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title}
    return {**head, "allOf": [root], "definitions": dict(sorted(definitions.items()))}


def document(content: Json) -> str:
    """JSON as it is written out: indented, in ASCII (so in any encoding, and nothing in it can reach a terminal).

    As `json.dumps(content, indent=2)`, in a third of the time. Decimals are numbers in plain digits, none of them
    rounded. Raises ValueError for a number that JSON does not have.
    """
    return _written(content, "\n") + "\n"


def _written(content: Json, newline: str) -> str:
    match content:
        case str():
            return encode_basestring_ascii(content)
        case None:
            return "null"
        case dict() if content:
            inner = f"{newline}  "
            members = [f"{inner}{encode_basestring_ascii(key)}: {_written(of, inner)}" for key, of in content.items()]
            return f"{{{','.join(members)}{newline}}}"
        case list() if content:
            inner = f"{newline}  "
            return f"[{','.join([inner + _written(item, inner) for item in content])}{newline}]"
        case bool():
            return "true" if content else "false"
        case int():
            return int.__repr__(content)
        case Decimal():
            return f"{content:f}"
        case _:
            return json.dumps(content, allow_nan=False)


def _iso(length: timedelta) -> str:
    from isodate import duration_isoformat

    written: str = duration_isoformat(length)
    return written


def value_json(value: Value) -> Json:
    """A value as JSON."""
    match value:
        case Decimal():
            return format(value, "f")
        case date() | time() | datetime():
            return value.isoformat()
        case _:
            return value


TEXT_FORM: Simple[str] = Simple({"type": "string"}, str)
"""A text, unchanged: a name, a file's name."""
PROSE: Simple[str] = Simple({"type": "string"}, escape)
"""A text for people. Characters that control a terminal or cannot be seen are written as escapes."""
INTEGER_FORM: Simple[int] = Simple({"type": "integer"}, int)
BOOLEAN_FORM: Simple[bool] = Simple({"type": "boolean"}, bool)
DURATION_FORM: Simple[timedelta] = Simple({"type": "string", "pattern": "^P", "examples": ["PT24H", "P3D"]}, _iso)
DAY_FORM: Simple[date] = Simple({"type": "string", "format": "date"}, date.isoformat)
VALUE: Simple[Value] = Simple(
    {
        "description": "Decimals in plain digits, dates, times and instants in ISO 8601 are strings.",
        "type": ["string", "integer", "boolean", "null"],
    },
    value_json,
)
