"""Two systems held against each other, record by record, in bounded memory.

polars joins what the flows make of all records of the first with the records of the second, and keeps those that may
not hold what they must: a row stays out only where that is sure. Of these few, each is simulated (`verdicts`). More than
MOST_JOINED records are joined in parts, by hashes of their keys.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

from ...application.names import chosen
from ...checker.diff.stored_rows import Unreadable
from ...checker.record.crossing import crossings
from ...documents.temporary import temporary_folder
from ...lineage.graph import Graph
from ...values.budget import STANDARD
from ..files import reading
from .answer import ReconcileAnswer, ReconciledField, ReconciledPair, StateCount
from .database import rows_of_one_database
from .in_spark import rows_of_spark
from .prepared import SOURCE, TARGET, PreparedPair, key_column, off_column
from .verdicts import KeyLine, RowVerdicts
from .whole import whole_store

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta
    from pathlib import Path

    from pyspark.sql import SparkSession

    from ...checker.record.crossing import Crossing
    from ...checker.record.stop import StopState
    from ...contracts.model import Entity
    from ...documents.names import EntityName
    from ...estate.load import Estate
    from ...values.budget import Budget
    from ..sources import Progress

MOST_JOINED = 2_500_000
"""Records of one store that are joined at a time."""
_BATCH = 50_000
_LINES = 100_000
_KEY_SCHEMA = {
    "source": pl.String,
    "target": pl.String,
    "finding": pl.String,
    "field": pl.String,
    "state": pl.String,
    "reason": pl.String,
    "source_key": pl.String,
    "target_key": pl.String,
}


def reconcile(
    estate: Estate,
    first: str,
    second: str,
    now: datetime,
    progress: Progress,
    *,
    keys: Callable[[pl.LazyFrame], None] | None = None,
    spark: SparkSession | None = None,
    within: timedelta | None = None,
    budget: Budget = STANDARD,
) -> ReconcileAnswer:
    """Hold the records of two systems, or entities, against each other.

    `keys` receives the keys of all records with a finding, a row a finding. `spark`: what is to find the records that agree
    among Parquet files. `within`: the time in which values must arrive; by default, what the flows state. Raises
    UnknownName, Unreadable.
    """
    graph = Graph(estate.contracts, estate.flows)
    ones, others = _entities(estate, first), _entities(estate, second)
    references = estate.directory.xref
    found = crossings(graph, references, ones, others, budget) or crossings(graph, references, others, ones, budget)
    if not found:
        raise Unreadable(
            f"no flow brings the key of a record from {first} to {second}, or back",
            "systems or entities that flows connect, key and all",
        )
    pairs: list[ReconciledPair] = []
    unpaired: dict[EntityName, str] = {}
    with temporary_folder() as folder:
        lines = _KeyLines(folder)
        for each in found:
            try:
                pairs.append(_reconciled(estate, each, folder, (now, within), progress, lines, spark))
            except Unreadable as error:
                if len(found) == 1:
                    raise
                unpaired[each.target.full_name] = f"{error.message} (from {each.source.full_name})"
        if keys is not None:
            keys(lines.frame())
    return ReconcileAnswer(estate, first, second, pairs, now, unpaired)


def _entities(estate: Estate, name: str) -> list[Entity]:
    """The entities of a system, or the one of that name. Raises UnknownName."""
    known = {str(full_name): [entity] for full_name, entity in estate.contracts.entities.items()}
    known |= {each.name: list(each.entities.values()) for each in estate.contracts.systems.values()}
    return chosen(name, known, "system or entity")


class _KeyLines:
    """The lines of the file of keys, in Parquet files of a folder until they are all there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "keys"
        self._folder.mkdir()
        self._rows: list[tuple[str | None, ...]] = []
        self._parts: list[Path] = []

    def put(self, crossing: Crossing, line: KeyLine) -> None:
        pair = str(crossing.source.full_name), str(crossing.target.full_name)
        self._rows.append((*pair, line.outcome, line.field, line.state, line.reason, line.source, line.target))
        if len(self._rows) >= _LINES:
            self._write()

    def frame(self) -> pl.LazyFrame:
        """All lines, in the order of their columns: joins give the same rows in another order from run to run."""
        self._write()
        return pl.scan_parquet(self._parts, glob=False).sort(pl.all(), nulls_last=True)

    def _write(self) -> None:
        part = self._folder / f"{len(self._parts):06}.parquet"
        pl.DataFrame(self._rows, schema=_KEY_SCHEMA, orient="row").write_parquet(part)
        self._parts.append(part)
        self._rows = []


