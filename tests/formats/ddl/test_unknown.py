"""Statements that are not read: the tables they name are not known from there on, and all others are exact."""

import psycopg
import pytest

from fieldline.formats.ddl.engines.engine import EngineName
from fieldline.formats.ddl.engines.postgres_functions import FUNCTIONS

from .tables import fields, read, sentences

TABLES = "create table t (n varchar(3));\ncreate table u (m varchar(5));\n"


def unknown(script: str, dialect: EngineName) -> set[str]:
    """The columns of which it is not known what they accept."""
    return {
        name for name, field in fields(script, dialect).items() if any("not read" in each for each in sentences(field))
    }


@pytest.mark.parametrize(
    ("dialect", "statement", "touched"),
    [
        ("postgres", "do $$ begin create role reporting; end $$;", set()),
        ("postgres", "do $$ declare x int; begin alter table t alter n type varchar(2); end $$;", {"t.n"}),
        ("postgres", "do $$ declare x int; begin execute 'alter table u drop m'; end $$;", {"u.m"}),
        ("postgres", "do $$ begin execute format('alter table %I drop n', 'x'); end $$;", {"t.n", "u.m"}),
        ("postgres", "do $$ begin perform change_all(); end $$;", {"t.n", "u.m"}),
        ("postgres", "call change_all();", {"t.n", "u.m"}),
        ("postgres", "create procedure p() language sql as 'select 1'; call p();", set()),
        ("postgres", "create procedure p() language sql as 'delete from t'; call p();", {"t.n"}),
        ("mariadb", "create procedure p() select 1;\ncall p();", set()),
        ("mysql", "set @s = 'alter table u add c int'; prepare x from @s; execute x; deallocate prepare x;", {"u.m"}),
        ("mysql", "prepare x from @of_elsewhere; execute x;", {"t.n", "u.m"}),
        ("sqlserver", "exec make_tables", {"t.n", "u.m"}),
        ("sqlserver", "exec('alter table t add c int')", {"t.n"}),
        ("sqlserver", "if (select count(*) from u) > 1 alter table t add c int", {"t.n", "t.c"}),
        ("sqlserver", "if col_length('t', 'n') < 9 alter table t alter column n varchar(9)", {"t.n"}),
        ("sqlserver", "if object_id('u') is not null alter table t alter column n varchar(9)", {"t.n"}),
        ("sqlserver", "if object_id('u') is not null drop table t", {"t.n"}),
        ("sqlserver", "if col_length('t', 'k') is null alter table t alter column n varchar(9)", {"t.n"}),
        (
            "sqlserver",
            "if exists (select 1 from sys.columns where name = 'n' and max_length < 9) alter table t drop column n",
            {"t.n"},
        ),
        ("sqlserver", "if object_id('t') is not null or 1 = 1 drop table t", {"t.n"}),
        ("sqlserver", "if object_id('t') is not null print 'there'", set()),
        ("mysql", "set @s = concat('alter table ', @t, ' drop n'); prepare x from @s; execute x;", {"t.n", "u.m"}),
        (
            "mysql",
            "set @t = 't', @s = concat('alter table ', @t, ' drop n'); prepare x from @s; execute x;",
            {"t.n"},
        ),
        (
            "mysql",
            "set @s = (select if(count(*) > 0, 'select 1', 'alter table u drop m') from x); prepare y from @s; execute y;",
            {"u.m"},
        ),
        ("mysql", "set @s = 'select 1'; select a into @s from b; prepare x from @s; execute x;", {"t.n", "u.m"}),
        ("mysql", "set @s = 'select 1'; call p(); prepare x from @s; execute x;", {"t.n", "u.m"}),
        ("postgres", "create function f() returns int language sql as 'alter table t drop n'; select f();", {"t.n"}),
        ("postgres", "create function f() returns int language sql as 'select 1'; select f() from t;", set()),
        (
            "postgres",
            (
                "create function f(int) returns int language sql as 'alter table t drop n';"
                "create function f(text) returns int language sql as 'select 1'; call f(1);"
            ),
            {"t.n"},
        ),
        (
            "oracle",
            "create procedure p is begin execute immediate 'alter table t drop (n)'; end;\n/\nbegin p; end;\n/",
            {"t.n"},
        ),
        ("oracle", "begin elsewhere.change_all; end;\n/", {"t.n", "u.m"}),
        ("oracle", "begin dbms_output.put_line('t'); commit; end;\n/", set()),
        (
            "sqlserver",
            "create procedure p as select 1\ngo\nalter procedure p as alter table t add c int\ngo\nexec p",
            {"t.n"},
        ),
        ("sqlserver", "while 1 = 1 begin delete from u; end", {"u.m"}),
        ("oracle", "begin execute immediate 'alter table t drop (n)'; end;\n/", {"t.n"}),
        ("postgres", "select change_all();", {"t.n", "u.m"}),
        ("postgres", "select * from audit.change_all('x');", {"t.n", "u.m"}),
        ("postgres", "values (change_all());", {"t.n", "u.m"}),
        ("postgres", "with x as (select change_all()) select 1 from x;", {"t.n", "u.m"}),
        ("postgres", "select create_hypertable('public.u', 'm');", {"u.m"}),
        ("postgres", "select make_part('t'), make_part('u');", {"t.n", "u.m"}),
        ("postgres", "insert into u values (id_of_ours());", set()),
        (
            "postgres",
            "create function f() returns int language sql as 'select 1'; select f(), now(), st_area(n) from t;",
            set(),
        ),
        ("postgres", "select x.a::varchar(3), cast(x.a as numeric(9, 2)) from generate_series(1, 2) x (a);", set()),
        (
            "postgres",
            "with y (a), z (b) as (values (1)) select count(*) filter (where a in (1)) over (order by b) from y, z;",
            set(),
        ),
        ("postgres", "update pg_attribute set atttypmod = 6 where attrelid = 't'::regclass;", {"t.n"}),
        ("sqlite", "update sqlite_schema set sql = replace(sql, '3', '2');", {"t.n", "u.m"}),
        ("redshift", "select of_ours();", set()),
        ("mysql", "select of_ours();", set()),
        ("sqlite", "create virtual table idx using fts5(body);", set()),
        ("postgres", "drop table nope;", set()),
        ("postgres", "alter table nope owner to app;", set()),
        ("postgres", "alter table nope add k int;", set()),
        ("postgres", "alter table t alter column y type text;", {"t.n"}),
        ("postgres", "alter table t drop constraint c;", {"t.n"}),
        ("postgres", "alter table t add n text;", {"t.n"}),
        ("postgres", "alter table t frob n;", {"t.n"}),
        ("postgres", "alter table t alter n frob;", {"t.n"}),
        ("postgres", "create table t (k int);", {"t.n"}),
        ("postgres", "create table x (like nope);", set()),
        ("postgres", "frobnicate table u;", {"u.m"}),
        ("postgres", "create frob x on t;", {"t.n"}),
        ("sqlserver", "begin try alter table u add k int end try begin catch print 'u' end catch", {"u.m"}),
        ("sqlserver", "begin alter table u add k int end", set()),
        ("sqlserver", "sp_addrolemember 'a', 'b'", set()),
        ("sqlserver", "create security policy p add filter predicate f(n) on t", set()),
        ("sqlserver", "create security policy p add block predicate f(n) on t", {"t.n"}),
        ("oracle", "exec dbms_stats.gather_table_stats('X', 'T');", set()),
        ("oracle", "insert into t values (q'[it's; ]');", set()),
        (
            "snowflake",
            "create stream s on table t; create task k as insert into t select 1; call of_ours();",
            {"t.n", "u.m"},
        ),
        ("snowflake", "execute immediate $$ begin alter table t drop column n; end $$;", {"t.n"}),
        ("snowflake", "alter table t swap with u; // it's", set()),
        ("databricks", "alter table t set tblproperties ('delta.constraints.c' = 'n > 1');", {"t.n"}),
        ("databricks", "insert into t values ('it\\'s; x');", set()),
        ("db2", "alter table t add k int add l int alter column n set data type varchar(9) drop column k;", set()),
        ("db2", "call sysproc.admin_cmd('reorg table t');", set()),
    ],
)
def test_a_statement_that_is_not_read_concerns_the_tables_that_it_names(
    dialect: EngineName, statement: str, touched: set[str]
) -> None:
    assert unknown(TABLES + statement, dialect) == touched


