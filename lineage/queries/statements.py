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
from .arm import Arm, NotTakenApart, Scope, one_line, table_name
from .arms import arms_of
from .own_tables import OwnTables, tables_joined, tables_named
from .programs import changed_names, programs_writes, query_writes, read_tables
from .rewriting import (
    cached_query,
    in_partition,
    in_their_order,
    inserts_apart,
    inserts_of_one,
    moved_tables,
    on_conflict_rows,
    output_table,
    pairs_of,
    plain_create,
    readable,
    table_variable,
    updated_rows,
    without_filled_in,
)
from .trees import first_select, sqlglot_dialect, table_of, with_signs
from .writes import Write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...documents.location import Location
    from ...documents.names import EntityName
    from ...documents.problem import Problems
    from ...formats.ddl.cursor import Script
    from ...formats.ddl.engines.engine import Engine
    from ..flow import Writes

_OPENING = frozenset(("INSERT", "REPLACE", "UPDATE", "MERGE", "CREATE", "WITH", "SELECT", "FROM", "DELETE", "TRUNCATE"))
"""The words that such a statement begins with."""
_PROGRAMS = frozenset(("PROCEDURE", "PROC", "FUNCTION", "TRIGGER"))
_BLOCKS = frozenset(("DO", "IF", "BEGIN", "DECLARE", "WHILE", "FOR", "LOOP", "PREPARE", "EXECUTE", "EXEC"))
"""The words that begin what holds statements, and may not run them, or not as they stand."""
_HOLDING = frozenset(("EXPLAIN", "APPLY"))
"""The words that begin what may run the statement behind them."""
_HOLDERS = frozenset(("TASK", "RULE", "EVENT"))
"""The objects that run a statement when something happens."""


