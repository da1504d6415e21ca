"""Files of dead letters: records that a system refused, each with the message of the error.

CSV, NDJSON, Parquet and the other kinds of files, as `validate` reads them. The message stands in a column of its own, or
in the headers that Kafka Connect gives a record of its dead letter queue (`__connect.errors.exception.message`; KIP-298),
which tools write as columns, as an object, as a list of keys and values, or as `kcat -J` does: names and values by turns.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from ..checker.diff.stored_rows import Unreadable
from .files import column_types, opened, reading, scan_as_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_MESSAGE, _TRACE = "__connect.errors.exception.message", "__connect.errors.exception.stacktrace"
_MESSAGES = (
    "error_message",
    "error",
    "exception_message",
    "exception",
    "message",
    "error.message",
    "reason",
    "detail",
    "msg",
)
"""Names of columns with messages, the surest first."""
_TIMES = ("ts", "timestamp", "time", "@timestamp", "created_at", "failed_at", "occurred_at", "datetime")
_HEADERS = ("headers", "header")
_PAYLOADS = ("payload", "value", "record")
"""Names of columns that hold the refused record as JSON."""
LETTER_TEXT, LETTER_TIME = "text", "when"


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The dead letters of one or several files, read when they are asked for."""

    frame: pl.LazyFrame
    """With LETTER_TEXT (the message; null: none), LETTER_TIME (an instant in UTC; null: not told), the file's columns."""
    kinds: Mapping[str, pl.DataType]
    """The types of the file's own columns."""
    has_times: bool
    """Whether there is a column with times."""

    def values(self, column: str) -> pl.Expr | None:
        """The value that the refused record has in a column or property, as text; None: it cannot be looked up."""
        if not column.isidentifier():  # it becomes part of a path
            return None
        found = [pl.col(name) for name in self.kinds if name.casefold() == column.casefold()]
        for name, kind in self.kinds.items():
            if name.casefold() not in _PAYLOADS:
                continue
            if isinstance(kind, pl.Struct):
                inner = {field.name.casefold(): field.name for field in kind.fields}
                if column.casefold() in inner:
                    found.append(pl.col(name).struct.field(inner[column.casefold()]))
            elif isinstance(kind, pl.String):
                found.append(pl.col(name).str.json_path_match(f"$.{column}"))
        return pl.coalesce([each.cast(pl.String, strict=False) for each in found]) if found else None


@contextmanager
def dead_letters(place: Path, message: str | None, time: str | None) -> Iterator[DeadLetters]:
    """The dead letters of a file, or of a folder of files, for as long as the block runs. Raises Unreadable.

    `message`, `time`: the columns of the message and of the time, where their names tell nothing.
    """
    with reading(place.name), opened([place]) as files:
        kinds = column_types(files)
        text = _named(message, kinds, "message") if message is not None else _message(kinds)
        when = _named(time, kinds, "time") if time is not None else _first(kinds, _TIMES)
        columns = [text.alias(LETTER_TEXT), _instant(when, kinds).alias(LETTER_TIME)]
        others = [pl.col(name) for name in kinds if name not in {LETTER_TEXT, LETTER_TIME}]
        frame = scan_as_one(files).select(*columns, *others)
        yield DeadLetters(
            frame,
            {name: kind for name, kind in kinds.items() if name not in {LETTER_TEXT, LETTER_TIME}},
            when is not None,
        )


def _named(name: str, kinds: Mapping[str, pl.DataType], what: str) -> pl.Expr:
    if name not in kinds:
        raise Unreadable(f"the file has no column {name}", f"one of {', '.join(list(kinds)[:20])}")
    return pl.col(name).cast(pl.String, strict=False) if what == "message" else pl.col(name)


def _first(kinds: Mapping[str, pl.DataType], names: Sequence[str]) -> pl.Expr | None:
    folded = {name.casefold(): name for name in kinds}
    found = next((folded[name] for name in names if name in folded), None)
    return None if found is None else pl.col(found)


def _message(kinds: Mapping[str, pl.DataType]) -> pl.Expr:
    """The message of each record: of Kafka Connect where there is one, or else of a column with a telling name."""
    found: list[pl.Expr] = [pl.col(name) for name in (_MESSAGE, _TRACE) if name in kinds]
    headers = _first(kinds, _HEADERS)
    if not found and headers is not None:
        kind = kinds[headers.meta.output_name()]
        found = [each for name in (_MESSAGE, _TRACE) if (each := _header(headers, kind, name)) is not None]
    if not found:
        plain = _first(kinds, _MESSAGES)
        found = [] if plain is None else [plain]
    if not found:
        expected = f"a column such as {_MESSAGES[0]}, or the headers of Kafka Connect; or --message-column NAME"
        raise Unreadable("the file has no column with the messages of errors", expected)
    return pl.coalesce([each.cast(pl.String, strict=False) for each in found])


def _header(headers: pl.Expr, kind: pl.DataType, name: str) -> pl.Expr | None:
    """A header of each record by its name, in the form that the column has; None: it is of no form that is known."""
    match kind:
        case pl.Struct():
            return headers.struct.field(name) if any(field.name == name for field in kind.fields) else None
        case pl.List() if isinstance(kind.inner, pl.Struct):
            keys = [field.name for field in kind.inner.fields]
            if not {"key", "value"} <= set(keys):
                return None
            own = pl.element().filter(pl.element().struct.field("key") == name).struct.field("value")
            return headers.list.eval(own).list.first()
        case pl.List() if isinstance(kind.inner, pl.String):  # kcat -J: names and values by turns
            place = headers.list.eval(
                (pl.element() == name).arg_max().filter((pl.element() == name).any())
            ).list.first()
            return headers.list.get(place + 1, null_on_oob=True)
        case pl.String():
            return headers.str.json_path_match(f'$["{name}"]')
        case _:
            return None


_SECONDS, _MILLISECONDS, _MICROSECONDS = 10**11, 10**14, 10**17
"""Numbers below these count seconds, milliseconds and microseconds since 1970; greater ones nanoseconds."""


def _instant(when: pl.Expr | None, kinds: Mapping[str, pl.DataType]) -> pl.Expr:
    """A column as instants in UTC: Kafka's milliseconds, seconds since 1970, ISO 8601; null where it is none of them."""
    utc = pl.Datetime("us", "UTC")
    if when is None:
        return pl.lit(None, dtype=utc)
    kind = kinds[when.meta.output_name()]
    if kind.is_integer() or kind.is_float():
        return _counted(when.cast(pl.Int64, strict=False))
    match kind:
        case pl.Datetime(time_zone=None):
            return when.dt.replace_time_zone("UTC").cast(utc)
        case pl.Datetime():
            return when.dt.convert_time_zone("UTC").cast(utc)
        case pl.Date():
            return when.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        case pl.String():
            written = when.str.replace(" ", "T", literal=True)
            zoned = written.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
            local = written.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
            return pl.coalesce(zoned, local.dt.replace_time_zone("UTC"), _counted(when.cast(pl.Int64, strict=False)))
        case _:
            return pl.lit(None, dtype=utc)


def _counted(number: pl.Expr) -> pl.Expr:
    micro = (
        pl.when(number.abs() < _SECONDS)
        .then(number * 1_000_000)
        .when(number.abs() < _MILLISECONDS)
        .then(number * 1_000)
        .when(number.abs() < _MICROSECONDS)
        .then(number)
        .otherwise(number // 1_000)
    )
    return pl.from_epoch(micro, time_unit="us").dt.replace_time_zone("UTC")
