"""Rows on Apache Spark against the requirement of an entry: the answer that the polars engine gives on one machine.

Spark runs where its configuration says (`spark.master`); without configuration it runs here. Clauses that Spark can express
become conditions that are proven to mean the same. Fieldline evaluates all others here, once for each distinct value, and
the rejected values are sent back to be joined with the rows: Fieldline need not be installed where Spark works.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property, reduce
from operator import and_
from typing import TYPE_CHECKING

from ...checker.diff.stored_rows import Unreadable
from ...checker.requirement.compiled import clause_check
from ...formats.ddl.columns import quoted_name
from ...validators.sql import DAYS, clause_conditions
from ..judged import Broken, Judged, Repeated
from .polars.expressions import typed_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyspark.sql import Column, DataFrame, SparkSession

    from ...application.library import Entry
    from ...checker.requirement.requirement import Clause, Uniqueness
    from ...contracts.constraint import Type
    from ..sources import Progress

_FITTING: Mapping[Type, frozenset[str]] = {
    "text": frozenset({"string"}),
    "integer": frozenset({"tinyint", "smallint", "int", "bigint", "string", "float", "double", "decimal"}),
    "decimal": frozenset({"tinyint", "smallint", "int", "bigint", "string", "float", "double", "decimal"}),
    "boolean": frozenset({"boolean", "string"}),
    "date": frozenset({"date", "string"}),
    "time": frozenset({"string"}),
    "datetime": frozenset({"string"}),
}
"""Per type of a contract, the column types that fit it; texts are read as the type. Spark's instants lose their zone."""
_NATIVE: Mapping[Type, frozenset[str]] = {
    "text": frozenset({"string"}),
    "integer": frozenset({"tinyint", "smallint", "int", "bigint"}),
    "decimal": frozenset({"tinyint", "smallint", "int", "bigint", "decimal"}),
    "boolean": frozenset({"boolean"}),
    "date": frozenset({"date"}),
}
"""Of those, the ones for which Spark's own conditions are proven."""

_FEW = 100_000
"""Distinct rejected values that are sent to every part of Spark."""


