"""Arithmetic and dates of a query as steps of ours, in the meaning of the engine that runs it.

Engines calculate with types, and a result that is too large for its type is an error: so a step is stated where the type
of its result is known, with its bounds (`within`) where it may leave them.

    PostgreSQL     integer * literal: at least 32 bits           numeric: exact             x / 100 of integers: cut
    MariaDB        integer * literal: 64 bits                    decimal: to 65 digits      x / 100: four decimals more
    DuckDB         integer * literal: the type of the column     decimal: to 18 digits      x / 100: floating point

Sources: PostgreSQL 15, 9.3, 9.8, 9.9; MariaDB 10.11, "Arithmetic Operators", "Date & Time Functions"; DuckDB, "Numeric
Functions", "Date Functions": these were run. Snowflake, "Arithmetic Operators", ADD_MONTHS; BigQuery, "Date functions";
Spark 3, "Built-in Functions": as their manuals say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlglot import exp

from ...values.error import FieldlineError
from .arm import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...formats.ddl.engines.engine import EngineName

WrittenStep: TypeAlias = "tuple[str, Mapping[str, Any]]"
"""The name of a transform in a lineage file, and its options."""
ValueKind: TypeAlias = Literal["text", "integer", "whole", "decimal", "date", "midnight", "mixed", "other"]
"""Of a value in a query; `whole`: a whole number in whose type nothing is calculated here; `midnight`: an instant at which
a day begins, as what date + interval gives; `mixed`: a number of which is not known how it is written, as a CASE over
numbers of several types gives."""


class NotExact(FieldlineError):
    """An expression that has no exact steps here. Carries the part that has none."""


@dataclass(frozen=True)
class ValueType:
    """What is known of the values of an expression."""

    kind: ValueKind
    low: Decimal | None = None
    high: Decimal | None = None
    """The bounds of its numbers; None: not known, or none."""
    bits: int | None = None
    """Of a whole number's type; None: not known."""
    whole: int | None = None
    scale: int | None = None
    """The digits of a decimal before the point, and after it; None: not known, or they are not all written."""
    kept: int | None = None
    """The decimals that it has, where not all of them are written: MariaDB stores the zero of a sum in a text as `0`."""
    most: tuple[int, str] | None = field(default=None, compare=False)
    """The length of a text's type, at least, and its unit; None: not known."""


TEXT_VALUE = ValueType("text")
TypedSteps: TypeAlias = "tuple[tuple[WrittenStep, ...], ValueType]"

_DECIMALS = frozenset(("postgres", "mysql", "mariadb", "duckdb", "snowflake"))
"""The engines whose arithmetic of decimals is stated."""
_WHOLE_NUMBERS = _DECIMALS | {"sqlite", "bigquery", "redshift", "spark", "databricks"}
"""Those whose arithmetic of whole numbers is."""
_FAILING = frozenset(("postgres", "mysql", "mariadb", "duckdb", "snowflake", "bigquery", "redshift"))
"""The engines in which arithmetic fails where its result is too large; the others go on with another number."""
_MYSQL = frozenset(("mysql", "mariadb"))
_WRITING = frozenset(("postgres", "mysql", "mariadb", "duckdb"))
"""The engines that write a date by ISO 8601, and a decimal with all digits of its type."""
_MIDNIGHT = frozenset(("postgres", "duckdb", "redshift"))
"""The engines in which a date and an interval give an instant."""
_UNITS = {"DAY": (0, 1), "WEEK": (0, 7), "MONTH": (1, 0), "QUARTER": (3, 0), "YEAR": (12, 0)}
"""Months and days."""
_PERIODS = {"WEEK": "week", "MONTH": "month", "MM": "month", "MON": "month", "QUARTER": "quarter", "YEAR": "year"}
_PARTS = {"YEAR": ("%Y", 9999), "MONTH": ("%m", 12), "DAY": ("%d", 31), "QUARTER": ("%m", 4)}
"""Parts of a day: their notation, and the greatest number."""
_PLAIN_LAYOUT = re.compile(r"(?:%[Yymd]|[-./ ])+")
_INTERVAL = re.compile(r"([+-]?)([0-9]{1,6})\s*([a-z]+?)s?\b", re.IGNORECASE)
INTEGER_BITS = {
    exp.DataType.Type.SMALLINT: 16,
    exp.DataType.Type.INT: 32,
    exp.DataType.Type.BIGINT: 64,
}
_UNSCALED: dict[str, tuple[int, int]] = {"duckdb": (18, 3), "mysql": (10, 0), "mariadb": (10, 0), "snowflake": (38, 0)}
"""The digits of DECIMAL where it names none, and how many of them are decimals. PostgreSQL keeps them all."""
_MOST_DIGITS = {"duckdb": 18, "mysql": 65, "mariadb": 65, "snowflake": 38}
_MOST_SCALE = {"duckdb": 18, "mysql": 30, "mariadb": 30, "snowflake": 12}


