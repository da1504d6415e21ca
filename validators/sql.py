"""Assertions as conditions of SQL, in the operators of each engine.

They are written for columns of the fields' own types; null meets all but NOT NULL. Lengths are counted in each engine's
own function for the unit, and patterns are whole-string with every class spelt out. A message cannot be stated in SQL: it
is in a comment.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ..formats.ddl.columns import quoted_name
from ..values.weight import CODE_POINTS, UTF8, UTF16
from .parts import Between, Decimals, Filled, HasType, LengthRange, TextForm, Truths, assertions_of, unsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..application.library import Entry
    from ..checker.requirement.requirement import Clause
    from ..values.weight import Weight
    from .parts import Assertion, Part, Unsupported

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


DAYS = "DATE '0001-01-01' AND DATE '9999-12-31'"
"""Those that a calendar has; engines keep others."""


def conditions(
    entry: Entry, dialect: str, *, restated: bool = True
) -> tuple[list[tuple[Assertion, str]], tuple[Unsupported, ...]]:
    """Every assertion with its condition, true of the rows that meet it; and those the engine cannot state.

    The column states its type by itself. `restated`: conditions that are equivalent together, and not each by itself.
    """
    assertions, left = assertions_of(entry, restated=restated)
    stated: list[tuple[Assertion, str]] = []
    unstated: list[tuple[Assertion, str]] = []
    for assertion in assertions:
        if isinstance(assertion.part, HasType):
            continue
        condition = _assertion_condition(assertion, dialect)
        if condition is None:
            unstated.append((assertion, f"{dialect} cannot express it"))
        else:
            stated.append((assertion, condition))
    return stated, (*left, *unsupported(entry, assertions, unstated))


def clause_conditions(entry: Entry, dialect: str) -> dict[Clause, str]:
    """Each clause that the engine has words for as a whole, with its condition."""
    parts = Counter(assertion.clause for assertion in assertions_of(entry)[0])
    by_clause: dict[Clause, list[str]] = {}
    for assertion, condition in conditions(entry, dialect, restated=False)[0]:
        if assertion.clause is not None:
            by_clause.setdefault(assertion.clause, []).append(f"({condition})")
    return {
        clause: " AND ".join(parts_met) for clause, parts_met in by_clause.items() if len(parts_met) == parts[clause]
    }


def _assertion_condition(assertion: Assertion, dialect: str) -> str | None:
    if len(assertion.fields) > 1:
        return None
    wanted = _met(assertion.part, quoted_name(assertion.fields[0], dialect), dialect)
    guards = [_met(part, quoted_name(name, dialect), dialect) for name, parts in assertion.guards for part in parts]
    if wanted is None or None in guards:
        return None
    return wanted if not guards else f"NOT ({' AND '.join(f'({guard})' for guard in guards)}) OR {wanted}"


def _met(part: Part, column: str, dialect: str) -> str | None:
    if isinstance(part, Filled):
        return f"{column} IS NOT NULL"
    condition = _part_condition(part, column, dialect)
    return None if condition is None else f"{column} IS NULL OR {condition}"


def _part_condition(part: Part, column: str, dialect: str) -> str | None:
    match part:
        case LengthRange(weight, low, high) if dialect in _UNITS.get(weight, {}):
            size = _UNITS[weight][dialect].format(column)
            return f"{size} >= {low}" if high is None else f"{size} BETWEEN {low} AND {high}"
        case TextForm(_, pattern) if pattern is not None and dialect in _MATCHES:
            return _MATCHES[dialect](column, pattern.replace("*+", "*").replace("?+", "?"))
        case Decimals(most):
            return f"{column} = round({column}, {most})"
        case Between(low, high, low_is_out, high_is_out):
            ends = [f"{column} {'>' if low_is_out else '>='} {_literal(low)}"] if low is not None else []
            ends += [f"{column} {'<' if high_is_out else '<='} {_literal(high)}"] if high is not None else []
            return f"({' AND '.join(ends)})"
        case Truths(allowed):
            return f"{column} IN ({', '.join(str(truth).upper() for truth in sorted(allowed))})"
        case _:
            return None


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


def _literal(end: object) -> str:
    match end:
        case datetime():
            return f"TIMESTAMP WITH TIME ZONE '{end.isoformat()}'"
        case date():
            return f"DATE '{end.isoformat()}'"
        case time():
            return f"TIME '{end.isoformat()}'"
        case _:
            return f"{end:f}"


def _text(text: str) -> str:
    from sqlglot import exp

    return exp.Literal.string(text).sql("duckdb")  # the standard's own quotes, backslashes as they are


def comment(text: str) -> str:
    """A text that stays on its line."""
    return " ".join(text.split())
