"""The tables of a FROM clause and its joins: which records come about, and which of their columns may be null."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.transforms import eliminate_join_marks

from .arm import NotTakenApart, one_line
from .marks import marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .arm import Arm


@dataclass(frozen=True)
class FromTable:
    """A table of a FROM clause: its name there, and the ways in which its records come about."""

    alias: str
    arms: Sequence[Arm]


JoinFilter: TypeAlias = "tuple[str, exp.Expr | None]"
"""What leaves out records: words, and a condition behind them."""


def with_joins(query: exp.Select) -> exp.Select:
    """A query whose joins stand side by side: those in parentheses, and outer joins by marks, `a.id = b.id(+)`.

    Oracle Database SQL Language Reference, "Outer Joins".
    """
    from_ = query.args.get("from_")
    inner = from_.this if from_ is not None else None
    if isinstance(inner, exp.Subquery) and isinstance(inner.this, exp.Table) and not inner.alias:  # FROM (a JOIN b)
        query = query.copy()
        table = query.args["from_"].this.this
        query.set("joins", [*(table.args.get("joins") or ()), *(query.args.get("joins") or ())])
        table.set("joins", None)
        query.set("from_", exp.From(this=table))
    where = query.args.get("where")
    if where is None or not any(column.args.get("join_mark") for column in where.find_all(exp.Column)):
        return query
    try:
        found = eliminate_join_marks(query.copy())
    except (AssertionError, SqlglotError) as error:
        raise NotTakenApart("an outer join by (+) that is not read") from error
    if not isinstance(found, exp.Select) or any(each.args.get("join_mark") for each in found.find_all(exp.Column)):
        raise NotTakenApart("an outer join by (+) that is not read")
    for join in found.args.get("joins") or ():
        if join.kind == "LEFT":  # as sqlglot writes it
            join.set("side", "LEFT")
            join.set("kind", None)
    return found


def shared_columns(
    sources: Sequence[FromTable], right: FromTable, join: exp.Join, merged: Mapping[str, str]
) -> dict[str, str]:
    """The columns that USING or NATURAL makes one of, each with the table on the left that has it."""
    names = [each.name.lower() for each in join.args.get("using") or ()]
    of_left = [(source.alias, name) for source in sources for arm in source.arms for name in arm.columns]
    if (join.method or "").upper() == "NATURAL":
        if any(arm.open is not None for source in (*sources, right) for arm in source.arms):
            raise NotTakenApart("a NATURAL JOIN of tables whose columns are not known")
        of_right = {name for arm in right.arms for name in arm.columns}
        names = list(dict.fromkeys(name for _, name in of_left if name in of_right))
    found: dict[str, str] = {}
    for name in names:
        having = list(dict.fromkeys(alias for alias, each in of_left if each == name)) or [
            each.alias for each in sources
        ]
        if len(having) > 1 and name not in merged:
            raise NotTakenApart(f"several tables of the query may have the column {name}")
        if join.side.upper() == "FULL":
            raise NotTakenApart(f"{name} is of either side of a FULL JOIN")
        found[name] = merged.get(name, having[0])
    return found


def joined_to(
    sources: list[FromTable], right: FromTable, join: exp.Join, shared: Mapping[str, str]
) -> tuple[list[FromTable], list[JoinFilter]]:
    """The sources with one more joined to them, and the words of what the join leaves out."""
    side, kind, method = join.side.upper(), join.kind.upper(), (join.method or "").upper()
    if method and method != "NATURAL":
        raise NotTakenApart(f"{method} JOIN is not read")
    on = join.args.get("on")
    if shared:
        on = exp.and_(*(exp.column(name, left).eq(exp.column(name, right.alias)) for name, left in shared.items()))
    told = f" {one_line(join.this)}{'' if on is None else ' ON '}"
    words: list[JoinFilter] = [] if kind == "CROSS" or side in {"LEFT", "FULL"} else [(f"JOIN{told}", on)]
    if kind in {"SEMI", "ANTI"}:
        return sources, [(f"{kind} JOIN{told}", on)]
    if side in {"RIGHT", "FULL"}:
        sources = [_optional(each) for each in sources]
    if side in {"LEFT", "FULL"}:
        right = _optional(right)
    return [*sources, right], [] if side == "RIGHT" else words


def _optional(source: FromTable) -> FromTable:
    """A source of which a record may be missing: conditions on it leave out values, not records."""
    return FromTable(
        source.alias,
        [
            replace(
                arm,
                columns={
                    name: _or_missing(each, is_whole=not (arm.where or arm.filters))
                    for name, each in arm.columns.items()
                },
                tables={alias: replace(use, is_optional=True) for alias, use in arm.tables.items()},
                where=(),
                filters=(),
            )
            for arm in source.arms
        ],
    )


def _or_missing(column: exp.Expr, *, is_whole: bool) -> exp.Expr:
    """What an outer join gives of a column: of a table's own, its value or null; of what is made of it, nothing is told.

    `is_whole`: every record of the table may be joined.
    """
    while isinstance(column, exp.Paren):
        column = column.this
    if isinstance(column, exp.Column) and is_whole:
        return column
    return marked(column, "outer_joined")
