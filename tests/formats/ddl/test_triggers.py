"""Triggers: the columns that they concern, and what they make of the others."""

import pytest

from fieldline.formats.ddl.engines.engine import EngineName

from .tables import fields


def bound(script: str, dialect: EngineName) -> set[str]:
    """The columns of the table `t` at which its trigger `w` may reject or change a value."""
    found = fields(script, dialect)
    return {
        name.removeprefix("t.")
        for name, field in found.items()
        if any(constraint.sentence == "TRIGGER w" for constraint in field.constraints)
    }


_TABLE = "create table t (id int, n varchar(4), m varchar(40), at timestamp, by_ varchar(3))"


@pytest.mark.parametrize(
    ("dialect", "trigger", "seen"),
    [
        ("postgres", "create trigger w before insert or update of x on t for each row execute function f()", True),
        ("postgres", "create trigger w after delete on t for each row execute function f()", False),
        ("postgres", "create rule w as on insert to t do instead nothing", True),
        ("postgres", "create policy w on t using (true)", True),
        ("mysql", "create definer=`root`@`localhost` trigger w before insert on t for each row set new.x = 1", True),
        ("mysql", "create trigger w before delete on t for each row set @n = 1", False),
        ("sqlite", "create trigger w before update on t begin select raise(abort, ';'); end", True),
        (
            "oracle",
            "create or replace trigger w before insert on t for each row begin check_it(:new.x); end;\n/\n",
            True,
        ),
        ("sqlserver", "create trigger w on t after insert, update as begin rollback; end\ngo\n", True),
        ("sqlserver", "create trigger w on t instead of delete as print 'x'\ngo\n", False),
    ],
)
def test_a_trigger_that_sees_what_is_stored_makes_it_unknown(dialect: EngineName, trigger: str, seen: bool) -> None:
    found = fields(f"create table t (x int);\n{trigger}", dialect)["t.x"]
    assert any(constraint.name == "opaque" for constraint in found.constraints) is seen


# ------------------------------------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    ("dialect", "trigger", "columns"),
    [
        # MariaDB 10.11, SQLite 3.40, PostgreSQL 15, run: the other columns are stored as they came.
        ("mysql", "before update on t for each row set new.at = now(6)", {"at"}),
        ("mysql", "before insert on t for each row set new.at = now(), new.m = uuid()", {"at", "m"}),
        ("mysql", "before insert on t for each row set new.n = left(new.n, 2)", {"n"}),
        ("mysql", "before insert on t for each row set new.m = concat(new.n, '-', new.by_)", {"m", "n", "by_"}),
        ("mysql", "before insert on t for each row set new.n = uuid()", {"id", "n", "m", "at", "by_"}),
        ("mysql", "before insert on t for each row set new.by_ = 'APP'", {"by_"}),
        ("mysql", "before insert on t for each row set new.by_ = 'APPL'", {"id", "n", "m", "at", "by_"}),
        ("mysql", "before insert on t for each row set new.m = f(new.m)", {"id", "n", "m", "at", "by_"}),
        ("mysql", "before insert on t for each row set @a = 1", {"id", "n", "m", "at", "by_"}),
        ("sqlite", "after insert on t begin update t set at = datetime('now') where rowid = new.rowid; end", {"at"}),
        ("sqlite", "after insert on t begin update t set at = datetime('now'); end", {"id", "n", "m", "at", "by_"}),
        ("sqlite", "after insert on t begin update u set at = 1 where id = new.id; end", {"id", "n", "m", "at", "by_"}),
        (
            "sqlite",
            "after insert on t begin update t set at = datetime('now') where id = new.id; select raise(abort, ''); end",
            {"id", "n", "m", "at", "by_"},
        ),
        (
            "oracle",
            "before insert on t for each row begin select num.nextval into :new.id from dual; end;\n/\n",
            {"id"},
        ),
        (
            "oracle",
            (
                "before insert or update on t for each row begin if :new.id is null then :new.id := num.nextval; end if; "
                ":new.at := systimestamp; end;\n/\n"
            ),
            {"id", "at"},
        ),
        (
            "oracle",
            (
                "before insert on t for each row begin if :new.n is null then raise_application_error(-1, 'n'); end if; "
                "end;\n/\n"
            ),
            {"n"},
        ),
    ],
)
def test_a_trigger_concerns_the_columns_that_it_fills_and_reads(
    dialect: EngineName, trigger: str, columns: set[str]
) -> None:
    create = "create or replace trigger w" if dialect == "oracle" else "create trigger w"
    assert bound(f"{_TABLE};\n{create} {trigger};", dialect) == columns


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("new.at := now(); return new;", {"at"}),
        ("if new.at is null then new.at := clock_timestamp(); end if; return new;", {"at"}),
        ("new.m = lower(new.m); return new;", {"m"}),
        ("new.at := now(); return null;", {"id", "n", "m", "at", "by_"}),
        ("if new.n = 'x' then raise exception 'no'; end if; return new;", {"n"}),
        ("new.id := new.n::int; return new;", {"id", "n", "m", "at", "by_"}),
        ("perform pg_notify('a', new.n); return new;", {"id", "n", "m", "at", "by_"}),
    ],
)
def test_a_trigger_s_function_concerns_the_columns_that_it_fills_and_reads(body: str, columns: set[str]) -> None:
    function = f"create function f() returns trigger language plpgsql as $$ begin {body} end $$;"
    trigger = "create trigger w before insert or update on t for each row execute function f();"
    assert bound(f"{_TABLE};\n{function}\n{trigger}", "postgres") == columns


