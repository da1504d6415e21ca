"""Snowflake, BigQuery, and Spark with Databricks: engines whose keys are written down and not enforced.

Read as their manuals say: "SQL data types reference" and "Constraints" of Snowflake, "Data types" and "CREATE TABLE" of
GoogleSQL for BigQuery, "Data types" and "ANSI compliance" of Apache Spark 3.5, "Constraints on Databricks".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..sqltype import FIXED_TEXTS, LONG_TEXTS
from .engine import STAMPS, Engine, EngineName
from .syntax import StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ....contracts.constraint import OnViolation
    from ..sqltype import SqlType, TypedColumn


class Snowflake(Engine):
    """Snowflake. Lengths are characters, and longer texts are rejected; every integer type has 38 digits."""

    name: ClassVar[EngineName] = "snowflake"
    grammar = "snowflake"
    statements = StatementSyntax(quoted_types=True, partitions_reject=False)

    long_integers = frozenset(("INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT"))
    decimals = Engine.decimals | {"NUMBER"}
    default_digits = (38, 0)
    float_bits = 53
    sizes_floats = False
    single_floats: ClassVar[frozenset[str]] = frozenset()
    padded_texts = False
    stamps = STAMPS | {"TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ", "TIMESTAMPNTZ", "TIMESTAMPLTZ"}
    second_decimals = 9
    enforces_keys = False
    folds_names = True

    def apply_text(self, column: TypedColumn) -> None:
        """A length counts Unicode characters; without one CHAR holds one of them, the other types 16,777,216."""
        made = column.type
        default = 1 if made.name in FIXED_TEXTS else 16_777_216
        limit = made.number() if made.args else default
        if limit is None:
            column.rules.add_opaque(made.written, made.at)
        else:
            column.rules.bound("max_length", limit, made.at)

    def compares_exactly(self, collation: str | None) -> bool:
        return collation is None or collation == ""


class BigQuery(Engine):
    """BigQuery. `STRING(3)` holds three characters; whole numbers have 64 bits."""

    name: ClassVar[EngineName] = "bigquery"
    grammar = "bigquery"
    statements = StatementSyntax(partitions_reject=False)

    integers: ClassVar[Mapping[str, int]] = dict.fromkeys(
        ("INT64", "INT", "SMALLINT", "INTEGER", "BIGINT", "TINYINT", "BYTEINT"), 64
    )
    integer_decimals: ClassVar[OnViolation] = "reject"
    decimals = Engine.decimals | {"BIGNUMERIC", "BIGDECIMAL"}
    single_floats: ClassVar[frozenset[str]] = frozenset()
    stamps = STAMPS
    enforces_keys = False

    def is_text(self, made: SqlType) -> bool:
        return made.name == "STRING"

    def apply_text(self, column: TypedColumn) -> None:
        made = column.type
        limit = made.number()
        if limit is not None:
            column.rules.bound("max_length", limit, made.at)
        elif made.args:
            column.rules.add_opaque(made.written, made.at)

    def apply_own_type(self, column: TypedColumn) -> bool:
        """NUMERIC has 38 digits, nine of them after the point, and BIGNUMERIC 76 and 38, unless a size is given."""
        made, rules = column.type, column.rules
        if made.name == "FLOAT64":
            rules.type = "decimal"
            rules.keep_digits(15, made.at)
            return True
        if made.name not in self.decimals or made.args:
            return False
        rules.type = "decimal"
        rules.limit_digits(*((76, 38) if made.name.startswith("BIG") else (38, 9)), made.at)
        rules.actions["scale"] = "round"
        return True

    def compares_exactly(self, collation: str | None) -> bool:
        return collation in {None, ""}


class Spark(Engine):
    """Apache Spark. `VARCHAR(3)` rejects a fourth character, `CHAR(3)` comes back filled up with blanks."""

    name: ClassVar[EngineName] = "spark"
    grammar = "spark"
    statements = StatementSyntax(partitions_reject=False)

    integers: ClassVar[Mapping[str, int]] = {
        **dict.fromkeys(("TINYINT", "BYTE"), 8),
        **dict.fromkeys(("SMALLINT", "SHORT"), 16),
        **dict.fromkeys(("INT", "INTEGER"), 32),
        **dict.fromkeys(("BIGINT", "LONG"), 64),
    }
    integer_decimals: ClassVar[OnViolation] = "truncate"
    default_digits = (10, 0)
    float_bits = 24
    stamps = STAMPS | {"TIMESTAMP_NTZ", "TIMESTAMP_LTZ"}
    enforces_keys = False

    def is_text(self, made: SqlType) -> bool:
        return made.name in {"STRING", "VARCHAR", "CHAR", "CHARACTER"}

    def apply_text(self, column: TypedColumn) -> None:
        """Blanks that do not fit are dropped; a CHAR is filled up with them."""
        made, rules = column.type, column.rules
        if made.name == "STRING":
            return
        limit = made.number()
        if limit is None:
            rules.add_opaque(made.written, made.at)
            return
        rules.bound("max_length", limit, made.at)
        if made.name in FIXED_TEXTS:
            rules.stored["padded"] = made.at

    def compares_exactly(self, collation: str | None) -> bool:
        return collation is None or collation.upper() == "UTF8_BINARY"


class Databricks(Spark):
    """Databricks, which runs Spark over Delta tables."""

    name: ClassVar[EngineName] = "databricks"
    grammar = "databricks"


class Db2(Engine):
    """Db2. Lengths are bytes, unless they name CODEUNITS32 or CODEUNITS16; decimals that do not fit are cut off.

    Db2 11.5 for Linux, UNIX and Windows, SQL reference: "Data types", "Assignments and comparisons".
    """

    name: ClassVar[EngineName] = "db2"
    grammar = ""
    statements = StatementSyntax(queries_keep_required=True)

    integers: ClassVar[Mapping[str, int]] = {"SMALLINT": 16, "INTEGER": 32, "INT": 32, "BIGINT": 64}
    integer_decimals: ClassVar[OnViolation] = "truncate"
    decimals = Engine.decimals | {"NUM"}
    default_digits = (5, 0)
    decimals_beyond: ClassVar[OnViolation] = "truncate"
    folds_names = True

    def is_text(self, made: SqlType) -> bool:
        return super().is_text(made) or made.name in {"GRAPHIC", "VARGRAPHIC", "DBCLOB"}

    def apply_text(self, column: TypedColumn) -> None:
        made, rules = column.type, column.rules
        if made.name in LONG_TEXTS or made.name == "DBCLOB":
            return
        short = made.name in FIXED_TEXTS or made.name == "GRAPHIC"
        limit = made.number() if made.args else 1
        encoding = self.codec(column.charset)
        if limit is None or encoding is None:
            rules.add_opaque(made.written, made.at)
            return
        if short:
            rules.stored["padded"] = made.at
        if made.unit == "CODEUNITS32":
            rules.bound("max_length", limit, made.at)
        elif made.unit == "CODEUNITS16" or "GRAPHIC" in made.name or made.name.startswith("N"):
            rules.bound("max_utf16", limit, made.at)
        else:
            if encoding != "utf-8":
                rules.held_by(encoding, made.at)
            rules.limit_bytes("max_bytes", limit, encoding, made.at)

    def compares_exactly(self, collation: str | None) -> bool:
        return collation is None

    @classmethod
    def columns_query(cls, table: str, schema: str | None = None) -> str:
        """Db2 11.5 for Linux, UNIX and Windows, SQL reference: "SYSCAT.COLUMNS"."""
        from sqlglot import exp

        within = "CURRENT SCHEMA" if schema is None else exp.Literal.string(schema).sql()
        return (
            "SELECT COLNAME, TYPENAME FROM SYSCAT.COLUMNS "  # noqa: S608 - quoted by sqlglot
            f"WHERE TABSCHEMA = {within} AND TABNAME = {exp.Literal.string(table).sql()} ORDER BY COLNO"
        )
