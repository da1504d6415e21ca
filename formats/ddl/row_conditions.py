"""A condition on several columns of a row, in the words of `check` of an entity.

Carried over is what means the same to every engine: comparisons of numbers and of moments, of texts that are equal to
themselves alone, whether a column is null, and these joined by AND, OR and NOT.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from .condition_reader import constant_number, listed_in_array
from .conditions import is_single
from .patterns import NotCarriedOver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot.expressions import Expr

    from .condition_reader import Subject
    from .engines.engine import Engine

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = frozenset(
    (
        *(
            "AND",
            "OR",
            "NOT",
            "IS",
            "NULL",
            "TRUE",
            "FALSE",
            "UNKNOWN",
            "DISTINCT",
            "FROM",
            "IN",
            "BETWEEN",
            "SYMMETRIC",
        ),
        *("ASYMMETRIC", "LIKE", "ILIKE", "ESCAPE", "MATCHES", "DATE", "INTERVAL", "CURRENT_DATE", "CURRENT_TIME"),
        *("CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "SYSDATE", "CURRENT_USER"),
    )
)
"""What is no name of a field in a condition."""
_SIGNS = {"EQ": "=", "NEQ": "<>", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}
_MIRRORED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_NUMBERS = frozenset(("integer", "decimal"))
_MOMENTS = frozenset(("date", "time", "datetime"))

RowColumn: TypeAlias = "tuple[str, Subject]"
"""A column's name of today, and what a check sees of it."""


def row_condition(tree: Expr, columns: Mapping[str, RowColumn], engine: Engine) -> str:
    """The condition in our words; `columns` by the folded names that it uses. Raises NotCarriedOver."""
    return _Writer(columns, engine).condition(tree)


class _Writer:
    def __init__(self, columns: Mapping[str, RowColumn], engine: Engine) -> None:
        self._columns, self._engine = columns, engine

    def condition(self, node: Expr) -> str:
        from sqlglot import exp

        node = node.unnest()
        match node:
            case exp.And() | exp.Or():
                word = "AND" if isinstance(node, exp.And) else "OR"
                return f"({self.condition(node.this)}) {word} ({self.condition(node.expression)})"
            case exp.Not():
                return f"NOT ({self.condition(node.this)})"
            case exp.Is() if isinstance(node.expression, exp.Null):
                return f"{self._column(node.this)[0]} IS NULL"
            case exp.Between() if not node.args.get("symmetric"):
                low, high = (
                    self._compared(node.this, sign, node.args[end]) for sign, end in ((">=", "low"), ("<=", "high"))
                )
                return f"{low} AND {high}"
            case exp.In() if node.expressions and not node.args.get("query"):
                return " OR ".join(self._compared(node.this, "=", each) for each in node.expressions)
            case exp.EQ() | exp.NEQ() if (
                listed := listed_in_array(node.key.upper(), node.expression.unnest())
            ) is not None:
                sign, word = ("=", "OR") if isinstance(node, exp.EQ) else ("<>", "AND")
                if not listed or any(isinstance(each.unnest(), exp.Null) for each in listed):
                    raise NotCarriedOver
                return f" {word} ".join(self._compared(node.this, sign, each) for each in listed)
            case exp.Binary() if node.key.upper() in _SIGNS:
                return self._compared(node.this, _SIGNS[node.key.upper()], node.expression)
            case _:
                raise NotCarriedOver

    def _compared(self, left: Expr, sign: str, right: Expr) -> str:
        from sqlglot import exp

        left, right = self._uncast(left), self._uncast(right)
        if not isinstance(left, exp.Column):
            left, right, sign = right, left, _MIRRORED.get(sign, sign)
        name, subject = self._column(left)
        if not isinstance(right, exp.Column):
            return f"{name} {sign} {self._literal(right, subject, sign)}"
        other, compared = self._column(right)
        kinds = {subject.rules.type, compared.rules.type}
        if not (kinds <= _NUMBERS or (len(kinds) == 1 and kinds <= _MOMENTS)):
            raise NotCarriedOver
        if subject.rules.single != compared.rules.single and "decimal" in kinds:
            raise NotCarriedOver  # the single 0.1 is more than the double 0.1
        if subject.rules.rounds_seconds or compared.rules.rounds_seconds:
            raise NotCarriedOver
        return f"{name} {sign} {other}"

    def _uncast(self, node: Expr) -> Expr:
        """PostgreSQL gives texts back with `(name)::text`, and literals with `'a'::text`: the same text."""
        from sqlglot import exp

        node = node.unnest()
        if not isinstance(node, exp.Cast) or node.to.sql().upper() not in {"TEXT", "VARCHAR"}:
            return node
        inner = node.this.unnest()
        if isinstance(inner, exp.Literal) and inner.is_string:
            return inner
        if not isinstance(inner, exp.Column):
            return node
        _, subject = self._column(inner)
        return inner if subject.rules.type == "text" and not subject.padded else node

    def _column(self, node: Expr) -> RowColumn:
        from sqlglot import exp

        node = self._uncast(node)
        if not isinstance(node, exp.Column):
            raise NotCarriedOver
        folded = self._engine.fold(node.name, quoted=bool(node.this.args.get("quoted")))
        if folded not in self._columns:
            raise NotCarriedOver
        name, subject = self._columns[folded]
        if _NAME.fullmatch(name) is None or name.upper() in _WORDS:
            raise NotCarriedOver
        return name, subject

    def _literal(self, node: Expr, subject: Subject, sign: str) -> str:
        from sqlglot import exp

        negative = isinstance(node, exp.Neg)
        node = node.this if negative else node
        kind = subject.rules.type
        if isinstance(node, exp.Cast) and kind in _NUMBERS and not negative:
            number = constant_number(node)
            if number is None or (subject.rules.single and not is_single(number)):
                raise NotCarriedOver
            return f"{number:f}"
        if isinstance(node, exp.Cast) and kind == "date" and node.to.this == exp.DataType.Type.DATE:
            node = node.this
        if isinstance(node, exp.Boolean) and kind == "boolean" and sign in {"=", "<>"}:
            return "true" if node.this else "false"
        if not isinstance(node, exp.Literal):
            raise NotCarriedOver
        text = str(node.this)
        if kind in _NUMBERS and not node.is_string and re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
            if subject.rules.single and not is_single(Decimal(text)):
                raise NotCarriedOver
            return f"-{text}" if negative else text
        if not node.is_string or negative:
            raise NotCarriedOver
        if kind == "text" and sign in {"=", "<>"} and subject.compared:
            quoted = text.replace("'", "''")
            return f"'{quoted}'"
        if kind == "date" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                return f"DATE '{date.fromisoformat(text)}'"
            except ValueError as error:
                raise NotCarriedOver from error
        raise NotCarriedOver
