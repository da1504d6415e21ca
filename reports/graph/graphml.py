"""A graph for Gephi, yEd, networkx and others: GraphML (graphml.graphdrawing.org).

A node a field, an edge a flow from each of its sources; their properties as attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ...documents.duration import duration
from ...documents.local_text import worded
from ...values.show import escape

if TYPE_CHECKING:
    from ...checker.verdict.overview import Overview

_NODE = ("system", "entity", "title", "type", "demands", "owner", "kind", "relation")
_EDGE = ("transforms", "when", "by", "lag", "place")


def graph_graphml(overview: Overview) -> str:
    """A GraphML document."""
    root = ET.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for name in _NODE:
        ET.SubElement(root, "key", {"id": name, "for": "node", "attr.name": name, "attr.type": "string"})
    for name in _EDGE:
        ET.SubElement(root, "key", {"id": name, "for": "edge", "attr.name": name, "attr.type": "string"})
    graph = ET.SubElement(root, "graph", id=overview.estate.name, edgedefault="directed")
    entities, relations = overview.estate.contracts.entities, overview.relations
    for field in overview.fields.values():
        _put(
            ET.SubElement(graph, "node", id=str(field.full_name)),
            system=field.system,
            entity=field.entity,
            title=worded(field.title),
            type=field.type,
            demands="; ".join(constraint.sentence for constraint in field.constraints),
            owner=field.owner.team if field.owner else None,
            kind=entities[field.full_name.entity_name].kind,
            relation=relations.get(field.full_name),
        )
    for link in overview.links:
        flow = link.flow
        for source in dict.fromkeys(source.full_name for source in link.sources):
            _put(
                ET.SubElement(graph, "edge", source=str(source), target=str(link.target.full_name)),
                transforms=link.sentence,
                when=flow.when.text if flow.when else None,
                by=flow.by,
                lag=duration(flow.lag) if flow.lag else None,
                place=str(flow.location),
            )
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _put(element: ET.Element, **values: str | None) -> None:
    for name, value in values.items():
        if value:  # escaped: XML has no way to hold control characters
            ET.SubElement(element, "data", key=name).text = escape(value)
