"""PostgreSQL's DO: what it does for certain is read, and the rest is not known. The server that runs here agrees."""

from __future__ import annotations

import psycopg
import pytest

from .tables import fields, read

TABLE = "create table t (a int, b int);"


def block(body: str) -> str:
    return f"do $$ begin {body} end $$;"


def told(script: str) -> dict[str, list[str]]:
    """The sentences of all fields, and whether they are required."""
    return {
        name: [*(c.sentence for c in field.constraints), *field.declared]
        for name, field in fields(script, "postgres").items()
    }


ADDS = "alter table t add constraint c check (a > 1);"
BY_NAME = "select 1 from pg_constraint where conname = 'c'"
COLUMN = "select from information_schema.columns where table_name = 't' and column_name = 'k'"
TYPE = "create type mood as enum ('sad', 'ok');"
HANDLED = "exception when duplicate_object then null;"
USES = "create table u (x mood);"
READ = [
    (block(TYPE + HANDLED) + USES, TYPE + USES),
    (TYPE + block("create type mood as enum ('glad');" + HANDLED) + USES, TYPE + USES),
    (block(ADDS + "exception when duplicate_object or duplicate_table then raise notice 'there';"), ADDS),
    (ADDS + block("alter table t add constraint c check (a > 7);" + HANDLED), ADDS),
    (block("alter table t drop constraint c; exception when undefined_object then null;"), ""),
    (block(f"if not exists ({BY_NAME}) then {ADDS} end if;"), ADDS),
    (ADDS + block(f"if not exists ({BY_NAME}) then alter table t add constraint c check (a > 7); end if;"), ADDS),
    (block(f"if not exists ({BY_NAME} and conrelid = 't'::regclass) then {ADDS} end if;"), ADDS),
    (ADDS + block(f"if exists ({BY_NAME}) then alter table t drop constraint c; end if;"), ""),
    (
        block(f"if not exists ({COLUMN}) then alter table t add k varchar(3); end if;"),
        "alter table t add k varchar(3);",
    ),
    (block(f"if exists ({COLUMN}) then alter table t rename k to l; end if;"), ""),
    (
        block("alter table t add k varchar(3); update t set a = 1; raise notice 'done';"),
        "alter table t add k varchar(3);",
    ),
    (block("execute 'alter table t add k varchar(3)';"), "alter table t add k varchar(3);"),
    (block("if (select count(*) from t) > 9 then raise exception 'too many'; end if;"), ""),
    ("do $$ declare r record; begin for r in select a from t loop update t set b = 1; end loop; return; end $$;", ""),
]


@pytest.mark.parametrize(("script", "plain"), READ)
def test_it_is_read_as_the_statements_that_it_runs(script: str, plain: str) -> None:
    assert told(TABLE + script) == told(TABLE + plain)


@pytest.mark.needs_postgres
@pytest.mark.parametrize(("script", "plain"), READ)
def test_the_server_runs_those_statements(postgres: str, script: str, plain: str) -> None:
    def made(statements: str) -> object:
        with psycopg.connect(host=postgres, user="tester", dbname="postgres") as connection:
            run = connection.execute
            run("create schema apart")
            run("set local search_path = apart, pg_catalog")
            run(TABLE + statements)  # type: ignore[call-overload]
            columns = run(
                "select attrelid::regclass::text, attname, format_type(atttypid, atttypmod) from pg_attribute "
                "where attnum > 0 and attrelid in (select oid from pg_class where relnamespace = 'apart'::regnamespace)"
                "order by 1, attnum"
            ).fetchall()
            checks = run(
                "select conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'apart'::regnamespace"
            ).fetchall()
            values = run(
                "select enumlabel from pg_enum where enumtypid = to_regtype('apart.mood') order by 1"
            ).fetchall()
            connection.rollback()
        return columns, checks, values

    assert made(script) == made(plain)


@pytest.mark.parametrize(
    "body",
    [
        f"{ADDS} exception when others then null;",
        f"{ADDS} alter table t add k int; {HANDLED}",
        f"if not exists ({BY_NAME} and convalidated) then {ADDS} end if;",
        f"if not exists ({BY_NAME} or 1 = 1) then {ADDS} end if;",
        f"if (select count(*) from t) > 9 then {ADDS} end if;",
        f"if exists ({BY_NAME}) then null; else {ADDS} end if;",
        "if change_all('t') then raise notice 'done'; end if;",
        "execute format('alter table %I drop a', 't');",
        f"if random() > 0.5 then return; end if; {ADDS}",
    ],
)
def test_what_is_not_certain_is_not_known(body: str) -> None:
    found, problems = read(TABLE + block(body), "postgres")
    assert not problems
    assert all(any("not read" in c.sentence for c in field.constraints) for field in found.values())


@pytest.mark.parametrize(
    ("script", "unknown"),
    [
        ("do $$ declare n int; begin n := change_all(); end $$;", {"t.a", "t.b"}),
        ("do $$ begin if change_all() then raise notice 'done'; end if; end $$;", {"t.a", "t.b"}),
        ("create table u (x int); do $$ declare n int; begin select change_one('u') into n; end $$;", {"u.x"}),
        ("do $$ declare n int; begin update elsewhere set k = id_of_ours(); end $$;", set()),
        ("do $$ begin create table u (x int, check (x > 0)); create index on u (x); end $$;", set()),
    ],
)
def test_a_function_of_elsewhere_may_change_any_table(script: str, unknown: set[str]) -> None:
    found = told(TABLE + script)
    assert {name for name, said in found.items() if any("not read" in each for each in said)} == unknown


def test_only_the_statement_that_is_not_certain_is_unknown() -> None:
    found = told(
        TABLE + "create table u (x int);" + block(f"alter table u add y int; if random() > 1 then {ADDS} end if;")
    )
    assert {name for name, said in found.items() if any("not read" in each for each in said)} == {"t.a", "t.b"}
    assert "u.y" in found
