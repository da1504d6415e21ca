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
        ("postgres", "create policy w on t using (true)", False),
        ("postgres", "create policy w on t using (x = 1)", True),
        ("postgres", "create policy w on t for select using (x = 1)", False),
        ("postgres", "create policy w on t with check (may_write(x))", True),
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
        ("perform pg_notify('a', new.n); return new;", set()),
        ("perform pg_notify('a', row_to_json(new)::text); return new;", {"id", "n", "m", "at", "by_"}),
        ("perform other(new.n); return new;", {"id", "n", "m", "at", "by_"}),
        ("new.m := new.n; return new;", {"m"}),
        ("new.n := new.m; return new;", {"n", "m"}),
        ("new.m := upper(new.n); return new;", {"m", "n"}),
        ("if new.n > '' then new.m := 'x'; end if; new.by_ := 'ab'; return new;", {"m", "by_"}),
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
        ("mysql", "after insert on t for each row insert into audit (n, at) values (new.n, now())", set()),
        (
            "mysql",
            "after insert on t for each row insert into audit (at, n) values (new.at, concat(new.n, new.m))",
            {"n", "m"},
        ),
        (
            "mysql",
            "after insert on t for each row insert into audit (n) values (new.n), (new.m)",
            {"id", "n", "m", "at", "by_"},
        ),
        ("mysql", "after insert on t for each row insert into audit values (user(), now())", set()),
        (
            "mysql",
            "after insert on t for each row insert into strict_ (b) values (now())",
            {"id", "n", "m", "at", "by_"},
        ),
        ("mysql", "after insert on t for each row insert into strict_ (a, b) values ('x', now())", set()),
        ("mysql", "after insert on t for each row insert into nowhere values (new.n)", {"id", "n", "m", "at", "by_"}),
        ("mysql", "after insert on t for each row insert into t (n) values (new.m)", {"id", "n", "m", "at", "by_"}),
        ("sqlite", "after insert on t begin insert into audit (n, at) values (new.n, datetime('now')); end", set()),
        (
            "oracle",
            "after insert or update on t for each row begin insert into audit (n, at) values (:new.m, sysdate); end;\n/\n",
            set(),
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
    audit += "; create table strict_ (k int not null auto_increment primary key, a varchar(9) not null, b datetime)"
    mark = "DELIMITER ;;\n" if dialect == "mysql" else ""
    end = ";;\n" if dialect == "mysql" else ""
    assert bound(f"{_TABLE};\n{audit};\n{mark}create trigger w {trigger}{end}", dialect) == columns


def test_a_function_of_postgres_that_writes_an_audit_by_the_kind_of_statement() -> None:
    function = """create function f() returns trigger language plpgsql as $$ begin
        if tg_op = 'INSERT' then insert into audit values (new.n, now()); return new;
        elsif tg_op = 'DELETE' then insert into nowhere select old.*; return old; end if;
        if new.id is distinct from old.id then raise exception 'no'; end if; return null; end $$;"""
    trigger = "create trigger w after insert or update or delete on t for each row execute function f();"
    audit = "create table audit (n varchar(40), at timestamp);"
    assert bound(f"{_TABLE}; {function} {trigger} {audit}", "postgres") == {"id"}
    assert bound(f"{_TABLE}; {function} {trigger} create table audit (n varchar(2), at timestamp);", "postgres") == {
        "n",
        "id",
    }
    assert bound(f"{_TABLE}; {function} {trigger} {audit} alter table audit add check (n > '')", "postgres") == {
        "n",
        "id",
    }


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("update t set at = sysdatetime() from t x join inserted i on i.id = x.id", {"at"}),
        ("update x set x.at = getdate() from t as x inner join inserted on inserted.id = x.id", {"at"}),
        ("update t set at = getdate() where id in (select id from inserted)", {"at"}),
        ("update t set n = upper(i.n) from t join inserted i on i.id = t.id", {"n"}),
        ("update t set at = getdate()", {"id", "n", "m", "at", "by_"}),
        ("update t set at = getdate() from t join inserted i on i.id = t.by_", {"id", "n", "m", "at", "by_"}),
        ("insert into audit (n, at) select i.n, getdate() from inserted i", set()),
        ("insert into audit (n) select m from inserted", set()),
        ("insert into audit (n) select m from t", {"id", "n", "m", "at", "by_"}),
        ("if exists (select 1 from inserted where n = '') throw 50000, 'no', 1", {"id", "n", "m", "at", "by_"}),
    ],
)
def test_a_trigger_of_sql_server_works_on_the_rows_that_are_inserted(body: str, columns: set[str]) -> None:
    script = f"{_TABLE.replace('timestamp', 'datetime2')}\ngo\ncreate table audit (n varchar(40), at datetime2)\ngo\n"
    assert (
        bound(
            f"{script}create trigger w on t after insert, update as begin set nocount on; {body}; end\ngo", "sqlserver"
        )
        == columns
    )
    instead = bound(f"{script}create trigger w on t instead of insert as {body}\ngo", "sqlserver")
    assert instead == {"id", "n", "m", "at", "by_"}


