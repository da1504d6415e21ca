"""Assertions as conditions of SQL, in the operators of each engine.

They are written for columns of the fields' own types; null meets all but NOT NULL. Lengths are counted in each engine's
own function for the unit, and patterns are whole-string with every class spelt out. A message cannot be stated in SQL: it
is in a comment.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ..formats.ddl.columns import quoted_name
from ..values.weight import CODE_POINTS, UTF8, UTF16
from .parts import (
    AnyOf,
    Between,
    Comparable,
    Decimals,
    Filled,
    HasType,
    LengthRange,
    OnlyNull,
    TextForm,
    Truths,
    Unsupported,
    WrittenForm,
    assertions_of,
    by_clause,
    unsupported,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..application.library import Entry
    from ..checker.requirement.requirement import Clause
    from ..contracts.constraint import Type
    from ..values.weight import Weight
    from .parts import Assertion, Part

_ESCAPE = re.compile(r"\\U([0-9a-f]{8})")

_UNITS: Mapping[Weight, Mapping[str, str]] = {
    CODE_POINTS: {
        "postgres": "char_length({})",
        "mysql": "char_length({})",
        "duckdb": "length({})",
        "sqlite": "CASE WHEN instr(CAST({0} AS BLOB), x'00') THEN -1 ELSE length({0}) END",
        "spark": "char_length({})",
    },
    UTF8: {
        "postgres": "octet_length(convert_to({}, 'UTF8'))",
        "mysql": "length(CONVERT({} USING utf8mb4))",
        "duckdb": "strlen({})",
        "sqlite": "length(CAST({} AS BLOB))",
        "spark": "octet_length({})",
    },
    UTF16: {"spark": "octet_length(encode({}, 'UTF-16BE')) / 2"},
}
"""Per unit of length, how each engine counts it. SQLite's `length` ends at NUL: with one, no length fits."""
_MATCHES: Mapping[str, Callable[[str, str], str]] = {
    "postgres": lambda column, pattern: f'{column} COLLATE "C" ~ {_text(_postgres(pattern))}',
    "mysql": lambda column, pattern: (
        f"CONVERT({column} USING utf8mb4) COLLATE utf8mb4_bin REGEXP {_mysql_text(_whole(_re2(pattern)))}"
    ),
    "spark": lambda column, pattern: f"{column} RLIKE {_spark_text(_whole(_re2(pattern)))}",
    "duckdb": lambda column, pattern: f"regexp_full_match({column}, {_text(_re2(pattern))})",
}
"""Of SQLite none: it has no regular expressions of its own."""
_WRITTEN: Mapping[str, str] = {"postgres": "text", "mysql": "char", "duckdb": "varchar", "spark": "string"}
"""The type of texts. A whole number as a text is its plain notation; engines add zeros to decimal numbers."""


_SQLITE_TYPES: Mapping[Type, str] = {
    "text": "typeof({}) = 'text'",
    "integer": "typeof({}) = 'integer'",
    "decimal": "typeof({0}) IN ('integer', 'real') AND abs({0}) < 9e999",
    "boolean": "typeof({0}) = 'integer' AND {0} IN (0, 1)",
    "date": "(typeof({0}) = 'text' AND date({0}, '+0 days') IS {0} AND {0} >= '0001-01-01')",
}
"""A column of SQLite holds values of any type; dates are its texts (Date And Time Functions), truth values 0 and 1."""

DAYS = "DATE '0001-01-01' AND DATE '9999-12-31'"
"""Those that a calendar has; engines keep others."""


def conditions(entry: Entry, dialect: str) -> tuple[list[tuple[Assertion, str]], tuple[Unsupported, ...]]:
    """Every assertion with its condition, true of the rows that meet it; and those the engine cannot state.

    The column states its type by itself, but for SQLite's, which hold any value. The conditions are equivalent together,
    and not each by itself.
    """
    assertions, left = assertions_of(entry, restated=True)
    types = _types(entry)
    stated: list[tuple[Assertion, str]] = []
    unstated: list[tuple[Assertion, str]] = []
    for assertion in assertions:
        if isinstance(assertion.part, HasType) and dialect != "sqlite":
            continue
        condition = _assertion_condition(assertion, types, dialect)
        if condition is None:
            unstated.append((assertion, f"{dialect} cannot express it"))
        else:
            stated.append((assertion, condition))
    return stated, (*left, *unsupported(entry, assertions, unstated))


def clause_conditions(entry: Entry, dialect: str) -> dict[Clause, str]:
    """Each clause that the engine has words for as a whole, with its condition: of columns of the fields' own types."""
    types = _types(entry)
    worded: dict[Clause, str] = {}
    for clause, parts in by_clause(entry).items():
        met = [None] if isinstance(parts, Unsupported) else [_assertion_condition(p, types, dialect) for p in parts]
        if None not in met:
            worded[clause] = " AND ".join(f"({condition})" for condition in met) or "1 = 1"
    return worded


def _types(entry: Entry) -> dict[str, Type]:
    return {field.name: field.type for field in entry.entity.fields.values()}


