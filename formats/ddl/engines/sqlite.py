"""SQLite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ..catalogue import first_column
from ..comparing import Comparing
from ..patterns import LikeRules
from .engine import Engine, EngineName, StoredSchema
from .syntax import CREATE_PROGRAM, ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..catalogue import Ask
    from ..sqltype import SqlType, TypedColumn


_PARTS = ("content", "segments", "segdir", "docsize", "stat", "data", "idx", "config", "node", "parent", "rowid")
_SHADOWS = ", ".join(f"made.name || '_{part}'" for part in _PARTS)
"""The tables in which SQLite keeps a virtual table of its own modules (FTS3 to FTS5, R*Tree): nobody writes into them."""


class Sqlite(Engine):
    """SQLite: any word is a type, and "numeric arguments in parentheses that follow the type name are ignored"."""

    name: ClassVar[EngineName] = "sqlite"
    grammar = "sqlite"
    script = ScriptSyntax(
        quotes=re.compile(r"""--|/\*|['"`\[]"""),
        commands=(re.compile(r"(?ms)^\.(?:quit|exit)\b.*\Z"), re.compile(r"(?m)^\.(?!read\b)[a-z].*$")),
        inclusions=re.compile(r"(?m)^\.read\b.*$"),
        programs=(re.compile(rf"(?ims)\b{CREATE_PROGRAM}TRIGGER\b.*?\bEND\s*(?=;|\Z)"),),
    )
    catalogue = frozenset(("sqlite_master", "sqlite_schema"))
    statements = StatementSyntax(adds_keys=False, strict_tables=True, free_types=True, transactional=True)

    sizes_numbers = False
    integer_decimals = "reject"
    single_floats = frozenset(("FLOAT4", "BINARY_FLOAT"))
    sizes_floats = False
    padded_texts = False
    rounds_seconds = False
    key_columns_required = False
    stops_at_nul = True
    counting: ClassVar[Mapping[str, str]] = {"octet_length": "bytes"}
    byte_casts = frozenset(("BLOB", "VARBINARY"))
    like = LikeRules(ascii_case_blind=True, stops_at_nul=True, follows_collation=False)
    has_glob = True

    def integer(self, made: SqlType) -> tuple[int, bool] | None:
        """SQLite, "Datatypes", 3.1: a type with INT in its name."""
        return (64, False) if "INT" in made.name else None

    def is_text(self, made: SqlType) -> bool:
        return "INT" not in made.name and any(part in made.name for part in ("CHAR", "CLOB", "TEXT"))

    def codec(self, charset: str | None) -> str | None:  # noqa: ARG002 - the only one
        return "utf-8"

    def apply_unknown_type(self, column: TypedColumn) -> None:
        """SQLite, "Datatypes", 3.1: a column of a blob's type, or without a type, stores every value as it is."""
        made, rules = column.type, column.rules
        if made.name in {"", "BLOB", "ANY"}:
            return
        if any(part in made.name for part in ("REAL", "FLOA", "DOUB")):
            rules.keep_digits(15, made.at)
        else:
            rules.add_opaque(f"{made.written} turns texts that look like numbers into numbers", made.at)

    def compares_exactly(self, collation: str | None) -> bool:
        return collation is None or collation.upper() == "BINARY"

    def comparing(self, collation: str) -> Comparing:
        """SQLite, "Datatypes", 7: NOCASE folds the 26 capitals of ASCII; RTRIM ignores spaces at the end."""
        known = {"nocase": ("lower_ascii",), "rtrim": ("trim_right",)}.get(collation.lower())
        return super().comparing(collation) if known is None else Comparing(known)

    def lowers_ascii(self, collation: str | None) -> bool:  # noqa: ARG002 - under any
        return True

    def key_rejects_null(self, *, strict: bool) -> bool:
        """Keys hold nulls, unless the table is STRICT or WITHOUT ROWID."""
        return strict

    def numbers_key(self, types: Sequence[SqlType]) -> bool:
        """SQLite, "CREATE TABLE", 5: a key of one column of type INTEGER is the number of the row."""
        return [made.name for made in types] == ["INTEGER"]

    @classmethod
    def stored_schema(cls, ask: Ask) -> StoredSchema:
        query = f"""
            select sql from sqlite_master kept where sql is not null and name not like 'sqlite\\_%' escape '\\'
            and not exists (select 1 from sqlite_master made where made.type = 'table'
                            and made.sql like 'create virtual table%' and kept.name in ({_SHADOWS}))
            order by case type when 'table' then 0 when 'index' then 1 else 2 end, name
        """  # noqa: S608 - of the words above
        return StoredSchema("sqlite", first_column(ask(query)))

    @classmethod
    def views_query(cls) -> str:
        """SQLite, "The Schema Table"."""
        return "SELECT NULL, name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY rowid"

    @classmethod
    def columns_query(cls, table: str, schema: str | None = None) -> str:
        from sqlglot import exp

        place = ", ".join(exp.Literal.string(part).sql(cls.grammar) for part in (table, schema) if part is not None)
        return f"SELECT name, type FROM pragma_table_info({place})"  # noqa: S608 - quoted by sqlglot
