"""Revisions of Alembic: read without running them, they result in the tables that Alembic makes of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pymysql
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from .reading import load
from .test_database import all_said, contracts

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = {!r}\ndown_revision = {!r}\n\n\n"
FIRST = (
    HEAD.format("aa", None)
    + '''
LONG = 40

def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="team_code"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("login", sa.String(20), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("limit", sa.Numeric(precision=10, scale=2), server_default="0.00"),
        sa.Column("born", sa.Date()),
        sa.Column("made", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id")),
        sa.Column("kind", sa.Enum("natural", "legal", name="kind")),
        sa.Column("nick", sa.String(LONG)),
        sa.CheckConstraint("nick <> 'root'", name="person_nick"),
    )
    op.create_index(op.f("ix_person_login"), "person", ["login"], unique=True)
    op.create_index("ix_person_note", "person", ["born"])

def downgrade() -> None:
    op.drop_table("person")
'''
)
SECOND = (
    HEAD.format("bb", "aa")
    + """
def upgrade():
    op.add_column("person", sa.Column("email", sa.String(length=60), nullable=True))
    with op.batch_alter_table("person", schema=None) as batch:
        batch.alter_column("nick", existing_type=sa.String(length=40), type_=sa.String(length=30), existing_nullable=True)
        batch.drop_column("note")
    for name, size in (("street", 50), ("city", 25)):
        op.add_column("person", sa.Column(name, sa.String(size), server_default=""))
    op.execute("update person set email = ''")
    op.bulk_insert(sa.table("team", sa.column("code")), [{"code": "a"}])

def downgrade():
    op.drop_column("person", "email")
"""
)
THIRD = (
    HEAD.format("cc", "bb")
    + """
def upgrade():
    op.alter_column("person", "email", existing_type=sa.String(60), nullable=False)
    op.alter_column("team", "code", existing_type=sa.String(5), new_column_name="short", existing_nullable=False)
    op.create_unique_constraint("person_email", "person", ["email"])
    op.execute(sa.text("alter table person add zip varchar(9)"))
"""
)
REVISIONS = {"versions/1_zz.py": SECOND, "versions/2_aa.py": FIRST}
WHOLE = {**REVISIONS, "versions/0_c.py": THIRD}
"""By their names the files are in another order than their revisions."""


def told(files: dict[str, str], dialect: str = "postgres") -> dict[str, str]:
    return load(f"system: s\nfrom: {{alembic: {{files: versions, dialect: {dialect}}}}}\n", files).told()


def upgraded(folder: Path, url: str, files: dict[str, str]) -> None:
    """A database that Alembic itself has upgraded."""
    (folder / "versions").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    env = f"""
import sqlalchemy as sa
from alembic import context
with sa.create_engine({url!r}, poolclass=sa.pool.NullPool).begin() as connection:
    context.configure(connection=connection)
    context.run_migrations()
