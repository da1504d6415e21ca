"""Rows of files: judged as records are, one by one, whatever a column holds."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldline.application.library import LoadedEstate
from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.checker.judging.context import Context
from fieldline.checker.requirement.requirement import requirement
from fieldline.rows.engines.polars.rows import Rows
from fieldline.rows.files import opened
from fieldline.rows.judged import REASON, ROW

from ...properties.estates import estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.checker.requirement.requirement import Requirement

FIELDS = {
    "code": {"type": "text", "max_length": 4, "pattern": "[A-Z][0-9]*", "unique": True},
    "mail": {"type": "text", "pattern": "[a-z.]+@[a-z]+(\\.[a-z]+)*"},
    "name": {"type": "text", "min_length": 1, "max_bytes": {"limit": 5, "encoding": "utf-8"}},
    "wide": {"type": "text", "max_utf16": 3},
    "core": {"type": "text", "max_bytes": {"limit": 4, "encoding": "cp037"}},
    "kind": {"type": "text", "required": True, "one_of": ["A", "BB"]},
    "count": {"type": "integer", "min": -3, "max": 7},
    "some": {"type": "integer", "not_one_of": [2, 3]},
    "amount": {"type": "decimal", "min": "0.5", "max": 150, "scale": 1},
    "money": {"type": "decimal", "min": 0, "max": 100, "scale": 2},
    "born": {"type": "date", "min": "1990-01-01", "max": "1990-12-31"},
    "at": {"type": "time", "min": "08:00"},
    "seen": {"type": "datetime", "min": "2020-01-01T00:00:00Z"},
    "flag": {"type": "boolean"},
}
DB = {
    "code": {"type": "text", "min_length": 2},
    "both": {"type": "text", "max_length": 4},
    "name": {"type": "text", "max_length": 3},
}
FLOWS = [
    {"from": "in.e.code", "to": "db.e.code"},
    {"from": ["in.e.code", "in.e.wide"], "to": "db.e.both", "via": ["concat"]},
    {"from": "in.e.name", "to": "db.e.name", "via": ["collapse_spaces"], "when": "in.e.kind = 'A'"},
]
NASTY = [
    "",
    "A",
    "A1",
    "A12345",
    "A1\n",
    "a.b@c.de",
    "a@b.",
    "é",
    "ßß",
    "😀",
    "😀😀",
    "a\u0301",
    "٣",
    "A1\x00",
    " A ",
    "abc",
    "ab  c",
    "BB",
    "1e3",
]
TEXT = st.none() | st.sampled_from(NASTY) | st.text(st.sampled_from("AB1a.@ é😀\n"), max_size=5)
COLUMNS = {
    "code": (pl.String, TEXT),
    "mail": (pl.String, TEXT),
    "name": (pl.String, TEXT),
    "wide": (pl.String, TEXT),
    "core": (pl.String, TEXT),
    "kind": (pl.String, st.sampled_from(["A", "BB", "C", None])),
    "count": (pl.Int64, st.none() | st.integers(-5, 9)),
    "some": (pl.Int32, st.none() | st.integers(0, 5)),
    "amount": (
        pl.Float64,
        st.none() | st.sampled_from([0.5, 0.4, 0.1 + 0.2, 150.0, float("nan"), float("inf"), 1e300, 2.5]),
    ),
    "money": (pl.Decimal(12, 2), st.none() | st.decimals(-1, 120, places=2)),
    "born": (pl.Date, st.none() | st.dates(date(1989, 12, 1), date(1991, 2, 1))),
    "at": (pl.Time, st.none() | st.times()),
    "seen": (
        pl.Datetime("us", "UTC"),
        st.none() | st.datetimes(datetime(2019, 12, 1), datetime(2020, 2, 1), timezones=st.just(UTC)),
    ),
    "flag": (pl.Boolean, st.none() | st.booleans()),
}


@pytest.fixture(scope="module")
def asked() -> Requirement:
    context = Context(estate({"in": FIELDS, "db": DB}, FLOWS))
    return requirement(context, context.graph.entries[0])


def record(row: dict[str, object]) -> dict[str, object]:
    """A row as a record: a float is the decimal it is written as, and what is no number is of no type."""
    amount = row["amount"]
    if isinstance(amount, float):
        row = {**row, "amount": Decimal(repr(amount)) if abs(amount) < float("inf") else "no number"}
    return row


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.fixed_dictionaries({name: values for name, (_, values) in COLUMNS.items()}), min_size=1, max_size=12
    )
)
def test_a_file_is_judged_as_its_records_are(
    asked: Requirement, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    file = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pl.DataFrame(rows, schema={name: kind for name, (kind, _) in COLUMNS.items()}).write_parquet(file)
    judged = Rows([file], asked)
    found = judged.judge()
    records = [record(row) for row in rows]
    assert found.rows == len(rows)
    assert found.rejected == sum(not asked.admits(each) for each in records)
    counts = {clause: sum(not clause.admits(each) for each in records) for clause in asked.clauses}
    assert {each.clause: each.rows for each in found.broken} == {clause: n for clause, n in counts.items() if n}
    codes = [row["code"] for row in rows if row["code"] is not None]
    assert sum(each.rows for each in found.repeated) == len(codes) - len(set(codes))
    kept = judged.quarantine(lambda clause: clause.bindings[0].constraint).collect()
    assert kept[ROW].to_list() == [n for n, each in enumerate(records, 1) if not asked.admits(each)]
    assert all(kept[REASON].to_list())


@given(text=TEXT)
def test_texts_of_a_csv_are_read_as_their_fields_hold(
    asked: Requirement, tmp_path_factory: pytest.TempPathFactory, text: str | None
) -> None:
    file = tmp_path_factory.mktemp("rows") / "rows.csv"
    typed = {
        "count": "7",
        "amount": "2.5",
        "born": "1990-05-17",
        "at": "09:00",
        "seen": "2020-01-01T00:00:00Z",
        "flag": "true",
    }
    pl.DataFrame([{**typed, "kind": "A", "mail": text or None}]).write_csv(file)
    read = {"count": 7, "amount": Decimal("2.5"), "born": date(1990, 5, 17), "at": time(9), "flag": True}
    read |= {"seen": datetime(2020, 1, 1, tzinfo=UTC), "kind": "A", "mail": text or None}
    assert (Rows([file], asked).judge().rejected == 0) == asked.admits(read)


def simple(**fields: object) -> Requirement:
    return LoadedEstate(estate({"in": fields}, [])).entry("in.e").requirement


def rejection(asked: Requirement, *places: Path) -> str:
    with pytest.raises(Unreadable) as found, opened(places) as files:
        Rows(files, asked).judge()
    return found.value.message


def test_what_cannot_be_read_is_said_without_a_value(tmp_path: Path) -> None:
    asked = simple(a={"type": "text"}, n={"type": "integer"})
    for name, content in {
        "ragged.csv": b"a,n\nsecret,1\nsecret,2,3\n",
        "latin.csv": "a,n\nsécret,1\n".encode("latin-1"),
        "twice.csv": b"a,a\nsecret,2\n",
        "empty.csv": b"",
        "broken.parquet": b"PAR1secretPAR1",
        "broken.ndjson": b'{"a": "secret"\n',
        "other.xml": b"<secret/>",
        "foreign.csv": b"x,y\nsecret,2\n",
    }.items():
        file = tmp_path / name
        file.write_bytes(content)
        assert "secret" not in rejection(asked, file), name
    assert "there is no file" in rejection(asked, tmp_path / "absent.csv")
    pl.DataFrame({"n": [date(2020, 1, 1)]}).write_parquet(tmp_path / "kind.parquet")
    assert rejection(asked, tmp_path / "kind.parquet") == "the column n holds Date, and the contract says integer"


def test_a_line_that_is_no_json_or_has_a_key_twice_is_said_with_its_place(tmp_path: Path) -> None:
    asked = simple(a={"type": "text"})
    for line, problem in {
        '{"a": "secret", "a": "x"}': "rows.ndjson:2:17: the key … stands twice",
        '{"a": NaN}': "rows.ndjson:2:7: broken JSON: … is no value",
        '{"a": "secret"} {"a": "x"}': "rows.ndjson:2:17: broken JSON: something follows the value",
    }.items():
        (tmp_path / "rows.ndjson").write_text('{"a": "x"}\n' + line + "\n")
        assert rejection(asked, tmp_path / "rows.ndjson") == problem


def test_files_of_other_columns_are_not_read_as_one(tmp_path: Path) -> None:
    asked = simple(a={"type": "text"})
    pl.DataFrame({"a": ["x"]}).write_parquet(tmp_path / "1.parquet")
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "2.parquet")
    assert (
        rejection(asked, tmp_path / "1.parquet", tmp_path / "2.parquet") == "2.parquet has other columns than 1.parquet"
    )
    (tmp_path / "1.csv").write_text("a,b\nx,y\n")
    (tmp_path / "2.csv").write_text("b,a\nx,y\n")
    assert "has other columns" in rejection(asked, tmp_path / "1.csv", tmp_path / "2.csv")
    (tmp_path / "1.ndjson").write_text('{"a": "x"}\n')
    (tmp_path / "2.ndjson").write_text('{"a": "x", "b": 1}\n')
    assert "has other columns" in rejection(asked, tmp_path / "1.ndjson", tmp_path / "2.ndjson")


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".ndjson", ".arrow"])
def test_files_are_judged_one_after_the_other(tmp_path: Path, ending: str) -> None:
    asked = simple(a={"type": "text", "max_length": 2, "unique": True})
    write = {".csv": "write_csv", ".parquet": "write_parquet", ".ndjson": "write_ndjson", ".arrow": "write_ipc"}[ending]
    files = [tmp_path / f"{name}{ending}" for name in ("2", "1")]
    for file, values in zip(files, (["aa", "bbb", "cc"], ["dd", "bbb", "aa"]), strict=True):
        getattr(pl.DataFrame({"a": values}), write)(file)
    rows = Rows(files, asked)
    judged = rows.judge()
    assert (judged.rows, judged.rejected, [each.rows for each in judged.repeated]) == (6, 2, [2])
    assert rows.quarantine(lambda _: "long").collect()[ROW].to_list() == [2, 5]


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".ndjson", ".arrow"])
def test_a_name_is_no_pattern_of_other_names(tmp_path: Path, ending: str) -> None:
    asked = simple(a={"type": "text", "max_length": 2})
    write = {".csv": "write_csv", ".parquet": "write_parquet", ".ndjson": "write_ndjson", ".arrow": "write_ipc"}[ending]
    for name, value in (("rows1", "x"), ("rows[1]", "xxx"), ("rows*", "xxx")):
        getattr(pl.DataFrame({"a": [value]}), write)(tmp_path / f"{name}{ending}")
    for name in ("rows[1]", "rows*"):
        judged = Rows([tmp_path / f"{name}{ending}"], asked).judge()
        assert (judged.rows, judged.rejected) == (1, 1)


def test_numbers_written_otherwise_are_the_same_number(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text("n,d,t\n1.0,2024-01-01,1\n1,2024-01-02,1.0\n1.00,2024-01-01,01\n")
    unique = {"unique": True}
    asked = simple(n={"type": "decimal", **unique}, d={"type": "date", **unique}, t={"type": "text", **unique})
    found = Rows([tmp_path / "n.csv"], asked).judge().repeated
    assert {each.unique.field: each.rows for each in found} == {"n": 2, "d": 1}


def test_a_folder_is_all_of_its_files(tmp_path: Path) -> None:
    asked = simple(a={"type": "text", "max_length": 2})
    (tmp_path / "year=2024").mkdir()
    pl.DataFrame({"a": ["x", "xxx"]}).write_parquet(tmp_path / "year=2024" / "part-1.parquet")
    pl.DataFrame({"a": ["xxxx"]}).write_parquet(tmp_path / "part-0.parquet")
    (tmp_path / "_SUCCESS").write_text("")
    (tmp_path / ".part-0.parquet.crc").write_text("crc")
    with opened([tmp_path]) as files:
        judged = Rows(files, asked).judge()
    assert (judged.rows, judged.rejected) == (3, 2)
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "year=2024" / "part-2.parquet")
    assert rejection(asked, tmp_path) == "part-2.parquet has other columns than part-0.parquet"
    (tmp_path / "notes.txt").write_text("secret")
    assert "notes.txt is of an unsupported file type" in rejection(asked, tmp_path)
    (tmp_path / "empty").mkdir()
    assert rejection(asked, tmp_path / "empty") == "the folder empty holds no files"


def test_a_cell_without_end_is_told_or_counted(tmp_path: Path) -> None:
    endless = tmp_path / "endless.csv"
    endless.write_text(f"a\nx\n{'x' * 100_000_000}\n")
    assert [each.rows for each in Rows([endless], simple(a={"type": "text", "max_length": 5})).judge().broken] == [1]
    with pytest.raises(Unreadable) as error:
        Rows([endless], simple(a={"type": "text", "max_utf16": 5})).judge()
    assert error.value.message == "a cell holds 100,000,000 characters; at most 1,000,000 are checked"


def test_a_line_that_is_too_short_is_no_row_of_nulls(tmp_path: Path) -> None:
    asked = simple(a={"type": "text"}, b={"type": "text"}, c={"type": "text"})
    (tmp_path / "short.csv").write_text('a,b,c\n1,"2\n2",3\n1,2\n')
    assert "short.csv has 2 cells in line 4, but 3 in its header" in rejection(asked, tmp_path / "short.csv")
    (tmp_path / "empty.csv").write_text('a,b,c\n1,"2\n2",\n1,2,""\n\n')
    assert Rows([tmp_path / "empty.csv"], asked).judge().is_clean


def test_nul_is_a_character_like_others(tmp_path: Path) -> None:
    (tmp_path / "nul.csv").write_text("a\nx\0y\nxy\n")
    found = Rows([tmp_path / "nul.csv"], simple(a={"type": "text", "pattern": "[a-z]*"})).judge()
    assert [each.rows for each in found.broken] == [1]


def test_a_field_without_a_column_is_null_in_every_row(tmp_path: Path) -> None:
    asked = simple(a={"type": "text"}, must={"type": "text", "required": True})
    pl.DataFrame({"a": ["x", None, "z"]}).write_parquet(tmp_path / "a.parquet")
    found = Rows([tmp_path / "a.parquet"], asked).judge()
    assert (found.rows, found.rejected, [each.rows for each in found.broken]) == (3, 3, [3])


def test_null_is_no_duplicate_and_each_copy_more_counts_once(tmp_path: Path) -> None:
    asked = simple(login={"type": "text", "unique": {"case": "insensitive"}}, n={"type": "integer"})
    pl.DataFrame({"login": ["Anna", "anna", None, None, "ANNA", "bo", ""], "x": range(7)}).write_parquet(
        tmp_path / "u.parquet"
    )
    found = Rows([tmp_path / "u.parquet"], asked).judge()
    assert [(each.unique.field, each.rows) for each in found.repeated] == [("login", 2)]
    assert (found.rejected, found.absent, found.ignored) == (0, ("n",), ("x",))
    assert not found.is_clean


def test_a_bom_is_no_part_of_a_name_and_a_zero_before_a_number_stays(tmp_path: Path) -> None:
    file = tmp_path / "bom.csv"
    file.write_bytes(b'\xef\xbb\xbfcode\r\n0123\r\n\r\n""\r\n')
    found = Rows([file], simple(code={"type": "text", "pattern": "[0-9]{4}"})).judge()
    assert (found.rows, found.rejected) == (3, 1)  # what is quoted and empty is a text, what is not there is null


def test_columns_may_be_called_as_ours_are(tmp_path: Path) -> None:
    asked = simple(row={"type": "text", "max_length": 1}, reason={"type": "text"})
    pl.DataFrame({"row": ["a", "bb"], "reason": ["x", "y"]}).write_parquet(tmp_path / "r.parquet")
    rows = Rows([tmp_path / "r.parquet"], asked)
    assert rows.judge().rejected == 1
    assert rows.quarantine(lambda _: "why").collect().rows(named=True) == [
        {"_row": 2, "_reason": "why", "row": "bb", "reason": "y"}
    ]


def test_an_instant_without_a_zone_is_none(tmp_path: Path) -> None:
    pl.DataFrame({"seen": [datetime(2020, 1, 1)]}).write_parquet(tmp_path / "t.parquet")
    assert rejection(simple(seen={"type": "datetime"}), tmp_path / "t.parquet").startswith(
        "the column seen holds Datetime"
    )


def test_lines_of_json_may_leave_fields_out(tmp_path: Path) -> None:
    (tmp_path / "r.ndjson").write_text('{"a": "x"}\n{"n": 3}\n{"a": "long", "n": 11}\n')
    asked = simple(a={"type": "text", "required": True, "max_length": 3}, n={"type": "integer", "max": 10})
    found = Rows([tmp_path / "r.ndjson"], asked).judge()
    assert (found.rows, found.rejected) == (3, 2)
    assert sorted(each.rows for each in found.broken) == [1, 1, 1]


def test_many_columns_of_json_have_one_order_in_every_file_and_run(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(300)]
    for file in ("a.ndjson", "b.ndjson"):
        (tmp_path / file).write_text(json.dumps(dict.fromkeys(names, "x")) + '\n{"z": "x", "y": "x"}\n')
    with opened([tmp_path]) as files:
        rows = Rows(files, simple(c0={"type": "text"}))
    assert rows.columns == (*names, "y", "z")
    assert rows.judge().rows == 4


def test_the_first_sheet_of_a_workbook_is_read(tmp_path: Path) -> None:
    asked = simple(a={"type": "text", "max_length": 3}, n={"type": "integer", "max": 10}, d={"type": "date"})
    rows = pl.DataFrame({"a": ["x", None, "long"], "n": [1, 11, 2], "d": [date(2020, 1, 1), None, date(2020, 1, 2)]})
    rows.write_excel(tmp_path / "r.xlsx")
    with opened([tmp_path / "r.xlsx"]) as files:
        found = Rows(files, asked).judge()
    assert (found.rows, found.rejected) == (3, 2)
