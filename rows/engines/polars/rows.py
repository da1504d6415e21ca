"""Rows of files against the requirement of an entry: millions of them, in bounded memory.

One pass over all rows separates good from bad by one fused predicate; only the bad ones are checked clause by clause.
Values that must be unique take a pass of their own: hashes of 64 bits, and values with equal hashes are compared as they
are. Null is no duplicate, and each copy beyond the first counts once.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import polars as pl

from ....checker.diff.stored_rows import Unreadable
from ...files import column_types, reading, scan_as_one
from ...judged import REASON, ROW, Broken, Judged, Repeated, free
from ...sources import silent
from .expressions import FITTING, Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ....checker.requirement.requirement import Clause, Requirement, Uniqueness
    from ...sources import Progress


class Rows:
    """Rows of opened files, all of the same columns. Raises Unreadable with a reason that holds no value."""

    def __init__(self, files: Sequence[Path], requirement: Requirement) -> None:
        self._requirement = requirement
        with reading(files[0].name if len(files) == 1 else f"{len(files)} files"):
            kinds = column_types(files)
            frame = scan_as_one(files)
        self._row, self._reason = (free(name, kinds) for name in (ROW, REASON))
        self._frame = frame.with_row_index(self._row, offset=1)
        self._files = files
        self.columns = tuple(kinds)
        """The names of all columns, in their order."""
        self._kinds = {name: kind for name, kind in kinds.items() if name in requirement.entity.fields}
        self._ignored = tuple(name for name in kinds if name not in requirement.entity.fields)
        types = {field.name: field.type for field in requirement.entity.fields.values()}
        for name, kind in self._kinds.items():
            if not FITTING[types[name]](kind) and not isinstance(kind, pl.Null):
                raise Unreadable(f"the column {name} holds {kind}, and the contract says {types[name]}")
        if not self._kinds:
            raise Unreadable(
                f"no column is a field of {requirement.entity.full_name}", f"columns such as {', '.join(types)}"
            )
        self._columns = Columns(self._kinds, requirement)
        self._met = [(clause, self.meets(clause)) for clause in requirement.clauses]
        checked = {name for _, met in self._met for name in met.meta.root_names()}
        self._only_read = [_read_at_all(name) for name in self._kinds if name not in checked]

    def is_of_its_type(self, name: str) -> bool:
        """Whether a field has a column that holds texts, whole numbers or truth values, as the contract says."""
        kind, wanted = self._kinds.get(name), self._requirement.entity.fields[name].type
        match wanted:
            case "text":
                return isinstance(kind, pl.String)
            case "integer":
                return kind is not None and kind.is_integer()
            case _:
                return wanted == "boolean" and isinstance(kind, pl.Boolean)

    def held(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns, of all rows, in memory."""
        with self._read():
            return self._frame.select(self._row, *names).collect(engine="streaming").drop(self._row)

    def judge(self, progress: Progress = silent) -> Judged:
        """Count the rows that break a clause or repeat a value."""
        with self._read():
            flags = [(~met).alias(str(i)) for i, (_, met) in enumerate(self._met)]
            sums = [pl.col(str(i)).sum().cast(pl.Int64) for i in range(len(flags))]
            # Next to a column, a constant is repeated for every row.
            bad = (
                self._bad(progress, "the rows").select(pl.col(self._row), *flags).select(pl.len().alias("rows"), *sums)
            )
            counted, sums_of_bad = pl.collect_all([self._frame.select(pl.len()), bad], engine="streaming")
            rows, counts = counted.item(), sums_of_bad.row(0, named=True)
            repeated = []
            for unique in self._requirement.unique:
                if unique.field in self._kinds and (excess := self._excess(unique, progress)):
                    repeated.append(Repeated(unique, excess))
        broken = [Broken(clause, counts[str(i)] or 0) for i, (clause, _) in enumerate(self._met)]
        broken.sort(key=lambda each: -each.rows)
        return Judged(
            rows=rows,
            rejected=counts["rows"],
            broken=tuple(each for each in broken if each.rows),
            repeated=tuple(repeated),
            absent=tuple(name for name in self._requirement.entity.fields if name not in self._kinds),
            ignored=self._ignored,
            not_known=self._requirement.not_known,
        )

    def quarantine(self, words: Callable[[Clause], str], progress: Progress = silent) -> pl.LazyFrame:
        """The rows that break a clause, with their number and every reason, in their order."""
        reasons = [pl.when(~met).then(pl.lit(words(clause))) for clause, met in self._met]
        reason = pl.concat_str(reasons, separator=" ", ignore_nulls=True) if reasons else pl.lit("")
        own = (self._row, self._reason)
        return (
            self._bad(progress, "the bad rows").with_columns(reason.alias(self._reason)).select(*own, pl.exclude(*own))
        )

    def meets(self, clause: Clause) -> pl.Expr:
        """Whether a row meets a clause; never null."""
        return self._columns.meets(clause)

    def _watched(self, condition: pl.Expr, progress: Progress, what: str) -> pl.Expr:
        """The condition, reporting how many rows it was evaluated for."""
        if progress is silent:  # counting costs
            return condition
        rows = int(self._frame.select(pl.len()).collect(engine="streaming").item())
        passed = 0
        one_by_one = Lock()

        def went_by(series: pl.Series) -> pl.Series:
            nonlocal passed
            with one_by_one:
                passed += len(series)
                progress(what, passed, rows)
            return pl.repeat(value=True, n=len(series), dtype=pl.Boolean, eager=True)

        return pl.col(self._row).map_batches(went_by, return_dtype=pl.Boolean, is_elementwise=True) & condition

    def _bad(self, progress: Progress, what: str) -> pl.LazyFrame:
        met = [*(met for _, met in self._met), *self._only_read]
        return self._frame.filter(self._watched(~pl.all_horizontal(met), progress, what))

    def _excess(self, unique: Uniqueness, progress: Progress) -> int:
        """Rows that repeat the value of an earlier row."""
        # Numbers and days in a column of texts can be equal and written differently.
        of_its_kind = not isinstance(self._kinds[unique.field], pl.String)
        of_its_kind = of_its_kind or self._requirement.entity.fields[unique.field].type == "text"
        key = pl.col(unique.field) if of_its_kind and not unique.steps else self._columns.key(unique)
        filled = self._watched(key.is_not_null(), progress, f"{unique.field} for repeated values")
        keys = self._frame.filter(filled).select(key.alias("key"))
        hashes = keys.select(pl.col("key").hash(0)).collect(engine="streaming").to_series().sort()
        met = hashes.filter(hashes == hashes.shift()).unique()
        if met.is_empty():
            return 0
        same = keys.filter(pl.col("key").hash(0).is_in(met.implode()))
        counted = same.group_by("key").len().select((pl.col("len") - 1).sum())
        return int(counted.collect(engine="streaming").item() or 0)

    @contextmanager
    def _read(self) -> Iterator[None]:
        with reading(self._files[0].name if len(self._files) == 1 else f"{len(self._files)} files"):
            yield


def _read_at_all(name: str) -> pl.Expr:
    """True of every row; evaluating it shows whether the whole column can be read."""
    return pl.when(pl.col(name).is_null()).then(None).otherwise(pl.lit(value=True)).fill_null(value=True)
