"""The law of the record: of a planted fault the root, the first hop and the state are right, and nobody else is blamed."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from fieldline.application.record import named_record, record_answer
from fieldline.estate.load import load_estate
from fieldline.rows.stores.stores import Stores

from .planted import CHANGED, NOW, Truth, plant, random_bank, stores, subjects

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.checker.record.whereabouts import Whereabouts

    from .planted import Bank

pytest.importorskip("sqlalchemy")


def _looked(bank: Bank, root: Path, subject: str, start: int, monkeypatch: pytest.MonkeyPatch) -> Whereabouts:
    for name, url in stores(bank, root).items():
        monkeypatch.setenv(name, url)
    estate = load_estate(root)
    row = bank.rows[start][subject]
    return record_answer(estate, named_record(estate, f"s{start}.e/{row['id']}"), Stores(estate).ask, NOW).where


def _filled(random: Random, root: Path) -> tuple[Bank, str]:
    bank = random_bank(random, root)
    records = subjects(random)
    subject = random.choice(list(records))
    records[subject]["changed"] = CHANGED.isoformat()
    bank.fill(records)
    return bank, subject


def _start(bank: Bank, subject: str, random: Random) -> int:
    """A system whose key somebody gives: one that has the record, and that answers."""
    return random.choice([n for n in bank.systems if subject in bank.rows[n] and n not in bank.off])


@pytest.mark.parametrize("seed", range(6))
def test_a_clean_record_blames_nobody(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)  # noqa: S311 - a test is no secret
    bank, subject = _filled(random, tmp_path)
    where = _looked(bank, tmp_path, subject, _start(bank, subject, random), monkeypatch)
    assert where.faults == ()
    assert where.is_well, [(stop.entity.full_name, stop.state, stop.reason) for stop in where.stops]
    assert len(where.found) == len(bank.parents)
    for switched in random.sample(list(bank.systems)[1:], 1):
        bank.off.add(switched)
        where = _looked(bank, tmp_path, subject, 0, monkeypatch)
        assert where.faults == ()
        assert [stop.entity.system for stop in where.open] == [f"s{switched}"]


@pytest.mark.parametrize("seed", range(20))
def test_a_planted_fault_is_found_at_its_root(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)  # noqa: S311 - a test is no secret
    bank, subject = _filled(random, tmp_path)
    truth = plant(bank, subject, random)
    where = _looked(bank, tmp_path, subject, _start(bank, subject, random), monkeypatch)
    _is_told(where, truth)


@pytest.mark.parametrize("seed", range(14))
def test_a_store_that_is_off_is_never_blamed(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(1000 + seed)  # noqa: S311 - a test is no secret
    bank, subject = _filled(random, tmp_path)
    truth = plant(bank, subject, random)
    bank.off |= {number for number in bank.systems if random.random() < 0.25}
    if len(bank.off) == len(bank.parents) or not any(
        subject in bank.rows[n] for n in bank.systems if n not in bank.off
    ):
        return
    where = _looked(bank, tmp_path, subject, _start(bank, subject, random), monkeypatch)
    off = {f"s{number}" for number in bank.off}
    for fault in where.faults:
        assert fault.stop.entity.system not in off
        assert off.isdisjoint(root.system for root in fault.roots)
    assert truth.system is not None
    read = [n for n in bank.systems if n not in bank.off]
    whole_way = {truth.system, 0, *_above(bank, truth.system)}
    if whole_way <= set(read):
        _is_told(where, truth)
    elif truth.system in bank.off:  # seen further on, if at all: with the one that was not read before it
        for fault in where.faults:
            assert fault.root is None
            assert f"s{truth.system}" in {entity.system for entity in fault.between}


def _above(bank: Bank, number: int) -> list[int]:
    found = []
    while number:
        number = bank.parents[number]
        found.append(number)
    return found


def _is_told(where: Whereabouts, truth: Truth) -> None:
    assert len(where.faults) == 1, [(f.stop.entity.system, [x.field.name for x in f.fields]) for f in where.faults]
    (fault,) = where.faults
    assert fault.root is not None
    assert fault.root.system == fault.stop.entity.system == f"s{truth.system}"
    assert {field.state for field in fault.fields} <= truth.states
    if truth.fields:
        assert [field.field.name for field in fault.fields] == list(truth.fields)
    assert all(field.field.system != f"s{truth.system}" for field in fault.also)
