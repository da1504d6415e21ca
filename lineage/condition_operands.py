"""The operands of a condition: fields, functions of fields, literals; and the reading of its words one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..documents.days import DayShift
from ..documents.names import EntityName, FieldName
from ..values.notation import number_of
from .condition import Operand
from .condition_tokens import ConditionError, tokens
from .transforms.case import Lower, Upper
from .transforms.fixed import Default
from .transforms.spaces import BLANK_ALONE, Trim

if TYPE_CHECKING:
    from ..values.valueset import Value
    from .condition_tokens import ConditionToken
    from .transform import Transform

SUPPORTED = "= <> < <= > >= IN, BETWEEN, LIKE, ILIKE, MATCHES, IS NULL, IS TRUE, AND, OR, NOT"
KEYWORDS = frozenset(
    (
        *("AND", "OR", "NOT", "IS", "NULL", "TRUE", "FALSE", "UNKNOWN", "DISTINCT", "FROM"),
        *("IN", "BETWEEN", "SYMMETRIC", "ASYMMETRIC", "LIKE", "ILIKE", "ESCAPE", "MATCHES"),
    )
)
_INTERVAL = re.compile(r"([0-9]{1,6}) *(year|month|week|day)s?", re.IGNORECASE)
_UNITS = {"year": (12, 0), "month": (1, 0), "week": (0, 7), "day": (0, 1)}
"""The months and the days of a unit."""
_LITERAL = "a text in single quotes, a number, true, false, DATE '2024-05-01' or CURRENT_DATE"
_DEEPEST = 100
_OF_THE_MOMENT = frozenset(
    ("CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "SYSDATE", "CURRENT_USER")
)
_QUERIES = frozenset({"SELECT", "WITH", "EXISTS", "ANY", "ALL", "SOME", "UNNEST", "ARRAY"})
_LENGTHS = ("LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH")
_STEPS: dict[str, tuple[Transform, ...]] = {
    "UPPER": (Upper(),),
    "LOWER": (Lower(),),
    "TRIM": (Trim("both", ways=BLANK_ALONE),),
    "LTRIM": (Trim("left", ways=BLANK_ALONE),),
    "RTRIM": (Trim("right", ways=BLANK_ALONE),),
}
_FUNCTIONS = (*_LENGTHS, *_STEPS, "COALESCE", "IFNULL", "NVL")


@dataclass(frozen=True)
class Column:
    """A field, with the functions around it."""

    token: ConditionToken
    field: FieldName
    chain: tuple[Transform, ...] = ()
    counts: bool = False
    """Whether it is the number of its characters."""
    function: str | None = None
    """The outermost function."""

    @property
    def is_plain(self) -> bool:
        """Whether no function is around it."""
        return not self.chain and not self.counts


@dataclass(frozen=True)
class Literal:
    """A literal."""

    token: ConditionToken
    value: Value
    length: int


class OperandReader:
    """Reads a condition word by word, and the operands in it."""

    def __init__(self, text: str, of: EntityName | None, today: date | None) -> None:
        self._source = text
        self._of = of
        """The entity that bare names are fields of."""
        self._today = today
        """The day of the run; None: conditions may not count from it."""
        self._counts_from_today = False
        self._tokens = tokens(text)
        self._place = 0
        self._depth = 0
        self._operands: list[Operand] = []
        self._begin, self._denies = 0, False
        """Where the comparison begins that is read, and whether the opposite of its test is written."""

    # --------------------------------------------------------------------------------------------- the words

    @property
    def _now(self) -> ConditionToken:
        return self._tokens[self._place]

    @property
    def _follows(self) -> bool:
        """Whether a word follows."""
        return self._now.kind != "end"

    def _next(self) -> ConditionToken:
        token = self._now
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def _take(self, *words: str) -> bool:
        """Whether these keywords follow; they are passed then."""
        following = self._tokens[self._place : self._place + len(words)]
        if len(following) < len(words) or any(t.upper != word for t, word in zip(following, words, strict=True)):
            return False
        self._place += len(words)
        return True

    def _take_sign(self, *signs: str) -> str | None:
        if self._now.kind == "sign" and self._now.text in signs:
            return self._next().text
        return None

    def _require(self, sign: str, what: str) -> None:
        if self._take_sign(sign) is None:
            raise self._unexpected(what)

    def _unexpected(self, expected: str, suggestion: str | None = None) -> ConditionError:
        token = self._now
        what = "the condition ends here" if token.kind == "end" else f"{self._written(token)} is not expected here"
        return ConditionError(what, token.offset, expected=expected, suggestion=suggestion, length=max(1, token.length))

    def _written(self, token: ConditionToken) -> str:
        return self._source[token.offset : token.offset + token.length]

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionError("nested too deeply", self._now.offset)

    def _unsupported(
        self, token: ConditionToken, expected: str = SUPPORTED, suggestion: str | None = None
    ) -> ConditionError:
        return ConditionError(
            f"{self._written(token)} is not supported",
            token.offset,
            expected=expected,
            suggestion=suggestion,
            length=token.length,
        )

    def _use(self, column: Column, value: Value = None, needs: str | None = None) -> None:
        """Note where a field stands, with its counterpart."""
        function = column.function
        self._operands.append(
            Operand(
                column.field,
                column.token.offset,
                column.token.length,
                value if function is None else None,
                needs=function or needs,
            )
        )

    # ------------------------------------------------------------------------------------------- the operands

    def _operand(self) -> Column | Literal:
        token = self._now
        if token.kind == "sign" and token.text == "(":
            self._deeper()
            self._next()
            inner = self._operand()
            self._require(")", "a closing parenthesis")
            self._depth -= 1
            return inner
        if token.kind == "word" and self._tokens[self._place + 1].text == "(" and token.upper not in KEYWORDS:
            return self._function()
        if token.upper in _OF_THE_MOMENT and not (token.upper == "CURRENT_DATE" and self._today is not None):
            raise self._unsupported(token, "a value that is written out")
        is_moment = token.upper in _OF_THE_MOMENT
        if token.kind in {"name", "quoted"} or (token.kind == "word" and not is_moment and not self._is_literal_word()):
            return self._field()
        return self._literal()

    def _is_literal_word(self) -> bool:
        token = self._now
        following = self._tokens[self._place + 1]
        return token.upper in KEYWORDS or (following.kind == "text" and following.offset > token.offset)

    def _field(self) -> Column:
        token = self._next()
        match token.parts:
            case (system, entity, field):
                return Column(token, FieldName(system, entity, field))
            case (name,) if self._of is not None and token.kind == "word":
                return Column(token, self._of.of(name))
        of = self._of
        if token.kind == "quoted":
            suggestion = f"'{token.text}'" if of is None else f"'{token.text}', or {of.of(token.text)} for the field"
            message = f"{self._written(token)} is a name, and texts stand in single quotes"
            raise ConditionError(message, token.offset, expected=_LITERAL, suggestion=suggestion, length=token.length)
        raise ConditionError(
            f"{self._written(token)} is not a field's full name",
            token.offset,
            expected="system.entity.field",
            suggestion=None if of is None or len(token.parts) > 3 else str(of.of(token.parts[-1])),
            length=token.length,
        )

    def _function(self) -> Column:
        token = self._next()
        name = token.upper
        if name not in _FUNCTIONS:
            self._place -= 1
            raise self._unsupported(token, f"{', '.join(_FUNCTIONS)} of a field")
        self._deeper()
        self._next()
        inner = self._operand()
        if isinstance(inner, Literal) or inner.counts:
            raise ConditionError(f"{name} needs a field", inner.token.offset, length=inner.token.length)
        step: tuple[Transform, ...] = ()
        if name in {"COALESCE", "IFNULL", "NVL"}:
            self._require(",", f"a comma and a text, as in {name}(a.b.c, '')")
            step = (Default(str(self._text(f"{name} needs a text").value)),)
        elif name not in _LENGTHS:
            step = _STEPS[name]
        self._require(")", "a closing parenthesis")
        self._depth -= 1
        return replace(inner, chain=(*inner.chain, *step), counts=name in _LENGTHS, function=name)

    def _text(self, message: str) -> Literal:
        literal = self._literal()
        if not isinstance(literal.value, str):
            raise ConditionError(
                message, literal.token.offset, expected="a text in single quotes", length=literal.length
            )
        return literal

    def _literal(self) -> Literal:
        token = self._next()
        match token.kind, token.upper:
            case "text", _:
                if self._now.kind == "text":
                    raise self._unexpected("one text; a quote inside a text is written twice")
                return Literal(token, token.text, token.length)
            case "number", _:
                return Literal(token, _number(token.text), token.length)
            case "sign", _ if token.text in {"-", "+"} and self._now.kind == "number":
                number = self._next()
                value = _number(number.text)
                length = number.offset + number.length - token.offset
                return Literal(token, -value if token.text == "-" else value, length)
            case "word", ("TRUE" | "FALSE"):
                return Literal(token, token.upper == "TRUE", token.length)
            case "word", "NULL":
                return Literal(token, None, token.length)
            case "word", "DATE" if self._now.kind == "text":
                return self._date(token)
            case "word", "CURRENT_DATE" if self._today is not None:
                return self._counted_day(token, self._today)
        self._place -= token.kind != "end"
        if token.upper in _QUERIES:
            raise self._unsupported(token, "the values themselves: no query is ever run")
        raise self._unexpected(_LITERAL)

    def _counted_day(self, token: ConditionToken, today: date) -> Literal:
        """CURRENT_DATE [+ | - INTERVAL '12 years' …]: a day counted from the day of the run."""
        self._counts_from_today = True
        day: date | None = today
        while day is not None and (sign := self._take_sign("+", "-")) is not None:
            if not self._take("INTERVAL"):
                raise self._unexpected("INTERVAL '12 years' behind CURRENT_DATE and a sign")
            shift = self._interval()
            day = (shift if sign == "+" else DayShift(-shift.months, -shift.days)).from_day(day)
        last = self._tokens[self._place - 1]
        length = last.offset + last.length - token.offset
        if day is None:
            raise ConditionError("this day is outside the years 1 to 9999", token.offset, length=length)
        return Literal(token, day, length)

    def _interval(self) -> DayShift:
        """`'12 years'`, `'12' YEAR`, `12 YEAR`: a number with its unit."""
        token = self._next()
        written = token.text if token.kind in {"text", "number"} else ""
        if written.strip().isdecimal() and self._now.kind == "word":
            written = f"{written} {self._next().text}"
        match = _INTERVAL.fullmatch(written.strip())
        if match is None:
            expected = "a number of years, months, weeks or days, such as INTERVAL '12 years'"
            raise ConditionError("this is no interval", token.offset, expected=expected, length=token.length)
        months, days = _UNITS[match[2].lower()]
        return DayShift(int(match[1]) * months, int(match[1]) * days)

    def _date(self, token: ConditionToken) -> Literal:
        written = self._next()
        length = written.offset + written.length - token.offset
        try:
            return Literal(token, date.fromisoformat(written.text), length)
        except ValueError as error:
            raise ConditionError(
                f"{written.text!r} is not a date", written.offset, expected="DATE '2024-05-01'", length=written.length
            ) from error


def _number(text: str) -> int | Decimal:
    return number_of(Decimal(text))
