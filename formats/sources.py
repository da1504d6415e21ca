"""Foreign sources of a contract (`from:`): what they say of entities and fields, under what the contract adds itself.

The entities of every source are put into the tree of the contract before it is read as one. Where both say something of
the same key of a field (or entity), the contract's own word stands. So a contract reads where its system's truth is kept
and adds what that cannot say: owners, repairs, keys, what happens to values outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..contracts import layout
from ..documents.problem import nearest, shorten
from ..documents.tree import mapping, scalar, sequence
from ..documents.yaml_events import MappingNode, ScalarNode, SequenceNode
from .registry import FORMATS
from .source import AS, FILES, KIND_OPTION, ONLY, ForeignSource, own_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..documents.folder import Folder
    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.shape import Tag
    from ..documents.yaml_events import Node


def with_contract_sources(tree: Node, folder: Folder, problems: Problems) -> Node:
    """The tree of a contract file with what its sources say put into it; the same tree where it names none."""
    written = _get(tree, layout.FROM.name)
    if not isinstance(tree, MappingNode) or written is None:
        return tree
    before = len(problems)
    foreign: dict[str, _Entity] = {}
    for tag in layout.FROM.shape.read(written, problems) or ():
        for entity in read_source(tag, folder, problems):
            first = foreign.setdefault(entity.name.value, entity)
            if first is not entity:
                _collision(entity.name, first.name, "entity", problems)
    own = _get(tree, layout.ENTITIES.name)
    if own is None or isinstance(own, MappingNode):
        place = written.location if own is None else own.location
        overlay = _Overlay(problems, complete=len(problems) == before)
        entities: Node = overlay.entities(foreign, own or MappingNode((), place))
    else:
        entities = own  # of the wrong kind: said when the contract is read
    rest = [(key, node) for key, node in tree.entries if key.value not in {layout.FROM.name, layout.ENTITIES.name}]
    entry = (scalar(layout.ENTITIES.name, entities.location), entities)
    return MappingNode((*rest, entry), tree.location, tree.complete)


@dataclass(frozen=True, slots=True)
class _Entity:
    """One entity of a source, under our name for it."""

    name: ScalarNode
    node: MappingNode


def read_source(tag: Tag, folder: Folder, problems: Problems) -> list[_Entity]:
    """The entities of one source that are asked for, with their fields, under names of our own."""
    read, options = FORMATS[tag.name], tag.options
    files: dict[str, str] = {}
    for name in options.get(FILES) or ():
        files |= folder.foreign(name, read.suffixes, options.where(FILES.name))
    if options.has(FILES.name) and not files:
        return []
    source = ForeignSource(files, options, tag.node.location, folder.other)
    before = len(problems)
    entities = read.read(source, problems)
    if len(problems) == before:
        _check_names(source, entities, problems)
    return _named(entities, source, problems)


# ------------------------------------------------------------------------------------------------- names of our own


def _named(entities: MappingNode, source: ForeignSource, problems: Problems) -> list[_Entity]:
    renamed = source.get(AS) or {}
    kind = source.get(KIND_OPTION)
    found: dict[str, _Entity] = {}
    for key, node in entities.entries:
        if not source.wants(key.value) or not isinstance(node, MappingNode):
            continue
        body = _fields_named(key.value, node, renamed, problems)
        if kind is not None:
            body = _with(body, layout.KIND.name, scalar(kind, source.options.where(KIND_OPTION.name)))
        entity = _Entity(_own(key, renamed.get(key.value)), _titled(body, key, renamed.get(key.value)))
        first = found.setdefault(entity.name.value, entity)
        if first is not entity:
            _collision(key, first.name, "entity", problems)
    return list(found.values())


def _fields_named(entity: str, node: MappingNode, renamed: Mapping[str, str], problems: Problems) -> MappingNode:
    """The entity with its fields, and the key that names some of them, under names of our own."""
    fields = _get(node, layout.FIELDS.name)
    if not isinstance(fields, MappingNode):
        return node
    found: dict[str, tuple[ScalarNode, Node]] = {}
    names: dict[str, str] = {}
    for key, body in fields.entries:
        chosen = renamed.get(f"{entity}.{key.value}")
        own = _own(key, chosen)
        names[key.value] = own.value
        titled = _titled(body, key, chosen) if isinstance(body, MappingNode) else body
        first = found.setdefault(own.value, (own, titled))
        if first[0] is not own:
            _collision(key, first[0], f"field of {entity}", problems)
    node = _with(node, layout.FIELDS.name, MappingNode(tuple(found.values()), fields.location, fields.complete))
    told = _get(node, layout.KEY.name)
    if isinstance(told, SequenceNode):
        parts = [_own(item, names.get(item.value)) for item in told.items if isinstance(item, ScalarNode)]
        node = _with(node, layout.KEY.name, sequence(parts, told.location))
    return node


def _own(key: ScalarNode, chosen: str | None) -> ScalarNode:
    return ScalarNode(chosen or own_name(key.value), plain=False, location=key.location, length=key.length)


def _titled(body: MappingNode, key: ScalarNode, chosen: str | None) -> MappingNode:
    """The body with the source's name as its title, where our names cannot hold that and it has no title yet."""
    if chosen is not None or own_name(key.value) == key.value or _get(body, layout.TITLE.name) is not None:
        return body
    return _with(body, layout.TITLE.name, scalar(key.value, key.location, key.length))


