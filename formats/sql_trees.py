"""Trees of SQL, in the one form that their readers expect whatever the dialect and the release of the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot.expressions import Expr


def sql_tree(text: str, dialect: str | None, *, condition: bool = False) -> Expr:
    """The tree of one statement, or of a condition. Raises sqlglot's SqlglotError, and RecursionError."""
    from sqlglot import exp, parse_one

    tree = parse_one(text, dialect=dialect, into=exp.Condition) if condition else parse_one(text, dialect=dialect)
    return with_plain_denials(tree)


def with_plain_denials(tree: Expr) -> Expr:
    """A tree in which every denial is a `Not` around what it denies; the tree itself is changed.

    Of `x NOT LIKE y` the parser notes the denial in the comparison, and of PostgreSQL's `x IS NOT NULL` some releases do:
    a reader that does not look for it reads the contrary.
    """
    from sqlglot import exp

    for node in list(tree.find_all(exp.Is, exp.Like, exp.ILike)):
        if not node.args.get("negate"):
            continue
        node.set("negate", None)
        denied = node.parent if isinstance(node.parent, exp.Escape) else node
        around = exp.Not()
        tree = around if denied is tree else tree
        denied.replace(around)  # not a copy: what is denied may hold another denial
        around.set("this", denied)
    return tree
