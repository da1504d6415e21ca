"""Shares: what nothing connects is judged side by side, and it comes to the same."""

from __future__ import annotations

import os
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

import pytest

from fieldline.checker import partition as module
from fieldline.checker.judging.context import Context
from fieldline.checker.partition import partition, side_by_side
from fieldline.checker.rules import RULES
from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from fieldline.checker.finding import Finding
    from fieldline.documents.names import FieldName


@pytest.fixture
def in_shares(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Even a small estate is dealt out, also where other tests have set native threads going that this one does not use."""
    (tmp_path / "only").touch()
    monkeypatch.setattr(module, "_FEWEST_LINKS", 1)
    monkeypatch.setattr(module, "_THREADS", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nordbank", "cbsa", "identity"])
def test_an_estate_judged_in_two_processes_is_judged_as_in_one(
    examples: Path, name: str, request: pytest.FixtureRequest
) -> None:
    whole = check(load_estate(examples / name))
    request.getfixturevalue("in_shares")
    estate = load_estate(examples / name)
    assert len(partition(Context(estate).graph)) > 1
    assert check(estate) == whole


@pytest.mark.slow
@pytest.mark.usefixtures("in_shares")
@pytest.mark.parametrize("name", ["nordbank", "cbsa", "identity"])
def test_it_does_not_matter_which_share_is_judged_first(examples: Path, name: str) -> None:
    context = Context(load_estate(examples / name))
    parts = partition(context.graph)

    def judged(parts: Iterable[frozenset[FieldName]]) -> list[Finding]:
        found = (rule.check(context.restricted(part)) for part in parts for rule in RULES if rule.is_of_fields)
        return sorted((finding for findings in found for finding in findings), key=lambda finding: finding.order)

    assert judged(parts) == judged(reversed(parts))


@pytest.mark.usefixtures("in_shares")
def test_no_flow_and_no_condition_leads_from_one_share_to_the_other(examples: Path) -> None:
    graph = Context(load_estate(examples / "nordbank")).graph
    parts = partition(graph)
    assert sorted(name for part in parts for name in part) == sorted(graph.fields)
    share_of = {name: part for part in parts for name in part}
    for link in graph.links:
        assert len({share_of[name] for name in (link.target.full_name, *link.reads)}) == 1


def test_a_small_estate_stays_in_one(examples: Path) -> None:
    graph = Context(load_estate(examples / "nordbank")).graph
    assert partition(graph) == (frozenset(graph.fields),)


def test_an_error_in_another_process_is_raised_here() -> None:
    def work(part: frozenset[str]) -> int:
        if "b" in part:
            message = "no"
            raise LookupError(message)
        return os.getpid()

    with pytest.raises(LookupError, match="no"):
        side_by_side(work, (frozenset("a"), frozenset("b")))
    assert side_by_side(work, (frozenset("a"),)) == [os.getpid()]
    assert os.getpid() not in side_by_side(work, (frozenset("a"), frozenset("c")))


def test_a_process_that_dies_is_no_answer() -> None:
    def work(part: frozenset[str]) -> int:
        if "b" in part:
            os._exit(9)
        return 0

    with pytest.raises(BrokenProcessPool):
        side_by_side(work, (frozenset("a"), frozenset("b")))


@pytest.mark.usefixtures("in_shares")
def test_a_value_that_stays_away_is_told_where_its_record_is_in_another_share(context: Callable[..., Context]) -> None:
    flows = [{"from": "in1.e.c", "to": "b.e.c", "when": "in1.e.c LIKE '+%'"}, {"from": "in1.e.i", "to": "b.e.i"}]
    fields = {"i": {"type": "text"}, "c": {"type": "text"}}
    found = context(flows, in1=fields, b=fields)
    assert len(partition(found.graph)) > 1
    assert "loss" in [finding.rule for finding in check(found.estate).findings]
