r"""PostgreSQL: the messages of its server, as psql, psycopg and JDBC pass them on.

Provoked in PostgreSQL 15 (tests/formats/errors). `DETAIL` and `CONTEXT` follow on lines of their own; JDBC writes
`Detail:`.
"""

from __future__ import annotations

from .reported import Captured, ErrorPattern

_NEXT = r"(?:\s|\\n){1,3}+[^\n]{0,80}?"
"""The end of a line, and what a log puts before the next one."""
_KEY = rf"(?:{_NEXT}(?:DETAIL|Detail):\s{{1,4}}+Key \((?P<columns>[^)\n]{{1,300}}+)\)=\((?P<value>[^\n]{{0,4000}}?)\) "
_COPY = (
    rf"(?:{_NEXT}(?:CONTEXT|Where):\s{{1,4}}+COPY (?P<table>[^,\n]{{1,200}}+), line \d{{1,20}}+, column "
    r"(?P<column>[^:\n]{1,200}+): \"(?P<value>[^\n]{0,4000})\"$)?"
)
_QUOTED = r"\"(?:(?P<ended>[^\n]{0,4000})\"$|(?P<plain>[^\"\n]{0,4000}+)\")"
"""A value in quotes, which are not escaped in it: up to the end of the line, or else up to the first quote."""


def _single(parts: Captured) -> Captured:
    """The value of a key of one column; the values of several are not told apart."""
    return parts if "," not in (parts["columns"] or "") else {**parts, "value": None}


def _given(parts: Captured) -> Captured:
    """The value as the message has it, or else as COPY shows its line."""
    values = (parts.get("ended"), parts.get("plain"), parts.get("value"))
    return {**parts, "value": next((value for value in values if value is not None), None)}


POSTGRES_ERRORS: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        "too_long",
        "value too long for type",
        rf"value too long for type (?:character varying|character|bit varying|bit)\((?P<limit>\d{{1,10}}+)\){_COPY}",
    ),
    ErrorPattern(
        "null",
        "violates not-null constraint",
        r"null value in column \"(?P<column>[^\"\n]{1,200}+)\"(?: of relation \"(?P<table>[^\"\n]{1,200}+)\")? "
        r"violates not-null constraint",
    ),
    ErrorPattern(
        "null",
        "does not allow null values",
        r"domain (?P<constraint>\S{1,200}+) does not allow null values",
    ),
    ErrorPattern(
        "duplicate",
        "duplicate key value violates unique constraint",
        rf"duplicate key value violates unique constraint \"(?P<constraint>[^\"\n]{{1,200}}+)\"{_KEY}already exists)?",
        _single,
    ),
    ErrorPattern(
        "duplicate",
        "violates exclusion constraint",
        rf"conflicting key value violates exclusion constraint \"(?P<constraint>[^\"\n]{{1,200}}+)\"{_KEY}conflicts with)?",
        _single,
    ),
    ErrorPattern(
        "check",
        "violates check constraint",
        r"new row for relation \"(?P<table>[^\"\n]{1,200}+)\" violates check constraint "
        r"\"(?P<constraint>[^\"\n]{1,200}+)\"",
    ),
    ErrorPattern(
        "check",
        "violates check constraint",
        rf"value for domain (?P<limit>\S{{1,200}}+) violates check constraint \"(?P<constraint>[^\"\n]{{1,200}}+)\"{_COPY}",
    ),
    ErrorPattern(
        "reference",
        "violates foreign key constraint",
        r"insert or update on table \"(?P<table>[^\"\n]{1,200}+)\" violates foreign key constraint "
        rf"\"(?P<constraint>[^\"\n]{{1,200}}+)\"{_KEY}is not present)?",
        _single,
    ),
    ErrorPattern(
        "not_in_list",
        "invalid input value for enum",
        rf"invalid input value for enum (?P<limit>[^:\n]{{1,200}}+): {_QUOTED}{_COPY}",
        _given,
    ),
    ErrorPattern(
        "wrong_type",
        "invalid input syntax for type",
        rf"invalid input syntax for type (?P<limit>[a-z][a-z0-9 ]{{0,60}}+)(?:: {_QUOTED})?{_COPY}",
        _given,
    ),
    ErrorPattern(
        "out_of_range",
        "is out of range for type",
        rf"\"(?P<plain>[^\"\n]{{1,400}}+)\" is out of range for type (?P<limit>[a-z][a-z ]{{0,40}}+){_COPY}",
        _given,
    ),
    ErrorPattern(
        "out_of_range",
        "field value out of range",
        rf"date/time field value out of range: {_QUOTED}{_COPY}",
        _given,
    ),
    ErrorPattern(
        "out_of_range",
        "numeric field overflow",
        rf"numeric field overflow(?:{_NEXT}(?:DETAIL|Detail):\s{{1,4}}+A field with precision (?P<precision>\d{{1,5}}+), "
        r"scale (?P<scale>-?\d{1,5}+) must round)?",
        lambda parts: {**parts, "limit": f"{parts['precision']},{parts['scale']}" if parts["precision"] else None},
    ),
    ErrorPattern("out_of_range", " out of range", r"\b(?P<limit>smallint|integer|bigint) out of range"),
    ErrorPattern(
        "wrong_type",
        "but expression is of type",
        r"column \"(?P<column>[^\"\n]{1,200}+)\" is of type (?P<limit>[a-z][a-z ]{0,60}?) but expression is of type",
    ),
    ErrorPattern(
        "not_writable",
        "non-DEFAULT value into column",
        r"cannot insert a non-DEFAULT value into column \"(?P<column>[^\"\n]{1,200}+)\"",
    ),
    ErrorPattern(
        "encoding", "has no equivalent in encoding", r"has no equivalent in encoding \"(?P<limit>[^\"\n]{1,40}+)\""
    ),
    ErrorPattern(
        "encoding", "invalid byte sequence", r"invalid byte sequence for encoding \"(?P<limit>[^\"\n]{1,40}+)\""
    ),
    ErrorPattern(
        "encoding",
        "cannot contain NUL",
        r"PostgreSQL text fields cannot contain NUL \(0x00\) bytes",
    ),
)