@pytest.mark.parametrize(
    ("script", "touched"),
    [
        (
            "create table v (k int) inherits (t); do $$ declare x int; begin alter table t drop n; end $$;",
            {"t.n", "v.n", "v.k"},
        ),
        (
            (
                "create table w (k int) partition by range (k); create table w1 partition of w for values from (1) to (2);"
                "do $$ declare x int; begin alter table w1 add check (k > 1); end $$;"
            ),
            {"w.k"},
        ),
        (
            (
                "create domain d as text; create table x (k d);"
                "do $$ declare x int; begin alter domain d add check (value <> ''); end $$;"
            ),
            {"x.k"},
        ),
        ("create table s.y (k int); do $$ declare x int; begin drop schema s cascade; end $$;", {"s_y.k"}),
        ("create unique index once on t (n); do $$ declare x int; begin drop index once; end $$;", {"t.n"}),
    ],
)
def test_what_hangs_on_the_things_it_names_is_not_known_either(script: str, touched: set[str]) -> None:
    assert unknown(TABLES + script, "postgres") == touched


def test_of_a_column_that_is_not_read_the_name_and_the_type_are_known() -> None:
    script = "create table t (n varchar(3) what, m varchar(4), frob <> frob);\nalter table t add k varchar(5) what;"
    found = fields(script, "postgres")
    assert {name: [each for each in sentences(field) if "what" in each] for name, field in found.items()} == {
        "t.n": ['not read: "n varchar(3) what": "what" is not known here'],
        "t.m": [],
        "t.frob": [],
        "t.k": ['not read: "k varchar(5) what": "what" is not known here'],
    }
    assert "at most 3 characters" in sentences(found["t.n"])
    assert {constraint.location.line for field in found.values() for constraint in field.constraints} == {1, 2}


