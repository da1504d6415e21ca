"""Tables as they stand after the statements read so far. The only values of this package that change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .session import ScriptSession, is_default

if TYPE_CHECKING:
    from ...documents.location import Location
    from .cursor import Word
    from .defaults import ColumnDefault
    from .engines.engine import Engine
    from .sqltype import SqlType


@dataclass(slots=True)
class CheckConstraint:
    """A condition on the values of a row, or (of a domain) on one value."""

    name: str | None
    expression: str
    """As it is written, without the parentheses around it."""
    columns: dict[str, str]
    """The columns it names: by the name it uses, the column's name of today."""
    at: Location
    """Where the expression stands."""
    enforced: bool = True
    inline: bool = False
    """Whether it stands in the column's own definition."""
    inherited: bool = True
    """PostgreSQL: whether tables that inherit from this one have it, too: not with NO INHERIT."""


@dataclass(slots=True)
class UniqueConstraint:
    """Columns that no two rows may have the same values in."""

    name: str | None
    columns: list[str]
    """None of them where only a part of the rows, or of a text, or an expression is unique: see `text`."""
    at: Location
    text: str
    """As it is written."""
    primary: bool = False
    enforced: bool = True
    steps: tuple[str, ...] = ()
    """The steps of the expression it is on, such as `lower(column)`."""
    expression: bool = False
    """Whether it is on a part of a text, or on an expression of other steps: see `text`."""
    one_null: bool = False
    """Whether it says NULLS NOT DISTINCT."""
    collation: str | None = None
    """The index's own, in place of the column's."""
    partial: bool = False
    """Whether it holds for some rows only."""
    inline_descending: bool = False
    """SQLite: whether it is `PRIMARY KEY DESC` in the column's own definition, which numbers no rows."""


@dataclass(slots=True)
class GeneratedColumn:
    """A column that the database fills itself."""

    expression: str | None
    """None for a running number."""
    at: Location
    columns: dict[str, str] = field(default_factory=dict)
    """The columns it is made from: by the name it uses, the column's name of today."""
    always: bool = True
    """Whether a value that is sent is rejected."""


@dataclass(slots=True)
class TableColumn:
    """A column."""

    key: str
    """Its name, folded."""
    name: str
    """Its name as people know it."""
    at: Location
    length: int
    """So many characters its name takes in the script."""
    type: SqlType
    not_null: Location | None = None
    charset: str | None = None
    collation: str | None = None
    generated: GeneratedColumn | None = None
    counted: bool = False
    """Whether null becomes the next number (AUTO_INCREMENT)."""
    default: ColumnDefault | None = None

    @property
    def is_serial(self) -> bool:
        """Whether its type gives it a running number by default (PostgreSQL's `bigserial`)."""
        return "SERIAL" in self.type.name


@dataclass(frozen=True, slots=True)
class Watcher:
    """Something that runs on every row before it is stored, and may reject or change it."""

    text: str
    """In the source's own words."""
    at: Location
    columns: frozenset[str] | None = None
    """The only columns it touches; None where that is not known."""
    fills: frozenset[str] = frozenset()
    """The columns that it gives a value before a row is inserted, at least where they have none."""
    lacks: frozenset[str] = frozenset()
    """The columns that it may reject a row for because they have no value."""
    may_undo: bool = False
    """Whether it is a statement that was not read, and may have changed what was defined before."""
    is_unread: bool = False
    """Whether it is a definition that was not read, which goes with its column."""
    program: object | None = None
    """What is kept of a trigger, or of a part, until all statements have run."""
    is_off: bool = False
    """Whether it is a trigger that is disabled."""


@dataclass(slots=True)
class ForeignKey:
    """A foreign key: each row has its row in another table. Which values those hold is not known from definitions."""

    columns: list[str]
    """Folded names."""
    text: str
    """`REFERENCES parent (code)`, as it is written."""
    at: Location


@dataclass(slots=True)
class TableDefinition:
    """A table."""

    name: str
    at: Location
    length: int
    columns: dict[str, TableColumn] = field(default_factory=dict)
    """By their folded names, in order."""
    checks: list[CheckConstraint] = field(default_factory=list)
    uniques: list[UniqueConstraint] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    """The names of constraints that restrict no value: SQL Server's defaults."""
    foreign: dict[str, ForeignKey] = field(default_factory=dict)
    """Foreign keys, by their names."""
    opaque: dict[str, Watcher] = field(default_factory=dict)
    """Triggers and policies, which may reject any value of the table, by name."""
    heirs: list[tuple[str, ...]] = field(default_factory=list)
    """PostgreSQL: the paths of tables that inherit from it, and change with it."""
    charset: str | None = None
    collation: str | None = None
    of_type: str | None = None
    """PostgreSQL: the folded name of the type that its columns are from."""
    keys_are_required: bool = False
    """SQLite: whether a primary key holds no null (STRICT, WITHOUT ROWID)."""
    has_rowids: bool = True
    """SQLite: whether its rows are numbered, and a key of type INTEGER is that number (not WITHOUT ROWID)."""

    def names(self) -> set[str]:
        """Names of its constraints that are taken."""
        named = {check.name for check in self.checks} | {unique.name for unique in self.uniques}
        return {name for name in named if name} | self.others | self.foreign.keys()


