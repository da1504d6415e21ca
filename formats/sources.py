"""Foreign sources of a contract: the key `from`, and the entities that it brings into the contract.

The entities of every source are put into the tree of the contract before it is read as one.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from ..contracts import layout
from ..contracts.overlay import overlay_entities
from ..documents.problem import nearest, shorten
from ..documents.shape import Key, ListOf, Tagged, shape_schema
from ..documents.tree import child, mapping, scalar, sequence, with_child
from ..documents.yaml_events import MappingNode, ScalarNode, SequenceNode
from ..values.solve.minimal import forms_together
from .registry import FORMATS
from .source import AS, FILES, KIND_OPTION, ONLY, ForeignSource, own_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from ..documents.folder import Folder
    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.shape import Schema, Tag
    from ..documents.yaml_events import Node

_Entity: TypeAlias = tuple[ScalarNode, MappingNode]
"""One entity of a source: our name for it, and its keys."""

CONTRACT_FROM = Key(
    "from",
    ListOf(Tagged("source", {name: each.shape for name, each in FORMATS.items()}), least=1, single=True),
    "Where the entities and their fields are read from, in place; the contract's own keys stand over it.",
)
CONTRACT = layout.contract_shape(CONTRACT_FROM)
"""A contract file. It is read after `with_contract_sources`; the key `from` stands in it for suggestions and editors."""


def contract_schema() -> Schema:
    """The draft-07 JSON Schema of a contract file, for editors.

    With a source (`from`) the file may leave out the source's part: types of fields, fields of entities.
    """
    schema = shape_schema(CONTRACT, "A Fieldline contract")
    definitions = schema["definitions"]
    for shape in (layout.FIELD, layout.ENTITY):
        definitions[shape.name].pop("required")
    typed = {"anyOf": [{"required": [layout.TYPE.name]}, {"required": [layout.IS.name]}]}
    whole_fields = {"properties": {"fields": {"additionalProperties": typed}}}
    whole = {"additionalProperties": {"required": [layout.FIELDS.name], **whole_fields}}
    without_source = {"not": {"required": [CONTRACT_FROM.name]}}
    head = {key: schema.pop(key) for key in ("$schema", "title")}
    definitions = schema.pop("definitions")
    one = {**schema, "if": without_source, "then": {"properties": {layout.ENTITIES.name: whole}}}
    several: Schema = {
        "type": "object",
        "properties": {
            layout.SEVERAL.name: {"type": "array", "items": {"$ref": "#/definitions/system"}, "minItems": 1}
        },
        "required": [layout.SEVERAL.name],
        "additionalProperties": False,
    }
    is_several = {"required": [layout.SEVERAL.name]}
    return {**head, "if": is_several, "then": several, "else": one, "definitions": {**definitions, "system": one}}


def with_contract_sources(tree: Node, folder: Folder, problems: Problems) -> Node:
    """The tree of a contract file with the entities of its sources put into it, and without the key `from`.

    The engine of its SQL is the system's, where the contract names no other. The same tree where it names no source.
    """
    written = child(tree, CONTRACT_FROM.name)
    if not isinstance(tree, MappingNode) or written is None:
        return tree
    before = len(problems)
    foreign: dict[str, _Entity] = {}
    engines: set[str] = set()
    with forms_together():
        found = [
            entity
            for tag in CONTRACT_FROM.shape.read(written, problems) or ()
            for entity in _read_source(tag, folder, problems, engines)
        ]
    for entity in found:
        first = foreign.setdefault(entity[0].value, entity)
        if first is not entity:
            _collision(entity[0], first[0], "entity", problems)
    own = child(tree, layout.ENTITIES.name)
    if own is None or isinstance(own, MappingNode):
        place = written.location if own is None else own.location
        entities: Node = overlay_entities(
            MappingNode(tuple(foreign.values()), place),
            own or MappingNode((), place),
            problems,
            complete=len(problems) == before,
        )
    else:
        entities = own  # of the wrong kind: a problem when the contract is read
    rest = [(key, node) for key, node in tree.entries if key.value not in {CONTRACT_FROM.name, layout.ENTITIES.name}]
    entry = (scalar(layout.ENTITIES.name, entities.location), entities)
    whole = MappingNode((*rest, entry), tree.location, tree.complete)
    if len(engines) != 1 or child(tree, layout.ENGINE.name) is not None:
        return whole
    return with_child(whole, layout.ENGINE.name, scalar(engines.pop(), written.location))


def _read_source(tag: Tag, folder: Folder, problems: Problems, engines: set[str]) -> list[_Entity]:
    """The wanted entities of one source, with their fields, under names of our own. Its engine is added to `engines`."""
    chosen, options = FORMATS[tag.name], tag.options
    files: dict[str, str] = {}
    for name in options.get(FILES) or ():
        files |= folder.foreign(name, chosen.suffixes, options.where(FILES.name))
    if options.has(FILES.name) and not files:
        return []
    source = ForeignSource(files, options, tag.node.location, folder.other, folder.variables)
    before = len(problems)
    entities = chosen.read(source, problems)
    engines.update(source.engines)
    if len(problems) == before:
        _check_names(source, entities, problems)
    if len(problems) == before and not entities.entries:
        message = f"this source of the format {tag.name} yields no entity"
        expected = "a source that describes at least one: from nothing, nothing would be checked"
        problems.add(tag.node.location, message, expected=expected, length=tag.node.length)
    return _named(entities, source, problems)


# ------------------------------------------------------------------------------------------------- names of our own


def _named(entities: MappingNode, source: ForeignSource, problems: Problems) -> list[_Entity]:
    renamed = source.get(AS) or {}
    kind = source.get(KIND_OPTION)
    named: dict[str, _Entity] = {}
    met: set[str] = set()
    for key, node in entities.entries:
        if not source.wants(key.value) or not isinstance(node, MappingNode):
            continue
        body = _fields_named(key.value, node, renamed, problems)
        if kind is not None:
            body = with_child(body, layout.KIND.name, scalar(kind, source.options.where(KIND_OPTION.name)))
        chosen = renamed.get(key.value)
        entity = _own(key, chosen or _numbered(key, named, met)), _titled(body, key, chosen)
        met.add(key.value)
        first = named.setdefault(entity[0].value, entity)
        if first is not entity:
            _collision(key, first[0], "entity", problems)
    return list(named.values())


def _fields_named(entity: str, node: MappingNode, renamed: Mapping[str, str], problems: Problems) -> MappingNode:
    """The entity with its fields, and the key that names some of them, under names of our own."""
    fields = child(node, layout.FIELDS.name)
    if not isinstance(fields, MappingNode):
        return node
    named: dict[str, tuple[ScalarNode, Node]] = {}
    names: dict[str, str] = {}
    for key, body in fields.entries:
        chosen = renamed.get(f"{entity}.{key.value}")
        own = _own(key, chosen or _numbered(key, named, names))
        names.setdefault(key.value, own.value)
        titled = _titled(body, key, chosen) if isinstance(body, MappingNode) else body
        first = named.setdefault(own.value, (own, titled))
        if first[0] is not own:
            _collision(key, first[0], f"field of {entity}", problems)
    node = with_child(node, layout.FIELDS.name, MappingNode(tuple(named.values()), fields.location, fields.complete))
    key_names = child(node, layout.KEY.name)
    if isinstance(key_names, SequenceNode):
        parts = [_own(item, names.get(item.value)) for item in key_names.items if isinstance(item, ScalarNode)]
        node = with_child(node, layout.KEY.name, sequence(parts, key_names.location))
    return node


def _numbered(key: ScalarNode, given: Container[str], met: Container[str]) -> str | None:
    """A name with a number where the source's own name differs from another in signs alone (`Start`, `Start<`).

    `given`: our names so far; `met`: the source's. None: the name needs no number, or the source gives it twice.
    """
    plain = own_name(key.value)
    if plain not in given or key.value in met:
        return None
    return next(name for i in count(2) if (name := f"{plain}_{i}") not in given)


def _own(key: ScalarNode, chosen: str | None) -> ScalarNode:
    return ScalarNode(chosen or own_name(key.value), plain=False, location=key.location, length=key.length)


def _titled(body: MappingNode, key: ScalarNode, chosen: str | None) -> MappingNode:
    """The body with the source's name as its title, where our names cannot hold that and it has no title yet."""
    if chosen is not None or own_name(key.value) == key.value or child(body, layout.TITLE.name) is not None:
        return body
    return with_child(body, layout.TITLE.name, scalar(key.value, key.location, key.length))


