"""Cycles: as networkx finds them, in any graph, however deep."""

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.cycles import cycles

NODES = st.sampled_from("abcdefgh")


@given(st.dictionaries(NODES, st.lists(NODES, max_size=4)))
def test_cycles_are_the_components_that_networkx_finds_where_an_edge_stays_inside(graph: dict[str, list[str]]) -> None:
    digraph = nx.DiGraph([(node, target) for node, targets in graph.items() for target in targets])
    components = [frozenset(c) for c in nx.strongly_connected_components(digraph)]
    assert set(cycles(graph)) == {c for c in components if any(digraph.has_edge(a, b) for a in c for b in c)}


def test_the_largest_comes_first_and_of_equals_the_first_by_name() -> None:
    graph = {"z": ["z"], "y": ["x"], "x": ["y"], "b": ["b"], "p": ["q"], "q": ["r"], "r": ["p", "z"]}
    assert cycles(graph) == (frozenset("pqr"), frozenset("xy"), frozenset("b"), frozenset("z"))


def test_a_path_and_a_cycle_of_a_hundred_thousand_nodes_need_no_deep_stack() -> None:
    path = {str(number): [str(number + 1)] for number in range(100_000)}
    assert cycles(path) == ()
    assert cycles(path | {"100000": ["0"]}) == (frozenset([*path, "100000"]),)
