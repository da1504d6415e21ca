"""What Fieldline itself makes of values, once for each distinct value of a batch."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_KEPT = 100_000
"""Answers that are kept from one batch to the next."""
_MISSING = object()


def by_distinct_value(of: Callable[[Any], Any], gives: type[pl.DataType]) -> Callable[[pl.Series], pl.Series]:
    """What a function makes of a column's values, each distinct one of a batch asked once; of a struct, of its dict."""
    known: dict[Any, Any] = {}

    def verdicts(series: pl.Series) -> pl.Series:
        distinct = series.unique()
        answers = []
        for value in distinct.to_list():
            key = tuple(value.items()) if isinstance(value, dict) else (type(value), value)
            answer = known.get(key, _MISSING)  # another thread may forget it at any time
            if answer is _MISSING:
                if len(known) >= _MOST_KEPT:
                    known.clear()
                answer = known[key] = of(value)
            answers.append(answer)
        by_distinct = pl.DataFrame({"value": distinct, "answer": pl.Series(answers, dtype=gives)})
        rows = pl.DataFrame({"value": series})
        of_rows = rows.join(by_distinct, on="value", how="left", nulls_equal=True, maintain_order="left")["answer"]
        if series.dtype.is_float() and series.is_nan().any():  # which a join finds equal to nothing
            of_rows = of_rows.zip_with(~series.is_nan().fill_null(value=False), pl.Series([of(nan)], dtype=gives))
        return of_rows

    return verdicts