def _assertion_condition(assertion: Assertion, types: Mapping[str, Type], dialect: str) -> str | None:
    if isinstance(assertion.part, Comparable):
        wanted = _compared(assertion.part, assertion.fields, types, dialect)
    elif len(assertion.fields) > 1:
        return None
    else:
        wanted = _met(assertion.part, assertion.fields[0], types, dialect)
    guards = [_met(part, name, types, dialect) for name, parts in assertion.guards for part in parts]
    if wanted is None or None in guards:
        return None
    return wanted if not guards else f"NOT ({' AND '.join(f'({guard})' for guard in guards)}) OR {wanted}"


def _compared(part: Comparable, fields: Sequence[str], types: Mapping[str, Type], dialect: str) -> str | None:
    """SQLite's moments are texts, which compare as moments do where they are whole dates."""
    if dialect == "sqlite" and any(types[name] not in {"integer", "date"} for name in fields):
        return None
    left, right = (quoted_name(name, dialect) for name in fields)
    return f"{left} IS NULL OR {right} IS NULL OR {left} {part.sign} {right}"


def _met(part: Part, name: str, types: Mapping[str, Type], dialect: str) -> str | None:
    column = quoted_name(name, dialect)
    match part:
        case Filled():
            return f"{column} IS NOT NULL"
        case OnlyNull():
            return f"{column} IS NULL"
    condition = _part_condition(part, column, types[name], dialect)
    return None if condition is None else f"{column} IS NULL OR {condition}"


def _part_condition(part: Part, column: str, kind: Type, dialect: str) -> str | None:
    match part:
        case LengthRange(weight, low, high) if dialect in _UNITS.get(weight, {}):
            size = _UNITS[weight][dialect].format(column)
            return f"{size} >= {low}" if high is None else f"{size} BETWEEN {low} AND {high}"
        case TextForm(_, pattern) if pattern is not None and dialect in _MATCHES:
            return _MATCHES[dialect](column, pattern.replace("*+", "*").replace("?+", "?"))
        case WrittenForm(form) if kind == "integer" and dialect in _WRITTEN:
            return _part_condition(form, f"CAST({column} AS {_WRITTEN[dialect]})", kind, dialect)
        case Decimals(most):
            return f"{column} = round({column}, {most})"
        case Between():
            return _any_of((part,), column, dialect)
        case AnyOf(ranges):
            return _any_of(ranges, column, dialect)
        case HasType() if dialect == "sqlite":
            return None if kind not in _SQLITE_TYPES else _SQLITE_TYPES[kind].format(column)
        case Truths(allowed):
            return f"{column} IN ({', '.join(str(truth).upper() for truth in sorted(allowed))})"
        case _:
            return None


def _any_of(ranges: Sequence[Between], column: str, dialect: str) -> str | None:
    conditions: list[str] = []
    for part in ranges:
        low, high = _literal(part.low, dialect), _literal(part.high, dialect)
        if (part.low is not None and low is None) or (part.high is not None and high is None):
            return None
        ends = [f"{column} {'>' if part.low_is_out else '>='} {low}"] if low is not None else []
        ends += [f"{column} {'<' if part.high_is_out else '<='} {high}"] if high is not None else []
        conditions.append(f"({' AND '.join(ends)})")
    return conditions[0] if len(conditions) == 1 else f"({' OR '.join(conditions)})"


def _postgres(pattern: str) -> str:
    """POSIX advanced regular expressions know our escapes; no text of PostgreSQL holds NUL, and no class may name it."""
    return f"^(?:{pattern.replace(_NUL, _AFTER_NUL)})$"


_NUL, _AFTER_NUL = r"\U00000000", r"\U00000001"


def _re2(pattern: str) -> str:
    return _ESCAPE.sub(lambda code: f"\\x{{{int(code[1], 16):x}}}", pattern)


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\z"


def _spark_text(text: str) -> str:
    from sqlglot import exp

    return exp.Literal.string(text).sql("spark")  # backslashes are doubled


def _mysql_text(text: str) -> str:
    from sqlglot import exp

    return exp.Literal.string(text).sql("mysql")  # backslashes are doubled


def _literal(end: object, dialect: str) -> str | None:
    """An end of a range; None: the engine has no literal of the type, or there is no end."""
    match end:
        case None:
            return None
        case datetime():
            word = _INSTANT.get(dialect)
            return None if word is None else f"{word} '{end.isoformat()}'"
        case date():
            return f"'{end.isoformat()}'" if dialect == "sqlite" else f"DATE '{end.isoformat()}'"
        case time():
            return None if dialect in _NO_TIMES else f"TIME '{end.isoformat()}'"
        case _:
            return f"{end:f}"


_INSTANT: Mapping[str, str] = {
    "postgres": "TIMESTAMP WITH TIME ZONE",
    "duckdb": "TIMESTAMP WITH TIME ZONE",
    "spark": "TIMESTAMP",
}
"""Engines that know instants, and how their literal begins. Those of MySQL and MariaDB have no zone."""
_NO_TIMES = frozenset({"sqlite", "spark"})


def _text(text: str) -> str:
    from sqlglot import exp

    return exp.Literal.string(text).sql("duckdb")  # the standard's own quotes, backslashes as they are


def comment(text: str) -> str:
    """A text that stays on its line."""
    return " ".join(text.split())