def _check_names(source: ForeignSource, entities: MappingNode, problems: Problems) -> None:
    """What `only` and `as` name is there."""
    known = list(dict.fromkeys((*source.met, *(key.value for key, _ in entities.entries))))
    fields = [
        f"{key.value}.{field.value}"
        for key, node in entities.entries
        if isinstance(inner := _get(node, layout.FIELDS.name), MappingNode)
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


# --------------------------------------------------------------------------------------- what the contract itself says


class _Overlay:
    """Puts a contract's own words over those of its sources."""

    def __init__(self, problems: Problems, *, complete: bool) -> None:
        self._problems = problems
        # Whether all sources could be read: only then is it known what they lack.
        self._complete = complete

    def entities(self, foreign: Mapping[str, _Entity], own: MappingNode) -> MappingNode:
        written = {key.value: (key, node) for key, node in own.entries}
        found = [
            (entity.name, self._entity(entity.node, written[name][1]) if name in written else entity.node)
            for name, entity in foreign.items()
        ]
        for name, (key, node) in written.items():
            if name not in foreign and self._is_whole(key, node, tuple(foreign), "entity", layout.FIELDS.name):
                found.append((key, node))
        return MappingNode(tuple(found), own.location, own.complete)

    def _entity(self, foreign: MappingNode, own: Node) -> Node:
        if not isinstance(own, MappingNode):
            return own
        merged = _over(foreign, own)
        theirs, ours = _get(foreign, layout.FIELDS.name), _get(own, layout.FIELDS.name)
        if isinstance(theirs, MappingNode) and isinstance(ours, MappingNode):
            merged = _with(merged, layout.FIELDS.name, self._fields(theirs, ours))
        return merged

    def _fields(self, foreign: MappingNode, own: MappingNode) -> MappingNode:
        written = {key.value: (key, node) for key, node in own.entries}
        known = {key.value for key, _ in foreign.entries}
        found: list[tuple[ScalarNode, Node]] = []
        for key, node in foreign.entries:
            body = written[key.value][1] if key.value in written else None
            if isinstance(node, MappingNode) and isinstance(body, MappingNode):
                found.append((key, _over(node, body)))
            else:
                found.append((key, node if body is None else body))
        for name, (key, body) in written.items():
            if name not in known and self._is_whole(key, body, tuple(known), "field", layout.TYPE.name):
                found.append((key, body))
        return MappingNode(tuple(found), foreign.location, own.complete)

    def _is_whole(self, key: ScalarNode, node: Node, known: tuple[str, ...], what: str, needed: str) -> bool:
        """What no source has must be said in full; else it is a slip, or a name that the source no longer has."""
        if not isinstance(node, MappingNode) or _get(node, needed) is not None:
            return True
        if not self._complete:
            return False
        self._problems.add(
            key.location,
            f"no source of this contract has the {what} {shorten(key.value)}",
            expected=f"a name the source has, or all of the {what}, with its {needed}",
            suggestion=nearest(key.value, tuple(sorted(known))),
            length=key.length,
        )
        return False


def _over(foreign: MappingNode, own: MappingNode) -> MappingNode:
    """One mapping over another, key by key."""
    said = {key.value for key, _ in own.entries}
    kept = [(key, node) for key, node in foreign.entries if key.value not in said]
    return MappingNode((*kept, *own.entries), foreign.location, own.complete)


def _get(node: Node | None, name: str) -> Node | None:
    """What stands under a key of a mapping; None where nothing does."""
    if not isinstance(node, MappingNode):
        return None
    return next((value for key, value in node.entries if key.value == name), None)


def _with(node: MappingNode, name: str, value: Node) -> MappingNode:
    """The mapping with this under a key."""
    entries = [(key, value if key.value == name else old) for key, old in node.entries]
    if all(key.value != name for key, _ in entries):
        entries.append((scalar(name, value.location), value))
    return MappingNode(tuple(entries), node.location, node.complete)


# --------------------------------------------------------------------------------------------- a contract of one source


def contract_from(system: str, source: str, options: Mapping[str, str | tuple[str, ...]], at: Location) -> MappingNode:
    """The tree of a contract that says nothing but where it is read from: what a conversion starts with."""
    said: list[tuple[str | ScalarNode, Node]] = [
        (
            name,
            scalar(value, at) if isinstance(value, str) else sequence((scalar(item, at) for item in value), at),
        )
        for name, value in options.items()
    ]
    origin = mapping([(scalar(source, at), mapping(said, at))], at)
    return mapping([(layout.SYSTEM.name, scalar(system, at)), (layout.FROM.name, origin)], at)
