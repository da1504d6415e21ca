"""Apache Spark, and Databricks, which runs it over Delta tables.

Read as their manuals say: "Data types" and "ANSI compliance" of Apache Spark 3.5, "Constraints on Databricks".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ..sqltype import FIXED_TEXTS
from .engine import STAMPS, Engine, EngineName
from .syntax import ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ....contracts.constraint import OnViolation
    from ..sqltype import SqlType, TypedColumn


class Spark(Engine):
    """Apache Spark. `VARCHAR(3)` rejects a fourth character, `CHAR(3)` comes back filled up with blanks."""

    name: ClassVar[EngineName] = "spark"
    grammar = "spark"
    script = ScriptSyntax(quotes=re.compile(r"""--|/\*|['"`]|\$\$"""), nested_comments=True, backslash_escapes=True)
    statements = StatementSyntax(
        partitions_reject=False, scripting=True, schema_words=frozenset(("USE", "USE SCHEMA", "USE DATABASE"))
    )

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