@dataclass(slots=True)
class Domain:
    """A type with checks of its own."""

    type: SqlType
    not_null: Location | None
    checks: list[CheckConstraint]
    collation: str | None = None
    default: ColumnDefault | None = None


@dataclass(slots=True)
class Composite:
    """PostgreSQL: a type with columns, of which tables may be made."""

    columns: TableDefinition
    """They stand in it."""


@dataclass(slots=True)
class Enumeration:
    """A type with these values."""

    values: list[str]
    at: Location


class DatabaseSchema:
    """Everything that stands after the statements read so far."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.tables: dict[tuple[str, ...], TableDefinition] = {}
        """By path: its schema's name, where that is not the default one, and its own; both folded."""
        self.types: dict[str, Domain | Enumeration | Composite] = {}
        self.passed: set[tuple[str, ...]] = set()
        """Tables and views that are seen and not kept: temporary ones, partitions, views."""
        self.parts: dict[tuple[str, ...], tuple[str, ...]] = {}
        """The whole that each part of a table belongs to."""
        self.functions: dict[str, str] = {}
        """PostgreSQL: the bodies of functions, which triggers call, by their folded names."""
        self.programs: dict[str, list[str]] = {}
        """The texts of functions and procedures, by their own names in small letters: all that a name had so far."""
        self.prepared: dict[str, list[str]] = {}
        """What prepared statements may run, by their names in small letters."""
        self.texts: dict[str, list[str]] = {}
        """MySQL: the texts that a variable of the session may have; no entry where that is not known."""
        self.dropped: dict[tuple[str, ...], TableDefinition] = {}
        """Tables that were dropped, as they were: some engines bring them back."""
        self.awaited: dict[tuple[str, ...], list[Watcher]] = {}
        """What was to change a table, by its path, before it was made."""
        self.default_names: dict[str, tuple[tuple[str, ...], str]] = {}
        """SQL Server: the table's path and the column whose default's name a variable holds."""
        self.session = ScriptSession()
        self._homes: dict[tuple[str, ...], str | None] = {}
        """The schemas of tables that are kept without one, where they were made in another than the default one."""
        self.charset: str | None = None
        self.collation: str | None = None
        self.reads_all = False
        """Whether what is not read is a problem: in what an estate itself states."""

    def fold(self, word: Word) -> str:
        """A name as the engine compares it."""
        return self.engine.fold(word.value, quoted=word.kind == "name")

    def shown(self, word: Word) -> str:
        """A name as people know it: unquoted ones in lower case where the engine folds them."""
        kept = word.kind == "name" or not self.engine.folds_names
        return word.value if kept else word.value.lower()

    def title(self, path: tuple[Word, ...], key: tuple[str, ...]) -> str:
        """The name that a table has for people, with its schema where `key`, its path, has one."""
        words = [*key[: len(key) - len(path)], *(self.shown(part) for part in path)]
        return ".".join(words[-len(key) :])

    def home(self, key: tuple[str, ...]) -> str | None:
        """The schema in which a table stands; None: the engine's default one, as far as is known."""
        return key[0] if len(key) > 1 else self._homes.get(key)

    def standing(self) -> dict[str, object]:
        """What a transaction that is taken back puts in its old state."""
        return {name: getattr(self, name) for name in _STANDING}

    def stand(self, held: dict[str, object]) -> None:
        """Put everything in that state."""
        for name, value in held.items():
            setattr(self, name, value)

    def key(self, path: tuple[Word, ...]) -> tuple[str, ...]:
        """The path of a table, without the schema that names without one stand in."""
        if len(path) == 1:
            return self._at(self.session.home, self.fold(path[-1]))
        return self.within(path[-2], self.fold(path[-1]))

    def within(self, outer: Word, table: str) -> tuple[str, ...]:
        """The path of a table in a schema of that name."""
        folded = self.fold(outer)
        return self._at(None if is_default(folded) else folded, table, said=folded)

    def _at(self, home: str | None, table: str, said: str = "") -> tuple[str, ...]:
        """The path of a table in a schema: alone, where no other schema has one of that name."""
        alone = (table,)
        if (home or said or "public", table) in self.tables:
            return (home or said or "public", table)
        if alone in self.tables:
            return alone if self._homes.get(alone) == home else (home or said or "public", table)
        if said and home is not None:
            return (home, table)
        self._homes[alone] = home
        return alone

    def find(self, path: tuple[Word, ...]) -> tuple[str, ...] | None:
        """The path under which a table is kept; with or without its schema, as long as there is one such table."""
        name, looked = self.fold(path[-1]), self.session.path
        keys = [self.key(path)] if len(path) > 1 else [self._at(home, name) for home in looked or (None,)]
        for key in keys:
            if key in self.tables:
                return key
        alike = [other for other in self.tables if other[-1] == name and 1 in {len(other), len(path)}]
        if len(alike) != 1:
            return None
        home = self.home(alike[0])
        is_known = home is not None or "SET SEARCH_PATH" in self.engine.statements.schema_words
        if looked is None or not is_known:
            return alike[0]
        wanted = looked if len(path) == 1 else (self.fold(path[-2]),)
        return alike[0] if home in wanted else None


_STANDING = ("tables", "types", "passed", "parts", "dropped", "functions", "programs", "awaited", "_homes")
