"""Trees of sqlglot, as far as they are the same for every statement: the dialect, and the names of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlglot import exp
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from ...formats.ddl.engines.engine import EngineName

_Tree = TypeVar("_Tree", bound=exp.Expr)
_DIALECTS: dict[EngineName, str] = {"sqlserver": "tsql", "mariadb": "mysql"}
"""sqlglot's words, where they are not ours. It has none for Db2."""


def sqlglot_dialect(engine: EngineName) -> str | None:
    """Sqlglot's word for the SQL of an engine; None where it reads none of it as that engine does."""
    return None if engine == "db2" else _DIALECTS.get(engine, engine)


def table_of(name: str, engine: EngineName) -> exp.Table | None:
    """A table from its name in the SQL of an engine; None where it is no name."""
    try:
        return None if not name else with_signs(exp.to_table(name, dialect=sqlglot_dialect(engine)))
    except SqlglotError:
        return None


def with_signs(tree: _Tree) -> _Tree:
    """A tree in which a temporary table of SQL Server bears its sign: `#stage` is another table than `stage`."""
    for each in tree.find_all(exp.Identifier):
        if each.args.get("temporary"):
            each.set("this", f"#{each.this}")
            each.set("temporary", None)
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Parameter):  # a variable: `@rows`
            table.set("this", exp.to_identifier(f"#@{table.this.name}", quoted=True))
        if isinstance(table.this, exp.Dot):  # of another server: `srv.db.crm.person`
            *_, schema, name = table.this.flatten()
            table.set("this", name.copy())
            table.set("db", schema.copy())
    return tree


def first_select(query: exp.Expr) -> exp.Expr:
    """The first part of a union, which names its columns and what it goes into."""
    while isinstance(query, (exp.SetOperation, exp.Subquery)):
        query = query.this
    return query
