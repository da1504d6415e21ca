"""Transact-SQL's conditions that look whether something is there, before a statement makes, changes or drops it.

    IF COL_LENGTH('t', 'm') IS NULL ALTER TABLE t ADD m NVARCHAR(5)

Such a statement leaves the database as if it stood alone: where the condition does not hold, there is nothing to do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .objects import word_set

if TYPE_CHECKING:
    from .cursor import Cursor, Word

_LOOKS = word_set("OBJECT_ID COL_LENGTH TYPE_ID SCHEMA_ID INDEXPROPERTY COLUMNPROPERTY")
_CATALOGUES = word_set("SYS SYSOBJECTS SYSCOLUMNS SYSINDEXES INFORMATION_SCHEMA")
_HISTORY = "__EFMIGRATIONSHISTORY"
_IDENTIFIES = word_set(
    "NAME ID OBJECT_ID PARENT_OBJECT_ID SCHEMA_ID TYPE XTYPE TYPE_DESC TABLE_NAME TABLE_SCHEMA TABLE_CATALOG TABLE_TYPE "
    "COLUMN_NAME CONSTRAINT_NAME CONSTRAINT_TYPE INDEX_NAME MIGRATIONID SCHEMA_NAME"
)
"""The columns of a catalogue by which a condition picks an object. Any other says what the object is like."""
_KINDS = word_set(
    "U V P F D C S UQ PK FN IF TF TR DBO BASE TABLE VIEW USER_TABLE COLUMNID INDEXID INDEX_ID "
    "UNIQUE PRIMARY FOREIGN KEY CHECK"
)
_COMPARES = frozenset(("=", "<", ">", "<=", ">=", "<>", "!=", "IN", "LIKE", "IS", "BETWEEN"))
_NAME = re.compile(r"[^\W\d][\w$#]*")


def is_guard(condition: Cursor, statement: Cursor) -> bool:
    """Whether a condition only looks whether what the statement is about is there."""
    words = condition.copy().words()
    if any((word.upper or word.value.upper()) == _HISTORY for word in words):
        return [word.upper for word in words[:2]] == ["NOT", "EXISTS"]  # a step that ran is not run
    subject = {name for word in _head(statement) for name in _NAME.findall(word.upper or word.value.upper())}
    terms = _terms(condition.copy())
    return bool(terms) and all(_looks_for(term, subject) for term in terms)


def _head(statement: Cursor) -> list[Word]:
    """The words of a statement before its first parenthesis: they name what it is about."""
    return statement.copy().until(lambda word: word.upper == "(").words()


def _terms(condition: Cursor) -> list[Cursor]:
    """The parts of a condition between AND."""
    terms = []
    while not condition.done:
        terms.append(condition.until(lambda word: word.upper == "AND"))
        condition.skip("AND")
    return terms


def _looks_for(term: Cursor, subject: set[str]) -> bool:
    """Whether a part of a condition asks for a thing that the subject names, and for nothing else of it."""
    texts = [word.value for word in term.copy().words() if word.kind == "text"]
    names = {name.upper() for text in texts for name in _NAME.findall(text)}
    if not names - _KINDS or not names <= subject | _KINDS:
        return False
    if term.sees("("):
        inner = term.group()
        return term.done and _looks_for(inner, subject)
    term.skip("NOT")
    if term.skip("EXISTS"):
        query = term.group().words() if term.sees("(") else []
        return term.done and _only_identifies([word.upper or word.value.upper() for word in query])
    if not (term.skip_any(*_LOOKS) and term.sees("(")):
        return False
    term.group()
    return (term.skip("IS", "NULL") or term.skip("IS", "NOT", "NULL")) and term.done


def _only_identifies(words: list[str]) -> bool:
    """Whether a query of a catalogue picks by names alone."""
    compared = [words[i - 1] for i, word in enumerate(words) if i and word in _COMPARES and words[i - 1] != "NOT"]
    looks = not _CATALOGUES.isdisjoint(words)
    return looks and "OR" not in words and "NOT" not in words and all(word in _IDENTIFIES for word in compared)
