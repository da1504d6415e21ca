"""The tables and views that a script makes for itself, and no contract has: what they hold, statement by statement.

CREATE TEMP TABLE stage (no int, name varchar(20));       its columns, as they are declared
INSERT INTO stage SELECT id, name FROM crm.person;        what comes into them, as far as they hold it as it is
UPDATE stage SET name = upper(name) WHERE no > 5;         two ways in which records come about
DELETE FROM stage WHERE name IS NULL;                     those that are left
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from .arm import Arm, NotTakenApart, one_line, table_name
from .arms import arms_of, concerning, with_names
from .conditions import not_true
from .marks import constant_of_script, marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...documents.names import EntityName
    from .arm import Scope


@dataclass(frozen=True)
class _Column:
    """A column of a table of the script."""

    name: str
    declared: exp.ColumnDef | None
    """None: it has the type of what it was first filled with."""
    first: tuple[exp.Expr, Arm] | None = None
    """That."""


@dataclass(frozen=True)
class _View:
    """A view of the script: a query that is asked when it is named."""

    query: exp.Expr
    columns: Sequence[str]


@dataclass
class _Own:
    """A table or a view of the script."""

    columns: Mapping[str, _Column] = field(default_factory=dict)
    """By their names in small letters; none: they are not known."""
    arms: Sequence[Arm] | None = None
    """The ways in which its records come about; None: nothing came into it, or in a way that is not read."""
    lost: tuple[EntityName, ...] | None = None
    """It was filled, or changed, in a way that is not read: the tables of contracts that it was filled from."""
    view: _View | None = None
    hides: bool = False
    """Whether it is a temporary table, which comes before the table of a contract that has its name."""

    @property
    def entities(self) -> Iterator[EntityName]:
        """The tables of contracts that it was filled from."""
        yield from self.lost or ()
        yield from (use.entity for arm in self.arms or () for use in arm.tables.values())


class OwnTables:
    """What the script made, by the name in small letters."""

    def __init__(self, scope: Scope) -> None:
        """`scope`: what is known without the script's tables."""
        self._scope = scope
        self._tables: dict[str, _Own] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._tables

    def __bool__(self) -> bool:
        return bool(self._tables)

    def hides(self, name: str) -> bool:
        """Whether it is a temporary table, which comes before the table of a contract that has its name."""
        return name in self._tables and self._tables[name].hides

    def is_view(self, name: str) -> bool:
        """Whether it holds no records of its own."""
        return name in self._tables and self._tables[name].view is not None

    def scope(self, filled: Mapping[EntityName, Sequence[Arm]]) -> Scope:
        """What names of tables stand for now."""
        made = {**self._scope.made, **{name: own.arms for name, own in self._tables.items() if own.arms is not None}}
        lost = {name for name, own in self._tables.items() if own.lost is not None}
        for name, own in self._tables.items():
            if own.view is not None:
                known = replace(self._scope, made=made, lost=lost, filled=filled)
                try:
                    made[name] = with_names(arms_of(own.view.query, known), own.view.columns)
                except NotTakenApart:
                    lost.add(name)
        return replace(self._scope, made=made, lost=lost, filled=filled)

    def inputs(self, query: exp.Expr, above: frozenset[str] = frozenset()) -> tuple[EntityName, ...]:
        """The tables that a query names; in the place of one of the script those that it was filled from."""
        found: dict[EntityName, None] = {}
        for table in tables_named(query):
            name = table_name(table)
            own = self._tables.get(name)
            if own is None:
                found[self._scope.entity_of(table)] = None
            elif own.view is None:
                found |= dict.fromkeys(own.entities)
            elif name not in above:
                found |= dict.fromkeys(self.inputs(own.view.query, above | {name}))
        return tuple(found)

    def declare(self, name: str, schema: exp.Schema, *, hides: bool = False) -> None:
        """Take a table whose columns are declared; it holds nothing yet."""
        self._tables[name] = _Own(_declared(schema), hides=hides)

    def show(self, name: str, query: exp.Expr, columns: Sequence[str] = ()) -> None:
        """Take a view."""
        self._tables[name] = _Own(view=_View(query.copy(), tuple(columns)))

    def make(
        self,
        name: str,
        query: exp.Expr,
        scope: Scope,
        *,
        columns: Sequence[str] = (),
        schema: exp.Schema | None = None,
        hides: bool = False,
    ) -> None:
        """Take a table that is made of a query.

        `columns`: their names, in the order of the query's. `schema`: the types of some, and columns beside the query's.
        """
        inputs = self.inputs(query)
        own = self._tables[name] = _Own(hides=hides, lost=inputs)
        try:
            arms = with_names(arms_of(query, scope), columns)
            held = _made_of(arms[0]) if arms else {}
            if schema is not None:
                declared = _declared(schema)
                beside = {key: each for key, each in declared.items() if key not in held}
                held = beside | {key: declared.get(key, each) for key, each in held.items()}
                arms = [self._filled(held, arm.columns, arm, scope) for arm in arms]
        except NotTakenApart:
            return
        if arms:
            own.columns, own.arms, own.lost = held, arms, None

    def rename(self, name: str, new: str) -> None:
        """A table that is called otherwise from now on."""
        self._tables[new] = self._tables.pop(name)

    def lose(self, name: str, inputs: Sequence[EntityName] = ()) -> None:
        """A table that was filled, or changed, in a way that is not read, from these tables, too."""
        own = self._tables[name]
        if own.view is None:
            own.lost = tuple(dict.fromkeys((*own.entities, *inputs)))
            own.arms = None

    def lose_seen_by_programs(self) -> None:
        """A procedure sees its caller's temporary tables, and may change them (SQL Server, "CREATE TABLE")."""
        for name, own in self._tables.items():
            if name.startswith("#") and not name.startswith("#@") and own.arms is not None:
                self.lose(name)

    def empty(self, name: str) -> None:
        """A table whose records are all deleted."""
        own = self._tables[name]
        own.arms = own.lost = None

    def insert(
        self, name: str, query: exp.Expr, columns: Sequence[str] | None, scope: Scope, *, by_name: bool = False
    ) -> None:
        """More records in a table; `by_name`: the query's columns come into those of their names."""
        own = self._tables[name]
        if own.lost is not None or not own.columns:
            self.lose(name, self.inputs(query))
            return
        keys = [each.lower() for each in columns] if columns is not None else list(own.columns)
        try:
            new = []
            for arm in arms_of(query, scope):
                given = arm.columns if by_name else dict(zip(keys, arm.columns.values(), strict=columns is not None))
                new.append(self._filled(own.columns, given, arm, scope))
        except (NotTakenApart, ValueError):
            self.lose(name, self.inputs(query))
            return
        own.arms = [*(own.arms or ()), *new]

    def insert_values(self, name: str, values: exp.Expr) -> None:
        """Records that stand in the script: they come from no system, but for queries among them."""
        own = self._tables[name]
        if values.find(exp.Query) is not None:
            self.lose(name, self.inputs(values))
        elif own.columns and own.arms is None and own.lost is None:
            columns = {key: constant_of_script() for key in own.columns}
            own.arms = [Arm(columns, {}, names={key: column.name for key, column in own.columns.items()})]

    def _filled(self, held: Mapping[str, _Column], given: Mapping[str, exp.Expr], arm: Arm, scope: Scope) -> Arm:
        """A way of coming about, with the columns of the table; raises NotTakenApart where it has not those."""
        if not given.keys() <= held.keys():
            raise NotTakenApart("the table has no such column")
        columns = {
            key: self._in_column(column, given[key], arm, scope) if key in given else _default(column)
            for key, column in held.items()
        }
        return replace(arm, columns=columns, names={key: column.name for key, column in held.items()}, open=None)

    def _in_column(self, column: _Column, value: exp.Expr, arm: Arm, scope: Scope) -> exp.Expr:
        if isinstance(value, exp.Null):
            return value
        if column.declared is not None:
            fits = scope.values.fits(value, arm, column.declared)
        else:
            fits = column.first is not None and scope.values.is_alike(value, arm, *column.first)
        return value if fits else marked(value, "held")

    def update(self, name: str, alias: str, changed: Mapping[str, exp.Expr], rows: exp.Select, scope: Scope) -> None:
        """Records that are changed, beside those that are not.

        `rows`: what the statement looks at, in which the table is called `alias`.
        """
        own = self._tables[name]
        made = {each.lower(): value for each, value in changed.items()}
        inputs = (*self.inputs(rows), *(each for value in changed.values() for each in self.inputs(value)))
        if own.arms is None or not made.keys() <= own.columns.keys():
            self.lose(name, inputs)
            return
        after = rows.copy()
        after.set(
            "expressions",
            [
                exp.alias_((made.get(key) or exp.column(key, table=alias)).copy(), key, quoted=True)
                for key in own.columns
            ],
        )
        try:
            arms = [self._filled(own.columns, arm.columns, arm, scope) for arm in arms_of(after, scope)]
            is_all = rows.args.get("where") is None and len(tables_joined(rows)) == 1
            own.arms = [*(() if is_all else self._left(rows, own.arms, scope)), *arms]
        except NotTakenApart:
            self.lose(name, inputs)

    def delete(self, tree: exp.Delete, name: str, scope: Scope) -> None:
        """Records that are deleted; those that are left, where that is told."""
        own = self._tables[name]
        joins = [
            *(tree.this.args.get("joins") or ()),
            *(exp.Join(this=each, kind="CROSS") for each in tree.args.get("using") or []),
        ]
        table = tree.this.copy()
        table.set("joins", None)
        is_some = tree.args.get("limit") is not None
        where = None if is_some else tree.args.get("where")
        rows = exp.Select(from_=exp.From(this=table), joins=[each.copy() for each in joins], where=where)
        if not joins and where is None and not is_some:
            self.empty(name)
        elif own.arms is not None:
            try:
                own.arms = self._left(rows, own.arms, scope)
            except NotTakenApart:
                self.lose(name)

    @staticmethod
    def _left(rows: exp.Select, arms: Sequence[Arm], scope: Scope) -> list[Arm]:
        """The records of a table that a statement does not touch, of the rows that it looks at."""
        where = rows.args.get("where")
        untouched = exp.Select(expressions=[exp.Star()], from_=rows.args["from_"].copy())
        if len(tables_joined(rows)) == 1 and where is not None:
            return arms_of(untouched.where(not_true(where.this)), scope)
        words = one_line(rows)
        return [replace(arm, filters=(*arm.filters, f"not among {words}{concerning(arm)}")) for arm in arms]


