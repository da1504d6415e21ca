"""A revision of Alembic: what its `upgrade` does to tables, read from the program's text, which is never run.

    op.add_column("t", sa.Column("n", sa.String(5), nullable=False))      ALTER TABLE t ADD COLUMN n VARCHAR(5) NOT NULL

An operation behind a condition or in a loop may run or not. One whose table is not written out may change any table.
Sources: alembic.sqlalchemy.org, "Operation Reference"; docs.sqlalchemy.org, "Column and Data Types".
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
import warnings
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ...documents.location import Location
from .columns import ColumnWriter, NotWritten, called, keyword, literal_of
from .elements import Element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ...documents.problem import Problems

_SIGNS = re.compile(r"[^\w.()=,]+")
_HARMLESS = frozenset(("bulk_insert", "get_bind", "get_context", "create_table_comment", "drop_table_comment", "f"))
_OF_ENTITIES = frozenset(("create_entity", "replace_entity", "drop_entity"))
"""Operations of alembic_utils, on functions, triggers and views."""
_MOST_TURNS = 200
_MOST_STATEMENTS = 5_000
_OF_ROWS = frozenset(("insert", "update", "delete", "select"))
_RUNS_SQL = frozenset(("execute", "exec_driver_sql", "executescript", "executemany"))
_PASSIVE = frozenset((*sys.stdlib_module_names, "sqlalchemy", "sqlmodel", "alembic"))
"""Modules that change no table by themselves."""
_OF_OWNER = 2
"""The names of `op.add_column`."""


@dataclass(frozen=True, slots=True)
class RevisionStep:
    """One change of a revision."""

    change: Element | str
    """A change of a change log, or SQL."""
    at: Location
    doubtful: bool = False
    """Whether it is not known if it runs."""
    guarded: bool = False
    """Whether it only makes what is not there yet."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One file of the folder `versions`."""

    name: str
    after: tuple[str, ...]
    """The revisions before it."""
    steps: tuple[RevisionStep, ...]


def read_revision(text: str, file: str, dialect: str, problems: Problems) -> Revision | None:
    """A revision; None where the file is none, or (with a problem) no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = (error.lineno or 1, error.offset or 1) if isinstance(error, SyntaxError) else (1, 1)
        problems.add(Location(file, line, max(column, 1)), "this is no Python that can be read", expected="a revision")
        return None
    names: dict[str, ast.expr] = {}
    for statement in tree.body:
        names |= _assigned(statement)
    revision = names.get("revision")
    if not isinstance(revision, ast.Constant) or not isinstance(revision.value, str):
        return None
    after = [*_texts(names.get("down_revision")), *_texts(names.get("depends_on"))]
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    reader = _Operations(file, dialect, names, functions, _imported(tree), text.split("\n"))
    steps = tuple(reader.steps(functions["upgrade"].body)) if "upgrade" in functions else ()
    return Revision(revision.value, tuple(after), steps)


def _imported(tree: ast.Module) -> dict[str, str]:
    """By the name that it has here, the path of what is imported."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                found |= {
                    each.asname or each.name.partition(".")[0]: (each.asname and each.name) or "" for each in aliases
                }
                found |= {name: path or name for name, path in found.items()}
            case ast.ImportFrom(module=module, names=aliases):
                found |= {each.asname or each.name: f"{module or ''}.{each.name}" for each in aliases}
    return found