@pytest.mark.parametrize(
    ("dialect", "trigger", "filled"),
    [
        (
            "oracle",
            "before insert on t for each row begin select num.nextval into :new.id from dual; end;\n/\n",
            {"id"},
        ),
        (
            "oracle",
            "before insert on t for each row when (new.id is null) begin :new.id := num.nextval; end;\n/\n",
            {"id"},
        ),
        (
            "oracle",
            (
                "before insert on t for each row begin if :new.id is null then :new.id := num.nextval; end if; "
                ":new.at := sysdate; end;\n/\n"
            ),
            {"id", "at"},
        ),
        (
            "oracle",
            "before insert on t for each row begin if :new.n is null then :new.id := num.nextval; end if; end;\n/\n",
            set(),
        ),
        ("oracle", "before update on t for each row begin :new.at := sysdate; end;\n/\n", set()),
        ("mysql", "before insert on t for each row set new.at = now(), new.m = upper(new.m)", {"at"}),
        # SQLite checks NOT NULL before the trigger runs
        ("sqlite", "after insert on t begin update t set at = datetime('now') where rowid = new.rowid; end", set()),
    ],
)
def test_a_column_that_a_trigger_fills_before_the_insert_is_filled(
    dialect: EngineName, trigger: str, filled: set[str]
) -> None:
    create = "create or replace trigger w" if dialect == "oracle" else "create trigger w"
    found = fields(f"{_TABLE};\n{create} {trigger};", dialect)
    assert {name.removeprefix("t.") for name, field in found.items() if field.filled_by == "TRIGGER w"} == filled


@pytest.mark.parametrize(
    ("dialect", "trigger", "columns"),
    [
        # A row of the audit that is kept out keeps the own row out: what it is made of matters, and nothing else.
        ("mysql", "after insert on t for each row insert into audit (n, at) values (new.n, now())", {"n"}),
        ("mysql", "after insert on t for each row insert into audit values (user(), now())", set()),
        ("mysql", "after insert on t for each row insert into nowhere values (new.n)", {"id", "n", "m", "at", "by_"}),
        ("mysql", "after insert on t for each row insert into t (n) values (new.m)", {"id", "n", "m", "at", "by_"}),
        ("sqlite", "after insert on t begin insert into audit (n, at) values (new.n, datetime('now')); end", {"n"}),
        (
            "oracle",
            "after insert or update on t for each row begin insert into audit (n, at) values (:new.m, sysdate); end;\n/\n",
            {"m"},
        ),
        (
            "mysql",
            "before insert on t for each row begin if new.n is null or new.m <> '' then signal sqlstate '1'; end if; end",
            {"n", "m"},
        ),
        ("mysql", "before insert on t for each row signal sqlstate '45000'", {"id", "n", "m", "at", "by_"}),
    ],
)
def test_a_trigger_that_writes_elsewhere_or_rejects_under_a_condition(
    dialect: EngineName, trigger: str, columns: set[str]
) -> None:
    audit = "create table audit (n varchar(40), at timestamp)"
    mark = "DELIMITER ;;\n" if dialect == "mysql" else ""
    end = ";;\n" if dialect == "mysql" else ""
    assert bound(f"{_TABLE};\n{audit};\n{mark}create trigger w {trigger}{end}", dialect) == columns


def test_a_function_of_postgres_that_writes_an_audit_by_the_kind_of_statement() -> None:
    function = """create function f() returns trigger language plpgsql as $$ begin
        if tg_op = 'INSERT' then insert into audit values (new.n, now()); return new; end if;
        if new.id is distinct from old.id then raise exception 'no'; end if; return null; end $$;"""
    trigger = "create trigger w after insert or update on t for each row execute function f();"
    assert bound(f"{_TABLE}; create table audit (n varchar(40), at timestamp); {function} {trigger}", "postgres") == {
        "n",
        "id",
    }
