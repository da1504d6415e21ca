"""Dead letters grouped by their root: what was refused where, and which entry let it in.

Every distinct message is read once, every distinct value is traced once, and a set of values that one proof covers is one
question (`checker.tracing.origins`). Values are held while the groups are formed, and one of each group is in the answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from ..application.errors import MOST_TRACED, AnsweredError, ErrorTracer
from ..checker.tracing.asked import asked_value
from ..checker.tracing.origins import Origins
from ..documents.problem import EstateError
from ..formats.errors.read import ERROR_HINTS, LONGEST_ERROR, read_errors
from ..values.budget import STANDARD
from .answers import RejectsAnswer, RejectsGroup
from .dead_letters import LETTER_TEXT, LETTER_TIME, dead_letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from ..application.error_fields import Meant
    from ..checker.tracing.origins import OriginVerdicts
    from ..contracts.model import Field
    from ..documents.local_text import SpokenLanguage
    from ..estate.load import Estate
    from ..formats.errors.reported import ErrorEngine, ReportedError
    from ..values.budget import Budget
    from ..values.valueset import Value
    from .dead_letters import DeadLetters
    from .sources import Progress

_BATCH = 50_000
"""Distinct messages that are read at a time."""
MOST_GROUPS = 20
"""Groups that are traced as a whole, most records first; the others are counted."""
_SHAPE, _VALUE, _RECORDS, _SINCE, _UNTIL = "shape", "value", "records", "since", "until"

_Shape: TypeAlias = "ReportedError"
"""An error without its value: what many messages have in common."""


def group_rejects(
    estate: Estate,
    place: Path,
    progress: Progress,
    *,
    message: str | None = None,
    time: str | None = None,
    budget: Budget = STANDARD,
    language: SpokenLanguage = "en",
) -> RejectsAnswer:
    """Group the dead letters of a file by root. Raises Unreadable, BudgetExceeded.

    `message`, `time`: the columns of the message and of the time, where their names tell nothing.
    `language`: of the texts for customers.
    """
    with dead_letters(place, message, time) as letters:
        texts = _distinct_texts(letters)
        tracer = ErrorTracer(estate, budget, language)
        meant: dict[_Shape, Meant] = {}
        shapes, read = _read_texts(texts, tracer, meant, progress)
        counted = _counted(letters, texts, [(shape, meant[shape]) for shape in shapes], read)
        total = int(texts[_RECORDS].sum())
        unread = _unread(texts, read)
    groups = _Groups(tracer, meant)
    for number, shape in enumerate(shapes):
        groups.add(shape, counted.filter(pl.col(_SHAPE) == number), progress)
    return RejectsAnswer(estate, place.name, total, unread, groups.answer(), estate.counts_from)


# ------------------------------------------------------------------------------------------------------------ messages


def _distinct_texts(letters: DeadLetters) -> pl.DataFrame:
    """Every message once, with its number of records and its first and last time."""
    grouped = letters.frame.group_by(LETTER_TEXT).agg(
        pl.len().alias(_RECORDS), pl.col(LETTER_TIME).min().alias(_SINCE), pl.col(LETTER_TIME).max().alias(_UNTIL)
    )
    return grouped.collect(engine="streaming").sort(_RECORDS, LETTER_TEXT, descending=[True, False], nulls_last=True)


def _read_texts(
    texts: pl.DataFrame, tracer: ErrorTracer, meant: dict[_Shape, Meant], progress: Progress
) -> tuple[list[_Shape], pl.DataFrame]:
    """The shapes of all errors, and per message and error the number of its shape and its value.

    What each shape is about is put into `meant`.
    """
    numbers: dict[tuple[object, ...], int] = {}
    kept: list[tuple[_Shape, Field | None]] = []
    rows: list[int] = []
    shapes: list[int] = []
    values: list[str | None] = []
    for start in range(0, texts.height, _BATCH):
        batch = texts[LETTER_TEXT].slice(start, _BATCH)
        hinted = batch.str.extract_many(list(ERROR_HINTS), overlapping=True)  # all texts and all hints in one pass
        for row, (text, hints) in enumerate(zip(batch, hinted.to_list(), strict=True), start):
            for error in _errors(text, hints):
                key = _shape_key(error)
                number = numbers.get(key)
                if number is None:
                    number = numbers[key] = len(kept)
                    shape = replace(error, value=None, record={})
                    meant[shape] = tracer.fields.meant(shape)
                    kept.append((shape, _single(meant[shape])))
                single = kept[number][1]
                rows.append(row)
                shapes.append(number)
                values.append(error.value if single is None else tracer.fields.value(error, single))
        progress("messages", min(start + _BATCH, texts.height), texts.height)
    read = pl.DataFrame(
        {"row": rows, _SHAPE: shapes, _VALUE: values}, schema={"row": pl.UInt32, _SHAPE: pl.UInt32, _VALUE: pl.String}
    )
    return [shape for shape, _ in kept], read


def _shape_key(error: ReportedError) -> tuple[object, ...]:
    """What errors of one shape have in common."""
    return error.engine, error.kind, error.table, error.model, error.columns, error.constraint, error.limit


def _errors(text: str | None, hints: Sequence[str] | None) -> tuple[ReportedError, ...]:
    return () if text is None or len(text) > LONGEST_ERROR else read_errors(text, hints)


def _unread(texts: pl.DataFrame, read: pl.DataFrame) -> int:
    """The records whose message could not be read as an error."""
    missing = texts.with_row_index("row").join(read.select("row").unique(), on="row", how="anti")
    return int(missing[_RECORDS].sum())


def _single(meant: Meant) -> Field | None:
    """The one field that is meant; None: several are, or none."""
    return meant.places[0][0] if len(meant.places) == 1 and len(meant.places[0]) == 1 else None


def _counted(
    letters: DeadLetters, texts: pl.DataFrame, shapes: list[tuple[_Shape, Meant]], read: pl.DataFrame
) -> pl.DataFrame:
    """Per shape and value, the number of records and their first and last time.

    A value that the message leaves out is looked up in the refused record, under the name of the column.
    """
    known = read.join(texts.with_row_index("row"), on="row")
    looked_up = {
        number: found
        for number, (shape, meant) in enumerate(shapes)
        if (found := _lookup(letters, shape, meant)) is not None
    }
    without = known.filter(pl.col(_VALUE).is_null() & pl.col(_SHAPE).is_in(list(looked_up)))
    direct = known.join(without.select("row", _SHAPE), on=["row", _SHAPE], how="anti")
    parts = [_summed(direct.lazy())]
    for number, expression in looked_up.items():
        own = without.filter(pl.col(_SHAPE) == number).select(LETTER_TEXT, _SHAPE)
        if own.height:
            rows = letters.frame.select(LETTER_TEXT, LETTER_TIME, expression.alias(_VALUE)).join(
                own.lazy(), on=LETTER_TEXT, nulls_equal=True
            )
            counts = rows.group_by(_SHAPE, _VALUE).agg(
                pl.len().alias(_RECORDS),
                pl.col(LETTER_TIME).min().alias(_SINCE),
                pl.col(LETTER_TIME).max().alias(_UNTIL),
            )
            parts.append(counts.collect(engine="streaming"))
    return pl.concat(parts, how="vertical_relaxed").sort(_SHAPE, _RECORDS, _VALUE, descending=[False, True, False])


def _lookup(letters: DeadLetters, shape: _Shape, meant: Meant) -> pl.Expr | None:
    single = _single(meant)
    if shape.is_null or single is None:
        return None
    return letters.values(shape.columns[0] if shape.columns else single.name)


def _summed(rows: pl.LazyFrame) -> pl.DataFrame:
    grouped = rows.group_by(_SHAPE, _VALUE).agg(pl.col(_RECORDS).sum(), pl.col(_SINCE).min(), pl.col(_UNTIL).max())
    return grouped.collect()


# -------------------------------------------------------------------------------------------------------------- groups

_Key: TypeAlias = "tuple[object, ...]"


@dataclass(slots=True)
class _Group:
    """Records of one root, while they are counted."""

    shape: _Shape
    meant: Meant
    records: int = 0
    values: int = 0
    since: datetime | None = None
    until: datetime | None = None
    example: str | None = None
    engines: Counter[ErrorEngine] = field(default_factory=Counter)

    def count(
        self, shape: _Shape, value: str | None, records: int, since: datetime | None, until: datetime | None
    ) -> None:
        if not self.records:
            self.example, self.shape = value, shape
        self.records += records
        self.values += value is not None
        self.engines[shape.engine] += records
        if since is not None:
            self.since = since if self.since is None else min(self.since, since)
        if until is not None:
            self.until = until if self.until is None else max(self.until, until)


class _Groups:
    """Forms the groups: by field, kind of failure, and the entries that may have let the value in."""

    def __init__(self, tracer: ErrorTracer, meant: Mapping[_Shape, Meant]) -> None:
        self._tracer = tracer
        self._meant = meant
        self._origins: dict[object, Origins] = {}
        self._groups: dict[_Key, _Group] = {}

    def add(self, shape: _Shape, rows: pl.DataFrame, progress: Progress) -> None:
        """The records of one shape, one row a value."""
        meant = self._meant[shape]
        single = _single(meant)
        names = tuple(tuple(str(each.full_name) for each in place) for place in meant.places) or (
            meant.reason,
            shape.table,
            shape.columns,
        )
        if single is None or shape.kind in {"duplicate", "reference", "unexpected", "not_writable"}:
            origins = None
        else:
            origins = self._origins.get(single.full_name)
            if origins is None:
                origins = self._origins[single.full_name] = Origins(self._tracer.context, single)
        for number, (value, records, since, until) in enumerate(
            rows.select(_VALUE, _RECORDS, _SINCE, _UNTIL).iter_rows(), 1
        ):
            verdicts: OriginVerdicts | None = None
            if origins is not None and single is not None and (value is not None or shape.is_null):
                verdicts = origins.verdicts(_typed(single, value))
            key = (names, shape.kind, shape.limit, value is not None, verdicts)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = _Group(shape, meant)
            group.count(shape, value, records, since, until)
            if number % _BATCH == 0:
                progress("values", number, rows.height)

    def answer(self) -> tuple[RejectsGroup, ...]:
        """The groups, most records first; the first MOST_GROUPS of them traced by an example."""
        ordered = sorted(
            self._groups.values(), key=lambda group: (-group.records, str(group.meant.places), group.shape.kind)
        )
        return tuple(self._answered(group, traced=number < MOST_GROUPS) for number, group in enumerate(ordered))

    def _answered(self, group: _Group, *, traced: bool) -> RejectsGroup:
        error = replace(group.shape, value=group.example)
        places = group.meant.places[:MOST_TRACED] if traced else ()
        answered = AnsweredError(error, group.meant, tuple(self._tracer.traced(error, place) for place in places))
        engines = tuple(name for name, _ in group.engines.most_common())
        return RejectsGroup(group.records, group.values, group.since, group.until, engines, answered)


def _typed(single: Field, value: str | None) -> Value:
    """A value as one of the field's type; where its text is none, the text itself, which the field rejects."""
    try:
        return asked_value(single, value)
    except EstateError:
        return value
