"""The statements of a script that bring values into tables, in its order."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from ...formats.ddl.cursor import UnreadStatement
from ...formats.ddl.script import statements
from ...formats.sql_trees import sql_tree
from ..engines import TITLES
from .arm import Arm, NotTakenApart, Scope, one_line
from .arms import arms_of
from .own_tables import OwnTables, tables_joined
from .programs import programs_writes
from .rewriting import (
    in_partition,
    inserts_apart,
    inserts_of_one,
    output_table,
    readable,
    updated_rows,
    without_filled_in,
)
from .writes import Write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...documents.location import Location
    from ...documents.names import EntityName
    from ...documents.problem import Problems
    from ...formats.ddl.cursor import Script
    from ...formats.ddl.engines.engine import Engine, EngineName
    from ..flow import Writes

_DIALECTS: dict[EngineName, str] = {"sqlserver": "tsql", "mariadb": "mysql"}
"""sqlglot's words, where they are not ours. It has none for Db2."""
_OPENING = frozenset(("INSERT", "REPLACE", "UPDATE", "MERGE", "CREATE", "WITH", "SELECT", "FROM", "DELETE", "TRUNCATE"))
"""The words that such a statement begins with."""
_PROGRAMS = frozenset(("PROCEDURE", "PROC", "FUNCTION", "TRIGGER"))
_BLOCKS = frozenset(("DO", "IF", "BEGIN", "DECLARE", "WHILE", "FOR", "LOOP", "PREPARE", "EXECUTE", "EXEC"))
"""The words that begin what holds statements, and may not run them, or not as they stand."""


def sqlglot_dialect(engine: EngineName) -> str | None:
    """Sqlglot's word for the SQL of an engine; None where it reads none of it as that engine does."""
    return None if engine == "db2" else _DIALECTS.get(engine, engine)


def table_of(name: str, engine: EngineName) -> exp.Table | None:
    """A table from its name in the SQL of an engine; None where it is no name."""
    try:
        return exp.to_table(name, dialect=sqlglot_dialect(engine)) if name else None
    except SqlglotError:
        return None


