"""PostgreSQL's DO: a program in a text. What it does for certain is read as if its statements stood alone.

    DO $$ BEGIN CREATE TYPE t AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$
    DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'c') THEN ALTER TABLE t ADD … END IF; END $$

A condition that looks whether something is there is answered from what the statements before it made. Where the answer is
not known, the statement that it guards has an effect that is not known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .cursor import AlreadySo, Cursor, Malformed, NoSuchTable, Script
from .foreign_calls import foreign_calls
from .objects import word_set
from .script import divide_program, words_in
from .unknown import is_read_block, make_unknown, not_read_call, touched_by_call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from .cursor import Word
    from .schema import DatabaseSchema

    Run: TypeAlias = Callable[[Cursor, DatabaseSchema], None]

_TAG = re.compile(r"\$\w*\$|'")
_UNREAD = word_set("RETURN EXIT CONTINUE LOOP WHILE FOREACH")
"""Words that make it unknown which statements of a program run."""
_TEXT_ALONE = 2
"""EXECUTE and a text: so many words."""
_SAYS = word_set("RAISE NULL ASSERT")
_PRESENT = word_set(
    "DUPLICATE_OBJECT DUPLICATE_TABLE DUPLICATE_COLUMN UNDEFINED_OBJECT UNDEFINED_TABLE UNDEFINED_COLUMN"
)
"""The conditions that a statement raises because something is there already, or is not."""


def run_program(statement: Cursor, schema: DatabaseSchema, run: Run, attempt: Run) -> bool:
    """Run the statements of a DO; whether they are read.

    `run` runs a statement and raises what goes wrong; `attempt` takes the effect of what goes wrong as not known.
    """
    body = next((_inside(word, statement, schema) for word in statement.copy().words() if word.kind == "text"), None)
    if body is None:
        return False
    if _is_about_rows(body, schema):
        return True
    for word, arguments in _calls_that_count(body, schema):
        make_unknown(statement, schema, touched_by_call(arguments, schema), not_read_call(statement, word))
    parts = _program(body, schema)
    if parts is None:
        return False
    handler = next((i for i, part in enumerate(parts) if part.sees("EXCEPTION")), None)
    if handler is None:
        _run_all(parts, schema, attempt)
        return True
    return handler == 1 and _handles(parts[1:]) and _run_handled(parts[0], schema, run)


def _is_about_rows(body: Cursor, schema: DatabaseSchema) -> bool:
    """Whether a program defines nothing, and calls nothing that may."""
    words = body.copy().words()
    names = {word.value.lower() for word in words}
    sets_session = not names.isdisjoint({"search_path", "role", *schema.engine.catalogue})
    return bool(words) and is_read_block(body, schema) and not _calls_foreign(body, schema) and not sets_session


def _calls_foreign(part: Cursor, schema: DatabaseSchema) -> bool:
    """Whether it calls a function that is neither the engine's nor in the script."""
    return any(_foreign(part, schema))


def _foreign(part: Cursor, schema: DatabaseSchema) -> Iterator[tuple[Word, Sequence[Word]]]:
    words = [replace(word, upper="SELECT") if word.upper in _ASKING else word for word in part.copy().words()]
    known = (schema.engine.query_functions or frozenset()) | schema.programs.keys()
    yield from foreign_calls(Cursor(words, part.script), known)


def _calls_that_count(body: Cursor, schema: DatabaseSchema) -> Iterator[tuple[Word, Sequence[Word]]]:
    """The calls of such functions, but for those that give a value to a row, or stand in a definition."""
    words = body.copy().words()
    for word, arguments in _foreign(body, schema):
        before = [each for each in words if each.start < word.start]
        begin = max((i + 1 for i, each in enumerate(before) if each.upper in _BEGINS), default=0)
        if begin == len(before) or before[begin].upper not in _STORES:
            yield word, arguments


_BEGINS = word_set("; BEGIN THEN ELSE LOOP")
_STORES = word_set(
    "INSERT UPDATE DELETE MERGE TRUNCATE COPY CREATE ALTER DROP GRANT REVOKE COMMENT REFRESH ANALYZE VACUUM RAISE EXECUTE"
)
"""Statements in which a call gives a value, or is none."""


