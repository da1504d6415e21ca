"""One record across eight SQLite stores, beside eight plain SELECTs by its keys in the same run; and with one that hangs.

python benchmarks/record_in_stores.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fieldline.application.record import named_record, record_answer
from fieldline.estate.load import load_estate
from fieldline.rows.stores.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.application.record import RecordAnswer

STORES = 8
FIELDS = [f"f{number}" for number in range(10)]
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def main() -> None:
    """Print milliseconds and ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="a hundred customers, and each once")
    quick = asked.parse_args().quick
    customers, rounds = (100, 1) if quick else (100_000, 15)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_estate(root)
        fill(root, customers)
        key = f"C{customers // 2:08}"
        estate = load_estate(root)
        stores = Stores(estate)

        def look() -> RecordAnswer:
            return record_answer(estate, named_record(estate, f"s7.e/{key}"), stores.ask, NOW)

        assert look().where.is_well
        assert len(look().where.found) == STORES
        plain = measured(rounds, lambda: [select(root, number, key) for number in range(STORES)])
        ours = measured(rounds, look)
        told("all well", ours, plain, customers)

        change(root, 4, key)
        assert [fault.stop.entity.system for fault in look().where.faults] == ["s4"]
        twice = measured(rounds, look)
        told("one of them stale, read twice", twice, plain, customers)

        with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and says nothing
            os.environ["S7_DB"] = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"

            def look_past() -> None:
                assert record_answer(estate, named_record(estate, f"s0.e/{key}"), stores.ask, NOW).where.open

            first = measured(1, look_past)
            again = measured(1 if quick else 3, look_past)
        print(
            f"{'and one that hangs, with its limit of 1 s:':62} {first:6.1f} ms; asked again while it hangs {again:.1f} ms"
        )


def told(what: str, ours: float, plain: float, customers: int) -> None:
    """Print a figure beside that of the peer."""
    head = f"{STORES} stores of {customers:,} records, {what}:"
    print(f"{head:62} {ours:6.1f} ms; plain SELECTs {plain:5.1f} ms; {ours / plain:.0f}x")


def measured(rounds: int, action: Callable[[], object]) -> float:
    """The median of some calls, in milliseconds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def write_estate(root: Path) -> None:
    """A chain of systems, each fed by the one before it."""
    (root / "contracts").mkdir()
    (root / "lineage").mkdir()
    names = [f"S{number}_DB" for number in range(STORES)]
    (root / "fieldline.yaml").write_text(json.dumps({"estate": "bench", "env": names}), encoding="utf-8")
    text = {"type": "text", "max_length": 60}
    fields = {"id": {**text, "required": True}, **dict.fromkeys(FIELDS, text), "at": {"type": "datetime"}}
    flows = []
    for number in range(STORES):
        os.environ[names[number]] = f"sqlite:///{root / f's{number}.db'}"
        store = {"database": names[number], "table": "e", "seconds": 1}
        tree = {
            "system": f"s{number}",
            "entities": {"e": {"key": "id", "store": store, "changed": "at", "fields": fields}},
        }
        (root / "contracts" / f"s{number}.yaml").write_text(json.dumps(tree), encoding="utf-8")
        if number:
            flows += [
                {"from": f"s{number - 1}.e.{name}", "to": f"s{number}.e.{name}", "lag": "PT1H"}
                for name in ("id", *FIELDS)
            ]
    (root / "lineage" / "f.yaml").write_text(json.dumps({"flows": flows}), encoding="utf-8")


def fill(root: Path, customers: int) -> None:
    """The same records in every store."""
    rows = [
        (f"C{number:08}", *(f"value {number % 97} of {name}" for name in FIELDS), "2026-05-01T00:00:00Z")
        for number in range(customers)
    ]
    for number in range(STORES):
        with sqlite3.connect(root / f"s{number}.db") as database:
            database.execute(f"CREATE TABLE e (id TEXT PRIMARY KEY, {', '.join(FIELDS)}, at TEXT)")
            database.executemany(f"INSERT INTO e VALUES ({', '.join('?' * (len(FIELDS) + 2))})", rows)  # noqa: S608 - marks alone
        database.close()


def select(root: Path, number: int, key: str) -> object:
    """The record of one store, by its key."""
    database = sqlite3.connect(f"file:{root / f's{number}.db'}?mode=ro", uri=True)
    row = database.execute("SELECT * FROM e WHERE id = ?", (key,)).fetchone()
    database.close()
    return row


def change(root: Path, number: int, key: str) -> None:
    """One store keeps an old value, and what it feeds is right."""
    with sqlite3.connect(root / f"s{number}.db") as database:
        database.execute("UPDATE e SET f3 = 'old', at = '2026-04-01T00:00:00Z' WHERE id = ?", (key,))
    database.close()


if __name__ == "__main__":
    main()
