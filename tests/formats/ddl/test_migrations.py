"""A folder of migrations, replayed by us and by a real PostgreSQL: the same columns at every step."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from fieldline.contracts.constraint import Digits, Length
from fieldline.contracts.model import Field
from fieldline.formats.ddl.migrations import in_order
from fieldline.formats.source import own_name

from .tables import fields, sentences

FOLDER = Path(__file__).parent / "migrations"
FILES = in_order({path.name: path.read_text("utf-8") for path in sorted(FOLDER.iterdir())})

_COLUMNS = """
    select case table_schema when 'public' then table_name else table_schema || '.' || table_name end,
           column_name, data_type, character_maximum_length, is_nullable = 'NO', numeric_precision, numeric_scale
    from information_schema.columns c join pg_class t on t.oid = format('%I.%I', table_schema, table_name)::regclass
    where table_schema not in ('pg_catalog', 'information_schema') and table_schema not like 'pg_temp%'
      and t.relkind in ('r', 'p') and not t.relispartition
    order by 1, ordinal_position
"""
_TYPES = {
    "bigint": "integer",
    "integer": "integer",
    "smallint": "integer",
    "numeric": "decimal",
    "double precision": "decimal",
    "boolean": "boolean",
    "date": "date",
    "time without time zone": "time",
    "timestamp with time zone": "datetime",
    "timestamp without time zone": "datetime",
}


@dataclass(frozen=True)
class Shape:
    """What can be compared of a column: PostgreSQL's catalogue knows no more."""

    type: str
    length: int | None
    required: bool
    digits: tuple[int | None, int | None] | None


def the_database(connection: psycopg.Connection) -> dict[str, Shape]:
    found = {}
    for table, column, written, length, required, precision, scale in connection.execute(_COLUMNS):
        digits = (precision, scale) if written == "numeric" and precision is not None else None
        kind = _TYPES.get(written, "text")
        if digits and not scale:
            kind = "integer"
        found[f"{own_name(table)}.{column}"] = Shape(kind, length if written != "bit" else None, required, digits)
    return found


def ours(field: Field) -> Shape:
    lengths = [
        c.restriction.high for c in field.constraints if isinstance(c.restriction, Length) and c.name == "max_length"
    ]
    digits = [c.restriction for c in field.constraints if isinstance(c.restriction, Digits)]
    whole = next((d.whole for d in digits if d.whole is not None), None)
    scale = next((d.decimals for d in digits if d.decimals is not None), None)
    precision = None if whole is None else (whole + (scale or 0), scale)
    return Shape(field.type, lengths[0] if lengths else None, field.required, precision)


@pytest.mark.needs_postgres
def test_every_step_leaves_the_columns_that_postgres_has(postgres: str) -> None:
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute("drop database if exists shop")
        connection.execute("create database shop")
    with psycopg.connect(host=postgres, user="tester", dbname="shop", autocommit=True) as connection:
        done: dict[str, str] = {}
        for name, text in FILES.items():
            run = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", postgres, "-U", "tester", "-d", "shop"]
            subprocess.run([*run, "-f", str(FOLDER / name)], check=True, capture_output=True, timeout=60)
            done[name] = text
            stated = {key: ours(field) for key, field in fields(done, "postgres").items()}
            assert stated == the_database(connection), name


def test_the_folder_is_worth_the_comparison() -> None:
    assert len(FILES) == 26
    assert "U25__undo.sql" not in FILES
    assert list(FILES)[8:11] == ["V9__lines.sql", "V10__lines_again.sql", "V11__functions.sql"]
    assert list(FILES)[-1] == "R__views.sql"
    found = fields(FILES, "postgres")
    assert len(found) > 40


@pytest.mark.parametrize(
    ("given", "order"),
    [
        (
            ["V10__c.sql", "V1__a.sql", "V1.1__b.sql", "R__z.sql", "U1__a.sql"],
            ["V1__a.sql", "V1.1__b.sql", "V10__c.sql", "R__z.sql"],
        ),
        (["10_b.sql", "2_a.sql"], ["2_a.sql", "10_b.sql"]),
        (["000010_b.up.sql", "000010_b.down.sql", "000002_a.up.sql"], ["000002_a.up.sql", "000010_b.up.sql"]),
        (["20240101_a.sql", "20231231_z.sql"], ["20231231_z.sql", "20240101_a.sql"]),
        (["a/2.sql", "a/10.sql", "b/1.sql"], ["a/2.sql", "a/10.sql", "b/1.sql"]),
    ],
)
def test_files_run_in_the_order_of_their_versions(given: list[str], order: list[str]) -> None:
    assert list(in_order(dict.fromkeys(sorted(given), ""))) == order


def test_files_that_somebody_put_in_order_stay_in_it() -> None:
    assert list(in_order({"10_b.sql": "", "2_a.sql": "", "1_c.sql": ""})) == ["10_b.sql", "2_a.sql", "1_c.sql"]


def test_what_takes_a_migration_back_does_not_run() -> None:
    script = """-- migrate:up
        create table t (x int);
        -- migrate:down
        drop table t;
    """
    assert set(fields(script, "postgres")) == {"t.x"}
    goose = "-- +goose Down\ndrop table t;\n-- +goose Up\ncreate table t (x int);"
    assert set(fields(goose, "postgres")) == {"t.x"}


def test_a_step_left_out_is_noticed() -> None:
    names = list(FILES)
    run = names[: names.index("V13__company.sql") + 1]
    found = fields({name: FILES[name] for name in run if not name.startswith("V5_")}, "postgres")
    said = next(each for each in sentences(found["company.id"]) if "first_name" in each)
    assert said.startswith("not read: ")
    assert '"company" has no column' in said


def test_what_the_last_step_leaves_is_what_people_read() -> None:
    found = fields(FILES, "postgres")
    phone = found["customer.phone"]
    assert [constraint.sentence for constraint in phone.constraints if constraint.name != "opaque"] == [
        "text",
        "not null",
        "at most 16 characters",
        r"matches \+[0-9]{6,15} (ecma)",
    ]
    assert str(next(c for c in phone.constraints if c.name == "max_length").location) == "V23__tightened.sql:1:46"
    assert found["customer.email"].unique is not None
    assert found["customer.email"].unique.compared
    # The name that is put together may become too long; the trigger only writes when the row was touched.
    assert opaque(found["customer.first_name"]) == [
        "full_name varchar(101) GENERATED ALWAYS AS (first_name || ' ' || last_name)"
    ]
    assert opaque(found["customer.updated_at"]) == ["TRIGGER customer_touch"]


def opaque(field: Field) -> list[str]:
    return [constraint.sentence for constraint in field.constraints if constraint.name == "opaque"]