_ASKING = word_set("DECLARE BEGIN IF ELSIF ELSEIF ELSE THEN PERFORM RETURN WHILE WHEN INTO LOOP IN EXECUTE")
"""Words after which an expression may stand, as after SELECT."""


def _program(body: Cursor, schema: DatabaseSchema) -> list[Cursor] | None:
    """The statements between BEGIN and END; None: the program has variables, or goes its own ways."""
    words = body.copy().words()
    while words and words[-1].upper == ";":
        words.pop()
    is_plain = len(words) > 1 and words[0].upper == "BEGIN" and words[-1].upper == "END"
    if not is_plain or any(word.upper in _UNREAD for word in words):
        return None
    return list(divide_program(words[1:-1], body.script, schema.engine))


def _inside(text: Word, statement: Cursor, schema: DatabaseSchema) -> Cursor | None:
    """What stands in a text, at its places; None: it is not written there as it is."""
    whole = statement.script.text
    tag = _TAG.match(whole, text.start)
    if tag is None or (tag[0] == "'" and "''" in whole[text.start + 1 : text.end - 1]):
        return None
    masked = re.sub(r"[^\n]", " ", whole[: tag.end()]) + whole[tag.end() : text.end - len(tag[0])]
    script = Script(masked, statement.script.file)
    try:
        return Cursor(words_in(script, schema.engine), script)
    except Malformed:
        return None


def _handles(handlers: Sequence[Cursor]) -> bool:
    """Whether an EXCEPTION passes over what is there already, or is not there, and nothing else."""
    for number, handler in enumerate(handlers):
        words = [word.upper for word in handler.copy().words()][0 if number else 1 :]
        if words[:1] == ["WHEN"] and "THEN" in words:
            then = words.index("THEN")
            known = all(word in _PRESENT or word == "OR" for word in words[1:then])
            if not known or words[then + 1] not in {"NULL", "RAISE"} or words[then + 2 : then + 3] == ["EXCEPTION"]:
                return False
        elif words[:1] != ["NULL"]:
            return False
    return True


def _run_handled(statement: Cursor, schema: DatabaseSchema, run: Run) -> bool:
    """One statement, which has no effect where what it makes is there; whether that is known."""
    made = _made(statement.copy(), schema)
    if made is None:
        return False
    try:
        if not made:
            run(statement, schema)
    except NoSuchTable:
        raise
    except AlreadySo:
        pass
    return True


def _made(statement: Cursor, schema: DatabaseSchema) -> bool | None:
    """Whether what a statement makes is there already; None: the statement is of another kind."""
    if statement.skip("CREATE", "TYPE") or statement.skip("CREATE", "DOMAIN"):
        return schema.fold(statement.path()[-1]) in schema.types
    if statement.skip("CREATE", "TABLE"):
        statement.skip_existence()
        return schema.key(statement.path()) in schema.tables
    if not statement.skip("ALTER", "TABLE"):
        return None
    statement.skip_existence()
    statement.skip("ONLY")
    key = schema.find(statement.path())
    if len(statement.copy().split()) > 1:
        return None
    if key is None or not statement.skip("ADD", "CONSTRAINT"):
        return False if statement.word.upper in {"ADD", "DROP"} else None
    return schema.fold(statement.name()) in schema.tables[key].names()


def _run_all(parts: Iterable[Cursor], schema: DatabaseSchema, attempt: Run) -> None:
    for part in parts:
        if part.word.upper in _SAYS:
            continue
        if part.sees("EXECUTE") and part.peek(1).kind == "text" and len(part.copy().words()) == _TEXT_ALONE:
            attempt(_inside(part.peek(1), part, schema) or part, schema)
            continue
        guarded = _guarded(part.copy(), schema) if part.sees("IF") else None
        if guarded is None:
            attempt(part, schema)
            continue
        holds, inner = guarded
        is_harmless = all(each.word.upper in _SAYS for each in inner) and _is_about_rows(part, schema)
        if holds is None and not is_harmless:
            attempt(part, schema)
        elif holds:
            _run_all(inner, schema, attempt)


