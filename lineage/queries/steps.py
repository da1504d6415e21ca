"""Expressions of a query as steps of ours, in the meaning of the engine that runs it.

An expression that depends on conditions (CASE, COALESCE of columns, `||` with null) is several ways, each with its own
condition. What has no exact step is opaque, in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ..transforms.join import SKIPS_NULL, SKIPS_WITH_SEPARATOR
from .arm import one_line
from .conditions import not_true
from .literals import is_held_by_type, number_constant, truth_constant
from .marks import mark_of
from .typed_steps import (
    TEXT_VALUE,
    NotExact,
    TypedStepReader,
    ValueType,
    number_literal,
    operand,
    unified,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...formats.ddl.engines.engine import EngineName
    from .typed_steps import WrittenStep

_MOST_WAYS = 16
_MOST_JOINED = 32
"""Of more values joined to one nothing is stated."""


@dataclass(frozen=True)
class Way:
    """One way in which an expression gets its value."""

    sources: tuple[tuple[exp.Column, tuple[WrittenStep, ...]], ...] = ()
    """The columns it is made of, each with the steps before it is joined; none: it is a constant."""
    via: tuple[WrittenStep, ...] = ()
    when: tuple[exp.Expr, ...] = ()
    """It is taken where all of these are true."""
    constant: str | None = None
    """The text of a constant; None: null."""
    value: ValueType = TEXT_VALUE
    """What its values are."""


@dataclass(frozen=True)
class ColumnFacts:
    """What is known of a column."""

    value: ValueType
    is_required: bool
    is_padded: bool
    """Whether it is filled up with blanks, which some functions drop and others keep."""
    may_be_missing: bool = False
    """Whether it is of the other side of an outer join: null where there is no record."""


_SETS = frozenset(("postgres", "sqlite", "duckdb", "redshift", "snowflake", "bigquery", "spark", "databricks"))
"""The engines whose TRIM takes a set of characters: the others take one text."""
_EXACT_COMPARISON = frozenset(("postgres",))
"""The engines in which two texts are equal only where they are the same, in every collation that is described."""
_REPLACING_EVERYWHERE = frozenset(("snowflake", "bigquery", "spark", "databricks"))
"""The engines whose REGEXP_REPLACE replaces all that matches, by the very characters. MySQL's looks at the collation."""
_BY_CHARACTER = frozenset(
    ("postgres", "mysql", "mariadb", "sqlite", "duckdb", "redshift", "snowflake", "bigquery", "spark", "databricks")
)
"""The engines whose SUBSTR and LEFT count characters; SQL Server counts UTF-16 units, Oracle and Db2 as the column says."""
_TRANSLATING = frozenset(("postgres", "duckdb"))
"""The engines whose TRANSLATE takes the first of two places of a character."""
_TRANSLATING_ONCE = frozenset(("redshift", "snowflake", "bigquery", "spark", "databricks"))
"""Those whose manuals do not say which of two places it takes, if any."""
_COUNTING_BACK = frozenset(("postgres", "duckdb"))
"""The engines whose RIGHT leaves out so many characters, of a number below zero."""
_NAMED: dict[tuple[str, str], WrittenStep] = {
    ("duckdb", "url_encode"): ("encode", {"for": "url"}),
    ("spark", "url_encode"): ("encode", {"for": "form"}),
    ("databricks", "url_encode"): ("encode", {"for": "form"}),
    ("duckdb", "nfc_normalize"): ("normalize", {"form": "NFC"}),
}
"""Functions of one text that have a name of their own, by the engine."""
_SHA2 = frozenset(("sha224", "sha256", "sha384", "sha512"))
_DIGESTING = {
    "md5": frozenset(("postgres", "duckdb", "redshift", "snowflake", "bigquery", "spark", "databricks")),
    "sha1": frozenset(("redshift", "snowflake", "spark", "databricks")),
    "sha2": frozenset(("redshift", "snowflake", "spark", "databricks")),
}
"""The engines whose functions give digests of UTF-8 in hexadecimal digits; MySQL's are of the column's own charset."""
_CUTTING_CAST = frozenset(("postgres", "mysql", "mariadb", "redshift", "sqlserver"))
"""The engines in which CAST to a text of a length cuts."""


