"""From the tables that stand to the entities of a contract."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...documents.tree import mapping, scalar, sequence
from . import charsets
from .checks import apply_check
from .condition_reader import Subject
from .rules import Rules
from .schema import Domain, Enumeration
from .sqltype import Taken
from .text_types import is_padded, is_text
from .types import apply_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ...documents.location import Location
    from ...documents.yaml_events import MappingNode, Node, ScalarNode
    from .schema import CheckConstraint, DatabaseSchema, TableColumn, TableDefinition, UniqueConstraint
    from .sqltype import SqlType


def entities(schema: DatabaseSchema, at: Location, wants: Callable[[str], bool] = lambda _: True) -> MappingNode:
    """The tables that are wanted, as the node under `entities` of a contract file."""
    found: list[tuple[str | ScalarNode, Node]] = []
    for table in schema.tables.values():
        if wants(table.name):
            found.append((scalar(table.name, table.at, table.length), _TableReader(table, schema).node()))
    return mapping(found, at)


class _TableReader:
    """Gathers what one table demands of its columns."""

    def __init__(self, table: TableDefinition, schema: DatabaseSchema) -> None:
        self.table = table
        self.schema = schema
        self.engine = schema.engine
        self.rules: dict[str, Rules] = {}
        self.subjects: dict[str, Subject] = {}
        for key, column in table.columns.items():
            self.rules[key] = Rules(column.at)
            self._read_column(column, self.rules[key])
        for check in table.checks:
            self._read_check(check)
        for unique in table.uniques:
            self._read_unique(unique)
        for column in table.columns.values():
            self._read_generated(column)
        for watcher in table.opaque.values():
            for key, rules in self.rules.items():
                if watcher.columns is None or key in watcher.columns:
                    rules.say_opaque(watcher.text, watcher.at)
        self._finish()

    def node(self) -> MappingNode:
        """The table, as an entity of a contract file."""
        table = self.table
        fields = [
            (scalar(column.name, column.at, column.length), self.rules[key].node())
            for key, column in table.columns.items()
        ]
        entries: list[tuple[str | ScalarNode, Node]] = [("kind", scalar("table", table.at))]
        primary = next((u for u in table.uniques if u.primary and not u.partial), None)
        if primary is not None and all(key in table.columns for key in primary.columns):
            names = [scalar(table.columns[key].name, primary.at) for key in primary.columns]
            entries.append(("key", sequence(names, primary.at)))
        entries.append(("fields", mapping(fields, table.at)))
        return mapping(entries, table.at)

    # ----------------------------------------------------------------------------------------------------- columns

    def _read_column(self, column: TableColumn, rules: Rules) -> None:
        made = self._apply_type(column.type, column, rules, frozenset())
        if column.not_null is not None and not column.counted:
            rules.required = rules.required or column.not_null
        self.subjects[column.key] = self._subject(column, made, rules)

    def _apply_type(self, made: SqlType, column: TableColumn, rules: Rules, seen: frozenset[str]) -> SqlType:
        """Put into the rules what a type takes, a domain's checks with it; gives the type underneath."""
        own = None if made.array else self.schema.types.get(made.own)
        if isinstance(own, Enumeration):
            rules.only(own.values, own.at)
            return made
        if isinstance(own, Domain) and made.own not in seen:
            base = self._apply_type(own.type, column, rules, seen | {made.own})
            if own.not_null is not None:
                rules.required = rules.required or own.not_null
            subject = self._subject(column, base, rules, own.collation)
            for check in own.checks:
                apply_check(check.expression, {"value": subject}, [rules], self.engine, check.at)
            return base
        apply_type(Taken(made, self.engine, self._charset(column), rules))
        return made

    def _charset(self, column: TableColumn) -> str:
        """What the column's texts are stored in: a collation names its character set."""
        for charset, collation in (
            (column.charset, column.collation),
            (self.table.charset, self.table.collation),
            (self.schema.charset, self.schema.collation),
        ):
            if charset is not None:
                return charset
            if collation is not None and self.engine.is_mysql and collation != "binary":
                return collation.partition("_")[0]
            if collation is not None and self.engine.name == "sqlserver":
                return _code_page(collation) or self.engine.charset
        return self.engine.charset

    def _collation(self, column: TableColumn) -> str | None:
        """How the column's texts are compared; None: byte by byte."""
        if self.engine.is_mysql:
            if column.collation == "binary":
                return f"{self._charset(column)}_bin"
            if column.collation is not None:
                return column.collation
            if column.charset is not None:
                return f"{column.charset}_general_ci"
            if self.table.collation is not None or self.table.charset is not None:
                return self.table.collation or f"{self.table.charset}_general_ci"
            if self.schema.charset is not None or self.schema.collation is not None:
                return self.schema.collation or f"{self.schema.charset}_general_ci"
        return column.collation or self.engine.collation

    def _subject(self, column: TableColumn, made: SqlType, rules: Rules, collation: str | None = None) -> Subject:
        engine = self.engine
        collation = collation or self._collation(column)
        padded = rules.type == "text" and is_padded(made, engine)
        wide = engine.name == "sqlserver" and is_text(made, engine) and made.name.startswith("N")
        return Subject(
            rules,
            compared=not padded and not rules.case_blind and _compares_exactly(engine.name, collation),
            padded=padded,
            lowered_ascii=engine.name == "sqlite" or (engine.name == "postgres" and collation in {"C", "POSIX"}),
            encoding=self._encoding(column),
            wide=wide,
        )

    def _encoding(self, column: TableColumn) -> str | None:
        charset = self._charset(column)
        match self.engine.name:
            case "mysql" | "mariadb":
                return charsets.mysql(charset)
            case "oracle":
                return charsets.oracle(charset)
            case "postgres" | "redshift":
                return charsets.postgres(charset)
            case "sqlserver":
                return charsets.python(charset)
            case _:
                return "utf-8"

    # ------------------------------------------------------------------------------------------- what is said of them

    def _read_check(self, check: CheckConstraint) -> None:
        if not check.enforced:
            self._declare(check.columns.values(), f"CHECK ({check.expression})", check.at)
            return
        named = {word: self.subjects[key] for word, key in check.columns.items() if key in self.subjects}
        apply_check(check.expression, named, self.rules.values(), self.engine, check.at)

    def _read_unique(self, unique: UniqueConstraint) -> None:
        columns = [key for key in unique.columns if key in self.rules]
        text = f"{'PRIMARY KEY' if unique.primary else 'UNIQUE'} {unique.text}"
        if not unique.enforced or self.engine.name == "redshift":
            self._declare(columns, text, unique.at)
            return
        if unique.primary and self.engine.name in {"sqlite", "oracle"}:
            self._require_key(columns, unique.at)
        partial = unique.partial and not _is_all_but_null(unique)
        if partial or (len(unique.columns) > 1 and not unique.primary):
            for key in columns:
                self.rules[key].say_opaque(text, unique.at)
        elif len(columns) == 1:
            self._make_unique(self.table.columns[columns[0]], unique, text)

    def _make_unique(self, column: TableColumn, unique: UniqueConstraint, text: str) -> None:
        rules = self.rules[column.key]
        blind = rules.case_blind or unique.lowered
        collation = unique.collation or self._collation(column)
        if rules.type == "text" and collation is not None:
            folds, more = _equalities(self.engine.name, collation)
            blind |= folds
            if more and rules.one_of is None:
                rules.say_opaque(f"{text} under {collation}, which also takes for equal {more}", unique.at)
        rules.unique = blind and rules.type == "text", unique.at

    def _require_key(self, columns: list[str], at: Location) -> None:
        """SQLite's keys hold nulls, unless the table is STRICT or WITHOUT ROWID; null in a rowid becomes a number."""
        for key in columns:
            made = self.table.columns[key].type
            counted = self.engine.name == "sqlite" and len(columns) == 1 and made.name == "INTEGER"
            if self.engine.name == "oracle" or (self.table.keys_are_required and not counted):
                self.rules[key].required = self.rules[key].required or at

    def _read_generated(self, column: TableColumn) -> None:
        """What a generated column refuses, it refuses of the columns that it is made from."""
        made = column.generated
        if made is None or made.expression is None:
            return
        own = self.rules[column.key]
        limited = own.bounds or own.bytes or own.digits or own.encodable or own.opaque or own.required
        if not (limited or own.one_of or own.not_one_of) and own.unique is None and _cannot_fail(made.expression):
            return
        text = f"{column.name} {column.type.written} GENERATED ALWAYS AS ({made.expression})"
        for key in made.columns.values():
            if key in self.rules:
                self.rules[key].say_opaque(text, made.at)

    def _finish(self) -> None:
        """Oracle's empty text is null, so a column that holds no null does not hold it either."""
        for rules in self.rules.values():
            if self.engine.name == "oracle" and rules.type == "text" and rules.required is not None:
                rules.bound("min_length", 1, rules.required)

    def _declare(self, keys: Iterable[str], text: str, at: Location) -> None:
        """A rule that is not enforced, at each column that it names."""
        for key in keys:
            if key in self.rules:
                self.rules[key].say_declared(text, at)