class Statements:
    """Reads scripts one after the other: a table that one makes and no contract has, is put in where another names it."""

    def __init__(self, engine: Engine, scope: Scope, problems: Problems) -> None:
        self._engine = engine
        self._scope = scope
        self._problems = problems
        self._own = OwnTables(scope)
        self._filled: dict[EntityName, Sequence[Arm]] = {}
        self._written: set[EntityName] = set()

    def writes(self, script: Script) -> Iterator[Write]:
        """The writes of a script; a statement that cannot be read is a problem."""
        try:
            for cursor in statements(script, self._engine, self._problems):
                words = cursor.words()
                heads = [word.upper for word in words[:8]]
                if not words:
                    continue
                start, end = words[0].start, words[-1].end
                if heads[0] in _BLOCKS or (heads[0] in {"CREATE", "ALTER"} and _PROGRAMS.intersection(heads)):
                    variable = table_variable(script.text[start:end])
                    declared = None if variable is None else self._parsed(variable, script, start, silent=True)
                    if isinstance(declared, exp.Create) and isinstance(declared.this, exp.Schema):
                        self._own.declare(table_name(declared.this.this), declared.this)
                        continue
                    if heads[0] in {"EXEC", "EXECUTE"}:
                        self._own.lose_seen_by_programs()
                    if heads[0] in _BLOCKS:
                        self._lose_in(script.text[start:end])
                    yield from programs_writes(script, start, end, self._scope)
                elif (moves := moved_tables(script.text[start:end])) is not None:
                    for old, new in moves:
                        yield from self._move(old, new, script, start)
                elif (cached := cached_query(script.text[start:end])) is not None:
                    table = table_of(cached[0], self._engine.name)
                    if table is not None:
                        self.make(table, cached[1], script)
                elif heads[0] == "ALTER":
                    self._alter(script.text[start:end])
                elif heads[0] in _HOLDING or (heads[0] == "CREATE" and _HOLDERS.intersection(heads)):
                    yield from programs_writes(script, start, end, self._scope, _not_read(script.text[start:end]))
                elif heads[0] in _OPENING:
                    try:
                        yield from tuple(self._statement(script, start, end))
                    except RecursionError:
                        self._too_deep(script.place(start))
        except UnreadStatement as error:
            self._problems.add(error.at, error.message, expected=error.expected, length=error.length)

    def _move(self, old: str, new: str, script: Script, start: int) -> Iterator[Write]:
        """A table that takes the place of another, or is copied into it."""
        source, table = (table_of(each, self._engine.name) for each in (old, new))
        if source is None or table is None:
            return
        target = self._scope.entity_of(table)
        if self._scope.columns(target) is not None:
            yield from self._into(target, exp.select("*").from_(source), None, "records", script, start)
        elif table_name(source) in self._own:
            self._own.rename(table_name(source), table_name(table))
        else:
            self._own.make(table_name(table), exp.select("*").from_(source), self._named())

    def _alter(self, text: str) -> None:
        """A table of the script whose columns are altered: what it holds then is not known."""
        altered = _ALTERED.match(text)
        table = table_of(altered["name"], self._engine.name) if altered is not None else None
        if table is not None and self._is_own(table):
            self._own.lose(table_name(table))

    def _lose_in(self, text: str) -> None:
        """Tables of the script that a block may change."""
        for name in changed_names(text):
            table = table_of(name, self._engine.name)
            if table is not None and self._is_own(table):
                self._own.lose(table_name(table), tuple(read_tables(text, self._scope)))

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
            self._own.make(table_name(table), tree, self._named())

    def _parsed(self, text: str, script: Script, start: int, *, silent: bool = False) -> exp.Expr | None:
        """The tree; None after a problem, or where nothing is to be said: what it may write is told as not read."""
        dialect = sqlglot_dialect(self._engine.name)
        try:
            tree = without_filled_in(sql_tree(readable(text, self._engine.name), dialect), self._engine.name)
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
        return with_signs(tree)

    def _statement(self, script: Script, start: int, end: int) -> Iterator[Write]:
        text = script.text[start:end]
        if not self._may_write(text):
            return
        several = inserts_of_one(text, self._engine.name)
        for from_, insert in several:
            tree = self._parsed(insert, script, start)
            source = self._parsed(f"SELECT 1 {from_}", script, start)
            if isinstance(tree, exp.Insert) and isinstance(tree.expression, exp.Select) and source is not None:
                tree.expression.set("from_", source.args.get("from_"))
                tree.expression.set("joins", source.args.get("joins"))
                yield from self._insert(tree, script, start)
        if several:
            return
        unread = tuple(programs_writes(script, start, end, self._scope, _not_read(text), is_whole=True))
        unread = unread or tuple(query_writes(text, script, start, self._scope, _not_read(text)))
        is_told = (bool(unread) or self._is_of_own(text)) and text.count("(") == text.count(")")
        tree = self._parsed(text, script, start, silent=is_told or _WRITING.match(text) is None)
        if isinstance(tree, exp.Command):
            plain = plain_create(text)
            tree = None if plain is None else self._parsed(plain, script, start, silent=True)
        if tree is None or isinstance(tree, exp.Command):
            self._lose_in(text)
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
                is_lenient = _IGNORING.match(text) is not None
                yield from (replace(write, is_lenient=is_lenient) for write in self._update(tree, script, start))
            case exp.Merge():
                yield from self._merge(tree, script, start)
            case exp.Create():
                yield from self._create(tree, script, start)
            case exp.MultitableInserts():
                for each in inserts_apart(tree):
                    yield from self._insert(each, script, start)
            case exp.Delete() if isinstance(tree.this, exp.Table) and self._is_own(tree.this):
                self._own.delete(tree, table_name(tree.this), self._named())
            case exp.TruncateTable():
                for table in tree.find_all(exp.Table):
                    if self._is_own(table):
                        self._own.empty(table_name(table))
            case exp.Query() if (into := first_select(tree).args.get("into")) is not None:
                first_select(tree).set("into", None)
                yield from self._fill(into.this, tree, script, start)
            case _:
                pass  # a query whose answer goes nowhere, or what is no query at all

    def _may_write(self, text: str) -> bool:
        """Whether a statement may bring values into a table, or make one of the script's own."""
        head = text[:8].upper()
        if head.startswith(("DELETE", "TRUNCATE")):
            return bool(self._own) or " OUTPUT " in " ".join(text.upper().split())
        if not head.startswith("CREATE"):
            return True
        made = _MAKES.match(text)
        if made is None:
            return False
        table = table_of(made["name"], self._engine.name)
        is_own = table is None or self._scope.columns(self._scope.entity_of(table)) is None
        return is_own or any(word in text.upper() for word in ("SELECT", "CLONE", "COPY", "FROM"))

    def _is_of_own(self, text: str) -> bool:
        """Whether a statement that is not read may change tables of the script, and no others."""
        tables = [table_of(name, self._engine.name) for name in changed_names(text)]
        return bool(tables) and all(table is not None and self._is_own(table) for table in tables)

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
            conflict = tree.args.get("conflict")
            if self._is_own(table):
                self._own.insert_values(table_name(table), tree)
            elif query.find(exp.Query) is not None or (conflict is not None and conflict.find(exp.Query) is not None):
                reason = f"a query among values: {one_line(query)[:_LONGEST_WORDS]}"
                yield self._unread(
                    self._scope.entity_of(table), tree.expression, script, start, reason, beside=conflict
                )
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
            yield from self._into_own(table, query, columns, script, start, by_name=by_name)
            if tree.args.get("conflict") is not None:
                self._own.lose(table_name(table))
            return
        is_lenient = bool(tree.args.get("ignore"))  # MySQL
        for write in self._into(target, query, columns, "records", script, start, is_implied=is_implied):
            yield replace(write, is_lenient=is_lenient)
        conflict = tree.args.get("conflict")
        if conflict is not None and conflict.expressions:
            changed = None if columns is None else on_conflict_rows(table, query, columns, conflict)
            if changed is None:
                reason = f"a change of records that are there: {one_line(query)}"
                yield self._unread(target, query, script, start, reason, "some")
            else:
                yield from self._into(target, *changed, "fields", script, start)

    def _is_own(self, table: exp.Table) -> bool:
        """Whether the script made a table, and no contract has it, or it comes before that."""
        name = table_name(table)
        return name in self._own and (
            self._own.hides(name) or self._scope.columns(self._scope.entity_of(table)) is None
        )

    def _into_own(
        self,
        table: exp.Table,
        query: exp.Expr,
        columns: Sequence[str] | None,
        script: Script,
        start: int,
        *,
        by_name: bool,
    ) -> Iterator[Write]:
        """More records in a table that the script made; through a view, in the tables that it shows."""
        name = table_name(table)
        if not self._own.is_view(name):
            self._own.insert(name, query, columns, self._named(), by_name=by_name)
            return
        reason = f"an insert into the view {table.sql()}"
        for target in self._own.inputs(exp.select("1").from_(table.copy())):
            yield self._unread(target, query, script, start, reason)

    def _unread(
        self,
        target: EntityName,
        query: exp.Expr,
        script: Script,
        start: int,
        reason: str,
        writes: Writes = "records",
        filled: tuple[str, ...] | None = None,
        *,
        beside: exp.Expr | None = None,
    ) -> Write:
        """A write that is not read, from every table that a query names, and what stands beside it."""
        parts = (query, beside) if beside is not None else (query,)
        tables = tuple(dict.fromkeys(each for part in parts for each in self._own.inputs(part)))
        reason = reason[:_LONGEST_WORDS]
        return Write(target, {}, Arm({}, {}), writes, script.place(start), unread=reason, inputs=tables, filled=filled)

    def _create(self, tree: exp.Create, script: Script, start: int) -> Iterator[Write]:
        query, kind = tree.expression, (tree.kind or "").upper()
        if kind not in {"TABLE", "VIEW"}:
            return
        table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        declared = tree.this.expressions if isinstance(tree.this, exp.Schema) else []
        is_typed = any(isinstance(each, exp.ColumnDef) for each in declared)
        properties = tree.args.get("properties")
        hides = properties is not None and properties.find(exp.TemporaryProperty) is not None and len(table.parts) == 1
        is_own = hides or self._scope.columns(self._scope.entity_of(table)) is None
        if tree.args.get("exists") and is_own and table_name(table) in self._own:
            return  # IF NOT EXISTS
        clone = tree.args.get("clone")
        if clone is not None:
            query = exp.select("*").from_(clone.this.copy())
        if not isinstance(query, exp.Query):
            if declared and is_own and tree.find(exp.LikeProperty) is None:
                self._own.declare(table_name(table), tree.this, hides=hides)
            elif is_own and (alike := tree.find(exp.LikeProperty)) is not None:
                like = exp.select("*").from_(alike.this.copy())
                self._own.make(table_name(table), like, self._named(), hides=hides)
                self._own.empty(table_name(table))
            return
        if tree.args.get("with_") is not None:
            query.set("with_", tree.args["with_"])
        columns = None if is_typed else [each.name for each in declared] or None
        if is_own and kind == "VIEW":
            self._own.show(table_name(table), query, columns or ())
        elif is_own:
            schema = tree.this if is_typed else None
            self._own.make(table_name(table), query, self._named(), columns=columns or (), schema=schema, hides=hides)
            if properties is not None and any(
                each.args.get("no") for each in properties.find_all(exp.WithDataProperty)
            ):
                self._own.empty(table_name(table))
        else:
            yield from self._into(self._scope.entity_of(table), query, columns, "records", script, start)

    def _fill(self, table: exp.Table, query: exp.Expr, script: Script, start: int) -> Iterator[Write]:
        """A table that is made of a query: of a contract, or of the script's own."""
        target = self._scope.entity_of(table)
        if self._scope.columns(target) is None:
            self._own.make(table_name(table), query, self._named())
            return
        yield from self._into(target, query, None, "records", script, start)

    def _named(self) -> Scope:
        return self._own.scope(self._filled)

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
            filled = None if columns is None else tuple(columns)
            self._filled.pop(target, None)
            yield self._unread(target, query, script, start, str(error), writes, filled)
            return
        places = _places(query, script, start)
        if columns is None and target not in self._written:
            self._filled[target] = arms
        else:  # what columns of no contract hold then is not told
            self._filled.pop(target, None)
        self._written.add(target)
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
            for used in tables_named(made[first.name.lower()].this):
                if self._is_own(used):
                    self._own.lose(table_name(used), self._own.inputs(query))
            for target in self._own.inputs(made[first.name.lower()].this):
                yield self._unread(target, query, script, start, reason, "fields")
            return
        expressions = [each for written in tree.expressions for each in pairs_of(written)]
        if tree.args.get("limit") is not None and self._is_own(first):
            self._own.lose(table_name(first), self._own.inputs(query))
            return
        odd = [each for each in expressions if not isinstance(each.this, exp.Column)]
        if odd:  # (a, b) = (SELECT …)
            names = tuple(column.name for each in expressions for column in each.this.find_all(exp.Column))
            reason = f"a change of several columns at once: {one_line(odd[0])}"
            for each in expressions:
                for used in tables_named(each):
                    query = query.join(used.copy(), join_type="cross")
            if self._is_own(first):
                self._own.lose(table_name(first), self._own.inputs(query))
                return
            yield self._unread(self._scope.entity_of(first), query, script, start, reason, "fields", names)
            return
        changes: dict[str, dict[str, exp.Expr]] = {}
        for each in in_their_order(expressions, first, self._engine.name):
            of = each.this.table.lower() if each.this.table.lower() in named else first.alias_or_name.lower()
            changes.setdefault(of, {})[each.this.name] = each.expression
        for alias, changed in changes.items():
            yield from self._changed(named.get(alias, first), changed, query, script, start)

    def _changed(
        self, table: exp.Table, changed: Mapping[str, exp.Expr], query: exp.Select, script: Script, start: int
    ) -> Iterator[Write]:
        """The columns of one table that an update changes, for each of the rows of a query."""
        if self._is_own(table):
            if not self._own.is_view(table_name(table)):
                self._own.update(table_name(table), table.alias_or_name, changed, query, self._named())
                return
            reason = f"an update of the view {table.sql()}"
            for target in self._own.inputs(exp.select("1").from_(table.copy())):
                yield self._unread(target, query, script, start, reason, "fields")
            return
        told = query.copy()
        told.set("expressions", [exp.alias_(each.copy(), name, quoted=True) for name, each in changed.items()])
        yield from self._into(self._scope.entity_of(table), told, list(changed), "fields", script, start)

    def _merge(self, tree: exp.Merge, script: Script, start: int) -> Iterator[Write]:
        table, using = tree.this, tree.args["using"]
        if self._is_own(table):
            self._own.lose(table_name(table), self._own.inputs(exp.select("1").from_(using.copy())))
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


