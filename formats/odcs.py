"""The Open Data Contract Standard, 3.0 to 3.2: each object of `schema` is an entity, its properties are fields.

A contract is first held to the standard's own JSON Schema, so that a misspelt key is a problem where it stands. The
schema is that of the newest version; an older contract is held to the parts about its fields alone.
Source: bitol-io.github.io/open-data-contract-standard. A custom property, `fieldline`, carries the constraints that
the standard has no words for: the keys of our own fields, as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ..documents.problem import Problems, nearest, shorten
from ..documents.scalar import DATE, DATETIME, INTEGER, NUMBER, TIME
from ..documents.tree import child, children, items, mapping, scalar, sequence, text, truth
from ..documents.yaml_events import MappingNode, ScalarNode
from .ddl.column import column_field
from .ddl.engines.registry import engine
from .jsonschema.admitted import keyword_rule, node_words, plain_number, rule_scalar
from .jsonschema.documents import json_value, read_document
from .jsonschema.texts import between_anchors
from .source import Format, format_shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..documents.shape import Shape
    from ..documents.yaml_events import Node
    from .ddl.engines.engine import Engine, EngineName
    from .source import ForeignSource

CUSTOM = "fieldline"
"""The custom property for constraints that the standard has no words for."""
NEWEST = "v3.2.0"
"""The version of the schema that the package `open-data-contract-standard` holds."""

_ENGINES: dict[str, EngineName] = {
    "postgres": "postgres",
    "postgresql": "postgres",
    "mysql": "mysql",
    "sqlserver": "sqlserver",
    "oracle": "oracle",
    "duckdb": "duckdb",
    "redshift": "redshift",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "databricks": "databricks",
    "db2": "db2",
}
"""By the standard's word for a server's type, the database whose column types it has."""
_TYPES = {
    "string": "text",
    "number": "decimal",
    "integer": "integer",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "time": "time",
}
_KINDS = {"table": "table", "view": "view", "topic": "message", "file": "file"}
_BOUNDS = {"minimum": "min", "maximum": "max", "exclusiveMinimum": "exclusive_min", "exclusiveMaximum": "exclusive_max"}
_VALUES: dict[str, Shape[Any]] = {
    "integer": INTEGER,
    "decimal": NUMBER,
    "date": DATE,
    "datetime": DATETIME,
    "time": TIME,
}
_WHOLE = re.compile(r"([iu])(8|16|32|64)")
_SIZED = {"int2": 15, "int4": 31, "serial": 31, "int8": 63, "bigint": 63, "int64": 63, "long": 63}
"""Physical types that are whole numbers of one size on every engine that has them: bits beside the sign."""
_NARROW = re.compile(r"(?i)int|integer|tinyint|smallint|mediumint|short|byte|.*[(\[]\s*\d.*")
"""Physical types that hold less than their logical type; the limit depends on the engine."""
_NUMBERED = re.compile(r"(?i)\b(?:small|big)?serial[248]?\b|\bidentity\b|\bauto_?increment\b")
"""Physical types of columns that number themselves."""
_ALWAYS_NUMBERED = re.compile(r"(?i)\bgenerated\s+always\b|\bidentity\s*\(")
"""Of these, those that reject a number that is sent."""
_HINTS = frozenset(("password", "f32", "f64", "f16"))


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    entries: list[tuple[str | ScalarNode, Node]] = []
    for file, written in source.files.items():
        tree = read_document(written, file, problems)
        if tree is not None and _is_valid(tree, problems):
            objects, database = items(child(tree, "schema")), _database(tree)
            entries += (_entity(node, database) for node in objects if source.wants(text(child(node, "name")) or ""))
    return mapping(entries, source.location)


# ------------------------------------------------------------------------------------------- the standard's own schema


@cache
def _standard() -> tuple[Any, tuple[str, ...]]:
    """A validator by the standard's schema, and all the names of properties in it."""
    import json
    from importlib.resources import files

    import jsonschema_rs

    schema = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
    names: set[str] = set()
    waiting: list[Any] = [schema]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            names |= set(here.get("properties", ()))
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
    return jsonschema_rs.validator_for(schema, offline=True), tuple(sorted(names))


