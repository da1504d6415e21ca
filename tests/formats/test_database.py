"""Live databases: their catalogues say what their scripts say; they are only read; and no password is ever shown."""

import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import duckdb
import psycopg
import pymysql
import pytest

from fieldline.contracts.model import Contracts, Field
from fieldline.documents.names import EntityName, FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate
from fieldline.formats.database_failure import (
    CLOSED,
    FORBIDDEN,
    LOCKED,
    LOGIN,
    LOST,
    NO_DATABASE,
    NO_FILE,
    NO_HOST,
    NO_PASSWORD,
    NOT_ITS_FILE,
    TLS,
)
from fieldline.formats.ddl.migrations import in_order

MIGRATIONS = Path(__file__).parent / "ddl" / "migrations"


def contracts(folder: Path, source: str) -> Contracts:
    """The contracts of an estate of one system that is read from this source."""
    (folder / "contracts").mkdir(exist_ok=True)
    (folder / "fieldline.yaml").write_text("estate: test\nlineage: []\nenv: [SHOP_DB]\n", "utf-8")
    (folder / "contracts" / "shop.yaml").write_text(f"system: shop\nfrom: {source}\n", "utf-8")
    return load_estate(folder).contracts


def problems(folder: Path, source: str) -> list[str]:
    with pytest.raises(EstateError) as raised:
        contracts(folder, source)
    return [f"{problem.location}: {problem.message}" for problem in raised.value.problems]


def said(field: Field) -> tuple[object, ...]:
    """What a field demands; of opaque rules that there are some (catalogues word them in their own way)."""
    plain = [constraint.sentence for constraint in field.constraints if constraint.name != "opaque"]
    opaque = any(constraint.name == "opaque" for constraint in field.constraints)
    unique = None if field.unique is None else not field.unique.compared
    return field.type, field.required, unique, field.on_violation, tuple(sorted(plain)), opaque


def all_said(found: Contracts) -> dict[str, tuple[object, ...]]:
    return {str(name): said(field) for name, field in found.fields.items()}


