"""What a linear program shows to be impossible, no search finds; and it shows what only long searches would."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from fieldline.values.solve.box import Box
from fieldline.values.solve.counters import CounterSearch, Outlook
from fieldline.values.solve.graph import WeightedEdge, WeightedGraph
from fieldline.values.solve.relaxation import is_out_of_reach
from fieldline.values.weight import CODE_POINTS

MEASURES = 3
WEIGHTS = st.tuples(*[st.integers(0, 3)] * MEASURES)


def graph_of(*edges: tuple[int, int, tuple[int, ...]], ends: dict[int, tuple[int, ...]]) -> WeightedGraph:
    """Edges from state to state with their weights; a text begins in state 0."""
    leaving: list[list[WeightedEdge]] = [[] for _ in range(2)]
    for source, target, weights in edges:
        leaving[source].append(WeightedEdge(target, weights, 97, 98))
    return WeightedGraph(leaving, ends, [(0, (0,) * len(next(iter(ends.values()))))])


def boxes_of(*bounds: tuple[int, int | None]) -> list[Box]:
    return [Box(CODE_POINTS, low, high) for low, high in bounds]


@st.composite
def graphs(draw: st.DrawFn) -> WeightedGraph:
    edges = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), WEIGHTS), max_size=6))
    return graph_of(*edges, ends=draw(st.dictionaries(st.integers(0, 1), WEIGHTS, min_size=1)))


BOUNDS = st.tuples(st.integers(0, 9), st.none() | st.integers(0, 9)).map(
    lambda bound: bound if bound[1] is None else (min(bound[0], bound[1]), max(bound[0], bound[1]))
)


@given(graphs(), st.tuples(*[BOUNDS] * MEASURES))
def test_what_is_out_of_reach_no_search_finds(graph: WeightedGraph, bounds: tuple[tuple[int, int | None], ...]) -> None:
    boxes = boxes_of(*bounds)
    if is_out_of_reach(graph, boxes):
        assert CounterSearch(graph, boxes, 50_000, Outlook(graph, MEASURES)).run() is None


@given(st.lists(WEIGHTS, min_size=1, max_size=4), st.tuples(*[st.integers(0, 8)] * MEASURES))
def test_the_bound_is_never_below_what_whole_characters_reach(
    characters: list[tuple[int, ...]], limits: tuple[int, ...]
) -> None:
    graph = graph_of(*((0, 0, weights) for weights in characters), ends={0: (0,) * MEASURES})
    sums = (
        tuple(
            sum(times * weights[i] for times, weights in zip(chosen, characters, strict=True)) for i in range(MEASURES)
        )
        for chosen in product(range(4), repeat=len(characters))
    )
    most = max((total[0] for total in sums if all(map(int.__le__, total, limits))), default=0)
    assert not is_out_of_reach(graph, boxes_of((most, limits[0]), *((0, limit) for limit in limits[1:])))


def test_blanks_that_are_trimmed_take_the_place_of_letters_that_grow() -> None:
    """30 characters, 30 after trimming and upper-casing: ten letters of three each, and twenty blanks."""
    blank, letter, grows = (1, 0, 1), (1, 1, 1), (1, 3, 3)
    graph = graph_of(*((0, 0, weights) for weights in (blank, letter, grows)), ends={0: (0, 0, 0)})
    assert is_out_of_reach(graph, boxes_of((0, 30), (0, 30), (51, None)))
    assert not is_out_of_reach(graph, boxes_of((0, 30), (0, 30), (50, None)))


def test_without_a_limit_nothing_is_out_of_reach() -> None:
    graph = graph_of((0, 0, (1, 0, 1)), ends={0: (0, 0, 0)})
    assert not is_out_of_reach(graph, boxes_of((0, None), (0, 30), (99, None)))
