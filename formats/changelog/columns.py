"""SQLAlchemy's columns and constraints, as they stand in a program's text, in the SQL that it writes for a database.

    sa.Column("n", sa.String(5), nullable=False, server_default="a")       n VARCHAR(5) DEFAULT 'a' NOT NULL

Source: docs.sqlalchemy.org (2.0), "Column and Data Types", "Defining Constraints and Indexes", and its dialects' pages.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from ...values.error import FieldlineError
from .changes import ChangeStatements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Written: TypeAlias = "str | int | float | bool | list[Written] | None"

_MYSQL = ("mysql", "mariadb")
_TYPES: Mapping[str, Mapping[str, str]] = {
    "Integer": {},
    "BigInteger": {"": "BIGINT", "oracle": "NUMBER(19)"},
    "SmallInteger": {"": "SMALLINT"},
    "String": {"": "VARCHAR", "oracle": "VARCHAR2"},
    "Unicode": {"": "VARCHAR", "oracle": "NVARCHAR2", "sqlserver": "NVARCHAR"},
    "AutoString": {"": "VARCHAR", "oracle": "VARCHAR2"},
    "Text": {"": "TEXT", "oracle": "CLOB", "sqlserver": "VARCHAR(max)"},
    "UnicodeText": {"": "TEXT", "oracle": "NCLOB", "sqlserver": "NVARCHAR(max)"},
    "Boolean": {"": "BOOLEAN", **dict.fromkeys(_MYSQL, "BOOL"), "sqlserver": "BIT", "oracle": "SMALLINT"},
    "Date": {"": "DATE"},
    "DateTime": {"": "TIMESTAMP", **dict.fromkeys((*_MYSQL, "sqlserver", "sqlite"), "DATETIME"), "oracle": "DATE"},
    "Time": {"": "TIME"},
    "Float": {"": "FLOAT"},
    "Double": {"": "DOUBLE PRECISION"},
    "Numeric": {"": "NUMERIC"},
    "LargeBinary": {"": "BLOB", "postgres": "BYTEA", "sqlserver": "VARBINARY(max)"},
    "JSON": {"": "JSON", "sqlserver": "NVARCHAR(max)"},
    "Uuid": {"": "CHAR(32)", "postgres": "UUID", "duckdb": "UUID", "sqlserver": "UNIQUEIDENTIFIER"},
    "UUID": {"": "CHAR(32)", "postgres": "UUID", "duckdb": "UUID", "sqlserver": "UNIQUEIDENTIFIER"},
    "Interval": {"": "INTERVAL"},
}
"""By SQLAlchemy's name of a type: the database's; under "" of all that are not named."""
_SIZED = frozenset(
    (
        "Float",
        "String",
        "Unicode",
        "AutoString",
        "Numeric",
        "VARCHAR",
        "CHAR",
        "NVARCHAR",
        "NCHAR",
        "NUMERIC",
        "DECIMAL",
    )
)
_SIZED_IN_MYSQL = frozenset(("Text", "UnicodeText", "LargeBinary"))
_ZONED = {"postgres": "TIMESTAMP WITH TIME ZONE", "sqlserver": "DATETIMEOFFSET", "oracle": "TIMESTAMP WITH TIME ZONE"}
_WHOLE = frozenset(("Integer", "BigInteger", "SmallInteger", "INTEGER", "BIGINT", "SMALLINT", "INT"))
_DATABASES = {"postgres": "postgresql", "sqlserver": "mssql"}
"""By our word for an engine: SQLAlchemy's, where it is another."""
_SERIAL = {"BIGINT": "BIGSERIAL", "SMALLINT": "SMALLSERIAL"}


class NotWritten(FieldlineError):
    """What a program works out only when it runs."""


def called(call: ast.expr) -> tuple[str, ...]:
    """The names of a call, from the left: `op.add_column(…)` is ("op", "add_column"); a call within counts by its names."""
    names: list[str] = []
    node: ast.expr = call
    while True:
        match node:
            case ast.Call(func=func):
                node = func
            case ast.Attribute(value=value, attr=attr):
                names.append(attr)
                node = value
            case ast.Name(id=name):
                return (name, *reversed(names))
            case _:
                return tuple(reversed(names))


def keyword(call: ast.Call, *names: str) -> ast.expr | None:
    """The value of the first of these keywords that is given."""
    return next((each.value for name in names for each in call.keywords if each.arg == name), None)