def _is_valid(tree: Node, problems: Problems) -> bool:
    """Whether the standard accepts the contract; each violation is a problem, in the standard's own words."""
    version = text(child(tree, "apiVersion"))
    if version is None or not version.startswith("v3."):
        written = child(tree, "apiVersion")
        where = tree.location if written is None else written.location
        version_words = (
            "no apiVersion is given" if version is None else f"the apiVersion {shorten(version)} is not read"
        )
        message = f"this is no ODCS contract that can be read: {version_words}"
        problems.add(where, message, expected="apiVersion: v3.0.0 to v3.2.0")
        return False
    before = len(problems)
    validator, names = _standard()
    reported: set[tuple[Any, str]] = set()
    for error in validator.iter_errors(_modern(json_value(tree), version)):
        path = list(error.instance_path)
        if version == NEWEST or _counts(path, error):
            _complain(tree, path, error, names, reported, problems)
    return len(problems) == before


def _counts(path: Sequence[Any], error: Any) -> bool:  # noqa: ANN401 - the library's own class
    """Of an older contract: whether this is about fields, and requires no key that its version did not know."""
    missing = getattr(error.kind, "property", None)
    if missing is not None:
        return not path or missing == "name"
    return bool(path) and path[0] == "schema"


def _modern(contract: Any, version: str) -> Any:  # noqa: ANN401 - JSON
    """With the word of 3.0 for a library's metric, `rule`, in the one of today."""
    match contract:
        case dict():
            renamed = version.startswith("v3.0") and "rule" in contract and "metric" not in contract
            return {
                ("metric" if renamed and key == "rule" else key): _modern(value, version)
                for key, value in contract.items()
            }
        case list():
            return [_modern(item, version) for item in contract]
    return contract


def _complain(
    tree: Node,
    path: Sequence[Any],
    error: Any,  # noqa: ANN401 - the library's own class
    names: tuple[str, ...],
    reported: set[tuple[Any, str]],
    problems: Problems,
) -> None:
    node = _at(tree, path)
    unknown = getattr(error.kind, "unexpected", None)
    if unknown is None:
        where = ".".join(map(str, path)) or "the contract"
        if (node.location, error.message) not in reported:
            reported.add((node.location, error.message))
            problems.add(node.location, f"the standard rejects {where}: {error.message[:200]}")
        return
    for name in unknown:
        key = next((key for key, _ in children(node) if key.value == name), None)
        place = node.location if key is None else key.location
        if (place, name) not in reported:
            reported.add((place, name))
            message = f"unknown key {shorten(name)}: the standard has none of this name here"
            guess = nearest(name, tuple(known for known in names if known != name))
            problems.add(place, message, suggestion=guess, length=len(name))


def _at(tree: Node, path: Sequence[Any]) -> Node:
    node = tree
    for step in path:
        inner = items(node)[step] if isinstance(step, int) and step < len(items(node)) else child(node, str(step))
        if inner is None:
            return node
        node = inner
    return node


# ----------------------------------------------------------------------------------------------- objects and properties


@dataclass(slots=True)
class _Property:
    """A property that becomes a field."""

    path: str
    key: ScalarNode
    node: Node
    inside_list: bool


def _database(tree: Node) -> Engine | None:
    """The database that all servers of a contract are; None where they differ, or its column types are not known."""
    names = {(text(child(server, "type")) or "").lower() for server in items(child(tree, "servers"))}
    known = {_ENGINES.get(name) for name in names}
    engine_name = known.pop() if len(known) == 1 else None
    return None if engine_name is None else engine(engine_name)


def _entity(node: Node, database: Engine | None) -> tuple[ScalarNode, Node]:
    name = child(node, "name")
    if not isinstance(name, ScalarNode):
        return scalar("", node.location), mapping((), node.location)
    at = name.location
    properties = list(_properties("", child(node, "properties")))
    shared = [note for key, value in children(node) for note in _of_object(key, value)]
    fields: list[tuple[str | ScalarNode, Node]] = []
    for entry in properties:
        key = ScalarNode(entry.path, plain=False, location=entry.key.location, length=entry.key.length)
        fields.append((key, _field(entry, [note for note in shared if _concerns(note, entry, properties)], database)))
    entries: list[tuple[str | ScalarNode, Node]] = []
    kind = _KINDS.get((text(child(node, "physicalType")) or "").lower(), "table")
    custom = _custom(node)
    chosen = child(custom, "kind")
    entries.append(("kind", scalar(kind, at) if chosen is None else chosen))
    entries += ((key, value) for key, value in children(custom) if key.value != "kind")
    title = child(node, "businessName")
    if isinstance(title, ScalarNode) and title.value:
        entries.append(("title", scalar(title.value, title.location)))
    keys = _key(properties)
    if keys:
        entries.append(("key", sequence([ScalarNode(e.path, False, e.key.location, e.key.length) for e in keys], at)))  # noqa: FBT003
    return name, mapping([*entries, ("fields", mapping(fields, at))], at)