def number_literal(node: exp.Expr | None) -> Decimal | None:
    """The number that a literal is; None: it is another expression."""
    match node:
        case exp.Paren():
            return number_literal(node.this)
        case exp.Neg():
            number = number_literal(node.this)
            return None if number is None else -number
        case exp.Literal() if not node.is_string and re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?", node.this):
            return Decimal(node.this)
        case _:
            return None


def literal_value(number: Decimal, engine: EngineName) -> ValueType:
    """What a literal number is: PostgreSQL takes it for 32 bits at least, DuckDB for as few as hold it."""
    if number != number.to_integral_value():
        return ValueType("decimal", scale=_scale(number), whole=_whole_digits(number))
    least = 8 if engine == "duckdb" else 32
    bits = next(size for size in (8, 16, 32, 64) if size >= least and -(2 ** (size - 1)) <= number < 2 ** (size - 1))
    return ValueType("integer", number, number, bits=bits)


def unified(values: Sequence[ValueType], engine: EngineName) -> ValueType | None:
    """The one type that the branches of a CASE get; None: each keeps its own, or they do not matter."""
    numbers = {each.kind for each in values} <= {"integer", "whole", "decimal", "mixed"}
    if not numbers or len(values) < 2:
        return None
    if all(each.kind == "integer" for each in values):
        sizes = [each.bits for each in values if each.bits is not None]
        return ValueType("integer", bits=max(sizes) if len(sizes) == len(values) else None)
    if len({(each.kind, each.scale) for each in values}) == 1 or engine == "postgres":
        return None  # PostgreSQL writes each number with the digits it has
    return ValueType("mixed")


def operand(node: exp.Expr) -> exp.Expr:
    """The part of an expression whose value is worked on: the one that is no literal. Raises NotExact."""
    is_left = isinstance(node, exp.Add | exp.Mul | exp.Sub) and number_literal(node.this) is not None
    inner = node.expression if is_left or isinstance(node, exp.Extract) else node.this
    if isinstance(node, exp.Anonymous) and len(node.expressions) == 1:
        (inner,) = node.expressions
    if not isinstance(inner, exp.Expr):
        raise NotExact(one_line(node))
    return inner


