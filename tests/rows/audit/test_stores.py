"""Great Expectations counts of files what we count of them, demand by demand, on pandas and on Apache Spark."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from fieldline.application.library import Entry
from fieldline.checker.judging.context import alone
from fieldline.checker.requirement.requirement import requirement
from fieldline.rows.audit import stores
from fieldline.rows.audit.audit import audit
from fieldline.rows.audit.suites import suites
from fieldline.rows.engines.polars.rows import Rows
from fieldline.rows.sources import silent
from fieldline.validators.gx_suite import clause_expectations

from ...properties.estates import estate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fieldline.rows.judged import Broken, Repeated

FIELDS = {
    "login": {
        "type": "text",
        "required": True,
        "min_length": 2,
        "max_length": 8,
        "pattern": "[a-z0-9]*",
        "unique": True,
    },
    "kind": {"type": "text", "one_of": ["A", "Bß", "😀", "{x}", "$a"]},
    "core": {"type": "text", "max_bytes": {"limit": 6, "encoding": "cp037"}},
    "wide": {"type": "text", "max_utf16": 3},
    "count": {"type": "integer", "min": -1, "max": 50},
    "typed": {"type": "integer", "max": 50},
    "amount": {"type": "decimal", "min": "0.1", "exclusive_max": 2, "scale": 2},
    "flag": {"type": "boolean", "one_of": [True]},
    "born": {"type": "date", "max": "2020-01-01"},
}
TEXTS = [
    *(None, "", "a", "abc", "abc\n", "\nabc", "ABC", "ß", "😀", "😀😀", "A", "Bß", "{x}", "$a", "x" * 9, "a\0b", "a b"),
    *("\u0663", "a\u0301", "nan", "None"),
]
POOLS: dict[str, list[Any]] = {
    "count": [None, -2, -1, 0, 50, 51, 2**62],
    "typed": [None, "1", "51", "01", "x", "", "1.0"],
    "amount": [None, "0.09", "0.10", "0.125", "1.99", "2.00", "0.1"],
    "flag": [None, True, False],
    "born": [None, "2019-12-31", "2020-01-02"],
}
KINDS = {"count": pl.Int64, "flag": pl.Boolean}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = random.Random(5)  # noqa: S311
    rows = [[chance.choice(POOLS.get(name, TEXTS)) for name in FIELDS] for _ in range(600)]
    frame = pl.DataFrame(rows, schema={name: KINDS.get(name, pl.String) for name in FIELDS}, orient="row")
    found = tmp_path_factory.mktemp("rows") / "rows.parquet"
    frame.with_columns(pl.col("amount").cast(pl.Decimal(20, 4)), pl.col("born").str.to_date()).write_parquet(found)
    return found


def told(broken: Sequence[Broken], repeated: Sequence[Repeated]) -> dict[tuple[str, str], int]:
    found = {(each.clause.fields[0], each.clause.bindings[0].sentence): each.rows for each in broken}
    return found | {(each.unique.field, each.unique.binding.sentence): each.rows for each in repeated}


@pytest.mark.filterwarnings("ignore")  # of the libraries below it
@pytest.mark.parametrize("engine", ["pandas", pytest.param("spark", marks=pytest.mark.needs_java)])
def test_every_demand_is_counted_alike(file: Path, engine: str) -> None:
    system = estate({"in": FIELDS}, []).contracts.systems["in"]
    (entity,) = system.entities.values()
    asked = requirement(alone(system), entity, lossless=True)
    entry = Entry(alone(system).estate, asked, "en")
    judged = Rows([file], asked).judge()
    with stores.FILE_STORES[engine]({entity.full_name: [str(file)]}) as store, suites(None) as run:
        stored = store(entry)
        assert stored is not None
        assert len(stored.questions) >= 8  # checked by GX, not by Fieldline
        (found,) = audit(system, [entity], store, run, silent)
    assert told(found.broken, found.repeated) == told(judged.broken, judged.repeated)
    assert found.rows == judged.rows
    assert len(judged.broken) >= 14


def test_great_expectations_is_asked_only_what_it_counts_exactly() -> None:
    system = estate({"in": FIELDS}, []).contracts.systems["in"]
    (entity,) = system.entities.values()
    asked = requirement(alone(system), entity, lossless=True)
    fields = {clause.fields[0] for clause in clause_expectations(Entry(alone(system).estate, asked, "en"))}
    assert {"login", "kind", "count", "flag"} <= fields
    assert not {"amount", "born", "wide"} & fields  # floats, days and UTF-16 are not its words