@pytest.mark.needs_postgres
def test_postgres_tells_what_its_migrations_said(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = {"host": postgres, "user": "tester", "autocommit": True}
    with psycopg.connect(dbname="postgres", **run) as connection:  # type: ignore[arg-type]
        connection.execute("drop database if exists live")
        connection.execute("create database live")
    (tmp_path / "migrations").mkdir()
    with psycopg.connect(dbname="live", **run) as connection:  # type: ignore[arg-type]
        for path in MIGRATIONS.iterdir():
            (tmp_path / "migrations" / path.name).write_bytes(path.read_bytes())
        for text in in_order({path.name: path.read_text("utf-8") for path in sorted(MIGRATIONS.iterdir())}).values():
            for statement in text.split(";\n") if "CONCURRENTLY" in text else [text]:
                if statement.strip():
                    connection.execute(statement)  # type: ignore[arg-type]
        connection.execute("alter table event_2024 add check (kind <> 'x')")
        connection.execute(
            "create policy mine on customer using (exists (select from event)); "
            "alter table customer enable row level security"
        )
    scripted = contracts(tmp_path, "{sql: {files: migrations, dialect: postgres}}")
    monkeypatch.setenv("SHOP_DB", f"postgresql://tester@/live?host={postgres}")
    live = contracts(tmp_path, "{database: SHOP_DB}")
    told, written = all_said(live), all_said(scripted)
    # The policy and the check on a part are not in the scripts: whatever they reject is not known.
    for name in [name for name in told if name.startswith("shop.customer.")]:
        assert told.pop(name)[:-1] == written.pop(name)[:-1], name
        assert any("POLICY mine" in c.sentence for c in live.fields[FieldName.read(name)].constraints)
    assert any("PARTITION event_2024" in c.sentence for c in live.fields[FieldName.read("shop.event.kind")].constraints)
    for name in [name for name in told if name.startswith("shop.event.")]:
        assert told.pop(name)[:-1] == written.pop(name)[:-1], name
    assert told == written
    assert live.entities[EntityName("shop", "customer")].key == ("id",)
    assert len(told) >= 30


@pytest.mark.needs_postgres
def test_postgres_tells_foreign_keys_and_the_unique_indexes_that_they_hang_on(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute("drop table if exists c, p cascade; create table p (a int not null, b text)")
        connection.execute("create unique index on p (a); create table c (x int references p (a), y int)")
    monkeypatch.setenv("SHOP_DB", f"postgresql+psycopg://tester@/postgres?host={postgres}")
    found = contracts(tmp_path, "{database: {url_env: SHOP_DB, only: [p, c]}}").fields
    assert found[FieldName.read("shop.p.a")].unique is not None
    assert found[FieldName.read("shop.c.x")].declared == ("REFERENCES p(a)",)


def test_the_tables_in_which_sqlite_keeps_virtual_ones_are_no_entities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.executescript(
            "create virtual table seek using fts5(n); create table seek_me (n); create table seek_x (n);"
        )
    monkeypatch.setenv("SHOP_DB", f"sqlite:///{tmp_path / 'shop.db'}")
    assert set(contracts(tmp_path, "{database: SHOP_DB}").entities) == {
        EntityName("shop", "seek_me"),
        EntityName("shop", "seek_x"),
    }


@pytest.mark.needs_postgres
def test_postgres_counts_a_check_that_was_not_validated_but_no_trigger_that_is_off(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute("drop table if exists t; create table t (x text check (length(x) >= 2))")
        connection.execute("insert into t values ('abcdef')")
        connection.execute("alter table t add constraint short check (length(x) <= 3) not valid")
        connection.execute(
            "create or replace function no() returns trigger language plpgsql as 'begin return null; end'"
        )
        connection.execute("create trigger t before insert on t for each row execute function no()")
        connection.execute("alter table t disable trigger t")
        with pytest.raises(psycopg.Error):
            connection.execute("insert into t values ('abcd')")
    monkeypatch.setenv("SHOP_DB", f"postgresql+psycopg://tester@/postgres?host={postgres}")
    found = contracts(tmp_path, "{database: {url_env: SHOP_DB, only: t}}").fields[FieldName.read("shop.t.x")]
    limits = ["at least 2 characters", "at most 3 characters"]
    assert sorted(c.sentence for c in found.constraints) == [*limits, "text"]
    assert found.declared == ()


@pytest.mark.needs_mariadb
def test_mariadb_tells_its_checks_charsets_and_collations(
    mariadb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """
        create table customer (
            id int unsigned not null auto_increment primary key,
            name varchar(20) character set latin1 not null check (char_length(name) >= 2),
            mail varchar(50) collate utf8mb4_nopad_bin unique,
            note tinytext,
            state enum('new', 'old') default 'new',
            total decimal(8,2) check (total > 0)
        ) default charset = utf8mb4 collate = utf8mb4_nopad_bin
    """
    with pymysql.connect(unix_socket=mariadb, user="root", autocommit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("create or replace database live")
        cursor.execute("use live")
        cursor.execute(script)
        cursor.execute("create trigger look before insert on customer for each row set new.note = 'x'")
    (tmp_path / "shop.sql").write_text(
        f"{script};\ncreate trigger look before insert on customer for each row set new.note = 'x';", "utf-8"
    )
    monkeypatch.setenv("SHOP_DB", f"mysql://root@localhost/live?unix_socket={mariadb}")
    live = all_said(contracts(tmp_path, "{database: SHOP_DB}"))
    assert live == all_said(contracts(tmp_path, "{sql: {files: shop.sql, dialect: mariadb}}"))
    assert "at least 2 characters" in str(live["shop.customer.name"])
    assert "encodable in cp1252" in str(live["shop.customer.name"])


SMALL = (
    "create table customer (id integer primary key, name varchar(20) not null{collate} check (length(name) > 1), n int)"
)


def test_sqlite_tells_its_own_script_nocase_included(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "my shop?.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(SMALL.format(collate=" collate nocase unique"))
    before = path.read_bytes()
    monkeypatch.setenv("SHOP_DB", f"sqlite:///{str(path).replace('?', '%3F')}")
    found = contracts(tmp_path, "{database: SHOP_DB}").fields[FieldName.read("shop.customer.name")]
    assert found.required
    assert found.unique is not None
    assert found.unique.compared
    assert not any("20" in constraint.sentence for constraint in found.constraints)
    assert found.declared == ("varchar(20)",)
    assert path.read_bytes() == before


def test_duckdb_tells_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(SMALL.format(collate="") + "; create unique index i on customer (n)")
    monkeypatch.setenv("SHOP_DB", f"duckdb:///{path}")
    fields = contracts(tmp_path, "{database: {url_env: SHOP_DB, as: {customer: client}}}").fields
    # The length is written down and nothing enforces it; the catalogue has forgotten it already.
    assert [c.sentence for c in fields[FieldName.read("shop.client.name")].constraints] == [
        "text",
        "not null",
        "at least 2 characters",
    ]
    assert fields[FieldName.read("shop.client.n")].unique is not None


# ------------------------------------------------------------------------------------------------- what goes wrong


def test_a_file_that_is_not_there_is_not_reachable_and_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "none.sqlite"
    monkeypatch.setenv("SHOP_DB", f"sqlite:///{missing}")
    assert problems(tmp_path, "{database: SHOP_DB}") == [
        f"contracts/shop.yaml:2:8: the database of SHOP_DB (sqlite) {NO_FILE}",
    ]
    assert not missing.exists()


def test_no_password_is_shown_whatever_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for written in (
        "postgresql+psycopg://reader:s3cr@et@127.0.0.1:1/shop?connect_timeout=1",
        "mysql+pymysql://reader:s3cr@et@127.0.0.1:1/shop",
        "postgresql+psycopg://reader:s3cr@et@127.0.0.1:1/shop?password=s3cr@et",
        "nonsense s3cr@et",
        "what://reader:s3cr@et@host/shop",
        "postgresql://reader:s3cr@et@127.0.0.1:port/shop",
    ):
        monkeypatch.setenv("SHOP_DB", written)
        said = problems(tmp_path, "{database: SHOP_DB}")
        assert len(said) == 1, written
        assert "s3cr" not in said[0], written
        assert "@et" not in said[0], written


def test_a_variable_that_is_not_set_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_DB", raising=False)
    assert problems(tmp_path, "{database: SHOP_DB}") == [
        'contracts/shop.yaml:2:18: the environment variable "SHOP_DB" is not set'
    ]


def test_a_database_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        hold: list[socket.socket] = []
        threading.Thread(target=lambda: hold.append(listener.accept()[0]), daemon=True).start()
        port = listener.getsockname()[1]
        monkeypatch.setattr("fieldline.formats.database.CONNECT_SECONDS", 2)
        monkeypatch.setenv("SHOP_DB", f"postgresql+psycopg://reader@127.0.0.1:{port}/shop")
        said = problems(tmp_path, "{database: SHOP_DB}")
        for connection in hold:
            connection.close()
    assert said == ["contracts/shop.yaml:2:8: the database of SHOP_DB (postgresql) gives no answer in time"]


SCRAM = "local all scram scram-sha-256\n"


@pytest.mark.needs_postgres
def test_postgresql_says_why_by_its_sqlstate_in_any_language(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = Path(postgres) / "data" / "pg_hba.conf"
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute("drop role if exists scram")
        connection.execute("create role scram login password 'hunter2x9'")
        if SCRAM not in access.read_text():
            access.write_text(SCRAM + access.read_text())
        connection.execute("select pg_reload_conf()")
    for words, sentence in {
        f"scram:hunterzz@/postgres?host={postgres}": LOGIN,
        f"scram:hunter2x9@/n0where?host={postgres}": NO_DATABASE,
        f"scram@/postgres?host={postgres}": NO_PASSWORD,
        f"tester@/postgres?host={postgres}&options=-c%20role%3Dn0body": "cannot be read (SQLSTATE 22023)",
        "scram:hunterzz@/postgres?host=/none/at/all": CLOSED,
        "scram:hunterzz@127.0.0.1:1/postgres": CLOSED,
        "scram:hunterzz@n0where.invalid/postgres": NO_HOST,
    }.items():
        monkeypatch.setenv("SHOP_DB", f"postgresql://{words}")
        (said,) = problems(tmp_path, "{database: SHOP_DB}")
        assert said == f"contracts/shop.yaml:2:8: the database of SHOP_DB (postgresql) {sentence}"


def answering(reply: bytes) -> Iterator[int]:
    """A server that sends the same bytes to all who ask, and hangs up; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    with listener.accept()[0] as asked:
                        asked.recv(1024)
                        asked.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("reply", "mode", "sentence"), [(b"N", "require", TLS), (b"", "disable", LOST)])
def test_a_server_without_tls_and_one_that_hangs_up_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reply: bytes, mode: str, sentence: str
) -> None:
    with contextmanager(answering)(reply) as port:
        monkeypatch.setenv("SHOP_DB", f"postgresql://reader@127.0.0.1:{port}/shop?sslmode={mode}")
        (said,) = problems(tmp_path, "{database: SHOP_DB}")
    assert said == f"contracts/shop.yaml:2:8: the database of SHOP_DB (postgresql) {sentence}"


@pytest.mark.needs_mariadb
def test_mariadb_says_why_by_its_number(mariadb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pymysql.connect(unix_socket=mariadb, user="root", autocommit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("create or replace database own_one")
        cursor.execute("create or replace user reader@localhost identified by 'hunter2x9'")
    for words, sentence in {
        f"reader:hunterzz@localhost/own_one?unix_socket={mariadb}": LOGIN,
        f"root@localhost/n0where?unix_socket={mariadb}": NO_DATABASE,
        f"reader:hunter2x9@localhost/own_one?unix_socket={mariadb}": FORBIDDEN,
        "reader:hunterzz@127.0.0.1:1/own_one": CLOSED,
        "reader:hunterzz@n0where.invalid/own_one": NO_HOST,
    }.items():
        monkeypatch.setenv("SHOP_DB", f"mariadb://{words}")
        (said,) = problems(tmp_path, "{database: SHOP_DB}")
        assert said == f"contracts/shop.yaml:2:8: the database of SHOP_DB (mariadb) {sentence}"


def test_a_file_of_another_kind_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.db").write_text("no database " * 100)
    for scheme in ("sqlite", "duckdb"):
        monkeypatch.setenv("SHOP_DB", f"{scheme}:///{tmp_path / 'text.db'}")
        (said,) = problems(tmp_path, "{database: SHOP_DB}")
        assert said == f"contracts/shop.yaml:2:8: the database of SHOP_DB ({scheme}) {NOT_ITS_FILE}"


def test_a_file_of_the_other_kind_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(tmp_path / "sqlite")) as one, duckdb.connect(tmp_path / "duckdb") as other:
        one.execute("create table t (a text)")
        other.execute("create table t (a text)")
    for scheme, file in (("sqlite", "duckdb"), ("duckdb", "sqlite")):
        monkeypatch.setenv("SHOP_DB", f"{scheme}:///{tmp_path / file}")
        (said,) = problems(tmp_path, "{database: SHOP_DB}")
        assert said == f"contracts/shop.yaml:2:8: the database of SHOP_DB ({scheme}) {NOT_ITS_FILE}"


@pytest.mark.parametrize(("scheme", "module"), [("sqlite", "sqlite3"), ("duckdb", "duckdb")])
def test_a_file_that_another_process_has_locked_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, module: str
) -> None:
    monkeypatch.setattr("fieldline.formats.database.CONNECT_SECONDS", 1)
    lock = f"import {module} as engine, sys; at = engine.connect(sys.argv[1]); at.execute('create table t (a text)')\n"
    lock += "at.execute('begin exclusive') if engine.__name__ == 'sqlite3' else at.execute('checkpoint')\n"
    lock += "print(flush=True); input()"
    command = [sys.executable, "-c", lock, tmp_path / "shop.db"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "\n"
        monkeypatch.setenv("SHOP_DB", f"{scheme}:///{tmp_path / 'shop.db'}")
        (said,) = problems(tmp_path, "{database: SHOP_DB}")
        assert said == f"contracts/shop.yaml:2:8: the database of SHOP_DB ({scheme}) {LOCKED}"
        other.communicate("\n")
    assert EntityName("shop", "t") in contracts(tmp_path, "{database: SHOP_DB}").entities


def test_a_variable_that_nobody_named_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_DB", f"sqlite:///{tmp_path / 'none.db'}")
    assert problems(tmp_path, "{database: OTHER_DB}") == [
        'contracts/shop.yaml:2:18: the environment variable "OTHER_DB" is not one that may be read'
    ]


def test_a_url_in_a_contract_is_not_repeated(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, '{database: "postgresql://reader:hunter2x9@db.example/shop"}')
    assert said == "contracts/shop.yaml:2:18: this is not the name of an environment variable"