def _declared(schema: exp.Schema) -> dict[str, _Column]:
    """The columns that a schema declares, each with the rules of the table that name it."""
    plain = (exp.ColumnDef, exp.Identifier)  # SQLite: a column without a type
    columns = {
        each.name.lower(): each.copy() if isinstance(each, exp.ColumnDef) else exp.ColumnDef(this=each.copy())
        for each in schema.expressions
        if isinstance(each, plain)
    }
    for rule in (each for each in schema.expressions if not isinstance(each, plain)):
        named = {each.name.lower() for each in rule.find_all(exp.Identifier)}
        is_key = rule.find(exp.PrimaryKey) is not None
        of_some = is_key or rule.find(exp.UniqueColumnConstraint) is not None
        kind = exp.PrimaryKeyColumnConstraint() if is_key and len(named) == 1 else exp.CheckColumnConstraint()
        for key in columns.keys() & named if of_some else columns:
            columns[key].append("constraints", exp.ColumnConstraint(kind=kind.copy()))
    return {key: _Column(each.name, each) for key, each in columns.items()}


def _made_of(first: Arm) -> dict[str, _Column]:
    """The columns of a table that is made of a query: of the types of what it was first filled with."""
    return {key: _Column(first.names.get(key, key), None, (each, first)) for key, each in first.columns.items()}


