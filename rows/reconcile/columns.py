"""Columns of a store as texts, from which the values of the contract's types can be read again.

A *plain* text keeps how a number was written (`12.50`). Its *canonical* text is the same for all texts of one value
(`12.5`); that of a text is itself. Canonical texts of a field are equal exactly where its values are.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from ...checker.diff.stored_rows import Meaningless, stored_value
from ...contracts.store import FileStore, FixedWidthStore
from ...values.instants import in_zone
from ..engines.polars.by_value import by_distinct_value
from ..stores.held import held_value

if TYPE_CHECKING:
    from ...contracts.constraint import Type
    from ...contracts.model import Field
    from ...contracts.store import EntityStore
    from ...values.valueset import Value

_NUMBER = r"^-?(0|[1-9][0-9]{0,36})(\.[0-9]{1,36})?$"
_WHOLE = r"^(0|-?[1-9][0-9]{0,36})$"
_DAY = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
_FRACTION = r"^-?(0|[1-9][0-9]{0,36})\.[0-9]{1,36}$"


def plain_column(name: str, kind: pl.DataType, field: Field, store: EntityStore) -> pl.Expr:
    """A column of a store, as plain texts; null stays null.

    polars writes what it writes as we do; all other values are read as records are that are looked for.
    """
    column = pl.col(name)
    texts, sure = _native(column, kind, field.type)

    def read(raw: object) -> str | None:
        return plain_text(held_value(raw, field, store.zone))

    if texts is None:
        return column.map_batches(by_distinct_value(read, pl.String), return_dtype=pl.String, is_elementwise=True)
    if sure is not None:
        sure = sure.fill_null(value=True)
        rest = pl.when(~sure).then(column)
        own = rest.map_batches(by_distinct_value(read, pl.String), return_dtype=pl.String, is_elementwise=True)
        texts = pl.when(sure).then(texts).otherwise(own)
    return as_read_again(texts, store) if field.type == "text" else texts


def _native(column: pl.Expr, kind: pl.DataType, of_type: Type) -> tuple[pl.Expr | None, pl.Expr | None]:
    """The texts that polars writes, and of which values they are right; None: of all; no texts: it cannot write them."""
    is_text = isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Null)
    text = column.cast(pl.String)
    match of_type:
        case "text" if is_text or kind.is_integer():
            return text, None
        case "integer" | "decimal" if kind.is_integer():
            return text, None
        case "decimal" if isinstance(kind, pl.Decimal):
            return text, text.str.contains(_NUMBER)
        case "decimal" if is_text:
            return text, text.str.contains(_NUMBER)
        case "integer" if is_text:
            return text, text.str.contains(_WHOLE)
        case "boolean" if isinstance(kind, pl.Boolean):
            return pl.when(column).then(pl.lit("true")).when(~column).then(pl.lit("false")), None
        case "date" if isinstance(kind, pl.Date):
            return text, text.str.contains(_DAY)
        case "date" if is_text:
            return text, text.str.contains(_DAY)
        case "datetime" if isinstance(kind, pl.Datetime) and kind.time_zone is not None and kind.time_unit != "ns":
            instants = column.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00")
            return instants, instants.str.slice(0, 10).str.contains(_DAY)
        case _:
            return None, None


def as_read_again(texts: pl.Expr, store: EntityStore) -> pl.Expr:
    """What is read again of texts that were stored: `EntityStore.holding`, of a whole column."""
    match store.place:
        case FileStore() if store.holding("") is None:
            return pl.when(texts != "").then(texts)
        case FixedWidthStore():
            stripped = texts.str.strip_chars_end(" ")
            return pl.when(stripped != "").then(stripped)
        case _:
            return texts


def canonical_column(texts: pl.Expr, of_type: Type) -> pl.Expr:
    """The canonical texts of plain texts of a type."""
    if of_type not in {"decimal", "integer"}:
        return texts
    shorter = pl.when(texts.str.contains(_FRACTION)).then(texts.str.strip_chars_end("0").str.strip_chars_end("."))
    number = shorter.otherwise(texts)
    return pl.when(number == "-0").then(pl.lit("0")).otherwise(number)


def plain_text(value: Value) -> str | None:
    """The plain text of a value."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return in_zone(value, UTC).isoformat(timespec="microseconds") if value.tzinfo else value.isoformat()
        case date() | time():
            return value.isoformat()
        case None | str():
            return value
        case _:
            return str(value)


def value_in(text: str | None, field: Field) -> Value:
    """The value that a plain text of a field stands for; a text that is none of its type is itself."""
    if text is None or field.type == "text":
        return text
    if field.type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    value = stored_value(text, field)
    return text if isinstance(value, Meaningless) else value
