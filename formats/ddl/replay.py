"""Statements, replayed in order, to the tables that result.

A statement that is not read here leaves the tables it names undecided (`unknown`), from there on. What no engine takes (a
misspelt word, a parenthesis without an end) is a problem, at its place. What surely changes no table is in the lists below.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ...documents.problem import Problems, shorten
from .alter import alter_table
from .create import create, describe_table, select_into
from .cursor import AlreadySo, Malformed, NoSuchTable, Script, UnreadStatement
from .default_names import drops_default, is_looked_up, look_up_default
from .definition import read_element
from .do_blocks import run_program
from .dropping import bring_back, drop
from .guarded import is_guard
from .objects import PASSED_OBJECTS, no_such_table, unknown_object, word_set
from .partitions import attach_part, detach_part
from .prepared import forget_variables, prepare, set_variables
from .schema import Composite, DatabaseSchema, Domain, Enumeration, Watcher
from .script import divide, statements
from .session import ScriptSession
from .storage_actions import changes_nothing
from .tables import default_charset, move_table, rename_column, rename_table
from .transactions import TAKES_BACK, TRANSACTION_HEADS, roll_back_where, set_schema, transact
from .triggers import switch_triggers
from .unknown import (
    HARMLESS_PROGRAMS,
    HEADS,
    UnknownEffect,
    await_table,
    check_calls,
    is_fault,
    is_read_block,
    make_unknown,
    not_read,
    remember_program,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .cursor import Cursor, Word
    from .engines.engine import Engine
    from .stated import StatedStatements


def replay_script(
    scripts: Iterable[Script], engine: Engine, problems: Problems, stated: StatedStatements | None = None
) -> DatabaseSchema:
    """The tables that stand after all statements of these scripts, read in their order.

    `stated`: what the estate states of some of them, which is read in their place.
    """
    replay = Replay(engine, problems, stated)
    for script in scripts:
        replay.script(script)
    return replay.schema


class Replay:
    """Runs scripts, one after the other, on the tables that stand."""

    def __init__(self, engine: Engine, problems: Problems, stated: StatedStatements | None = None) -> None:
        self.schema = DatabaseSchema(engine)
        self._problems = problems
        self._stated = stated

    def script(self, script: Script, *, guarded: bool = False) -> None:
        """All statements of a script. `guarded`: they run only where what they make is not there yet."""
        engine = self.schema.engine
        self.schema.session = ScriptSession()  # each script is run in one of its own
        self.schema.session.takes_back = engine.statements.transactional and bool(TAKES_BACK.search(script.text))
        try:
            for cursor in statements(script, engine, self._problems):
                instead = self._stated.in_place_of(cursor.copy(), engine) if self._stated else None
                if instead is None:
                    _run(cursor, self.schema, self._problems, guarded=guarded)
                else:
                    _run_stated(instead, self.schema, self._problems)
        except UnreadStatement as error:
            _report(error, self._problems)

    def unknown(self, script: Script) -> None:
        """Take it as not known whether the statements of a script ran. What they may have made is there.

        Statements about rows, and about what is no table, do the same to tables either way: nothing.
        """
        try:
            for cursor in statements(script, self.schema.engine, self._problems):
                whole = cursor.copy()
                if cursor.word.upper in _PASSED:
                    _run(cursor, self.schema, self._problems)
                    continue
                if cursor.sees("CREATE") or cursor.has_any("ADD"):
                    _run(cursor, self.schema, self._problems)
                make_unknown(whole, self.schema)
        except UnreadStatement as error:
            _report(error, self._problems)


def _run_stated(effect: Iterable[Cursor], schema: DatabaseSchema, problems: Problems) -> None:
    """What the estate states of a statement must be read: nothing of it may be unknown."""
    schema.reads_all = True
    try:
        for cursor in effect:
            _statement(cursor, schema)
    except UnreadStatement as error:
        _report(error, problems)
    finally:
        schema.reads_all = False


def _run(cursor: Cursor, schema: DatabaseSchema, problems: Problems, *, guarded: bool = False) -> None:
    """One statement. A statement that cannot be read is a problem, and the next one is read all the same."""
    whole = cursor.copy()
    try:
        _statement(cursor, schema)
    except UnknownEffect as error:
        if whole.word.upper in _BLOCKS:
            _make_tables(whole, schema)
        make_unknown(whole, schema, error.touches)
    except NoSuchTable as error:
        await_table(whole, schema, error)
    except UnreadStatement as error:
        if guarded and isinstance(error, AlreadySo):
            return
        if is_fault(error, whole, schema):
            _report(error, problems)
        else:
            make_unknown(whole, schema, reason=error)


def _attempt(statement: Cursor, schema: DatabaseSchema) -> None:
    """One statement of a program; what no engine takes has an effect that is not known, since it may never be run."""
    whole, problems = statement.copy(), Problems()
    _run(statement, schema, problems)
    if problems:
        make_unknown(whole, schema)


_BLOCKS = word_set("DO EXECUTE BEGIN IF DECLARE FOR LOOP WHILE CASE")
_MAKES = re.compile(r"(?i)\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[^\s(;]+\s*\(")


def _make_tables(block: Cursor, schema: DatabaseSchema) -> None:
    """The tables that a block may make are there; what else it does to them, and whether it runs, is not known."""
    text = block.script.text
    for found in _MAKES.finditer(text, block.word.start, block.word.start + len(block.text)):
        end, depth = found.end(), 1
        while depth and end < len(text):
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        masked = re.sub(r"[^\n]", " ", text[: found.start()]) + text[found.start() : end]
        try:
            for cursor in statements(Script(masked, block.script.file), schema.engine, Problems()):
                if schema.find(_name_of(cursor.copy())) is None:
                    _statement(cursor, schema)
        except UnreadStatement:
            continue


def _name_of(statement: Cursor) -> tuple[Word, ...]:
    statement.until(lambda word: word.upper == "TABLE")
    statement.expect("TABLE")
    statement.skip_existence()
    return statement.path()


def _report(error: UnreadStatement, problems: Problems) -> None:
    problems.add(error.at, error.message, expected=error.expected, suggestion=error.suggestion, length=error.length)


_PASSED = word_set(
    "SELECT INSERT UPDATE DELETE MERGE REPLACE WITH VALUES TRUNCATE START COMMIT END ROLLBACK "
    "SAVEPOINT RELEASE ABORT SET SHOW GRANT REVOKE DENY COMMENT ANALYZE ANALYSE VACUUM REINDEX "
    "CLUSTER CHECKPOINT LOCK UNLOCK PRAGMA EXPLAIN DESCRIBE NOTIFY LISTEN PRINT REFRESH COPY LOAD FLUSH "
    "OPTIMIZE PURGE ATTACH DETACH INSTALL UNINSTALL SECURITY DISCARD LABEL ASSERT "
    "CONNECT DISCONNECT TERMINATE REORG RUNSTATS TRANSFER PUT GET LIST REMOVE RM LS UNSET UNCACHE CLEAR RESOLVE "
    "GENERATE SYNC ADD MSCK FSCK HELP SHUTDOWN RESTART STOP DISABLE ENABLE RECEIVE SEND ARCHIVE QUIESCE UNQUIESCE "
    "BULK BACKUP RECONFIGURE WAITFOR DBCC KILL BINLOG CHECK CHECKSUM REPAIR CACHE XA FETCH OPEN CLOSE MOVE UNLISTEN "
    "HANDLER AUDIT NOAUDIT EXPORT RENEW QUIT EXIT DEALLOCATE"
)
"""Statements that change what is in a database, or its session, and no column."""


def _statement(cursor: Cursor, schema: DatabaseSchema) -> None:
    whole = cursor.copy()
    head = cursor.take()
    match head.upper:
        case "CREATE":
            create(cursor, schema)
        case "ALTER":
            _alter(cursor, schema, whole)
        case "DROP":
            drop(cursor, schema)
        case "RENAME" if schema.engine.statements.renames_tables:
            _rename_tables(cursor, schema)
        case "RENAME" if cursor.sees("INDEX") and schema.engine.statements.renames_objects:
            pass
        case "RENAME" if schema.engine.statements.renames_objects:
            _rename(cursor, schema)
        case "EXEC" | "EXECUTE" if schema.engine.statements.executes_procedures:
            _execute(cursor, schema)
        case "SELECT" | "WITH" if _selects_into(cursor.copy(), schema):
            select_into(cursor, schema, is_known=head.upper == "SELECT")
        case "SET":
            set_schema(whole, schema)
            set_variables(cursor, schema)
            _look_on(cursor, schema)
        case "PREPARE":
            prepare(cursor, schema)
        case "UNDROP" if cursor.skip("TABLE"):
            bring_back(cursor, schema)
        case "FLASHBACK" if cursor.skip("TABLE") and cursor.has_any("DROP"):
            bring_back(cursor, schema)
        case "IF" if schema.engine.statements.transact:
            _if(whole, schema)
        case "DO" if schema.engine.statements.programs_in_texts and run_program(whole, schema, _statement, _attempt):
            pass
        case "USE" | "RESET":
            set_schema(whole, schema)
        case word if word in TRANSACTION_HEADS and transact(word, cursor.copy(), schema):
            pass
        case "DECLARE" if schema.engine.statements.declares_tables and not cursor.sees("GLOBAL"):
            _declare(cursor, schema)
        case "RAISERROR" if schema.engine.statements.transact:
            _look_on(cursor, schema)  # it says something
        case "ENABLE" | "DISABLE" if schema.engine.statements.transact and cursor.skip("TRIGGER"):
            _switch_triggers(cursor, schema, on=head.upper == "ENABLE")
        case "CALL" if cursor.copy().path()[-1].value.lower() in HARMLESS_PROGRAMS:
            pass
        case "EXECUTE" if cursor.word.upper in {"TASK", "ALERT", "NOTEBOOK"}:
            pass
        case "BEGIN" if schema.engine.statements.transact and cursor.word.upper not in {"TRY", "CATCH"}:
            for each in divide(whole, schema.engine):
                _statement(each, schema)
        case "BEGIN" | "DECLARE" | "EXEC" | "EXECUTE" if schema.engine.statements.anonymous_blocks and is_read_block(
            whole, schema
        ):
            pass
        case word if word in _PASSED:
            check_calls(whole, schema)
            forget_variables(whole, schema)
            if schema.engine.statements.transact:
                look_up_default(whole, schema)
            _look_on(cursor, schema)
        case _ if schema.engine.statements.executes_procedures and _calls_procedure(whole.copy()):
            _execute(whole, schema)
        case word if word in HEADS:
            raise UnknownEffect(cursor.at(head), f"what {shorten(head.value)} does is not read", head.end - head.start)
        case _:
            message = f"{shorten(head.value)} begins no statement that is known here"
            error = UnreadStatement(
                cursor.at(head), message, head.end - head.start, "a statement with a known effect on tables"
            )
            error.word = head.value
            raise error


def _switch_triggers(cursor: Cursor, schema: DatabaseSchema, *, on: bool) -> None:
    """Transact-SQL: DISABLE TRIGGER a ON t."""
    named = cursor.until(lambda word: word.upper == "ON")
    names = None if named.sees("ALL") else frozenset(schema.fold(each.path()[-1]) for each in named.split())
    cursor.expect("ON")
    key = schema.find(cursor.path())
    if key is not None:
        switch_triggers(schema.tables[key], names, on=on)


def _declare(cursor: Cursor, schema: DatabaseSchema) -> None:
    """Db2: DECLARE name TABLE (…) in a program says what a table of the database is."""
    path = cursor.copy()
    path.path()
    if path.skip("TABLE"):
        describe_table(cursor, schema)


def _calls_procedure(statement: Cursor) -> bool:
    """Transact-SQL: the first statement of a batch may call a procedure by its name alone."""
    head = statement.path()[-1].value.lower()
    following = statement.word
    return head.startswith(("sp_", "xp_")) and (statement.done or following.upper == "@" or following.kind == "text")


def _look_on(cursor: Cursor, schema: DatabaseSchema) -> None:
    """SQL Server takes several statements on one line with nothing between them."""
    while not cursor.done and schema.engine.script.bare_statements:
        if cursor.word.upper in {"ALTER", "CREATE", "DROP"} and cursor.peek(1).upper == "TABLE":
            raise Malformed(
                cursor.place, "another statement begins here", len(cursor.word.value), "a semicolon, or GO, before it"
            )
        cursor.take()


def _selects_into(cursor: Cursor, schema: DatabaseSchema) -> bool:
    if not schema.engine.statements.select_into:
        return False
    cursor.until(lambda word: word.upper in {"INTO", "INSERT", "FROM"})
    return cursor.sees("INTO")


_THEN = word_set(
    "CREATE ALTER DROP EXEC EXECUTE INSERT UPDATE DELETE BEGIN PRINT SET SELECT TRUNCATE RAISERROR RETURN THROW MERGE"
)


def _if(statement: Cursor, schema: DatabaseSchema) -> None:
    """Transact-SQL: a condition that looks whether something is there leaves the database as its statements say.

    Of any other condition it is not known whether they run. What they may have made is then there, and undecided.
    """
    inner = statement.copy()
    inner.take()
    condition = inner.until(lambda word: word.upper in _THEN)
    if inner.done or inner.has_any("ELSE"):
        raise UnknownEffect(statement.place, "whether this runs is not known")
    for each in divide(inner, schema.engine):
        whole = each.copy()
        if each.word.upper in {"ROLLBACK", "ABORT"}:
            roll_back_where(condition, whole, schema)
            continue
        is_sure = each.word.upper in _PASSED or is_looked_up(condition, schema) or is_guard(condition, each)
        try:
            if is_sure or each.word.upper == "CREATE" or (each.sees("ALTER", "TABLE") and each.has_any("ADD")):
                _statement(each, schema)
        except UnknownEffect:
            is_sure = False
        except AlreadySo:
            pass
        if not is_sure:
            make_unknown(whole, schema)


def _alter(cursor: Cursor, schema: DatabaseSchema, whole: Cursor) -> None:
    what = cursor.take()
    match what.upper:
        case "TABLE":
            _alter_table(cursor, schema)
        case "FOREIGN" if cursor.sees("TABLE"):
            pass
        case "EXTERNAL" | "DYNAMIC" | "ICEBERG" | "HYBRID" | "EVENT" if cursor.skip("TABLE"):
            if not cursor.has_any("REFRESH", "SUSPEND", "RESUME"):
                _alter_table(cursor, schema)
        case "EXTERNAL" | "ALL" | "SECURITY" | "TRUSTED" | "PERMISSION":
            pass
        case "TYPE":
            _alter_type(cursor, schema)
        case "DOMAIN":
            _alter_domain(cursor, schema)
        case "INDEX":
            _alter_index(cursor, schema)
        case "SESSION":
            set_schema(whole, schema)
        case "DATABASE":
            default_charset(cursor, schema)
        case "SCHEMA":
            _alter_schema(cursor, schema)
        case "TRIGGER" if cursor.has_any("ENABLE", "DISABLE"):
            name = schema.fold(cursor.path()[-1])
            for table in schema.tables.values():
                switch_triggers(table, frozenset((name,)), on=cursor.sees("ENABLE"))
        case "VIEW" | "MATERIALIZED" | "TRIGGER" | "POLICY" | "RULE":
            pass
        case "FUNCTION" | "PROCEDURE" | "PROC":
            remember_program(cursor, cursor.path()[-1], schema)
        case word if word in PASSED_OBJECTS:
            pass
        case _:
            raise unknown_object(cursor, what)


def _alter_table(cursor: Cursor, schema: DatabaseSchema) -> None:
    lenient = cursor.skip_existence()
    alone = cursor.skip("ONLY")
    start = cursor.word
    path = cursor.path()
    cursor.skip("*")
    key = schema.find(path)
    if key is not None:
        table = schema.tables[key]
        alters_parts = cursor.sees("ATTACH")
        moves = any(cursor.sees(*words) for words in (("RENAME", "TO"), ("SET", "SCHEMA"), ("OWNER",)))
        if alters_parts:
            attach_part(cursor.copy(), start, key, schema)
        elif cursor.sees("DETACH", "PARTITION"):
            detach_part(cursor.copy(), schema)
        stays = cursor.sees("ADD") and any(each.sees("NO", "INHERIT") for each in _tails(cursor.copy()))
        for heir in () if alone or moves or stays else table.heirs:
            if heir in schema.tables:
                alter_table(cursor.copy(), heir, schema)
        alter_table(cursor, key, schema)
    elif (whole := schema.parts.get(schema.key(path))) in schema.tables:
        if not changes_nothing(cursor):
            schema.tables[whole].opaque[cursor.text] = Watcher(
                f"PARTITION {path[-1].value} {cursor.text}", cursor.at(start)
            )
    elif not lenient and schema.key(path) not in schema.passed and not changes_nothing(cursor):
        raise no_such_table(cursor, path, schema)


def _tails(cursor: Cursor) -> Iterator[Cursor]:
    """All that is left from each word on."""
    while not cursor.done:
        yield cursor
        cursor.take()


def _alter_type(cursor: Cursor, schema: DatabaseSchema) -> None:
    word = cursor.path()[-1]
    key = schema.fold(word)
    held = schema.types.get(key)
    if cursor.skip("RENAME", "TO"):
        if held is not None:
            schema.types[schema.fold(cursor.name())] = schema.types.pop(key)
            _rename_type(schema, key, cursor.before)
        return
    if isinstance(held, Composite) and cursor.word.upper not in {"OWNER", "SET"}:
        for table in schema.tables.values():
            if table.of_type == key:
                table.opaque[cursor.text] = replace(not_read(cursor, None), may_undo=True)
        held.columns.opaque[cursor.text] = not_read(cursor, None)
        return
    if cursor.word.upper in {"OWNER", "SET"} or not isinstance(held, Enumeration):
        return
    if cursor.skip("ADD", "VALUE"):
        cursor.skip_existence()
        value = cursor.take().value
        if value not in held.values:
            held.values.append(value)
    elif cursor.skip("RENAME", "VALUE"):
        old = cursor.take()
        cursor.expect("TO")
        if old.value not in held.values:
            raise UnreadStatement(
                cursor.at(old), f"there is no value {shorten(old.value)} at this point", len(old.value)
            )
        held.values[held.values.index(old.value)] = cursor.take().value
    else:
        raise cursor.unread()


def _rename_type(schema: DatabaseSchema, old: str, new: Word) -> None:
    for table in schema.tables.values():
        for column in table.columns.values():
            if column.type.own == old:
                column.type = replace(column.type, name=new.value.upper(), own=schema.fold(new))


def _alter_domain(cursor: Cursor, schema: DatabaseSchema) -> None:
    word = cursor.path()[-1]
    key = schema.fold(word)
    held = schema.types.get(key)
    if not isinstance(held, Domain):
        raise UnreadStatement(
            cursor.at(word), f"there is no domain {shorten(word.value)} at this point", len(word.value)
        )
    place = cursor.place
    if cursor.skip("SET", "NOT", "NULL"):
        held.not_null = place
    elif cursor.skip("DROP", "NOT", "NULL"):
        held.not_null = None
    elif cursor.skip("ADD"):
        defined = read_element(cursor, schema)
        held.checks += defined.checks
    elif cursor.skip("DROP", "CONSTRAINT"):
        cursor.skip_existence()
        name = schema.fold(cursor.name())
        held.checks = [check for check in held.checks if check.name != name]
    elif cursor.skip("RENAME", "TO"):
        schema.types[schema.fold(cursor.name())] = schema.types.pop(key)
        _rename_type(schema, key, cursor.before)
    elif cursor.skip("RENAME", "CONSTRAINT"):
        old = schema.fold(cursor.name())
        cursor.expect("TO")
        for check in held.checks:
            if check.name == old:
                check.name = schema.fold(cursor.word)
    elif cursor.word.upper not in {"OWNER", "SET", "DROP", "VALIDATE"}:
        raise cursor.unread()


def _alter_schema(cursor: Cursor, schema: DatabaseSchema) -> None:
    """Another name of a schema is another path of its tables."""
    old = cursor.name()
    if not cursor.skip("RENAME", "TO"):
        return
    new = cursor.name()
    for key in [key for key in schema.tables if len(key) > 1 and key[0] == schema.fold(old)]:
        move_table(schema, key, new)


def _alter_index(cursor: Cursor, schema: DatabaseSchema) -> None:
    cursor.skip_existence()
    old = schema.fold(cursor.path()[-1])
    if not cursor.skip("RENAME", "TO"):
        return
    new = schema.fold(cursor.name())
    for table in schema.tables.values():
        for unique in table.uniques:
            if unique.name == old:
                unique.name = new


def _rename_tables(cursor: Cursor, schema: DatabaseSchema) -> None:
    """MySQL: RENAME TABLE a TO b, c TO d."""
    if not cursor.skip_any("TABLE", "TABLES"):
        return
    for item in cursor.split():
        _rename(item, schema)


def _rename(cursor: Cursor, schema: DatabaseSchema) -> None:
    cursor.skip("TABLE")
    old = cursor.path()
    cursor.expect("TO")
    new = cursor.path()
    key = schema.find(old)
    if key is None:
        raise no_such_table(cursor, old, schema)
    rename_table(schema, key, new)


def _execute(cursor: Cursor, schema: DatabaseSchema) -> None:
    """SQL Server: only sp_rename is read; a procedure, or a text, may do anything."""
    if cursor.sees("("):
        if drops_default(cursor, schema):
            return
        raise UnknownEffect(cursor.place, "what this text does is not read")
    name = cursor.path()[-1]
    texts = []
    for item in cursor.split():
        item.rest()
        texts.append(item.before.value)
    match name.value.lower(), texts:
        case procedure, _ if procedure in HARMLESS_PROGRAMS:
            return
        case "sp_rename", [old, new, *kind]:
            _sp_rename(cursor, schema, name, old, new, kind[0].upper() if kind else "OBJECT")
        case _:
            raise UnknownEffect(cursor.at(name), f"what {shorten(name.value)} does is not read", name.end - name.start)


def _sp_rename(cursor: Cursor, schema: DatabaseSchema, at: Word, old: str, new: str, kind: str) -> None:
    parts = [part.strip("[]").lower() for part in old.split(".")]
    path = tuple(part for part in (parts[:-1] if kind == "COLUMN" else parts)[-2:] if part != "dbo")
    tables = [key for key in schema.tables if key == path or key[-1:] == path[-1:]]
    if kind == "INDEX" or (not tables and kind == "OBJECT"):
        return
    if len(tables) != 1:
        raise UnreadStatement(cursor.at(at), f"there is no table {shorten(old)} at this point", at.end - at.start)
    table = schema.tables[tables[0]]
    if kind == "COLUMN":
        rename_column(table, parts[-1], new.lower(), new, cursor.at(at))
    else:
        schema.tables[(*tables[0][:-1], new.lower())] = schema.tables.pop(tables[0])
        table.name = new
