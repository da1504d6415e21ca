"""Every engine, by our word for it and by SQLAlchemy's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..catalogue import NotReadHere
from .bigquery import BigQuery
from .db2 import Db2
from .duckdb import DuckDb
from .mariadb import MariaDb
from .mysql import MySql
from .oracle import Oracle
from .postgres import Postgres
from .redshift import Redshift
from .snowflake import Snowflake
from .spark import Databricks, Spark
from .sqlite import Sqlite
from .sqlserver import SqlServer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalogue import Ask
    from .engine import Engine, EngineName

SQL_ENGINES: Mapping[str, type[Engine]] = {
    kind.name: kind
    for kind in (
        *(Postgres, MySql, MariaDb, Sqlite, DuckDb, Oracle, SqlServer, Redshift),
        *(Snowflake, BigQuery, Spark, Databricks, Db2),
    )
}
STORES: Mapping[str, type[Engine]] = {
    "postgresql": Postgres,
    "mysql": MySql,
    "mariadb": MySql,
    "duckdb": DuckDb,
    "sqlite": Sqlite,
}
"""The engines whose catalogues are read, by SQLAlchemy's word. MySQL and MariaDB answer under either name."""
ROW_STORES: Mapping[str, type[Engine]] = {**STORES, "oracle": Oracle, "mssql": SqlServer, "db2": Db2}
"""Those of which tables are read: of some more than of which the definitions are."""


def engine(
    name: EngineName,
    *,
    charset: str | None = None,
    collation: str | None = None,
    counts: Literal["bytes", "characters"] = "bytes",
    strict: bool = True,
    nul: bool = False,
) -> Engine:
    """An engine as it comes out of the box, but for the settings given."""
    kind = SQL_ENGINES[name]
    default_collation = kind.default_collation if charset is None else None
    return kind(charset or kind.default_charset, collation or default_collation, counts, strict, nul)


def schema_script(store: str, ask: Ask) -> tuple[Engine, str]:
    """The engine of a live database with its settings, and a script of its tables. `store`: SQLAlchemy's word for it.

    Raises NotReadHere for others than PostgreSQL, MySQL, MariaDB, SQLite and DuckDB.
    """
    kind = STORES.get(store)
    if kind is None:
        raise NotReadHere(store)
    stored = kind.stored_schema(ask)
    made = engine(stored.engine, charset=stored.charset, collation=stored.collation, strict=stored.strict)
    return made, ";\n".join(stored.statements) + ";\n"
