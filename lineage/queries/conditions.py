"""The conditions of a query, in the words of a flow's `when`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ...values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...documents.names import EntityName, FieldName

    NameOf = Callable[[exp.Column], FieldName]


class NotACondition(FieldlineError):
    """A condition that `when` has no words for."""


_SIGNS = {exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
_FUNCTIONS = {exp.Upper: "UPPER", exp.Lower: "LOWER", exp.Length: "LENGTH"}


def condition_text(node: exp.Expr, named: NameOf) -> str:
    """A condition of SQL as `when` writes it. Raises NotACondition."""
    match node:
        case exp.Paren():
            return f"({condition_text(node.this, named)})"
        case exp.And() | exp.Or():
            word = "AND" if isinstance(node, exp.And) else "OR"
            return f" {word} ".join(f"({condition_text(part, named)})" for part in node.flatten())
        case exp.Not():
            return f"NOT ({condition_text(node.this, named)})"
        case exp.Is(this=this, expression=exp.Null()):
            return _null_test(this, named)
        case exp.Is(this=this, expression=exp.Boolean(this=truth)):
            return f"({condition_text(this, named)}) IS {'TRUE' if truth else 'FALSE'}"
        case exp.In() if node.expressions and node.args.get("query") is None and node.args.get("unnest") is None:
            return f"{_operand(node.this, named)} IN ({', '.join(_operand(each, named) for each in node.expressions)})"
        case exp.Between():
            low, high = (_operand(node.args[key], named) for key in ("low", "high"))
            either_way = " SYMMETRIC" if node.args.get("symmetric") else ""
            return f"{_operand(node.this, named)} BETWEEN{either_way} {low} AND {high}"
        case exp.Like() if isinstance(node.expression, exp.Literal):
            return f"{_operand(node.this, named)} LIKE {_operand(node.expression, named)}"
        case exp.Column():
            return _operand(node, named)
        case exp.EQ() | exp.NEQ() | exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
            return f"{_operand(node.this, named)} {_SIGNS[type(node)]} {_operand(node.expression, named)}"
        case _:
            raise NotACondition(node.key)


def _null_test(node: exp.Expr, named: NameOf) -> str:
    """The condition that an expression is null: that of arithmetic is where one of its operands is."""
    match node:
        case exp.Paren() | exp.Neg() | exp.Abs() | exp.Round():
            return _null_test(node.this, named)
        case exp.Add() | exp.Sub() | exp.Mul():
            operands = [each for each in (node.this, node.expression) if not isinstance(each.unnest(), exp.Literal)]
            return " OR ".join(f"({_null_test(each, named)})" for each in operands)
        case exp.Nullif(this=this, expression=exp.Literal() as value):
            return f"({_null_test(this, named)}) OR {_operand(this, named)} = {_operand(value, named)}"
        case _:
            return f"{_operand(node, named)} IS NULL"


def _operand(node: exp.Expr, named: NameOf) -> str:
    match node:
        case exp.Paren():
            return _operand(node.this, named)
        case exp.Column():
            return str(named(node))
        case exp.Literal():
            return text_literal(node.this) if node.is_string else node.this
        case exp.Neg(this=exp.Literal(is_string=False)):
            return f"-{node.this.this}"
        case exp.Boolean():
            return "TRUE" if node.this else "FALSE"
        case exp.Cast(this=exp.Literal(is_string=True)) if node.to.this == exp.DataType.Type.DATE:
            return f"DATE {text_literal(node.this.this)}"
        case exp.CurrentDate():
            return "CURRENT_DATE"
        case exp.Upper() | exp.Lower() | exp.Length():
            return f"{_FUNCTIONS[type(node)]}({_operand(node.this, named)})"
        case exp.Trim() if node.args.get("expression") is None and not node.args.get("position"):
            return f"TRIM({_operand(node.this, named)})"
        case exp.Coalesce(expressions=[exp.Literal(is_string=True)]):
            return f"COALESCE({_operand(node.this, named)}, {_operand(node.expressions[0], named)})"
        case _:
            raise NotACondition(node.key)


def text_literal(text: str) -> str:
    """A text in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def entity_of(columns: list[FieldName]) -> EntityName | None:
    """The one entity that all of these are fields of; None where there are several, or none."""
    entities = {column.entity_name for column in columns}
    return entities.pop() if len(entities) == 1 else None