def _concerns(note: ScalarNode, entry: _Property, every: Sequence[_Property]) -> bool:
    """Whether a rule about an object concerns a property: it names the property, or names none."""
    named = [other for other in every if re.search(rf"\b{re.escape(other.key.value)}\b", note.value)]
    return not named or entry in named


def _key(properties: Sequence[_Property]) -> list[_Property]:
    """The properties of the primary key, by their position."""
    keys = [entry for entry in properties if text(child(entry.node, "primaryKey")) == "true"]

    def position(entry: _Property) -> int:
        written = text(child(entry.node, "primaryKeyPosition")) or ""
        return int(written) if written.isdecimal() else len(properties)

    return sorted(keys, key=position)


def _properties(path: str, node: Node | None, *, inside_list: bool = False) -> Iterator[_Property]:
    """The single values among the properties, those of objects and of lists of objects by their paths."""
    for item in items(node):
        name = child(item, "name")
        if isinstance(name, ScalarNode):
            yield from _inside(_Property(f"{path}.{name.value}" if path else name.value, name, item, inside_list))


def _inside(entry: _Property) -> Iterator[_Property]:
    properties = child(entry.node, "properties")
    item = child(entry.node, "items")
    if items(properties):
        yield from _properties(entry.path, properties, inside_list=entry.inside_list)
    elif isinstance(item, MappingNode):
        yield from _inside(_Property(f"{entry.path}[]", entry.key, item, inside_list=True))
    else:
        yield entry


def _of_object(key: ScalarNode, node: Node) -> Iterator[ScalarNode]:
    """The rules about an object's records, without those about their number, which no value can break."""
    match key.value:
        case "quality":
            for check in items(node):
                if "rowCount" not in {text(child(check, "metric")), text(child(check, "rule"))}:
                    yield rule_scalar(f"quality: {_quality_words(check)}", check.location)
        case "relationships":
            yield keyword_rule(key, node)


# ------------------------------------------------------------------------------------------------------------ a field


def _field(entry: _Property, shared: Sequence[ScalarNode], database: Engine | None) -> MappingNode:
    node, at = entry.node, entry.key.location
    rules: list[ScalarNode] = []
    kind = _type(node, rules)
    entries: dict[str, Node] = {"type": scalar(kind, at)}
    title = child(node, "businessName")
    if isinstance(title, ScalarNode) and title.value:
        entries["title"] = scalar(title.value, title.location)
    for word in ("required", "unique"):
        written = child(node, word)
        if text(written) == "true" and written is not None:
            entries[word] = truth(True, written.location)  # noqa: FBT003 - what is written
    for option, value in children(child(node, "logicalTypeOptions")):
        _option(kind, option, value, entries, rules)
    if not _column(kind, node, database, entries, rules):
        _physical(kind, node, entries, rules)
    _enumeration(kind, node, entries, rules)
    for check in items(child(node, "quality")):
        _quality(kind, check, entries, rules)
    rules += (keyword_rule(key, value) for key, value in children(node) if key.value == "relationships")
    if entry.inside_list:
        entries.pop("unique", None)
    entries |= _filled(kind, node)
    for key, value in children(_custom(node)):
        entries[key.value] = value
    opaque = [*items(entries.pop("opaque", None)), *rules, *shared]
    if opaque:
        distinct = {note.value: note for note in opaque if isinstance(note, ScalarNode)}
        entries["opaque"] = sequence(distinct.values(), opaque[0].location)
    return mapping(entries.items(), at)


