"""Statements whose effect is not known: the tables that they name are not known from there on, all others are.

    DO $$ BEGIN ALTER TABLE t ALTER n TYPE varchar(2); END $$      every column of t is undecided, with this as the reason
    DO $$ BEGIN CREATE ROLE reporting; END $$                      nothing is

A program that puts its SQL together by itself, or that is not written down, may change any table; a function that a query
runs, and that is not written down, those that its arguments name, or any where they name none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ...documents.problem import shorten
from .cursor import Malformed, UnreadStatement
from .foreign_calls import foreign_calls
from .objects import word_set
from .schema import Watcher
from .spelling import misspelt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .cursor import Cursor, NoSuchTable, Word
    from .schema import DatabaseSchema


class UnknownEffect(UnreadStatement):
    """A statement that its engine takes, and whose effect on tables is not read here."""

    touches: tuple[tuple[str, ...], ...] | None = None
    """The tables that it may change; None: those that it names, and those of the programs that it calls."""


HEADS = word_set(
    "DO CALL IF ELSE WHILE LOOP FOR REPEAT CASE DECLARE BEGIN EXEC EXECUTE RAISERROR THROW RETURN GOTO "
    "RESTORE SIGNAL RESIGNAL IMPORT ASSOCIATE DISASSOCIATE FLASHBACK REASSIGN CHANGE RECOVER UNDROP CLONE APPLY CONVERT"
)
"""Words that begin such statements: they are no misspelt ones."""

_NAME = re.compile(r"[^\W\d][\w$#]*")
_PATH = r"(?:[\w$\"`\[\]]+\s*\.\s*)*[\"`\[]?([\w$]+)"
_CALLS = re.compile(rf"(?i)\b(?:CALL|EXEC|EXECUTE|PERFORM)\s+({_PATH})")
_BLOCK_CALLS = re.compile(
    r"(?i)(?:\b(?:BEGIN|THEN|ELSE|LOOP)\s|;)\s*((?:[\w$#\"]+\s*\.\s*)*\"?([\w$#]+)\"?)\s*(?=[;(]|$)"
)
"""Oracle: a statement of a block that is a name alone, or a name and its arguments, calls that program."""
_BLOCK_WORDS = word_set(
    "END NULL COMMIT ROLLBACK RETURN EXIT CONTINUE RAISE IF ELSIF WHILE FOR CASE SELECT RAISE_APPLICATION_ERROR"
)
_OWN_PACKAGES = re.compile(r"(?i)(?:sys\s*\.\s*)?(?:dbms|utl)_(?!sql\b|utility\b)\w+\s*\.")
"""Oracle's packages, which change no table; but for the two that run a text."""
_RUNS = re.compile(r"(?i)\A\s*EXEC(?:UTE)?\b")
"""SQL*Plus: EXEC runs one statement of PL/SQL."""
_SCHEMAS = re.compile(r"(?i)\bSCHEMA\s+(?:IF\s+EXISTS\s+)?[\"`\[]?([\w$]+)")
_OWN_SQL = re.compile(r"(?i)\b(?:EXECUTE|IMMEDIATE|EXEC|SP_EXECUTESQL|DBMS_SQL|QUERY_TO_XML|DBLINK_EXEC)\b")
_LITERAL_SQL = re.compile(
    r"(?i)\b(?:EXECUTE\s+IMMEDIATE|EXECUTE|EXEC\s+SP_EXECUTESQL|EXEC)\s*+(?:\(\s*+)?"
    r"(?:N?'(?:[^']|'')*'|\"[^\"]*\"|\$\$.*?\$\$)\s*+(?:\)\s*+)?"
    r"(?=;|$|\bEND\b)"
)
_FIRES = re.compile(r"(?i)\bEXECUTE\s+(?:FUNCTION|PROCEDURE|AS\s+\w+)\b")
_DEFINES = re.compile(r"(?i)\b(?:CREATE|ALTER|DROP|RENAME|TRUNCATE|IMMEDIATE|EXECUTE|EXEC|SP_RENAME|DBMS_SQL)\b")
_EVERY_KEY = "primary"
"""MySQL: the name of each table's primary key, which tells no table from another."""
_MOST_CALLS = 100


