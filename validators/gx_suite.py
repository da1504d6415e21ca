r"""A Great Expectations suite (version 1) as JSON, for columns of the fields' own types.

    suite = great_expectations.ExpectationSuite(**json.load(file))

GX passes null everywhere but where it is forbidden, as we do. Its patterns run in Python's `re`, which backtracks: ours
never do, and match the whole text (`\A…\Z`), so "abc\n" does not pass for "abc".
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from ..values.weight import CODE_POINTS
from .parts import (
    Between,
    Filled,
    GeneratedValidator,
    HasType,
    LengthRange,
    OnlyNull,
    TextForm,
    Truths,
    assertions_of,
    unsupported,
)

if TYPE_CHECKING:
    from ..application.library import Entry
    from ..checker.requirement.requirement import Clause
    from .parts import Assertion


def gx_suite(entry: Entry) -> GeneratedValidator:
    """The suite's text."""
    assertions, left = assertions_of(entry, restated=True)
    unstated: list[tuple[Assertion, str]] = []
    expected: list[dict[str, Any]] = []
    for assertion in assertions:
        if isinstance(assertion.part, HasType):
            continue  # its column's type
        expectation = None if len(assertion.fields) > 1 or assertion.guards else _expectation(assertion)
        if expectation is None:
            unstated.append((assertion, "GX has no expectation for it"))
            continue
        kind, options = expectation
        kwargs = {"column": assertion.fields[0], **options}
        expected.append({"type": kind, "kwargs": kwargs, "meta": {"notes": assertion.obligation}})
    suite = {"name": str(entry.entity.full_name), "expectations": expected, "meta": {"made_by": "fieldline"}}
    return GeneratedValidator(
        json.dumps(suite, indent=2, ensure_ascii=False) + "\n", (*left, *unsupported(entry, assertions, unstated))
    )


def clause_expectations(entry: Entry) -> dict[Clause, tuple[str, dict[str, Any]]]:
    """Each clause that one expectation expresses exactly, in a column of the field's own type."""
    assertions = assertions_of(entry)[0]
    parts = Counter(assertion.clause for assertion in assertions)
    by_clause: dict[Clause, tuple[str, dict[str, Any]]] = {}
    for assertion in assertions:
        if assertion.clause is None or parts[assertion.clause] > 1 or len(assertion.fields) > 1 or assertion.guards:
            continue
        kind = entry.entity.fields[assertion.fields[0]].type
        expectation = (
            _expectation(assertion)
            if kind in {"text", "integer", "boolean"} or isinstance(assertion.part, Filled)
            else None
        )
        if expectation is not None:
            by_clause[assertion.clause] = expectation[0], {"column": assertion.fields[0], **expectation[1]}
    return by_clause


def _expectation(assertion: Assertion) -> tuple[str, dict[str, Any]] | None:
    match assertion.part:
        case Filled():
            return "expect_column_values_to_not_be_null", {}
        case OnlyNull():
            return "expect_column_values_to_be_null", {}
        case LengthRange(weight, low, high) if weight == CODE_POINTS:
            return "expect_column_value_lengths_to_be_between", {"min_value": low, "max_value": high}
        case TextForm(_, pattern) if pattern is not None:
            return "expect_column_values_to_match_regex", {"regex": rf"\A(?:{pattern})\Z"}
        case Between(low, high, low_is_out, high_is_out) if not isinstance(low or high, date):
            options: dict[str, Any] = {"min_value": _number(low), "max_value": _number(high)}
            strict = {"strict_min": low_is_out, "strict_max": high_is_out}
            return "expect_column_values_to_be_between", options | {
                name: True for name, is_out in strict.items() if is_out
            }
        case Truths(allowed):
            return "expect_column_values_to_be_in_set", {"value_set": sorted(allowed)}
        case _:
            return None


def _number(end: object) -> float | int | None:
    if end is None:
        return None
    return int(str(end)) if str(end).lstrip("-").isdigit() else float(str(end))
