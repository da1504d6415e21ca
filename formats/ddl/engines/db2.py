"""Db2, for Linux, UNIX and Windows and for z/OS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ..sqltype import FIXED_TEXTS, LONG_TEXTS
from .engine import Engine, EngineName
from .syntax import ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ....contracts.constraint import OnViolation
    from ..sqltype import SqlType, TypedColumn

_SIZES = {"K": 1024, "M": 1024**2, "G": 1024**3}
"""The letters after the size of a large object."""

_JCL = re.compile(r"(?m)^//[A-Z@#$][A-Z0-9@#$]{0,7}[ ]+(?:JOB|EXEC|DD|PROC)\b")
_RECORDS = re.compile(r"^//(?:[A-Z@#$][A-Z0-9@#$.]*)?[ ]+DD[ ]+(?:\*|DATA)")
_SYSIN = re.compile(r"^//(?:[A-Z0-9@#$]+\.)?SYSIN[ ]")
_EMBEDDED = re.compile(r"(?i)\bEXEC\s+SQL\b")
_PROGRAM_SQL = re.compile(r"(?is)\bEXEC\s+SQL\b(.*?)(END-EXEC\b\.?|;)")
_ENDS = re.compile(r"(?i)END-EXEC\b\.?|;")
_LAST_COLUMN = 72
"""A number beyond it in a record of a job is the record's own."""


def _of_jcl(text: str) -> str:
    """The records that a job gives to the program that runs SQL; all other lines are blank."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        if line.startswith("//"):
            inside = bool(_SYSIN.match(line) and _RECORDS.match(line))
        elif line.startswith("/*"):
            inside = False
        elif inside:
            number = line[_LAST_COLUMN:]
            kept.append(line[:_LAST_COLUMN] + " " * len(number) if number.strip().isdecimal() else line)
            continue
        kept.append(" " * len(line))
    return "\n".join(kept)


def _of_program(text: str) -> str:
    """The statements between EXEC SQL and END-EXEC (COBOL) or a semicolon (PL/I, C), each with a semicolon after it."""
    pieces: list[str] = []
    end = 0
    last = max((found.end() for found in _ENDS.finditer(text)), default=0)
    for part in _PROGRAM_SQL.finditer(text, 0, last):  # what begins behind it never ends
        pieces += [re.sub(r"[^\n]", " ", text[end : part.start(1)]), part[1], ";".ljust(len(part[2]))]
        end = part.end()
    return "".join(pieces) + re.sub(r"[^\n]", " ", text[end:])


class Db2(Engine):
    """Db2. Lengths are bytes, unless they name CODEUNITS32 or CODEUNITS16; decimals that do not fit are cut off.

    Db2 11.5 for Linux, UNIX and Windows, SQL reference: "Data types", "Assignments and comparisons".
    """

    name: ClassVar[EngineName] = "db2"
    grammar = ""
    script = ScriptSyntax(
        quotes=re.compile(r"""--|/\*|['"]"""),
        commands=(re.compile(r"(?m)^[ \t]*#(?:[ \t].*)?$"),),  # no comment of Db2's, and at the head of public scripts
        delimiters=True,
        nested_comments=True,
    )
    statements = StatementSyntax(
        queries_keep_required=True,
        keeps_global_temporary=True,
        alters_checks=True,
        schema_words=frozenset(("SET SCHEMA", "SET SQLID")),
        renames_objects=True,
        distinct_types=True,
        declares_tables=True,
        actions_in_a_row=True,
        scripting=True,
        ccsids=True,
    )

    integers: ClassVar[Mapping[str, int]] = {"SMALLINT": 16, "INTEGER": 32, "INT": 32, "BIGINT": 64}
    integer_decimals: ClassVar[OnViolation] = "truncate"
    decimals = Engine.decimals | {"NUM"}
    default_digits = (5, 0)
    decimals_beyond: ClassVar[OnViolation] = "truncate"
    folds_names = True
    one_null = True
    second_decimals = 6

    def sql_in(self, text: str) -> str:
        """The SQL inside JCL (the records of SYSIN), or inside a program (EXEC SQL … END-EXEC); else the whole text."""
        if _JCL.search(text):
            text = _of_jcl(text)
        return _of_program(text) if _EMBEDDED.search(text) else text

    def fold(self, name: str, *, quoted: bool) -> str:
        """Names are kept without the blanks at their end: db2look writes `"APP     "."CUSTOMER"`."""
        return super().fold(name, quoted=quoted).rstrip()

    def is_text(self, made: SqlType) -> bool:
        return super().is_text(made) or made.name in {"GRAPHIC", "VARGRAPHIC", "DBCLOB"}

    def apply_text(self, column: TypedColumn) -> None:
        made, rules = column.type, column.rules
        if made.name == "LONG VARCHAR":
            rules.limit_bytes("max_bytes", 32_700, self.codec(column.charset) or "utf-8", made.at)
            return
        if made.name in LONG_TEXTS or made.name == "DBCLOB":
            self._apply_large(column)
            return
        short = made.name in FIXED_TEXTS or made.name == "GRAPHIC"
        limit = made.number() if made.args else 1
        encoding = self.codec(column.charset)
        if limit is None or encoding is None:
            rules.add_opaque(made.written, made.at)
            if limit is not None:
                rules.bound("max_length", limit, made.at)  # each character takes a byte at least, in whatever code page
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

    def _apply_large(self, column: TypedColumn) -> None:
        """CLOB(100) holds 100 bytes, CLOB(1K) 1,024; limits of a megabyte and more are not stated."""
        made, rules = column.type, column.rules
        limit, encoding = made.number(), self.codec(column.charset)
        if limit is None:
            return
        limit *= _SIZES.get(made.unit or "", 1)
        if limit >= _SIZES["M"]:
            return
        if made.name == "DBCLOB" or made.unit == "CODEUNITS16":
            rules.bound("max_utf16", limit, made.at)
        elif made.unit == "CODEUNITS32":
            rules.bound("max_length", limit, made.at)
        elif encoding is None:
            rules.add_opaque(made.written, made.at)
        else:
            rules.limit_bytes("max_bytes", limit, encoding, made.at)

    def apply_own_type(self, column: TypedColumn) -> bool:
        """DECFLOAT keeps 16 or 34 digits."""
        made, rules = column.type, column.rules
        if made.name != "DECFLOAT":
            return False
        rules.keep_digits(made.number() or 34, made.at)
        return True

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
