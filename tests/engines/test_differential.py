"""What Fieldline says of a column, from its definition alone, is what the running engine does. See README.md."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import pytest

from fieldline.formats.ddl.engines.registry import engine
from fieldline.lineage.storage import storage
from fieldline.lineage.transform import NoValue, chain_apply

from ..formats.ddl.tables import fields
from ..properties.strategies import same_value
from . import columns
from .draws import draws
from .stores import DuckDb, MariaDb, Postgres, Refused, Sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldline.contracts.model import Field
    from fieldline.formats.ddl.engines.engine import Engine, EngineName
    from fieldline.values.valueset import Value

    from .stores import Store

TIMES = int(os.environ.get("FIELDLINE_FUZZ_TIMES", "1"))
"""So many times as many values as the tests draw otherwise: `make engines`."""
SEED = os.environ.get("FIELDLINE_ENGINES_SEED", "0")
A_COLUMN = 40
"""Values that are drawn for one column."""


@dataclass
class Outcomes:
    """What came of all values of one engine."""

    values: int = 0
    refused: int = 0
    altered: int = 0
    undecided: int = 0
    surprises: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        shown = "\n".join(self.surprises[:40])
        counts = (
            f"{self.values:,} values, {self.refused:,} refused, {self.altered:,} altered, {self.undecided:,} undecided"
        )
        return f"{counts}, {len(self.surprises):,} surprises\n{shown}"


def outcomes(
    of: Engine, definitions: Sequence[str], store: Store, before: str = "", *, own_type: bool = False
) -> Outcomes:
    """Put values into every column, and compare what comes back."""
    with closing(store):
        return _outcomes(of, definitions, store, before, own_type=own_type)


def _outcomes(of: Engine, definitions: Sequence[str], store: Store, before: str, *, own_type: bool) -> Outcomes:
    found = Outcomes()
    for definition in definitions:
        column = fields(f"{before} create table t (id int, x {definition});", of)["t.x"]
        random = Random(f"{SEED} {of.name} {definition}")  # noqa: S311 - a seed that a run can be repeated with
        values = draws(column, A_COLUMN * TIMES, random, own_type=own_type)
        for value, kept in zip(values, store.keep(definition, column.type, values), strict=True):
            _compare(column, of.name, definition, value, kept, found)
    return found


def _compare(
    column: Field, name: EngineName, definition: str, value: Value, kept: Value | Refused, found: Outcomes
) -> None:
    stored = storage(column, name)
    rejecting = [rejection.constraint.sentence for rejection in stored.rejections if value not in rejection.accepts]
    found.values += 1
    found.refused += isinstance(kept, Refused)
    if rejecting:
        if not isinstance(kept, Refused):
            found.surprises.append(f"{definition}: {value!r} is kept as {kept!r}, and we say: {rejecting}")
        return
    if stored.doubtful(value):
        found.undecided += 1
        return
    said = chain_apply(stored.transforms, value)
    if isinstance(kept, Refused) or isinstance(said, NoValue) or not same_value(said, kept):
        found.surprises.append(f"{definition}: {value!r} is kept as {kept!r}, and we say {said!r}")
    elif not same_value(value, kept):
        found.altered += 1


def held(found: Outcomes, definitions: Sequence[str]) -> None:
    """There are enough values of every outcome, and no surprise."""
    print(found)  # noqa: T201 - the counts, shown by `make engines`
    assert len(set(definitions)) >= 60
    assert found.values >= A_COLUMN * TIMES * 60
    assert found.refused > found.values // 20
    assert found.surprises == [], str(found)


@pytest.mark.needs_postgres
def test_postgres_keeps_what_we_say(postgres: str) -> None:
    before = columns.POSTGRES_BEFORE
    store = Postgres(postgres, before)
    held(outcomes(engine("postgres", nul=True), columns.POSTGRES, store, "; ".join((*before, ""))), columns.POSTGRES)


@pytest.mark.needs_mariadb
@pytest.mark.parametrize("mode", ["STRICT_ALL_TABLES", ""])
def test_mariadb_keeps_what_we_say(mariadb: str, mode: str) -> None:
    store = MariaDb(mariadb, mode)
    found = outcomes(engine("mariadb", strict=bool(mode)), columns.MARIADB, store)
    if not mode:
        found.refused = found.values  # next to nothing is refused without a strict mode
    held(found, columns.MARIADB)


def test_sqlite_keeps_what_we_say() -> None:
    held(outcomes(engine("sqlite"), columns.SQLITE, Sqlite(), own_type=True), columns.SQLITE)


def test_duckdb_keeps_what_we_say() -> None:
    held(outcomes(engine("duckdb"), columns.DUCKDB, DuckDb()), columns.DUCKDB)
