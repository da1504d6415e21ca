"""SQL Server."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from ..comparing import Comparing
from ..patterns import LikeRules
from ..sqltype import FIXED_TEXTS, LONG_TEXTS
from .engine import CANONICAL_UUID, STAMPS, Engine, EngineName
from .syntax import CREATE_PROGRAM, ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..sqltype import SqlType, TypedColumn

_CODE_PAGES = frozenset(
    ("cp437", "cp850", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
)
_PAGES_BY_NAME = {
    "latin1": "cp1252",
    "finnish": "cp1252",
    "danish": "cp1252",
    "icelandic": "cp1252",
    "french": "cp1252",
    "modern": "cp1252",
    "polish": "cp1250",
    "czech": "cp1250",
    "hungarian": "cp1250",
    "romanian": "cp1250",
    "cyrillic": "cp1251",
    "greek": "cp1253",
    "turkish": "cp1254",
    "hebrew": "cp1255",
    "arabic": "cp1256",
    "estonian": "cp1257",
    "latvian": "cp1257",
    "lithuanian": "cp1257",
}

_MONEY = {"MONEY": (19, 64), "SMALLMONEY": (10, 32)}
"""The digits of a type of money, four of them after the point, and the bits that it is stored in."""


class SqlServer(Engine):
    """SQL Server. `nvarchar` counts byte pairs; `varchar` counts bytes of its collation's code page."""

    name: ClassVar[EngineName] = "sqlserver"
    liquibase_word = "mssql"
    grammar = "tsql"
    default_charset = "cp1252"
    default_collation = "SQL_Latin1_General_CP1_CI_AS"
    script = ScriptSyntax(
        quotes=re.compile(r"""--|/\*|['"\[]"""),
        commands=(re.compile(r"(?im)^[ \t]*:(?:setvar|on|connect|out|error|perftrace|listvar|help|exit|quit)\b.*$"),),
        inclusions=re.compile(r"(?m)^[ \t]*:r[ \t].*$"),
        programs=(
            re.compile(
                rf"(?ims)^[ \t]*(?:{CREATE_PROGRAM}|ALTER\s+)(?:TRIGGER|FUNCTION|PROC|PROCEDURE)\b"
                r".*?(?=^[ \t]*GO\b|\Z)"
            ),
        ),
        batch_end=re.compile(r"(?im)^[ \t]*GO(?:[ \t]+\d+)?[ \t]*$"),
        nested_comments=True,
        bare_statements=True,
    )
    statements = StatementSyntax(
        queries_keep_required=True,
        transactional=True,
        index_words=frozenset(("INDEX",)),
        untyped_computed=True,
        computed_types=frozenset(("ROWVERSION", "TIMESTAMP")),
        required_types=frozenset(("SYSNAME",)),
        trigger_table_first=True,
        transact=True,
        executes_procedures=True,
        select_into=True,
    )

    integers: ClassVar[Mapping[str, int]] = {"SMALLINT": 16, "INT": 32, "INTEGER": 32, "BIGINT": 64}
    unsigned_integers: ClassVar[Mapping[str, int]] = {"TINYINT": 8}
    booleans = frozenset(("BIT",))
    default_digits = (18, 0)
    stamps = STAMPS - {"TIMESTAMP"}
    integer_decimals = "truncate"
    uuid = CANONICAL_UUID
    one_null = True
    uuid_form = "uuid_upper"
    counting: ClassVar[Mapping[str, str]] = {"datalength": "bytes"}
    length_trims = True
    like = LikeRules(classes=True)

    def is_text(self, made: SqlType) -> bool:
        return made.name == "SYSNAME" or super().is_text(made)

    def is_wide(self, made: SqlType) -> bool:
        return self.is_text(made) and made.name.startswith("N")

    def apply_text(self, column: TypedColumn) -> None:
        """Characters that a code page lacks become `?`; CHAR and NCHAR are filled up with blanks."""
        made, rules = column.type, column.rules
        if made.name == "SYSNAME":
            rules.bound("max_utf16", 128, made.at)
            return
        limit = made.number() if made.args else 1
        unlimited = made.name in LONG_TEXTS or made.args == ("MAX",)
        if limit is None and not unlimited:
            rules.add_opaque(made.written, made.at)
            return
        if made.name in FIXED_TEXTS:
            rules.stored["padded"] = made.at
        if made.name.startswith("N"):
            if not unlimited and limit is not None:
                rules.bound("max_utf16", limit, made.at)
            return
        encoding = self.codec(column.charset)
        if encoding is None:
            rules.add_opaque(f"{made.written} in {column.charset}", made.at)
            return
        if encoding != "utf-8":
            rules.held_by(encoding, made.at)
            rules.actions["encodable"] = "replace"
        if not unlimited and limit is not None:
            rules.limit_bytes("max_bytes", limit, encoding, made.at)

    def apply_own_type(self, column: TypedColumn) -> bool:
        made, rules = column.type, column.rules
        match made.name:
            case "MONEY" | "SMALLMONEY" as name:
                digits, bits = _MONEY[name]
                rules.limit_digits(digits, 4, made.at)
                most = 2 ** (bits - 1) - 1
                rules.bound("min", Decimal(-most - 1).scaleb(-4), made.at)
                rules.bound("max", Decimal(most).scaleb(-4), made.at)
            case "SMALLDATETIME":
                rules.type = "datetime"
                rules.bound("min", datetime(1900, 1, 1, tzinfo=UTC), made.at)
                rules.bound("max", datetime(2079, 6, 6, 23, 59, 29, 999000, tzinfo=UTC), made.at)
                rules.add_opaque(f"{made.written} rounds to whole minutes", made.at)
            case "DATETIME":
                rules.type = "datetime"
                rules.bound("min", datetime(1753, 1, 1, tzinfo=UTC), made.at)
                rules.add_opaque(f"{made.written} rounds to .000, .003 and .007 seconds", made.at)
            case _:
                return False
        return True

    def collation_charset(self, collation: str) -> str | None:
        return _code_page(collation) or self.charset

    def comparing(self, collation: str) -> Comparing:
        """Spaces at the end never count (Transact-SQL reference, "Collation precedence", after SQL-92)."""
        name = collation.lower()
        if "_bin" in name:
            return Comparing(("trim_right",))
        if not name.removeprefix("sql_").startswith("latin1_general_"):
            return Comparing(("trim_right",), f"COLLATE {collation}")
        folded = ("lower",) if "_ci" in name else ()
        return Comparing(("trim_right", *folded), f"COLLATE {collation}", beyond_ascii=True)

    @classmethod
    def columns_query(cls, table: str, schema: str | None = None) -> str:
        """SQL Server 2022, system information schema views, "COLUMNS". Upper case, for databases that tell it apart."""
        from sqlglot import exp

        within = "SCHEMA_NAME()" if schema is None else f"N{exp.Literal.string(schema).sql(cls.grammar)}"
        return (
            "SELECT COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS "  # noqa: S608 - quoted by sqlglot
            f"WHERE TABLE_SCHEMA = {within} AND TABLE_NAME = N{exp.Literal.string(table).sql(cls.grammar)} "
            "ORDER BY ORDINAL_POSITION"
        )


def _code_page(collation: str) -> str | None:
    """The code page of a collation: `SQL_Latin1_General_CP1_CI_AS` is cp1252."""
    parts = collation.lower().removeprefix("sql_").split("_")
    if "utf8" in parts:
        return "utf-8"
    for part in parts:
        if part == "cp1":
            return "cp1252"
        if part in _CODE_PAGES:
            return part
    return _PAGES_BY_NAME.get(parts[0])
