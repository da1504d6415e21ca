"""The bodies of triggers: the columns whose values they alter, or reject a row for.

One whose body only fills columns (with the time, the next number of a sequence, a text made of other columns), writes rows
elsewhere or rejects under a condition, and can fail at nothing else, concerns the columns that it fills, those that its
conditions look at, and those that a value is made of which may not fit where it goes. Every other body may concern every
column.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .objects import word_set
from .partitions import is_complete
from .trigger_values import NotUnderstood, TriggerValue, column_of, holds, read_trigger_value

if TYPE_CHECKING:
    from .cursor import Cursor, Word
    from .schema import DatabaseSchema, TableColumn, TableDefinition

_RAISES = word_set("RAISE SIGNAL RAISE_APPLICATION_ERROR RAISERROR THROW")
_LONGEST_NOTE = 7999
"""Bytes that PostgreSQL's NOTIFY carries."""


@dataclass(frozen=True, slots=True)
class _Branch:
    """A condition under which statements run."""

    null: str | None
    """The column that it finds null; None for any other condition."""
    looked_at: set[str]
    """The columns that it looks at."""
    idle: bool = False
    """Whether it holds for deletions alone."""
    sees_null: bool = False
    """Whether it may hold for null."""


class TriggerBody:
    """Reads the statements of a trigger."""

    def __init__(self, cursor: Cursor, events: Cursor, table: TableDefinition, schema: DatabaseSchema) -> None:
        self._cursor = cursor
        self._events = events
        self.schema = schema
        self.table = table
        self.columns: set[str] = set()
        """The only columns affected, by their folded names."""
        self.fills: set[str] = set()
        """Those that get a value wherever they have none."""
        self._is_after = events.has_any("AFTER", "FOR")
        self._rows = {"NEW": "", "OLD": ""}
        self.lacks: set[str] = set()
        """Those that it may reject a row for because they have no value."""
        self._branches: list[_Branch] = []
        # The conditions around a statement, and those that led past an earlier RETURN.
        if events.has_any("INSTEAD"):
            raise NotUnderstood

    def read(self, *, is_conditional: bool) -> None:
        """Read all statements. Raises NotUnderstood, UnreadStatement."""
        cursor = self._cursor
        if cursor.done:
            raise NotUnderstood
        if is_conditional:
            self._branches.append(_Branch(None, set()))
        self._only_of_columns()
        self._heading()
        while not cursor.done:
            self._statement()

    # ------------------------------------------------------------------------------------------------------ heading

    def _only_of_columns(self) -> None:
        """`UPDATE OF a, b`: it runs where these are given a value."""
        events = self._events.copy()
        events.until(lambda word: word.upper == "UPDATE")
        if not self._events.has_any("INSERT") and events.skip("UPDATE", "OF"):
            named = [word for word in events.words() if word.upper not in {",", "OR", "DELETE"}]
            self._branches.append(_Branch(None, {column_of(word, self.table, self.schema).key for word in named}))

    def _heading(self) -> None:
        cursor = self._cursor
        if self.schema.engine.statements.trigger_table_first:
            cursor.until(lambda word: word.upper == "AS")
            cursor.skip("AS")
            self._rows = {"INSERTED": "", "DELETED": ""}
            return
        while True:
            if cursor.skip("REFERENCING"):
                self._referencing()
            elif cursor.skip("WHEN"):
                is_closed = cursor.sees("(") and not self.schema.engine.statements.free_types
                condition = cursor.group() if is_closed else cursor.until(lambda word: word.upper == "BEGIN")
                self._branches.append(self._condition(condition))
            elif any(cursor.skip(*words) for words in _HEADINGS):
                pass
            elif cursor.skip_any("FOLLOWS", "PRECEDES"):
                cursor.path()
            else:
                return

    def _referencing(self) -> None:
        """`REFERENCING NEW AS n OLD ROW AS o`."""
        cursor = self._cursor
        while which := cursor.skip_any("NEW", "OLD"):
            cursor.skip("ROW")
            cursor.skip("AS")
            self._rows.pop(which)
            self._rows[cursor.name().value.upper()] = ""

    # --------------------------------------------------------------------------------------------------- statements

    def _leave(self) -> None:
        if not self._branches:
            raise NotUnderstood
        self._branches.pop()

    def _statement(self) -> None:
        cursor = self._cursor
        if not self._branches and cursor.word.upper in {"ELSE", "ELSIF", "ELSEIF"}:
            raise NotUnderstood
        if cursor.skip("END", "IF"):
            self._leave()
        elif cursor.skip("ELSE"):
            self._branches[-1] = _Branch(None, self._branches[-1].looked_at, sees_null=True)
        elif any(cursor.skip(*words) for words in _IDLE):
            pass
        elif cursor.skip("RETURN"):
            self._return()
        elif branch := cursor.skip_any("IF", "ELSIF", "ELSEIF"):
            self._if(branch)
        elif any(branch.idle for branch in self._branches):
            self._to_end()
        else:
            self._effect()

    def _effect(self) -> None:
        """A statement that does something."""
        cursor = self._cursor
        if cursor.skip("SET"):
            for assignment in self._to_end().split():
                self._assign(assignment)
        elif cursor.sees(":") or (cursor.word.upper in self._rows and cursor.peek(1).upper == "."):
            self._assign(self._to_end())
        elif cursor.skip("SELECT"):
            self._select(self._to_end())
        elif cursor.skip("UPDATE"):
            self._update(self._to_end())
        elif cursor.skip("INSERT", "INTO"):
            self._insert(self._to_end())
        elif cursor.skip("PERFORM", "PG_NOTIFY") or cursor.skip("PERFORM", "PG_CATALOG", ".", "PG_NOTIFY"):
            self._notify(self._to_end())
        elif cursor.skip_any(*_RAISES):
            self._to_end()
            self._reject()
        else:
            raise NotUnderstood

    def _return(self) -> None:
        cursor = self._cursor
        if any(branch.idle for branch in self._branches):
            self._to_end()
            return
        if not (self._is_after and (cursor.skip_any("NULL", "OLD") or cursor.sees(";") or cursor.done)):
            cursor.expect("NEW")
        if self._branches:  # what follows is not always reached
            looked_at = set[str]().union(*(branch.looked_at for branch in self._branches))
            self._branches.insert(0, _Branch(None, looked_at, sees_null=True))

    def _if(self, branch: str) -> None:
        cursor = self._cursor
        words = cursor.until(lambda word: word.upper == "THEN")
        idle = words.text.replace("(", "").replace(")", "").replace(" ", "").upper() in {"TG_OP='DELETE'", "DELETING"}
        entered = replace(self._condition(words), idle=idle)
        cursor.expect("THEN")
        if branch == "IF":
            self._branches.append(entered)
        else:
            looked_at = self._branches[-1].looked_at | entered.looked_at
            self._branches[-1] = _Branch(None, looked_at, idle=idle, sees_null=True)

    def _reject(self) -> None:
        """A row is rejected where the conditions around say so: only the columns that they look at matter."""
        looked_at = set[str]().union(*(branch.looked_at for branch in self._branches))
        if not looked_at:
            raise NotUnderstood
        self.columns |= looked_at
        if any(branch.sees_null for branch in self._branches):
            self.lacks |= looked_at

    def _to_end(self) -> Cursor:
        return self._cursor.until(lambda word: word.upper == ";")

    def _notify(self, words: Cursor) -> None:
        """`PERFORM pg_notify('channel', NEW.a)`: it fails where the text is too long."""
        values = [self._value(item) for item in words.items()]
        width = values[-1].width(self.schema)
        if width is None or 4 * width > _LONGEST_NOTE:
            self.columns |= {column.key for column in values[-1].columns}

    def _insert(self, words: Cursor) -> None:
        """`INSERT INTO audit (…) VALUES (NEW.a, now())`: a row elsewhere, which only what it is made of can keep out."""
        key = self.schema.find(words.path())
        into = None if key is None else self.schema.tables[key]
        if into is None or into is self.table or not all(map(is_complete, into.opaque.values())):
            raise NotUnderstood
        targets = [column_of(name, into, self.schema) for name in words.names()] if words.sees("(") else None
        if words.skip("VALUES"):
            values = words.items()
        elif words.skip("SELECT"):
            values = self._selected(words)
        else:
            raise NotUnderstood
        if not words.done:
            raise NotUnderstood
        self._put(values, list(into.columns.values()) if targets is None else targets, into)

    def _put(self, items: list[Cursor], targets: list[TableColumn], into: TableDefinition) -> None:
        """Values go into columns of another table; what it is made of matters where one may not fit."""
        values: list[TriggerValue] = []
        for item in items:
            words = item.copy()
            if words.skip_any(*self._rows) and words.skip(".", "*") and words.done:
                values += [TriggerValue([column], is_plain=True) for column in self.table.columns.values()]
            else:
                values.append(self._value(item))
        written = {target.key for target in targets[: len(values)]}
        if len(values) > len(targets) or any(
            each.key not in written and each.not_null is not None and not _is_filled(each)
            for each in into.columns.values()
        ):
            raise NotUnderstood
        for value, target in zip(values, targets, strict=False):
            needs = target.not_null is not None and any(column.not_null is None for column in value.columns)
            if needs or not holds(target, into, value, self.schema):
                self.columns |= {column.key for column in value.columns}
                if not value.columns:
                    raise NotUnderstood

    def _selected(self, words: Cursor) -> list[Cursor]:
        """The expressions of `SELECT a, now() FROM inserted i`; without FROM, of one row."""
        values = words.until(lambda word: word.upper == "FROM").split()
        if words.skip("FROM"):
            if not self._is_set(words):
                raise NotUnderstood
            self._rows[""] = ""
        return values

    def _is_set(self, words: Cursor) -> bool:
        """Take SQL Server's `inserted i`, whose alias is then a word for the row."""
        if words.skip_any("INSERTED", "DELETED") is None:
            return False
        words.skip("AS")
        if words.word.kind == "word" and words.word.upper not in {"ON", "WHERE", "JOIN", "INNER"}:
            self._rows[words.take().upper] = ""
        return True

    # -------------------------------------------------------------------------------------------------- the own row

    def _assign(self, words: Cursor) -> None:
        """`NEW.a = expression`, `:NEW.a := expression`."""
        words.skip(":")
        if words.skip_any(*self._rows) is None:
            raise NotUnderstood
        words.expect(".")
        column = self._column(words.name())
        if words.skip_any("=", ":=") is None:
            raise NotUnderstood
        self._fill(column, words.rest())

    def _select(self, words: Cursor) -> None:
        """`SELECT expression INTO :NEW.a FROM DUAL`; SQLite's `SELECT RAISE(…)`, `SELECT CASE WHEN … THEN RAISE(…) END`."""
        if words.skip("RAISE"):
            self._reject()
            return
        if words.skip("CASE", "WHEN"):
            self._branches.append(self._condition(words.until(lambda word: word.upper == "THEN")))
            words.expect("THEN")
            words.expect("RAISE")
            words.group()
            words.expect("END")
            self._reject()
            self._leave()
            return
        expression = words.until(lambda word: word.upper == "INTO")
        words.expect("INTO")
        words.skip(":")
        words.expect("NEW")
        words.expect(".")
        column = self._column(words.name())
        if words.skip("FROM"):
            words.expect("DUAL")
        if not words.done:
            raise NotUnderstood
        self._fill(column, expression)

    def _update(self, words: Cursor) -> None:
        """`UPDATE t SET a = … WHERE key = NEW.key`, or `FROM t JOIN inserted i ON i.key = t.key`, of the own row."""
        path = words.path()
        words.expect("SET")
        assignments = words.until(lambda word: word.upper in {"WHERE", "FROM"}).split()
        own = {part.value.upper() for part in path[-1:]}
        if words.skip("FROM"):
            own |= self._joined(words)
        elif not self._is_own(path):
            raise NotUnderstood
        else:
            words.expect("WHERE")
            self._same_row(words)
        for assignment in assignments:
            if assignment.word.upper in own and assignment.peek(1).upper == ".":
                assignment.take()
                assignment.take()
            column = self._column(assignment.name())
            assignment.expect("=")
            self._fill(column, assignment.rest(), own)

    def _is_own(self, path: tuple[Word, ...]) -> bool:
        key = self.schema.find(path)
        return key is not None and self.schema.tables[key] is self.table

    def _same_row(self, words: Cursor) -> None:
        """`key = NEW.key`, `key IN (SELECT key FROM inserted)`."""
        own = words.path()[-1]
        if words.skip("IN"):
            inner = words.group()
            inner.expect("SELECT")
            same = inner.path()[-1]
            inner.expect("FROM")
            if not self._is_set(inner) or not inner.done:
                raise NotUnderstood
        else:
            words.expect("=")
            if words.skip_any(*self._rows) is None:
                raise NotUnderstood
            words.expect(".")
            same = words.name()
        if same.value.lower() != own.value.lower() or not words.done:
            raise NotUnderstood

    def _joined(self, words: Cursor) -> set[str]:
        """`t x INNER JOIN inserted i ON i.key = x.key`: the row itself. Gives the words for its table."""
        path = words.path()
        if not self._is_own(path):
            raise NotUnderstood
        own = {path[-1].value.upper()}
        words.skip("AS")
        if words.word.upper not in {"JOIN", "INNER"}:
            own.add(words.name().value.upper())
        words.skip("INNER")
        words.expect("JOIN")
        if not self._is_set(words):
            raise NotUnderstood
        words.expect("ON")
        sides = [words.until(lambda word: word.upper == "=").words()]
        words.expect("=")
        sides.append(words.words())
        names = {side[-1].value.lower() for side in sides}
        heads = {side[0].value.upper() for side in sides}
        if any(len(side) != 3 for side in sides) or len(names) > 1 or not heads & own or not heads & self._rows.keys():
            raise NotUnderstood
        return own

    def _column(self, name: Word) -> TableColumn:
        return column_of(name, self.table, self.schema)

    def _value(self, words: Cursor, own: set[str] | None = None) -> TriggerValue:
        rows = {**self._rows, **dict.fromkeys(own or (), "")}
        return read_trigger_value(words, rows, self.table, self.schema)

    def _fill(self, column: TableColumn, expression: Cursor, own: set[str] | None = None) -> None:
        """A column gets a value: it is affected, and so is every column that the value is made of, if it may not fit."""
        value = self._value(expression, own)
        fits = holds(column, self.table, value, self.schema)
        if not value.columns and not fits:
            raise NotUnderstood
        self.columns |= {column.key} if fits else {column.key, *(each.key for each in value.columns)}
        if not value.columns and all(branch.null == column.key for branch in self._branches):
            self.fills.add(column.key)

    def _condition(self, words: Cursor) -> _Branch:
        """A condition that cannot fail, with the column that it finds null, where it is that alone: `NEW.a IS NULL`."""
        said, sees_null = words.copy(), words.has_any(*_OF_NULL)
        looked_at = {column.key for column in self._value(words).columns}
        while said.skip("("):
            pass
        said.skip(":")
        if said.skip_any(*self._rows) is None or not said.skip("."):
            return _Branch(None, looked_at, sees_null=sees_null)
        column = self._column(said.name())
        is_null = said.skip("IS", "NULL") and all(word.upper == ")" for word in said.words())
        return _Branch(column.key if is_null else None, looked_at, sees_null=sees_null)


_OF_NULL = word_set("IS COALESCE IFNULL NVL ISNULL CASE DISTINCT CONCAT <=> CONCAT_WS")


def _is_filled(column: TableColumn) -> bool:
    """Whether the engine gives a column a value that no statement does."""
    return column.default is not None or column.generated is not None or column.counted or column.is_serial


_HEADINGS = (
    ("FOR", "EACH", "ROW"),
    ("MODE", "DB2SQL"),
    ("ENABLE",),
    ("DISABLE",),
    ("DECLARE", "PRAGMA", "AUTONOMOUS_TRANSACTION", ";"),
)
_IDLE = (
    ("BEGIN",),
    ("ATOMIC",),
    ("END",),
    (";",),
    ("NULL", ";"),
    ("SET", "NOCOUNT", "ON"),
    ("COMMIT", ";"),
)
