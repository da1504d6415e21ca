"""Reads a condition: SQL's words, each construct with the meaning that ISO/IEC 9075-2 gives it, and nothing else.

    condition   a OR b, a AND b, NOT a, (a), a IS [NOT] TRUE | FALSE | UNKNOWN
    comparison  x = <> < <= > >= y, x [NOT] IN (…), x [NOT] BETWEEN … AND …, x [NOT] LIKE … [ESCAPE …], x [NOT] ILIKE …,
                x [NOT] MATCHES [DIALECT] …, x IS [NOT] NULL, x IS [NOT] DISTINCT FROM …, a boolean field alone
    operand     a field, LENGTH(x), UPPER(x), LOWER(x), TRIM(x), COALESCE(x, …), a literal, CURRENT_DATE [± INTERVAL '…']

A construct that is not read is a problem at its place. Nothing is read as "never": a flow that carries nothing looks safe.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

from ..contracts.constraint import PatternDialect
from ..values.regex import PatternError
from ..values.regex import parse as parse_pattern
from ..values.textset import TextSet
from ..values.valueset import ValueSet
from .condition import Condition, Operand
from .condition_operands import KEYWORDS, SUPPORTED, Column, Literal, OperandReader
from .condition_tokens import ConditionError
from .field_test import AmongValues, ComesBefore, EqualTo, FieldTest, IsNull, LengthAmong, Like, SameAs, TruthOutcome
from .truth import And, Is, Not, Or, Pair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..documents.names import EntityName
    from ..values.valueset import Value
    from .collations import LikePart
    from .condition_tokens import ConditionToken
    from .field_test import Test
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
        condition = Condition(self._source, node, tuple(self._operands), self._counts_from_today)
        _ = condition.alternatives  # raises ConditionError where there are too many
        return condition

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
        self._begin, self._denies = self._now.offset, False
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
        negated = self._denies = self._take("NOT")
        test = self._special(left)
        if test is not None:
            return Not(test) if negated else test
        if negated or not (token.kind == "end" or token.text == ")" or token.upper in {"AND", "OR"}):
            raise self._no_comparison()
        if not left.is_plain:
            raise self._unexpected("a comparison")
        self._use(left, value=True)
        return self._test(left, AmongValues(ValueSet.exactly([True])))

    def _test(self, column: Column, test: Test) -> FieldTest:
        """A test of a column, with its words: from the beginning of the comparison to the word read last."""
        last = self._tokens[self._place - 1]
        text = self._source[self._begin : last.offset + last.length]
        return FieldTest(column.field, column.chain, test, text, is_denied=self._denies)

    def _among(self, column: Column, values: ValueSet) -> FieldTest:
        return self._test(
            column,
            LengthAmong(values, in_characters=column.function != "LENGTH") if column.counts else AmongValues(values),
        )

    def _equal(self, column: Column, values: Sequence[Value]) -> Formula:
        """Whether a column is equal to one of some values; texts are compared as engines do it."""
        texts = tuple(value for value in values if isinstance(value, str))
        others = [value for value in values if not isinstance(value, str)]
        if not texts:
            return self._among(column, ValueSet.exactly(others))
        test = self._test(column, EqualTo(texts))
        return Or((test, self._among(column, ValueSet.exactly(others)))) if others else test

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
        self._denies = sign in {"<>", ">", ">="} and isinstance(value, str)
        if sign in {"=", "<>"}:
            test = self._equal(column, [value])
            return test if sign == "=" else Not(test)
        if isinstance(value, bool):
            raise ConditionError(
                "truth values are not compared with < and >",
                literal.token.offset,
                expected="= or <>, or a text, a number or a date",
                length=literal.length,
            )
        if isinstance(value, str):
            test = self._test(column, ComesBefore(value, or_equal=sign in {"<=", ">"}))
            return test if sign.startswith("<") else Not(test)
        if sign.startswith("<"):
            return self._among(column, ValueSet.between(None, value, hi_open=sign == "<"))
        return self._among(column, ValueSet.between(value, None, lo_open=sign == ">"))

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
            return self._test(left, AmongValues(~ValueSet.null_only() if "=" in sign else ValueSet.nothing()))
        return Pair(left.field, sign, right.field)

    def _is(self, left: Column) -> Formula:
        self._next()
        negated = self._take("NOT")
        node: Formula
        if self._take("NULL"):
            self._use(left)
            if not left.is_plain:
                raise self._unexpected("IS NULL behind a field alone")
            node = self._test(left, IsNull())
        elif self._take("DISTINCT", "FROM"):
            literal = self._literal()
            if not left.is_plain:
                raise self._unsupported(left.token, "a field alone before IS DISTINCT FROM")
            self._use(left, literal.value)
            node = Not(self._test(left, SameAs(literal.value)))
        elif any(self._take(word) for word in ("TRUE", "FALSE", "UNKNOWN")):
            word = self._tokens[self._place - 1].text.lower()
            if not left.is_plain:
                raise self._unsupported(left.token, "a boolean field")
            self._use(left, value=True)
            outcome = next(each for each in get_args(TruthOutcome) if each == word)
            node = Is(self._test(left, AmongValues(ValueSet.exactly([True]))), outcome)
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
            return self._like(left, any_case=True)
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
        return self._equal(left, values)

    def _between(self, left: Column) -> Formula:
        symmetric = self._take("SYMMETRIC")
        if not symmetric:
            self._take("ASYMMETRIC")
        low = self._literal()
        if not self._take("AND"):
            raise self._unexpected("AND between the two bounds of BETWEEN")
        high = self._literal()
        ends = (low.value, high.value)
        if any(value is None or isinstance(value, bool) for value in ends) or _kind(ends[0]) != _kind(ends[1]):
            raise ConditionError("BETWEEN needs two numbers, dates or texts", low.token.offset, length=low.length)
        for literal in (low, high):
            self._check_kind(left, literal)
            self._use(left, literal.value)
        if isinstance(low.value, str) and isinstance(high.value, str):
            texts = (low.value, high.value)
            node = self._between_texts(left, *texts)
            return Or((node, self._between_texts(left, *texts[::-1]))) if symmetric else node
        values = ValueSet.between(*ends)
        return self._among(left, values | ValueSet.between(*ends[::-1]) if symmetric else values)

    def _between_texts(self, column: Column, low: str, high: str) -> Formula:
        not_before = Not(self._test(column, ComesBefore(low, or_equal=False)))
        return And((not_before, self._test(column, ComesBefore(high, or_equal=True))))

    def _like(self, left: Column, *, any_case: bool = False) -> Formula:
        literal = self._text("LIKE needs a text")
        self._needs_text(left, "LIKE")
        escape: str | None = None
        if self._take("ESCAPE"):
            written = self._text("ESCAPE needs a text")
            escape = str(written.value)
            if len(escape) != 1:
                raise ConditionError("ESCAPE needs one character", written.token.offset, length=written.length)
        elif "\\" in str(literal.value):
            self._language(
                str(literal.value), "sql_like", literal
            )  # raises: without ESCAPE, engines read it differently
        return self._test(left, Like(tuple(self._parts(str(literal.value), escape, literal)), any_case))

    def _parts(self, pattern: str, escape: str | None, at: Literal) -> Iterator[LikePart]:
        """The parts of a LIKE pattern."""
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
                yield following
            else:
                yield {"%": None, "_": ""}.get(character, character)

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
        return self._test(left, AmongValues(self._language(str(literal.value), dialect, literal)))

    def _language(self, pattern: str, dialect: PatternDialect, at: Literal) -> ValueSet:
        try:
            language = parse_pattern(pattern, dialect).language
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


def _kind(value: Value) -> str:
    match value:
        case date():
            return "date"
        case str():
            return "text"
        case _:
            return "number"


def _is_condition(inside: Sequence[ConditionToken]) -> bool:
    """Whether the words inside parentheses make a condition: they hold a comparison, and no operand alone."""
    return any(
        (token.kind == "sign" and token.text in {*_SIGNS, "==", "~", "!~", "~*", "!~*"})
        or token.upper in KEYWORDS - {"NULL", "TRUE", "FALSE"}
        for token in inside
    )
