"""Snowflake.

Read as its documentation says: "SQL data types reference", "CREATE TABLE", "ALTER TABLE", "Snowflake Scripting".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ..sqltype import FIXED_TEXTS
from .engine import STAMPS, Engine, EngineName
from .syntax import ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from ..sqltype import TypedColumn


class Snowflake(Engine):
    """Snowflake. Lengths are characters, and longer texts are rejected; every integer type has 38 digits."""

    name: ClassVar[EngineName] = "snowflake"
    grammar = "snowflake"
    script = ScriptSyntax(
        quotes=re.compile(r"""--|//|/\*|['"]|\$\$"""),
        commands=(re.compile(r"(?im)^[ \t]*(?:![a-z].*|(?:PUT|GET)[ \t]+(?:'?file:|@).*)$"),),
        backslash_escapes=True,
    )
    statements = StatementSyntax(
        index_words=frozenset(("INDEX",)),
        schema_words=frozenset(("USE SCHEMA",)),
        quoted_types=True,
        partitions_reject=False,
        counted_identity=True,
        modify_alters=True,
        scripting=True,
    )

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
