"""Layers: flow runs to the right, whatever the graph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.reports.page.layout import CHIP_HEIGHT, CHIP_WIDTH, layered, plan

NODES = [f"n{number}" for number in range(9)]
EDGES = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=20)


@given(EDGES)
def test_every_node_has_one_place_and_no_two_chips_overlap(edges: set[tuple[str, str]]) -> None:
    laid = layered(NODES, edges, {"n0"}, {})
    assert sorted([node for layer in laid.layers for node in layer] + list(laid.apart)) == NODES
    places = sorted(plan(laid, {}, "apart").places.values())
    for number, (x, y) in enumerate(places):
        for other_x, other_y in places[number + 1 :]:
            assert abs(x - other_x) >= CHIP_WIDTH or abs(y - other_y) >= CHIP_HEIGHT


@given(EDGES)
def test_where_nothing_goes_round_every_edge_leads_to_the_right(edges: set[tuple[str, str]]) -> None:
    forward = {(a, b) for a, b in edges if a < b}
    laid = layered(NODES, forward, {"n0"}, {})
    layer_of = {node: number for number, layer in enumerate(laid.layers) for node in layer}
    assert all(layer_of[source] < layer_of[target] for source, target in forward)


@given(EDGES, st.randoms())
def test_the_order_of_the_edges_changes_nothing(edges: set[tuple[str, str]], random: object) -> None:
    shuffled = sorted(edges)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert layered(NODES, shuffled, {"n0"}, {}) == layered(NODES, sorted(edges), {"n0"}, {})


def test_members_of_a_domain_stand_together_under_its_name() -> None:
    edges = {("n0", node) for node in NODES[1:]}
    group = {node: "even" if int(node[1]) % 2 == 0 else "odd" for node in NODES[1:]}
    laid = layered(NODES, edges, {"n0"}, group)
    domains = [group[node] for node in laid.layers[1]]
    assert domains in ([*["odd"] * 4, *["even"] * 4], [*["even"] * 4, *["odd"] * 4])
    assert sorted({label.text for label in plan(laid, group, "apart").labels}) == ["even", "odd"]


def test_what_no_entry_feeds_stands_just_before_what_it_feeds() -> None:
    laid = layered(NODES[:4], {("n0", "n1"), ("n1", "n2"), ("n3", "n2")}, {"n0"}, {})
    assert laid.layers == (("n0",), ("n1", "n3"), ("n2",))


@pytest.mark.parametrize("size", [1, 40, 400])
def test_many_systems_in_a_layer_are_folded_into_a_picture_that_is_not_too_long(size: int) -> None:
    nodes = [f"n{number}" for number in range(size)]
    drawn = plan(layered(nodes, {(nodes[0], node) for node in nodes[1:]}, {nodes[0]}, {}), {}, "apart")
    assert drawn.height <= max(8 * (CHIP_HEIGHT + 18), 2 * drawn.width)