"""
    (folder / "env.py").write_text(env, "utf-8")
    (folder / "script.py.mako").write_text("", "utf-8")
    config = Config()
    config.set_main_option("script_location", str(folder))
    command.upgrade(config, "head")


def compare(
    folder: Path, url: str, live: str, files: dict[str, str], dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(folder, url, files)
    monkeypatch.setenv("SHOP_DB", live)
    found = all_said(contracts(folder, "{database: {url_env: SHOP_DB}}"))
    read = all_said(contracts(folder, f"{{alembic: {{files: versions, dialect: {dialect}}}}}"))
    if dialect.startswith("mariadb"):  # whose catalogue no longer knows that a column was called BOOL
        assert (read.pop("shop.person.active")[0], found.pop("shop.person.active")[0]) == ("boolean", "integer")
    assert read == {name: each for name, each in found.items() if "alembic_version" not in name}
    assert len(read) > 10


@pytest.mark.needs_postgres
def test_postgres_has_the_tables_that_are_read(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute("drop database if exists revisions")
        connection.execute("create database revisions")
    url = f"postgresql+psycopg://tester@/revisions?host={postgres}"
    compare(tmp_path, url, url, WHOLE, "postgres", monkeypatch)


@pytest.mark.needs_mariadb
def test_mariadb_has_the_tables_that_are_read(mariadb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(pymysql.connect(unix_socket=mariadb, user="root")) as connection, connection.cursor() as cursor:
        cursor.execute("drop database if exists revisions")
        cursor.execute("create database revisions default charset utf8mb4 collate utf8mb4_general_ci")
    url = f"mysql+pymysql://root@/revisions?unix_socket={mariadb}"
    compare(tmp_path, url, url, WHOLE, "mariadb, charset: utf8mb4, collation: utf8mb4_general_ci", monkeypatch)


def test_sqlite_has_the_tables_that_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/revisions.db"
    first = {"versions/2_aa.py": FIRST}  # a batch makes a table anew there
    compare(tmp_path, url, url, first, "sqlite", monkeypatch)
    with closing(sqlite3.connect(tmp_path / "revisions.db")) as connection:
        assert connection.execute("select count(*) from person").fetchone() == (0,)


def test_each_revision_runs_after_those_before_it_and_no_downgrade_does() -> None:
    found = told(WHOLE)
    assert "at most 30 characters" in found["person.nick"]
    assert found["person.email"] == "text; not null; at most 60 characters"
    assert "person.note" not in found
    assert "at most 25 characters" in found["person.city"]
    assert "at most 9 characters" in found["person.zip"]
    assert "team.short" in found
    assert not [name for name, words in found.items() if "not read" in words]


@pytest.mark.parametrize(
    ("upgrade", "unknown"),
    [
        ("if op.get_bind().dialect.name == 'mysql':\n        op.drop_column('t', 'n')", {"t.n", "t.m"}),
        ("try:\n        op.drop_column('t', 'n')\n    except Exception:\n        pass", {"t.n", "t.m"}),
        ("for name in found():\n        op.drop_column(name, 'n')", {"t.n", "t.m", "u.k"}),
        ("for name in ('t',):\n        op.alter_column(name, 'm', nullable=True)", set()),
        ("helper()", {"u.k"}),
        ("from_elsewhere('t')", {"t.n", "t.m", "u.k"}),
        ("op.execute(build())", {"t.n", "t.m", "u.k"}),
        ("op.execute(sa.update(sa.table('t')).values(n='a'))", set()),
        ("op.alter_column('t', 'n', type_=kind_of('n'))", {"t.n", "t.m"}),
        ("print('done')", set()),
        ("op.unheard_of('u')", {"u.k"}),
        ("op.get_bind().execute(sa.text('alter table u alter k type varchar(2)'))", set()),
        ("op.create_entity(trigger)", {"u.k"}),
        ("Base.metadata.create_all(op.get_bind())", {"t.n", "t.m", "u.k"}),
        ("if done():\n        return\n    op.drop_column('t', 'n')", {"t.n", "t.m"}),
        ("if done():\n        raise ValueError\n    op.alter_column('t', 'n', nullable=True)", set()),
        (
            "for name in ('t',):\n        if done():\n            break\n        op.drop_column(name, 'n')",
            {"t.n", "t.m"},
        ),
        ("gone = [op.drop_column(name, 'n') for name in found()]", {"t.n", "t.m", "u.k"}),
        ("gone = list(map(str, op.drop_column('t', 'n')))", {"t.n", "t.m", "u.k"}),
        ("somebody.drop_column('t', 'n')", {"t.n", "t.m", "u.k"}),
        ("helpers.change('t')", {"t.n", "t.m", "u.k"}),
        ("changed = helpers.change(op)", {"t.n", "t.m", "u.k"}),
        ("changed = helpers.named('t')", {"t.n", "t.m"}),
        ("changed = helpers.setting('debug')", set()),
        ("where = 't'\n    if done():\n        where = 'u'\n    op.drop_column(where, 'n')", {"t.n", "t.m", "u.k"}),
        ("def inner():\n        op.drop_column('t', 'n')\n    done = inner()", {"t.n", "t.m"}),
        ("with op.batch_alter_table(found()) as batch:\n        batch.drop_column('n')", {"t.n", "t.m", "u.k"}),
        (
            "with op.batch_alter_table('u') as one, op.batch_alter_table('t') as two:\n        two.unheard_of()",
            {"t.n", "t.m"},
        ),
        ("o.unheard_of('u')", {"u.k"}),
        ("op.execute(sa.text('alter table t drop nothing, x').bindparams(x=1))", {"t.n", "t.m"}),
        ("from helpers import *\n    anything.change('u')", {"t.n", "t.m", "u.k"}),
        ("op.get_bind().exec_driver_sql('alter table t drop nothing, x')", {"t.n", "t.m"}),
    ],
)
def test_what_a_program_may_do_or_may_not_is_not_known(upgrade: str, unknown: set[str]) -> None:
    text = (
        HEAD.format("a", None)
        + f"""