class TypedStepReader:
    """Reads functions of one number or date for one engine."""

    def __init__(self, engine: EngineName) -> None:
        self._engine = engine

    def steps(self, node: exp.Expr, of: ValueType) -> TypedSteps:
        """The steps of a function of one value that is no text, and what they give. Raises NotExact."""
        found: TypedSteps | None = None
        match node, of.kind:
            case exp.Cast(), _ if node.key in {"cast", "trycast"} and not node.args.get("format"):
                found = self._cast(node, of)
                if found is not None and node.args.get("safe") and any(name == "within" for name, _ in found[0]):
                    found = None  # TRY_CAST: null where a cast fails
            case ((exp.TsOrDsToTimestamp() | exp.TsOrDsToDate() | exp.TimeStrToTime()), ("date" | "midnight")):
                found = (), of
            case _, ("integer" | "decimal") if self._engine in _WHOLE_NUMBERS:
                found = self._number(node, of)
            case _, ("date" | "midnight"):
                found = self._day(node, of)
        if found is None:
            raise NotExact(one_line(node))
        return found

    # -------------------------------------------------------------------------------------------------- numbers

    def _number(self, node: exp.Expr, of: ValueType) -> TypedSteps | None:
        if of.kind == "decimal" and self._engine not in _DECIMALS:
            return None
        right = number_literal(node.args.get("expression"))
        left = number_literal(node.this) if isinstance(node, exp.Add | exp.Mul | exp.Sub) else None
        literal = right if right is not None else left
        match node:
            case exp.Neg():
                return self._times(of, Decimal(-1), negates=True)
            case exp.Add() if literal is not None:
                return self._plus(of, literal)
            case exp.Sub() if right is not None:
                return self._plus(of, -right)
            case exp.Sub() if left is not None:
                return self._plus(of, left, negates=True)
            case exp.Mul() if literal is not None:
                return self._times(of, literal)
            case exp.IntDiv() if right is not None:
                return self._quotient(of, right)
            case exp.Div() if right is not None:
                return self._divided(of, right)
            case exp.Mod() if right is not None:
                return self._left_over(of, right)
            case exp.Round() | exp.Trunc() if not node.args.get("truncate"):
                return self._rounded(of, node)
            case _:
                return None

    def _plus(self, of: ValueType, number: Decimal, *, negates: bool = False) -> TypedSteps | None:
        """A sum with a number, or, where the value is negated, the difference of the number and the value."""
        before: tuple[WrittenStep, ...] = (("multiply", {"by": "-1"}),) if negates else ()
        steps: tuple[WrittenStep, ...] = (*before, ("add", {"number": _plain(number)}))
        low, high = (of.high, of.low) if negates else (of.low, of.high)
        low, high = (None if bound is None else number + (-bound if negates else bound) for bound in (low, high))
        if of.kind == "integer" and _scale(number) == 0:
            return self._whole(of, number, steps, low, high)
        whole, scale = _digits(of)
        if whole is None or scale is None:
            return self._decimal(steps, ValueType("decimal", low, high))
        own = max(whole, _whole_digits(number)) + 1
        result = ValueType("decimal", low, high, whole=own, scale=max(scale, _scale(number)))
        return self._decimal((*steps, *_decimals_of_literal(of, number)), result)

    def _times(self, of: ValueType, number: Decimal, *, negates: bool = False) -> TypedSteps | None:
        if number == 0:
            return None
        step: WrittenStep = ("multiply", {"by": _plain(number)})
        low, high = _moved(of, lambda bound: bound * number)
        if number < 0:
            low, high = high, low
        if of.kind == "integer" and _scale(number) == 0:
            return self._whole(of, number, (step,), low, high, keeps_type=negates)
        whole, scale = _digits(of)
        if whole is None or scale is None:
            return self._decimal((step,), ValueType("decimal", low, high))
        own = whole + _whole_digits(number)
        result = ValueType("decimal", low, high, whole=own, scale=scale + _scale(number))
        return self._decimal((step, *_decimals_of_literal(of, number)), result)

    def _whole(
        self,
        of: ValueType,
        number: Decimal,
        steps: tuple[WrittenStep, ...],
        low: Decimal | None,
        high: Decimal | None,
        *,
        keeps_type: bool = False,
    ) -> TypedSteps | None:
        """Whole numbers in bounds: with a step that fails outside those of the result's type, where it can leave them."""
        if low is None or high is None:
            return None
        if self._engine in _MYSQL and of.low is not None and of.low >= 0 and low < 0:
            return None  # of an unsigned column it fails below zero
        bits = of.bits if keeps_type and self._engine not in _MYSQL else self._bits(of, number)
        if bits is None:
            return None
        limits = -(10**38) + 1 if self._engine == "snowflake" else -(2 ** (bits - 1))
        least, most = Decimal(limits), Decimal(-limits - (self._engine != "snowflake"))
        if least <= low and high <= most:
            return steps, ValueType("integer", low, high, bits)
        if self._engine not in _FAILING:
            return None
        fails: WrittenStep = ("within", {"min": str(least), "max": str(most)})
        return (*steps, fails), ValueType("integer", max(low, least), min(high, most), bits)

    def _bits(self, of: ValueType, number: Decimal) -> int | None:
        """The size of the type of a whole number after arithmetic with a literal."""
        literal = 32 if abs(number) < 2**31 else 64
        if self._engine in _MYSQL or self._engine in {"sqlite", "bigquery", "snowflake"}:
            return 64
        if self._engine == "duckdb":  # a literal takes the type of the column, where it fits
            return None if of.bits is None else of.bits if abs(number) < 2 ** (of.bits - 1) else literal
        return max(of.bits or 32, literal)

    def _decimal(self, steps: tuple[WrittenStep, ...], result: ValueType) -> TypedSteps | None:
        """Decimals, where all digits of the result are kept."""
        if self._engine == "postgres":
            return steps, result
        if self._engine not in _DECIMALS or result.whole is None or result.scale is None:
            return None
        if result.whole + result.scale > _MOST_DIGITS[self._engine] or result.scale > _MOST_SCALE[self._engine]:
            return None
        if (
            self._engine in _MYSQL
        ):  # MariaDB 10.11: cast(d + 0.5 as char) is 0.00, and d + 0.5 in a column of texts is 0
            return steps, replace(result, scale=None, kept=result.scale)
        return steps, result

    def _quotient(self, of: ValueType, number: Decimal) -> TypedSteps | None:
        """Division of whole numbers, cut towards zero."""
        if of.kind != "integer" or number < 1 or _scale(number) or self._engine not in _WHOLE_NUMBERS - {"snowflake"}:
            return None
        bits = self._bits(of, number)
        low, high = _moved(of, lambda bound: Decimal(int(bound / number)))
        return (("divide", {"by": _plain(number)}),), ValueType("integer", low, high, bits)

    def _left_over(self, of: ValueType, number: Decimal) -> TypedSteps | None:
        """What is left of a division by a whole number, with the sign of what is divided."""
        if not number or _scale(number) or (of.kind == "decimal" and self._engine == "duckdb"):
            return None
        by = abs(number)
        low = 1 - by if of.low is None or of.low < 0 else Decimal(0)
        high = by - 1 if of.high is None or of.high > 0 else Decimal(0)
        step: WrittenStep = ("remainder", {"by": _plain(by)})
        if of.kind == "integer":
            return (step,), ValueType("integer", low, high, self._bits(of, by))
        scale = _digits(of)[1]
        if self._engine in _MYSQL and scale is not None and (of.low is None or of.low < 0):
            return (step,), ValueType("mixed")  # of -2.00 % 2 MariaDB 10.11 writes -0.00
        if scale is None:
            return self._decimal((step,), ValueType("decimal", low - 1, high + 1))
        whole = max(_whole_digits(by), of.whole or 0)
        return self._decimal((step,), ValueType("decimal", low - 1, high + 1, whole=whole, scale=scale))

    def _divided(self, of: ValueType, number: Decimal) -> TypedSteps | None:
        """Division: of whole numbers cut, or of decimals, where the quotient has an end within the digits that are kept."""
        if of.kind == "integer" and _scale(number) == 0 and self._engine in {"postgres", "sqlite", "redshift"}:
            return self._quotient(of, number)
        inverse = Decimal(1) / number if number else Decimal(0)
        if not number or inverse * number != 1 or _scale(inverse) > 12:
            return None
        whole, scale = _digits(of)
        if whole is None or scale is None:
            return None
        needed = scale + _scale(inverse)
        if self._engine in _MYSQL:
            kept = scale + 4
        elif self._engine == "snowflake":
            kept = max(scale, min(scale + 6, 12))
        elif self._engine == "postgres":  # 16 significant digits at least, in groups of four
            kept = max(16 - 4 * max(-(-whole // 4) - 1, 0), scale)
        else:
            return None
        if needed > kept:
            return None
        low, high = _moved(of, lambda bound: bound * inverse)
        ends = (low, high) if number > 0 else (high, low)
        step: WrittenStep = ("multiply", {"by": _plain(inverse)})
        digits = whole + max(0, len(str(int(abs(inverse)))))
        # how many zeros are written at the end is not stated: `scale` is not known
        return (step,), ValueType("decimal", *ends, whole=digits)

    def _rounded(self, of: ValueType, node: exp.Round | exp.Trunc) -> TypedSteps | None:
        """ROUND, half away from zero, and TRUNC."""
        places = Decimal(0) if node.args.get("decimals") is None else number_literal(node.args["decimals"])
        if places is None or not 0 <= places <= 12 or _scale(places):
            return None
        if self._engine == "sqlite" and isinstance(node, exp.Round):  # "Built-In Scalar Functions": 128 becomes 128.0
            return ((), ValueType("mixed")) if of.kind == "integer" and places == 0 else None
        if of.kind == "integer":
            return ((), of) if places == 0 and self._engine != "postgres" else None  # there it is floating point
        scale = _digits(of)[1]
        if self._engine != "postgres" and (scale is None or places > scale):
            return None
        options: dict[str, Any] = {"places": str(places)} | ({"cut": True} if isinstance(node, exp.Trunc) else {})
        grown = None if of.whole is None else of.whole + 1
        result = ValueType("decimal", _outer(of.low, -1), _outer(of.high, 1), whole=grown, scale=int(places))
        return (("round", options),), result

    # ---------------------------------------------------------------------------------------------------- casts

    def _cast(self, node: exp.Cast, of: ValueType) -> TypedSteps | None:
        kind = node.to.this
        match of.kind:
            case "integer" | "whole" | "decimal" if kind in INTEGER_BITS:
                return self._to_integer(of, INTEGER_BITS[kind])
            case "integer" | "decimal" if kind == exp.DataType.Type.DECIMAL:
                return self._to_decimal(of, node.to)
            case "integer" | "whole" | "decimal" | "date" if kind in exp.DataType.TEXT_TYPES:
                return self._to_text(of, node.to)
            case "date" | "midnight" if (
                kind == exp.DataType.Type.DATE and self._engine != "sqlite"
            ):  # there it is a year
                return (), ValueType("date")
            case _:
                return None

    def _to_integer(self, of: ValueType, bits: int) -> TypedSteps | None:
        if of.kind == "decimal" and self._engine not in _DECIMALS:
            return None
        steps: tuple[WrittenStep, ...] = (("round", {"places": "0"}),) if of.kind == "decimal" else ()
        least, most = Decimal(-(2 ** (bits - 1))), Decimal(2 ** (bits - 1) - 1)
        low, high = (_outer(of.low, -1), _outer(of.high, 1)) if steps else (of.low, of.high)
        if self._engine == "snowflake":
            least, most = -(Decimal(10) ** 38), Decimal(10) ** 38
        if low is not None and high is not None and least <= low and high <= most:
            return steps, ValueType("integer", low, high, bits)
        if self._engine not in {"postgres", "duckdb"}:
            return None
        fails: WrittenStep = ("within", {"min": str(least), "max": str(most)})
        ends = (least if low is None else max(low, least), most if high is None else min(high, most))
        return (*steps, fails), ValueType("integer", *ends, bits)

    def _to_decimal(self, of: ValueType, to: exp.DataType) -> TypedSteps | None:
        if self._engine not in _DECIMALS:
            return None
        sizes = [int(each.this.this) for each in to.expressions if isinstance(each, exp.DataTypeParam)]
        if not sizes and self._engine == "postgres":
            return (), replace(of, kind="decimal", bits=None, whole=_digits(of)[0], scale=_digits(of)[1])
        precision, scale = (*sizes, 0)[:2] if sizes else _UNSCALED[self._engine]
        whole, held = _digits(of)
        steps: tuple[WrittenStep, ...] = ()
        if held != scale or of.kept is not None:  # where no digit is dropped it says how many are written
            steps = (("round", {"places": str(scale)}),)
        may_grow = held is None or held > scale
        result = ValueType("decimal", of.low, of.high, whole=precision - scale, scale=scale)
        if whole is None or whole + may_grow > precision - scale:
            if self._engine not in {"postgres", "duckdb"}:
                return None
            most = "9" * max(precision - scale, 0) or "0"
            most = f"{most}.{'9' * scale}" if scale else most
            steps = (*steps, ("within", {"min": f"-{most}", "max": most}))
        return steps, result

    def _to_text(self, of: ValueType, to: exp.DataType) -> TypedSteps | None:
        is_padded = to.this in {exp.DataType.Type.CHAR, exp.DataType.Type.NCHAR}
        length = to.expressions[0].this if to.expressions else None
        if self._engine == "oracle" or (of.kind not in {"integer", "whole"} and self._engine not in _WRITING):
            return None
        if of.kind == "decimal" and _digits(of)[1] is None:
            return None
        if (is_padded and self._engine not in _MYSQL) or (length is not None and self._engine != "postgres"):
            return None
        steps: tuple[WrittenStep, ...] = (("cast", {"to": "text"}),)
        if length is not None:
            steps = (*steps, ("truncate", {"length": str(length.this)}))
        return steps, TEXT_VALUE

    # ---------------------------------------------------------------------------------------------------- dates

    def _day(self, node: exp.Expr, of: ValueType) -> TypedSteps | None:
        match node:
            case exp.Add() | exp.Sub():
                return self._day_moved(node, of)
            case exp.DateAdd() | exp.DateSub() | exp.TsOrDsAdd():
                return self._day_counted(node, of)
            case exp.AddMonths() if self._engine in {"snowflake", "redshift", "spark", "databricks"}:
                months = number_literal(node.expression)
                if months is None or _scale(months):
                    return None
                end = "last" if self._engine in {"spark", "databricks"} else "kept"
                kind: ValueKind = "midnight" if self._engine == "redshift" else "date"
                return (_shift(int(months), 0, end),), ValueType(kind)
            case exp.TimestampTrunc() | exp.DateTrunc() if node.args.get("zone") is None:
                return self._truncated(node)
            case exp.LastDay() if node.args.get("unit") is None and self._engine not in {"oracle", "sqlserver"}:
                return (("end_of", {"period": "month"}),), ValueType("date")
            case exp.Extract() | exp.Year() | exp.Month() | exp.Day():
                return self._part_of_day(node)
            case exp.TimeToStr() if self._engine in _WRITING:
                written = _written_day(node.args["format"].name)
                return None if written is None else (written, TEXT_VALUE)
            case _:
                return None

    def _part_of_day(self, node: exp.Expr) -> TypedSteps | None:
        """The year, the month, the day of the month or the quarter, as a number."""
        unit = node.this.name.upper() if isinstance(node, exp.Extract) else node.key.upper()
        if unit not in _PARTS or self._engine in {"sqlite", "oracle", "sqlserver"}:
            return None
        layout, most = _PARTS[unit]
        steps: tuple[WrittenStep, ...] = (*(_written_day(layout) or ()), ("cast", {"to": "integer"}))
        if unit == "QUARTER":
            steps = (*steps, ("add", {"number": "2"}), ("divide", {"by": "3"}))
        # of PostgreSQL, EXTRACT gives a decimal, and DATE_PART a floating-point number
        kind: ValueKind = "whole" if self._engine in {"postgres", "redshift", "snowflake"} else "integer"
        bits = 32 if self._engine in {"spark", "databricks"} else 64
        return steps, ValueType(kind, Decimal(1), Decimal(most), bits)

    def _day_moved(self, node: exp.Add | exp.Sub, of: ValueType) -> TypedSteps | None:
        sign = 1 if isinstance(node, exp.Add) else -1
        days = number_literal(node.expression)
        if days is not None:  # a number of days
            if of.kind != "date" or _scale(days) or self._engine not in {"postgres", "duckdb", "redshift", "snowflake"}:
                return None
            return (_shift(0, sign * int(days)),), of
        if not isinstance(node.expression, exp.Interval) or self._engine in {"oracle", "sqlite", "sqlserver"}:
            return None
        parts = _interval(node.expression)
        if parts is None:
            return None
        months, days_moved = sign * parts[0], sign * parts[1]
        steps = tuple(_shift(m, d) for m, d in ((months, 0), (0, days_moved)) if m or d)
        return steps, ValueType("midnight") if self._engine in _MIDNIGHT else of

    def _day_counted(self, node: exp.Expr, of: ValueType) -> TypedSteps | None:
        """DATE_ADD, DATEADD, DATE_SUB: a count of a unit."""
        sign = -1 if isinstance(node, exp.DateSub) else 1
        count, unit = node.expression, node.args.get("unit")
        if isinstance(count, exp.Interval):
            count, unit = count.this, count.args.get("unit")
        written = count.this if isinstance(count, exp.Literal) else None
        number = (
            Decimal(written) if written is not None and re.fullmatch(r"[0-9]{1,6}", written) else number_literal(count)
        )
        known = _UNITS.get((unit.name if unit is not None else "DAY").upper().removesuffix("S"))
        if number is None or _scale(number) or known is None or self._engine in {"sqlite", "sqlserver", "oracle"}:
            return None
        kind: ValueKind = "midnight" if self._engine in _MIDNIGHT else of.kind
        return (_shift(sign * int(number) * known[0], sign * int(number) * known[1]),), ValueType(kind)

    def _truncated(self, node: exp.Expr) -> TypedSteps | None:
        unit = node.args["unit"].name.upper()
        if unit == "WEEK" and self._engine not in {"postgres", "duckdb", "redshift", "spark", "databricks"}:
            return None  # where a week begins is a setting, or Sunday
        if isinstance(node, exp.TimestampTrunc) and self._engine in {"spark", "databricks"}:
            return None
        kind: ValueKind = "midnight" if self._engine in _MIDNIGHT else "date"
        if unit == "DAY":
            return (), ValueType(kind)
        if unit not in _PERIODS:
            return None
        return (("start_of", {"period": _PERIODS[unit]}),), ValueType(kind)


def _shift(months: int, days: int, end: str = "last") -> WrittenStep:
    sign = "-" if months < 0 or days < 0 else ""
    by = f"{sign}P{f'{abs(months)}M' if months else ''}{f'{abs(days)}D' if days or not months else ''}"
    return "shift", {"by": by} | ({"month_end": end} if months else {})


def _written_day(layout: str) -> tuple[WrittenStep, ...] | None:
    """The steps that write a day in a notation of fixed width; None: it is another.

    What a notation leaves out of the day is written behind it, and cut off again.
    """
    parts = [part.lower() for part in re.findall("%(.)", layout)]
    if not _PLAIN_LAYOUT.fullmatch(layout) or len(set(parts)) < len(parts):
        return None
    missing = [f"%{part}" for part in "ymd" if part not in parts]
    cast: WrittenStep = ("cast", {"to": "text", "format": layout + "".join(missing)})
    width = len(layout) + 2 * layout.count("%Y")
    return (cast, ("truncate", {"length": str(width)})) if missing else (cast,)


def _interval(node: exp.Interval) -> tuple[int, int] | None:
    """The months and the days of an interval; None: it has other parts."""
    if not isinstance(node.this, exp.Literal):
        return None
    unit = node.args.get("unit")
    text = f"{node.this.this} {unit.name}" if unit is not None else str(node.this.this)
    months = days = 0
    place = 0
    for match in _INTERVAL.finditer(text):
        known = _UNITS.get(match[3].upper())
        if text[place : match.start()].strip() or known is None:
            return None
        number = int(match[2]) * (-1 if match[1] == "-" else 1)
        months, days = months + number * known[0], days + number * known[1]
        place = match.end()
    return (months, days) if place and not text[place:].strip() else None


def _plain(number: Decimal) -> str:
    return f"{number:f}"


def _scale(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _decimals_of_literal(of: ValueType, number: Decimal) -> tuple[WrittenStep, ...]:
    """What says that a whole number gets the decimals of a literal that are all zeros: `n * 1.0` is 5.0."""
    is_whole = of.kind == "integer" and _scale(number) and number == number.to_integral_value()
    return (("round", {"places": str(_scale(number))}),) if is_whole else ()


def _whole_digits(number: Decimal) -> int:
    return len(str(int(abs(number))))


def _digits(of: ValueType) -> tuple[int | None, int | None]:
    """The digits before the point, and after it."""
    if of.kind != "integer":
        return of.whole, of.kept if of.scale is None else of.scale
    if of.low is None or of.high is None:
        return None, None
    return max(len(str(abs(int(of.low)))), len(str(abs(int(of.high))))), 0


def _moved(of: ValueType, move: Any) -> tuple[Decimal | None, Decimal | None]:  # noqa: ANN401 - a function of a bound
    low, high = (None if bound is None else move(bound) for bound in (of.low, of.high))
    return low, high


def _outer(bound: Decimal | None, by: int) -> Decimal | None:
    """A bound that holds what is rounded, too."""
    return None if bound is None else Decimal(int(bound)) + by
