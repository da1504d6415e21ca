"""What Fieldline says of a statement that moves records is what becomes of them in the running engine. See README.md."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.verdict.check import check
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

from .draws import draws
from .scripts import Case, case, columns, options
from .stores import DuckDb, MariaDb, Postgres, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fieldline.checker.finding import FieldValues, Finding
    from fieldline.contracts.model import Entity
    from fieldline.estate.load import Estate
    from fieldline.values.valueset import Value

    from .stores import Store

TIMES = int(os.environ.get("FIELDLINE_FUZZ_TIMES", "1"))
SEED = os.environ.get("FIELDLINE_ENGINES_SEED", "0")
SCRIPTS = 30
"""Statements an engine."""
RECORDS = 25
"""Records that a statement of which nothing is rejected is run with."""


class Trial:
    """One statement in one engine, judged and run."""

    def __init__(self, store: Store, engine: str, made: Case, folder: Path) -> None:
        self.store, self.engine, self.made = store, engine, made
        self.estate = _estate(engine, made, folder)
        self.findings = check(self.estate).findings
        self.names = list(columns(engine))

    @property
    def entry(self) -> Entity:
        return next(each for each in self.estate.contracts.entities.values() if each.kind == "entry")

    def lay(self) -> bool:
        """Make both tables; whether the engine takes them and the statement."""
        written = ", ".join(f"{name} {kind}" for name, kind in columns(self.engine).items())
        source = f"create table e ({written}){options(self.engine)}"
        for statement in ("drop table if exists t", "drop table if exists e", source):
            assert not isinstance(self.store.run(statement), Refused)
        return not any(
            isinstance(self.store.run(statement), Refused)
            for statement in (f"create table t (x {self.made.definition}){options(self.engine)}", self.made.query)
        )

    def sent(self, record: Mapping[str, Value], *, after: bool = False) -> list[object] | Refused:
        """The target's column once a record was moved there; `after`: beside what is there."""
        for table in ("e",) if after else ("e", "t"):
            self.store.run(f"delete from {table}")
        marks = ", ".join("?" * len(self.names))
        put = self.store.run(f"insert into e values ({marks})", [record.get(name) for name in self.names])
        assert not isinstance(put, Refused), (record, put)
        moved = self.store.run(self.made.query)
        return moved if isinstance(moved, Refused) else self.store.run("select x from t")

    def surprises(self, chance: Random, seen: Counter[str]) -> list[str]:
        """Where the engine does otherwise."""
        found = [f"{each.message}: {became}" for each in self.findings if (became := self._not_borne_out(each, seen))]
        if any(each.verdict == "unknown" for each in self.findings):
            seen["undecided"] += 1
        elif not any(each.rule == "escape" for each in self.findings):
            found += self._refused_all_the_same(chance, seen)
        return found

    def _not_borne_out(self, finding: Finding, seen: Counter[str]) -> str | None:
        """What the engine makes of a proof, if it is not what the finding says."""
        if (
            finding.verdict != "refuted"
            or finding.witness is None
            or finding.rule not in {"escape", "loss", "collision"}
        ):
            return None
        seen[finding.rule] += 1
        first = self.sent(_values(finding.witness))
        if finding.rule == "escape":
            return None if isinstance(first, Refused) else f"{first} is kept"
        if finding.second is None:
            return None
        second = self.sent(_values(finding.second), after=finding.rule == "collision")
        if finding.rule == "collision":
            return None if isinstance(second, Refused) else f"{first}, then {second}"
        return None if first == second and not isinstance(first, Refused) else f"{first} beside {second}"

    def _refused_all_the_same(self, chance: Random, seen: Counter[str]) -> list[str]:
        fields = self.entry.fields
        pools: dict[str, list[Value]] = {}
        for name in self.names:
            field = fields[name]
            drawn = [
                v for v in draws(field, 40, chance, own_type=True) if all(v in c.accepts for c in field.constraints)
            ]
            pools[name] = [value for value in drawn if not (isinstance(value, str) and "\0" in value)]
        if not all(pools.values()):
            return []
        for _ in range(RECORDS):
            record = {name: chance.choice(pool) for name, pool in pools.items()}
            became = self.sent(record)
            seen["records"] += 1
            if isinstance(became, Refused):
                return [f"nothing is said of {record}: {became}"]
        return []


def _values(record: FieldValues) -> dict[str, Value]:
    return {name.field: value for name, value in record.items() if name.system == "a"}


def _estate(engine: str, made: Case, folder: Path) -> Estate:
    fields = "".join(f"      {name}: {{{words}}}\n" for name, words in made.fields.items())
    charset = ", charset: utf8mb4, collation: utf8mb4_general_ci" if engine == "mariadb" else ""
    files = {
        "fieldline.yaml": "estate: e\n",
        "contracts/a.yaml": f"system: a\nentities:\n  e:\n    kind: entry\n    fields:\n{fields}",
        "contracts/b.yaml": f"system: b\nfrom: {{sql: {{files: b.sql, dialect: {engine}{charset}}}}}\n",
        "b.sql": f"create table t (x {made.definition}){options(engine)};",
        "lineage/l.yaml": f"from:\n  sql: {{files: q.sql, dialect: {engine}, system: b, as: {{e: a.e}}}}\n",
        "q.sql": f"{made.query};",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load_estate(folder)


def hold(store: Store, engine: str, folder: Path) -> None:
    """Judge and run so many statements; there are enough of each outcome."""
    chance = Random(f"{SEED} {engine}")  # noqa: S311 - a seed that a run can be repeated with
    seen: Counter[str] = Counter()
    surprises: list[str] = []
    with closing(store):
        while seen["statements"] < SCRIPTS * TIMES:
            made = case(engine, chance)
            try:
                trial = Trial(store, engine, made, folder / str(seen["statements"]))
            except EstateError as error:
                surprises.append(f"{made}: {error}")
                break
            if not trial.lay():
                continue
            seen["statements"] += 1
            surprises += [
                f"{made.definition} <- {made.query} {made.fields}: {each}" for each in trial.surprises(chance, seen)
            ]
    print(engine, dict(seen), f"{len(surprises)} surprises")  # noqa: T201 - the counts, shown by `make engines`
    assert surprises == [], "\n".join(surprises)
    assert min(seen["escape"], seen["records"] // RECORDS) >= seen["statements"] // 10
    assert seen["undecided"] <= seen["statements"] * 0.7


@pytest.mark.needs_postgres
def test_postgres_moves_records_as_we_say(postgres: str, tmp_path: Path) -> None:
    hold(Postgres(postgres, ()), "postgres", tmp_path)


@pytest.mark.needs_mariadb
def test_mariadb_moves_records_as_we_say(mariadb: str, tmp_path: Path) -> None:
    hold(MariaDb(mariadb, "STRICT_ALL_TABLES"), "mariadb", tmp_path)


def test_duckdb_moves_records_as_we_say(tmp_path: Path) -> None:
    hold(DuckDb(), "duckdb", tmp_path)
