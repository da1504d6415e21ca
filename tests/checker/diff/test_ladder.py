"""How far a bound can be tightened: every rung is what a comparison says of every bound in it, and few are judged."""

from __future__ import annotations

from datetime import date
from math import ceil, log2
from pathlib import Path
from typing import Any

import pytest

from fieldline.application.what_if import suppose
from fieldline.checker.diff.diff import diff
from fieldline.checker.diff.ladder import Ladder, ladders
from fieldline.checker.judging.context import Context
from fieldline.documents.names import FieldName
from fieldline.estate.load import Estate, load_estate
from fieldline.reports.ladder import rungs_words

from ...properties.estates import Written

NORDBANK = Path(__file__).resolve().parents[3] / "examples" / "nordbank"
Tree = dict[str, Any]
TODAY = date(2026, 1, 1)


def store(field: Tree, entries: dict[str, Tree], steps: dict[str, list[Any]] | None = None) -> Estate:
    """A field of a store, fed by a field of each entry over its steps."""
    contracts: dict[str, Tree] = {
        name: {"system": name, "entities": {"e": {"kind": "entry", "fields": {"f": entered}}}}
        for name, entered in entries.items()
    }
    contracts["store"] = {"system": "store", "entities": {"e": {"fields": {"f": field}}}}
    flows = [{"from": f"{name}.e.f", "to": "store.e.f", "via": (steps or {}).get(name, [])} for name in entries]
    return Written(contracts, flows).load()


def ladder(estate: Estate, name: str = "store.e.f", which: int = 0) -> Ladder:
    return ladders(Context(estate), FieldName.read(name))[which]


def told(found: Ladder) -> list[tuple[object, object, list[str]]]:
    return [(rung.first, rung.last, [each.entry.system for each in rung.hit]) for rung in found.rungs]


TEXTS = {
    "a": {"type": "text", "max_length": 9},
    "b": {"type": "text", "max_length": 7, "min_length": 2},
    "c": {"type": "text", "pattern": "[A-Z]{3}"},
    "d": {"type": "text", "one_of": ["x", "  y  "]},
    "e": {"type": "text", "max_length": 7},
}


@pytest.mark.parametrize(
    ("field", "bounds", "expected"),
    [
        (
            {"type": "text", "max_length": 12},
            range(12, -1, -1),
            [(12, 9, []), (8, 7, ["a"]), (6, 3, ["a", "b", "e"]), (2, 1, ["a", "b", "c", "e"]), (0, 0, [*"abcde"])],
        ),
        (
            {"type": "text", "min_length": 0, "max_length": 9},
            range(10),
            [(0, 0, []), (1, 1, ["a", "e"]), (2, 2, ["a", "d", "e"]), (3, 3, ["a", "b", "d", "e"]), (4, 9, [*"abcde"])],
        ),
        (
            {"type": "text", "max_bytes": {"limit": 9, "encoding": "utf-16-le"}},
            range(9, -1, -1),
            [(9, 8, []), (7, 6, ["a", "b", "e"]), (5, 2, ["a", "b", "c", "e"]), (1, 0, [*"abcde"])],
        ),
    ],
)
def test_each_bound_of_each_rung_does_what_a_comparison_says(
    field: Tree, bounds: range, expected: list[tuple[int, int, list[str]]]
) -> None:
    """The oracle: the estate compared with itself under every single bound."""
    estate = store(field, TEXTS, {"d": ["trim"]})
    found = ladder(estate)
    assert told(found) == expected
    key = found.constraint
    for bound in bounds:
        changed = suppose(estate, [f"store.e.f.{key}={bound}"], TODAY)
        refused = {f.entry.system for f in diff(estate, changed).findings if f.rule == "newly-refused" and f.entry}
        (rung,) = (r for r in expected if min(r[0], r[1]) <= bound <= max(r[0], r[1]))
        assert sorted(refused) == rung[2], bound


