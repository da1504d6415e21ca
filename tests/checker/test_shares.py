"""Shares: what nothing connects is judged side by side, and it comes to the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fieldline.checker import shares as module
from fieldline.checker.check import check
from fieldline.checker.shares import shares, side_by_side
from fieldline.lineage.graph import Graph
from fieldline.lineage.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["nordbank", "cbsa", "identity"])
def test_an_estate_judged_in_two_processes_is_judged_as_in_one(
    examples: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = check(load_estate(examples / name))
    monkeypatch.setattr(module, "_FEWEST_LINKS", 1)
    estate = load_estate(examples / name)
    assert len(shares(Graph(estate))) == 2
    assert check(estate) == whole


def test_no_flow_and_no_condition_leads_from_one_share_to_the_other(
    examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEWEST_LINKS", 1)
    graph = Graph(load_estate(examples / "nordbank"))
    first, second = shares(graph)
    assert first | second == set(graph.fields)
    assert not first & second
    for link in graph.links:
        assert len({name in first for name in (link.target.full_name, *link.reads)}) == 1


def test_a_small_estate_stays_in_one(examples: Path) -> None:
    graph = Graph(load_estate(examples / "nordbank"))
    assert shares(graph) == (frozenset(graph.fields),)


def test_what_goes_wrong_in_another_process_goes_wrong_here() -> None:
    def work(part: frozenset[str]) -> int:
        if "b" in part:
            message = "no"
            raise LookupError(message)
        return os.getpid()

    with pytest.raises(LookupError, match="no"):
        side_by_side(work, (frozenset("a"), frozenset("b")))
    here, there = side_by_side(work, (frozenset("a"), frozenset("c")))
    assert here == os.getpid() != there


def test_a_process_that_dies_is_no_answer() -> None:
    def work(part: frozenset[str]) -> int:
        if "b" in part:
            os._exit(9)
        return 0

    with pytest.raises(EOFError):
        side_by_side(work, (frozenset("a"), frozenset("b")))
