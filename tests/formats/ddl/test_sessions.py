"""What stands after a script: its transactions, its current schema, what goes with what is dropped, tables of queries.

Scripts of SQLite and DuckDB are run in them, too. What PostgreSQL is said to do was tried in PostgreSQL 15. The others follow the manuals.
"""

# ruff: noqa: E501 - a script stands in one line

import sqlite3

import pytest

from fieldline.contracts.model import Field
from fieldline.formats.ddl.engines.engine import EngineName

from .tables import read, sentences

CASES: list[tuple[EngineName, str, bool | None, str]] = [
    ("postgres", "create table t (n varchar(3)); begin; alter table t alter n type varchar(9); rollback;", False, "t"),
    (
        "postgres",
        "create table t (n varchar(3)); begin work; alter table t alter n type varchar(9); abort;",
        False,
        "t",
    ),
    (
        "postgres",
        "begin; create table t (n varchar(3)); savepoint a; alter table t alter n type varchar(9); rollback to a; commit;",
        False,
        "t",
    ),
    (
        "postgres",
        "create table t (n varchar(3)); begin; select 1; commit and chain; alter table t alter n type varchar(9); rollback;",
        False,
        "t",
    ),
    (
        "postgres",
        "create table t (n varchar(9), constraint c check (length(n)<=3)); begin; alter table t drop constraint c; rollback;",
        False,
        "t",
    ),
    (
        "sqlite",
        "create table t (n text check(length(n)<=3)); begin; drop table t; create table t (n text); rollback;",
        False,
        "t",
    ),
    (
        "duckdb",
        "create table t (n text check(length(n)<=3)); begin; drop table t; create table t (n text); rollback;",
        False,
        "t",
    ),
    (
        "sqlserver",
        "CREATE TABLE t (n nvarchar(3))\nGO\nBEGIN TRAN; ALTER TABLE t ALTER COLUMN n NVARCHAR(9); ROLLBACK TRAN;\nGO\n",
        False,
        "t",
    ),
    (
        "sqlserver",
        "CREATE TABLE t (n nvarchar(3))\nGO\nBEGIN TRAN\nALTER TABLE t ALTER COLUMN n NVARCHAR(9)\nROLLBACK TRAN\nGO\n",
        False,
        "t",
    ),
    (
        "sqlserver",
        "CREATE TABLE t (n nvarchar(3))\nGO\nBEGIN TRAN\nALTER TABLE t ALTER COLUMN n NVARCHAR(9)\nIF @@ERROR <> 0 ROLLBACK TRAN\nCOMMIT\nGO\n",
        True,
        "t",
    ),
    ("postgres", "create table t (n varchar(4)); begin; alter table t alter n type varchar(2); rollback;", True, "t"),
    ("postgres", "create table t (n varchar(4)); begin; drop table t; rollback;", True, "t"),
    ("postgres", "begin; create table t(n varchar(4)); rollback; create table t(n varchar(3));", False, "t"),
    (
        "postgres",
        "create table t (n varchar(3)); begin; alter table t alter n type varchar(9); commit; begin; alter table t alter n type varchar(2); rollback;",
        True,
        "t",
    ),
    (
        "postgres",
        "create table t (n varchar(3)); begin; savepoint a; alter table t alter n type varchar(2); rollback to savepoint a; alter table t alter n type varchar(9); release a; commit;",
        True,
        "t",
    ),
    (
        "mysql",
        "create table t (n varchar(3)); start transaction; alter table t modify n varchar(9); rollback;",
        True,
        "t",
    ),
    (
        "postgres",
        "create schema app; create table app.t (n varchar(9)); create table t (n varchar(3)); set search_path to app; alter table t alter n type varchar(4);",
        False,
        "t",
    ),
    (
        "postgres",
        "create schema app; create table app.t (n varchar(9)); create table t (n varchar(3)); begin; set local search_path to app; alter table t alter n type varchar(4); commit;",
        False,
        "t",
    ),
    (
        "postgres",
        "create schema app; create table app.t (n varchar(9)); create table t (n varchar(3)); begin; set local search_path to app; alter table t alter n type varchar(4); commit; alter table t alter n type varchar(5);",
        True,
        "t",
    ),
    (
        "duckdb",
        "create table t (n text check (length(n)<=3)); create schema app; use app; create or replace table t (n text);",
        False,
        "t",
    ),
    (
        "mysql",
        "create table b.t (n varchar(9)); create table t (n varchar(3)); use b; alter table t modify n varchar(4);",
        False,
        "t",
    ),
    (
        "oracle",
        "create table t (n varchar2(3)); create table app.t (n varchar2(9)); alter session set current_schema = app; alter table t modify n varchar2(4);",
        False,
        "t",
    ),
    (
        "snowflake",
        "create table t (n varchar(3)); create table app.t (n varchar(9)); use schema app; alter table t alter n type varchar(4);",
        False,
        "t",
    ),
    (
        "snowflake",
        "use schema app; create table t (n varchar(9)); create or replace table app.t (n varchar(3));",
        False,
        "t",
    ),
    (
        "db2",
        "create table t (n varchar(3)); create table app.t (n varchar(9)); set schema app; alter table t alter column n set data type varchar(4);",
        False,
        "t",
    ),
    (
        "databricks",
        "create table t (n varchar(3)); create table app.t (n varchar(9)); use app; alter table t change column n n varchar(4);",
        False,
        "t",
    ),
    (
        "postgres",
        "create table t(n varchar(3)); create schema app; create table app.t(n int); set search_path to app; drop table t;",
        False,
        "t",
    ),
    ("mysql", "use a; create table t (n varchar(9)); use b; create table t (n varchar(3));", True, "t"),
    ("mysql", "use a; create table t (n varchar(9)); use b; create table t (n varchar(3));", False, "b_t"),
    (
        "mysql",
        "create database shop; use shop; create table t (n varchar(3)); alter table shop.t modify n varchar(9);",
        True,
        "t",
    ),
    (
        "postgres",
        "set search_path to app, public; create table t (n varchar(3)); alter table app.t alter n type varchar(9);",
        True,
        "t",
    ),
    ("postgres", "create table app.t (n varchar(3)); alter table t alter n type varchar(9);", True, "app_t"),
    (
        "postgres",
        "create table t (n varchar(3)); set search_path to app, public; alter table t alter n type varchar(9);",
        True,
        "t",
    ),
    ("postgres", "create table t (n varchar(3));\n\\q\nalter table t alter n type varchar(9);", False, "t"),
    (
        "sqlite",
        "create table t (n text check(length(n)<=3));\n.quit\ndrop table t; create table t (n text);",
        False,
        "t",
    ),
    (
        "postgres",
        "create table t (n varchar(3));\n\\if :x\n\\q\n\\endif\nalter table t alter n type varchar(9);",
        True,
        "t",
    ),
    (
        "postgres",
        "set search_path = ''; create table public.t (n varchar(4)); alter table only public.t alter n type varchar(5);",
        True,
        "t",
    ),
    (
        "postgres",
        "create table a (n varchar(9), constraint k check (length(n) <= 3) no inherit); create table t () inherits (a);",
        True,
        "t",
    ),
    (
        "postgres",
        "create table a (n varchar(9), constraint k check (length(n) <= 3)); create table t () inherits (a);",
        False,
        "t",
    ),
    (
        "postgres",
        "create table a (n varchar(9)); create table t () inherits (a); alter table a add constraint q check (length(n)<=3) no inherit;",
        True,
        "t",
    ),
    (
        "postgres",
        "create table a (n varchar(9)); create table t () inherits (a); alter table a add constraint q check (length(n)<=3);",
        False,
        "t",
    ),
    (
        "postgres",
        "create table a (n varchar(9) check (length(n)<=3) no inherit); create table t (like a including all);",
        False,
        "t",
    ),
    (
        "postgres",
        "create table t (n varchar(3)); drop schema public cascade; create schema public; create table t (n varchar(9));",
        True,
        "t",
    ),
    (
        "postgres",
        "create domain dd as varchar(3); create table t (n dd, m int); drop domain dd cascade; alter table t add column n varchar(9);",
        True,
        "t",
    ),
    (
        "postgres",
        "create table t (n varchar(9)); create function f() returns trigger language plpgsql as $$ begin raise exception 'x'; end $$; create trigger tr before insert on t for each row execute function f(); drop function f() cascade;",
        True,
        "t",
    ),
    (
        "db2",
        "create table t (n varchar(9), constraint c check (length(n)<=3)); alter table t alter check c not enforced;",
        True,
        "t",
    ),
    ("snowflake", "create table t (n varchar(3)); drop table t; undrop table t;", False, "t"),
    ("oracle", "create table t (n varchar2(3)); drop table t; flashback table t to before drop;", False, "t"),
    ("oracle", "create global temporary table t (n varchar2(3)) on commit preserve rows;", False, "t"),
    (
        "oracle",
        'create table t (n varchar2(9) collate "USING_NLS_COMP" check (n <> \'abcd\')) default collation "USING_NLS_COMP";',
        False,
        "t",
    ),
    ("postgres", "create table t (n varchar(4), h int generated always as (length(n)) stored);", True, "t"),
    ("sqlite", "create table t (n text, h int as (length(n)));", True, "t"),
    ("mariadb", "create table t (n varchar(4), h int as (char_length(n)));", True, "t"),
    (
        "db2",
        "create table t (n varchar(9), d timestamp); create trigger tr before update on t referencing new as nw for each row set nw.d = current timestamp;",
        True,
        "t",
    ),
    (
        "postgres",
        "create table u (n varchar(3)); create table t as with x as (select n from u) select * from x;",
        False,
        "t",
    ),
    (
        "postgres",
        "create table u (n varchar(4)); create table t as with x as (select n from u), y as (select n as m from x) select m as n from y;",
        True,
        "t",
    ),
    ("postgres", "create table u (n varchar(3)); create table t as select x.n from (select n from u) x;", False, "t"),
    (
        "postgres",
        "create table u (n varchar(3)); create table t as with x as (select n||'a' as n from u) select * from x;",
        None,
        "t",
    ),
    (
        "postgres",
        "create table u (n varchar(9)); create table v (n varchar(3)); create table t as with x as (select n from u union select n from v) select * from x;",
        None,
        "t",
    ),
    ("duckdb", "create table u (n enum('a','b')); create table t as from u;", False, "t"),
    ("duckdb", "create table u (n enum('a','b')); create table t as from u select n;", False, "t"),
    ("duckdb", "create table u (n enum('a','b'), z int); create table t as select * exclude (z) from u;", False, "t"),
    (
        "duckdb",
        "create table u (n varchar, z enum('a')); create table t as select * exclude (z) from (select n, z from u);",
        True,
        "t",
    ),
    (
        "postgres",
        "create type ct as (n varchar(3), m int); create table t of ct (n with options not null);",
        False,
        "t",
    ),
    ("postgres", "create type ct as (n varchar(4), m int); create table t of ct;", True, "t"),
    (
        "postgres",
        "create type ct as (n varchar(3), m int); create table t of ct; alter type ct alter attribute n type varchar(9) cascade;",
        None,
        "t",
    ),
    ("postgres", "do $$ begin create table t (n varchar(3)); end $$;", False, "t"),
    (
        "postgres",
        "create table a (x int); do $$ begin if not exists (select 1 from pg_tables where tablename='t') then create table t (n varchar(4), m numeric(4,2)); end if; end $$;",
        None,
        "t",
    ),
    ("bigquery", "begin create table t(n string(3)); exception when error then select 1; end;", None, "t"),
    ("bigquery", "if true then create table t (n string(3)); end if;", None, "t"),
    (
        "oracle",
        "create table a (n number);\nbegin\n  execute immediate 'create table t (n varchar2(3))';\nend;\n/\n",
        None,
        "t",
    ),
    ("postgres", "create table u (n varchar(3)); create table t as table u;", False, "t"),
    ("postgres", "create table u (n varchar(3)); select n into t from u;", False, "t"),
    ("postgres", "create table t (n varchar(4)); do $$ begin create role x; end $$;", True, "t"),
    (
        "postgres",
        "create table t (n varchar(3)); do $$ begin alter table t alter n type varchar(9); end $$;",
        True,
        "t",
    ),
    (
        "postgres",
        "create table t (n varchar(9)); do $$ begin alter table t alter n type varchar(3); end $$;",
        False,
        "t",
    ),
]
"""The dialect, the script, whether `abcd` is taken (None: it is not known), and by which table."""


