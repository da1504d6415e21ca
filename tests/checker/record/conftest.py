"""Stores in memory, behind the same protocol as the real ones."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.application.record import named_record
from fieldline.checker.record.asking import FoundRecords, NotReachable
from fieldline.checker.record.whereabouts import whereabouts
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from fieldline.checker.record.asking import StoreAnswer, StoreQuestion
    from fieldline.checker.record.whereabouts import Whereabouts
    from fieldline.estate.load import Estate

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass
class Memory:
    """An estate whose stores are lists."""

    estate: Estate
    rows: dict[str, list[dict[str, Any]]]
    """By the full name of an entity."""
    off: set[str] = field(default_factory=set)
    asked: int = 0
    """How often all of them were asked."""
    meanwhile: Callable[[int], None] = lambda _: None
    """Happens before each time that they are asked."""

    def ask(self, questions: Sequence[StoreQuestion]) -> list[StoreAnswer]:
        self.meanwhile(self.asked)
        self.asked += 1
        return [self._answer(question) for question in questions]

    def _answer(self, question: StoreQuestion) -> StoreAnswer:
        name = str(question.entity.full_name)
        if name in self.off:
            return NotReachable("it is off")
        return FoundRecords(
            tuple(r for r in self.rows.get(name, ()) if all(r.get(n) in of for n, of in question.where.items()))
        )

    def look(self, record: str, now: datetime = NOW) -> Whereabouts:
        """One record, named by its key."""
        return whereabouts(self.estate, named_record(self.estate, record), self.ask, now)


@pytest.fixture
def memory(tmp_path: Path) -> Callable[..., Memory]:
    """An estate of entities by `system.entity`, each with a store unless it says otherwise; its flows; its rows."""

    def load(
        entities: Mapping[str, Mapping[str, Any]],
        flows: Sequence[Mapping[str, Any]],
        rows: Mapping[str, list[dict[str, Any]]],
        **words: Any,  # noqa: ANN401 - of fieldline.yaml
    ) -> Memory:
        (tmp_path / "contracts").mkdir()
        (tmp_path / "lineage").mkdir()
        (tmp_path / "fieldline.yaml").write_text(json.dumps({"estate": "test", **words}), encoding="utf-8")
        for name, entity in entities.items():
            system, own = name.split(".")
            kept = {} if entity.get("kind") == "entry" else {"store": {"file": f"{system}.csv"}}
            tree = {"system": system, "entities": {own: {**kept, **entity}}}
            (tmp_path / "contracts" / f"{system}.yaml").write_text(json.dumps(tree), encoding="utf-8")
        (tmp_path / "lineage" / "f.yaml").write_text(json.dumps({"flows": list(flows)}), encoding="utf-8")
        return Memory(load_estate(tmp_path), {name: list(of) for name, of in rows.items()})

    return load
