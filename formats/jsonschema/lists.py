"""Lists, and objects whose properties may have any names: what each value inside meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...documents.tree import child, items, mapping, sequence, text
from ...documents.yaml_events import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from ...documents.yaml_events import Node


def is_list(schema: MappingNode) -> bool:
    """Whether a schema says what the items of a list are."""
    return isinstance(child(schema, "items"), MappingNode) or bool(_first(schema))


def is_map(schema: MappingNode) -> bool:
    """Whether a schema says what the properties of an object are, and names none of them."""
    values = child(schema, "additionalProperties")
    named = child(schema, "properties") is not None or child(schema, "patternProperties") is not None
    return isinstance(values, MappingNode) and bool(values.entries) and not named


def items_of(schema: MappingNode) -> Node:
    """What each item of a list meets: where the first ones meet schemas of their own, one of those or that of the rest."""
    first = _first(schema)
    rest = child(schema, "additionalItems" if isinstance(child(schema, "items"), SequenceNode) else "items")
    if not first:
        return rest if rest is not None else mapping((), schema.location)
    others = [] if isinstance(rest, ScalarNode) and text(rest) == "false" else [rest or mapping((), schema.location)]
    return mapping([("anyOf", sequence([*first, *others], schema.location))], schema.location)


def _first(schema: MappingNode) -> tuple[Node, ...]:
    """The schemas of the first items, by their places: `prefixItems`, and a list as `items` before draft 2020-12."""
    return items(child(schema, "prefixItems")) or items(child(schema, "items"))