def is_fault(error: UnreadStatement, statement: Cursor, schema: DatabaseSchema) -> bool:
    """Whether no engine takes a statement that was not read: a word of it is misspelt, or something in it never ends.

    Where a word is misspelt, the one that was meant becomes the suggestion.
    """
    if isinstance(error, Malformed) or not statement.is_whole or schema.reads_all:
        return True
    meant = None if error.word is None else misspelt(error.word, schema.engine.grammar)
    error.suggestion = meant or error.suggestion
    return meant is not None


def make_unknown(
    statement: Cursor,
    schema: DatabaseSchema,
    touches: Iterable[tuple[str, ...]] | None = None,
    reason: UnreadStatement | None = None,
) -> None:
    """Take the statement's effect on the tables it names, or on those that it is said to touch, as not known."""
    text = statement.text
    watcher = replace(not_read(statement, reason), may_undo=True)
    for key in _touched(text, schema) if touches is None else touches:
        schema.tables[key].opaque[text] = watcher
    schema.texts.clear()  # it may set the session's variables, too


def not_read(statement: Cursor, reason: UnreadStatement | None, columns: frozenset[str] | None = None) -> Watcher:
    """What stands at the columns that a statement, or a part of one, leaves undecided: its text, the reason, the place."""
    said = f"not read: {shorten(' '.join(statement.text.split()))}"
    said += f": {reason.message}" if reason else ""
    return Watcher(said, reason.at if reason else statement.place, columns, is_unread=True)


def await_table(statement: Cursor, schema: DatabaseSchema, error: NoSuchTable) -> None:
    """Keep a statement about a table that is not there: once it is, it is not known what the statement did to it."""
    schema.awaited.setdefault(error.key, []).append(not_read(statement, error))


def check_calls(statement: Cursor, schema: DatabaseSchema) -> None:
    """Raise UnknownEffect where a statement of rows calls a program that does more: `SELECT change_all()`."""
    if schema.programs:
        texts = _with_called(statement.text, schema)
        if texts is None or any(_DEFINES.search(text) for text in texts[1:]):
            raise UnknownEffect(statement.place, "what the program that is called here does is not read")
    target = statement.copy()
    if target.skip("UPDATE") and target.path()[-1].value.lower() in schema.engine.catalogue:
        error = UnknownEffect(statement.place, "what a change of the catalogue does is not read")
        error.touches = tuple(_touched(statement.text, schema)) or tuple(schema.tables)
        raise error
    known = schema.engine.query_functions
    calls = () if known is None else tuple(foreign_calls(statement.copy(), known | schema.programs.keys()))
    if calls:
        error = not_read_call(statement, calls[0][0])
        error.touches = tuple(dict.fromkeys(key for _, said in calls for key in touched_by_call(said, schema)))
        raise error


def not_read_call(statement: Cursor, function: Word) -> UnknownEffect:
    """The function that a statement calls is not in the script."""
    return UnknownEffect(statement.place, f"what {shorten(function.value)} does is not read")


def touched_by_call(arguments: Iterable[Word], schema: DatabaseSchema) -> tuple[tuple[str, ...], ...]:
    """The tables that a function may change: those that its arguments name, or all where they name none."""
    said = " ".join(word.value for word in arguments)
    return tuple(_touched(said, schema)) or tuple(schema.tables)


def is_read_block(statement: Cursor, schema: DatabaseSchema) -> bool:
    """Oracle: whether an anonymous block changes no table: it runs no text, and calls no program that may."""
    texts = _with_called(_RUNS.sub("BEGIN ", statement.text), schema)
    return texts is not None and not any(_DEFINES.search(text) for text in texts)


