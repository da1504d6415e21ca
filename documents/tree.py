"""Making trees of contract files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .yaml_events import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .location import Location


def scalar(value: str | int, at: Location, length: int = 1) -> ScalarNode:
    """A scalar as our YAML would hold it; `length` characters of the foreign file are what says it."""
    return ScalarNode(str(value), plain=not isinstance(value, str), location=at, length=length)


def truth(value: bool, at: Location) -> ScalarNode:  # noqa: FBT001 - the value itself
    """`true` or `false`."""
    return ScalarNode("true" if value else "false", plain=True, location=at, length=1)


def sequence(items: Iterable[Node], at: Location) -> SequenceNode:
    """A list."""
    return SequenceNode(tuple(items), at)


def mapping(entries: Iterable[tuple[str | ScalarNode, Node]], at: Location) -> MappingNode:
    """Keys with their nodes; a key given as text stands where its node does. No key may stand twice."""
    return MappingNode(
        tuple((key if isinstance(key, ScalarNode) else scalar(key, node.location), node) for key, node in entries), at
    )
