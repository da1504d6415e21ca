"""Transact-SQL: a default is a constraint, often with a name that the server made up. Scripts look it up, to drop it.

    SELECT @v = [d].[name] FROM [sys].[default_constraints] [d] … WHERE … OBJECT_ID(N'[t]') AND [c].[name] = N'n';
    IF @v IS NOT NULL EXEC(N'ALTER TABLE [t] DROP CONSTRAINT [' + @v + '];');

That is the script that Entity Framework writes whenever a column changes: `n` has no default from there on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cursor import Cursor
    from .schema import DatabaseSchema

_DROPS = re.compile(r"(?i)\s*ALTER\s+TABLE\s+(\S+|\[[^\]]*\](?:\.\[[^\]]*\])?)\s+DROP\s+CONSTRAINT\s+\[?\s*")
_ENDS = re.compile(r"\s*\]?\s*;?\s*")


def look_up_default(statement: Cursor, schema: DatabaseSchema) -> None:
    """SELECT @v = …: the variable then holds the name of a column's default, or no such thing."""
    words = statement.copy().words()
    values = [word.value.lower() for word in words]
    if values[:2] != ["select", "@"] or values[3:4] != ["="]:
        return
    schema.default_names.pop(values[2], None)
    texts = [(values[i - 2 : i], word.value) for i, word in enumerate(words) if word.kind == "text"]
    match texts:
        case [(["object_id", "("], table), (["name", "="], column)] if "default_constraints" in values:
            schema.default_names[values[2]] = (_path(table), column.lower())


def drops_default(statement: Cursor, schema: DatabaseSchema) -> bool:
    """EXEC(…): drop the default whose name was looked up; whether the statement did just that."""
    words = statement.copy().words()
    match [word.value for word in words]:
        case ["(", start, "+", "@", variable, "+", end, ")"] if words[1].kind == words[6].kind == "text":
            held = schema.default_names.get(variable.lower())
            drops = _DROPS.fullmatch(start)
            if held is None or drops is None or not _ENDS.fullmatch(end) or _path(drops[1]) != held[0]:
                return False
        case _:
            return False
    path, column = held
    for key, table in schema.tables.items():
        if key[-len(path) :] == path and column in table.columns:
            table.columns[column].default = None
    return True


def is_looked_up(condition: Cursor, schema: DatabaseSchema) -> bool:
    """Whether a condition asks for a default that was looked up: `@v IS NOT NULL`."""
    words = [word.upper for word in condition.copy().words()]
    return words[:1] == ["@"] and words[2:] == ["IS", "NOT", "NULL"] and words[1].lower() in schema.default_names


def _path(written: str) -> tuple[str, ...]:
    """The path of a table, as it stands in a text: `[dbo].[t]`."""
    parts = tuple(part.strip("[]").lower() for part in written.split("."))
    return parts[1:] if parts[0] == "dbo" else parts
