"""Reads a condition: SQL's words, each construct with the meaning that ISO/IEC 9075-2 gives it, and nothing else.

    condition   a OR b, a AND b, NOT a, (a), a IS [NOT] TRUE | FALSE | UNKNOWN
    comparison  x = <> < <= > >= y, x [NOT] IN (…), x [NOT] BETWEEN … AND …, x [NOT] LIKE … [ESCAPE …], x [NOT] ILIKE …,
                x [NOT] MATCHES [DIALECT] …, x IS [NOT] NULL, x IS [NOT] DISTINCT FROM …, a boolean field alone
    operand     a field, LENGTH(x), UPPER(x), LOWER(x), TRIM(x), COALESCE(x, …), a literal, CURRENT_DATE [± INTERVAL '…']

A construct that is not read is a problem at its place. Nothing is read as "never": a flow that carries nothing looks safe.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

from ..contracts.constraint import PatternDialect
from ..values.regex import PatternError
from ..values.regex import parse as parse_pattern
from ..values.textset import TextSet
from ..values.valueset import ValueSet
from .condition import Alternative, Condition, Operand, Pair
from .condition_operands import KEYWORDS, SUPPORTED, Column, Literal, OperandReader
from .condition_tokens import ConditionError
from .transforms.case import Lower
from .truth import And, FieldComparison, Is, Not, Or, TruthOutcome, ways_to_be_true

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..documents.names import EntityName
    from ..values.valueset import Value
    from .condition_tokens import ConditionToken
    from .truth import Formula

_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SIGNS = ("=", "<>", "!=", "<", "<=", ">", ">=")


def parse_condition(text: str, of: EntityName | None = None, today: date | None = None) -> Condition:
    """Parse a condition; a bare name is a field of the entity `of`. Raises ConditionError.

    `today`: the day of the run, which CURRENT_DATE is; None: CURRENT_DATE is not read.
    """
    return _Reader(text, of, today).read()


class _Reader(OperandReader):
    """Reads a condition."""

    def read(self) -> Condition:
        """The condition, to its end."""
        if not self._follows:
            raise ConditionError("nothing stands here", expected="a condition such as a.b.c = 'x'")
        node = self._or()
        if self._follows:
            raise self._trailing()
        met = ways_to_be_true(node)
        alternatives = (Alternative(tuple(sorted(each.values.items())), each.pairs) for each in met)
        return Condition(
            self._source, tuple(dict.fromkeys(alternatives)), tuple(self._operands), self._counts_from_today
        )

    def _trailing(self) -> ConditionError:
        token = self._now
        if token.kind == "sign" and token.text in {*_SIGNS, "=="}:
            message = "comparisons do not chain"
            return ConditionError(message, token.offset, expected="BETWEEN, or two comparisons joined by AND")
        if token.upper == "COLLATE":
            return self._unsupported(token, "LOWER(…) or ILIKE, for a comparison without regard to case")
        return self._unexpected("AND, OR, or the end of the condition")

    # ---------------------------------------------------------------------------------------- the conditions

    def _or(self) -> Formula:
        parts = [self._and()]
        while self._take("OR"):
            parts.append(self._and())
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _and(self) -> Formula:
        parts = [self._not()]
        while self._take("AND"):
            parts.append(self._not())
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def _not(self) -> Formula:
        negated = False
        while self._take("NOT"):
            negated = not negated
        node = self._truth()
        return Not(node) if negated else node

    def _truth(self) -> Formula:
        """A condition in parentheses, or a comparison; with `IS TRUE` and its like behind it."""
        node = self._group() if self._opens_condition() else self._comparison()
        while self._now.upper == "IS":
            at = self._place
            self._next()
            negated = self._take("NOT")
            outcome = next((word for word in get_args(TruthOutcome) if self._take(word.upper())), None)
            if outcome is None:
                self._place = at
                break
            node = Not(Is(node, outcome)) if negated else Is(node, outcome)
        return node

    def _group(self) -> Formula:
        self._deeper()
        self._next()
        node = self._or()
        self._require(")", "a closing parenthesis")
        self._depth -= 1
        return node

    def _opens_condition(self) -> bool:
        """Whether a parenthesis opens a condition, and not an operand: `(a.b.c) = 'x'`."""
        if self._now.kind != "sign" or self._now.text != "(":
            return False
        depth = 0
        for i, token in enumerate(self._tokens[self._place :], self._place):
            depth += (token.kind == "sign") * ((token.text == "(") - (token.text == ")"))
            if depth == 0:
                inside = self._tokens[self._place + 1 : i]
                return _is_condition(inside)
        raise self._unexpected("a closing parenthesis for this one")

    def _comparison(self) -> Formula:
        left = self._operand()
        token = self._now
        sign = self._take_sign("=", "<>", "!=", "<", "<=", ">", ">=")
        if sign is not None:
            return self._compared(left, "<>" if sign == "!=" else sign, self._operand())
        if isinstance(left, Literal):
            raise self._unexpected("a comparison with a field")
        if token.kind == "sign" and token.text == "==":
            raise ConditionError("== is not SQL", token.offset, expected="=", suggestion="=", length=2)
        if token.upper == "IS":
            return self._is(left)
        negated = self._take("NOT")
        test = self._special(left)
        if test is not None:
            return Not(test) if negated else test
        if negated or not (token.kind == "end" or token.text == ")" or token.upper in {"AND", "OR"}):
            raise self._no_comparison()
        if not left.is_plain:
            raise self._unexpected("a comparison")
        self._use(left, value=True)
        return left.test(ValueSet.exactly([True]))

    def _no_comparison(self) -> ConditionError:
        token = self._now
        if token.kind == "sign" and token.text in {"~", "~*", "!~", "!~*"}:
            return self._unsupported(token, "MATCHES, with a pattern of the whole value", "MATCHES posix")
        if token.upper in {"REGEXP", "RLIKE", "GLOB", "SIMILAR"}:
            return self._unsupported(token, "MATCHES, with a pattern of the whole value", "MATCHES")
        if token.upper in {"ISNULL", "NOTNULL"}:
            meant = "IS NULL" if token.upper == "ISNULL" else "IS NOT NULL"
            return self._unsupported(token, meant, meant)
        if token.kind == "sign" and token.text in {"||", "+", "-", "*", "/", "%", "::"}:
            return self._unsupported(token, "a field alone, or UPPER, LOWER, TRIM, LENGTH, COALESCE of one")
        if token.upper == "COLLATE":
            return self._unsupported(token, "LOWER(…) or ILIKE, for a comparison without regard to case")
        return self._unexpected(SUPPORTED)

    # --------------------------------------------------------------------------------------- the comparisons

    def _compared(self, left: Column | Literal, sign: str, right: Column | Literal) -> Formula:
        match left, right:
            case Column(), Column():
                return self._pair(left, sign, right)
            case Literal(), Column():
                return self._with_value(right, _MIRRORED.get(sign, sign), left)
            case Column(), Literal():
                return self._with_value(left, sign, right)
            case _:
                raise ConditionError("this compares no field", left.token.offset, expected="a field beside the value")

    def _with_value(self, column: Column, sign: str, literal: Literal) -> Formula:
        value = literal.value
        if value is None:
            word = "IS NULL" if sign == "=" else "IS NOT NULL"
            raise ConditionError(
                "a comparison with NULL is never true",
                literal.token.offset,
                expected="IS NULL or IS NOT NULL",
                suggestion=f"{column.field} {word}",
                length=literal.length,
            )
        self._check_kind(column, literal)
        self._use(column, value)
        if sign in {"=", "<>"}:
            test = column.test(ValueSet.exactly([value]))
            return test if sign == "=" else Not(test)
        if isinstance(value, str | bool):
            raise ConditionError(
                "only numbers and dates are compared with < and >",
                literal.token.offset,
                expected="= or <>, LIKE, or a number or a date",
                length=literal.length,
            )
        if sign.startswith("<"):
            return column.test(ValueSet.between(None, value, hi_open=sign == "<"))
        return column.test(ValueSet.between(value, None, lo_open=sign == ">"))

    def _check_kind(self, column: Column, literal: Literal) -> None:
        """A length is compared with numbers, and the other functions give texts."""
        is_number = isinstance(literal.value, int | Decimal) and not isinstance(literal.value, bool)
        if column.counts and not is_number:
            raise ConditionError(
                f"{column.function} is a number", literal.token.offset, expected="a number", length=literal.length
            )
        if column.chain and not column.counts and not isinstance(literal.value, str):
            raise ConditionError(
                f"{column.function} is a text",
                literal.token.offset,
                expected="a text in single quotes",
                length=literal.length,
            )

    def _pair(self, left: Column, sign: str, right: Column) -> Formula:
        for column in (left, right):
            if not column.is_plain:
                raise self._unsupported(column.token, "fields themselves, where two fields are compared")
        ordered = sign not in {"=", "<>"}
        for each, other in ((left, right), (right, left)):
            token = each.token
            self._operands.append(Operand(each.field, token.offset, token.length, other=other.field, ordered=ordered))
        if left.field == right.field:
            known, nothing = ~ValueSet.null_only(), ValueSet.nothing()
            return FieldComparison(left.field, *((known, nothing) if "=" in sign else (nothing, known)))
        return Pair(left.field, sign, right.field)

    def _is(self, left: Column) -> Formula:
        self._next()
        negated = self._take("NOT")
        node: Formula
        if self._take("NULL"):
            self._use(left)
            if not left.is_plain:
                raise self._unexpected("IS NULL behind a field alone")
            null = ValueSet.null_only()
            node = FieldComparison(left.field, null, ~null)
        elif self._take("DISTINCT", "FROM"):
            literal = self._literal()
            if not left.is_plain:
                raise self._unsupported(left.token, "a field alone before IS DISTINCT FROM")
            self._use(left, literal.value)
            same = ValueSet.exactly([literal.value])
            node = FieldComparison(left.field, ~same, same)
        elif any(self._take(word) for word in ("TRUE", "FALSE", "UNKNOWN")):
            word = self._tokens[self._place - 1].text.lower()
            if not left.is_plain:
                raise self._unsupported(left.token, "a boolean field")
            self._use(left, value=True)
            outcome = next(each for each in get_args(TruthOutcome) if each == word)
            node = Is(left.test(ValueSet.exactly([True])), outcome)
        else:
            raise self._unexpected("NULL, NOT NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM behind IS")
        return Not(node) if negated else node

    def _special(self, left: Column) -> Formula | None:
        if self._take("IN"):
            return self._in(left)
        if self._take("BETWEEN"):
            return self._between(left)
        if self._take("LIKE"):
            return self._like(left)
        if self._take("ILIKE"):
            return self._like(replace(left, chain=(*left.chain, Lower())), fold=Lower().write)
        if self._take("MATCHES"):
            return self._matches(left)
        return None

    def _in(self, left: Column) -> Formula:
        token = self._now
        if token.kind in {"text", "number"}:
            written = self._written(token)
            raise ConditionError(
                "IN needs a list in parentheses",
                token.offset,
                expected="IN ('a', 'b')",
                suggestion=f"({written})",
                length=token.length,
            )
        if self._take_sign("(") is None:
            raise self._unexpected("a list in parentheses behind IN, such as IN ('a', 'b')")
        if self._now.kind == "sign" and self._now.text == ")":
            raise ConditionError("IN () holds nothing", token.offset, expected="IN ('a', 'b')", length=2)
        values: list[Value] = []
        while True:
            literal = self._literal()
            if literal.value is None:
                raise ConditionError(
                    "nothing is equal to NULL, in a list either",
                    literal.token.offset,
                    expected="values other than NULL",
                    suggestion=f"OR {left.field} IS NULL, behind the list",
                    length=literal.length,
                )
            self._check_kind(left, literal)
            self._use(left, literal.value)
            values.append(literal.value)
            if self._take_sign(",") is None:
                break
        self._require(")", "a comma, or a closing parenthesis")
        return left.test(ValueSet.exactly(values))

    def _between(self, left: Column) -> Formula:
        symmetric = self._take("SYMMETRIC")
        if not symmetric:
            self._take("ASYMMETRIC")
        low = self._literal()
        if not self._take("AND"):
            raise self._unexpected("AND between the two bounds of BETWEEN")
        high = self._literal()
        ends = (low.value, high.value)
        if any(value is None or isinstance(value, str | bool) for value in ends) or isinstance(
            low.value, date
        ) != isinstance(high.value, date):
            raise ConditionError("BETWEEN needs two numbers or two dates", low.token.offset, length=low.length)
        for literal in (low, high):
            self._check_kind(left, literal)
            self._use(left, literal.value)
        values = ValueSet.between(*ends)
        return left.test(values | ValueSet.between(*ends[::-1]) if symmetric else values)

    def _like(self, left: Column, fold: Callable[[str], str] = str) -> Formula:
        literal = self._text("LIKE needs a text")
        self._needs_text(left, "LIKE")
        flags, pattern = "", fold(str(literal.value))
        if self._take("ESCAPE"):
            escape = self._text("ESCAPE needs a text")
            if len(str(escape.value)) != 1:
                raise ConditionError("ESCAPE needs one character", escape.token.offset, length=escape.length)
            flags, pattern = "e", self._unescaped(pattern, fold(str(escape.value)), literal)
        return left.test(self._language(pattern, "sql_like", flags, literal))

    def _unescaped(self, pattern: str, escape: str, at: Literal) -> str:
        """The pattern with a backslash as its escape character."""
        written = []
        characters = iter(pattern)
        for character in characters:
            if character == escape:
                following = next(characters, None)
                if following is None or following not in {"%", "_", escape}:
                    raise ConditionError(
                        f"the escape character {escape!r} stands before nothing that it escapes",
                        at.token.offset,
                        expected=f"{escape}%, {escape}_ or {escape}{escape}",
                        length=at.length,
                    )
                written.append(f"\\{following}" if following in {"%", "_", "\\"} else following)
            else:
                written.append("\\\\" if character == "\\" else character)
        return "".join(written)

    def _matches(self, left: Column) -> Formula:
        dialects = get_args(PatternDialect)
        dialect: PatternDialect = "ecma"
        if self._now.kind == "word":
            word = self._now.text.lower()
            if word not in dialects:
                raise self._unexpected(f"a pattern in single quotes, or a dialect before it: {', '.join(dialects)}")
            dialect = next(each for each in dialects if each == word)
            self._next()
        literal = self._text("MATCHES needs a pattern in single quotes")
        self._needs_text(left, "MATCHES")
        return left.test(self._language(str(literal.value), dialect, "", literal))

    def _language(self, pattern: str, dialect: PatternDialect, flags: str, at: Literal) -> ValueSet:
        try:
            language = parse_pattern(pattern, dialect, flags).language
        except PatternError as error:
            raise ConditionError(
                f"the pattern {pattern!r} cannot be read: {error.message}",
                at.token.offset,
                suggestion=error.suggestion or None,
                length=at.length,
            ) from error
        return ValueSet.text(TextSet.language(language))

    def _needs_text(self, left: Column, word: str) -> None:
        if left.counts:
            raise self._unsupported(left.token, f"a text before {word}")
        self._use(left, needs=word)


def _is_condition(inside: Sequence[ConditionToken]) -> bool:
    """Whether the words inside parentheses make a condition: they hold a comparison, and no operand alone."""
    return any(
        (token.kind == "sign" and token.text in {*_SIGNS, "==", "~", "!~", "~*", "!~*"})
        or token.upper in KEYWORDS - {"NULL", "TRUE", "FALSE"}
        for token in inside
    )