_TEXTS = frozenset((exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.NVARCHAR))
"""The types that a text is not padded in, nor cut but to a length that is written."""
_STRICT = (
    *(
        exp.Upper,
        exp.Lower,
        exp.Trim,
        exp.Substring,
        exp.Left,
        exp.Right,
        exp.Initcap,
        exp.Normalize,
        exp.Replace,
        exp.Pad,
    ),
    *(
        exp.RegexpReplace,
        exp.SplitPart,
        exp.SubstringIndex,
        exp.Translate,
        exp.MD5,
        exp.SHA,
        exp.SHA2,
        exp.Cast,
        exp.Neg,
    ),
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Round, exp.Trunc, exp.Abs, exp.Length, exp.Extract),
    *(exp.Year, exp.Month, exp.Day, exp.DateAdd, exp.DateSub, exp.TsOrDsAdd, exp.AddMonths, exp.LastDay, exp.DateTrunc),
    *(exp.TimestampTrunc, exp.TimeToStr, exp.TsOrDsToDate, exp.TsOrDsToTimestamp, exp.TimeStrToTime),
)
"""The functions that give null of null, in every engine."""


class StepReader:
    """Takes expressions apart for one engine."""

    def __init__(self, engine: EngineName, facts: Callable[[exp.Column], ColumnFacts]) -> None:
        self._engine = engine
        self._facts = facts
        self._typed = TypedStepReader(engine)

    def ways(self, node: exp.Expr) -> list[Way]:
        """The ways of an expression, which exclude each other. Raises NotExact."""
        ways = self._ways(node)
        if len(ways) > _MOST_WAYS:
            raise NotExact(one_line(node))
        return ways

    def _ways(self, node: exp.Expr) -> list[Way]:
        match node:
            case exp.Paren() | exp.Alias():
                return self._ways(node.this)
            case exp.Anonymous() if (mark := mark_of(node)) is not None:
                if mark != "united_numbers":
                    raise NotExact(one_line(node))
                return [replace(way, value=ValueType("mixed")) for way in self._ways(node.expressions[0])]
            case exp.Column():
                return [Way(((node, ()),), value=self._facts(node).value)]
            case exp.Null():
                return [Way()]
            case exp.Literal() if node.is_string:
                return [Way(constant=None if self._is_void(node) else node.this)]
            case exp.Literal() | exp.Neg() if (number := number_constant(node, self._engine)) is not None:
                return [Way(constant=number[0], value=number[1])]
            case exp.Literal():
                raise NotExact(one_line(node))
            case exp.Boolean():
                text, value = truth_constant(node, self._engine)
                return [Way(constant=text, value=value)]
            case exp.Case() | exp.If():
                return self._unified(self._case(node))
            case exp.Coalesce():
                return self._unified(self._coalesce(node))
            case exp.Nullif():
                return self._nullif(node)
            case exp.ConcatWs() | exp.Concat() | exp.DPipe():
                return self._joined(node)
            case _:
                return [self._after(way, node) for way in self._ways(operand(node))]

    def _unified(self, ways: list[Way]) -> list[Way]:
        """The ways with the one type that the engine gives the values of all of them."""
        of_all = unified([way.value for way in ways if way.sources or way.constant is not None], self._engine)
        match of_all:
            case None:
                return ways
            case ValueType("integer"):
                return [replace(way, value=replace(way.value, bits=of_all.bits)) for way in ways]
            case _:
                return [replace(way, value=of_all) for way in ways]

    def _after(self, way: Way, node: exp.Expr) -> Way:
        """A way of the value that a function works on, with the steps of the function."""
        if not way.sources and way.constant is None:
            if not isinstance(node, _STRICT):
                raise NotExact(
                    one_line(node)
                )  # `null IS NULL` is true, `null OR a` may be, and a function may do anything
            return way
        if way.value.kind != "text":
            steps, value = self._typed.steps(node, way.value)
            if not way.sources and steps:
                raise NotExact(one_line(node))
            return replace(way, via=(*way.via, *steps), value=value)
        step = self._step(node)
        if step is None:
            return way
        if not way.sources or not all(self._is_plain(column) for column, _ in way.sources):
            raise NotExact(one_line(node))
        return replace(way, via=(*way.via, step))

    def _is_plain(self, column: exp.Column) -> bool:
        return not self._facts(column).is_padded

    def _is_plain_way(self, way: Way) -> bool:
        """Whether it gives texts of columns, or null."""
        if not way.sources:
            return way.constant is None
        return way.value.kind == "text" and all(self._is_plain(column) for column, _ in way.sources)

    def _is_plain_text(self, column: exp.Column) -> bool:
        facts = self._facts(column)
        return facts.value.kind == "text" and not facts.is_padded

    # ------------------------------------------------------------------------------------------------ of one value

    def _step(self, node: exp.Expr) -> WrittenStep | None:
        """The step of a function of one value; None: it changes nothing. Raises NotExact."""
        if self._engine == "oracle" and not isinstance(node, exp.Upper | exp.Lower):
            raise NotExact(one_line(node))  # what leaves no character leaves null
        match node:
            case exp.Upper():
                return "upper", {}
            case exp.Lower():
                return "lower", {}
            case exp.Trim():
                return self._trim(node)
            case exp.Substring() if self._engine in _BY_CHARACTER:
                return self._substring(node)
            case exp.Left() if self._engine in _BY_CHARACTER:
                return "truncate", {"length": self._number(node.expression, 0, node)}
            case exp.Right() if self._engine in _BY_CHARACTER:
                return self._right(node)
            case exp.Initcap() if self._engine not in {"mysql", "mariadb", "sqlite", "duckdb", "sqlserver"}:
                return self._title(node)
            case exp.Normalize() if self._engine in {"postgres", "bigquery"} and not node.args.get("is_casefold"):
                return "normalize", {"form": node.args["form"].name.upper() if node.args.get("form") else "NFC"}
            case exp.Anonymous():
                return self._named(node)
            case exp.Replace() if self._engine != "sqlserver":
                find = self._text(node.expression, node)
                if not find:
                    raise NotExact(one_line(node))
                return "replace", {"find": find, "with": self._text(node.args.get("replacement"), node)}
            case exp.Pad():
                return self._pad(node)
            case exp.RegexpReplace():
                return self._replaced_class(node)
            case exp.SplitPart() | exp.SubstringIndex():
                return self._part(node)
            case exp.Translate() if self._engine in _TRANSLATING | _TRANSLATING_ONCE:
                return self._translated(node)
            case exp.MD5() | exp.SHA() | exp.SHA2():
                return "hash", {"algorithm": self._digest(node)}
            case exp.Cast() if not node.args.get("format") and node.key in {"cast", "trycast"}:
                return self._cast(node)
            case _:
                raise NotExact(one_line(node))

    def _digest(self, node: exp.MD5 | exp.SHA | exp.SHA2) -> str:
        """The digest of a text in UTF-8, where the engine gives it in hexadecimal digits in small letters."""
        bits = number_literal(node.args.get("length")) if isinstance(node, exp.SHA2) else None
        name = "md5" if isinstance(node, exp.MD5) else "sha1" if isinstance(node, exp.SHA) else f"sha{bits or 256}"
        if self._engine not in _DIGESTING.get(name, _DIGESTING["sha2"] if name in _SHA2 else frozenset()):
            raise NotExact(one_line(node))
        return name

    def _trim(self, node: exp.Trim) -> WrittenStep:
        options: dict[str, Any] = {}
        side = (node.args.get("position") or "BOTH").lower()
        sides = {"both": "both", "leading": "left", "trailing": "right", "left": "left", "right": "right"}
        if side not in sides:
            raise NotExact(one_line(node))
        if sides[side] != "both":
            options["side"] = sides[side]
        if node.expression is not None:
            characters = self._text(node.expression, node)
            if not characters or (len(characters) > 1 and self._engine not in _SETS):
                raise NotExact(one_line(node))
            options["characters"] = characters
        return "trim", options

    def _right(self, node: exp.Right) -> WrittenStep:
        """The last characters; of a number below zero, all but the first ones."""
        number = number_literal(node.expression)
        if number is not None and number < 0 and self._engine in _COUNTING_BACK:
            return "substring", {"start": 1 - int(number)}
        return "truncate", {"length": self._number(node.expression, 0, node), "side": "left"}

    def _title(self, node: exp.Initcap) -> WrittenStep:
        """Words with a capital letter; blanks part them."""
        if node.expression is not None and " " not in self._text(node.expression, node):
            raise NotExact(one_line(node))
        return "title", {}

    def _named(self, node: exp.Anonymous) -> WrittenStep:
        """A function of one text that a single engine has."""
        step = _NAMED.get((self._engine, str(node.this).lower()))
        if step is None or len(node.expressions) != 1:
            raise NotExact(one_line(node))
        return step

    def _substring(self, node: exp.Substring) -> WrittenStep:
        from_end = number_literal(node.args.get("start"))
        length = node.args.get("length")
        if self._engine == "sqlite" and from_end is not None and from_end < 0 and length is None:
            return "truncate", {"length": -int(from_end), "side": "left"}
        start = self._number(node.args.get("start"), 1, node)
        return "substring", {"start": start} | ({} if length is None else {"length": self._number(length, 0, node)})

    def _pad(self, node: exp.Pad) -> WrittenStep:
        filler = " " if node.args.get("fill_pattern") is None else self._text(node.args["fill_pattern"], node)
        if len(filler) != 1:
            raise NotExact(one_line(node))
        return "pad", {
            "length": self._number(node.expression, 0, node),
            "with": filler,
            "side": "left" if node.args.get("is_left") else "right",
        }

    def _replaced_class(self, node: exp.RegexpReplace) -> WrittenStep:
        """A class of characters that is replaced, everywhere, by a text without references."""
        pattern = self._text(node.expression, node)
        written, modifiers = node.args.get("replacement"), node.args.get("modifiers")
        replacement = "" if written is None else self._text(written, node)
        flags = "" if modifiers is None else self._text(modifiers, node)
        everywhere = self._engine in _REPLACING_EVERYWHERE and not flags
        everywhere = everywhere or (self._engine in {"postgres", "duckdb"} and flags == "g")
        body = pattern.removesuffix("+")
        negated = body.startswith("[^")
        inner = body[2 if negated else 1 : -1]
        plain = body.startswith("[") and body.endswith("]") and not set(inner) & set("\\[]&~^|:")
        if not everywhere or not plain or not inner or set(replacement) & set("\\$&"):
            raise NotExact(one_line(node))
        return ("replace", {"class": pattern, "with": replacement}) if replacement else ("remove", {"class": body})

    def _part(self, node: exp.SplitPart | exp.SubstringIndex) -> WrittenStep:
        """One part of a text between delimiters, or all before the first one, or after the last one."""
        delimiter = self._text(node.args.get("delimiter"), node)
        number = number_literal(node.args.get("count" if isinstance(node, exp.SubstringIndex) else "part_index"))
        is_plain = len(delimiter) == 1 and not delimiter.isalpha()
        if isinstance(node, exp.SubstringIndex):
            names = {1: "before", -1: "last_part"}
            if not is_plain or not delimiter.isascii() or number not in names:
                raise NotExact(one_line(node))
            return names[int(number)], {"delimiter": delimiter}
        if number == -1 and is_plain and self._engine in {"postgres", "duckdb", "snowflake"}:
            return "last_part", {"delimiter": delimiter}
        if number is None or number < 1 or number % 1 or not delimiter:
            raise NotExact(one_line(node))
        return "split", {"delimiter": delimiter, "part": str(number)}

    def _translated(self, node: exp.Translate) -> WrittenStep:
        """Each character by the one in its place; without one, it is dropped."""
        old, new = self._text(node.args.get("from_"), node), self._text(node.args.get("to"), node)
        images = [*new, *[""] * len(old)]
        table: dict[str, str] = {}
        for character, image in zip(old, images, strict=False):
            table.setdefault(character, image)
        if not table or (self._engine in _TRANSLATING_ONCE and len(table) < len(old)):
            raise NotExact(one_line(node))
        return "replace", {"characters": table}

    def _cast(self, node: exp.Cast) -> WrittenStep | None:
        kind = node.to
        if kind.this not in _TEXTS:
            raise NotExact(one_line(node))
        length = kind.expressions[0].this if kind.expressions else None
        if self._engine == "sqlserver":  # without a length it cuts to 30 (Microsoft, "char and varchar", Remarks)
            if kind.this == exp.DType.NVARCHAR and length is not None and length.name.upper() == "MAX":
                return None
            raise NotExact(one_line(node))
        if length is None or self._engine in {"sqlite", "duckdb"}:
            return None
        if self._engine not in _CUTTING_CAST or self._engine == "redshift" or node.args.get("safe"):
            raise NotExact(one_line(node))
        return "truncate", {"length": self._number(length, 1, node)}

    def _number(self, node: exp.Expr | None, least: int, whole: exp.Expr) -> int:
        if not isinstance(node, exp.Literal) or node.is_string or not node.this.isdigit() or int(node.this) < least:
            raise NotExact(one_line(whole))
        return int(node.this)

    def _text(self, node: exp.Expr | None, whole: exp.Expr) -> str:
        if not isinstance(node, exp.Literal) or not node.is_string:
            raise NotExact(one_line(whole))
        return str(node.this)

    # ----------------------------------------------------------------------------------------------- of conditions

    def _case(self, node: exp.Case | exp.If) -> list[Way]:
        branches = (
            [(node.this, node.args["true"])]
            if isinstance(node, exp.If)
            else [(_compared(node, each.this), each.args["true"]) for each in node.args["ifs"]]
        )
        otherwise = node.args.get("false" if isinstance(node, exp.If) else "default") or exp.null()
        looked_up = self._map(branches, otherwise)
        if looked_up is not None:
            return [looked_up]
        ways: list[Way] = []
        before: tuple[exp.Expr, ...] = ()
        for condition, value in branches:
            ways += [replace(way, when=(*before, condition, *way.when)) for way in self._ways(value)]
            before = (*before, not_true(condition))
        return ways + [replace(way, when=(*before, *way.when)) for way in self._ways(otherwise)]

    def _map(self, branches: Sequence[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr) -> Way | None:
        """A CASE that looks up one column in a table of texts; None: it is another."""
        if self._engine not in _EXACT_COMPARISON:
            return None
        values: dict[str, str] = {}
        columns: dict[str, exp.Column] = {}
        for written, image in branches:
            condition, value = written.unnest(), image.unnest()
            if not isinstance(condition, exp.EQ) or not _is_text(value):
                return None
            column, literal = condition.this.unnest(), condition.expression.unnest()
            if not isinstance(column, exp.Column) or not _is_text(literal):
                return None
            columns[column.sql()] = column
            values.setdefault(literal.this, value.this)
        column = next(iter(columns.values()))
        facts = self._facts(column)
        if len(columns) > 1 or not self._is_plain_text(column) or facts.may_be_missing:
            return None
        otherwise = otherwise.unnest()
        if isinstance(otherwise, exp.Null):
            return Way(((column, ()),), (("map", {"values": values, "otherwise": "null"}),))
        if isinstance(otherwise, exp.Column) and otherwise.sql() == column.sql():
            return Way(((column, ()),), (("map", {"values": values, "otherwise": "keep"}),))
        if _is_text(otherwise):
            value = otherwise.this
            return Way(((column, ()),), (("map", {"values": values, "value": value}), ("default", {"text": value})))
        return None

    def _coalesce(self, node: exp.Coalesce) -> list[Way]:
        values = [each for each in (node.this, *node.expressions) if not self._is_void(each)]
        if not values:
            return [Way()]
        first, *others = values
        ways = self._ways(first)
        if node.args.get("is_null") and not all(self._holds(ways, way) for way in self._ways(others[0])):
            raise NotExact(one_line(node))
        is_text = all(way.sources and way.value.kind in {"text", "other"} for way in ways)
        if len(others) == 1 and _is_text(others[0].unnest()) and is_text:
            text = others[0].unnest().this
            return [replace(way, via=(*way.via, ("default", {"text": text}))) for way in ways]
        if not others:
            return ways
        rest = exp.Coalesce(this=others[0], expressions=others[1:]) if len(others) > 1 else others[0]
        is_null = exp.Is(this=_column_of(first, node), expression=exp.Null())
        return [
            *(replace(way, when=(exp.Not(this=is_null.copy()), *way.when)) for way in ways),
            *(replace(way, when=(is_null.copy(), *way.when)) for way in self._ways(rest)),
        ]

    def _is_void(self, node: exp.Expr) -> bool:
        """Whether it is the empty text of Oracle, which is null (Oracle Database SQL Language Reference, "Nulls")."""
        return self._engine == "oracle" and _is_text(node.unnest()) and not node.unnest().name

    def _holds(self, ways: Sequence[Way], other: Way) -> bool:
        """Whether the type of a value holds another one as it is: ISNULL of SQL Server converts it, and cuts.

        Microsoft, "ISNULL (Transact-SQL)": the replacement is cut where it is longer than the type of what is checked.
        """
        text = other.constant
        if not other.sources and (text is None or (other.value.kind == "text" and text.isascii() and len(text) < 2)):
            return True
        types = [way.value for way in ways if way.sources or way.constant is not None]
        is_of_columns = all(way.sources for way in ways if way.constant is not None)
        return all(is_of_columns and is_held_by_type(other.value, None if other.sources else text, of) for of in types)

    def _nullif(self, node: exp.Nullif) -> list[Way]:
        text = node.expression.unnest()
        inner = self._ways(node.this)
        if self._is_void(text):
            return inner
        if _is_text(text) and self._engine != "oracle" and all(map(self._is_plain_way, inner)):
            return [replace(way, via=(*way.via, ("null_if", {"text": text.this}))) for way in inner]
        same = exp.EQ(this=_column_of(node.this, node), expression=node.expression.copy())
        return [
            Way(when=(same,)),
            *(replace(way, when=(not_true(same), *way.when)) for way in self._ways(node.this)),
        ]

    # ------------------------------------------------------------------------------------------------ of several values

    def _joined(self, node: exp.ConcatWs | exp.Concat | exp.DPipe) -> list[Way]:
        parts = list(node.flatten()) if isinstance(node, exp.DPipe) else list(node.expressions)
        parts = [inner for part in parts for inner in _flat(part, node)]
        if len(parts) > _MOST_JOINED or self._engine == "oracle":
            raise NotExact(one_line(node))
        separator = ""
        if isinstance(node, exp.ConcatWs):
            if self._engine not in SKIPS_WITH_SEPARATOR or not _is_text(parts[0]):
                raise NotExact(one_line(node))
            separator, parts = parts[0].this, parts[1:]
            nulls = "skip"
        else:
            skips = isinstance(node, exp.Concat) and self._engine in SKIPS_NULL
            nulls = "empty" if skips else "null"
        choices = product(*(self._ways(part) for part in parts))
        return [self._one_join(choice, separator, nulls, node) for choice in choices]

    def _as_text(self, way: Way, node: exp.Expr) -> Way:
        """A value as it is joined: a whole number in its digits. Raises NotExact."""
        if way.value.kind == "text" or (not way.sources and way.value.kind == "integer"):
            if not all(self._is_plain(column) for column, _ in way.sources):
                raise NotExact(one_line(node))
            return way
        if way.value.kind != "integer":
            raise NotExact(one_line(node))
        return replace(way, via=(*way.via, ("cast", {"to": "text"})), value=TEXT_VALUE)

    def _one_join(self, choice: Sequence[Way], separator: str, nulls: str, node: exp.Expr) -> Way:
        """The values of one way of each part, one after the other."""
        when = tuple(each for way in choice for each in way.when)
        if any(len(way.sources) > 1 for way in choice) or not any(way.sources for way in choice):
            raise NotExact(one_line(node))
        choice = [self._as_text(way, node) for way in choice]
        void = [way for way in choice if not way.sources and way.constant is None]
        if void and nulls == "null":
            return Way(when=when)
        choice = [way for way in choice if way not in void]
        nullable = [way for way in choice if way.sources and not self._facts(way.sources[0][0]).is_required]
        if nulls == "skip" and (nullable or separator) and any(not way.sources for way in choice):
            raise NotExact(one_line(node))
        sources: list[tuple[exp.Column, tuple[WrittenStep, ...]]] = []
        lead = ""
        for way in choice:
            if not way.sources:
                lead += way.constant or ""
                continue
            column, steps = way.sources[0]
            before: tuple[WrittenStep, ...] = (("prefix", {"text": lead}),) if lead else ()
            empty: tuple[WrittenStep, ...] = (("default", {"text": ""}),) if nulls == "empty" else ()
            sources.append((column, (*steps, *way.via, *empty, *before)))
            lead = ""
        end: tuple[WrittenStep, ...] = (("suffix", {"text": lead}),) if lead else ()
        if len(sources) == 1:
            ((column, steps),) = sources
            if nulls == "skip" and nullable:  # where all are left out, the empty text is left
                steps = (*steps, ("default", {"text": ""}))
            return Way(((column, ()),), (*steps, *end), when)
        options = ({"separator": separator} if separator else {}) | {"nulls": "skip" if nulls == "skip" else "null"}
        return Way(tuple(sources), (("concat", options), *end), when)


def _flat(part: exp.Expr, whole: exp.Expr) -> list[exp.Expr]:
    """The parts of a part that is joined in the same way."""
    inner = part.unnest()
    if type(inner) is type(whole) and isinstance(inner, exp.DPipe):
        return [each for one in inner.flatten() for each in _flat(one, whole)]
    return [inner]


def _column_of(node: exp.Expr, whole: exp.Expr) -> exp.Expr:
    """The column that an expression is, as it stands in a condition."""
    column = node.unnest()
    if not isinstance(column, exp.Column):
        raise NotExact(one_line(whole))
    return column.copy()


def _compared(node: exp.Case, value: exp.Expr) -> exp.Expr:
    """The condition of one branch: a comparison, where the CASE names what it compares."""
    return value if node.this is None else exp.EQ(this=node.this.copy(), expression=value.copy())


def _is_text(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)
