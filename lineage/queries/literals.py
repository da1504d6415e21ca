"""Literals of SQL as the values that arrive, in the writing of the engine that runs the query.

    5.0 as text    PostgreSQL, MariaDB, DuckDB: 5.0                  SQLite: 5.0, and 1.5 of 1.50
    1e3            PostgreSQL, MariaDB: 1000                         DuckDB, SQLite: 1000.0
    true           PostgreSQL, DuckDB: true, of a type of its own    MariaDB, SQLite: the number 1

Sources: PostgreSQL 15, MariaDB 10.11, DuckDB 1 and SQLite 3 were run. MySQL 8.4, 11.1.6 "Boolean Literals"; Oracle and SQL
Server write a truth value in their own way, or have none. How others write a decimal is not stated.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from ...values.notation import plain_notation
from .typed_steps import ValueType, literal_value

if TYPE_CHECKING:
    from ...formats.ddl.engines.engine import EngineName

_NUMBER = re.compile(r"(?P<whole>[0-9]{0,38})(?P<point>\.[0-9]{0,30})?(?P<exponent>[eE][+-]?[0-9]{1,2})?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_BITS = 63
_MOST_DOUBLE = 15
"""The digits that a floating-point number keeps."""
_LEAST_PLAIN = Decimal("0.0001")
"""SQLite writes smaller numbers with an exponent."""
_TRUTH_IS_A_NUMBER = frozenset(("mysql", "mariadb", "sqlite"))
_OWN_TRUTH = frozenset(("oracle", "sqlserver"))
_LONG = frozenset(("postgres", "mysql", "mariadb", "duckdb"))
"""The engines in which a whole number of more than 64 bits keeps its digits."""


def number_constant(node: exp.Expr, engine: EngineName) -> tuple[str, ValueType] | None:
    """The number that a literal is, without zeros at its end, and its type; None: it is no such literal.

    It is `mixed` where the engine writes it in another way, as a text: with such zeros, or with an exponent.
    """
    written = _written(node)
    form = None if written is None else _NUMBER.fullmatch(written.lstrip("-"))
    if written is None or form is None or not (form["whole"] or (form["point"] or ".") != "."):
        return None
    number = Decimal(written) + 0 if Decimal(written) else Decimal(written.lstrip("-"))
    plain = plain_notation(number)
    if form["point"] is None and form["exponent"] is None:
        if abs(number) < 2**_MOST_BITS:
            return plain, literal_value(number, engine)
        return (plain, ValueType("whole")) if engine in _LONG else None
    digits = len(number.normalize().as_tuple().digits)
    if digits > _MOST_DOUBLE and (form["exponent"] or engine not in _LONG):
        return None  # some of its digits get lost
    decimals = max(0, -int(number.as_tuple().exponent))
    of = ValueType("decimal", whole=len(str(int(abs(number)))), scale=decimals)
    return plain, of if _is_written_so(number, plain, engine, is_double=form["exponent"] is not None) else ValueType(
        "mixed"
    )


def _is_written_so(number: Decimal, plain: str, engine: EngineName, *, is_double: bool) -> bool:
    """Whether an engine writes a number that has a point, or an exponent, in its plain notation."""
    match engine:
        case "postgres":  # it is exact, with the decimals of the literal
            return f"{number:f}" == plain
        case "mysql" | "mariadb":
            return not is_double and f"{number:f}" == plain
        case "duckdb":  # .5 is written .5, and 0.5 is 0.5
            return not is_double and f"{number:f}" == plain and abs(number) >= 1
        case "sqlite":
            return abs(number) >= _LEAST_PLAIN and number != number.to_integral_value()
        case _:
            return False


def truth_constant(node: exp.Boolean, engine: EngineName) -> tuple[str, ValueType]:
    """What TRUE or FALSE is, and its type."""
    if engine in _TRUTH_IS_A_NUMBER:
        number = Decimal(bool(node.this))
        return plain_notation(number), literal_value(number, engine)
    return "true" if node.this else "false", ValueType("mixed" if engine in _OWN_TRUTH else "other")


def is_held_by_type(value: ValueType, constant: str | None, of: ValueType) -> bool:
    """Whether every value is one of those of a type, as it is; `constant`: the text of the only one."""
    match of.kind:
        case "text" if value.kind == "text" and of.most is not None:
            if constant is not None:
                return constant.isascii() and len(constant) <= of.most[0]
            return value.most is not None and value.most[1] == of.most[1] and value.most[0] <= of.most[0]
        case "integer" if value.kind == "integer":
            return _at_most(of.low, value.low) and _at_most(value.high, of.high)
        case "decimal" if value.kind == "integer" and constant is not None and of.whole is not None:
            return len(constant.lstrip("-")) <= of.whole
        case "decimal" if value.kind == "decimal":
            return _at_most(value.whole, of.whole) and _at_most(value.scale, of.scale)
        case "date":
            return value.kind == "date" or _ISO_DAY.fullmatch(constant or "") is not None
        case _:
            return False


def _at_most(number: Decimal | int | None, limit: Decimal | int | None) -> bool:
    return number is not None and limit is not None and number <= limit


def _written(node: exp.Expr) -> str | None:
    """A literal number as it is written, with its sign; None: it is none."""
    match node:
        case exp.Paren():
            return _written(node.this)
        case exp.Neg():
            inner = _written(node.this)
            return None if inner is None else inner.removeprefix("-") if inner.startswith("-") else f"-{inner}"
        case exp.Literal() if not node.is_string:
            return str(node.this)
        case _:
            return None
