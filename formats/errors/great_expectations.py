"""Great Expectations: the JSON of validation results. Provoked in release 1 (tests/formats/errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .reported import ErrorKind, ReportedError, scalar_text, side_of_bounds, side_of_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KINDS: Mapping[str, ErrorKind] = {
    "expect_column_value_lengths_to_be_between": "length",
    "expect_column_value_lengths_to_equal": "length",
    "expect_column_values_to_not_be_null": "null",
    "expect_column_values_to_be_unique": "duplicate",
    "expect_column_values_to_match_regex": "pattern",
    "expect_column_values_to_not_match_regex": "pattern",
    "expect_column_values_to_match_like_pattern": "pattern",
    "expect_column_values_to_match_strftime_format": "wrong_type",
    "expect_column_values_to_be_in_set": "not_in_list",
    "expect_column_values_to_not_be_in_set": "not_in_list",
    "expect_column_values_to_be_between": "out_of_range",
    "expect_column_values_to_be_of_type": "wrong_type",
    "expect_column_values_to_be_in_type_list": "wrong_type",
    "expect_column_to_exist": "null",
}
"""By the type of an expectation."""
_MOST_VALUES = 5
"""Values of one result that are looked at; the others failed in the same way."""


def expectation_errors(entry: Mapping[str, object]) -> Iterator[ReportedError]:
    """The errors of one result: one a value that is shown; none where the object is no result, or a success."""
    config = entry.get("expectation_config", entry)
    if entry.get("success") is not False or not isinstance(config, dict):
        return
    name = config.get("type", config.get("expectation_type"))
    kind, wanted = _KINDS.get(str(name)), config.get("kwargs")
    if kind is None or not isinstance(wanted, dict) or not isinstance(wanted.get("column"), str):
        return
    result = entry.get("result")
    shown = result.get("partial_unexpected_list") if isinstance(result, dict) else None
    texts = [scalar_text(value) for value in shown] if isinstance(shown, list) else []
    known = [] if kind == "null" else list(dict.fromkeys(text for text in texts if text is not None))
    values: list[str | None] = [*known[:_MOST_VALUES]]
    for value in values or [None]:
        side, limit = _side(kind, value, wanted)
        yield ReportedError("great_expectations", side, columns=(str(wanted["column"]),), value=value, limit=limit)


def _side(kind: ErrorKind, value: str | None, wanted: Mapping[str, object]) -> tuple[ErrorKind, str | None]:
    """The kind of failure of one value, and the limit it breaks."""
    low, high = wanted.get("min_value"), wanted.get("max_value")
    if kind == "length":
        equal = wanted.get("value")
        least, most = (equal, equal) if isinstance(equal, int) else (low, high)
        return side_of_length(value, least if isinstance(least, int) else None, most if isinstance(most, int) else None)
    if kind == "out_of_range":
        return side_of_bounds(value, low, high)
    limit = scalar_text(wanted.get("regex", wanted.get("like_pattern", wanted.get("type_"))))
    if limit is None and isinstance(wanted.get("value_set"), list):
        limit = ", ".join(str(each) for each in wanted["value_set"])  # type: ignore[attr-defined] # a list
    return kind, limit
