r"""An error as an engine reported it, and the patterns that read one.

Texts are untrusted. Every pattern takes linear time: what repeats is one character at a time out of a set, possessive or
bounded, and no repetition stands in another one.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ErrorEngine: TypeAlias = Literal[
    "postgres",
    "mysql",
    "sqlite",
    "duckdb",
    "oracle",
    "sqlserver",
    "db2",
    "jsonschema",
    "pydantic",
    "bean_validation",
    "great_expectations",
    "pandera",
    "polars",
    "spark",
]
"""What reported an error; `mysql` stands for MariaDB, too, whose messages are the same."""

ERROR_ENGINE_TITLES: Mapping[ErrorEngine, str] = MappingProxyType(
    {
        "postgres": "PostgreSQL",
        "mysql": "MySQL or MariaDB",
        "sqlite": "SQLite",
        "duckdb": "DuckDB",
        "oracle": "Oracle",
        "sqlserver": "SQL Server",
        "db2": "Db2",
        "jsonschema": "JSON Schema",
        "pydantic": "Pydantic",
        "bean_validation": "Bean Validation",
        "great_expectations": "Great Expectations",
        "pandera": "pandera",
        "polars": "polars",
        "spark": "Apache Spark",
    }
)

ErrorKind: TypeAlias = Literal[
    "too_long",
    "too_short",
    "length",
    "null",
    "duplicate",
    "wrong_type",
    "out_of_range",
    "too_small",
    "too_large",
    "pattern",
    "not_in_list",
    "check",
    "encoding",
    "reference",
    "not_writable",
    "unexpected",
]
"""The kind of a failure. `null`: no value where one must be, also where the field is missing. `out_of_range`: a number or a
day that the type does not hold. `too_small`, `too_large`: beyond a bound. `length`: too long or too short, which of them is
not said. `check`: a rule of the source's own, of which no more is said. `reference`: no record has the key that it names.
`not_writable`: the system alone fills the field. `unexpected`: a field that is not known there."""


@dataclass(frozen=True, slots=True)
class ReportedError:
    """One error, as far as its message says something."""

    engine: ErrorEngine
    kind: ErrorKind
    table: str | None = None
    """The table, as the engine names it: with its schema where that is told, parts separated by dots."""
    model: str | None = None
    """What the program calls a record of this kind, where that need not be the name of a table or an entity."""
    columns: tuple[str, ...] = ()
    """The columns or properties; several where only their values together fail. A property inside of another has the names
    of both, separated by a dot."""
    value: str | None = None
    """The rejected value as text; None where the message has none, or cuts it. Personal: for the answer alone."""
    constraint: str | None = None
    """The name of the constraint, or its expression."""
    limit: str | None = None
    """The limit as it is written: a length, a bound, a pattern, a type, a list."""
    record: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    """Further values of the record by column, where the statement is told with its values. Personal."""

    @property
    def is_null(self) -> bool:
        """Whether the value is null, or absent."""
        return self.kind == "null"


Captured: TypeAlias = "dict[str, str | None]"
"""The named parts of a message: table, model, column, columns, value, constraint, limit."""


PlacedError: TypeAlias = "tuple[int, int, ReportedError]"
"""An error with the place of its message in a text: its first character, and the one after its last."""


@dataclass(frozen=True)
class ErrorPattern:
    """One message of an engine."""

    kind: ErrorKind
    hint: str
    """A text that is in every such message: where it is missing, the pattern is not tried."""
    pattern: str
    """In the syntax of Python's `re`; its named groups are the parts of an error."""
    adapt: Callable[[Captured], Captured] | None = None
    """Makes the parts of what the groups caught: quotes removed, lists taken apart."""

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.MULTILINE)

    def matches(self, text: str, engine: ErrorEngine) -> Iterator[PlacedError]:
        """Every error of this kind in a text that has the hint, with its place in it."""
        for match in self._compiled.finditer(text):
            caught = match.groupdict()
            yield match.start(), match.end(), error_of(engine, self.kind, self.adapt(caught) if self.adapt else caught)


def error_of(engine: ErrorEngine, kind: ErrorKind, parts: Captured) -> ReportedError:
    """The error with these parts."""
    columns = parts.get("columns")
    column = parts.get("column")
    names = (column,) if column else tuple(c.strip(" \"`'") for c in columns.split(",")) if columns else ()
    return ReportedError(
        engine,
        kind,
        table=parts.get("table"),
        model=parts.get("model"),
        columns=names,
        value=parts.get("value"),
        constraint=parts.get("constraint"),
        limit=parts.get("limit"),
    )


def dotted(name: str | None) -> str | None:
    """A quoted name of several parts, such as `` `d`.`person` `` or `"CRM"."PERSON"`, with dots between the parts."""
    return None if name is None else re.sub(r"[\"`\[\]']", "", name)


def scalar_text(value: object) -> str | None:
    """A value of JSON, or of Python's own notation, as the text of a value; None: it is null, or no single value."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float() | Decimal():
            return str(value)
        case _:
            return None


def read_literal(written: str) -> object:
    """A value in Python's own notation (`'a'`, `-1`, `None`); UNREAD where it is none, or a long one."""
    if len(written) > _LONGEST_LITERAL:
        return UNREAD
    try:
        return ast.literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return UNREAD


UNREAD = object()
"""Stands for a value that cannot be told."""
_LONGEST_LITERAL = 10_000


def side_of_length(value: str | None, least: int | None, most: int | None) -> tuple[ErrorKind, str | None]:
    """Which end of a length between two bounds a value exceeds, and the bound; `length` where that cannot be told."""
    if least in {None, 0} and most is not None:
        return "too_long", str(most)
    if most is None and least is not None:
        return "too_short", str(least)
    if value is not None and least is not None and len(value) < least:
        return "too_short", str(least)
    if value is not None and most is not None and len(value) > most:
        return "too_long", str(most)
    return "length", f"{least}..{most}" if least is not None else None


def side_of_bounds(value: str | None, least: object, most: object) -> tuple[ErrorKind, str | None]:
    """Which end of a range a number exceeds, and the bound; `out_of_range` where that cannot be told."""
    low, high = (None if bound is None else scalar_text(bound) for bound in (least, most))
    if low is None or high is None:
        return ("too_large", high) if low is None else ("too_small", low)
    try:
        number = Decimal(value or "")
        return ("too_small", low) if number <= Decimal(low) else ("too_large", high)
    except InvalidOperation:
        return "out_of_range", f"{low}..{high}"


def limit_number(limit: str | None) -> int | None:
    """A limit that is a whole number; None where it is none."""
    return int(limit) if limit and limit.isdecimal() and len(limit) <= _LONGEST_NUMBER else None


_LONGEST_NUMBER = 18
