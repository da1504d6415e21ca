"""The same question asked of several engines about the same ten million rows: seconds on the clock, and the same answer.

    python benchmarks/engines.py [ROWS | --quick]

polars reads Parquet here; DuckDB is a warehouse that holds the rows as a table, and is asked in its own SQL; Spark reads
the Parquet, in local mode. pandera's ibis backend asks DuckDB, too. (pandera's pyspark backend says only whether a frame
passes, and does not import beside pandas 3.)
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from pathlib import Path

from validate_rows import CONTRACT, COUNTRIES, EMAIL, FIRST, LAST, USERNAME, generate

ROWS = 10_000_000


def main() -> None:
    """Generate, ask every engine, print."""
    asked_for = argparse.ArgumentParser()
    asked_for.add_argument("rows", type=int, nargs="?", default=ROWS)
    asked_for.add_argument("--quick", action="store_true", help="100,000 rows: whether it runs, not how fast")
    given = asked_for.parse_args()
    rows = 100_000 if given.quick else given.rows
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "whole.parquet", rows)
        in_duckdb(folder)
        seconds = {}
        for engine, where in (("polars", "whole.parquet"), ("sql", "env:BENCH_DB/signup"), ("spark", "whole.parquet")):
            place = where if where.startswith("env:") else str(folder / where)
            seconds[engine], told = asked(folder, engine, place)
            print(f"{engine:14} {seconds[engine]:6.1f} s   {told}", flush=True)
        took, found = pandera_ibis(folder)
        print(f"pandera[ibis]  {took:6.1f} s   {found} failure cases; ours in DuckDB is {seconds['sql'] / took:.2f}x")


def in_duckdb(folder: Path) -> None:
    """The rows as a table."""
    import duckdb

    with duckdb.connect(folder / "rows.duckdb") as connection:
        connection.execute(f"create table signup as from '{folder / 'whole.parquet'}'")
    os.environ["BENCH_DB"] = f"duckdb:///{folder / 'rows.duckdb'}"


def asked(folder: Path, engine: str, where: str) -> tuple[float, str]:
    """Seconds on the clock, and the counts."""
    import fieldline
    from fieldline.documents.variables import Variables
    from fieldline.rows.engines.registry import ENGINES
    from fieldline.rows.sources import silent

    (folder / "fieldline.yaml").write_text("estate: bench\nlineage: []\n", encoding="utf-8")
    (folder / "contracts").mkdir(exist_ok=True)
    (folder / "contracts" / "web.yaml").write_text(CONTRACT, encoding="utf-8")
    entry = fieldline.load(folder).entry("web.signup")
    began = time.perf_counter()
    with ENGINES[engine]([where], entry, silent, Variables(frozenset({"BENCH_DB"}))) as rows:
        judged = rows.judge(silent)
    took = time.perf_counter() - began
    repeated = sum(each.rows for each in judged.repeated)
    return took, f"{judged.rows:,} rows, {judged.rejected:,} rejected, {repeated:,} repeated"


def pandera_ibis(folder: Path) -> tuple[float, int]:
    """The peer on the same table."""
    import ibis
    import pandera.errors
    import pandera.ibis as pa

    table = ibis.duckdb.connect(folder / "rows.duckdb", read_only=True).table("signup")
    check = pa.Check
    schema = pa.DataFrameSchema(
        {
            "username": pa.Column(str, [check.str_matches(USERNAME), check.str_length(3, 12)]),
            "email": pa.Column(str, [check.str_matches(EMAIL), check.str_length(None, 60)]),
            "country": pa.Column(str, check.isin(COUNTRIES)),
            "amount": pa.Column(None, check.in_range(0, 100_000)),
            "birth_date": pa.Column(None, check.in_range(FIRST, LAST)),
        },
        unique=["username"],
    )
    began = time.perf_counter()
    try:
        schema.validate(table, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return time.perf_counter() - began, len(errors.failure_cases)
    return time.perf_counter() - began, 0


if __name__ == "__main__":
    main()
