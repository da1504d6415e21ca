"""CREATE TRIGGER, POLICY, RULE, and the functions that triggers call: which columns they can affect.

A trigger may reject any row, and change it. One whose body only fills columns (with the time, the next number of a
sequence, a text made of other columns), writes rows elsewhere or rejects under a condition, and can fail at nothing else,
affects those columns, and the columns it reads.
Every other body may affect every column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cursor import Cursor, Script, UnreadStatement, words_of
from .objects import no_such_table, word_set
from .schema import Watcher
from .sqltype import FIXED_TEXTS, LONG_TEXTS, VARIABLE_TEXTS

if TYPE_CHECKING:
    from .cursor import Word
    from .schema import DatabaseSchema, TableColumn, TableDefinition

_MOMENTS = word_set(
    "NOW CURRENT_TIMESTAMP LOCALTIMESTAMP CURRENT_DATE CURRENT_TIME LOCALTIME CLOCK_TIMESTAMP TRANSACTION_TIMESTAMP "
    "STATEMENT_TIMESTAMP SYSDATE SYSTIMESTAMP SYSDATETIME SYSUTCDATETIME GETDATE GETUTCDATE UTC_TIMESTAMP UTC_DATE "
    "DATETIME DATE TIME JULIANDAY STRFTIME UNIXEPOCH"
)
_NUMBERED = word_set("NEXTVAL UUID GEN_RANDOM_UUID UUID_GENERATE_V4 NEWID SYS_GUID")
_OF_TEXTS = word_set(
    "UPPER LOWER TRIM LTRIM RTRIM LEFT RIGHT SUBSTR SUBSTRING CONCAT COALESCE IFNULL NVL REPLACE LENGTH CHAR_LENGTH"
)
"""Functions that give the moment, a new number or name, a text of texts. None of them fails."""
_OF_SESSION = word_set(
    "TG_OP TG_TABLE_NAME TG_TABLE_SCHEMA TG_NAME USER CURRENT_USER SESSION_USER SYSTEM_USER SUSER_SNAME "
    "INSERTING UPDATING DELETING"
)
"""What a trigger knows of the statement that it runs for, and of who runs it."""
_RAISES = word_set("RAISE SIGNAL RAISE_APPLICATION_ERROR")
_CONDITIONS = word_set("IS NOT NULL AND OR DISTINCT FROM")
_MARKS = frozenset(("(", ")", ",", "||", "=", "<>", "!=", "<", ">", "<=", ">=", "+", "-"))
_ROOMY = ("DATE", "TIME", "INT", "NUMBER", "NUMERIC", "DECIMAL", "SERIAL", "UUID", "UNIQUEIDENTIFIER", "REAL", "DOUBLE")
_WIDE = 36
"""Characters that every moment and every UUID fits into."""


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
        body = _body(cursor, schema, table, events.copy()) if what.upper == "TRIGGER" else None
        comes_first = body is not None and events.has_any("BEFORE") and events.has_any("INSERT")
        table.opaque[schema.fold(name)] = Watcher(
            f"{what.upper} {name.value}",
            cursor.at(what),
            None if body is None else frozenset(body.columns),
            frozenset(body.fills) if body is not None and comes_first else frozenset(),
        )
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


def _body(cursor: Cursor, schema: DatabaseSchema, table: TableDefinition, events: Cursor) -> _Body | None:
    """What a trigger does; None where that is not known."""
    try:
        is_conditional = False
        text = cursor.text
        if schema.engine.statements.trigger_functions:
            is_conditional = cursor.until(lambda word: word.upper == "EXECUTE").has_any("WHEN")
            text = _called(cursor, schema)
        script = Script(text, "")  # read anew: a script's own words leave out the semicolons inside of programs
        is_after = events.has_any("AFTER")
        body = _Body(
            Cursor(
                words_of(script, text, schema.engine.grammar, quoted_paths=schema.engine.script.quoted_paths), script
            ),
            schema,
            table,
            is_after=is_after,
        )
        body.read(is_conditional=is_conditional)
    except (_NotUnderstood, UnreadStatement):
        return None
    return body


def _called(cursor: Cursor, schema: DatabaseSchema) -> str:
    """The body of the function that a trigger calls."""
    cursor.until(lambda word: word.upper in {"FUNCTION", "PROCEDURE"})
    if cursor.done:
        raise _NotUnderstood
    cursor.take()
    return schema.functions.get(schema.fold(cursor.path()[-1]), "")


class _NotUnderstood(Exception):
    """A body does something that is not known here."""


class _Body:
    """Reads the statements of a trigger."""

    def __init__(self, cursor: Cursor, schema: DatabaseSchema, table: TableDefinition, *, is_after: bool) -> None:
        self._cursor = cursor
        self._schema = schema
        self._table = table
        self.columns: set[str] = set()
        """The only columns affected, by their folded names."""
        self.fills: set[str] = set()
        """Those that get a value wherever they have none."""
        self._is_after = is_after
        self._looked_at: list[set[str]] = []
        # Per condition around a statement, and those that led past an earlier RETURN, the columns that it looks at.
        self._seen: set[str] = set()
        # The columns that the condition read last looks at.
        self._where_null: list[str | None] = []
        # Per condition around a statement, the column that it finds null; None for any other condition.

    def read(self, *, is_conditional: bool) -> None:
        """Read all statements. Raises _NotUnderstood, UnreadStatement."""
        cursor = self._cursor
        if cursor.done:
            raise _NotUnderstood
        if is_conditional:
            self._where_null.append(None)
            self._looked_at.append(set())
        cursor.skip("FOR", "EACH", "ROW")
        if cursor.skip("WHEN"):
            self._where_null.append(self._condition(cursor.group()))
            self._looked_at.append(self._seen)
        while not cursor.done:
            self._statement()

    def _statement(self) -> None:
        cursor = self._cursor
        if not self._where_null and cursor.word.upper in {"ELSE", "ELSIF", "ELSEIF"}:
            raise _NotUnderstood
        if cursor.skip("END", "IF"):
            if not self._where_null:
                raise _NotUnderstood
            self._where_null.pop()
            self._looked_at.pop()
            return
        if cursor.skip("ELSE"):
            self._where_null[-1] = None
            return
        if any(cursor.skip(*words) for words in (("BEGIN",), ("END",), (";",), ("NULL", ";"))):
            return
        if cursor.skip("RETURN"):
            if not (self._is_after and cursor.skip_any("NULL", "OLD")):
                cursor.expect("NEW")
            if self._where_null:
                self._where_null.insert(0, None)  # what follows is not always reached
                self._looked_at.insert(0, set().union(*self._looked_at))
        elif branch := cursor.skip_any("IF", "ELSIF", "ELSEIF"):
            null = self._condition(cursor.until(lambda word: word.upper == "THEN"))
            cursor.expect("THEN")
            if branch == "IF":
                self._where_null.append(null)
                self._looked_at.append(self._seen)
            else:
                self._where_null[-1] = None
                self._looked_at[-1] |= self._seen
        elif cursor.skip("SET"):
            for assignment in self._to_end().split():
                self._assign(assignment)
        elif cursor.sees(":") or cursor.sees("NEW", "."):
            self._assign(self._to_end())
        elif cursor.skip("SELECT"):
            self._select(self._to_end())
        elif cursor.skip("UPDATE"):
            self._update(self._to_end())
        elif cursor.skip("INSERT", "INTO"):
            self._insert(self._to_end())
        elif cursor.skip_any(*_RAISES):
            self._to_end()
            self._reject()
        elif cursor.skip("SET", "NOCOUNT", "ON"):
            cursor.skip(";")
        else:
            raise _NotUnderstood

    def _insert(self, words: Cursor) -> None:
        """`INSERT INTO audit (…) VALUES (NEW.a, now())`: a row elsewhere, which only what it is made of can keep out."""
        if self._schema.find(words.path()) in {None, self._key()} or self._schema.engine.statements.trigger_table_first:
            raise _NotUnderstood
        if words.sees("("):
            words.group()
        if words.skip("VALUES"):
            for item in words.items():
                _, read = self._expression(item)
                self.columns |= {column.key for column in read}
        if not words.done:
            raise _NotUnderstood

    def _key(self) -> tuple[str, ...] | None:
        return next((key for key, table in self._schema.tables.items() if table is self._table), None)

    def _reject(self) -> None:
        """A row is rejected where the conditions around say so: only the columns that they look at matter."""
        looked_at = set[str]().union(*self._looked_at)
        if not looked_at:
            raise _NotUnderstood
        self.columns |= looked_at

    def _to_end(self) -> Cursor:
        return self._cursor.until(lambda word: word.upper == ";")

    def _assign(self, words: Cursor) -> None:
        """`NEW.a = expression`, `:NEW.a := expression`."""
        words.skip(":")
        words.expect("NEW")
        words.expect(".")
        column = self._column(words.name())
        if words.skip_any("=", ":=") is None:
            raise _NotUnderstood
        self._fill(column, words.rest())

    def _select(self, words: Cursor) -> None:
        """`SELECT expression INTO :NEW.a FROM DUAL`."""
        expression = words.until(lambda word: word.upper == "INTO")
        words.expect("INTO")
        words.skip(":")
        words.expect("NEW")
        words.expect(".")
        column = self._column(words.name())
        if words.skip("FROM"):
            words.expect("DUAL")
        if not words.done:
            raise _NotUnderstood
        self._fill(column, expression)

    def _update(self, words: Cursor) -> None:
        """`UPDATE t SET a = expression WHERE key = NEW.key`, of the row itself."""
        key = self._schema.find(words.path())
        if key is None or self._schema.tables[key] is not self._table:
            raise _NotUnderstood
        words.expect("SET")
        for assignment in words.until(lambda word: word.upper == "WHERE").split():
            column = self._column(assignment.name())
            assignment.expect("=")
            self._fill(column, assignment.rest())
        words.expect("WHERE")
        own = words.name()
        words.expect("=")
        words.expect("NEW")
        words.expect(".")
        if words.name().value.lower() != own.value.lower() or not words.done:
            raise _NotUnderstood

    def _column(self, name: Word) -> TableColumn:
        column = self._table.columns.get(self._schema.fold(name))
        if column is None:
            raise _NotUnderstood
        return column

    def _fill(self, column: TableColumn, expression: Cursor) -> None:
        """A column gets a value: it is affected, and so is every column that the value is made of."""
        literals, read = self._expression(expression)
        if not read and not _fits(column, literals, free=self._schema.engine.statements.free_types):
            raise _NotUnderstood
        self.columns |= {column.key, *(each.key for each in read)}
        if not read and all(null == column.key for null in self._where_null):
            self.fills.add(column.key)

    def _condition(self, words: Cursor) -> str | None:
        """A condition that cannot fail; the column that it finds null, where it is that alone: `NEW.a IS NULL`."""
        said = words.copy()
        _, read = self._expression(words)
        self._seen = {column.key for column in read}
        while said.skip("("):
            pass
        said.skip(":")
        if not said.skip("NEW") or not said.skip("."):
            return None
        column = self._column(said.name())
        return column.key if said.skip("IS", "NULL") and all(word.upper == ")" for word in said.words()) else None

    def _expression(self, words: Cursor) -> tuple[list[Word], list[TableColumn]]:
        """The literals in an expression that cannot fail, and the columns it reads."""
        literals: list[Word] = []
        read: list[TableColumn] = []
        while not words.done:
            if words.skip(":") or words.sees("NEW", ".") or words.sees("OLD", "."):
                if words.skip_any("NEW", "OLD") is None or not words.skip("."):
                    raise _NotUnderstood
                read.append(self._column(words.name()))
                continue
            word = words.take()
            if word.kind in {"text", "number"}:
                literals.append(word)
            elif words.skip(".", "NEXTVAL"):
                continue
            elif word.upper in _OF_SESSION:
                if words.sees("("):
                    words.group()
            elif word.upper in _MOMENTS | _NUMBERED:
                if words.sees("("):
                    words.group()  # a precision, a format, the name of a sequence
            elif word.upper not in _OF_TEXTS | _CONDITIONS | _MARKS:
                read.append(self._column(word))
        return literals, read


def _fits(column: TableColumn, literals: list[Word], *, free: bool) -> bool:
    """Whether the moment, a number of a sequence or these literals surely fit a column."""
    if free:
        return True
    name, size = column.type.name, column.type.number()
    if name in FIXED_TEXTS | VARIABLE_TEXTS | LONG_TEXTS or name.endswith("TEXT"):
        wanted = max((len(word.value) for word in literals), default=_WIDE)
        return name not in FIXED_TEXTS if size is None else size >= wanted
    return all(word.kind == "number" for word in literals) and any(part in name for part in _ROOMY)
