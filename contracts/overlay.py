"""A contract's own words over those of its sources.

Where both speak of the same key of a field (or of an entity), the contract's own value stands. So a contract reads its
fields where the system's truth is kept, and adds the rest: owners, repairs, keys, what happens to values outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..documents.problem import nearest, shorten
from ..documents.tree import child, with_child
from ..documents.yaml_events import MappingNode
from . import layout

if TYPE_CHECKING:
    from ..documents.problem import Problems
    from ..documents.yaml_events import Node, ScalarNode


def overlay_entities(foreign: MappingNode, own: MappingNode, problems: Problems, *, complete: bool) -> MappingNode:
    """The entities of the sources under those of the contract itself, as one mapping.

    An entity or field that no source has must stand in full; otherwise it is a problem, and left out. `complete`: every
    source could be read; where one could not, its content is unknown, and nothing is reported.
    """
    return _Overlay(problems, complete=complete).entities(foreign, own)


class _Overlay:
    def __init__(self, problems: Problems, *, complete: bool) -> None:
        self._problems = problems
        self._complete = complete

    def entities(self, foreign: MappingNode, own: MappingNode) -> MappingNode:
        written = {key.value: node for key, node in own.entries}
        entries = [
            (key, self._entity(node, written[key.value]) if key.value in written else node)
            for key, node in foreign.entries
        ]
        return MappingNode(
            (*entries, *self._added(foreign, own, "entity", layout.FIELDS.name)), own.location, own.complete
        )

    def _entity(self, foreign: Node, own: Node) -> Node:
        if not isinstance(own, MappingNode) or not isinstance(foreign, MappingNode):
            return own
        merged = _over(foreign, own)
        theirs, ours = child(foreign, layout.FIELDS.name), child(own, layout.FIELDS.name)
        if isinstance(theirs, MappingNode) and isinstance(ours, MappingNode):
            merged = with_child(merged, layout.FIELDS.name, self._fields(theirs, ours))
        return merged

    def _fields(self, foreign: MappingNode, own: MappingNode) -> MappingNode:
        written = {key.value: node for key, node in own.entries}
        entries = [
            (key, _field(node, written[key.value]) if key.value in written else node) for key, node in foreign.entries
        ]
        return MappingNode(
            (*entries, *self._added(foreign, own, "field", layout.TYPE.name)), foreign.location, own.complete
        )

    def _added(self, foreign: MappingNode, own: MappingNode, what: str, needed: str) -> list[tuple[ScalarNode, Node]]:
        """The entries that the contract adds to those of its sources."""
        known = {key.value: None for key, _ in foreign.entries}
        return [
            (key, node)
            for key, node in own.entries
            if key.value not in known and self._is_whole(key, node, tuple(known), what, needed)
        ]

    def _is_whole(self, key: ScalarNode, node: Node, known: tuple[str, ...], what: str, needed: str) -> bool:
        """Whether an added entity or field stands in full; if not, its name is a slip, or gone from the source."""
        if not isinstance(node, MappingNode) or child(node, needed) is not None:
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


def _field(foreign: Node, own: Node) -> Node:
    return _over(foreign, own) if isinstance(foreign, MappingNode) and isinstance(own, MappingNode) else own


def _over(foreign: MappingNode, own: MappingNode) -> MappingNode:
    """One mapping over another, key by key."""
    written = {key.value for key, _ in own.entries}
    kept = [(key, node) for key, node in foreign.entries if key.value not in written]
    return MappingNode((*kept, *own.entries), foreign.location, own.complete)
