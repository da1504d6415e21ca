"""`fieldline validate`: rows of files, as people and pipelines give them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import jsonschema_rs
import polars as pl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Run

HEADER = "username,first_name,last_name,country,street,postal_code,city,iban\n"
GOOD = "max1,Zoe,Virtanen,FI,Mannerheimintie 1,00100,Helsinki,FI2112345600000785\n"
LONG = GOOD.replace("max1", "Maximilian1234")
FORMULA = GOOD.replace("max1", "=1+1")


@pytest.fixture
def bank(examples: Path) -> list[str]:
    return ["--entry", "web.signup", "--estate", str(examples / "nordbank")]


def file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def test_rows_that_everybody_takes_are_clean(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    done = fieldline("validate", file(tmp_path, GOOD), *bank)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("None of 1 row would be rejected.\n")


def test_what_is_refused_is_counted_by_demand_and_no_value_is_shown(
    fieldline: Run, bank: list[str], tmp_path: Path
) -> None:
    done = fieldline("validate", file(tmp_path, GOOD, LONG, GOOD), *bank)
    assert done.returncode == 1
    assert done.stdout.startswith("1 of 3 rows would be rejected; 1 value is repeated, but must be unique.\n")
    assert "at most 12 bytes in cp037" in done.stdout
    assert "contracts/billing.yaml:15:9" in done.stdout
    assert "Maximilian" not in done.stdout + done.stderr


def test_the_json_is_what_its_schema_says(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    done = fieldline("validate", file(tmp_path, LONG, FORMULA), *bank, "--output-format", "json")
    told = json.loads(done.stdout)
    jsonschema_rs.validate(json.loads(fieldline("schema", "validation").stdout), told)
    assert (told["validation"]["rows"], told["validation"]["refused"]) == (2, 2)
    assert {each["system"]: each["rows"] for each in told["validation"]["systems"]} == {"billing": 2, "web": 1}


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".ndjson"])
def test_bad_rows_are_put_aside_with_their_number_and_reasons(
    fieldline: Run, bank: list[str], tmp_path: Path, ending: str
) -> None:
    aside = tmp_path / f"bad{ending}"
    done = fieldline("validate", file(tmp_path, GOOD, LONG, FORMULA), *bank, "--quarantine", aside)
    assert done.returncode == 1
    assert done.stderr == f"fieldline: Bad rows: 2. Written to {aside}\n"
    read = {".csv": pl.read_csv, ".parquet": pl.read_parquet, ".ndjson": pl.read_ndjson}[ending](aside)
    assert read["row"].to_list() == [2, 3]
    assert read["username"].to_list() == ["Maximilian1234", "'=1+1" if ending == ".csv" else "=1+1"]
    assert read["reason"][0] == "User name: at most 12 characters. This is required by Billing (mainframe)."
    assert list(tmp_path.glob(".fieldline*")) == []


def test_where_no_row_is_bad_nothing_is_written(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    done = fieldline("validate", file(tmp_path, GOOD), *bank, "--quarantine", tmp_path / "bad.csv")
    assert (done.returncode, (tmp_path / "bad.csv").exists()) == (0, False)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"username,username\n", "has the column username twice"),
        (b"username,city\na,b,c\n", "cannot be read"),
        (b"username,city\n\xff,b\n", "cannot be read"),
        (b"name\na\n", "no column is a field of web.signup"),
    ],
)
def test_what_cannot_be_read_is_never_clean(
    fieldline: Run, bank: list[str], tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    done = fieldline("validate", path, *bank)
    assert done.returncode == 2
    assert told in done.stdout + done.stderr
    assert "Check not run" in done.stdout + done.stderr


def test_what_is_asked_wrongly_is_said(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    people = file(tmp_path, GOOD)
    assert fieldline("validate", tmp_path / "absent.csv", *bank).returncode == 2
    assert "a quarantine file ends in" in fieldline("validate", people, *bank, "--quarantine", "bad.xlsx").stderr
    wrong = fieldline("validate", people, "--entry", "web.sign", "--estate", bank[3])
    assert wrong.returncode == 2
    assert "web.signup" in wrong.stdout


COLUMNS = HEADER.strip().split(",")


def table(*rows: str) -> tuple[str, list[list[str]]]:
    """A table of the bank's, and its rows."""
    columns = ", ".join(f"{name} varchar(200)" for name in COLUMNS)
    return f"create table people ({columns})", [row.strip().split(",") for row in rows]


