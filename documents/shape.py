"""Shapes: the allowed content of our YAML files, stated once.

From a shape comes the reading of a node, with every problem in it, and its draft-07 JSON Schema. Nothing else decides
the content of a file, so the published schema and the loader cannot drift apart.

A mapping with known keys is a `Keyed` shape, each key with a shape of its own:

    LIMIT = Key("code_points", COUNT, "How many characters are kept.")
    BYTES = Key("bytes", COUNT, "How many bytes are kept.")
    TRUNCATE = Keyed(
        "truncate",
        "Cuts what is too long.",
        (LIMIT, BYTES, Key("encoding", ENCODING, "What the bytes are counted in.")),
        short="code_points",                        # {truncate: 20} means {truncate: {code_points: 20}}
        exactly_one=(("code_points", "bytes"),),    # one of them, and not both
        needs={"bytes": ("encoding",), "encoding": ("bytes",)},
    )
    TRIM = Keyed("trim", "Removes white space at the ends.", (Key("characters", TEXT, "What is removed."),))
    TRANSFORM = Tagged("transform", {"truncate": TRUNCATE, "trim": TRIM})      # trim | {trim: {…}} | {truncate: 20}

Reading a node gives a `ShapedRecord`: `record.get(BYTES)` is an `int | None`, `record.plain()` is
`{"bytes": 63, "encoding": "utf-8"}`; keys that were not written are absent. A `Keyed` shape without required keys may
stand as its bare name in a `Tagged` one.

Scalars (what reading gives): TEXT (str, as written), NAME (str), FIELD_NAME (FieldName), INTEGER and COUNT (int), NUMBER
(Decimal), BOOLEAN (bool), DURATION (timedelta), DAY_SHIFT (DayShift), DATE, TIME, DATETIME, ENCODING (str), SCALAR (the
node), and made to order `Choice("a", "b")` (str), `Integer(1, 64)` (int).
Compound: `Keyed` (Record), `Named` (pairs of key node and value), `TextMap` (dict of str), `ListOf` (tuple), `Either`,
`Tagged` (Tag).
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - dataclasses read their annotations when they run
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast

from .problem import probably, shorten
from .scalar import (
    BOOLEAN,
    COUNT,
    DATE,
    DATETIME,
    DAY_SHIFT,
    DURATION,
    ENCODING,
    FIELD_NAME,
    INTEGER,
    NAME,
    NAME_PATTERN,
    NUMBER,
    SCALAR,
    TEXT,
    TIME,
    Choice,
    Integer,
    NodeKind,
    Schema,
    wrong_kind,
)
from .yaml_events import MappingNode, RejectedNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from .location import Location
    from .problem import Problems
    from .yaml_events import Node

__all__ = [
    "BOOLEAN",
    "COUNT",
    "DATE",
    "DATETIME",
    "DAY_SHIFT",
    "DURATION",
    "ENCODING",
    "FIELD_NAME",
    "INTEGER",
    "NAME",
    "NUMBER",
    "SCALAR",
    "TEXT",
    "TIME",
    "Choice",
    "Either",
    "Integer",
    "Key",
    "Keyed",
    "ListOf",
    "Named",
    "Schema",
    "Shape",
    "ShapedRecord",
    "Tag",
    "Tagged",
    "TextMap",
    "shape_schema",
]

_T = TypeVar("_T")
T_co = TypeVar("T_co", covariant=True)


class Shape(Protocol[T_co]):
    """The allowed forms of one node."""

    @property
    def expected(self) -> str:
        """The form it accepts, in words: "a whole number", "a list of names"."""

    @property
    def kinds(self) -> tuple[NodeKind, ...]:
        """The kinds of node it accepts."""

    def read(self, node: Node, problems: Problems, /) -> T_co | None:
        """The node's meaning; None after at least one problem was added, or when the node was rejected before."""

    def schema(self, definitions: Schema, /) -> Schema:
        """Its JSON Schema, draft-07. Named parts are put into `definitions` and referred to."""


def shape_schema(shape: Shape[object], title: str) -> Schema:
    """The whole draft-07 JSON Schema of a file of this shape."""
    definitions: Schema = {}
    root = shape.schema(definitions)
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": title}
    return {**head, **_beside(root), "definitions": dict(sorted(definitions.items()))}


