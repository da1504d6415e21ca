"""What a live database says of its tables, as a script of definitions: read like any other, so that there is one meaning.

MySQL and SQLite keep their definitions and tell them. PostgreSQL's and DuckDB's are put together from their catalogues, in
the databases' own words (`pg_get_constraintdef`). Reflection by a library would lose what we need: the lengths of domains,
MariaDB's column checks and charsets, SQLite's NOCASE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values.error import FieldlineError
from .engine import Engine, engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Ask = Callable[[str], Iterable[tuple[object, ...]]]
    """Runs one query and gives its rows."""


class NotReadHere(FieldlineError):
    """A database whose catalogue is not read. Carries what it is."""


def schema_script(kind: str, ask: Ask) -> tuple[Engine, str]:
    """The engine with its settings, and a script of its tables. `kind`: SQLAlchemy's word for the engine.

    Raises NotReadHere for others than PostgreSQL, MySQL, MariaDB, SQLite and DuckDB.
    """
    reader = _READERS.get(kind)
    if reader is None:
        raise NotReadHere(kind)
    found, statements = reader(ask)
    return found, ";\n".join(statements) + ";\n"


def _texts(rows: Iterable[tuple[object, ...]]) -> list[str]:
    return [str(row[0]) for row in rows]


# ------------------------------------------------------------------------------------------------------- PostgreSQL

_OURS = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(temp|toast)'"
_TABLES = f"c.relkind in ('r', 'p') and not c.relispartition and {_OURS}"
_POSTGRES = (
    f"""
    select format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
                  string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder))
    from pg_type t join pg_enum e on e.enumtypid = t.oid join pg_namespace n on n.oid = t.typnamespace
    where {_OURS} group by n.nspname, t.typname order by n.nspname, t.typname
    """,
    f"""
    select format('CREATE DOMAIN %I.%I AS %s%s%s %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
                  (select format(' COLLATE %I', l.collname) from pg_collation l
                   where l.oid = t.typcollation and l.collname <> 'default'),
                  case when t.typnotnull then ' NOT NULL' end,
                  (select string_agg(format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ' '
                                     order by k.conname)
                   from pg_constraint k where k.contypid = t.oid and k.contype = 'c'))
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'd' and {_OURS} order by n.nspname, t.typname
    """,
    f"""
    select format('CREATE TABLE %I.%I (%s)', n.nspname, c.relname,
        string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
            (select format(' COLLATE %I', l.collname) from pg_collation l
             where l.oid = a.attcollation and l.collname <> 'default'),
            case when a.attnotnull then ' NOT NULL' end,
            case when a.attgenerated = 's'
                 then (select format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
                       from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum) end),
            ', ' order by a.attnum))
        || case when c.relkind = 'p' then ' PARTITION BY ' || pg_get_partkeydef(c.oid) else '' end
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where {_TABLES} group by n.nspname, c.relname, c.relkind, c.oid order by n.nspname, c.relname
    """,
    f"""
    select format('CREATE TABLE %I.%I PARTITION OF %s %s', n.nspname, c.relname, i.inhparent::regclass,
                  pg_get_expr(c.relpartbound, c.oid))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
    where c.relispartition and {_OURS} order by n.nspname, c.relname
    """,
    f"""
    select format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype = 'c' and k.coninhcount = 0 and c.relispartition and {_OURS}
    order by n.nspname, c.relname, k.conname
    """,
    f"""
    select format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype in ('c', 'u', 'p', 'x') and {_TABLES} order by n.nspname, c.relname, k.conname
    """,
    f"""
    select pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where i.indisunique and {_TABLES} and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)
    order by 1
    """,
    f"""
    select distinct pg_get_functiondef(g.tgfoid)
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
         join pg_proc p on p.oid = g.tgfoid join pg_language l on l.oid = p.prolang
    where not g.tgisinternal and g.tgenabled <> 'D' and l.lanname = 'plpgsql' and {_TABLES} order by 1
    """,
    f"""
    select pg_get_triggerdef(g.oid)
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not g.tgisinternal and g.tgenabled <> 'D' and {_TABLES} order by 1
    """,
    f"""
    select format('CREATE POLICY %I ON %I.%I', p.polname, n.nspname, c.relname)
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relrowsecurity and {_TABLES} order by 1
    """,
    f"""
    select rtrim(pg_get_ruledef(r.oid), ';')
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where r.rulename <> '_RETURN' and {_TABLES} order by 1
    """,
)
"""PostgreSQL 15, chapter 53: each query gives statements."""


def _postgres(ask: Ask) -> tuple[Engine, list[str]]:
    version = _texts(ask("select version()"))[0]
    if "Redshift" in version or not version.startswith("PostgreSQL"):
        raise NotReadHere(version.split(" ", 1)[0] if "Redshift" not in version else "Redshift")
    charset = _texts(ask("show server_encoding"))[0]
    return engine("postgres", charset=charset), [text for query in _POSTGRES for text in _texts(ask(query))]


# ------------------------------------------------------------------------------------------------ MySQL and MariaDB


def _mysql(ask: Ask) -> tuple[Engine, list[str]]:
    version, modes, charset, collation = next(
        iter(ask("select version(), @@global.sql_mode, @@character_set_database, @@collation_database"))
    )
    strict = "STRICT_ALL_TABLES" in str(modes) or "STRICT_TRANS_TABLES" in str(modes)
    found = engine(
        "mariadb" if "mariadb" in str(version).lower() else "mysql",
        charset=str(charset),
        collation=str(collation),
        strict=strict,
    )
    list(ask("set session sql_mode = ''"))  # names in backticks, texts in quotes
    statements = []
    for name, kind in ask("show full tables"):
        if kind == "BASE TABLE":
            _, definition = next(iter(ask(f"show create table `{str(name).replace('`', '``')}`")))
            statements.append(str(definition))
    for name, event, table, *_ in ask("show triggers"):
        if event in {"INSERT", "UPDATE"}:
            statements.append(f"CREATE TRIGGER `{name}` BEFORE {event} ON `{table}`")
    return found, statements


# ------------------------------------------------------------------------------------------------ SQLite and DuckDB


def _sqlite(ask: Ask) -> tuple[Engine, list[str]]:
    query = """
        select sql from sqlite_master where sql is not null and name not like 'sqlite\\_%' escape '\\'
        order by case type when 'table' then 0 when 'index' then 1 else 2 end, name
    """
    return engine("sqlite"), _texts(ask(query))


def _duckdb(ask: Ask) -> tuple[Engine, list[str]]:
    tables = """
        select rtrim(sql, ';') from duckdb_tables() where not internal and not temporary order by schema_name, table_name
    """
    indexes = "select rtrim(sql, ';') from duckdb_indexes() where is_unique and sql is not null order by index_name"
    return engine("duckdb"), [*_texts(ask(tables)), *_texts(ask(indexes))]


_READERS = {
    "postgresql": _postgres,
    "mysql": _mysql,
    "mariadb": _mysql,
    "sqlite": _sqlite,
    "duckdb": _duckdb,
}
