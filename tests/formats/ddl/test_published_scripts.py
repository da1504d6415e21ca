"""What public schemas have in common, a case a kind: scripts read as their engines read them."""

import pytest

from fieldline.documents.problem import Problems
from fieldline.formats.ddl.cursor import Script
from fieldline.formats.ddl.engines.engine import EngineName
from fieldline.formats.ddl.engines.registry import engine
from fieldline.formats.ddl.migrations import in_order
from fieldline.formats.ddl.replay import replay_script

from .tables import fields, sentences


@pytest.mark.parametrize(
    ("placeholder", "dialect"),
    [
        ("${flyway:defaultSchema}.", "postgres"),
        ('"${schema}".', "postgres"),
        ('{{ index .Options "Namespace" }}.', "postgres"),
        ("{{ schema }} .", "snowflake"),
        ("@cdmDatabaseSchema.", "postgres"),
        ("@cdmDatabaseSchema.", "sqlserver"),
        ("[$(Schema)].", "sqlserver"),
        ("<DB2DBID>.", "db2"),
        ("&owner..", "oracle"),
        (":schema.", "postgres"),
    ],
)
def test_a_schema_that_a_placeholder_names_is_left_out(placeholder: str, dialect: EngineName) -> None:
    script = f"create table {placeholder}t (n varchar(3), o int);\nalter table {placeholder}t add check (n <> 'x');"
    found = fields(script, dialect)
    assert set(found) == {"t.n", "t.o"}
    assert not any("not read" in each for field in found.values() for each in sentences(field))


def test_a_variable_is_no_schema() -> None:
    trigger = (
        "create trigger r before insert on t for each row begin if :new.n is null then :new.n := 'a'; end if; end;\n/\n"
    )
    found = fields(f"create table t (n varchar2(3), o number(3));\n{trigger}", "oracle")
    assert found["t.n"].filled_by is not None


def test_a_switch_of_the_session_ends_with_its_line() -> None:
    found = fields("set ansi_nulls on\nset quoted_identifier on\ncreate table [t] ([n] nvarchar(3))\n", "sqlserver")
    assert "at most 3 UTF-16 units" in sentences(found["t.n"])


@pytest.mark.parametrize(
    "statement",
    ["raiserror('now at t ....', 0, 1)", "exec sp_refreshsqlmodule N'[dbo].[t]'", "exec sp_helptext 't'"],
)
def test_what_only_says_something_changes_no_table(statement: str) -> None:
    found = fields(f"create table t (n nvarchar(3))\ngo\n{statement}\ngo\n", "sqlserver")
    assert not any("not read" in each for each in sentences(found["t.n"]))


def test_several_expressions_of_a_unique_index_may_be_made_of_one_column() -> None:
    cases = "case when a is null then null else b end, case when a is null then null else a end"
    index = f"create unique index i on t ({cases});"
    assert "t.a" in fields(f"create table t (a varchar2(3), b varchar2(3)); {index}", "oracle")


def test_a_delimiter_of_two_semicolons_ends_its_statements() -> None:
    trigger = (
        "delimiter ;;\ncreate trigger r before insert on t for each row begin set new.n = 'a'; end;;\ndelimiter ;\n"
    )
    found = fields(f"create table t (n varchar(3));\n{trigger}create table u (m varchar(5));", "mysql")
    assert "u.m" in found


def test_inherited_columns_come_first_and_keep_what_they_demand() -> None:
    parent = "create table p (a int not null default 7, b date); "
    child = "create table c (a int, n text, check (b > date '2020-01-01')) inherits (p);"
    found = fields(parent + child, "postgres")
    assert found["c.a"].required
    assert found["c.a"].fill is not None
    assert not any("2020" in each for each in sentences(found["c.a"]))
    assert any("2020" in each for each in sentences(found["c.b"]))


def _names(script: str, dialect: EngineName) -> list[str | None]:
    schema = replay_script([Script(script, "s.sql")], engine(dialect), Problems())
    return [unique.name for unique in schema.tables["t",].uniques]


def test_an_index_without_a_name_gets_the_one_that_postgresql_gives_it() -> None:
    """As PostgreSQL 15 names them."""
    bodies: tuple[str, ...] = (
        "(a)",
        "(lower(b))",
        "((b || 'x'), a)",
        "(lower(b)) where a > 1",
        "(b text_pattern_ops, a desc)",
    )
    bodies += ("((a + 1))", "((b::int))", "((a is null))")
    script = "create table t (a int, b text);" + "".join(f"create unique index on t {body};" for body in bodies)
    expected = ["t_a_idx", "t_lower_idx", "t_expr_a_idx", "t_lower_idx1", "t_b_a_idx", "t_expr_idx", "t_b_idx"]
    assert _names(script, "postgres") == [*expected, "t_expr_idx1"]


