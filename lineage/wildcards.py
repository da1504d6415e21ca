"""Wildcards: `from: app.order.*, to: log.order.*` is a flow for every field that both entities have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents.names import FieldName
from ..documents.problem import nearest, shorten
from ..documents.tree import child, children, items, scalar
from ..documents.yaml_events import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..contracts.model import Contracts, Entity
    from ..documents.problem import Problems
    from ..documents.yaml_events import Node

EVERY_FIELD = ".*"
"""What stands for every field, behind an entity's full name."""


_ENDS = frozenset(("from", "to"))


def with_every_field(tree: Node, contracts: Contracts, problems: Problems) -> Node:
    """The tree of a lineage file, with a flow for each field in the place of a wildcard; unchanged where it has none."""
    flows = child(tree, "flows")
    if not isinstance(tree, MappingNode) or not any(_is_wildcard(item) for item in items(flows)):
        return tree
    each = (
        one for item in items(flows) for one in (_expanded(item, contracts, problems) if _is_wildcard(item) else [item])
    )
    expanded = SequenceNode(tuple(each), tree.location if flows is None else flows.location)
    entries = [(key, expanded if key.value == "flows" else node) for key, node in tree.entries]
    return MappingNode(tuple(entries), tree.location, tree.complete)


def _is_wildcard(item: Node) -> bool:
    return any(key.value in _ENDS and _stands_for_all(node) for key, node in children(item))


def _stands_for_all(node: Node | None) -> bool:
    return isinstance(node, ScalarNode) and node.value.endswith(EVERY_FIELD)


def _expanded(item: Node, contracts: Contracts, problems: Problems) -> Iterator[Node]:
    """The flows that a wildcard stands for; none after a problem."""
    ends = [child(item, key) for key in ("from", "to")]
    for end in ends:
        if not _stands_for_all(end):
            place = item.location if end is None else end.location
            expected = "one entity's every field on both sides: from: system.entity.*, to: system.entity.*"
            problems.add(place, f"{EVERY_FIELD} stands on one side only", expected=expected)
            return
    found = [_entity(end, contracts, problems) for end in ends if isinstance(end, ScalarNode)]
    source, target = found
    if source is None or target is None or not isinstance(item, MappingNode):
        return
    without = _without(item, source, target, problems)
    names = [name for name in source.fields if name in target.fields and name not in without]
    if not names:
        message = f"no field of {source.full_name} has the name of one of {target.full_name}"
        problems.add(item.location, message, expected="fields of the same name in both")
    for name in names:
        written = {"from": source.full_name.of(name), "to": target.full_name.of(name)}
        yield MappingNode(
            tuple(
                (key, _named(written[key.value], node) if key.value in written else node)
                for key, node in item.entries
                if key.value != "except"
            ),
            item.location,
            item.complete,
        )


def _named(name: FieldName, node: Node) -> ScalarNode:
    return scalar(str(name), node.location, node.length if isinstance(node, ScalarNode) else 1)


def _entity(node: ScalarNode, contracts: Contracts, problems: Problems) -> Entity | None:
    name = node.value.removesuffix(EVERY_FIELD)
    known = contracts.entities.get(FieldName.read(node.value).entity_name)
    if known is None:
        guess = nearest(name, tuple(map(str, contracts.entities)))
        suggestion = None if guess is None else guess + EVERY_FIELD
        problems.add(
            node.location, f"{shorten(name)} is an entity of no contract", suggestion=suggestion, length=node.length
        )
    return known


def _without(item: Node, source: Entity, target: Entity, problems: Problems) -> set[str]:
    """The names of the fields that are left out."""
    written = child(item, "except")
    nodes = (
        [written]
        if isinstance(written, ScalarNode)
        else [each for each in items(written) if isinstance(each, ScalarNode)]
    )
    known = {*source.fields, *target.fields}
    for node in nodes:
        if node.value not in known:
            message = f"{shorten(node.value)} is a field of neither {source.full_name} nor {target.full_name}"
            problems.add(
                node.location, message, suggestion=nearest(node.value, tuple(sorted(known))), length=node.length
            )
    return {node.value for node in nodes}
