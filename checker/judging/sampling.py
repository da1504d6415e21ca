"""Samples: a few members of a set of values, for a search where nothing can be decided."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ...values.budget import BudgetExceeded
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...values.budget import Budget
    from ...values.valueset import Value

_SAMPLED_LENGTHS = (
    0,
    1,
    2,
    3,
    5,
    8,
    9,
    10,
    14,
    15,
    16,
    17,
    20,
    21,
    30,
    31,
    35,
    36,
    40,
    41,
    50,
    51,
    60,
    61,
    64,
    65,
    100,
    256,
)
"""Code points: around the usual limits of fields."""


def samples(values: ValueSet, budget: Budget) -> Iterator[Value]:
    """Some members, shorter ones first: for a search where nothing can be decided."""
    texts = (values.texts & TextSet.measure(CODE_POINTS, size, size) for size in _SAMPLED_LENGTHS)
    for part in chain(map(ValueSet.text, texts), [values - ValueSet.of_type("text")]):
        try:
            witness = part.witness(budget)
        except BudgetExceeded:
            return
        if witness is not None:
            yield witness.value


def first_few(values: ValueSet, budget: Budget) -> Iterator[Value]:
    """The shortest members: all of a small set."""
    for _ in range(budget.first_values):
        try:
            witness = values.witness(budget)
        except BudgetExceeded:
            return
        if witness is None:
            return
        yield witness.value
        values = values - ValueSet.exactly([witness.value])
