"""Statements whose effect is not known: the tables that they name are not known from there on, all others are.

    DO $$ BEGIN ALTER TABLE t ALTER n TYPE varchar(2); END $$      every column of t is undecided, with this as the reason
    DO $$ BEGIN CREATE ROLE reporting; END $$                      nothing is

A program that puts its SQL together by itself, or that is not written down, may change any table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...documents.problem import shorten
from .cursor import UnreadStatement
from .objects import word_set
from .schema import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cursor import Cursor, Word
    from .schema import DatabaseSchema


class UnknownEffect(UnreadStatement):
    """A statement that its engine takes, and whose effect on tables is not read here."""


HEADS = word_set(
    "DO CALL IF ELSE WHILE DECLARE BEGIN EXEC EXECUTE PREPARE DEALLOCATE WAITFOR RAISERROR THROW RETURN GOTO "
    "DBCC BULK BACKUP RESTORE RECONFIGURE SIGNAL RESIGNAL HANDLER KILL IMPORT EXPORT LABEL CONNECT AUDIT NOAUDIT "
    "ASSOCIATE DISASSOCIATE FLASHBACK REASSIGN CHANGE RECOVER STOP STARTUP SHUTDOWN BINLOG CACHE CLEAR REPAIR CHECK "
    "CHECKSUM XA RENEW UNLISTEN MOVE FETCH CLOSE OPEN DEFINE UNDEFINE WHENEVER"
)
"""The words that begin such statements. Any other that is not read begins no statement of any engine."""

_NAME = re.compile(r"[^\W\d][\w$#]*")
_CALLS = re.compile(r"(?i)\b(?:CALL|EXEC|EXECUTE|PERFORM)\s+(?:[\w$\"`\[\]]+\s*\.\s*)*[\"`\[]?([\w$]+)")
_OWN_SQL = re.compile(r"(?i)\b(?:EXECUTE|IMMEDIATE|EXEC|SP_EXECUTESQL|DBMS_SQL|QUERY_TO_XML|DBLINK_EXEC)\b")
_LITERAL_SQL = re.compile(
    r"(?i)\b(?:EXECUTE\s+IMMEDIATE|EXECUTE|EXEC\s+SP_EXECUTESQL|EXEC)\s*\(?\s*N?'(?:[^']|'')*'\s*\)?\s*(?=;|$|\bEND\b)"
)
_FIRES = re.compile(r"(?i)\bEXECUTE\s+(?:FUNCTION|PROCEDURE)\b")
_MOST_CALLS = 100


def make_unknown(statement: Cursor, schema: DatabaseSchema) -> None:
    """Take the statement's effect on the tables it names as not known."""
    text = statement.text
    watcher = Watcher(f"not read: {shorten(' '.join(text.split()))}", statement.place)
    for key in _touched(text, schema):
        schema.tables[key].opaque[text] = watcher


def _touched(text: str, schema: DatabaseSchema) -> Iterator[tuple[str, ...]]:
    """The tables, by their paths, that a statement may change."""
    texts = _with_called(text, schema)
    if texts is None:
        yield from schema.tables
        return
    named = {name.lower() for part in texts for name in _NAME.findall(part)}
    yield from (
        key for key in schema.tables if named.issuperset(_NAME.findall(key[-1].lower()))
    )  # a name may have blanks


def _with_called(text: str, schema: DatabaseSchema) -> list[str] | None:
    """The text, and those of the programs that it calls; None: one of them is not known, or makes its own SQL."""
    texts, seen = [text], set[str]()
    for part in texts:
        if len(texts) > _MOST_CALLS or _makes_sql(part):
            return None
        for called in _CALLS.findall(part):
            name = called.lower()
            if name in {"function", "procedure", "immediate"} or name in seen:
                continue
            seen.add(name)
            if name in schema.prepared:
                texts += schema.prepared[name]
            elif name in schema.programs:
                texts.append(schema.programs[name])
            elif name not in _HARMLESS:
                return None
    return texts


_HARMLESS = frozenset(("set_config", "setval", "nextval", "pg_notify", "pg_sleep", "sp_addextendedproperty"))


def _makes_sql(text: str) -> bool:
    """Whether a program runs SQL that does not stand in it as a literal."""
    rest = _FIRES.sub(" ", _LITERAL_SQL.sub(" ", text))
    found = _OWN_SQL.search(rest)
    return found is not None and not _only_calls(rest)


def _only_calls(text: str) -> bool:
    """Whether every EXEC or EXECUTE calls a program by its name."""
    after = re.findall(r"(?i)\b(?:EXECUTE|EXEC)\b\s*(\S*)", text)
    names = all(re.match(r"(?i)[\[\"`\w]", word) and word.upper() not in _MAKERS for word in after)
    return names and re.search(r"(?i)\b(?:IMMEDIATE|SP_EXECUTESQL|DBMS_SQL|QUERY_TO_XML|DBLINK_EXEC)\b", text) is None


_MAKERS = frozenset(("IMMEDIATE", "FORMAT", "FORMAT(", "SP_EXECUTESQL", "QUOTE_IDENT", "CONCAT"))


def remember_program(statement: Cursor, name: Word, schema: DatabaseSchema) -> None:
    """Keep the text of a function or a procedure, for the statements that call it."""
    schema.programs[schema.fold(name).lower()] = statement.text


def remember_text(statement: Cursor, schema: DatabaseSchema) -> None:
    """Keep the texts that a variable of MySQL's session is set to: `SET @s = 'ALTER TABLE …'`."""
    texts = [word.value for word in statement.copy().words() if word.kind == "text"]
    for word in statement.copy().words():
        if word.value.startswith("@") and texts:
            schema.texts.setdefault(word.value.lower(), []).extend(texts)


def prepare(statement: Cursor, schema: DatabaseSchema) -> None:
    """PREPARE name FROM text, or AS a statement: what its execution may do."""
    name = schema.fold(statement.name()).lower()
    if not statement.skip("FROM"):
        schema.prepared[name] = [statement.text]
        return
    word = statement.take()
    if word.kind == "text":
        schema.prepared[name] = [word.value]
    elif word.value.lower() in schema.texts:
        schema.prepared[name] = list(schema.texts[word.value.lower()])
    else:
        schema.prepared.pop(name, None)
