"""The conditions of a query, in the words of a flow's `when`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ...values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ...documents.names import EntityName, FieldName

    NameOf = Callable[[exp.Column], FieldName]


class NotACondition(FieldlineError):
    """A condition that `when` has no words for."""


_TEXTS = frozenset((exp.DType.TEXT, exp.DType.VARCHAR))


def plain_condition(condition: exp.Expr, is_text: Callable[[exp.Column], bool]) -> exp.Expr:
    """A condition without casts of texts to a text, and with IN for `= ANY (ARRAY[…])`: as PostgreSQL writes its views.

    `is_text`: whether a column is a text that is not filled up with blanks.
    """

    def plain(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Cast) and node.key == "cast" and _is_unlimited_text(node.to):
            inner = node.this.unnest()
            if (isinstance(inner, exp.Literal) and inner.is_string) or (
                isinstance(inner, exp.Column) and is_text(inner)
            ):
                return inner.copy()
        if isinstance(node, exp.EQ) and isinstance(node.expression, exp.Any):
            array = node.expression.this.unnest()
            if isinstance(array, exp.Cast) and all(map(_is_unlimited_text, array.to.expressions)):
                array = array.this.unnest()
            if isinstance(array, exp.Array) and array.expressions:
                return exp.In(this=node.this.copy(), expressions=[each.copy() for each in array.expressions])
        return node

    return condition.copy().transform(plain).transform(plain)


def _is_unlimited_text(kind: exp.Expr) -> bool:
    return isinstance(kind, exp.DataType) and kind.this in _TEXTS and not kind.expressions


def not_true(condition: exp.Expr) -> exp.Expr:
    """The condition of the records of which another is false, or unknown."""
    return exp.Not(this=exp.Is(this=condition.unnest().copy(), expression=exp.true()))


_SIGNS = {exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
_FUNCTIONS = {exp.Upper: "UPPER", exp.Lower: "LOWER", exp.Length: "LENGTH"}


class ConditionWriter:
    """Writes conditions of SQL as `when` writes them."""

    def __init__(self, named: NameOf, *, empty_is_null: bool) -> None:
        """`empty_is_null`: whether the engine takes the empty text for null."""
        self._named = named
        self._empty_is_null = empty_is_null

    def text(self, node: exp.Expr) -> str:
        """The condition. Raises NotACondition."""
        match node:
            case exp.Paren():
                return f"({self.text(node.this)})"
            case exp.And() | exp.Or():
                word = "AND" if isinstance(node, exp.And) else "OR"
                return f" {word} ".join(f"({self.text(part)})" for part in node.flatten())
            case exp.Not():
                return f"NOT ({self.text(node.this)})"
            case exp.Is(this=this, expression=exp.Null()):
                test = self._null_test(this)
                if isinstance(test, bool):
                    raise NotACondition("a constant")
                return test
            case exp.Is(this=this, expression=exp.Boolean(this=truth)):
                return f"({self.text(this)}) IS {'TRUE' if truth else 'FALSE'}"
            case exp.In() if node.expressions and node.args.get("query") is None and node.args.get("unnest") is None:
                return f"{self._operand(node.this)} IN ({', '.join(map(self._operand, node.expressions))})"
            case exp.Between():
                low, high = (self._operand(node.args[key]) for key in ("low", "high"))
                either_way = " SYMMETRIC" if node.args.get("symmetric") else ""
                return f"{self._operand(node.this)} BETWEEN{either_way} {low} AND {high}"
            case exp.Like() if isinstance(node.expression, exp.Literal):
                return f"{self._operand(node.this)} LIKE {self._operand(node.expression)}"
            case exp.Column():
                return self._operand(node)
            case exp.EQ() | exp.NEQ() | exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
                return f"{self._operand(node.this)} {_SIGNS[type(node)]} {self._operand(node.expression)}"
            case _:
                raise NotACondition(node.key)

    def _null_test(self, node: exp.Expr) -> str | bool:
        """The condition that an expression is null, or whether it always is or never; of most, that an operand is."""
        match node:
            case exp.Paren() | exp.Neg() | exp.Abs() | exp.Round():
                return self._null_test(node.this)
            case exp.Null():
                return True
            case exp.Literal() | exp.Boolean():
                return self._empty_is_null and node == exp.Literal.string("")
            case exp.Add() | exp.Sub() | exp.Mul():
                return _any(self._null_test(each) for each in (node.this, node.expression))
            case exp.Trim() | exp.Upper() | exp.Lower() | exp.Length() | exp.Substring() if not self._empty_is_null:
                return _any(self._null_test(each) for each in node.args.values() if isinstance(each, exp.Expr))
            case exp.Coalesce():
                return _all(self._null_test(each) for each in (node.this, *node.expressions))
            case exp.Nullif(this=this, expression=exp.Literal() as value):
                return _any((self._null_test(this), f"{self._operand(this)} = {self._operand(value)}"))
            case exp.Case(this=operand):
                compared = (
                    each.this if operand is None else exp.EQ(this=operand, expression=each.this)
                    for each in node.args["ifs"]
                )
                chosen = (each.args["true"] for each in node.args["ifs"])
                return self._null_choice(zip(compared, chosen, strict=True), node.args.get("default"))
            case exp.If():
                return self._null_choice([(node.this, node.args["true"])], node.args.get("false"))
            case _:
                return f"{self._operand(node)} IS NULL"

    def _null_choice(self, choices: Iterable[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr | None) -> str | bool:
        """The condition that what the first condition that is met chooses is null."""
        tests: list[str | bool] = []
        before: list[str | bool] = []
        for condition, chosen in choices:
            is_met = f"({self.text(condition)}) IS TRUE"
            tests.append(_all([*before, is_met, self._null_test(chosen)]))
            before.append(f"NOT ({is_met})")
        tests.append(_all([*before, True if otherwise is None else self._null_test(otherwise)]))
        return _any(tests)

    def _operand(self, node: exp.Expr) -> str:
        match node:
            case exp.Paren():
                return self._operand(node.this)
            case exp.Column():
                return str(self._named(node))
            case exp.Literal():
                if self._empty_is_null and node.is_string and not node.this:
                    raise NotACondition("a comparison with null")  # it is neither true nor false
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
                return f"{_FUNCTIONS[type(node)]}({self._operand(node.this)})"
            case exp.Trim() if node.args.get("expression") is None and not node.args.get("position"):
                return f"TRIM({self._operand(node.this)})"
            case exp.Coalesce(expressions=[exp.Literal(is_string=True) as other]) if not _may_be_cut(node, other):
                return f"COALESCE({self._operand(node.this)}, {self._operand(node.expressions[0])})"
            case _:
                raise NotACondition(node.key)


def _may_be_cut(node: exp.Coalesce, other: exp.Literal) -> bool:
    """Whether it is ISNULL of SQL Server, which cuts a replacement to the type of what it checks."""
    return bool(node.args.get("is_null")) and len(other.name) > 1


def _any(tests: Iterable[str | bool]) -> str | bool:
    """One of these; True and False are conditions that are always met and never."""
    left = [test for test in tests if test is not False]
    return True if True in left else " OR ".join(f"({test})" for test in left) or False


def _all(tests: Iterable[str | bool]) -> str | bool:
    left = [test for test in tests if test is not True]
    return False if False in left else " AND ".join(f"({test})" for test in left) or True


def text_literal(text: str) -> str:
    """A text in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def entity_of(columns: list[FieldName]) -> EntityName | None:
    """The one entity that all of these are fields of; None where there are several, or none."""
    entities = {column.entity_name for column in columns}
    return entities.pop() if len(entities) == 1 else None