def _may_leave(statement: ast.stmt) -> bool:
    """Whether what follows a statement may not run because of it. Where a revision raises, none of it is kept."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return False
    return any(isinstance(node, ast.Return | ast.Break | ast.Continue) for node in ast.walk(statement))


def _assigned(statement: ast.stmt) -> dict[str, ast.expr]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return {name: value}
        case ast.Assign(targets=[ast.Tuple(elts=parts)], value=ast.Tuple(elts=values)) if len(parts) == len(values):
            return {part.id: value for part, value in zip(parts, values, strict=True) if isinstance(part, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return {name: value}
    return {}


def _texts(node: ast.expr | None) -> list[str]:
    parts = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def _doubted(steps: Iterator[RevisionStep]) -> Iterator[RevisionStep]:
    return (replace(step, doubtful=True) for step in steps)


@dataclass(slots=True)
class _Operations:
    """Reads the statements of one program."""

    file: str
    dialect: str
    names: dict[str, ast.expr]
    """What is assigned to names."""
    functions: dict[str, ast.FunctionDef]
    """The program's own."""
    imported: dict[str, str]
    """By their names here, the paths of what it imports."""
    lines: Sequence[str]
    """Its text."""
    batches: dict[str, str] = field(default_factory=dict)
    """By the name of a batch: its table."""
    columns: ColumnWriter = field(init=False)
    left: int = _MOST_STATEMENTS
    """Statements that may be read still: loops and functions may run one time and again."""
    running: list[str] = field(default_factory=list)
    """The functions that are being read."""

    def __post_init__(self) -> None:
        self.columns = ColumnWriter(self.dialect, self.names)

    def steps(self, statements: Sequence[ast.stmt]) -> Iterator[RevisionStep]:
        """What statements do, one after the other."""
        doubtful = False
        for statement in statements:
            self.left -= 1
            if self.left < 0:
                yield RevisionStep(self._any_table(statement), self._at(statement))
                return
            found = self._statement(statement)
            yield from _doubted(found) if doubtful else found
            if isinstance(statement, ast.Return | ast.Raise | ast.Break | ast.Continue):
                return
            doubtful = doubtful or _may_leave(statement)

    def _statement(self, statement: ast.stmt) -> Iterator[RevisionStep]:
        match statement:
            case ast.With(items=items, body=body):
                for item in items:
                    yield from self._opened(item)
                yield from self.steps(body)
            case ast.Expr(value=ast.Call() as call):
                yield from self._call(call, bare=True)
            case ast.For(target=target, iter=each_of, body=body, orelse=[]) if (
                turns := self._turns(each_of)
            ) is not None:
                for each in turns:
                    self._bind(ast.copy_location(ast.Assign(targets=[target], value=each), statement))
                    found = self.steps(body)
                    yield from _doubted(found) if any(map(_may_leave, body)) else found
                self._forget(target)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                if isinstance(value, ast.Call):
                    yield from self._call(value)
                else:
                    yield from _doubted(self._calls_in(value))
                self._bind(statement)
            case ast.FunctionDef(name=name):
                self.functions[name] = statement
            case (
                ast.If(body=body, orelse=otherwise)
                | ast.For(body=body, orelse=otherwise)
                | ast.While(body=body, orelse=otherwise)
            ):
                self._forget(statement)
                yield from _doubted(self.steps([*body, *otherwise]))
                self._forget(statement)
            case ast.Try(body=body, handlers=handlers, orelse=otherwise, finalbody=last):
                caught = [each for handler in handlers for each in handler.body]
                self._forget(statement)
                yield from _doubted(self.steps([*body, *caught, *otherwise, *last]))
                self._forget(statement)
            case _:
                yield from _doubted(self._calls_in(statement))
                self._forget(statement)

    def _opened(self, item: ast.withitem) -> Iterator[RevisionStep]:
        """What `with` opens: a batch of operations on a table, or something else."""
        call = item.context_expr
        if not isinstance(call, ast.Call):
            return
        if called(call)[-1:] != ("batch_alter_table",):
            yield from self._call(call)
            return
        named = item.optional_vars
        try:
            table = self._table(call, call.args[0] if call.args else None)
        except NotWritten:
            named = None
        if isinstance(named, ast.Name):
            self.batches[named.id] = table
        else:
            yield RevisionStep(self._any_table(call), self._at(call))

    def _calls_in(self, node: ast.AST) -> Iterator[RevisionStep]:
        for each in ast.walk(node):
            if isinstance(each, ast.Call):
                yield from self._call(each)

    def _bind(self, statement: ast.stmt) -> None:
        self._forget(statement)
        self.names |= _assigned(statement)

    def _forget(self, node: ast.AST) -> None:
        """What names stand for after a statement that may give them something, and may not, is not known."""
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                self.names.pop(each.id, None)

    def _turns(self, node: ast.expr) -> list[ast.expr] | None:
        """What a loop runs over, where that is written out."""
        node = self.names.get(node.id, node) if isinstance(node, ast.Name) else node
        if not isinstance(node, ast.List | ast.Tuple) or len(node.elts) > _MOST_TURNS:
            return None
        return None if any(isinstance(each, ast.Starred) for each in node.elts) else node.elts

    def _call(self, call: ast.Call, *, bare: bool = False) -> Iterator[RevisionStep]:
        """What a call does; `bare`: whether nobody takes what it gives."""
        path, at = self._path(call), self._at(call)
        word = path[-1] if path else ""
        try:
            if path[:1] == ("op",) and len(path) == _OF_OWNER:
                yield from (RevisionStep(change, at) for change in self._operation(word, call, None))
            elif len(path) == _OF_OWNER and path[0] in self.batches:
                yield from (RevisionStep(change, at) for change in self._operation(word, call, self.batches[path[0]]))
            elif word in _RUNS_SQL:
                yield from (RevisionStep(change, at) for change in self._execute(call))
            elif word in {"create", "drop"} and (enumeration := self._enumeration(call)) is not None:
                yield from (RevisionStep(sql, at, guarded=True) for sql in enumeration if word == "create")
            elif path == (word,) and word in self.functions:
                yield from self._function(word)
            elif self._may_alter(call, path, bare=bare):
                yield RevisionStep(self._any_table(call), at)
            elif self._is_foreign(path):
                yield RevisionStep(f"DO {self._source(call)}", at)  # it may change what it is told the name of
        except NotWritten:
            yield RevisionStep(self._any_table(call), at)
        for each in (*call.args, *(given.value for given in call.keywords)):
            inner = (self._path(node) for node in ast.walk(each) if isinstance(node, ast.Call))
            if any(names[:1] == ("op",) and names[-1] not in _HARMLESS for names in inner):
                yield RevisionStep(self._any_table(call), at)
        for sql in self.columns.take_types():
            yield RevisionStep(sql, at, guarded=True)

    def _path(self, call: ast.Call) -> tuple[str, ...]:
        """The names of a call; the module of operations is `op`, whatever it is called here."""
        path = called(call)
        if path[:2] == ("alembic", "op"):
            return path[1:]
        return ("op", *path[1:]) if path and self.imported.get(path[0]) == "alembic.op" else path

    def _function(self, name: str) -> Iterator[RevisionStep]:
        """What a function of the program does: with what, is not known."""
        function = self.functions[name]
        if name in self.running:
            return
        outer, arguments = dict(self.names), function.args
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
            self.names.pop(each.arg if each else "", None)
        self.running.append(name)
        yield from _doubted(self.steps(function.body))
        self.running.pop()
        self.names.clear()
        self.names |= outer

    def _may_alter(self, call: ast.Call, path: tuple[str, ...], *, bare: bool) -> bool:
        """Whether a call of something that is not read may change tables: a class alone makes a value."""
        word = path[-1] if path else ""
        if word in {"create", "drop", "create_all", "drop_all", "run_sync", *self._writers()}:
            return True
        given = [*call.args, *(each.value for each in call.keywords)]
        if any(isinstance(each, ast.Name) and self.imported.get(each.id) == "alembic.op" for each in given):
            return True
        is_open = path == (word,) and path[0] not in self.imported and not hasattr(builtins, word)
        acts = bare or any(isinstance(each, ast.Call) and self._path(each)[-1:] == ("get_bind",) for each in given)
        return (self._is_foreign(path) or is_open) and acts and not word[:1].isupper()

    def _is_foreign(self, path: tuple[str, ...]) -> bool:
        """Whether what is called stands in another file of the program's, or of a library that is not known here."""
        root = path[0] if path else ""
        others = "" if root in self.names or hasattr(builtins, root) else self.imported.get("*", "")
        source = self.imported.get(root, others)  # `from helpers import *` brings names that are not written
        return bool(source) and source.partition(".")[0] not in _PASSIVE

    def _enumeration(self, call: ast.Call) -> tuple[str, ...] | None:
        """What creates the type that a variable, or a call, is."""
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        owner = self.names.get(owner.id) if isinstance(owner, ast.Name) else owner
        if not isinstance(owner, ast.Call) or called(owner)[-1:] not in {("Enum",), ("ENUM",)}:
            return None
        self.columns.type_of(owner)
        return tuple(self.columns.take_types())

    # ----------------------------------------------------------------------------------------------------- operations

    def _operation(self, word: str, call: ast.Call, batch: str | None) -> Iterator[Element | str]:
        """The changes of one operation; its table comes first, but in a batch and where a constraint's name does."""
        if word in _HARMLESS:
            return
        if word == "execute":
            yield from self._execute(call)
            return
        if word in _OF_ENTITIES:
            made = call.args[0] if call.args else None
            made = self.names.get(made.id) if isinstance(made, ast.Name) else made
            if made is None:
                raise NotWritten
            yield f"DO {word} {self._source(made)}"
            return
        args = list(call.args)
        named = {"create_unique_constraint", "create_primary_key", "create_check_constraint", "create_foreign_key"}
        named |= {"create_index", "drop_index", "drop_constraint"}
        name_of = (args.pop(0) if args else keyword(call, "constraint_name", "index_name")) if word in named else None
        name = "" if name_of is None else str(literal_of(name_of, self.names) or "")
        if batch is not None:
            table = batch
        elif word == "drop_index" and not args and keyword(call, "table_name") is None:
            table = ""
        else:
            place = args.pop(0) if args else keyword(call, "table_name", "source_table", "old_table_name")
            table = self._table(call, place)
        write = self._writers().get(word)
        try:
            changes = [] if write is None else list(write(replace_arguments(call, args), table, name))
        except NotWritten:
            changes = []
            write = None
        yield from changes if write is not None else [f"DO {word} {table}"]

    def _writers(self) -> Mapping[str, Callable[[ast.Call, str, str], Iterator[Element | str]]]:
        return {
            "create_table": self._create_table,
            "add_column": self._add_column,
            "alter_column": self._alter_column,
            "drop_table": lambda call, table, _: iter([self._change(call, "dropTable", tableName=table)]),
            "drop_column": self._drop_column,
            "rename_table": self._rename_table,
            "create_unique_constraint": self._unique,
            "create_primary_key": self._primary,
            "create_check_constraint": self._check,
            "create_foreign_key": self._foreign,
            "create_index": self._index,
            "drop_index": self._drop_index,
            "drop_constraint": self._drop_constraint,
        }

    def _create_table(self, call: ast.Call, table: str, _name: str) -> Iterator[str]:
        yield from self.columns.create(table, call.args)

    def _add_column(self, call: ast.Call, table: str, _name: str) -> Iterator[str]:
        yield from self.columns.add(table, call.args[0] if call.args else keyword(call, "column"))

    def _drop_column(self, call: ast.Call, table: str, _name: str) -> Iterator[Element]:
        column = self._text(call.args[0] if call.args else keyword(call, "column_name"))
        yield self._change(call, "dropColumn", tableName=table, columnName=column)

    def _rename_table(self, call: ast.Call, table: str, _name: str) -> Iterator[Element]:
        new = self._text(call.args[0] if call.args else keyword(call, "new_table_name"))
        yield self._change(call, "renameTable", oldTableName=table, newTableName=new)

    def _alter_column(self, call: ast.Call, table: str, _name: str) -> Iterator[Element | str]:
        column = self._text(call.args[0] if call.args else keyword(call, "column_name"))
        own = {"tableName": table, "columnName": column}
        new, old = keyword(call, "type_"), keyword(call, "existing_type")
        of_type = None if new is None else self.columns.type_of(new)
        nullable = keyword(call, "nullable")
        is_nullable = None if nullable is None else bool(literal_of(nullable, self.names))
        is_whole = self.dialect in {"mysql", "mariadb", "sqlserver"}  # they state a column's nulls with its type
        if is_whole and is_nullable is None and of_type is not None:
            stays = keyword(call, "existing_nullable")
            is_nullable = None if stays is None else bool(literal_of(stays, self.names))
            if stays is None and self.dialect == "sqlserver":
                is_nullable = True
        if of_type is not None and not (is_whole and is_nullable is not None):
            yield self._change(call, "modifyDataType", newDataType=of_type, **own)
        if is_nullable is not None:
            known = of_type or (None if old is None else self.columns.type_of(old))
            kind = {} if known is None else {"columnDataType": known}
            yield self._change(call, "dropNotNullConstraint" if is_nullable else "addNotNullConstraint", **own, **kind)
        default = keyword(call, "server_default")
        if default is not None and not (isinstance(default, ast.Constant) and default.value is False):
            if isinstance(default, ast.Constant) and default.value is None:
                yield self._change(call, "dropDefaultValue", **own)
            else:
                yield self._change(call, "addDefaultValue", defaultValueComputed=self.columns.default(default), **own)
        renamed = keyword(call, "new_column_name")
        if renamed is not None:
            names = {"oldColumnName": column, "newColumnName": self._text(renamed)}
            yield self._change(call, "renameColumn", tableName=table, **names)

    def _listed(self, node: ast.expr | None) -> str:
        return ", ".join(self.columns.names_in(node))

    def _unique(self, call: ast.Call, table: str, name: str) -> Iterator[Element]:
        columns = self._listed(call.args[0] if call.args else keyword(call, "columns"))
        yield self._change(call, "addUniqueConstraint", tableName=table, constraintName=name, columnNames=columns)

    def _primary(self, call: ast.Call, table: str, name: str) -> Iterator[Element]:
        columns = self._listed(call.args[0] if call.args else keyword(call, "columns"))
        yield self._change(call, "addPrimaryKey", tableName=table, constraintName=name, columnNames=columns)

    def _check(self, call: ast.Call, table: str, name: str) -> Iterator[str]:
        condition = self._text(call.args[0] if call.args else keyword(call, "condition"))
        yield f"ALTER TABLE {self.columns.path(table)} ADD {self.columns.named(name)}CHECK ({condition})"

    def _foreign(self, call: ast.Call, table: str, name: str) -> Iterator[Element]:
        referent, own, others = [*call.args, None, None, None][:3]
        yield self._change(
            call,
            "addForeignKeyConstraint",
            baseTableName=table,
            constraintName=name,
            referencedTableName=self._text(referent or keyword(call, "referent_table")),
            baseColumnNames=self._listed(own or keyword(call, "local_cols")),
            referencedColumnNames=self._listed(others or keyword(call, "remote_cols")),
        )

    def _index(self, call: ast.Call, table: str, name: str) -> Iterator[str]:
        unique = keyword(call, "unique")
        if unique is None or not literal_of(unique, self.names):
            return
        columns = self.columns.index_parts(call.args[0] if call.args else keyword(call, "columns"))
        where = next((each.value for each in call.keywords if (each.arg or "").endswith("_where")), None)
        tail = "" if where is None else f" WHERE {self._text(where)}"
        yield f"CREATE UNIQUE INDEX {self.columns.name(name)} ON {self.columns.path(table)} ({columns}){tail}"

    def _drop_index(self, call: ast.Call, table: str, name: str) -> Iterator[Element]:
        yield self._change(call, "dropIndex", indexName=name, **({"tableName": table} if table else {}))

    def _drop_constraint(self, call: ast.Call, table: str, name: str) -> Iterator[Element | str]:
        kind = keyword(call, "type_") or (call.args[0] if call.args else None)
        written = "" if kind is None else self._text(kind)
        match written:
            case "foreignkey":
                yield self._change(call, "dropForeignKeyConstraint", baseTableName=table, constraintName=name)
            case "primary":
                yield self._change(call, "dropPrimaryKey", tableName=table, constraintName=name)
            case "unique":
                yield self._change(call, "dropUniqueConstraint", tableName=table, constraintName=name)
            case _:
                yield f"ALTER TABLE {self.columns.path(table)} DROP CONSTRAINT {self.columns.name(name)}"

    def _execute(self, call: ast.Call) -> Iterator[str]:
        """SQL that is written out. A statement that is built from tables, as for rows, changes no table."""
        statement = call.args[0] if call.args else keyword(call, "sqltext", "statement")
        if statement is None:
            return
        if isinstance(statement, ast.Name) and isinstance(self.names.get(statement.id), ast.Call):
            statement = self.names[statement.id]
        if (
            isinstance(statement, ast.Call)
            and "text" not in called(statement)
            and _OF_ROWS.intersection(called(statement))
        ):
            return
        yield f"{self._text(statement)};"

    # ---------------------------------------------------------------------------------------------------------- words

    def _table(self, call: ast.Call, place: ast.expr | None) -> str:
        """The path of a table: with its schema, where the operation names one."""
        schema = keyword(call, "schema", "source_schema")
        table = self._text(place)
        if schema is None or (isinstance(schema, ast.Constant) and schema.value is None):
            return table
        return f"{self._text(schema)}.{table}"

    def _text(self, node: ast.expr | None) -> str:
        written = None if node is None else literal_of(node, self.names)
        if not isinstance(written, str):
            raise NotWritten
        return written

    def _change(self, call: ast.Call, kind: str, **attributes: str) -> Element:
        schemas = {"tableName": "schemaName", "baseTableName": "baseTableSchemaName", "oldTableName": "schemaName"}
        for key, schema in schemas.items():
            within, _, table = attributes.get(key, "").rpartition(".")
            if within:
                attributes |= {key: table, schema: within}
        return Element(kind, {key: value for key, value in attributes.items() if value}, self._at(call))

    def _any_table(self, node: ast.stmt | ast.expr) -> str:
        """Stands for what a program does to tables that are not written out: a statement that runs a text of its own."""
        return f"DO EXECUTE IMMEDIATE {self._source(node)[:80]}"

    def _source(self, node: ast.stmt | ast.expr) -> str:
        """The lines of an expression, without what would end a statement of SQL, or begin a text."""
        return _SIGNS.sub(" ", "\n".join(self.lines[node.lineno - 1 : node.end_lineno])).strip()

    def _at(self, node: ast.stmt | ast.expr) -> Location:
        return Location(self.file, node.lineno, node.col_offset + 1)


def replace_arguments(call: ast.Call, args: list[ast.expr]) -> ast.Call:
    """The call with other arguments in order."""
    return ast.copy_location(ast.Call(func=call.func, args=args, keywords=call.keywords), call)
