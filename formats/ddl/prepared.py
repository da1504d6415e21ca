"""Statements that MySQL and PostgreSQL prepare by a name, and the session's variables that hold their texts.

SET @s = IF(@there, 'SELECT 1', 'ALTER TABLE t ADD c INT');      the variable has one of two texts
PREPARE x FROM @s;
EXECUTE x;                                                       changes t
"""

from __future__ import annotations

from itertools import chain, product
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cursor import Cursor
    from .schema import DatabaseSchema

_MOST_TEXTS = 100


def set_variables(statement: Cursor, schema: DatabaseSchema) -> None:
    """SET @a = …, @b = …: the texts that a variable may have; a variable of any other value is forgotten."""
    for item in statement.copy().split():
        if item.skip("@"):
            name = item.name().value.lower()
            texts = _texts(item, schema) if item.skip_any("=", ":=") else None
            _keep(name, texts, schema)
    forget_variables(statement, schema)


def forget_variables(statement: Cursor, schema: DatabaseSchema) -> None:
    """`SELECT … INTO @a`, `@a := …`: what such a statement sets is not read."""
    words = [word.upper for word in statement.copy().words()]
    into = "INTO" in words
    for i, word in enumerate(words[:-1]):
        if word == "@" and (into or words[i + 2 : i + 3] == [":="]) and i:
            schema.texts.pop(words[i + 1].lower(), None)


def prepare(statement: Cursor, schema: DatabaseSchema) -> None:
    """PREPARE name FROM text, or AS a statement: what its execution may do."""
    name = schema.fold(statement.name()).lower()
    if not statement.skip("FROM"):
        schema.prepared[name] = [statement.text]
        return
    texts = _texts(statement, schema)
    if texts is None:
        schema.prepared.pop(name, None)
    else:
        schema.prepared[name] = texts


def _keep(name: str, texts: list[str] | None, schema: DatabaseSchema) -> None:
    if texts is None:
        schema.texts.pop(name, None)
    else:
        schema.texts[name] = texts


def _texts(value: Cursor, schema: DatabaseSchema) -> list[str] | None:
    """The texts that an expression may give: literals, variables, IF, CONCAT, a SELECT of those. None: not known."""
    if value.word.kind == "text":
        written = value.words()
        return ["".join(word.value for word in written)] if all(word.kind == "text" for word in written) else None
    texts: list[str] | None = None
    if value.skip("@"):
        texts = schema.texts.get(value.name().value.lower())
    elif value.sees("("):
        texts = _texts(value.group(), schema)
    elif value.skip("SELECT"):
        texts = _texts(value.until(lambda word: word.upper == "FROM"), schema)
        value.rest()
    elif value.sees("IF", "("):
        value.take()
        branches = [_texts(item, schema) for item in value.items()[1:]]
        known = [branch for branch in branches if branch is not None]
        texts = list(chain.from_iterable(known)) if len(known) == len(branches) else None
    elif value.sees("CONCAT", "("):
        value.take()
        parts = [_texts(item, schema) for item in value.items()]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts) and prod(map(len, known)) <= _MOST_TEXTS:
            texts = ["".join(pieces) for pieces in product(*known)]
    return texts if value.done else None
