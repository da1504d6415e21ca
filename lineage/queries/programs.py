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

_COMMENT = re.compile(r"--[^\n]*|/\*.*?(?:\*/|(?P<open>\Z))", re.DOTALL)
"""One that never ends goes on to the end of the text, so that the text is read once; it is no comment."""
_NAME = r"""(?:[\w$#]+|"[^"]+"|`[^`]+`|\[[^\]]+\])(?:\.(?:[\w$#]+|"[^"]+"|`[^`]+`|\[[^\]]+\])){0,3}"""
_INSERTS = (
    rf"(?:insert(?:\s+(?:or\s+\w+|ignore|overwrite|low_priority|delayed|top\s*\([^()]*\)))?\s+(?:into|table)|replace\s+into|into)\s+"
    rf"(?P<inserted>{_NAME})(?:\s*\((?P<columns>[^()]*)\))?"
)
_BEFORE = r"(?:top\s*\([^()]*\)|ignore|low_priority|only|or\s+\w+)\s+"
_STATEMENT = re.compile(
    rf"\b(?:{_INSERTS}|update\s+(?:{_BEFORE})?(?P<updated>{_NAME})\s+(?:as\s+)?(?:\w+\s+)?set\b|merge\s+into\s+(?P<merged>{_NAME}))",
    re.IGNORECASE,
)
_INTO_QUERY = re.compile(r"\s*(?:update|insert\s+into|merge\s+into)\s*\(", re.IGNORECASE)
_DELETES = re.compile(rf"\bdelete\s+(?:from\s+)?(?P<deleted>{_NAME})", re.IGNORECASE)
_VALUES = re.compile(r"\s*values\s*(\(.*)", re.IGNORECASE | re.DOTALL)
_ABOUT = re.compile(rf"\b(?:insert|update|delete)\s+(?:on|to)\s+(?P<table>{_NAME})", re.IGNORECASE)
_READ = re.compile(rf"\b(?:from|join|using)\s+(?P<table>{_NAME})", re.IGNORECASE)
_TITLE = re.compile(
    rf"(?P<kind>procedure|proc|function|trigger)\s+(?:if\s+not\s+exists\s+)?(?P<name>{_NAME})", re.IGNORECASE
)
_WORDS = {"inserted": "INSERT", "updated": "UPDATE", "merged": "MERGE"}
_QUOTES = str.maketrans("", "", '"`[]')


def programs_writes(
    script: Script, start: int, end: int, scope: Scope, what: str | None = None, *, is_whole: bool = False
) -> Iterator[Write]:
    """What the program in a part of a script writes into tables of contracts, from others.

    `what`: the part, in words; None: a program, by its name. `is_whole`: it is one statement, which writes something.
    A statement without a table of a contract to read from may get values by variables, from any that the program reads.
    """
    text = _COMMENT.sub(_blank, script.text[start:end])
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
        if columns is None:
            continue
        if not known and not _is_constant(body, kind):
            known = tuple(each for each in read_tables(text, scope) if each != target)
        is_from_elsewhere = not known and is_whole and not _is_constant(body, kind)
        if is_from_elsewhere:  # from what no contract has; the fields are not known all the same
            known = (target,)
        if not known:
            continue
        filled = None
        if kind == "inserted" and match["columns"]:
            filled = tuple(each.strip().translate(_QUOTES) for each in match["columns"].split(","))
        elif kind == "updated":
            filled = tuple(
                name for name in columns if re.search(rf"\b{re.escape(name)}\W?\s*[-+*/%&|^]?=", body, re.IGNORECASE)
            )
        is_some = kind == "merged" or (kind == "inserted" and is_from_elsewhere)
        writes: Writes = "some" if is_some else "records" if kind == "inserted" else "fields"
        place = script.place(start + match.start())
        reason = what or f"{_WORDS[kind]} in {where}"
        yield Write(target, {}, Arm({}, {}), writes, place, unread=reason, inputs=known, filled=filled)


def query_writes(text: str, script: Script, start: int, scope: Scope, what: str) -> Iterator[Write]:
    """The writes of `UPDATE (SELECT …) SET` and `INSERT INTO (SELECT …)`: into any of the tables that the query names."""
    if _INTO_QUERY.match(text) is None:
        return
    tables = tuple(read_tables(text, scope))
    for target in tables:
        yield Write(target, {}, Arm({}, {}), "some", script.place(start), unread=what, inputs=tables)


def _is_constant(body: str, kind: str) -> bool:
    """Whether a statement brings values alone that stand in it."""
    values = _VALUES.match(body) if kind == "inserted" else None
    return values is not None and not re.search(
        r"[a-z_@:$]", re.sub(r"'(?:[^']|'')*'|\bnull\b", "", values[1]), re.IGNORECASE
    )


def read_tables(text: str, scope: Scope) -> Iterator[EntityName]:
    """The tables of contracts that a text reads, or whose records a trigger is about."""
    names = [match["table"] for match in (*_READ.finditer(text), *_ABOUT.finditer(text))]
    yield from (
        each for each in dict.fromkeys(_entity(name, scope) for name in names) if scope.columns(each) is not None
    )


def _blank(comment: re.Match[str]) -> str:
    return comment[0] if comment["open"] is not None else " " * len(comment[0])


def changed_names(text: str) -> list[str]:
    """The tables that a text may change, as they are written."""
    plain = _COMMENT.sub(_blank, text)
    names = [match["inserted"] or match["updated"] or match["merged"] for match in _STATEMENT.finditer(plain)]
    return [*names, *(match["deleted"] for match in _DELETES.finditer(plain))]


def _end(text: str, start: int) -> int:
    """The end of a statement: its semicolon, or the next statement that writes."""
    semicolon = text.find(";", start)
    return len(text) if semicolon < 0 else semicolon


def _entity(name: str, scope: Scope) -> EntityName:
    parts = [part.translate(_QUOTES) for part in re.findall(r"""[\w$#]+|"[^"]+"|`[^`]+`|\[[^\]]+\]""", name)]
    return scope.entity_of(exp.table_(parts[-1], db=parts[-2] if len(parts) > 1 else None))
