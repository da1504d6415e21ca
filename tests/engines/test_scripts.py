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
from .scripts import Case, case, options
from .stores import DuckDb, MariaDb, Postgres, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
PROVED_BY_RECORDS = {"escape", "loss", "collision", "unfilled"}
RECORDS = 25
"""Records that a statement is run with."""


class Trial:
    """One statement in one engine, judged and run."""

    def __init__(self, store: Store, engine: str, made: Case, folder: Path) -> None:
        self.store, self.engine, self.made = store, engine, made
        self.estate = _estate(engine, made, folder)
        self.findings = check(self.estate).findings
        self.names = list(made.fields)

    @property
    def entry(self) -> Entity:
        return next(each for each in self.estate.contracts.entities.values() if each.kind == "entry")

    def lay(self) -> bool:
        """Make both tables; whether the engine takes them and the statement."""
        source = f"create table e ({self.made.source}){options(self.engine)}"
        for statement in ("drop table if exists t", "drop table if exists e", source):
            assert not isinstance(self.store.run(statement), Refused)
        return not any(
            isinstance(self.store.run(statement), Refused)
            for statement in (f"create table t ({self.made.table}){options(self.engine)}", self.made.query)
        )

    def sent(self, record: Mapping[str, Value], *, after: bool = False) -> list[tuple[object, ...]] | Refused:
        """The target's column once a record was moved there; `after`: beside what is there."""
        for table in ("e",) if after else ("e", "t"):
            self.store.run(f"delete from {table}")
        marks = ", ".join("?" * len(self.names))
        put = self.store.run(f"insert into e values ({marks})", [record.get(name) for name in self.names])
        assert not isinstance(put, Refused), (record, put)
        moved = self.store.run(self.made.query)
        return moved if isinstance(moved, Refused) else self.store.run("select * from t")

    def surprises(self, chance: Random, seen: Counter[str]) -> list[str]:
        """Where the engine does otherwise."""
        pools = self._pools(chance)
        if not all(pools.values()):
            return []
        records = [{name: chance.choice(pool) for name, pool in pools.items()} for _ in range(RECORDS)]
        records += [{**records[0], name: None} for name, pool in pools.items() if None in pool]
        proofs = [each for each in self.findings if each.verdict == "refuted" and each.rule in PROVED_BY_RECORDS]
        seen.update(each.rule for each in proofs)
        found = [f"{each.message}: {became}" for each in proofs if (became := self._not_borne_out(each, records))]
        if any(each.verdict == "unknown" for each in self.findings):
            seen["undecided"] += 1
        elif not any(each.rule in {"escape", "unfilled"} for each in self.findings):
            seen["records"] += len(records)
            became = ((record, self.sent(record)) for record in records)
            refused = next((each for each in became if isinstance(each[1], Refused)), None)
            found += [f"nothing is said of {refused[0]}: {refused[1]}"] if refused else []
        return found

    def _pools(self, chance: Random) -> dict[str, list[Value]]:
        """Per field, values that the entry accepts."""
        pools: dict[str, list[Value]] = {}
        for name in self.names:
            field = self.entry.fields[name]
            values = (None, *draws(field, 40, chance, own_type=True))
            drawn = [value for value in values if all(value in each.accepts for each in field.constraints)]
            pools[name] = [value for value in drawn if not (isinstance(value, str) and "\0" in value)]
        return pools

    def _not_borne_out(self, finding: Finding, records: Sequence[dict[str, Value]]) -> str | None:
        """What the engine makes of a proof, if it is not what the finding says.

        A proof names the fields that it needs: the others are as in one of some records, of which one must bear it out.
        """
        became: str | None = None
        for record in (dict.fromkeys(self.names), *records) if finding.witness or finding.rule == "unfilled" else ():
            first = self.sent(record | _values(finding.witness or {}))
            if finding.rule in {"escape", "unfilled"}:
                ends, is_borne_out = str(first), isinstance(first, Refused)
            elif finding.second is None:
                return None
            else:
                second = self.sent(record | _values(finding.second), after=finding.rule == "collision")
                is_same = first == second and not isinstance(first, Refused)
                if finding.rule == "loss" and isinstance(first, Refused) and isinstance(second, Refused):
                    continue  # of one of several joined values: whether the others make the target refuse is not asked
                ends = f"{first}, {second}"
                is_borne_out = isinstance(second, Refused) if finding.rule == "collision" else is_same
            if is_borne_out:
                return None
            became = ends
        return became


def _values(record: FieldValues) -> dict[str, Value]:
    return {name.field: value for name, value in record.items() if name.system == "a"}


def _estate(engine: str, made: Case, folder: Path) -> Estate:
    fields = "".join(f"      {name}: {{{words}}}\n" for name, words in made.fields.items())
    charset = ", charset: utf8mb4, collation: utf8mb4_general_ci" if engine == "mariadb" else ""
    files = {
        "fieldline.yaml": "estate: e\n",
        "contracts/a.yaml": f"system: a\nentities:\n  e:\n    kind: entry\n    fields:\n{fields}",
        "contracts/b.yaml": f"system: b\nfrom: {{sql: {{files: b.sql, dialect: {engine}{charset}}}}}\n",
        "b.sql": f"create table t ({made.table}){options(engine)};",
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
                f"{made.table} <- {made.query} {made.fields}: {each}" for each in trial.surprises(chance, seen)
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
