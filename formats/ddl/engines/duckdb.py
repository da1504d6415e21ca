"""DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..catalogue import first_column
from ..comparing import EXACTLY, Comparing
from ..patterns import Flavour
from .engine import Engine, EngineName, StoredSchema
from .postgres import Postgres
from .syntax import StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalogue import Ask

_RE2 = Flavour(
    r"[^\n]",
    {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "},
    {
        "digit": "0-9",
        "alpha": "A-Za-z",
        "alnum": "A-Za-z0-9",
        "upper": "A-Z",
        "lower": "a-z",
        "xdigit": "0-9A-Fa-f",
        "space": r"\t\n\v\f\r ",
    },
)


class DuckDb(Engine):
    """DuckDB: the length of a text is written and not enforced."""

    name: ClassVar[EngineName] = "duckdb"
    grammar = "duckdb"
    statements = StatementSyntax(
        transactional=True, schema_words=frozenset(("USE", "SET SCHEMA", "SET SEARCH_PATH", "RESET SCHEMA"))
    )

    integers: ClassVar[Mapping[str, int]] = {
        **dict.fromkeys(("TINYINT", "INT1"), 8),
        **dict.fromkeys(("SMALLINT", "INT2", "INT16", "SHORT"), 16),
        **dict.fromkeys(("INTEGER", "INT", "INT4", "INT32", "SIGNED"), 32),
        **dict.fromkeys(("BIGINT", "INT8", "INT64", "LONG"), 64),
        **dict.fromkeys(("HUGEINT", "INT128"), 128),
    }
    unsigned_integers: ClassVar[Mapping[str, int]] = {
        "UTINYINT": 8,
        "USMALLINT": 16,
        "UINTEGER": 32,
        "UBIGINT": 64,
        "UHUGEINT": 128,
    }
    default_digits = (18, 3)
    float_bits = 24
    compares_singles = True
    padded_texts = False
    uuid = Postgres.uuid
    enumerations = True
    counting: ClassVar[Mapping[str, str]] = {"strlen": "bytes", "octet_length": "bytes"}
    encode_gives_bytes = True
    trims_unicode = True
    has_starts_with = True
    regex = _RE2
    tilde_varies = True
    whole_patterns: ClassVar[Mapping[str, Flavour]] = {"SimilarTo": _RE2, "RegexpFullMatch": _RE2}
    whole_patterns_compare = False

    def codec(self, charset: str | None) -> str | None:  # noqa: ARG002 - the only one
        return "utf-8"

    def compares_exactly(self, collation: str | None) -> bool:
        return collation is None or collation.upper() == "BINARY"

    def comparing(self, collation: str) -> Comparing:
        """DuckDB 2.0: an index knows no collation, so "a" and "A" are both stored; ON CONFLICT takes them for equal."""
        known = self.compares_exactly(collation)
        return EXACTLY if known else Comparing(opaque=f"COLLATE {collation}, which only ON CONFLICT goes by")

    @classmethod
    def stored_schema(cls, ask: Ask) -> StoredSchema:
        tables = """
            select rtrim(sql, ';') from duckdb_tables() where not internal and not temporary
            order by schema_name, table_name
        """
        indexes = "select rtrim(sql, ';') from duckdb_indexes() where is_unique and sql is not null order by index_name"
        return StoredSchema("duckdb", [*first_column(ask(tables)), *first_column(ask(indexes))])

    @classmethod
    def views_query(cls) -> str:
        """DuckDB, "duckdb_views()"."""
        return "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY view_oid"

    @classmethod
    def columns_query(cls, table: str, schema: str | None = None) -> str:
        from sqlglot import exp

        within = "current_schema()" if schema is None else exp.Literal.string(schema).sql(cls.grammar)
        return (
            "SELECT column_name, data_type FROM duckdb_columns() "  # noqa: S608 - quoted by sqlglot
            f"WHERE database_name = current_database() AND lower(schema_name) = lower({within}) "
            f"AND lower(table_name) = lower({exp.Literal.string(table).sql(cls.grammar)}) ORDER BY column_index"
        )
