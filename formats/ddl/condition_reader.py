"""Reading a condition on one column, as sqlglot parsed it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING

from ...values.notation import is_number, plain_notation
from . import ecma
from .conditions import ConditionOutcome, ConditionValues, is_single, ordered, pattern, texts, to_first_nul, trimmed
from .patterns import NotCarriedOver, from_glob, from_like, from_regex

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

    from ...documents.location import Location
    from .engines.engine import Engine
    from .patterns import Flavour
    from .rules import Plain, Rules


@dataclass(frozen=True, slots=True)
class Subject:
    """A column, as a check sees it."""

    rules: Rules
    compared: bool
    """Whether two texts are equal to the engine exactly if they are the same text."""
    padded: bool
    """Whether trailing spaces do not count."""
    lowered_ascii: bool
    """Whether lower() and upper() change ASCII letters only."""
    encoding: str | None
    """The encoding that its bytes are counted in."""
    wide: bool = False
    """Whether it is stored in UTF-16 (SQL Server's nvarchar)."""


_FLIPPED = {"EQ": "EQ", "NEQ": "NEQ", "GT": "LT", "GTE": "LTE", "LT": "GT", "LTE": "GTE"}


class ConditionReader:
    """Reads conditions on one column. Raises NotCarriedOver at whatever is not stated exactly by our words."""

    def __init__(self, subject: Subject, engine: Engine, *, tilde: bool) -> None:
        self.subject = subject
        self.engine = engine
        self.tilde = tilde
        self.type = subject.rules.type

    def outcome(self, node: Expr) -> ConditionOutcome:
        """The outcome of a condition for null, and for values."""
        from sqlglot import exp

        node = node.unnest()
        kind = type(node).__name__
        match node:
            case exp.And():
                return self.outcome(node.this) & self.outcome(node.expression)
            case exp.Or():
                return self.outcome(node.this) | self.outcome(node.expression)
            case exp.Not():
                return ~self.outcome(node.this)
            case exp.Boolean():
                return ConditionOutcome(bool(node.this), values=bool(node.this))
            case exp.Is():
                return self._is(node)
            case exp.Between() if not node.args.get("symmetric"):
                low = self._compared("GTE", node.this, node.args["low"])
                return low & self._compared("LTE", node.this, node.args["high"])
            case exp.In() if not _given(node, "query", "unnest", "field", "is_global"):
                return self._in(node.this, node.expressions)
            case exp.Column() if self.type == "boolean":
                return self._truth(value=True)
            case _ if kind in _FLIPPED:
                return self._comparison(kind, node.this, node.expression)
            case _:
                return self._text_condition(node)

    # ------------------------------------------------------------------------------------------------- comparisons

    def _is(self, node: Expr) -> ConditionOutcome:
        from sqlglot import exp

        self._column(node.this)
        if isinstance(node.expression, exp.Null):
            outcome = ConditionOutcome(null=True, values=False)
        elif isinstance(node.expression, exp.Boolean) and self.type == "boolean":
            outcome = ConditionOutcome(null=False, values=self._truth(value=bool(node.expression.this)).values)
        else:
            raise NotCarriedOver
        return outcome

    def _truth(self, *, value: bool) -> ConditionOutcome:
        listed = (value,)
        return ConditionOutcome(None, ConditionValues(lambda rules, at: rules.only(listed, at), listed=listed))

    def _comparison(self, kind: str, left: Expr, right: Expr) -> ConditionOutcome:

        left, right = left.unnest(), right.unnest()
        listed = listed_in_array(kind, right)
        if listed is not None:
            return self._in(left, listed) if kind == "EQ" else ~self._in(left, listed)
        if _is_constant(left) and not _is_constant(right):
            return self._compared(_FLIPPED[kind], right, left)
        return self._compared(kind, left, right)

    def _in(self, left: Expr, items: list[Expr]) -> ConditionOutcome:
        from sqlglot import exp

        if any(isinstance(item.unnest(), exp.Null) for item in items):
            # Never false: what is in no other place of the list might be the null.
            raise NotCarriedOver
        outcome = ConditionOutcome(None, values=False)
        for item in items:
            outcome |= self._compared("EQ", left, item)
        return outcome

    def _compared(self, kind: str, left: Expr, right: Expr) -> ConditionOutcome:
        """Something made of the column, against a constant."""
        left, right = left.unnest(), right.unnest()
        measured = self._measure(left)
        if measured is not None:
            if self.type != "text":
                raise NotCarriedOver  # the length of what a number or a date is written as
            return ConditionOutcome(None, self._length(kind, measured, self._whole(right)))
        if self.type == "text":
            return self._compared_text(kind, left, right)
        self._column(left)
        value = self._constant(right)
        if isinstance(value, bool):
            if kind not in {"EQ", "NEQ"}:
                raise NotCarriedOver
            return self._truth(value=value if kind == "EQ" else not value)
        return ConditionOutcome(None, ordered(kind, value, self.type))

    def _compared_text(self, kind: str, left: Expr, right: Expr) -> ConditionOutcome:
        from sqlglot import exp

        if kind not in {"EQ", "NEQ"}:
            raise NotCarriedOver  # an order of texts is a collation's
        self._need_exact()
        if isinstance(right, exp.Column) or (isinstance(left, exp.Column) and _is_function(right)):
            values = self._unchanged(left if _is_function(left) else right)
        elif isinstance(left, exp.Trim):
            if self._string(right) != "" or not self._trims_both(left) or self.engine.empty_is_null:
                raise NotCarriedOver
            values = pattern(" *")
        else:
            self._column(left)
            value = self._string(right)
            if self.engine.empty_is_null and not value:
                raise NotCarriedOver  # a comparison with null is never false
            values = texts((value,))
        outcome = ConditionOutcome(None, values)
        return outcome if kind == "EQ" else ~outcome

    def _unchanged(self, function: Expr) -> ConditionValues:
        """`lower(x) = x`, `trim(x) = x`: the texts that the function leaves as they are."""
        from sqlglot import exp

        match function:
            case exp.Lower() if self.subject.lowered_ascii:
                self._column(function.this)
                return pattern("[^A-Z]*")
            case exp.Upper() if self.subject.lowered_ascii:
                self._column(function.this)
                return pattern("[^a-z]*")
            case exp.Trim() if self._trims_both(function):
                return pattern("|[^ ]|[^ ][^]*[^ ]")
            case _:
                raise NotCarriedOver

    # ----------------------------------------------------------------------------------------------------- lengths

    def _measure(self, node: Expr) -> str | None:
        """The unit in which a function measures the column; None for no such function. Raises where it is not known."""
        from sqlglot import exp

        engine = self.engine
        match node:
            case exp.Length(this=exp.Encode() as encoded) if engine.encode_gives_bytes:
                self._column(encoded.this)
                return "bytes"
            case exp.Length(this=exp.Trim() as trimmed) if self._trims_both(trimmed):
                self._need_unpadded()
                return "trimmed bytes" if node.args.get("binary") else "trimmed"
            case exp.Length(this=exp.Cast() as cast) if cast.to.sql().upper() in engine.byte_casts:
                self._column(cast.this)
                return "bytes"
            case exp.Length():
                self._column(node.this)
                self._need_unpadded()
                if engine.length_trims or self.type != "text":
                    raise NotCarriedOver
                return "bytes" if node.args.get("binary") else "code points"
            case exp.Anonymous():
                counting = engine.counting.get(node.name.lower())
                if counting is None:
                    return None
                argument = node.expressions[0]
                self._column(argument.this if isinstance(argument, exp.Encode) else argument)
                if counting == "bytes" and self.subject.padded:
                    raise NotCarriedOver
                return "utf-16 bytes" if counting == "bytes" and self.subject.wide else counting
            case _:
                return None

    def _length(self, kind: str, unit: str, count: int) -> ConditionValues:
        low: int | None = None
        high: int | None = None
        match kind:
            case "EQ":
                low = high = count
            case "NEQ":
                return self._other_length(unit, count)
            case "GT":
                low = count + 1
            case "GTE":
                low = count
            case "LT":
                high = count - 1
            case _:
                high = count
        if high is not None and high < 0:
            raise NotCarriedOver
        low = None if low is not None and low <= 0 else low
        if low is None and high is None:
            return pattern(ecma.ANYTHING)
        return self._between(unit, low, high)

    def _other_length(self, unit: str, count: int) -> ConditionValues:
        if unit not in {"code points", "trimmed", "trimmed bytes"} or self.engine.stops_at_nul or count < 0:
            raise NotCarriedOver
        if unit != "code points" and count:
            raise NotCarriedOver
        if not count:
            return self._between(unit, 1, None)
        return pattern(ecma.alternatives((ecma.repeated_unit(0, count - 1), ecma.repeated_unit(count + 1, None))))

    def _between(self, unit: str, low: int | None, high: int | None) -> ConditionValues:
        match unit:
            case "trimmed bytes" if (low, high) != (1, None):
                raise NotCarriedOver
            case "trimmed" | "trimmed bytes":
                return pattern(trimmed(low or 0, high))
            case "code points" if self.engine.stops_at_nul:
                return to_first_nul(low, high)
            case "code points":

                def write_length(rules: Rules, at: Location) -> None:
                    if low is not None:
                        rules.bound("min_length", low, at)
                    if high is not None:
                        rules.bound("max_length", high, at)

                return ConditionValues(write_length, ecma.repeated_unit(low or 0, high))
            case "utf-16 bytes":

                def write_units(rules: Rules, at: Location) -> None:
                    if low is not None:
                        rules.bound("min_utf16", -(-low // 2), at)
                    if high is not None:
                        rules.bound("max_utf16", high // 2, at)

                return ConditionValues(write_units)
            case _:
                encoding = self.subject.encoding
                if encoding is None:
                    raise NotCarriedOver

                def write_bytes(rules: Rules, at: Location) -> None:
                    if low is not None:
                        rules.limit_bytes("min_bytes", low, encoding, at)
                    if high is not None:
                        rules.limit_bytes("max_bytes", high, encoding, at)

                return ConditionValues(write_bytes)

    # ---------------------------------------------------------------------------------------------------- patterns

    def _text_condition(self, node: Expr) -> ConditionOutcome:
        from sqlglot import exp

        if self.type != "text":
            raise NotCarriedOver
        engine = self.engine
        kind = type(node).__name__
        match node:
            case exp.Escape(this=exp.Like() as like):
                return self._like(like, self._string(node.expression))
            case exp.Like():
                return self._like(node, None)
            case exp.ILike() if not any(map(str.isalpha, self._string(node.expression))):
                return self._like(node, None)
            case exp.Glob() if engine.has_glob:
                self._column(node.this)
                regex = from_glob(self._string(node.expression))
            case _ if kind in engine.whole_patterns and not _given(node, "options"):
                if engine.whole_patterns_compare:
                    self._need_exact()
                self._column(node.this)
                regex = from_regex(self._string(node.expression), engine.whole_patterns[kind], whole=True)
            case exp.RegexpLike() if engine.regex is not None:
                regex = self._regexp(node, engine.regex)
            case exp.StartsWith() if engine.has_starts_with:
                self._need_exact()
                self._column(node.this)
                regex = f"{ecma.quoted_text(self._string(node.expression))}{ecma.ANYTHING}"
            case _:
                raise NotCarriedOver
        return ConditionOutcome(None, pattern(regex))

    def _like(self, node: Expr, escape: str | None) -> ConditionOutcome:
        rules = self.engine.like
        if rules.follows_collation:
            self._need_exact()
        written = self._string(node.expression)
        if not rules.literal_backslash and "\\" in written:
            raise NotCarriedOver
        self._column(node.this)
        return ConditionOutcome(None, pattern(from_like(written, escape, rules)))

    def _regexp(self, node: Expr, flavour: Flavour) -> str:
        self._need_exact()
        self._column(node.this)
        if _given(node, "flag"):
            raise NotCarriedOver
        if self.engine.tilde_varies and self.tilde:
            raise NotCarriedOver
        return from_regex(self._string(node.expression), flavour, whole=False)

    # ----------------------------------------------------------------------------------------------------- operands

    def _column(self, node: Expr) -> None:
        """Make sure that this is the column itself, perhaps under a cast that leaves texts as they are."""
        from sqlglot import exp

        node = node.unnest()
        if isinstance(node, exp.Cast) and self.type == "text" and not self.subject.padded:
            if node.to.sql().upper() not in {"TEXT", "VARCHAR"}:
                raise NotCarriedOver
            node = node.this.unnest()
        if not isinstance(node, exp.Column):
            raise NotCarriedOver

    def _need_exact(self) -> None:
        if self.type != "text" or not self.subject.compared:
            raise NotCarriedOver

    def _need_unpadded(self) -> None:
        if self.subject.padded:
            raise NotCarriedOver

    def _trims_both(self, node: Expr) -> bool:
        if self.engine.trims_unicode:
            raise NotCarriedOver
        if _given(node, "expression", "collation") or node.args.get("position") not in {None, "BOTH"}:
            return False
        self._column(node.this)
        return not self.subject.padded and self.type == "text"

    def _string(self, node: Expr) -> str:
        from sqlglot import exp

        node = node.unnest()
        match node:
            case exp.Cast() if node.to.sql().upper().partition("(")[0] in {"TEXT", "VARCHAR", "BPCHAR", "CHAR"}:
                if node.to.expressions:
                    raise NotCarriedOver  # a cast that cuts
                return self._string(node.this)
            case exp.Introducer():
                return self._string(node.expression)
            case exp.Literal() if node.is_string:
                return str(node.this)
            case exp.National():
                return str(node.this)
            case exp.ByteString() if self.engine.escape_literals:
                return str(node.this)
            case _:
                raise NotCarriedOver

    def _whole(self, node: Expr) -> int:
        value = constant_number(node)
        if value is None or value != value.to_integral_value():
            raise NotCarriedOver
        return int(value)

    def _constant(self, node: Expr) -> Plain:
        from sqlglot import exp

        if self.type in {"integer", "decimal"}:
            value = constant_number(node)
            if value is None or (self.subject.rules.single and not is_single(value)):
                raise NotCarriedOver
            return value
        if isinstance(node, exp.Boolean) and self.type == "boolean":
            return bool(node.this)
        if self.subject.rules.rounds_seconds:
            raise NotCarriedOver  # what it stores is compared
        if isinstance(node, exp.Cast) and node.to.sql().upper() == self.type.upper():
            node = node.this.unnest()
        text = self._string(node)
        try:
            match self.type:
                case "date" if len(text) == 10:
                    return date.fromisoformat(text)
                case "time" if len(text) in {5, 8}:
                    return time.fromisoformat(text)
        except ValueError:
            pass
        raise NotCarriedOver


def listed_in_array(kind: str, node: Expr) -> list[Expr] | None:
    """The items of PostgreSQL's `= ANY (ARRAY[…])`, and of `<> ALL (ARRAY[…])`; None where it is neither."""
    from sqlglot import exp

    if isinstance(node, exp.Any) and kind == "EQ":
        array = node.this.unnest()
    elif isinstance(node, exp.Anonymous) and node.name.upper() == "ALL" and kind == "NEQ":
        array = node.expressions[0].unnest()
    else:
        return None
    if isinstance(array, exp.Cast):
        array = array.this.unnest()
    if not isinstance(array, exp.Array):
        raise NotCarriedOver
    return list(array.expressions)


def _given(node: Expr, *names: str) -> bool:
    return any(node.args.get(name) for name in names)


def _is_function(node: Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Lower | exp.Upper | exp.Trim)


def _is_constant(node: Expr) -> bool:
    from sqlglot import exp

    return node.find(exp.Column) is None


def constant_number(node: Expr) -> Decimal | None:
    """The number that a constant is; None where it is none."""
    from sqlglot import exp

    node = node.unnest()
    match node:
        case exp.Neg():
            inner = constant_number(node.this)
            return None if inner is None else -inner
        case exp.Cast() if node.to.sql().upper() in {"INT", "BIGINT", "SMALLINT", "DECIMAL"}:
            inner = node.this.unnest()
            if isinstance(inner, exp.Literal) and inner.is_string:  # '-1'::integer, as PostgreSQL gives it back
                return Decimal(inner.this) if re.fullmatch(r"-?[0-9]{1,18}", inner.this) else None
            return constant_number(inner)
        case exp.Literal() if not node.is_string:
            try:
                value = Decimal(str(node.this))
            except ArithmeticError:
                return None
            return value if is_number(value) and len(plain_notation(value)) < 60 else None
        case _:
            return None
