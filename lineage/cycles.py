"""The cycles of a directed graph: its strongly connected components that contain an edge.

Source: R. Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM Journal on Computing 1 (1972).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


class _Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...  # noqa: ANN401 - as the standard library's own protocol has it


_Node = TypeVar("_Node", bound=_Ordered)


def cycles(leads_to: Mapping[_Node, Collection[_Node]]) -> tuple[frozenset[_Node], ...]:
    """The groups of nodes that all lead to one another, largest first. A node alone is one if it leads to itself.

    Linear in nodes and edges. The depth of the interpreter's stack does not grow with a path.
    """
    groups = [group for group in _components(leads_to) if len(group) > 1 or group & set(leads_to.get(min(group), ()))]
    return tuple(sorted(groups, key=lambda group: (-len(group), min(group))))


def _components(leads_to: Mapping[_Node, Collection[_Node]]) -> Iterator[frozenset[_Node]]:
    """The strongly connected components."""
    number: dict[_Node, int] = {}
    lowest: dict[_Node, int] = {}  # the least number reached from the node by nodes on `pending`
    pending: list[_Node] = []  # numbered nodes without a component, in the order of their numbers
    is_pending: set[_Node] = set()

    def enter(node: _Node) -> tuple[_Node, Iterator[_Node]]:
        number[node] = lowest[node] = len(number)
        pending.append(node)
        is_pending.add(node)
        return node, iter(leads_to.get(node, ()))

    for start in leads_to:
        path = [] if start in number else [enter(start)]
        while path:
            node, targets = path[-1]
            target = next(targets, None)
            if target is not None:
                if target not in number:
                    path.append(enter(target))
                elif target in is_pending:
                    lowest[node] = min(lowest[node], number[target])
                continue
            path.pop()
            if path:
                before = path[-1][0]
                lowest[before] = min(lowest[before], lowest[node])
            if lowest[node] == number[node]:
                group: set[_Node] = set()
                while node not in group:
                    group.add(pending.pop())
                is_pending -= group
                yield frozenset(group)