class Statements:
    """Reads scripts one after the other: a table that one makes and no contract has, is put in where another names it."""

    def __init__(self, engine: Engine, scope: Scope, problems: Problems) -> None:
        self._engine = engine
        self._scope = scope
        self._problems = problems
        self._own = OwnTables()
        self._filled: dict[EntityName, Sequence[Arm]] = {}

    def writes(self, script: Script) -> Iterator[Write]:
        """The writes of a script; a statement that cannot be read is a problem."""
        try:
            for cursor in statements(script, self._engine, self._problems):
                words = cursor.words()
                heads = [word.upper for word in words[:8]]
                if not words:
                    continue
                if heads[0] in _BLOCKS or (heads[0] in {"CREATE", "ALTER"} and _PROGRAMS.intersection(heads)):
                    yield from programs_writes(script, words[0].start, words[-1].end, self._scope)
                elif (renamed := _RENAMES.match(script.text, words[0].start, words[-1].end)) is not None:
                    yield from self._rename(renamed, script, words[0].start)
                elif words[0].upper in _OPENING:
                    try:
                        yield from tuple(self._statement(script, words[0].start, words[-1].end))
                    except RecursionError:
                        self._too_deep(script.place(words[0].start))
        except UnreadStatement as error:
            self._problems.add(error.at, error.message, expected=error.expected, length=error.length)

    def _rename(self, renamed: re.Match[str], script: Script, start: int) -> Iterator[Write]:
        """A table that the script made takes the place of one of a contract."""
        old = table_of(renamed["old"] or renamed["old_"], self._engine.name)
        new = table_of(renamed["new"], self._engine.name)
        if old is None or new is None or _name(old) not in self._own.made:
            return
        target = self._scope.entity_of(new)
        if self._scope.columns(target) is None:
            self._own.rename(_name(old), _name(new))
        else:
            yield from self._into(target, exp.select("*").from_(old), None, "records", script, start)

    def _too_deep(self, at: Location) -> None:
        self._problems.add(at, "this statement is nested too deeply", expected="a statement of fewer levels")

    def query(self, text: str, script: Script, target: EntityName, columns: Sequence[str] | None) -> Iterator[Write]:
        """The writes of a query whose records become those of a table: a model of dbt, a view."""
        tree = self._parsed(text, script, 0)
        try:
            yield from () if tree is None else tuple(self._into(target, tree, columns, "records", script, 0))
        except RecursionError:
            self._too_deep(script.place(0))

    def make(self, table: exp.Table, text: str, script: Script) -> None:
        """Take a query for a table that other queries name."""
        tree = self._parsed(text, script, 0)
        if tree is not None:
            self._own.make(_name(table), tree, self._named())

    def _parsed(self, text: str, script: Script, start: int, *, silent: bool = False) -> exp.Expr | None:
        """The tree; None after a problem, or where nothing is to be said: what it may write is told as not read."""
        dialect = sqlglot_dialect(self._engine.name)
        try:
            tree = without_filled_in(sql_tree(readable(text, self._engine.name), dialect))
        except (SqlglotError, RecursionError) as error:
            if silent and isinstance(error, SqlglotError):
                return None
            first = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
            line, column = first.get("line", 1), first.get("col", 1)
            lines = text.split("\n")
            offset = sum(len(each) + 1 for each in lines[: line - 1]) + max(
                column - len(first.get("highlight") or ""), 0
            )
            place = script.place(start + min(offset, len(text)))
            self._problems.add(place, "this statement cannot be read", expected=f"SQL of {TITLES[self._engine.name]}")
            return None
        for each in tree.find_all(exp.Identifier):
            if each.args.get("temporary"):  # SQL Server: `#stage` is another table than `stage`
                each.set("this", f"#{each.this}")
                each.set("temporary", None)
        return tree

    def _statement(self, script: Script, start: int, end: int) -> Iterator[Write]:
        text = script.text[start:end]
        if not self._may_write(text):
            return
        several = inserts_of_one(text, self._engine.name)
        for from_, insert in several:
            tree = self._parsed(insert, script, start)
            if isinstance(tree, exp.Insert) and isinstance(tree.expression, exp.Select):
                source = sql_tree(f"SELECT 1 {from_}", sqlglot_dialect(self._engine.name))
                tree.expression.set("from_", source.args.get("from_"))
                tree.expression.set("joins", source.args.get("joins"))
                yield from self._insert(tree, script, start)
        if several:
            return
        unread = tuple(
            programs_writes(script, start, end, self._scope, f"a statement that is not read: {_words(text)}")
        )
        tree = self._parsed(text, script, start, silent=bool(unread) or _WRITING.match(text) is None)
        if tree is None or isinstance(tree, exp.Command):
            yield from unread
            return
        output = table_of(output_table(text, self._engine.name) or "", self._engine.name)
        if output is not None:
            yield from (each for each in unread if each.target == self._scope.entity_of(output))
        yield from self._inside(tree, script, start)
        match tree:
            case exp.Insert():
                yield from self._insert(tree, script, start)
            case exp.Update():
                yield from self._update(tree, script, start)
            case exp.Merge():
                yield from self._merge(tree, script, start)
            case exp.Create():
                yield from self._create(tree, script, start)
            case exp.MultitableInserts():
                for each in inserts_apart(tree):
                    yield from self._insert(each, script, start)
            case exp.Delete() if isinstance(tree.this, exp.Table) and self._is_own(tree.this):
                self._own.delete(tree, _name(tree.this), self._named())
            case exp.TruncateTable():
                for table in tree.find_all(exp.Table):
                    self._own.empty(_name(table))
            case exp.Select() if isinstance(tree.args.get("into"), exp.Into):
                target = tree.args["into"].this
                tree.set("into", None)
                yield from self._fill(target, tree, script, start)
            case _:
                pass  # a query whose answer goes nowhere, or what is no query at all

    def _may_write(self, text: str) -> bool:
        """Whether a statement may bring values into a table, or make one of the script's own."""
        head = text[:8].upper()
        if head.startswith(("DELETE", "TRUNCATE")):
            return bool(self._own.made)
        if not head.startswith("CREATE"):
            return True
        made = _MAKES.match(text)
        if made is None:
            return False
        table = table_of(made["name"], self._engine.name)
        is_own = table is None or self._scope.columns(self._scope.entity_of(table)) is None
        return is_own or "SELECT" in text.upper()

    def _inside(self, tree: exp.Expr, script: Script, start: int) -> Iterator[Write]:
        """The writes inside of a WITH, whose rows the statement goes on with."""
        with_ = tree.args.get("with_")
        for each in with_.expressions if with_ is not None else ():
            match each.this:
                case exp.Insert():
                    yield from self._insert(each.this.copy(), script, start)
                case exp.Update():
                    yield from self._update(each.this.copy(), script, start)
                case exp.Merge():
                    yield from self._merge(each.this.copy(), script, start)

    def _insert(self, tree: exp.Insert, script: Script, start: int) -> Iterator[Write]:
        table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        query = tree.expression
        if not isinstance(table, exp.Table) or query is None:
            return
        if isinstance(query, exp.Values):  # values that stand in the script come from no system
            if self._is_own(table):
                self._own.insert_values(_name(table))
            elif query.find(exp.Query) is not None:
                reason = f"a query among values: {one_line(query)[:_LONGEST_WORDS]}"
                yield self._unread(self._scope.entity_of(table), query, script, start, reason)
            return
        if tree.args.get("with_") is not None:
            query.set("with_", tree.args["with_"])
        target = self._scope.entity_of(table)
        columns: Sequence[str] | None = None
        if isinstance(tree.this, exp.Schema):
            columns = [each.name for each in tree.this.expressions]
        by_name = bool(tree.args.get("by_name"))
        is_implied = columns is None and not by_name
        if is_implied:
            columns = list(self._scope.columns(target) or ()) or None
        query, columns = in_partition(table, query, columns)
        if self._is_own(table):
            yield from self._into_own(table, query, columns, script, start)
            if tree.args.get("conflict") is not None:
                self._own.forget(_name(table))
            return
        is_lenient = bool(tree.args.get("ignore"))
        for write in self._into(target, query, columns, "records", script, start, is_implied=is_implied):
            yield replace(write, is_lenient=is_lenient)
        conflict = tree.args.get("conflict")
        if conflict is not None and conflict.expressions:
            yield from self._on_conflict(table, query, columns, conflict.expressions, script, start)

    def _is_own(self, table: exp.Table) -> bool:
        """Whether the script made a table, and no contract has it."""
        return _name(table) in self._own and self._scope.columns(self._scope.entity_of(table)) is None

    def _into_own(
        self, table: exp.Table, query: exp.Expr, columns: Sequence[str] | None, script: Script, start: int
    ) -> Iterator[Write]:
        """More records in a table that the script made; through a view, in the tables that it shows."""
        name = _name(table)
        if not self._own.is_view(name):
            self._own.insert(name, query, columns, self._named())
            return
        reason = f"an insert into the view {table.sql()}"
        for target in dict.fromkeys(use.entity for arm in self._own.made[name] for use in arm.tables.values()):
            yield self._unread(target, query, script, start, reason)

    def _on_conflict(
        self,
        table: exp.Table,
        query: exp.Expr,
        columns: Sequence[str] | None,
        changes: Sequence[exp.Expr],
        script: Script,
        start: int,
    ) -> Iterator[Write]:
        """ON CONFLICT … DO UPDATE, ON DUPLICATE KEY UPDATE: the record that is there takes values of the one that comes."""
        own, target = table.alias_or_name, self._scope.entity_of(table)

        def of_new(node: exp.Expr) -> exp.Expr:
            is_values = isinstance(node, exp.Anonymous) and node.name.upper() == "VALUES" and len(node.expressions) == 1
            if is_values and isinstance(node.expressions[0], (exp.Column, exp.Identifier)):
                return exp.column(node.expressions[0].name, table="excluded")
            if isinstance(node, exp.Column) and not node.table:
                return exp.column(node.this.copy(), table=exp.to_identifier(own))
            return node

        plain = [each for each in changes if isinstance(each, exp.EQ) and isinstance(each.this, exp.Column)]
        new = exp.Subquery(
            this=query.copy(),
            alias=exp.TableAlias(
                this=exp.to_identifier("excluded"), columns=[exp.to_identifier(name) for name in columns or ()]
            ),
        )
        told = exp.Select(
            expressions=[
                exp.alias_(each.expression.copy().transform(of_new), each.this.name, quoted=True) for each in plain
            ],
            from_=exp.From(this=new),
            joins=[exp.Join(this=table.copy(), kind="CROSS")],
        )
        if len(plain) < len(changes) or columns is None:
            yield self._unread(
                target, query, script, start, f"a change of records that are there: {one_line(query)}", "some"
            )
            return
        yield from self._into(target, told, [each.this.name for each in plain], "fields", script, start)

    def _unread(
        self,
        target: EntityName,
        query: exp.Expr,
        script: Script,
        start: int,
        reason: str,
        writes: Writes = "records",
        filled: tuple[str, ...] | None = None,
    ) -> Write:
        """A write that is not read, from every table that a query names."""
        tables = tuple(dict.fromkeys(self._scope.entity_of(each) for each in _tables(query)))
        reason = reason[:_LONGEST_WORDS]
        return Write(target, {}, Arm({}, {}), writes, script.place(start), unread=reason, inputs=tables, filled=filled)

    def _create(self, tree: exp.Create, script: Script, start: int) -> Iterator[Write]:
        query, kind = tree.expression, (tree.kind or "").upper()
        if kind not in {"TABLE", "VIEW"}:
            return
        table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        declared = tree.this.expressions if isinstance(tree.this, exp.Schema) else []
        is_typed = any(isinstance(each, exp.ColumnDef) and each.args.get("kind") for each in declared)
        if not isinstance(query, exp.Query):
            if is_typed and self._scope.columns(self._scope.entity_of(table)) is None:
                self._own.declare(_name(table), tree.this)
            return
        if tree.args.get("with_") is not None:
            query.set("with_", tree.args["with_"])
        if is_typed and self._scope.columns(self._scope.entity_of(table)) is None:
            self._own.make(_name(table), query, self._named(), schema=tree.this)
            return
        columns = None if is_typed else [each.name for each in declared] or None
        yield from self._fill(table, query, script, start, columns, is_view=kind == "VIEW")

    def _fill(
        self,
        table: exp.Table,
        query: exp.Expr,
        script: Script,
        start: int,
        columns: Sequence[str] | None = None,
        *,
        is_view: bool = False,
    ) -> Iterator[Write]:
        """A table that is made of a query: of a contract, or of the script's own."""
        target = self._scope.entity_of(table)
        if self._scope.columns(target) is None:
            self._own.make(_name(table), query, self._named(), columns=columns or (), is_view=is_view)
            return
        yield from self._into(target, query, columns, "records", script, start)

    def _named(self) -> Scope:
        return replace(self._scope, made={**self._scope.made, **self._own.made}, filled=self._filled)

    def _into(
        self,
        target: EntityName,
        query: exp.Expr,
        columns: Sequence[str] | None,
        writes: Writes,
        script: Script,
        start: int,
        *,
        is_implied: bool = False,
    ) -> Iterator[Write]:
        """The writes of a query into a table: by position where columns are named, else by name.

        `is_implied`: the columns are those of the contract, which may have others than the table.
        """
        at = script.place(start)
        try:
            arms = arms_of(query, self._named())
        except NotTakenApart as error:
            tables = tuple(dict.fromkeys(self._scope.entity_of(each) for each in _tables(query)))
            filled = None if columns is None else tuple(columns)
            yield Write(target, {}, Arm({}, {}), writes, at, unread=str(error), inputs=tables, filled=filled)
            return
        places = _places(query, script, start)
        if columns is None:
            self._filled[target] = arms
        for arm in arms:
            if is_implied and columns is not None and arm.open is None and len(columns) != len(arm.columns):
                if self._engine.name != "postgres" or len(arm.columns) > len(columns):
                    reason = f"{len(arm.columns)} values for {len(columns)} columns"
                    yield self._unread(target, query, script, start, reason, writes)
                    return
                columns = columns[: len(arm.columns)]  # the first ones (PostgreSQL 15, INSERT)
            if columns is not None and len(columns) != len(arm.columns) and arm.open is None:
                message = f"{len(arm.columns)} values for {len(columns)} columns of {target}"
                self._problems.add(at, message, expected="a value for each column")
                return
            named = [arm.names.get(name, name) for name in arm.columns] if columns is None else columns
            found = dict(zip(named, arm.columns.values(), strict=arm.open is None))
            if columns is None:  # a column of no contract is passed through, where another query names it
                held = {name.lower() for name in self._scope.columns(target) or ()}
                found = {name: each for name, each in found.items() if name.lower() in held}
            for name in (self._scope.columns(target) or ()) if columns is None and arm.open is not None else ():
                column = arm.column(name.lower())
                if name.lower() not in arm.columns and column is not None:
                    found[name] = column
            yield Write(target, found, arm, writes, at, dict(zip(named, places, strict=False)))

    # -------------------------------------------------------------------------------------------- changes of records

    def _update(self, tree: exp.Update, script: Script, start: int) -> Iterator[Write]:
        """The fields that change, table by table."""
        first = tree.this
        if not isinstance(first, exp.Table):
            return
        query = updated_rows(tree)
        named = {each.alias_or_name.lower(): each for each in tables_joined(query)}
        with_ = tree.args.get("with_")
        made = {each.alias.lower(): each for each in with_.expressions} if with_ is not None else {}
        if len(first.parts) == 1 and first.name.lower() in made:
            reason = f"an update of the query {first.name}"
            for target in dict.fromkeys(map(self._scope.entity_of, _tables(made[first.name.lower()].this))):
                yield self._unread(target, query, script, start, reason, "fields")
            return
        odd = [each for each in tree.expressions if not isinstance(each.this, exp.Column)]
        if odd:  # (a, b) = (SELECT …)
            names = tuple(column.name for each in tree.expressions for column in each.this.find_all(exp.Column))
            reason = f"a change of several columns at once: {one_line(odd[0])}"
            for each in tree.expressions:
                for used in _tables(each):
                    query = query.join(used.copy(), join_type="cross")
            yield self._unread(self._scope.entity_of(first), query, script, start, reason, "fields", names)
            return
        changes: dict[str, dict[str, exp.Expr]] = {}
        for each in tree.expressions:
            of = each.this.table.lower() if each.this.table.lower() in named else first.alias_or_name.lower()
            changes.setdefault(of, {})[each.this.name] = each.expression
        for alias, changed in changes.items():
            yield from self._changed(named.get(alias, first), changed, query, script, start)

    def _changed(
        self, table: exp.Table, changed: Mapping[str, exp.Expr], query: exp.Select, script: Script, start: int
    ) -> Iterator[Write]:
        """The columns of one table that an update changes, for each of the rows of a query."""
        if self._is_own(table) and not self._own.is_view(_name(table)):
            self._own.update(_name(table), table.alias_or_name, changed, query, self._named())
            return
        told = query.copy()
        told.set("expressions", [exp.alias_(each.copy(), name, quoted=True) for name, each in changed.items()])
        yield from self._into(self._scope.entity_of(table), told, list(changed), "fields", script, start)

    def _merge(self, tree: exp.Merge, script: Script, start: int) -> Iterator[Write]:
        table, using = tree.this, tree.args["using"]
        if self._is_own(table):
            self._own.forget(_name(table))
            return
        target = self._scope.entity_of(table)
        for branch in tree.args["whens"].expressions:
            then = branch.args["then"]
            condition = branch.args.get("condition")
            odd = isinstance(then, exp.Update) and not all(isinstance(each, exp.EQ) for each in then.expressions)
            known = list(self._scope.columns(target) or ())
            if isinstance(then, exp.Insert) and isinstance(then.expression, exp.Tuple) and (then.this or known):
                values = list(then.expression.expressions)
                writes: Writes = "records"
                columns = [each.name for each in then.this.expressions] if then.this is not None else known
                tables = [using]
            elif isinstance(then, exp.Insert) or odd:  # all columns of the source, by their names
                reason = f"a MERGE that names no columns: {one_line(then)}"
                whole = exp.select("1").from_(using.copy())
                yield self._unread(target, whole, script, start, reason, "some")
                continue
            elif isinstance(then, exp.Update):
                columns = [each.this.name for each in then.expressions]
                values, writes = [each.expression for each in then.expressions], "fields"
                tables = [using, table]
            else:
                continue
            query = exp.Select(
                expressions=[
                    exp.alias_(value.copy(), column, quoted=True)
                    for value, column in zip(values, columns, strict=False)
                ],
                from_=exp.From(this=tables[0].copy()),
                joins=[exp.Join(this=each.copy(), kind="CROSS") for each in tables[1:]],
                with_=tree.args.get("with_"),
                having=None if condition is None else exp.Having(this=condition.copy()),
            )
            yield from self._into(target, query, columns, writes, script, start)


