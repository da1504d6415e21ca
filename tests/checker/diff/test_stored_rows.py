"""Rows that are stored already, against a rule that was tightened: counted where they lie, and never shown by accident."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from fieldline.checker.diff.diff import diff
from fieldline.checker.diff.stored_rows import StoredRows, StoredTable, Unreadable
from fieldline.documents.names import EntityName
from fieldline.documents.variables import Variables
from fieldline.rows.sources import DatabaseTable, FileTable

from ...properties.estates import Written

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.checker.finding import Finding

NAMES = ["Ann", "Bo", "Christine", "Åsa", None, "Maximilian", "Christine"]
NUMBERS = ["C-1", "C-2", "C-3", "C-4", "C-5", "C-6", "C-7"]


def versions(before: dict[str, Any], after: dict[str, Any]) -> tuple[Written, Written]:
    """A table `crm.person` with a key `no` and a field `x`."""
    return tuple(  # type: ignore[return-value]
        Written(
            {
                "crm": {
                    "system": "crm",
                    "entities": {"person": {"key": "no", "fields": {"no": {"type": "text"}, "x": x}}},
                }
            },
            [],
        )
        for x in (before, after)
    )


def stored(table: StoredTable, before: dict[str, Any], after: dict[str, Any], *, shown: bool = False) -> list[Finding]:
    old, new = (version.load() for version in versions(before, after))
    return [
        f
        for f in diff(old, new, StoredRows({EntityName("crm", "person"): table}, shown)).findings
        if f.rule == "stored-refused"
    ]


TEXT = {"type": "text", "max_length": 20}
SHORT = {"type": "text", "max_length": 4}


@pytest.fixture(params=["csv", "parquet", "sqlite"])
def table(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StoredTable:
    frame = pl.DataFrame({"no": NUMBERS, "x": NAMES})
    match request.param:
        case "csv":
            frame.write_csv(tmp_path / "person.csv")
            return FileTable(tmp_path / "person.csv")
        case "parquet":
            frame.write_parquet(tmp_path / "person.parquet")
            return FileTable(tmp_path / "person.parquet")
        case _:
            with sqlite3.connect(tmp_path / "crm.db") as connection:
                connection.execute("create table person (no text, x text)")
                connection.executemany("insert into person values (?, ?)", zip(NUMBERS, NAMES, strict=True))
            connection.close()
            monkeypatch.setenv("CRM_URL", f"sqlite:///{tmp_path / 'crm.db'}")
            return DatabaseTable("CRM_URL", "person", Variables(frozenset({"CRM_URL"})))


def test_rows_that_the_new_contract_rejects_are_counted_and_their_keys_masked(table: StoredTable) -> None:
    (found,) = stored(table, TEXT, SHORT)
    assert found.message == (
        f"crm.person.x: 3 of 7 rows were accepted and are rejected now (at most 4 characters), in {table.name}; "
        "the first by their keys: no = … (3 characters), no = … (3 characters), no = … (3 characters)"
    )
    assert (found.severity.value, found.verdict) == ("error", "refuted")
    assert [change.constraint for change in found.causes] == ["max_length"]


def test_keys_are_shown_where_they_may_be(table: StoredTable) -> None:
    (found,) = stored(table, TEXT, SHORT, shown=True)
    assert found.message.endswith('by their keys: no = "C-3", no = "C-6", no = "C-7"')


def test_null_counts_where_it_is_rejected_now(table: StoredTable) -> None:
    (found,) = stored(table, TEXT, {**TEXT, "required": True}, shown=True)
    assert "1 of 7 rows" in found.message
    assert found.message.endswith('no = "C-5"')


def test_values_that_the_old_contract_rejected_are_not_counted(table: StoredTable) -> None:
    (found,) = stored(table, {"type": "text", "max_length": 9}, SHORT)
    assert "2 of 7 rows" in found.message


def test_a_looser_contract_rejects_none(table: StoredTable) -> None:
    assert stored(table, SHORT, TEXT) == []


def test_values_of_other_types_are_read_as_their_texts_mean(tmp_path: Path) -> None:
    pl.DataFrame({"no": list("abcd"), "x": ["7", "12", "x", None]}).write_csv(tmp_path / "a.csv")
    (found,) = stored(FileTable(tmp_path / "a.csv"), {"type": "integer"}, {"type": "integer", "max": 10})
    assert "1 of 4 rows were accepted and are rejected now (at most 10); 1 of 4 rows hold no integer" in found.message


def test_typed_columns_are_taken_as_they_are(tmp_path: Path) -> None:
    pl.DataFrame({"no": list("ab"), "x": [date(1999, 12, 31), date(2024, 2, 29)]}).write_parquet(tmp_path / "a.parquet")
    (found,) = stored(FileTable(tmp_path / "a.parquet"), {"type": "date"}, {"type": "date", "min": "2000-01-01"})
    assert "1 of 2 rows" in found.message


def test_texts_stay_texts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("no,x\n1,0123\n2,12\n", encoding="utf-8")
    (found,) = stored(FileTable(tmp_path / "a.csv"), {"type": "text"}, {"type": "text", "max_length": 3})
    assert "1 of 2 rows" in found.message


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.parquet", b"PAR1 but not really", r"a\.parquet cannot be read as PARQUET"),
        ("a.csv", b"no,y\n1,2\n", r"a\.csv has no column x"),
        ("a.txt", b"no,x\n1,2\n", "neither Parquet nor CSV"),
        ("a.csv", b"", r"a\.csv cannot be read as CSV"),
        ("a.csv", b"no,x\n1,\xff\xfe\n", r"a\.csv cannot be read as CSV"),
    ],
)
def test_an_unreadable_file_is_reported_without_its_content(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=said) as raised:
        stored(FileTable(tmp_path / name), TEXT, SHORT)
    assert "really" not in raised.value.message


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="there is no file"):
        FileTable(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (None, 'PERSON_URL" is not set'),
        ("nonsense", "holds no address of a database that is read"),
        ("sqlite:////nowhere/at/all.db", r"the database of PERSON_URL \(sqlite\) cannot be opened"),
        (
            "postgresql+psycopg://me:secret@127.0.0.1:1/x",
            r"the database of PERSON_URL \(postgresql\) cannot be reached: nothing listens",
        ),
    ],
)
def test_a_database_that_does_not_answer_is_said_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str | None, said: str
) -> None:
    monkeypatch.delenv("PERSON_URL", raising=False)
    if url is not None:
        monkeypatch.setenv("PERSON_URL", url)
    with pytest.raises(Unreadable, match=said) as raised:
        stored(DatabaseTable("PERSON_URL", "person", Variables(frozenset({"PERSON_URL"}))), TEXT, SHORT)
    assert "secret" not in raised.value.message
