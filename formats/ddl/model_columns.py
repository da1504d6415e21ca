"""The columns of dbt's models that nobody described: those that their compiled SQL gives, by name.

A star is the columns of what it stands for, as far as these are known: those of a query in the same text, of a model
before it, or of a seed or source whose columns are written down. Their types are not known from a query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...documents.tree import child, children, text
from ..sql_trees import sql_tree

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

    from ...documents.yaml_events import Node
    from .engines.engine import Engine

_MOST_DEPTH = 200
"""Models that stand for one another by a star."""


class QueryColumns:
    """Works out the columns of the queries of one manifest, each when it is asked for."""

    def __init__(self, tree: Node, engine: Engine | None) -> None:
        self._dialect = None if engine is None else engine.grammar
        self._nodes: dict[str, Node] = {}
        self._relations: dict[tuple[str, ...], str] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        for group in ("nodes", "sources"):
            for identity, node in children(child(tree, group)):
                self._nodes[identity.value] = node
                name = text(child(node, "alias")) or text(child(node, "identifier")) or text(child(node, "name")) or ""
                schema = text(child(node, "schema")) or ""
                self._relations[schema.lower(), name.lower()] = identity.value

    def of(self, identity: str) -> tuple[str, ...]:
        """The names of the columns that the query of a node gives, in its order; none where they are not known."""
        if identity not in self._known:
            self._known[identity] = ()  # where it stands for itself
            self._known[identity] = self._read(self._nodes[identity]) if identity in self._nodes else ()
        return self._known[identity]

    def _read(self, node: Node) -> tuple[str, ...]:
        from sqlglot.errors import SqlglotError

        code = text(child(node, "compiled_code")) or text(child(node, "compiled_sql"))
        is_sql = text(child(node, "language")) in {None, "sql"} and text(child(node, "resource_type")) in {
            "model",
            "snapshot",
        }
        if self._dialect is None or not is_sql or not code:
            return ()
        try:
            found = self._names(sql_tree(code, self._dialect), {})
        except (SqlglotError, RecursionError):
            return ()
        return () if found is None else tuple(dict.fromkeys(found))

    def _names(self, query: Expr, named: dict[str, Expr], depth: int = 0) -> list[str] | None:
        """The columns of a query; None where they are not known. `named`: the queries of WITH around it."""
        from sqlglot import exp

        if depth > _MOST_DEPTH:
            return None
        inner = dict(named)
        for common in query.ctes if isinstance(query, exp.Query) else ():
            inner[common.alias.lower()] = common.this
        if isinstance(query, exp.Subquery):
            return self._names(query.this, inner, depth + 1)
        if isinstance(query, exp.SetOperation):
            return self._names(query.left, inner, depth + 1)
        if not isinstance(query, exp.Select):
            return None
        names: list[str] = []
        for each in query.selects:
            star = each.this if isinstance(each, exp.Column) else each
            if isinstance(star, exp.Star):
                of = each.table.lower() if isinstance(each, exp.Column) else ""
                if any(star.args.get(word) for word in ("replace", "rename", "ilike")):
                    return None
                left_out = {word.name.lower() for word in star.args.get("except_") or star.args.get("except") or ()}
                meant = self._star(query, of, inner, depth)
                if meant is None:
                    return None
                names += [name for name in meant if name.lower() not in left_out]
            elif each.output_name and not isinstance(each, exp.Literal):
                names.append(each.output_name)
        return names

    def _star(self, query: Expr, of: str, named: dict[str, Expr], depth: int) -> list[str] | None:
        from sqlglot import exp

        start = query.args.get("from_") or query.args.get("from")
        if start is None:
            return None
        names: list[str] = []
        for source in (start.this, *(join.this for join in query.args.get("joins") or ())):
            if of and source.alias_or_name.lower() != of:
                continue
            if isinstance(source, exp.Table):
                found = self._of_table(source, named, depth)
            else:
                found = self._names(source, named, depth + 1)
            if found is None:
                return None
            names += found
        return names

    def _of_table(self, table: Expr, named: dict[str, Expr], depth: int) -> list[str] | None:
        name, schema = table.name.lower(), table.text("db").lower()
        if not schema and name in named:
            rest = {key: value for key, value in named.items() if key != name}  # a query does not stand for itself
            return self._names(named[name], rest, depth + 1)
        identity = self._relations.get((schema, name))
        if identity is None:
            return None
        node = self._nodes[identity]
        described = [key.value for key, _ in children(child(node, "columns"))]
        queried = list(self.of(identity))
        if queried:
            return queried
        return described or None