def test_what_is_not_read_goes_with_its_column() -> None:
    script = "create table t (n varchar(3) what, m int); alter table t rename n to k;"
    assert unknown(script, "postgres") == {"t.k"}
    assert unknown(f"{script} alter table t drop k; alter table t add k int;", "postgres") == set()


def test_a_statement_about_a_table_that_is_made_later_leaves_that_table_undecided() -> None:
    script = "alter table later alter n type varchar(2);\ncreate table later (n varchar(3));"
    assert unknown(script, "postgres") == {"later.n"}


def test_a_block_of_a_script_is_one_statement() -> None:
    """Db2's manual, "Compound SQL (compiled)"; BigQuery's, "Procedural language"; Snowflake's, "Snowflake Scripting"."""
    block = "begin if (x > 1) then alter table t drop column n; end if; select case 1 when 2 then 3 end; end;"
    script = f"{TABLES}{block}\nalter table u add l int;\nbegin transaction;\nalter table u add j int;\ncommit;"
    for dialect in ("bigquery", "snowflake", "databricks", "db2"):
        assert unknown(script, dialect) == {"t.n"}, dialect
        assert {"u.l", "u.j"} < set(fields(script, dialect)), dialect


def test_what_stands_after_it_is_exact_again() -> None:
    script = f"{TABLES}do $$ begin drop table t; end $$; drop table t; create table t (n varchar(2));"
    assert unknown(script, "postgres") == set()


@pytest.mark.parametrize(
    ("dialect", "keeps"),
    [("postgres", False), ("sqlite", False), ("mysql", True), ("oracle", True)],
)
def test_a_copy_of_all_columns_has_their_types(dialect: EngineName, *, keeps: bool) -> None:
    model = "create table t (n varchar(3) not null primary key, m varchar(4) default 'a' check (m <> 'b'));\n"
    found = fields(f"{model}create table c as select * from t;", dialect)
    assert {name for name in found if name.startswith("c.")} == {"c.n", "c.m"}
    assert found["c.n"].required is keeps
    assert found["c.m"].fill is None
    assert "not b" not in sentences(found["c.m"])


def test_a_query_gives_its_columns_to_the_table_that_it_makes() -> None:
    queries = """
        create table c as select n, 1 from t where n > 'a';
        create table d (x, y) as select n, 1 from t;
        create table e as select a.n as k, cast(b.m as varchar(3)) as l, upper(n) as up from t a left join u b on a.n = b.m;
        select n into f from t;
        create table g as select n from t union select m from u;
        create table h as select * from (select 1) x;
        create table i as with x as (select 1) select * from x;
        create table j as select x.m, * from t, u x;
    """
    found, problems = read(f"{TABLES}{queries}", "postgres")
    assert problems == []
    made = {name for name in found if name not in {"t.n", "u.m"}}
    assert made == {"c.n", "d.x", "d.y", "e.k", "e.l", "e.up", "f.n", "g.n", "j.m", "j.n"}
    unknown = {name for name in made if any(each.name == "opaque" for each in found[name].constraints)}
    assert unknown == {"d.y", "e.up", "g.n"}
    assert "at most 3 characters" in {c.sentence for c in found["e.l"].constraints}
    for name in ("c.n", "d.x", "e.k", "f.n", "j.n"):
        assert [c.sentence for c in found[name].constraints] == [c.sentence for c in found["t.n"].constraints]
    again, _ = read(
        f"{TABLES}create table c (id int auto_increment primary key, n varchar(2)) select n, m from t, u", "mysql"
    )
    assert {name for name in again if name.startswith("c.")} == {"c.id", "c.n", "c.m"}