# ------------------------------------------------------------------------------------------------------- comparing

_DETERMINISTIC = re.compile(
    r"default|C|POSIX|ucs_basic|unicode|C\.(?:UTF-8|utf8)|[a-z]{2}_[A-Z]{2}(?:\.[\w-]+)?|.+-x-icu"
)
"""PostgreSQL's own collations: they order texts, and take none for equal that are not. One made by CREATE COLLATION may."""


def _compares_exactly(engine: str, collation: str | None) -> bool:
    match engine:
        case "postgres":
            return collation is None or _DETERMINISTIC.fullmatch(collation) is not None
        case "mysql" | "mariadb":
            return collation is not None and collation.lower().endswith(("_0900_bin", "_nopad_bin"))
        case "sqlite":
            return collation is None or collation.upper() == "BINARY"
        case "duckdb" | "oracle":
            return collation is None or collation.upper() == "BINARY"
        case _:
            return False


def _equalities(engine: str, collation: str) -> tuple[bool, str | None]:
    """Whether a collation takes texts for equal that differ in case; and what else it does, in words."""
    name = collation.lower()
    match engine:
        case "mysql" | "mariadb":
            if name.endswith("_bin"):
                exact = name.endswith(("_0900_bin", "_nopad_bin"))
                return False, None if exact else "texts that differ in trailing spaces"
            if "_as_ci" in name:
                return True, "texts that differ in what its rules ignore"
            return name.endswith("_ci"), "texts that differ in accents, trailing spaces, and what its rules ignore"
        case "sqlserver":
            exact = "_bin" in name
            return "_ci" in name, "texts that differ in trailing spaces" + (
                "" if exact else ", and what its rules ignore"
            )
        case "sqlite":
            return name == "nocase", "texts that differ in trailing spaces" if name == "rtrim" else None
        case "duckdb":
            return "nocase" in name, "texts that differ in accents" if "noaccent" in name else None
        case "postgres" if not _DETERMINISTIC.fullmatch(collation):
            return False, "texts that its rules take for equal"
        case _:
            return False, None


