"""An entry with demands of every kind, and values to be judged by it, which engines are known to read differently."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

FIELDS = {
    "login": {"type": "text", "required": True, "max_length": 8, "pattern": "[a-z0-9]*", "unique": True},
    "core": {"type": "text", "max_bytes": {"limit": 6, "encoding": "cp037"}},
    "wide": {"type": "text", "max_utf16": 3},
    "first": {"type": "text", "max_length": 5},
    "last": {"type": "text", "max_length": 5, "unique": {"case": "insensitive"}},
    "land": {"type": "text"},
    "code": {"type": "text"},
    "count": {"type": "integer", "min": 0, "max": 50},
    "amount": {"type": "decimal", "min": "0.5", "scale": 2},
    "flag": {"type": "boolean", "one_of": [True]},
    "born": {"type": "date", "max": "2020-01-01"},
    "typed": {"type": "date", "min": "2000-01-01"},
    "nowhere": {"type": "text", "max_length": 3},
}
DB = {"name": {"type": "text", "max_length": 8}, "code": {"type": "text", "pattern": "[0-9]{5}"}}
FLOWS = [
    {"from": ["in.e.first", "in.e.last"], "to": "db.e.name", "via": [{"concat": {"separator": " ", "nulls": "skip"}}]},
    {"from": "in.e.code", "to": "db.e.code", "when": "in.e.land = 'FI'"},
]
TEXTS = [
    *(None, "", " ", "abc", "ABC", "abc ", "abc\n", "ÅSA", "åsa", "ß", "😀😀", "12345", "1234", "FI", "fi", "x" * 9),
    *("a b", "{1}", "%s", "\\", "'", "\u0130", "a\u0301", "a\0b", "ab\0cdefghi", "\0"),
]
POOLS: dict[str, list[Any]] = {
    "count": [None, -1, 0, 50, 51],
    "amount": [None, *map(Decimal, ("0.49", "0.5", "1.234", "1.2300"))],
    "flag": [None, True, False],
    "born": [None, date(2019, 12, 31), date(2020, 1, 1), date(2020, 1, 2)],
    "typed": [None, "2001-02-03", "1999-12-31", "2001-02-30", ""],
}