def test_a_table_of_a_database_is_judged_as_a_file_is(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    script, rows = table(GOOD, LONG, FORMULA)
    with closing(sqlite3.connect(tmp_path / "people.db")) as connection:
        connection.execute(script)
        connection.executemany(f"insert into people values ({', '.join('?' * len(COLUMNS))})", rows)
        connection.commit()
    url = f"sqlite:///{tmp_path / 'people.db'}"
    told = fieldline("validate", "env:PEOPLE/people", *bank, "--output-format", "json", PEOPLE=url)
    same = fieldline("validate", file(tmp_path, GOOD, LONG, FORMULA), *bank, "--output-format", "json")
    assert (told.returncode, told.stdout) == (1, same.stdout)


@pytest.mark.needs_postgres
def test_a_table_of_postgresql_is_judged_with_its_types(fieldline: Run, tmp_path: Path, postgres: str) -> None:
    import psycopg

    (tmp_path / "contracts").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: one\nlineage: []\nenv: [ROWS]\n")
    fields = "{n: {type: integer, max: 10}, d: {type: decimal, scale: 1}, b: {type: date, max: '2020-01-01'}"
    fields += ", t: {type: datetime}}"
    (tmp_path / "contracts" / "in.yaml").write_text(f"system: in\nentities: {{e: {{kind: entry, fields: {fields}}}}}\n")
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("drop table if exists validated")
        connection.execute("create table validated (n int, d numeric(9, 2), b date, t timestamptz, other uuid)")
        connection.execute("insert into validated values (1, 1.50, '2019-01-01', now(), gen_random_uuid())")
        connection.execute("insert into validated values (11, 1.25, '2021-01-01'), (null, null, null)")
    url = f"postgresql://tester@/postgres?host={postgres}"
    arguments = ["--entry", "in.e", "--estate", tmp_path, "--output-format", "json"]
    done = fieldline("validate", "env:ROWS/validated", *arguments, ROWS=url)
    told = json.loads(done.stdout)["validation"]
    assert (told["rows"], told["refused"], told["ignored"]) == (3, 1, ["other"])
    assert sorted(each["fields"][0] for each in told["broken"]) == ["b", "d", "n"]


def in_duckdb(tmp_path: Path, *rows: str) -> str:
    import duckdb

    script, values = table(*rows)
    with duckdb.connect(tmp_path / "people.duckdb") as connection:
        connection.execute(script)
        connection.executemany(f"insert into people values ({', '.join('?' * len(COLUMNS))})", values)
    return f"duckdb:///{tmp_path / 'people.duckdb'}"


def test_a_database_is_asked_where_its_rows_lie(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    url, aside = in_duckdb(tmp_path, GOOD, LONG, GOOD, FORMULA), tmp_path / "bad.csv"
    here = fieldline("validate", "env:PEOPLE/people", *bank, PEOPLE=url)
    there = fieldline("validate", "env:PEOPLE/people", *bank, "--engine", "sql", "--quarantine", aside, PEOPLE=url)
    assert (there.returncode, there.stdout) == (1, here.stdout)
    assert here.stdout.startswith("2 of 4 rows would be rejected; 1 value is repeated")
    assert there.stderr == f"fieldline: Bad rows: 2. Written to {aside}\n"
    bad = pl.read_csv(aside)
    assert bad["username"].to_list() == ["Maximilian1234", "'=1+1"]
    assert bad["reason"][0] == "User name: at most 12 characters. This is required by Billing (mainframe)."
    assert "row" not in bad.columns


def test_what_the_engine_is_not_for_is_told(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    url = in_duckdb(tmp_path, GOOD)
    for where, engine, said in (
        (file(tmp_path, GOOD), "sql", "a database checks only a table"),
        ("env:PEOPLE/people", "spark", "Spark reads no table of a database"),
        ("env:PEOPLE/peple", "sql", "the database has no table peple"),
        ("env:PEOPLE", "sql", "a table cannot be combined with other tables or files"),
    ):
        done = fieldline("validate", where, *bank, "--engine", engine, PEOPLE=url)
        assert (done.returncode, said in done.stdout) == (2, True)


def test_bytes_among_texts_are_never_taken_for_texts(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    script, rows = table(GOOD, GOOD)
    with closing(sqlite3.connect(tmp_path / "people.db")) as connection:
        connection.execute(script)
        connection.executemany(f"insert into people values ({', '.join('?' * len(COLUMNS))})", rows)
        connection.execute("update people set city = x'414141' where rowid = 1")
        connection.commit()
    url = f"sqlite:///{tmp_path / 'people.db'}"
    here = fieldline("validate", "env:PEOPLE/people", *bank, PEOPLE=url)
    assert (here.returncode, "a column of a field holds bytes" in here.stdout) == (2, True)
    there = fieldline("validate", "env:PEOPLE/people", *bank, "--engine", "sql", PEOPLE=url)
    assert (there.returncode, there.stdout.startswith("1 of 2 rows would be rejected")) == (1, True)


@pytest.mark.needs_postgres
def test_what_no_calendar_has_and_what_is_no_number_is_counted(fieldline: Run, tmp_path: Path, postgres: str) -> None:
    import psycopg

    (tmp_path / "contracts").mkdir()
    (tmp_path / "fieldline.yaml").write_text("estate: one\nlineage: []\nenv: [ROWS]\n")
    fields = "{d: {type: decimal, min: 0}, b: {type: date, min: '2000-01-01'}, c: {type: text, max_utf16: 3}}"
    (tmp_path / "contracts" / "in.yaml").write_text(f"system: in\nentities: {{e: {{kind: entry, fields: {fields}}}}}\n")
    with psycopg.connect(f"host={postgres} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("drop table if exists odd")
        connection.execute("create table odd (d numeric, b date, c char(4))")
        connection.execute("insert into odd values ('NaN', 'infinity', 'ab'), (1, '2020-01-01', null)")
        connection.execute("insert into odd values ('Infinity', '0044-03-15 BC', null), (null, '20000-01-01', null)")
    url = f"postgresql://tester@/postgres?host={postgres}"
    arguments = ["--entry", "in.e", "--estate", tmp_path, "--engine", "sql", "--output-format", "json"]
    done = fieldline("validate", "env:ROWS/odd", *arguments, "--quarantine", tmp_path / "bad.csv", ROWS=url)
    told = json.loads(done.stdout)["validation"]
    broken = {(each["fields"][0], each["bindings"][0]["constraint"]): each["rows"] for each in told["broken"]}
    assert broken == {
        ("d", "type"): 2,
        ("d", "min"): 2,
        ("b", "type"): 3,
        ("b", "min"): 3,
        ("c", "max_utf16"): 1,  # the column fills up with blanks
    }
    assert (told["rows"], told["refused"]) == (4, 3)
    assert len(pl.read_csv(tmp_path / "bad.csv")) == 3


def test_a_database_that_cannot_be_asked_is_never_clean(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    assert fieldline("validate", "env:PEOPLE/people", *bank).returncode == 2
    gone = fieldline("validate", "env:PEOPLE/people", *bank, PEOPLE=f"sqlite:///{tmp_path / 'none.db'}")
    assert gone.returncode == 2
    assert "cannot be opened" in gone.stdout
    both = fieldline("validate", "env:PEOPLE/people", file(tmp_path, GOOD), *bank)
    assert (both.returncode, "a table cannot be combined with other tables or files" in both.stdout) == (2, True)


@pytest.mark.needs_java
def test_spark_says_the_same_as_polars(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    pl.read_csv(file(tmp_path, GOOD, LONG, GOOD), infer_schema=False).write_parquet(tmp_path / "people.parquet")
    here = fieldline("validate", tmp_path / "people.parquet", *bank)
    there = fieldline(
        "validate", tmp_path / "people.parquet", *bank, "--engine", "spark", "--quarantine", tmp_path / "bad.ndjson"
    )
    assert (there.returncode, there.stdout) == (here.returncode, here.stdout)
    assert "Maximilian" not in there.stdout + there.stderr
    assert pl.read_ndjson(tmp_path / "bad.ndjson")["username"].to_list() == ["Maximilian1234"]


@pytest.mark.needs_java
def test_what_spark_cannot_read_is_told(fieldline: Run, bank: list[str], tmp_path: Path) -> None:
    done = fieldline("validate", file(tmp_path, GOOD), *bank, "--engine", "spark")
    assert (done.returncode, "Spark reads only Parquet" in done.stdout) == (2, True)
    done = fieldline("validate", "x.parquet", *bank, "--engine", "spark", "--quarantine", "bad.csv")
    assert done.returncode == 2