def takes(field: Field) -> bool | None:
    """Whether a column takes `abcd`."""
    if any("abcd" not in constraint.accepts for constraint in field.constraints):
        return False
    return None if any("not read" in said or "of a query" in said for said in sentences(field)) else True


@pytest.mark.parametrize(("dialect", "script", "taken", "table"), CASES)
def test_what_stands_at_the_end(dialect: EngineName, script: str, taken: bool | None, table: str) -> None:
    found, problems = read(script, dialect)
    assert not problems
    assert takes(found[f"{table}.n"]) is taken


RUN = [
    (dialect, script, taken)
    for dialect, script, taken, _ in CASES
    if dialect in {"sqlite", "duckdb"} and taken is not None
]


@pytest.mark.parametrize(("dialect", "script", "taken"), RUN)
def test_the_engine_says_the_same(dialect: EngineName, script: str, taken: bool) -> None:
    script = script.partition("\n.quit")[0]
    if dialect == "sqlite":
        database = sqlite3.connect(":memory:", isolation_level=None)
        database.executescript(script)
        error: type[Exception] = sqlite3.Error
    else:
        duckdb = pytest.importorskip("duckdb")
        database = duckdb.connect()
        database.execute(script)
        database.execute("use main")
        error = duckdb.Error
    try:
        database.execute("insert into t (n) values ('abcd')")
        is_taken = True
    except error:
        is_taken = False
    finally:
        database.close()
    assert is_taken is taken
