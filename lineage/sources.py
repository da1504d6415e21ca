"""Foreign sources of a lineage file (`from:`): their flows precede those of the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents.shape import Key, ListOf, Tagged
from ..documents.yaml_events import MappingNode, ScalarNode, SequenceNode
from ..formats import openlineage
from ..formats.source import FILES, ForeignSource
from .queries import connectors, events, models, sheets
from .queries import read as queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ..contracts.model import Contracts
    from ..documents.folder import Folder
    from ..documents.problem import Problems
    from ..documents.shape import Keyed, Tag
    from ..documents.yaml_events import Node

    _Read = Callable[[ForeignSource, Problems, Contracts, date], tuple[Node, ...]]

_FORMATS: dict[str, tuple[Keyed, tuple[str, ...], _Read]] = {
    openlineage.SHAPE.name: (
        openlineage.SHAPE,
        openlineage.SUFFIXES,
        events.read_events,
    ),
    queries.QUERIES_SHAPE.name: (queries.QUERIES_SHAPE, queries.QUERIES_SUFFIXES, queries.read_queries),
    queries.VIEWS_SHAPE.name: (queries.VIEWS_SHAPE, (), queries.read_database),
    sheets.SHEET_SHAPE.name: (sheets.SHEET_SHAPE, sheets.SHEET_SUFFIXES, sheets.read_sheets),
    connectors.CONNECTOR_SHAPE.name: (
        connectors.CONNECTOR_SHAPE,
        connectors.CONNECTOR_SUFFIXES,
        connectors.read_connectors,
    ),
    models.MODELS_SHAPE.name: (models.MODELS_SHAPE, models.MODELS_SUFFIXES, models.read_models),
}

FLOWS_FROM = Key(
    "from",
    ListOf(Tagged("flow_source", {name: shape for name, (shape, _, _) in _FORMATS.items()}), least=1, single=True),
    "The files, or the database, that flows are read from, in place. The flows of the file itself are added.",
)


def with_flow_sources(tree: Node, folder: Folder, problems: Problems, contracts: Contracts, today: date) -> Node:
    """The tree of a lineage file with the flows of its sources before its own; unchanged where it names no sources."""
    entries = tree.entries if isinstance(tree, MappingNode) else ()
    written = next((node for key, node in entries if key.value == FLOWS_FROM.name), None)
    if not isinstance(tree, MappingNode) or written is None:
        return tree
    foreign = [
        flow
        for tag in FLOWS_FROM.shape.read(written, problems) or ()
        for flow in _flows(tag, folder, problems, contracts, today)
    ]
    merged = [
        (key, SequenceNode((*foreign, *node.items), node.location))
        if key.value == "flows" and isinstance(node, SequenceNode)
        else (key, node)
        for key, node in entries
        if key.value != FLOWS_FROM.name
    ]
    if all(key.value != "flows" for key, _ in entries):
        at = written.location
        merged.append((ScalarNode("flows", plain=True, location=at, length=0), SequenceNode(tuple(foreign), at)))
    return MappingNode(tuple(merged), tree.location, tree.complete)


def _flows(tag: Tag, folder: Folder, problems: Problems, contracts: Contracts, today: date) -> tuple[Node, ...]:
    _, suffixes, read = _FORMATS[tag.name]
    files: dict[str, str] = {}
    for name in tag.options.get(FILES) or ():
        files |= folder.foreign(name, suffixes, tag.options.where(FILES.name))
    if not files and suffixes:
        return ()
    source = ForeignSource(files, tag.options, tag.node.location, folder.other, folder.variables)
    return read(source, problems, contracts, today)
