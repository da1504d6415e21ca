"""Rules between fields, in every engine that can state them: the same records, the same verdicts."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.application.library import LoadedEstate
from fieldline.validators.targets import TARGETS

from ..properties.estates import Written
from . import engines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldline.application.library import Entry

FIELDS = {
    "low": {"type": "integer"},
    "high": {"type": "decimal"},
    "begin": {"type": "date"},
    "end": {"type": "date"},
    "kind": {"type": "text"},
}
CHECKS = ["high >= low", "end > begin OR kind = 'x'", "kind <> 'y' OR low <> high"]
TRIED: list[dict[str, Any]] = [
    {"low": low, "high": high, "begin": begin, "end": end, "kind": kind}
    for low, high in product((None, 0, 2, -1), (None, Decimal(0), Decimal("1.5"), Decimal(2)))
    for begin, end in ((None, date(2024, 1, 1)), (date(2024, 1, 2), date(2024, 1, 1)), (date(2024, 1, 1),) * 2)
    for kind in (None, "x", "y")
]


@pytest.fixture(scope="module")
def entry() -> Entry:
    """An entry without rules, whose records come to a system that has some."""
    contracts = {
        "in": {"system": "in", "entities": {"e": {"kind": "entry", "fields": FIELDS}}},
        "end": {"system": "end", "engine": "python", "entities": {"e": {"check": CHECKS, "fields": FIELDS}}},
    }
    flows = [{"from": f"in.e.{name}", "to": f"end.e.{name}"} for name in FIELDS]
    return LoadedEstate(Written(contracts, flows).load()).entry("in.e")


def counted(counts: Counter[str]) -> None:
    assert counts["accepted"] > 20
    assert counts["refused"] > 20


@pytest.mark.parametrize("engine", [engines.pydantic_model, engines.pandera_module])
def test_python_agrees(entry: Entry, engine: Callable[..., None]) -> None:
    counts: Counter[str] = Counter()
    engine(entry, TRIED, counts)
    counted(counts)
    assert counts["left"] == 0


def test_polars_agrees(entry: Entry, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    engines.polars_rows(entry, TRIED, counts, tmp_path)
    counted(counts)


@pytest.mark.parametrize("engine", [engines.sqlite, engines.duckdb])
def test_sql_agrees(entry: Entry, engine: Callable[[], Any]) -> None:
    database, close = engine()
    counts: Counter[str] = Counter()
    with closing(type("Closing", (), {"close": staticmethod(close)})()):
        database(entry, TRIED, counts)
    counted(counts)


@pytest.mark.needs_postgres
def test_postgresql_agrees(entry: Entry, postgres: str) -> None:
    database, close = engines.postgres(postgres)
    counts: Counter[str] = Counter()
    try:
        database(entry, TRIED, counts)
    finally:
        close()
    counted(counts)


@pytest.mark.needs_node
def test_javascript_agrees(entry: Entry, tmp_path: Path) -> None:
    node = engines.Node(tmp_path)
    counts: Counter[str] = Counter()
    try:
        node(entry, TRIED, counts)
    finally:
        node.close()
    counted(counts)


@pytest.mark.parametrize("target", ["json-schema", "html", "gx"])
def test_what_cannot_be_stated_is_named(entry: Entry, target: str) -> None:
    left = [each.message for each in TARGETS[target](entry).left]
    assert any("high >= low" in message for message in left)
