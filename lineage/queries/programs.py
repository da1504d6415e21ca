"""What programs of a database write: procedures, functions, triggers, and blocks that are run at once (`DO`).

Their statements depend on variables and on the branch that is taken, and when they run is not told: so each table that one
fills is filled in an unknown way, at the place of the statement, from the tables that it reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from .arm import Arm
from .writes import Write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...documents.names import EntityName
    from ...formats.ddl.cursor import Script
    from ..flow import Writes
    from .arm import Scope

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_NAME = r"""(?:[\w$#]+|"[^"]+"|`[^`]+`|\[[^\]]+\])(?:\.(?:[\w$#]+|"[^"]+"|`[^`]+`|\[[^\]]+\])){0,3}"""
_INSERTS = (
    rf"(?:insert(?:\s+(?:or\s+\w+|ignore|overwrite|low_priority|delayed))?\s+(?:into|table)|replace\s+into|into)\s+"
    rf"(?P<inserted>{_NAME})(?:\s*\((?P<columns>[^()]*)\))?"
)
_STATEMENT = re.compile(
    rf"\b(?:{_INSERTS}|update\s+(?P<updated>{_NAME})\s+(?:as\s+)?(?:\w+\s+)?set\b|merge\s+into\s+(?P<merged>{_NAME}))",
    re.IGNORECASE,
)
_READ = re.compile(rf"\b(?:from|join|using)\s+(?P<table>{_NAME})", re.IGNORECASE)
_TITLE = re.compile(
    rf"(?P<kind>procedure|proc|function|trigger)\s+(?:if\s+not\s+exists\s+)?(?P<name>{_NAME})", re.IGNORECASE
)
_WORDS = {"inserted": "INSERT", "updated": "UPDATE", "merged": "MERGE"}
_QUOTES = str.maketrans("", "", '"`[]')


def programs_writes(script: Script, start: int, end: int, scope: Scope, what: str | None = None) -> Iterator[Write]:
    """What the program in a part of a script writes into tables of contracts, from others.

    `what`: the part, in words; None: a program, by its name.
    """
    text = _COMMENT.sub(lambda comment: " " * len(comment[0]), script.text[start:end])
    title = _TITLE.search(text[:1_000])
    where = "a block" if title is None else f"the {title['kind'].lower()} {title['name'].translate(_QUOTES)}"
    for match in _STATEMENT.finditer(text):
        kind = match.lastgroup if match.lastgroup != "columns" else "inserted"
        if kind is None:
            continue
        target = _entity(match[kind], scope)
        columns = scope.columns(target)
        body = text[match.end() : _end(text, match.end())]
        inputs = dict.fromkeys(_entity(read["table"], scope) for read in _READ.finditer(body))
        known = tuple(each for each in inputs if scope.columns(each) is not None)
        if columns is None or not known:
            continue
        filled = None
        if kind == "inserted" and match["columns"]:
            filled = tuple(each.strip().translate(_QUOTES) for each in match["columns"].split(","))
        elif kind == "updated":
            filled = tuple(name for name in columns if re.search(rf"\b{re.escape(name)}\W?\s*=", body, re.IGNORECASE))
        writes: Writes = "records" if kind == "inserted" else "some" if kind == "merged" else "fields"
        place = script.place(start + match.start())
        reason = what or f"{_WORDS[kind]} in {where}"
        yield Write(target, {}, Arm({}, {}), writes, place, unread=reason, inputs=known, filled=filled)


def _end(text: str, start: int) -> int:
    """The end of a statement: its semicolon, or the next statement that writes."""
    semicolon = text.find(";", start)
    return len(text) if semicolon < 0 else semicolon


def _entity(name: str, scope: Scope) -> EntityName:
    parts = [part.translate(_QUOTES) for part in re.findall(r"""[\w$#]+|"[^"]+"|`[^`]+`|\[[^\]]+\]""", name)]
    return scope.entity_of(exp.table_(parts[-1], db=parts[-2] if len(parts) > 1 else None))
