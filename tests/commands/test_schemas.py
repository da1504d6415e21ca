"""Tables of every schema, whatever their names hold, in every command that reads a database."""

import json
from pathlib import Path

import pytest

from .conftest import Run, write

NAMES = (("sales", "orders"), ("Sales EU", "Order Lines"), ("odd.schema", 'a."b".c'), ("sales", "per cent%s"))


def quoted(*names: str) -> str:
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


@pytest.fixture(scope="module")
def schemas(postgres: str) -> str:
    """The URL of a database with a table of one column in each schema, which holds a long text and a short one."""
    return database(postgres, "in_schemas")


@pytest.fixture(scope="module")
def alike(postgres: str) -> str:
    """Likewise, with two tables whose names are the same in one word."""
    return database(postgres, "alike", ("public", "twice.told"), ("twice", "told"))


def database(postgres: str, name: str, *extra: tuple[str, str]) -> str:
    import psycopg

    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"drop database if exists {name}")
        connection.execute(f"create database {name}")
    with psycopg.connect(host=postgres, user="tester", dbname=name, autocommit=True) as connection:
        for schema, table in (*NAMES, *extra):
            connection.execute(f"create schema if not exists {quoted(schema)}")  # type: ignore[arg-type]
            connection.execute(f'create table {quoted(schema, table)} ("the Name" varchar(9))')  # type: ignore[arg-type]
            connection.execute(f"insert into {quoted(schema, table)} values ('abcdef'), ('ab')")  # type: ignore[arg-type]
    return f"postgresql://tester@/{name}?host={postgres}"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """An entry whose field has the name of the tables' column."""
    fields = "{the_Name: {type: text, title: the Name, max_length: 4}}"
    return write(
        tmp_path / "estate",
        {
            "fieldline.yaml": "estate: e\nlineage: []\nenv: [DB]\n",
            "contracts/in.yaml": f"system: in\nentities: {{e: {{kind: entry, fields: {fields}}}}}\n",
        },
    )


@pytest.mark.needs_postgres
@pytest.mark.parametrize("engine", ["sql", "polars"])
@pytest.mark.parametrize("names", [*NAMES, ("twice", "told")], ids=".".join)
def test_a_table_of_any_schema_is_validated(
    fieldline: Run, alike: str, estate: Path, engine: str, names: tuple[str, str]
) -> None:
    written = [quoted(*names)] + ([".".join(names)] if names[0] != "twice" else [])
    for name in written:
        done = fieldline(
            *("validate", f"env:DB/{name}", "--entry", "in", "--estate", estate, "--engine", engine),
            *("--output-format", "json"),
            DB=alike,
        )
        told = json.loads(done.stdout)
        assert (done.returncode, told.get("validation", told)["rows"]) == (1, 2), told
        assert [each["rows"] for each in told["validation"]["broken"]] == [1]


@pytest.mark.needs_postgres
def test_a_name_that_may_be_two_tables_is_asked_about(fieldline: Run, alike: str, estate: Path) -> None:
    done = fieldline("validate", "env:DB/twice.told", "--entry", "in", "--estate", estate, DB=alike)
    assert done.returncode == 2
    assert "2 tables may be meant" in done.stdout
    assert '"twice"."told"' in done.stdout


@pytest.mark.needs_postgres
def test_every_schema_is_imported_and_then_neither_drifts_nor_lacks_a_table(
    fieldline: Run, schemas: str, tmp_path: Path
) -> None:
    only = [word for names in NAMES[:3] for word in ("--only", ".".join(names))]
    done = fieldline("import", "database", "DB", "--system", "shop", "--allow-env", "DB", *only, DB=schemas)
    assert done.returncode == 0, done.stdout
    folder = write(
        tmp_path,
        {"fieldline.yaml": "estate: e\nlineage: []\nenv: [DB]\n", "contracts/shop.yaml": done.stdout},
    )
    drift = fieldline("drift", "shop", folder, "--database", "DB", "--output-format", "json", DB=schemas)
    standings = {each["field"]: each["standing"] for each in json.loads(drift.stdout)["fields"]}
    assert (drift.returncode, set(standings.values()), len(standings)) == (0, {"the same"}, 3)
    audit = fieldline("audit", "shop", folder, "--database", "DB", "--output-format", "json", DB=schemas)
    assert (audit.returncode, [each["rows"] for each in json.loads(audit.stdout)["entities"]]) == (0, [2] * 3)


@pytest.mark.needs_postgres
def test_stored_rows_of_a_table_of_another_schema_are_counted(
    fieldline: Run, schemas: str, estate: Path, tmp_path: Path
) -> None:
    text = (estate / "contracts" / "in.yaml").read_text().replace("the_Name", "n").replace("title: the Name, ", "")
    before = write(
        tmp_path / "before",
        {
            "fieldline.yaml": "estate: e\nlineage: []\nenv: [DB]\n",
            "contracts/in.yaml": text.replace(", max_length: 4", ""),
        },
    )
    after = write(tmp_path / "after", {"fieldline.yaml": "estate: e\nlineage: []\n", "contracts/in.yaml": text})
    import psycopg

    with psycopg.connect(schemas, autocommit=True) as connection:
        connection.execute("create table if not exists sales.short (n text)")
        connection.execute("insert into sales.short values ('abcdef')")
    done = fieldline("diff", before, after, "--data", "in.e=env:DB/sales.short", DB=schemas)
    assert "1 of 1 row" in done.stdout, done.stdout