def _check_names(source: ForeignSource, entities: MappingNode, problems: Problems) -> None:
    """Report names in `only` and `as` that the source does not have."""
    known = list(dict.fromkeys((*source.met, *(key.value for key, _ in entities.entries))))
    fields = [
        f"{key.value}.{field.value}"
        for key, node in entities.entries
        if isinstance(inner := child(node, layout.FIELDS.name), MappingNode)
        for field, _ in inner.entries
    ]
    for option, candidates in ((ONLY, known), (AS, [*known, *fields])):
        for node in _texts(source.options.nodes[option.name][1] if source.options.has(option.name) else None):
            if node.value not in candidates:
                guess = nearest(node.value, tuple(candidates))
                message = f"the source has no {shorten(node.value)}"
                expected = f"one of {', '.join(known[:20])}" if known else "an entity of the source, which has none"
                problems.add(node.location, message, expected=expected, suggestion=guess, length=node.length)


def _texts(node: Node | None) -> Iterator[ScalarNode]:
    match node:
        case ScalarNode():
            yield node
        case SequenceNode(items):
            yield from (item for item in items if isinstance(item, ScalarNode))
        case MappingNode(entries):
            yield from (key for key, _ in entries)


def _collision(key: ScalarNode, first: ScalarNode, what: str, problems: Problems) -> None:
    message = f"a second {what} would be named {shorten(first.value)}"
    expected = f"each name once; the first stands at {first.location}"
    hint = "give one of them another name with `as`, or leave it out with `only`"
    problems.add(key.location, message, expected=expected, suggestion=hint, length=key.length)


# --------------------------------------------------------------------------------------------- a contract of one source


def _unquoted(value: str, at: Location) -> ScalarNode:
    """An option as it is typed: `false` is a truth value, as it is in a file without quotes. Nothing is the empty text."""
    return ScalarNode(value, plain=bool(value), location=at, length=1)


def contract_from(system: str, source: str, options: Mapping[str, str | tuple[str, ...]], at: Location) -> MappingNode:
    """The tree of a contract with one source and nothing else: the start of a conversion."""
    entries: list[tuple[str | ScalarNode, Node]] = [
        (
            name,
            _unquoted(value, at) if isinstance(value, str) else sequence((scalar(item, at) for item in value), at),
        )
        for name, value in options.items()
    ]
    origin = mapping([(scalar(source, at), mapping(entries, at))], at)
    return mapping([(layout.SYSTEM.name, scalar(system, at)), (CONTRACT_FROM.name, origin)], at)
