"""Sets of numbers that count how a number is written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fieldline.values.budget import BudgetExceeded
from fieldline.values.numberset import NumberSet
from fieldline.values.regex import parse
from fieldline.values.textset import TextSet


def test_whole_members_far_from_zero_are_listed_as_long_as_they_are_few() -> None:
    odd = NumberSet.spelled(TextSet.language(parse("[0-9]*[13579]").language))
    near = odd & NumberSet.between(Decimal(1_000_000), Decimal(1_000_005))
    assert list(near.whole_spans(0, 10**9)) == [(n, n + 1) for n in (1_000_001, 1_000_003, 1_000_005)]
    with pytest.raises(BudgetExceeded):
        list(odd.whole_spans(-10_000, 10_000))
