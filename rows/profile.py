"""A contract proposed for a system that has none: rules that all its rows meet, each with its evidence.

Every row that was read meets a proposal, but the next one need not: a person decides. Constraints that the database
enforces already are not proposed again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

import polars as pl

from ..contracts.constraint import Range
from .files import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ..contracts.model import Entity, Field

_FEWEST = 20
"""Values needed before a proposal is made."""
_CHOICES = 20
"""Distinct values that may form a complete list."""
_AGAIN = 3
"""How often each of them must be there."""
_SHAPES = 1_000
"""Distinct shapes that are compared."""
_RUNS = 8
"""Runs of one kind of character in a form."""
_BEGINNING = re.compile(r"[!-/:-~]*[!-/:-@\[-`{-~]")
"""Characters of a common beginning that are kept literally: visible ASCII without digits, up to the last sign."""
_CLASSES = {"9": "[0-9]", "A": "[A-Z]", "a": "[a-z]"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One rule for one field."""

    word: str
    """Of the contract: `required`, `max_length`, `pattern`, …"""
    value: bool | int | str | tuple[str, ...]
    evidence: str
    """The evidence, in words; it holds no value but those that are proposed."""


def profile(parts: Sequence[Path], table: Entity) -> tuple[int, Mapping[str, tuple[Proposal, ...]]]:
    """How many rows the Parquet files of a table hold, and the proposals for its fields. Raises Unreadable."""
    with reading(table.name):
        frame = pl.scan_parquet(list(parts), glob=False)
        # After `collect_schema`, a scan loads everything into memory.
        kinds = pl.scan_parquet(list(parts), glob=False).collect_schema()
        rows = int(frame.select(pl.len()).collect(engine="streaming").item())
        found = {
            field.name: tuple(_of(frame.select(pl.col(field.name).alias("v")), field, kinds[field.name], rows))
            for field in table.fields.values()
            if field.name in kinds
        }
    return rows, found


def _of(column: pl.LazyFrame, field: Field, kind: pl.DataType, rows: int) -> Iterator[Proposal]:
    known = {constraint.name for constraint in field.constraints}
    value = pl.col("v")
    filled = int(column.select(value.count()).collect(engine="streaming").item())
    if filled < _FEWEST:
        return
    if filled == rows and "required" not in known:
        yield Proposal("required", True, f"none of {rows:,} rows is null")  # noqa: FBT003 - a value
    distinct = int(column.drop_nulls().select(value.n_unique()).collect(engine="streaming").item())
    if distinct == filled and field.unique is None and not kind.is_float():
        yield Proposal("unique", True, f"all {filled:,} values differ")  # noqa: FBT003 - a value
    if isinstance(kind, pl.String) and field.type == "text":
        yield from _of_texts(column.drop_nulls(), known, filled, distinct)
    elif field.type in {"integer", "decimal"} and kind.is_numeric():
        least = column.select(value.min()).collect(engine="streaming").item()
        ends = [
            constraint.restriction.low for constraint in field.constraints if isinstance(constraint.restriction, Range)
        ]
        if least >= 0 and all(end is None or (isinstance(end, int | Decimal) and end < 0) for end in ends):
            yield Proposal("min", 0, f"none of {filled:,} values is less")


def _of_texts(column: pl.LazyFrame, known: set[str], filled: int, distinct: int) -> Iterator[Proposal]:
    value = pl.col("v")
    if distinct <= _CHOICES and "one_of" not in known:
        counted = column.group_by("v").len().sort("v").collect(engine="streaming")
        fewest = min(counted["len"].to_list())
        if fewest >= _AGAIN:
            evidence = f"{filled:,} values are {distinct} texts, each of which occurs {fewest:,} times or more"
            yield Proposal("one_of", tuple(counted["v"]), evidence)
            return
    length = value.str.len_chars()
    least, most = column.select(length.min().alias("least"), length.max().alias("most")).collect().row(0)
    form = None if known & {"pattern", "one_of"} else _form(column)
    if form is not None:
        yield Proposal("pattern", form, f"all {filled:,} values have this form")
    elif "max_length" not in known:
        yield Proposal("max_length", int(most), f"the longest of {filled:,} values; the shortest has {least:,}")


def _form(column: pl.LazyFrame) -> str | None:
    """The form that all values have: a common beginning, then runs of digits, capitals, small letters, and signs.

    None: they have none in common.
    """
    first, last = column.select(pl.col("v").min().alias("first"), pl.col("v").max().alias("last")).collect().row(0)
    common = "".join(sign for sign, other in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    beginning = _BEGINNING.match(common)
    start = beginning[0] if beginning else ""
    shape = pl.col("v").str.slice(len(start))
    for mark, kind in (("9", "[0-9]"), ("A", "[A-Z]"), ("a", "[a-z]")):
        shape = shape.str.replace_all(kind, mark)
    shapes = column.select(shape.unique()).head(_SHAPES + 1).collect(engine="streaming").to_series().to_list()
    if len(shapes) > _SHAPES:
        return None
    runs = [[(mark, len(list(run))) for mark, run in groupby(text)] for text in shapes]
    marks = [mark for mark, _ in runs[0]]
    if not marks or len(marks) > _RUNS or any([mark for mark, _ in each] != marks for each in runs):
        return None
    if not set(marks) & set(_CLASSES) or not all(mark.isascii() and mark.isprintable() for mark in marks):
        return None
    parts = [_literal(sign) for sign in start]
    for place, mark in enumerate(marks):
        sizes = [each[place][1] for each in runs]
        parts.append(f"{_CLASSES.get(mark) or _literal(mark)}{_times(min(sizes), max(sizes))}")
    return "".join(parts)


def _literal(mark: str) -> str:
    return f"\\{mark}" if mark in r"^$\.*+?()[]{}|/" else mark


def _times(least: int, most: int) -> str:
    if least == most:
        return "" if least == 1 else f"{{{least}}}"
    return f"{{{least},{most}}}"
