"""Small estates with real stores, and faults planted in them. Nothing here knows of the engine: the steps of the flows are
functions of Python, and the truth is what was planted."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from random import Random

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
"""When the stores are read."""
ENTERED = NOW - timedelta(days=30)
CHANGED = NOW - timedelta(days=9)
"""When the first system changed the record that is looked at: long enough ago for every lag."""

_KEY_STEPS: Mapping[str, tuple[list[Any], Callable[[str], str]]] = {
    "as it is": ([], lambda text: text),
    "in small letters": (["lower"], str.lower),
    "with a prefix": ([{"prefix": "X-"}], lambda text: f"X-{text}"),
    "without its letter": ([{"remove": {"characters": "Cc"}}], lambda text: text.replace("C", "").replace("c", "")),
    "padded": ([{"pad": {"length": 12, "with": "0", "side": "left"}}], lambda text: text.rjust(12, "0")),
}
_STEPS: Mapping[str, tuple[list[Any], Callable[[str], str]]] = {
    "as it is": ([], lambda text: text),
    "in capitals": (["upper"], str.upper),
    "cut": ([{"truncate": 6}], lambda text: text[:6]),
    "with a suffix": ([{"suffix": "."}], lambda text: f"{text}."),
}

Row = dict[str, str]


@dataclass
class Bank:
    """Systems s0, s1, …, each but the first fed by one before it."""

    parents: list[int]
    """By number, the system that feeds it; of the first, itself."""
    keys: list[Callable[[str], str]]
    steps: list[Callable[[str], str]]
    """Of both fields."""
    rows: list[dict[str, Row]] = field(default_factory=list)
    """By number, what each system holds: by the key that the first system has of it."""
    off: set[int] = field(default_factory=set)
    """The systems whose stores are switched off."""

    @property
    def systems(self) -> range:
        return range(len(self.parents))

    def below(self, number: int) -> list[int]:
        """The systems that it feeds, directly or not, itself left out."""
        found: list[int] = []
        for other in self.systems:
            if other and (self.parents[other] == number or self.parents[other] in found):
                found.append(other)
        return found

    def fill(self, subjects: Mapping[str, Row]) -> None:
        """The records, as the flows bring them to every system."""
        self.rows = [{} for _ in self.systems]
        for subject, row in subjects.items():
            self.rows[0][subject] = dict(row)
            for number in self.systems[1:]:
                self.carry(subject, number)

    def carry(self, subject: str, number: int) -> None:
        """Bring a record from the system before it to one."""
        source = self.rows[self.parents[number]].get(subject)
        if source is None:
            self.rows[number].pop(subject, None)
            return
        step = self.steps[number]
        self.rows[number][subject] = {
            "id": self.keys[number](source["id"]),
            "a": step(source["a"]),
            "b": step(source["b"]),
            "changed": source["changed"],
        }


def random_bank(random: Random, root: Path) -> Bank:
    """An estate of some systems, written to a folder; its stores are not there yet."""
    size = random.randint(3, 7)
    parents = [0, *(random.randint(max(0, number - 2), number - 1) for number in range(1, size))]
    bank = Bank(parents, [str], [str])
    flows: list[Any] = []
    for number in range(1, size):
        key_steps, key = _KEY_STEPS[random.choice(list(_KEY_STEPS))]
        steps, step = _STEPS[random.choice(list(_STEPS))]
        bank.keys.append(key)
        bank.steps.append(step)
        source, target = f"s{parents[number]}.e", f"s{number}.e"
        for name, via in (("id", key_steps), ("a", steps), ("b", steps)):
            flows.append(
                {
                    "from": f"{source}.{name}",
                    "to": f"{target}.{name}",
                    "via": via,
                    "by": f"job {number}",
                    "lag": "PT24H",
                }
            )
    (root / "contracts").mkdir(parents=True)
    (root / "lineage").mkdir()
    names = [f"S{number}_DB" for number in range(size)]
    _write(root / "fieldline.yaml", {"estate": "bank", "env": names, "find": {"number": ["s0.e.id"]}})
    _write(root / "lineage" / "flows.yaml", {"flows": flows})
    text = {"type": "text", "max_length": 40}
    for number in range(size):
        fields = {"id": {**text, "required": True}, "a": text, "b": text, "changed": {"type": "datetime"}}
        entity = {
            "key": "id",
            "store": {"database": names[number], "table": "e"},
            "changed": "changed",
            "fields": fields,
        }
        _write(root / "contracts" / f"s{number}.yaml", {"system": f"s{number}", "entities": {"e": entity}})
    return bank


def _write(file: Path, tree: object) -> None:
    file.write_text(json.dumps(tree), encoding="utf-8")  # JSON is YAML, too


def subjects(random: Random) -> dict[str, Row]:
    """Records that are easily mistaken for each other."""
    words = ["Uusi katu 1", "Vanha katu 9", "Kort vej 2", "Lange gate 77"]
    found: dict[str, Row] = {}
    for number in range(6):
        name = f"C{100000 + number * 7}"
        found[name] = {
            "id": name,
            "a": random.choice(words),
            "b": random.choice(words),
            "changed": ENTERED.isoformat(),
        }
    return found


def stores(bank: Bank, root: Path) -> dict[str, str]:
    """The stores, as SQLite files; the environment variables that name them."""
    variables: dict[str, str] = {}
    for number in bank.systems:
        path = root / f"s{number}.db"
        path.unlink(missing_ok=True)
        variables[f"S{number}_DB"] = f"sqlite:///{path}"
        if number in bank.off:
            continue
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE e (id TEXT PRIMARY KEY, a TEXT, b TEXT, changed TEXT)")
            rows = [(row["id"], row["a"], row["b"], row["changed"]) for row in bank.rows[number].values()]
            database.executemany("INSERT INTO e VALUES (?, ?, ?, ?)", rows)
        database.close()
    return variables


@dataclass(frozen=True)
class Truth:
    """What was planted."""

    system: int | None
    """Where it begins; None: nothing was planted."""
    states: frozenset[str]
    """What may be said of it."""
    fields: tuple[str, ...] = ()


def plant(bank: Bank, subject: str, random: Random) -> Truth:
    """Plant one fault in the stores of a record that the first system changed some days ago."""
    number = random.randrange(1, len(bank.parents))
    name = random.choice(["a", "b"])
    kind = random.choice(["stale", "cut", "missing", "lost here", "wrong and passed on", "null"])
    row = bank.rows[number][subject]
    late = ENTERED.isoformat()
    match kind:
        case "stale":
            row[name], row["changed"] = f"old {row[name][:3]}", late
            return Truth(number, frozenset(("overdue",)), (name,))
        case "cut":
            row[name] = row[name][:-1]
            return Truth(number, frozenset(("differs",)), (name,))
        case "null":
            row[name] = None  # type: ignore[assignment]
            return Truth(number, frozenset(("differs",)), (name,))
        case "missing":
            for each in (number, *bank.below(number)):
                del bank.rows[each][subject]
            return Truth(number, frozenset(("overdue",)))
        case "lost here":
            del bank.rows[number][subject]
            return Truth(number, frozenset(("overdue",)))
        case _:
            row[name] = "Zz 9"
            for each in bank.below(number):
                bank.carry(subject, each)
            return Truth(number, frozenset(("differs",)), (name,))
