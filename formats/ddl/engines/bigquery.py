"""BigQuery.

Read as the reference of GoogleSQL for BigQuery says: "Data types", "CREATE TABLE statement", "Procedural language".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from .engine import STAMPS, Engine, EngineName
from .syntax import ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ....contracts.constraint import OnViolation
    from ..sqltype import SqlType, TypedColumn


class BigQuery(Engine):
    """BigQuery. `STRING(3)` holds three characters; whole numbers have 64 bits."""

    name: ClassVar[EngineName] = "bigquery"
    grammar = "bigquery"
    script = ScriptSyntax(
        quotes=re.compile(r"""--|\#|/\*|\"{3}|'{3}|['"`]"""),
        backslash_escapes=True,
        quoted_paths=True,
    )
    statements = StatementSyntax(partitions_reject=False, scripting=True)

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
