"""Whether two sets hold values that compare in a way: decided, and as every pair of their values says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.judging.comparable import compared_values
from fieldline.checker.preconditions.relation import FieldsRelation
from fieldline.documents.days import DayShift
from fieldline.documents.names import FieldName
from fieldline.lineage.engines import EngineWay
from fieldline.lineage.transforms.shift import DateShift
from fieldline.lineage.truth import Pair
from fieldline.values.budget import STANDARD
from fieldline.values.valueset import ValueSet

if TYPE_CHECKING:
    from fieldline.values.valueset import Value

LEFT, RIGHT = FieldName("a", "e", "left"), FieldName("a", "e", "right")
SIGNS = ("=", "<>", "<", "<=", ">", ">=")
DAY, MOMENT = date(2024, 1, 30), datetime(2024, 1, 30, tzinfo=UTC)
KINDS: dict[str, list[Value]] = {
    "days": [None, *(DAY + timedelta(days=n) for n in range(3))],
    "numbers": [None, 0, Decimal("0.5"), 1],
    "moments": [None, *(MOMENT + timedelta(microseconds=n) for n in range(3))],
}


def some(values: list[Value]) -> list[list[Value]]:
    return [list(chosen) for size in range(1, 4) for chosen in combinations(values, size)]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_decided_as_every_pair_says(kind: str, sign: str) -> None:
    relation = FieldsRelation(Pair(LEFT, sign, RIGHT))
    for first, second in product(some(KINDS[kind]), repeat=2):
        found = compared_values(ValueSet.exactly(first), ValueSet.exactly(second), relation, STANDARD)
        pairs = [pair for pair in product(first, second) if relation.is_broken_by(pair)]
        assert (found is not None) == bool(pairs), (first, second)
        assert found is None or found in pairs


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "<>"])
@pytest.mark.parametrize(("days", "more"), [(0, 0), (1, 0), (0, 1), (2, 1)])
def test_spans_of_days_are_decided_at_their_ends_after_steps(sign: str, days: int, more: int) -> None:
    """From 1 to 10 January, moved; against a span that begins or ends where the moved one does."""
    step = DateShift(DayShift(0, days), (EngineWay("last"),), stated=True)
    relation = FieldsRelation(Pair(LEFT, sign, RIGHT), ((step,) if days else (), ()))
    first = [date(2024, 1, n) for n in range(1, 11)]
    for begin in (1, 10 + days + more, 1 + days - more):
        for end in (begin, begin + 4):
            second = [date(2024, 1, 1) + timedelta(days=n - 1) for n in range(begin, end + 1)]
            spans = [ValueSet.between(values[0], values[-1]) for values in (first, second)]
            found = compared_values(spans[0], spans[1], relation, STANDARD)
            assert (found is not None) == any(relation.is_broken_by(pair) for pair in product(first, second))


def test_numbers_without_an_end_are_decided() -> None:
    above, below = ValueSet.between(Decimal(5), None), ValueSet.between(None, Decimal(5))
    for sign, is_there in (("<", False), ("<=", True), (">", True)):
        relation = FieldsRelation(Pair(LEFT, sign, RIGHT))
        assert (compared_values(above, below, relation, STANDARD) is not None) == is_there