def _places(query: exp.Expr, script: Script, start: int) -> list[Location]:
    """The places of the expressions of a SELECT list; none where a star stands in it."""
    query = first_select(query)
    found: list[Location] = []
    for written in query.expressions if isinstance(query, exp.Select) else ():
        offsets = [node.meta["start"] for node in written.walk() if "start" in node.meta]
        if isinstance(written, exp.Star) or written.find(exp.Star) or not offsets:
            return []
        found.append(script.place(start + min(offsets)))
    return found


_ALTERED = re.compile(r"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?P<name>[^\s(]+)", re.IGNORECASE)
_MAKES = re.compile(
    r"create\s+(?:or\s+replace\s+)?(?:\S+\s+){0,6}?(?:table|view)\s+(?:if\s+not\s+exists\s+)?(?P<name>[^\s(]+)",
    re.IGNORECASE,
)
_WRITING = re.compile(r"(?!delete|truncate|create\b(?!.*\bselect\b))", re.IGNORECASE | re.DOTALL)
"""What is no statement that writes where it cannot be read: there it is told."""
_IGNORING = re.compile(r"update\s+(?:low_priority\s+)?ignore\b", re.IGNORECASE)
"""MySQL: it alters what does not fit."""
_LONGEST_WORDS = 120


def _not_read(text: str) -> str:
    """The words for a statement that is not read."""
    return f"a statement that is not read: {' '.join(text.split())[:_LONGEST_WORDS]}"
