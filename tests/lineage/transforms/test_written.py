"""Values as engines write them: the digits of a column, and what each engine writes its own way."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from fieldline.estate.load import load_estate
from fieldline.lineage.engines import ANY_ENGINE, Runner, truth_words
from fieldline.lineage.graph import Graph
from fieldline.lineage.transform import UNKNOWN, NoValue, chain_apply, chain_preimage
from fieldline.lineage.transforms.convert import Cast
from fieldline.lineage.transforms.fixed import OpaqueStep
from fieldline.lineage.transforms.spaces import Trim
from fieldline.lineage.transforms.written import FillDecimals, PerhapsFilled, WriteTruth, as_written
from fieldline.values.valueset import ValueSet

from ...postgres import server as postgres
from ..engines.asked import asking_mariadb

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.contracts.model import KnownEngine


@pytest.mark.parametrize(
    ("number", "text"), [("1.5", "1.50"), ("12", "12.00"), ("-0.25", "-0.25"), ("0", "0.00"), ("100", "100.00")]
)
def test_a_number_has_the_digits_of_its_column(number: str, text: str) -> None:
    chain = as_written("decimal", [Cast("text")], 2, ANY_ENGINE)
    assert chain_apply(chain, Decimal(number)) == text
    assert Decimal(number) in chain_preimage(chain, ValueSet.exactly([text]))
    assert Decimal(number) not in chain_preimage(chain, ValueSet.exactly([f"{number}x"]))


def test_the_machine_writes_what_the_function_gives() -> None:
    step = FillDecimals(3)
    for text in ("", "1", "1.2", "-10.25", ".5", "1.234"):
        assert step.machine.run(text) == step.write(text)


def test_of_a_column_whose_type_is_not_known_a_number_may_have_more_digits() -> None:
    chain = as_written("decimal", [Cast("text")], 2, (Runner("postgres", None),), surely=False)
    assert chain_apply(chain, Decimal("1.25")) == "1.25"
    assert chain_apply(chain, Decimal("1.5")) is UNKNOWN
    assert Decimal("1.5") not in chain_preimage(chain, ValueSet.exactly(["1.5"]))
    assert Decimal("1.5") in chain_preimage(chain, ValueSet.exactly(["1.5", "1.50"]))
    assert not isinstance(chain[-1], FillDecimals)
    (_, step) = chain
    assert isinstance(step, PerhapsFilled)
    for text in ("1.25", "1.250", "1.5", "1", "a"):
        assert (text in step.agreed) is (len({way.apply(text) for way in step.variants}) == 1)


@pytest.mark.parametrize(
    ("of_type", "step"), [("datetime", Cast("text")), ("time", Cast("text")), ("text", Cast("datetime"))]
)
def test_an_instant_is_written_and_read_in_each_engine_s_own_way(of_type: str, step: Cast) -> None:
    (written,) = as_written(of_type, [step], None, ANY_ENGINE)
    assert not written.exact
    assert written.apply("2024-05-01") is UNKNOWN


def test_what_every_engine_writes_alike_stays_as_it_is() -> None:
    for of_type, chain in {
        "date": [Cast("text")],
        "integer": [Cast("text"), Trim()],
        "decimal": [Cast("integer"), Cast("text")],
        "text": [Cast("date"), Cast("datetime"), Cast("date")],
    }.items():
        written = as_written(of_type, chain, 2 if of_type == "decimal" else None, ANY_ENGINE)
        assert list(written) == chain
        assert not any(isinstance(step, OpaqueStep) for step in written)


@pytest.mark.parametrize(("engine", "written"), [("postgres", "1.50"), ("sqlite", "1.5"), (None, "1.5")])
def test_the_engine_decides_whether_all_digits_are_written(tmp_path: Path, engine: str | None, written: str) -> None:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "lineage").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: t\n")
    named = f"engine: {engine}\n" if engine else ""
    (tmp_path / "contracts/a.yaml").write_text(
        f"system: a\n{named}owner: {{team: A}}\n"
        "entities: {e: {kind: entry, fields: {p: {type: decimal, scale: 2}}}}\n"
    )
    (tmp_path / "contracts/b.yaml").write_text(
        "system: b\nowner: {team: B}\nentities: {t: {fields: {p: {type: text}}}}\n"
    )
    (tmp_path / "lineage/l.yaml").write_text("flows: [{from: a.e.p, to: b.t.p, via: [{cast: text}]}]\n")
    estate = load_estate(tmp_path)
    (link,) = Graph(estate.contracts, estate.flows).links
    assert link.apply([Decimal("1.5")]) == written


def test_a_truth_value_is_written_in_the_words_of_its_engine() -> None:
    (of_mariadb,) = as_written("boolean", [Cast("text")], None, (Runner("mariadb"),))
    assert [of_mariadb.apply(value) for value in (True, False, None)] == ["1", "0", None]
    (of_any,) = as_written("boolean", [Cast("text")], None, ANY_ENGINE)
    assert of_any.apply(True) is NoValue.UNKNOWN
    assert True in of_any.preimage(ValueSet.exactly(["1", "true", "True"]))
    assert True not in of_any.preimage(ValueSet.exactly(["true"]))
    assert isinstance(of_any, WriteTruth)
    assert of_any.difference(True) == 'cast makes of true in PostgreSQL "true", in MariaDB "1", in Python "True"'


@pytest.mark.parametrize("of_type", ["date", "decimal"])
def test_what_oracle_writes_by_its_own_settings_is_not_described(of_type: str) -> None:
    (step,) = as_written(of_type, [Cast("text")], None, (Runner("oracle"),))
    assert not step.exact


def words_of(engine: KnownEngine) -> set[tuple[str, str]]:
    return {way.rule for way in truth_words((Runner(engine),))}


def test_libraries_write_truth_values_so() -> None:
    import duckdb

    (lite,) = sqlite3.connect(":memory:").execute("select cast(true as text), cast(false as text)")
    assert words_of("sqlite") == {lite}
    (duck,) = duckdb.connect().execute("select cast(true as varchar), cast(false as varchar)").fetchall()
    assert words_of("duckdb") == {duck}
    assert words_of("python") == {(str(True), str(False))}


@pytest.mark.needs_postgres
def test_postgresql_writes_truth_values_so() -> None:
    import psycopg

    with postgres.running() as socket, psycopg.connect(host=socket, user="tester", dbname="postgres") as connection:
        (said,) = connection.execute("select cast(true as text), cast(false as text)").fetchall()
    assert words_of("postgres") == {said}


@pytest.mark.needs_mariadb
def test_mariadb_writes_truth_values_so() -> None:
    with asking_mariadb() as ask:
        (said,) = ask("select cast(true as char), cast(false as char)")
    assert words_of("mariadb") == {tuple(said)}
