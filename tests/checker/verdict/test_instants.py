"""Instants and the fraction of a second that a database keeps: rounded there, told once an estate, no false alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.checker.verdict.check import Report

INSTANT = "{type: datetime, required: true, unique: true}"
DAY = "{type: date, required: true, unique: true}"


def checked(folder: Path, dialect: str, column: str, entered: str, via: str = "[]") -> Report:
    (folder / "contracts").mkdir()
    (folder / "lineage").mkdir()
    (folder / "fieldline.yaml").write_text("estate: t\n")
    (folder / "t.sql").write_text(f"create table t (c {column});")
    (folder / "contracts/a.yaml").write_text(
        f"system: a\nowner: {{team: A}}\nentities:\n  e:\n    kind: entry\n    fields:\n      c: {entered}\n"
    )
    (folder / "contracts/b.yaml").write_text(
        f"system: b\nowner: {{team: B}}\nfrom: {{sql: {{files: t.sql, dialect: {dialect}}}}}\n"
    )
    (folder / "lineage/l.yaml").write_text(f"flows:\n  - {{from: a.e.c, to: b.t.c, via: {via}}}\n")
    return check(load_estate(folder))


def told(report: Report) -> list[tuple[str, str]]:
    return [(each.rule, each.verdict) for each in report.findings if each.severity.name != "INFO"]


@pytest.mark.parametrize(
    ("dialect", "column"), [("mysql", "datetime"), ("mariadb", "datetime(3)"), ("postgres", "timestamp(0)")]
)
def test_a_fraction_of_a_second_that_is_not_kept_is_told_once_and_is_no_finding(
    dialect: str, column: str, tmp_path: Path
) -> None:
    report = checked(tmp_path, dialect, column, INSTANT.replace(", unique: true", ""))
    assert told(report) == []
    assert [note for note in report.summary.notes if "fractions of a second that a field does not keep" in note]


@pytest.mark.parametrize(("dialect", "column"), [("mysql", "datetime(6)"), ("postgres", "timestamptz")])
def test_microseconds_are_kept_where_the_column_keeps_them(dialect: str, column: str, tmp_path: Path) -> None:
    report = checked(tmp_path, dialect, f"{column} unique", INSTANT)
    assert (told(report), report.summary.notes) == ([], ())


@pytest.mark.parametrize(("dialect", "column"), [("mysql", "datetime"), ("postgres", "timestamp(0)")])
def test_two_instants_that_are_rounded_to_one_collide_and_days_do_not(
    dialect: str, column: str, tmp_path: Path
) -> None:
    (tmp_path / "instants").mkdir()
    (tmp_path / "days").mkdir()
    instants = checked(tmp_path / "instants", dialect, f"{column} unique", INSTANT)
    assert ("collision", "refuted") in told(instants)
    bounds = ", min: 1000-01-01" if dialect == "mysql" else ""  # to 9999-12-31, the day that stands for no end
    days = checked(
        tmp_path / "days", dialect, f"{column} unique", DAY.replace("}", f"{bounds}}}"), "[{cast: datetime}]"
    )
    assert (told(days), days.summary.notes) == ([], ())


def test_where_it_is_not_known_how_a_column_rounds_it_is_not_decided(tmp_path: Path) -> None:
    assert told(checked(tmp_path, "oracle", "date", INSTANT.replace(", unique: true", ""))) == [("escape", "unknown")]


def test_a_contract_may_reject_finer_instants(tmp_path: Path) -> None:
    report = checked(tmp_path, "postgres", "timestamptz", INSTANT)
    assert told(report) == []
    contract = tmp_path / "contracts/b.yaml"
    contract.write_text(contract.read_text() + "entities: {t: {fields: {c: {scale: 3}}}}\n")
    (finding,) = [each for each in check(load_estate(tmp_path)).findings if each.rule == "escape"]
    values: list[Any] = [*(finding.witness or {}).values()]
    assert finding.verdict == "refuted"
    assert values[0].microsecond % 1000
