"""A budget decides less or more, and never something else: what is decided with little work stays so with more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from fieldline.checker.diff.diff import diff
from fieldline.checker.verdict.check import check
from fieldline.values.budget import STANDARD, Budget

from .estates import Written, written_estates
from .strategies import tries
from .test_diff_laws import two_versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldline.checker.finding import Finding

LITTLE = Budget(
    states=20,
    phases=3,
    alphabet_states=3,
    quick_states=5,
    glance_states=5,
    obligations_in_a_cycle=3,
    joined_ways=1,
    routes=1,
    sampled_routes=1,
    route_visits=3,
    second_look_states=10,
    samples=5,
    completions=2,
    ways_back=3,
    ways=1,
    tried_values=1,
    unmet_ways=1,
    room_states=10,
    rounds=1,
)
CLAIMS = {"escape", "loss", "collision", "conflict", "unfilled", "newly-refused", "newly-lost", "newly-colliding"}


def refuted(findings: Iterable[Finding]) -> set[tuple[object, ...]]:
    """What is claimed, of which entry; a conflict names one of several constraints that exclude each other."""
    return {
        (f.rule, f.entry, f.fields, f.binding and f.rule != "conflict" and (f.binding.field, f.binding.constraint))
        for f in findings
        if f.verdict == "refuted" and f.rule in CLAIMS
    }


@tries(15)
@given(written_estates(cycles=True, most=7))
def test_what_a_check_decides_with_little_work_it_decides_so_with_more(written: Written) -> None:
    estate = written.load()
    little, more = check(estate, LITTLE), check(estate, STANDARD)
    assert refuted(little.findings) <= refuted(more.findings)
    assert set(little.summary.proved_fields) <= set(more.summary.proved_fields)


@tries(8)
@given(two_versions())
def test_what_a_diff_refutes_with_little_work_it_refutes_with_more(written: tuple[Written, Written]) -> None:
    before, after = (version.load() for version in written)
    assert refuted(diff(before, after, budget=LITTLE).findings) <= refuted(diff(before, after).findings)
