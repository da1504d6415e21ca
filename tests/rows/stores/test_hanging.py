"""Stores that hang: whenever they are asked, they cost the time of one; and each is waited for once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from fieldline.application.record import find_answer, named_record, record_answer
from fieldline.estate.load import load_estate
from fieldline.rows.stores.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldline.checker.record.asking import FoundRecords, StoreQuestion
    from fieldline.estate.load import Estate

pytest.importorskip("polars")
from fieldline.rows.stores.file import RecordFile

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATE = "it did not answer in its time (1 second)"


@pytest.fixture
def chain(tmp_path: Path) -> Estate:
    """The keys of `c` and `d` are known only when `a` has answered; `h` and `d` will hang."""
    for name in ("contracts", "lineage"):
        (tmp_path / name).mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: e\nfind: {number: [a.e.no]}\n", encoding="utf-8")
    for name in "abcdh":
        store = {"file": f"{name}.csv", "seconds": 1}
        fields = {"no": {"type": "text"}, "other": {"type": "text"}}
        tree = {"system": name, "entities": {"e": {"key": "no", "store": store, "fields": fields}}}
        (tmp_path / "contracts" / f"{name}.yaml").write_text(json.dumps(tree), encoding="utf-8")
        (tmp_path / f"{name}.csv").write_text("no,other\n1,2\n2,2\n", encoding="utf-8")
    pairs = [("a.e.no", "b.e.no"), ("a.e.no", "h.e.no"), ("a.e.other", "c.e.no"), ("a.e.other", "d.e.no")]
    flows = [{"from": source, "to": target} for source, target in pairs]
    (tmp_path / "lineage" / "f.yaml").write_text(json.dumps({"flows": flows}), encoding="utf-8")
    return load_estate(tmp_path)


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The stores of `h` and `d` hang; each question to one of them."""
    end, asked, own = Event(), [], RecordFile.find

    def find(store: RecordFile, question: StoreQuestion) -> FoundRecords:
        if question.entity.system in "dh":
            asked.append(question.entity.system)
            end.wait(20)
        return own(store, question)

    monkeypatch.setattr(RecordFile, "find", find)
    yield asked
    end.set()


def test_stores_that_hang_in_different_waves_cost_one_limit(chain: Estate, hanging: list[str]) -> None:
    begun = monotonic()
    where = record_answer(chain, named_record(chain, "a.e/1"), Stores(chain).ask, NOW).where
    assert monotonic() - begun < 1.4
    reasons = {stop.entity.system: stop.reason for stop in where.stops if stop.state == "not reachable"}
    assert reasons == {"h": LATE, "d": LATE}
    assert [stop.entity.system for stop in where.found] == ["a", "b", "c"]
    assert sorted(hanging) == ["d", "h"]


def test_a_store_that_hangs_is_not_waited_for_again(chain: Estate, hanging: list[str]) -> None:
    stores = Stores(chain)
    begun = monotonic()
    find_answer(chain, "1", stores.ask, NOW)
    record_answer(chain, named_record(chain, "a.e/1"), stores.ask, NOW)
    assert monotonic() - begun < 2.4
    assert hanging.count("d") == hanging.count("h") == 1
