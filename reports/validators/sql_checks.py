"""SQL CHECK constraints, in the words of PostgreSQL, MySQL and MariaDB, DuckDB or SQLite: one for each demand.

They are written for columns of the fields' own types; null meets all but NOT NULL. Lengths are counted in each engine's
own function for the unit, and patterns are whole-string with every class spelt out. A message cannot be stated in SQL: it
stands in a comment.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ...contracts.values.weight import CODE_POINTS, UTF8
from .parts import Between, Decimals, Filled, Form, Generated, Left, Length, OfType, Truths, demands_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..library import Entry
    from .parts import Demand

_ESCAPE = re.compile(r"\\U([0-9a-f]{8})")

_ALTERING = {"postgres", "mysql"}
_CHARACTERS: Mapping[str, str] = {
    "postgres": "char_length({})",
    "mysql": "char_length({})",
    "duckdb": "length({})",
    "sqlite": "length({})",
}
_BYTES: Mapping[str, str] = {
    "postgres": "octet_length(convert_to({}, 'UTF8'))",
    "mysql": "length(CONVERT({} USING utf8mb4))",
    "duckdb": "strlen({})",
    "sqlite": "length(CAST({} AS BLOB))",
}
_MATCHES: Mapping[str, Callable[[str, str], str]] = {
    "postgres": lambda column, pattern: f'{column} COLLATE "C" ~ {_text(_postgres(pattern))}',
    "mysql": lambda column, pattern: f"{column} COLLATE utf8mb4_bin REGEXP {_mysql_text(_whole(_re2(pattern)))}",
    "duckdb": lambda column, pattern: f"regexp_full_match({column}, {_text(_re2(pattern))})",
}
"""Of SQLite none: it has no regular expressions of its own."""


def sql_checks(entry: Entry, dialect: str) -> Generated:
    """`ALTER TABLE … ADD CHECK` for each demand; for engines that cannot alter, constraints to stand in a CREATE TABLE."""
    demands, left = demands_of(entry)
    more: list[Left] = []
    name = _comment(entry.entity.full_name)
    lines = [f"-- What everything behind {name} demands. Made by Fieldline; do not edit it, make it again."]
    alter = f"ALTER TABLE {_name(entry.entity.name, dialect)} ADD " if dialect in _ALTERING else ""
    for demand in demands:
        if isinstance(demand.part, OfType):
            continue  # its column's type
        condition = _condition(demand, dialect)
        if condition is None:
            more.append(Left(demand.message, f"{dialect} has no words for it in a CHECK"))
            continue
        lines.append(f"-- {_comment(demand.message)}")
        lines.append(f"{alter}CHECK ({condition}){';' if alter else ','}")
    return Generated("\n".join(lines) + "\n", (*left, *more))


def _condition(demand: Demand, dialect: str) -> str | None:
    if len(demand.fields) > 1 or demand.guards:
        return None
    column = _name(demand.fields[0], dialect)
    if isinstance(demand.part, Filled):
        return f"{column} IS NOT NULL"
    said = _said(demand, column, dialect)
    return None if said is None else f"{column} IS NULL OR {said}"


def _said(demand: Demand, column: str, dialect: str) -> str | None:
    match demand.part:
        case Length(weight, low, high) if weight in {CODE_POINTS, UTF8}:
            size = (_CHARACTERS if weight == CODE_POINTS else _BYTES)[dialect].format(column)
            return f"{size} >= {low}" if high is None else f"{size} BETWEEN {low} AND {high}"
        case Form(_, pattern) if pattern is not None and dialect in _MATCHES:
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


def _name(name: str, dialect: str) -> str:
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True).sql(dialect)


def _text(text: str) -> str:
    from sqlglot import exp

    return exp.Literal.string(text).sql("duckdb")  # the standard's own quotes, backslashes as they are


def _comment(text: str) -> str:
    return " ".join(text.split())
