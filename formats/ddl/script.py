"""From the text of a script to its statements.

What is no SQL (commands of psql, sqlplus and mysql, data, what a migration would undo) is blanked out first, character by
character, so that every place stays what it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...documents.problem import shorten
from .cursor import Cursor, Malformed, Script, words_of
from .formatted_sql import run_change_sets
from .placeholders import without_schemas_to_fill_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...documents.problem import Problems
    from .cursor import Word
    from .engines.engine import Engine
    from .engines.syntax import ScriptSyntax


def statements(script: Script, engine: Engine, problems: Problems) -> Iterator[Cursor]:
    """The statements of a script, in order, without semicolons. Raises Malformed where it cannot be divided."""
    text = run_change_sets(engine.sql_in(script.text), engine.of_liquibase)
    text = _without_commands(text, engine)
    text = _without_inclusions(text, script, engine, problems)
    hidden = _hide_quotes(script, text, engine)
    text = _with_ends(text, hidden, engine)
    words = words_of(script, text, engine.grammar, quoted_paths=engine.script.quoted_paths)
    yield from (Cursor(part, script) for part in _divided(words, engine, text))


def divide(body: Cursor, engine: Engine) -> Iterator[Cursor]:
    """The statements in a part of one: those between BEGIN and END, or the only one."""
    words = body.words()
    if words and words[0].upper == "BEGIN":
        words = words[1:-1] if words[-1].upper == "END" else words[1:]
    yield from (Cursor(part, body.script) for part in _divided(words, engine, body.script.text))


def words_in(script: Script, engine: Engine) -> list[Word]:
    """The words of a program, of which the script holds nothing else."""
    return words_of(script, _without_commands(script.text, engine), engine.grammar)


def divide_program(words: list[Word], script: Script, engine: Engine) -> Iterator[Cursor]:
    """The statements of a program; one with an END of its own is one statement."""
    yield from (Cursor(part, script) for part in _divided(words, engine, script.text, in_program=True))


def _divided(words: list[Word], engine: Engine, text: str, *, in_program: bool = False) -> Iterator[list[Word]]:
    """The statements in a row of words: they end at semicolons, and in Transact-SQL at the head of the next."""
    start = depth = blocks = 0
    for index, word in enumerate(words):
        depth += (word.upper == "(") - (word.upper == ")")
        if engine.statements.scripting or in_program:
            blocks = max(0, blocks + _block_step(words, start, index))
        if engine.statements.transact and _has_blocks(words, start):
            following = words[index + 1].upper if index + 1 < len(words) else ""
            blocks += word.upper == "CASE" or (word.upper == "BEGIN" and following not in _TRANSACTIONS)
            blocks -= word.upper == "END" and blocks > 0
        if blocks:
            continue
        if word.upper == ";":
            if index > start:
                yield words[start:index]
            start, depth = index + 1, 0
        elif (
            engine.script.bare_statements
            and not depth
            and index > start
            and _begins_statement(words, start, index, text)
        ):
            yield words[start:index]
            start = index
    if start < len(words):
        yield words[start:]


def _has_blocks(words: list[Word], start: int) -> bool:
    following = words[start + 1].upper if start + 1 < len(words) else ";"
    begins = words[start].upper == "BEGIN" and following not in _TRANSACTIONS and following != ";"
    return words[start].upper in _WITH_BLOCKS or begins


def _block_step(words: list[Word], start: int, index: int) -> int:
    """Whether a block begins (1) or ends (-1) at a word: BEGIN … END, IF … END IF, LOOP, WHILE, FOR, REPEAT, CASE."""
    word, before = words[index].upper, words[index - 1].upper if index > start else ";"
    following = words[index + 1].upper if index + 1 < len(words) else ";"
    if word == "END":
        return -1
    if before == "END" or word not in _OPENERS:
        return 0
    if word == "CASE":
        return 1
    if word == "BEGIN" and (following in _TRANSACTIONS or following in {";", "WORK"}):
        return 0
    if word in {"IF", "FOR"} and index > start and before not in _BEFORE_STATEMENT:
        return 0
    is_program = any(each.upper in _PROGRAMS for each in words[start : start + 6])
    return 1 if index == start or before in _BEFORE_STATEMENT or (word == "BEGIN" and is_program) else 0


_OPENERS = frozenset(("BEGIN", "IF", "LOOP", "WHILE", "FOR", "REPEAT", "CASE"))
_BEFORE_STATEMENT = frozenset((";", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", "ATOMIC", "AS", "$$", ":"))
_WITH_BLOCKS = frozenset(("IF", "WHILE"))
_TRANSACTIONS = frozenset(("TRAN", "TRANSACTION", "DISTRIBUTED"))


# ------------------------------------------------------------------------------------------------- what is no SQL

_UNDO = re.compile(
    r"(?ims)^[ \t]*--[ \t]*(?:migrate:down|\+(?:goose|migrate)[ \t]+down|//[ \t]*@undo)\b"
    r".*?(?=^[ \t]*--[ \t]*(?:migrate:up|\+(?:goose|migrate)[ \t]+up)\b|\Z)"
)
"""dbmate, goose, sql-migrate, MyBatis: the part of a migration's file that takes it back."""

