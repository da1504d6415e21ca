"""Entries, and the records that every validator of them is tried with: witnesses, bounds, mutations, nasty values."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fieldline.application.library import LoadedEstate

from ..properties.estates import estate

if TYPE_CHECKING:
    from fieldline.application.library import Entry

RECORDS = 5_000
NASTY = [
    "", " ", "abc", "abc\n", "\nabc", "abc\r", "a\u0301", "ß", "ẞ", "\ufb01", "İ", "ı", "\u2167", "\u0663", "\uff11", "😀",
    "\U0001f469\u200d\U0001f467", "\u202ea", "a\u200bb", "a\x00b", "\ufeffabc", "\u00a0", "a\u2028b", "\ud800", "a\udfffb",
    "\\", "'", '"', "</script>", "${x}", "%s", "=1+1", "null", "é" * 40, "x" * 300, "😀" * 31, "A1", "a.b@c.de", "FI-12",
    "1e5", "01", "-0", "NaN",
]  # fmt: skip
FIELDS = {
    "login": {"type": "text", "required": True, "min_length": 2, "max_length": 12, "pattern": "[a-z][a-z0-9]*"},
    "mail": {"type": "text", "max_length": 30, "pattern": "[a-z0-9.]+@[a-z0-9]+(?:\\.[a-z]+)+"},
    "kind": {"type": "text", "one_of": ["A", "Bß", "😀"]},
    "free": {"type": "text", "max_length": 31},
    "count": {"type": "integer", "min": -3, "max": 700},
    "amount": {"type": "decimal", "min": "0.5", "exclusive_max": 1000, "scale": 2},
    "flag": {"type": "boolean"},
}
MORE = {
    "wide": {"type": "text", "max_utf16": 6},
    "byte": {"type": "text", "max_bytes": {"limit": 8, "encoding": "utf-8"}},
    "core": {"type": "text", "max_bytes": {"limit": 6, "encoding": "cp037"}},
    "born": {"type": "date", "min": "1999-12-31", "exclusive_max": "2024-03-01"},
    "first": {"type": "text", "max_length": 5},
    "last": {"type": "text", "max_length": 5},
    "land": {"type": "text", "one_of": ["FI", "SE"]},
    "code": {"type": "text"},
}
DB = {
    "name": {"type": "text", "max_length": 8},
    "code": {"type": "text", "pattern": "[0-9]{5}"},
    "trim": {"type": "text", "min_length": 2, "max_length": 4},
}
FLOWS = [
    {
        "from": ["in.e.first", "in.e.last"],
        "to": "db.e.name",
        "via": [{"concat": {"separator": " ", "nulls": "skip"}}, "trim"],
    },
    {"from": "in.e.code", "to": "db.e.code", "when": "in.e.land = 'FI'"},
    {"from": "in.e.first", "to": "db.e.trim", "via": ["trim", "upper"]},
]


BANK = {"login": {"type": "text", "max_bytes": {"limit": 9, "encoding": "cp037"}, "pattern": "[A-Z0-9]*"}}
CARRIED = [{"from": "in.e.login", "to": "bank.e.login", "via": ["trim", "upper", {"truncate": 20}]}]


def entry_of(fields: dict[str, Any]) -> Entry:
    """An entry whose user name is carried to a mainframe, in capitals: few bytes of a code page."""
    return LoadedEstate(estate({"in": fields, "bank": BANK}, CARRIED)).entry("in.e")


def records(entry: Entry) -> list[dict[str, Any]]:
    """Good ones, each with some fields changed."""
    chance = random.Random(7)  # noqa: S311
    pools = {name: pool(entry, name, chance) for name in entry.entity.fields}
    good = {
        name: next((v for v in values if v in entry.requirement.values[name]), None) for name, values in pools.items()
    }
    found = []
    for _ in range(RECORDS):
        record = dict(good)
        for name in chance.sample(list(record), min(len(record), chance.choice((1, 1, 1, 2, 3)))):
            record[name] = chance.choice(pools[name])
        found.append({name: value for name, value in record.items() if value is not None or chance.random() < 0.5})
    return found


def pool(entry: Entry, name: str, chance: random.Random) -> list[Any]:
    """Values for a field: inside, at the bounds, outside."""
    kind = entry.entity.fields[name].type
    if kind == "boolean":
        return [True, False, None]
    if kind == "integer":
        return [None, -4, -3, 0, 7, 700, 701, 10**18]
    if kind == "decimal":
        return [
            None,
            3,
            1001,
            *map(Decimal, ("0.49", "0.5", "0.51", "999.99", "1000", "12.345", "12.30", "0", "-1", "7")),
        ]
    if kind == "date":
        days = [date(1999, 12, 31), date(2024, 3, 1), date(2000, 2, 29)]
        return [None, *(day + timedelta(n) for day in days for n in (-1, 0, 1))]
    texts = entry.requirement.values[name].texts
    found: list[Any] = [None, *NASTY, "ab", "FI", "SE", "Bß", "12345", "1234", "max@mail.example.com"]
    witness = texts.witness()
    alphabet = "aZ09 .@ß😀é-"
    for base in [witness or "", *(b for b in found if isinstance(b, str) and b in texts)]:
        for _ in range(12):
            at = chance.randint(0, len(base))
            cut = base[:at] + chance.choice(["", *alphabet]) + base[at + chance.choice((0, 1)) :]
            found.append(cut * chance.choice((1, 1, 1, 2)))
    return found


def plainly(value: object) -> object:
    """A value in JSON."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def agree(entry: Entry, told: list[bool], tried: list[dict[str, Any]]) -> None:
    expected = [entry.is_valid(record) for record in tried]
    assert [record for record, a, b in zip(tried, expected, told, strict=True) if a != b] == []
    assert min(expected.count(True), expected.count(False)) > RECORDS // 20


def has_surrogates(record: dict[str, Any]) -> bool:
    """Whether a text of the record has half a character, which many engines cannot hold."""
    return any(isinstance(value, str) and _has_surrogate(value) for value in record.values())


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)


def wide(value: object, kind: str) -> object:
    """Some engines take no whole number for a decimal one."""
    return Decimal(value) if kind == "decimal" and isinstance(value, int) else value