def literal_of(node: ast.expr, names: Mapping[str, ast.expr], depth: int = 0) -> Written:
    """The value of an expression that is written out. Raises NotWritten of any other."""
    if depth > _DEEPEST:
        raise NotWritten
    match node:
        case ast.Constant(value=str() | int() | float() | bool() | None as value):
            return value
        case ast.Name(id=name) if name in names:
            return literal_of(names[name], names, depth + 1)
        case ast.Call(args=[inner]) if called(node)[-1:] in {("f",), ("text",), ("literal_column",)}:
            return literal_of(inner, names, depth + 1)
        case ast.Call(func=ast.Attribute(value=inner, attr="bindparams")):
            return literal_of(inner, names, depth + 1)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = literal_of(left, names, depth + 1), literal_of(right, names, depth + 1)
            if isinstance(parts[0], str) and isinstance(parts[1], str):
                return parts[0] + parts[1]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = literal_of(operand, names, depth + 1)
            if isinstance(number, int | float):
                return -number
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [literal_of(part, names, depth + 1) for part in parts]
    raise NotWritten


_DEEPEST = 50


class ColumnWriter:
    """Writes columns for one database."""

    def __init__(self, dialect: str, names: Mapping[str, ast.expr]) -> None:
        self._dialect = dialect
        self._names = names
        self._statements = ChangeStatements(dialect)
        self._types: list[str] = []

    def take_types(self) -> list[str]:
        """The statements that create the types that were met, taken."""
        taken, self._types = self._types, []
        return taken

    # ---------------------------------------------------------------------------------------------------------- tables

    def create(self, table: str, elements: Sequence[ast.expr]) -> Iterator[str]:
        """CREATE TABLE, and the unique indexes of its columns. Types that it needs come first."""
        calls = [self._call(each) for each in elements]
        columns = [each for each in calls if called(each)[-1:] == ("Column",)]
        constraints = [each for each in calls if called(each)[-1:] != ("Column",)]
        keys = [self._text(each.args[0]) for each in columns if self._says(each, "primary_key")]
        for each in constraints:
            keys += self.names_in(ast.List(elts=each.args)) if called(each)[-1:] == ("PrimaryKeyConstraint",) else []
        parts = [self.column(each, keys) for each in columns]
        if keys and not any(called(each)[-1:] == ("PrimaryKeyConstraint",) for each in constraints):
            parts.append(f"PRIMARY KEY ({', '.join(map(self.name, keys))})")
        parts += [part for each in columns for part in self._of_column(each)]
        parts += [self._constraint(each) for each in constraints if called(each)[-1:] != ("Index",)]
        yield from self.take_types()
        yield f"CREATE TABLE {self.path(table)} ({', '.join(parts)})"
        for each in columns:
            if self._says(each, "index") and self._says(each, "unique"):
                yield f"CREATE UNIQUE INDEX i ON {self.path(table)} ({self.name(self._text(each.args[0]))})"
        for each in constraints:
            if called(each)[-1:] == ("Index",) and self._says(each, "unique"):
                name, *of = each.args
                parts_of = self.index_parts(ast.List(elts=of))
                yield f"CREATE UNIQUE INDEX {self.name(self._text(name))} ON {self.path(table)} ({parts_of})"

    def add(self, table: str, column: ast.expr | None) -> Iterator[str]:
        """ALTER TABLE … ADD for a column, and for each of its constraints."""
        call = self._call(column)
        written = self.column(call, [])
        yield from self.take_types()
        word = "" if self._dialect in {"sqlserver", "oracle"} else "COLUMN "
        yield f"ALTER TABLE {self.path(table)} ADD {word}{written}"
        for part in self._of_column(call):
            yield f"ALTER TABLE {self.path(table)} ADD {part}"

    def column(self, call: ast.Call, keys: Sequence[str]) -> str:
        """A column, with its type, default and nulls; `keys`: the columns of the table's primary key."""
        name, *rest = call.args
        key = self._text(name)
        given = keyword(call, "type_")
        others = [self._call(each) for each in (rest if given is not None else rest[1:])]
        kind = given if given is not None else rest[0] if rest else None
        if kind is None or (isinstance(kind, ast.Call) and called(kind)[-1:] == ("ForeignKey",)):
            raise NotWritten  # it has the type of the column that it leads to
        of_type = self._type_or_name(kind)
        words = [called(each)[-1:] for each in others]
        default = keyword(call, "server_default")
        counts = [key] == list(keys) and called(kind)[-1] in _WHOLE and default is None and ("ForeignKey",) not in words
        off = keyword(call, "autoincrement")
        counts = counts and (off is None or literal_of(off, self._names) is not False) and ("Identity",) not in words
        parts = [self.name(key), of_type]
        if counts and self._dialect in {"postgres", "redshift"}:
            parts[1] = _SERIAL.get(of_type, "SERIAL")
        elif counts and self._dialect in _MYSQL:
            parts.append("AUTO_INCREMENT")
        elif counts and self._dialect == "sqlserver":
            parts.append("IDENTITY")
        for each, word in zip(others, words, strict=True):
            if word == ("Identity",):
                parts.append(f"GENERATED {'ALWAYS' if self._says(each, 'always') else 'BY DEFAULT'} AS IDENTITY")
            elif word == ("Computed",):
                parts.append(f"GENERATED ALWAYS AS ({self._text(each.args[0])}) STORED")
        if default is not None and not (isinstance(default, ast.Constant) and default.value is None):
            parts.append(f"DEFAULT {self.default(default)}")
        nullable = keyword(call, "nullable")
        is_required = key in keys or self._says(call, "primary_key")
        if is_required or (nullable is not None and literal_of(nullable, self._names) is False):
            parts.append("NOT NULL")
        return " ".join(parts)

    def default(self, node: ast.expr) -> str:
        """A default of the database: a text in quotes, or the expression of `text(…)` and `func.now()`."""
        match node:
            case ast.Call() if called(node)[-1:] == ("text",):
                return self._text(node)
            case ast.Call(args=[]) if called(node)[-1:] in {("true",), ("false",)}:
                truth = called(node)[-1] == "true"
                return str(int(truth)) if self._dialect in {"sqlserver", "oracle", "sqlite"} else str(truth).lower()
            case ast.Call(args=[]) if "func" in called(node):
                function = called(node)[-1]
                return "CURRENT_TIMESTAMP" if function in {"now", "current_timestamp"} else f"{function}()"
            case ast.Constant() | ast.Name() | ast.BinOp():
                return "'" + self._text(node).replace("'", "''") + "'"
        raise NotWritten

    # ----------------------------------------------------------------------------------------------------- constraints

    def _of_column(self, call: ast.Call) -> Iterator[str]:
        """What a column says beside its type: unique, and foreign keys."""
        name = self.name(self._text(call.args[0]))
        if self._says(call, "unique") and not self._says(call, "index"):
            yield f"UNIQUE ({name})"
        for each in call.args[1:]:
            if isinstance(each, ast.Call) and called(each)[-1:] == ("ForeignKey",):
                yield f"FOREIGN KEY ({name}) REFERENCES {self._target([self._text(each.args[0])])}"
            elif isinstance(each, ast.Call) and called(each)[-1:] == ("CheckConstraint",):
                yield self._constraint(each)

    def _constraint(self, call: ast.Call) -> str:
        name_of = keyword(call, "name")
        name = (
            ""
            if name_of is None or (isinstance(name_of, ast.Constant) and name_of.value is None)
            else self._text(name_of)
        )
        match called(call)[-1:]:
            case ("PrimaryKeyConstraint",):
                return f"{self.named(name)}PRIMARY KEY ({self._quoted(ast.List(elts=call.args))})"
            case ("UniqueConstraint",):
                return f"{self.named(name)}UNIQUE ({self._quoted(ast.List(elts=call.args))})"
            case ("CheckConstraint",):
                return f"{self.named(name)}CHECK ({self._text(call.args[0])})"
            case ("ForeignKeyConstraint",):
                own, others = call.args[:2]
                target = self._target(self.names_in(others))
                return f"{self.named(name)}FOREIGN KEY ({self._quoted(own)}) REFERENCES {target}"
        raise NotWritten

    def _target(self, columns: Sequence[str]) -> str:
        """`t.a`, `t.b` as `t (a, b)`."""
        table = columns[0].rpartition(".")[0]
        return f"{self.path(table)} ({', '.join(self.name(each.rpartition('.')[2]) for each in columns)})"

    # ----------------------------------------------------------------------------------------------------------- types

    def type_of(self, node: ast.expr) -> str:
        """A type, in the database's word for it; a type of the program's own stays as it is called."""
        path = called(node)
        word = path[-1] if path else ""
        call = node if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Name) and node.id in self._names:
            return self.type_of(self._names[node.id])
        if not word:
            raise NotWritten
        if word == "with_variant" and call is not None and isinstance(call.func, ast.Attribute):
            variant, *databases = call.args
            is_own = _DATABASES.get(self._dialect, self._dialect) in [
                literal_of(each, self._names) for each in databases
            ]
            return self.type_of(variant if is_own else call.func.value)
        if word in {"Enum", "ENUM"}:
            return self._enumeration(call)
        sizes = self._sizes(call, word)
        if word == "DateTime" and call is not None and self._says(call, "timezone") and self._dialect in _ZONED:
            return _ZONED[self._dialect]
        if word in {"TIMESTAMP", "Time", "TIME"} and call is not None and self._says(call, "timezone"):
            return f"{word.upper()} WITH TIME ZONE" if self._dialect in {"postgres", "oracle"} else word.upper()
        known = _TYPES.get(word)
        if known is None:
            collation = None if call is None else keyword(call, "collation")
            tail = "" if collation is None else f" COLLATE {self.name(self._text(collation))}"
            return f"{word}{sizes}{tail}"
        made = known.get(self._dialect, known.get("", "INTEGER"))
        if word in {"String", "Unicode", "AutoString"} and not sizes and self._dialect == "sqlserver":
            return f"{made}(max)"
        if self._dialect == "oracle" and word in {"String", "AutoString"} and sizes:
            return f"{made}{sizes[:-1]} CHAR)"
        collation = None if call is None else keyword(call, "collation")
        tail = "" if collation is None else f" COLLATE {self.name(self._text(collation))}"
        return f"{made}{sizes if word in _SIZED or '(' not in made else ''}{tail}"

    def _type_or_name(self, node: ast.expr) -> str:
        """A type; of one that is not written out, a name that no database has, so that its values are not known."""
        try:
            return self.type_of(node)
        except NotWritten:
            return "type_of_the_program"

    def _sizes(self, call: ast.Call | None, word: str) -> str:
        in_mysql = self._dialect in _MYSQL and word in _SIZED_IN_MYSQL
        if call is None or (word in _TYPES and word not in _SIZED and not in_mysql):
            return ""
        given = [
            *call.args[:2],
            *(each.value for each in call.keywords if each.arg in {"length", "precision", "scale"}),
        ]
        sizes = [literal_of(each, self._names) for each in given]
        if not all(size is None or (isinstance(size, int) and not isinstance(size, bool)) for size in sizes):
            raise NotWritten
        said = [str(size) for size in sizes if size is not None]
        return f"({', '.join(said)})" if said else ""

    def _enumeration(self, call: ast.Call | None) -> str:
        values = [] if call is None else [literal_of(each, self._names) for each in call.args]
        texts = [value for value in values if isinstance(value, str)]
        if call is None or not texts or len(texts) < len(values):
            raise NotWritten
        listed = ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
        native = keyword(call, "native_enum")
        is_native = native is None or literal_of(native, self._names) is not False
        if is_native and self._dialect in _MYSQL:
            return f"ENUM({listed})"
        name = keyword(call, "name")
        if is_native and self._dialect == "postgres" and name is not None:
            own = self.name(self._text(name))
            self._types.append(f"CREATE TYPE {own} AS ENUM ({listed})")
            return own
        return f"VARCHAR({max(map(len, texts))})"

    # ----------------------------------------------------------------------------------------------------------- names

    def name(self, written: str) -> str:
        """A name, in quotes where it would not be read as one."""
        return self._statements.name(written)

    def path(self, table: str) -> str:
        """The path of a table: `shop.person`."""
        return ".".join(map(self.name, table.split(".", 1)))

    def named(self, name: str) -> str:
        """What begins a constraint of that name."""
        return f"CONSTRAINT {self.name(name)} " if name else ""

    def names_in(self, node: ast.expr | None) -> list[str]:
        """Names in a list."""
        names = None if node is None else literal_of(node, self._names)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise NotWritten
        return [str(name) for name in names]

    def index_parts(self, node: ast.expr | None) -> str:
        """The columns of an index, and its expressions as they are written."""
        if not isinstance(node, ast.List | ast.Tuple):
            return self._quoted(node)
        return ", ".join(
            self._text(each) if isinstance(each, ast.Call) else self.name(self._text(each)) for each in node.elts
        )

    def _quoted(self, node: ast.expr | None) -> str:
        return ", ".join(map(self.name, self.names_in(node)))

    def _call(self, node: ast.expr | None) -> ast.Call:
        call = self._names.get(node.id) if isinstance(node, ast.Name) else node
        if not isinstance(call, ast.Call):
            raise NotWritten
        return call

    def _text(self, node: ast.expr) -> str:
        written = literal_of(node, self._names)
        if not isinstance(written, str):
            raise NotWritten
        return written

    def _says(self, call: ast.Call, name: str) -> bool:
        node = keyword(call, name)
        return node is not None and literal_of(node, self._names) is True