def _filled(kind: str, node: Node) -> dict[str, Node]:
    """What the system fills in itself. The standard has no word for it: the physical type says it, or a custom property."""
    for item in items(child(node, "customProperties")):
        word, value = text(child(item, "property")), child(item, "value")
        if word in {"generated", "identity"} and isinstance(value, ScalarNode):
            return {word: value}
        if word == "default" and isinstance(value, ScalarNode):
            known = _reads(kind, value) if kind in _VALUES else kind == "text" or value.value in {"true", "false"}
            expression = scalar(value.value, value.location, value.length)
            return {word: value if known else mapping((("expression", expression),), value.location)}
    physical = child(node, "physicalType")
    if isinstance(physical, ScalarNode) and kind in {"integer", "decimal"} and _NUMBERED.search(physical.value):
        always = _ALWAYS_NUMBERED.search(physical.value) is not None
        return {"identity": scalar("always" if always else "by_default", physical.location)}
    return {}


def _type(node: Node, rules: list[ScalarNode]) -> str:
    logical = child(node, "logicalType")
    word = text(logical)
    if word in _TYPES:
        return _TYPES[word]
    if isinstance(logical, ScalarNode):
        rules.append(rule_scalar(f"logicalType: {word}", logical.location, logical.length))
    else:
        physical = child(node, "physicalType")
        where = node.location if physical is None else physical.location
        rules.append(rule_scalar(f"no logicalType is given (physicalType: {text(physical) or 'none'})", where))
    return "text"


def _option(kind: str, option: ScalarNode, value: Node, entries: dict[str, Node], rules: list[ScalarNode]) -> None:
    """One of the `logicalTypeOptions`."""
    stated: tuple[str, Node] | None = None
    match option.value, value:
        case "minLength", ScalarNode() if kind == "text":
            stated = "min_length", value
        case "maxLength", ScalarNode() if kind == "text":
            stated = "max_length", value
        case "pattern", ScalarNode(regex) if kind == "text":
            # The standard leaves open whether a pattern matches all of a value or a part of it.
            inner = between_anchors(regex)
            if inner is not None:
                stated = "pattern", value._replace(value=inner, plain=False, length=1)
        case (("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"), ScalarNode()):
            bound = value if kind not in {"integer", "decimal"} else plain_number(value)
            if bound is not None and kind in _VALUES and _reads(kind, bound):
                stated = _BOUNDS[option.value], bound
        case "multipleOf", ScalarNode() if kind == "decimal":
            decimals = re.fullmatch(r"0\.(0*)1|1", value.value)
            if decimals is not None:
                stated = "scale", scalar(len(decimals[1] or "") + 1 if value.value != "1" else 0, value.location)
        case "format", ScalarNode(name) if kind in {"date", "datetime", "time"} or name in _HINTS:
            return  # how it is written, or held
        case "format", ScalarNode(name) if kind in {"integer", "decimal"} and (size := _WHOLE.fullmatch(name)):
            low, high = (0, 2 ** int(size[2]) - 1) if size[1] == "u" else _range(int(size[2]) - 1)
            entries.setdefault("min", scalar(low, value.location))
            entries.setdefault("max", scalar(high, value.location))
            return
        case (("timezone" | "defaultTimezone"), ScalarNode(zone)) if zone != "false":
            return
    if stated is None or stated[0] in entries:
        rules.append(keyword_rule(option, value))
    else:
        entries[stated[0]] = stated[1]


def _range(bits: int) -> tuple[int, int]:
    return -(2**bits), 2**bits - 1


def _reads(kind: str, node: ScalarNode) -> bool:
    """Whether it is written as our contracts write a value of the type."""
    problems = Problems()
    return _VALUES[kind].read(node, problems) is not None and not problems


def _column(kind: str, node: Node, database: Engine | None, entries: dict[str, Node], rules: list[ScalarNode]) -> bool:
    """The values of the physical type in the contract's own database; False where they are not known."""
    physical = child(node, "physicalType")
    if database is None or not isinstance(physical, ScalarNode):
        return False
    column = column_field(physical.value, database, physical.location)
    of_type = text(child(column, "type"))
    opaque = [note for note in items(child(column, "opaque")) if isinstance(note, ScalarNode)]
    if of_type not in {kind, "integer" if kind == "decimal" else kind} or [n.value for n in opaque] == [physical.value]:
        return False
    rules += (rule_scalar(f"physicalType: {note.value}", note.location) for note in opaque)
    if of_type != kind:
        entries.setdefault("scale", scalar(0, physical.location))
    for key, value in children(column):
        if key.value in {"type", "opaque"} or key.value in entries or _is_bounded(key.value, entries):
            continue
        entries[key.value] = value
    return True


