"""Layers: a directed graph laid out from left to right, entries first, in the manner of Sugiyama, Tagawa and Toda (1981).

Edges that lead back are ignored; every node is one layer after the furthest of its predecessors;
within a layer nodes are ordered by the middle of their neighbours, back and forth a few times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_SWEEPS = 4

CHIP_WIDTH, CHIP_HEIGHT = 188, 88
_COLUMN_GAP, _SUBCOLUMN_GAP, _ROW_GAP, _LABEL_HEIGHT = 56, 24, 18, 26
_FEWEST_ROWS = 7
_BROADEST = 1.5
"""The greatest ratio of width to height: columns grow until it is met."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The layer and order of every node."""

    layers: tuple[tuple[str, ...], ...]
    """From left to right; in each from the top down."""
    apart: tuple[str, ...]
    """Nodes that no edge touches, in the order given."""


def layered(
    nodes: Sequence[str], edges: Iterable[tuple[str, str]], first: Collection[str], group: Mapping[str, str]
) -> Layers:
    """Lay out nodes. Those in `first` are walked from first; nodes of one `group` stay together in a layer."""
    downstream: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in sorted(set(edges)):
        if source != target:
            downstream[source].append(target)
    forward = _forward(nodes, downstream, first)
    touched = {node for node in nodes if downstream[node]} | {
        target for targets in downstream.values() for target in targets
    }
    depth = _depths([node for node in nodes if node in touched], forward, first)
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        if node in depth:
            layers[depth[node]].append(node)
    layers = [layer for layer in layers if layer]
    _order(layers, forward, group)
    return Layers(tuple(map(tuple, layers)), tuple(node for node in nodes if node not in touched))


def _forward(nodes: Sequence[str], downstream: Mapping[str, list[str]], first: Collection[str]) -> dict[str, list[str]]:
    """The edges without the back edges of a depth-first walk: no cycle is left."""
    forward: dict[str, list[str]] = {node: [] for node in nodes}
    state: dict[str, int] = {}  # 1: inside, 2: left
    for start in sorted(nodes, key=lambda node: node not in first):
        if start in state:
            continue
        state[start] = 1
        walk = [(start, iter(downstream[start]))]
        while walk:
            node, targets = walk[-1]
            target = next(targets, None)
            if target is None:
                state[node] = 2
                walk.pop()
                continue
            if state.get(target) != 1:
                forward[node].append(target)
            if target not in state:
                state[target] = 1
                walk.append((target, iter(downstream[target])))
    return forward


def _depths(nodes: Sequence[str], forward: Mapping[str, list[str]], first: Collection[str]) -> dict[str, int]:
    """Per node the longest path to it; a source that is no entry is placed just before its first successor."""
    waiting = dict.fromkeys(nodes, 0)
    for node in nodes:
        for target in forward[node]:
            waiting[target] += 1
    ready = [node for node in nodes if not waiting[node]]
    sources = list(ready)
    depth = dict.fromkeys(nodes, 0)
    for node in ready:
        for target in forward[node]:
            depth[target] = max(depth[target], depth[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for node in sources:
        if node not in first and forward[node]:
            depth[node] = min(depth[target] for target in forward[node]) - 1
    return depth


def _order(layers: list[list[str]], forward: Mapping[str, list[str]], group: Mapping[str, str]) -> None:
    before: dict[str, list[str]] = {}
    for node, targets in forward.items():
        for target in targets:
            before.setdefault(target, []).append(node)
    place = {node: float(i) - len(layer) / 2 for layer in layers for i, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        neighbours = before if sweep % 2 == 0 else forward
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            middle = {node: _mean([place[other] for other in neighbours.get(node, ())], place[node]) for node in layer}
            members: dict[str, list[float]] = {}
            for node in layer:
                members.setdefault(group.get(node, ""), []).append(middle[node])
            groups = {name: _mean(places, 0.0) for name, places in members.items()}
            layer.sort(key=lambda n: (groups[group.get(n, "")], group.get(n, ""), middle[n], place[n]))
            for i, node in enumerate(layer):
                place[node] = float(i) - len(layer) / 2


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


# ---------------------------------------------------------------------------------------------------------- positions


@dataclass(frozen=True, slots=True)
class Label:
    """A heading of a column, or of a group within one."""

    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture of chips, all of one size, in pixels."""

    places: Mapping[str, tuple[int, int]]
    """Per node, its upper left corner."""
    labels: tuple[Label, ...]
    width: int
    height: int


def plan(laid: Layers, group: Mapping[str, str], apart: str) -> Plan:
    """Position every node. Long layers are folded into several columns; `apart` is the heading of unconnected nodes."""
    blocks = [_runs(layer, group) for layer in laid.layers]
    if laid.apart:
        blocks.append([(apart, list(laid.apart))])
    rows = _FEWEST_ROWS
    while _breadth(blocks, rows) > rows * (CHIP_HEIGHT + _ROW_GAP) * _BROADEST:
        rows += 1
    return _Draftsman(rows).draw(blocks)


def _runs(layer: Sequence[str], group: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    runs: list[tuple[str, list[str]]] = []
    for node in layer:
        name = group.get(node, "")
        if not runs or runs[-1][0] != name:
            runs.append((name, []))
        runs[-1][1].append(node)
    return runs


def _breadth(blocks: Sequence[Sequence[tuple[str, list[str]]]], rows: int) -> int:
    columns = sum(-(-sum(len(nodes) for _, nodes in runs) // rows) for runs in blocks)
    return columns * (CHIP_WIDTH + _SUBCOLUMN_GAP) + len(blocks) * (_COLUMN_GAP - _SUBCOLUMN_GAP)


class _Draftsman:
    """Puts blocks side by side, each centred from the top down."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._x = 0
        self._places: dict[str, tuple[int, int]] = {}
        self._labels: list[Label] = []

    def draw(self, blocks: Sequence[Sequence[tuple[str, list[str]]]]) -> Plan:
        columns = [self._columns(runs) for runs in blocks]
        height = max((self._height(column) for block in columns for column in block), default=0)
        for block in columns:
            for column in block:
                self._put(column, (height - self._height(column)) // 2)
                self._x += CHIP_WIDTH + _SUBCOLUMN_GAP
            self._x += _COLUMN_GAP - _SUBCOLUMN_GAP
        return Plan(self._places, tuple(self._labels), max(0, self._x - _COLUMN_GAP), height)

    def _columns(self, runs: Sequence[tuple[str, list[str]]]) -> list[list[tuple[str, str | None]]]:
        """The nodes of a block by columns; a label, without a node, before every group and on top of every column."""
        columns: list[list[tuple[str, str | None]]] = [[]]
        held = 0
        for name, nodes in runs:
            label = name
            for node in nodes:
                if held == self._rows:
                    columns.append([])
                    held, label = 0, name
                if label:
                    columns[-1].append((label, None))
                    label = ""
                columns[-1].append(("", node))
                held += 1
        return columns

    @staticmethod
    def _height(column: Sequence[tuple[str, str | None]]) -> int:
        return sum(_LABEL_HEIGHT if node is None else CHIP_HEIGHT + _ROW_GAP for _, node in column) - _ROW_GAP

    def _put(self, column: Sequence[tuple[str, str | None]], y: int) -> None:
        for label, node in column:
            if node is None:
                self._labels.append(Label(label, self._x, y + _LABEL_HEIGHT - 9))
                y += _LABEL_HEIGHT
            else:
                self._places[node] = (self._x, y)
                y += CHIP_HEIGHT + _ROW_GAP
