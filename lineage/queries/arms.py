"""What a query gives: per way a record comes about (an arm of a union), its columns as expressions over tables alone.

Subqueries, common table expressions and tables that the script itself makes are put in the place where they are named:

    WITH c AS (SELECT upper(name) AS n FROM crm.person WHERE kind = 'P') SELECT trim(c.n) AS title FROM c
    title = trim(upper(person.name)), of the records of crm.person where kind = 'P'

What decides which records there are beyond a condition on one table (a join, EXISTS, a limit) is kept in words.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from sqlglot import exp

from .arm import Arm, ColumnOfSeveral, ColumnsTooLarge, NotTakenApart, Scope, TableUse, one_line, table_name
from .joins import FromTable, JoinFilter, joined_to, shared_columns, with_joins
from .marks import constant_of_script, marked, marked_unread, unmarked

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from ...documents.names import EntityName

_MOST_ARMS = 64
"""A query of more ways is not taken apart."""
_MOST_NODES = 5_000
"""Nor is one whose columns are larger expressions: each level of queries may double them."""


def arms_of(query: exp.Expr, scope: Scope) -> list[Arm]:
    """The arms of a query. Raises NotTakenApart."""
    with_ = query.args.get("with_")
    recursive = with_ is not None and bool(with_.args.get("recursive"))
    for each in with_.expressions if with_ is not None else ():
        if recursive and any(table.name.lower() == each.alias.lower() for table in each.this.find_all(exp.Table)):
            raise NotTakenApart(f"{each.alias} refers to itself")
        inner = with_names(arms_of(each.this, scope), [name.name for name in each.args["alias"].columns])
        scope = replace(scope, made={**scope.made, each.alias.lower(): inner})
    match query:
        case exp.Subquery():
            return arms_of(query.this, scope)
        case exp.SetOperation():
            return _set_operation(query, scope)
        case exp.Select():
            return _select(query, scope)
        case exp.Table():
            return _select(exp.select("*").from_(query.copy()), scope)
        case _:
            raise NotTakenApart(f"{query.key} is not read")


def with_names(arms: list[Arm], names: Sequence[str]) -> list[Arm]:
    """The arms with these names for their columns, where there are any."""
    if not names:
        return arms
    keys: list[str] = []
    for place, name in enumerate(names):
        keys.append(_key(name, place, keys))
    return [
        replace(
            arm,
            columns=dict(zip(keys, arm.columns.values(), strict=False)),
            names=dict(zip(keys, names, strict=True)),
        )
        for arm in arms
    ]


def _key(name: str, place: int, others: Container[str]) -> str:
    """What a column is kept by: its name, or, after another of that name, its place."""
    return name.lower() if name.lower() not in others else f"{name.lower()} ({place})"


def _set_operation(query: exp.SetOperation, scope: Scope) -> list[Arm]:
    if query.args.get("by_name"):
        raise NotTakenApart("a union BY NAME is not read")
    left, right = arms_of(query.this, scope), arms_of(query.expression, scope)
    names = list(left[0].names.values()) if left else []
    if isinstance(query, exp.Union):
        arms = [*left, *with_names(right, names)]
        if len(arms) > _MOST_ARMS:
            raise NotTakenApart(f"a union of more than {_MOST_ARMS} parts")
        arms = _of_one_type(arms, scope)
    else:
        words = f"{query.key.upper()} {one_line(query.expression)}"
        arms = [replace(arm, filters=(*arm.filters, f"{words}{concerning(arm)}")) for arm in left]
    limits = tuple(map(one_line, _limits(query)))
    return [replace(arm, filters=(*arm.filters, *limits)) for arm in arms]


def _of_one_type(arms: list[Arm], scope: Scope) -> list[Arm]:
    """The parts of a union, whose columns are marked where they get another type than their own."""
    for place, name in enumerate(arms[0].columns if arms else ()):
        parts = [(each, arm) for arm in arms for each in list(arm.columns.values())[place : place + 1]]
        mark = scope.values.union_mark(parts) if len(parts) == len(arms) else None
        if mark is not None:
            arms = [replace(arm, columns={**arm.columns, name: marked(arm.columns[name], mark)}) for arm in arms]
    return arms


def concerning(arm: Arm) -> str:
    """The fields that the columns of an arm are of, as a part of words: what is left out hangs on them."""
    names = dict.fromkeys(
        f"{arm.tables[each.table].entity}.{each.name}"
        for column in arm.columns.values()
        for each in column.find_all(exp.Column)
        if each.table in arm.tables
    )
    return f" of {', '.join(names)}" if names else ""


def _limits(query: exp.Expr) -> tuple[exp.Expr, ...]:
    """The clauses that leave out records beside WHERE."""
    return tuple(
        clause
        for key in ("having", "qualify", "limit", "fetch", "offset", "sample")
        if (clause := query.args.get(key)) is not None
    )


def _select(query: exp.Select, scope: Scope) -> list[Arm]:
    query = with_joins(query)
    from_ = query.args.get("from_")
    sources = [] if from_ is None else [_source(from_.this, scope)]
    kept: list[JoinFilter] = []
    merged: dict[str, str] = {}
    for join in query.args.get("joins") or ():
        right = _source(join.this, scope)
        shared = shared_columns(sources, right, join, merged)
        sources, words = joined_to(sources, right, join, shared)
        kept += words
        merged |= {name: right.alias if join.side.upper() == "RIGHT" else left for name, left in shared.items()}
    if len(query.args.get("laterals") or ()) > 0:
        raise NotTakenApart("LATERAL is not read")
    group = query.args.get("group")
    if group is not None and group.find(exp.GroupingSets, exp.Rollup, exp.Cube) is not None:
        raise NotTakenApart("ROLLUP, CUBE and GROUPING SETS make null, and are not read")
    conditions = _conjuncts(query.args.get("where"))
    distinct = query.args.get("distinct")
    if distinct is not None and distinct.args.get("on") is not None:
        kept.append(("DISTINCT ON", None))
    arms = []
    for choice in _choices(sources):
        chosen = dict(zip((source.alias for source in sources), choice, strict=True))
        arms.append(_arm(query, _Names(chosen, merged, scope), conditions, kept))
        if len(arms) > _MOST_ARMS:
            raise NotTakenApart(f"a query of more than {_MOST_ARMS} parts")
    return arms


def _conjuncts(where: exp.Expr | None) -> list[exp.Expr]:
    if where is None:
        return []
    condition = where.this.unnest()
    parts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    return [each for each in parts if not _is_always_true(each)]


def _is_always_true(condition: exp.Expr) -> bool:
    """Whether it is TRUE, or `1 = 1`, which scripts begin their conditions with."""
    match condition.unnest():
        case exp.Boolean(this=True):
            return True
        case exp.EQ(this=exp.Literal() as left, expression=exp.Literal() as right):
            return bool(left == right)
        case _:
            return False


def _choices(sources: Sequence[FromTable]) -> Iterator[tuple[Arm, ...]]:
    return product(*(source.arms for source in sources))


def _source(node: exp.Expr, scope: Scope) -> FromTable:
    alias = node.alias_or_name.lower()
    names = [each.name for each in node.args["alias"].columns] if node.args.get("alias") else []
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
        known = None if node.args.get("db") else scope.made.get(node.name.lower())
        known = known if known is not None else scope.made.get(table_name(node))
        if node.args.get("pivots"):
            raise NotTakenApart("PIVOT is not read")
        if known is not None:
            return FromTable(alias, with_names([_apart(arm, scope) for arm in known], names))
        for name in (table_name(node), *(() if node.args.get("db") else (node.name.lower(),))):
            if name in scope.lost:
                raise NotTakenApart(f"{node.name} was filled in a way that is not read")
        entity = scope.entity_of(node)
        arm = _table(entity, scope)
        if node.args.get("sample") is not None:
            arm = replace(arm, filters=(one_line(node.args["sample"]),))
        return FromTable(alias, with_names([arm], names))
    if isinstance(node, exp.Subquery) and not node.args.get("pivots"):
        return FromTable(alias, with_names(arms_of(node.this, scope), names))
    if isinstance(node, exp.Values) and node.expressions:
        return FromTable(alias, with_names([_listed(node)], names))
    raise NotTakenApart(f"{one_line(node)[:60]} is not a table")


def _listed(values: exp.Values) -> Arm:
    """The rows of VALUES, which come from no table."""
    width = len(values.expressions[0].expressions)
    names = [f"column{place}" for place in range(1, width + 1)]
    return Arm({name: constant_of_script() for name in names}, {}, names={name: name for name in names})


def _table(entity: EntityName, scope: Scope) -> Arm:
    """The records of a table: a column that its contract leaves out is what the table was filled with."""
    own = f"t{next(scope.numbers)}"
    known = scope.columns(entity) or ()
    columns: dict[str, exp.Expr] = {name.lower(): exp.column(name, table=own, quoted=True) for name in known}
    names = {name.lower(): name for name in known}
    tables = {own: TableUse(entity)}
    before = scope.filled.get(entity, ())
    if len(before) == 1 and known and not before[0].where and not before[0].filters:
        inner = _apart(before[0], scope)
        columns = {**inner.columns, **columns}
        names = {**inner.names, **names}
        used = {
            each.table for name in inner.columns.keys() - {*map(str.lower, known)} for each in _columns_in(inner, name)
        }
        tables |= {alias: use for alias, use in inner.tables.items() if alias in used}
    return Arm(columns, tables, names=names, open=None if columns else own)


def _columns_in(arm: Arm, name: str) -> Iterator[exp.Column]:
    return arm.columns[name].find_all(exp.Column)


def _apart(arm: Arm, scope: Scope) -> Arm:
    """The arm with aliases of its own: the same table may be named twice."""
    own = {alias: f"t{next(scope.numbers)}" for alias in arm.tables}

    def renamed(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.table in own:
            node.set("table", exp.to_identifier(own[node.table]))
        return node

    return replace(
        arm,
        columns={name: each.copy().transform(renamed) for name, each in arm.columns.items()},
        tables={own[alias]: use for alias, use in arm.tables.items()},
        where=tuple(each.copy().transform(renamed) for each in arm.where),
        open=None if arm.open is None else own[arm.open],
    )


def _arm(query: exp.Select, names_: _Names, conditions: Sequence[exp.Expr], kept: Sequence[JoinFilter]) -> Arm:
    """The arm of a SELECT over one choice of the arms of its sources."""
    chosen = names_.chosen
    columns: dict[str, exp.Expr] = {}
    names: dict[str, str] = {}
    for place, written in enumerate(query.expressions):
        for name, each in _projected(written, names_, place):
            key = _key(name, place, columns)
            columns[key] = each if each is not written else names_.resolved_as_far(written.unalias(), columns)
            names[key] = name
    where = [each for arm in chosen.values() for each in arm.where]
    filters = [words for arm in chosen.values() for words in arm.filters]
    for condition in conditions:
        known = None if condition.find(exp.Query) is not None else names_.resolved_if_known(condition, columns)
        if known is None:
            filters.append(names_.told(condition))
        else:
            where.append(known)
    filters += [words + ("" if node is None else names_.told(node)) for words, node in kept]
    filters += [names_.told(clause) for clause in _limits(query)]
    opened = {arm.open for arm in chosen.values()} if _is_starred(query) else {None}
    return Arm(
        columns,
        names_.tables,
        tuple(where),
        tuple(dict.fromkeys(filters)),
        names,
        open=opened.pop() if len(opened) == 1 else None,
    )


def _is_starred(query: exp.Select) -> bool:
    return any(
        isinstance(each, exp.Star) or (isinstance(each, exp.Column) and isinstance(each.this, exp.Star))
        for each in query.expressions
    )


def _projected(written: exp.Expr, names: _Names, place: int) -> Iterator[tuple[str, exp.Expr]]:
    """The columns of one item of a SELECT list, by name; a star is all columns of its tables."""
    if written.find(exp.Columns) is not None:  # DuckDB: any number of columns, by a pattern
        raise NotTakenApart(f"{one_line(written)} is not read")
    star = written if isinstance(written, exp.Star) else written.this if isinstance(written, exp.Column) else None
    if not isinstance(star, exp.Star):
        yield written.alias_or_name or f"_{place}", written
        return
    of = written.table.lower() if isinstance(written, exp.Column) else None
    without = {each.name.lower() for each in star.args.get("except_") or ()}
    if star.args.get("replace") or star.args.get("rename"):
        raise NotTakenApart("a star with REPLACE or RENAME is not read")
    for name, owner in names.merged.items() if of is None else ():
        found = names.chosen[owner].column(name)
        if found is not None and name not in without:
            yield names.chosen[owner].names.get(name, name), found.copy()
    for alias, arm in names.chosen.items():
        if of is None or alias == of:
            if not arm.columns and (arm.open is None or len(names.chosen) > 1):
                raise NotTakenApart(f"the columns of {alias} are not known")
            for name, each in arm.columns.items():
                if name not in without and (of is not None or name not in names.merged):
                    yield arm.names.get(name, name), each.copy()


class _Names:
    """What the names of columns stand for in a SELECT, and in the queries within its expressions."""

    def __init__(self, chosen: Mapping[str, Arm], merged: Mapping[str, str], scope: Scope) -> None:
        """`merged`: the columns that USING makes one of, each with the table whose value they have."""
        self.chosen = chosen
        self.merged = merged
        self.tables = {alias: use for arm in chosen.values() for alias, use in arm.tables.items()}
        """Those of the queries within are optional: they may find no record."""
        self._scope = scope
        self._within: dict[str, Mapping[str, Arm]] = {}

    def resolved(self, node: exp.Expr, earlier: Mapping[str, exp.Expr]) -> exp.Expr:
        """An expression with every column in the place of its name. Raises NotTakenApart."""
        nodes = 0
        found: dict[int, exp.Expr] = {}
        whole = node.copy()
        for each in whole.find_all(exp.Column):
            if not isinstance(each.this, exp.Star):
                column = found[id(each)] = self._column(each, earlier)
                nodes += sum(1 for _ in column.walk())
            if nodes > _MOST_NODES:
                raise ColumnsTooLarge("its expressions are too large")

        def replaced(each: exp.Expr) -> exp.Expr:
            column = found.get(id(each))
            if column is None:
                return each
            is_plain = isinstance(column, (exp.Column, exp.Literal))
            return column.copy() if is_plain else exp.paren(column.copy(), copy=False)

        return whole.transform(replaced, copy=False)

    def resolved_if_known(self, condition: exp.Expr, earlier: Mapping[str, exp.Expr]) -> exp.Expr | None:
        """A condition with every column in the place of its name; None where one is of no table that is known."""
        try:
            return self.resolved(condition, earlier)
        except NotTakenApart:
            return None

    def _found(self, column: exp.Column, earlier: Mapping[str, exp.Expr]) -> exp.Expr | None:
        """What a name stands for; None: it is not known."""
        try:
            return None if isinstance(column.this, exp.Star) else self._column(column, earlier)
        except NotTakenApart:
            return None

    def resolved_as_far(self, node: exp.Expr, earlier: Mapping[str, exp.Expr]) -> exp.Expr:
        """An item of a SELECT list; one with a name that is not known is so much: of all tables, in a way not told."""
        try:
            return self.resolved(node, earlier)
        except NotTakenApart as error:
            if isinstance(error, ColumnsTooLarge) or all(arm.open is not None for arm in self.chosen.values()):
                raise
            known = [found for each in node.find_all(exp.Column) if (found := self._found(each, earlier)) is not None]
            if not known or isinstance(error, ColumnOfSeveral):
                known += [each for arm in self.chosen.values() for each in list(arm.columns.values())[:1]]
            columns = {f"{each.table}.{each.name}": each for one in known for each in one.find_all(exp.Column)}
            return marked_unread(str(error), columns.values())

    def told(self, node: exp.Expr) -> str:
        """A condition in words, with the full names of the fields that its columns are, as far as they are known."""

        def named(each: exp.Expr) -> exp.Expr:
            if not isinstance(each, exp.Column) or isinstance(each.this, exp.Star):
                return each
            try:
                found = self._column(each, {})
            except NotTakenApart:
                return each
            own = found.copy().transform(self._full_name)
            return own if isinstance(own, exp.Column) else exp.paren(own, copy=False)

        return one_line(unmarked(node.copy().transform(named))[0]).replace('"', "")

    def _full_name(self, one: exp.Expr) -> exp.Expr:
        if isinstance(one, exp.Column) and one.table in self.tables:
            return exp.column(f"{self.tables[one.table].entity}.{one.name}")
        return one

    def _column(self, column: exp.Column, earlier: Mapping[str, exp.Expr]) -> exp.Expr:
        """What a name stands for: the queries around it are asked from the innermost one on."""
        levels = [*self._levels(column), self.chosen]
        name = column.name.lower()
        if (
            not column.table
            and name in self.merged
            and not any(name in arm.columns for level in levels[:-1] for arm in level.values())
        ):
            arms = [self.chosen[self.merged[name]]]
        elif column.table:
            arms = next(([level[column.table.lower()]] for level in levels if column.table.lower() in level), [])
        else:
            known = ([arm for arm in level.values() if name in arm.columns] for level in levels)
            arms = next((each for each in known if each), [])
            if not arms and name in earlier:
                return earlier[name]
            open_ = ([arm for arm in level.values() if arm.column(name) is not None] for level in levels)
            arms = arms or next((each for each in open_ if each), [])
        if not arms:
            raise NotTakenApart(f"no table of the query has a column {column.sql()}")
        if len(arms) > 1:
            raise ColumnOfSeveral(f"several tables of the query may have the column {column.sql()}")
        found = arms[0].column(name)
        if found is not None:
            return found
        raise NotTakenApart(f"there is no column {column.sql()}")

    def _levels(self, column: exp.Column) -> Iterator[Mapping[str, Arm]]:
        """The tables of the queries within the expression that a column stands in, the innermost first."""
        select = column.find_ancestor(exp.Select)
        while select is not None:
            sources = _sources_of(select)
            written = ", ".join(map(one_line, sources))
            if written not in self._within:
                self._within[written] = self._tables_within(select, sources)
            yield self._within[written]
            select = select.find_ancestor(exp.Select)

    def _tables_within(self, select: exp.Select, sources: Sequence[exp.Expr]) -> Mapping[str, Arm]:
        if select.find_ancestor(exp.With) is not None or select.args.get("with_") is not None:
            raise NotTakenApart("a query with a WITH in an expression is not read")
        found: dict[str, Arm] = {}
        for node in sources:
            source = _source(node, self._scope)
            if len(source.arms) != 1:
                raise NotTakenApart("a union in a query in an expression is not read")
            (found[source.alias],) = source.arms
        self.tables |= {
            alias: replace(use, is_optional=True) for arm in found.values() for alias, use in arm.tables.items()
        }
        return found


def _sources_of(select: exp.Select) -> list[exp.Expr]:
    from_ = select.args.get("from_")
    return [each.this for each in (from_, *(select.args.get("joins") or ())) if each is not None]
