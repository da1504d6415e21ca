"""Oracle Database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ..charsets import python_codec
from ..comparing import EXACTLY, Comparing
from ..patterns import Flavour
from ..sqltype import FIXED_TEXTS, LONG_TEXTS
from .engine import Engine, EngineName
from .syntax import CREATE_PROGRAM, ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..sqltype import TypedColumn

_OF_SESSION = frozenset(("USING_NLS_COMP",))
"""Collations that leave it to NLS_COMP, which is BINARY where nobody sets it: Globalization Support Guide, 5."""
_CODECS = {
    "al32utf8": "utf-8",
    "we8mswin1252": "cp1252",
    "we8iso8859p1": "latin-1",
    "we8iso8859p15": "iso8859_15",
    "ee8mswin1250": "cp1250",
    "cl8mswin1251": "cp1251",
    "us7ascii": "ascii",
}


class Oracle(Engine):
    """Oracle Database. Its empty text is null."""

    name: ClassVar[EngineName] = "oracle"
    grammar = "oracle"
    script = ScriptSyntax(
        quotes=re.compile(r"""--|/\*|(?<!\w)[qQ]'[^\s]|['"]"""),
        commands=(
            re.compile(
                r"(?im)^[ \t]*(?:PROMPT|SPOOL|WHENEVER|REM|REMARK|(?:UN)?DEFINE|EXIT|QUIT|(?:DIS)?CONN(?:ECT)?|ACCEPT)"
                r"\b.*$"
            ),
            re.compile(
                r"(?im)^[ \t]*(?:VARIABLE[ \t]+\w+[ \t]+\w+|COLUMN[ \t]+\w+[ \t]+(?:FORMAT|HEADING|NEW_VALUE|NOPRINT)\b"
                r"|(?:TTITLE|BTITLE|BREAK|HOST|PAUSE|TIMING)\b|SHOW[ \t]+ERR(?:ORS)?\b)[^;\n]*;?[ \t]*$"
            ),
            re.compile(r"(?im)^[ \t]*SET[ \t]+\w+[ \t]+(?:ON|OFF|\d+)\b[^;\n]*$"),
        ),
        inclusions=re.compile(r"(?im)^[ \t]*(?:@.*|START[ \t]+[^\s,()]*[./][^\s,()]*.*)$"),
        programs=(
            re.compile(
                rf"(?ims)^[ \t]*(?:{CREATE_PROGRAM}(?:TRIGGER|FUNCTION|PROCEDURE|PACKAGE|TYPE\s+BODY|JAVA)|DECLARE|BEGIN)\b"
                r".*?^[ \t]*(?=/[ \t]*$|\Z)"
            ),
        ),
        batch_end=re.compile(r"(?m)^[ \t]*/[ \t]*$"),
    )
    statements = StatementSyntax(
        index_words=frozenset(("SUPPLEMENTAL",)),
        keeps_global_temporary=True,
        schema_words=frozenset(("ALTER CURRENT_SCHEMA",)),
        queries_keep_required=True,
        partial_modify=True,
        renames_objects=True,
        anonymous_blocks=True,
    )

    long_integers = frozenset(("INTEGER", "INT", "SMALLINT"))
    decimals = Engine.decimals | {"NUMBER"}
    single_floats = frozenset(("FLOAT4", "BINARY_FLOAT"))
    sizes_floats = False
    decimal_floats: ClassVar[Mapping[str, int]] = {"FLOAT": 126, "DOUBLE PRECISION": 126, "REAL": 63}
    times: ClassVar[frozenset[str]] = frozenset()
    folds_names = True
    key_columns_required = False
    empty_is_null = True
    nulls_equal_beside_values = True
    counting: ClassVar[Mapping[str, str]] = {"lengthb": "bytes"}
    regex = Flavour(r"[^\n]", {}, {"digit": "0-9"}, escapes_in_class=False)

    def apply_text(self, column: TypedColumn) -> None:
        """VARCHAR2 and CHAR count bytes of the database's charset unless they name CHAR; the N types count UTF-16."""
        made, rules = column.type, column.rules
        rules.stored["empty_as_null"] = made.at
        if made.name in LONG_TEXTS:
            return
        if made.name in FIXED_TEXTS:
            rules.stored["padded"] = made.at
        limit = made.number() if made.args else 1
        if limit is None:
            rules.add_opaque(made.written, made.at)
            return
        if made.name.startswith("N"):
            rules.bound("max_utf16", limit, made.at)
            return
        encoding = self.codec(column.charset)
        if encoding is None:
            rules.add_opaque(f"{made.written} in {column.charset}", made.at)
            return
        if encoding != "utf-8":
            rules.held_by(encoding, made.at)
            rules.actions["encodable"] = "replace"
        unit = made.unit or ("CHAR" if self.counts == "characters" else "BYTE")
        if unit == "CHAR":
            rules.bound("max_length", limit, made.at)
            limit = 2000 if made.name in FIXED_TEXTS else 4000
        rules.limit_bytes("max_bytes", limit, encoding, made.at)

    def codec(self, charset: str | None) -> str | None:
        if charset is None:
            return None
        return _CODECS.get(charset.lower()) or python_codec(charset)

    def apply_own_type(self, column: TypedColumn) -> bool:
        """A DATE has a time of day."""
        if column.type.name != "DATE":
            return False
        column.rules.type = "datetime"
        column.round_seconds(0, None)
        return True

    def comparing(self, collation: str) -> Comparing:
        """Oracle Database Globalization Support Guide, 5: BINARY_CI ignores case, and nothing else of ASCII."""
        if collation.upper() in _OF_SESSION:
            return EXACTLY
        if collation.upper() == "BINARY_CI":
            return Comparing(("lower",), f"COLLATE {collation}", beyond_ascii=True)
        return super().comparing(collation)

    def compares_exactly(self, collation: str | None) -> bool:
        return collation is None or collation.upper() in {"BINARY", *_OF_SESSION}

    def fold(self, name: str, *, quoted: bool) -> str:
        return name if quoted else name.upper()

    @classmethod
    def columns_query(cls, table: str, schema: str | None = None) -> str:
        """Oracle Database 19c, Database Reference, "ALL_TAB_COLUMNS": of tables, views and clusters that may be read."""
        from sqlglot import exp

        own = "SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')"
        within = own if schema is None else exp.Literal.string(schema).sql(cls.grammar)
        return (
            "SELECT COLUMN_NAME, DATA_TYPE FROM ALL_TAB_COLUMNS "  # noqa: S608 - quoted by sqlglot
            f"WHERE OWNER = {within} AND TABLE_NAME = {exp.Literal.string(table).sql(cls.grammar)} ORDER BY COLUMN_ID"
        )