def _touched(text: str, schema: DatabaseSchema) -> Iterator[tuple[str, ...]]:
    """The tables, by their paths, that a statement may change."""
    texts = _with_called(text, schema)
    if texts is None:
        yield from schema.tables
        return
    named = {name.lower() for part in texts for name in _NAME.findall(part)}
    schemas = {name.lower() for part in texts for name in _SCHEMAS.findall(part)}
    wholes = {whole for part, whole in schema.parts.items() if _is_named(part[-1], named)}
    waiting = [key for key in schema.tables if key in wholes or _concerns(key, schema, named, schemas)]
    found = dict.fromkeys(waiting)
    while waiting:
        heirs = [heir for heir in schema.tables[waiting.pop()].heirs if heir in schema.tables and heir not in found]
        found |= dict.fromkeys(heirs)
        waiting += heirs
    yield from found


def _concerns(key: tuple[str, ...], schema: DatabaseSchema, named: set[str], schemas: set[str]) -> bool:
    """Whether a table is named, or its schema, a type of its columns, or a constraint or an index of it."""
    table = schema.tables[key]
    names = {name for name in table.names() if name.lower() != _EVERY_KEY}
    own = names | ({column.type.own or "" for column in table.columns.values()} & schema.types.keys())
    return _is_named(key[-1], named) or key[0].lower() in schemas or any(_is_named(name, named) for name in own)


def _is_named(name: str, named: set[str]) -> bool:
    """Whether all words of a name, which may have blanks, are among those of a text."""
    return named.issuperset(_NAME.findall(name.lower()))


def _with_called(text: str, schema: DatabaseSchema) -> list[str] | None:
    """The text, and those of the programs that it calls; None: one of them is not known, or makes its own SQL."""
    texts, seen = [text], set[str]()
    for part in texts:
        if len(texts) > _MOST_CALLS or _makes_sql(part):
            return None
        called = _called(part, schema)
        if any(_is_foreign(name, schema) for name in called):
            return None
        for name in dict.fromkeys(name.lower() for name in _NAME.findall(part)):
            if name not in seen and (name in schema.programs or (name in called and name in schema.prepared)):
                seen.add(name)
                texts += schema.programs.get(name, []) + schema.prepared.get(name, [])
    return texts


def _called(text: str, schema: DatabaseSchema) -> set[str]:
    """The names, in small letters, of the programs that a text calls as a statement of its own."""
    found = _CALLS.findall(_FIRES.sub(" ", text))
    called = {name.lower() for path, name in found if not _OWN_PACKAGES.match(f"{path}.")}
    called -= {"function", "procedure", "immediate"}
    if schema.engine.statements.anonymous_blocks:
        found = _BLOCK_CALLS.findall(text)
        called |= {
            name.lower() for path, name in found if name.upper() not in _BLOCK_WORDS and not _OWN_PACKAGES.match(path)
        }
    return called


def _is_foreign(name: str, schema: DatabaseSchema) -> bool:
    return not (name in schema.prepared or name in schema.programs or name in HARMLESS_PROGRAMS)


HARMLESS_PROGRAMS = frozenset(
    (
        *("set_config", "setval", "nextval", "pg_notify", "pg_sleep"),
        *("sp_addextendedproperty", "sp_updateextendedproperty", "sp_dropextendedproperty"),
        *("sp_addrolemember", "sp_droprolemember", "sp_addrole", "sp_grantdbaccess", "sp_addlogin", "sp_changedbowner"),
        *("sp_fulltext_database", "sp_db_vardecimal_storage_format", "sp_configure", "sp_settriggerorder"),
        *("sp_tableoption", "sp_dbcmptlevel", "sp_autostats", "sp_updatestats", "sp_addlinkedserver", "sp_recompile"),
        *("sp_dboption", "sp_addsrvrolemember", "sp_refreshview", "sp_addmessage"),
        *(
            "sp_refreshsqlmodule",
            "sp_help",
            "sp_helptext",
            "sp_helpindex",
            "sp_helpconstraint",
            "sp_who",
            "sp_spaceused",
        ),
        *("sp_adduser", "sp_dropuser", "sp_grantlogin", "sp_defaultdb", "sp_fulltext_catalog", "sp_fulltext_table"),
        "admin_cmd",
    )
)
"""Programs of the engines' own that change no column."""


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
    """Keep the text of a function or a procedure, for the statements that call it. One name may have several."""
    schema.programs.setdefault(schema.fold(name).lower(), []).append(statement.text)
