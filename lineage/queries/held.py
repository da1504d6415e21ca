"""What becomes of values in columns that queries make: of a union, and of tables of the script's own.

Sources: PostgreSQL 15, 10.5 "UNION, CASE, and Related Constructs", 8.1 and 8.3; MySQL 8.4, 13.2.18 "UNION Clause" and
11.3.2; DuckDB "Text Types"; SQLite "Datatypes In SQLite", 3; Snowflake "String & Binary Data Types".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types

from ...values import language
from ...values.budget import BudgetExceeded
from ...values.charset import Charset
from ...values.textset import TextSet
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS, UTF16
from .typed_steps import INTEGER_BITS, TEXT_VALUE, ValueType, unified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...formats.ddl.engines.engine import EngineName
    from .marks import Mark
    from .steps import ColumnFacts

_NUMBERS = frozenset(("integer", "whole", "decimal", "mixed"))
_TEXTS = frozenset((exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.NVARCHAR))
UNLIMITED = frozenset(("sqlite", "duckdb", "bigquery"))
"""The engines in which the length of a text type bounds nothing (BigQuery: where none is given)."""
_COUNTING_CHARACTERS = frozenset(("postgres", "snowflake", "spark", "databricks", "bigquery"))
_ASCII = Charset((0x01, 0x80))
"""Characters that every charset holds, in one byte."""
_HARMLESS = (
    exp.DefaultColumnConstraint,
    exp.CommentColumnConstraint,
    exp.CollateColumnConstraint,
    exp.NotNullColumnConstraint,
)
"""What may be said of a column beside its type; NOT NULL is looked at."""


_DISTINCT = (exp.PrimaryKeyColumnConstraint, exp.UniqueColumnConstraint)


def union_mark(parts: Sequence[ColumnFacts], engine: EngineName) -> Mark | None:
    """What a UNION makes of a column of these parts, which are not null; None: every value stays as it is."""
    values = [each.value for each in parts]
    if len(parts) < 2:
        return None
    if {each.kind for each in values} <= _NUMBERS:
        of_all = unified(values, engine)
        sizes = {each.bits for each in values}
        return "united_numbers" if of_all is not None and (of_all.kind != "integer" or len(sizes) > 1) else None
    return "united" if len({(each.value.kind, each.is_padded) for each in parts}) > 1 else None


def typed_by_words(node: exp.Expr) -> ValueType:
    """What the values of an expression without steps are, by the functions that it is made of."""
    try:
        found = annotate_types(node.copy()).type
    except SqlglotError:
        return ValueType("other")
    is_text = found is not None and found.this in _TEXTS
    return TEXT_VALUE if is_text else ValueType("other")


def column_holds(
    column: exp.ColumnDef, facts: ColumnFacts, accepts: ValueSet | None, engine: EngineName, *, is_distinct: bool
) -> bool:
    """Whether a column of a table holds every value as it is: not another type of number, not a cut text.

    `accepts`: what the values are, where that is known. `is_distinct`: whether no two records have the same value.
    """
    kinds = [each.kind for each in column.args.get("constraints") or ()]
    known = (*_HARMLESS, *_DISTINCT) if is_distinct else _HARMLESS
    if not all(isinstance(each, known) for each in kinds) or facts.is_padded:
        return False
    rejects_null = any(
        isinstance(each, exp.PrimaryKeyColumnConstraint)
        or (isinstance(each, exp.NotNullColumnConstraint) and not each.args.get("allow_null"))
        for each in kinds
    )
    if rejects_null and not facts.is_required:
        return False
    to: exp.DataType | None = column.args.get("kind")
    if to is None:
        return engine == "sqlite"  # a column without a type
    sizes: list[int] = [int(each.name) for each in to.expressions if each.name.isdecimal()]
    value = facts.value
    match value.kind:
        case "text" if to.this in _TEXTS and len(sizes) == len(to.expressions):
            return _holds_text(to, sizes, accepts, engine)
        case "integer" if to.this in INTEGER_BITS and value.low is not None and value.high is not None:
            end = 2 ** (INTEGER_BITS[to.this] - 1)  # in a wider type, other arithmetic follows
            return value.bits == INTEGER_BITS[to.this] and bool(-end <= value.low and value.high < end)
        case "decimal" if to.this == exp.DType.DECIMAL and value.whole is not None:
            precision, scale = (*sizes, 0)[:2] if sizes else (0, 0)
            return scale in {value.scale, value.kept} and value.whole <= precision - scale
        case "date":
            return bool(to.this == exp.DType.DATE) and engine not in {"oracle", "sqlite"}
        case _:
            return False


def _holds_text(to: exp.DataType, sizes: Sequence[int], accepts: ValueSet | None, engine: EngineName) -> bool:
    if engine in UNLIMITED and (not sizes or engine != "bigquery"):
        return True
    if engine in _COUNTING_CHARACTERS and not sizes:
        return True
    if accepts is None or engine == "oracle":
        return False
    is_wide = engine == "sqlserver" and to.this == exp.DType.NVARCHAR
    texts = language.length(UTF16 if is_wide else CODE_POINTS, 0, sizes[0] if sizes else 255)
    if engine not in _COUNTING_CHARACTERS and not is_wide:
        if not sizes and to.this != exp.DType.TEXT:
            return False
        texts = language.intersection(texts, language.repeat(language.chars(_ASCII), 0))
    return is_within(accepts, ValueSet.text(TextSet.language(texts)))


def is_within(values: ValueSet, held: ValueSet) -> bool:
    """Whether every value but null is held; not where that is not decided."""
    try:
        return values.stray(held | ValueSet.null_only()) is None
    except BudgetExceeded:
        return False