def _is_bounded(key: str, entries: dict[str, Node]) -> bool:
    """Whether the contract itself has the bound that this key states."""
    return (key == "min" and "exclusive_min" in entries) or (key == "max" and "exclusive_max" in entries)


def _physical(kind: str, node: Node, entries: dict[str, Node], rules: list[ScalarNode]) -> None:
    """The constraints of a physical type beyond the logical one."""
    physical = child(node, "physicalType")
    if not isinstance(physical, ScalarNode):
        return
    name = physical.value.lower()
    if kind in {"integer", "decimal"} and name in _SIZED:
        low, high = _range(_SIZED[name])
        if not entries.keys() & {"min", "exclusive_min"}:
            entries["min"] = scalar(low, physical.location)
        if not entries.keys() & {"max", "exclusive_max"}:
            entries["max"] = scalar(high, physical.location)
        if kind == "decimal":
            entries.setdefault("scale", scalar(0, physical.location))
    elif _NARROW.fullmatch(name) and not (kind == "text" and "max_length" in entries):
        rules.append(rule_scalar(f"physicalType: {physical.value}", physical.location, physical.length))


def _enumeration(kind: str, node: Node, entries: dict[str, Node], rules: list[ScalarNode]) -> None:
    values = [child(item, "value") for item in items(child(node, "enum"))]
    listed = [value for value in values if isinstance(value, ScalarNode)]
    if not listed:
        return
    if kind == "text" or (kind in _VALUES and all(_reads(kind, value) for value in listed)):
        entries["one_of"] = sequence(listed, listed[0].location)
    else:
        rules.append(rule_scalar(f"enum: {', '.join(value.value for value in listed)}", listed[0].location))


def _quality(kind: str, check: Node, entries: dict[str, Node], rules: list[ScalarNode]) -> None:
    """A check: "no null values", "no duplicates" and "none but these" are constraints; the others are rules."""
    metric = text(child(check, "metric")) or text(child(check, "rule"))
    none_at_all = text(child(check, "mustBe")) == "0"
    arguments = child(check, "arguments")
    listed = [value for value in items(child(arguments, "validValues")) if isinstance(value, ScalarNode)]
    if text(child(check, "type")) == "text":
        description = child(check, "description")
        if isinstance(description, ScalarNode):
            rules.append(rule_scalar(description.value, description.location))
        return
    match metric:
        case "nullValues" if none_at_all:
            entries.setdefault("required", truth(True, check.location))  # noqa: FBT003 - what is written
        case "duplicateValues" if none_at_all and arguments is None:
            entries.setdefault("unique", truth(True, check.location))  # noqa: FBT003 - what is written
        case "invalidValues" if none_at_all and listed and kind == "text" and len(children(arguments)) == 1:
            entries.setdefault("one_of", sequence(listed, listed[0].location))
        case _:
            rules.append(rule_scalar(f"quality: {_quality_words(check)}", check.location))


_SHOWN_KEYS = ("metric", "rule", "query", "implementation", "engine", "arguments", "description", "name")


def _quality_words(check: Node) -> str:
    named = [(k, v) for k, v in children(check) if k.value in _SHOWN_KEYS or k.value.startswith("must")]
    parts = [f"{key.value} {node_words(value, 120)}" for key, value in named]
    return ", ".join(" ".join(part.split()) for part in parts)[:400]


def _custom(node: Node) -> Node | None:
    """The value of the custom property `fieldline`."""
    for item in items(child(node, "customProperties")):
        if text(child(item, "property")) == CUSTOM:
            return child(item, "value")
    return None


ODCS_FORMAT = Format(
    format_shape("odcs", "The Open Data Contract Standard, 3.0 to 3.2."),
    (".odcs.yaml", ".odcs.yml", ".yaml", ".yml", ".json"),
    _read,
)