def _guarded(statement: Cursor, schema: DatabaseSchema) -> tuple[bool | None, list[Cursor]] | None:
    """IF … THEN … END IF: whether its condition holds, as far as is known, and the statements between."""
    statement.take()
    condition = statement.until(lambda word: word.upper == "THEN")
    words = statement.words()[1:-2]
    if any(word.upper in {"ELSE", "ELSIF", "ELSEIF"} for word in words):
        return None
    holds: bool | None = True
    while not condition.done:
        met = _met(condition.until(lambda word: word.upper in {"AND", "OR"}), schema)
        holds = False if met is False or holds is False else None if met is None else holds
        if condition.skip("OR"):
            return None, list(divide_program(words, statement.script, schema.engine))
        condition.skip("AND")
    return holds, list(divide_program(words, statement.script, schema.engine))


# ------------------------------------------------------------------------------------------- is it there?

_CATALOGUES = word_set(
    "PG_CONSTRAINT TABLE_CONSTRAINTS COLUMNS PG_ATTRIBUTE PG_TYPE PG_CLASS PG_TABLES TABLES PG_NAMESPACE"
)
_ASKED = {
    **dict.fromkeys(("CONNAME", "CONSTRAINT_NAME"), "constraint"),
    **dict.fromkeys(("COLUMN_NAME", "ATTNAME"), "column"),
    **dict.fromkeys(("TABLE_NAME", "TABLENAME", "CONRELID", "ATTRELID"), "table"),
    "TYPNAME": "type",
    **dict.fromkeys(("TABLE_SCHEMA", "SCHEMANAME", "NSPNAME", "CONSTRAINT_SCHEMA"), "schema"),
}
"""What is asked for by the columns of catalogues."""
_GLUE = word_set("SELECT FROM WHERE AND = . 1 * :: REGCLASS INFORMATION_SCHEMA PG_CATALOG CURRENT_SCHEMA ( ) LIMIT OID")


def _met(term: Cursor, schema: DatabaseSchema) -> bool | None:
    """Whether a part of a condition holds; None: it asks for something else, or that is not known."""
    if term.sees("("):
        inner = term.group()
        return _met(inner, schema) if term.done else None
    negated = term.skip("NOT")
    if not term.skip("EXISTS") or not term.sees("("):
        return None
    query = term.group()
    asked = _asked(query.words()) if term.done else None
    found = None if asked is None else _found(asked, schema)
    return None if found is None else found != negated


def _asked(query: Sequence[Word]) -> dict[str, str] | None:
    """What a query of a catalogue asks for by its names alone; None: for anything else."""
    asked: dict[str, str] = {}
    for i, word in enumerate(query):
        if word.kind == "text":
            kind = _ASKED.get(query[i - 2].upper) if i > 1 and query[i - 1].upper == "=" else None
            if kind is None or kind in asked:
                return None
            asked[kind] = word.value
        elif word.upper not in _GLUE and word.upper not in _ASKED and word.upper not in _CATALOGUES:
            following = query[i + 1].upper if i + 1 < len(query) else ""
            if word.kind not in {"word", "name"} or (following != "." and query[i - 1].upper not in _CATALOGUES):
                return None
    return asked


def _found(asked: dict[str, str], schema: DatabaseSchema) -> bool | None:
    """Whether what is asked for is there, of what the statements so far made; None: not known."""
    kinds = asked.keys() - {"schema"}
    table = asked.get("table", "").rpartition(".")[2].strip('"')
    tables = [held for key, held in schema.tables.items() if not table or key[-1] == table]
    if "constraint" in kinds and kinds <= {"constraint", "table"}:
        name = asked["constraint"]
        if any(name in held.names() for held in tables):
            return True
        return None if any(name in text for held in tables for text in held.opaque) else False
    if kinds == {"column", "table"} and len(tables) == 1:
        is_known = not any(watcher.may_undo or watcher.is_unread for watcher in tables[0].opaque.values())
        return asked["column"] in tables[0].columns if is_known else None
    if kinds == {"table"}:
        return True if tables else None
    if kinds == {"type"}:
        return True if asked["type"] in schema.types else None
    return None