def _tables(query: exp.Expr) -> list[exp.Table]:
    """The tables that a query names, but for its common table expressions."""
    own = {each.alias.lower() for with_ in query.find_all(exp.With) for each in with_.expressions}
    return [
        table
        for table in query.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and (table.args.get("db") or table.name.lower() not in own)
    ]


def _places(query: exp.Expr, script: Script, start: int) -> list[Location]:
    """The places of the expressions of a SELECT list; none where a star stands in it."""
    while isinstance(query, (exp.Subquery, exp.SetOperation)):
        query = query.this
    found: list[Location] = []
    for written in query.expressions if isinstance(query, exp.Select) else ():
        offsets = [node.meta["start"] for node in written.walk() if "start" in node.meta]
        if isinstance(written, exp.Star) or written.find(exp.Star) or not offsets:
            return []
        found.append(script.place(start + min(offsets)))
    return found


def _name(table: exp.Table) -> str:
    """What a table that a script makes is kept by."""
    return ".".join(part.name.lower() for part in table.parts)


_RENAMES = re.compile(
    r"(?:alter\s+table\s+(?:if\s+exists\s+)?(?P<old>\S+)\s+rename\s+to|rename\s+table\s+(?P<old_>\S+)\s+to)\s+(?P<new>\S+)",
    re.IGNORECASE,
)
_MAKES = re.compile(
    r"create\s+(?:or\s+replace\s+)?(?:\S+\s+){0,6}?(?:table|view)\s+(?:if\s+not\s+exists\s+)?(?P<name>[^\s(]+)",
    re.IGNORECASE,
)
_WRITING = re.compile(r"(?!delete|truncate|create\b(?!.*\bselect\b))", re.IGNORECASE | re.DOTALL)
"""What is no statement that writes where it cannot be read: there it is told."""
_LONGEST_WORDS = 120


def _words(text: str) -> str:
    """A statement as it is told."""
    return " ".join(text.split())[:_LONGEST_WORDS]
