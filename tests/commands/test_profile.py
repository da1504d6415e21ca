"""`fieldline audit --profile`: a contract proposed from what a database enforces and stores."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

ROWS = [
    (
        f"C-{n:06}",
        ("FI", "SE", "#: x\n", "'null'")[n % 4],
        f"{('Åsa', 'Bo')[n % 2]} {'x' * (n % 70)}",
        n - 5,
        n * 0.5,
        None if n % 3 else f"{n}",
        f"{'AB'[: 1 + n % 2]}.{n % 50:02}",
    )
    for n in range(200)
]


def stored(folder: Path, rows: list[tuple[Any, ...]]) -> str:
    with closing(sqlite3.connect(folder / "shop.db")) as connection:
        connection.execute(
            "create table customer (customer_no text not null, land text, name text, n integer, amount real, some text, "
            "code text, age integer)"
        )
        connection.executemany("insert into customer values (?, ?, ?, ?, ?, ?, ?, abs(random() % 90))", rows)
        connection.commit()
    return f"sqlite:///{folder / 'shop.db'}"


def proposed(fieldline: Run, folder: Path, url: str) -> str:
    done = fieldline("audit", "shop", "--database", "SHOP_DB", "--profile", cwd=folder, SHOP_DB=url)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_rules_are_proposed_with_their_evidence(fieldline: Run, tmp_path: Path) -> None:
    text = proposed(fieldline, tmp_path, stored(tmp_path, ROWS))
    fields = yaml.safe_load(text)["entities"]["customer"]["fields"]
    assert fields["customer_no"] == {"type": "text", "required": True, "unique": True, "pattern": "C-[0-9]{6}"}
    assert fields["land"]["one_of"] == ["#: x\n", "'null'", "FI", "SE"]
    assert fields["name"] == {"type": "text", "required": True, "max_length": 72}
    assert fields["n"]["min"] < 0
    assert fields["amount"]["min"] == 0
    assert fields["age"]["min"] == 0
    assert "required" not in fields["some"]
    assert fields["code"]["pattern"] == r"[A-Z]{1,2}\.[0-9]{2}"
    lines = text.splitlines()
    at = next(place for place, line in enumerate(lines) if line.startswith("      customer_no:"))
    assert lines[at - 3 : at] == [
        "      # required: the database enforces it",
        "      # unique: all 200 values differ",
        "      # pattern: all 200 values have this form",
    ]
    assert "  # 200 rows" in lines


def test_few_rows_are_no_evidence(fieldline: Run, tmp_path: Path) -> None:
    fields = yaml.safe_load(proposed(fieldline, tmp_path, stored(tmp_path, ROWS[:19])))["entities"]["customer"][
        "fields"
    ]
    assert fields["land"] == {"type": "text"}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_proposed_holds_for_what_is_stored(fieldline: Run, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    texts = ["", "a", "Å", "abc\n", "^$.*+?()[]{}|/\\-", "😀", "x" * 90, "12-34", "a b", "\t", "null", "0123", "=1"]

    def text() -> str | None:
        return chance.choice([None, *texts, "".join(chance.choices("aZ09-. ", k=chance.randint(0, 6)))])

    forms = [tuple(chance.choice(["9", "A", "a", *"-./_ $^"]) for _ in range(4)) for _ in range(2)]
    kinds = {"9": "0123456789", "A": "AZ", "a": "az"}
    rows = [
        (
            "".join(chance.choice(kinds.get(mark, mark)) for mark in forms[0]),
            chance.choice(texts[:4]),
            text(),
            chance.choice([None, -1, 0, 10**12]),
            chance.choice([None, 0.0, 1e20, 0.1]),
            text(),
            "".join(chance.choice(kinds.get(mark, mark)) * chance.randint(1, 3) for mark in forms[1]),
        )
        for _ in range(150)
    ]
    url = stored(tmp_path, rows)
    (tmp_path / "contracts").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: shop\nlineage: []\nenv: [SHOP_DB]\n")
    (tmp_path / "contracts" / "shop.yaml").write_text(proposed(fieldline, tmp_path, url))
    done = fieldline("audit", "shop", tmp_path, "--database", "SHOP_DB", SHOP_DB=url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "150 rows, all meet the contract" in done.stdout