def _reconciled(
    estate: Estate,
    crossing: Crossing,
    folder: Path,
    clock: tuple[datetime, timedelta | None],
    progress: Progress,
    lines: _KeyLines,
    spark: SparkSession | None,
) -> ReconciledPair:
    with _parts_folder(folder) as ones, _parts_folder(folder) as others, _parts_folder(folder) as here:
        left = rows_of_one_database(estate, crossing, (ones, others), progress)
        if left is None and spark is not None:
            left = rows_of_spark(spark, estate, crossing, (ones, others), progress)
        source = whole_store(estate, crossing.source, ones, progress) if left is None else left.source
        target = whole_store(estate, crossing.target, others, progress) if left is None else left.target
        reference = None
        if crossing.reference is not None:
            table = crossing.graph.contracts.entities[crossing.reference.entity]
            reference = whole_store(estate, table, here, progress)
        pair = PreparedPair(crossing, source, target, reference)
        _check_key(pair)
        now, within = clock
        verdicts = RowVerdicts(pair, now, lambda line: lines.put(crossing, line), within)
        with reading(f"{crossing.source.full_name} or {crossing.target.full_name}"):
            joining = _Joining(pair, verdicts, here, progress)
            counts, several = joining.run()
    if left is not None:
        counts = _Counts(
            counts.source + left.agreed, counts.target + left.agreed, counts.withheld, counts.matched + left.agreed
        )
    return _answered(pair, verdicts, counts, several)


def _check_key(pair: PreparedPair) -> None:
    """Raises Unreadable where records of the first cannot be found in the second."""
    crossing = pair.crossing
    unread = [reason for each in crossing.fields_of_key if (reason := pair.unread(each)) is not None]
    unread += [
        f"the store of {crossing.target.full_name} does not hold it"
        for name in crossing.key
        if name not in pair.target.columns
    ]
    if crossing.reference is not None and pair.reference is not None:
        own = [(pair.source, name) for name in crossing.source.key]
        ends = (crossing.source, crossing.target)
        own += [(pair.reference, crossing.reference.keys[each.full_name]) for each in ends]
        missing = ((store, name) for store, name in own if name not in store.columns)
        unread += [f"the store of {store.entity.full_name} does not hold {name}" for store, name in missing]
    if unread:
        raise Unreadable(
            f"records of {crossing.target.full_name} cannot be found by {' and '.join(crossing.key)}: {unread[0]}"
        )


@contextmanager
def _parts_folder(folder: Path) -> Iterator[Path]:
    with temporary_folder(folder) as inside:
        yield inside


@dataclass
class _Counts:
    """The rows of both stores, in numbers."""

    source: int = 0
    target: int = 0
    withheld: int = 0
    matched: int = 0


