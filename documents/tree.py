"""Trees of documents: making them, and looking into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .yaml_events import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .location import Location


def child(node: Node | None, name: str) -> Node | None:
    """The value of a key of a mapping; None where the node is no mapping, or has no such key."""
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if key.value == name:
                return value
    return None


def children(node: Node | None) -> tuple[tuple[ScalarNode, Node], ...]:
    """The entries of a mapping; none of anything else."""
    return node.entries if isinstance(node, MappingNode) else ()


def items(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; none of anything else."""
    return node.items if isinstance(node, SequenceNode) else ()


def text(node: Node | None) -> str | None:
    """The text of a scalar; None of anything else."""
    return node.value if isinstance(node, ScalarNode) else None


def with_child(node: MappingNode, name: str, value: Node) -> MappingNode:
    """The mapping with this value under a key: in place of the key's old value, or as the last entry."""
    entries = [(key, value if key.value == name else old) for key, old in node.entries]
    if all(key.value != name for key, _ in entries):
        entries.append((scalar(name, value.location), value))
    return MappingNode(tuple(entries), node.location, node.complete)


def scalar(value: str | int, at: Location, length: int = 1) -> ScalarNode:
    """A scalar as our YAML would hold it; `length` characters of the foreign file are its source."""
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
