"""A bank with tables, a mainframe's file, CSV and JSON: the faults that were planted are found in bulk, and no others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from fieldline.rows.sources import silent

from ..stores.bank_law import NOW, built, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..stores.bank_law import Bank

pytest.importorskip("sqlalchemy")
pytest.importorskip("polars")
from fieldline.rows.reconcile.compare import reconcile

CUSTOMERS = 120


@pytest.fixture(scope="module")
def bank(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder = tmp_path_factory.mktemp("bank")
    login, variables = built(root / "examples" / "nordbank_desk", folder, CUSTOMERS, 1, 11)
    login.server_close()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield opened(folder, CUSTOMERS)


def _planted(bank: Bank, system: str) -> Counter[tuple[str, str | None]]:
    """The customers with a fault in a system, by the field; None: the record is not there."""
    return Counter(
        (number, field)
        for number, truth in bank.truths.items()
        for fault in truth["faults"]
        if fault["system"] == system
        for field in fault["fields"] or [None]
    )


@pytest.mark.parametrize("system", ["billing", "payments", "letters", "loans", "marketing"])
def test_the_faults_of_a_system_are_those_that_were_planted(bank: Bank, system: str) -> None:
    lines: list[tuple[str | None, ...]] = []
    names = ("finding", "source_key", "field")
    answer = reconcile(
        bank.estate,
        "crm",
        system,
        NOW,
        silent,
        keys=lambda frame: lines.extend(frame.select(names).collect().rows()),
    )
    (pair,) = answer.pairs
    found = Counter((key, field) for finding, key, field in lines if finding in {"missing", "differing"})
    assert found == _planted(bank, system)
    assert pair.source_records == CUSTOMERS
    twice = sum(truth["kind"] == "twice there" for truth in bank.truths.values())
    assert pair.several == (3 * twice if system == "letters" else 0)
    assert not pair.withheld
