"""The tables and views that a script makes for itself, and no contract has: what they hold, statement by statement.

CREATE TEMP TABLE stage (no int, name varchar(20));       its columns, as they are declared
INSERT INTO stage SELECT id, name FROM crm.person;        what comes into them, as far as they hold it as it is
UPDATE stage SET name = upper(name) WHERE no > 5;         two ways in which records come about
DELETE FROM stage WHERE name IS NULL;                     those that are left
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from .arm import Arm, NotTakenApart
from .arms import arms_of, concerning
from .conditions import not_true
from .marks import constant_of_script, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .arm import Scope


@dataclass(frozen=True)
class _Column:
    """A column of a table of the script."""

    name: str
    declared: exp.ColumnDef | None
    """None: it has the type of what it was first filled with."""
    first: tuple[exp.Expr, Arm] | None = None
    """That."""


class OwnTables:
    """What the script made, by the name in small letters."""

    def __init__(self) -> None:
        self.made: dict[str, Sequence[Arm]] = {}
        """Those whose records are known."""
        self._views: set[str] = set()
        self._columns: dict[str, Mapping[str, _Column]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.made or name in self._columns

    def is_view(self, name: str) -> bool:
        """Whether it holds no records of its own."""
        return name in self._views

    def declare(self, name: str, schema: exp.Schema) -> None:
        """Take a table whose columns are declared; it holds nothing yet."""
        columns = {each.name.lower(): each.copy() for each in schema.expressions if isinstance(each, exp.ColumnDef)}
        for rule in (each for each in schema.expressions if not isinstance(each, exp.ColumnDef)):
            named = {each.name.lower() for each in rule.find_all(exp.Identifier)}
            constraint = (
                exp.PrimaryKeyColumnConstraint() if isinstance(rule, exp.PrimaryKey) and len(named) == 1 else None
            )
            for key in (
                columns.keys() & named if isinstance(rule, (exp.PrimaryKey, exp.UniqueColumnConstraint)) else columns
            ):
                kind = constraint or exp.CheckColumnConstraint(this=exp.true())
                columns[key].append("constraints", exp.ColumnConstraint(kind=kind.copy()))
        self.forget(name)
        self._columns[name] = {key: _Column(each.name, each) for key, each in columns.items()}

    def make(
        self,
        name: str,
        query: exp.Expr,
        scope: Scope,
        *,
        columns: Sequence[str] = (),
        schema: exp.Schema | None = None,
        is_view: bool = False,
    ) -> None:
        """Take a table, or a view, that is made of a query; it is not known where the query is not taken apart.

        `columns`: their names, in the order of the query's. `schema`: the types of some, and columns beside the query's.
        """
        self.forget(name)
        try:
            arms = arms_of(query, scope)
        except NotTakenApart:
            return  # who names it then names a table that no contract has
        if columns:
            arms = [
                replace(
                    arm,
                    columns={each.lower(): made for each, made in zip(columns, arm.columns.values(), strict=False)},
                    names={each.lower(): each for each in columns},
                )
                for arm in arms
            ]
        if is_view or not arms:
            self._views.add(name)
            self.made[name] = arms
            return
        held = {
            key: _Column(arms[0].names.get(key, key), None, (each, arms[0])) for key, each in arms[0].columns.items()
        }
        if schema is not None:
            self.declare(name, schema)
            held = {**held, **self._columns[name]}
            arms = [self._filled(held, arm.columns, arm, scope) for arm in arms]
        self.made[name] = arms
        self._columns[name] = held

    def rename(self, name: str, new: str) -> None:
        """A table that is called otherwise from now on."""
        self.made[new] = self.made.pop(name)
        if name in self._columns:
            self._columns[new] = self._columns.pop(name)
        if name in self._views:
            self._views.remove(name)
            self._views.add(new)

    def forget(self, name: str) -> None:
        """A table that is dropped, or filled in a way that is not read: who names it names a table that is not known."""
        self.made.pop(name, None)
        self._columns.pop(name, None)
        self._views.discard(name)

    def empty(self, name: str) -> None:
        """A table whose records are all deleted."""
        self.made.pop(name, None)

    def insert(self, name: str, query: exp.Expr, columns: Sequence[str] | None, scope: Scope) -> None:
        """More records in a table."""
        held = self._columns.get(name)
        if held is None:
            self.forget(name)
            return
        keys = [each.lower() for each in columns] if columns is not None else list(held)
        try:
            arms = arms_of(query, scope)
            new = [self._filled(held, dict(zip(keys, arm.columns.values(), strict=True)), arm, scope) for arm in arms]
        except (NotTakenApart, ValueError):
            self.forget(name)
            return
        self.made[name] = [*self.made.get(name, ()), *new]

    def insert_values(self, name: str) -> None:
        """Records that stand in the script: they come from no system."""
        held = self._columns.get(name)
        if held is not None and name not in self.made:
            columns = {key: constant_of_script() for key in held}
            self.made[name] = [Arm(columns, {}, names={key: column.name for key, column in held.items()})]

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
        held = self._columns.get(name, {})
        made = {each.lower(): value for each, value in changed.items()}
        if name not in self.made or not made.keys() <= held.keys():
            self.forget(name)
            return
        after = rows.copy()
        after.set(
            "expressions",
            [exp.alias_((made.get(key) or exp.column(key, table=alias)).copy(), key, quoted=True) for key in held],
        )
        try:
            arms = [self._filled(held, arm.columns, arm, scope) for arm in arms_of(after, scope)]
            is_all = rows.args.get("where") is None and len(tables_joined(rows)) == 1
            self.made[name] = [*(() if is_all else self._left(rows, name, scope)), *arms]
        except NotTakenApart:
            self.forget(name)

    def delete(self, tree: exp.Delete, name: str, scope: Scope) -> None:
        """Records that are deleted."""
        using = tree.args.get("using") or []
        joins = [*(tree.this.args.get("joins") or ()), *(exp.Join(this=each, kind="CROSS") for each in using)]
        table = tree.this.copy()
        table.set("joins", None)
        rows = exp.Select(
            from_=exp.From(this=table), joins=[each.copy() for each in joins], where=tree.args.get("where")
        )
        if not joins and rows.args["where"] is None:
            self.empty(name)
            return
        try:
            self.made[name] = self._left(rows, name, scope)
        except NotTakenApart:
            self.forget(name)

    def _left(self, rows: exp.Select, name: str, scope: Scope) -> list[Arm]:
        """The records of a table that a statement does not touch, of the rows that it looks at."""
        where = rows.args.get("where")
        untouched = exp.Select(expressions=[exp.Star()], from_=rows.args["from_"].copy())
        if len(tables_joined(rows)) == 1 and where is not None:
            return arms_of(untouched.where(not_true(where.this)), scope)
        words = " ".join(rows.sql().split())
        return [
            replace(arm, filters=(*arm.filters, f"not among {words}{concerning(arm)}"))
            for arm in self.made.get(name, ())
        ]


def tables_joined(rows: exp.Select) -> list[exp.Table]:
    """The tables of FROM and of its joins."""
    nodes = [rows.args["from_"].this, *(each.this for each in rows.args.get("joins") or ())]
    return [each for each in nodes if isinstance(each, exp.Table)]


def _default(column: _Column) -> exp.Expr:
    """What a column holds that a statement does not name."""
    for each in column.declared.args.get("constraints") or () if column.declared is not None else ():
        if isinstance(each.kind, exp.DefaultColumnConstraint):
            value = each.kind.this
            return value.copy() if isinstance(value, (exp.Literal, exp.Null)) else marked(value, "held")
    return exp.null()
