r"""MySQL and MariaDB: the messages of the server, as its client, pymysql and Connector/J pass them on.

Provoked in MariaDB 10.11 (tests/formats/errors); those that MySQL 8 words otherwise as its reference manual gives them
("Server Error Message Reference").
"""

from __future__ import annotations

from .reported import Captured, ErrorPattern, dotted

_COLUMN = r"column ['`](?:`?(?P<table>[^'`\n]{1,64}+`\.`[^'`\n]{1,64}+)`\.`)?(?P<column>[^'`\n]{1,200}+)['`]"
_CUT_AT = (64, 192)
"""Characters after which MySQL and MariaDB cut a value of a key (`%-.64s`, `%-.192s` in their message files)."""


def _named(parts: Captured) -> Captured:
    return {**parts, "table": dotted(parts.get("table"))}


def _duplicate(parts: Captured) -> Captured:
    """MySQL 8 writes the key with its table. Several columns of a key are joined, and their values not told apart."""
    table, _, key = (parts["constraint"] or "").rpartition(".")
    value = parts["value"]
    return {**parts, "table": table or None, "constraint": key, "value": None if len(value or "") in _CUT_AT else value}


MYSQL_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern("too_long", "Data too long for column", rf"Data too long for {_COLUMN}", _named),
    ErrorPattern("null", "cannot be null", r"\bColumn '(?P<column>[^'\n]{1,200}+)' cannot be null"),
    ErrorPattern(
        "null", "have a default value", r"\bField '(?P<column>[^'\n]{1,200}+)' doesn\\?'t have a default value"
    ),
    ErrorPattern(
        "duplicate",
        "Duplicate entry",
        r"Duplicate entry '(?P<value>[^\n]{0,800}?)' for key '(?P<constraint>[^'\n]{1,200}+)'",
        _duplicate,
    ),
    ErrorPattern("out_of_range", "Out of range value", rf"Out of range value for {_COLUMN}", _named),
    ErrorPattern("wrong_type", "Data truncated for column", rf"Data truncated for {_COLUMN}", _named),
    ErrorPattern(
        "encoding",
        "Incorrect string value",
        rf"Incorrect string value: '[^'\n]{{0,400}}+' for {_COLUMN}",
        _named,
    ),
    ErrorPattern(
        "wrong_type",
        " value: '",
        r"Incorrect (?P<limit>integer|decimal|double|date|datetime|time|timestamp|year|uuid|inet[46]) value: "
        rf"'(?P<value>[^\n]{{0,800}}?)' for {_COLUMN}",
        _named,
    ),
    ErrorPattern("encoding", "character string:", r"Invalid (?P<limit>[a-z0-9]{2,20}+) character string: '"),
    ErrorPattern(
        "check",
        "` failed for `",
        r"CONSTRAINT `(?P<constraint>[^`\n]{1,200}+)` failed for `(?P<table>[^`\n]{1,64}+`\.`[^`\n]{1,64}+)`",
        lambda parts: {**_named(parts), "column": _column_of(parts["constraint"])},
    ),
    ErrorPattern("check", "Check constraint '", r"Check constraint '(?P<constraint>[^'\n]{1,200}+)' is violated"),
    ErrorPattern(
        "reference",
        "a foreign key constraint fails",
        r"Cannot add or update a child row: a foreign key constraint fails "
        r"\(`(?P<table>[^`\n]{1,64}+`\.`[^`\n]{1,64}+)`, CONSTRAINT `(?P<constraint>[^`\n]{1,200}+)` "
        r"FOREIGN KEY \((?P<columns>[^)\n]{1,300}+)\)",
        _named,
    ),
    ErrorPattern(
        "not_writable", "generated column", r"The value specified for generated column '(?P<column>[^'\n]{1,200}+)'"
    ),
)


def _column_of(constraint: str | None) -> str | None:
    """MariaDB names the check of a column `table.column`; a name of one's own has no dot."""
    return (constraint or "").partition(".")[2] or None