def tables_named(query: exp.Expr) -> list[exp.Table]:
    """The tables that a query names, but for its common table expressions."""
    own = {each.alias.lower() for with_ in query.find_all(exp.With) for each in with_.expressions}
    return [
        table
        for table in query.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and (table.args.get("db") or table.name.lower() not in own)
    ]


def tables_joined(rows: exp.Select) -> list[exp.Table]:
    """The tables of FROM and of its joins."""
    nodes = [rows.args["from_"].this, *(each.this for each in rows.args.get("joins") or ())]
    return [each for each in nodes if isinstance(each, exp.Table)]


_FILLED_ALONE = (
    exp.AutoIncrementColumnConstraint,
    exp.GeneratedAsIdentityColumnConstraint,
    exp.GeneratedAsRowColumnConstraint,
    exp.ComputedColumnConstraint,
)
_NUMBERED = frozenset((exp.DType.SERIAL, exp.DType.BIGSERIAL, exp.DType.SMALLSERIAL))


def _default(column: _Column) -> exp.Expr:
    """What a column holds that a statement does not name."""
    if column.declared is None:
        return exp.null()
    kinds = [each.kind for each in column.declared.args.get("constraints") or ()]
    of_type = column.declared.args.get("kind")
    is_row_number = of_type is not None and of_type.this == exp.DType.INT
    is_row_number = is_row_number and any(isinstance(each, exp.PrimaryKeyColumnConstraint) for each in kinds)
    is_numbered = is_row_number or (of_type is not None and of_type.this in _NUMBERED)
    if is_numbered or any(isinstance(each, _FILLED_ALONE) for each in kinds):
        return marked(exp.var("a value that the database fills in"), "listed")
    for each in kinds:
        if isinstance(each, exp.DefaultColumnConstraint):
            return each.this.copy() if isinstance(each.this, exp.Null) else marked(each.this, "held")
    return exp.null()