def test_the_bank_s_logins() -> None:
    found = ladder(load_estate(NORDBANK), "crm.person.login")
    assert list(rungs_words(found)) == [
        ("64 to 12", "nobody notices (proved)"),
        ("11 to 8", "partner.applications and web.signup"),
        ("7 and tighter", "branch.onboarding too"),
    ]
    assert [len(str(next(iter((each.witness or {}).values())))) for each in found.rungs[-1].hit] == [8, 12, 12]


@pytest.mark.parametrize("entries", [1, 3, 12])
@pytest.mark.parametrize("most", [40, 4000])
def test_a_step_takes_no_more_judgements_than_a_bisection(entries: int, most: int) -> None:
    lengths = [round(most * (number + 1) / (entries + 1)) for number in range(entries)]
    estate = store(
        {"type": "text", "max_length": most},
        {f"s{number:02}": {"type": "text", "max_length": length} for number, length in enumerate(lengths)},
    )
    found = ladder(estate)
    steps = len(found.rungs) - 1
    assert steps == entries
    assert found.judgements <= steps * (2 + ceil(log2(most)))
    assert [rung.last for rung in found.rungs] == [*sorted(lengths, reverse=True), 0]


@pytest.mark.parametrize(
    ("field", "entered", "expected"),
    [
        ({"type": "integer", "max": 1000, "min": 0}, {"type": "integer", "min": 5, "max": 70}, [(1000, 70), (69, 0)]),
        ({"type": "integer", "min": 0, "max": 99}, {"type": "integer", "min": 5, "max": 70}, [(0, 5), (6, 99)]),
        ({"type": "integer", "exclusive_max": 10}, {"type": "integer", "max": 3, "min": 3}, [(10, 4), (3, -(10**18))]),
    ],
)
def test_bounds_of_numbers(field: Tree, entered: Tree, expected: list[tuple[int, int]]) -> None:
    found = ladder(store(field, {"web": entered}))
    assert [(rung.first, rung.last) for rung in found.rungs] == expected
    assert [len(rung.hit) for rung in found.rungs] == [0, 1]


def test_bounds_of_decimals_and_days_have_steps_of_their_own() -> None:
    money = ladder(
        store({"type": "decimal", "max": "5.00", "min": "0"}, {"web": {"type": "decimal", "max": "1.25", "min": "1"}})
    )
    assert [(str(rung.first), str(rung.last)) for rung in money.rungs] == [("5.00", "1.25"), ("1.24", "0.00")]
    day = ladder(
        store(
            {"type": "date", "max": "2030-01-01", "min": "2020-01-01"},
            {"web": {"type": "date", "min": "2024-02-28", "max": "2024-02-29"}},
        )
    )
    assert [(str(rung.first), str(rung.last)) for rung in day.rungs] == [
        ("2030-01-01", "2024-02-29"),
        ("2024-02-28", "2020-01-01"),
    ]


def test_a_field_that_cuts_alters_and_a_record_that_fails_today_hits_nobody() -> None:
    cut = store(
        {"type": "text", "max_length": 9, "on_violation": "truncate"}, {"web": {"type": "text", "max_length": 5}}
    )
    assert told(ladder(cut)) == [(9, 5, []), (4, 0, ["web"])]
    assert ladder(cut).alters
    refused_already = store(
        {"type": "text", "max_length": 4}, {"web": {"type": "text", "min_length": 5, "max_length": 9}}
    )
    assert told(ladder(refused_already)) == [(4, 0, [])]


def test_without_a_bound_the_ladder_is_that_of_the_length() -> None:
    found = ladder(store({"type": "text"}, {"web": {"type": "text", "max_length": 5}}))
    assert (found.now, told(found)) == (None, [(65_535, 5, []), (4, 0, ["web"])])


def test_what_is_not_known_is_no_rung_of_safety() -> None:
    found = ladder(
        store({"type": "text", "max_length": 9}, {"web": {"type": "text"}}, {"web": [{"opaque": "a routine"}]})
    )
    assert [bool(rung.unknown) for rung in found.rungs] == [False, True]
    assert "not known of web.e" in [words for _, words in rungs_words(found)][1]


def test_a_field_that_nothing_feeds_has_no_rungs() -> None:
    assert ladder(store({"type": "text", "max_length": 9}, {})).rungs == ()
