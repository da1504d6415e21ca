"""Whether a condition of SQL may be false where all of its columns are null, in the logic of three values.

    m > 3, frob(m) = 1            no: each is null, and a CHECK lets null pass
    m IS NULL OR frob(m)          no: it is true
    m IS NOT NULL                 yes
    coalesce(m, 0) > 3            it may be

A function of null gives null, but for those that are made to look at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

_Truth: TypeAlias = Literal["true", "false", "null", "open"]
"""What an expression is; open: a value, or not known."""

_LOOK_AT_NULL = frozenset(("num_nonnulls", "num_nulls", "nvl2", "decode", "concat_ws", "isnull", "choose", "if", "iif"))


def may_reject_null(condition: Expr) -> bool:
    """Whether a condition may be false where its columns are null. One that nests too deep to be looked at may be."""
    try:
        return _at_null(condition) in {"false", "open"}
    except RecursionError:
        return True


def _at_null(node: Expr) -> _Truth:
    from sqlglot import exp

    match node:
        case exp.Column() | exp.Null():
            return "null"
        case exp.Boolean():
            return "true" if node.this else "false"
        case exp.Paren():
            return _at_null(node.this)
        case exp.Not():
            inner = _at_null(node.this)
            return {"true": "false", "false": "true"}.get(inner, inner)  # type: ignore[return-value]
        case exp.Is(expression=exp.Null()):
            inner = _at_null(node.this)
            return "true" if inner == "null" else "false" if _is_value(node.this) else "open"
        case exp.And():
            return _joined(_at_null(node.left), _at_null(node.right), decisive="false", other="true")
        case exp.Or():
            return _joined(_at_null(node.left), _at_null(node.right), decisive="true", other="false")
        case exp.NullSafeEQ() | exp.NullSafeNEQ() | exp.Is() | exp.Coalesce() | exp.Case() | exp.If() | exp.Concat():
            return "open"
        case exp.Anonymous() if node.name.lower() in _LOOK_AT_NULL:
            return "open"
    parts = list(node.iter_expressions())
    return "null" if any(_at_null(part) == "null" for part in parts) else "open"


def _is_value(node: Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Literal)


def _joined(left: _Truth, right: _Truth, *, decisive: _Truth, other: _Truth) -> _Truth:
    """AND and OR: what decides, else what is not known, else null."""
    both = {left, right}
    if decisive in both:
        return decisive
    return "open" if "open" in both else "null" if "null" in both else other