def test_an_index_of_another_schema_is_another_one() -> None:
    script = "create table t (a int); create unique index i on t (a); drop index if exists other.i;"
    assert _names(script, "postgres") == ["i"]
    assert _names(script, "sqlite") == ["i"]
    assert _names(script.replace("other", "public"), "postgres") == []


def test_a_foreign_key_without_a_name_is_dropped_by_the_one_that_mysql_gives_it() -> None:
    keys = "foreign key (a) references p (a), foreign key (b) references p (a)"
    made = f"create table p (a int primary key); create table t (a int, b int, {keys});"
    found = fields(f"{made} alter table t drop foreign key t_ibfk_2;", "mysql")
    assert found["t.a"].declared
    assert not found["t.b"].declared


def test_a_unique_index_on_a_column_that_is_not_there_leaves_the_table_undecided() -> None:
    found = fields("create table t (a int, b int); create unique index i on t (a, gone);", "postgres")
    assert found["t.a"].unique is None
    assert any("has no column" in each for each in sentences(found["t.a"]))


def test_the_tightest_entry_of_an_index_counts() -> None:
    indexes = "create unique index i on t (a) where b is null; create unique index j on t (a, b) where b is not null;"
    found = fields(f"create table t (a text, b text); {indexes}", "postgres")
    assert "at most 1330 bytes in utf-8" in sentences(found["t.a"])


def test_a_serial_of_mysql_has_no_sign() -> None:
    found = fields("create table t (a serial, b bigint unsigned not null auto_increment unique);", "mariadb")
    assert found["t.a"].on_violation == found["t.b"].on_violation == "unknown"


def test_a_default_of_a_type_in_words_is_not_known() -> None:
    found = fields("create table t (a jsonb default '{\"a\":1}', b text default 'x', c bytea default '');", "postgres")
    fills = [found[f"t.{name}"].fill for name in "abc"]
    assert [fill and fill.value for fill in fills] == [None, "x", None]


def test_a_whole_number_is_the_default_of_a_text() -> None:
    found = fields("create table t (a varchar(9) default 00, b varchar(9) default -5);", "mysql")
    assert [found[f"t.{name}"].fill.value for name in "ab"] == ["0", "-5"]  # type: ignore[union-attr]


def test_what_is_demanded_twice_is_said_once() -> None:
    assert "t.a" in fields(
        "create table t (a int primary key, b int, unique (a), unique (a, b), unique (b, a));", "postgres"
    )


def test_folders_of_migrations_run_in_the_order_of_their_dates() -> None:
    """Diesel: dashes in a version do not count."""
    files = {"2017-09-23-191545_b/up.sql": "", "20170804200817_a/down.sql": "", "20170804200817_a/up.sql": ""}
    assert list(in_order(files)) == ["20170804200817_a/up.sql", "2017-09-23-191545_b/up.sql"]
    given = {"20180101_b/up.sql": "", "2017-01-01_a/up.sql": ""}
    assert list(in_order(given)) == list(given)  # somebody put them in order


def test_a_name_of_postgresql_may_have_escapes() -> None:
    found = fields(r'create table U&"d\0061ta" (U&"n\+0000E4me" varchar(5), b int);', "postgres")
    assert set(found) == {"data.näme", "data.b"}


PLAN = """%syntax-version=1.0.0
%project=flipr

zebra 2013-12-31T00:00:00Z A <a@example.com> # Users.
@v1 2014-01-01T00:00:00Z A <a@example.com> # Tag.
alpha [zebra] 2014-01-01T00:00:00Z A <a@example.com> # A column.
zebra [zebra@v1] 2014-01-02T00:00:00Z A <a@example.com> # Another column.
"""


def test_sqitch_runs_what_is_under_deploy_in_the_order_of_its_plan() -> None:
    names = ("deploy/alpha.sql", "deploy/zebra.sql", "deploy/zebra@v1.sql", "revert/zebra.sql", "verify/zebra.sql")
    files = dict.fromkeys((f"db/{name}" for name in names), "")
    ordered = in_order(files, {"db/sqitch.plan": PLAN}.get)
    assert list(ordered) == ["db/deploy/zebra@v1.sql", "db/deploy/alpha.sql", "db/deploy/zebra.sql"]
    assert list(in_order(files)) == [f"db/{name}" for name in names[:3]]