_CODE_PAGES = {
    "cp437": "cp437",
    "cp850": "cp850",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp1253": "cp1253",
    "cp1254": "cp1254",
    "cp1255": "cp1255",
    "cp1256": "cp1256",
    "cp1257": "cp1257",
}
_PAGES_BY_NAME = {
    "latin1": "cp1252",
    "finnish": "cp1252",
    "danish": "cp1252",
    "icelandic": "cp1252",
    "french": "cp1252",
    "modern": "cp1252",
    "polish": "cp1250",
    "czech": "cp1250",
    "hungarian": "cp1250",
    "romanian": "cp1250",
    "cyrillic": "cp1251",
    "greek": "cp1253",
    "turkish": "cp1254",
    "hebrew": "cp1255",
    "arabic": "cp1256",
    "estonian": "cp1257",
    "latvian": "cp1257",
    "lithuanian": "cp1257",
}


def _code_page(collation: str) -> str | None:
    """The code page of one of SQL Server's collations: `SQL_Latin1_General_CP1_CI_AS` is cp1252."""
    parts = collation.lower().removeprefix("sql_").split("_")
    if "utf8" in parts:
        return "utf-8"
    for part in parts:
        if part == "cp1":
            return "cp1252"
        if part in _CODE_PAGES:
            return _CODE_PAGES[part]
    return _PAGES_BY_NAME.get(parts[0])


def _is_all_but_null(unique: UniqueConstraint) -> bool:
    """`UNIQUE (x) WHERE x IS NOT NULL` says what UNIQUE says of x, but for nulls."""
    if len(unique.columns) != 1 or unique.lowered:
        return False
    column = re.escape(unique.columns[0])
    return bool(re.fullmatch(rf"\(\W*{column}\W*\) WHERE \W*{column}\W* IS NOT NULL\)*", unique.text, re.IGNORECASE))


def _cannot_fail(expression: str) -> bool:
    """Whether an expression gives a value for every text: joining, and changing of case."""
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError

    harmless = (
        exp.Column,
        exp.Identifier,
        exp.Literal,
        exp.DPipe,
        exp.Concat,
        exp.Lower,
        exp.Upper,
        exp.Trim,
        exp.Coalesce,
        exp.Paren,
        exp.Null,
    )
    try:
        return all(isinstance(node, harmless) for node in parse_one(expression).walk())
    except (SqlglotError, RecursionError):
        return False
