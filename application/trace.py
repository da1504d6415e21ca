"""Trace a value that a person typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..checker.tracing.trace import read_at, trace
from ..values.budget import STANDARD
from .answers import TraceAnswer

if TYPE_CHECKING:
    from ..estate.load import Estate
    from ..values.budget import Budget


def trace_value(estate: Estate, at: str, value: str | None, budget: Budget = STANDARD) -> TraceAnswer:
    """Trace a value at a field (by full name), read as the field's type; None: null.

    Raises UnknownField, EstateError where the text is not of the field's type, BudgetExceeded.
    """
    return TraceAnswer(estate, trace(estate, at, read_at(estate, at, value), budget))
