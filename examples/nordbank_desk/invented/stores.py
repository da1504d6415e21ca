"""The stores: SQLite, CSV, lines of JSON, and a file of fixed width in EBCDIC."""

from __future__ import annotations

import csv
import json
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from .customers import customer
from .faults import ACTIONS, KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .customers import Customer, Row
    from .faults import Truth


@dataclass(frozen=True)
class Built:
    """What was written."""

    variables: dict[str, str]
    """Those that name the stores with an address."""
    first: dict[str, str]
    """By the kind of a fault, the number of a customer who has it."""


def build(folder: Path, customers: int, planted: int, seed: int, now: datetime) -> Built:
    """Write the stores into a folder, with so many faults of each kind."""
    if planted * len(KINDS) > customers:
        message = f"{customers} customers are too few for {planted} faults of {len(KINDS)} kinds"
        raise ValueError(message)
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(seed)  # noqa: S311 - invented customers are no secret
    faulty = random.sample(range(customers), planted * len(KINDS))
    kinds = {place: KINDS[number % len(KINDS)] for number, place in enumerate(faulty)}
    free = [place for place in range(customers) if place not in kinds]
    acted = Random(f"{seed} actions").sample(free, min(planted * len(ACTIONS), len(free)))  # noqa: S311
    kinds |= {place: ACTIONS[number % len(ACTIONS)] for number, place in enumerate(acted)}
    bank, truths = [], {}
    for place in range(customers):
        one = customer(place, random, now)
        if place in kinds:
            truths[one.number] = kinds[place](one, random, now)
        bank.append(one)
    _databases(folder, bank)
    _fixed_width(folder / "CUSTMAST.DAT", _rows(bank, "billing"))
    for name, system in (("labels.csv", "letters"), ("recipients.csv", "statements")):
        _csv(folder / name, _rows(bank, system))
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(bank, "marketing"))
    (folder / "contacts.ndjson").write_text("".join(lines), encoding="utf-8")
    calls = [{"order_ref": f"{place:09}", "product": "Savings account"} for place in range(1, 50)]
    _csv(folder / "orders.csv", calls)
    moves = [move for one in bank for move in one.moves]
    _csv(
        folder / "requests.csv",
        [{name: move[name] for name in ("loan_no", "customer_no", "old_due", "new_due")} for move in moves],
    )
    truth = {number: _plain(truth) for number, truth in truths.items()}
    (folder / "truth.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
    variables = {
        f"{name}_DB": f"sqlite:///{(folder / f'{name.lower()}.db').resolve()}"
        for name in ("CRM", "PAYMENTS", "LOANS", "SHOP")
    }
    return Built(variables, {each.kind: number for number, each in reversed(truths.items())})


def _plain(truth: Truth) -> Row:
    return {
        "kind": truth.kind,
        "faults": [vars(fault) for fault in truth.faults],
        "not_yet_due": truth.not_yet_due,
        "not_known": truth.not_known,
        "not_brought": truth.not_brought,
        "held": truth.held,
        "start": truth.start,
    }


def _rows(bank: Iterable[Customer], system: str) -> list[Row]:
    rows = []
    for one in bank:
        row = one.rows[system]
        if row is not None:
            rows += [row] * (2 if system in one.again else 1)
    return rows


def _databases(folder: Path, bank: list[Customer]) -> None:
    ids = [{"crm_id": one.number, "loan_id": row["loan_id"]} for one in bank if (row := one.rows["loans"]) is not None]
    orders = [{"order_no": number, "product": product} for one in bank for number, product in one.orders.items()]
    orders += [{"order_no": f"W{place:09}", "product": "Savings account"} for place in range(1, 50)]
    _table(folder / "crm.db", "person", _rows(bank, "crm"), ("username", "email"))
    _table(folder / "crm.db", "ids", ids, ("loan_id",), fresh=False)
    _table(folder / "payments.db", "mandate", _rows(bank, "payments"))
    _table(folder / "loans.db", "borrower", _rows(bank, "loans"))
    instalments = [
        {name: move[key] for name, key in zip(_INSTALMENT, ("loan_no", "old_due", "due_date", "amount"), strict=True)}
        for one in bank
        for move in one.moves
    ]
    _table(folder / "loans.db", "instalment", instalments, fresh=False)
    _table(folder / "shop.db", "orders", orders)
    _table(folder / "iam.db", "account", _rows(bank, "iam"))


_INSTALMENT = ("loan_no", "due_before", "due_date", "amount")


def _table(path: Path, table: str, rows: list[Row], indexed: tuple[str, ...] = (), *, fresh: bool = True) -> None:
    """A table whose first column is its key."""
    if fresh:
        path.unlink(missing_ok=True)
    names = list(rows[0])
    with sqlite3.connect(path) as database:
        kinds = {"credit_limit": "NUMERIC", "amount": "NUMERIC", "consent": "INTEGER", "handler_told": "INTEGER"}
        columns = ", ".join(f"{name} {kinds.get(name, 'TEXT')}" for name in names)
        database.execute(f"CREATE TABLE {table} ({columns}, PRIMARY KEY ({names[0]}))")
        for name in indexed:
            database.execute(f"CREATE INDEX {table}_{name} ON {table} ({name})")
        marks = ", ".join("?" * len(names))
        written = [tuple(_column(value) for value in row.values()) for row in rows]
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", written)  # noqa: S608 - names that stand above
    database.close()


def _column(value: object) -> object:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case _:
            return value


def _csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _column(value) for name, value in row.items()} for row in rows)


WIDTHS = {"customer_ref": 10, "username": 12, "full_name": 60, "street": 60, "city": 40}


def _fixed_width(path: Path, rows: list[Row]) -> None:
    """Records of 216 bytes in EBCDIC, the limit in four bytes of packed digits."""
    with path.open("wb") as file:
        for row in rows:
            for name, width in WIDTHS.items():
                file.write((row[name] or "").encode("cp037").ljust(width, b"\x40"))
            file.write(bytes.fromhex(f"{int(row['credit_limit'] * 100):07}c"))
            file.write(row["updated_at"].isoformat(timespec="seconds").encode("cp037").ljust(30, b"\x40"))