@pytest.mark.parametrize(
    ("dialect", "switch", "off"),
    [
        ("postgres", "alter table t disable trigger w", True),
        ("postgres", "alter table t disable trigger user; alter table t enable trigger all", False),
        ("postgres", "alter table t enable replica trigger w", True),
        ("postgres", "alter table t enable always trigger w", False),
        ("postgres", "alter table t disable trigger v", False),
        ("oracle", "alter trigger w disable", True),
        ("oracle", "alter table t disable all triggers", True),
        ("oracle", "alter trigger w compile", False),
        ("sqlserver", "disable trigger w on t", True),
        ("sqlserver", "disable trigger all on t", True),
        ("sqlserver", "alter table t disable trigger w", True),
        ("sqlserver", "disable trigger w on t\ngo\nenable trigger w on t", False),
    ],
)
def test_a_trigger_that_is_disabled_does_nothing(dialect: EngineName, switch: str, off: bool) -> None:
    made = {
        "postgres": "create trigger w before insert on t for each row execute function f()",
        "oracle": "create trigger w before insert on t for each row begin check_it(:new.n); end;\n/\n",
        "sqlserver": "\ngo\ncreate trigger w on t after insert as rollback\ngo\n",
    }[dialect]
    table = _TABLE.replace("timestamp", "date")
    assert (bound(f"{table};\n{made};\n{switch};", dialect) == set()) is off


def test_the_function_that_a_trigger_calls_is_the_one_that_stands_at_the_end() -> None:
    stamp, cut = (
        f"create or replace function f() returns trigger language plpgsql as $$ begin {body}; return new; end $$;"
        for body in ("new.at := now()", "new.n := left(new.n, 1)")
    )
    trigger = "create trigger w before insert on t for each row execute function f();"
    assert bound(f"{_TABLE}; {stamp} {trigger}", "postgres") == {"at"}
    assert bound(f"{_TABLE}; {stamp} {trigger} {cut}", "postgres") == {"n"}


@pytest.mark.parametrize(
    ("call", "columns"),
    [
        ("tsvector_update_trigger(m, 'pg_catalog.english', n)", {"m"}),
        ("moddatetime(at)", {"at"}),
        ("moddatetime('at')", {"at"}),
        ("suppress_redundant_updates_trigger()", set()),
        ("theirs(at)", {"id", "n", "m", "at", "by_"}),
    ],
)
def test_functions_for_triggers_that_postgres_brings_along_fill_their_columns(call: str, columns: set[str]) -> None:
    trigger = f"create trigger w before insert or update on t for each row execute procedure {call};"
    assert bound(f"{_TABLE}; {trigger}", "postgres") == columns
