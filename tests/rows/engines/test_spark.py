"""Spark and polars say the same of the same rows: of each row and each clause, and in all."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from fieldline.application.library import LoadedEstate
from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.checker.record.crossing import crossings
from fieldline.estate.load import load_estate
from fieldline.formats.errors.read import read_errors
from fieldline.lineage.graph import Graph
from fieldline.rows.engines.polars.rows import Rows
from fieldline.rows.engines.spark import SparkRows, spark_session
from fieldline.rows.reconcile import compare
from fieldline.rows.reconcile.in_spark import rows_of_spark
from fieldline.rows.sources import silent
from fieldline.values.budget import STANDARD

from ...properties.estates import estate
from ..reconcile.test_compare import write_systems
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
    assert len(list(SparkRows(spark, [str(file)], entry).rejected())) == judged.rejected  # asked before anything else


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


def test_spark_leaves_out_what_agrees_in_two_systems_and_nothing_else(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = {"no": "text", "name": "text", "kind": "text", "amount": "decimal", "on": "boolean", "born": "date"}
    fields = {name: {"type": kind} for name, kind in kinds.items()} | {"at": {"type": "datetime"}}
    fields["name"]["max_length"] = 8
    entities = {
        name: {"key": "no", "changed": "at", "fields": fields, "store": {"file": f"{name}.parquet"}} for name in "ab"
    }
    steps: dict[str, list[Any]] = {
        "no": [{"prefix": "it's-"}, {"truncate": 20}],
        "name": ["trim", "upper"],
        "kind": [{"map": {"values": {"x": "1", "it's": "2"}}}, {"suffix": "\\"}],
    }
    flows = [{"from": f"a.e.{name}", "to": f"b.e.{name}", "via": steps.get(name, []), "lag": "PT1H"} for name in kinds]
    write_systems(tmp_path, entities, flows)
    day, at = date(1980, 1, 1), datetime(2026, 5, 4, 12, tzinfo=UTC)
    names = (" Anna ", "maximilian", None, "new\nline", " Åsa", "bo")
    ours = [
        (f"{i:03}", names[i % 6], ("x", "it's")[i % 2], Decimal(i) / 4, i % 3 == 0, day + timedelta(i), at)
        for i in range(120)
    ]
    theirs = [
        (f"it's-{no}", None if name is None else name.strip().upper()[:8], {"x": "1\\", "it's": "2\\"}[kind], *rest)
        for no, name, kind, *rest in ours
    ]
    theirs[7] = (*theirs[7][:3], Decimal("99.25"), *theirs[7][4:])
    theirs[13] = ("it's-999", *theirs[13][1:])
    theirs[14] = (*theirs[14][:5], None, theirs[14][6])
    theirs.append(theirs[20])
    schema = dict(
        zip(fields, (*[pl.String] * 3, pl.Decimal(9, 2), pl.Boolean, pl.Date, pl.Datetime("us", "UTC")), strict=True)
    )
    pl.DataFrame(ours, schema=schema, orient="row").write_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").mkdir()  # as Spark writes
    for part in (0, 1):
        some = pl.DataFrame(theirs[part::2], schema=schema, orient="row")
        some.write_parquet(tmp_path / "b.parquet" / f"part-{part}.parquet")
    (tmp_path / "b.parquet" / "_SUCCESS").touch()
    estate_of = load_estate(tmp_path)
    first, second = (list(estate_of.contracts.systems[name].entities.values()) for name in "ab")
    (crossing,) = crossings(Graph(estate_of.contracts, estate_of.flows), (), first, second, STANDARD)
    folders = tmp_path / "ours", tmp_path / "theirs"
    for folder in folders:
        folder.mkdir()
    left = rows_of_spark(spark, estate_of, crossing, folders, silent)
    assert left is not None
    read = left.source.frame.collect()
    assert read.height + left.agreed == len(ours)
    assert read.height < 60, "a name with other letters than those of ASCII is not sure"
    assert read["at"][0] == at
    monkeypatch.setattr(compare, "rows_of_spark", lambda *_: left)
    later = at + timedelta(days=1)
    answers = [compare.reconcile(estate_of, "a", "b", later, silent, spark=each) for each in (spark, None)]
    (by_spark,), (whole,) = (answer.pairs for answer in answers)
    assert replace(by_spark, source=whole.source, target=whole.target, fields=whole.fields) == whole
    counted = [[(str(f.field.full_name), f.wrong, f.unread) for f in pair.fields] for pair in (by_spark, whole)]
    assert counted[0] == counted[1]
    assert (whole.source_records, whole.several, whole.extra, len(whole.missing)) == (120, 3, 1, 1)
