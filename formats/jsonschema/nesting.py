"""Which schemas a property stands inside of: one that stands inside of itself is not taken apart without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...documents.tree import child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...documents.yaml_events import MappingNode, Node

ALTERNATIVES = ("anyOf", "oneOf")
"""The keywords whose schemas need not all hold."""
_MOST_TURNS = 2
"""So many times an alternative may stand around itself: where alternatives are joined, the first time tells of it only."""


class Nesting:
    """The schemas, by their identity, of the properties that are open."""

    def __init__(
        self,
        parts: Callable[[Sequence[Node]], Iterator[MappingNode]],
        alternatives: Callable[[Node | None], list[Node]],
    ) -> None:
        self._parts = parts
        self._alternatives = alternatives
        self._open: list[tuple[frozenset[int], frozenset[int]]] = []
        # By the identity of alternatives, which are kept: those inside of them, too.
        self._inside: dict[int, tuple[Node, frozenset[int]]] = {}

    def is_inside_itself(self, parts: Sequence[MappingNode]) -> bool:
        """Whether a property of these schemas is open, or one of their alternatives is, around it, time and again."""
        if any(id(part) in whole for whole, _ in self._open for part in parts):
            return True
        return any(sum(each in some for _, some in self._open) >= _MOST_TURNS for each in self._alternatives_in(parts))

    def enter(self, parts: Sequence[MappingNode]) -> None:
        """Open a property of these schemas."""
        self._open.append((frozenset(map(id, parts)), self._alternatives_in(parts)))

    def leave(self) -> None:
        """Close the property that was opened last."""
        self._open.pop()

    def _alternatives_in(self, parts: Sequence[MappingNode]) -> frozenset[int]:
        """The parts of alternatives, and of alternatives in them."""
        return frozenset().union(*map(self._all_in, self._several(parts)))

    def _several(self, parts: Sequence[MappingNode]) -> list[Node]:
        nodes = (child(part, word) for part in parts for word in ALTERNATIVES)
        return [node for node in nodes if node is not None and len(self._alternatives(node)) > 1]

    def _all_in(self, alternatives: Node) -> frozenset[int]:
        if id(alternatives) not in self._inside:
            found: set[int] = set()
            waiting, seen = [alternatives], {id(alternatives)}
            while waiting:
                for branch in self._alternatives(waiting.pop()):
                    parts = list(self._parts([branch]))
                    found.update(map(id, parts))
                    deeper = [node for node in self._several(parts) if id(node) not in seen]
                    seen.update(map(id, deeper))
                    waiting += deeper
            self._inside[id(alternatives)] = alternatives, frozenset(found)
        return self._inside[id(alternatives)][1]
