"""Two systems held against each other, record by record: seconds, CPU seconds and memory, beside a plain polars join.

    python benchmarks/reconcile.py [ROWS]

Both systems are Parquet files of as many rows as are given, 5,000,000 without an argument; `--quick` makes 50,000. A flow
brings the key with a prefix, and ten fields, of which one is trimmed and in upper case and one is cut. In five of them one
row in 50,000 holds something else. The plain join reads the same files, joins them by the key as it is made for both, and
counts where ten columns differ, without a step, a type or a null of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from fieldline.estate.load import load_estate
from fieldline.rows.reconcile.compare import reconcile
from fieldline.rows.sources import silent

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("name", "street", "city", "email", "phone", "country", "currency", "segment", "branch", "limit")
WRONG = ("name", "street", "email", "segment", "limit")
EVERY = 50_000


def write_estate(folder: Path, rows: int) -> None:
    """The contracts, the flows and both files."""
    for name in ("contracts", "lineage"):
        (folder / name).mkdir()
    (folder / "fieldline.yaml").write_text("estate: two\nengine: postgres\n", encoding="utf-8")
    fields = {"no": {"type": "text", "required": True}}
    fields |= {name: {"type": "integer" if name == "limit" else "text"} for name in NAMES}
    fields["street"] = {"type": "text", "max_length": 60}
    for system in ("a", "b"):
        tree = {
            "system": system,
            "entities": {"e": {"key": "no", "store": {"file": f"{system}.parquet"}, "fields": fields}},
        }
        (folder / "contracts" / f"{system}.yaml").write_text(json.dumps(tree), encoding="utf-8")
    steps: dict[str, list[object]] = {"no": [{"prefix": "B-"}], "name": ["trim", "upper"], "street": [{"truncate": 20}]}
    flows = [{"from": f"a.e.{name}", "to": f"b.e.{name}", "via": steps.get(name, [])} for name in fields]
    (folder / "lineage" / "flows.yaml").write_text(json.dumps({"flows": flows}), encoding="utf-8")
    place = pl.int_range(rows)
    number = place.cast(pl.String)
    frame = pl.select(
        no=pl.lit("C") + number.str.zfill(9),
        name=pl.lit(" Customer ") + (place * 7919 % rows).cast(pl.String) + pl.lit(" Virtanen "),
        street=pl.lit("Mannerheimintie ") + (place % 900_000).cast(pl.String) + pl.lit(" A 5"),
        city=pl.lit("City ") + (place % 3_000).cast(pl.String),
        email=pl.lit("customer") + number + pl.lit("@bank.example"),
        phone=pl.lit("+3584") + (place * 31 % 10_000_000).cast(pl.String),
        country=pl.lit("FI"),
        currency=pl.lit("EUR"),
        segment=(place % 7).cast(pl.String),
        branch=pl.lit("B") + (place % 200).cast(pl.String),
        limit=place % 10_000,
    )
    frame.write_parquet(folder / "a.parquet")
    other = frame.with_columns(
        no=pl.lit("B-") + pl.col("no"),
        name=pl.col("name").str.strip_chars().str.to_uppercase(),
        street=pl.col("street").str.head(20),
    )
    wrong = [
        pl.when(place % EVERY == offset)
        .then(pl.lit(-1 if name == "limit" else "?"))
        .otherwise(pl.col(name))
        .alias(name)
        for offset, name in enumerate(WRONG)
    ]
    other.with_columns(wrong).sample(fraction=1, shuffle=True, seed=7).write_parquet(folder / "b.parquet")


def reconciled(folder: Path) -> str:
    """Fieldline's answer."""
    answer = reconcile(load_estate(folder), "a", "b", datetime.now(UTC), silent)
    (pair,) = answer.pairs
    wrong = {each.field.name: each.wrong for each in pair.fields if each.wrong}
    expected = -(-pair.source_records // EVERY)
    assert not pair.missing
    assert not pair.extra
    assert pair.matched == pair.source_records
    assert wrong == dict.fromkeys(WRONG, expected), wrong
    assert pair.agreeing == pair.matched - expected * len(WRONG)
    return f"{pair.matched:,} records of both, {pair.agreeing:,} agree, {len(wrong)} fields differ"


def plain(folder: Path) -> str:
    """A join of both files, by their keys, and the rows in which each column differs."""
    ones = pl.scan_parquet(folder / "a.parquet").with_columns(no=pl.lit("B-") + pl.col("no"))
    joined = ones.join(pl.scan_parquet(folder / "b.parquet"), on="no", how="full", suffix=" there")
    differing = joined.select([(pl.col(name) != pl.col(f"{name} there")).sum() for name in NAMES]).collect(
        engine="streaming"
    )
    return f"{sum(count > 0 for count in differing.row(0))} columns differ"


def _measured(work: Callable[[Path], str], folder: Path) -> tuple[str, float, float, float]:
    started, before = time.perf_counter(), time.process_time()
    answer = work(folder)
    seconds, busy = time.perf_counter() - started, time.process_time() - before
    return answer, seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measured(work: Callable[[Path], str], folder: Path) -> float:
    """Print what a process of its own takes; its CPU seconds."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        answer, seconds, busy, gibibytes = pool.submit(_measured, work, folder).result()
    print(f"{work.__name__:10} {seconds:6.1f} s  {busy:6.1f} s of CPU  {gibibytes:5.2f} GiB  {answer}", flush=True)
    return busy


def main() -> None:
    """Measure both."""
    rows = 50_000 if "--quick" in sys.argv else int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_estate(folder, rows)
        base = measured(plain, folder)
        print(f"ratio      {measured(reconciled, folder) / base:6.1f}")


if __name__ == "__main__":
    main()