# --------------------------------------------------------------------------------------------------------- mappings


@dataclass(frozen=True, slots=True)
class Key(Generic[_T]):
    """One key of a mapping."""

    name: str
    shape: Shape[_T]
    doc: str
    """Its meaning, for people; goes into the JSON Schema."""
    required: bool = False


@dataclass(frozen=True, slots=True)
class ShapedRecord:
    """The values of a mapping with known keys."""

    location: Location
    values: Mapping[str, object]
    """By key, in the order of the file. A key with a problem is absent, as one that was not written."""
    nodes: Mapping[str, tuple[Node, Node]]
    """By key: the key's node and its value's; the same one where the short form was written."""
    flawed: frozenset[str] = frozenset()
    """The keys under which something was a problem, however deep."""
    sound: bool = True
    """Whether nothing in it was a problem and nothing was missing."""

    def get(self, key: Key[_T]) -> _T | None:
        """The value of a key; None when it was not written or had a problem."""
        return cast("_T | None", self.values.get(key.name))

    def has(self, name: str) -> bool:
        """Whether the key was written, with a problem or without."""
        return name in self.nodes

    def where(self, name: str) -> Location:
        """The place of a key; the record's own where the key was not written."""
        nodes = self.nodes.get(name)
        return nodes[0].location if nodes else self.location

    def plain(self) -> dict[str, object]:
        """The values without their places, records inside likewise."""
        return {
            name: value.plain() if isinstance(value, ShapedRecord) else value for name, value in self.values.items()
        }


