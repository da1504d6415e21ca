"""Statements about the session that runs a script: its transactions, and the schema in which a name without one stands.

BEGIN; ALTER TABLE t ALTER n TYPE varchar(9); ROLLBACK;          t is as it was before
SET search_path TO app; DROP TABLE t;                           app.t goes, and no other
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .objects import word_set
from .unknown import not_read

if TYPE_CHECKING:
    from .cursor import Cursor
    from .schema import DatabaseSchema

TAKES_BACK = re.compile(r"(?i)\b(?:ROLLBACK|ABORT)\b")
"""What a script must say somewhere, for its transactions to matter."""
TRANSACTION_HEADS = word_set("BEGIN START SAVEPOINT SAVE RELEASE COMMIT END ROLLBACK ABORT")
"""The words that may begin a statement about transactions."""

_BEGINNINGS = word_set("WORK TRANSACTION TRAN IMMEDIATE DEFERRED EXCLUSIVE ISOLATION READ NOT")
_NOUNS = ("WORK", "TRANSACTION", "TRAN")
_AFTER_ERRORS = re.compile(r"(?i)@@\s*(?:ERROR|TRANCOUNT)|\bXACT_STATE\b")
_BEFORE_SCHEMA = {"SET": ("SESSION", "CURRENT"), "ALTER": ("SESSION", "SET")}
_NO_DATABASE = word_set("CATALOG ROLE WAREHOUSE SECONDARY")


def begins_transaction(rest: Cursor) -> bool:
    """Whether what follows BEGIN begins a transaction, and no block."""
    return rest.done or rest.word.upper in _BEGINNINGS


def transact(head: str, rest: Cursor, schema: DatabaseSchema) -> bool:
    """Whether a statement with this head is one of transactions, which then has its effect."""
    session = schema.session
    match head:
        case "BEGIN" if begins_transaction(rest):
            session.begin(schema)
        case "START" if rest.sees("TRANSACTION"):
            session.begin(schema)
        case "SAVEPOINT":
            session.mark(schema, schema.fold(rest.take()))
        case "SAVE" if rest.skip_any("TRAN", "TRANSACTION"):
            session.mark(schema, schema.fold(rest.take()))
        case "RELEASE":
            rest.skip("SAVEPOINT")
            session.release(schema.fold(rest.take()))
        case "COMMIT" | "END":
            session.commit()
            if rest.has_any("CHAIN") and not rest.has_any("NO"):
                session.begin(schema)
        case "ROLLBACK" | "ABORT":
            rest.skip_any(*_NOUNS)
            if rest.skip("TO"):
                rest.skip("SAVEPOINT")
            chains = rest.has_any("CHAIN") and not rest.has_any("NO")
            name = None if rest.done or rest.sees("AND") else schema.fold(rest.take())
            session.roll_back(schema, name)
            if chains:
                session.begin(schema)
        case _:
            return False
    return True


def roll_back_where(condition: Cursor, statement: Cursor, schema: DatabaseSchema) -> None:
    """Transact-SQL: IF … ROLLBACK. A script is taken to run without errors; of any other condition nothing is known."""
    before = schema.session.began_with
    if before is None or _AFTER_ERRORS.search(condition.text):
        return
    stood = before["tables"]
    for key, table in schema.tables.items():
        if not isinstance(stood, dict) or stood.get(key) != table:
            table.opaque[statement.text] = replace(not_read(statement, None), may_undo=True)


def set_schema(statement: Cursor, schema: DatabaseSchema) -> None:
    """USE app, SET search_path TO app, SET SCHEMA app, ALTER SESSION SET CURRENT_SCHEMA = app: where names stand now.

    A statement that says something else changes nothing.
    """
    words, rest = schema.engine.statements.schema_words, statement.copy()
    head = rest.take().upper
    is_local = head == "SET" and rest.skip("LOCAL")
    for optional in _BEFORE_SCHEMA.get(head, ()):
        rest.skip(optional)
    what = rest.word.upper
    if f"{head} {what}" in words:
        rest.take()
    elif head != "USE" or what in _NO_DATABASE:
        return
    elif head not in words:  # another database, where each has schemas of its own
        schema.session.use([])
        return
    rest.skip_any("TO", "=")
    if head == "RESET" or rest.sees("DEFAULT"):
        schema.session.use([])
        return
    names: list[str] = []
    for item in rest.split():
        written = item.path()[-1]
        quoted = written.kind == "text"
        names += [each.strip() for each in written.value.split(",")] if quoted else [schema.fold(written)]
    schema.session.use([name for name in names if name], is_local=is_local)
