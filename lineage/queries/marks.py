"""Marks on the columns of a query: what happens to their values that no expression of the query says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable

Mark: TypeAlias = Literal["outer_joined", "united", "united_numbers", "held", "listed", "unread"]
_WORDS: dict[str, str] = {
    "outer_joined": "",
    "united": "in a UNION with values of another type",
    "united_numbers": "in a UNION with numbers of another type",
    "held": "in a column that may not hold it as it is",
    "listed": "",
    "unread": "",
}


def marked(column: exp.Expr, mark: Mark) -> exp.Expr:
    """A column with a mark.

    `outer_joined`: it is made of the other side of an outer join. `united`, `united_numbers`: a UNION gives it a type that
    is not its own. `held`: a column of the script's own table, or a statement that alters what does not fit, lies between.
    `listed`: it is one of several values of the script.
    """
    if mark_of(column.unnest()) == mark:
        return column.copy()
    return exp.Anonymous(this=mark, expressions=[column.copy()])


def mark_of(node: exp.Expr) -> str | None:
    """The mark that an expression bears; None: it bears none."""
    return str(node.this) if isinstance(node, exp.Anonymous) and node.this in _WORDS else None


def has_mark(node: exp.Expr, mark: Mark) -> bool:
    """Whether a part of an expression bears a mark."""
    return any(mark_of(each) == mark for each in node.find_all(exp.Anonymous))


def unmarked(node: exp.Expr) -> tuple[exp.Expr, list[str]]:
    """An expression as it is written, and its marks in words."""
    words: dict[str, None] = {}

    without = node.copy()
    for each in list(without.find_all(exp.Anonymous)):
        mark = mark_of(each)
        if mark is not None:
            words.setdefault(_WORDS[mark])
            inner = each.expressions[0]
            without = inner if each is without else without
            each.replace(inner)
    return without, [each for each in words if each]


def marked_unread(words: str, columns: Iterable[exp.Expr]) -> exp.Expr:
    """An expression that is not read, in its words, made of these columns in some way."""
    return exp.Anonymous(this="unread", expressions=[exp.var(words), *(each.copy() for each in columns)])


def constant_of_script() -> exp.Expr:
    """One of several values that stand in the script."""
    return marked(exp.var("values of the script"), "listed")