@dataclass(frozen=True)
class Keyed:
    """A mapping with known keys. Unknown ones are problems, with the one that was probably meant."""

    name: str
    """Its name, also among the definitions of the JSON Schema."""
    doc: str
    keys: tuple[Key[Any], ...] = ()
    short: str | None = None
    """The key whose value may stand alone, in place of the mapping."""
    exactly_one: tuple[tuple[str, ...], ...] = ()
    """Groups of keys of which one, and only one, must stand."""
    any_of: tuple[tuple[str, ...], ...] = ()
    """Groups of keys of which at least one must stand."""
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys that need others beside them."""
    also: Mapping[str, str] = field(default_factory=dict)
    """Words that others use for the keys, as `probably` takes them, for suggestions."""

    def __post_init__(self) -> None:
        by_name = {key.name: key for key in self.keys}
        groups = (*self.exactly_one, *self.any_of, *self.needs.values(), self.needs)
        named = {name for group in groups for name in group}
        if unknown := named.union([self.short] if self.short else []) - by_name.keys():
            message = f"{self.name}: no such key: {sorted(unknown)}"
            raise ValueError(message)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_names", tuple(by_name))
        object.__setattr__(self, "_required", tuple(key for key in self.keys if key.required))
        object.__setattr__(self, "_short_kinds", by_name[self.short].shape.kinds if self.short else ())

    _by_name: Mapping[str, Key[Any]] = field(init=False, repr=False, compare=False)
    _names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _required: tuple[Key[Any], ...] = field(init=False, repr=False, compare=False)
    _short_kinds: tuple[NodeKind, ...] = field(init=False, repr=False, compare=False)

    @property
    def kinds(self) -> tuple[NodeKind, ...]:
        return (*self._short_kinds, "mapping")

    @property
    def expected(self) -> str:
        mapping = f"a mapping with the keys {', '.join(self._names)}" if self._names else "no options"
        return f"{self._by_name[self.short].shape.expected}, or {mapping}" if self.short else mapping

    @property
    def may_be_empty(self) -> bool:
        """Whether it means something without any key."""
        return not self._required and not self.exactly_one and not self.any_of

    def read(self, node: Node, problems: Problems, /) -> ShapedRecord | None:
        if isinstance(node, MappingNode):
            return self._read_mapping(node, problems)
        if self.short and _kind(node) in self._short_kinds:
            return self._read_short(self.short, node, problems)
        wrong_kind(node, self.expected, problems)
        return None

    def _read_short(self, name: str, node: Node, problems: Problems) -> ShapedRecord | None:
        before = len(problems)
        value = self._by_name[name].shape.read(node, problems)
        if value is None:
            return None
        sound = len(problems) == before
        return ShapedRecord(
            node.location, {name: value}, {name: (node, node)}, frozenset(() if sound else (name,)), sound
        )

    def _read_mapping(self, node: MappingNode, problems: Problems) -> ShapedRecord:
        start = len(problems)
        values: dict[str, object] = {}
        nodes: dict[str, tuple[Node, Node]] = {}
        flawed: list[str] = []
        for written, value_node in node.entries:
            key = self._by_name.get(written.value)
            if key is None:
                self._reject_key(written, problems)
                continue
            nodes[key.name] = written, value_node
            before = len(problems)
            value = key.shape.read(value_node, problems)
            if value is not None:
                values[key.name] = value
            if value is None or len(problems) > before:
                flawed.append(key.name)
        if node.complete:
            self._check_presence(node.location, nodes, problems)
        sound = node.complete and len(problems) == start and not flawed
        return ShapedRecord(node.location, values, nodes, frozenset(flawed), sound)

    def _reject_key(self, node: ScalarNode, problems: Problems) -> None:
        full = problems.is_full(node.location.file)
        problems.add(
            node.location,
            f"unknown key {shorten(node.value)}",
            expected=f"one of {', '.join(self._names)}" if self._names else "no options",
            suggestion=None if full else probably(node.value, self._names, self.also),
            length=node.length,
        )

    def _check_presence(self, place: Location, present: Mapping[str, tuple[Node, Node]], problems: Problems) -> None:
        for key in self._required:
            if key.name not in present:
                expected = f"{key.name}: {key.shape.expected}"
                problems.add(place, f'the key "{key.name}" is missing', expected=expected)
        for group in (*self.exactly_one, *self.any_of):
            if not any(name in present for name in group):
                message = f"one of the keys {', '.join(group)} is missing"
                problems.add(place, message, expected=self.expected)
        for group in self.exactly_one:
            written = [name for name in group if name in present]
            for name in written[1:]:
                message = f'the key "{name}" cannot stand beside "{written[0]}"'
                problems.add(
                    present[name][0].location, message, expected=f"one of {', '.join(group)}", length=len(name)
                )
        for name, others in self.needs.items():
            missing = [other for other in others if name in present and other not in present]
            for other in missing:
                message = f'the key "{name}" needs "{other}" beside it'
                expected = f"{other}: {self._by_name[other].shape.expected}"
                problems.add(present[name][0].location, message, expected=expected, length=len(name))

    def schema(self, definitions: Schema, /) -> Schema:
        mapping = self._mapping_schema(definitions)
        if self.short:
            described = {"description": mapping.pop("description")}
            short = self._by_name[self.short].shape.schema(definitions)
            mapping = {**described, "anyOf": [short, mapping]}
        if definitions.setdefault(self.name, mapping) != mapping:
            message = f"two different shapes are named {self.name}"
            raise ValueError(message)
        return {"$ref": f"#/definitions/{self.name}"}

    def _mapping_schema(self, definitions: Schema) -> Schema:
        schema: Schema = {
            "description": self.doc,
            "type": "object",
            "properties": {
                key.name: {**_beside(key.shape.schema(definitions)), "description": key.doc} for key in self.keys
            },
            "additionalProperties": False,
        }
        if self._required:
            schema["required"] = [key.name for key in self._required]
        if self.needs:
            schema["dependencies"] = {name: list(others) for name, others in self.needs.items()}
        if self.exactly_one:
            schema["allOf"] = [{"oneOf": [{"required": [name]} for name in group]} for group in self.exactly_one]
        if self.any_of:
            several = [{"anyOf": [{"required": [name]} for name in group]} for group in self.any_of]
            schema["allOf"] = [*schema.get("allOf", []), *several]
        return schema


@dataclass(frozen=True, slots=True)
class Named(Generic[_T]):
    """A mapping whose keys are names of the author's choice: entities, fields. Items that cannot be read are left out."""

    item: Shape[_T]
    what: str
    """The kind of thing that is named: "entity", "field"."""
    key: Shape[str] = NAME
    """What a name is: a plain one, or any text."""
    kinds: ClassVar[tuple[NodeKind, ...]] = ("mapping",)

    @property
    def expected(self) -> str:
        return f"a mapping with {self.what} names as keys"

    def read(self, node: Node, problems: Problems, /) -> tuple[tuple[ScalarNode, _T], ...] | None:
        if not isinstance(node, MappingNode):
            wrong_kind(node, self.expected, problems)
            return None
        items: list[tuple[ScalarNode, _T]] = []
        for key, value_node in node.entries:
            name = self.key.read(key, problems)
            value = self.item.read(value_node, problems)
            if name is not None and value is not None:
                items.append((key, value))
        return tuple(items)

    def schema(self, definitions: Schema, /) -> Schema:
        names = {"pattern": f"^{NAME_PATTERN}$"} if self.key is NAME else {"minLength": 1}
        return {"type": "object", "propertyNames": names, "additionalProperties": self.item.schema(definitions)}