import helpers
from alembic import op as o

trigger = PGTrigger(schema="public", on_entity="public.u", definition="before insert on u execute function f()")

def helper():
    op.add_column("u", sa.Column("more", sa.Integer))

def upgrade():
    op.create_table("t", sa.Column("n", sa.String(3)), sa.Column("m", sa.String(4)))
    op.create_table("u", sa.Column("k", sa.String(3)))
    {upgrade}
"""
    )
    found = told({"versions/a.py": text})
    assert {name for name, words in found.items() if "not read" in words} - {"u.more"} == unknown


def test_no_program_runs_and_what_is_no_revision_is_passed_over(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    runs = f"open({str(mark)!r}, 'w').close()\n"
    files = {
        "versions/a.py": HEAD.format("a", None)
        + runs
        + "def upgrade():\n    op.create_table('t', sa.Column('n', sa.Text))\n",
        "versions/env.py": runs + "raise SystemExit\n",
    }
    assert told(files) == {"t.n": "text"}
    assert not mark.exists()


def test_what_is_no_python_is_a_problem_with_its_place() -> None:
    (problem,) = load(
        "system: s\nfrom: {alembic: {files: versions, dialect: postgres}}\n", {"versions/a.py": "x = 1\ny = (\n"}
    ).problems
    assert problem.startswith("versions/a.py:2:5: this is no Python that can be read")


@pytest.mark.parametrize(
    "dialect", ["postgres", "mysql", "sqlite", "sqlserver", "oracle", "db2", "snowflake", "duckdb"]
)
def test_types_are_written_in_the_words_of_the_database(dialect: str) -> None:
    kinds = (
        sa.Integer,
        sa.SmallInteger,
        sa.String,
        sa.Unicode,
        sa.Text,
        sa.Boolean,
        sa.Date,
        sa.DateTime,
        sa.Float,
        sa.Numeric,
    )
    columns = ", ".join(
        f"sa.Column('c{i}', sa.{kind.__name__}{'(7)' if kind in (sa.String, sa.Unicode) else ''})"
        for i, kind in enumerate(kinds)
    )
    text = HEAD.format("a", None) + f"def upgrade():\n    op.create_table('t', {columns})\n"
    found = told({"versions/a.py": text}, dialect)
    assert len(found) == len(kinds)
    assert ("at most 7 " in found["t.c2"]) == (dialect not in {"sqlite", "duckdb"})  # those two keep longer ones, too
    assert not [words for words in found.values() if "not read" in words]


def test_a_program_of_endless_loops_and_calls_ends_undecided() -> None:
    loops = "".join(f"{'    ' * depth}for x{depth} in NAMES:\n" for depth in range(1, 6))
    calls = "".join(f"def f{i}():\n    f{i + 1}()\n    f{i + 1}()\n\n" for i in range(40))
    chain = "op." + "a." * 300 + "b"
    for body in (f"{loops}{'    ' * 6}op.drop_index('i', table_name=x5)", "    f0()", f"    op.execute({chain}())"):
        text = (
            HEAD.format("a", None) + f"NAMES = {['t'] * 100!r}\n\n{calls}def f40():\n    op.drop_column('t', 'n')\n\n"
        )
        text += f"def upgrade():\n    op.create_table('t', sa.Column('n', sa.Text))\n{body}\n"
        assert "not read" in told({"versions/a.py": text})["t.n"]
