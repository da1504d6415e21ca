"""Database engines, and the settings of one that change what its columns take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

EngineName: TypeAlias = Literal["postgres", "mysql", "mariadb", "sqlite", "duckdb", "oracle", "sqlserver", "redshift"]

GRAMMARS: dict[EngineName, str] = {
    "postgres": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
    "duckdb": "duckdb",
    "oracle": "oracle",
    "sqlserver": "tsql",
    "redshift": "redshift",
}
"""By our word for an engine, sqlglot's word for its dialect."""

TITLES: dict[EngineName, str] = {
    "postgres": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "sqlite": "SQLite",
    "duckdb": "DuckDB",
    "oracle": "Oracle",
    "sqlserver": "SQL Server",
    "redshift": "Redshift",
}

_CHARSETS: dict[EngineName, str] = {
    "mysql": "utf8mb4",
    "mariadb": "utf8mb4",
    "sqlserver": "cp1252",
}
_COLLATIONS: dict[EngineName, str] = {
    "mysql": "utf8mb4_0900_ai_ci",
    "mariadb": "utf8mb4_uca1400_ai_ci",
    "sqlserver": "SQL_Latin1_General_CP1_CI_AS",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine with its settings."""

    name: EngineName
    charset: str
    """What texts are stored in unless a table or column says otherwise: a codec of Python's, or MySQL's own word."""
    collation: str | None
    """How texts are compared unless a table or column says otherwise; None: byte by byte."""
    counts: Literal["bytes", "characters"]
    """What `VARCHAR2(20)` counts in Oracle: its NLS_LENGTH_SEMANTICS."""
    strict: bool
    """Whether MySQL refuses what does not fit (STRICT_ALL_TABLES), or cuts it."""
    nul: bool
    """Whether PostgreSQL may be sent U+0000, which it refuses; False where nobody ever sends it."""

    @property
    def grammar(self) -> str:
        """Sqlglot's word for its dialect."""
        return GRAMMARS[self.name]

    @property
    def title(self) -> str:
        """Its name, as people write it."""
        return TITLES[self.name]

    @property
    def is_mysql(self) -> bool:
        """MySQL or MariaDB."""
        return self.name in {"mysql", "mariadb"}

    @property
    def is_postgres(self) -> bool:
        """PostgreSQL or Redshift, which descends from it."""
        return self.name in {"postgres", "redshift"}


def engine(
    name: EngineName,
    *,
    charset: str | None = None,
    collation: str | None = None,
    counts: Literal["bytes", "characters"] = "bytes",
    strict: bool = True,
    nul: bool = True,
) -> Engine:
    """An engine as it comes out of the box, but for the settings given."""
    return Engine(
        name,
        charset or _CHARSETS.get(name, "utf-8"),
        collation or (_COLLATIONS.get(name) if charset is None else None),
        counts,
        strict,
        nul,
    )
