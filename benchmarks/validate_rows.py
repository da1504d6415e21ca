"""Rows of a Parquet file against an entry, beside other tools on the same rules: seconds of CPU, peak memory, counts.

    python benchmarks/validate_rows.py [ROWS | --quick]      (10,000,000 when left out)

Every tool runs in a process of its own. Great Expectations works in pandas, and is given a tenth of the rows: its seconds
are multiplied by ten. The counts are checked against DuckDB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

CONTRACT = r"""
system: web
entities:
  signup:
    kind: entry
    fields:
      username: {type: text, required: true, min_length: 3, max_length: 12, pattern: "[a-z][a-z0-9]*", unique: true}
      email: {type: text, required: true, max_length: 60, pattern: "[a-z0-9.]+@[a-z0-9]+(?:\\.[a-z0-9]+)+"}
      country: {type: text, required: true, one_of: [FI, SE, DK, EE]}
      amount: {type: decimal, required: true, min: 0, max: 100000, scale: 2}
      birth_date: {type: date, required: true, min: "1900-01-01", max: "2020-01-01"}
"""
USERNAME, EMAIL = "^[a-z][a-z0-9]*$", r"^[a-z0-9.]+@[a-z0-9]+(?:\.[a-z0-9]+)+$"
COUNTRIES = ["FI", "SE", "DK", "EE"]
FIRST, LAST = date(1900, 1, 1), date(2020, 1, 1)


def generate(file: Path, rows: int) -> None:
    """Rows of which one in a thousand is bad in some way; a thousand user names are there twice."""
    import polars as pl

    number = pl.int_range(pl.len(), dtype=pl.Int64)
    other = number.hash(1)
    bad = other % 1_000
    original = pl.when(number >= rows - 1_000).then(number - rows + 1_000).otherwise(number)
    user = pl.format("u{}", original.cast(pl.String))
    frame = pl.select(pl.repeat(0, rows).alias("zero")).lazy()
    frame.select(
        pl.when(bad == 0)
        .then(pl.lit("TooLong") + user + "xxxxxxxx")
        .when(bad == 5)
        .then(None)
        .otherwise(user)
        .alias("username"),
        pl.when(bad == 1).then(pl.lit("no address")).otherwise(pl.format("user.{}@example.com", number)).alias("email"),
        pl.when(bad == 2).then(pl.lit("XX")).otherwise(pl.lit("FI")).alias("country"),
        pl.when(bad == 3)
        .then(-1)
        .otherwise((other % 10_000_000).cast(pl.Int64))
        .cast(pl.Decimal(12, 2))
        .alias("whole"),
        pl.when(bad == 4).then(pl.lit(date(2030, 1, 1))).otherwise(pl.lit(date(1990, 5, 17))).alias("birth_date"),
    ).with_columns((pl.col("whole") / 100).cast(pl.Decimal(12, 2)).alias("amount")).drop("whole").sink_parquet(file)


def conditions() -> dict[str, object]:
    """The rules, by hand, as polars has them."""
    import polars as pl

    c = pl.col
    return {
        "username length": c("username").str.len_chars().is_between(3, 12).fill_null(value=False),
        "username form": c("username").str.contains(USERNAME).fill_null(value=False),
        "email length": (c("email").str.len_chars() <= 60).fill_null(value=False),
        "email form": c("email").str.contains(EMAIL).fill_null(value=False),
        "country": c("country").is_in(COUNTRIES).fill_null(value=False),
        "amount": c("amount").is_between(0, 100_000).fill_null(value=False),
        "birth date": c("birth_date").is_between(FIRST, LAST).fill_null(value=False),
    }


def fieldline(file: Path, *, unique: bool) -> dict[str, int]:
    """Ours."""
    import fieldline as ours
    from fieldline.rows.engines.polars.rows import Rows

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fieldline.yaml").write_text("estate: bench\nlineage: []\n", encoding="utf-8")
        (folder / "contracts").mkdir()
        contract = CONTRACT if unique else CONTRACT.replace(", unique: true", "")
        (folder / "contracts" / "web.yaml").write_text(contract, encoding="utf-8")
        asked = ours.load(folder).entry("web.signup").requirement
    judged = Rows([file], asked).judge()
    return {"refused": judged.rejected, "repeated": sum(each.rows for each in judged.repeated)}


def fused(file: Path, *, unique: bool) -> dict[str, int]:
    """One predicate by hand, attribution on the bad rows."""
    import polars as pl

    frame, told = pl.scan_parquet(file), conditions()
    bad = frame.filter(~pl.all_horizontal(list(told.values())))
    sums = [(~met).sum().alias(name) for name, met in told.items()]
    rows = bad.select(pl.len(), *sums).collect(engine="streaming")
    found = {"refused": rows["len"][0]}
    return found | (_by_hand_unique(frame) if unique else {})


def rule_by_rule(file: Path, *, unique: bool) -> dict[str, int]:
    """A query for every rule, as most suites do."""
    import polars as pl

    frame, told = pl.scan_parquet(file), conditions()
    for met in told.values():
        frame.filter(~met).select(pl.len()).collect(engine="streaming").item()
    rows = frame.filter(~pl.all_horizontal(list(told.values()))).select(pl.len()).collect(engine="streaming").item()
    return {"refused": rows} | (_by_hand_unique(frame) if unique else {})


def _by_hand_unique(frame: object) -> dict[str, int]:
    import polars as pl

    names = frame.select(pl.col("username")).drop_nulls()  # type: ignore[attr-defined]
    told = names.select(pl.len().alias("rows"), pl.col("username").n_unique().alias("distinct"))
    rows, distinct = told.collect(engine="streaming").row(0)
    return {"repeated": rows - distinct}


def pandera_polars(file: Path, *, unique: bool) -> dict[str, int]:
    """Pandera on polars, lazily."""
    import pandera.polars as pa
    import polars as pl

    def column(kind: object, *checks: object, **more: bool) -> object:
        return pa.Column(kind, list(checks), nullable=False, **more)

    schema = pa.DataFrameSchema(
        {
            "username": column(pl.String, pa.Check.str_length(3, 12), pa.Check.str_matches(USERNAME), unique=unique),
            "email": column(pl.String, pa.Check.str_length(0, 60), pa.Check.str_matches(EMAIL)),
            "country": column(pl.String, pa.Check.isin(COUNTRIES)),
            "amount": column(
                pl.Decimal(12, 2), pa.Check(lambda d: d.lazyframe.select(pl.col(d.key).is_between(0, 100_000)))
            ),
            "birth_date": column(pl.Date, pa.Check.in_range(FIRST, LAST)),
        }
    )
    try:
        schema.validate(pl.read_parquet(file), lazy=True)
    except pa.errors.SchemaErrors as error:
        return {"cases": len(error.failure_cases)}
    return {"cases": 0}


def great_expectations(file: Path, *, unique: bool) -> dict[str, int]:
    """GX on pandas."""
    import logging

    import great_expectations as gx
    import pandas as pd
    import polars as pl
    from great_expectations import expectations as gxe

    logging.disable(logging.CRITICAL)
    rows = pd.DataFrame(pl.read_parquet(file).to_dict(as_series=False))
    rows["amount"] = rows["amount"].astype(float)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    suite = gx.ExpectationSuite("s")
    expected = [
        gxe.ExpectColumnValuesToNotBeNull(column=name)
        for name in ("username", "email", "country", "amount", "birth_date")
    ]
    expected += [
        gxe.ExpectColumnValueLengthsToBeBetween(column="username", min_value=3, max_value=12),
        gxe.ExpectColumnValuesToMatchRegex(column="username", regex=USERNAME),
        gxe.ExpectColumnValueLengthsToBeBetween(column="email", max_value=60),
        gxe.ExpectColumnValuesToMatchRegex(column="email", regex=EMAIL),
        gxe.ExpectColumnValuesToBeInSet(column="country", value_set=COUNTRIES),
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0, max_value=100_000),
        gxe.ExpectColumnValuesToBeBetween(column="birth_date", min_value=FIRST, max_value=LAST),
    ]
    if unique:
        expected.append(gxe.ExpectColumnValuesToBeUnique(column="username"))
    for each in expected:
        suite.add_expectation(each)
    found = batch.get_batch(batch_parameters={"dataframe": rows}).validate(suite)
    return {"failed": sum(not result.success for result in found.results)}


TOOLS = {tool.__name__: tool for tool in (fieldline, fused, rule_by_rule, pandera_polars, great_expectations)}
TENTH = {"great_expectations"}


def main() -> None:
    """Generate, run every tool, print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("rows", type=int, nargs="?", default=10_000_000)
    asked.add_argument("--quick", action="store_true", help="100,000 rows: whether it runs, not how fast")
    given = asked.parse_args()
    rows = 100_000 if given.quick else given.rows
    with tempfile.TemporaryDirectory() as name:
        whole, tenth = Path(name) / "whole.parquet", Path(name) / "tenth.parquet"
        generate(whole, rows)
        generate(tenth, rows // 10)
        print(f"{rows:,} rows; DuckDB counts {counted(whole)}")
        for unique in (False, True):
            seconds: dict[str, float] = {}
            for tool in TOOLS:
                used, peak, told = run(tool, tenth if tool in TENTH else whole, unique=unique)
                seconds[tool] = used * (10 if tool in TENTH else 1)
                times = "x10 " if tool in TENTH else ""
                ratio = seconds["fieldline"] / seconds[tool]
                shown = f"{seconds[tool]:7.2f} s {times:4} {peak:6,} MiB   ours is {ratio:5.2f}x   {told}"
                print(f"{tool:20} {'unique' if unique else '      '} {shown}", flush=True)


def run(tool: str, file: Path, *, unique: bool) -> tuple[float, int, str]:
    """Seconds of CPU, peak memory in MiB, what it found."""
    command = [sys.executable, __file__, "--tool", tool, str(file), str(int(unique))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    used, peak, told = json.loads(done.stdout.splitlines()[-1])
    return used, peak, str(told)


def counted(file: Path) -> dict[str, int]:
    """What an engine that shares nothing with us counts."""
    import duckdb

    rules = f"""
        username IS NULL OR length(username) NOT BETWEEN 3 AND 12 OR NOT regexp_full_match(username, '[a-z][a-z0-9]*')
        OR email IS NULL OR length(email) > 60 OR NOT regexp_full_match(email, '{EMAIL[1:-1]}')
        OR country IS NULL OR country NOT IN ('FI', 'SE', 'DK', 'EE') OR amount IS NULL OR amount NOT BETWEEN 0 AND 100000
        OR birth_date IS NULL OR birth_date NOT BETWEEN DATE '1900-01-01' AND DATE '2020-01-01'"""
    query = f"SELECT count(*) FILTER ({rules}), count(username) - count(DISTINCT username) FROM '{file}'"  # noqa: S608
    ((rejected, repeated),) = duckdb.sql(query).fetchall()
    return {"refused": rejected, "repeated": repeated}


def tool_main() -> None:
    """One tool, in a process of its own."""
    _, _, tool, file, unique = sys.argv
    told = TOOLS[tool](Path(file), unique=unique == "1")
    used = resource.getrusage(resource.RUSAGE_SELF)
    (peak,) = (
        line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    print(json.dumps([used.ru_utime + used.ru_stime, int(peak) // 1024, told]))


if __name__ == "__main__":
    tool_main() if "--tool" in sys.argv else main()