_DELIMITER = re.compile(r"(?im)^[ \t]*(?:DELIMITER|--#SET[ \t]+TERMINATOR)[ \t]+(\S+)[ \t]*$")
_VERSIONED = re.compile(r"/\*(M?)!(\d*)")


def _without_commands(text: str, engine: Engine) -> str:
    text = without_schemas_to_fill_in(_UNDO.sub(_blank, text))
    for pattern in engine.script.commands:
        text = pattern.sub(lambda command: _blank_group(command) if command.re.groups else _blank(command), text)
    if engine.script.delimiters:
        text = _with_semicolons(text)
    if engine.script.versions_run:
        text = _VERSIONED.sub(_blank, _end_versioned(text, engine.script))
    return text


def _without_inclusions(text: str, script: Script, engine: Engine, problems: Problems) -> str:
    """Another script that is run from here may do anything: it has to be named as a file of its own."""
    pattern = engine.script.inclusions
    for inclusion in pattern.finditer(text) if pattern else ():
        command = inclusion[0].strip()
        message = f"the script that {shorten(command)} runs is not read from here"
        problems.add(
            script.place(inclusion.start()),
            message,
            suggestion="name that script in files, in its place",
            length=len(command),
        )
    return pattern.sub(_blank, text) if pattern else text


def _blank(part: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", part[0])


def _blank_group(part: re.Match[str]) -> str:
    start = part.start(1) - part.start()
    data = part[0]
    return data[:start] + re.sub(r"[^\n]", " ", data[start:])


def _with_semicolons(text: str) -> str:
    """The script as if every statement had ended in a semicolon, and nothing else had been one (`DELIMITER //`)."""
    pieces: list[str] = []
    end, mark = 0, ";"
    for delimiter in [*_DELIMITER.finditer(text), None]:
        part = text[end : delimiter.start() if delimiter else len(text)]
        if mark != ";":
            part = ";".ljust(len(mark)).join(
                piece.replace(";", " ") for piece in part.split(mark)
            )  # the mark may be ;;
        pieces.append(part)
        if delimiter is not None:
            pieces.append(_blank(delimiter))
            end, mark = delimiter.end(), delimiter[1]
    return "".join(pieces)


def _end_versioned(text: str, syntax: ScriptSyntax) -> str:
    """MySQL runs the text in `/*!80016 … */`: this blanks out the end of such a comment, the caller its begin.

    Text for a version that no server has is blanked out as a whole, as any comment.
    """
    pieces: list[str] = []
    end = 0
    for comment in _VERSIONED.finditer(text):
        close = text.find("*/", comment.end())
        if close < 0 or comment.start() < end:
            continue
        if _is_run(comment, syntax):
            pieces.append(text[end:close] + "  ")
        else:
            pieces += [text[end : comment.start()], re.sub(r"[^\n]", " ", text[comment.start() : close + 2])]
        end = close + 2
    return "".join(pieces) + text[end:]


def _is_run(comment: re.Match[str], syntax: ScriptSyntax) -> bool:
    """Whether servers of today run the text in a comment: those for their own version, or an earlier one."""
    if comment[1]:  # MariaDB's own are run whatever MySQL has that number
        return syntax.own_comments and (not comment[2] or int(comment[2]) < syntax.versions_run[-1].stop)
    return not comment[2] or any(int(comment[2]) in versions for versions in syntax.versions_run)


# ----------------------------------------------------------------------------------------------------- what is quoted


def _hide_quotes(script: Script, text: str, engine: Engine) -> str:
    """The text with comments and everything in quotes blanked out. Raises Malformed where one of them never ends."""
    pieces: list[str] = []
    end = 0
    while opener := engine.script.quotes.search(text, end):
        close = _close(text, opener, engine)
        if close is None:
            what = "comment" if opener[0] == "/*" else "quote"
            raise Malformed(script.place(opener.start()), f"the {what} that begins here never ends", len(opener[0]))
        pieces += [text[end : opener.start()], re.sub(r"[^\n]", " ", text[opener.start() : close])]
        end = close
    return "".join(pieces) + text[end:]


def _close(text: str, opener: re.Match[str], engine: Engine) -> int | None:
    """Where a comment or a quote ends; None when it does not."""
    start = opener.end()
    match opener[0]:
        case "--" | "#" | "//":
            end = text.find("\n", start)
            return len(text) if end < 0 else end
        case "/*":
            return _comment_end(text, start, nested=engine.script.nested_comments)
        case "'" | '"' | "`" as mark:
            escaped = engine.script.backslash_escapes and mark != "`"
            prefixed = text[opener.start() - 1 : opener.start()] in {"e", "E"}
            escaped |= mark == "'" and engine.script.escape_strings and prefixed
            while (at := text.find(mark, start)) >= 0:
                slashes = len(text[start:at]) - len(text[start:at].rstrip("\\")) if escaped else 0
                if slashes % 2:
                    start = at + 1
                elif text.startswith(mark, at + 1):
                    start = at + 2
                else:
                    return at + 1
            return None
        case "[":
            at = text.find("]", start)
        case mark if mark[1:2] == "'" and mark[0] in "qQ":
            at = text.find(_CLOSING.get(mark[2], mark[2]) + "'", start)  # Oracle: q'[it's]'
            return None if at < 0 else at + 2
        case tag:
            at = text.find(tag, start)
            return None if at < 0 else at + len(tag)
    return None if at < 0 else at + 1


_CLOSING = {"[": "]", "(": ")", "{": "}", "<": ">"}


def _comment_end(text: str, start: int, *, nested: bool) -> int | None:
    depth = 1
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        if mark[0] == "*/":
            depth -= 1
        elif nested:
            depth += 1
        if not depth:
            return mark.end()
    return None


def _with_ends(text: str, hidden: str, engine: Engine) -> str:
    """The text with no semicolons inside programs, and one in place of each GO, or slash, that ends a batch."""
    characters = list(text)
    for pattern in engine.script.programs:
        for program in pattern.finditer(hidden):
            for offset in range(*program.span()):
                if hidden[offset] == ";":
                    characters[offset] = " "
    for end in engine.script.batch_end.finditer(hidden) if engine.script.batch_end else ():
        characters[slice(*end.span())] = ";".ljust(len(end[0]))
    return "".join(characters)


_HEADS = frozenset(
    (
        "CREATE",
        "ALTER",
        "DROP",
        "INSERT",
        "UPDATE",
        "DELETE",
        "EXEC",
        "EXECUTE",
        "IF",
        "PRINT",
        "SET",
        "USE",
        "ROLLBACK",
        "COMMIT",
    )
)
_PROGRAMS = frozenset(("TRIGGER", "FUNCTION", "PROC", "PROCEDURE"))
_GOES_ON_AFTER = frozenset((",", "BEGIN", "ELSE", "AS", "ON", "OR", "WITH", "CHECK", "NOCHECK", "DELETE", "UPDATE"))


def _begins_statement(words: list[Word], start: int, index: int, text: str) -> bool:
    """SQL Server needs no semicolons: a line that begins with the head of a statement begins one."""
    word, before = words[index], words[index - 1]
    if word.upper not in _HEADS or "\n" not in text[before.end : word.start]:
        return False
    if _PROGRAMS & {later.upper for later in words[start : start + 4]}:
        return False
    if words[start].upper in _WITH_BLOCKS and not any(later.upper in _HEADS for later in words[start + 1 : index]):
        return False  # what the condition is about
    following = words[index + 1].upper if index + 1 < len(words) else ""
    is_switched = words[start].upper == "SET" and before.upper == "ON"  # SET ANSI_PADDING ON
    return following not in {"COLUMN", "CONSTRAINT"} and (is_switched or before.upper not in _GOES_ON_AFTER)
