"""CREATE TRIGGER, POLICY, RULE, and the functions that triggers call: which columns they can affect.

A trigger may reject any row, and change it. What its body can do is read once all statements have run
(`settled_watcher`): the function that it calls may be replaced, and the tables that it writes to be made, after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .cursor import Cursor, Script, UnreadStatement, words_of
from .digests import with_digest
from .objects import no_such_table, word_set
from .partitions import AttachedPart, Partitioning, settle_part
from .schema import Watcher
from .trigger_bodies import TriggerBody
from .trigger_values import NotUnderstood, column_of

if TYPE_CHECKING:
    from .cursor import Word
    from .schema import DatabaseSchema, TableDefinition


@dataclass(frozen=True, slots=True)
class TriggerProgram:
    """What is kept of a trigger: the words after its table, and those that say when it fires."""

    action: Cursor
    events: Cursor


def create_trigger(cursor: Cursor, schema: DatabaseSchema, what: Word) -> None:
    """A trigger, a policy or a rule may reject any value that is stored, or change it."""
    cursor.skip_existence()
    name = cursor.path()[-1]
    events = cursor.until(lambda word: word.upper == "ON")
    if not cursor.skip("ON"):
        raise cursor.unread(expected="ON and a table")
    if what.upper == "RULE":
        events = cursor.until(lambda word: word.upper == "TO")
        cursor.skip("TO")
    path = cursor.path()
    if schema.engine.statements.trigger_table_first:
        events = cursor.until(lambda word: word.upper == "AS")
    if what.upper in {"TRIGGER", "RULE"} and not events.has_any("INSERT", "UPDATE"):
        return
    key = schema.find(path)
    if key is not None:
        table = schema.tables[key]
        made = Watcher(f"{what.upper} {name.value}", cursor.at(what))
        if what.upper == "TRIGGER":
            heading = cursor.copy().until(lambda word: word.upper in {"BEGIN", "DECLARE", "CALL", "COMPOUND"})
            is_off = schema.engine.statements.anonymous_blocks and heading.has_any("DISABLE")
            made = replace(made, program=TriggerProgram(cursor.copy(), events), is_off=is_off)
        elif what.upper == "POLICY":
            text = cursor.text
            made = replace(made, columns=_columns_of_policy(cursor, table, schema))
            made = replace(made, text=with_digest(made.text, schema, text))
        else:
            made = replace(made, text=with_digest(made.text, schema, cursor.text))
        table.opaque[schema.fold(name)] = made
    elif schema.key(path) not in schema.passed and path[0].upper not in {"DATABASE", "SCHEMA", "ALL"}:
        raise no_such_table(cursor, path, schema)


def create_function(cursor: Cursor, schema: DatabaseSchema) -> None:
    """The body of a function is kept: it shows the effect of the triggers that call it."""
    name = schema.fold(cursor.path()[-1])
    texts: list[str] = []
    while not cursor.done:
        word = cursor.take()
        if word.kind == "text" and "BEGIN" in word.value.upper():
            texts.append(word.value)
    schema.functions[name] = texts[0] if len(texts) == 1 else ""


def switch_triggers(table: TableDefinition, names: frozenset[str] | None, *, on: bool) -> None:
    """ENABLE or DISABLE triggers of a table by their folded names; None: all of them."""
    for name, watcher in table.opaque.items():
        if isinstance(watcher.program, TriggerProgram) and (names is None or name in names):
            table.opaque[name] = replace(watcher, is_off=not on)


def settled_watcher(watcher: Watcher, table: TableDefinition, schema: DatabaseSchema) -> Watcher:
    """What a trigger, or a part, can do to the tables that stand: the columns that it concerns, and those that it fills."""
    program = watcher.program
    if isinstance(program, AttachedPart):
        return settle_part(watcher, program, table, schema)
    if isinstance(program, Partitioning):
        settled = replace(watcher, text=with_digest(watcher.text, schema, program.shown))
        return replace(settled, columns=frozenset()) if program.takes_all else settled
    if not isinstance(program, TriggerProgram):
        return watcher
    if watcher.is_off:
        return replace(watcher, columns=frozenset())
    watcher = replace(watcher, text=with_digest(watcher.text, schema, program.events.text, program.action.text))
    body = _body(program, table, schema)
    if body is None:
        return watcher
    events = program.events
    comes_first = events.has_any("BEFORE") and events.has_any("INSERT")
    return replace(
        watcher,
        columns=frozenset(body.columns),
        fills=frozenset(body.fills) if comes_first else frozenset(),
        lacks=frozenset(body.lacks - body.fills),
    )


def _columns_of_policy(cursor: Cursor, table: TableDefinition, schema: DatabaseSchema) -> frozenset[str] | None:
    """The columns that a policy of PostgreSQL looks at; None where it looks at other tables, or calls what is not known."""
    event = cursor.until(lambda word: word.upper in {"USING", "CHECK"})
    if event.has_any("SELECT", "DELETE"):
        return frozenset()
    if cursor.done:
        return None
    columns: set[str] = set()
    for word in cursor.words():
        if word.kind in {"word", "name"} and word.upper not in _OF_POLICIES:
            try:
                columns.add(column_of(word, table, schema).key)
            except NotUnderstood:
                return None
    return frozenset(columns)


_OF_POLICIES = word_set(
    "USING WITH CHECK TRUE FALSE AND OR NOT IS NULL IN CURRENT_USER SESSION_USER CURRENT_SETTING UID AUTH ROLE TEXT UUID "
    "INTEGER BIGINT"
)


def _body(program: TriggerProgram, table: TableDefinition, schema: DatabaseSchema) -> TriggerBody | None:
    """What a trigger does; None where that is not known."""
    cursor = program.action.copy()
    try:
        is_conditional = False
        text = cursor.text
        if schema.engine.statements.trigger_functions:
            is_conditional = cursor.until(lambda word: word.upper == "EXECUTE").has_any("WHEN")
            if cursor.skip_any("EXECUTE") is None or cursor.skip_any("FUNCTION", "PROCEDURE") is None:
                return None
            name = schema.fold(cursor.path()[-1])
            if name in _LIBRARY and name not in schema.functions:
                return _of_library(name, cursor, TriggerBody(cursor, program.events, table, schema))
            text = schema.functions.get(name, "")
        script = Script(text, "")  # read anew: a script's own words leave out the semicolons inside of programs
        words = words_of(script, text, schema.engine.grammar, quoted_paths=schema.engine.script.quoted_paths)
        body = TriggerBody(Cursor(words, script), program.events, table, schema)
        body.read(is_conditional=is_conditional)
    except (NotUnderstood, UnreadStatement):
        return None
    return body


_LIBRARY = {
    "tsvector_update_trigger": 1,
    "tsvector_update_trigger_column": 1,
    "moddatetime": 1,
    "insert_username": 1,
    "autoinc": 1,
    "suppress_redundant_updates_trigger": 0,
}
"""Functions for triggers that PostgreSQL and its extensions bring along, with the number of arguments that they fill."""


def _of_library(name: str, cursor: Cursor, body: TriggerBody) -> TriggerBody:
    for argument in cursor.items()[: _LIBRARY[name]]:
        word = argument.take()
        body.columns.add(
            column_of(replace(word, kind="name") if word.kind == "text" else word, body.table, body.schema).key
        )
    return body
