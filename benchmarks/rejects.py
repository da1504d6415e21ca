"""Dead letters of nordbank by root: seconds, CPU seconds and memory, against a plain polars group-by of the same file.

    python benchmarks/rejects.py [ROWS]

The file is NDJSON as `kcat -J` writes a dead letter queue: the headers of Kafka Connect, the message of PostgreSQL's JDBC
driver with the refused row in it, a time. Without an argument there are 1,000,000 records with more than 300,000 different
values; `--quick` makes 20,000.
"""

from __future__ import annotations

import json
import random
import resource
import string
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from fieldline.estate.load import load_estate
from fieldline.rows.rejects import group_rejects
from fieldline.rows.sources import silent

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
MESSAGE = "__connect.errors.exception.message"
LETTERS = string.ascii_uppercase + string.digits
CUSTOMERS = 440_000
"""Each is refused again and again; four of five messages tell the value."""


def _message(letters: random.Random) -> str:
    """One of four faults: a user name that is too long, or has a dot; one that is not told; a missing name."""
    chance = random.Random(letters.randrange(CUSTOMERS))
    fault = chance.random()
    if fault < 0.7:
        name = "".join(chance.choices(LETTERS, k=chance.randint(13, 20)))
        row, what = f"'{name}','FI'", "value too long for type character varying(12)"
    elif fault < 0.8:
        name = "".join(chance.choices(LETTERS, k=5)) + "." + "".join(chance.choices(LETTERS, k=chance.randint(1, 6)))
        row = f"'{name}','FI'"
        what = 'new row for relation "customer" violates check constraint "customer_username_check"'
    elif fault < 0.95:
        return f"Data too long for column 'username' at row {chance.randint(1, 50)}"
    else:
        return 'null value in column "full_name" of relation "customer" violates not-null constraint'
    return (
        f'java.sql.BatchUpdateException: Batch entry 0 INSERT INTO "customer" ("username","country") VALUES ({row}) was '  # noqa: S608 - a message
        f"aborted: ERROR: {what}  Call getNextException to see other errors in the batch."
    )


def write_letters(file: Path, rows: int) -> None:
    """The file."""
    chance = random.Random(7)
    with file.open("w", encoding="utf-8") as lines:
        for number in range(rows):
            headers = [
                "__connect.errors.topic",
                "customers",
                "__connect.errors.offset",
                str(number),
                MESSAGE,
                _message(chance),
            ]
            letter = {
                "topic": "dlq",
                "partition": 0,
                "offset": number,
                "ts": 1_767_000_000_000 + number * 40,
                "headers": headers,
            }
            lines.write(json.dumps(letter) + "\n")


def grouped(file: Path) -> str:
    """Fieldline's groups."""
    answer = group_rejects(load_estate(ROOT / "examples" / "nordbank"), file, silent)
    assert sum(group.records for group in answer.groups) + answer.unread == answer.records
    assert not answer.unread
    values = sum(group.values for group in answer.groups)
    assert answer.records < 1_000_000 or values >= 300_000
    return f"{answer.records:,} records, {values:,} distinct values, {len(answer.groups)} groups"


def plain(file: Path) -> str:
    """A plain group-by of the same messages."""
    text = pl.col("headers").list.get(5)
    counts = (
        pl.scan_ndjson(file).group_by(text.alias("text")).agg(pl.len(), pl.col("ts").min()).collect(engine="streaming")
    )
    return f"{counts.height:,} distinct messages"


def _measured(work: Callable[[Path], str], file: Path) -> tuple[str, float, float, float]:
    started, before = time.perf_counter(), time.process_time()
    answer = work(file)
    seconds, busy = time.perf_counter() - started, time.process_time() - before
    return answer, seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measured(work: Callable[[Path], str], file: Path) -> float:
    """Print what a process of its own takes; its CPU seconds."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        answer, seconds, busy, gibibytes = pool.submit(_measured, work, file).result()
    print(f"{work.__name__:8} {seconds:6.1f} s  {busy:6.1f} s of CPU  {gibibytes:5.2f} GiB  {answer}", flush=True)
    return busy


def main() -> None:
    """Measure both."""
    rows = 20_000 if "--quick" in sys.argv else int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dlq.ndjson"
        write_letters(file, rows)
        base = measured(plain, file)
        print(f"ratio    {measured(grouped, file) / base:6.1f}")


if __name__ == "__main__":
    main()
