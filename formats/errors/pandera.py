"""pandera: the messages of SchemaError and SchemaErrors, on pandas and polars. Provoked in both (tests/formats/errors)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .reported import ErrorKind, ErrorPattern, ReportedError, read_literal, scalar_text, side_of_bounds, side_of_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .reported import PlacedError

_FAILED = re.compile(
    r"[Cc]olumn '(?P<column>[^'\n]{1,300}+)' failed (?:element-wise )?validator number \d{1,6}+: "
    r"(?:<Check \w{1,60}+: )?(?P<check>\w{1,60}+)\((?P<wanted>[^\n]{0,2000}?)\)>? "
    r"failure case(?: example)?s: (?P<cases>[^\n]{0,4000})"
)
_KINDS: Mapping[str, ErrorKind] = {
    "str_length": "length",
    "str_matches": "pattern",
    "str_contains": "pattern",
    "str_startswith": "pattern",
    "str_endswith": "pattern",
    "isin": "not_in_list",
    "notin": "not_in_list",
    "equal_to": "not_in_list",
    "greater_than": "too_small",
    "greater_than_or_equal_to": "too_small",
    "less_than": "too_large",
    "less_than_or_equal_to": "too_large",
    "in_range": "out_of_range",
}
_MOST_VALUES = 5

PANDERA_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        "null", "non-nullable", r"non-nullable (?:series|column) '(?P<column>[^'\n]{1,300}+)' contains null values"
    ),
    ErrorPattern(
        "duplicate", "contains duplicate values", r"series '(?P<column>[^'\n]{1,300}+)' contains duplicate values"
    ),
    ErrorPattern("duplicate", "not unique", r"column '(?P<column>[^'\n]{1,300}+)' not unique"),
    ErrorPattern("null", "not in dataframe", r"column '(?P<column>[^'\n]{1,300}+)' not in dataframe"),
    ErrorPattern("unexpected", "not in DataFrameSchema", r"column '(?P<column>[^'\n]{1,300}+)' not in DataFrameSchema"),
    ErrorPattern(
        "wrong_type",
        "to have type",
        r"expected (?:series|column) '(?P<column>[^'\n]{1,300}+)' to have type (?P<limit>[^\s,]{1,60}+), got",
    ),
)


def pandera_checks(text: str) -> Iterator[PlacedError]:
    """The checks that failed, one error a value that is shown."""
    for match in _FAILED.finditer(text):
        values = _values(match["cases"], match["column"])
        for value in values[:_MOST_VALUES] or [None]:
            kind, limit = _side(_KINDS.get(match["check"], "check"), match["wanted"], value)
            constraint = match["check"] if kind == "check" else None
            yield (
                match.start(),
                match.end(),
                ReportedError(
                    "pandera", kind, columns=(match["column"],), value=value, limit=limit, constraint=constraint
                ),
            )


def _values(cases: str, column: str) -> list[str | None]:
    """The values shown: on polars rows of the column; on pandas values with commas between, which may hold commas."""
    if cases.startswith("[{"):
        rows = read_literal(cases.strip())
        found = [row.get(column) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        return list(dict.fromkeys(text for value in found if (text := scalar_text(value)) is not None))
    return [] if ", " in cases else [cases]


def _side(kind: ErrorKind, wanted: str, value: str | None) -> tuple[ErrorKind, str | None]:
    if kind not in {"length", "out_of_range"}:
        return kind, wanted.strip("'") or None
    bounds = read_literal(f"({wanted},)")
    low, high, *_ = (*bounds, None, None) if isinstance(bounds, tuple) else (None, None)
    if kind == "out_of_range":
        return side_of_bounds(value, low, high)
    return side_of_length(value, low if isinstance(low, int) else None, high if isinstance(high, int) else None)
