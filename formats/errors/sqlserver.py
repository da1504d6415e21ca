"""SQL Server: as "Database Engine events and errors" of its documentation gives them."""

from __future__ import annotations

from .reported import Captured, ErrorPattern, dotted

_STATEMENT = r"The (?:INSERT|UPDATE|MERGE) statement conflicted with the "
_CONFLICT = (
    r"constraint \"(?P<constraint>[^\"\n]{1,260}+)\"\. The conflict occurred in database \"[^\"\n]{1,130}+\", table "
    r"\"(?P<table>[^\"\n]{1,260}+)\"(?:, column '(?P<column>[^'\n]{1,130}+)')?"
)
_KEY = r"(?: The duplicate key value is \((?P<value>[^\n]{0,900}?)\)\.)?"


def _key(parts: Captured) -> Captured:
    """Values of several columns stand behind one another, and are not told apart."""
    value = parts["value"]
    return {**_placed(parts), "value": None if value is None or ", " in value else value}


def _placed(parts: Captured) -> Captured:
    return {**parts, "table": dotted(parts["table"])}


SQLSERVER_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        "too_long",
        "would be truncated",
        r"String or binary data would be truncated in table '(?P<table>[^'\n]{1,390}+)', column "
        r"'(?P<column>[^'\n]{1,130}+)'\."
        r"(?: Truncated value: '(?P<cut>[^\n]{0,400}?)'\.)?",
        lambda parts: {**_placed(parts), "limit": str(len(parts["cut"])) if parts["cut"] else None},
    ),
    ErrorPattern("too_long", "would be truncated", r"String or binary data would be truncated\."),
    ErrorPattern(
        "null",
        "Cannot insert the value NULL",
        r"Cannot insert the value NULL into column '(?P<column>[^'\n]{1,130}+)', table '(?P<table>[^'\n]{1,390}+)'",
        _placed,
    ),
    ErrorPattern(
        "duplicate",
        "Cannot insert duplicate key",
        r"Violation of (?:UNIQUE KEY|PRIMARY KEY) constraint '(?P<constraint>[^'\n]{1,130}+)'\. Cannot "
        r"insert duplicate key in "
        rf"object '(?P<table>[^'\n]{{1,260}}+)'\.{_KEY}",
        _key,
    ),
    ErrorPattern(
        "duplicate",
        "Cannot insert duplicate key row",
        r"Cannot insert duplicate key row in object '(?P<table>[^'\n]{1,260}+)' with unique index "
        rf"'(?P<constraint>[^'\n]{{1,130}}+)'\.{_KEY}",
        _key,
    ),
    ErrorPattern("check", "CHECK constraint", rf"{_STATEMENT}CHECK {_CONFLICT}", _placed),
    ErrorPattern(
        "reference",
        "FOREIGN KEY",
        rf"{_STATEMENT}FOREIGN KEY {_CONFLICT}",
        lambda p: {**p, "table": None, "column": None},
    ),
    ErrorPattern(
        "wrong_type",
        "Conversion failed when converting",
        r"Conversion failed when converting the n?(?:var)?char value '(?P<value>[^\n]{0,400}?)' to data "
        r"type (?P<limit>[a-z0-9]{2,20}+)",
    ),
    ErrorPattern(
        "wrong_type",
        "Conversion failed when converting",
        r"Conversion failed when converting (?P<limit>date and/or time|from a character string to uniqueidentifier)"
        r"(?: from character string)?",
    ),
    ErrorPattern(
        "wrong_type",
        "Error converting data type",
        r"Error converting data type n?(?:var)?char to (?P<limit>[a-z0-9]{2,20}+)",
    ),
    ErrorPattern(
        "out_of_range",
        "Arithmetic overflow",
        r"Arithmetic overflow error (?:for data type (?P<kind>[a-z0-9]{2,20}+), value = (?P<value>[-+.\dEe]{1,60}+)|"
        r"converting [a-z0-9 ]{2,40}? to data type (?P<limit>[a-z0-9]{2,20}+))",
        lambda parts: {
            **parts,
            "limit": parts["kind"] or parts["limit"],
            "value": (parts["value"] or "").rstrip(".") or None,
        },
    ),
    ErrorPattern(
        "out_of_range",
        "resulted in an out-of-range value",
        r"The conversion of a n?(?:var)?char data type to a (?P<limit>[a-z0-9]{2,20}+) data type "
        r"resulted in an out-of-range value",
    ),
    ErrorPattern(
        "not_writable",
        "IDENTITY_INSERT is set to OFF",
        r"Cannot insert explicit value for identity column in table '(?P<table>[^'\n]{1,260}+)' when "
        r"IDENTITY_INSERT is set to OFF",
        _placed,
    ),
)