def test_transact_sql_that_looks_whether_something_is_there() -> None:
    script = """
        IF OBJECT_ID('dbo.log') IS NOT NULL
            DROP TABLE dbo.log;
        GO
        IF NOT EXISTS (SELECT * FROM [__EFMigrationsHistory] WHERE [MigrationId] = N'1')
        BEGIN
            CREATE TABLE [t] ([n] NVARCHAR(3) NOT NULL);
        END;
        GO
        IF COL_LENGTH('t', 'm') IS NULL
            ALTER TABLE t ADD m NVARCHAR(5) NULL
        IF EXISTS (SELECT 1 FROM sys.tables WHERE name = 'x') DROP TABLE x
        CREATE TABLE u (k NVARCHAR(7));
        GO
    """
    found = fields(script, "sqlserver")
    assert set(found) == {"t.n", "t.m", "u.k"}
    assert unknown(script, "sqlserver") == set()


def entity_framework(lookup: str, dropped: str = "[t]") -> str:
    return f"""
        IF NOT EXISTS (SELECT * FROM [__EFMigrationsHistory] WHERE [MigrationId] = N'1')
        BEGIN
            CREATE TABLE [t] ([n] nvarchar(20) NOT NULL DEFAULT N'', [m] nvarchar(7) NOT NULL DEFAULT N'');
            CREATE TABLE [u] ([k] nvarchar(9));
        END;
        GO
        IF NOT EXISTS (SELECT * FROM [__EFMigrationsHistory] WHERE [MigrationId] = N'2')
        BEGIN
            DECLARE @var0 sysname;
            SELECT @var0 = [d].[name]
            FROM [sys].[{lookup}] [d]
            INNER JOIN [sys].[columns] [c] ON [d].[parent_column_id] = [c].[column_id]
            WHERE ([d].[parent_object_id] = OBJECT_ID(N'[t]') AND [c].[name] = N'n');
            IF @var0 IS NOT NULL EXEC(N'ALTER TABLE {dropped} DROP CONSTRAINT [' + @var0 + '];');
            ALTER TABLE [t] ALTER COLUMN [n] nvarchar(50) NOT NULL;
        END;
        GO
    """


def test_entity_framework_drops_a_default_by_the_name_that_it_looks_up() -> None:
    script = entity_framework("default_constraints")
    found = fields(script, "sqlserver")
    assert unknown(script, "sqlserver") == set()
    assert "at most 50 UTF-16 units" in sentences(found["t.n"])
    assert (found["t.n"].fill is None, found["t.m"].fill is None) == (True, False)


@pytest.mark.parametrize(
    "other", [entity_framework("check_constraints"), entity_framework("default_constraints", "[u]")]
)
def test_any_other_name_that_is_looked_up_may_be_of_anything(other: str) -> None:
    assert unknown(other, "sqlserver") == {"t.n", "t.m", "u.k"}


def test_a_dump_of_a_serial_column_is_read_as_it_comes() -> None:
    script = """
        CREATE TABLE public.t (id integer NOT NULL, n character varying(23));
        ALTER TABLE public.t OWNER TO app;
        CREATE SEQUENCE public.t_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
        ALTER TABLE public.t_id_seq OWNER TO app;
        ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id;
        ALTER TABLE ONLY public.t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass);
        ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
    """
    assert set(fields(script, "postgres")) == {"t.id", "t.n"}


def test_the_step_back_of_a_folder_is_not_run() -> None:
    files = {
        "m/0001_a/up.sql": "create table t (n varchar(23));",
        "m/0001_a/down.sql": "drop table t;",
        "m/0002_b/up.sql": "alter table t add m varchar(17);",
        "m/0002_b/down.sql": "alter table t drop column m;",
    }
    assert set(fields(files, "postgres")) == {"t.n", "t.m"}


def test_transact_sql_takes_a_constraint_of_the_table_without_a_comma() -> None:
    script = """
        CREATE TABLE [dbo].[T] (
            [Id] INT NOT NULL,
            [M] INT NOT NULL UNIQUE NONCLUSTERED,
            [N] NVARCHAR (23) NOT NULL
            CONSTRAINT [PK_T] PRIMARY KEY CLUSTERED ([Id] ASC)
            CONSTRAINT [UQ_T] UNIQUE ([N])
        );
    """
    found = fields(script, "sqlserver")
    assert [name for name, field in found.items() if field.unique is not None] == ["T.Id", "T.M", "T.N"]