@contextmanager
def spark_session() -> Iterator[SparkSession]:
    """Spark as it is configured here, or else on this machine alone. Raises Unreadable."""
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

    settings = SparkConf()
    builder = SparkSession.builder.appName("fieldline")
    if not settings.contains("spark.master"):
        here = {"spark.master": "local[*]", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        for key, value in (
            {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "OFF"} | here
        ).items():
            builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 - anything can keep Java from starting
        raise Unreadable(f"Spark does not start ({type(error).__name__})", "Java 17 or newer") from None
    try:
        yield session
    finally:
        session.stop()


def parquet_alone(files: Sequence[str]) -> None:
    """Raises Unreadable unless every file is Parquet."""
    if not all(name.rstrip("/").lower().endswith(".parquet") for name in files):
        raise Unreadable("Spark reads only Parquet", "files or folders that end in .parquet")


class SparkRows:
    """The rows of Parquet files, wherever Spark reads them from. Raises Unreadable with a reason that holds no value."""

    def __init__(self, session: SparkSession, files: Sequence[str], entry: Entry) -> None:
        parquet_alone(files)
        self._requirement = entry.requirement
        self._session = session
        with spark_reading():
            self.frame: DataFrame = session.read.parquet(*files)
            kinds = {field.name: field.dataType.simpleString() for field in self.frame.schema.fields}
        fields = entry.entity.fields
        self._types = {field.name: field.type for field in fields.values()}
        self._kinds = {name: kind.partition("(")[0] for name, kind in kinds.items() if name in fields}
        self._ignored = tuple(name for name in kinds if name not in fields)
        self.columns = list(kinds)
        """The names of all columns, in their order."""
        for name, kind in self._kinds.items():
            if kind not in _FITTING[self._types[name]] | {"void"}:
                raise Unreadable(f"the column {name} holds {kind}, and the contract says {self._types[name]}")
        if not self._kinds:
            raise Unreadable(
                f"no column is a field of {entry.entity.full_name}", f"columns such as {', '.join(fields)}"
            )
        self.read = self.frame
        """The rows as read, without any later join."""
        self._joined = 0
        self.native = self._conditions(entry)
        """The clauses that Spark itself can decide, each with the condition that is true of rows that meet it."""

    @cached_property
    def met(self) -> list[tuple[Clause, Column]]:
        """Every clause, and a column of `frame` that is true where a row meets it; never null."""
        with spark_reading():
            return [(clause, self._meets(clause)) for clause in self._requirement.clauses]

    def judge(self, progress: Progress) -> Judged:
        """Count the rows that break a clause or repeat a value."""
        with spark_reading():
            progress("the rows", 0, None)
            rows, rejected, broken = self._count(self.met)
        broken_clauses = [Broken(clause, many) for clause, many in broken.items() if many]
        return Judged(
            rows=rows,
            rejected=rejected,
            broken=tuple(sorted(broken_clauses, key=lambda each: -each.rows)),
            repeated=self.repeated(progress),
            absent=tuple(name for name in self._types if name not in self._kinds),
            ignored=self._ignored,
            not_known=self._requirement.not_known,
        )

    def count_own(self, progress: Progress) -> dict[Clause, int]:
        """How many rows break each clause that Spark cannot express."""
        with spark_reading():
            progress("the rows", 0, None)
            own = [(clause, self._meets(clause)) for clause in self._requirement.clauses if clause not in self.native]
            return self._count(own)[2] if own else {}

    def repeated(self, progress: Progress) -> tuple[Repeated, ...]:
        """How many rows repeat a value that must be unique."""
        repeated = []
        with spark_reading():
            for unique in self._requirement.unique:
                if unique.field in self._kinds:
                    progress(f"{unique.field} for repeated values", 0, None)
                    excess = self._excess(unique)
                    repeated += [Repeated(unique, excess)] if excess else []
        return tuple(repeated)

    def _count(self, met: Sequence[tuple[Clause, Column]]) -> tuple[int, int, dict[Clause, int]]:
        """All rows, those that break one of these clauses, and those that break each."""
        from pyspark.sql import functions as F  # noqa: N812 - the usual alias

        def count(bad: Column) -> Column:
            return F.coalesce(F.sum(F.when(bad, 1).otherwise(0)), F.lit(0))

        flagged = self.frame.select(*(flag.alias(f"m{i}") for i, (_, flag) in enumerate(met)), F.lit(1).alias("r"))
        flags = [F.col(f"m{i}") for i in range(len(met))]
        sums = [count(~flag) for flag in flags]
        rows, rejected, *broken = flagged.agg(F.count("r"), count(~_every(flags)), *sums).collect()[0]
        return rows, rejected, {clause: many for (clause, _), many in zip(met, broken, strict=True)}

    def rejected(self) -> Iterator[tuple[tuple[object, ...], list[Clause]]]:
        """Every row that breaks a clause, its columns in their order, and the clauses that it breaks."""
        judged = self.met  # a clause that Spark cannot decide joins its verdicts to the frame
        with spark_reading():
            flags_of_clauses = [met for _, met in judged]
            bad = self.frame.where(~_every(flags_of_clauses)).select(*map(_column, self.columns), *flags_of_clauses)
            width = len(self.columns)
            for row in bad.toLocalIterator():
                flags = zip(judged, row[width:], strict=True)
                yield tuple(row[:width]), [clause for (clause, _), met in flags if not met]

    def _conditions(self, entry: Entry) -> dict[Clause, str]:
        words = clause_conditions(entry, "spark")
        conditions: dict[Clause, str] = {}
        for clause in self._requirement.clauses:
            if clause in words and all(map(self._is_native, clause.names)):
                days = [quoted_name(name, "spark") for name in clause.names if self._types[name] == "date"]
                in_years = [f"({day} IS NULL OR {day} BETWEEN {DAYS})" for day in days]
                conditions[clause] = " AND ".join([f"({words[clause]})", *in_years])
        return conditions

    def _meets(self, clause: Clause) -> Column:
        from pyspark.sql import functions as F  # noqa: N812

        names = clause.names
        if clause in self.native:
            return F.coalesce(F.expr(self.native[clause]), F.lit(False))  # noqa: FBT003 - where Spark gives null, the clause is not met
        admits, types = clause_check(clause), self._types
        present = [name for name in names if name in self._kinds]

        def is_met(raw: Sequence[object]) -> bool:
            held = dict(zip(present, raw, strict=True))
            return admits({name: typed_column(held.get(name), types[name]) for name in names})

        if not present:
            return F.lit(is_met(()))
        distinct = self.frame.select(*map(_column, present)).distinct()
        rejected = [tuple(row) for row in distinct.toLocalIterator() if not is_met(tuple(row))]
        if not rejected:
            return F.lit(True)  # noqa: FBT003 - a value
        self._joined += 1
        marks = [f"__fieldline_{self._joined}_{place}" for place in range(len(present) + 1)]
        bad = self._session.createDataFrame(rejected, distinct.schema).toDF(*marks[1:]).withColumn(marks[0], F.lit(1))
        same = F.lit(True)  # noqa: FBT003 - a value
        for name, mark in zip(present, marks[1:], strict=True):
            same = same & _column(name).eqNullSafe(F.col(mark))
        self.frame = self.frame.join(F.broadcast(bad) if len(rejected) < _FEW else bad, same, "left")
        return F.col(marks[0]).isNull()

    def _is_native(self, name: str) -> bool:
        return self._kinds.get(name) in _NATIVE.get(self._types[name], ())

    def _excess(self, unique: Uniqueness) -> int:
        """Rows that repeat the value of an earlier row."""
        from pyspark.sql import functions as F  # noqa: N812

        name = unique.field
        counted = self.frame.groupBy(_column(name).alias("key")).count()
        if not unique.steps and self._is_native(name):
            excess = counted.where("key IS NOT NULL").agg(F.sum(F.col("count") - 1)).collect()[0][0]
            return int(excess or 0)
        rows, known = 0, set()
        for raw, many in counted.toLocalIterator():
            key = unique.key(typed_column(raw, self._types[name]))
            if key is not None:
                rows += many
                known.add(key)
        return rows - len(known)


def _every(flags: Sequence[Column]) -> Column:
    from pyspark.sql import functions as F  # noqa: N812

    return reduce(and_, flags, F.lit(True))  # noqa: FBT003 - a value


def _column(name: str) -> Column:
    from pyspark.sql import functions as F  # noqa: N812

    quoted = name.replace("`", "``")
    return F.col(f"`{quoted}`")


@contextmanager
def spark_reading() -> Iterator[None]:
    """Drops the messages of Spark: they quote values."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise Unreadable(
            f"Spark cannot read it ({type(error).__name__})", "Parquet files of the same columns"
        ) from None
