"""Every engine of ours is the library: record by record, on random estates, or it names the constraint that it lacks.

Values are drawn at the edges of the sets that each obligation accepts, one step either side, and nearly as many records
are rejected as accepted.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.application.library import LoadedEstate
from fieldline.rows.engines.spark import spark_session
from fieldline.values.budget import BudgetExceeded
from fieldline.values.valueset import ValueSet

from ..properties.boundaries import edges
from ..properties.estates import ALPHABET, Written, written_estates
from ..properties.strategies import every_text, tries
from . import engines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fieldline.application.library import Entry

    Judge = Callable[[Entry, Sequence[dict[str, Any]], Counter[str]], None]

RECORDS = 40
LEAST_REFUSED = 0.3


def pools(entry: Entry, chance: random.Random) -> dict[str, tuple[list[Any], list[Any]]]:
    """Per field, values that its own clauses accept, and values that they reject."""
    found: dict[str, tuple[list[Any], list[Any]]] = {}
    for name, field in entry.entity.fields.items():
        values = ValueSet.of_type(field.type) | ValueSet.null_only()
        tried: list[Any] = [None]
        for clause in entry.requirement.clauses:
            near = [accepts for each, accepts in clause.guards if each == name]
            near += [clause.accepts] if isinstance(clause.accepts, ValueSet) and name in clause.fields else []
            for accepts in near:
                try:
                    tried += (value for value in edges(accepts) if value in values)
                except BudgetExceeded:
                    continue
        if field.type == "text":
            tried += every_text(ALPHABET, 2)
        if field.type == "boolean":
            tried += (True, False)
        accepted = entry.requirement.values[name]
        good, bad = [v for v in tried if v in accepted], [v for v in tried if v not in accepted]
        wrong = {"text": [7, True], "boolean": ["x", 1]}.get(field.type, ["x", True])
        found[name] = (good or [None], [*chance.sample(bad, min(len(bad), 30)), *wrong])
    return found


def records(entry: Entry, chance: random.Random) -> list[dict[str, Any]]:
    """Records, of which about half break something."""
    found = []
    choices = pools(entry, chance)
    for _ in range(RECORDS):
        record = {name: chance.choice(good) for name, (good, _) in choices.items()}
        if chance.random() < 0.5:
            name = chance.choice(list(record))
            record[name] = chance.choice(choices[name][1])
        found.append({n: v for n, v in record.items() if v is not None or chance.random() < 0.5})
    return found


def hold(judges: Sequence[Judge], written: Written, seed: int, counts: Counter[str]) -> None:
    """Ask every engine about every entry of an estate."""
    loaded = LoadedEstate(written.load())
    for name in loaded.entries:
        entry = loaded.entry(name)
        tried = records(entry, random.Random(seed))  # noqa: S311
        assert [entry.validate(record).is_valid for record in tried] == [entry.is_valid(record) for record in tried]
        for judge in judges:
            judge(entry, tried, counts)


def law(judges: Sequence[Judge], estates: int) -> None:
    """Hold the law on so many estates; many of the records are rejected, and few verdicts lack a constraint."""
    counts: Counter[str] = Counter()

    @tries(estates)
    @given(written_estates(most=5), st.integers(0, 2**32))
    def on_each(written: Written, seed: int) -> None:
        hold(judges, written, seed, counts)
        counts["estates"] += 1

    on_each()
    verdicts = counts["accepted"] + counts["refused"]
    sys.stderr.write(f"{verdicts:,} verdicts over {counts['estates']:,} estates: {dict(counts)}\n")
    assert counts["refused"] > LEAST_REFUSED * verdicts
    assert counts["left"] < counts["refused"] / 2


@pytest.mark.hypothesis
def test_validators_in_python_are_the_library(tmp_path: Path) -> None:
    law([engines.json_schema, engines.pydantic_model, lambda *asked: engines.polars_rows(*asked, tmp_path)], 12)


@pytest.mark.hypothesis
def test_the_pandera_schema_is_the_library() -> None:
    law([engines.pandera_module], 3)


@pytest.mark.hypothesis
@pytest.mark.needs_node
def test_the_module_is_the_library_in_node(tmp_path: Path) -> None:
    node = engines.Node(tmp_path)
    try:
        law([node], 12)
    finally:
        node.close()


@pytest.mark.hypothesis
@pytest.mark.needs_node
def test_the_zod_schema_is_the_library(zod: Path) -> None:
    node = engines.Node(zod, "zod")
    try:
        law([node], 4)
    finally:
        node.close()


@pytest.mark.hypothesis
@pytest.mark.needs_java
@pytest.mark.filterwarnings("ignore")  # of the libraries below it
def test_spark_is_the_library(tmp_path: Path) -> None:
    with spark_session() as session:
        law([lambda *asked: engines.spark_rows(*asked, session, tmp_path)], 2)


@pytest.mark.hypothesis
@pytest.mark.parametrize(
    ("opened", "server"),
    [
        (engines.sqlite, None),
        (engines.duckdb, None),
        pytest.param(engines.postgres, "postgres", marks=pytest.mark.needs_postgres),
        pytest.param(engines.mariadb, "mariadb", marks=pytest.mark.needs_mariadb),
    ],
    ids=["sqlite", "duckdb", "postgres", "mariadb"],
)
def test_databases_are_the_library(
    request: pytest.FixtureRequest, opened: Callable[..., Any], server: str | None
) -> None:
    database, close = opened(request.getfixturevalue(server)) if server else opened()
    try:
        law([database], 8)
    finally:
        close()
