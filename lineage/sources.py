"""Foreign sources of a lineage file (`from:`): their flows precede those of the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents.shape import Key, ListOf, Tagged
from ..documents.yaml_events import MappingNode, SequenceNode
from ..formats import openlineage
from ..formats.source import FILES, ForeignSource

if TYPE_CHECKING:
    from ..documents.folder import Folder
    from ..documents.problem import Problems
    from ..documents.shape import Tag
    from ..documents.yaml_events import Node

_FORMATS = {openlineage.SHAPE.name: (openlineage.SHAPE, openlineage.SUFFIXES, openlineage.read_openlineage)}

FLOWS_FROM = Key(
    "from",
    ListOf(Tagged("flow_source", {name: shape for name, (shape, _, _) in _FORMATS.items()}), least=1, single=True),
    "The files of events that flows are read from, in place. The flows of the file itself are added.",
)


def with_flow_sources(tree: Node, folder: Folder, problems: Problems) -> Node:
    """The tree of a lineage file with the flows of its sources before its own; unchanged where it names no sources."""
    entries = tree.entries if isinstance(tree, MappingNode) else ()
    written = next((node for key, node in entries if key.value == FLOWS_FROM.name), None)
    if not isinstance(tree, MappingNode) or written is None:
        return tree
    foreign = [flow for tag in FLOWS_FROM.shape.read(written, problems) or () for flow in _flows(tag, folder, problems)]
    merged = [
        (key, SequenceNode((*foreign, *node.items), node.location))
        if key.value == "flows" and isinstance(node, SequenceNode)
        else (key, node)
        for key, node in entries
        if key.value != FLOWS_FROM.name
    ]
    return MappingNode(tuple(merged), tree.location, tree.complete)


def _flows(tag: Tag, folder: Folder, problems: Problems) -> tuple[Node, ...]:
    _, suffixes, read = _FORMATS[tag.name]
    files: dict[str, str] = {}
    for name in tag.options.get(FILES) or ():
        files |= folder.foreign(name, suffixes, tag.options.where(FILES.name))
    return read(ForeignSource(files, tag.options, tag.node.location, folder.other), problems) if files else ()
