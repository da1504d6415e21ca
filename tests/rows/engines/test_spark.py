"""Spark and polars say the same of the same rows: of each row and each clause, and in all."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import polars as pl
import pytest

from fieldline.application.library import LoadedEstate
from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.formats.errors.read import read_errors
from fieldline.rows.engines.polars.rows import Rows
from fieldline.rows.engines.spark import SparkRows, spark_session
from fieldline.rows.sources import silent

from ...properties.estates import estate
from . import sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.needs_java, pytest.mark.filterwarnings("ignore")]  # of the libraries below it

FIELDS = {**sample.FIELDS, "ratio": {"type": "decimal", "max": 1}}
KINDS = {
    **dict.fromkeys(("login", "core", "wide", "first", "last", "land", "code", "typed"), pl.String),
    "count": pl.Int32,
    "amount": pl.Decimal(20, 4),
    "ratio": pl.Float64,
    "flag": pl.Boolean,
    "born": pl.Date,
    "more`s": pl.String,
}


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    with spark_session() as session:
        yield session


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = random.Random(11)  # noqa: S311
    pools = {**sample.POOLS, "ratio": [None, 0.1, 1.0, 1.0000001, float("nan"), float("inf"), -5.0]}
    rows = [[chance.choice(pools.get(name, sample.TEXTS)) for name in KINDS] for _ in range(1_000)]
    found = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pl.DataFrame(rows, schema=KINDS, orient="row").write_parquet(found)
    return found


def test_every_row_and_clause_is_judged_alike(spark: SparkSession, file: Path) -> None:
    entry = LoadedEstate(estate({"in": FIELDS, "db": sample.DB}, sample.FLOWS)).entry("in.e")
    here, there = Rows([file], entry.requirement), SparkRows(spark, [str(file)], entry)
    judged = here.judge()
    assert {(e.clause, e.rows) for e in there.judge(silent).broken} == {(e.clause, e.rows) for e in judged.broken}
    assert there.judge(silent) == judged
    assert {each.clause.bindings[0].constraint for each in judged.broken} >= {"pattern", "max_bytes", "scale", "one_of"}
    assert any(len(each.clause.fields) > 1 for each in judged.broken)
    assert len(judged.repeated) == 2
    assert 0 < judged.rejected < judged.rows
    clauses = [clause for clause, _ in there.met]
    expected = pl.read_parquet(file).select(here.meets(clause).alias(str(i)) for i, clause in enumerate(clauses))
    found = there.frame.select(*(met for _, met in there.met)).collect()
    assert [tuple(row) for row in found] == expected.rows()


def test_what_spark_is_given_and_cannot_read_is_told(spark: SparkSession, tmp_path: Path) -> None:
    entry = LoadedEstate(estate({"in": FIELDS}, [])).entry("in.e")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 secret")
    pl.DataFrame({"count": [b"1"]}).write_parquet(tmp_path / "typed.parquet")
    pl.DataFrame({"other": [1]}).write_parquet(tmp_path / "other.parquet")
    for name in ("broken.parquet", "none.parquet", "typed.parquet", "other.parquet", "rows.csv"):
        with pytest.raises(Unreadable) as error:
            SparkRows(spark, [str(tmp_path / name)], entry).judge(silent)
        assert "secret" not in error.value.message


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT CAST('abc' AS INT)", ("wrong_type", "abc", "INT")),
        ("SELECT CAST(999 AS TINYINT)", ("out_of_range", "999", "TINYINT")),
        ("SELECT CAST('99999.1' AS DECIMAL(5, 2))", ("out_of_range", "99999.1", "Decimal(5, 2)")),
        ("SELECT to_timestamp('hello', 'yyyy-MM-dd')", ("wrong_type", "hello", "timestamp")),
    ],
)
def test_an_error_of_a_query_is_read(spark: SparkSession, query: str, expected: tuple[str, str, str]) -> None:
    with pytest.raises(Exception, match=r"(?s)\[[A-Z_]+") as raised:
        spark.sql(query).collect()
    (error,) = read_errors(str(raised.value))
    assert error.engine == "spark"
    assert (error.kind, error.value, error.limit) == expected


def test_an_error_of_rows_that_do_not_fit_is_read(spark: SparkSession) -> None:
    from pyspark.sql.types import IntegerType, StringType, StructField, StructType

    schema = StructType([StructField("login", StringType(), nullable=False), StructField("age", IntegerType())])
    for row, expected in (((None, 1), ("null", "login", None)), (("a", "x"), ("wrong_type", "age", "x"))):
        with pytest.raises(Exception, match="FIELD_") as raised:
            spark.createDataFrame([row], schema).collect()
        (error,) = read_errors(str(raised.value))
        assert (error.kind, *error.columns, error.value) == expected