@dataclass(frozen=True, slots=True)
class TextMap:
    """A mapping from texts to texts, with at least one entry; with `characters`, every key is one character."""

    characters: bool = False
    kinds: ClassVar[tuple[NodeKind, ...]] = ("mapping",)

    @property
    def expected(self) -> str:
        return "a mapping from single characters to texts" if self.characters else "a mapping from texts to texts"

    def read(self, node: Node, problems: Problems, /) -> dict[str, str] | None:
        if not isinstance(node, MappingNode):
            wrong_kind(node, self.expected, problems)
            return None
        before = len(problems)
        texts: dict[str, str] = {}
        for key, value_node in node.entries:
            name, value = TEXT.read(key, problems), TEXT.read(value_node, problems)
            if name is not None and self.characters and len(name) != 1:
                message = f"{shorten(name)} is not one character"
                problems.add(key.location, message, expected=self.expected, length=key.length)
            elif name is not None and value is not None:
                texts[name] = value
        if not node.entries and node.complete:
            problems.add(node.location, "an empty mapping", expected=self.expected)
        return texts if node.complete and len(problems) == before else None

    def schema(self, definitions: Schema, /) -> Schema:
        schema: Schema = {"type": "object", "additionalProperties": TEXT.schema(definitions), "minProperties": 1}
        if self.characters:
            schema["propertyNames"] = {"minLength": 1, "maxLength": 1}
        return schema


# --------------------------------------------------------------------------------------------- lists and alternatives


@dataclass(frozen=True, slots=True)
class ListOf(Generic[_T]):
    """A list of one shape. Items that cannot be read are left out."""

    item: Shape[_T]
    least: int = 0
    """The least number of items."""
    single: bool = False
    """Whether one item may stand alone, without the list around it."""

    @property
    def kinds(self) -> tuple[NodeKind, ...]:
        return (*self.item.kinds, "list") if self.single else ("list",)

    @property
    def expected(self) -> str:
        several = f"a list, each item {self.item.expected}"
        return f"{self.item.expected}, or a list of such" if self.single else several

    def read(self, node: Node, problems: Problems, /) -> tuple[_T, ...] | None:
        if not isinstance(node, SequenceNode):
            if self.single and _kind(node) in self.item.kinds:
                alone = self.item.read(node, problems)
                return None if alone is None else (alone,)
            wrong_kind(node, self.expected, problems)
            return None
        if len(node.items) < self.least:
            message = "an empty list" if not node.items else f"a list of {len(node.items)}"
            problems.add(node.location, message, expected=f"{self.expected}; at least {self.least}")
            return None
        items = (self.item.read(item, problems) for item in node.items)
        return tuple(item for item in items if item is not None)

    def schema(self, definitions: Schema, /) -> Schema:
        item = self.item.schema(definitions)
        several: Schema = {"type": "array", "items": item}
        if self.least:
            several["minItems"] = self.least
        return {"anyOf": [item, several]} if self.single else several


@dataclass(frozen=True)
class Either(Generic[_T]):
    """One of several shapes, distinguished by the kind of node; no two of them accept the same kind."""

    first: Shape[_T]
    second: Shape[_T]

    def __post_init__(self) -> None:
        if both := set(self.first.kinds) & set(self.second.kinds):
            message = f"both take a {' and a '.join(sorted(both))}"
            raise ValueError(message)

    @property
    def kinds(self) -> tuple[NodeKind, ...]:
        return (*self.first.kinds, *self.second.kinds)

    @property
    def expected(self) -> str:
        return f"{self.first.expected}, or {self.second.expected}"

    def read(self, node: Node, problems: Problems, /) -> _T | None:
        kind = _kind(node)
        for shape in (self.first, self.second):
            if kind in shape.kinds:
                return shape.read(node, problems)
        wrong_kind(node, self.expected, problems)
        return None

    def schema(self, definitions: Schema, /) -> Schema:
        return {"anyOf": [self.first.schema(definitions), self.second.schema(definitions)]}