class _Joining:
    """The join of two stores, in parts."""

    def __init__(self, pair: PreparedPair, verdicts: RowVerdicts, folder: Path, progress: Progress) -> None:
        self._pair = pair
        self._verdicts = verdicts
        self._folder = folder
        self._progress = progress
        self._names = [key_column(name) for name in pair.crossing.key]

    def run(self) -> tuple[_Counts, int]:
        """Judge all rows; the counts, and the records that share a key."""
        pair = self._pair
        rows = [frame.select(pl.len()) for frame in (pair.source.frame, pair.target.frame)]
        ones, others = (each.item() for each in pl.collect_all(rows, engine="streaming"))
        parts = -(-max(ones, others) // MOST_JOINED) or 1
        counts, several = _Counts(ones, others), 0
        for part in range(parts):
            several += self._part(part, parts, counts)
        return counts, several

    def _part(self, part: int, parts: int, counts: _Counts) -> int:
        """Judge the rows of one part; the records that share a key."""
        ours, theirs = self._sides(part, parts)
        candidates, found = self._joined(ours, theirs)
        shared = 0
        if (
            found["matched"] != found["source"] - found["missing"]
            or found["matched"] != found["target"] - found["extra"]
        ):
            ours, theirs, shared = self._without_shared(ours, theirs)
            candidates, found = self._joined(ours, theirs)
        counts.matched += found["matched"]
        counts.withheld += found["withheld"]
        done = 0
        for batch in candidates.collect_batches(chunk_size=_BATCH, engine="streaming"):
            self._verdicts.judge(batch.iter_rows(named=True))
            done += batch.height
            self._progress("records that may differ", done, None)
        return shared

    def _sides(self, part: int, parts: int) -> tuple[pl.LazyFrame, pl.LazyFrame]:
        """The rows of both stores whose key is of one part; those without a key are of the first."""
        ours, theirs = self._pair.source_frame(), self._pair.target_frame()
        theirs = theirs.with_columns(
            [key.alias(name) for key, name in zip(self._pair.held_keys, self._names, strict=True)]
        )
        if parts == 1:
            return ours, theirs
        place = reduce(or_, [pl.col(name).is_null() for name in self._names])
        hashed = pl.when(place).then(0).otherwise(pl.concat_str(self._names, separator="\0").hash(0) % parts)
        return ours.filter(hashed == part), theirs.filter(hashed == part)

    def _joined(self, ours: pl.LazyFrame, theirs: pl.LazyFrame) -> tuple[pl.LazyFrame, dict[str, int]]:
        """The rows that may not hold what they must, on disk, and numbers of all rows."""
        file = self._folder / "candidates.parquet"
        pair = self._pair
        ours = ours.with_columns(arrives=pair.arrives())
        carried = ours.filter(pl.col("arrives"))
        joined = carried.join(
            theirs.rename({name: f"{name} there" for name in self._names}),
            left_on=self._names,
            right_on=[f"{name} there" for name in self._names],
            how="full",
            coalesce=False,
        )
        both = pl.col(SOURCE).is_not_null() & pl.col(TARGET).is_not_null()
        off = [off_column(each.field.name) for each in pair.fields]
        joined = joined.with_columns(
            [pl.when(both).then(pair.is_off(each)).alias(name) for each, name in zip(pair.fields, off, strict=True)]
        )
        kept = joined.filter(~both | pl.any_horizontal(off)) if off else joined.filter(~both)
        numbers = joined.select(
            both.sum().alias("matched"),
            pl.col(TARGET).is_null().sum().alias("missing"),
            pl.col(SOURCE).is_null().sum().alias("extra"),
        )
        rows = [ours.select(pl.len(), pl.col("arrives").sum().alias("carried")), theirs.select(pl.len())]
        sink = kept.drop([f"{name} there" for name in self._names]).sink_parquet(file, lazy=True)
        _, found, first, second = pl.collect_all([sink, numbers, *rows], engine="streaming")
        read, carried_rows = first.row(0)
        counts = {name: int(value or 0) for name, value in found.row(0, named=True).items()}
        counts |= {"source": int(carried_rows or 0), "target": second.item(), "withheld": read - int(carried_rows or 0)}
        return pl.scan_parquet(file, glob=False), counts

    def _without_shared(self, ours: pl.LazyFrame, theirs: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame, int]:
        """The rows whose key no other row of the same store has; and the number of those that are left out."""
        names = self._names
        arriving = ours.filter(self._pair.arrives())
        shared = [
            side.group_by(names)
            .len()
            .filter(pl.col("len") > 1, *(pl.col(name).is_not_null() for name in names))
            .drop("len")
            for side in (arriving, theirs)
        ]
        keys = pl.concat(shared).unique().collect(engine="streaming")
        # a key that one store has alone is no pair: its records are missing, or extra
        there = [side.select(names).join(keys.lazy(), on=names, how="semi").unique() for side in (arriving, theirs)]
        keys = there[0].join(there[1], on=names, how="inner").collect(engine="streaming")
        self._put_shared(ours, theirs, keys)
        left = [side.join(keys.lazy(), on=names, how="anti") for side in (ours, theirs)]
        rows = [side.join(keys.lazy(), on=names, how="semi").select(pl.len()) for side in (arriving, theirs)]
        numbers = [each.item() for each in pl.collect_all(rows, engine="streaming")]
        return left[0], left[1], sum(numbers)

    def _put_shared(self, ours: pl.LazyFrame, theirs: pl.LazyFrame, keys: pl.DataFrame) -> None:
        for side in (ours, theirs):
            rows = side.join(keys.lazy(), on=self._names, how="semi")
            for batch in rows.collect_batches(chunk_size=_BATCH, engine="streaming"):
                for row in batch.iter_rows(named=True):
                    self._verdicts.put_several(row)


def _answered(pair: PreparedPair, verdicts: RowVerdicts, counts: _Counts, several: int) -> ReconciledPair:
    crossing = pair.crossing
    fields = []
    for each in crossing.fields:
        carriers = tuple(
            dict.fromkeys(r.value.link.flow.by for r in each.routes or () if r.value.link.flow.by is not None)
        )
        made = verdicts.fields.get(each.field.name)
        fields.append(ReconciledField(each.field, _ordered(made), pair.unread(each), carriers))
    return ReconciledPair(
        source=crossing.source,
        target=crossing.target,
        key=crossing.key,
        source_records=counts.source,
        target_records=counts.target,
        withheld=counts.withheld + verdicts.withheld,
        matched=counts.matched,
        agreeing=counts.matched - verdicts.wrong,
        missing=_ordered(verdicts.missing),
        extra=verdicts.extra,
        elsewhere=crossing.elsewhere,
        several=several,
        fields=tuple(fields),
    )


def _ordered(counter: Counter[tuple[StopState, str | None]] | None) -> tuple[StateCount, ...]:
    """States with their counts, most records first."""
    counted = sorted((counter or {}).items(), key=lambda item: (-item[1], item[0][0], item[0][1] or ""))
    return tuple(StateCount(state, reason, number) for (state, reason), number in counted)
