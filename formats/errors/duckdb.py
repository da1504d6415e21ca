"""DuckDB. Provoked in the release of constraints.txt (tests/formats/errors)."""

from __future__ import annotations

from .reported import Captured, ErrorPattern


def _key(parts: Captured) -> Captured:
    """`a: 1, b: 2` as columns and, of one column, its value."""
    column, colon, value = (parts["key"] or "").partition(": ")
    if not colon:
        return {**parts, "value": parts["key"]}
    if ", " not in value:
        return {**parts, "column": column, "value": value}
    return {**parts, "value": None}


DUCKDB_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        "null",
        "NOT NULL constraint failed",
        r"Constraint Error: NOT NULL constraint failed: (?P<table>[^\s.]{1,200}+)\.(?P<column>\S{1,200}+)",
    ),
    ErrorPattern(
        "duplicate",
        "Duplicate key",
        r"Duplicate key \"(?P<key>[^\n]{0,1000}?)\" violates (?:unique|primary key) constraint",
        _key,
    ),
    ErrorPattern(
        "duplicate",
        "constraint violation: duplicate key",
        r"PRIMARY KEY or UNIQUE constraint violation: duplicate key \"(?P<key>[^\n]{0,1000})\"",
        _key,
    ),
    ErrorPattern(
        "check",
        "CHECK constraint failed on table",
        r"CHECK constraint failed on table \"?(?P<table>[^\s\"]{1,200}+)\"? with expression "
        r"CHECK\((?P<constraint>[^\n]{1,1000})\)",
    ),
    ErrorPattern(
        "reference",
        "Violates foreign key constraint",
        r"Violates foreign key constraint because key \"(?P<key>[^\n]{0,1000}?)\" does not exist",
        _key,
    ),
    ErrorPattern(
        "wrong_type",
        "Error when converting column",
        r"Error when converting column \"(?P<column>[^\"\n]{1,200}+)\"\. Could not convert string "
        r"\"(?P<value>[^\n]{0,2000}?)\" to '(?P<limit>[A-Z][A-Z0-9(), ]{0,40}+)'",
    ),
    ErrorPattern(
        "not_in_list",
        "to ENUM(",
        r"Could not convert string '(?P<value>[^\n]{0,2000}?)' to ENUM\((?P<limit>[^\n]{0,1000}?)\)",
    ),
    ErrorPattern(
        "wrong_type",
        "Could not convert string",
        r"Conversion Error: Could not convert string ['\"](?P<value>[^\n]{0,2000}?)['\"] to "
        r"(?P<limit>(?!ENUM)[A-Z][A-Z0-9]{1,20}+"
        r"(?:\(\d{1,4}+,\d{1,4}+\))?)",
    ),
    ErrorPattern(
        "out_of_range",
        "out of range for the destination type",
        r"Type [A-Z0-9]{2,20}+ with value (?P<value>[^\n]{0,400}?) can't be cast because the value is out of range for the "
        r"destination type (?P<limit>[A-Z0-9]{2,20}+)",
    ),
    ErrorPattern(
        "out_of_range",
        "failed: value is out of range",
        r"Casting value \"(?P<value>[^\"\n]{0,400}+)\" to type (?P<limit>[A-Z0-9(),]{2,40}+) failed: value is out of range",
    ),
    ErrorPattern(
        "wrong_type",
        "expected format is",
        r"Conversion Error: (?:invalid )?(?P<limit>date|time|timestamp) field (?:format|value out of range): "
        r"\"(?P<value>[^\n]{0,2000}?)\", expected format is",
    ),
    ErrorPattern(
        "out_of_range",
        "date field value out of range",
        r"Conversion Error: (?P<limit>date|timestamp) field value out of range: \"(?P<value>[^\n\"]{0,2000}+)\"$",
    ),
)