def test_warehouses_lay_rows_out_and_reject_none_for_it() -> None:
    found = fields("create or replace table t (n string(3) not null, d date) partition by d cluster by n;", "bigquery")
    assert not any("PARTITION" in each for name in found for each in sentences(found[name]))
    found = fields(
        'create or replace transient table "t" ("n" varchar(3)) cluster by ("n"); create or replace table "t" ("m" int);',
        "snowflake",
    )
    assert set(found) == {"t.m"}
    found = fields("create table t (n string, d date) using delta partitioned by (d) comment 'x';", "databricks")
    assert set(found) == {"t.n", "t.d"}
    assert not any("PARTITION" in each for name in found for each in sentences(found[name]))


_OWN = """
select distinct proname from pg_proc
where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^[a-z][a-z0-9_]*$' and prolang <> 0
  and prokind in ('f', 'a', 'w') and prorettype not in ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype)
  and not proargtypes::oid[] && array['internal'::regtype, 'cstring'::regtype]::oid[]
  and oid not in (select oprcode from pg_operator) and oid not in (select amproc from pg_amproc)
  and proname !~ '(send|typmod|larger|smaller|statefunc|transition|canonical|subdiff|_accum|transfn|_handler|_validator)'
  and proname !~ '(^(ri_|binary_upgrade|ts_stat|ts_rewrite|pg_stat_get|has_|database_to_)|_to_xml)'
"""


@pytest.mark.needs_postgres
def test_the_functions_of_postgres_itself_change_no_column(postgres: str) -> None:
    with psycopg.connect(host=postgres, user="tester", dbname="postgres") as connection:
        own = {row[0] for row in connection.execute(_OWN).fetchall()}
    assert len(own) > 500
    assert own <= FUNCTIONS


def test_a_part_that_is_attached_is_held_to_by_its_whole_alone() -> None:
    whole = "create table w (id bigint, n varchar(4), d date default '2020-05-05') partition by range (d);"
    part = "create table p (id bigint, n varchar(4), d date);"
    attach = "alter table only w attach partition p for values from ('2020-01-01') to ('2021-01-01');"

    def concerned(*statements: str) -> tuple[set[str], set[str]]:
        found, problems = read(" ".join((whole, part, *statements)), "postgres")
        assert problems == []
        unsure = {name for name, field in found.items() if any(c.name == "opaque" for c in field.constraints)}
        return {name.partition(".")[0] for name in found}, unsure

    assert concerned(attach) == ({"w"}, {"w.d"})
    assert concerned(attach, "alter table w add primary key (id, d); alter table p add primary key (id, d);")[1] == {
        "w.d"
    }
    assert concerned(attach, "alter table p add check (length(n) > 2);") == ({"w"}, {"w.d", "w.n"})
    assert concerned(attach, "alter table p alter n set not null;")[1] == {"w.d", "w.n"}
    assert concerned(attach, "alter table w detach partition p;") == ({"w", "p"}, {"w.d"})
    assert concerned("alter table w attach partition p default;") == ({"w"}, set())


@pytest.mark.parametrize(
    ("check", "doubted"),
    [
        ("frob(m) > 3", False),
        ("coalesce(m, 0) > 3", True),
        ("m is null or frob(m) > 1", False),
        ("m is not null and frob(m) > 1", False),  # not null is a demand of its own
        ("not (coalesce(m, 0) > 3)", True),
        ("num_nonnulls(m) = 1", True),
        ("frob(m) is null", False),
        ("case when m > 3 then true else false end", True),
    ],
)
def test_a_check_that_is_not_read_may_reject_null_where_it_looks_at_null(check: str, doubted: bool) -> None:
    found, problems = read(f"create table t (n varchar(4), m int check ({check}))", "postgres")
    assert problems == []
    sentences = [constraint.sentence for constraint in found["t.m"].constraints]
    assert any(sentence.startswith("null may be rejected: ") for sentence in sentences) is doubted


def test_a_constraint_that_is_not_read_concerns_the_columns_that_it_names_alone() -> None:
    """OMOP 5.4 for Spark: `ADD CONSTRAINT xpk_person  (person_id)`."""
    assert unknown("create table t (n int, m int); alter table t add constraint k  (n);", "spark") == {"t.n"}
    assert unknown("create table t (n int, m int); alter table t add constraint k frob (n > m);", "spark") == {
        "t.n",
        "t.m",
    }