@dataclass(frozen=True, slots=True)
class Tag:
    """A chosen name with its options."""

    name: str
    options: ShapedRecord
    node: ScalarNode
    """Where the name stands."""


@dataclass(frozen=True)
class Tagged:
    """A name with options: `trim`, or `{truncate: 20}`, a mapping with that one key."""

    what: str
    """The kind of thing that is named: "transform"."""
    choices: Mapping[str, Keyed]
    also: Mapping[str, str] = field(default_factory=dict)
    """Words that others use for the choices, as `probably` takes them, for suggestions."""
    kinds: ClassVar[tuple[NodeKind, ...]] = ("scalar", "mapping")

    @property
    def expected(self) -> str:
        return f"a {self.what}: one of {', '.join(self.choices)}"

    def read(self, node: Node, problems: Problems, /) -> Tag | None:
        match node:
            case ScalarNode():
                return self._bare(node, problems)
            case MappingNode(((ScalarNode() as name, value),), _, True):
                return self._with_options(name, value, problems)
            case MappingNode(_, _, False):
                return None
            case MappingNode(entries, location):
                names = " and ".join(name.value for name, _ in entries) or "nothing"
                message = f"{names} stand together" if entries else "an empty mapping"
                hint = "give each its own dash, and indent the options one level deeper" if entries else None
                problems.add(location, message, expected=f"one {self.what} an item", suggestion=hint)
            case _:
                wrong_kind(node, self.expected, problems)
        return None

    def _bare(self, node: ScalarNode, problems: Problems) -> Tag | None:
        shape = self._choice(node, problems)
        if shape is None:
            return None
        if not shape.may_be_empty:
            message = f"{node.value} needs options"
            expected = f"{node.value}: {shape.expected}"
            problems.add(node.location, message, expected=expected, length=node.length)
            return None
        return Tag(node.value, ShapedRecord(node.location, {}, {}), node)

    def _with_options(self, name: ScalarNode, value: Node, problems: Problems) -> Tag | None:
        shape = self._choice(name, problems)
        if shape is None:
            return None
        if isinstance(value, ScalarNode) and value.plain and not value.value:
            hint = f"write {name.value} without the colon" if shape.may_be_empty else None
            problems.add(value.location, "nothing stands here", expected=shape.expected, suggestion=hint)
            return None
        options = shape.read(value, problems)
        return None if options is None else Tag(name.value, options, name)

    def _choice(self, node: ScalarNode, problems: Problems) -> Keyed | None:
        shape = self.choices.get(node.value)
        if shape is None and not problems.is_full(node.location.file):
            guess = probably(node.value, tuple(self.choices), self.also)
            message = f"unknown {self.what} {shorten(node.value)}"
            problems.add(node.location, message, expected=self.expected, suggestion=guess, length=node.length)
        return shape

    def schema(self, definitions: Schema, /) -> Schema:
        bare = [name for name, shape in self.choices.items() if shape.may_be_empty]
        options = {name: shape.schema(definitions) for name, shape in self.choices.items()}
        one: Schema = {
            "type": "object",
            "properties": options,
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
        definitions[self.what] = {"anyOf": [{"enum": bare}, one]}
        return {"$ref": f"#/definitions/{self.what}"}


# ---------------------------------------------------------------------------------------------------------- wording


def _kind(node: Node) -> NodeKind | None:
    match node:
        case ScalarNode():
            return "scalar"
        case SequenceNode():
            return "list"
        case MappingNode():
            return "mapping"
        case RejectedNode():
            return None


def _beside(schema: Schema) -> Schema:
    """The schema so that other keywords may stand beside it: draft-07 ignores what stands beside `$ref`."""
    return {"allOf": [schema]} if "$ref" in schema else schema
